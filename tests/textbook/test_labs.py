"""A lab's script becomes Markdown on the same lines, and its cells are examples like others."""

import json
from pathlib import Path

import jupytext
import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from textbook.build import labs
from textbook.build.extension import TextbookExtension
from textbook.examples import STRUCTURE, ExampleError

LAB = """\
# %% [markdown]
# # A lab
#
# What is $x$?

# %%
x = 2
print("x is", x)
x + 1

# %% [markdown]
# ## Then

# %% alt="A line" caption="It rises."
import matplotlib.pyplot as plt

plt.plot([1, x])
"""


def convert(script: str) -> BeautifulSoup:
    extension = TextbookExtension("docs/labs/lab.py", lab=True)
    html = Markdown(extensions=[*STRUCTURE, extension]).convert(
        labs.read(script, "docs/labs/lab.py")
    )
    return BeautifulSoup(html, "html.parser")


def test_each_line_stands_where_it_stood() -> None:
    ours = labs.read(LAB, "lab.py").split("\n")
    for number, line in enumerate(LAB.split("\n")):
        assert line.startswith("# %%") or line.removeprefix("#").strip() in ours[number]


def test_the_plugin_and_we_read_the_same_cells() -> None:
    script = (Path(__file__).parents[2] / "docs/labs/edges.py").read_text(encoding="utf-8")
    notebook = json.dumps(jupytext.reads(script, "py:percent"))
    assert labs.to_markdown(notebook, script, "lab.py") == labs.read(script, "lab.py")


def test_a_cell_shows_what_it_prints_its_value_and_its_figure() -> None:
    soup = convert(LAB)
    assert [pre.get_text() for pre in soup.select("pre.output")] == ["x is 2\n3"]
    (figure,) = soup.select("figure")
    assert "It rises." in figure.get_text()
    assert soup.math is not None
    assert len(soup.select("[data-section='0']")) == 2, "a lab is one section"


def test_markdown_finds_nothing_of_its_own_in_code() -> None:
    soup = convert(f'{LAB}\n# %%\nprint("$5 and `$6` **bold**")\n"""\n```\n"""')
    assert "$5 and `$6` **bold**" in soup.select("pre.output")[-1].get_text()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x + 1", "1 / 0", r"lab\.py:9: ZeroDivisionError"),
        ("x + 1", "import warnings; warnings.warn('hm')", r"lab\.py:9: UserWarning: hm"),
        (' alt="A line"', "", r"lab\.py:14: draws a figure, so it must say alt"),
        ("plt.plot([1, x])", "", r"lab\.py:14: says alt but draws no figure"),
        ("plt.plot([1, x])", "plt.figure(); plt.figure()", r"lab\.py:14: 2 figures"),
        ("alt=", "alternative=", r"lab\.py:14: unknown option 'alternative'"),
    ],
)
def test_a_cell_is_held_to_the_rules_of_a_lesson(old: str, new: str, message: str) -> None:
    assert old in LAB
    with pytest.raises(ExampleError, match=message):
        convert(LAB.replace(old, new))


@pytest.mark.parametrize(
    ("script", "line"),
    [
        (f"# A comment.\n\n{LAB}", 1),
        (f"import numpy\n{LAB}", 1),
        (f"# ---\n# title: A\n# ---\n\n{LAB}", 1),
        (f"{LAB}\n#%%\nx\n", 19),
        (f"{LAB}\n    # %%\nx\n", 19),
        (f'{LAB}\n# %%\n"""\n# %% a\n"""\n', 21),
    ],
)
def test_what_is_no_cell_is_refused(script: str, line: int) -> None:
    with pytest.raises(
        ExampleError, match=rf"^docs/labs/lab\.py:{line}: each cell begins with # %%"
    ):
        convert(script)
