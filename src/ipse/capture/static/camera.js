// The camera: opened, watched, and its frames as pictures. Every trouble has a stable word.

const WISHES = {
  audio: false,
  video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
};

const WORDS = {
  NotAllowedError: "denied",
  PermissionDeniedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no_camera",
  DevicesNotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotReadableError: "in_use",
  TrackStartError: "in_use",
  AbortError: "in_use",
};

const TIMES_KEPT = 240;
/** How long a camera may give nothing, as while a phone shows who calls. */
const MUTE_MS = 2000;

/** Trouble that a person is told of by the text of its word. */
export class Trouble extends Error {
  constructor(word, cause) {
    super(word, { cause });
    this.word = word;
  }
}

/** Why no camera can be had here at all; null when one may be asked for. */
export function hindrance() {
  if (!window.isSecureContext) return "insecure";
  const lacks = !navigator.mediaDevices?.getUserMedia || typeof WebAssembly === "undefined" || !crypto?.subtle;
  return lacks ? "old_browser" : null;
}

export class Camera {
  constructor(video) {
    this.video = video;
    this.times = [];
    this.onLost = () => {};
  }

  async open() {
    const word = hindrance();
    if (word) throw new Trouble(word);
    this.close();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WISHES);
    } catch (error) {
      throw new Trouble(WORDS[error.name] || "no_camera", error);
    }
    [this.track] = this.stream.getVideoTracks();
    this.track.addEventListener("ended", () => this.onLost());
    this.track.addEventListener("mute", ({ target }) => {
      setTimeout(() => target.muted && target === this.track && this.onLost(), MUTE_MS);
    });
    this.video.srcObject = this.stream;
    try {
      await this.video.play();
      await this.hasSize();
    } catch (error) {
      this.close();
      throw new Trouble("in_use", error);
    }
    this.watch();
  }

  async hasSize() {
    for (let tries = 0; tries < 100 && !this.video.videoWidth; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (!this.video.videoWidth) throw new Error("no frames");
  }

  /** Keep the times of the latest frames, for the log. */
  watch() {
    if (!this.video.requestVideoFrameCallback) return;
    const stream = this.stream;
    const note = (now) => {
      if (this.stream !== stream) return;
      this.times.push(Math.round(now * 10) / 10);
      if (this.times.length > TIMES_KEPT) this.times.shift();
      this.video.requestVideoFrameCallback(note);
    };
    this.video.requestVideoFrameCallback(note);
  }

  get isOpen() {
    return Boolean(this.track && this.track.readyState === "live");
  }

  get width() {
    return this.video.videoWidth;
  }

  get height() {
    return this.video.videoHeight;
  }

  /** What the client says of itself; the server never trusts it, it only holds it against the pictures. */
  log() {
    return {
      camera: this.track?.label || "",
      frames_ms: this.times.slice(-TIMES_KEPT),
      size: [this.width, this.height],
      user_agent: navigator.userAgent,
      screen: [screen.width, screen.height, window.devicePixelRatio],
    };
  }

  /** Draw the present frame, whole and not mirrored. */
  draw(canvas) {
    if (canvas.width !== this.width) canvas.width = this.width;
    if (canvas.height !== this.height) canvas.height = this.height;
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    return canvas;
  }

  /** Wait for the next frame of the camera; where the browser does not tell, for the time of one. */
  async next() {
    await new Promise((resolve) => {
      const late = setTimeout(resolve, this.video.requestVideoFrameCallback ? 200 : 33);
      this.video.requestVideoFrameCallback?.(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  /** Ask the camera not to adapt to the colours of the screen, where it can be asked. */
  async hold(isHeld) {
    const can = this.track?.getCapabilities?.() ?? {};
    const mode = isHeld ? "manual" : "continuous";
    const wishes = ["exposureMode", "whiteBalanceMode"].filter((name) => can[name]?.includes(mode));
    if (wishes.length === 0) return;
    try {
      await this.track.applyConstraints({ advanced: wishes.map((name) => ({ [name]: mode })) });
    } catch {
      // Some cameras say that they can and then do not: the colours are read with what comes.
    }
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.track = undefined;
    this.video.srcObject = null;
  }
}

/** A part of a canvas as JPEG of at most so many bytes; the longer side at most `side` px. */
export async function picture(canvas, part, side, mostBytes) {
  const shrunk = document.createElement("canvas");
  for (let scale = Math.min(1, side / Math.max(part.width, part.height)); ; scale *= 0.8) {
    shrunk.width = Math.round(part.width * scale);
    shrunk.height = Math.round(part.height * scale);
    const pen = shrunk.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(canvas, part.x, part.y, part.width, part.height, 0, 0, shrunk.width, shrunk.height);
    for (const quality of [0.93, 0.88, 0.8, 0.7]) {
      const blob = await new Promise((resolve) => shrunk.toBlob(resolve, "image/jpeg", quality));
      if (blob && blob.size <= mostBytes) return new Uint8Array(await blob.arrayBuffer());
    }
    if (scale < 0.05) throw new Trouble("old_browser");
  }
}
