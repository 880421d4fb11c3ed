// Whether a graphics processor is worth it: it has to answer like the processor, and to
// answer sooner. Small networks often are not faster there.

const ROUNDS = 8;
const MOST = 0.01; // difference of two probabilities
const SIDE = 160;

/** Compares two pairs of networks on a drawn picture. */
export async function agreesAndIsFaster(candidate, plain) {
  try {
    const [one, other] = [await timed(candidate), await timed(plain)];
    const agrees = one.answer.every((value, i) => Math.abs(value - other.answer[i]) < MOST);
    return agrees && one.ms < other.ms;
  } catch {
    return false; // it cannot do some part of the networks
  }
}

async function timed(networks) {
  const picture = drawn();
  const face = { box: [40, 40, 80, 80], landmarks: [[60, 70], [100, 70]] };
  let answer;
  let ms = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await networks.detect(picture);
    answer = await networks.classify(picture, face);
    ms = Math.min(ms, performance.now() - began);
  }
  return { ms, answer };
}

// Waves, so that every part of the networks has something to do.
function drawn() {
  const data = new Uint8Array(4 * SIDE * SIDE);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [(i >> 2) % SIDE, Math.floor((i >> 2) / SIDE)];
    data[i] = 127 + 60 * Math.sin(x / 9) + 60 * Math.cos(y / (7 + (i % 4)));
  }
  return { data, width: SIDE, height: SIDE, channels: 4 };
}
