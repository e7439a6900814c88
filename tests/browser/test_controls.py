"""Every control around the lessons, pressed on a wide and on a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Lend
from tests.browser.hands import CLIPBOARD, DRAWS, Book, Reader, unfold
from tests.browser.test_editor import DESK, PHONE

pytestmark = pytest.mark.browser


class Visit:
    """A page, and what went wrong on it."""

    def __init__(self, page: Page, wide: bool) -> None:
        self.page, self.wide = page, wide
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))


@pytest.fixture(params=[DESK, PHONE], ids=["wide", "narrow"])
def visit(lend: Lend, still: Book, request: pytest.FixtureRequest) -> Iterator[Visit]:
    with lend(permissions=CLIPBOARD, **request.param) as context:
        visit = Visit(Reader(context, still).open("[data-exercise]", DRAWS), request.param is DESK)
        yield visit
        assert visit.errors == []


# Whether a control is met where it is seen: a drawer slides one of its panels over another.
MET = """control => {
    const box = control.getBoundingClientRect()
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return control.contains(met) }"""


def heading(page: Page) -> Locator:
    return page.locator(".md-content article h1")


def test_the_menu_leads_to_a_page(visit: Visit) -> None:
    page = visit.page
    before = heading(page).inner_text()
    if not visit.wide:
        page.locator("label.md-header__button[for=__drawer]").click()
    menu = page.locator(".md-sidebar--primary")
    links = menu.locator("a.md-nav__link:visible:not(.md-nav__link--active)[href]")
    expect(menu).to_be_in_viewport(ratio=0.9 if not visit.wide else 0.1)
    next(link for link in reversed(links.all()) if link.evaluate(MET)).click()
    expect(heading(page)).not_to_have_text(before)
    if not visit.wide:
        expect(menu.locator("a.md-nav__link").first).not_to_be_in_viewport()


def test_the_drawer_is_closed_by_a_tap_beside_it(visit: Visit) -> None:
    if visit.wide:
        expect(visit.page.locator("label.md-header__button[for=__drawer]")).to_be_hidden()
        return
    visit.page.locator("label.md-header__button[for=__drawer]").click()
    drawer = visit.page.locator(".md-sidebar--primary")
    expect(drawer).to_be_in_viewport()
    visit.page.mouse.click(380, 500)
    expect(drawer).not_to_be_in_viewport()


def test_the_search_finds_and_leads(visit: Visit) -> None:
    page = visit.page
    if visit.wide:
        page.locator("input.md-search__input").click()
    else:
        page.locator("label.md-header__button[for=__search]").click()
    page.keyboard.type("huber")
    result = page.locator(".md-search-result__link").first
    expect(result).to_contain_text("Huber")
    result.click()
    expect(heading(page)).to_contain_text("Huber")
    expect(page.locator(".run-go").first).to_be_visible()


def test_the_palette_goes_round(visit: Visit) -> None:
    page = visit.page
    seen = set()
    for _ in range(3):
        page.locator("label[for^=__palette]:visible").click()
        seen.add(page.evaluate("getComputedStyle(document.body).colorScheme"))
    assert seen == {"light", "dark"}


def test_copy_copies(visit: Visit) -> None:
    page = visit.page
    box = page.locator(".highlight[data-section]").first
    box.locator(".md-code__button").click()
    assert page.evaluate("navigator.clipboard.readText()") == box.get_attribute("data-copy")


def test_a_fold_opens_and_closes(visit: Visit) -> None:
    fold = visit.page.locator("article details.question").first  # others become questions
    title = fold.locator("> summary")
    for opened in (True, False):
        title.click()
        assert fold.evaluate("fold => fold.open") is opened
    title.click()
    fold.locator(".highlight").first.locator(".run-go").hover()  # it is there, and uncovered


def test_a_link_in_the_text_leads_to_its_place(visit: Visit) -> None:
    page = visit.page
    title = page.locator("article h2").last
    title.hover()
    title.get_by_title("Permanent link").click()
    expect(title).to_be_in_viewport()
    assert page.url.endswith(f"#{title.get_attribute('id')}")


def test_the_contents_lead_to_a_section(visit: Visit) -> None:
    page = visit.page
    title = page.locator("article h2").last
    name = title.get_attribute("id")
    if not visit.wide:
        page.locator("label.md-header__button[for=__drawer]").click()
        page.locator(".md-sidebar--primary label.md-nav__link[for=__toc]:visible").click()
    page.locator(f".md-nav--secondary a[href$='#{name}']:visible").click()
    expect(title).to_be_in_viewport()
    top = title.bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert top is not None
    assert header is not None
    assert top["y"] >= header["height"] - 1, "the heading lies under the header"


def test_back_to_top_leads_back(visit: Visit) -> None:
    page = visit.page
    page.mouse.move(200, 500)
    for _ in range(6):
        page.mouse.wheel(0, 600)
    page.wait_for_function("() => scrollY > 2000")
    page.mouse.wheel(0, -300)
    page.locator("button.md-top").click()
    page.wait_for_function("() => scrollY === 0")


def test_the_footer_leads_on_and_back(visit: Visit) -> None:
    page = visit.page
    before = heading(page).inner_text()
    page.locator("a.md-footer__link--next").click()
    expect(heading(page)).not_to_have_text(before)
    page.locator("a.md-footer__link--prev").click()
    expect(heading(page)).to_have_text(before)


# All of the page's own controls whose middle lies under something else.
COVERED = """() => [...document.querySelectorAll(
    'article :is(a[href], button, summary, textarea)')].filter(control => {
        control.scrollIntoView({ block: 'center', behavior: 'instant' })
        const boxes = [...control.getClientRects()].filter(box => box.width && box.height)
        return boxes.length && !boxes.some(box => {
            const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
            return met && (control.contains(met) || met.contains(control) && met.matches('a')) })
    }).map(control => control.outerHTML.slice(0, 120))"""


@pytest.mark.every
def test_no_control_lies_under_another(visit: Visit) -> None:
    unfold(visit.page)
    assert visit.page.evaluate(COVERED) == []
