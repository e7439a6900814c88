"""A lab: a Python script in cells, run by mkdocs-jupyter, shown as a page of the book.

mkdocs-jupyter executes the script in a kernel of its own and, with our template,
hands on the notebook as it is; here it becomes Markdown. A cell that draws must say
`alt` and `caption` on its `# %%` line, as a ```python block of a chapter does.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from textbook.examples import OPTIONS, Block, ExampleError, check_options
from textbook.fences import Save, figure
from textbook.highlight import highlight

SUFFIX = ".py"

_SCRATCH = Path(".cache/jupyter")


def to_markdown(notebook: str, script: str, path: str, save: Save) -> str:
    """Return the page of an executed notebook, given as JSON, and of its script."""
    page, number = [], 0
    for cell in json.loads(notebook)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            page.append(source)
            continue
        options = {name: cell["metadata"][name] for name in OPTIONS if name in cell["metadata"]}
        block = Block("python", source, options, _line(script, source), 0, "")
        text, drawings = _read_outputs(cell["outputs"], block, path)
        html = highlight(source, "python", section=0)
        if text:
            html += f'<pre class="output no-copy"><code>{escape(text, quote=False)}</code></pre>'
        for svg in drawings:
            number += 1
            html += figure(block, svg, number, path, save)
        # Markdown must find nothing of its own in here.
        page.append(re.sub(r"[$`]", lambda found: f"&#{ord(found[0])};", html))
    return "\n\n".join(page)


def remember(nb2html: Callable[..., str], library: Callable[[], str]) -> Callable[..., str]:
    """Wrap mkdocs-jupyter's `nb2html`: run a lab once for each state of all it depends on."""
    memory: dict[str, tuple[str, str]] = {}

    def wrapped(nb_path: str, **options: Any) -> str:
        digest = hashlib.sha256(library().encode())
        for path in (nb_path, options["custom_template"]):
            digest.update(Path(path).read_bytes())
        state = digest.hexdigest()
        if memory.get(nb_path, ("", ""))[0] != state:
            with _kernel_environment(), _own_errors(nb_path):
                memory[nb_path] = state, nb2html(nb_path, **options)
        return memory[nb_path][1]

    return wrapped


def patient(get_app: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap mkdocs-jupyter's `get_nbconvert_app`: on a busy machine, wait for what a cell prints.

    By itself the client waits for four seconds, and then leaves out what has not come.
    """

    def wrapped(**options: Any) -> Any:
        app = get_app(**options)
        app.config.NotebookClient.iopub_timeout = 60
        app.config.NotebookClient.raise_on_iopub_timeout = True
        return app

    return wrapped


def _read_outputs(outputs: list[dict[str, Any]], block: Block, path: str) -> tuple[str, list[str]]:
    """Return the text and the figures of a cell, and hold it to its options."""
    # The kernel hands on what is printed whenever it likes, in the middle of a line too.
    printed = {"stdout": "", "stderr": ""}
    value, drawings = "", []
    for output in outputs:
        data = output.get("data", {})
        if "image/svg+xml" in data:
            drawings.append("".join(data["image/svg+xml"]))
        elif output["output_type"] == "stream":
            printed[output["name"]] += "".join(output["text"])
        elif output["output_type"] == "execute_result":
            value = "".join(data["text/plain"])
    if printed["stderr"]:
        raise ExampleError(path, block.line, printed["stderr"].strip())
    if len(drawings) > 1:
        raise ExampleError(path, block.line, f"{len(drawings)} figures in a cell; draw one")
    check_options(block, path, drawn=bool(drawings))
    # What a drawing call returns is of no interest.
    text = printed["stdout"].rstrip("\n")
    return "\n".join(part for part in (text, "" if drawings else value) if part), drawings


@contextlib.contextmanager
def _kernel_environment() -> Iterator[None]:
    """Give the kernel the project and our backend, and nothing of the reader's own settings."""
    profile = _SCRATCH.absolute() / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    # It warns that it listens on the loopback device, which is where we want it.
    settings = json.dumps({"IPKernelApp": {"log_level": "ERROR"}})
    (profile / "ipython_kernel_config.json").write_text(settings, encoding="utf-8")
    # Where the fonts are known already, so that it need not say that it looks for them.
    import matplotlib.font_manager

    before = dict(os.environ)
    root = str(Path.cwd())
    os.environ |= {
        "MPLBACKEND": "module://textbook.backend",
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "PYTHONPATH": os.pathsep.join([root, before.get("PYTHONPATH", "")]),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_RUNTIME_DIR": str(_SCRATCH.absolute() / "runtime"),
        "IPYTHONDIR": str(profile.parent),
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _own_errors(path: str) -> Iterator[None]:
    """Say a cell's error as that of any example is said."""
    from nbclient.exceptions import CellExecutionError

    try:
        yield
    except CellExecutionError as error:
        source = str(error).split("------------------\n")[1].rstrip("\n")
        line = _line(Path(path).read_text(encoding="utf-8"), source)
        relative = Path(path).relative_to(Path.cwd())
        raise ExampleError(str(relative), line, f"{error.ename}: {error.evalue}") from error


def _line(script: str, source: str) -> int:
    """Return the line of the script on which a cell's code begins."""
    found = re.search(rf"^{re.escape(source)}$", script, re.MULTILINE)
    return 1 + script.count("\n", 0, found.start()) if found else 1
