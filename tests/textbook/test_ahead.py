"""Sections that run ahead give what they give when they run in their turn."""

from collections.abc import Iterator

import pytest

from textbook.build import fonts
from textbook.build.ahead import Sections
from textbook.examples import ExampleError, run_section, sections

DRAW = """\
```python alt="A rising line" caption="It rises."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2, 3])
```
"""
PAGE = f"# Page\n\n{DRAW}\n## Next\n\n```pycon\n>>> 1 + 1\n2\n```\n"
PAGE += "\n## Last\n\n```pycon\n>>> import os\n>>> print(os.getpid() > 1)\nTrue\n```\n"
COUNTED = "```pycon\n>>> with open({path!r}, 'a') as file: _ = file.write('.')\n```\n"


@pytest.fixture
def ahead() -> Iterator[Sections]:
    found = Sections(fonts.build())
    yield found
    found.forget()


def test_ahead_and_in_turn_are_the_same(ahead: Sections) -> None:
    ahead.start([("page.md", PAGE, False)])
    for section in sections(PAGE, "page.md"):
        assert ahead(section) == run_section(section)


def test_a_section_runs_once_until_it_changes(
    ahead: Sections, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("counted") / "runs"
    page = COUNTED.format(path=str(path))
    ahead.start([("page.md", page, False)])
    for text in (page, page, f"A line more.\n\n{page}"):
        for section in sections(text, "page.md"):
            ahead(section)
    assert path.read_text("utf-8") == "."
    for section in sections(page.replace("'.'", "'!'"), "page.md"):
        ahead(section)
    assert path.read_text("utf-8") == ".!"
    ahead.forget()
    for section in sections(page, "page.md"):
        ahead(section)
    assert path.read_text("utf-8") == ".!."


def test_a_failure_names_the_line_at_which_it_stands_now(ahead: Sections) -> None:
    wrong = PAGE.replace("\n2\n", "\n3\n")
    ahead.start([("page.md", wrong, False)])
    for text, line in ((wrong, 12), (f"\n\n{wrong}", 14)):
        _, second, _ = sections(text, "page.md")
        with pytest.raises(ExampleError, match=rf"^page\.md:{line}: example failed"):
            ahead(second)


def test_a_page_that_cannot_be_read_is_left_to_its_turn(ahead: Sections) -> None:
    ahead.start([("page.md", "```python\nx = 1\n", False), ("other.md", PAGE, False)])
    assert [len(ahead(section)) for section in sections(PAGE, "other.md")] == [1, 1, 1]


def test_a_section_that_ends_its_process_is_an_error_and_others_go_on(ahead: Sections) -> None:
    page = "```python\nimport os\nos._exit(0)\n```\n"
    (section,) = sections(page, "page.md")
    with pytest.raises(ExampleError, match=r"^page\.md:1: .* ends its process"):
        ahead(section)
    assert [len(ahead(section)) for section in sections(PAGE, "page.md")] == [1, 1, 1]
