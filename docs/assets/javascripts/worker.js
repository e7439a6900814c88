// Runs Python away from the page. It is started by run.js at a reader's first press.
// Told {id, python, library, kind, ...}; tells {id, kind, ...}.
"use strict";

let runtime; // a promise of Pyodide with the library
let current; // the id of what is being done
let received = 0;

const tell = (kind, more) => postMessage({ id: current, kind, ...more });

// Count what arrives, so that the page can show how far it is.
const plainFetch = self.fetch;
self.fetch = async (...request) => {
  const response = await plainFetch(...request);
  if (!response.ok || !response.body) return response;
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

async function start(python, library) {
  const archive = fetch(library).then((response) => {
    if (!response.ok) throw new Error(`${response.status} for ${library}`);
    return response.arrayBuffer();
  });
  archive.catch(() => {}); // said below, when it is waited for
  importScripts(`${python}pyodide.js`);
  const pyodide = await loadPyodide({
    indexURL: python,
    packages: ["numpy"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
    stdout: () => {},
    stderr: () => {},
  });
  if (!pyodide.loadedPackages.numpy) throw new Error("NumPy did not load");
  pyodide.unpackArchive(await archive, "zip", { extractDir: "/book" });
  pyodide.globals.set("tell", (kind, text) => tell(kind, { text }));
  pyodide.runPython(`
import json, sys
from dataclasses import asdict
from pathlib import Path
sys.path.insert(0, "/book")
import dlfund
from textbook import session
runner = session.Runner(tell)

def run(request):
    r = json.loads(request)
    if r["kind"] == "grade":
        return json.dumps(asdict(session.grade(r["answer"], r["check"])))
    return json.dumps(runner.run(r["section"], r["blocks"], r["page"], r["changed"]))
`);
  return pyodide;
}

// Fetch the packages that the code imports, if it has not been done.
async function provide(pyodide, code) {
  const before = Object.keys(pyodide.loadedPackages).length;
  const quiet = { messageCallback() {}, errorCallback(text) { problem = text; } };
  let problem = "";
  const draws = /matplotlib|\bfigures\b/.test(code);
  if (draws && !pyodide.loadedPackages.matplotlib) {
    tell("fetching", { what: "matplotlib" });
    await pyodide.loadPackage("matplotlib", quiet);
    if (!problem) {
      pyodide.runPython('session.prepare_drawing(Path("/book/fonts"))');
    }
  }
  try {
    await pyodide.loadPackagesFromImports(code, quiet);
  } catch (error) {
    if (!/SyntaxError/.test(error)) throw error; // Python will say it better
  }
  if (problem) throw new Error(problem);
  return Object.keys(pyodide.loadedPackages).length - before;
}

async function handle(request) {
  if (request.kind === "forget") {
    if (runtime) (await runtime).globals.get("runner").forget(request.section);
    return;
  }
  current = request.id;
  let pyodide;
  try {
    if (!runtime) tell("fetching", { what: "python" });
    runtime ??= start(request.python, request.library);
    pyodide = await runtime;
    await provide(pyodide, request.code);
  } catch (error) {
    tell("unavailable", { text: String(error) });
    return;
  }
  tell("running");
  const result = pyodide.globals.get("run")(JSON.stringify(request));
  tell("done", { result: JSON.parse(result) });
}

// One after the other: a request must not begin while another waits for a download.
let queue = Promise.resolve();
onmessage = ({ data }) => {
  queue = queue.then(() => handle(data)).catch((error) => tell("crashed", { text: String(error) }));
};
