// The session behind the token: the token is taken out of the address bar at once and kept with the page's history
// entry only, so that reloading works and nothing else sees it.

import { Trouble } from "./camera.js";

const TRIES = 3;
const PAUSE_MS = 1500;

/** The token of the fragment, or the one that this history entry had before it was reloaded; null without one. */
export function takeToken() {
  const given = location.hash.slice(1).replace(/^token=/, ""); // Base64url: nothing in it is ever escaped.
  const token = given || history.state?.token || null;
  if (given) history.replaceState({ token }, "", location.pathname + location.search);
  return token;
}

export function forgetToken() {
  history.replaceState(null, "", location.pathname + location.search);
}

/** Ask the server; a network that is gone for a moment is asked again. */
export async function call(path, token, options = {}) {
  for (let tried = 1; ; tried += 1) {
    try {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(new URL(path, pageAddress()), { ...options, headers, cache: "no-store", referrerPolicy: "no-referrer" });
      if (answer.status < 500 || tried === TRIES) return answer;
    } catch (error) {
      if (tried === TRIES) throw new Trouble("network", error);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tried));
  }
}

function pageAddress() {
  return new URL(location.pathname, location.origin);
}

/** The word for an answer that is no success. */
export function refused(status) {
  if (status === 429 || status >= 500) return "busy";
  return "expired";
}

/**
 * What is asked of the person, with the server's clock.
 * @returns the answer of GET /capture/session, and `now()` in Unix seconds by the server's clock, `endsAt` likewise
 */
export async function openSession(token) {
  if (!token) throw new Trouble("no_token");
  const asked = performance.now();
  const answer = await call("capture/session", token);
  if (!answer.ok) throw new Trouble(refused(answer.status));
  const told = await answer.json().catch(() => {
    throw new Trouble("busy");
  });
  const date = Date.parse(answer.headers.get("Date") ?? "");
  const start = (Number.isNaN(date) ? Date.now() : date) / 1000;
  const now = () => start + (performance.now() - asked) / 1000;
  return { ...told, now, endsAt: start + told.expires_in_s };
}
