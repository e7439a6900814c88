"""The book by keyboard, enlarged, in a reader's own colours, and as axe-core sees it."""

import io
from collections.abc import Iterator
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Lend
from tests.browser.hands import (
    Book,
    Reader,
    exercise,
    pages_with,
    press,
    run,
    session,
    type_over,
    unfold,
)

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SMALL = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 225}  # a window of 1,280 by 900 at 400 %

LOOKS = {
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "desk-dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desk": {"viewport": DESK, "color_scheme": "light"},
}


@pytest.fixture
def context(lend: Lend, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Return a reader's browser; parametrised indirectly by its options."""
    options: dict[str, Any] = {"viewport": PHONE} | getattr(request, "param", {})
    with lend(**options) as context:
        yield context


def visit(context: BrowserContext, book: Book, path: str) -> Page:
    """Open a page and wait until all of its scripts have done their part."""
    page = context.new_page()
    page.goto(book.address + path, wait_until="networkidle")
    return page


# ---- What axe finds ----------------------------------------------------------------------------


def visits() -> list[object]:
    """Return each page in each look: one page in two, and all the others for an audit."""
    found: list[object] = []
    page: Any
    for page in pages_with(""):
        for name, look in LOOKS.items():
            path, marks = page.values[0], list(page.marks)
            if name in ("phone-dark", "desk") or marks:
                marks = [pytest.mark.audit]
            found.append(pytest.param(path, look, marks=marks, id=f"{path or 'home'}-{name}"))
    return found


@pytest.mark.every
@pytest.mark.parametrize(("path", "context"), visits(), indirect=["context"])
def test_axe_finds_nothing(context: BrowserContext, still: Book, path: str) -> None:
    page = visit(context, still, path)
    assert axe.violations(page) == [], "as it is opened: folded and covered"
    unfold(page)
    assert axe.violations(page, "article") == [], "with all that is folded and covered"


@pytest.mark.every
@pytest.mark.parametrize(
    "reader", [LOOKS["phone"], LOOKS["desk-dark"]], indirect=True, ids=["phone", "dark"]
)
def test_axe_finds_nothing_where_an_example_runs(reader: Reader) -> None:
    page = reader.open()
    unfold(page)
    box, answer = session(page), exercise(page)
    press(box)
    expect(box.locator(".run-status")).to_contain_text("Fetches")
    assert axe.violations(page, "article") == [], "while Python is fetched"
    box.locator(".run-good").wait_for(timeout=120_000)
    type_over(box, "1 / 0")
    assert run(box) == "Ended with an error."
    assert "cases pass" in run(answer)
    type_over(box, "while True: pass")
    press(box)
    expect(box.locator(".run-stop")).to_be_visible()
    assert axe.violations(page, "article") == [], "answered, failed, and one that runs"
    press(box)
    reader.context.route(f"{reader.book.python}**", lambda route: route.abort())
    assert "could not be fetched" in run(box)
    assert axe.violations(page, "article") == [], "without Python"


def test_axe_finds_what_is_planted(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_content("""<title>x</title><main><span class=maths tabindex=2>x</span>
        <div style="overflow: auto; width: 3em; white-space: nowrap">one two three four five</div>
        <p style="color: #bbb">faint<p style="background: linear-gradient(red, blue)">who knows""")
    found = " ".join(axe.violations(page))
    for each in ("tabindex:", "scrollable-region-focusable:", "color-contrast:", "undecided color"):
        assert each in found


# ---- By keyboard -------------------------------------------------------------------------------

# What has the focus: its place in the page, and how it is seen.
FOCUS = """() => {
    const at = document.activeElement
    if (at === document.body) return null
    const all = [...document.querySelectorAll('*')]
    // What is drawn for a control that is itself out of sight.
    const shown = at.matches('.md-option') ? at.nextElementSibling
        : at.type === 'file' ? at.closest('label') : at.closest('.run-editor') ?? at
    const box = shown.getBoundingClientRect(), style = getComputedStyle(shown)
    const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom)
    const seen = [0.1, 0.5, 0.9].some(part => {
        const x = Math.min(innerWidth - 1, Math.max(0, box.left + part * box.width))
        const spot = document.elementFromPoint(x, (top + bottom) / 2)
        return shown.contains(spot) || spot?.contains(shown) })
    return { name: at.outerHTML.slice(0, 120), place: all.indexOf(at),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: top < bottom && seen, inside: Boolean(at.closest('article')) } }"""

# All that a keyboard should reach in the article, in its order; of radio buttons, one a question.
WANTED = """() => {
    const all = [...document.querySelectorAll('*')]
    const stops = 'a[href], button, input, select, summary, textarea, [tabindex="0"]'
    return [...document.querySelectorAll(`article :is(${stops})`)].filter(e =>
        e.checkVisibility({ visibilityProperty: true }) && !e.disabled
        && !(e.type === 'radio' && e !== e.form.querySelector('[type=radio]')))
        .map(e => all.indexOf(e)) }"""

# What scrolls sideways: what it is, and whether a keyboard can.
SCROLLS = """() => [...document.querySelectorAll('article, article *')].filter(e =>
    /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth - e.clientWidth > 1
    && e.checkVisibility({ visibilityProperty: true }))
    .map(e => [e.outerHTML.slice(0, 60), e.tabIndex === 0 || Boolean(e.querySelector('textarea')),
        e.matches('pre > code, figure') || Boolean(e.ariaLabel) && e.role === 'group'
            || Boolean(e.querySelector('textarea'))])"""


@pytest.mark.parametrize(
    "context",
    [{"viewport": PHONE}, {"viewport": ZOOMED, "device_scale_factor": 4}, {"viewport": DESK}],
    indirect=True,
    ids=["phone", "zoomed", "desk"],
)
@pytest.mark.every
def test_tab_leads_through_all_of_a_page(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, still.find(".ask", "[data-exercise]", ".maths", "figure", "table"))
    wanted = page.evaluate(WANTED)
    walked = []
    for _ in range(600):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None:
            break
        assert at["seen"], f"the focus is out of sight: {at['name']}"
        assert at["ring"], f"no ring: {at['name']}"
        walked.append(at)
    else:
        raise AssertionError("Tab goes round and round")
    places = [at["place"] for at in walked]
    assert len(set(places)) == len(places)
    assert [at["place"] for at in walked if at["inside"]] == wanted
    assert places == sorted(places)


@pytest.mark.every
def test_a_key_opens_the_contents_of_a_narrow_page(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, "")
    contents = page.get_by_title("Contents")
    for _ in range(3):
        page.keyboard.press("Tab")
        if contents.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Space")
    link = page.locator(".md-sidebar--primary").get_by_role("link", name="Practise")
    expect(link).to_be_in_viewport()
    for _ in range(30):
        page.keyboard.press("Tab")
        if link.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Practise")
    expect(link).not_to_be_in_viewport()


@pytest.mark.every
def test_keys_scroll_a_formula_and_a_table(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, "chapters/metrics/counts/")
    for box in (
        page.locator(".maths[tabindex='0']").first,
        page.get_by_role("group", name="Table").first,
    ):
        for _ in range(200):
            if box.evaluate("e => e === document.activeElement"):
                break
            page.keyboard.press("Tab")
        before = box.evaluate("e => e.scrollLeft")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("([e, x]) => e.scrollLeft > x", arg=[box.element_handle(), before])


def test_what_fits_is_no_stop(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, "chapters/metrics/counts/")
    stops = page.locator("article :is(.maths, .md-typeset__scrollwrap, figure, p)[tabindex='0']")
    assert stops.count()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(stops).to_have_count(0)


# ---- Enlarged ----------------------------------------------------------------------------------

# Text that lies beyond the edge of the screen, and not in a box that scrolls; and text that is cut.
CUT = """() => {
    const scrolls = e => e && (/auto|scroll/.test(getComputedStyle(e).overflowX)
        || scrolls(e.parentElement))
    const elsewhere = 'script, style, template, .md-sidebar, .md-search, .run-voice, .md-skip'
    const shown = { visibilityProperty: true, opacityProperty: true }
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), cut = []
    while (words.nextNode()) {
        const { data, parentElement } = words.currentNode
        if (!data.trim() || parentElement.closest(elsewhere)) continue
        const text = document.createRange()
        text.selectNodeContents(words.currentNode)
        const box = text.getBoundingClientRect()
        if (box.width && (box.right > innerWidth + 1 || box.left < -1)
            && parentElement.checkVisibility(shown) && !scrolls(parentElement)) cut.push(data)
    }
    const boxes = 'article *, .md-header__topic:first-child > *, .md-footer *'
    for (const e of document.querySelectorAll(boxes)) {
        const { overflowX, overflowY } = getComputedStyle(e)
        // What is one pixel wide is heard and not seen: the label beside it is what one presses.
        if (/hidden|clip/.test(overflowX) && e.clientWidth > 1 && e.checkVisibility(shown)
            && !e.closest('.run-editor') && (e.scrollWidth > e.clientWidth + 1
            || overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 4))
            cut.push(e.outerHTML.slice(0, 80))
    }
    return cut }"""


@pytest.mark.parametrize("context", [{"viewport": SMALL}], indirect=True, ids=["320"])
@pytest.mark.parametrize("path", pages_with("", others=pytest.mark.audit))
def test_at_320_pixels_nothing_is_cut_and_all_that_scrolls_is_reached(
    context: BrowserContext, still: Book, path: str
) -> None:
    page = visit(context, still, path)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(CUT) == []
    for name, reached, named in page.evaluate(SCROLLS):
        assert reached, f"no key scrolls {name}"
        assert named, f"nobody hears what it is: {name}"


@pytest.mark.parametrize(
    "context", [{"viewport": PHONE}, {"viewport": SMALL}], indirect=True, ids=["390", "320"]
)
def test_the_title_in_the_header_is_whole(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, "")
    title = page.locator(".md-header__topic").first.locator(".md-ellipsis")
    over = title.evaluate("e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]")
    assert over == [0, 0]
    header = page.locator(".md-header").bounding_box()
    box = title.bounding_box()
    assert header
    assert box
    assert box["height"] <= header["height"]
    assert "Deep-Learning Fundamentals" in title.inner_text()


@pytest.mark.parametrize(
    "context", [{"viewport": PHONE}, {"viewport": SMALL}], indirect=True, ids=["390", "320"]
)
@pytest.mark.every
def test_a_figure_is_as_wide_as_its_letters_want(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, still.find("figure:not(.frames) img.least-438"))
    unfold(page)
    wide = page.locator("figure:not(.frames) img.least-438").first
    wide.hover()
    size = wide.bounding_box()
    assert size is not None
    assert size["width"] == 438
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_table_is_not_squeezed(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, "chapters/metrics/counts/")
    tall = "all => all.map(e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))"
    lines = page.locator("article table").first.locator("td").evaluate_all(tall)
    assert max(lines) < 5


# ---- What is cut at the edge shows it ----------------------------------------------------------


def ground(box: Locator, side: float) -> float:
    """Return the luminance of most of a box's column of pixels, at a share of its width."""
    seen = pixels(box.screenshot())
    return float(np.median(seen[2:-2, round(side * (seen.shape[1] - 1))]))


def pixels(png: bytes) -> NDArray[np.float32]:
    image: NDArray[np.float32] = matplotlib.image.imread(io.BytesIO(png))
    return np.asarray(image[..., :3] @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32))


@pytest.mark.parametrize(
    "context",
    [
        {"viewport": SMALL, "color_scheme": scheme, "forced_colors": forced}
        for scheme in ("light", "dark")
        for forced in ("none", "active")
    ],
    indirect=True,
    ids=["light", "light-forced", "dark", "dark-forced"],
)
@pytest.mark.parametrize(
    "kind",
    [".highlight[data-copy] > pre > code", ".maths", ".md-typeset__scrollwrap"],
    ids=["code", "formula", "table"],
)
def test_what_goes_on_beyond_its_edge_shows_it(
    context: BrowserContext, still: Book, kind: str
) -> None:
    page = visit(context, still, "chapters/metrics/counts/")
    box = page.locator(f"{kind}[tabindex='0']").first
    box.hover()
    plain = ground(box, 0.005)
    assert abs(ground(box, 0.997) - plain) > 0.03, "no shade where it goes on"
    box.hover()
    page.mouse.wheel(2000, 0)
    page.wait_for_function(
        "e => e.scrollLeft + e.clientWidth >= e.scrollWidth - 1", arg=box.element_handle()
    )
    assert abs(ground(box, 0.997) - plain) < 0.01, "a shade at the end of the way"
    assert abs(ground(box, 0.003) - plain) > 0.03, "no shade where it came from"


# ---- In colours of a reader's own --------------------------------------------------------------

FORCED = [
    {"viewport": DESK, "forced_colors": "active", "color_scheme": scheme}
    for scheme in ("light", "dark")
]

# Icons: what is painted through a mask or a path.
ICONS = (
    ".md-code__button", ".run-go", ".admonition-title", "article summary",
    ".md-header__button:visible", ".md-logo",
)  # fmt: skip


@pytest.mark.parametrize("context", FORCED, indirect=True, ids=["light", "dark"])
@pytest.mark.every
def test_icons_and_edges_stay_in_forced_colours(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, still.find(".ask", "[data-exercise]", "details", "figure img"))
    for icon in ICONS:
        for each in page.locator(icon).all():
            if each.is_visible():
                break
        seen = pixels(each.screenshot())
        left = seen[3:-3, 3 : round(min(seen.shape[1] - 3, 0.9 * seen.shape[0] + 12))]
        assert left.max() - left.min() > 0.5, f"nothing is seen of {icon}"
    for block in page.locator(".highlight > pre:visible > code").all()[:3]:
        assert block.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    editor = page.locator(".run-editor").first
    assert editor.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    expect(editor.locator("pre")).to_be_hidden()


@pytest.mark.parametrize("context", [FORCED[1]], indirect=True, ids=["dark"])
@pytest.mark.every
def test_figures_follow_the_colours_that_are_forced(context: BrowserContext, still: Book) -> None:
    page = visit(context, still, still.find("figure > img"))
    page.locator("label[for^=__palette]:visible").click()  # the light scheme
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"
    figure = page.locator("figure > img").first
    figure.hover()
    page.wait_for_function("e => e.complete", arg=figure.element_handle())
    seen = pixels(figure.screenshot())
    assert float(np.median(seen)) < 0.2
    assert float(seen.max()) > 0.7, "dark ink on a dark page"
