"""The editor, under a mouse, a thumb and a keyboard."""

import random
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Lend
from tests.browser.hands import (
    CLIPBOARD,
    Book,
    Reader,
    click_into,
    code,
    drawing,
    exercise,
    has_focus,
    output,
    paste_over,
    reset,
    run,
    session,
    type_over,
)  # fmt: skip

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS = pytest.mark.parametrize("writer", [DESK, PHONE], ids=["desk", "phone"], indirect=True)

# Of 400 points that are spread over the textarea as it is seen, those at which it is met.
MET = """area => {
    const a = area.getBoundingClientRect(), e = area.parentElement.getBoundingClientRect()
    const left = Math.max(a.left, e.left), right = Math.min(a.right, e.right)
    let met = 0
    for (let i = 0; i < 20; i++) for (let j = 0; j < 20; j++)
        met += document.elementFromPoint(left + (right - left) * (i + 0.5) / 20,
                                         a.top + a.height * (j + 0.5) / 20) === area
    return met }"""

# Where each letter of the layer in colour is seen: [place in the text, left, top, width, height].
LETTERS = """layer => {
    const edge = layer.parentElement.getBoundingClientRect(), letters = []
    const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT)
    let before = 0
    for (let node; (node = walker.nextNode()); before += node.length)
        for (let i = 0; i < node.length; i++) {
            const range = document.createRange()
            range.setStart(node, i)
            range.setEnd(node, i + 1)
            const box = range.getBoundingClientRect()
            if (node.data[i] !== '\\n' && box.left >= edge.left && box.right <= edge.right)
                letters.push([before + i, box.left, box.top, box.width, box.height])
        }
    return letters }"""

SELECTED = "area => area.value.slice(area.selectionStart, area.selectionEnd)"


class Writer:
    """One who has an exercise before them."""

    def __init__(self, page: Page, box: Locator) -> None:
        self.page, self.box = page, box
        self.area, self.layer = box.locator("textarea"), box.locator(".run-editor > pre")
        self.keys = page.keyboard

    def place(self, line: int, column: float) -> tuple[float, float]:
        """Return where a place in the text is seen, between letters."""
        lines = code(self.box).split("\n")
        before = sum(len(each) + 1 for each in lines[:line]) + int(column)
        letters = {int(at): (x, y, w, h) for at, x, y, w, h in self.layer.evaluate(LETTERS)}
        x, y, width, height = letters[before]
        return x + width * (column - int(column)), y + height / 2

    def selected(self) -> str:
        return str(self.area.evaluate(SELECTED))

    def caret(self) -> int:
        return int(self.area.evaluate("area => area.selectionStart"))

    def where(self) -> str:
        """Return what has the focus, by its class or its tag."""
        return str(
            self.page.evaluate(
                "(document.activeElement.className.match(/run-[a-z]+/) ?? "
                "[document.activeElement.tagName])[0]"
            )
        )


@pytest.fixture
def writer(lend: Lend, still: Book, request: pytest.FixtureRequest) -> Iterator[Writer]:
    options = getattr(request, "param", DESK)
    with lend(permissions=CLIPBOARD, **options) as context:
        page = Reader(context, still).open("[data-exercise]")
        box = exercise(page)
        box.locator("textarea").hover()  # brings it into view
        yield Writer(page, box)


@LOOKS
def test_every_point_of_the_editor_is_the_editor(writer: Writer) -> None:
    assert writer.area.evaluate(MET) == 400
    paste_over(writer.box, f"x = {'1 + ' * 60}1\ny = 2")
    assert writer.area.evaluate(MET) == 400


@LOOKS
def test_a_click_puts_the_caret_where_one_clicked(writer: Writer) -> None:
    touch = writer.page.evaluate("matchMedia('(pointer: coarse)').matches")
    chosen = random.Random(42)
    half = 8 if touch else 24
    letters = chosen.sample(writer.layer.evaluate(LETTERS), 2 * half)
    letters.sort(key=lambda letter: letter[2])  # from the top down
    apart = [letter for pair in zip(letters[:half], letters[half:], strict=True) for letter in pair]
    for at, left, top, width, height in apart:  # or two taps would be a double one
        side = chosen.choice([0.25, 0.75])
        x, y = left + width * side, top + height / 2
        if touch:
            writer.page.touchscreen.tap(x, y)
            writer.page.evaluate("new Promise(soon => setTimeout(soon, 350))")
        else:
            writer.page.mouse.click(x, y)
        has_focus(writer.area)
        assert writer.caret() == at + (side > 0.5)


