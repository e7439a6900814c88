"""Questions in a page: covered, answered, passed, shown, remembered, printed, read aloud."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Lend
from tests.browser.hands import CLIPBOARD, has_focus, press
from tests.browser.serving import serve
from tests.browser.test_editor import DESK, PHONE
from tests.conftest import finish_build, start_build, start_project

pytestmark = pytest.mark.browser

PAGE = """\
---
description: A page that asks about all that can be asked.
---

# Asked

!!! question "Predict"
    Which share is it, of $x^2$?

```pycon predict="number" near="0.05" name="share"
>>> round(1 / 3, 2)
0.33
```

A third, as it were.

!!! question "Predict"
    Which shape has it?

```pycon predict="list" name="shape"
>>> print("first")
first
>>> (3, 5)
(3, 5)
```

!!! question "Predict"
    What is it called?

```pycon predict="word" name="word"
>>> "Max pool"
'Max pool'
```

!!! question "Predict"
    What is left of it?

    - [ ] `[0, 9]`
      Nothing crosses the *border*.
    - [ ] `[9, 9]`
      Each has a window of its own.

```pycon predict="choice" name="left"
>>> [9, 9]
[9, 9]
```

!!! question "Predict"
    Does it rise?

    - [ ] it rises
      Look at its end.
    - [ ] it falls
      It ends below its start.

```python predict="choice" name="line" key="'it falls' if y[-1] < y[0] else 'it rises'" LINE
import matplotlib.pyplot as plt
y = [3, 1]
plt.plot(y)
```

By two it falls.

!!! question "Predict"
    Sketch it.

```python predict="sketch" name="sketch" SKETCH
plt.plot([1, 3])
```

!!! question "Why?"
    Why is it so?
    {: #why-so }

    - [x] Because it is
      So it is indeed.
    - [ ] Because it is not
      It is, after all.
"""
PAGE = PAGE.replace("LINE", 'alt="A line that falls to the right" caption="It falls."')
PAGE = PAGE.replace("SKETCH", 'alt="A line that rises to the right" caption="It rises."')

NOWHERE = "http://127.0.0.1:9/"  # nobody is there to hand out a Python
KINDS = ["share", "shape", "word", "left", "line", "sketch", "why-so"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("asked")
    project, site = start_project(place), place / "site"
    (project / "docs/index.md").write_text(PAGE, "utf-8")
    build = finish_build(start_build(project, site), site)
    assert build.returncode == 0, build.output
    with serve(site, NOWHERE) as address:
        yield address


@pytest.fixture
def context(lend: Lend, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Return a reader; parametrised indirectly by options of the context."""
    with lend(permissions=CLIPBOARD, **{**DESK, **getattr(request, "param", {})}) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.locator(".ask.ready").last.wait_for()
    yield page
    assert errors == []


def asked(page: Page, name: str) -> Locator:
    return page.locator(f'.ask[data-key$="#{name}"]')


def output(page: Page, name: str) -> Locator:
    """Return what a question covers: the text that a session shows, or a picture."""
    after = asked(page, name).locator("xpath=following-sibling::*[1]")
    if name in ("line", "sketch"):
        return after.locator("xpath=following-sibling::*[1]").locator("img")
    return after.locator("samp > span").last


def button(box: Locator, name: str) -> Locator:
    return box.get_by_role("button", name=name, exact=True)


def type_guess(page: Page, name: str, guess: str) -> Locator:
    box = asked(page, name)
    box.get_by_label("Your guess").click()
    page.keyboard.type(guess)
    return box


def pick(page: Page, name: str, choice: str) -> Locator:
    box = asked(page, name)
    box.get_by_text(choice, exact=True).click()
    return box


def commit(box: Locator) -> None:
    box.locator(".ask-go").click()


def said(box: Locator, text: str) -> None:
    expect(box.locator(".ask-said")).to_have_text(text)
    expect(box.page.locator(".run-voice")).to_contain_text(text)


# ---- Covered -----------------------------------------------------------------------------------


def test_just_the_output_is_covered(page: Page) -> None:
    for name in KINDS[:-1]:
        expect(output(page, name)).to_be_hidden()
    for first in page.locator("article samp > span").all():
        expect(first).to_be_hidden()
    for code in page.locator("article .highlight pre").all():
        expect(code).to_be_visible()
    expect(page.get_by_text("So it is indeed.")).to_be_hidden()
    expect(page.get_by_text("Nothing crosses the border.")).to_be_hidden()
    expect(page.locator(".ask-key")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "guess", "said"),
    [("share", "0.3", "A third, as it were."), ("line", "", "By two it falls.")],
)
def test_the_paragraph_below_opens_with_the_answer(
    page: Page, name: str, guess: str, said: str
) -> None:
    below = page.locator("article > p", has_text=said)
    expect(below).to_be_hidden()
    size = "e => [e.offsetWidth, e.offsetHeight]"
    before = below.evaluate(size)
    if guess:
        commit(type_guess(page, name, guess))
    else:
        asked(page, name).get_by_role("button", name="I don't know").click()
    expect(below).to_be_visible()
    assert below.evaluate(size) == before


