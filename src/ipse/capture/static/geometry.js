// What the mesh of a face says about its pose, eyes and mouth. Pure: points in, plain numbers out.
// Left and right are the subject's own; pictures are not mirrored, so the subject's left is on the right of the picture.

// Places in MediaPipe's mesh of 468 points. Source: its canonical face model.
const POINT = {
  nose: 1, chin: 152, brow: 10, rightCheek: 234, leftCheek: 454,
  upperLip: 13, lowerLip: 14,
  right: { outer: 33, inner: 133, upper: [160, 158], lower: [144, 153] },
  left: { outer: 263, inner: 362, upper: [387, 385], lower: [373, 380] },
};

const away = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** How far an eye is open: height over width of its opening. Source: Soukupová and Čech 2016, "eye aspect ratio". */
function openness(mesh, eye) {
  const high = eye.upper.reduce((sum, point, row) => sum + away(mesh[point], mesh[eye.lower[row]]), 0) / 2;
  return high / (away(mesh[eye.outer], mesh[eye.inner]) || 1);
}

/**
 * @param mesh at least 468 points [x, y]
 * @returns turn: 0 straight, positive to the subject's left, about ±1 in profile; nod: how far down between eyes and
 *   chin the tip of the nose is, larger when the chin is lowered; roll in radians; eyes: the wider eye's openness;
 *   blink: the mean of both; mouth: its opening over the distance of the eyes; width, height and centre of the face
 */
export function measured(mesh) {
  const right = mesh[POINT.right.outer];
  const left = mesh[POINT.left.outer];
  const roll = Math.atan2(left[1] - right[1], left[0] - right[0]);
  const along = (from, to) => (to[0] - from[0]) * Math.cos(roll) + (to[1] - from[1]) * Math.sin(roll);
  const down = (from, to) => (to[1] - from[1]) * Math.cos(roll) - (to[0] - from[0]) * Math.sin(roll);
  const nose = mesh[POINT.nose];
  const toRight = along(mesh[POINT.rightCheek], nose);
  const toLeft = along(nose, mesh[POINT.leftCheek]);
  const eyes = middle(right, left);
  const opened = [openness(mesh, POINT.right), openness(mesh, POINT.left)];
  return {
    turn: (toRight - toLeft) / (toRight + toLeft || 1),
    nod: down(eyes, nose) / (down(eyes, mesh[POINT.chin]) || 1),
    roll,
    eyes: Math.max(...opened),
    blink: (opened[0] + opened[1]) / 2,
    mouth: away(mesh[POINT.upperLip], mesh[POINT.lowerLip]) / (away(right, left) || 1),
    width: away(mesh[POINT.rightCheek], mesh[POINT.leftCheek]),
    height: away(mesh[POINT.brow], mesh[POINT.chin]),
    centre: middle(middle(mesh[POINT.brow], mesh[POINT.chin]), middle(mesh[POINT.rightCheek], mesh[POINT.leftCheek])),
  };
}

/** The part of a picture that a portrait view of this aspect (width over height) shows. */
export function shownPart(width, height, aspect) {
  const shownWidth = Math.min(width, height * aspect);
  const shownHeight = Math.min(height, width / aspect);
  return { x: (width - shownWidth) / 2, y: (height - shownHeight) / 2, width: shownWidth, height: shownHeight };
}

/** A portrait part of a picture around a face, `times` as wide as the face, kept within the picture. */
export function around(face, width, height, times, aspect = 3 / 4) {
  const wide = Math.min(width, height * aspect, Math.max(face.width, face.height * 0.75) * times);
  const high = Math.min(height, wide / aspect);
  const clamp = (value, most) => Math.min(Math.max(value, 0), most);
  const x = clamp(face.centre[0] - wide / 2, width - wide);
  const y = clamp(face.centre[1] - high / 2, height - high);
  return { x: Math.round(x), y: Math.round(y), width: Math.floor(wide), height: Math.floor(high) };
}
