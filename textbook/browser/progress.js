// What this browser remembers: answers, what was done, and what it has fetched before.
// Storage may be full, forbidden or broken; then nothing is remembered, and all else works.
import { BASE, PYTHON } from "./dom.js";

const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
      return true;
    } catch { return false; } // not remembered
  },
};

// An answer hangs on the name of its exercise, which says the page where it was written first:
// it is found again wherever the exercise moves. One site's names are not another's.
const base = new URL(BASE).pathname;

export class Answer {
  constructor(box) {
    const { key, exercise } = box.dataset;
    this.key = key ? base + key : `${location.pathname}#${exercise}`;
  }

  get() { return memory.get(this.key); }
  set(code) { memory.set(this.key, code); }
}

// All that is kept of this book, by what follows its path; the theme's own keys go on with a dot.
export const kept = {
  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(base) && key[base.length] !== ".")
        .map((key) => key.slice(base.length)).sort();
    } catch { return []; }
  },
  get: (key) => memory.get(base + key),
  set: (key, value) => memory.set(base + key, value),
};

// What a reader has done of an exercise: the day of the first try, that of the last success, and
// how often (up to 2) it was done again when that was due. What is not of this form is nothing.
export const RECORD = /^(\d{4}-\d\d-\d\d)(?: (\d{4}-\d\d-\d\d) ([012]))?$/;
const WAITS = [1, 7, 30]; // days

export class Practice {
  constructor(key) { this.key = `practice ${key}`; }

  read() { return (RECORD.exec(kept.get(this.key)) ?? []).slice(1); }

  get state() {
    const [first, last, again] = this.read();
    if (!first) return "new";
    return !last ? "tried" : Date.parse(today()) - Date.parse(last) < WAITS[again] * 864e5 ? "done" : "due";
  }

  // Note an attempt. One that succeeds before it is due again changes nothing.
  note(success) {
    const [first = today(), last, again] = this.read();
    if (!success && last || this.state === "done") return true;
    return this.write(success ? `${first} ${today()} ${last ? Math.min(+again + 1, 2) : 0}` : first);
  }

  write(record) {
    const done = kept.set(this.key, record);
    dispatchEvent(new Event("practised"));
    return done;
  }
}

const today = () => { // where the reader is
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
};

// The parts of Python that were fetched from an address before, and are in the browser's cache
// if it keeps one.
export const fetched = {
  has: (parts) => parts.every((part) => memory.get(`fetched ${PYTHON} ${part}`)),
  add: (parts) => parts.forEach((part) => memory.set(`fetched ${PYTHON} ${part}`, "yes")),
};
