"""The Python side of the worker: what `worker.js` calls once Pyodide runs.

It goes into `book.zip` with `textbook.session`, and needs nothing that is not there.
"""

import ast
import asyncio
import gc
import io
import json
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from textbook import session

ROOT = Path("/")
FONTS = Path("book/fonts")  # under the root, where `worker.js` unpacks `book.zip`
PACKAGES = Path("lib/python3.12/site-packages")  # under the root, where Pyodide unpacks wheels


class Reader:
    """Answers the requests of one page; knows which of a reader's sections have run."""

    def __init__(
        self, tell: Callable[[str, str], None], begin: Callable[[int], None] = lambda _: None
    ) -> None:
        self.runner = session.Runner(tell, begin)
        if sys.platform == "emscripten":
            asyncio.run = waits(asyncio.run)

    def answer(self, request: str) -> str:
        """Run or grade, as the page asks in JSON; return what came of it in JSON."""
        asked = json.loads(request)
        for name in imports(asked["code"]) - sys.stdlib_module_names:
            with suppress(Exception):  # running the code will say it better
                import_module(name)  # to be known as it was before an example changed it
        if asked["kind"] == "grade":
            return json.dumps(asdict(session.grade(asked["answer"], asked["check"])))
        result = self.runner.run(asked["section"], asked["blocks"], asked["page"], asked["changed"])
        return json.dumps(result)

    def prepare_drawing(self) -> None:
        """Let Matplotlib draw as on the page."""
        session.prepare_drawing(ROOT / FONTS)

    def tidy(self) -> bool:
        """Look for garbage while the reader reads, and not in the next run.

        Return whether NumPy has been imported.
        """
        gc.collect()
        return "numpy" in sys.modules

    def forget(self, section: str) -> None:
        """Forget what ran in a section or, without a name, in all of them."""
        self.runner.forget(section)


def waits(run: Callable[..., Any]) -> Callable[..., Any]:
    """Let `asyncio.run` say where it cannot wait, in place of returning at once."""

    def wrapped(*args: Any, **options: Any) -> Any:
        if not import_module("pyodide.ffi").can_run_sync():
            args[0].close()
            raise RuntimeError(
                "Python cannot wait for a coroutine in this browser (JSPI is missing)"
            )
        return run(*args, **options)

    return wrapped


def imports(code: str) -> set[str]:
    """Return the modules that code imports, by the first part of their names."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):  # running the code will say it better
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


class Shelf:
    """What Python compiled, as one archive: to compile takes a third of the start.

    Matplotlib's list of fonts goes with it.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.kept = 0  # how many files an earlier start compiled
        sys.dont_write_bytecode = False

    def unpack(self, archive: bytes) -> None:
        """Unpack what an earlier start kept, and no file before it has proved to be whole."""
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            for name in files.namelist():
                content = files.read(name)
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self.kept = len(self._compiled())

    def pack(self) -> bytes | None:
        """Return the archive for the next start, or nothing where there is nothing new."""
        found = self._compiled()
        if len(found) <= self.kept:
            return None
        self.kept = len(found)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in found:
                data = bytearray(path.read_bytes())
                data[4] = 1  # to be taken without a look at the source, whose date will be new
                archive.writestr(str(path.relative_to(self.root)), bytes(data))
            for path in Path.home().rglob("fontlist*.json"):
                archive.write(path, str(path.relative_to(self.root)))
        return out.getvalue()

    def _compiled(self) -> list[Path]:
        return list((self.root / PACKAGES).glob("**/*.pyc"))
