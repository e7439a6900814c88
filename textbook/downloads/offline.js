// In the copy of the site for a folder: what browsers refuse to take from disks comes from here.
// `{scripts}` and `{data}` stand for what offline.py found: texts by their path in the site.
var offline = {
  base: new URL("..", document.currentScript.src).href,
  scripts: {scripts},
  data: {data},
};

// Modules: each has a name in a map, so that they find one another.
document.addEventListener("DOMContentLoaded", () => {
  const add = (type, textContent) => {
    document.body.append(Object.assign(document.createElement("script"), { type, textContent }));
  };
  const imports = Object.fromEntries(Object.entries(offline.scripts).map(([path, text]) =>
    [`site:${path}`, `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`]));
  add("importmap", JSON.stringify({ imports }));
  const main = Object.keys(offline.scripts).find((path) => path.endsWith("/main.js"));
  add("module", `import ${JSON.stringify(`site:${main}`)};`);
});

// Data that scripts ask for.
{
  const plain = fetch;
  self.fetch = (what, ...more) => {
    const text = offline.data[String(what.url ?? what).slice(offline.base.length)];
    return text === undefined ? plain(what, ...more) : Promise.resolve(new Response(text));
  };
}

// Workers, of which the search is one. That of Python is not here.
{
  const Plain = Worker;
  self.Worker = class extends Plain {
    constructor(address, options) {
      const { href } = new URL(address, document.baseURI);
      const path = href.slice(offline.base.length).replace(/#.*/, "");
      if (!(path in offline.scripts) || /\/worker\.js$/.test(path)) throw new Error(`${path} is not here`);
      super(URL.createObjectURL(new Blob([offline.scripts[path]], { type: "text/javascript" })), options);
    }
  };
}

// What cannot work says so.
addEventListener("click", (event) => {
  const box = event.target.closest(".run-go")?.closest(".highlight");
  if (!box) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  const note = document.querySelector(".offline").cloneNode(true);
  note.className = "run-status";
  const result = box.querySelector(".run-result") ?? box.appendChild(document.createElement("div"));
  result.className = "run-result";
  result.setAttribute("role", "status");
  result.replaceChildren(note);
}, true);
