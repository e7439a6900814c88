"""Examples run in the page, in a real browser with the real Python."""

import gzip
import re
import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect

from tests.browser import pyodide
from tests.browser.hands import (
    DRAWS,
    SESSION,
    START,
    Reader,
    click_into,
    code,
    drawing,
    ended,
    exercise,
    has_focus,
    original,
    output,
    paste_over,
    press,
    reset,
    run,
    session,
    type_over,
    unfold,
)  # fmt: skip
from tests.browser.serving import CDN

pytestmark = pytest.mark.browser

LOOP = "while True: pass"


def test_the_distribution_is_verified(tmp_path: Path) -> None:
    source = pyodide.distribution()
    copy = Path(shutil.copytree(source, tmp_path / "pyodide"))
    pyodide.verify(copy)
    wheel = next(copy.glob("numpy-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(pyodide.Forged, match=r"numpy-.*SHA-256"):
        pyodide.verify(copy)


# ---- The same as on the page -----------------------------------------------------------------


def mates(page: Page) -> list[Locator]:
    """Return the sessions of the first section that has two."""
    sections: dict[str, list[Locator]] = {}
    for box in page.locator(SESSION).all():
        found = sections.setdefault(box.get_attribute("data-section") or "", [])
        found.append(box)
        if len(found) == 2:
            return found
    raise LookupError("no section has two sessions")


@pytest.mark.every
def test_a_block_starts_anew_if_what_came_before_has_changed(page: Page) -> None:
    first, second = mates(page)
    assert run(first) == run(second) == "As on the page."
    paste_over(first, "def print(*_): return 7\n\nround = sum = max = len = abs = print\n1")
    assert run(first) == "Differs from the page."
    reset(first)
    assert run(first) == "As on the page."
    assert run(second) == "As on the page."


@pytest.mark.parametrize(
    "change",
    [
        "import builtins\nbuiltins.abs = builtins.round = lambda x: 42",
        "import numpy as np\nnp.mean = np.array = np.sum = sum",
        pytest.param(
            "import dlfund\nfor name in dlfund.__all__: setattr(dlfund, name, sum)",
            marks=pytest.mark.every,
        ),
        "import matplotlib.pyplot as plt\nplt.style.use('ggplot')\nplt.rcParams = plt.close = None",
    ],
)
@pytest.mark.every
def test_an_edit_does_not_change_the_page_beyond_its_section(page: Page, change: str) -> None:
    first, draws = session(page), drawing(page)
    press(first)
    press(first)  # Stop: the edit is the first that a fresh Python runs
    paste_over(first, f"{change}\n1")
    assert run(first) == "Differs from the page."
    section = first.get_attribute("data-section")
    others = page.locator(f"{SESSION}:not([data-section='{section}'])")
    assert run(others.first) == "As on the page."
    assert run(draws) == "Drawn."
    before = draws.locator("img.run-figure").get_attribute("src")
    click_into(first)
    assert run(first) == "Differs from the page."
    reset(first)
    assert run(first) == "As on the page."
    assert run(draws) == "Drawn."
    assert draws.locator("img.run-figure").get_attribute("src") == before


def test_an_error_shows_the_readers_lines_alone(page: Page) -> None:
    box = session(page)
    run(box)
    paste_over(
        box, "from dlfund import mse_loss\ndef f(x):\n    return mse_loss(x, [1, 2])\nf([1])"
    )
    assert run(box) == "Ended with an error."
    error = box.locator(".run-error").inner_text()
    assert re.findall(r"line (\d+), in (\S+)", error) == [("4", "<module>"), ("3", "f")]
    assert "return mse_loss(x, [1, 2])" in error
    assert "ValueError: " in error
    assert "/book" not in error
    paste_over(box, "x = = 1")
    assert run(box) == "Ended with an error."
    assert "SyntaxError" in box.locator(".run-error").inner_text()
    paste_over(box, "raise KeyboardInterrupt")
    assert run(box) == "Ended with an error."


# ---- What cannot go wrong --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('print("a", end="")\n1 + 1', '>>> print("a", end="")\na\n>>> 1 + 1\n2'),
        ("import sys\nprint('odd', file=sys.stderr)", "odd"),
        ("print('\\x1b[31mred\\x1b[0m')\nprint('1 %\\r2 %')", "2 %"),
        ("name = input('Name? ')", "an example cannot ask"),
        ("exit()", "SystemExit"),
        ("import asyncio\nawait asyncio.sleep(0)", "asyncio.run(...) waits for a function"),
        ("import asyncio\nasync def main():\n    return 3\n\nasyncio.run(main())", "3"),
        ("import pickle\nclass A: pass\n\npickle.loads(pickle.dumps(A)) is A", "True"),
        ("import warnings\nwarnings.warn('mind the gap')", "mind the gap"),
        ("import matplotlib.pyplot as plt\nplt.show()\n5", "5"),
    ],
)
def test_what_a_reader_may_try(page: Page, written: str, seen: str) -> None:
    box = session(page)
    run(box)
    paste_over(box, written)
    run(box)
    shown = box.locator(".run-output").inner_text().rstrip()
    assert shown.endswith(seen) or seen in shown.splitlines()[-1], shown