@LOOKS
def test_both_texts_lie_upon_each_other(writer: Writer) -> None:
    """What is written does not scroll away from what is seen, however long it is."""
    long = f"x = {'1 + ' * 60}1"
    type_over(writer.box, long)
    assert writer.layer.inner_text().rstrip("\n") == long
    writer.keys.press("Enter")
    writer.keys.type("y\n\n\n\nz")
    inside = writer.area.evaluate("a => [a.scrollLeft, a.scrollTop, a.scrollWidth - a.clientWidth]")
    assert inside == [0, 0, 0]
    for rule in ("fontSize", "lineHeight", "fontFamily", "letterSpacing", "padding"):
        look = f"e => getComputedStyle(e).{rule}"
        assert writer.area.evaluate(look) == writer.layer.evaluate(look)


@pytest.mark.every
def test_the_caret_stays_in_sight(writer: Writer) -> None:
    scrolled = "area => area.parentElement.scrollLeft"
    type_over(writer.box, f"x = {'1 + ' * 60}1")
    assert writer.area.evaluate(scrolled) > 500
    writer.keys.press("Home")
    assert writer.area.evaluate(scrolled) < 30
    writer.keys.press("End")
    assert writer.area.evaluate(scrolled) > 500
    writer.keys.press("Enter")
    assert writer.area.evaluate(scrolled) < 30
    writer.keys.press("ArrowUp")
    writer.keys.press("End")
    x, y = writer.place(0, 230.25)
    writer.page.mouse.click(x, y)  # in what has been scrolled
    assert writer.caret() == 230


def test_words_and_stretches_are_selected(writer: Writer) -> None:
    type_over(writer.box, "first = 1\nsecond = first")
    writer.page.mouse.dblclick(*writer.place(1, 2.5))
    assert writer.selected() == "second"
    writer.page.mouse.move(*writer.place(0, 2.1))
    writer.page.mouse.down()
    writer.page.mouse.move(*writer.place(1, 3.1), steps=4)
    writer.page.mouse.up()
    assert writer.selected() == "rst = 1\nsec"
    writer.keys.press("Control+c")
    writer.keys.press("Control+a")
    writer.keys.press("Control+v")
    assert code(writer.box) == "rst = 1\nsec"
    assert writer.layer.inner_text() == "rst = 1\nsec\n"


def test_undo_and_redo_know_all_that_was_written(writer: Writer) -> None:
    before = code(writer.box)
    click_into(writer.box)
    writer.keys.press("Control+End")
    writer.keys.press("Enter")
    writer.keys.press("Tab")
    writer.keys.type("x")
    writer.keys.press("Control+a")
    writer.keys.press("Tab")
    after = code(writer.box)
    assert after != before
    for _ in range(20):
        writer.keys.press("Control+z")
    assert code(writer.box) == before
    assert writer.layer.inner_text().rstrip("\n") == before
    for _ in range(20):
        writer.keys.press("Control+Shift+z")
    assert code(writer.box) == after


def test_an_input_method_is_not_disturbed(writer: Writer) -> None:
    click_into(writer.box)
    writer.keys.press("Control+a")
    method = writer.page.context.new_cdp_session(writer.page)
    method.send("Input.imeSetComposition", {"text": "ni", "selectionStart": 2, "selectionEnd": 2})
    assert writer.layer.inner_text() == "ni\n", "what is being composed is seen"
    method.send("Input.insertText", {"text": "你"})
    assert code(writer.box) == "你"
    assert writer.layer.inner_text() == "你\n"


def test_tab_indents_and_the_rest_helps(writer: Writer) -> None:
    type_over(writer.box, "for i in range(2):\nprint(i)")  # Enter indents after a colon
    assert code(writer.box) == "for i in range(2):\n    print(i)"
    writer.keys.press("Tab")  # to the next column that four divides
    assert code(writer.box) == "for i in range(2):\n    print(i)    "
    writer.keys.press("Enter")
    assert code(writer.box).endswith("\n    ")
    writer.keys.press("Backspace")
    assert code(writer.box).endswith("\n"), "one step back, not one blank"
    type_over(writer.box, "a\n\nb\nc")
    writer.keys.press("Control+a")
    writer.keys.press("Tab")
    assert code(writer.box) == "    a\n\n    b\n    c"
    writer.keys.press("Shift+Tab")
    writer.keys.press("Shift+Tab")
    assert code(writer.box) == "a\n\nb\nc"
    writer.keys.press("Control+Home")
    writer.keys.press("Shift+ArrowDown")  # to the start of the next line, which is not meant
    writer.keys.press("Shift+ArrowDown")
    writer.keys.press("Tab")
    assert code(writer.box) == "    a\n\nb\nc"


