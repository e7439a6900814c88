// Small things that every module needs: elements, a voice for screen readers, and what the
// book's settings say (mkdocs.yml, through main.html).

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// What a screen reader is told; one region, which outlives instant navigation.
export const voice = element("div", { class: "run-voice", role: "status", "aria-live": "polite" });
export const announce = (text) => { voice.textContent = text.slice(0, 600); };

// The address of the book, whatever the path that it is served under.
export const BASE = import.meta.url.slice(0, import.meta.url.lastIndexOf("assets/javascripts/"));

const { python, limit } = document.querySelector("script[data-python]").dataset;

export const PYTHON = new URL(python, BASE).href;
export const LIMIT = Number(limit); // seconds that a run may take