@pytest.mark.every
def test_stop_ends_an_endless_loop(page: Page) -> None:
    box = session(page)
    run(box)
    type_over(box, "print('before')\nwhile True:\npass")
    press(box)
    expect(box.locator(".run-output")).to_contain_text("before")  # told while it runs
    pressed = time.monotonic()
    press(box)
    assert ended(box).startswith("Stopped.")
    assert time.monotonic() - pressed < 2
    reset(box)
    assert run(box) == "As on the page."


@pytest.mark.every
def test_the_time_limit_ends_an_endless_loop(page: Page) -> None:
    box = session(page)
    run(box)
    paste_over(box, LOOP)
    pressed = time.monotonic()
    assert run(box) == "Stopped after 30 seconds. The next run starts a fresh Python."
    assert 29 < time.monotonic() - pressed < 35
    paste_over(box, "1 + 1")
    run(box)
    assert output(box) == "2\n"


# ---- A cell of a lab --------------------------------------------------------------------------


@pytest.fixture
def cells(reader: Reader) -> list[Locator]:
    """Return the cells of a lab, of which the third says a limit of 13 seconds; others have 10."""

    def say(route: Route) -> None:
        html = route.fetch().text().replace('data-limit="30"', 'data-limit="10"')
        place = [match.end() for match in re.finditer(r'data-section="0"', html)][2]
        route.fulfill(
            body=f'{html[:place]} data-limit="13"{html[place:]}', content_type="text/html"
        )

    reader.context.route(re.compile(r"/labs/edges/$"), say)
    return reader.go("labs/edges/").locator(".highlight[data-section]").all()


def status(box: Locator) -> Locator:
    return box.locator(".run-status")


@pytest.mark.every
def test_a_long_cell_shows_what_it_does(cells: list[Locator]) -> None:
    first, second, third = cells[:3]
    assert run(first) == "As on the page."
    slow = "import time\nfor epoch in range({}):\n    time.sleep(0.4)\n    print('epoch', epoch)"
    run(second)
    run(third)
    paste_over(second, slow.format(4))
    reset(third)  # all before it is to run again
    press(third)
    expect(status(third)).to_have_text("Runs what stands before, 2 of 2 …", timeout=START)
    ended(third)
    paste_over(third, slow.format(9999))
    press(third)
    expect(status(third)).to_have_text("Runs, for at most 13 seconds …")
    shown = third.locator(".run-output")
    for epoch in range(3):  # one after the other, while it runs
        expect(shown).to_contain_text(f"epoch {epoch}\n")
        expect(shown).not_to_contain_text(f"epoch {epoch + 3}\n", timeout=1)
    press(third)
    assert ended(third).startswith("Stopped. ")


@pytest.mark.every
def test_each_cell_has_its_own_time(cells: list[Locator]) -> None:
    second, third = cells[1:3]
    run(third)
    wait = "import time\nstart = time.time()\nwhile time.time() < start + {}: pass"
    paste_over(third, wait.format(11))  # more than the others may
    assert run(third) in ("Done.", "Drawn.", "Differs from the page.")
    run(second)
    paste_over(second, wait.format(8))
    reset(third)
    press(third)
    press(third)
    ended(third)
    paste_over(third, LOOP)
    pressed = time.monotonic()
    assert run(third) == "Stopped after 13 seconds. The next run starts a fresh Python."
    assert time.monotonic() - pressed > 8 + 13
    paste_over(second, LOOP)
    assert run(third) == "Stopped after 10 seconds. The next run starts a fresh Python."


