// Works beside the page, so that the picture never stutters. It is sent {id, task, ...}
// and answers each message with {id, ...} or {id, error}; engine.js is its other end.
import { People } from "./people.js";
import { openNetworks } from "./networks.js";
import { agreesAndIsFaster } from "./trial.js";

// The others wait for the next frame: with many faces the picture goes on moving.
const CLASSIFIED_A_FRAME = 2;

let networks;
let people = new People();

const tasks = {
  async open({ options }) {
    networks = await openNetworks(options);
    if (options.runtime === "webgpu" && options.onTrial) {
      const plain = await openNetworks({ ...options, runtime: "wasm" });
      if (!(await agreesAndIsFaster(networks, plain))) networks = plain;
      return { card: networks.card, runtime: networks === plain ? "wasm" : "webgpu" };
    }
    return { card: networks.card, runtime: options.runtime };
  },

  async analyze({ picture }) {
    return { faces: await networks.analyze(picture) };
  },

  async follow({ picture, timeS }) {
    const began = performance.now();
    const faces = await networks.detect(picture);
    const detected = performance.now();
    people.place(faces, timeS);
    for (const person of people.waiting(CLASSIFIED_A_FRAME, timeS)) {
      person.hear(await networks.classify(picture, person.face), timeS);
    }
    const detectMs = detected - began;
    const classifyMs = performance.now() - detected;
    return { people: people.shown(timeS), detectMs, classifyMs };
  },

  async forget() {
    people = new People();
    return {};
  },
};

addEventListener("message", async ({ data: { id, task, ...given } }) => {
  try {
    postMessage({ id, ...(await tasks[task](given)) });
  } catch (error) {
    postMessage({ id, error: String(error?.message ?? error) });
  }
});
