{{- define "ipse.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "ipse.chosen" -}}
app.kubernetes.io/name: ipse
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ipse.labels" -}}
{{ include "ipse.chosen" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "ipse.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What all containers have: whose they are, what they may do, their settings. */}}
{{- define "ipse.container" -}}
image: {{ include "ipse.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
envFrom:
  - secretRef:
      name: {{ .Values.secret }}
  - configMapRef:
      name: {{ include "ipse.name" . }}-settings
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: temporary, mountPath: /tmp}
{{- end }}

{{- define "ipse.pod" -}}
serviceAccountName: {{ include "ipse.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: data
    emptyDir: {}
  - name: temporary
    emptyDir: {}
{{- end }}