@pytest.mark.every
def test_a_flood_of_output_is_cut(page: Page) -> None:
    box = session(page)
    run(box)
    paste_over(box, "for i in range(300_000): print(i, 'flood')\nprint('after')")
    run(box)
    shown = output(box)
    assert 100_000 <= len(shown) < 100_200
    assert shown.endswith("... cut here: a run shows at most 100 kB of output\n")
    paste_over(box, "'x' * 10**7")
    run(box)
    assert 100_000 <= len(output(box)) < 100_200


@pytest.mark.every
def test_a_flood_of_points_is_refused(page: Page) -> None:
    box = session(page)
    run(box)
    points = "import matplotlib.pyplot as plt\nplt.plot([i % 7 for i in range(30_000)], 'o'{})"
    paste_over(box, points.format(""))
    assert run(box) == "Ended with an error."
    assert "kB as SVG; a run shows at most 1,000 kB" in box.locator(".run-error").inner_text()
    paste_over(box, points.format(", rasterized=True"))
    assert run(box) == "Drawn."
    paste_over(box, "plt.figure().suptitle(r'$\\nonsense$')")
    assert run(box) == "Ended with an error."
    assert "Unknown symbol" in box.locator(".run-error").inner_text()


@pytest.mark.every
def test_without_its_download_the_page_stays_whole(reader: Reader) -> None:
    page = reader.open()
    unfold(page)
    text = page.locator("article").inner_text()
    reader.context.route(f"{reader.book.python}**", lambda route: route.abort())
    box = session(page)
    shown = box.locator("> pre")
    assert "could not be fetched from 127.0.0.1" in run(box)
    expect(shown).to_be_visible()  # with what the page has computed
    expect(box.locator("textarea")).to_have_count(0)
    has_focus(box.locator(".run-go"))
    reset(box)
    assert page.locator("article").inner_text() == text
    reader.context.unroute_all()
    assert run(box) == "As on the page."


@pytest.mark.every
@pytest.mark.parametrize(
    "file", ["pyodide.asm.wasm", pytest.param("numpy-2.0.2", marks=pytest.mark.every)]
)
def test_half_a_download_is_no_download(reader: Reader, file: str) -> None:
    page = reader.open()
    reader.context.route(re.compile(file), lambda route: route.fulfill(status=503))
    box = session(page)
    assert "could not be fetched" in run(box)
    reader.context.unroute_all()
    assert run(box) == "As on the page."


@pytest.mark.every
def test_without_its_modules_the_page_says_so(reader: Reader) -> None:
    reader.context.route(re.compile(r"/(example|exercise)\.js"), lambda route: route.abort())
    page = reader.open()
    for box in (session(page), exercise(page)):
        press(box)
        expect(box.locator(".run-status")).to_contain_text("could not be fetched")
        press(box)
        expect(box.locator(".run-status")).to_have_count(1)
    reader.context.unroute_all()
    page.reload()
    assert run(session(page)) == "As on the page."


def kept(page: Page) -> int:
    """Wait until good bytecode is kept; return its size."""
    size = page.evaluate("""async () => {
        const shelf = await caches.open('bytecode');
        for (;;) {
            const all = await shelf.matchAll();
            const found = all.find(entry => !entry.headers.has('spoiled'));
            if (found) return (await found.blob()).size;
            await new Promise(soon => setTimeout(soon, 100)) } }""")
    return int(size)


# The browser's cache is spoiled, which no reader can reach by hand; `fill` is that of an array.
@pytest.mark.every
@pytest.mark.parametrize("spoil", ["bytes[bytes.length >> 1] ^= 255", "bytes.fill(32)"])
def test_bytecode_that_is_spoiled_is_dropped(reader: Reader, spoil: str) -> None:
    page = reader.open()
    box = session(page)
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


@pytest.mark.every
def test_bytecode_is_kept_whatever_runs_first(reader: Reader) -> None:
    page = reader.open()
    box = exercise(page)
    paste_over(box, "1")
    run(box)  # without NumPy
    page.wait_for_timeout(4000)
    paste_over(box, "import numpy")
    run(box)
    assert kept(page) > 100_000


