// An example: runs at a press, opens an editor in place, and shows what comes out below it.
import { announce, element, PYTHON } from "./dom.js";
import { colour, Editor } from "./editor.js";
import { fetched } from "./progress.js";
import * as runtime from "./runtime.js";

// WebAssembly has no floating-point flags, which is where NumPy would find an overflow.
const NO_FLAGS = " In a browser, NumPy cannot notice an overflow.";

const examples = new WeakMap(); // by their boxes

// Return the example of a box; `Kind` makes it if it is new.
export function at(box, Kind = Example) {
  if (!examples.has(box)) examples.set(box, new Kind(box));
  return examples.get(box);
}

export const codeOf = (box) => examples.get(box)?.code ?? box.dataset.copy;

export const textOf = (box) => box.querySelector("pre > code").textContent;

// What the page shows for a block: a session, or what a script printed.
function shownOf(box) {
  if (box.matches(".language-pycon")) return textOf(box);
  const output = box.nextElementSibling;
  return output?.matches(".output") ? output.textContent : "";
}

export class Example {
  constructor(box, { press = "Run", name = "The code of this example" } = {}) {
    this.box = box;
    this.label = { press, name };
    this.path = location.pathname;
    this.original = box.dataset.copy;
    this.pre = box.querySelector("pre");
    this.listen = (message) => this.hear(message);
    this.tools = box.querySelector(".run-tools");
    this.run = box.querySelector(".run-go");
    this.run.onclick = () => this.press();
    this.reset = element(
      "button",
      { class: "run-reset", type: "button", hidden: true, onclick: () => this.restore() },
      "Reset",
    );
    this.run.before(this.reset);
    this.state = "ready";
  }

  get code() { return this.editor ? this.editor.code : this.original; }

  // ---- The editor, in place of the page's code

  edit(code) {
    if (!this.editor) {
      this.editor = new Editor(this.label.name, {
        changed: () => this.changed(),
        run: () => { if (this.state === "ready") this.press(); },
      });
      this.pre.hidden = true;
      this.pre.after(this.editor.box);
      this.tools.prepend(this.editor.hint);
      this.box.classList.add("run-open");
    }
    this.editor.code = code;
    this.changed();
  }

  close() {
    this.editor?.box.remove();
    this.editor?.hint.remove();
    this.editor = null;
    this.pre.hidden = false;
    this.box.classList.remove("run-open");
  }

  changed() { this.reset.hidden = !this.result && this.code === this.original; }

  // Show what the page has computed: with the editor, if something was written there.
  uncover() {
    const here = this.box.contains(document.activeElement);
    if (this.code === this.original) this.close();
    this.pre.hidden = false;
    if (here) this.run.focus({ preventScroll: true });
  }

  restore() {
    runtime.stop(this.listen);
    this.result?.remove();
    this.result = null;
    this.putBack();
    this.reset.hidden = true;
    this.show("ready");
    (this.editor?.area ?? this.run).focus();
    announce("The original is back.");
  }

  putBack() {
    this.close();
    runtime.forget(this.section);
  }

  // ---- Running

  get section() { return `${this.path}#${this.box.dataset.section}`; }

  press() {
    if (this.state !== "ready") {
      runtime.stop(this.listen);
      return;
    }
    if (!this.editor) this.edit(this.original);
    this.start();
  }

  start() {
    this.open();
    this.show("busy");
    this.say("Starting …");
    runtime.run(this.request(), this.listen);
  }

  request() {
    const section = this.box.closest("article")
      .querySelectorAll(`.highlight[data-section="${this.box.dataset.section}"]`);
    const boxes = [...section].slice(0, [...section].indexOf(this.box) + 1);
    const page = shownOf(this.box);
    this.claims = page !== "";
    return {
      kind: "run",
      section: this.section,
      blocks: boxes.map((box) => [
        box.matches(".language-pycon") ? "pycon" : "python", codeOf(box), shownOf(box),
      ]),
      limits: boxes.map((box) => box.dataset.limit),
      code: boxes.map(codeOf).join("\n"),
      page,
      changed: boxes.some((box) => codeOf(box) !== box.dataset.copy),
    };
  }

