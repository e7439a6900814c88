// In the head of each page, and done before it is drawn: what the theme would write into the page
// itself, where its policy lets no script stand (textbook/build/policy.py).
{
  const BOOK = new URL("../../../", document.currentScript.src);

  // The names by which the theme keeps what a reader chose; nothing, where a browser keeps nothing.
  Object.assign(window, {
    __md_scope: BOOK,
    __md_hash: (text) => [...text].reduce((sum, each) => (sum << 5) - sum + each.charCodeAt(0), 0),
    __md_get(name, store, book = BOOK) {
      try { return JSON.parse((store ?? localStorage).getItem(`${book.pathname}.${name}`)); } catch { return null; }
    },
    __md_set(name, value, store, book = BOOK) {
      try { (store ?? localStorage).setItem(`${book.pathname}.${name}`, JSON.stringify(value)); } catch { /* so be it */ }
    },
  });

  // As the theme does later, when all that is there would be styled anew.
  document.documentElement.classList.replace("no-js", "js");

  // The reader's scheme, as soon as there is something to colour: that of the system, or the chosen one.
  const paint = () => {
    let { media, ...colour } = __md_get("__palette")?.color ?? {};
    if (!/light|dark/.test(media)) {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      media = `(prefers-color-scheme: ${dark ? "dark" : "light"})`;
      colour.scheme = dark ? "slate" : "default";
    }
    for (const [key, value] of Object.entries({ media, ...colour })) {
      document.body.setAttribute(`data-md-color-${key}`, value);
    }
  };
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    paint();
  }).observe(document.documentElement, { childList: true });

  // The theme asks for the index of its search on each page; it is sent when somebody searches,
  // or comes from a search, whose words are marked.
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...more) {
    this.waits = address.endsWith("search/search_index.json") && !/[?&][hq]=/.test(location.search);
    open.call(this, method, address, ...more);
  };
  XMLHttpRequest.prototype.send = function (...content) {
    if (!this.waits) return send.apply(this, content);
    const search = document.querySelector(".md-search");
    return search.addEventListener("focusin", () => send.apply(this, content), { once: true });
  };
}
