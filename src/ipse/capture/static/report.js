// Where a capture goes: to our own server, which judges it, or to the page that embeds this one.

import { Trouble } from "./camera.js";
import { call, refused } from "./session.js";

/** Answers after which the capture still waits, for other pictures. */
const TAKEN_ANEW = new Set([400, 413, 422]);

const jpeg = (bytes) => new Blob([bytes], { type: "image/jpeg" });

/** Hand the capture to the server; its answer is {capture, status, advice}. */
export async function send(token, captured) {
  const form = new FormData();
  form.append("delta", captured.delta);
  for (const [name, bytes] of Object.entries(captured.pictures)) form.append(name, jpeg(bytes), `${name}.jpg`);
  if (captured.flash) form.append("meglive_flash_result", new Blob([captured.flash]), "meglive_flash_result");
  const answer = await call("capture/result", token, { method: "POST", body: form });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok && told.status) return told;
  throw new Trouble(TAKEN_ANEW.has(answer.status) ? "refused" : refused(answer.status));
}

/** The window that shows this page, if another page does. */
export function embedder() {
  if (window.parent !== window) return window.parent;
  return window.opener ?? null;
}

/** Tell the embedding page, and it alone; an app that shows us in a WebView by the bridges it may have put in. */
export function tell(session, message) {
  const whole = { type: "ipse.capture", ...message };
  // That it is over may be known to whoever frames us; who was captured only to the page that asked for it.
  const isSecret = Boolean(whole.capture || whole.images);
  embedder()?.postMessage(whole, isSecret ? (session?.origin ?? location.origin) : "*");
  if (whole.images) return;
  window.webkit?.messageHandlers?.ipseCapture?.postMessage(whole);
  window.ReactNativeWebView?.postMessage(JSON.stringify(whole));
  window.ipseCaptureBridge?.postMessage(JSON.stringify(whole));
}

/** Hand pictures and bundle to the embedding page, whose own server sends them on. */
export function handOver(session, captured) {
  if (!embedder()) throw new Trouble("no_embedder");
  const images = Object.fromEntries(Object.entries(captured.pictures).map(([name, bytes]) => [name, jpeg(bytes)]));
  const flash = captured.flash ? new Blob([captured.flash]) : null;
  tell(session, { delta: captured.delta, images, meglive_flash_result: flash });
}
