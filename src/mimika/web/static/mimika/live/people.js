// Who is who from frame to frame. All times are seconds, so that a slow computer shows
// the same as a fast one.
import { overlap } from "./boxes.js";
import { Smoother } from "./smoothing.js";

const SAME = 0.3; // boxes of one face in two frames share at least this (IoU)
const SHOWN_S = 0.25; // a face that is not found is shown for so long ...
const KEPT_S = 1.5; // ... and known again for so long

/** Everybody who was seen lately. */
export class People {
  #people = [];

  /**
   * Gives the faces {box, ...} of a frame to the people, the best overlaps first; whoever
   * is new gets the lowest number that is free.
   */
  place(faces, timeS) {
    this.#people = this.#people.filter((person) => timeS - person.seenS < KEPT_S);
    const pairs = this.#people
      .flatMap((person) =>
        faces.map((face) => ({ person, face, share: overlap(person.box, face.box) })),
      )
      .filter(({ share }) => share >= SAME)
      .sort((one, other) => other.share - one.share);
    const placed = new Set(); // people and faces
    for (const { person, face } of pairs) {
      if (placed.has(person) || placed.has(face)) continue;
      person.move(face, timeS);
      placed.add(person).add(face);
    }
    for (const face of faces) {
      if (placed.has(face)) continue;
      this.#people.push(new Person(this.#freeNumber(), face, timeS));
    }
  }

  /** Takes it that everybody of the newest frame is still there in this one. */
  stay(timeS) {
    const newestS = Math.max(...this.#people.map(({ seenS }) => seenS));
    for (const person of this.#people) {
      if (person.seenS === newestS) person.seenS = timeS;
    }
  }

  /** At most `count` of those in the newest frame, who waited longest for an answer. */
  waiting(count, timeS) {
    return this.#people
      .filter((person) => person.seenS === timeS)
      .sort((one, other) => one.heardS - other.heardS)
      .slice(0, count);
  }

  /** Those to show: seen a moment ago, and classified at least once. */
  shown(timeS) {
    return this.#people
      .filter((person) => timeS - person.seenS < SHOWN_S && person.answer)
      .map((person) => person.view());
  }

  #freeNumber() {
    const taken = new Set(this.#people.map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number++;
    return number;
  }
}

export class Person {
  heardS = -Infinity;
  answer = null; // {probabilities, label, sure}; none yet
  #smoother = new Smoother();

  /** Somebody new: their number, and the face in which they were seen. */
  constructor(number, face, timeS) {
    this.number = number;
    this.move(face, timeS);
  }

  /** They were seen there. */
  move(face, timeS) {
    this.face = face;
    this.box = face.box;
    this.seenS = timeS;
  }

  /** Takes the calibrated probabilities of a frame into account. */
  hear(probabilities, timeS) {
    this.answer = this.#smoother.update(probabilities, timeS);
    this.heardS = timeS;
  }

  /** What the page needs, to be sent to it. */
  view() {
    const { number, box, answer } = this;
    return { number, box, ...answer };
  }
}
