// The pure parts of the capture page under Node; PAGE names a copy of its files, VECTORS those of the bundle.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.env.PAGE}/${name}.js`));
const { delta, fromBase64url, plainJson, toBase64url } = await load("bundle");
const { Acting, ACTIONS, HOLD_MS } = await load("actions");
const { advice, atRest, Placing, Steady, worth } = await load("guidance");
const { around, measured, shownPart } = await load("geometry");
const { chosen, ours } = await load("words");
const { flashesPerSecond } = await load("flash");

const REST = { turn: 0.02, nod: 0.32, blink: 0.26, mouth: 0.02 };
const VIEW = { x: 0, y: 0, width: 540, height: 720 };
const FACE = { ...REST, roll: 0, eyes: 0.28, width: 220, height: 300, centre: [270, 360] };
const sight = (face = {}, more = {}) => ({ faces: 1, face: { ...FACE, ...face }, pitch: 0, light: 130, sharpness: 200, ...more });

test("the published vector comes out byte for byte", async () => {
  const told = JSON.parse(readFileSync(process.env.VECTORS));
  const bytes = (name) => Uint8Array.from(Buffer.from(told.pictures_hex[name], "hex"));
  const pictures = { image_env: bytes("image_env"), image_best: bytes("image_best") };
  const said = { issuedAt: 1700000060.9, jti: Uint8Array.from({ length: 16 }, (_, place) => place) };
  const published = told.accepted.find((one) => one.name === "published").delta;
  assert.equal(await delta({ ...told.session, actions: [] }, pictures, said), published);
});

test("base64url goes there and back for every length", () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 37 + 251) % 256);
    assert.equal(toBase64url(bytes), Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes);
  }
});

test("claims are sorted, and what is undefined is left out", () => {
  assert.equal(plainJson({ b: [1, { d: null, c: "é" }], a: undefined, Z: true }), '{"Z":true,"b":[1,{"c":"é","d":null}]}');
});

const ADVICE = [
  ["no_face", { faces: 0, face: null }],
  ["several", sight({}, { faces: 2 })],
  ["too_far", sight({ height: 200 })],
  ["too_near", sight({ height: 600 })],
  ["move_right", sight({ centre: [370, 360] })],
  ["move_left", sight({ centre: [170, 360] })],
  ["move_up", sight({ centre: [270, 480] })],
  ["move_down", sight({ centre: [270, 240] })],
  ["too_dark", sight({}, { light: 20 })],
  ["too_bright", sight({}, { light: 245 })],
  ["straight", sight({ turn: -0.4 })],
  ["straight", sight({}, { pitch: 0.5 })],
  ["upright", sight({ roll: 0.5 })],
  ["eyes_open", sight({ eyes: 0.05 })],
  ["mouth_shut", sight({ mouth: 0.5 })],
  ["good", sight()],
];
for (const [word, seen] of ADVICE) test(`advice: ${word}`, () => assert.equal(advice(seen, VIEW), word));

test("a frontal, sharp picture with open eyes is worth most", () => {
  const best = worth(sight());
  for (const worse of [sight({ turn: 0.2 }), sight({ eyes: 0.12 }), sight({}, { sharpness: 20 }), sight({ mouth: 0.3 })]) {
    assert.ok(worth(worse) < best);
  }
});

test("the face must stay in its place; a short gap is forgiven, a long one is not", () => {
  const placing = new Placing(1000, 250);
  let now = 0;
  const run = (word, milliseconds) => {
    let share = 0;
    for (const end = now + milliseconds; now < end; now += 50) share = placing.update(word, now);
    return share;
  };
  assert.ok(run("good", 600) < 1);
  assert.ok(run("too_dark", 150) > 0);
  assert.equal(run("good", 600), 1);
  assert.equal(run("too_far", 400), 0);
  assert.ok(run("good", 500) < 1);
});

test("a word is shown once it has lasted", () => {
  const steady = new Steady(400);
  assert.equal(steady.update("too_far", 0), "too_far");
  assert.equal(steady.update("good", 100), "too_far");
  assert.equal(steady.update("too_far", 200), "too_far");
  assert.equal(steady.update("good", 300), "too_far");
  assert.equal(steady.update("good", 700), "good");
});

test("the face at rest is the middle of what was seen", () => {
  const faces = [0.1, 0.9, 0.2].map((turn) => ({ ...REST, turn }));
  assert.deepEqual(atRest(faces), { ...REST, turn: 0.2 });
});

const DONE = {
  turn_left: { turn: 0.6 }, turn_right: { turn: -0.6 }, nod: { nod: 0.43 }, blink: { blink: 0.1, eyes: 0.1 }, open_mouth: { mouth: 0.4 },
};

/** Play faces to an action, 50 ms each; the last answer and how many frames were a peak. */
function played(action, faces, limitMs) {
  const acting = new Acting(action, REST, 0, limitMs);
  let told = null;
  let peaks = 0;
  faces.forEach((face, row) => {
    told = acting.update(face === null ? { faces: 0, face: null } : sight(face), 50 * (row + 1));
    peaks += told.isPeak ? 1 : 0;
  });
  return { ...told, peaks };
}
const times = (count, face) => Array.from({ length: count }, () => face);
const HELD = Math.ceil(HOLD_MS / 50) + 2;

