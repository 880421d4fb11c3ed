// For each person a card: the label, whether it is sure, and a bar for each class.
import { percent } from "./words.js";

export class Panel {
  #root;
  #template;
  #facts;
  #cards = new Map();

  /** Takes the element for the cards, the template of one, and what the page knows. */
  constructor(root, template, facts) {
    this.#root = root;
    this.#template = template;
    this.#facts = facts;
  }

  /** Shows exactly these people. */
  show(people) {
    const numbers = new Set(people.map(({ number }) => number));
    for (const [number, card] of this.#cards) {
      if (numbers.has(number)) continue;
      card.root.remove();
      this.#cards.delete(number);
    }
    for (const person of people) {
      if (!this.#cards.has(person.number)) this.#add(person.number);
      this.#fill(this.#cards.get(person.number), person);
    }
  }

  #add(number) {
    const root = this.#template.content.firstElementChild.cloneNode(true);
    root.dataset.person = number;
    root.querySelector("[data-number]").textContent = number;
    const find = (name) => root.querySelector(`[data-${name}]`);
    const card = { root, name: find("name"), sure: find("sure"), unsure: find("unsure") };
    card.rows = this.#facts.labels.map(({ key, colour }) => {
      const row = root.querySelector(`tr[data-key="${key}"]`);
      row.querySelector("rect").setAttribute("fill", colour);
      return { row, bar: row.querySelector("rect"), figure: row.querySelector(".figure") };
    });
    this.#cards.set(number, card);
    this.#root.append(root);
  }

  #fill(card, { label, probabilities, sure }) {
    const { key, name } = this.#facts.labels[label];
    card.root.dataset.label = key;
    write(card.name, name);
    write(card.sure, percent(probabilities[label]));
    card.unsure.hidden = sure;
    card.rows.forEach(({ row, bar, figure }, i) => {
      row.classList.toggle("first", i === label);
      bar.setAttribute("width", (100 * probabilities[i]).toFixed(1));
      write(figure, percent(probabilities[i]));
    });
  }
}

// Only what differs: a text that is written anew is laid out anew.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
