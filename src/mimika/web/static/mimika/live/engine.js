// The page's end of worker.js: a function for each of its tasks.

const MOST_THREADS = 4;

/** How many threads the networks may use: several only where the headers allow it. */
export function threadsHere(wanted) {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(wanted || MOST_THREADS, navigator.hardwareConcurrency || 1);
}

/** Whether this computer has a graphics processor that the browser lets us use. */
export async function hasGraphics() {
  try {
    const adapter = await navigator.gpu?.requestAdapter();
    return Boolean(adapter) && !(adapter.info?.isFallbackAdapter ?? false);
  } catch {
    return false;
  }
}

export class Engine {
  #worker;
  #waiting = new Map();
  #sent = 0;

  /** Starts the worker at this address; nothing is loaded before `open`. */
  constructor(place) {
    this.#worker = new Worker(place, { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => this.#settle(data));
    this.#worker.addEventListener("error", (event) => {
      this.#fail(new Error(event.message || "the worker could not be started"));
    });
  }

  /** Loads runtime and networks; returns the classifier's card and what they run on. */
  async open(options) {
    return this.#ask("open", { options });
  }

  /** The faces of a still RGBA picture {data, width, height, channels}. */
  async analyze(picture) {
    const { faces } = await this.#ask("analyze", { picture });
    return faces;
  }

  /** The people in a frame, whose pixels belong to the worker from then on. */
  async follow(picture, timeS) {
    return this.#ask("follow", { picture, timeS }, [picture.data.buffer]);
  }

  /** Forgets everybody. */
  async forget() {
    return this.#ask("forget", {});
  }

  /** Ends the worker. */
  close() {
    this.#worker.terminate();
    this.#fail(new Error("closed"));
  }

  #ask(task, given, moved = []) {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, task, ...given }, moved);
    });
  }

  #settle({ id, error, ...answer }) {
    const { resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  }

  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
