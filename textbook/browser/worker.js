// Runs Python away from the page. It is started by runtime.js at a reader's first press; what is
// done in Python is in worker.py. No module, which would only start later in older browsers.
// Told {id, python, library, kind, ...}; tells {id, kind, ...}.
"use strict";

let starting; // a promise that is kept when Python runs
let python; // {pyodide, reader, shelf}: Python, and what worker.py does there
let current; // the id of what is being done
let received = 0;
let known = false; // whether all has been fetched before

const tell = (kind, more) => postMessage({ id: current, kind, ...more });

// Say which block begins, of how many that run for the one that was pressed, and its own limit.
let limits = [];
function begin(block) {
  const limit = limits[block]; // in seconds, or nothing
  const last = limits.length - 1;
  const which = block < last ? ` what stands before, ${block + 1} of ${last}` : "";
  tell("running", { limit, text: `Runs${which}${limit ? `, for at most ${limit} seconds` : ""} …` });
}

// Pyodide waits for ever for a core file that does not come; nobody else should.
let giveUp;
const missing = new Promise((_, reject) => { giveUp = reject; });
missing.catch(() => {});

// The core files of Pyodide 0.27.7, by their SHA-256; the lock names that of each package, which
// Pyodide verifies.
const CORE = {
  "pyodide-lock.json": "nEW5FgAadQ9BAvwodJTz6rIVkJx1NcYmog24D9YzPiw=",
  "pyodide.asm.js": "a0yQ3ltxcoc/BPIYhNDp0idOMF/jIRZVj+Pk++NhjVE=",
  "pyodide.asm.wasm": "pQ3RhD+AWgt8RbYQN+4Neybf6F7+DhjvlaNK0k5AH18=",
  "pyodide.js": "tMsjpTq6GcIhZZuftAovGCgdaFaR3AZkf7Cv0Ggbr5g=",
  "python_stdlib.zip": "FmEVNHJuXYrCvY+SZBCy3LjW9JqiSRNGNTO0V6IRXBY=",
};

async function verify(bytes, name) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (btoa(String.fromCharCode(...digest)) !== CORE[name]) {
    throw new Error(`${name} is not the file that Pyodide published`);
  }
  return bytes;
}

// Count what arrives, so that the page can show how far it is, and verify what will be run.
const plainFetch = self.fetch;
self.fetch = async (resource, options) => {
  const name = String(resource.url ?? resource).split("/").pop();
  // The browser can verify it; but then all of it arrives at once.
  const atOnce = CORE[name] && (known || !crypto.subtle);
  try {
    const integrity = atOnce ? { integrity: `sha256-${CORE[name]}` } : {};
    const response = await plainFetch(resource, { ...options, ...integrity });
    if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
    // A browser keeps compiled WebAssembly with the answer that it knows, not with our copy of it.
    if (!response.body || (atOnce && name.endsWith(".wasm"))) return response;
    const counted = count(response);
    if (!CORE[name] || atOnce) return counted;
    return new Response(await verify(await counted.arrayBuffer(), name), response);
  } catch (error) {
    giveUp(error);
    throw error;
  }
};

function count(response) {
  const counter = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      tell("received", { bytes: received });
      controller.enqueue(chunk);
    },
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, headers });
}

// Run a script that is verified, which it would not be if importScripts fetched it.
async function load(address) {
  const source = new Blob([await (await fetch(address)).arrayBuffer()], { type: "text/javascript" });
  const script = URL.createObjectURL(source);
  importScripts(script);
  URL.revokeObjectURL(script);
}

const draws = (code) => /matplotlib|\bfigures\b/.test(code);

// Compiling the packages takes a third of the start, so their bytecode is kept, if the browser lets us.
const bytecode = (address) => `${address}bytecode`;
const shelf = async () => { try { return await caches.open("bytecode"); } catch { return null; } };

async function unshelve(name) {
  const store = await shelf();
  try {
    const found = await store?.match(name);
    if (found) python.shelf.unpack(python.pyodide.toPy(new Uint8Array(await found.arrayBuffer())));
  } catch { // it is spoiled; without it the start takes longer, and all is kept anew
    await store.delete(name).catch(() => {});
  }
}

async function keep(name) {
  const bytes = python.shelf.pack()?.toJs();
  if (bytes) await (await shelf())?.put(name, new Response(bytes)).catch(() => {});
}

async function start({ python: address, library, code }) {
  const archive = fetch(library).then((response) => response.arrayBuffer());
  archive.catch(() => {}); // said below, when it is waited for
  // Pyodide would fetch its second script by itself.
  await Promise.all(["pyodide.js", "pyodide.asm.js"].map((name) => load(address + name)));
  const pyodide = await loadPyodide({
    indexURL: address,
    packages: draws(code) ? ["numpy", "matplotlib"] : ["numpy"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
    stdout: () => {},
    stderr: () => {},
  });
  if (!pyodide.loadedPackages.numpy) throw new Error("NumPy did not load");
  pyodide.unpackArchive(await archive, "zip", { extractDir: "/book" });
  pyodide.runPython('import sys; sys.path.insert(0, "/book")');
  const { Reader, Shelf } = pyodide.pyimport("textbook.browser.worker");
  const reader = Reader((kind, text) => tell(kind, { text }), begin);
  python = { pyodide, reader, shelf: Shelf() };
  await unshelve(bytecode(address));
}

const ready = new Set();

// Fetch the packages that the code imports, if it has not been done.
async function provide(code) {
  const { pyodide } = python;
  let problem = "";
  const quiet = { messageCallback() {}, errorCallback(text) { problem = text; } };
  if (draws(code) && !ready.has("drawing")) {
    if (!pyodide.loadedPackages.matplotlib) {
      tell("fetching", { what: "matplotlib" });
      await pyodide.loadPackage("matplotlib", quiet);
    }
    if (!problem) {
      python.reader.prepare_drawing();
      ready.add("drawing");
    }
  }
  try {
    await pyodide.loadPackagesFromImports(code, {
      ...quiet,
      messageCallback(text) {
        const [, names] = /^Loading (.+)/.exec(text) ?? [];
        if (names) tell("fetching", { what: names });
      },
    });
  } catch (error) {
    if (!/SyntaxError/.test(error)) throw error; // Python will say it better
  }
  if (problem) throw new Error(problem);
}

async function handle(request) {
  if (request.kind === "forget") {
    await starting;
    python?.reader.forget(request.section);
    return;
  }
  current = request.id;
  try {
    known = request.known;
    if (!starting) tell("fetching", { what: draws(request.code) ? "all" : "python" });
    starting ??= start(request);
    await Promise.race([starting, missing]);
    await Promise.race([provide(request.code), missing]);
  } catch (error) {
    tell("unavailable", { text: String(error) });
    return;
  }
  tell("running", { text: "Runs …" });
  limits = request.limits ?? [];
  // Promising, so that asyncio.run can wait, where the browser can let it.
  const result = await python.reader.answer.callPromising(JSON.stringify(request));
  tell("done", { result: JSON.parse(result) });
  const numpy = python.reader.tidy(); // until then there is nothing to keep
  const state = ready.has("drawing") ? "kept with drawing" : numpy ? "kept" : "";
  if (state && !ready.has(state)) {
    ready.add(state);
    setTimeout(() => { queue = queue.then(() => keep(bytecode(request.python))).catch(() => {}); }, 2000);
  }
}

// One after the other: a request must not begin while another waits for a download.
let queue = Promise.resolve();
onmessage = ({ data }) => {
  queue = queue.then(() => handle(data)).catch((error) => tell("crashed", { text: String(error) }));
};
