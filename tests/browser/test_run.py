"""Examples run in the page, in a real browser with the real Python."""

import gzip
import os
import re
import shutil
import time
from collections.abc import Iterator
from doctest import DocTestParser
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser import pyodide
from tests.browser.serving import CDN, serve
from tests.conftest import ROOT
from tests.site.test_site import CHAPTERS
from textbook.examples import Block, blocks

pytestmark = pytest.mark.browser

# The blocks whose output in a browser is not the page's, by (page, a line of theirs), and why.
DIFFERENT = {
    ("activations", 'with np.errstate(over="raise"):'): "WebAssembly has no floating-point flags",
    ("losses", 'with np.errstate(over="raise"):'): "WebAssembly has no floating-point flags",
    ("labs/edges/", "for sigma in [0.3, 0.6"): "another JPEG decoder: one F1 is 0.78, not 0.79",
}

START = 120_000  # ms: Python may take so long to start on a busy machine


class Reader(NamedTuple):
    """A reader's browser, and the addresses of the book and of Python."""

    context: BrowserContext
    book: str
    python: str

    def open(self, path: str = "chapters/losses/") -> Page:
        page = self.context.new_page()
        page.goto(self.book + path)
        return page


@pytest.fixture(scope="module")
def addresses(site: Path) -> Iterator[tuple[str, str]]:
    if not (pyodide.FOLDER.is_dir() or shutil.which("npm") or "CI" in os.environ):
        pytest.skip("npm is missing, which fetches Pyodide; get it with: apt-get install npm")
    with serve(pyodide.distribution()) as python, serve(site, python) as book:
        yield book, python


@pytest.fixture
def reader(
    browser: Browser, addresses: tuple[str, str], request: pytest.FixtureRequest
) -> Iterator[Reader]:
    """Return a reader with an empty cache; parametrised indirectly by options of the context."""
    options = getattr(request, "param", {})
    context = browser.new_context(reduced_motion="reduce", **options)
    yield Reader(context, *addresses)
    context.close()


