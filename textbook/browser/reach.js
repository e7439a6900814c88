// What is wider than its box scrolls: a keyboard must reach it, and hear what it is. The theme does
// so for code; what fits is not stopped at.
const boxes = new ResizeObserver((seen) => seen.forEach(({ target }) => reach(target)));

function reach(box) {
  if (box.scrollWidth - box.clientWidth > 1) {
    box.tabIndex = 0;
    if (box.matches("figure")) return; // which its caption names
    box.role = "group";
    box.ariaLabel = box.matches("div") ? "Table" : "Formula";
  } else if (box.tabIndex === 0) box.tabIndex = -1;
}

// On a label that opens something, the theme knows Enter.
addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches("label[tabindex]")) return;
  event.preventDefault();
  event.target.click();
});

export function arrive(article) {
  boxes.disconnect();
  const wide = article.querySelectorAll(".maths, figure, .md-typeset__scrollwrap, p:has(math)");
  for (const box of wide) boxes.observe(box);
  document.fonts.ready.then(() => wide.forEach(reach));
}
