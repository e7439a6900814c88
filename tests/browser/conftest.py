"""Debian's Chromium, the built book and Python beside it, for the tests that need a browser."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import pyodide
from tests.browser.hands import CLIPBOARD, START, Book, Reader, tidy
from tests.browser.serving import CDN, serve

USUAL = 30_000  # ms that Playwright waits

# Lends a context with these options, which is given back as good as new.
type Lend = Callable[..., AbstractContextManager[BrowserContext]]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all but the first case of each test in a browser as not for a quick run."""
    begun: set[tuple[Path, str]] = set()
    for item in items:
        if not isinstance(item, pytest.Function) or Path(__file__).parent not in item.path.parents:
            continue
        test = item.path, item.originalname
        if test in begun:
            item.add_marker(pytest.mark.every)
        elif not any(item.iter_markers("every")) and not any(item.iter_markers("audit")):
            begun.add(test)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is missing; get it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        expect.set_options(timeout=20_000)  # five seconds are too few on a machine that is busy
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lend(browser: Browser) -> Lend:
    """Return what lends contexts; a new one takes as long as the page that a test opens in it."""
    kept: dict[str, BrowserContext] = {}

    @contextlib.contextmanager
    def lend(**options: Any) -> Iterator[BrowserContext]:
        options = {"reduced_motion": "reduce"} | options
        key = repr(sorted(options.items()))
        context = kept.pop(key, None) or browser.new_context(**options)
        empty = context.pages[0] if context.pages else context.new_page()
        yield context
        forget(context, empty)
        kept[key] = context

    return lend


def forget(context: BrowserContext, empty: Page) -> None:
    """Close all pages but one, and leave nothing of what they kept, fetched or were denied."""
    context.set_default_timeout(USUAL)
    context.unroute_all()
    pages = [page for page in context.pages if page != empty]
    origins = {"/".join(page.url.split("/")[:3]) for page in pages}
    for page in pages:
        page.close()
    session = context.new_cdp_session(empty)
    session.send("Network.clearBrowserCache")
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    session.detach()


@pytest.fixture(scope="session")
def still(site: Path) -> Iterator[Book]:
    """Return the book as it is read, without a Python to fetch."""
    with serve(site, CDN) as address:
        yield Book(address, "", site)


@pytest.fixture(scope="session")
def book(site: Path) -> Iterator[Book]:
    """Return the book with a Python to fetch."""
    if not (pyodide.FOLDER.is_dir() or shutil.which("npm") or "CI" in os.environ):
        pytest.skip("npm is missing, which fetches Pyodide; get it with: apt-get install npm")
    with serve(pyodide.distribution()) as python, serve(site, python) as address:
        yield Book(address, python, site)


def patient(context: BrowserContext) -> BrowserContext:
    """Let a press wait, beside a Python that computes, as long as a start of Python may take."""
    context.set_default_timeout(START)
    return context


@pytest.fixture
def reader(lend: Lend, book: Book, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Return a reader with an empty cache; parametrised indirectly by options of the context."""
    with lend(**getattr(request, "param", {})) as context:
        yield Reader(patient(context), book)


@pytest.fixture(scope="session")
def regular(browser: Browser, book: Book) -> Iterator[Reader]:
    """Return a reader who has been here before: what was fetched once is in the cache."""
    context = patient(browser.new_context(reduced_motion="reduce", permissions=CLIPBOARD))
    yield Reader(context, book)
    context.close()


@pytest.fixture(scope="session")
def open_page(regular: Reader) -> Page:
    return regular.open()


@pytest.fixture
def page(open_page: Page) -> Iterator[Page]:
    """Return one page that stays open from test to test, and its Python alive."""
    yield open_page
    tidy(open_page)
