// Keeps the present moment: the one picture that is sent, by the form for pictures.

const NOT_SENT = "The picture could not be sent; is there a connection? Try again.";
const REFUSED = "The picture was not accepted. Load the page again and try once more.";
const LOGGED_OUT = "You are logged out. Log in again, then come back to this page.";

/**
 * Sends the video's present frame with the fields of a form, as the form for pictures
 * does. Returns {address} of the result, or {problem} in words.
 */
export async function keep(form, video) {
  const content = new FormData(form);
  const now = new Date();
  const day = localDay(now);
  content.set("taken", day);
  const time = now.toTimeString().slice(0, 8).replaceAll(":", "");
  content.set("pictures", await photograph(video), `live-${day}-${time}.jpg`);
  try {
    const answer = await fetch(form.action, { method: "POST", body: content });
    const stays = new URL(answer.url).pathname === new URL(form.action).pathname;
    if (answer.redirected && answer.url.includes("/login/")) return { problem: LOGGED_OUT };
    if (answer.ok && !stays) return { address: answer.url };
    return { problem: reason(await answer.text()) };
  } catch {
    return { problem: NOT_SENT };
  }
}

// As the camera sees it: mirroring is only for the screen.
async function photograph(video) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
}

// What the server's page says about it.
function reason(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = page.querySelector("form .alert, form .errorlist li, .said p");
  return said?.textContent.trim() || REFUSED;
}

function localDay(now) {
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
