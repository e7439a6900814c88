// What a reader has tried and done: said below an exercise's heading, and beside lessons in the menu.
import { BASE, element } from "./dom.js";
import { kept, Practice } from "./progress.js";

const WORDS = { new: "", tried: " · tried", done: " · done", due: " · done, due again" };
const ticks = new WeakMap(); // boxes for what no code can check
let lessons; // the keys of each lesson's exercises

export function arrive() {
  mark();
  const form = document.querySelector(".practice-tools");
  if (form) import("./practice.js").then((practice) => practice.equip(form)).catch(() => {});
}

function mark() {
  for (const facts of document.querySelectorAll(".exercise-facts")) {
    const practice = new Practice(facts.dataset.key);
    const { state } = practice;
    facts.dataset.state = state;
    (facts.querySelector("b") ?? facts.appendChild(element("b"))).textContent = WORDS[state];
    if (facts.matches("p:not([data-kind=code])")) {
      if (!ticks.has(facts)) ticks.set(facts, tick(facts, practice));
      ticks.get(facts).checked = state === "done";
    }
  }
  dispatchEvent(new Event("marked"));
  menu().catch(() => {});
}

function tick(facts, practice) {
  let last = facts;
  while (/^[^H]/.test(last.nextElementSibling?.tagName ?? "H")) last = last.nextElementSibling;
  let before = practice.read()[0] ?? null;
  const box = element("input", { type: "checkbox", "aria-describedby": facts.previousElementSibling.id });
  const refused = element("span", { role: "status" });
  box.onchange = () => {
    if (box.checked) before = kept.get(practice.key);
    const noted = box.checked ? practice.note(true) : practice.write(before);
    refused.textContent = noted ? "" : " This browser keeps nothing, so it is not remembered.";
  };
  last.after(element("p", { class: "exercise-tick" }, element("label", {}, box, " I have done it"), refused));
  return box;
}

async function menu() {
  const any = kept.keys().some((key) => key.startsWith("practice "));
  if (any) lessons ??= await (await fetch(new URL("exercises.json", import.meta.url))).json();
  for (const old of document.querySelectorAll(".nav-done")) old.remove();
  if (!any) return;
  for (const link of document.querySelectorAll(".md-nav--primary a.md-nav__link:not([href*='#'])")) {
    const keys = lessons[link.href.slice(BASE.length)] ?? [];
    const done = keys.filter((key) => /^d/.test(new Practice(key).state)).length;
    const whole = done === keys.length;
    if (done) {
      for (const place of link.parentElement.querySelectorAll(":scope > .md-nav__link")) {
        place.append(element("span", { class: `nav-done ${whole ? "nav-whole" : ""}` },
          element("span", { "aria-hidden": "true" }, whole ? "" : `${done}/${keys.length}`),
          element("span", { class: "run-voice" }, ` ${done} of ${keys.length} exercises done`)));
      }
    }
  }
}

for (const name of ["practised", "storage", "pageshow", "focus"]) addEventListener(name, mark);
