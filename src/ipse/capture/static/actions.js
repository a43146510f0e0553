// The five actions, each checked while it happens. Pure: measurements and times in, progress out.

// How much of a measurement makes an action whole, held against the face at rest; see geometry.js for the scales.
// Sources: attacks/motion.py seen through the mesh (a turn of 28 degrees measures 0.55, a nod of 22 degrees 0.10); a
// mouth open at 0.25 of the eyes' distance shows a finger's width; who smiles with open lips must still open it further.
export const ENOUGH = { turn: 0.4, nod: 0.07, blink: 0.33, mouth: 0.25, mouthMore: 0.08 };

const EXTENT = {
  turn_left: (face, rest) => (face.turn - rest.turn) / ENOUGH.turn,
  turn_right: (face, rest) => (rest.turn - face.turn) / ENOUGH.turn,
  nod: (face, rest) => (face.nod - rest.nod) / ENOUGH.nod,
  blink: (face, rest) => (1 - face.blink / (rest.blink || 1)) / ENOUGH.blink,
  open_mouth: (face, rest) => (face.mouth - rest.mouth) / Math.max(ENOUGH.mouth - rest.mouth, ENOUGH.mouthMore),
};

export const ACTIONS = Object.keys(EXTENT);

/** Actions that are over only when the face is back as it was. */
const RETURNS = new Set(["nod", "blink"]);

export const LIMIT_MS = 20_000;
export const HOLD_MS = 350;
const BACK = 0.5;
/** Shares of what is enough below which a face counts as back: in what is asked for, and in its turn. */
const SETTLED = 0.5;
const STRAIGHT = 0.9;

/**
 * One action from being asked to being done.
 *
 * `update` answers {state, progress, isPeak, hint}: state "settle" (not at rest yet), "act", "done" or "late";
 * isPeak when this frame shows the action better than any before; hint a stable word or null.
 */
export class Acting {
  constructor(action, rest, now, limitMs = LIMIT_MS) {
    if (!EXTENT[action]) throw new TypeError(`no action ${action}`);
    this.action = action;
    this.rest = rest;
    this.limitMs = limitMs;
    this.began = now;
    this.settled = false;
    this.reached = null;
    this.peak = 0;
    this.state = "settle";
  }

  extent(face) {
    return EXTENT[this.action](face, this.rest);
  }

  update(sight, now) {
    if (this.state === "done" || this.state === "late") return this.told(0, false, null);
    if (now - this.began > this.limitMs) {
      this.state = "late";
      return this.told(0, false, null);
    }
    if (sight.faces !== 1 || !sight.face) {
      this.reached = null;
      this.peak = 0;
      return this.told(0, false, sight.faces > 1 ? "several" : "no_face");
    }
    const extent = this.extent(sight.face);
    if (!this.settled) return this.settle(extent, sight.face);
    return this.act(extent, now);
  }

  settle(extent, face) {
    const straight = Math.abs(face.turn - this.rest.turn) < STRAIGHT * ENOUGH.turn;
    this.settled = straight && extent < SETTLED;
    this.state = this.settled ? "act" : "settle";
    return this.told(0, false, this.settled ? null : "back");
  }

  act(extent, now) {
    const isPeak = extent >= 0.6 && extent > this.peak;
    if (isPeak) this.peak = extent;
    if (extent >= 1 && this.reached === null) this.reached = now;
    if (this.reached !== null && this.isOver(extent, now)) this.state = "done";
    const hint = extent < -0.8 && this.action.startsWith("turn_") && this.reached === null ? "other_side" : null;
    return this.told(this.state === "done" ? 1 : Math.max(0, Math.min(1, extent)), isPeak, hint);
  }

  isOver(extent, now) {
    if (RETURNS.has(this.action)) return extent < BACK;
    return now - this.reached >= HOLD_MS;
  }

  told(progress, isPeak, hint) {
    return { state: this.state, progress: this.reached !== null ? 1 : progress, isPeak, hint };
  }
}