def show_folds(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def example(page: Page, code: str) -> Locator:
    """Return the first example whose code has this."""
    return page.locator(f".highlight[data-copy*='{code}']").first


def run(box: Locator, timeout: int = START) -> str:
    """Press Run, wait for the end, return how it ended."""
    box.locator(".run-go").click()
    return ended(box, timeout)


def ended(box: Locator, timeout: int = START) -> str:
    status = box.locator(".run-status:is(.run-good, .run-bad, .run-other)")
    status.wait_for(timeout=timeout)
    return status.inner_text()


def write(box: Locator, code: str) -> None:
    box.locator("textarea").fill(code)


def output(box: Locator) -> str:
    """Return what came out, without the code at the prompts."""
    return str(box.evaluate("""box => [...box.querySelectorAll('.run-output .go')]
        .map(part => part.textContent).join('')"""))  # fmt: skip


def test_the_distribution_is_verified(tmp_path: Path) -> None:
    source = pyodide.distribution()
    copy = Path(shutil.copytree(source, tmp_path / "pyodide"))
    pyodide.verify(copy)
    wheel = next(copy.glob("numpy-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(pyodide.Forged, match=r"numpy-.*SHA-256"):
        pyodide.verify(copy)


# ---- The same as on the page ---------------------------------------------------------------


def expected(block: Block) -> str:
    """Return what a block prints: read from the page's source, not through the code we test."""
    if block.language == "python":
        return ""
    wants = [part.want for part in DocTestParser().get_examples(block.source)]
    return "".join(wants).replace("<BLANKLINE>", "")


def test_every_block_is_the_same_as_on_the_page(reader: Reader) -> None:
    """Press Run on every block of every chapter, and on no other button."""
    ran, different = 0, set()
    for stem in CHAPTERS:
        text = (ROOT / f"docs/chapters/{stem}.md").read_text(encoding="utf-8")
        source = [block for _, _, block in blocks(text, stem) if not block.role]
        page = reader.open(f"chapters/{stem}/")
        show_folds(page)
        boxes = page.locator(".highlight[data-section]")
        boxes.evaluate_all("all => all.forEach(box => box.querySelector('.run-go').click())")
        page.wait_for_function("!document.querySelector('.run-stop')", timeout=10 * START)
        assert boxes.count() == len(source)
        for box, block in zip(boxes.all(), source, strict=True):
            says = ended(box)
            known = {key for key in DIFFERENT if key[0] == stem and key[1] in block.source}
            if block.language == "pycon" and output(box) != expected(block):
                assert known, f"{stem}.md:{block.line} gives\n{output(box)}"
                assert says.startswith("Differs from the page.")
                different |= known
            elif block.language == "pycon":
                assert says == "As on the page."
            else:
                drawn = box.locator("img.run-figure")
                assert says == ("Drawn." if "alt" in block.options else "Done.")
                assert drawn.count() == ("alt" in block.options)
                assert output(box) == ""
            ran += 1
        page.close()
    listed = {key for key in DIFFERENT if key[0] in CHAPTERS}
    assert different == listed, "a difference that is listed is gone"
    print(f"{ran} blocks, all but {len(different)} the same in the browser as on the page")


@pytest.mark.parametrize("path", ["", "summary/", "labs/edges/"])
def test_other_pages_run_too(reader: Reader, path: str) -> None:
    page = reader.open(path)
    boxes = page.locator(".highlight[data-section]")
    boxes.evaluate_all("all => all.forEach(box => box.querySelector('.run-go').click())")
    page.wait_for_function("!document.querySelector('.run-stop')", timeout=4 * START)
    assert boxes.count() >= 6
    for box in boxes.all():
        code = box.get_attribute("data-copy") or ""
        differs = any(key[0] == path and key[1] in code for key in DIFFERENT)
        same = ended(box) in ("As on the page.", "Drawn.", "Done.")
        assert same != differs, code


@pytest.mark.parametrize("stem", ["losses", "perceptron"])
def test_the_blocks_before_run_first_without_a_word(reader: Reader, stem: str) -> None:
    """Press Run on the last block of each section alone."""
    page = reader.open(f"chapters/{stem}/")
    show_folds(page)
    boxes = page.locator(".highlight[data-section]").all()
    last = {box.get_attribute("data-section"): box for box in boxes}
    assert len(last) > 5
    for box in last.values():
        says = run(box)
        if not any(line in (box.get_attribute("data-copy") or "") for _, line in DIFFERENT):
            assert says in ("As on the page.", "Drawn.", "Done.")
    assert page.locator(".run-result").count() == len(last)


def test_a_block_starts_anew_if_what_came_before_has_changed(reader: Reader) -> None:
    page = reader.open()
    first = example(page, "total += error**2 / 2")
    assert run(first) == "As on the page."
    write(first, "def mse_loss(*_): return 7\nhinge_loss = mae_loss = huber_loss = mse_loss\n1")
    assert run(first) == "Differs from the page."
    first.locator(".run-reset").click()
    assert run(first) == "As on the page."


@pytest.mark.parametrize(
    "change",
    [
        "import builtins\nbuiltins.abs = lambda x: 42",
        "import numpy as np\nnp.mean = np.array = sum",
        "import dlfund\ndlfund.mse_loss = dlfund.mae_loss = dlfund.huber_loss = sum",
        "import matplotlib.pyplot as plt\nplt.style.use('ggplot')\nplt.rcParams = plt.close = None",
    ],
)
def test_an_edit_does_not_change_the_page_beyond_its_section(reader: Reader, change: str) -> None:
    page = reader.open()
    first = example(page, "total += error**2 / 2")
    first.locator(".run-go").click()
    first.locator(".run-go").click()  # Stop: the edit is the first that a fresh Python runs
    write(first, f"{change}\n1")
    assert run(first) == "Differs from the page."
    assert run(example(page, "best(mse_loss)")) == "As on the page."
    drawing = page.locator(".highlight:has(+ figure)").first
    assert run(drawing) == "Drawn."
    before = drawing.locator("img.run-figure").get_attribute("src")
    write(first, f"{change}\n1")
    assert run(first) == "Differs from the page."
    first.locator(".run-reset").click()
    assert run(first) == "As on the page."
    assert run(drawing) == "Drawn."
    assert drawing.locator("img.run-figure").get_attribute("src") == before


# ---- The editor -----------------------------------------------------------------------------


def test_an_edited_block_runs_what_was_written(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, "2 + 2\nprint('two'); 'three'\nif 1:\n    5\nNone")
    assert run(box) == "Differs from the page."
    assert output(box) == "4\ntwo\n'three'\n5\n"
    shown = box.locator(".run-output").inner_text()
    assert ">>> 2 + 2\n4\n" in shown
    assert ">>> if 1:\n...     5\n5" in shown
    write(box, "import warnings\nwarnings.warn('careful')")
    for _ in range(2):
        run(box)
        assert "UserWarning: careful" in output(box), "said each time"
    layer = box.locator(".run-editor pre")
    assert layer.inner_text().rstrip("\n") == box.locator("textarea").input_value()


def test_an_error_shows_the_readers_lines_alone(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, "from dlfund import mse_loss\ndef f(x):\n    return mse_loss(x, [1, 2])\nf([1])")
    assert run(box) == "Ended with an error."
    error = box.locator(".run-error").inner_text()
    assert re.findall(r"line (\d+), in (\S+)", error) == [("4", "<module>"), ("3", "f")]
    assert "return mse_loss(x, [1, 2])" in error
    assert "ValueError: " in error
    assert "/book" not in error
    write(box, "x = = 1")
    assert run(box) == "Ended with an error."
    assert "SyntaxError" in box.locator(".run-error").inner_text()
    write(box, "raise KeyboardInterrupt")
    assert run(box) == "Ended with an error."


def test_the_keyboard_is_enough(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    box.locator(".run-go").focus()
    page.keyboard.press("Enter")
    assert ended(box) == "As on the page."
    page.keyboard.press("Shift+Tab")  # Reset
    page.keyboard.press("Shift+Tab")
    area = box.locator("textarea")
    expect(area).to_be_focused()
    assert area.get_attribute("aria-label")
    assert "Escape" in (area.get_attribute("aria-description") or "")
    page.keyboard.press("Control+a")
    page.keyboard.type("for i in range(2):\nprint(i)")  # Enter indents after a colon
    assert area.input_value() == "for i in range(2):\n    print(i)"
    page.keyboard.press("Tab")  # to the next column that four divides
    assert area.input_value() == "for i in range(2):\n    print(i)    "
    page.keyboard.press("Control+z")
    assert area.input_value() == "for i in range(2):\n    print(i)", "undo knows what we insert"
    page.keyboard.press("Control+Enter")
    page.wait_for_function("!document.querySelector('.run-stop')")
    assert output(box) == "0\n1\n"
    expect(area).to_be_focused()
    page.keyboard.press("Escape")
    expect(box.locator(".run-go")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(box.locator(".run-reset")).to_be_focused()
    page.keyboard.press("Enter")
    expect(area).to_have_count(0)
    expect(box.locator("pre").first).to_be_visible()
    expect(box.locator(".run-go")).to_be_focused()


def test_lines_move_together(reader: Reader) -> None:
    page = reader.open()
    box = page.locator("[data-exercise=huber]")
    area = box.locator("textarea")
    area.fill("a\nb\nc")
    area.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert area.input_value() == "    a\n    b\n    c"
    page.keyboard.press("Shift+Tab")
    assert area.input_value() == "a\nb\nc"


def test_a_screen_reader_is_told(reader: Reader) -> None:
    page = reader.open()
    voice = page.locator("[role=status][aria-live=polite]")
    expect(voice).to_have_count(1)
    box = example(page, "total += error**2 / 2")
    box.locator(".run-go").click()
    expect(voice).to_contain_text("Fetches Python and NumPy")
    ended(box)
    expect(voice).to_contain_text("As on the page.")
    expect(voice).to_contain_text("0.059")
    for button in box.locator("button:visible").all():
        assert button.inner_text().strip() or button.get_attribute("title")


# ---- What cannot go wrong --------------------------------------------------------------------


def test_stop_ends_an_endless_loop(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, "print('before')\nwhile True:\n    pass")
    box.locator(".run-go").click()
    expect(box.locator(".run-output")).to_contain_text("before")  # told while it runs
    pressed = time.monotonic()
    box.locator(".run-go").click()
    assert ended(box).startswith("Stopped.")
    assert time.monotonic() - pressed < 2
    box.locator(".run-reset").click()
    assert run(box) == "As on the page."


def test_the_time_limit_ends_an_endless_loop(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, "while True: pass")
    pressed = time.monotonic()
    assert run(box) == "Stopped after 10 seconds. The next run starts a fresh Python."
    assert 9 < time.monotonic() - pressed < 12
    write(box, "1 + 1")
    run(box)
    assert output(box) == "2\n"


def test_a_flood_of_output_is_cut(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, "for i in range(300_000): print(i, 'flood')\nprint('after')")
    run(box)
    shown = output(box)
    assert 100_000 <= len(shown) < 100_200
    assert shown.endswith("... cut here: a run shows at most 100 kB of output\n")
    write(box, "'x' * 10**7")
    run(box)
    assert 100_000 <= len(output(box)) < 100_200


def test_a_flood_of_points_is_refused(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    code = "import matplotlib.pyplot as plt\nplt.plot([i % 7 for i in range(30_000)], 'o'{})"
    write(box, code.format(""))
    assert run(box) == "Ended with an error."
    assert "kB as SVG; a run shows at most 1,000 kB" in box.locator(".run-error").inner_text()
    write(box, code.format(", rasterized=True"))
    assert run(box) == "Drawn."
    write(box, "plt.figure().suptitle(r'$\\nonsense$')")
    assert run(box) == "Ended with an error."
    assert "Unknown symbol" in box.locator(".run-error").inner_text()


def test_without_its_download_the_page_stays_whole(reader: Reader) -> None:
    page = reader.open()
    text = page.locator("article").inner_text()
    reader.context.route(f"{reader.python}**", lambda route: route.abort())
    box = example(page, "total += error**2 / 2")
    assert "could not be fetched from 127.0.0.1" in run(box)
    box.locator(".run-reset").click()
    assert page.locator("article").inner_text() == text
    reader.context.unroute_all()
    assert run(box) == "As on the page."


@pytest.mark.parametrize("file", ["pyodide.asm.wasm", "numpy-2.0.2"])
def test_half_a_download_is_no_download(reader: Reader, file: str) -> None:
    page = reader.open()
    reader.context.route(re.compile(file), lambda route: route.fulfill(status=503))
    box = example(page, "total += error**2 / 2")
    assert "could not be fetched" in run(box)
    reader.context.unroute_all()
    assert run(box) == "As on the page."


def kept(page: Page) -> int:
    """Wait until good bytecode is kept; return its size."""
    for _ in range(START // 100):
        size = page.evaluate("""async () => {
            const shelf = await caches.open('bytecode');
            const found = (await shelf.matchAll()).filter(entry => !entry.headers.has('spoiled'));
            return found.length && (await found[0].blob()).size }""")
        if size:
            return int(size)
        page.wait_for_timeout(100)
    raise TimeoutError


@pytest.mark.parametrize("spoil", ["bytes.fill(32)", "bytes[bytes.length >> 1] ^= 255"])
def test_bytecode_that_is_spoiled_is_dropped(reader: Reader, spoil: str) -> None:
    page = reader.open()
    box = example(page, "best(mse_loss)")
    assert run(box) == "As on the page."
    kept(page)
    spoilt = """async () => {
        const shelf = await caches.open('bytecode');
        const [request] = await shelf.keys();
        const bytes = new Uint8Array(await (await shelf.match(request)).arrayBuffer());
        SPOIL;
        await shelf.put(request, new Response(bytes, { headers: { spoiled: 'yes' } })) }"""
    page.evaluate(spoilt.replace("SPOIL", spoil))
    page.reload()
    assert run(box) == "As on the page."
    kept(page)
    page.reload()
    assert run(box) == "As on the page."


def test_bytecode_is_kept_whatever_runs_first(reader: Reader) -> None:
    page = reader.open()
    assert run(example(page, "total += error**2 / 2")) == "As on the page."  # without NumPy
    page.wait_for_timeout(4000)
    assert run(example(page, "best(mse_loss)")) == "As on the page."
    assert kept(page) > 100_000


def test_nothing_is_fetched_before_the_first_press(reader: Reader) -> None:
    requests: list[str] = []
    reader.context.on("request", lambda request: requests.append(request.url))
    page = reader.open()
    show_folds(page)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.locator("[data-exercise=huber] textarea").fill("def huber(e): return 0")
    page.goto(f"{reader.book}chapters/pooling/")
    page.goto(f"{reader.book}chapters/losses/")
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if not url.startswith((reader.book, "data:"))] == []
    assert [url for url in requests if "worker.js" in url or "book.zip" in url] == []
    box = example(page, "total += error**2 / 2")
    box.locator(".run-go").click()
    host = reader.python.removeprefix("http://").rstrip("/")
    says = f"Fetches Python and NumPy from {host}, once: at most 17 MB"
    expect(box.locator(".run-status")).to_contain_text(says)
    expect(box.locator("progress")).to_be_visible()
    ended(box)
    # A page no longer says what is known to be there.
    page.reload()
    box.locator(".run-go").click()
    expect(box.locator(".run-status")).to_contain_text("Starts Python and NumPy")
    ended(box)


def test_a_package_is_not_fetched_without_a_word(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    box.locator(".run-go").click()
    ended(box)
    waiting: list[Route] = []
    reader.context.route(re.compile(r"/pytz-"), lambda route: waiting.append(route))
    write(box, "import pytz\npytz.utc")
    box.locator(".run-go").click()
    host = reader.python.removeprefix("http://").rstrip("/")
    says = f"Fetches pytz from {host}, once: packages that your browser keeps."
    expect(box.locator(".run-status")).to_contain_text(says)
    expect(box.locator("progress")).to_be_visible()
    expect(page.locator(".run-voice")).to_contain_text("Fetches pytz")
    box.locator(".run-go").click()
    assert ended(box).startswith("Stopped.")
    waiting.pop().abort()
    box.locator(".run-go").click()  # what was stopped has not been fetched
    expect(box.locator(".run-status")).to_contain_text(says, timeout=START)
    waiting.pop().continue_()
    ended(box)
    assert output(box) == "<UTC>\n"
    assert waiting == []
    # What was known to be there before is still known, and the package too.
    page.reload()
    box.locator(".run-go").click()
    expect(box.locator(".run-status")).to_contain_text("Starts Python and NumPy")
    ended(box)
    write(box, "import pytz")
    reader.context.unroute_all()
    reader.context.route(re.compile(r"/pytz-"), lambda route: route.abort())
    assert run(box).startswith(f"pytz could not be fetched from {host}.")


def test_the_sizes_that_a_press_names_are_right(site: Path) -> None:
    script = (site / "assets/javascripts/run.js").read_text(encoding="utf-8")
    named = [int(size) * 1e6 for size in re.findall(r"megabytes: (\d+)", script)]
    sizes = {path.name: path.stat().st_size for path in pyodide.distribution().iterdir()}
    first = sum(size for name, size in sizes.items() if name in pyodide.CORE or "numpy" in name)
    second = sum(sizes.values()) - first
    for size, actual in zip(named, (first, second, first + second), strict=True):
        assert 0.9 * size < actual <= size


def test_our_javascript_is_small(site: Path) -> None:
    page = (site / "chapters/losses/index.html").read_text(encoding="utf-8")
    own = [name for name in re.findall(r'<script[^>]* src="([^"]+)"', page) if "bundle" not in name]
    assert [Path(name).name for name in own] == ["run.js"]
    size = len(gzip.compress((site / "assets/javascripts/run.js").read_bytes()))
    assert size < 15_000
    assert CDN in page


def test_code_never_comes_from_the_address(reader: Reader) -> None:
    plain, baited = reader.open(), reader.open("chapters/losses/?code=1/0&run=1#code=1/0")
    get = "all => all.map(box => [box.dataset.copy, box.querySelector('textarea')?.value])"
    assert baited.locator(".highlight").evaluate_all(get) == (
        plain.locator(".highlight").evaluate_all(get)
    )
    assert baited.locator(".run-result").count() == 0


# ---- Exercises -------------------------------------------------------------------------------


@pytest.mark.parametrize("stem", CHAPTERS)
def test_exercises_check_an_answer(reader: Reader, stem: str) -> None:
    page = reader.open(f"chapters/{stem}/")
    show_folds(page)
    boxes = page.locator("[data-exercise]").all()
    assert len(boxes) >= 4
    for box in boxes:
        name = box.get_attribute("data-exercise")
        assert not re.fullmatch(r"All \d+ cases? passe?s?\.", run(box))
        assert box.locator(".run-cases .run-bad").count() > 0
        solution = page.locator(f"[data-solution={name}]").get_attribute("data-copy") or ""
        write(box, solution)
        assert run(box).startswith("All ")
        assert box.locator(".run-cases .run-bad").count() == 0
        assert run(page.locator(f"[data-check={name}]")).startswith("All ")


def test_a_failing_case_says_what_was_wanted_and_hints(reader: Reader) -> None:
    page = reader.open()
    box = page.locator("[data-exercise=huber]")
    assert run(box) == "2 of 4 cases pass."
    first = box.locator(".run-cases .run-bad").first
    assert first.inner_text().startswith("fails huber(3.0), huber(-3.0) should give (2.5, 2.5)")
    assert "gives (4.5, 4.5)" in first.inner_text()
    assert "Hint: outside" in first.inner_text()
    expect(page.locator(".run-voice")).to_contain_text("Hint: outside")
    expect(page.locator("[data-check=huber]")).to_be_hidden()
    write(box, "def huber(error, delta=1.0:\n")
    assert "error before it can be checked" in run(box)
    assert "SyntaxError" in box.locator(".run-error").inner_text()


def test_an_answer_is_kept(reader: Reader) -> None:
    page = reader.open()
    box = page.locator("[data-exercise=huber]")
    write(box, "mine = 1")
    page.reload()
    assert box.locator("textarea").input_value() == "mine = 1"
    other = reader.open("chapters/pooling/")
    assert "mine" not in other.locator("[data-exercise] textarea").first.input_value()
    box.locator(".run-reset").click()
    page.reload()
    assert "return error**2 / 2" in box.locator("textarea").input_value()


# ---- Wherever the reader goes ---------------------------------------------------------------


def test_instant_navigation_back_and_forward(reader: Reader) -> None:
    page = reader.open("chapters/pooling/")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate("window.sameDocument = true")
    run(page.locator(".highlight[data-section]").first)
    page.locator("nav.md-footer__inner a.md-footer__link--next").click()
    page.wait_for_url("**/chapters/losses/")
    box = example(page, "total += error**2 / 2")
    assert run(box) == "As on the page."
    ours = [worker for worker in page.workers if worker.url.endswith("javascripts/worker.js")]
    assert len(ours) == 1, "the same Python goes on"
    page.go_back()
    page.wait_for_url("**/chapters/pooling/")
    pooling = page.locator(".highlight[data-copy*=avg_pool_2d]").first
    assert run(pooling) in ("As on the page.", "Drawn.", "Done.")
    page.go_forward()
    page.wait_for_url("**/chapters/losses/")
    expect(box.locator(".run-go")).to_have_count(1)
    assert run(box) == "As on the page."
    assert page.evaluate("window.sameDocument")
    assert page.locator(".run-voice").count() == 1
    assert errors == []


def test_leaving_the_page_ends_what_runs(reader: Reader) -> None:
    page = reader.open("chapters/pooling/")
    box = page.locator(".highlight.language-pycon").first
    run(box)
    write(box, "while True: pass")
    box.locator(".run-go").click()
    page.locator("nav.md-footer__inner a.md-footer__link--next").click()
    page.wait_for_url("**/chapters/losses/")
    assert run(example(page, "total += error**2 / 2")) == "As on the page."


def test_two_tabs_do_not_disturb_each_other(reader: Reader) -> None:
    tabs = [reader.open(), reader.open()]
    boxes = [example(tab, "total += error**2 / 2") for tab in tabs]
    for box in boxes:
        box.locator(".run-go").click()
    assert [ended(box) for box in boxes] == ["As on the page."] * 2
    write(boxes[0], "while True: pass")
    boxes[0].locator(".run-go").click()
    assert run(boxes[1], timeout=8000) == "As on the page."
    boxes[0].locator(".run-go").click()
    assert ended(boxes[0]).startswith("Stopped.")


@pytest.mark.parametrize(
    "reader", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True
)
def test_it_fits_a_phone(reader: Reader) -> None:
    page = reader.open()
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, f"'{'long ' * 60}'\n1 / 0  # {'long ' * 30}")
    run(box)
    run(page.locator("[data-exercise=huber]"))
    run(page.locator(".highlight:has(+ figure)").first)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for button in page.locator(".run-tools button:visible").all():
        place = button.bounding_box()
        assert place is not None
        assert place["width"] >= 24
        assert place["height"] >= 24
        assert place["x"] + place["width"] <= 390


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_the_page_reads_as_before(reader: Reader) -> None:
    page = reader.open()
    assert page.locator(".run-tools, textarea:visible").count() == 0
    assert page.get_by_text("def huber(error, delta=1.0):").first.is_visible()
    assert page.get_by_text("How it is checked").first.is_visible()


@pytest.mark.parametrize("reader", [{"color_scheme": "dark"}], indirect=True)
def test_a_figure_follows_the_scheme(reader: Reader) -> None:
    page = reader.open()
    box = page.locator(".highlight:has(+ figure)").first
    assert run(box) == "Drawn."
    figure = box.locator("img.run-figure")
    assert figure.evaluate("image => getComputedStyle(image).colorScheme") == "dark"
    assert "prefers-color-scheme:dark" in (figure.get_attribute("src") or "").replace("%3A", ":")
    assert figure.get_attribute("alt") == (
        page.locator(".highlight:has(+ figure) + figure img").first.get_attribute("alt")
    )
    assert figure.evaluate("image => image.naturalWidth") > 100


def test_the_page_never_freezes(reader: Reader) -> None:
    """Python starts, draws, floods and fails; the page's own thread does no task of 100 ms."""
    page = reader.open()
    show_folds(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("""() => { window.longest = 0;
        new PerformanceObserver(list => list.getEntries().forEach(
            task => { window.longest = Math.max(window.longest, task.duration) })
        ).observe({ type: 'longtask' }) }""")
    run(page.locator(".highlight:has(+ figure)").first)
    box = example(page, "total += error**2 / 2")
    run(box)
    write(box, "for i in range(100_000): print(i)")
    run(box)
    write(box, "raise ValueError('x' * 10**7)")
    run(box)
    exercise = page.locator("[data-exercise=huber]")
    write(exercise, "def huber(*_): return 'x' * 10**7")
    run(exercise)
    longest = page.evaluate("window.longest")
    print(f"the longest task of the page's thread took {longest} ms")
    assert longest < 100
