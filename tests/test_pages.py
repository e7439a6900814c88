"""What every page promises, read from its source: all its Python runs, in small examples."""

import re
from functools import cache
from pathlib import Path

import pytest
from mkdocs.utils.meta import get_data

from textbook.examples import Block, ExampleError, scan, sections

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

# The number of examples per page, so that none can drop out without a word.
EXAMPLES = {
    "README.md": 1,
    "docs/chapters/activations/bending.md": 24,
    "docs/chapters/activations/checking.md": 20,
    "docs/chapters/activations/dead.md": 24,
    "docs/chapters/activations/depth.md": 21,
    "docs/chapters/activations/functions.md": 22,
    "docs/chapters/activations/index.md": 0,
    "docs/chapters/activations/softmax.md": 23,
    "docs/chapters/convolution/backward.md": 22,
    "docs/chapters/convolution/computing.md": 31,
    "docs/chapters/convolution/first-layer.md": 24,
    "docs/chapters/convolution/fourier.md": 29,
    "docs/chapters/convolution/index.md": 0,
    "docs/chapters/convolution/kernels.md": 26,
    "docs/chapters/convolution/layer.md": 29,
    "docs/chapters/convolution/learning.md": 24,
    "docs/chapters/convolution/network.md": 30,
    "docs/chapters/convolution/one-kernel.md": 30,
    "docs/chapters/convolution/upsampling.md": 21,
    "docs/chapters/losses/bits.md": 17,
    "docs/chapters/losses/choosing.md": 14,
    "docs/chapters/losses/huber.md": 23,
    "docs/chapters/losses/imbalance.md": 23,
    "docs/chapters/losses/index.md": 0,
    "docs/chapters/losses/logits.md": 22,
    "docs/chapters/losses/margins.md": 23,
    "docs/chapters/losses/origins.md": 22,
    "docs/chapters/losses/rewards.md": 19,
    "docs/chapters/metrics/certainty.md": 29,
    "docs/chapters/metrics/classes.md": 22,
    "docs/chapters/metrics/counts.md": 24,
    "docs/chapters/metrics/decisions.md": 25,
    "docs/chapters/metrics/index.md": 0,
    "docs/chapters/metrics/operating-point.md": 19,
    "docs/chapters/metrics/precision-recall.md": 25,
    "docs/chapters/metrics/ranking.md": 31,
    "docs/chapters/metrics/regression.md": 18,
    "docs/chapters/metrics/unseen.md": 29,
    "docs/chapters/perceptron/backpropagation.md": 27,
    "docs/chapters/perceptron/index.md": 0,
    "docs/chapters/perceptron/labelings.md": 27,
    "docs/chapters/perceptron/layers.md": 25,
    "docs/chapters/perceptron/neuron.md": 31,
    "docs/chapters/perceptron/overfitting.md": 31,
    "docs/chapters/perceptron/stopping.md": 29,
    "docs/chapters/perceptron/training.md": 31,
    "docs/chapters/perceptron/updates.md": 20,
    "docs/chapters/perceptron/weights.md": 18,
    "docs/chapters/pooling/backward.md": 29,
    "docs/chapters/pooling/index.md": 0,
    "docs/chapters/pooling/instead.md": 23,
    "docs/chapters/pooling/invariance.md": 30,
    "docs/chapters/pooling/maps.md": 17,
    "docs/chapters/pooling/masks.md": 25,
    "docs/chapters/pooling/maximum.md": 15,
    "docs/chapters/pooling/scale.md": 19,
    "docs/chapters/pooling/windows.md": 31,
    "docs/downloads.md": 0,
    "docs/glossary.md": 0,
    "docs/index.md": 7,
    "docs/notation.md": 0,
    "docs/practice.md": 0,
    "docs/reference/activations.md": 0,
    "docs/reference/convolution.md": 0,
    "docs/reference/gradients.md": 0,
    "docs/reference/index.md": 0,
    "docs/reference/losses.md": 0,
    "docs/reference/metrics.md": 0,
    "docs/reference/perceptron.md": 0,
    "docs/reference/pooling.md": 0,
    "docs/summary.md": 6,
    "docs/teach.md": 0,
}

