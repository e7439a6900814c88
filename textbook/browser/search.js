// The worker behind the search box, in place of the theme's: it gets the theme's index and speaks
// as the theme's does (0 here is the index, 1 ready, 2 a query, 3 what it found).
// A section is found by the words of its text, and before that by its names: its title, and what
// the lesson says it is also called. A name counts by how much of it was typed, and more by how
// much of what was typed it is.
const STOP = new Set(
  `a an and are as at be but by can could did do does for from had has have how i if in into is it
  its me my not of on one or so that the their there they this to us versus vs was we were what
  when where which who whose why will with would you your`.split(/\s+/),
);
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const ENDING = /(?:ation|ating|ated|ate|ator|or|ative|ion|ional|ive|ing|ed|er|e?s|e|ly|al|y)s?$/;
const NAME = 5; // a name that was typed weighs as much as all words found in the text, five times
const BOLD = 2; // what is set in bold there, which is said for the first time: twice
const PAGE = 0.5; // and the names of its page as half of it
const CALL = 8; // for a title that is a name in code, when just that is typed, as relu() is
const MOST = 50; // sections are shown, and of these
const LEAST = 0.1; // only what has that share of the best one's score

let sections = 0;
let postings; // word -> how often it stands in the text of each section that has it
let stems; // stem -> the words that have it
let glued; // a name of two or three words, written as one -> these

const spell = (word) => word.normalize("NFKC").toLowerCase();
const plain = (html) => html.replace(/<[^>]*>|&\w+;/g, " ");
const words = (text) => (text.match(WORD) ?? []).map(spell);
const stem = (word) =>
  word.length < 5
    ? word.replace(/s$/, "")
    : word
        .replace(/iz(?=[ae])/, "is") // -ize, too
        .replace(ENDING, "")
        .replace(/([bdgmnpt])\1$/, "$1"); // overfitting

// Of dlfund.activations.relu(z), and of relu(): relu.
const name = (title) => words(title.replace(/\(.*/s, "").replace(/.*\./s, "")).join(" ");

function telling(text) {
  const all = words(text);
  const kept = all.filter((word) => !STOP.has(word));
  return kept.length ? kept : all;
}

function read(docs) {
  sections = docs.length;
  postings = new Map();
  stems = new Map();
  glued = new Map();
  const pages = new Map();
  for (const doc of docs) {
    const page = doc.location.split("#")[0];
    const names = [plain(doc.title), ...(doc.tags ?? [])].map(telling);
    for (const name of names)
      if (name.length > 1 && name.length < 4) glued.set(name.join(""), name);
    const section = { ...doc, names, bold: (doc.bold ?? []).map(telling) };
    if (!pages.has(page)) {
      section.about = [...names.flat(), ...words(page)];
      pages.set(page, section);
    }
    section.parent = pages.get(page);
    const put = (word, count) => {
      if (!postings.has(word)) {
        postings.set(word, new Map());
        stems.set(stem(word), [...(stems.get(stem(word)) ?? []), word]);
      }
      const counts = postings.get(word);
      counts.set(section, (counts.get(section) ?? 0) + count);
    };
    words(plain(doc.text)).forEach((word) => put(word, 1));
    [...names, ...section.bold].flat().forEach((word) => put(word, 0));
  }
}

// What may be two words, as crossentropy, or the beginning of two, as maxpool.
function apart(word) {
  if (glued.has(word)) return glued.get(word);
  if (postings.has(word)) return [word];
  const may = ([whole, name]) => whole.startsWith(word) && word.length > name[0].length + 2;
  const [found] = [...glued].filter(may).sort(([one], [other]) => one.length - other.length);
  return found?.[1] ?? [word];
}

// How many letters to change, add, drop or swap with the next; more than two are all the same.
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}

// The book's words that may be meant by one that was typed, and how surely.
function alike(word) {
  const found = new Map();
  for (const each of stems.get(stem(word)) ?? []) found.set(each, 0.9);
  if (word.length > 1)
    for (const each of postings.keys())
      if (each.startsWith(word) && !found.has(each)) found.set(each, 0.6);
  if (postings.has(word)) found.set(word, 1);
  const least = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  for (let near = 1; near <= least && !found.size; near++)
    for (const each of postings.keys()) if (distance(word, each) === near) found.set(each, 0.8);
  return found;
}

