"""A lab: a Python script in cells, which mkdocs-jupyter reads, as a page of the book.

Its cells become fences, and are then examples like any others, but for two things: all of them
are one section, and what a cell prints is shown under it (`Reader.lab`).
"""

import json

SUFFIX = ".py"

_FENCE = "`" * 6


def read(script: str) -> str:
    """Return the page of a script, as mkdocs-jupyter will hand it on."""
    import jupytext

    return to_markdown(json.dumps(jupytext.reads(script, "py:percent")), script)


def to_markdown(notebook: str, script: str) -> str:
    """Return the page of a notebook, given as JSON: on the same lines as in its script."""
    source = script.split("\n")
    marks = [number for number, line in enumerate(source) if line.startswith("# %%")]
    lines: list[str] = []
    for mark, cell in zip(marks, json.loads(notebook)["cells"], strict=True):
        lines += [""] * (mark - len(lines))
        text = "".join(cell["source"]).split("\n")
        if cell["cell_type"] == "code":
            info = source[mark].removeprefix("# %%")
            lines += [f"{_FENCE}python{info}", *text, _FENCE]
        else:
            lines += ["", *text]
    return "\n".join(lines)
