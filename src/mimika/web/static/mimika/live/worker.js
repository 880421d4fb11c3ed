// Works beside the page, so that the picture never stutters. It is sent {id, task, ...}
// and answers each message with {id, ...} or {id, error}; engine.js is its other end.
import { Follower } from "./follower.js";
import { openNetworks } from "./networks.js";
import { agreesAndIsFaster } from "./trial.js";

let networks;
let follower;

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
    return follower.follow(picture, timeS);
  },

  async forget() {
    follower = new Follower(networks);
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
