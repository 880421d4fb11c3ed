// From frame to frame: where the faces are, and what they show. Where there is no time for
// both networks in a frame, they take turns: faces are found in one frame, and in the next
// they are taken to be where they were, and classified.
import { People } from "./people.js";

const LONGEST_MS = 35; // of both networks in a frame: the camera has 30 a second
const MOST_FACES = 2; // classified in a frame; the others wait for the next
const NEWS = 0.2; // share of a new time in the mean

export class Follower {
  #networks;
  #people = new People();
  #detectMs = 0;
  #classifyMs = 0;
  #found = 0; // faces in the newest frame in which they were looked for
  #looked = false; // whether that was the last frame

  /** Takes the networks; nobody is known yet. */
  constructor(networks) {
    this.#networks = networks;
  }

  /** The people {number, box, probabilities, label, sure} in a frame, and the time it took. */
  async follow(picture, timeS) {
    const takesTurns = this.#found > 0 && this.#detectMs + this.#classifyMs > LONGEST_MS;
    const looks = !takesTurns || !this.#looked;
    const detectMs = looks ? await this.#look(picture, timeS) : 0;
    if (!looks) this.#people.stay(timeS);
    const classifyMs = looks && takesTurns ? 0 : await this.#classify(picture, timeS);
    this.#looked = looks;
    return { people: this.#people.shown(timeS), detectMs, classifyMs };
  }

  async #look(picture, timeS) {
    const began = performance.now();
    const faces = await this.#networks.detect(picture);
    this.#people.place(faces, timeS);
    this.#found = faces.length;
    const spent = performance.now() - began;
    this.#detectMs += NEWS * (spent - this.#detectMs);
    return spent;
  }

  async #classify(picture, timeS) {
    const began = performance.now();
    for (const person of this.#people.waiting(MOST_FACES, timeS)) {
      person.hear(await this.#networks.classify(picture, person.face), timeS);
    }
    const spent = performance.now() - began;
    if (this.#found) this.#classifyMs += NEWS * (spent - this.#classifyMs);
    return spent;
  }
}