function score(section, wanted, total) {
  const reach = (term, names) =>
    Math.max(0, ...names.map((word) => term.found.get(word) ?? 0)) * term.weight;
  let text = 0;
  let covered = 0;
  for (const term of wanted) {
    const count = term.counts.get(section) ?? 0;
    const above = PAGE * reach(term, section.parent.about);
    const here = Math.max(reach(term, section.names.flat()), count ? term.weight : 0);
    text += (count / (count + 1)) * term.weight + above;
    covered += Math.max(here, above);
  }
  const like = (words) => {
    const typed = wanted.reduce((sum, term) => sum + reach(term, words), 0) / total;
    const said = words.filter((word) => wanted.some((term) => term.found.has(word))).length;
    return words.length ? (typed ** 2 * said) / words.length : 0;
  };
  const named = NAME * Math.max(...section.names.map(like));
  const bold = BOLD * Math.max(0, ...section.bold.map(like));
  return (section.boost ?? 1) * (text / total + Math.max(named, bold)) * (covered / total) ** 2;
}

function rank(query) {
  const wanted = [...new Set(telling(query).flatMap(apart))].map((word) => {
    const found = alike(word);
    const counts = new Map(); // in the text of each section that has it there or in a name
    for (const [each, sure] of found)
      for (const [section, count] of postings.get(each))
        counts.set(section, (counts.get(section) ?? 0) + sure * count);
    return { word, found, counts, weight: Math.log(1 + sections / (1 + counts.size)) };
  });
  const total = wanted.reduce((sum, term) => sum + term.weight, 0);
  const call = /[_(]/.test(query) && name(query); // as it stands in code
  const ranked = [...new Set(wanted.flatMap((term) => [...term.counts.keys()]))]
    .map((section) => {
      const named = call && name(plain(section.title)) === call ? CALL : 1;
      return { section, score: 100 * score(section, wanted, total) * named };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
  return { wanted, ranked: ranked.filter((each) => each.score > LEAST * ranked[0].score) };
}

// A text with the words that were found marked.
function mark(html, found) {
  const parts = html.split(/(<[^>]*>|&\w+;)/);
  const set = (word) => (found.has(spell(word)) ? `<mark>${word}</mark>` : word);
  return parts.map((part, i) => (i % 2 ? part : part.replace(WORD, set))).join("");
}

// The paragraph that has most of the words.
function teaser(text, found) {
  const marked = (text.match(/<p>.*?<\/p>/gs) ?? []).map((each) => mark(each, found));
  const many = (each) => new Set(each.match(/<mark>[^<]*/g)).size;
  return marked.reduce((best, each) => (many(each) > many(best) ? each : best), marked[0] ?? "");
}

function show({ section, score }, wanted) {
  const { location, title, text, tags } = section;
  const terms = {};
  for (const { word, found } of wanted) {
    const here = [...found.keys()].filter((each) => postings.get(each).has(section));
    for (const each of here.length ? here : [word]) terms[each] = here.length > 0;
  }
  const found = new Set(Object.keys(terms).filter((each) => terms[each]));
  const said = new Set(words(plain(title)));
  const called = (tags ?? []).filter((tag) => {
    const name = telling(tag);
    return name.every((word) => found.has(word)) && !name.every((word) => said.has(word));
  });
  // Not as tags: the theme makes a landmark of these, in each result.
  const names = called.map((tag) => `<span class="md-tag">${mark(tag, found)}</span>`).join(" ");
  return {
    location,
    score,
    terms,
    title: mark(title, found),
    text: teaser(text, found) + (names && `<p class="md-tags">${names}</p>`),
  };
}

function answer(query) {
  if (!words(query).length) return { items: [] };
  const { wanted, ranked } = rank(query);
  const pages = new Map();
  for (const each of ranked) {
    const { parent } = each.section;
    pages.set(parent, [...(pages.get(parent) ?? []), each]);
  }
  for (const [parent, found] of pages)
    if (found.every(({ section }) => section !== parent)) found.push({ section: parent, score: 0 });
  const items = [...pages.values()].map((found) => found.map((each) => show(each, wanted)));
  return { items, suggest: suggest(query, ranked) };
}

// What may be the end of the word that is being typed: as the best title has it.
function suggest(query, ranked) {
  const typed = words(query);
  const last = typed.at(-1);
  const names = ranked.slice(0, 3).flatMap(({ section }) => section.names.flat());
  return [...typed.slice(0, -1), names.find((word) => word.startsWith(last)) ?? last];
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === 0) read(data.docs);
  postMessage(type === 0 ? { type: 1 } : { type: 3, data: answer(data) });
});
