"""A page becomes a notebook: runnable cells, what they show, and what is folded."""

import json
import re
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from textbook.build import notebooks
from textbook.build.extension import TextbookExtension
from textbook.build.maths import without_macros
from textbook.examples import STRUCTURE, ExampleError

BOOK = notebooks.Book(
    "A Book", "Licence: free.", "dlfund", "https://book.test/dlfund.whl", ("numpy", "matplotlib")
)
ADDRESS = "https://book.test/page/"

type Cell = dict[str, Any]


def make(text: str, *, solutions: bool = True, lab: bool = False) -> list[Cell]:
    found = []
    extension = TextbookExtension(
        "docs/chapters/one/page.md",
        lab=lab,
        keep=lambda text, shown, _: found.append(notebooks.Source("page.md", text, shown)),
    )
    Markdown(extensions=[*STRUCTURE, "toc", extension]).convert(text)
    (source,) = found
    made = notebooks.make(
        source, BOOK, ADDRESS, lambda target: f"{ADDRESS}?{target}", solutions=solutions
    )
    notebook = json.loads(made)
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells: list[Cell] = notebook["cells"]
    return cells


def named(cells: list[Cell], name: str) -> Cell:
    (cell,) = (cell for cell in cells if cell["id"] == name)
    return cell


PAGE = r"""# A title

Some words, $\vec{w}$.

## First

```pycon
>>> import math
>>> x = 2
>>> math.sqrt(4) * x
4.0
>>> print(x)
2
>>> y = 3
```

## Second part {: #second }

See [there](other.md#place), [below](#first) and `[this](not.md)`.

```python name="rising" alt="A line that rises <up>" caption="It rises by $\E$."
import matplotlib.pyplot as plt
plt.plot([1, 2])  # drawn
```
"""


def test_a_session_is_cut_after_each_output() -> None:
    cells = make(PAGE)
    first, second, third = (cell for cell in cells if cell["id"].startswith("first-code"))
    assert first["source"] == "import math\nx = 2\nmath.sqrt(4) * x"
    (output,) = first["outputs"]
    assert output["output_type"] == "execute_result"
    assert output["data"] == {"text/plain": "4.0"}
    assert second["source"] == "print(x)"
    assert second["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "2\n"}]
    assert (third["source"], third["outputs"]) == ("y = 3", [])


def test_the_first_cell_fetches_what_is_missing() -> None:
    (first, *_) = make(PAGE)
    assert first["id"] == "setup"
    assert 'if find_spec("dlfund") is None:' in first["source"]
    assert "%pip install --quiet https://book.test/dlfund.whl\n" in first["source"]
    (first, *_) = make(PAGE.replace("import math\n", "import math, sklearn\n"))
    assert 'for name in ["dlfund", "sklearn"]' in first["source"]
    assert "https://book.test/dlfund.whl scikit-learn\n" in first["source"]


def test_a_figure_keeps_its_words_and_has_paper_below_it() -> None:
    cell = named(make(PAGE), "rising")
    assert cell["source"].endswith("plt.plot([1, 2]);  # drawn")
    (output,) = cell["outputs"]
    svg = output["data"]["image/svg+xml"]
    alt = "A line that rises <up>"
    assert output["metadata"] == {"image/svg+xml": {"alt": alt}}
    assert output["data"]["text/plain"] == alt
    assert "role='img' aria-label='A line that rises &lt;up&gt;'" in svg
    assert "<rect width='100%' height='100%' fill='#fff'/>" in svg
    assert ElementTree.fromstring(svg).get("aria-label") == alt
    image = BeautifulSoup(output["data"]["text/html"], "html.parser").img
    assert image is not None
    assert image["alt"] == alt
    data = unquote(str(image["src"]).removeprefix("data:image/svg+xml,"))
    assert ElementTree.fromstring(data).tag.endswith("svg"), "shown where nothing is trusted"
    assert "currentColor" not in svg
    caption = named(make(PAGE), "rising-caption")["source"]
    assert caption == r"**Figure 1.** It rises by $\operatorname{E}$."


def test_text_is_markdown_that_viewers_know() -> None:
    cells = make(PAGE)
    title = named(cells, "a-title")["source"]
    assert title.startswith("# A title\n\nSome words, $\\boldsymbol{w}$.\n\n*From [A Book]")
    assert title.endswith(f"({ADDRESS}). Licence: free.*")
    second = named(cells, "second")["source"]
    assert second.startswith("## Second part\n")
    assert f"[there]({ADDRESS}?other.md#place)" in second
    assert f"[below]({ADDRESS}?#first)" in second
    assert "`[this](not.md)`" in second


def test_ids_are_those_of_names_and_stay() -> None:
    more = PAGE.replace("## Second", "## Between\n\nMore.\n\n```pycon\n>>> 1\n1\n```\n\n## Second")
    before, after = ([cell["id"] for cell in make(text)] for text in (PAGE, more))
    assert len(set(after)) == len(after)
    assert [name for name in after if not name.startswith("between")] == before
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in after)


