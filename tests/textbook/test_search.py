"""What goes into the search index: each section once, with its names, and nothing that tells."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Build

type Indexed = Callable[..., dict[str, dict[str, Any]]]

LESSON = """---
description: A lesson that says what it is about.
---

# The lesson {: data-search-also="first name, second name" }

Before the **first term**, a line.

## How large is it? {: #size data-search-also="output size" }

It is $n - k + 1$ wide, $x_i^2$ or $\\log x$, and $\\frac{H + 2p - k}{s} + 1$ high.

$$\\frac{H + 2p - k}{s} + 1$$

| mode | size |
|---|---|
| valid | $n$ |

```pycon
>>> import math
>>> from dlfund import relu
>>> from dlfund.figures import activations as figures
>>> relu([-8675309, 2]).tolist()
[0.0, 2.0]
```

!!! question "Predict"
    What comes out of a `cap`?

    - [ ] a wrong choice
      No, for it is not.
    - [ ] 2.0
      Yes, as it is told.

```pycon predict="choice" key="max(2.0, -1)" name="told"
>>> 1 + 1.0
2.0
```

### A part of it

Its words.

## Exercises

### 1. By hand {: #by-hand level=core kind=code }

Say what it is.

```python exercise="by-hand"
def f():
    return 0
```

??? question "How it is checked"
    ```pycon check="by-hand"
    >>> f()  # it is no secretcheck
    1
    ```

??? tip "Hint"
    A secrethint.

??? success "Solution"
    The secretsolution is **secretbold**.

    ```python solution="by-hand"
    def f():
        return 1
    ```

## What to take away

- A point.

## References

- Somebody. Some book. 1999.
"""


@pytest.fixture
def indexed(build: Callable[[str], Build], project: Path) -> "Indexed":
    """Return a function that builds a lesson, and returns its entries by their anchors."""
    settings = project / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("index.md}", "index.md}, {One: one.md}"), "utf-8"
    )

    def indexed(text: str = LESSON) -> dict[str, dict[str, Any]]:
        (project / "docs/one.md").write_text(text, "utf-8")
        result = build("# Home\n")
        assert result.returncode == 0, result.output
        index = json.loads((result.site / "search/search_index.json").read_text(encoding="utf-8"))
        assert index["config"]["lang"] == ["en"]
        assert index["docs"][0]["location"] == ""
        return {entry["location"].removeprefix("one/"): entry for entry in index["docs"][1:]}

    return indexed


def test_a_section_has_its_names_and_its_words(indexed: Indexed) -> None:
    found = indexed()
    assert list(found) == [
        "", "#size", "#a-part-of-it", "#exercises", "#by-hand", "#what-to-take-away", "#references",
    ]  # fmt: skip
    assert found[""]["title"] == "The lesson"
    assert found[""]["text"] == (
        "<p>A lesson that says what it is about.</p><p>Before the first term, a line.</p>"
    )
    assert found[""]["tags"] == ["first name", "second name"]
    assert found[""]["bold"] == ["first term"]
    assert found["#size"]["tags"] == ["output size"]
    assert found["#a-part-of-it"] == {
        "location": "one/#a-part-of-it",
        "title": "A part of it",
        "text": "<p>Its words.</p>",
    }


def test_a_formula_is_a_true_line_or_none(indexed: Indexed) -> None:
    assert indexed()["#size"]["text"] == (
        "<p>It is n−k+1 wide, … or log x, and … high.</p>"
        "<p>mode · size</p><p>valid · n</p>"
        "<p>What comes out of a <code>cap</code>?</p>"
        "<p><code>relu</code></p>"
    )


def test_answers_are_left_out(indexed: Indexed) -> None:
    told = json.dumps(indexed())
    for answer in ("secret", "8675309", "wrong choice", "as it is told", "return", "2.0"):
        assert answer not in told


def test_exercises_and_lists_are_found_last(indexed: Indexed) -> None:
    found = indexed()
    boosts = [found[each].get("boost", 1) for each in found]
    assert boosts[:3] == [1, 1, 1]
    assert all(boost < 1 for boost in boosts[3:])
    assert boosts[6] < boosts[4]


def test_what_a_heading_is_also_called_is_not_on_the_page(indexed: Indexed, project: Path) -> None:
    indexed()
    html = (project / "site/one/index.html").read_text(encoding="utf-8")
    assert "output size" not in html
    assert '<h2 id="size">How large is it?' in html


def test_a_page_may_weigh_less_or_stay_out(indexed: Indexed) -> None:
    less = LESSON.replace("---\n\n#", "search:\n  boost: 0.5\n---\n\n#", 1)
    assert indexed(less)["#a-part-of-it"]["boost"] == 0.5
    out = LESSON.replace("---\n\n#", "search:\n  exclude: true\n---\n\n#", 1)
    assert indexed(out) == {}
