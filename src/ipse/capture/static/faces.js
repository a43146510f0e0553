// The small network in the browser: finds faces and their mesh (BlazeFace, face mesh, iris, on WebAssembly).
// It guides the person and chooses frames; nothing it finds is trusted by the server.

import { measured } from "./geometry.js";
import { Trouble } from "./camera.js";

const SIGHT_SIDE = 480;
const PATCH = 96;

const off = { enabled: false };

function settings(root) {
  return {
    backend: "wasm", wasmPath: root, modelBasePath: root,
    debug: false, async: true, warmup: "none", cacheModels: false, cacheSensitivity: 0, validateModels: false,
    filter: off, gesture: off, body: off, hand: off, object: off, segmentation: off,
    face: {
      enabled: true,
      detector: { modelPath: "blazeface.json", rotation: false, maxDetected: 3, minConfidence: 0.3, skipFrames: 12, skipTime: 400 },
      mesh: { enabled: true, modelPath: "facemesh.json" },
      iris: { enabled: true, modelPath: "iris.json" },
      emotion: off, description: off, antispoof: off, liveness: off, attention: off,
    },
  };
}

export class Faces {
  constructor(human) {
    this.human = human;
    this.small = document.createElement("canvas");
    this.patch = document.createElement("canvas");
    this.patch.width = this.patch.height = PATCH;
  }

  /** Fetch and warm up; the address of the pinned files ends with a slash. */
  static async load(root) {
    try {
      const { Human, default: other } = await import(`${root}human.esm.js`);
      const human = new (Human ?? other)(settings(root));
      human.tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // Threads need a page that is isolated; ours is not.
      await human.load();
      if (human.tf.getBackend() !== "wasm") throw new Trouble("old_browser");
      const blank = document.createElement("canvas");
      blank.width = blank.height = 256;
      blank.getContext("2d").fillRect(0, 0, 256, 256);
      await human.detect(blank);
      return new Faces(human);
    } catch (error) {
      if (error instanceof Trouble) throw error;
      throw new Trouble(navigator.onLine === false ? "network" : "not_ready", error);
    }
  }

  /**
   * What a frame shows: {faces, face, pitch, light, sharpness}; measures in pixels of the frame.
   * @param eyes whether the lids are to be measured well, which takes a third of the time
   */
  async see(frame, eyes = true) {
    this.human.config.face.iris.enabled = eyes;
    const scale = Math.min(1, SIGHT_SIDE / Math.max(frame.width, frame.height));
    this.small.width = Math.round(frame.width * scale);
    this.small.height = Math.round(frame.height * scale);
    this.small.getContext("2d", { willReadFrequently: true }).drawImage(frame, 0, 0, this.small.width, this.small.height);
    const found = (await this.human.detect(this.small)).face.filter((one) => one.mesh.length >= 468);
    found.sort((a, b) => b.box[2] - a.box[2]);
    const [largest] = found;
    if (!largest) return { faces: 0, face: null, pitch: 0, light: 0, sharpness: 0 };
    // A face in the background, much smaller than the subject's, is no second person in front of the camera.
    const faces = found.filter((one) => one.box[2] > 0.4 * largest.box[2] && apart(one, largest)).length + 1;
    const face = measured(largest.mesh.map(([x, y]) => [x / scale, y / scale]));
    return { faces, face, pitch: largest.rotation?.angle.pitch ?? 0, ...this.surface(frame, face) };
  }

  /** Mean brightness and sharpness (variance of the Laplacian, Pech-Pacheco 2000) of the face's middle. */
  surface(frame, face) {
    const side = Math.min(face.width, face.height) * 0.8;
    const pen = this.patch.getContext("2d", { willReadFrequently: true });
    pen.drawImage(frame, face.centre[0] - side / 2, face.centre[1] - side / 2, side, side, 0, 0, PATCH, PATCH);
    const { data } = pen.getImageData(0, 0, PATCH, PATCH);
    const grey = new Float32Array(PATCH * PATCH);
    let light = 0;
    for (let place = 0; place < grey.length; place += 1) {
      grey[place] = 0.299 * data[4 * place] + 0.587 * data[4 * place + 1] + 0.114 * data[4 * place + 2];
      light += grey[place];
    }
    let sum = 0;
    let squares = 0;
    for (let y = 1; y < PATCH - 1; y += 1) {
      for (let x = 1; x < PATCH - 1; x += 1) {
        const at = y * PATCH + x;
        const bend = grey[at - 1] + grey[at + 1] + grey[at - PATCH] + grey[at + PATCH] - 4 * grey[at];
        sum += bend;
        squares += bend * bend;
      }
    }
    const count = (PATCH - 2) ** 2;
    return { light: light / grey.length, sharpness: squares / count - (sum / count) ** 2 };
  }
}

/** Whether two boxes are two faces, not one found twice. */
function apart(one, other) {
  if (one === other) return false;
  const [x, y, width, height] = one.box;
  const [left, top, wide, high] = other.box;
  const across = Math.min(x + width, left + wide) - Math.max(x, left);
  const along = Math.min(y + height, top + high) - Math.max(y, top);
  return Math.max(0, across) * Math.max(0, along) < 0.3 * width * height;
}
