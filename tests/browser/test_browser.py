"""The book in Debian's Chromium: what a reader sees, presses and copies."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import matplotlib.image
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Lend
from tests.browser.hands import CLIPBOARD, DRAWS, Book, pages_with, unfold

PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 1000, "height": 900}
DESK: ViewportSize = {"width": 1280, "height": 900}

type Scheme = Literal["light", "dark"]
type Look = tuple[ViewportSize, Scheme]

pytestmark = pytest.mark.browser


class Visit:
    """A page in a fresh context, and what went wrong on it."""

    def __init__(self, page: Page, book: Book) -> None:
        self.page, self.book, self.address = page, book, book.address
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda r: self.note(r.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)

    def note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(url)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path, wait_until="load")
        return self.page

    def find(self, *selectors: str) -> Page:
        return self.go(self.book.find(*selectors))


@pytest.fixture
def visit(lend: Lend, still: Book, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a visit; parametrised indirectly by (viewport, scheme)."""
    look: Look = getattr(request, "param", (DESK, "light"))
    viewport, scheme = look
    with lend(viewport=viewport, color_scheme=scheme, permissions=CLIPBOARD) as context:
        yield Visit(context.new_page(), still)


def show_everything(page: Page) -> None:
    """Open what is folded and load what is lazy."""
    unfold(page)
    page.evaluate(
        """() => Promise.all([
            ...[...document.querySelectorAll('img')].map(i => { i.loading = 'eager';
                return i.complete ? null : new Promise(r => { i.onload = i.onerror = r }) }),
            document.fonts.ready])"""
    )


def pixels(png: bytes) -> NDArray[np.float32]:
    """Return the luminance of a screenshot, from 0 (black) to 1 (white)."""
    image: NDArray[np.float32] = matplotlib.image.imread(io.BytesIO(png))
    return np.asarray(image[..., :3] @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32))


# The first lines of code that lie under a button.
COVERED = """() => [...document.querySelectorAll('.highlight[data-copy]')].flatMap(block => {
    const code = block.querySelector('pre > code')
    const text = document.createRange()
    text.selectNodeContents(code)
    const lines = [...text.getClientRects()], edge = code.getBoundingClientRect().right
    const buttons = [...block.querySelectorAll('.run-tools button, .md-code__button')]
    const covered = buttons.some(button => {
        const b = button.getBoundingClientRect()
        return lines.some(line => Math.min(line.right, edge) > b.left && line.left < b.right
            && line.bottom > b.top + 2 && line.top < b.bottom - 2) })
    return buttons.length && covered ? [code.textContent.split('\\n')[0]] : [] })"""


@pytest.mark.parametrize(
    "visit",
    [
        (DESK, "light"),
        pytest.param((DESK, "dark"), marks=pytest.mark.every),
        pytest.param((TABLET, "light"), marks=pytest.mark.every),
        (PHONE, "light"),
        pytest.param((PHONE, "dark"), marks=pytest.mark.every),
    ],
    ids=["desk", "desk-dark", "tablet", "phone", "phone-dark"],
    indirect=True,
)
@pytest.mark.parametrize("path", pages_with(""))
def test_every_page_is_whole_and_can_be_read(visit: Visit, path: str) -> None:
    page = visit.go(path)
    show_everything(page)
    empty = page.eval_on_selector_all("img", "all => all.filter(i => !i.naturalWidth).length")
    assert empty == 0, "images that show nothing"
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"it scrolls sideways by {width} pixels"
    if page.locator(".highlight[data-copy]").count():
        page.wait_for_selector(".run-go")
        assert page.evaluate(COVERED) == [], "code under its buttons"
    if page.viewport_size == DESK:
        ink_is_seen(page)
    assert visit.errors == []
    assert visit.foreign == [], "a request to a third party"


def ink_is_seen(page: Page) -> None:
    """Hold the ink of each figure to be dark on the light page and light on the dark page."""
    light = page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    for figure in page.query_selector_all("figure img:visible"):  # not for paper
        seen = pixels(figure.screenshot())
        background = float(np.median(np.concatenate([seen[0], seen[-1], seen[:, 0]])))
        ink = float(seen.min() if light else seen.max())
        high, low = max(background, ink), min(background, ink)
        assert (background > 0.5) == light, "a figure of the other scheme"
        assert (high + 0.05) / (low + 0.05) > 4.5, "ink is hard to see"


