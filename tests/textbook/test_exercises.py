"""What exercises say of themselves, on their pages and on the page of them all."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown import Extension, Markdown

from tests.conftest import Build
from textbook.build.exercises import scan, twins
from textbook.build.extension import makeExtension
from textbook.examples import ExampleError

PAGE = """\
# Lesson

## Exercises

### 1. By *hand* {: #by-hand level=warm-up kind=hand }

Think.

### 2. In code {: #in-code level=core kind=code interview }

```python exercise="in-code"
x = 0
```

```pycon check="in-code"
>>> x
1
```

```python solution="in-code"
x = 1
```

### 3. Why? {: #why level=hard kind=explain }

## What to take away
"""


def convert(text: str, path: str = "docs/chapters/losses/huber.md") -> BeautifulSoup:
    ours = makeExtension(path=path)
    extensions: list[str | Extension] = ["attr_list", "pymdownx.superfences", "toc", ours]
    settings = {"toc": {"permalink": True}}
    markdown = Markdown(extensions=extensions, extension_configs=settings)
    soup = BeautifulSoup(markdown.convert(text), "html.parser")
    soup.append(BeautifulSoup(getattr(markdown, "toc", ""), "html.parser"))
    return soup


def test_a_line_below_the_heading_says_what_it_is() -> None:
    soup = convert(PAGE)
    lines = soup.select("h3 + p.exercise-facts")
    assert [line.get_text() for line in lines] == [
        "Warm-up · by hand",
        "Core · code · interview",
        "Hard · explain",
    ]
    assert [line["data-key"] for line in lines] == [
        "chapters/losses/#by-hand",
        "chapters/losses/#in-code",
        "chapters/losses/#why",
    ]
    assert [line.has_attr("data-interview") for line in lines] == [False, True, False]


def test_heading_and_contents_stay_clean() -> None:
    soup = convert(PAGE)
    assert [set(heading.attrs) for heading in soup.select("h3")] == [{"id"}] * 3
    assert [heading.get_text() for heading in soup.select("h3")] == [
        "1. By hand¶", "2. In code¶", "3. Why?¶",
    ]  # fmt: skip
    contents = soup.select(".toc")[0].get_text()
    assert "3. Why?" in contents
    assert "interview" not in contents


def test_the_key_of_the_line_is_that_of_the_answer() -> None:
    soup = convert(PAGE)
    keys = {str(tag["data-key"]) for tag in soup.select("[data-key$='#in-code']")}
    assert len(soup.select("[data-key$='#in-code']")) == 2
    assert len(keys) == 1


def test_what_a_heading_says_to_others_is_no_mark() -> None:
    also = ' data-search-also="interview questions, level=hard"'
    page = PAGE.replace("level=warm-up", f"level=warm-up{also}")
    page = page.replace("# Lesson", f"# Lesson {{:{also} }}")
    first, *_ = scan(page, "page.md")
    assert (first.name, first.level, first.interview, first.faults) == (
        "by-hand",
        "warm-up",
        False,
        [],
    )


def test_headings_in_code_are_none() -> None:
    quoted = "```text\n### 4. Quoted {: #quoted }\n```\n\n## What"
    assert len(scan(PAGE.replace("## What", quoted), "page.md")) == 3
    assert len(convert(PAGE.replace("## What", quoted)).select(".exercise-facts")) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" level=warm-up", "", r"huber\.md:5: the exercise 'by-hand' says no level; write"),
        (" kind=hand", "", r"huber\.md:5: the exercise 'by-hand' says no kind"),
        ("level=warm-up", "level=easy", r"huber\.md:5: unknown level 'easy'; allowed: warm-up, co"),
        ("kind=hand", "kind=head", r"huber\.md:5: unknown kind 'head'; allowed: hand, code, exp"),
        (" interview ", " interveiw ", r"huber\.md:9: an exercise does not take 'interveiw'"),
        ("{: #why level=hard kind=explain }", "", r"huber\.md:24: an exercise needs a name"),
        ("#why", "#by-hand", r"huber\.md:24: the exercise 'by-hand' stands twice on this page"),
        ("kind=hand", "kind=code", r"huber\.md:5: .* is code without exercise and check and sol"),
        ("kind=code", "kind=hand", r"huber\.md:9: the exercise 'in-code' has a check: say kind=c"),
        ("#in-code", "#other", r"huber\.md:9: the exercise 'other' has the exercise of 'in-code'"),
        ("## Exercises", "## Others", r"huber\.md:5: an exercise is a '### ' heading under '## Ex"),
        ("### 3.", "#### 3.", r"huber\.md:24: an exercise is a '### ' heading under"),
        ("### 3.", "<!-- -->\n<div>\n### 3.", r"huber\.md:26: the exercise 'why' is no heading"),
    ],
)  # fmt: skip
def test_a_planted_fault_stops_the_build(old: str, new: str, message: str) -> None:
    assert old in PAGE
    with pytest.raises(ExampleError, match=message):
        convert(PAGE.replace(old, new, 1))


def test_code_without_fences_is_refused() -> None:
    without = re.sub(r"```pycon check.*?```\n", "", PAGE, flags=re.DOTALL)
    with pytest.raises(ExampleError, match=r"has no check|is code without check"):
        convert(without)


def test_every_fault_is_said_where_it_stands() -> None:
    errors: list[ExampleError] = []
    wrong = PAGE.replace("level=warm-up", "level=easy").replace("kind=explain", "kind=talk")
    markdown = Markdown(extensions=["attr_list", makeExtension(path="page.md", errors=errors)])
    soup = BeautifulSoup(markdown.convert(wrong), "html.parser")
    assert [error.args[1] for error in errors] == [5, 24]
    assert [pre.get_text() for pre in soup.select("h3 + pre.example-error")] == [
        str(error) for error in errors
    ]


def test_two_exercises_of_one_name_in_a_chapter() -> None:
    first = [("chapters/a/", each) for each in scan(PAGE, "docs/chapters/a/one.md")]
    second = [("chapters/a/", each) for each in scan(PAGE, "docs/chapters/a/two.md")]
    elsewhere = [("chapters/b/", each) for each in scan(PAGE, "docs/chapters/b/one.md")]
    assert list(twins([*first, *elsewhere])) == []
    errors = list(twins([*first, *second]))
    assert len(errors) == 3
    assert str(errors[0]) == (
        "docs/chapters/a/two.md:5: the exercise 'by-hand' stands in this chapter already, "
        "at docs/chapters/a/one.md:5"
    )


# ---- The page of them all, in a small book ----------------------------------------------------

HOME = "---\ndescription: Home.\n---\n\n# Home\n"
PRACTICE = "# Practise\n\n<!-- exercises -->\n\n## Kept\n\n<!-- progress -->\n"
HAND = PAGE.split("### 2.")[0]


@pytest.fixture
def small(project: Path) -> Path:
    """Return a small project with two chapters: of two lessons, and of one."""
    settings = (project / "mkdocs.yml").read_text("utf-8")
    nav = (
        "nav:\n  - Home: index.md\n  - Chapters:\n      - Later:\n          - chapters/b/one.md\n"
        "      - First & last:\n          - chapters/a/one.md\n          - chapters/a/two.md\n"
        "  - Practise: practice.md\n"
    )
    (project / "mkdocs.yml").write_text(settings.replace("nav: [{Home: index.md}]\n", nav), "utf-8")
    pages = {
        "practice.md": PRACTICE,
        "chapters/a/one.md": PAGE,
        "chapters/a/two.md": HAND.replace("by-hand", "again").replace("Lesson", "The $x$ of `y`"),
        "chapters/b/one.md": HAND,
    }
    for name, text in pages.items():
        (project / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (project / "docs" / name).write_text(text, "utf-8")
    return project


def test_the_page_lists_all_in_the_order_of_the_book(
    build: Callable[[str], Build], small: Path
) -> None:
    result = build(HOME)
    assert result.returncode == 0, result.output
    soup = BeautifulSoup((result.site / "practice/index.html").read_text("utf-8"), "html.parser")
    article = soup.article
    assert article is not None
    assert [h.get_text().removesuffix("¶") for h in article.select(".exercises > h2")] == [
        "Later", "First & last",
    ]  # fmt: skip
    assert [a["href"] for a in article.select(".exercises li > a")] == [
        "../chapters/b/one/#by-hand",
        "../chapters/a/one/#by-hand",
        "../chapters/a/one/#in-code",
        "../chapters/a/one/#why",
        "../chapters/a/two/#again",
    ]
    text = article.get_text()
    assert "5 exercises: 3 to warm up, 1 core, 1 hard; 3 by hand, 1 in code" in text
    assert "1 exercise: 1 to warm up; 1 by hand." in text
    keys = [span["data-key"] for span in article.select(".exercises .exercise-facts")]
    (listed,) = result.site.rglob("exercises.json")
    assert sorted(json.loads(listed.read_text("utf-8")).items()) == [
        ("chapters/a/one/", keys[1:4]),
        ("chapters/a/two/", keys[4:]),
        ("chapters/b/one/", keys[:1]),
    ]
    options = [option.get_text() for option in article.select("select[name=topic] option")]
    assert options == [
        "all",
        "all of Later",
        "Lesson",
        "all of First & last",
        "Lesson",
        "The x of y",
    ]
    hidden = article.select(
        ".practice-tools[hidden], .practice-kept[hidden], .practice-due[hidden]"
    )
    assert len(hidden) == 3, "without a script, no control that does nothing"


def test_the_search_does_not_find_the_list(build: Callable[[str], Build], small: Path) -> None:
    site = build(HOME).site
    found = json.loads((site / "search/search_index.json").read_text("utf-8"))["docs"]
    titled = [each["location"] for each in found if re.search("By (<em>)?hand", each["title"])]
    assert titled == [
        "chapters/a/one/#by-hand",
        "chapters/a/two/#again",
        "chapters/b/one/#by-hand",
    ]
    assert [d["location"] for d in found if d["location"].startswith("practice/#")] == [
        "practice/#kept"
    ]
    assert not [d for d in found if "by hand" in d["text"] and "practice" not in d["location"]]


def test_a_name_that_stands_twice_in_a_chapter_stops_the_build(
    build: Callable[[str], Build], small: Path
) -> None:
    page = small / "docs/chapters/a/two.md"
    page.write_text(page.read_text("utf-8").replace("#again", "#by-hand"), "utf-8")
    result = build(HOME)
    assert result.returncode != 0
    said = r"docs/chapters/a/two\.md:5: the exercise 'by-hand' stands in this chapter already"
    assert re.search(said, result.output), result.output
