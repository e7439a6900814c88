// What this browser remembers: answers, and what it has fetched before.
// Storage may be full, forbidden or broken; then nothing is remembered, and all else works.
import { BASE, PYTHON } from "./settings.js";

const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch { /* not remembered */ }
  },
};

// An answer hangs on the name of its exercise, which says the page where it was written first:
// it is found again wherever the exercise moves. One site's names are not another's.
const base = new URL(BASE).pathname;

export const remembered = (key) => memory.get(base + key);
export const remember = (key, value) => memory.set(base + key, value);

export class Answer {
  constructor(box) {
    const { key, exercise } = box.dataset;
    this.key = key ? base + key : `${location.pathname}#${exercise}`;
  }

  get() { return memory.get(this.key); }
  set(code) { memory.set(this.key, code); }
}

// The parts of Python that were fetched from an address before, and are in the browser's cache
// if it keeps one.
export const fetched = {
  has: (parts) => parts.every((part) => memory.get(`fetched ${PYTHON} ${part}`)),
  add: (parts) => parts.forEach((part) => memory.set(`fetched ${PYTHON} ${part}`, "yes")),
};
