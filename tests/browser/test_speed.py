"""A page fetches what it shows; `make audit` lets Lighthouse judge it."""

import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.hands import Book, soup
from tests.browser.serving import Server
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

INDEX, MATHS = "search/search_index.json", "assets/fonts/maths.woff2"


@pytest.fixture
def fetched(browser: Browser, still: Book) -> Iterator[tuple[Any, list[str]]]:
    context = browser.new_context()
    names: list[str] = []
    context.on("request", lambda each: names.append(each.url.removeprefix(still.address)))
    yield context.new_page(), names
    context.close()


def test_the_index_comes_when_the_search_is_opened(
    fetched: tuple[Any, list[str]], still: Book
) -> None:
    page, names = fetched
    page.goto(still.address + still.paths()[0], wait_until="networkidle")
    assert INDEX not in names
    page.keyboard.press("s")
    page.keyboard.type("huber")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    page.locator(".md-search-result__link").first.click()
    expect(page.locator(".md-content article mark").first).to_be_attached()
    assert names.count(INDEX) == 1


def test_words_of_a_search_are_marked_wherever_its_link_is_opened(
    fetched: tuple[Any, list[str]], still: Book
) -> None:
    page, _ = fetched
    page.goto(f"{still.address}?h=learning")
    expect(page.locator(".md-content article mark").first).to_be_attached()


@pytest.mark.every
def test_the_font_of_formulas_comes_with_formulas(
    fetched: tuple[Any, list[str]], still: Book
) -> None:
    page, names = fetched
    page.goto(still.address + "404.html", wait_until="networkidle")
    assert MATHS not in names
    page.goto(still.address + still.find("math"), wait_until="networkidle")
    assert names.count(MATHS) == 1
    assert (still.site / MATHS).stat().st_size < 50_000


@pytest.mark.every
def test_the_first_picture_of_home_comes_at_once(still: Book) -> None:
    first, *others = soup(still.site / "index.html").select("article img")
    assert first.get("fetchpriority") == "high"
    assert "loading" not in first.attrs
    assert all(other["loading"] == "lazy" for other in others)


# ---- Lighthouse ------------------------------------------------------------------------------

LIGHTHOUSE = "13.5.0"
FOLDER = ROOT / ".cache/lighthouse" / LIGHTHOUSE
RUNS = 5
PAGES = ["", "chapters/convolution/layer/", "chapters/losses/logits/", "labs/network/", "practice/"]
TARGETS = {  # the least, and for times in milliseconds the most
    "mobile": {"performance": 97, "total-blocking-time": 150, "largest-contentful-paint": 2000},
    "desktop": {"performance": 100, "total-blocking-time": 150, "largest-contentful-paint": 2000},
}
WHOLE = ("accessibility", "best-practices", "seo")  # these are 100


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves files as a web host does: compressed, and kept alive."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in {".html", ".css", ".js", ".json", ".svg", ".xml"}:
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    with Server(("127.0.0.1", 0), partial(Compressing, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """Return Lighthouse, which is installed once, at this version; npm verifies what it fetches."""
    command = FOLDER / "node_modules/lighthouse/cli/index.js"
    if not command.is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is missing; get it with: apt-get install npm")
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts",
             f"lighthouse@{LIGHTHOUSE}"],
            cwd=FOLDER, check=True,
        )  # fmt: skip
    return command


def judge(lighthouse: Path, address: str, device: str) -> dict[str, float]:
    """Return the scores of a page, of 100, and its times in milliseconds."""
    assert CHROMIUM is not None
    flags = " ".join(["--headless=new", *FLAGS])
    preset = ["--preset=desktop"] if device == "desktop" else []
    run = subprocess.run(
        ["node", lighthouse, address, "--quiet", "--output=json", *preset,
         f"--chrome-flags={flags}"],
        capture_output=True, text=True, check=True, encoding="utf-8",
        env=os.environ | {"CHROME_PATH": CHROMIUM},
    )  # fmt: skip
    report = json.loads(run.stdout)
    scores = {name: 100 * each["score"] for name, each in report["categories"].items()}
    times = {
        name: report["audits"][name]["numericValue"] for name in TARGETS[device] if "-" in name
    }
    return scores | times


def misses(found: dict[str, float], device: str) -> dict[str, float]:
    """Return what is worse than its target."""
    least = dict.fromkeys(WHOLE, 100) | {"performance": TARGETS[device]["performance"]}
    return {
        name: value
        for name, value in found.items()
        if (value < least[name] if name in least else value > TARGETS[device].get(name, value))
    }


@pytest.mark.audit
@pytest.mark.parametrize("device", TARGETS)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_lighthouse_finds_a_page_fast(
    path: str, device: str, lighthouse: Path, served: str
) -> None:
    """The machine must be at rest: what others do on it is taken for slowness of the page."""
    runs = [judge(lighthouse, served + path, device) for _ in range(RUNS)]
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(path or "home", device, medians)
    assert misses(medians, device) == {}


@pytest.mark.audit
def test_lighthouse_sees_a_slow_page(lighthouse: Path, served: str, site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    busy = "for (const end = performance.now() + 400; performance.now() < end;);"
    late = (
        f"addEventListener('load', () => setTimeout(() => {{ {busy} }}, 300))"  # once it is drawn
    )
    planted = page.replace("</body>", f"<script>{late}</script></body>").replace(
        "script-src", "script-src 'unsafe-inline'"
    )
    (site / "slow.html").write_text(planted, encoding="utf-8")
    try:
        assert "total-blocking-time" in misses(
            judge(lighthouse, served + "slow.html", "mobile"), "mobile"
        )
    finally:
        (site / "slow.html").unlink()
