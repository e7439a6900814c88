// Questions: a page covers what it has computed until a reader has said what they expect. Nothing
// is blocked: one may pass, show all, or run the example. Nothing is computed here either: a guess
// is compared with the output that the build has put down beside it.
import { announce, element } from "./dom.js";
import { remember, remembered } from "./progress.js";

const ALL = "answers"; // under this name a browser remembers that all are shown
const HINTS = {
  number: "Type a number: 0.5, 1/2 or 50%.",
  list: "Type numbers, with blanks or commas between them.",
  word: "Type a word.",
  choice: "Pick one.",
};
const PART = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\/(\d+\.?\d*))?(%?)$/i;

let asked = []; // on this page
let shown = remembered(ALL) === "shown";

// Return the numbers of a guess, or null if it has anything else.
function numbers(text, single, unit) {
  let plain = text.replace(/[−–]/g, "-");
  if (single) {
    plain = plain.replace(/[\s_]/g, "");
    plain = /^\D?[1-9]\d{0,2}(,\d{3})+(?!\d)/.test(plain) ? plain.replaceAll(",", "") : plain.replace(",", ".");
  }
  const parts = plain.split(/[\s[\](){},;x×]+/i).filter(Boolean).map((part) => PART.exec(part));
  if (!parts.length || parts.includes(null)) return null;
  return parts.map(([, over, under, percent]) => over / (under ?? 1) * (percent || unit ? 0.01 : 1));
}

const words = (text) => text.replace(/[`'"“”‘’.]/g, "").trim().replace(/\s+/g, " ").toLowerCase();

class Question {
  constructor(box) {
    const { ask, key, values = "null" } = box.dataset;
    Object.assign(this, { box, ask, key, values: JSON.parse(values) });
    const block = box.matches(".gate") ? box.nextElementSibling : null;
    const [last] = [...(block?.querySelectorAll("samp") ?? [])].slice(-1);
    this.answer = last ?? block?.nextElementSibling;
    this.list = box.querySelector(".ask-choices");
    const button = (text, css, onclick) => element("button", { type: "button", class: css, onclick }, text);
    this.go = element("button", { class: "ask-go" }, ask === "sketch" ? "I have a sketch" : "Commit");
    this.pass = button("I don't know", "", () => this.settle(""));
    this.again = button("Ask me again", "", () => this.ask_again());
    this.all = button("", "ask-all", () => showAll(!shown));
    this.said = element("p", { class: "ask-said", tabindex: "-1" });
    this.answer?.setAttribute("tabindex", "-1");
    this.field = element("fieldset", { "aria-labelledby": box.querySelector(":scope > [id]").id });
    if (this.list) this.choose();
    else if (ask !== "sketch") {
      const typed = element("input", { name: "guess", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
      this.field.append(element("label", {}, "Your guess ", typed));
    }
    this.form = element("form", { class: "ask-form", onsubmit: (event) => this.submit(event) },
      this.field, this.said, element("div", { class: "ask-row" }, this.go, this.pass, this.again, this.all));
    box.insertBefore(this.form, box.querySelector(".ask-key"));
    // To run it is to see it. The button may come later than this, and is one of its example's.
    block?.addEventListener("click", ({ target }) => {
      if (target.closest(".run-go") && !this.open) this.settle("", false);
    });
    const kept = remembered(key);
    this.guess = kept === null || (kept && !this.judge(kept)) ? null : kept;
    this.update();
    box.classList.add("ready");
  }

  choose() {
    for (const item of this.list.children) {
      const [choice, word] = item.firstElementChild.children;
      const text = element("span", {}, ...choice.childNodes);
      const pick = element("input", { type: "radio", name: "guess", value: words(text.textContent) });
      item.replaceChildren(element("label", {}, pick, text), word);
    }
    this.field.append(this.list);
  }

  get open() { return shown || this.guess !== null; }
  get typed() { return this.form.elements.guess; } // a text field, or all choices as one

  // Return what a guess is, or nothing if it cannot be read.
  judge(guess) {
    const { ask, values } = this;
    const { exact, near, unit } = this.box.dataset;
    if (ask === "sketch") return "seen";
    if (ask === "choice") {
      const picked = [...this.typed].find((each) => each.value === guess);
      return picked && (picked.closest(".ask-right") ? "right" : "wrong");
    }
    if (ask === "word") return words(guess) && (words(guess) === values ? "right" : "wrong");
    const got = numbers(guess, ask === "number", unit);
    if (got?.length !== values.length) return got && "wrong";
    const off = Math.max(...got.map((value, at) => Math.abs(value - values[at]))) / (1 + 1e-6);
    return off <= exact ? "right" : off <= near ? "near" : "wrong";
  }

  submit(event) {
    event.preventDefault();
    const guess = this.ask === "sketch" ? "sketch" : this.typed.value.trim();
    if (this.judge(guess)) this.settle(guess);
    else {
      this.said.textContent = HINTS[this.ask];
      announce(HINTS[this.ask]);
      (this.list ? this.typed[0] : this.typed).focus();
    }
  }

  // Take a guess, or none, and show what the page covered.
  settle(guess, go = true) {
    this.guess = guess;
    remember(this.key, guess);
    this.update();
    if (!go) return;
    this.said.focus();
    this.answer?.focus(); // if it can be seen
    const word = this.list?.querySelector("li:has(:checked) > p") ?? "";
    announce(`${this.said.textContent} ${word && word.textContent} ${this.answer?.matches("samp") ? this.answer.textContent : ""}`);
  }

  ask_again() {
    this.guess = null;
    remember(this.key, null);
    this.update();
    (this.field.querySelector("input") ?? this.go).focus();
  }

  update() {
    const { guess, open, list, ask } = this;
    const verdict = (guess && this.judge(guess)) || "";
    const text = list && verdict ? [...this.typed].find((each) => each.value === guess).nextSibling.textContent : guess;
    this.box.classList.toggle("open", open);
    this.field.disabled = open;
    this.field.hidden = open && !list;
    this.go.hidden = this.pass.hidden = open;
    this.again.hidden = shown || guess === null;
    this.all.textContent = shown ? "Cover answers again" : "Show all answers";
    if (list) for (const pick of this.typed) pick.checked = pick.value === guess;
    else if (ask !== "sketch") this.typed.value = guess ?? "";
    this.said.className = `ask-said ${verdict}`;
    this.said.textContent = guess === "" ? "You did not guess." : ask === "sketch" && verdict
      ? "Compare it with your sketch." : verdict && `${verdict[0].toUpperCase()}${verdict.slice(1)}. You said ${text}.`;
    if (this.answer) {
      if (verdict && ask !== "sketch") this.answer.dataset.guess = `You said ${text}: ${verdict}`;
      else delete this.answer.dataset.guess;
    }
  }
}

function showAll(all) {
  shown = all;
  remember(ALL, all ? "shown" : null);
  for (const question of asked) question.update();
  announce(all ? "All answers are shown." : "Answers are covered until you have guessed.");
}

export function arrive(article) {
  asked = [...article.querySelectorAll(".ask:not(.ready)")].map((box) => new Question(box));
}
