// Colours Python as the build does: Pygments' classes, spans only where there is a colour.
import { element } from "./dom.js";

const TOKEN = new RegExp([
  /(?<c1>#.*)/,
  /(?<s1>(?<!\w)[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
  /(?<nd>(?<=^[ \t]*)@[\w.]+)/,
  /(?<=\bdef\s+)(?<nf>\w+)/,
  /(?<=\bclass\s+)(?<nc>\w+)/,
  /\b(?<k>as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|lambda|None|nonlocal|pass|raise|return|True|try|while|with|yield)\b/,
  /\w+/,
].map((part) => part.source).join("|"), "gm");

export function colour(code) {
  const out = document.createDocumentFragment();
  let position = 0;
  for (const match of code.matchAll(TOKEN)) {
    const css = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    if (!css) continue;
    out.append(code.slice(position, match.index));
    out.append(element("span", { class: css }, match[0]));
    position = match.index + match[0].length;
  }
  out.append(code.slice(position));
  return out;
}