def test_nothing_moves_where_an_output_opens(page: Page) -> None:
    def height(box: Locator) -> float:
        size = box.bounding_box()
        assert size is not None
        return size["height"]

    figure, session = page.locator("figure").last, output(page, "share").locator("xpath=../../..")
    page.locator("figure").last.click()  # so that what is lazy is here
    before = height(figure), height(session)
    commit(asked(page, "sketch"))
    commit(type_guess(page, "share", "0"))
    expect(output(page, "sketch")).to_be_visible()
    assert (height(figure), height(session)) == pytest.approx(before, abs=1)


def test_the_code_of_a_covered_output_is_copied(page: Page) -> None:
    page.locator(".highlight", has_text="1 / 3").locator(".md-code__button").click()
    assert page.evaluate("navigator.clipboard.readText()") == "round(1 / 3, 2)"
    expect(output(page, "share")).to_be_hidden()


def test_to_run_it_is_to_see_it(page: Page) -> None:
    box = page.locator(".highlight", has_text="1 / 3")
    press(box)
    expect(asked(page, "share").locator(".ask-said")).to_have_text("No guess.")
    expect(box.locator(".run-status")).to_contain_text("could not be fetched")
    expect(output(page, "share")).to_be_visible()
    page.reload()
    expect(output(page, "share")).to_be_visible()


