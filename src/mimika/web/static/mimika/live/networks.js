// The detector and the classifier in ONNX Runtime Web, and one picture through both: the
// counterpart of `mimika.runtime.pipeline` with the detail `fast`.
import { classifierInput, softmax } from "./classify.js";
import { faceCrop, tiltOf } from "./crop.js";
import { detections, detectorInput } from "./detect.js";
import { readCard } from "./onnx_card.js";

// A build for processors only, which is smaller and faster there, and one that can also
// use graphics processors. The compiled halves are compressed files; see `web.headers`.
const BUILDS = {
  wasm: ["ort.wasm.min.mjs", "ort-wasm-simd-threaded"],
  webgpu: ["ort.webgpu.min.mjs", "ort-wasm-simd-threaded.asyncify"],
};

/**
 * Opens both networks.
 *
 * `places` has the addresses of the folder with ONNX Runtime (`runtimes`), of the
 * `detector` and of the `classifier`; `runtime` is a key of BUILDS.
 */
export async function openNetworks({ places, runtime, threads }) {
  const [script, compiled] = BUILDS[runtime];
  const ort = await import(places.runtimes + script);
  ort.env.logLevel = "error"; // that some parts of a network run elsewhere is expected
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = {
    mjs: `${places.runtimes}${compiled}.mjs`,
    wasm: `${places.runtimes}${compiled}.wasm.gz`,
  };
  const [detector, classifier] = await Promise.all(
    [places.detector, places.classifier].map(fetchBytes),
  );
  const open = (bytes) =>
    ort.InferenceSession.create(bytes, {
      executionProviders: runtime === "webgpu" ? ["webgpu", "wasm"] : ["wasm"],
      graphOptimizationLevel: "all", // as the Python one: int8 sums differ without
    });
  const card = readCard(classifier);
  return new Networks(ort.Tensor, await open(detector), await open(classifier), card);
}

export class Networks {
  #tensor;
  #detector;
  #classifier;

  /** Joins two opened networks; `card` is the classifier's. */
  constructor(tensor, detector, classifier, card) {
    this.#tensor = tensor;
    this.#detector = detector;
    this.#classifier = classifier;
    this.card = card;
  }

  /** The faces {score, box, landmarks} of an RGBA picture, from left to right. */
  async detect(picture) {
    const { data, width, height, scales } = detectorInput(picture);
    const image = new this.#tensor("uint8", data, [1, 3, height, width]);
    const { scores, boxes, landmarks } = await this.#detector.run({ image });
    const answer = {
      scores: scores.data,
      boxes: boxes.data,
      landmarks: landmarks.data,
    };
    return detections(answer, scales, picture);
  }

  /** The classifier's calibrated probabilities of a face. */
  async classify(picture, { box, landmarks }) {
    const { preprocess: spec, temperature } = this.card;
    const planes = classifierInput(faceCrop(picture, box, tiltOf(landmarks)), spec);
    const shape = [1, spec.channels, spec.size, spec.size];
    const [name] = this.#classifier.inputNames;
    const answer = await this.#classifier.run({
      [name]: new this.#tensor("float32", planes, shape),
    });
    const [logits] = Object.values(answer);
    return softmax(logits.data, temperature);
  }

  /** The faces of a still picture, with their probabilities. */
  async analyze(picture) {
    const faces = await this.detect(picture);
    for (const face of faces) {
      face.probabilities = await this.classify(picture, face);
    }
    return faces;
  }
}

async function fetchBytes(place) {
  const answer = await fetch(place);
  if (!answer.ok) throw new Error(`${place}: status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
