// Scaling as OpenCV 5 does it (cv2.resize): the networks were trained and judged on its
// numbers. Compared with `mimika.core.preprocess` and `mimika.runtime.yunet` by
// tests/browser/live.
//
// A picture here is {data, width, height, channels}: uint8, row by row, the channels of
// a pixel side by side; 1 channel is grey, 4 are RGBA.
import { rint } from "./rounding.js";

const ONE = 2048; // OpenCV's weights are fixed-point numbers of 11 bits

/** The picture at another size: averaged where it shrinks both ways, else interpolated. */
export function resized(picture, width, height) {
  if (picture.width === width && picture.height === height) return picture;
  const shrinks = width < picture.width && height < picture.height;
  return (shrinks ? averaged : interpolated)(picture, width, height);
}

/** INTER_AREA by two, without the last column and row where their number is odd. */
export function halved({ data, width, height, channels }) {
  const [w, h] = [width >> 1, height >> 1];
  const made = new Uint8Array(w * h * channels);
  const below = width * channels;
  let at = 0;
  for (let y = 0; y < h; y++) {
    let from = 2 * y * below;
    for (let x = 0; x < w; x++, from += channels) {
      for (let c = 0; c < channels; c++, from++, at++) {
        const right = from + channels;
        made[at] =
          (data[from] + data[right] + data[from + below] + data[right + below] + 2) >> 2;
      }
    }
  }
  return { data: made, width: w, height: h, channels };
}

/** INTER_LINEAR: two rows at a time are interpolated across, then with each other. */
export function interpolated(picture, width, height) {
  const { channels } = picture;
  const across = neighbours(picture.width, width, true);
  const down = neighbours(picture.height, height, false);
  const made = new Uint8Array(width * height * channels);
  let upper = { y: -1, values: new Int32Array(width * channels) };
  let lower = { y: -1, values: new Int32Array(width * channels) };
  for (let y = 0, at = 0; y < height; y++) {
    if (lower.y === down.first[y]) [upper, lower] = [lower, upper];
    fillRow(upper, picture, down.first[y], across);
    fillRow(lower, picture, down.second[y], across);
    const weight = down.weights[2 * y];
    const rest = down.weights[2 * y + 1];
    for (let i = 0; i < upper.values.length; i++, at++) {
      const above = (weight * (upper.values[i] >> 4)) >> 16;
      const under = (rest * (lower.values[i] >> 4)) >> 16;
      made[at] = (above + under + 2) >> 2;
    }
  }
  return { data: made, width, height, channels };
}

/** INTER_AREA by any factor: each pixel is the mean of what it covers. */
export function averaged(picture, width, height) {
  if (picture.width === 2 * width && picture.height === 2 * height) {
    return halved(picture); // OpenCV rounds this case up instead of to even
  }
  const { channels } = picture;
  const across = shares(picture.width, width);
  const down = shares(picture.height, height);
  const rows = new Float32Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++) averageRow(picture, y, across, rows);
  const made = new Uint8Array(width * height * channels);
  const length = width * channels;
  for (let y = 0, at = 0; y < height; y++) {
    for (let i = 0; i < length; i++, at++) {
      let sum = 0;
      for (let k = 0; k < down[y].weights.length; k++) {
        const share = down[y].weights[k] * rows[(down[y].start + k) * length + i];
        sum = Math.fround(sum + Math.fround(share));
      }
      made[at] = rint(sum);
    }
  }
  return { data: made, width, height, channels };
}

// For each new pixel the two old ones around it, and their weights in 1/2048. At the
// borders both are the same one; OpenCV then changes the weights across, but not down,
// which is rounded differently.
function neighbours(from, to, isAcross) {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const weights = new Int32Array(2 * to);
  const scale = 1 / (to / from);
  for (let i = 0; i < to; i++) {
    const place = Math.fround((i + 0.5) * scale - 0.5);
    const left = Math.floor(place);
    const isOut = left < 0 || left >= from - 1;
    const rest = isAcross && isOut ? 0 : Math.fround(place - left);
    first[i] = Math.min(Math.max(left, 0), from - 1);
    second[i] = Math.min(Math.max(left + 1, 0), from - 1);
    weights[2 * i] = rint(Math.fround(1 - rest) * ONE);
    weights[2 * i + 1] = rint(rest * ONE);
  }
  return { first, second, weights };
}

function fillRow(row, { data, width, channels }, y, { first, second, weights }) {
  if (row.y === y) return;
  row.y = y;
  const start = y * width * channels;
  for (let x = 0, at = 0; x < first.length; x++) {
    const left = start + first[x] * channels;
    const right = start + second[x] * channels;
    for (let c = 0; c < channels; c++, at++) {
      row.values[at] =
        data[left + c] * weights[2 * x] + data[right + c] * weights[2 * x + 1];
    }
  }
}

// For each new pixel the first old one that it covers, and the shares of all of them.
function shares(from, to) {
  const scale = 1 / (to / from);
  return Array.from({ length: to }, (_, i) => {
    const low = i * scale;
    const high = low + scale;
    const covered = Math.min(scale, from - low);
    const end = Math.min(Math.floor(high), from - 1);
    const start = Math.min(Math.ceil(low), end);
    const weights = [];
    if (start - low > 1e-3) weights.push(Math.fround((start - low) / covered));
    for (let k = start; k < end; k++) weights.push(Math.fround(1 / covered));
    if (high - end > 1e-3) {
      weights.push(Math.fround(Math.min(high - end, 1, covered) / covered));
    }
    return { start: start - low > 1e-3 ? start - 1 : start, weights };
  });
}

function averageRow({ data, width, channels }, y, across, rows) {
  let at = y * across.length * channels;
  for (const { start, weights } of across) {
    const from = (y * width + start) * channels;
    for (let c = 0; c < channels; c++, at++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        const share = Math.fround(weights[k] * data[from + k * channels + c]);
        sum = Math.fround(sum + share); // in OpenCV's precision and order
      }
      rows[at] = sum;
    }
  }
}
