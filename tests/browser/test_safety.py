"""Under the book's policy, in its pages and as a header, all works but what is smuggled in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import pyodide
from tests.browser.hands import (
    CLIPBOARD,
    Book,
    Reader,
    drawing,
    ended,
    exercise,
    press,
    run,
    session,
    unfold,
)
from tests.browser.pyodide import CORE
from tests.browser.serving import serve
from tests.browser.test_editor import DESK, PHONE

pytestmark = pytest.mark.browser

LISTEN = """document.addEventListener("securitypolicyviolation",
    ({ effectiveDirective, blockedURI }) => violated(`${effectiveDirective} ${blockedURI}`))"""


class Guarded:
    """A reader's browser that notes each violation, of pages and of workers."""

    def __init__(self, context: BrowserContext, book: Book) -> None:
        self.reader, self.violations = Reader(context, book), list[str]()
        context.expose_function("violated", lambda what: self.violations.append(what))
        context.add_init_script(LISTEN)
        context.on("console", lambda message: self.note(message.text))

    def note(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.violations.append(text)

    def open(self, path: str) -> Page:
        page = self.reader.go(path)
        page.wait_for_load_state("networkidle")
        return page


@pytest.fixture(params=[DESK, PHONE], ids=["wide", "narrow"])
def guarded(browser: Browser, book: Book, request: pytest.FixtureRequest) -> Iterator[Guarded]:
    context = browser.new_context(reduced_motion="reduce", permissions=CLIPBOARD, **request.param)
    guarded = Guarded(context, book)
    yield guarded
    context.close()
    assert guarded.violations == []


@pytest.mark.every
def test_all_that_a_lesson_offers_is_allowed(guarded: Guarded) -> None:
    book = guarded.reader.book
    page = guarded.open(book.find(".ask", ".frames-tools", "[data-exercise]"))
    for scheme in ("default", "slate", "default"):
        page.locator("label[for^=__palette]:visible").click()
        page.locator(f"body[data-md-color-scheme={scheme}]").wait_for()
    gate = page.locator(".ask.ready").first
    gate.get_by_role("button").first.click()
    unfold(page)
    page.locator(".notebook button").click()
    expect(page.locator(".run-voice")).to_contain_text("address of the notebook")
    page.locator("input[type=range]").first.click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".frames img").first).to_have_js_property("complete", True)
    run(session(page))
    press(exercise(page))
    ended(exercise(page))
    page.evaluate("window.sameDocument = true")
    following = page.locator(".md-footer__link--next")
    name = following.inner_text().split(maxsplit=1)[1]
    following.click()
    expect(page.locator(".md-content article h1")).to_contain_text(name.split()[0])
    assert page.evaluate("window.sameDocument")


@pytest.mark.every
def test_drawing_is_allowed(guarded: Guarded) -> None:
    page = guarded.reader.open()
    assert run(drawing(page)) == "Drawn."
    assert drawing(page).locator(".run-figure").evaluate("image => image.naturalWidth") > 0


@pytest.mark.every
def test_the_search_is_allowed_and_leads(guarded: Guarded) -> None:
    page = guarded.open("")
    page.keyboard.press("s")
    page.keyboard.type("huber")
    result = page.locator(".md-search-result__link").first
    expect(result).to_contain_text("Huber")
    result.click()
    expect(page.locator(".md-content article mark").first).to_be_attached()


@pytest.mark.every
@pytest.mark.parametrize("path", ["labs/regression/", "practice/", "404.html"])
def test_other_pages_are_allowed(guarded: Guarded, path: str) -> None:
    page = guarded.open(path)
    if path == "labs/regression/":
        run(page.locator(".highlight[data-section]").first)
    if path == "practice/":
        page.get_by_label("interview only").click()


@pytest.mark.every
def test_what_is_smuggled_in_does_not_run(browser: Browser, still: Book) -> None:
    context = browser.new_context()
    guarded = Guarded(context, still)
    page = guarded.open("")
    page.evaluate("""() => {
        document.querySelector("article").innerHTML += '<img src="data:," onerror="smuggled = 1">'
        const script = document.createElement("script")
        script.src = URL.createObjectURL(new Blob(["smuggled = 1"], { type: "text/javascript" }))
        document.body.append(script)
        const inline = document.createElement("script")
        inline.text = "smuggled = 1"
        document.body.append(inline)
    }""")
    page.wait_for_timeout(500)
    assert page.evaluate("window.smuggled") is None
    assert {each.split()[0] for each in guarded.violations} >= {
        "script-src-elem",
        "script-src-attr",
    }
    context.close()


# ---- Python, verified ------------------------------------------------------------------------


# What can follow a file and changes nothing: a section of WebAssembly without a meaning, a line.
HARMLESS = {".wasm": b"\x00\x02\x01x"}
REST = [name for name in CORE if not name.endswith(".wasm")]


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
@pytest.mark.parametrize(
    "name", ["pyodide.asm.wasm", *(pytest.param(name, marks=pytest.mark.every) for name in REST)]
)
@pytest.mark.every
def test_a_forged_file_is_not_run(
    name: str, known: bool, browser: Browser, book: Book, tmp_path: Path
) -> None:
    folder = shutil.copytree(pyodide.distribution(), tmp_path / "python")
    with (folder / name).open("ab") as file:
        file.write(HARMLESS.get(Path(name).suffix, b"\n"))
    with serve(folder) as python, serve(book.site, python) as address:
        context = browser.new_context()
        page = Reader(context, Book(address, python, book.site)).open()
        if known:  # by then the browser verifies it itself
            page.evaluate(f"localStorage.setItem('fetched {python} python', 'yes')")
        box = session(page)
        press(box)
        expect(box.locator(".run-bad")).to_contain_text("could not be fetched", timeout=60_000)
        context.close()
