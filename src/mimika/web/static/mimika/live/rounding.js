// Rounding as Python, NumPy and OpenCV do it: halves go to the even neighbour.

/** The nearest whole number of `value`; of two, the even one. */
export function rint(value) {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest < 0.5) return low;
  if (rest > 0.5) return low + 1;
  return low % 2 === 0 ? low : low + 1;
}