@pytest.mark.every
def test_without_its_script_all_opens_by_itself(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.route("**/predict.js", lambda route: route.abort())
    page.goto(address)
    expect(output(page, "share")).to_be_hidden()
    expect(output(page, "line")).to_be_hidden()
    for name in KINDS[:-1]:
        expect(output(page, name)).to_be_visible(timeout=10_000)
    expect(page.locator("article form:visible")).to_have_count(0)


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_all_is_there(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    for name in KINDS[:-1]:
        expect(output(page, name)).to_be_visible()
    expect(page.locator("article :is(form, input, button):visible")).to_have_count(0)
    expect(page.locator(".ask-key")).to_be_visible()
    word = page.get_by_text("So it is indeed.")
    expect(word).to_be_hidden()
    page.locator("summary", has_text="Because it is").first.click()
    expect(word).to_be_visible()
    expect(word).to_have_text("Right. So it is indeed.")


# ---- Answered ----------------------------------------------------------------------------------


GUESSES = {
    "share": {
        "right": ["0.33", " 1/3 ", "33 %", "0,33"],
        "near": ["0.36", ".28"],
        "wrong": ["1/2", "−0.33", "1,000"],
        "": ["", "a third", "1 / "],
    },
    "shape": {
        "right": ["3, 5", "[[3] 5]", "3x5"],
        "wrong": ["(3, 5, 1)", "(5, 3)"],
        "": ["3 by"],
    },
    "word": {"right": ["max POOL", "“Max  pool”."], "wrong": ["maximum"], "": ["''"]},
}  # fmt: skip


@pytest.mark.parametrize("name", GUESSES)
def test_a_typed_guess_is_judged(page: Page, name: str) -> None:
    box = asked(page, name)
    field = box.get_by_label("Your guess")
    guesses = [(verdict, guess) for verdict, all_ in GUESSES[name].items() for guess in all_]
    for verdict, guess in guesses:
        field.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(guess)
        page.keyboard.press("Enter")
        if not verdict:  # it cannot be read, and is asked for again
            said(box, box.get_attribute("data-hint") or "none")
            has_focus(field)
            expect(output(page, name)).to_be_hidden()
            page.keyboard.press("Control+a")
            page.keyboard.press("Delete")
            continue
        said(box, f"You said {guess.strip()}: {verdict}.")
        expect(output(page, name)).to_be_visible()
        has_focus(output(page, name).locator(".."))
        expect(field).to_be_hidden()
        button(box, "Ask me again").click()
    for other in KINDS[:-1]:
        expect(output(page, other)).to_be_hidden()


def test_a_choice_gets_its_word(page: Page) -> None:
    box = pick(page, "left", "[0, 9]")
    commit(box)
    said(box, "You said “[0, 9]”: wrong.")
    expect(page.locator(".run-voice")).to_contain_text("No. Nothing crosses the border. [9, 9]")
    expect(box.get_by_text("Nothing crosses the border.")).to_be_visible()
    expect(box.get_by_text("Each has a window of its own.")).to_be_visible()
    expect(box.get_by_label("[0, 9]")).to_be_checked()
    expect(box.get_by_label("[0, 9]")).to_be_disabled()


def test_nothing_picked_is_asked_for_again(page: Page) -> None:
    box = asked(page, "left")
    commit(box)
    expect(box.locator(".ask-said")).to_have_text("Pick one.")
    has_focus(box.get_by_label("[0, 9]"))
    expect(output(page, "left")).to_be_hidden()


def test_a_figure_opens_with_the_guess_beside_it(page: Page) -> None:
    commit(pick(page, "line", "it falls"))
    said(asked(page, "line"), "You said “it falls”: right.")
    expect(output(page, "line")).to_be_visible()
    has_focus(page.locator("figure").first)
    beside = page.locator("figure").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert beside == '"You said “it falls”: right."'
    expect(asked(page, "line").locator(".ask-key")).to_be_visible()


def test_a_sketch_is_compared_by_its_reader(page: Page) -> None:
    box = asked(page, "sketch")
    button(box, "I have a sketch").click()
    said(box, "Compare it with your sketch.")
    expect(output(page, "sketch")).to_be_visible()


def test_a_why_question_is_answered(page: Page) -> None:
    box = pick(page, "why-so", "Because it is")
    commit(box)
    said(box, "You said “Because it is”: right.")
    expect(box.get_by_text("So it is indeed.")).to_be_visible()
    has_focus(box.locator(".ask-said"))


def test_one_may_not_know(page: Page) -> None:
    for name in KINDS:
        box = asked(page, name)
        button(box, "I don't know").click()
        said(box, "No guess.")
        if name != "why-so":
            expect(output(page, name)).to_be_visible()
        if box.locator("ul").count():
            expect(box.locator("li > p").first).to_be_visible()


def test_by_keyboard_alone(page: Page) -> None:
    reach(page, asked(page, "left").get_by_label("[0, 9]"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said(asked(page, "left"), "You said “[9, 9]”: right.")
    has_focus(output(page, "left").locator(".."))
    reach(page, button(asked(page, "sketch"), "I don't know"))
    page.keyboard.press("Space")
    expect(output(page, "sketch")).to_be_visible()
    reach(page, button(asked(page, "why-so"), "Show all answers in the book"))
    page.keyboard.press("Enter")
    expect(output(page, "share")).to_be_visible()
    has_focus(button(asked(page, "why-so"), "Cover the book's answers again"))


def reach(page: Page, control: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        if control.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


# ---- Remembered --------------------------------------------------------------------------------


def test_a_guess_is_remembered_until_one_asks_again(page: Page) -> None:
    commit(type_guess(page, "share", "0.3"))
    commit(pick(page, "left", "[0, 9]"))
    page.reload()
    box = asked(page, "share")
    expect(box.locator(".ask-said")).to_have_text("You said 0.3: near.")
    expect(output(page, "share")).to_be_visible()
    expect(asked(page, "left").get_by_label("[0, 9]")).to_be_checked()
    expect(output(page, "word")).to_be_hidden()
    button(box, "Ask me again").click()
    expect(output(page, "share")).to_be_hidden()
    has_focus(box.get_by_label("Your guess"))
    expect(box.get_by_label("Your guess")).to_have_value("")
    page.reload()
    expect(box.get_by_label("Your guess")).to_be_visible()


def test_all_answers_are_shown_on_every_page_until_covered_again(
    page: Page, context: BrowserContext, address: str
) -> None:
    commit(type_guess(page, "share", "0.3"))
    button(asked(page, "word"), "Show all answers in the book").click()
    for name in KINDS[:-1]:
        expect(output(page, name)).to_be_visible()
    expect(page.locator(".run-voice")).to_have_text("All answers in the book are shown.")
    another = context.new_page()
    another.goto(address)
    expect(output(another, "shape")).to_be_visible()
    expect(another.get_by_text("So it is indeed.")).to_be_visible()
    button(asked(another, "shape"), "Cover the book's answers again").click()
    expect(output(another, "shape")).to_be_hidden()
    expect(output(another, "share")).to_be_visible()  # which had been answered
    another.reload()
    expect(output(another, "shape")).to_be_hidden()


STORES = {
    "rubbish": """for (const name of ['share', 'shape', 'word', 'left', 'line', 'why-so'])
        localStorage.setItem(`${location.pathname}index/#${name}`, '{"\\u0000": [')""",
    "forbidden": """Object.defineProperty(window, 'localStorage', {
        get() { throw new DOMException('no', 'SecurityError') } })""",
}


@pytest.mark.parametrize("store", STORES)
def test_a_broken_store_breaks_nothing(context: BrowserContext, address: str, store: str) -> None:
    page = context.new_page()
    page.add_init_script(STORES[store])
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    for name in ("share", "shape", "left", "line"):
        expect(output(page, name)).to_be_hidden()
    commit(type_guess(page, "share", "0.33"))
    said(asked(page, "share"), "You said 0.33: right.")
    assert store == "forbidden" or errors == []  # which the theme does not bear


# ---- On paper, on a phone, in other colours ----------------------------------------------------


@pytest.mark.parametrize("answered", [False, True])
def test_all_of_it_is_printed(page: Page, answered: bool) -> None:
    if answered:
        commit(pick(page, "left", "[0, 9]"))
    page.emulate_media(media="print")
    for name in KINDS[:-1]:
        expect(output(page, name)).to_be_visible()
    expect(page.locator("article :is(input, button):visible")).to_have_count(0)
    for word in page.locator(".ask-choices p").all():
        expect(word).to_be_visible()
    for choice in page.locator(".ask-choices label").all():
        expect(choice).to_be_visible()
    expect(page.get_by_text("Your guess")).to_have_count(3)
    for label in page.get_by_text("Your guess").all():
        expect(label).to_be_hidden()


@pytest.mark.parametrize("context", [{"has_touch": True, **PHONE}], indirect=True)
def test_with_a_thumb_on_a_phone(page: Page) -> None:
    box = asked(page, "left")
    box.get_by_text("[9, 9]", exact=True).tap()
    box.locator(".ask-go").tap()
    said(box, "You said “[9, 9]”: right.")
    box = asked(page, "share")
    box.get_by_label("Your guess").tap()
    page.keyboard.type("1/3")
    box.locator(".ask-go").tap()
    said(box, "You said 1/3: right.")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for control in page.locator(".ask :is(button, label):visible").all():
        size = control.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 24


LOOKS = [{}, {"color_scheme": "dark"}, pytest.param({**PHONE}, marks=pytest.mark.every)]


@pytest.mark.parametrize("context", LOOKS, indirect=True, ids=["light", "dark", "phone"])
def test_axe_finds_nothing(page: Page) -> None:
    assert axe.violations(page, "article") == [], "covered"
    commit(type_guess(page, "share", "what"))
    assert axe.violations(page, "article") == [], "asked again"
    commit(type_guess(page, "shape", "3 6"))
    commit(pick(page, "left", "[0, 9]"))
    commit(pick(page, "line", "it falls"))
    commit(asked(page, "sketch"))
    button(asked(page, "word"), "I don't know").click()
    commit(pick(page, "why-so", "Because it is not"))
    assert axe.violations(page, "article") == [], "answered"
    button(asked(page, "share"), "Show all answers in the book").click()
    assert axe.violations(page, "article") == [], "all shown"


@pytest.mark.parametrize("context", [{"java_script_enabled": True}], indirect=True)
def test_axe_finds_what_is_planted(page: Page) -> None:
    page.set_content("<title>x</title><article><input><img src='data:,'></article>")
    found = " ".join(axe.violations(page, "article"))
    assert "label:" in found
    assert "image-alt:" in found


def test_the_search_does_not_tell(address: str, page: Page) -> None:
    response = page.request.get(f"{address}search/search_index.json")
    text = response.text()
    assert "What is left of it?" in text
    for told in (
        "Because it is not",
        "So it is indeed",
        "Nothing crosses",
        "It falls",
        "Your guess",
        "0.33",
        "(3, 5)\\n(3",
    ):
        assert told not in text
