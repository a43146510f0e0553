// One capture in front of the camera: placing the face, the actions in the session's order, the colours.

import { Acting, ACTIONS } from "./actions.js";
import { picture, Trouble } from "./camera.js";
import { lit, parts } from "./flash.js";
import { around, shownPart } from "./geometry.js";
import { advice, atRest, Placing, Steady, worth } from "./guidance.js";

const ASPECT = 3 / 4; // Of the stage, width over height; see stage.css.
const BEST_BYTES = 400_000;
const ENV_BYTES = 300_000;
const ACTION_BYTES = 120_000;
const BEST_TIMES_FACE = 2.2; // The face and its surround: judges look at 1.25 faces around it and more.
const ACTION_TIMES_FACE = 2.4;
const TRIES = 2;
const COUNT_FROM_MS = 10_000;

export class Run {
  /** @param signal aborted, with a Trouble as its reason, when the capture must stop */
  constructor({ camera, faces, view, session, signal }) {
    Object.assign(this, { camera, faces, view, session, signal });
    this.steps = 1 + session.actions.length + (session.colours.length > 0 ? 1 : 0);
    this.spare = [];
    this.startedAt = performance.now();
  }

  /** Frame after frame with what it shows; whoever keeps a frame sets `kept`. */
  async *sights(eyes = true) {
    for (;;) {
      await this.camera.next();
      this.signal.throwIfAborted();
      if (this.session.now() > this.session.endsAt) throw new Trouble("expired");
      const frame = { canvas: this.spare.pop() ?? document.createElement("canvas"), kept: false };
      this.camera.draw(frame.canvas);
      frame.sight = await this.faces.see(frame.canvas, eyes);
      frame.now = performance.now();
      yield frame;
      if (!frame.kept) this.spare.push(frame.canvas);
    }
  }

  /** Keep a frame instead of one kept before. */
  keep(frame, before) {
    frame.kept = true;
    if (before) this.spare.push(before.canvas);
    return frame;
  }

  announce(number, instruction) {
    this.view.say("steps", "step_of", { number, count: this.steps });
    this.view.say("instruction", instruction);
    this.view.say("hint", "");
    this.view.progress(0);
  }

  /** The face finds its place and stays; what the actions are held against, and the two pictures at rest. */
  async place() {
    this.view.step("place", "live");
    this.view.cue(null);
    this.announce(1, "place");
    const held = await this.held(1200);
    const { canvas, sight } = held.best;
    const part = around(sight.face, canvas.width, canvas.height, BEST_TIMES_FACE);
    const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
    this.best = { canvas, part };
    this.rest = held.rest;
    return {
      image_best: await picture(canvas, part, 1080, BEST_BYTES),
      image_env: await picture(held.env.canvas, whole, 1280, ENV_BYTES),
    };
  }

  /** Guide until the face was good for so long; the first good frame, the best of the others, and the face at rest. */
  async held(milliseconds) {
    const placing = new Placing(milliseconds);
    const steady = new Steady();
    let [env, best, measures] = [null, null, []];
    for await (const frame of this.sights()) {
      const word = advice(frame.sight, shownPart(frame.canvas.width, frame.canvas.height, ASPECT));
      const share = placing.update(word, frame.now);
      const shown = steady.update(word, frame.now);
      this.view.mark("hint", word);
      this.view.say("instruction", shown === "good" ? "hold" : `advice_${shown}`);
      this.view.progress(share);
      if (share === 0) measures = [];
      if (word === "good") {
        measures.push(frame.sight.face);
        if (!env || share === 0) env = this.keep(frame, env);
        else if (!best || worth(frame.sight) > worth(best.sight)) best = this.keep(frame, best);
      }
      if (share === 1 && best) {
        this.spare.push(env.canvas);
        return { env, best, rest: atRest(measures), face: frame.sight.face };
      }
    }
    throw this.signal.reason;
  }

  /** All actions, one after the other; their pictures by name. */
  async act() {
    const pictures = {};
    for (const [place, action] of this.session.actions.entries()) {
      if (!ACTIONS.includes(action)) throw new Trouble("old_page");
      this.view.mark("action", action);
      this.view.mark("actionNumber", place + 1);
      this.view.step("action", "live");
      const peak = await this.acted(action, place + 2);
      const { canvas, sight } = peak;
      const part = around(sight.face, canvas.width, canvas.height, ACTION_TIMES_FACE);
      pictures[`image_action${place + 1}`] = await picture(canvas, part, 640, ACTION_BYTES);
      this.spare.push(canvas);
      navigator.vibrate?.(40);
    }
    this.view.mark("action", null);
    this.view.cue(null);
    return pictures;
  }

  /** One action, asked for again once when its time is over; the frame that shows it best. */
  async acted(action, number) {
    for (let tried = 1; tried <= TRIES; tried += 1) {
      this.announce(number, tried === 1 ? `action_${action}` : `again_${action}`);
      this.view.cue(action);
      const peak = await this.watched(new Acting(action, this.rest, performance.now()));
      if (peak) return peak;
    }
    throw new Trouble("action_late");
  }

  /** Watch until an action is done; the frame that shows it best, null when its time was over before. */
  async watched(acting) {
    const steady = new Steady();
    let peak = null;
    for await (const frame of this.sights(acting.action === "blink")) {
      const told = acting.update(frame.sight, frame.now);
      if (told.isPeak) peak = this.keep(frame, peak);
      this.view.mark("hint", told.hint ?? told.state);
      const hint = steady.update(told.hint, frame.now);
      const asked = this.view.said.instruction?.[0]?.startsWith("again_") ? "again_" : "action_";
      this.view.say("hint", hint ? `hint_${hint}` : this.left(acting, frame.now), { seconds: this.seconds(acting, frame.now) });
      this.view.say("instruction", told.state === "done" ? "well_done" : `${asked}${acting.action}`);
      this.view.progress(told.progress);
      if (told.state === "late") return null;
      if (told.state === "done" && peak) {
        this.view.say("hint", "");
        this.view.cue("done");
        await new Promise((resolve) => setTimeout(resolve, 700));
        return peak;
      }
    }
    throw this.signal.reason;
  }

  left(acting, now) {
    return acting.limitMs - (now - acting.began) < COUNT_FROM_MS ? "seconds_left" : "";
  }

  seconds(acting, now) {
    return this.left(acting, now) ? Math.max(0, Math.ceil((acting.limitMs - (now - acting.began)) / 1000)) : 0;
  }

  /** The colours, tried again once when the face left the picture; parts and times, null when the person left them out. */
  async colours() {
    this.view.step("lights");
    if ((await this.chosen("lights-start", "lights-skip")) === "lights-skip") return null;
    for (let tried = 1; tried <= TRIES; tried += 1) {
      this.view.step("flash", "live");
      this.announce(this.steps, "place");
      const held = await this.held(800);
      this.spare.push(held.best.canvas);
      this.view.alert("lights_hold");
      const run = await lit(this.camera, this.session.colours, (colour) => this.view.light(colour), this.signal);
      this.signal.throwIfAborted();
      if (await this.allShowOne(run.frames)) return { ...run, parts: await parts(run, held.face, this.best) };
    }
    throw new Trouble("action_late");
  }

  async chosen(...ids) {
    const stopped = new Promise((_, reject) => this.signal.addEventListener("abort", () => reject(this.signal.reason)));
    return Promise.race([this.view.pressed(...ids), stopped]);
  }

  async allShowOne(frames) {
    for (const frame of frames) if ((await this.faces.see(frame, false)).faces !== 1) return false;
    return true;
  }
}
