// Gives every example a Run button and an editor in place. Nothing is fetched before a press;
// then Python runs in a worker (worker.js), so that the page stays alive whatever it does.
(() => {
  "use strict";
  const { python, limit } = document.currentScript.dataset;
  const here = document.currentScript.src;
  const asset = (path) => new URL(`../${path}`, here).href;
  const host = new URL(python, here).host;
  const DOWNLOADS = {
    python: { name: "Python and NumPy", megabytes: 17 },
    matplotlib: { name: "Matplotlib", megabytes: 10 },
    all: { name: "Python, NumPy and Matplotlib", megabytes: 27 },
  };
  const KEYS = "Tab indents, Shift and Tab unindents, Control and Enter runs, Escape leaves the editor.";

  // WebAssembly has no floating-point flags, which is where NumPy would find an overflow.
  const NO_FLAGS = "In a browser, NumPy cannot notice an overflow.";

  // ---- Small things ------------------------------------------------------------------------

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  // Storage may be full or forbidden; then nothing is remembered, and all else works.
  const memory = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      } catch { /* not remembered */ }
    },
  };

  // What this browser has fetched before, and has in its cache if it keeps one.
  const fetched = {
    has: (what) => (what === "all" ? ["python", "matplotlib"] : [what])
      .every((part) => memory.get(`fetched ${python} ${part}`)),
    add: (what) => (what === "all" ? ["python", "matplotlib"] : [what])
      .forEach((part) => memory.set(`fetched ${python} ${part}`, "yes")),
  };

  // What a screen reader is told; one region, which outlives instant navigation.
  const voice = element("div", { class: "run-voice", role: "status", "aria-live": "polite" });
  const announce = (text) => { voice.textContent = text.slice(0, 600); };

  const TOKEN = new RegExp([
    /(?<c1>#.*)/,
    /(?<s1>(?<!\w)[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<nd>(?<=^[ \t]*)@[\w.]+)/,
    /(?<=\bdef\s+)(?<nf>\w+)/,
    /(?<=\bclass\s+)(?<nc>\w+)/,
    /\b(?<k>as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|lambda|None|nonlocal|pass|raise|return|True|try|while|with|yield)\b/,
    /\w+/,
  ].map((part) => part.source).join("|"), "gm");

  // Colour Python as the build does: Pygments' classes, spans only where there is a colour.
  function colour(code) {
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

  // ---- Python, in a worker -----------------------------------------------------------------

  const runtime = {
    worker: null,
    job: null, // what runs now: {id, request, listen, timer}
    waiting: [],
    count: 0,

    // Returns nothing; `listen` is told all that happens, and at last an end.
    run(request, listen) {
      this.waiting.push({ id: ++this.count, request, listen });
      if (this.job) listen({ kind: "queued" });
      this.next();
    },

    next() {
      if (this.job || !this.waiting.length) return;
      this.job = this.waiting.shift();
      if (!this.worker) {
        try {
          this.worker = new Worker(asset("javascripts/worker.js"));
        } catch (error) {
          this.end({ kind: "unavailable", text: String(error) }, true);
          return;
        }
        this.worker.onmessage = ({ data }) => this.hear(data);
        this.worker.onerror = (event) => {
          event.preventDefault();
          if (this.job) this.end({ kind: "unavailable", text: event.message || "" }, true);
        };
      }
      const { id, request } = this.job;
      this.worker.postMessage({
        id, python: new URL(python, here).href, library: asset("python/book.zip"),
        known: fetched.has("python"), ...request,
      });
    },

    hear(message) {
      if (message.id !== this.job?.id) return;
      if (message.kind === "running") {
        this.job.timer = setTimeout(() => this.end({ kind: "overtime" }, true), limit * 1000);
      }
      if (message.kind === "done") this.end(message, false);
      else if (["unavailable", "crashed"].includes(message.kind)) this.end(message, true);
      else this.job.listen(message);
    },

    // The only way to end an endless loop is to end the worker it runs in.
    end(message, fatal) {
      const job = this.job;
      this.job = null;
      clearTimeout(job?.timer);
      if (fatal) {
        this.worker?.terminate();
        this.worker = null;
      }
      job?.listen(message);
      this.next();
    },

    stop(listen) {
      const waits = this.waiting.findIndex((job) => job.listen === listen);
      if (waits >= 0) {
        this.waiting.splice(waits, 1);
        listen({ kind: "stopped" });
      } else if (this.job?.listen === listen) {
        this.end({ kind: "stopped" }, true);
      }
    },

    leave() { // the page has gone
      this.waiting = [];
      if (this.job) {
        this.job.listen = () => {};
        this.end({ kind: "stopped" }, true);
      }
      this.worker?.postMessage({ kind: "forget", section: "" });
    },

    forget(section) { this.worker?.postMessage({ kind: "forget", section }); },
  };

  // ---- An example --------------------------------------------------------------------------

  class Example {
    constructor(box, page) {
      this.box = box;
      this.page = page;
      this.pre = box.querySelector("pre");
      this.session = box.classList.contains("language-pycon");
      this.original = box.dataset.copy;
      const { exercise, check, solution } = box.dataset;
      this.exercise = exercise ?? check ?? solution;
      this.role = exercise ? "exercise" : check ? "check" : solution ? "solution" : "";
      this.listen = (message) => this.hear(message);
      this.run = element("button", { class: "run-go", type: "button", onclick: () => this.press() });
      this.reset = element(
        "button",
        { class: "run-reset", type: "button", hidden: true, onclick: () => this.restore() },
        "Reset",
      );
      this.tools = element("div", { class: "run-tools" }, this.reset, this.run);
      box.append(this.tools);
      this.show("ready");
      if (this.role === "exercise") {
        this.key = `${page.path}#${this.exercise}`;
        this.edit(memory.get(this.key) ?? this.original);
      }
    }

    get code() { return this.area ? this.area.value : this.original; }
    get alt() {
      const drawn = this.box.nextElementSibling?.querySelector(":scope > img");
      return drawn && this.code === this.original ? drawn.alt : "What this code draws";
    }

    get section() { return `${this.page.path}#${this.box.dataset.section}`; }

    // ---- The editor: a textarea whose text is clear, over a layer that shows it in colour

    edit(code) {
      if (!this.area) {
        this.layer = element("code");
        this.area = element("textarea", {
          "aria-label": this.role === "exercise" ? "Your answer" : "The code of this example",
          "aria-description": KEYS,
          title: "Ctrl+Enter runs, Escape leaves",
          spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off",
          wrap: "off", rows: "1",
          oninput: () => this.paint(),
          onkeydown: (event) => this.type(event),
        });
        const layer = element("pre", { "aria-hidden": "true" }, this.layer);
        this.editor = element("div", { class: "run-editor" }, layer, this.area);
        this.pre.hidden = true;
        this.pre.after(this.editor);
        this.box.classList.add("run-open");
      }
      this.area.value = code;
      this.paint();
    }

    paint() {
      const { code } = this;
      this.layer.replaceChildren(colour(code), "\n");
      this.reset.hidden = !this.result && code === this.original;
      if (this.key) memory.set(this.key, code === this.original ? null : code);
    }

    type(event) {
      const { key } = event;
      if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
        if (this.state === "ready") this.press();
      } else if (key === "Escape") {
        this.run.focus();
      } else if (key === "Tab" && !event.altKey && !event.ctrlKey && !event.metaKey) {
        this.indent(event.shiftKey);
      } else if (key === "Enter" && !event.shiftKey && !event.isComposing) {
        const line = this.area.value.slice(0, this.area.selectionStart).split("\n").pop();
        const deeper = /:\s*(#.*)?$/.test(line) ? "    " : "";
        this.insert(`\n${/^ */.exec(line)[0]}${deeper}`);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    }

    indent(back) {
      const { area } = this;
      const { value, selectionStart: from, selectionEnd: to } = area;
      if (from === to && !back) {
        const column = from - (value.lastIndexOf("\n", from - 1) + 1);
        this.insert(" ".repeat(4 - (column % 4)));
        return;
      }
      const first = value.lastIndexOf("\n", from - 1) + 1;
      const lines = value.slice(first, to).split("\n");
      const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : `    ${line}`));
      const text = moved.join("\n");
      area.setSelectionRange(first, to);
      this.insert(text);
      const caret = Math.max(first, from + moved[0].length - lines[0].length);
      if (from === to) area.setSelectionRange(caret, caret);
      else area.setSelectionRange(first, first + text.length);
    }

    insert(text) { // so that the browser's Undo knows of it
      const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
      if (!done) {
        const { area } = this;
        area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
        this.paint();
      }
    }

    restore() {
      runtime.stop(this.listen);
      this.result?.remove();
      this.result = null;
      if (this.role === "exercise") {
        this.edit(this.original);
      } else {
        this.editor?.remove();
        this.area = null;
        this.pre.hidden = false;
        this.box.classList.remove("run-open");
        if (!this.role) runtime.forget(this.section);
      }
      this.reset.hidden = true;
      this.show("ready");
      (this.area ?? this.run).focus();
      announce("The original is back.");
    }

    // ---- Running

    press() {
      if (this.state !== "ready") {
        runtime.stop(this.listen);
        return;
      }
      if (!this.area && this.role !== "check") this.edit(this.original);
      this.open();
      this.show("busy");
      this.say("Starting …");
      runtime.run(this.request(), this.listen);
    }

    request() {
      if (this.role) {
        const { answer, check } = this.page.exercise(this.exercise);
        const tried = this.role === "check" ? answer.code : this.code;
        return { kind: "grade", answer: tried, check: check.pre.textContent, code: `${tried}\n${check.original}` };
      }
      const blocks = this.page.upTo(this);
      const output = this.box.nextElementSibling;
      const shown = output?.matches(".output") ? output.textContent : "";
      this.claims = this.session || shown !== "";
      return {
        kind: "run",
        section: this.section,
        blocks: blocks.map((block) => [block.session ? "pycon" : "python", block.code]),
        code: blocks.map((block) => block.code).join("\n"),
        page: this.session ? this.pre.textContent : shown,
        changed: blocks.some((block) => block.code !== block.original),
      };
    }

    open() {
      this.result?.remove();
      this.name = this.bar = null;
      this.status = element("p", { class: "run-status" });
      this.output = element("pre", { class: "run-output", tabindex: "0", "aria-label": "Output", hidden: true });
      this.text = element("code");
      this.output.append(this.text);
      this.result = element("div", { class: "run-result" }, this.status, this.output);
      this.box.append(this.result);
      this.reset.hidden = false;
    }

    show(state) {
      this.state = state;
      this.run.textContent = state === "ready" ? (this.role ? "Check" : "Run") : "Stop";
      this.run.classList.toggle("run-stop", state !== "ready");
    }

    say(text, mood = "", aloud = true) {
      this.status.className = `run-status ${mood}`;
      this.status.replaceChildren(text);
      if (aloud) announce(text);
    }

    finish(text, mood) {
      this.show("ready");
      const output = this.text.textContent.trim();
      this.say(text, mood, false);
      announce(output ? `${text} ${output}` : text);
    }

    hear(message) {
      switch (message.kind) {
        case "queued":
          this.say("Waits until the other example has ended.");
          break;
        case "fetching":
          this.fetching(message.what);
          break;
        case "received":
          if (this.bar) this.progress(message.bytes);
          break;
        case "running":
          if (this.bar) fetched.add(this.what);
          this.bar = null;
          this.say("Runs …", "", false);
          break;
        case "clear":
          this.text.replaceChildren();
          this.pending = null;
          break;
        case "code":
          this.pending = message.text; // shown when it answers something
          break;
        case "output":
        case "error":
          this.print(message);
          break;
        case "done":
          if (this.role) this.grade(message.result);
          else this.done(message.result);
          break;
        case "stopped":
          this.finish("Stopped. The next run starts a fresh Python.", "run-bad");
          break;
        case "overtime":
          this.finish(`Stopped after ${limit} seconds. The next run starts a fresh Python.`, "run-bad");
          break;
        case "crashed":
          this.finish("Python itself has crashed. The next run starts a fresh one.", "run-bad");
          break;
        case "unavailable":
          this.bar = null;
          this.finish(
            `${this.name ?? "Python"} could not be fetched from ${host}. The page does not need it; ` +
            "to run its examples, check the connection or what blocks that address, and press again.",
            "run-bad",
          );
          break;
      }
    }

    fetching(what) {
      if (this.bar) fetched.add(this.what); // one after the other
      const { name, megabytes } = DOWNLOADS[what] ?? { name: what }; // packages that an edit imports
      this.what = what;
      this.name = name;
      this.megabytes = megabytes;
      this.before = null;
      this.bar = element("progress", { "aria-label": `Fetching ${name}` });
      this.say(fetched.has(what) ? `Starts ${name} …`
        : `Fetches ${name} from ${host}, once: ${megabytes ? `at most ${megabytes} MB, which` : "packages that"} ` +
          "your browser keeps. Your code stays here.");
      this.status.append(this.bar);
    }

    progress(bytes) {
      if (!this.megabytes) return;
      this.before ??= this.what === "matplotlib" ? bytes : 0;
      this.bar.max = this.megabytes * 1e6;
      this.bar.value = bytes - this.before;
    }

    print({ kind, text }) {
      this.output.hidden = false;
      if (this.pending !== null && this.pending !== undefined && kind === "output") {
        this.prompt(this.pending);
        this.pending = null;
      }
      this.text.append(element("span", { class: kind === "error" ? "run-error" : "go" }, text));
    }

    prompt(source) {
      source.split("\n").forEach((line, number) => {
        this.text.append(element("span", { class: "gp" }, number ? "... " : ">>> "), colour(line), "\n");
      });
    }

    done({ failed, same, figures }) {
      for (const svg of figures) {
        const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
        this.result.append(element("img", { class: "run-figure", src: source, alt: this.alt }));
      }
      if (failed) this.finish("Ended with an error.", "run-bad");
      else if (figures.length) this.finish("Drawn.", "run-good");
      else if (!this.claims) this.finish("Done.", "run-good");
      else if (same) this.finish("As on the page.", "run-good");
      else if (/errstate/.test(this.code)) this.finish(`Differs from the page. ${NO_FLAGS}`, "run-other");
      else this.finish("Differs from the page.", "run-other");
    }

    grade({ cases, error }) {
      if (error) {
        this.print({ kind: "error", text: error });
        this.finish("The answer ends with an error before it can be checked.", "run-bad");
        return;
      }
      const list = element("ul", { class: "run-cases" });
      for (const { code, want, got, passed, hint } of cases) {
        const item = element("li", { class: passed ? "run-good" : "run-bad" },
          element("span", { class: "run-mark" }, passed ? "passes" : "fails"), " ", element("code", {}, code));
        if (!passed) {
          item.append(" should give ", element("code", {}, want || "no output"), ", and gives ",
            element("code", {}, got || "nothing"), ".");
          if (hint) item.append(element("span", { class: "run-hint" }, ` Hint: ${hint}`));
        }
        list.append(item);
      }
      this.result.append(list);
      const passing = cases.filter((each) => each.passed).length;
      const all = passing === cases.length;
      this.finish(all ? `All ${cases.length} cases pass.` : `${passing} of ${cases.length} cases pass.`,
        all ? "run-good" : "run-bad");
      const failing = [...list.children].find((item) => item.matches(".run-bad"));
      if (failing) announce(`${this.status.textContent} ${failing.textContent}`);
    }
  }

  // ---- The page ----------------------------------------------------------------------------

  class Chapter {
    constructor(article) {
      this.path = location.pathname;
      const boxes = article.querySelectorAll(".highlight[data-copy]");
      this.examples = [...boxes].filter((box) => !box.querySelector(".run-tools"))
        .map((box) => new Example(box, this));
    }

    upTo(example) {
      const { section } = example.box.dataset;
      const mates = this.examples.filter((each) => !each.role && each.box.dataset.section === section);
      return mates.slice(0, mates.indexOf(example) + 1);
    }

    exercise(name) {
      const find = (role) => this.examples.find((each) => each.role === role && each.exercise === name);
      return { answer: find("exercise"), check: find("check") };
    }
  }

  // The theme forgets, now and then, to begin a new page at its top: when it notes where the last
  // page was scrolled to just after it has changed the address.
  let target = null; // what the link that was pressed asks for: a place, the top, or nothing known
  addEventListener("popstate", () => { target = null; });
  addEventListener("click", (event) => {
    target = event.target.closest("a[href]")?.hash ?? null;
  }, true);

  let shown;
  function arrive() {
    const article = document.querySelector("article");
    if (!article || article === shown) return;
    if (shown) runtime.leave();
    if (shown && target === "") scrollTo({ top: 0, behavior: "instant" });
    shown = article;
    document.body.append(voice);
    // The theme makes each copy button a landmark of its own, without a name.
    for (const nav of article.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none");
    new Chapter(article);
  }

  if (window.document$) window.document$.subscribe(arrive);
  else arrive();
})();
