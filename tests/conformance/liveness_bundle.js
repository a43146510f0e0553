// A client written from docs/liveness-bundle.md alone: reads a run from standard input, writes delta and flash result.
"use strict";
const { createHash, createHmac, randomBytes } = require("node:crypto");

const run = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const { session } = run;
const bytesOf = (names) => Object.fromEntries(Object.entries(names).map(([name, text]) => [name, Buffer.from(text, "base64")]));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("base64url");
const segment = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(kind, claims) {
  const signed = `${segment({ alg: "HS256", kid: session.kid, typ: kind })}.${segment(claims)}`;
  const key = Buffer.from(session.session_key, "base64url");
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

const stamp = () => ({ v: 1, nonce: session.nonce, jti: randomBytes(16).toString("base64url"), iat: run.now });

function delta(pictures) {
  const images = Object.fromEntries(Object.entries(pictures).map(([name, bytes]) => [name, { sha256: sha256(bytes) }]));
  const actions = Object.fromEntries(session.actions.map((action, place) => [`image_action${place + 1}`, action]));
  return token("ekd+jws", { ...stamp(), sid: session.sid, sdk: "2.4.5", images, actions, log: { camera: "前置" } });
}

function flash(parts) {
  const names = Object.entries(parts);
  const manifest = Buffer.from(
    token("ekf+jws", {
      ...stamp(),
      biz_no: session.biz_no,
      result: "pass",
      parts: Object.fromEntries(names.map(([name, bytes]) => [name, sha256(bytes)])),
      flash: {
        colours: session.colours,
        shown_ms: session.colours.map((_, place) => 450 * place + 0.25),
        taken_ms: session.colours.map((_, place) => 450 * place + 400),
      },
    }),
  );
  const number = (value, length) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUIntBE(value, 0, length);
    return bytes;
  };
  const pieces = [Buffer.from("EKFLASH1"), number(manifest.length, 4), manifest, number(names.length, 2)];
  for (const [name, bytes] of names) pieces.push(number(name.length, 1), Buffer.from(name), number(bytes.length, 4), bytes);
  return Buffer.concat(pieces);
}

console.log(JSON.stringify({ delta: delta(bytesOf(run.pictures)), flash: flash(bytesOf(run.parts)).toString("base64") }));