  // ---- What comes of it

  open() {
    this.box.querySelector(".run-result")?.remove();
    this.download = this.pending = null;
    this.pre.hidden = Boolean(this.editor);
    this.status = element("p", { class: "run-status" });
    this.text = element("code");
    this.output = element(
      "pre",
      { class: "run-output", tabindex: "0", role: "group", "aria-label": "Output", hidden: true },
      this.text,
    );
    this.result = element("div", { class: "run-result" }, this.status, this.output);
    this.box.append(this.result);
    this.reset.hidden = false;
  }

  show(state) {
    this.state = state;
    this.run.textContent = state === "ready" ? this.label.press : "Stop";
    this.run.classList.toggle("run-stop", state !== "ready");
  }

  say(text, mood = "", aloud = true) {
    this.status.className = `run-status ${mood}`;
    this.status.replaceChildren(text);
    if (aloud) announce(text);
  }

  finish(text, mood) {
    this.show("ready");
    const output = this.text.textContent.trim();
    this.say(text, mood, false);
    announce(output ? `${text} ${output}` : text);
  }

  hear(message) {
    switch (message.kind) {
      case "queued":
        this.say("Waits until the other example has ended.");
        break;
      case "fetching":
        this.download?.end(); // one after the other
        this.download = new Download(message.what);
        this.say(this.download.words);
        this.status.append(this.download.bar);
        break;
      case "received":
        this.download?.received(message.bytes);
        break;
      case "running":
        this.download?.end();
        this.download = null;
        this.say(message.text, "", false);
        break;
      case "clear":
        this.text.replaceChildren();
        this.pending = null;
        break;
      case "code":
        this.pending = message.text; // shown when it answers something
        break;
      case "output":
      case "error":
        if (this.pending !== null) this.prompt(this.pending);
        this.pending = null;
        this.print(message.kind === "error" ? "run-error" : "go", message.text);
        break;
      case "done":
        this.done(message.result);
        break;
      case "stopped":
        this.finish(`Stopped${message.text ?? ""}. The next run starts a fresh Python.`, "run-bad");
        break;
      case "crashed":
        this.finish("Python itself has crashed. The next run starts a fresh one.", "run-bad");
        break;
      case "unavailable":
        this.uncover();
        this.finish(
          `${this.download?.name ?? "Python"} could not be fetched from ${HOST}. The page does not ` +
          "need it; to run its examples, check the connection or what blocks that address, and press again.",
          "run-bad",
        );
        break;
    }
  }

  print(css, text) {
    this.output.hidden = false;
    this.text.append(element("span", { class: css }, text));
  }

  prompt(source) {
    source.split("\n").forEach((line, number) => {
      this.text.append(element("span", { class: "gp" }, number ? "... " : ">>> "), colour(line), "\n");
    });
  }

  done({ failed, same, figures }) {
    const drawn = this.box.nextElementSibling?.querySelector(":scope > img");
    const alt = drawn && this.code === this.original ? drawn.dataset.alt ?? drawn.alt : "What this code draws";
    for (const svg of figures) {
      const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      this.result.append(element("img", { class: "run-figure", src: source, alt }));
    }
    if (failed) this.finish("Ended with an error.", "run-bad");
    else if (figures.length) this.finish("Drawn.", "run-good");
    else if (!this.claims) this.finish("Done.", "run-good");
    else if (same) this.finish("As on the page.", "run-good");
    else this.finish(`Differs from the page.${/errstate/.test(this.code) ? NO_FLAGS : ""}`, "run-other");
  }
}

// ---- What is fetched at a press: said before, and shown while it comes -------------------------

const DOWNLOADS = {
  python: { name: "Python and NumPy", megabytes: 17, parts: ["python"] },
  matplotlib: { name: "Matplotlib", megabytes: 10, parts: ["matplotlib"] },
  all: { name: "Python, NumPy and Matplotlib", megabytes: 27, parts: ["python", "matplotlib"] },
};

const HOST = new URL(PYTHON).host;

class Download {
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
