// The square around a face that the classifier sees: the counterpart of
// `mimika.runtime.framing`.
import { rint } from "./rounding.js";

const SIDE = 1.07; // of the root of the box's area
const LEAST_TILT_DEGREES = 10;
const VECTOR = 16; // pixels that OpenCV computes at a time; the last few in other order

/** How far a head leans to the right as seen, in degrees, by its eyes. */
export function tiltOf([rightEye, leftEye]) {
  const across = Math.fround(leftEye[0] - rightEye[0]);
  const down = Math.fround(leftEye[1] - rightEye[1]);
  return (Math.atan2(down, across) * 180) / Math.PI;
}

/**
 * Cuts out the square around a face, upright where the head leans far; where it leaves
 * the picture, the picture's edge is repeated.
 *
 * Takes an RGBA picture, the detector's box and the tilt; returns an RGBA picture.
 */
export function faceCrop(picture, box, tiltDegrees) {
  const side = Math.max(1, rint(Math.sqrt(box[2] * box[3]) * SIDE));
  const left = rint(box[0] + box[2] / 2 - side / 2);
  const top = rint(box[1] + box[3] / 2 - side / 2);
  const quarters = rint(tiltDegrees / 90);
  if (Math.abs(tiltDegrees - 90 * quarters) < LEAST_TILT_DEGREES) {
    return turned(square(picture, left, top, side), quarters);
  }
  return straightened(picture, origins(left, top, rint(tiltDegrees), side), side);
}

// As it lies in the picture.
function square(picture, left, top, side) {
  const [pixels, made] = [pixelsOf(picture), empty(side)];
  const target = pixelsOf(made);
  for (let row = 0, at = 0; row < side; row++) {
    const start = clamped(top + row, picture.height) * picture.width;
    for (let column = 0; column < side; column++, at++) {
      target[at] = pixels[start + clamped(left + column, picture.width)];
    }
  }
  return made;
}

// Turned counter-clockwise by quarters, as np.rot90 does.
function turned(picture, quarters) {
  const side = picture.width;
  let made = picture;
  for (let turn = 0; turn < ((quarters % 4) + 4) % 4; turn++) {
    const [from, next] = [pixelsOf(made), empty(side)];
    const target = pixelsOf(next);
    for (let y = 0, at = 0; y < side; y++) {
      for (let x = 0; x < side; x++, at++) target[at] = from[x * side + side - 1 - y];
    }
    made = next;
  }
  return made;
}

// As cv2.warpAffine with INTER_LINEAR in OpenCV 5, down to its float32 numbers: int8
// networks answer visibly otherwise when a single pixel differs by one level.
function straightened(picture, [ax, bx, cx, ay, by, cy], side) {
  const made = empty(side);
  const sample = [0, 0, 0];
  const vectors = side - (side % VECTOR);
  for (let row = 0, at = 0; row < side; row++) {
    const [rowX, rowY] = [Math.fround(bx * row), Math.fround(by * row)];
    for (let column = 0; column < side; column++, at += 4) {
      const add = column < vectors ? addedFirst : addedLast;
      const fromX = add(ax * column, rowX, cx);
      const fromY = add(ay * column, rowY, cy);
      interpolate(picture, fromX, fromY, sample);
      made.data.set(sample, at);
    }
  }
  return made;
}

// Products of two float32 are exact here, as in the fused operations of processors.
function addedFirst(product, other, constant) {
  return Math.fround(product + Math.fround(other + constant));
}

function addedLast(product, other, constant) {
  return Math.fround(Math.fround(product + other) + constant);
}

// float32 [ax, bx, cx, ay, by, cy]: the place (ax * column + bx * row + cx, ...) of the
// picture from which a pixel comes. As cv2.getRotationMatrix2D, moved and inverted.
function origins(left, top, degrees, side) {
  const angle = degrees * (Math.PI / 180);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const middle = (side - 1) / 2; // pixels' middles are whole numbers
  const [centreX, centreY] = [left + middle, top + middle];
  const rightwards = (1 - cos) * centreX - sin * centreY - left;
  const downwards = sin * centreX + (1 - cos) * centreY - top;
  const scale = 1 / (cos * cos + sin * sin);
  const [a, b] = [cos * scale, sin * scale];
  const fromX = -a * rightwards + b * downwards;
  const fromY = -b * rightwards - a * downwards;
  return [a, -b, fromX, b, a, fromY].map(Math.fround);
}

function interpolate({ data, width, height }, x, y, sample) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [restX, restY] = [Math.fround(x - left), Math.fround(y - top)];
  const upper = clamped(top, height) * width;
  const lower = clamped(top + 1, height) * width;
  const [near, far] = [clamped(left, width), clamped(left + 1, width)];
  for (let c = 0; c < 3; c++) {
    const above = mix(data[4 * (upper + near) + c], data[4 * (upper + far) + c], restX);
    const below = mix(data[4 * (lower + near) + c], data[4 * (lower + far) + c], restX);
    sample[c] = rint(mix(above, below, restY));
  }
}

function mix(one, other, share) {
  return Math.fround(one + (other - one) * share);
}

function clamped(place, size) {
  return Math.min(Math.max(place, 0), size - 1);
}

function empty(side) {
  const data = new Uint8Array(4 * side * side);
  return { data, width: side, height: side, channels: 4 };
}

// All four channels of a pixel as one number, which is copied faster.
function pixelsOf({ data }) {
  return new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
}