@pytest.mark.every
def test_nothing_is_fetched_before_the_first_press(reader: Reader) -> None:
    requests: list[str] = []
    reader.context.on("request", lambda request: requests.append(request.url))
    page = reader.open()
    unfold(page)
    type_over(exercise(page), "def mine(e): return 0")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.locator("a.md-footer__link--next").click()
    page.go_back()
    page.reload()
    page.wait_for_load_state("networkidle")
    ours = (reader.book.address, "data:")
    assert [url for url in requests if not url.startswith(ours)] == []
    assert [url for url in requests if "worker.js" in url or "book.zip" in url] == []
    box = session(page)
    press(box)
    host = reader.book.python.removeprefix("http://").rstrip("/")
    says = f"Fetches Python and NumPy from {host}, once: at most 17 MB"
    expect(box.locator(".run-status")).to_contain_text(says)
    expect(box.locator("progress")).to_be_visible()
    voice = page.locator("[role=status][aria-live=polite]")
    expect(voice).to_contain_text("Fetches Python and NumPy")
    ended(box)
    expect(voice).to_contain_text("As on the page.")
    expect(voice).to_contain_text(output(box).split("\n")[0])
    for button in box.locator("button:visible").all():
        assert button.inner_text().strip() or button.get_attribute("title")
    # A page no longer says what is known to be there.
    page.reload()
    press(box)
    expect(box.locator(".run-status")).to_contain_text("Starts Python and NumPy")
    ended(box)


def test_what_a_lesson_needs_before_a_press_is_little(reader: Reader) -> None:
    """What comes with a page is small; what runs an example comes when it is asked for."""
    loaded: list[str] = []
    reader.context.on("request", lambda request: loaded.append(request.url))
    page = reader.go("")
    page.wait_for_load_state("networkidle")
    own = re.compile(r"/([0-9a-f]{8})/(\w+\.js)$")
    assert {match[2] for url in loaded if (match := own.search(url))} == {
        "head.js",
        "main.js",
        "dom.js",
        "reach.js",
        "search.js",
    }
    press(session(page))
    expect(session(page).locator(".run-status")).to_be_visible()
    matches = [match for url in loaded if (match := own.search(url))]
    assert {match[2] for match in matches} > {"example.js", "editor.js", "runtime.js"}
    assert "exercise.js" not in {match[2] for match in matches}
    assert len({match[1] for match in matches}) == 1, "all of one edition"


def test_our_javascript_is_small(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    own = [name for name in re.findall(r'<script[^>]* src="([^"]+)"', page) if "bundle" not in name]
    assert [Path(name).name for name in own] == ["head.js", "main.js"]
    folder = (site / own[0]).parent
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in folder.iterdir()}
    assert sizes["main.js"] + sizes["dom.js"] < 2_000
    assert sizes["head.js"] + sizes["main.js"] + sizes["dom.js"] < 2_500
    assert CDN in page


def test_a_page_with_everything_loads_little(reader: Reader) -> None:
    loaded: dict[str, int] = {}
    scripts = re.compile(r"/assets/javascripts/[0-9a-f]{8}/([\w-]+\.js)$")

    def count(response: Response) -> None:
        if match := scripts.search(response.url):
            loaded[match[1]] = len(gzip.compress(response.body()))

    reader.context.on("response", count)
    page = reader.open(".ask", ".frames-tools", "[data-exercise]")
    page.wait_for_load_state("networkidle")
    assert loaded.keys() >= {"main.js", "predict.js", "frames.js", "marks.js", "exercise.js"}
    assert loaded.pop("search.js", 0) < 4_000  # in place of the theme's worker, four times its size
    assert sum(loaded.values()) < 15_000, loaded


@pytest.mark.every
def test_a_package_is_not_fetched_without_a_word(reader: Reader) -> None:
    page = reader.open()
    box = session(page)
    run(box)
    waiting: list[Route] = []
    reader.context.route(re.compile(r"/pytz-"), lambda route: waiting.append(route))
    paste_over(box, "import pytz\npytz.utc")
    press(box)
    host = reader.book.python.removeprefix("http://").rstrip("/")
    says = f"Fetches pytz from {host}, once: packages that your browser keeps."
    expect(box.locator(".run-status")).to_contain_text(says)
    expect(box.locator("progress")).to_be_visible()
    expect(page.locator(".run-voice")).to_contain_text("Fetches pytz")
    press(box)
    assert ended(box).startswith("Stopped.")
    waiting.pop().abort()
    press(box)  # what was stopped has not been fetched
    expect(box.locator(".run-status")).to_contain_text(says, timeout=START)
    waiting.pop().continue_()
    ended(box)
    assert output(box) == "<UTC>\n"
    assert waiting == []
    # What was known to be there before is still known, and the package too.
    page.reload()
    press(box)
    expect(box.locator(".run-status")).to_contain_text("Starts Python and NumPy")
    ended(box)
    paste_over(box, "import pytz")
    reader.context.unroute_all()
    reader.context.route(re.compile(r"/pytz-"), lambda route: route.abort())
    assert run(box).startswith(f"pytz could not be fetched from {host}.")
    expect(box.locator("> pre")).to_be_visible()  # and so is what was written:
    assert "pytz" in code(box)


