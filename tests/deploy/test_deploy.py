"""What is under deploy/ is well formed, names settings that exist, and asks for no more rights than it needs."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_validate import validate
from yamllint import linter
from yamllint.config import YamlLintConfig

from ipse.infra.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
CHART = DEPLOY / "helm" / "ipse"
RULES = YamlLintConfig(
    "extends: default\n"
    "rules: {line-length: {max: 120}, document-start: disable, braces: {max-spaces-inside: 0}, "
    "comments: {min-spaces-from-content: 2}, indentation: {indent-sequences: whatever}}"
)
EVERYTHING = (
    "serve.autoscaling.enabled=true,ingress.enabled=true,ingress.tlsSecret=tls,ingress.className=nginx,"
    "serviceMonitor.enabled=true,serviceMonitor.labels.team=a,settings.IPSE_BLOB_STORE=s3://bucket,"
    "serve.nodeSelector.disk=fast,image.pullSecrets[0].name=p"
)
RENDERINGS = {"as it is": "image.tag=1", "everything": EVERYTHING, "open network": "networkPolicy.enabled=false"}
MOST_EXPOSED = 2.0
"""systemd's own measure, from 0 to 10. Source: it calls services below 2.0 safe or OK."""

Resource = dict[str, Any]


def rendered(helm: Path, values: str) -> str:
    """What the chart becomes with these values."""
    command = [str(helm), "template", "here", str(CHART), "--set", values]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(params=list(RENDERINGS.values()), ids=list(RENDERINGS))
def resources(request: pytest.FixtureRequest, helm: Path) -> list[Resource]:
    """The resources of one rendering."""
    return [one for one in yaml.safe_load_all(rendered(helm, request.param)) if one is not None]


def pods(resources: list[Resource]) -> Iterator[Resource]:
    """The specification of every pod in them."""
    for one in resources:
        if one["kind"] in {"Deployment", "Job"}:
            yield one["spec"]["template"]["spec"]


def test_helm_finds_no_fault_in_the_chart(helm: Path) -> None:
    """Its own linter, strictly."""
    told = subprocess.run([str(helm), "lint", "--strict", str(CHART)], capture_output=True, text=True, check=False)
    assert 0 == told.returncode, told.stdout


def test_kubernetes_knows_everything_that_the_chart_makes(resources: list[Resource]) -> None:
    """Every resource fits the published schema of its kind, with nothing in it that is unknown."""
    known = [one for one in resources if one["kind"] not in {"ServiceMonitor", "PodMonitor"}]
    assert {"Deployment", "Service", "PodDisruptionBudget", "Job", "ConfigMap"} <= {one["kind"] for one in known}
    for one in known:
        validate(one, "1.34", strict=True)


def test_no_pod_has_more_rights_than_it_needs(resources: list[Resource]) -> None:
    """No root, no writable root, no capability, no token of the cluster; every one has bounds and time to end."""
    found = list(pods(resources))
    assert 3 == len(found)
    for pod in found:
        assert (True, False) == (pod["securityContext"]["runAsNonRoot"], pod["automountServiceAccountToken"])
        assert {"type": "RuntimeDefault"} == pod["securityContext"]["seccompProfile"]
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert (False, True) == (rights["allowPrivilegeEscalation"], rights["readOnlyRootFilesystem"])
            assert {"drop": ["ALL"]} == rights["capabilities"]
            assert {"requests", "limits"} <= set(container["resources"])


def test_a_pod_that_ends_has_the_time_that_it_takes(resources: list[Resource]) -> None:
    """Balancers, arriving bodies, begun requests, jobs: 5, 30 and 30 seconds after the delay; workers 120 at most."""
    (serve,) = [one["spec"]["template"]["spec"] for one in resources
                if one["kind"] == "Deployment" and one["metadata"]["name"] == "here-serve"]  # fmt: skip
    variables = {one["name"]: one["value"] for one in serve["containers"][0]["env"]}
    assert float(variables["IPSE_DRAIN_DELAY_S"]) + 65 <= serve["terminationGracePeriodSeconds"]
    probe = serve["containers"][0]["readinessProbe"]
    assert probe["periodSeconds"] * (probe["failureThreshold"] + 1) <= float(variables["IPSE_DRAIN_DELAY_S"])


