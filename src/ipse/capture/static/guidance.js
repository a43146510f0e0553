// What a person is told while their face finds its place: one stable word for each state. Pure; time is handed in.

export const LIMITS = {
  // Height of the face (brow to chin) over the height of the view. The oval of the page is 0.66 of it high and is made
  // for a face that fills it; at 0.34 a face of a 720 px high view is 245 px high, enough for every network behind.
  near: 0.74,
  far: 0.34,
  // Off the middle, in widths and heights of the view: the face then leaves the oval.
  aside: 0.11,
  above: 0.13,
  // Mean brightness of the face, 0 to 255. Source: tried with pictures scaled from black to white (tests/browser).
  dark: 50,
  bright: 225,
  // A turn of about 14 degrees, a tilt of 17; the network's own pitch in radians, 20 degrees. Portraits of the demo that
  // look straight measure 0.05, those turned by some 12 degrees 0.25.
  turn: 0.28,
  roll: 0.3,
  pitch: 0.35,
  // Openness of the wider eye below which it counts as shut; narrow open eyes measure 0.15 and more.
  shut: 0.1,
  // Opening of the mouth over the distance of the eyes; a broad smile measures 0.25, and an open mouth must be wider yet.
  gaping: 0.35,
};

/**
 * The first thing that keeps this sight from being good, as a word; "good" if there is none.
 * @param sight {faces, face: measured(…) or null, pitch, light}
 * @param view the shown part of the picture {x, y, width, height}
 */
export function advice(sight, view, limits = LIMITS) {
  if (sight.faces === 0 || !sight.face) return "no_face";
  if (sight.faces > 1) return "several";
  const face = sight.face;
  const high = face.height / view.height;
  const aside = (face.centre[0] - view.x - view.width / 2) / view.width;
  const below = (face.centre[1] - view.y - view.height / 2) / view.height;
  if (high < limits.far) return "too_far";
  if (high > limits.near) return "too_near";
  if (Math.abs(aside) > limits.aside) return aside > 0 ? "move_right" : "move_left";
  if (Math.abs(below) > limits.above) return below > 0 ? "move_up" : "move_down";
  if (sight.light < limits.dark) return "too_dark";
  if (sight.light > limits.bright) return "too_bright";
  if (Math.abs(face.turn) > limits.turn || Math.abs(sight.pitch) > limits.pitch) return "straight";
  if (Math.abs(face.roll) > limits.roll) return "upright";
  if (face.eyes < limits.shut) return "eyes_open";
  if (face.mouth > limits.gaping) return "mouth_shut";
  return "good";
}

/** How good a picture this sight makes: frontal, sharp, eyes open, large. Only ever compared within one capture. */
export function worth(sight) {
  const face = sight.face;
  const frontal = Math.max(0, 1 - Math.abs(face.turn) / 0.45) * Math.max(0, 1 - Math.abs(sight.pitch) / 0.6);
  const sharp = sight.sharpness / (sight.sharpness + 60);
  return frontal * sharp * Math.min(1, face.eyes / 0.25) * (face.mouth < 0.15 ? 1 : 0.8);
}

/** Words that last: a new one is shown once it has been the case for a while, so that nobody is talked over. */
export class Steady {
  constructor(waitMs = 450) {
    this.waitMs = waitMs;
    this.shown = null;
    this.next = null;
    this.since = 0;
  }

  update(word, now) {
    if (word !== this.next) {
      this.next = word;
      this.since = now;
    }
    if (this.shown === null || now - this.since >= this.waitMs) this.shown = this.next;
    return this.shown;
  }
}

/** Waits until the face has been in its place long enough; short gaps do not start it anew. */
export class Placing {
  constructor(holdMs = 1200, gapMs = 250) {
    this.holdMs = holdMs;
    this.gapMs = gapMs;
    this.heldMs = 0;
    this.last = null;
    this.lastGood = null;
  }

  /** @returns how much of the time is over, 0 to 1 */
  update(word, now) {
    const step = this.last === null ? 0 : Math.min(now - this.last, 200);
    this.last = now;
    if (word === "good") {
      if (this.lastGood !== null) this.heldMs += step;
      this.lastGood = now;
    } else if (this.lastGood === null || now - this.lastGood > this.gapMs) {
      this.heldMs = 0;
      this.lastGood = null;
    }
    return Math.min(1, this.heldMs / this.holdMs);
  }
}

/** The middle of what was measured while the face was at rest: what an action is held against. */
export function atRest(faces) {
  const middle = (name) => {
    const values = faces.map((face) => face[name]).sort((a, b) => a - b);
    return values.length ? values[values.length >> 1] : 0;
  };
  return { turn: middle("turn"), nod: middle("nod"), blink: middle("blink"), mouth: middle("mouth") };
}
