"""A lab's notebook becomes Markdown; what it depends on decides whether it runs again."""

import json
from pathlib import Path
from typing import Any

import pytest
from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
from nbconvert.preprocessors import ExecutePreprocessor

from textbook import labs
from textbook.examples import ExampleError

SVG = '<svg width="72pt" height="36pt"></svg>'
SAID = {"alt": "A line", "caption": "It rises"}


def code(source: str, *outputs: dict[str, Any], **metadata: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": metadata}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def value(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


def drawn(svg: str = SVG) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"image/svg+xml": svg}}


def page(*cells: dict[str, Any], script: str = "") -> str:
    def save(name: str, svg: str) -> str:
        return f"../{name}"

    return labs.to_markdown(json.dumps({"cells": cells}), script, "docs/labs/lab.py", save)


def test_prose_stays_markdown() -> None:
    prose = {"cell_type": "markdown", "source": "## How?\n\n$x$", "metadata": {}}
    assert page(prose) == "## How?\n\n$x$"


def test_text_and_value_follow_the_code() -> None:
    html = page(code("f()", printed("a < b\n"), value("3")))
    assert html.index("f()") < html.index("a &lt; b\n3</code>")


def test_what_is_printed_is_whole_however_the_kernel_cuts_it() -> None:
    whole = page(code("f()", printed("a 1\n\nb\n"), value("3")))
    cut = page(code("f()", printed("a "), printed("1\n"), printed("\nb\n"), value("3")))
    assert cut == whole
    assert "a 1\n\nb\n3</code>" in whole


def test_markdown_finds_nothing_of_its_own_in_code() -> None:
    html = page(code("cost = '$5 and `$6`'", value("'$5'")))
    assert "$" not in html
    assert "`" not in html
    assert "&#36;5" in html


def test_a_drawing_becomes_a_figure_without_the_value_of_the_call() -> None:
    html = page(code("a", drawn(), **SAID), code("b", drawn(), value("[Text()]"), **SAID))
    assert (
        '<figure id="figure-1"><img src="../labs/lab/figure-1.svg" alt="A line" width="96"' in html
    )
    assert "<b>Figure 2.</b> It rises" in html
    assert "Text" not in html


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (code("b = 1", drawn()), "draws a figure, so it must say alt"),
        (code("b = 1", drawn(), alt="A line"), "draws a figure, so it must say caption"),
        (code("b = 1", **SAID), "says alt but draws no figure"),
        (code("b = 1", drawn(), drawn(), **SAID), "2 figures in a cell; draw one"),
        (
            code("b = 1", printed("User", "stderr"), printed("Warning: hm\n", "stderr")),
            "UserWarning: hm",
        ),
    ],
)
def test_a_cell_is_held_to_the_rules_of_a_chapter(cell: dict[str, Any], message: str) -> None:
    with pytest.raises(ExampleError, match=f"^docs/labs/lab.py:4: {message}$"):
        page(cell, script="# %%\na = 1\n\nb = 1\n")


def test_the_line_of_a_cell_is_where_its_code_stands() -> None:
    script = "# %% [markdown]\n# What y is, y and y\n\n# %%\nx = y\n\n# %%\ny\n"
    with pytest.raises(ExampleError, match=r"^docs/labs/lab.py:8: no y$"):
        page(code("y", printed("no y", "stderr")), script=script)


def test_a_lab_runs_again_only_when_something_it_depends_on_changed(tmp_path: Path) -> None:
    lab, template = tmp_path / "lab.py", tmp_path / "template.html"
    lab.write_text("1", encoding="utf-8")
    template.write_text("1", encoding="utf-8")
    runs: list[str] = []
    library = "one"

    def nb2html(path: str, **_: Any) -> str:
        runs.append(path)
        return str(len(runs))

    remembered = labs.remember(nb2html, lambda: library)

    def convert() -> str:
        return remembered(str(lab), custom_template=str(template))

    assert [convert(), convert()] == ["1", "1"]
    lab.write_text("2", encoding="utf-8")
    assert [convert(), convert()] == ["2", "2"]
    template.write_text("2", encoding="utf-8")
    assert convert() == "3"
    library = "two"
    assert [convert(), convert()] == ["4", "4"]


def test_what_comes_late_is_waited_for_and_what_never_comes_is_an_error() -> None:
    app = labs.patient(get_nbconvert_app)(execute=True)
    make: Any = ExecutePreprocessor  # it has no types
    client = make(config=app.config)
    assert client.iopub_timeout == 60
    assert client.raise_on_iopub_timeout