# Any fence that looks like Python, however it is written: deliberately looser than the
# parser, and written apart from it.
PYTHON_LIKE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})\s*\{?\W*(?:i?py|doctest)", re.I | re.M)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def examples(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [block for section in sections(text, name(page)) for block in section]


def uncollected(text: str) -> int:
    found = [block for section in sections(text, "page.md") for block in section]
    return len(PYTHON_LIKE.findall(text)) - len(found)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_cheap_look_finds_the_same_examples(page: Path) -> None:
    """So that they run ahead of the page: see `textbook.build.ahead`."""
    assert scan(page.read_text(encoding="utf-8"), name(page)) == examples(page)


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
    except ExampleError:
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


DRAWING = [block for page in PAGES for block in examples(page) if "alt" in block.options]


def test_every_figure_of_a_lesson_has_a_name() -> None:
    nameless = [f"{b.path}:{b.line}" for b in DRAWING if "/" in b.path and "name" not in b.options]
    assert [place for place in nameless if "/chapters/" in place] == []


CHAPTERS = sorted(path for path in (ROOT / "docs/chapters").iterdir() if path.is_dir())


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.name)
def test_exercises_are_numbered_through_the_chapter_and_have_names(chapter: Path) -> None:
    index = (chapter / "index.md").read_text(encoding="utf-8")
    lessons = re.findall(r"^\d+\. \[[^]]+\]\(([\w-]+\.md)\):", index, re.M)
    assert sorted(lessons) == sorted(p.name for p in chapter.glob("*.md") if p.name != "index.md")
    headings = [
        match
        for lesson in lessons
        for match in re.findall(
            r"^### (\d+)\. .* \{: #([a-z0-9-]+) level=(?:warm-up|core|hard)"
            r" kind=(?:hand|code|explain)(?: interview)? \}$",
            (chapter / lesson).read_text(encoding="utf-8"),
            re.M,
        )
    ]
    assert [int(number) for number, _ in headings] == list(range(1, len(headings) + 1))
    names = [slug for _, slug in headings]
    assert len(set(names)) == len(names)
    graded = [
        block.options["exercise"]
        for lesson in lessons
        for block in examples(chapter / lesson)
        if block.role == "exercise"
    ]
    assert set(graded) <= set(names), "an exercise's heading has the name of its code"
    assert len(set(graded)) == len(graded)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.name)
def test_every_exercise_says_its_level_and_kind(chapter: Path) -> None:
    """And no other line does: apart from the build, which reads headings in its own way."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted(chapter.glob("*.md")))
    levels = re.findall(r"^### \d+\..* level=(?:warm-up|core|hard) kind=", text, re.M)
    assert len(levels) == len(re.findall(r"^### \d+\.", text, re.M)) > 0
    assert not re.findall(r"^\*(?:Hard|Interview|Warm-up)\.\*$", text, re.M)
    code = re.findall(r"^### .* \{: #([a-z0-9-]+) .* ?kind=code", text, re.M)
    assert sorted(code) == sorted(re.findall(r'^```python exercise="([a-z0-9-]+)"', text, re.M))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.name)
def test_what_a_browser_remembers_has_one_name_in_its_chapter(chapter: Path) -> None:
    """Answers and guesses are kept under it, wherever in the chapter they move."""
    names = []
    for page in sorted(chapter.glob("*.md")):
        asked = [block for block in examples(page) if {"predict", "exercise"} & set(block.options)]
        names += [block.options.get("name") or block.options["exercise"] for block in asked]
        names += re.findall(r"^ +\{: #([\w-]+) \}$", page.read_text(encoding="utf-8"), re.M)
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("page", [p for p in PAGES if "chapters" in p.parts], ids=name)
def test_every_page_describes_itself(page: Path) -> None:
    """What is no YAML, such as a colon and a blank in plain text, MkDocs shows as prose."""
    _, data = get_data(page.read_text(encoding="utf-8"))
    assert len(str(data["description"]).split()) >= 5


LESSONS = [page for page in PAGES if "chapters" in page.parts and page.name != "index.md"]
WHY = re.compile(r"^    - \[(x| )\] ", re.M)


def boxes(page: Path) -> list[str]:
    """Return the marks of each why-question's choices, in order."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r'^!!! question "[^"]*"\n(?:(?: {4}.*)?\n)+', text, re.M)
    marks = ["".join(WHY.findall(box)) for box in found]
    return [each for each in marks if "x" in each]


@pytest.mark.parametrize("page", LESSONS, ids=name)
def test_a_lesson_asks_before_it_answers(page: Path) -> None:
    gates = [block for block in examples(page) if "predict" in block.options]
    assert 1 <= len(gates) <= 3
    assert len(boxes(page)) >= 2


def test_the_right_choice_stands_anywhere() -> None:
    places = [marks.index("x") for page in LESSONS for marks in boxes(page)]
    assert len(places) > 60
    for place in range(3):
        assert 0.15 < places.count(place) / len(places) < 0.5
