// A figure with frames: a slider, and perhaps a select, choose the one that is shown.
import { element } from "./dom.js";

function equip(tools) {
  const { choices, labels, first, count, ...data } = JSON.parse(tools.dataset.frames);
  const columns = data.columns.map((column) => column.split(column[0]).slice(1));
  const text = (kind, at) => data[kind].map((part) => columns[part]?.[at] ?? part).join("");
  const many = choices.length || 1;
  const caption = tools.parentElement.querySelector("figcaption");
  let image = tools.parentElement.querySelector("img");
  image.dataset.alt = image.alt; // of what the code draws as it stands
  const known = { [first]: image };
  let wish, coming; // what is chosen, and an image that is being fetched

  const range = element("input", { type: "range", max: count - 1, oninput: choose });
  range.value = Math.floor(first / many);
  const value = element("span", { "aria-hidden": "true" }); // the slider says it
  tools.append(element("label", {}, element("b", {}, labels[0]), range), value);
  const select = element("select", { onchange: choose }, ...choices.map((each) => element("option", {}, each)));
  if (choices[0]) tools.append(element("label", {}, labels[1], " ", select));
  select.selectedIndex = first % many;
  say(text("value", first));
  new ResizeObserver(reserve).observe(tools);
  document.fonts.ready.then(reserve);

  async function choose() {
    const at = wish = range.value * many + select.selectedIndex % many;
    say(text("value", at));
    coming?.removeAttribute("src");
    coming = null;
    const next = known[at] ?? image.cloneNode();
    if (!known[at]) {
      coming = next;
      next.loading = "eager";
      next.alt = text("alt", at);
      next.src = image.src.replace(/\d+(?=\.svg$)/, at);
      const failed = await next.decode().catch(() => true);
      if (wish !== at) return;
      if (failed) return say(`${text("value", at)} (could not be fetched)`);
      known[at] = next;
      coming = null;
    }
    image.replaceWith(next);
    image = next;
    caption.innerHTML = text("caption", at);
  }

  function say(words) {
    value.textContent = words;
    range.setAttribute("aria-valuetext", words);
  }

  // Keeps the height of the tallest caption, so that nothing moves.
  function reserve() {
    const ruler = element("figcaption", { class: "frames-ruler" });
    caption.after(ruler);
    caption.style.minHeight = `${Math.max(...columns[0].map((_, at) => {
      ruler.innerHTML = text("caption", at);
      return ruler.offsetHeight;
    }))}px`;
    ruler.remove();
  }
}

export const start = (article) => article.querySelectorAll(".frames-tools:empty").forEach(equip);