@pytest.mark.every
def test_the_page_can_be_switched_against_the_system(visit: Visit) -> None:
    page = visit.find("figure img")
    schemes = []
    for _ in range(3):
        page.locator("label[for^=__palette]:visible").click()
        schemes.append(page.evaluate("getComputedStyle(document.body).colorScheme"))
    assert "dark" in schemes
    while page.evaluate("getComputedStyle(document.body).colorScheme") != "dark":
        page.locator("label[for^=__palette]:visible").click()
    show_everything(page)
    figure = page.query_selector("figure img")
    assert figure is not None
    seen = pixels(figure.screenshot())
    assert float(np.median(seen[0])) < 0.3
    assert float(seen.max()) > 0.6, "the figure keeps dark ink on the dark page"


@pytest.mark.every
@pytest.mark.parametrize("path", pages_with("```py"))
def test_what_the_clipboard_holds_runs(visit: Visit, path: str) -> None:
    """Press Copy on each block of each section; what was copied runs as one script."""
    page = visit.go(path)
    unfold(page)
    sections: list[list[str]] = [[]]
    for element in page.query_selector_all("article h2, article .highlight[data-copy]"):
        if element.evaluate("e => e.tagName") == "H2":
            if not path.startswith("labs/"):  # a lab is one section
                sections.append([])
            continue
        if element.evaluate("e => 'exercise' in e.dataset || 'check' in e.dataset"):
            continue  # an exercise is not finished, and its check is about the answer
        button = element.query_selector(".md-code__button")
        assert button is not None, "a block without copy button"
        page.evaluate("navigator.clipboard.writeText('')")
        button.click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == element.get_attribute("data-copy")
        assert ">>>" not in copied
        sections[-1].append(copied)
    scripts = ["\n".join(section) for section in sections if section]
    assert scripts
    once = "\n\n".join(f"exec({script!r}, {{'__name__': '__main__'}})" for script in scripts)
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import matplotlib\nmatplotlib.use('agg')\n{once}"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.every
def test_instant_navigation_keeps_everything_alive(visit: Visit) -> None:
    page = visit.find(DRAWS)
    page.evaluate("window.sameDocument = true")
    for _ in range(2):
        heading = page.locator("article h1")
        before = heading.inner_text()
        page.locator("a.md-footer__link--next").click()
        expect(heading).not_to_have_text(before)
        assert page.evaluate("window.sameDocument"), "the whole page was loaded anew"
        assert page.evaluate("scrollY") == 0, "the new page does not begin at its top"
        page.locator(".run-go").first.wait_for()
        show_everything(page)
        assert page.locator("article .highlight .md-code__button").count()
        assert page.locator("article .md-code__nav:not([role=none])").count() == 0
        assert page.eval_on_selector_all("figure img", "all => all.every(i => i.naturalWidth > 0)")
    assert visit.errors == []
    assert visit.foreign == []


def test_maths_is_set_in_its_own_font(visit: Visit) -> None:
    page = visit.find("math")
    show_everything(page)
    family = page.eval_on_selector("math", "m => getComputedStyle(m).fontFamily")
    assert "Book Maths" in family
    assert page.evaluate("document.fonts.check('16px \"Book Maths\"')")


QUERIES = {
    "perceptron": "perceptron", "relu()": "relu", "(ReLU)": "relu", "ReLU/ELU": "elu",
    "XOR?": "xor", "softmax:": "softmax", "softmax: stable": "softmax", "pool_2d": "pool",
    "max_pool_2d(": "max", "^hinge": "hinge", "~ huber -loss": "huber",
    '"cross-entropy"': "entropy",
}  # fmt: skip


@pytest.mark.every
def test_the_search_takes_what_a_person_types(visit: Visit) -> None:
    page = visit.go("")
    page.keyboard.press("/")
    for query, word in QUERIES.items():
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        expect(page.locator(".md-search-result__link")).to_have_count(0)
        page.keyboard.type(query)
        found = page.locator(".md-search-result__item").first
        expect(found, query).to_contain_text(re.compile(word, re.IGNORECASE))
    assert visit.errors == []
