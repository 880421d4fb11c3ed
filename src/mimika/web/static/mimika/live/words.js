// Numbers in words, as on the page of a result.

/** A probability for people: never 0 % or 100 % when it is not. */
export function percent(probability) {
  if (probability > 0 && probability < 0.005) return "< 1 %";
  if (probability < 1 && probability >= 0.995) return "> 99 %";
  return `${Math.round(100 * probability)} %`;
}
