// The square around a face that the classifier sees: the counterpart of
// `mimika.runtime.framing`.
import { rint } from "./rounding.js";

const SIDE = 1.07; // of the root of the box's area
const LEAST_TILT_DEGREES = 10;

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
  const quarters = rint(tiltDegrees / 90);
  if (Math.abs(tiltDegrees - 90 * quarters) < LEAST_TILT_DEGREES) {
    return turned(square(picture, box, side), quarters);
  }
  return straightened(picture, box, tiltDegrees, side);
}

// As it lies in the picture.
function square(picture, [x, y, w, h], side) {
  const left = rint(x + w / 2 - side / 2);
  const top = rint(y + h / 2 - side / 2);
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

// As cv2.warpAffine with INTER_LINEAR in OpenCV 5: places are not rounded to 1/32 pixel.
function straightened(picture, [x, y, w, h], tiltDegrees, side) {
  const angle = (tiltDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [centreX, centreY] = [x + w / 2 - 0.5, y + h / 2 - 0.5];
  const middle = (side - 1) / 2;
  const made = empty(side);
  const sample = [0, 0, 0];
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += 4) {
      const [dx, dy] = [column - middle, row - middle];
      const fromX = centreX + cos * dx - sin * dy;
      const fromY = centreY + sin * dx + cos * dy;
      interpolate(picture, fromX, fromY, sample);
      made.data.set(sample, at);
    }
  }
  return made;
}

function interpolate({ data, width, height }, x, y, sample) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [restX, restY] = [x - left, y - top];
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
  return one + (other - one) * share;
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
