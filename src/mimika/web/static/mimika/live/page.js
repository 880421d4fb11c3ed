// The live page: buttons, and the loop from the newest frame to what is shown of it.
import { LOST, cameras, explain, missing, openCamera } from "./camera.js";
import { Engine, hasGraphics, threadsHere } from "./engine.js";
import { Frames, Rate } from "./frames.js";
import { keep } from "./keep.js";
import { Overlay } from "./overlay.js";
import { Panel } from "./panel.js";
import { Timeline } from "./timeline.js";

const REDRAWN_MS = 125; // bars and timeline: faster than that nobody reads
const BROKEN = "The model could not be loaded. Check the connection, then load the page again.";

const root = document.querySelector("[data-live]");
const find = (name) => root.querySelector(`[data-${name}]`);
const facts = JSON.parse(document.getElementById("live-facts").textContent);
// For measurements: ?threads=1, and ?runtime=wasm or webgpu without a comparison.
const asked = new URLSearchParams(window.location.search);

const video = find("video");
const frames = new Frames(video);
const overlay = new Overlay(find("overlay"), video, facts);
const panel = new Panel(find("people"), find("template"), facts);
const timeline = new Timeline(find("timeline"), facts.labels);

let engine; // a promise from the first start on
let stream = null;
let tries = 0; // numbers the starts, so that one that was given up is known
let drawnMs = 0;

function say(state, words, problem = "") {
  root.dataset.state = state;
  find("said").textContent = words;
  find("problem").hidden = !problem;
  find("problem").textContent = problem;
  const on = state === "running" || state === "paused";
  find("off").hidden = on;
  find("start").hidden = on || state === "loading";
  find("stop").hidden = !find("start").hidden;
  find("keep").disabled = state !== "running";
}

async function openEngine() {
  const opened = new Engine(facts.worker);
  const chosen = asked.get("runtime");
  const runtime = chosen ?? ((await hasGraphics()) ? "webgpu" : "wasm");
  const places = Object.fromEntries(
    Object.entries(facts.places).map(([name, place]) => [name, absolute(place)]),
  );
  const threads = threadsHere(Number(asked.get("threads")));
  const options = { places, runtime, threads, onTrial: !chosen };
  try {
    const { card, runtime: used } = await opened.open(options);
    Object.assign(root.dataset, { runtime: used, threads });
    find("model").textContent = card.name;
  } catch (error) {
    opened.close();
    throw error;
  }
  return opened;
}

const absolute = (place) => new URL(place, window.location.href).href;

async function start() {
  const mine = ++tries;
  say("loading", "Starting the camera …");
  let opened;
  try {
    opened = await openCamera(find("cameras").value);
  } catch (error) {
    if (mine === tries) say("problem", "", explain(error));
    return;
  }
  if (mine !== tries) return release(opened);
  stream = opened;
  stream.getVideoTracks()[0].addEventListener("ended", () => {
    if (stream === opened) stop(LOST);
  });
  await showCameras();
  timeline.clear();
  try {
    say("loading", "Loading the model …");
    engine ??= openEngine();
    await (await engine).forget();
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    engine = undefined;
    console.warn("the live page:", error);
    if (mine === tries) stop(BROKEN);
    return;
  }
  if (mine === tries) await run(mine);
}

function release(unused) {
  for (const track of unused.getTracks()) track.stop();
}

function stop(problem = "") {
  tries++;
  frames.stop();
  if (stream) release(stream);
  stream = null;
  video.srcObject = null;
  show([], performance.now());
  find("rate").textContent = "";
  delete root.dataset.fps;
  say(problem ? "problem" : "idle", problem ? "" : "The camera is off.", problem);
}

async function run(mine) {
  const rate = new Rate();
  const watched = await engine;
  const { width, height } = stream.getVideoTracks()[0].getSettings();
  find("stage").style.aspectRatio = `${video.videoWidth || width} / ${video.videoHeight || height}`;
  frames.start();
  resumeOrPause();
  for (;;) {
    await frames.next();
    if (mine !== tries) return;
    if (document.hidden || !video.videoWidth) continue;
    try {
      await work(watched, rate);
    } catch (error) {
      if (mine !== tries) return;
      console.warn("the live page:", error);
      engine = undefined;
      watched.close();
      stop(BROKEN);
    }
  }
}

async function work(watched, rate) {
  const beganMs = performance.now();
  const picture = frames.grab();
  const grabMs = performance.now() - beganMs;
  const answer = await watched.follow(picture, beganMs / 1000);
  if (!stream) return; // stopped in the meantime
  const endedMs = performance.now();
  show(answer.people, endedMs);
  const fps = rate.count(endedMs / 1000);
  const { detectMs, classifyMs } = answer;
  const detail = { grabMs, detectMs, classifyMs, frameMs: endedMs - beganMs };
  root.dispatchEvent(new CustomEvent("live:frame", { detail })); // benchmarks listen
  if (fps) root.dataset.fps = fps.toFixed(1);
}

function show(people, nowMs) {
  overlay.draw(people, find("mirror").checked);
  root.dataset.seen = people.length;
  timeline.note(people, nowMs / 1000);
  if (nowMs - drawnMs < REDRAWN_MS && people.length) return;
  drawnMs = nowMs;
  panel.show(people);
  timeline.draw(nowMs / 1000);
  find("nobody").hidden = people.length > 0;
  find("rate").textContent = root.dataset.fps
    ? `${Math.round(root.dataset.fps)} frames a second`
    : "";
}

async function showCameras() {
  const select = find("cameras");
  const used = stream.getVideoTracks()[0].getSettings().deviceId;
  const found = await cameras();
  select.replaceChildren(...found.map(({ id, name }) => new Option(name, id)));
  select.disabled = found.length < 2;
  select.value = used ?? found[0]?.id ?? "";
}

function resumeOrPause() {
  if (!stream || !["running", "paused", "loading"].includes(root.dataset.state)) return;
  if (document.hidden) say("paused", "Paused while the page cannot be seen.");
  else say("running", "The camera is on. Its pictures stay on this computer.");
}

async function keepMoment(event) {
  event.preventDefault();
  const said = find("kept");
  find("keep").disabled = true;
  said.replaceChildren("Sending this one picture …");
  const { address, problem } = await keep(event.target, video);
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = "See the result";
    said.replaceChildren("Kept in your history. ", link);
  } else {
    said.replaceChildren(problem);
  }
  find("keep").disabled = root.dataset.state !== "running";
}

function mirror() {
  video.classList.toggle("mirrored", find("mirror").checked);
}

find("start").addEventListener("click", start);
find("stop").addEventListener("click", () => stop());
find("mirror").addEventListener("change", mirror);
find("form").addEventListener("submit", keepMoment);
find("cameras").addEventListener("change", () => {
  if (!stream) return;
  stop();
  start();
});
document.addEventListener("visibilitychange", resumeOrPause);
window.addEventListener("pagehide", () => stop());

mirror();
timeline.draw(0);
find("tools").hidden = false;
if (missing()) {
  say("problem", "", missing());
  find("start").disabled = true;
} else {
  say("idle", "The camera is off.");
}
