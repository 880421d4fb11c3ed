// The camera: whether there can be one, opening it, and in words why not.

const SIZE = { width: { ideal: 640 }, height: { ideal: 480 } };
const PROBLEMS = {
  NotAllowedError:
    "The browser was not allowed to use the camera. Allow it by the symbol beside the " +
    "address, then press Start again.",
  NotFoundError: "No camera was found. Connect one, then press Start again.",
  NotReadableError:
    "The camera is busy: another program may be using it. Close that, then press Start " +
    "again.",
};
PROBLEMS.SecurityError = PROBLEMS.NotAllowedError;
PROBLEMS.OverconstrainedError = PROBLEMS.NotFoundError;
PROBLEMS.AbortError = PROBLEMS.NotReadableError;
const OTHERWISE = "The camera could not be started. Connect it again, then press Start.";

export const LOST =
  "The camera has gone: it was unplugged, or something else took it. Connect it, then " +
  "press Start again.";

/** What is missing here for the page to work, in words; empty where nothing is. */
export function missing() {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    return (
      "Browsers give the camera only to pages of https addresses and of this computer " +
      "(localhost). Open the page by such an address."
    );
  }
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    return "This needs WebAssembly and workers. Use a newer browser, or allow them.";
  }
  return "";
}

/** Opens a camera, the one with this id or any; throws what `explain` understands. */
export async function openCamera(id) {
  const which = id ? { deviceId: { exact: id } } : { facingMode: "user" };
  return navigator.mediaDevices.getUserMedia({ video: { ...SIZE, ...which } });
}

/** The cameras {id, name}; their names are known once one was allowed. */
export async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId }) => kind === "videoinput" && deviceId)
    .map(({ deviceId, label }, i) => ({ id: deviceId, name: label || `Camera ${i + 1}` }));
}

/** Why a camera could not be opened, and what to do next. */
export function explain(error) {
  return PROBLEMS[error?.name] ?? OTHERWISE;
}
