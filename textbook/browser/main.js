// On every page: gives each example its button. What runs and edits it is imported when it is
// needed: on a page with exercises at once, as an answer is to be written; else at the press.
import { element, voice } from "./dom.js";

const GRADED = "[data-exercise], [data-check], [data-solution]";

let runtime; // runtime.js, once it is here

// Return the example of a box, with all that runs it.
async function open(box) {
  const { at } = await (box.matches(GRADED) ? import("./exercise.js") : import("./example.js"));
  runtime ??= await import("./runtime.js");
  return at(box);
}

async function press(box) {
  const example = await open(box).catch(() => null);
  if (example) example.press();
  else if (!box.querySelector(".run-result")) {
    box.append(element("div", { class: "run-result" }, element("p", { class: "run-status run-bad" },
      "What runs an example could not be fetched. Check the connection, or load the page anew.")));
  }
}

function equip(box) {
  const label = box.matches(GRADED) ? "Check" : "Run";
  const go = element("button", { class: "run-go", type: "button" }, label);
  go.onclick = () => press(box); // until its example takes it over
  box.append(element("div", { class: "run-tools" }, go));
  box.style.setProperty("--first", box.querySelector("pre > code").textContent.split("\n", 1)[0].length);
  if (box.matches("[data-exercise]")) open(box).catch(() => {}); // a press will say it
}

// The theme forgets, now and then, to begin a new page at its top: when it notes where the last
// page was scrolled to just after it has changed the address.
let target = null; // what the link that was pressed asks for: a place, the top, or nothing known
addEventListener("popstate", () => { target = null; });
addEventListener("click", (event) => {
  target = event.target.closest("a[href]")?.hash ?? null;
}, true);

let shown;
function arrive() {
  const article = document.querySelector(".md-content article"); // what the search finds are articles, too
  if (!article || article === shown) return;
  if (shown) runtime?.leave();
  if (shown && target === "") scrollTo({ top: 0, behavior: "instant" });
  shown = article;
  document.body.append(voice);
  // The theme makes each copy button a landmark of its own, without a name.
  for (const nav of article.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none");
  for (const box of article.querySelectorAll(".highlight[data-copy]:not(:has(.run-tools))")) equip(box);
  import("./reach.js").then((reach) => reach.arrive(article), () => {});
  // Without it, the style sheet uncovers the answers by itself.
  if (article.querySelector(".ask")) import("./predict.js").then((predict) => predict.arrive(article)).catch(() => {});
  if (article.querySelector(".frames-tools")) import("./frames.js").then(({ start }) => start(article), () => {});
  const copies = ({ target }) => import("./notebook.js").then(({ copy }) => copy(target), () => {});
  article.querySelector(".notebook:not(:has(button))")
    ?.append(element("button", { type: "button", onclick: copies }, "copy address"));
  if (article.querySelector(".exercise-facts") || practised()) {
    import("./marks.js").then((marks) => marks.arrive()).catch(() => {}); // the page does not need them
  }
}

// Whether this browser remembers that an exercise was tried.
function practised() {
  try { return Object.keys(localStorage).some((key) => key.includes("practice ")); } catch { return false; }
}

if (window.document$) window.document$.subscribe(arrive);
else arrive();
