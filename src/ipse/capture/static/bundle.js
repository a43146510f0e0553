// The open bundle ("EKD1") and the flash result ("EKF1"): signed with the session's key, byte for byte what
// docs/liveness-bundle.md says. Pure but for WebCrypto; no clock and no randomness of its own.

const SDK = "2.4.5";
const MAGIC = "EKFLASH1";
const text = new TextEncoder();

export function toBase64url(bytes) {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64url(letters) {
  const plain = atob(letters.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export async function digest(bytes) {
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** JSON with sorted keys and no spaces, so that the same claims are always the same bytes. */
export function plainJson(value) {
  if (Array.isArray(value)) return `[${value.map(plainJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => value[name] !== undefined).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${plainJson(value[name])}`).join(",")}}`;
}

/** A JWS in compact form, HS256. Source: RFC 7515, RFC 7518 section 3.2. */
export async function sealed(claims, kind, session) {
  const header = plainJson({ alg: "HS256", kid: session.kid, typ: kind });
  const signed = `${toBase64url(text.encode(header))}.${toBase64url(text.encode(plainJson(claims)))}`;
  const usage = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", fromBase64url(session.session_key), usage, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, text.encode(signed));
  return `${signed}.${toBase64url(new Uint8Array(signature))}`;
}

async function digests(parts) {
  const rows = await Promise.all(Object.entries(parts).map(async ([name, bytes]) => [name, await digest(bytes)]));
  return Object.fromEntries(rows);
}

/**
 * The `delta` of these pictures.
 * @param session what GET /capture/session answered
 * @param pictures {image_best: Uint8Array, image_env: …, image_action1: …}: the very bytes that are sent
 * @param said {issuedAt: Unix seconds, jti: 16 bytes, log: object}
 */
export async function delta(session, pictures, said) {
  const images = {};
  for (const [name, sha256] of Object.entries(await digests(pictures))) images[name] = { sha256 };
  const actions = {};
  session.actions.forEach((action, place) => (actions[`image_action${place + 1}`] = action));
  const claims = {
    v: 1,
    sid: session.sid,
    nonce: session.nonce,
    jti: toBase64url(said.jti),
    iat: Math.floor(said.issuedAt),
    sdk: session.sdk || SDK,
    images,
    actions: session.actions.length > 0 ? actions : undefined,
    log: said.log,
  };
  return sealed(claims, "ekd+jws", session);
}

function number(value, length) {
  const bytes = new Uint8Array(length);
  for (let place = length - 1, rest = value; place >= 0; place -= 1, rest = Math.floor(rest / 256)) bytes[place] = rest % 256;
  return bytes;
}

/**
 * The file of a flash run.
 * @param parts {image_best: Uint8Array, flash1: …}: one frame for each colour of the session, in order
 * @param said {issuedAt, jti, log, shownMs: [], takenMs: []}
 */
export async function flashFile(session, parts, said) {
  const claims = {
    v: 1,
    biz_no: session.biz_no,
    nonce: session.nonce,
    jti: toBase64url(said.jti),
    iat: Math.floor(said.issuedAt),
    sdk: session.sdk || SDK,
    result: "pass",
    parts: await digests(parts),
    flash: { colours: session.colours, shown_ms: said.shownMs, taken_ms: said.takenMs },
    log: said.log,
  };
  const manifest = text.encode(await sealed(claims, "ekf+jws", session));
  const pieces = [text.encode(MAGIC), number(manifest.length, 4), manifest, number(Object.keys(parts).length, 2)];
  for (const [name, bytes] of Object.entries(parts)) {
    pieces.push(number(name.length, 1), text.encode(name), number(bytes.length, 4), bytes);
  }
  return joined(pieces);
}

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}
