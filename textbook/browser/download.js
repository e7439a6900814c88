// What is fetched at a press: said before, and shown while it comes.
import { element, PYTHON } from "./dom.js";
import { fetched } from "./progress.js";

const DOWNLOADS = {
  python: { name: "Python and NumPy", megabytes: 17, parts: ["python"] },
  matplotlib: { name: "Matplotlib", megabytes: 10, parts: ["matplotlib"] },
  all: { name: "Python, NumPy and Matplotlib", megabytes: 27, parts: ["python", "matplotlib"] },
};

export const HOST = new URL(PYTHON).host;

export class Download {
  constructor(what) {
    const known = DOWNLOADS[what] ?? { name: what, parts: [what] }; // packages that an edit imports
    Object.assign(this, known);
    this.before = what === "matplotlib" ? null : 0; // bytes that were counted before it began
    this.bar = element("progress", { "aria-label": `Fetching ${this.name}` });
  }

  get words() {
    if (fetched.has(this.parts)) return `Starts ${this.name} …`;
    const much = this.megabytes ? `at most ${this.megabytes} MB, which` : "packages that";
    return `Fetches ${this.name} from ${HOST}, once: ${much} your browser keeps. Your code stays here.`;
  }

  received(bytes) {
    if (!this.megabytes) return;
    this.before ??= bytes;
    this.bar.max = this.megabytes * 1e6;
    this.bar.value = bytes - this.before;
  }

  end() { fetched.add(this.parts); }
}