@pytest.mark.parametrize(
    "file", [DEPLOY / "compose.yaml", CHART / "Chart.yaml", CHART / "values.yaml"], ids=lambda file: file.name
)
def test_yaml_is_tidy(file: Path) -> None:
    """By yamllint's rules."""
    assert [] == [str(one) for one in linter.run(file.read_text(encoding="utf-8"), RULES)]


def test_every_setting_that_is_named_exists() -> None:
    """No variable in any file of deploy/ is misspelt."""
    named = set()
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            named |= set(re.findall(r"\bIPSE_([A-Z0-9_]+)\b", file.read_text(encoding="utf-8")))
    assert {"DATABASE_URL", "MASTER_KEY", "DRAIN_DELAY_S"} <= named
    assert set() == {name for name in named if name.lower() not in Settings.model_fields}


def test_compose_asks_for_little() -> None:
    """Our containers have a read-only root and no capability; whoever starts it must say both secrets."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    ours = {name: one for name, one in services.items() if one["image"] == "ipse"}
    assert {"migrate", "serve", "worker"} == set(ours)
    for one in ours.values():
        assert (True, ["ALL"], ["no-new-privileges:true"]) == (one["read_only"], one["cap_drop"], one["security_opt"])
        assert one["environment"]["IPSE_MASTER_KEY"].startswith("${IPSE_MASTER_KEY:?")
    assert {"database", "data"} == set(yaml.safe_load(text)["volumes"])


def test_metrics_stay_inside(resources: list[Resource]) -> None:
    """Neither balancer leads anybody to `/metrics`: compose's says no, the Ingress has nobody behind that address."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    balancer = yaml.safe_load(text)["configs"]["balancer"]["content"]
    assert re.search(r"location = /metrics \{[^}]*return 404;", balancer)
    services = {one["metadata"]["name"]: one["spec"] for one in resources if one["kind"] == "Service"}
    for ingress in [one for one in resources if one["kind"] == "Ingress"]:
        first, *_ = ingress["spec"]["rules"][0]["http"]["paths"]
        assert ("/metrics", "Exact") == (first["path"], first["pathType"])
        assert "selector" not in services[first["backend"]["service"]["name"]]


def test_the_container_is_nobody_in_particular() -> None:
    """Its last words set a numeric user that is not root, and it says whether it lives."""
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    last = [line for line in lines if line.startswith("USER")][-1]
    assert "USER 10001:10001" == last
    for word in ("HEALTHCHECK", "STOPSIGNAL SIGTERM", "VOLUME /data", "ENTRYPOINT"):
        assert any(line.startswith(word) for line in lines)
    copied = [word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]]
    assert [] == [word for word in copied if not (DEPLOY.parent / word).exists()]


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").iterdir()), ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_and_little_exposure(unit: Path, tmp_path: Path) -> None:
    """By its own two judges; the program and the file of secrets, which are not here, are put in."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is absent: apt-get install systemd")
    text = unit.read_text(encoding="utf-8").replace("/opt/ipse/bin/ipse", sys.executable)
    here = tmp_path / unit.name.replace("@", "@1")
    here.write_text(text, encoding="utf-8")
    told = subprocess.run([analyze, "verify", "--man=no", str(here)], capture_output=True, text=True, check=False)
    assert (0, "") == (told.returncode, told.stderr)
    bound = f"--threshold={int(MOST_EXPOSED * 10)}"
    judged = subprocess.run([analyze, "security", "--offline=true", bound, str(here)], capture_output=True, text=True,
                            check=False)  # fmt: skip
    assert 0 == judged.returncode, judged.stdout[-200:]
