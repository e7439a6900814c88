"""Every example of the book runs in a browser, and gives what stands on its page."""

from doctest import DocTestParser

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.hands import (
    Reader,
    ended,
    original,
    output,
    pages_with,
    paste_over,
    press,
    run,
    sources,
    unfold,
)  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.every]

# The blocks whose output in a browser is not the page's, by a line of theirs, and why.
DIFFERENT = {
    'with np.errstate(over="raise"):': "WebAssembly has no floating-point flags",
}


def wanted(session: str) -> str:
    """Return what a session on a page prints: read by doctest, not through the code we test."""
    wants = [part.want for part in DocTestParser().get_examples(session)]
    return "".join(wants).replace("<BLANKLINE>", "")


def known(box: Locator) -> bool:
    """Whether a block is listed as different."""
    return any(line in original(box) for line in DIFFERENT)


def blocks(page: Page) -> list[Locator]:
    return page.locator(".highlight[data-section]").all()


@pytest.mark.parametrize("path", pages_with("```py"))
def test_every_block_and_exercise_runs_as_on_the_page(regular: Reader, path: str) -> None:
    """Press Run on every block and, where there are exercises, Check; one visit, one Python."""
    page = regular.go(path)
    unfold(page)
    for box in blocks(page):
        press(box)
    different = sum(not as_on_the_page(box) for box in blocks(page))
    print(f"{len(blocks(page))} blocks, all but {different} as on the page")
    exercises = page.locator("[data-exercise]").all()
    assert len(exercises) == sources()[path].read_text("utf-8").count('python exercise="')
    for box in exercises:
        checks_an_answer(page, box)
    page.close()


def as_on_the_page(box: Locator) -> bool:
    """Wait for the end of a run; hold what came to the page, or to the list of differences."""
    says = ended(box)
    shown = box.locator(
        "xpath=following-sibling::*[1][self::figure or "
        "contains(concat(' ', @class, ' '), ' output ')]"
    )
    figures = int(shown.locator("img").count() > 0)
    assert box.locator("img.run-figure").count() == figures
    if known(box):
        assert says.startswith("Differs from the page."), "a difference that is listed is gone"
        return False
    if "language-pycon" in (box.get_attribute("class") or ""):
        assert output(box) == wanted(box.locator("pre").first.text_content() or "")
        assert says == "As on the page."
    else:
        expected = "Done." if not shown.count() else "As on the page."
        assert says == ("Drawn." if figures else expected)
    return True


def checks_an_answer(page: Page, box: Locator) -> None:
    """Hold an exercise to fail as it stands, and to pass with its solution."""
    name = box.get_attribute("data-exercise")
    assert not run(box).startswith("All ")
    assert box.locator(".run-cases .run-bad").count() > 0
    paste_over(box, original(page.locator(f"[data-solution={name}]")))
    assert run(box).startswith("All ")
    assert box.locator(".run-cases .run-bad").count() == 0
    assert run(page.locator(f"[data-check={name}]")).startswith("All ")
    assert run(page.locator(f"[data-solution={name}]")).startswith("All ")


@pytest.mark.parametrize("path", pages_with("```pycon\n", one_a_chapter=True))
def test_the_blocks_before_run_first_without_a_word(regular: Reader, path: str) -> None:
    """Press Run on the last block of each section alone."""
    page = regular.go(path)
    unfold(page)
    last = {box.get_attribute("data-section"): box for box in blocks(page)}
    for box in last.values():
        says = run(box)
        assert known(box) or says in ("As on the page.", "Drawn.", "Done.")
    assert page.locator(".run-result").count() == len(last)
    page.close()
