// Runs Python away from the page. It is started by run.js at a reader's first press.
// Told {id, python, library, kind, ...}; tells {id, kind, ...}.
"use strict";

let runtime; // a promise of Pyodide with the library
let current; // the id of what is being done
let received = 0;
let known = false; // whether all has been fetched before

const tell = (kind, more) => postMessage({ id: current, kind, ...more });

// Pyodide waits for ever for a core file that does not come; nobody else should.
let giveUp;
const missing = new Promise((_, reject) => { giveUp = reject; });
missing.catch(() => {});

// Count what arrives, so that the page can show how far it is.
const plainFetch = self.fetch;
self.fetch = async (...request) => {
  let response;
  try {
    response = await plainFetch(...request);
    if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  } catch (error) {
    giveUp(error);
    throw error;
  }
  if (!response.body) return response;
  // A browser keeps compiled WebAssembly with the answer that it knows, not with our copy of it.
  if (known && response.url.endsWith(".wasm")) return response;
  const counter = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      tell("received", { bytes: received });
      controller.enqueue(chunk);
    },
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, headers });
};

const draws = (code) => /matplotlib|\bfigures\b/.test(code);

// Compiling the packages takes a third of the start, so their bytecode is kept, if the browser lets us.
const shelf = async () => { try { return await caches.open("bytecode"); } catch { return null; } };

async function unshelve(pyodide, name) {
  const store = await shelf();
  try {
    const found = await store?.match(name);
    if (found) pyodide.globals.get("unpack")(new Uint8Array(await found.arrayBuffer()));
  } catch { // it is spoiled; without it the start takes longer, and all is kept anew
    await store.delete(name).catch(() => {});
  }
}

async function keep(pyodide, name) {
  const bytes = pyodide.runPython("bytecode()")?.toJs();
  if (bytes) await (await shelf())?.put(name, new Response(bytes)).catch(() => {});
}

async function start({ python, library, code }) {
  const archive = fetch(library).then((response) => response.arrayBuffer());
  archive.catch(() => {}); // said below, when it is waited for
  importScripts(`${python}pyodide.js`);
  const pyodide = await loadPyodide({
    indexURL: python,
    packages: draws(code) ? ["numpy", "matplotlib"] : ["numpy"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
    stdout: () => {},
    stderr: () => {},
  });
  if (!pyodide.loadedPackages.numpy) throw new Error("NumPy did not load");
  pyodide.unpackArchive(await archive, "zip", { extractDir: "/book" });
  pyodide.globals.set("tell", (kind, text) => tell(kind, { text }));
  pyodide.runPython(`
import gc, io, json, sys, zipfile
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from pyodide.code import find_imports
sys.path.insert(0, "/book")
sys.dont_write_bytecode = False
from textbook import session
runner = session.Runner(tell)

def run(request):
    r = json.loads(request)
    for name in set(find_imports(r["code"])) - sys.stdlib_module_names:
        with suppress(Exception):  # running the code will say it better
            import_module(name)  # so that a module is known as it was before an example changed it
    if r["kind"] == "grade":
        return json.dumps(asdict(session.grade(r["answer"], r["check"])))
    return json.dumps(runner.run(r["section"], r["blocks"], r["page"], r["changed"]))

def compiled():
    return list(Path("/lib/python3.12/site-packages").glob("**/*.pyc"))

kept = 0  # how many files an earlier start compiled

def unpack(archive):
    """Unpack what an earlier start kept, and no file before it has proved to be whole."""
    global kept
    with zipfile.ZipFile(io.BytesIO(archive.to_py())) as files:
        for name in files.namelist():
            content = files.read(name)
            path = Path("/", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    kept = len(compiled())

def bytecode():
    """Zip what was compiled, and Matplotlib's list of fonts, for the next start."""
    global kept
    found = compiled()
    if len(found) <= kept:
        return None
    kept = len(found)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in found:
            data = bytearray(path.read_bytes())
            data[4] = 1  # to be taken without a look at the source, whose date will be new
            archive.writestr(str(path)[1:], bytes(data))
        for path in Path.home().rglob("fontlist*.json"):
            archive.write(path, str(path)[1:])
    return out.getvalue()
`);
  await unshelve(pyodide, `${python}bytecode`);
  return pyodide;
}

const ready = new Set();

// Fetch the packages that the code imports, if it has not been done.
async function provide(pyodide, code) {
  const quiet = { messageCallback() {}, errorCallback(text) { problem = text; } };
  let problem = "";
  if (draws(code) && !ready.has("drawing")) {
    if (!pyodide.loadedPackages.matplotlib) {
      tell("fetching", { what: "matplotlib" });
      await pyodide.loadPackage("matplotlib", quiet);
    }
    if (!problem) {
      pyodide.runPython('session.prepare_drawing(Path("/book/fonts"))');
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
    if (runtime) (await runtime).globals.get("runner").forget(request.section);
    return;
  }
  current = request.id;
  let pyodide;
  try {
    known = request.known;
    if (!runtime) tell("fetching", { what: draws(request.code) ? "all" : "python" });
    runtime ??= start(request);
    pyodide = await Promise.race([runtime, missing]);
    await Promise.race([provide(pyodide, request.code), missing]);
  } catch (error) {
    tell("unavailable", { text: String(error) });
    return;
  }
  tell("running");
  const result = pyodide.globals.get("run")(JSON.stringify(request));
  tell("done", { result: JSON.parse(result) });
  pyodide.runPython("gc.collect()"); // now, while the reader looks, and not in the next run
  const numpy = pyodide.runPython('"numpy" in sys.modules'); // until then there is nothing to keep
  const state = ready.has("drawing") ? "kept with drawing" : numpy ? "kept" : "";
  if (state && !ready.has(state)) {
    ready.add(state);
    setTimeout(() => { queue = queue.then(() => keep(pyodide, `${request.python}bytecode`)).catch(() => {}); }, 2000);
  }
}

// One after the other: a request must not begin while another waits for a download.
let queue = Promise.resolve();
onmessage = ({ data }) => {
  queue = queue.then(() => handle(data)).catch((error) => tell("crashed", { text: String(error) }));
};
