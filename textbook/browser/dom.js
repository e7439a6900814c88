// Small things that every module needs: elements, and a voice for screen readers.

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
