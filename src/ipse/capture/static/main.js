// The flow of the page: words, session, consent, camera, capture, and where it goes. Everything else has a file of its own.

import { delta, flashFile } from "./bundle.js";
import { Camera, hindrance, Trouble } from "./camera.js";
import { Faces } from "./faces.js";
import { embedder, handOver, send, tell } from "./report.js";
import { Run } from "./run.js";
import { forgetToken, openSession, takeToken } from "./session.js";
import { View } from "./view.js";
import { chosen, LANGUAGES, Words } from "./words.js";

const KEPT = "ipse.language";

/** Troubles after which trying again can help. */
const MENDED = new Set(["denied", "no_camera", "in_use", "lost", "network", "busy", "not_ready", "action_late", "cancelled", "refused", "lights_declined"]);

const token = takeToken();
const main = document.querySelector("#capture");
main.dataset.alive = "yes"; // See old.js.
const camera = new Camera(document.querySelector("#video"));
let view;
let session;
let networks;
let stop = new AbortController();
/** A signed capture that could not be sent yet. */
let unsent = null;

/** What the browser kept of an earlier visit; private windows and frames may not let it. */
function kept(value) {
  try {
    if (value) localStorage.setItem(KEPT, value);
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

async function speak(language) {
  const words = await Words.load(language);
  if (view) view.fill(words);
  else {
    view = new View(words);
    view.fill();
  }
}

async function menu() {
  const asked = new URLSearchParams(location.search).get("lang");
  const language = chosen(asked, kept(), navigator.languages ?? [navigator.language]);
  const select = document.querySelector("#language");
  for (const [name, label] of Object.entries(LANGUAGES)) {
    const option = new Option(label, name, false, name === language);
    option.lang = name === "zh" ? "zh-Hans" : name;
    select.add(option);
  }
  select.addEventListener("change", () => {
    kept(select.value);
    speak(select.value);
  });
  await speak(language);
}

function load() {
  networks ??= Faces.load(new URL(main.dataset.assets, new URL(location.pathname, location.origin)).href);
  networks.catch(() => (networks = null));
  return networks;
}

/** Whatever ends a capture before its time. */
function interrupt(word) {
  stop.abort(new Trouble(word));
  view.light(null);
}

async function welcome() {
  const word = hindrance();
  if (word) throw new Trouble(word);
  session ??= await openSession(token);
  if (session.mode === "hand_over" && !embedder()) throw new Trouble("no_embedder");
  load();
  view.say("tip-actions", session.actions.length > 0 ? "tip_actions" : "tip_still");
  document.querySelector("#leave").hidden = !embedder();
  view.step("welcome");
  await view.pressed("start");
}

async function captured() {
  view.step("camera", "live");
  view.say("steps", "");
  view.say("hint", "");
  view.progress(0);
  view.say("instruction", "camera_ask");
  await camera.open();
  view.say("instruction", "loading");
  const faces = await load();
  stop.signal.throwIfAborted();
  const run = new Run({ camera, faces, view, session, signal: stop.signal });
  const pictures = { ...(await run.place()), ...(await run.act()) };
  const flash = session.colours.length > 0 ? await run.colours() : null;
  // Our own server takes no capture without the colours that were asked for; another page may.
  if (session.colours.length > 0 && !flash && session.mode === "judge") throw new Trouble("lights_declined");
  return signed(pictures, flash, camera.log());
}

async function signed(pictures, flash, log) {
  const said = () => ({ issuedAt: session.now(), jti: crypto.getRandomValues(new Uint8Array(16)), log });
  const bundle = { pictures, delta: await delta(session, pictures, said()), flash: null };
  if (flash) bundle.flash = await flashFile(session, flash.parts, { ...said(), shownMs: flash.shownMs, takenMs: flash.takenMs });
  return bundle;
}

async function report(bundle) {
  view.step("sending");
  if (session.mode === "hand_over") {
    handOver(session, bundle);
    return { status: "handed_over" };
  }
  const told = await send(token, bundle);
  tell(session, { capture: told.capture, status: told.status });
  return told;
}

function finish(told) {
  forgetToken();
  view.mark("status", told.status);
  const isGood = told.status === "passed" || told.status === "handed_over";
  const title = isGood ? "done_title" : "failed_title";
  const advised = told.advice && view.words.has(`advised_${told.advice}`) ? `advised_${told.advice}` : "failed_text";
  view.end("done", isGood ? "good" : "bad", title, isGood ? "done_text" : advised, null, Boolean(embedder()));
}

async function excuse(trouble) {
  const word = trouble.word;
  const again = MENDED.has(word);
  view.mark("trouble", word);
  view.end("trouble", "bad", `${word}_title`, `${word}_text`, again ? "try_again" : null, Boolean(embedder()));
  if (!again || word === "lights_declined") tell(session, { capture: null, status: "error", reason: word });
  if (!again) return false;
  await view.pressed("again");
  view.mark("trouble", null);
  return true;
}

/** One attempt, from consent to the last screen; whether there is to be another. */
async function attempt(isFirst) {
  stop = new AbortController();
  try {
    if (isFirst || !session) await welcome();
    unsent ??= await captured();
    camera.close();
    finish(await report(unsent));
    return false;
  } catch (error) {
    camera.close();
    view.light(null);
    if (!["network", "busy"].includes(error.word)) unsent = null;
    if (!(error instanceof Trouble)) console.error(error);
    return excuse(error instanceof Trouble ? error : new Trouble("old_browser"));
  }
}

async function begin() {
  await menu();
  camera.onLost = () => interrupt("lost");
  for (const id of ["cancel", "lights-stop"]) {
    document.querySelector(`#${id}`).addEventListener("click", () => interrupt("cancelled"));
  }
  for (const id of ["close", "leave"]) {
    document.querySelector(`#${id}`).addEventListener("click", () => tell(session, { closed: true }));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("#light").hidden) interrupt("cancelled");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && camera.isOpen) interrupt("lost");
  });
  for (let isFirst = true; await attempt(isFirst); ) isFirst = false;
}

begin().catch((error) => {
  console.error(error);
  document.querySelector("[data-word=loading]").textContent = "This page could not be loaded. Please load it again.";
});
