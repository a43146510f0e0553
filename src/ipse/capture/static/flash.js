// The colour run: the whole screen shows each colour of the server's sequence, and a frame is kept at the end of each.

import { around } from "./geometry.js";
import { picture } from "./camera.js";

/**
 * How long each colour stays. Two changes a second and a bit make at most 1.2 flashes a second (a flash is a pair of
 * opposing changes), well below the three of WCAG 2.2, success criterion 2.3.1; and longer than a camera's delay.
 */
export const COLOUR_MS = 450;

const SIDE = 320;
const FRAME_BYTES = 40_000;
const BEST_BYTES = 180_000;
const TIMES_FACE = 2.8;

/** How often a second this run flashes at most: half the changes. */
export function flashesPerSecond(colourMs = COLOUR_MS) {
  return 1000 / colourMs / 2;
}

const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Show the colours, one frame each.
 * @param show called with each colour, and with null at the end
 * @param signal aborted, with its reason, to stop at once
 * @returns {frames: [canvas], shownMs: [], takenMs: []}
 */
export async function lit(camera, colours, show, signal, colourMs = COLOUR_MS) {
  const run = { frames: [], shownMs: [], takenMs: [] };
  await camera.hold(true);
  try {
    for (const colour of colours) {
      signal.throwIfAborted();
      show(colour);
      await painted();
      const shown = performance.now();
      await wait(colourMs - 60);
      await camera.next();
      run.frames.push(camera.draw(document.createElement("canvas")));
      run.shownMs.push(Math.round(shown * 10) / 10);
      run.takenMs.push(Math.round(performance.now() * 10) / 10);
      await wait(Math.max(0, shown + colourMs - performance.now()));
    }
  } finally {
    show(null);
    await camera.hold(false);
  }
  return run;
}

/** The parts of the file: the best picture smaller, and each frame cut to the same place around the face. */
export async function parts(run, face, best) {
  const [first] = run.frames;
  const place = around(face, first.width, first.height, TIMES_FACE);
  const found = { image_best: await picture(best.canvas, best.part, 720, BEST_BYTES) };
  for (const [row, frame] of run.frames.entries()) {
    found[`flash${row + 1}`] = await picture(frame, place, SIDE, FRAME_BYTES);
  }
  return found;
}
