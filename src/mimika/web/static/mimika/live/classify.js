// From a face to the classifier's input, and from its answer to probabilities: the
// counterpart of `mimika.core.preprocess` and `mimika.runtime.classifier`.
import { resized } from "./resize.js";

/**
 * What the classifier sees of an RGBA picture: float32 planes (C, size, size).
 *
 * `spec` is the `preprocess` of the model's card. Throws where the card wants what is
 * not written here.
 */
export function classifierInput(picture, spec) {
  if (spec.interpolation !== "bilinear") {
    throw new Error(
      `the model's card wants ${spec.interpolation} interpolation, and this page can ` +
        "bilinear only; export the model with that",
    );
  }
  const fit = spec.fit ?? "stretch"; // which cards leave out
  if (fit !== "stretch") {
    throw new Error(
      `the model's card wants pictures fitted by "${fit}", and this page can only ` +
        "stretch them; take a model of faces, which are cut out square",
    );
  }
  const { size, channels } = spec;
  const small = resized(channels === 1 ? grey(picture) : picture, size, size);
  const planes = new Float32Array(channels * size * size);
  for (let plane = 0; plane < channels; plane++) {
    const values = normalised(spec.mean[plane], spec.std[plane]);
    let from = plane;
    const end = (plane + 1) * size * size;
    for (let at = plane * size * size; at < end; at++, from += small.channels) {
      planes[at] = values[small.data[from]];
    }
  }
  return planes;
}

/** Probabilities of logits; a card's temperature calibrates them. */
export function softmax(logits, temperature = 1) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp((value - most) / temperature));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

// Luma (ITU-R BT.601) in OpenCV 5's fixed-point numbers of 15 bits.
function grey({ data, width, height }) {
  const made = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < made.length; at++, from += 4) {
    made[at] =
      (9798 * data[from] + 19235 * data[from + 1] + 3735 * data[from + 2] + 16384) >> 15;
  }
  return { data: made, width, height, channels: 1 };
}

// What each of the 256 levels becomes, in the precision of float32.
function normalised(mean, std) {
  const [minus, by] = [Math.fround(mean), Math.fround(std)];
  return Float32Array.from({ length: 256 }, (_, level) => {
    return Math.fround(Math.fround(Math.fround(level / 255) - minus) / by);
  });
}
