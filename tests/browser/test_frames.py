"""A figure with frames, moved by mouse, finger and keys; and what stands where nobody can."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Locator, Request, expect

from tests.browser.conftest import Lend
from tests.browser.hands import Book, Reader
from tests.browser.test_editor import DESK, PHONE

pytestmark = pytest.mark.browser

FILE = re.compile(r"-(\d+)\.svg$")


class Visit:
    """A page with frames, what it fetches, and what goes wrong on it."""

    def __init__(
        self, context: BrowserContext, book: Book, name: str = "mistake-by-mistake"
    ) -> None:
        self.page = context.new_page()
        self.errors: list[str] = []
        self.fetched: list[int] = []
        self.name = name
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self.note)
        self.page.add_init_script("""
            window.shifts = 0
            new PerformanceObserver(list => {
                for (const shift of list.getEntries()) window.shifts += shift.value
            }).observe({ type: 'layout-shift', buffered: true })""")
        self.page.goto(book.address + book.find(f"figure#{name}"))
        self.figure = self.page.locator(f"figure#{name}")
        self.figure.hover()  # and so scroll there

    def note(self, request: Request) -> None:
        match = FILE.search(request.url)
        if match and f"/{self.name}-" in request.url:
            self.fetched.append(int(match[1]))

    @property
    def range(self) -> Locator:
        return self.figure.locator("input[type=range]")

    @property
    def image(self) -> Locator:
        return self.figure.locator("> img")

    @property
    def caption(self) -> Locator:
        return self.figure.locator("figcaption")

    def shows(self, place: int) -> None:
        """Wait until a frame is shown, whole, with its own texts."""
        expect(self.image).to_have_attribute("src", re.compile(rf"-{place}\.svg$"))
        whole = "image => image.complete && image.naturalWidth > 0"
        self.page.wait_for_function(whole, arg=self.image.element_handle())
        expect(self.image).to_have_attribute("alt", re.compile(rf"after {place} corrections"))
        expect(self.caption).to_contain_text(f"After {place} corrections")
        expect(self.range).to_have_attribute("aria-valuetext", f"{place} of 11")

    def take(self) -> None:
        """Click the thumb where it is, so that keys move it."""
        self.range.hover()
        value, last = int(self.range.input_value()), int(self.range.get_attribute("max") or 0)
        self.page.mouse.click(*self.at(value / last))
        expect(self.range).to_be_focused()
        expect(self.range).to_have_value(str(value))

    def at(self, share: float) -> tuple[float, float]:
        """Return the point of the slider after a share of its way: the thumb is 16 pixels wide."""
        box = self.range.bounding_box()
        assert box is not None
        return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2


@pytest.fixture(params=[DESK, PHONE], ids=["wide", "narrow"])
def context(lend: Lend, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    with lend(**request.param) as context:
        yield context


@pytest.fixture
def visit(context: BrowserContext, still: Book) -> Iterator[Visit]:
    visit = Visit(context, still)
    yield visit
    assert visit.errors == []


def test_the_slider_has_a_name_and_says_its_value(visit: Visit) -> None:
    expect(visit.page.get_by_role("slider", name="Corrections", exact=True)).to_have_count(1)
    visit.shows(5)
    expect(visit.range).to_have_value("5")
    expect(visit.figure.locator(".frames-tools > span")).to_have_text("5 of 11")


def test_a_mouse_drags_it(visit: Visit) -> None:
    mouse = visit.page.mouse
    visit.range.hover()
    mouse.move(*visit.at(5 / 11))
    mouse.down()
    for place in (6, 7, 8, 9):
        mouse.move(*visit.at(place / 11), steps=3)
    visit.shows(9)
    mouse.move(*visit.at(0), steps=20)
    visit.shows(0)
    mouse.up()
    visit.shows(0)


def test_a_click_goes_there(visit: Visit) -> None:
    visit.range.hover()
    visit.page.mouse.click(*visit.at(1))
    visit.shows(11)


def test_keys_move_it(visit: Visit) -> None:
    visit.take()
    keys = {"ArrowRight": 6, "ArrowUp": 7, "ArrowLeft": 6, "ArrowDown": 5, "Home": 0, "End": 11}
    for key, place in keys.items():
        visit.page.keyboard.press(key)
        visit.shows(place)
    expect(visit.range).to_be_focused()


def test_the_last_wish_wins(visit: Visit) -> None:
    visit.take()
    for _ in range(6):
        visit.page.keyboard.press("ArrowRight")
    for _ in range(3):
        visit.page.keyboard.press("ArrowLeft")
    visit.shows(8)
    visit.page.wait_for_timeout(300)
    visit.shows(8)


def test_slow_frames_come_in_the_order_of_the_wishes(visit: Visit) -> None:
    held = []
    visit.page.route("**/mistake-by-mistake-6.svg", lambda route: held.append(route))
    visit.take()
    visit.page.keyboard.press("ArrowRight")  # 6, which is held back
    expect(visit.range).to_have_attribute("aria-valuetext", "6 of 11")
    expect(visit.caption).to_contain_text("After 5 corrections")  # with the image that is seen
    visit.page.keyboard.press("ArrowRight")
    visit.shows(7)
    for route in held:
        route.abort()
    visit.page.wait_for_timeout(200)
    visit.shows(7)


def test_a_frame_that_cannot_be_fetched_is_said_and_tried_again(visit: Visit) -> None:
    visit.page.route("**/mistake-by-mistake-6.svg", lambda route: route.abort())
    visit.take()
    visit.page.keyboard.press("ArrowRight")
    expect(visit.range).to_have_attribute("aria-valuetext", "6 of 11 (could not be fetched)")
    expect(visit.caption).to_contain_text("After 5 corrections")
    visit.page.unroute("**/mistake-by-mistake-6.svg")
    visit.page.keyboard.press("ArrowRight")
    visit.shows(7)
    visit.page.keyboard.press("ArrowLeft")
    visit.shows(6)


def test_only_what_is_looked_at_is_fetched(visit: Visit) -> None:
    visit.shows(5)
    visit.page.wait_for_timeout(300)
    assert set(visit.fetched) == {5}
    visit.take()
    visit.page.keyboard.press("End")
    visit.shows(11)
    visit.page.keyboard.press("Home")
    visit.shows(0)
    visit.page.keyboard.press("End")
    visit.shows(11)
    assert visit.fetched.count(11) == 1
    assert set(visit.fetched) == {5, 11, 0}


@pytest.mark.every
def test_nothing_plays_by_itself(visit: Visit) -> None:
    visit.shows(5)
    visit.page.wait_for_timeout(1500)
    visit.shows(5)


def test_nothing_moves(visit: Visit) -> None:
    visit.take()
    visit.page.wait_for_timeout(300)
    height = visit.figure.bounding_box()
    before = visit.page.evaluate("[scrollY, window.shifts]")
    for key in ("Home", "End", "PageDown", "PageDown", "ArrowLeft", "ArrowLeft"):
        visit.page.keyboard.press(key)
        visit.page.wait_for_timeout(120)
        assert visit.figure.bounding_box() == height
    assert visit.page.evaluate("[scrollY, window.shifts]") == before


@pytest.mark.every
def test_the_place_for_a_caption_follows_the_width(visit: Visit) -> None:
    visit.take()
    visit.page.wait_for_timeout(300)
    before = visit.page.viewport_size
    assert before is not None
    height = visit.caption.evaluate("caption => caption.offsetHeight")
    for width in (330, before["width"]):
        visit.page.set_viewport_size({"width": width, "height": before["height"]})
        visit.page.wait_for_timeout(300)
    assert visit.caption.evaluate("caption => caption.offsetHeight") == height


@pytest.mark.parametrize("name", ["moving-threshold", "turned-edge", "shifted-row"])
@pytest.mark.every
def test_no_caption_of_a_frame_is_taller_than_its_place(
    context: BrowserContext, still: Book, name: str
) -> None:
    visit = Visit(context, still, name)
    visit.take()
    visit.page.wait_for_timeout(300)
    heights = set()
    visit.page.keyboard.press("Home")
    for _ in range(15):
        visit.page.wait_for_timeout(60)
        box = visit.figure.bounding_box()
        heights.add(box and box["height"])
        visit.page.keyboard.press("ArrowRight")
    assert len(heights) == 1


def test_the_page_does_not_grow_wide(visit: Visit) -> None:
    expect(visit.range).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box, slider = visit.figure.bounding_box(), visit.range.bounding_box()
    assert box is not None
    assert slider is not None
    assert box["x"] <= slider["x"]
    assert slider["x"] + slider["width"] <= box["x"] + box["width"] + 1
    assert slider["height"] >= 24  # as large as a finger wants


def test_a_select_stands_beside_it(context: BrowserContext, still: Book) -> None:
    visit = Visit(context, still, "one-output-at-a-time")
    gate = visit.page.locator(".gate:has(+ .highlight + #one-output-at-a-time)")
    gate.get_by_role("button", name="I don't know").click()
    visit.figure.hover()
    select = visit.page.get_by_role("combobox", name="Layer")
    expect(select).to_have_value("dilation 2, padding 1")
    expect(visit.image).to_have_attribute("src", re.compile(r"-14\.svg$"))
    visit.take()
    visit.page.keyboard.press("Tab")
    expect(select).to_be_focused()
    visit.page.keyboard.press("ArrowUp")
    expect(select).to_have_value("stride 2, padding 1")
    expect(visit.image).to_have_attribute("src", re.compile(r"-13\.svg$"))
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("End")
    expect(visit.image).to_have_attribute("src", re.compile(r"-25\.svg$"))
    expect(visit.range).to_have_attribute("aria-valuetext", "row 2, column 2")
    box, slider = select.bounding_box(), visit.range.bounding_box()
    assert box is not None
    assert slider is not None
    assert abs(box["y"] + box["height"] / 2 - slider["y"] - slider["height"] / 2) < 4
    assert slider["x"] + slider["width"] <= box["x"]
    assert visit.errors == []


@pytest.mark.every
def test_a_finger_drags_it(lend: Lend, still: Book) -> None:
    options: dict[str, Any] = PHONE
    with lend(**options) as context:
        visit = Visit(context, still)
        visit.range.hover()
        top = visit.page.evaluate("scrollY")
        finger: CDPSession = context.new_cdp_session(visit.page)

        def touch(kind: str, *point: float) -> None:
            points = [{"x": point[0], "y": point[1]}] if point else []
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", *visit.at(5 / 11))
        for hundredth in range(47, 83):  # the last is nearest to 9 of 11
            touch("touchMove", *visit.at(hundredth / 100))
        touch("touchEnd")
        visit.shows(9)
        assert visit.page.evaluate("scrollY") == top
        assert visit.errors == []


def test_instant_navigation_brings_a_slider(visit: Visit) -> None:
    visit.shows(5)
    visit.page.locator("a.md-footer__link--next").click()
    expect(visit.page.locator("article h1")).not_to_contain_text("One neuron")
    visit.page.go_back()
    expect(visit.page.locator("article h1")).to_contain_text("One neuron")
    expect(visit.range).to_have_count(1)
    visit.take()
    visit.page.keyboard.press("End")
    visit.shows(11)


@pytest.mark.parametrize("scheme", [{"color_scheme": "light"}, {"color_scheme": "dark"}])
@pytest.mark.every
def test_without_a_script_some_stand_side_by_side(
    lend: Lend, still: Book, scheme: dict[str, Any]
) -> None:
    looks: list[dict[str, Any]] = [DESK, PHONE]
    for options in looks:
        with lend(java_script_enabled=False, **options, **scheme) as context:
            visit = Visit(context, still)
            expect(visit.image).to_be_hidden()
            expect(visit.figure.locator(".frames-tools")).to_be_hidden()
            items = visit.figure.locator("ol > li")
            assert items.all_inner_texts() == ["0 of 11", "5 of 11", "11 of 11"]
            for item in items.all():
                item.hover()
                expect(item.locator("img")).to_be_visible()
            visit.page.wait_for_timeout(300)
            assert set(visit.fetched) == {0, 5, 11}
            boxes = [item.bounding_box() for item in items.all()]
            tops = [box["y"] for box in boxes if box]
            if "has_touch" in options:
                assert tops[0] < tops[1] < tops[2]
            else:
                assert tops[0] == tops[1]
            expect(visit.caption).to_contain_text("After 5 corrections")


def test_paper_has_the_same_and_no_slider(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    expect(visit.range).to_be_hidden()
    expect(visit.image).to_be_hidden()
    items = visit.figure.locator("ol > li")
    expect(items).to_have_count(3)
    for item in items.all():
        item.hover()
        expect(item.locator("img")).to_be_visible()
        expect(item.locator("img")).to_have_js_property("complete", True)
    assert {0, 5, 11} <= set(visit.fetched)


@pytest.mark.every
def test_run_takes_the_default_and_any_other_value(reader: Reader) -> None:
    page = reader.open("figure#shifted-row")
    figure = page.locator("figure#shifted-row")
    box = page.locator(".highlight:has(+ figure#shifted-row)")
    slider = figure.locator("input")
    slider.hover()
    width = slider.evaluate("slider => slider.clientWidth")
    slider.click(position={"x": width - 4, "y": 15})
    expect(figure.locator("> img")).to_have_attribute("src", re.compile(r"-8\.svg$"))
    box.locator(".run-go").click()
    drawn = box.locator("img.run-figure")
    drawn.wait_for(timeout=120_000)
    expect(drawn).to_have_attribute("alt", re.compile("moved by 0 places"))
    area = box.locator("textarea")
    code = area.input_value()
    assert code == box.get_attribute("data-copy")
    area.click(position={"x": 40, "y": 12})
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code.replace("shift = 0", "shift = 10"))
    box.locator(".run-go").click()
    expect(box.locator(".run-status")).to_have_text("Drawn.", timeout=60_000)
    expect(box.locator("img.run-figure")).to_have_attribute("alt", "What this code draws")