GATE = """# Gate

## One

!!! question "Predict"
    What is `x`?

```pycon predict="number" near="0.5" name="how-much"
>>> x = 6
>>> x / 4
1.5
```

## Two

!!! question "Predict"
    Which?

    - [ ] `up`
      It goes down.
    - [ ] `down`
      As $a < b$.

```python predict="choice" key="'down'" name="which" alt="A falling line" caption="It falls."
import matplotlib.pyplot as plt
plt.plot([2, 1])
```

!!! question "Why?"
    Why is that?
    {: #why-that }

    - [ ] Because of $a < b$, or `x`
      It is not.
    - [x] Because
      It is.
"""


def test_a_gate_is_a_cell_to_fill_and_a_folded_answer() -> None:
    cells = make(GATE)
    names = [cell["id"] for cell in cells]
    at = names.index("how-much-question")
    assert names[at : at + 4] == [
        "how-much-question", "how-much-guess", "how-much", "how-much-answer",
    ]  # fmt: skip
    assert cells[at]["source"] == "> **Predict**\n>\n> What is `x`?"
    assert cells[at + 1]["source"].startswith("my_guess = ...  # a number; off by 0.5 is near")
    assert cells[at + 2]["outputs"] == []
    answer = cells[at + 3]["source"]
    assert answer.startswith("<details>\n<summary>Answer</summary>\n\n```text\n1.5\n```")


def test_a_figure_to_predict_is_folded_with_what_is_said_of_it() -> None:
    cells = make(GATE)
    assert "- `up`\n- `down`" in named(cells, "which-question")["source"]
    assert named(cells, "which")["outputs"] == []
    answer = named(cells, "which-answer")["source"]
    assert '<img src="data:image/svg+xml,' in answer
    assert 'alt="A falling line"' in answer
    assert "`up`: **No.** It goes down." in answer
    assert "`down`: **Right.** As $a < b$." in answer
    assert "**Figure 1.** It falls." in answer
    assert not [cell for cell in cells if cell["id"] == "which-caption"]


def test_a_why_question_folds_a_word_for_each_choice() -> None:
    why = named(make(GATE), "why-that")["source"]
    assert why.startswith("> **Why?**\n>\n> Why is that?\n\n<details>\n<summary>")
    assert r"<summary>Because of $a \lt  b$, or <code>x</code></summary>" in why
    assert "**No.** It is not." in why
    assert "**Right.** It is." in why
    assert "{:" not in why


def test_a_class_gets_no_answers() -> None:
    cells = make(GATE, solutions=False)
    assert not [cell for cell in cells if cell["id"].endswith("-answer")]
    assert named(cells, "why-that")["source"].endswith("- Because of $a < b$, or `x`\n- Because")
    assert "without solutions" in cells[1]["source"]
    whole = "".join(cell["source"] for cell in cells)
    for word in ("It is.", "It goes down.", "It falls.", "data:image", "Right."):
        assert word not in whole


EXERCISE = """# Page

## Exercises

### 3. Twice {: #twice level=core kind=code interview }

Double it.

```python exercise="twice"
def twice(x):
    ...
```

??? question "How it is checked"
    ```pycon check="twice"
    >>> twice(2)
    ... # two and two
    4
    >>> twice("a")
    'aa'
    ```

??? tip "Hint"
    Add.

??? success "Solution"
    Like this:

    ```python solution="twice"
    def twice(x):
        return x + x
    ```

    ```pycon
    >>> 2 + 2
    4
    ```
"""