def test_the_sizes_that_a_press_names_are_right(site: Path) -> None:
    (script,) = site.glob("assets/javascripts/*/example.js")
    named = [int(size) * 1e6 for size in re.findall(r"megabytes: (\d+)", script.read_text("utf-8"))]
    folder = pyodide.distribution()
    numpy, drawing = (
        set(pyodide.wheels(folder / "pyodide-lock.json", (name,)))
        for name in ("numpy", "matplotlib")
    )
    first = sum((folder / name).stat().st_size for name in pyodide.CORE.keys() | numpy)
    second = sum((folder / name).stat().st_size for name in drawing - numpy)
    for size, actual in zip(named, (first, second, first + second), strict=True):
        assert 0.9 * size < actual <= size


def test_code_never_comes_from_the_address(reader: Reader) -> None:
    plain = reader.open()
    path = plain.url.removeprefix(reader.book.address)
    baited = reader.go(f"{path}?code=1/0&run=1#code=1/0")
    get = "all => all.map(box => [box.dataset.copy, box.querySelector('textarea')?.value])"
    for tab in (plain, baited):
        tab.locator("textarea").first.wait_for()
    assert baited.locator(".highlight").evaluate_all(get) == (
        plain.locator(".highlight").evaluate_all(get)
    )
    assert baited.locator(".run-result").count() == 0


# ---- Exercises -------------------------------------------------------------------------------


@pytest.mark.every
def test_a_failing_case_says_what_was_wanted_and_hints(reader: Reader) -> None:
    page = reader.open("[data-exercise=huber]")
    box = exercise(page, "huber")
    assert run(box) == "2 of 4 cases pass."
    first = box.locator(".run-cases .run-bad").first
    assert first.inner_text().startswith("fails huber(3.0), huber(-3.0) should give (2.5, 2.5)")
    assert "gives (4.5, 4.5)" in first.inner_text()
    assert "Hint: outside" in first.inner_text()
    expect(page.locator(".run-voice")).to_contain_text("Hint: outside")
    expect(page.locator("[data-check=huber]")).to_be_hidden()
    paste_over(box, "def huber(error, delta=1.0:\n")
    assert "error before it can be checked" in run(box)
    assert "SyntaxError" in box.locator(".run-error").inner_text()


@pytest.mark.every
def test_an_answer_is_kept(reader: Reader) -> None:
    page = reader.open()
    first, second = page.locator("[data-exercise]").all()[:2]
    type_over(first, "mine = 1")
    page.reload()
    expect(first.locator("textarea")).to_have_value("mine = 1")
    assert "mine" not in code(second)
    reset(first)
    page.reload()
    expect(first.locator("textarea")).to_have_value(original(first))


def test_an_answer_hangs_on_its_chapter_and_name(reader: Reader) -> None:
    """So a lesson can be cut or moved, and an answer of the first edition is found again."""
    page = reader.open()
    path = page.url.removeprefix(reader.book.address)
    type_over(exercise(page), "mine = 1")
    name = exercise(page).get_attribute("data-exercise")
    stored = page.evaluate("({ ...localStorage })")
    assert stored[f"/{path.rsplit('/', 2)[0]}/#{name}"] == "mine = 1"


BROKEN = [
    "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })",
    "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
    "Object.defineProperty(window, 'localStorage', { value: null })",
]


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN[0],
        pytest.param(BROKEN[1], marks=pytest.mark.every),
        pytest.param(BROKEN[2], marks=pytest.mark.every),
    ],
    ids=["forbidden", "full", "missing"],
)
@pytest.mark.every
def test_without_a_memory_all_else_works(regular: Reader, broken: str) -> None:
    page = regular.context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(broken)
    page.goto(regular.book.address + regular.book.find("[data-exercise]"))
    box = exercise(page)
    type_over(box, "1 / 0")
    assert "error before it can be checked" in run(box)
    reset(box)
    assert code(box) == original(box)
    # Where there is no store, the theme's own script says so; where it is full, nothing does.
    assert errors == [] or broken is not BROKEN[1]
    page.close()


# ---- Wherever the reader goes ----------------------------------------------------------------


def follow(page: Page, which: str = "next") -> None:
    """Press the footer's link and wait for the page it leads to."""
    link = page.locator(f"a.md-footer__link--{which}")
    name = link.inner_text().split(maxsplit=1)[1]
    link.click()
    expect(page.locator("article h1")).to_contain_text(name.split()[0])
    page.locator(".run-go").first.wait_for()


