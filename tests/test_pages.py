"""What every page promises, read from its source: all its Python runs, in small examples."""

import re
from pathlib import Path

import pytest

from textbook.examples import Block, blocks

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

# The number of examples per page, so that none can drop out without a word.
EXAMPLES = {
    "README.md": 1,
    "docs/chapters/activations.md": 51,
    "docs/chapters/convolution.md": 87,
    "docs/chapters/losses.md": 47,
    "docs/chapters/metrics.md": 54,
    "docs/chapters/perceptron.md": 49,
    "docs/chapters/pooling.md": 81,
    "docs/index.md": 7,
    "docs/summary.md": 6,
}

# Any fence that looks like Python, however it is written: deliberately looser than the
# parser, and written apart from it.
PYTHON_LIKE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})\s*\{?\W*(?:i?py|doctest)", re.I | re.M)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def examples(page: Path) -> list[Block]:
    return [block for _, _, block in blocks(page.read_text(encoding="utf-8"), name(page))]


def uncollected(text: str) -> int:
    return len(PYTHON_LIKE.findall(text)) - len(blocks(text, "page.md"))


def test_number_of_examples() -> None:
    assert {name(page): len(examples(page)) for page in PAGES} == EXAMPLES


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_python_fence_is_collected(page: Path) -> None:
    assert uncollected(page.read_text(encoding="utf-8")) == 0


@pytest.mark.parametrize(
    "fence", ["> ```pycon", "~~~~ {.python}", "- ```python", "``` { .pycon }", "````text\n```pycon"]
)
def test_a_fence_that_the_parser_misses_is_noticed(fence: str) -> None:
    try:
        missed = uncollected(f"{fence}\n>>> 1\n2\n```\n````\n~~~~\n")
    except Exception:
        return  # refused outright is noticed too
    assert missed == 1


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_session_stands_outside_an_example(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prompts = len(re.findall(r"^\s*>>> ", text, re.M))
    tested = sum(
        len(re.findall(r"^\s*>>> ", block.source, re.M))
        for block in examples(page)
        if block.language == "pycon"
    )
    assert prompts == tested


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_examples_are_small(page: Path) -> None:
    long = {
        block.line: lines
        for block in examples(page)
        if (lines := sum(1 for line in block.source.splitlines() if line.strip())) > 15
    }
    assert long == {}, "line of the page: lines of code"
