// An editor for Python: a textarea whose text is clear, over a layer that shows it in colour.
// The browser does the editing; so a click, a drag, a thumb, Undo and an input method do here
// what they do in every text field. The style sheet sets both texts with one rule.
import { announce, element } from "./dom.js";

const KEYS = "Tab indents and Shift+Tab unindents, once you have typed or clicked here. " +
  "Escape, then Tab or Shift+Tab, leaves the editor. Control+Enter runs.";
const HINT = "Ctrl+Enter runs. Tab indents; Esc, then Tab, leaves.";
const LEAVES = "Tab or Shift+Tab leaves.";
const INDENT = 4;

export class Editor {
  // `changed` is told of each change, `run` that the reader wants to run.
  constructor(label, { changed, run }) {
    this.changed = changed;
    this.run = run;
    this.layer = element("code");
    this.area = element("textarea", {
      "aria-label": label,
      "aria-description": KEYS,
      spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off",
      wrap: "off", rows: "1",
      oninput: () => this.edited(),
      onkeydown: (event) => this.type(event),
      onpointerdown: () => { this.pointed = true; this.pass(false); },
      onfocus: () => { this.pass(!this.pointed); },
      onblur: () => { this.pointed = false; },
    });
    this.hint = element("span", { class: "run-keys", "aria-hidden": "true" });
    this.box = element("div", { class: "run-editor" },
      element("pre", { "aria-hidden": "true" }, this.layer), this.area);
    this.pass(false);
  }

  get code() { return this.area.value; }
  set code(code) {
    this.area.value = code;
    this.paint();
  }

  paint() { this.layer.replaceChildren(colour(this.code), "\n"); }

  edited() {
    this.pass(false);
    this.paint();
    this.changed();
  }

  // Whether Tab moves on: for a reader who only passes by, and after Escape.
  pass(passing) {
    this.passing = passing;
    this.hint.textContent = passing ? LEAVES : HINT;
  }

  type(event) {
    const { key, shiftKey } = event;
    if (event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(key)) return;
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (key === "Tab" && this.passing) return;
    this.pass(key === "Escape");
    if (key === "Escape") announce(LEAVES);
    else if (key === "Enter" && (event.ctrlKey || event.metaKey)) this.run();
    else if (key === "Tab" && plain) this.indent(shiftKey);
    else if (key === "Enter" && plain && !shiftKey) this.breakLine();
    else if (!(key === "Backspace" && plain && this.unindent())) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The text of the caret's line that stands before it.
  before() { return this.code.slice(0, this.area.selectionStart).split("\n").pop(); }

  breakLine() {
    const line = this.before();
    const deeper = /:\s*(#.*)?$/.test(line) ? " ".repeat(INDENT) : "";
    this.insert(`\n${/^ */.exec(line)[0]}${deeper}`);
    this.box.scrollLeft = 0; // after a long line
  }

  // Delete the indentation before the caret as Tab made it. Returns whether there is any.
  unindent() {
    const { selectionStart: from, selectionEnd: to } = this.area;
    const line = this.before();
    if (from !== to || !/^ +$/.test(line)) return false;
    this.area.setSelectionRange(from - ((line.length - 1) % INDENT) - 1, from);
    this.insert("");
    return true;
  }

  indent(back) {
    const { area, code } = this;
    const { selectionStart: from, selectionEnd: to } = area;
    if (from === to && !back) {
      this.insert(" ".repeat(INDENT - (this.before().length % INDENT)));
      return;
    }
    const first = code.lastIndexOf("\n", from - 1) + 1;
    const last = from < to && code[to - 1] === "\n" ? to - 1 : to; // not the line below
    const lines = code.slice(first, last).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : line && `    ${line}`));
    const text = moved.join("\n");
    if (text === lines.join("\n")) return;
    area.setSelectionRange(first, last);
    this.insert(text);
    const caret = Math.max(first, from + moved[0].length - lines[0].length);
    if (from === to) area.setSelectionRange(caret, caret);
    else area.setSelectionRange(first, first + text.length);
  }

  insert(text) { // so that the browser's Undo knows of it
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!done) {
      const { area } = this;
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      this.edited();
    }
  }
}

// Colours Python as the build does: Pygments' classes, spans only where there is a colour.
const TOKEN = new RegExp([
  /(?<c1>#.*)/,
  /(?<s1>(?<!\w)[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
  /(?<nd>(?<=^[ \t]*)@[\w.]+)/,
  /(?<=\bdef\s+)(?<nf>\w+)/,
  /(?<=\bclass\s+)(?<nc>\w+)/,
  /\b(?<k>as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|lambda|None|nonlocal|pass|raise|return|True|try|while|with|yield)\b/,
  /\w+/,
].map((part) => part.source).join("|"), "gm");

export function colour(code) {
  const out = document.createDocumentFragment();
  let position = 0;
  for (const match of code.matchAll(TOKEN)) {
    const css = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    if (!css) continue;
    out.append(code.slice(position, match.index));
    out.append(element("span", { class: css }, match[0]));
    position = match.index + match[0].length;
  }
  out.append(code.slice(position));
  return out;
}
