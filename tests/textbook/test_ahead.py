"""Sections that run ahead give what they give when they run in their turn."""

from itertools import groupby

import pytest

from textbook.ahead import Sections
from textbook.examples import Block, ExampleError, blocks
from textbook.fences import Drawn, draw

DRAW = """\
```python alt="A rising line" caption="It rises."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2, 3])
```
"""
PAGE = f"# Page\n\n{DRAW}\n## Next\n\n```pycon\n>>> 1 + 1\n2\n```\n"
PAGE += "\n## Last\n\n```python\nx = 1\n```\n"

# Python and JAX warn of a fork beside other threads; a build has none, the tests before this may.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fork:RuntimeWarning"),
]


def sections(text: str) -> list[list[Block]]:
    found = [block for _, _, block in blocks(text, "page.md")]
    return [list(group) for _, group in groupby(found, key=lambda block: block.section)]


class Recorder(list[str]):
    """Stands in for `draw` and notes what it was asked."""

    def __call__(self, section: list[Block], path: str) -> Drawn:
        self.append(section[0].source)
        return draw(section, path)


def test_ahead_and_in_turn_are_the_same() -> None:
    ahead, in_turn = Sections(), Sections()
    ahead.start([("page.md", PAGE)])
    for section in sections(PAGE):
        assert ahead(section, "page.md") == in_turn(section, "page.md")


def test_what_ran_ahead_does_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = Sections()
    ahead.start([("page.md", PAGE)])
    again = Recorder()
    monkeypatch.setattr("textbook.ahead.draw", again)
    for section in sections(PAGE):
        ahead(section, "page.md")
    assert again == []


def test_only_a_changed_section_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Sections()
    for section in sections(PAGE):
        known(section, "page.md")
    again = Recorder()
    monkeypatch.setattr("textbook.ahead.draw", again)
    for section in sections(PAGE.replace("x = 1", "x = 2")):
        known(section, "page.md")
    assert again == ["x = 2\n"]


def test_a_failure_ahead_is_said_by_the_page_that_fails() -> None:
    ahead = Sections()
    wrong = PAGE.replace("\n2\n", "\n3\n")
    ahead.start([("elsewhere.md", wrong)])
    first, second, _ = sections(wrong)
    ahead(first, "page.md")
    with pytest.raises(ExampleError, match=r"^page\.md:12: example failed"):
        ahead(second, "page.md")


def test_a_page_that_cannot_be_read_is_left_to_its_turn() -> None:
    ahead = Sections()
    ahead.start([("page.md", "```python\nx = 1\n"), ("other.md", PAGE)])
    assert [len(ahead(section, "other.md")) for section in sections(PAGE)] == [1, 1, 1]


def test_forget() -> None:
    known = Sections()
    known.start([("page.md", PAGE)])
    known.forget()
    assert len(known(sections(PAGE)[0], "page.md")) == 1