for (const action of ACTIONS) {
  test(`${action} is done when it was done and is over`, () => {
    const told = played(action, [...times(3, {}), ...times(HELD, DONE[action]), ...times(3, {})]);
    assert.deepEqual([told.state, told.progress, told.peaks], ["done", 1, 1]);
  });

  for (const other of ACTIONS.filter((one) => one !== action)) {
    test(`${other} is not ${action}`, () => {
      const told = played(action, [...times(3, {}), ...times(HELD, DONE[other]), ...times(3, {})]);
      assert.deepEqual([told.state, told.peaks], ["act", 0]);
    });
  }
}

test("the frame that shows an action best is the latest peak", () => {
  const acting = new Acting("turn_left", REST, 0);
  const peaks = [0, 0.1, 0.3, 0.5, 0.45, 0.6, 0.2].map((turn, row) => acting.update(sight({ turn }), 50 * row).isPeak);
  assert.deepEqual(peaks, [false, false, true, true, false, true, false]);
});

test("who is turned already must come back first", () => {
  assert.deepEqual([played("turn_left", times(20, DONE.turn_left)).state, played("turn_left", times(20, DONE.turn_left)).hint], ["settle", "back"]);
});

test("the other side is told, and is not the action", () => {
  assert.equal(played("turn_left", [{}, ...times(3, DONE.turn_right)]).hint, "other_side");
});

test("a face that is gone in between starts the action anew", () => {
  const told = played("nod", [{}, DONE.nod, null, {}, {}]);
  assert.deepEqual([told.state, told.hint], ["act", null]);
});

test("an action has its time", () => {
  assert.equal(played("blink", times(30, {}), 1000).state, "late");
});

test("an action that nobody knows is an error", () => {
  assert.throws(() => new Acting("wink", REST, 0), TypeError);
});

/** A flat mesh: points by their place in MediaPipe's scheme, the rest in the middle. */
function mesh(points, roll = 0) {
  const flat = {
    1: [100, 110], 152: [100, 200], 10: [100, 0], 234: [30, 100], 454: [170, 100], 13: [100, 150], 14: [100, 150],
    33: [60, 80], 133: [85, 80], 160: [68, 75], 158: [77, 75], 144: [68, 85], 153: [77, 85],
    263: [140, 80], 362: [115, 80], 387: [132, 75], 385: [123, 75], 373: [132, 85], 380: [123, 85], ...points,
  };
  const turned = ([x, y]) => [x * Math.cos(roll) - y * Math.sin(roll), x * Math.sin(roll) + y * Math.cos(roll)];
  return Array.from({ length: 468 }, (_, place) => turned(flat[place] ?? [100, 100]));
}

test("a straight face measures straight, upright or not", () => {
  for (const roll of [0, 0.4, -0.4]) {
    const face = measured(mesh({}, roll));
    assert.ok(Math.abs(face.turn) < 1e-9 && Math.abs(face.nod - 0.25) < 1e-9 && Math.abs(face.roll - roll) < 1e-9);
    assert.ok(Math.abs(face.eyes - 0.4) < 1e-9 && face.mouth === 0 && Math.abs(face.height - 200) < 1e-9);
  }
});

test("a nose nearer the subject's left cheek, on the picture's right, is a turn to the left", () => {
  assert.ok(measured(mesh({ 1: [140, 110] })).turn > 0.5);
  assert.ok(measured(mesh({ 1: [60, 110] })).turn < -0.5);
});

test("a portrait view shows the middle of a wide picture and all of a tall one", () => {
  assert.deepEqual(shownPart(1280, 720, 3 / 4), { x: 370, y: 0, width: 540, height: 720 });
  assert.deepEqual(shownPart(720, 1280, 3 / 4), { x: 0, y: 160, width: 720, height: 960 });
});

test("a part around a face stays in the picture", () => {
  for (const centre of [[0, 0], [640, 360], [1280, 720]]) {
    const part = around({ width: 200, height: 260, centre }, 1280, 720, 2.4);
    assert.ok(part.x >= 0 && part.y >= 0 && part.x + part.width <= 1280 && part.y + part.height <= 720);
    assert.equal(part.width, 480);
  }
});

test("a language is found for any spelling of ours, English for others", () => {
  assert.deepEqual(["zh-Hans-CN", "th_TH", "JA", "in-ID", "fr", null].map(ours), ["zh", "th", "ja", "id", null, null]);
  assert.equal(chosen(null, null, ["fr-CH", "id-ID", "en"]), "id");
  assert.equal(chosen("ja", "th", ["en"]), "ja");
  assert.equal(chosen("xx", null, ["fr"]), "en");
});

test("the colour run flashes at most three times a second", () => {
  assert.ok(flashesPerSecond() <= 3);
});
