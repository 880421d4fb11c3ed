// Boxes and labels over the camera's picture.
import { percent } from "./words.js";

const DARK = "#101010"; // around what is drawn: it shows on any picture
const FONT_PX = 15;

export class Overlay {
  #canvas;
  #video;
  #facts;

  /** Takes the canvas that lies on the video, and what the page knows. */
  constructor(canvas, video, facts) {
    this.#canvas = canvas;
    this.#video = video;
    this.#facts = facts;
  }

  /** Draws the people anew; on a mirrored picture boxes are, words are not. */
  draw(people, isMirrored) {
    const context = this.#fitted();
    const scale = this.#canvas.clientWidth / this.#video.videoWidth || 0;
    for (const person of people) {
      const [x, y, w, h] = person.box.map((value) => value * scale);
      const left = isMirrored ? this.#canvas.clientWidth - x - w : x;
      this.#person(context, person, [left, y, w, h]);
    }
  }

  // The context in CSS pixels, empty, as sharp as the screen is.
  #fitted() {
    const canvas = this.#canvas;
    const dots = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const [wide, high] = [Math.round(width * dots), Math.round(height * dots)];
    if (canvas.width !== wide || canvas.height !== high) {
      Object.assign(canvas, { width: wide, height: high });
    }
    const context = canvas.getContext("2d");
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  #person(context, person, box) {
    const { colour, onColour, name } = this.#facts.labels[person.label];
    const probability = person.probabilities[person.label];
    context.setLineDash(person.sure ? [] : [8, 6]);
    outline(context, box, DARK, 5);
    outline(context, box, colour, 3);
    const words = `${person.number} ${name} ${percent(probability)}${person.sure ? "" : " ?"}`;
    plate(context, box, words, colour, onColour);
  }
}

function outline(context, box, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(...box);
}

function plate(context, [x, y, , h], words, colour, onColour) {
  context.font = `600 ${FONT_PX}px system-ui, sans-serif`;
  const width = context.measureText(words).width + 12;
  const height = FONT_PX + 8;
  const most = context.canvas.clientWidth - width;
  const left = Math.max(Math.min(x - 1.5, most), 0);
  const top = y >= height ? y - height : Math.min(y + h, context.canvas.clientHeight - height);
  context.fillStyle = colour;
  context.fillRect(left, top, width, height);
  context.fillStyle = onColour;
  context.fillText(words, left + 6, top + FONT_PX + 1);
}
