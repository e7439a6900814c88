// Questions: a page covers what it has computed until a reader has said what they expect, passes,
// or runs it. A guess is compared with what the build has put down; nothing is computed here.
import { announce, element } from "./dom.js";
import { kept } from "./progress.js";

const ALL = "answers"; // under this a browser remembers that all are shown
const NUMBER = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\/(\d+\.?\d*))?(%?)$/i;

let asked = []; // on this page
let shown = kept.get(ALL);

// Return what was typed as numbers, NaN where it is none. Alone, one may be 1,000 or 0,5.
function numbers(text, alone, unit) {
  const plain = text.replace(/[−–]/g, "-");
  const parts = alone
    ? [plain.replace(/(?<!^\D?0),(?=\d{3}\b)|\s/g, "").replace(",", ".")]
    : plain.split(/[\s[\](){},;x×]+/i).filter(Boolean);
  return parts.map((part) => {
    const [, over, under = 1, percent = unit] = NUMBER.exec(part) ?? [];
    return over / under * (percent ? 0.01 : 1);
  });
}

const words = (text) => text.replace(/[`'"“”‘’.]|^\s+|\s+$/g, "").replace(/\s+/g, " ").toLowerCase();

class Question {
  constructor(box, form) {
    const [field, said, row] = form.children; // as textbook/build/gates.py writes them
    const [go, pass, again, all] = row.children;
    const list = box.querySelector(".ask-choices");
    const { ask, key } = box.dataset;
    Object.assign(this, { box, field, said, go, pass, again, all, list, ask, key });
    field.setAttribute("aria-labelledby", box.querySelector(":scope > [id]").id);
    if (list) {
      field.replaceChildren(list);
      for (const item of list.children) choose(item);
    } else if (ask === "sketch") {
      field.replaceChildren();
      go.textContent = "I have a sketch";
    }
    this.inputs = [...field.querySelectorAll("input")];
    form.onsubmit = (event) => this.submit(event);
    pass.onclick = () => this.settle("");
    again.onclick = () => this.settle(null);
    all.onclick = showAll;
    box.insertBefore(form, box.querySelector(".ask-key"));
    if (box.matches(".gate")) this.cover(box.nextElementSibling);
    const guess = kept.get(key);
    this.guess = guess && !this.judge(guess) ? null : guess; // of another edition, or rubbish
    this.update();
    box.classList.add("ready");
  }

  cover(block) {
    this.answer = [...block.querySelectorAll("samp")].pop() ?? block.nextElementSibling;
    if (!this.answer.hasAttribute("tabindex")) this.answer.tabIndex = -1;
    block.addEventListener("click", ({ target }) => { // to run it is to see it
      if (target.closest(".run-go") && !this.open) this.take("");
    });
  }

  get open() { return shown || this.guess !== null; }

  picked(guess) { return this.inputs.find((input) => input.value === guess); }

  // Return what a guess is, or nothing if it cannot be read.
  judge(guess) {
    const { values, exact, near, unit } = this.box.dataset;
    if (this.ask === "sketch") return "seen";
    if (this.list) return this.picked(guess) && (this.picked(guess).closest(".ask-right") ? "right" : "wrong");
    if (this.ask === "word") return words(guess) && (words(guess) === values ? "right" : "wrong");
    const got = numbers(guess, this.ask === "number", unit);
    if (!got.length || got.some(isNaN)) return "";
    const want = JSON.parse(values);
    const off = Math.max(...got.map((value, at) => Math.abs(value - want[at]))) / (1 + 1e-6);
    return got.length !== want.length ? "wrong" : off <= exact ? "right" : off <= near ? "near" : "wrong";
  }

  submit(event) {
    event.preventDefault();
    const given = this.list ? this.inputs.find((input) => input.checked) : this.inputs[0];
    const guess = given ? given.value.trim() : this.list ? "" : "drawn";
    if (this.judge(guess)) return this.settle(guess);
    announce(this.said.textContent = this.box.dataset.hint);
    this.inputs[0].focus();
  }

  take(guess) {
    this.guess = guess;
    kept.set(this.key, guess);
    this.update();
  }

  // Take a guess, "" for none, or null to be asked again; and go to what has come of it.
  settle(guess) {
    this.take(guess);
    (this.open ? this.said : this.inputs[0] ?? this.go).focus();
    if (this.open) this.answer?.focus({ preventScroll: true }); // unless an editor stands in its place
    const word = this.list?.querySelector("li:has(:checked) > p");
    announce([this.said, word, this.answer].map((part) => part?.textContent).join(" "));
  }

  update() {
    const { guess, open, list } = this;
    const verdict = guess && this.judge(guess);
    const text = list && verdict ? this.picked(guess).nextSibling.textContent : guess;
    this.box.classList.toggle("open", open);
    this.field.disabled = this.go.hidden = this.pass.hidden = open;
    this.field.hidden = open && !list;
    this.again.hidden = shown || guess === null;
    this.all.textContent = shown ? "Cover the book's answers again" : "Show all answers in the book";
    for (const input of this.inputs) {
      if (list) input.checked = input.value === guess;
      else input.value = guess;
    }
    this.said.className = `ask-said ${verdict}`;
    this.said.textContent = verdict === "seen" ? "Compare it with your sketch."
      : verdict ? `You said ${list ? `“${text}”` : text}: ${verdict}.` : guess === "" ? "No guess." : "";
    this.answer?.setAttribute("data-guess", open ? this.said.textContent : "Covered until you have guessed.");
  }
}

// Put a button to pick it before a choice, which has been one to unfold.
function choose(item) {
  const [choice, word] = item.firstElementChild.children;
  const text = element("span", {}, ...choice.childNodes);
  const pick = element("input", { type: "radio", name: "guess", value: words(text.textContent) });
  item.replaceChildren(element("label", {}, pick, text), word);
}

function showAll() {
  shown = shown ? null : "shown";
  kept.set(ALL, shown);
  for (const question of asked) question.update();
  announce(shown ? "All answers in the book are shown." : "Answers are covered until you have guessed.");
}

export function arrive(article) {
  const form = article.querySelector(".ask-parts").content.firstElementChild;
  asked = [...article.querySelectorAll(".ask")].map((box) => new Question(box, form.cloneNode(true)));
}
