// What was shown in the last minute: a band for each person, in the labels' colours.

const SPAN_S = 60;
const GAP_S = 0.5; // a person who was away longer begins a new piece
const ROW_PX = 20;
const BAND_PX = 14;
const MOST_ROWS = 6;
const NUMBERS_PX = 22;

export class Timeline {
  #canvas;
  #labels;
  #pieces = new Map();

  /** Takes the canvas and the labels with their colours. */
  constructor(canvas, labels) {
    this.#canvas = canvas;
    this.#labels = labels;
  }

  /** Notes what is shown of these people now. */
  note(people, timeS) {
    for (const { number, label } of people) {
      const pieces = this.#pieces.get(number) ?? [];
      const last = pieces.at(-1);
      if (last && last.label === label && timeS - last.toS < GAP_S) last.toS = timeS;
      else pieces.push({ fromS: timeS, toS: timeS, label });
      this.#pieces.set(number, pieces);
    }
    for (const [number, pieces] of this.#pieces) {
      while (pieces.length && timeS - pieces[0].toS > SPAN_S) pieces.shift();
      if (!pieces.length) this.#pieces.delete(number);
    }
  }

  /** Forgets everything. */
  clear() {
    this.#pieces.clear();
    this.draw(0);
  }

  /** Draws it as it is at a time. */
  draw(timeS) {
    const rows = [...this.#pieces].sort(([one], [other]) => one - other).slice(0, MOST_ROWS);
    const context = this.#fitted(Math.max(rows.length, 1));
    const style = getComputedStyle(this.#canvas);
    const width = this.#canvas.clientWidth - NUMBERS_PX;
    context.font = "12px system-ui, sans-serif";
    rows.forEach(([number, pieces], row) => {
      const top = row * ROW_PX + (ROW_PX - BAND_PX) / 2;
      context.fillStyle = style.color;
      context.fillText(number, 2, top + BAND_PX - 3);
      for (const { fromS, toS, label } of pieces) {
        const left = Math.max(1 - (timeS - fromS) / SPAN_S, 0) * width;
        const right = Math.max(1 - (timeS - toS) / SPAN_S, 0) * width;
        context.fillStyle = this.#labels[label].colour;
        context.fillRect(NUMBERS_PX + left, top, Math.max(right - left, 1), BAND_PX);
      }
    });
  }

  #fitted(rows) {
    const canvas = this.#canvas;
    const dots = window.devicePixelRatio || 1;
    canvas.style.height = `${rows * ROW_PX}px`;
    canvas.width = Math.round(canvas.clientWidth * dots);
    canvas.height = Math.round(rows * ROW_PX * dots);
    const context = canvas.getContext("2d");
    context.scale(dots, dots);
    return context;
  }
}
