// The page of all exercises: which of them are shown, which are due again, and what is kept.
import { element } from "./dom.js";
import { kept, RECORD } from "./progress.js";

const FORMAT = "textbook-progress";
const VERSION = 1;

let show = () => {};
addEventListener("marked", () => show());

export function equip(form) {
  const article = form.closest("article");
  const again = article.querySelector(".practice-due");
  const items = [...article.querySelectorAll(".exercises li")];
  const of = (item) => item.querySelector(".exercise-facts").dataset;
  show = () => {
    const wanted = Object.fromEntries(new FormData(form));
    for (const item of items) {
      const is = of(item);
      item.hidden = !(is.topic.startsWith(wanted.topic) && (!wanted.interview || "interview" in is)
        && ["level", "kind"].every((name) => ["", is[name]].includes(wanted[name]))
        && ["", is.state, is.state === "due" && "done"].includes(wanted.state));
    }
    const shown = items.filter((item) => !item.hidden).length;
    const done = items.filter((item) => of(item).state[0] === "d").length;
    form.querySelector("output").textContent = `${shown} of ${items.length} shown, ${done} of ${items.length} done.`;
    const due = items.filter((item) => of(item).state === "due").map((item) => item.cloneNode(true));
    for (const item of due) item.hidden = false;
    again.querySelector("ul").replaceChildren(...due);
    again.hidden = !due.length;
  };
  form.onchange = show;
  form.onsubmit = (event) => event.preventDefault();
  form.hidden = false;
  keep(article.querySelector(".practice-kept"));
  show();
}

function keep(box) {
  const [save, forget, sure, not] = box.querySelectorAll("button");
  const [file, ask, status] = ["input", "[role=group]", "[role=status]"].map((each) => box.querySelector(each));
  const say = (text) => {
    status.textContent = text;
    dispatchEvent(new Event("practised"));
  };
  const answer = (text) => {
    ask.hidden = true;
    forget.focus();
    say(text);
  };
  save.onclick = () => {
    const keys = kept.keys();
    const text = JSON.stringify(
      { format: FORMAT, version: VERSION, kept: Object.fromEntries(keys.map((key) => [key, kept.get(key)])) }, null, 1);
    const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    element("a", { href, download: "progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1e4);
    say(`Saved: ${keys.length} entries.`);
  };
  file.onchange = async () => {
    const text = await file.files[0].text().catch(() => "");
    file.value = ""; // the same file may come again
    say(take(text));
  };
  forget.onclick = () => {
    ask.hidden = false;
    not.focus();
  };
  not.onclick = () => answer("Nothing has changed.");
  sure.onclick = () => {
    for (const key of kept.keys()) kept.set(key, null);
    answer("All is forgotten.");
  };
  box.hidden = false;
}

// Add what a file holds to what is here, and say what came of it.
function take(text) {
  let file;
  try { file = JSON.parse(text); } catch { /* said below */ }
  if (file?.format !== FORMAT || typeof file.kept !== "object" || !file.kept) {
    return "This is no file that was saved here. Nothing has changed.";
  }
  if (file.version !== VERSION) return "This file comes from a later edition. Nothing has changed.";
  const count = { new: 0, old: 0, odd: 0, lost: 0 };
  for (const [key, theirs] of Object.entries(file.kept)) {
    const mine = kept.get(key);
    const record = key.startsWith("practice ");
    const odd = typeof theirs !== "string" || key.startsWith(".") || record && !RECORD.test(theirs);
    const value = odd ? mine : record ? merge(mine, theirs) : mine ?? theirs;
    count[odd ? "odd" : value === mine ? "old" : kept.set(key, value) ? "new" : "lost"] += 1;
  }
  return `Read: ${count.new} entries are new here, ${count.old} are not.`
    + (count.odd ? ` ${count.odd} were not understood.` : "")
    + (count.lost ? ` ${count.lost} found no room in this browser.` : "");
}

// The earlier first try, the later success.
function merge(mine, theirs) {
  if (!RECORD.test(mine)) return theirs;
  const [[first, ...a], [other, ...b]] = [mine.split(" "), theirs.split(" ")];
  const [earlier] = [first, other].sort();
  const later = [a.join(" "), b.join(" ")].sort()[1];
  return later ? `${earlier} ${later}` : earlier;
}
