// Python, in a worker: it is started at the first press, does one thing after the other, and
// the page stays alive whatever it does.
import { fetched } from "./progress.js";
import { BASE, LIMIT, PYTHON } from "./dom.js";

let worker = null;
let job = null; // what runs now: {id, request, listen, timer}
let waiting = [];
let count = 0;

// Returns nothing; `listen` is told all that happens, and at last an end.
export function run(request, listen) {
  waiting.push({ id: ++count, request, listen });
  if (job) listen({ kind: "queued" });
  next();
}

export function stop(listen) {
  const waits = waiting.findIndex((each) => each.listen === listen);
  if (waits >= 0) {
    waiting.splice(waits, 1);
    listen({ kind: "stopped" });
  } else if (job?.listen === listen) {
    end({ kind: "stopped" });
  }
}

export function forget(section) { worker?.postMessage({ kind: "forget", section }); }

export function leave() { // the page has gone
  waiting = [];
  if (job) {
    job.listen = () => {};
    end({ kind: "stopped" });
  }
  forget("");
}

function next() {
  if (job || !waiting.length) return;
  job = waiting.shift();
  try {
    worker ??= start();
  } catch {
    end({ kind: "unavailable" });
    return;
  }
  const { id, request } = job;
  worker.postMessage({
    id, python: PYTHON, library: `${BASE}assets/python/book.zip`, known: fetched.has(["python"]), ...request,
  });
}

function start() {
  const made = new Worker(new URL("worker.js", import.meta.url));
  made.onmessage = ({ data }) => hear(data);
  made.onerror = (event) => {
    event.preventDefault();
    if (job && made === worker) end({ kind: "unavailable" });
  };
  return made;
}

function hear(message) {
  if (message.id !== job?.id) return;
  if (message.kind === "running") { // now, or the next block, which has a time of its own
    const { limit = LIMIT } = message;
    const text = ` after ${limit} seconds`;
    clearTimeout(job.timer);
    job.timer = setTimeout(() => end({ kind: "stopped", text }), limit * 1000);
  }
  if (["done", "unavailable", "crashed"].includes(message.kind)) end(message);
  else job.listen(message);
}

// The only way to end an endless loop is to end the worker it runs in.
function end(message) {
  const ended = job;
  job = null;
  clearTimeout(ended?.timer);
  if (message.kind !== "done") {
    worker?.terminate();
    worker = null;
  }
  ended?.listen(message);
  next();
}
