"""What a reader does: points, presses and types, at real coordinates, and looks.

`evaluate` looks and never acts; test_hands.py holds all tests to that.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import ROOT

CLIPBOARD = ["clipboard-read", "clipboard-write"]  # permissions
START = 120_000  # ms: Python may take so long to start on a busy machine
ENDED = ".run-status:is(.run-good, .run-bad, .run-other)"
DRAWS = ".highlight[data-section]:has(+ figure)"
SESSION = ".highlight.language-pycon[data-section]"
# Two in one section, and two exercises.
MATES = ", ".join(f"{SESSION}[data-section='{n}'] ~ {SESSION}[data-section='{n}']" for n in "1234")
ANSWERS = "[data-exercise] ~ [data-exercise]"


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


class Book(NamedTuple):
    """The served book: its address, Python's, and its files."""

    address: str
    python: str
    site: Path

    def paths(self) -> list[str]:
        """Return the paths of all lessons, in the order of the chapters' names."""
        found = sorted((self.site / "chapters").rglob("index.html"))
        return [path.parent.relative_to(self.site).as_posix() + "/" for path in found]

    def find(self, *selectors: str) -> str:
        """Return the path of the first lesson on which all of these stand, wherever that is."""
        for path in self.paths():
            page = soup(self.site / path / "index.html")
            if all(page.select_one(f"article {selector}") for selector in selectors):
                return path
        raise LookupError(f"no lesson has {selectors}")


class Reader(NamedTuple):
    """A reader's browser, and the book."""

    context: BrowserContext
    book: Book

    def open(self, *selectors: str) -> Page:
        """Open the first lesson that has all of these: by default, some of each that runs."""
        return self.go(self.book.find(*(selectors or (ANSWERS, f":is({MATES})", DRAWS))))

    def go(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(self.book.address + path)
        return page


SAMPLE = 'exercise="huber"'  # the page of this is tried in a quick run, too


def sources() -> dict[str, Path]:
    """Return each page's source, by its path on the site."""
    docs, found = ROOT / "docs", {}
    for source in sorted([*docs.rglob("*.md"), *docs.rglob("labs/*.py")]):
        path = source.relative_to(docs).with_suffix("")
        path = path.parent if path.name == "index" else path
        found["" if path == Path() else f"{path.as_posix()}/"] = source
    return found


def pages_with(
    text: str, *, one_a_chapter: bool = False, others: pytest.MarkDecorator = pytest.mark.every
) -> list[object]:
    """Return the pages whose source has this; all but one are marked as not for a quick run."""
    found: list[object] = []
    chapters: set[Path] = set()
    for path, source in sources().items():
        content = source.read_text("utf-8")
        runs = source.suffix == ".py" or "\n### ::: " in content  # a lab, or docstrings
        if text not in content and not (runs and text == "```py"):
            continue
        if one_a_chapter and source.parent in chapters:
            continue
        chapters.add(source.parent)
        marks = () if SAMPLE in content else others
        found.append(pytest.param(path, marks=marks))
    return found


# ---- Looking ---------------------------------------------------------------------------------


def session(page: Page) -> Locator:
    """Return the first example that shows numbers."""
    return page.locator(SESSION).first


def drawing(page: Page) -> Locator:
    """Return the first example that draws."""
    return page.locator(DRAWS).first


def exercise(page: Page, name: str = "") -> Locator:
    return page.locator(f"[data-exercise={name}]" if name else "[data-exercise]").first


def original(box: Locator) -> str:
    return box.get_attribute("data-copy") or ""


def code(box: Locator) -> str:
    return box.locator("textarea").input_value()


def ended(box: Locator, timeout: int = START) -> str:
    """Wait for the end of a run; return how it ended."""
    status = box.locator(ENDED)
    status.wait_for(timeout=timeout)
    return status.inner_text()


def output(box: Locator) -> str:
    """Return what came out, without the code at the prompts."""
    return str(box.evaluate("""box => [...box.querySelectorAll('.run-output .go')]
        .map(part => part.textContent).join('')"""))  # fmt: skip


def has_focus(locator: Locator) -> None:
    expect(locator).to_be_focused()


# ---- Doing -----------------------------------------------------------------------------------


def unfold(page: Page) -> None:
    """Press the title of all that is folded, and of what is folded inside it; show all answers."""
    if page.locator("article .ask").count():
        page.locator("article .ask.ready").first.wait_for()
        covered = page.get_by_role("button", name="Show all answers")
        if covered.count():
            covered.first.click()
    folded = page.locator("article details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click(position={"x": 30, "y": 12})


def press(box: Locator) -> None:
    """Press Run, Check or Stop."""
    box.locator(".run-go").click()


def run(box: Locator, timeout: int = START) -> str:
    """Press Run, wait for the end, return how it ended."""
    press(box)
    return ended(box, timeout)


def reset(box: Locator) -> None:
    box.locator(".run-reset").click()


def click_into(box: Locator) -> Locator:
    """Click into the editor, as one does to write."""
    area = box.locator("textarea")
    area.click(position={"x": 40, "y": 12})
    has_focus(area)
    return area


def paste_over(box: Locator, code: str) -> None:
    """Put this in the place of all that the editor has, at once."""
    area = click_into(box)
    area.page.keyboard.press("Control+a")
    area.page.keyboard.insert_text(code)
    assert area.input_value() == code


def type_over(box: Locator, code: str) -> None:
    """Write this, key by key, in the place of all that the editor has."""
    area = click_into(box)
    area.page.keyboard.press("Control+a")
    area.page.keyboard.type(code)


def tidy(page: Page) -> None:
    """Leave a page as it was found: nothing runs, and every original is back."""
    changed = page.locator("article .run-reset:visible")
    while changed.count():
        changed.first.click()


def number(text: str) -> str:
    """Return the first number in a text."""
    found = re.search(r"\d+\.?\d*", text)
    assert found is not None
    return found[0]
