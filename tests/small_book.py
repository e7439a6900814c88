"""A small book, built in seconds: what is taken along is made of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import ROOT
from textbook.downloads.edition import Edition, read

CHAPTER = """\
---
description: A chapter.
---

# Losses

Six words and a link to [the question](one.md#why-two).

1. [One loss](one.md): the only lesson.
"""
LESSON = """\
---
description: A lesson.
---

# One loss

Let $\\hat y$ be a guess and $\\frac{1}{n} \\sum_i (y_i - \\hat y)^2$ its loss, as [said](index.md).

Point at a word.
{: .on-screens }

!!! question "Predict"
    What is two and three?

```pycon predict="number" name="two-and-three"
>>> 2 + 3
5
```

!!! question "Why?"
    Why is $2$ even?
    {: #why-two }

    - [ ] It is prime
      So is three.
    - [x] It is $2 \\cdot 1$
      See the [chapter](index.md).

## A figure

```python frames="t in range(3)" label="t" value="{t}" name="line" alt="A line." caption="To {t}."
import matplotlib.pyplot as plt

t = 1
figure, axes = plt.subplots(figsize=(3, 2))
axes.plot([0, t])
axes.set(xlim=(0, 1), ylim=(0, 2))
```

## Exercises

### 1. A sum {: #a-sum level=core kind=hand }

What is 1 + 1?

??? tip "Hint"
    Count.

??? success "Solution"
    It is this:

    ```pycon
    >>> 1 + 1
    2
    ```
"""
SUMMARY = """\
# Summary

## [1. Losses](chapters/losses/index.md)

| what | formula | function |
|---|---|---|
| MSE | $e^2$, see [one](chapters/losses/one.md#a-figure) | `mse_loss` |
| nothing | | `mae_loss` |
"""


HOME = "# Home\n\n[All files](downloads.md).\n"


NAV = [
    {"Home": "index.md"},
    {"Chapters": [{"Losses": ["chapters/losses/index.md", "chapters/losses/one.md"]}]},
    {"Summary": "summary.md"},
]


def write(project: Path) -> None:
    """Write its pages and settings into a small project."""
    settings = (project / "mkdocs.yml").read_text(encoding="utf-8")
    changed = settings.replace("nav: [{Home: index.md}]", f"nav: {json.dumps(NAV)}")
    assert changed != settings
    (project / "mkdocs.yml").write_text(changed, encoding="utf-8")
    pages = {
        "downloads.md": (ROOT / "docs/downloads.md").read_text(encoding="utf-8"),
        "summary.md": SUMMARY,
        "chapters/losses/index.md": CHAPTER,
        "chapters/losses/one.md": LESSON,
    }
    for name, text in pages.items():
        (project / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (project / "docs" / name).write_text(text, encoding="utf-8")


def edition() -> Edition:
    """Return what its title page says."""
    return replace(read(ROOT), nav=NAV, commit="abc1234", time=datetime(2026, 5, 4, tzinfo=UTC))
