"""A lab's script becomes Markdown on the same lines, and its cells are examples like others."""

import json
from pathlib import Path

import jupytext
import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from textbook.build import labs
from textbook.build.extension import TextbookExtension
from textbook.examples import STRUCTURE, ExampleError, run_section, sections

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


@pytest.mark.parametrize("limit", ["10", "121", "1e2", "-60", "", "a minute"])
def test_a_limit_is_longer_than_an_examples_and_not_too_long(limit: str) -> None:
    said = rf"lab\.py:6: limit='{limit}': from 11 to 120 seconds"
    with pytest.raises(ExampleError, match=said):
        convert(LAB.replace("# %%\nx", f'# %% limit="{limit}"\nx'))


def test_a_cell_that_says_nothing_has_the_time_of_an_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("textbook.examples.TIME_LIMIT", 0.3)
    slow = LAB.replace("x + 1", "import time\nstart = time.process_time()\n"
                       "while time.process_time() < start + 0.7: pass")  # fmt: skip
    with pytest.raises(ExampleError, match=r"lab\.py:6: runs for more than 0\.3 seconds"):
        convert(slow)
    first, second = convert(slow.replace("# %%\nx", '# %% limit="60"\nx')).select("[data-copy]")
    assert (first["data-limit"], second.get("data-limit")) == ("60", None)


def test_a_lesson_has_no_cells() -> None:
    with pytest.raises(ExampleError, match=r"^page\.md:1: limit is for a cell of a lab"):
        run_section(sections('```python limit="60"\nx = 1\n```\n', "page.md")[0])
    with pytest.raises(ExampleError, match=r"^page\.md:1: a pycon block does not take limit"):
        sections('```pycon limit="60"\n>>> 1\n1\n```\n', "page.md")


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


def test_a_script_describes_itself_on_its_first_line() -> None:
    first = '# %% [markdown] description="What it is about."\n# # Title\n'
    assert labs.description(first) == "What it is about."
    assert labs.description(first.replace(' description="What it is about."', "")) is None
    assert labs.description("# %%\n" + first) is None
