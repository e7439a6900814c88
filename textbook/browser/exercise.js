// An exercise: a start that a reader completes, a check of it, and a solution to look at.
// Each of the three can be checked; the answer is remembered.
import { announce, element } from "./dom.js";
import { Example, at as exampleAt, codeOf, textOf } from "./example.js";
import { Answer, Practice } from "./progress.js";

class Graded extends Example {
  constructor(box, name) {
    super(box, { press: "Check", name });
  }

  // The part of this exercise that has the role.
  part(role) {
    const { exercise, check, solution } = this.box.dataset;
    const name = CSS.escape(exercise ?? check ?? solution);
    return this.box.closest("article").querySelector(`[data-${role}=${name}]`);
  }

  get tried() { return this.code; }

  putBack() { this.close(); }

  request() {
    const check = this.part("check");
    return { kind: "grade", answer: this.tried, check: textOf(check), code: `${this.tried}\n${check.dataset.copy}` };
  }

  note(success) { // of the answer
    const { key } = this.part("exercise").dataset;
    if (key) new Practice(key).note(success);
  }

  done({ cases, error }) {
    this.note(!error && cases.every((each) => each.passed));
    if (error) {
      this.print("run-error", error);
      this.finish("The answer ends with an error before it can be checked.", "run-bad");
      return;
    }
    const list = element("ul", { class: "run-cases" }, ...cases.map(verdict));
    this.result.append(list);
    const passing = cases.filter((each) => each.passed).length;
    const all = passing === cases.length;
    this.finish(all ? `All ${cases.length} cases pass.` : `${passing} of ${cases.length} cases pass.`,
      all ? "run-good" : "run-bad");
    const failing = list.querySelector(".run-bad");
    if (failing) announce(`${this.status.textContent} ${failing.textContent}`);
  }
}

function verdict({ code, want, got, passed, hint }) {
  const item = element("li", { class: passed ? "run-good" : "run-bad" },
    element("span", { class: "run-mark" }, passed ? "passes" : "fails"), " ", element("code", {}, code));
  if (!passed) {
    item.append(" should give ", element("code", {}, want || "no output"), ", and gives ",
      element("code", {}, got || "nothing"), ".");
    if (hint) item.append(element("span", { class: "run-hint" }, ` Hint: ${hint}`));
  }
  return item;
}

class Exercise extends Graded {
  constructor(box) {
    super(box, "Your answer");
    this.answer = new Answer(box);
    this.edit(this.answer.get() ?? this.original);
  }

  changed() {
    super.changed();
    this.answer.set(this.code === this.original ? null : this.code);
  }

  putBack() { this.edit(this.original); }

  uncover() {} // there is only the editor
}

class Check extends Graded { // of the answer, from where one reads what it asks for
  get tried() { return codeOf(this.part("exercise")); }

  edit() {}
}

class Solution extends Graded {
  note() {}
}

export function at(box) {
  const { exercise, check } = box.dataset;
  return exampleAt(box, exercise ? Exercise : check ? Check : Solution);
}
