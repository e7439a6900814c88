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
  show = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const due = [];
    let shown = 0;
    let done = 0;
    for (const item of items) {
      const is = item.querySelector(".exercise-facts").dataset;
      if (is.state === "due") due.push(item.cloneNode(true));
      if (/^d/.test(is.state)) done += 1; // or due again
      item.hidden = !(is.topic.startsWith(wanted.topic) && (!wanted.interview || "interview" in is)
        && ["level", "kind", "state"].every((name) => ["", is[name]].includes(wanted[name])
          || wanted[name] === "done" && is.state === "due"));
      if (!item.hidden) shown += 1;
    }
    for (const item of due) item.hidden = false;
    again.querySelector("ul").replaceChildren(...due);
    again.hidden = !due.length;
    form.querySelector("output").textContent = `${shown} of ${items.length} shown, ${done} of ${items.length} done.`;
  };
  form.onchange = show;
  form.onsubmit = () => false;
  form.hidden = false;
  keep(article.querySelector(".practice-kept"));
  show();
}

function keep(box) {
  const [save, forget, sure, not] = box.querySelectorAll("button");
  const file = box.querySelector("input");
  const say = (text) => {
    sure.parentElement.hidden = true;
    box.querySelector("[role=status]").textContent = text;
    dispatchEvent(new Event("practised"));
  };
  save.onclick = () => {
    const all = kept.keys().map((key) => [key, kept.get(key)]);
    const text = JSON.stringify({ format: FORMAT, version: VERSION, kept: Object.fromEntries(all) }, null, 1);
    const href = URL.createObjectURL(new Blob([text]));
    element("a", { href, download: "progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1e4);
    say(`Saved: ${all.length} entries.`);
  };
  file.onchange = async () => {
    const text = await file.files[0].text().catch(() => "");
    file.value = ""; // the same file may come again
    say(take(text));
  };
  forget.onclick = () => {
    sure.parentElement.hidden = false;
    not.focus();
  };
  not.onclick = () => {
    say("Nothing has changed.");
    forget.focus();
  };
  sure.onclick = () => {
    for (const key of kept.keys()) kept.set(key, null);
    say("All is forgotten.");
    forget.focus();
  };
  box.hidden = false;
}

// Add what a file holds to what is here, and say what came of it.
function take(text) {
  let file;
  try { file = JSON.parse(text); } catch { /* said below */ }
  if (file?.format !== FORMAT || file.version !== VERSION || typeof (file.kept ?? 0) !== "object") {
    return "This file was not saved here, or by a later edition. Nothing has changed.";
  }
  const count = { new: 0, old: 0, odd: 0, lost: 0 };
  for (const [key, theirs] of Object.entries(file.kept)) {
    const mine = kept.get(key);
    const record = key.startsWith("practice ");
    const odd = typeof theirs !== "string" || key.startsWith(".") || record && !RECORD.test(theirs);
    const value = record && !odd ? merge(mine, theirs) : mine ?? theirs;
    count[odd ? "odd" : value === mine ? "old" : kept.set(key, value) ? "new" : "lost"] += 1;
  }
  return `Read: ${count.new} entries are new here, ${count.old} are not.`
    + (count.odd ? ` ${count.odd} were not understood.` : "")
    + (count.lost ? ` ${count.lost} found no room in this browser.` : "");
}

// The earlier first try, the later success.
function merge(mine, theirs) {
  if (!RECORD.test(mine)) return theirs;
  const [a, b] = [mine, theirs].map((record) => [record.slice(0, 10), record.slice(10)]);
  return (a[0] < b[0] ? a[0] : b[0]) + (a[1] > b[1] ? a[1] : b[1]);
}
