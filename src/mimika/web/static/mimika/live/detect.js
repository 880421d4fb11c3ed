// Finds faces with YuNet in one look at a small copy: the counterpart of
// `mimika.runtime.yunet` and of the detail `fast` in `mimika.runtime.faces`.
import { clip, dropInner, inOrder, suppress } from "./boxes.js";
import { halved, interpolated } from "./resize.js";
import { rint } from "./rounding.js";

const LONGEST = 320; // longest side of the network's input, and the least score
const SCORE = 0.5;
const OVERLAP = 0.3;
const INNER = 0.6;
const MULTIPLE = 32; // the network's coarsest stride: both sides are filled up to it

/**
 * What the network sees of an RGBA picture.
 *
 * Returns {data, width, height, scales}: uint8 planes B, G, R with zeros at the right
 * and bottom, and pixels of it for one of the picture, across and down.
 */
export function detectorInput(picture) {
  const scale = LONGEST / Math.max(picture.width, picture.height);
  const newWidth = Math.max(1, rint(picture.width * scale));
  const newHeight = Math.max(1, rint(picture.height * scale));
  const small = scaled(picture, newWidth, newHeight);
  const [width, height] = [filled(newWidth), filled(newHeight)];
  const data = new Uint8Array(3 * width * height);
  for (let plane = 0; plane < 3; plane++) {
    let at = plane * width * height;
    let from = 2 - plane;
    for (let y = 0; y < newHeight; y++, at += width - newWidth) {
      for (let x = 0; x < newWidth; x++, at++, from += 4) data[at] = small.data[from];
    }
  }
  const scales = [
    Math.fround(newWidth / picture.width),
    Math.fround(newHeight / picture.height),
  ];
  return { data, width, height, scales };
}

/**
 * The faces among what the network answered.
 *
 * `answer` has scores (N), boxes (N, 4) and landmarks (N, 5, 2) in pixels of its input.
 * Returns {score, box, landmarks}, in pixels of the picture, from left to right: the
 * box inside the picture, landmarks as pairs, the person's right eye first.
 */
export function detections(answer, scales, { width, height }) {
  const candidates = [];
  answer.scores.forEach((score, i) => {
    if (score >= SCORE) candidates.push(candidate(answer, i, scales));
  });
  const found = dropInner(suppress(candidates, OVERLAP), INNER);
  return found
    .map((face) => ({ ...face, box: clip(face.box, width, height) }))
    .filter(({ box }) => box[2] > 0 && box[3] > 0)
    .sort(inOrder);
}

function candidate({ scores, boxes, landmarks }, i, scales) {
  const place = (value, axis) => Math.fround(value / scales[axis]);
  return {
    score: Math.min(scores[i], 1),
    box: [...boxes.subarray(4 * i, 4 * i + 4)].map((value, k) => place(value, k % 2)),
    landmarks: [0, 1, 2, 3, 4].map((k) => [
      place(landmarks[10 * i + 2 * k], 0),
      place(landmarks[10 * i + 2 * k + 1], 1),
    ]),
  };
}

// Halved as often as possible, the rest interpolated.
function scaled(picture, width, height) {
  let small = picture;
  while (small.width >= 2 * width && small.height >= 2 * height) small = halved(small);
  const fits = small.width === width && small.height === height;
  return fits ? small : interpolated(small, width, height);
}

function filled(side) {
  return Math.ceil(side / MULTIPLE) * MULTIPLE;
}