@pytest.mark.every
def test_instant_navigation_back_and_forward(regular: Reader) -> None:
    page = regular.open()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate("window.sameDocument = true")
    heading = page.locator("article h1")
    first = heading.inner_text()
    run(session(page))
    follow(page)
    second = heading.inner_text()
    assert first != second
    assert run(session(page)) == "As on the page."
    ours = [worker for worker in page.workers if worker.url.endswith("/worker.js")]
    assert len(ours) == 1, "the same Python goes on"
    page.go_back()
    expect(heading).to_have_text(first)
    assert run(session(page)) == "As on the page."
    page.go_forward()
    expect(heading).to_have_text(second)
    expect(session(page).locator(".run-go")).to_have_count(1)
    assert run(session(page)) == "As on the page."
    assert page.evaluate("window.sameDocument")
    assert page.locator(".run-voice[role=status]").count() == 1
    assert errors == []
    page.close()


@pytest.mark.every
def test_leaving_the_page_ends_what_runs(regular: Reader) -> None:
    page = regular.open()
    box = session(page)
    run(box)
    paste_over(box, LOOP)
    press(box)
    follow(page)
    assert run(session(page)) == "As on the page."
    page.close()


@pytest.mark.every
def test_two_tabs_do_not_disturb_each_other(regular: Reader) -> None:
    tabs = [regular.open(), regular.open()]
    boxes = [session(tab) for tab in tabs]
    for box in boxes:
        press(box)
    assert [ended(box) for box in boxes] == ["As on the page."] * 2
    paste_over(boxes[0], LOOP)
    press(boxes[0])
    assert run(boxes[1], timeout=8000) == "As on the page."
    press(boxes[0])
    assert ended(boxes[0]).startswith("Stopped.")
    for tab in tabs:
        tab.close()


@pytest.mark.every
@pytest.mark.parametrize(
    "reader", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True
)
def test_it_fits_a_phone(reader: Reader) -> None:
    page = reader.open()
    box = session(page)
    run(box)
    paste_over(box, f"'{'long ' * 60}'\n1 / 0  # {'long ' * 30}")
    run(box)
    run(exercise(page))
    run(drawing(page))
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for button in page.locator(".run-tools button:visible").all():
        place = button.bounding_box()
        assert place is not None
        assert place["width"] >= 24
        assert place["height"] >= 24
        assert place["x"] + place["width"] <= 390


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_the_page_reads_as_before(reader: Reader) -> None:
    page = reader.open("[data-exercise=huber]")
    assert page.locator(".run-tools, textarea:visible").count() == 0
    assert page.get_by_text("def huber(error, delta=1.0):").first.is_visible()
    assert page.get_by_text("How it is checked").first.is_visible()


@pytest.mark.every
@pytest.mark.parametrize("reader", [{"color_scheme": "dark"}], indirect=True)
def test_a_figure_follows_the_scheme(reader: Reader) -> None:
    page = reader.open(DRAWS)
    box = drawing(page)
    assert run(box) == "Drawn."
    figure = box.locator("img.run-figure")
    assert figure.evaluate("image => getComputedStyle(image).colorScheme") == "dark"
    assert "prefers-color-scheme:dark" in (figure.get_attribute("src") or "").replace("%3A", ":")
    assert figure.get_attribute("alt") == (
        page.locator(".highlight:has(+ figure) + figure img").first.get_attribute("alt")
    )
    assert figure.evaluate("image => image.naturalWidth") > 100


@pytest.mark.every
def test_the_page_never_freezes(reader: Reader) -> None:
    """Python starts, draws, floods and fails; the page's own thread does no task of 100 ms."""
    page = reader.open()
    unfold(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("""() => { window.longest = 0;
        new PerformanceObserver(list => list.getEntries().forEach(
            task => { window.longest = Math.max(window.longest, task.duration) })
        ).observe({ type: 'longtask' }) }""")
    run(drawing(page))
    box = session(page)
    run(box)
    paste_over(box, "for i in range(100_000): print(i)")
    run(box)
    paste_over(box, "raise ValueError('x' * 10**7)")
    run(box)
    task = exercise(page)
    paste_over(task, "raise ValueError('x' * 10**7)")
    run(task)
    longest = page.evaluate("window.longest")
    print(f"the longest task of the page's thread took {longest} ms")
    assert longest < 100
