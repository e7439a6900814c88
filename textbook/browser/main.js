// On every page: gives each example its button. What runs and edits it is imported when it is
// needed: on a page with exercises at once, as an answer is to be written; else at the press.
import { element, voice } from "./dom.js";

const GRADED = "[data-exercise], [data-check], [data-solution]";

// This is runtime.js, once it is here.
let runtime;

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
  // Until its example takes it over.
  go.onclick = () => press(box);
  box.append(element("div", { class: "run-tools" }, go));
  box.style.setProperty("--first", box.querySelector("pre > code").textContent.split("\n", 1)[0].length);
  // What fails here a press will say.
  if (box.matches("[data-exercise]")) open(box).catch(() => {});
}

// The theme forgets, now and then, to begin a new page at its top: when it notes where the last
// page was scrolled to just after it has changed the address.
// This is what the link that was pressed asks for: a place, the top, or nothing known.
let target = null;
addEventListener("popstate", () => { target = null; });
addEventListener("click", (event) => {
  target = event.target.closest("a[href]")?.hash ?? null;
}, true);

let shown;
function arrive() {
  // What the search finds are articles, too.
  const article = document.querySelector(".md-content article");
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
    // The page does not need them.
    import("./marks.js").then((marks) => marks.arrive()).catch(() => {});
  }
}

// Whether this browser remembers that an exercise was tried.
function practised() {
  try { return Object.keys(localStorage).some((key) => key.includes("practice ")); } catch { return false; }
}

// What says the meaning of terms comes when there is somebody to ask for it.
for (const sign of ["pointerover", "focusin", "scroll"]) {
  addEventListener(sign, () => import("./terms.js").catch(() => {}), { once: true });
}

if (window.document$) window.document$.subscribe(arrive);
else arrive();
