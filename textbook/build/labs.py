"""A lab: a Python script in cells, which mkdocs-jupyter reads, as a page of the book.

Its cells become fences, and are then examples like any others, but for two things: all of them
are one section, and what a cell prints is shown under it (`Reader.lab`).
"""

import json
import re

from textbook.examples import ExampleError

SUFFIX = ".py"

_FENCE = "`" * 6


def read(script: str, path: str) -> str:
    """Return the page of a script, as mkdocs-jupyter will hand it on."""
    import jupytext

    return to_markdown(json.dumps(jupytext.reads(script, "py:percent")), script, path)


def to_markdown(notebook: str, script: str, path: str) -> str:
    """Return the page of a notebook, given as JSON: on the same lines as in its script."""
    source = script.split("\n")
    marks = [number for number, line in enumerate(source) if line.startswith("# %%")]
    cells = json.loads(notebook)["cells"]
    if len(cells) != len(marks):
        raise ExampleError(
            path, _odd(source, marks), "each cell begins with # %%, and nothing else"
        )
    lines: list[str] = []
    for mark, cell in zip(marks, cells, strict=True):
        lines += [""] * (mark - len(lines))
        text = "".join(cell["source"]).split("\n")
        if cell["cell_type"] == "code":
            info = source[mark].removeprefix("# %%")
            lines += [f"{_FENCE}python{info}", *text, _FENCE]
        else:
            lines += ["", *text]
    return "\n".join(lines)


def description(script: str) -> str | None:
    """Return what a script says of itself on its first line, as a lesson does in front matter."""
    said = re.match(r'# %% \[markdown\] description="([^"\n]+)"', script)
    return said and said[1]


def _odd(source: list[str], marks: list[int]) -> int:
    """Return the line that is no part of a cell, or seems to begin one, counted from 1."""
    first = marks[0] if marks else len(source)
    for number, line in enumerate(source):
        if number not in marks and (
            re.match(r"\s*#\s*%%", line) or (number < first and line.strip())
        ):
            return number + 1
    return marks[-1] + 1 if marks else 1
