// Boxes [x, y, width, height]: which of them show the same face. The counterpart of
// `mimika.runtime.boxes`.

/** The area that two boxes share. */
export function shared(one, other) {
  const width = Math.min(one[0] + one[2], other[0] + other[2]) - Math.max(one[0], other[0]);
  const height = Math.min(one[1] + one[3], other[1] + other[3]) - Math.max(one[1], other[1]);
  return Math.max(width, 0) * Math.max(height, 0);
}

/** The shared area as a share of the area of both. */
export function overlap(one, other) {
  const both = shared(one, other);
  return both / Math.max(area(one) + area(other) - both, Number.MIN_VALUE);
}

/** The best of candidates {score, box} whose boxes overlap more than `most`. */
export function suppress(candidates, most) {
  const kept = [];
  // Array.sort is stable, as the Python one is
  for (const one of [...candidates].sort((a, b) => b.score - a.score)) {
    if (kept.every((better) => overlap(better.box, one.box) <= most)) kept.push(one);
  }
  return kept;
}

/** Without those of which more than `share` lies in a larger one: eyes and mouths. */
export function dropInner(candidates, share) {
  return candidates.filter((one) => {
    const own = area(one.box);
    return !candidates.some(
      (other) => area(other.box) > own && shared(one.box, other.box) > share * own,
    );
  });
}

/** A box cut off at the borders of a picture, in the precision of the networks. */
export function clip(box, width, height) {
  const left = Math.min(Math.max(box[0], 0), width);
  const top = Math.min(Math.max(box[1], 0), height);
  const right = Math.min(Math.max(Math.fround(box[0] + box[2]), 0), width);
  const bottom = Math.min(Math.max(Math.fround(box[1] + box[3]), 0), height);
  return [left, top, Math.fround(right - left), Math.fround(bottom - top)];
}

/** From left to right, then from top to bottom: an order for Array.sort. */
export function inOrder(one, other) {
  const differs = one.box.findIndex((value, i) => value !== other.box[i]);
  return differs < 0 ? 0 : one.box[differs] - other.box[differs];
}

function area(box) {
  return box[2] * box[3];
}
