// The newest frame of the video. Frames that come while one is worked on are let go.

export class Frames {
  #video;
  #canvas = document.createElement("canvas");
  #fresh = false;
  #wake = () => {};
  #watches = false;

  /** Takes the video whose frames they are. */
  constructor(video) {
    this.#video = video;
  }

  /** Begins to watch for new frames. */
  start() {
    this.#fresh = false;
    if (!this.#watches) this.#watch();
    this.#watches = true;
  }

  /** Lets whoever waits for a frame go on without. */
  stop() {
    this.#watches = false;
    this.#wake();
  }

  /** Waits until there is a frame that was not taken yet. */
  async next() {
    if (!this.#fresh && this.#watches) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#fresh = false;
  }

  /** Its pixels: an RGBA picture {data, width, height, channels}. */
  grab() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = this.#canvas;
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
    }
    // read back at once: it stays in memory instead of going to a graphics processor
    const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    context.drawImage(this.#video, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { data, width, height, channels: 4 };
  }

  #watch() {
    const seen = () => {
      if (!this.#watches) return;
      this.#fresh = true;
      this.#wake();
      this.#watch();
    };
    if (this.#video.requestVideoFrameCallback) this.#video.requestVideoFrameCallback(seen);
    else requestAnimationFrame(seen);
  }
}

/** Frames a second, over the last seconds. */
export class Rate {
  #times = [];

  /** Counts a frame; returns the rate, or 0 while it is not known. */
  count(timeS) {
    this.#times.push(timeS);
    while (timeS - this.#times[0] > 2) this.#times.shift();
    const spanS = timeS - this.#times[0];
    return spanS > 0.5 ? (this.#times.length - 1) / spanS : 0;
  }
}
