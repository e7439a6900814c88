"""Every example of the book runs in a browser, and gives what stands on its page."""

from collections.abc import Iterator
from doctest import DocTestParser

import pytest
from playwright.sync_api import Page

from tests.browser.hands import (
    Reader,
    ended,
    original,
    output,
    pages_with,
    paste_over,
    press,
    run,
    unfold,
)  # fmt: skip

pytestmark = pytest.mark.browser

# The blocks whose output in a browser is not the page's, by a line of theirs, and why.
DIFFERENT = {
    'with np.errstate(over="raise"):': "WebAssembly has no floating-point flags",
}


@pytest.fixture
def visited(regular: Reader, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the page that is named, with all folds open."""
    page = regular.go(request.param)
    unfold(page)
    yield page
    page.close()


def wanted(session: str) -> str:
    """Return what a session on a page prints: read by doctest, not through the code we test."""
    wants = [part.want for part in DocTestParser().get_examples(session)]
    return "".join(wants).replace("<BLANKLINE>", "")


@pytest.mark.parametrize("visited", pages_with("```"), indirect=True)
def test_every_block_is_the_same_as_on_the_page(visited: Page) -> None:
    """Press Run on every block, and on no other button."""
    boxes = visited.locator(".highlight[data-section]").all()
    for box in boxes:
        press(box)
    ran, different = 0, 0
    for box in boxes:
        says = ended(box)
        known = any(line in original(box) for line in DIFFERENT)
        session = "language-pycon" in (box.get_attribute("class") or "")
        shown = box.locator(
            "xpath=following-sibling::*[1][self::figure or "
            "contains(concat(' ', @class, ' '), ' output ')]"
        )
        figures = int(shown.locator("img").count() > 0)
        assert box.locator("img.run-figure").count() == figures
        if known:
            assert says.startswith("Differs from the page."), "a difference that is listed is gone"
            different += 1
        elif session:
            assert output(box) == wanted(box.locator("pre").first.text_content() or "")
            assert says == "As on the page."
        else:
            assert says == (
                "Drawn." if figures else "Done." if not shown.count() else "As on the page."
            )
        ran += 1
    print(f"{ran} blocks, all but {different} the same in the browser as on the page")


@pytest.mark.parametrize("visited", pages_with('exercise="'), indirect=True)
def test_every_exercise_checks_an_answer(visited: Page) -> None:
    boxes = visited.locator("[data-exercise]").all()
    assert boxes
    for box in boxes:
        name = box.get_attribute("data-exercise")
        assert not run(box).startswith("All ")
        assert box.locator(".run-cases .run-bad").count() > 0
        paste_over(box, original(visited.locator(f"[data-solution={name}]")))
        assert run(box).startswith("All ")
        assert box.locator(".run-cases .run-bad").count() == 0
        assert run(visited.locator(f"[data-check={name}]")).startswith("All ")
        assert run(visited.locator(f"[data-solution={name}]")).startswith("All ")


@pytest.mark.every
@pytest.mark.parametrize("visited", pages_with("```pycon\n"), indirect=True)
def test_the_blocks_before_run_first_without_a_word(visited: Page) -> None:
    """Press Run on the last block of each section alone."""
    boxes = visited.locator(".highlight[data-section]").all()
    last = {box.get_attribute("data-section"): box for box in boxes}
    for box in last.values():
        says = run(box)
        if not any(line in original(box) for line in DIFFERENT):
            assert says in ("As on the page.", "Drawn.", "Done.")
    assert visited.locator(".run-result").count() == len(last)