@pytest.mark.parametrize(("key", "to"), [("Tab", ["run-reset", "run-go"]), ("Shift+Tab", ["A"])])
def test_escape_leads_out_in_both_directions(writer: Writer, key: str, to: list[str]) -> None:
    click_into(writer.box)
    writer.keys.type("x")
    written = code(writer.box)
    writer.keys.press("Tab")
    has_focus(writer.area)
    writer.keys.press("Control+z")
    hint = writer.box.locator(".run-keys")
    assert "Esc, then Tab, leaves" in hint.inner_text()
    assert "Escape, then Tab" in (writer.area.get_attribute("aria-description") or "")
    writer.keys.press("Escape")
    has_focus(writer.area)
    assert hint.inner_text() == "Tab or Shift+Tab leaves."
    expect(writer.page.locator(".run-voice")).to_have_text("Tab or Shift+Tab leaves.")
    for place in to:
        writer.keys.press(key)
        assert writer.where() == place
    assert code(writer.box) == written


def test_who_only_passes_by_is_not_held(writer: Writer) -> None:
    before = code(writer.box)
    click_into(writer.box)
    writer.keys.press("Escape")
    writer.keys.press("Tab")
    assert writer.where() == "run-go"
    writer.keys.press("Shift+Tab")
    has_focus(writer.area)
    writer.keys.press("Shift+Tab")
    assert writer.where() == "A"
    writer.keys.press("Tab")
    writer.keys.press("Tab")
    assert writer.where() == "run-go"
    assert code(writer.box) == before


def test_the_focus_is_seen(writer: Writer) -> None:
    editor = writer.box.locator(".run-editor")
    ring = "e => getComputedStyle(e).outlineStyle + getComputedStyle(e).outlineWidth"
    assert editor.evaluate(ring) == "none3px" or "none" in editor.evaluate(ring)
    click_into(writer.box)
    assert editor.evaluate(ring) == "solid2px"


@pytest.mark.parametrize("writer", [PHONE], ids=["phone"], indirect=True)
def test_a_phone_has_no_reason_to_zoom(writer: Writer) -> None:
    writer.area.tap()
    has_focus(writer.area)
    assert float(writer.area.evaluate("a => parseFloat(getComputedStyle(a).fontSize)")) >= 16
    assert writer.page.evaluate("visualViewport.scale") == 1
    assert writer.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("writer", [{**DESK, "forced_colors": "active"}], indirect=True)
def test_in_forced_colours_the_text_is_there_once(writer: Writer) -> None:
    click_into(writer.box)
    expect(writer.layer).to_be_hidden()
    colour, ground = writer.area.evaluate(
        "a => [getComputedStyle(a).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colour != ground
    assert not re.search(r"^rgba.*, 0\)$", colour), "the text is clear"


# ---- With Python -----------------------------------------------------------------------------


@pytest.mark.every
def test_an_edited_block_runs_what_was_written(page: Page) -> None:
    box = session(page)
    run(box)
    type_over(box, "2 + 2\nprint('two'); 'three'\nNone")
    assert run(box) == "Differs from the page."
    assert output(box) == "4\ntwo\n'three'\n"
    paste_over(box, "2 + 2\nif 1:\n    5")
    run(box)
    shown = box.locator(".run-output").inner_text()
    assert ">>> 2 + 2\n4\n" in shown
    assert ">>> if 1:\n...     5\n5" in shown
    paste_over(box, "import warnings\nwarnings.warn('careful')")
    for _ in range(2):
        run(box)
        assert "UserWarning: careful" in output(box), "said each time"
    assert box.locator(".run-editor pre").inner_text().rstrip("\n") == code(box)


@pytest.mark.every
def test_the_keyboard_is_enough(page: Page) -> None:
    box = session(page)
    keys = page.keyboard
    box.locator("pre").first.click()
    while not box.locator(".run-go:focus").count():
        keys.press("Tab")
    keys.press("Enter")
    expect(box.locator(".run-good")).to_have_text("As on the page.", timeout=60_000)
    keys.press("Shift+Tab")  # Reset
    has_focus(box.locator(".run-reset"))
    keys.press("Shift+Tab")
    area = box.locator("textarea")
    has_focus(area)
    assert area.get_attribute("aria-label")
    keys.press("Control+a")
    keys.type("print(6 * 7)")
    keys.press("Control+Enter")
    expect(box.locator(".run-output")).to_contain_text("42")
    has_focus(area)
    keys.press("Escape")
    keys.press("Tab")
    has_focus(box.locator(".run-reset"))
    keys.press("Enter")
    expect(area).to_have_count(0)
    expect(box.locator("pre").first).to_be_visible()
    has_focus(box.locator(".run-go"))


@pytest.mark.every
def test_reset_brings_the_original_back(page: Page) -> None:
    for box in (session(page), drawing(page), exercise(page)):
        text = box.locator("pre").first.inner_text()
        run(box)
        type_over(box, "1")
        reset(box)
        assert box.locator("pre").first.inner_text() == text
        expect(box.locator(".run-reset")).to_be_hidden()
