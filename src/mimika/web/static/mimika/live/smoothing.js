// One steady answer from many shaky ones: the counterpart of `mimika.runtime.smoothing`,
// which explains the rule and where its settings come from. All times are seconds.
import { softmax } from "./classify.js";

const LEAST = 1e-3; // probability: a class that one frame rules out may still come back
const LONG_S = 1; // time constant of the mean that is shown
const SHORT_S = 0.05; // of the one that knows what is new
const DIFFER = 0.2; // Hellinger's distance (0..1) of the two from which on they differ
const EVIDENCE_S = 0.03; // how long they have to, in at least two frames
const MARGIN = 0.05; // of probability, by which another class has to lead
const SURE_FROM = 0.5; // probability of the shown class from which on the answer is sure
const SURE_AFTER_S = 0.1; // how long a mean has to go on before its answer is sure

/** The answers about one face. */
export class Smoother {
  #short = null; // until the first answer
  #long = null;
  #timeS = 0;
  #lastedS = 0; // how long the long mean has gone on
  #differSinceS = null;
  #label = 0;

  /**
   * Takes the calibrated probabilities of a frame, which is not before the former one;
   * returns what is to be shown from then on: {probabilities, label, sure}.
   */
  update(probabilities, timeS) {
    const logits = probabilities.map((value) => Math.log(Math.max(value, LEAST)));
    if (this.#long) {
      this.#take(logits, timeS - this.#timeS);
      this.#compare(timeS);
    } else {
      this.#short = this.#long = logits;
      this.#label = largest(logits);
    }
    this.#timeS = timeS;
    return this.#answer(softmax(this.#long));
  }

  // Moves both means; the long one is a plain mean until it has gone on long.
  #take(logits, seconds) {
    this.#lastedS += seconds;
    const fresh = 1 - Math.exp(-seconds / SHORT_S);
    const equal = seconds ? seconds / (this.#lastedS + seconds) : 0;
    const share = Math.max(1 - Math.exp(-seconds / LONG_S), equal);
    this.#short = moved(this.#short, logits, fresh);
    this.#long = moved(this.#long, logits, share);
  }

  // Begins anew where the two means have differed for long enough.
  #compare(timeS) {
    if (distance(this.#short, this.#long) <= DIFFER) {
      this.#differSinceS = null;
    } else if (this.#differSinceS === null) {
      this.#differSinceS = timeS;
    } else if (timeS - this.#differSinceS >= EVIDENCE_S) {
      this.#long = this.#short;
      this.#lastedS = SHORT_S;
      this.#differSinceS = null;
    }
  }

  #answer(probabilities) {
    const best = largest(probabilities);
    if (probabilities[best] - probabilities[this.#label] > MARGIN) this.#label = best;
    const sure =
      best === this.#label &&
      probabilities[best] >= SURE_FROM &&
      this.#differSinceS === null &&
      this.#lastedS >= SURE_AFTER_S;
    return { probabilities, label: this.#label, sure };
  }
}

function largest(values) {
  return values.indexOf(Math.max(...values));
}

function moved(mean, values, share) {
  return mean.map((value, i) => value + share * (values[i] - value));
}

// Hellinger's, of two answers that are given by their logits: 0..1.
function distance(one, other) {
  const others = softmax(other);
  const common = softmax(one).reduce((sum, value, i) => sum + Math.sqrt(value * others[i]), 0);
  return Math.sqrt(Math.max(1 - common, 0));
}