def test_an_exercise_has_its_start_a_check_that_runs_and_the_rest_folded() -> None:
    cells = make(EXERCISE)
    assert [cell["id"] for cell in cells][3:] == [
        "twice", "twice-exercise", "twice-how", "twice-check", "twice-hint", "twice-solution",
    ]  # fmt: skip
    heading = named(cells, "twice")["source"]
    assert heading == "### 3. Twice\n\n*Core · code · interview*\n\nDouble it."
    assert named(cells, "twice-exercise")["source"] == "def twice(x):\n    ..."
    solution = named(cells, "twice-solution")["source"]
    assert solution.startswith(
        "<details>\n<summary>Solution</summary>\n\nLike this:\n\n```python\n"
    )
    assert "```pycon\n>>> 2 + 2\n4\n```" in solution
    results = []
    for answer in (
        named(cells, "twice-exercise")["source"],
        "def twice(x):\n    return 2 * x",
        "def twice(x):\n    return x * x if x == 2 else x",
    ):
        names: dict[str, Any] = {}
        exec(answer, names)
        *before, last = named(cells, "twice-check")["source"].split("\n")
        exec("\n".join(before), names)
        results.append(eval(last, names).failed)
    assert results == [2, 0, 1]


def test_a_class_has_hints_and_no_solutions() -> None:
    names = [cell["id"] for cell in make(EXERCISE, solutions=False)]
    assert "twice-hint" in names
    assert "twice-check" in names
    assert "twice-solution" not in names


def test_an_error_that_the_page_shows_does_not_stop_the_notebook() -> None:
    error = "Traceback (most recent call last):\n  ...\nValueError: no: never\n"
    (cell,) = (
        cell
        for cell in make(f"# P\n\n```pycon\n>>> raise ValueError('no: never')\n{error}```\n")
        if cell["id"] == "p-code"
    )
    assert cell["metadata"] == {"tags": ["raises-exception"]}
    (output,) = cell["outputs"]
    assert (output["ename"], output["evalue"]) == ("ValueError", "no: never")


def test_a_value_that_a_notebook_would_not_show_is_refused() -> None:
    nested = "# P\n\n```pycon\n>>> if True:\n...     7\n7\n```\n"
    with pytest.raises(ExampleError, match=r"page\.md:4: a notebook shows no value"):
        make(nested)
    make(nested.replace("  7", "  print(7)"))


def test_a_labs_cells_show_their_values() -> None:
    cells = make('# Lab\n\n```python\nprint("x")\n3\n```\n\n```python\n4 + 1\n```\n', lab=True)
    first, second = (cell for cell in cells if cell["id"].startswith("lab-code"))
    assert first["source"] == 'print("x")\n3'
    assert first["outputs"][0]["text"] == "x\n3\n"
    assert second["outputs"][0]["data"] == {"text/plain": "5"}


def test_frames_store_the_one_that_the_code_draws() -> None:
    page = (
        '# P\n\n```python frames="n in (1, 2, 3)" label="N" value="{n}" name="moving" '
        'alt="A line to {n}" caption="Up to {n}."\nimport matplotlib.pyplot as plt\nn = 2\n'
        "plt.plot([0, n])\n```\n"
    )
    cells = make(page)
    assert named(cells, "moving")["outputs"][0]["data"]["text/plain"] == "A line to 2"
    assert named(cells, "moving-caption")["source"].startswith("**Figure 1.** Up to 2. Give `n`")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (r"\vec{w}", r"\boldsymbol{w}"),
        (r"\vec w \R", r"\boldsymbol{w} \mathbb{R}"),
        (r"\vec{\mu_{ij}} \E[a]", r"\boldsymbol{\mu_{ij}} \operatorname{E}[a]"),
        (r"\vec\mu \Re \vector", r"\boldsymbol{\mu} \Re \vector"),
        (
            r"\argmax_k \sign(\vec{e})",
            r"\operatorname*{arg\,max}_k \operatorname{sign}(\boldsymbol{e})",
        ),
    ],
)
def test_macros_are_spelled_out(ours: str, theirs: str) -> None:
    assert without_macros(ours) == theirs


def test_two_runs_are_the_same_bytes() -> None:
    assert make(PAGE + GATE.replace("# Gate", "## Gate")) == make(
        PAGE + GATE.replace("# Gate", "## Gate")
    )


def test_what_a_folded_note_defines_is_there_for_the_cells_below() -> None:
    note = '??? note "By the way"\n    Known from before.\n\n    ```python\n    x = 3\n    ```\n'
    cells = make(f"## Use\n\n{note}\n```pycon\n>>> x\n3\n```\n")
    assert named(cells, "use-by-the-way")["source"] == "**By the way.** Known from before."
    assert [cell["source"] for cell in cells if cell["cell_type"] == "code"][-2:] == ["x = 3", "x"]
