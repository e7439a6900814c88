// Says what a term means, in a small box at the link to the glossary: when one points at it, comes
// to it with the keyboard, or taps it (a second tap follows the link). Escape closes the box, and
// it stays while one points at it. Also gives each heading a link that says what is wrong there, and
// lets what leads elsewhere out of a frame.
import { element } from "./dom.js";

const box = element("div", { class: "term-said", id: "term-said", role: "tooltip", popover: "manual" });
const pages = new Map();
let shown = null; // the term whose meaning is seen
let leaving = 0;
let touched = null; // whether a finger began this click, and on what was seen already

// Return the page with the entries, fetched once; where that fails, the link still leads there.
function glossary(address) {
  const page = address.split("#")[0];
  if (!pages.has(page)) {
    pages.set(page, fetch(page)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((text) => new DOMParser().parseFromString(text, "text/html")));
    pages.get(page).catch(() => pages.delete(page));
  }
  return pages.get(page);
}

async function show(term) {
  clearTimeout(leaving);
  if (shown === term) return;
  hide();
  shown = term;
  const page = await glossary(term.href).catch(() => null);
  const name = page?.getElementById(decodeURIComponent(term.hash.slice(1)));
  let entry = name?.nextElementSibling;
  while (entry?.tagName === "DT") entry = entry.nextElementSibling;
  if (!entry || shown !== term || !term.isConnected) return;
  const text = document.importNode(entry, true);
  text.querySelector(":scope > a:last-child")?.remove(); // to where it is taught
  text.querySelectorAll("a").forEach((link) => link.replaceWith(...link.childNodes));
  box.replaceChildren(element("b", {}, name.firstChild.textContent.trim()), " ", ...text.childNodes);
  term.closest("main").append(box);
  box.showPopover();
  place(term);
  term.setAttribute("aria-describedby", box.id);
}

// Below the line that the term stands in, or above it; in the page, so that it scrolls along.
function place(term) {
  const { left, top, bottom } = [...term.getClientRects()].at(-1);
  const width = document.documentElement.clientWidth;
  const room = innerHeight - bottom > box.offsetHeight + 8 || top < box.offsetHeight + 8;
  box.style.left = `${scrollX + Math.max(8, Math.min(left, width - box.offsetWidth - 8))}px`;
  box.style.top = `${scrollY + (room ? bottom + 4 : top - box.offsetHeight - 4)}px`;
}

function hide() {
  clearTimeout(leaving);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  if (box.matches(":popover-open")) box.hidePopover();
  box.remove();
}

const termAt = (event) => event.target.closest?.("a.term");

function leave(event) {
  if (!shown || event.pointerType === "touch" || document.activeElement === shown) return;
  clearTimeout(leaving);
  leaving = setTimeout(hide, 300); // time to reach the box
}

addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  if (termAt(event)) show(termAt(event));
  else if (event.target === box || box.contains(event.target)) clearTimeout(leaving);
  else leave(event);
  heading(event.target);
});
document.documentElement.addEventListener("pointerleave", leave);
addEventListener("focusin", (event) => {
  if (touched) return; // the click will come
  if (termAt(event)) show(termAt(event));
  else hide();
});
addEventListener("pointerdown", (event) => {
  const term = termAt(event);
  touched = event.pointerType === "touch" ? { again: term && term === shown } : null;
  if (!term && !box.contains(event.target)) hide();
}, true);
addEventListener("click", (event) => {
  const term = termAt(event);
  if (term && touched && !touched.again) {
    event.preventDefault();
    event.stopPropagation(); // or the theme would follow the link
    show(term);
  } else if (term) hide();
  touched = null;
  // In a frame, what leads elsewhere opens beside it: many sites refuse to be framed.
  const link = event.target.closest?.("a[href]");
  if (link && window.top !== window && link.origin !== location.origin) link.target = "_blank";
}, true);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shown) return;
  event.stopPropagation();
  hide();
}, true);
addEventListener("resize", () => { if (shown) hide(); });

// One link for all headings: it goes to the one that one points at, behind its permalink.
// With the keyboard one comes to that of the page, at its foot.
const wrong = element("a", { class: "headerlink heading-wrong", tabindex: -1 }, "This is wrong");

function heading(target) {
  const at = target.closest?.("article :is(h2, h3)[id]");
  const report = document.querySelector("footer a.wrong");
  if (!at || !report || wrong.parentElement === at) return;
  const name = [...at.childNodes].filter((node) => node.className !== "headerlink").map((node) => node.textContent);
  const address = new URL(report.href);
  const said = address.searchParams;
  said.set("title", `${said.get("title")}${name.join("").trim()}: `);
  said.set("body", said.get("body").replace(/^\S+/, (page) => `${page}#${at.id}`));
  wrong.href = address.href;
  at.append(wrong);
}

// What one came to while this was fetched.
document.querySelectorAll("a.term:is(:hover, :focus)").forEach(show);
document.querySelectorAll("article :is(h2, h3):hover").forEach(heading);
