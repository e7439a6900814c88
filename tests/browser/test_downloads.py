"""What Chromium makes and opens of that which is taken along: PDFs, and the site in a folder."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import small_book
from tests.conftest import ROOT, Build
from textbook.downloads import book, edition, offline, pdf

ONE = "chapters-losses-one"


def texts(data: bytes) -> list[str]:
    """Return the text of each page."""
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(data)
    return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


def empty(data: bytes) -> list[float]:
    """Return how much of each page is left empty at its end."""
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(data)
    found: list[float] = []
    for number in range(len(document)):
        pixels = document[number].render(scale=0.5, grayscale=True).to_numpy()
        rows = (pixels.reshape(len(pixels), -1) < 200).any(axis=1)
        inner = rows[int(len(rows) * 18 / 297) : int(len(rows) * 277 / 297)]
        found.append(float(1 - (np.flatnonzero(inner).max(initial=-1) + 1) / len(inner)))
    return found


def outline(data: bytes) -> list[tuple[str, list[Any]]]:
    def read(items: Any) -> list[tuple[str, list[Any]]]:
        return [(str(item.title), read(item.children)) for item in items]

    with pikepdf.open(io.BytesIO(data)) as document, document.open_outline() as found:
        return read(found.root)


def loose(data: bytes) -> list[str]:
    """Return the links of a PDF that lead nowhere in it, but were to."""
    with pikepdf.open(io.BytesIO(data)) as document:
        named = set(document.Root.Dests.keys())
        found = []
        for page in document.pages:
            for note in page.get("/Annots", []):
                target = note.get("/Dest")
                if target is None and "/A" in note and "/D" in note.A:
                    target = note.A.D
                if isinstance(target, pikepdf.Name) and str(target) not in named:
                    found.append(str(target))
                if "/A" in note and "/URI" in note.A and "press.invalid" in str(note.A.URI):
                    found.append(str(note.A.URI))
        return found


@pytest.mark.every
def test_a_book_is_printed(build: Callable[[str], Build], project: Path, browser: Browser) -> None:
    small_book.write(project)
    site = build(small_book.HOME).site
    printed = book.read(site, small_book.edition())
    data = pdf.whole(printed, browser)
    assert outline(data) == [
        (
            "1 Losses",
            [("1.1 One loss", [("A figure", []), ("Exercises", [("1. A sum", [])])])],
        ),
        ("Summary", [("1. Losses", [])]),
        ("Appendix: hints and solutions", [("1.1 One loss", [("1. A sum", [])])]),
    ]
    assert not loose(data)
    with pikepdf.open(io.BytesIO(data)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.docinfo.Title) == "Deep-Learning Fundamentals"
        assert str(document.docinfo.CreationDate) == "D:20260504000000+00'00'"
    pages = texts(data)
    assert "Edition 0.2.0 (commit abc1234), 4 May 2026." in pages[0]
    assert not re.search(r"^1$", pages[0], re.MULTILINE)
    for number, text in enumerate(pages[1:], 2):
        assert re.search(rf"^{number}\s*$", text, re.MULTILINE)
    places = pdf.destinations(data)
    assert re.search(rf"1 Losses\s+{places['chapters-losses']}\s", pages[1])
    solution = places[f"{ONE}--a-sum--solution"]
    (exercise,) = (text for text in pages if "What is 1 + 1?" in text)
    assert f"Hint and solution, page {solution}" in exercise
    assert "It is this" in pages[solution - 1]
    assert "So is three." in exercise + pages[places[ONE] - 1]
    for word in ("¶", "Permanent link", "Commit", "Skip to content"):
        assert word not in " ".join(pages)
    assert data == pdf.whole(printed, browser)

    # One chapter: a link to another leads to the site.
    (chapter, _) = printed.chapters
    alone = pdf.chapter(printed, chapter, browser)
    assert "1 Losses" in texts(alone)[0]
    assert not loose(alone)

    # A page whose picture is not there is not printed without it.
    next((site / "assets/figures").rglob("line-0.svg")).unlink()
    with pytest.raises(pdf.PrintError, match=r"missing: .*line-0\.svg"):
        pdf.chapter(printed, chapter, browser)


def unpack(data: bytes, place: Path) -> str:
    """Unpack a site into a folder; return the address of its first page."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(place)
    (first,) = place.glob("*/index.html")
    return first.as_uri()


def listen(page: Page) -> list[str]:
    """Return a list that takes what a page complains of."""
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("request", lambda r: said.append(r.url) if r.url.startswith("http") else None)
    return said


@pytest.mark.every
def test_the_site_works_from_a_folder(
    build: Callable[[str], Build], project: Path, browser: Browser, tmp_path: Path
) -> None:
    small_book.write(project)
    site = build(small_book.HOME).site
    first = unpack(offline.build(site, small_book.edition()), tmp_path / "here")
    context = browser.new_context(offline=True, reduced_motion="reduce")
    try:
        page = context.new_page()
        said = listen(page)
        page.goto(first)
        page.get_by_role("link", name="Chapters").first.click()
        page.get_by_role("article").get_by_role("link", name="One loss").click()
        expect(page.locator("h1")).to_contain_text("One loss")

        # A guess, a slider, and an example that cannot run.
        page.get_by_label("Your guess").click()
        page.keyboard.type("5")
        page.get_by_role("button", name="Commit").first.click()
        expect(page.locator(".gate .ask-said")).to_contain_text("right")
        slider = page.locator("input[type=range]")
        slider.click()
        page.keyboard.press("ArrowRight")
        expect(page.locator("figure > img")).to_have_attribute("src", re.compile(r"line-2\.svg$"))
        page.locator(".run-go").first.click()
        expect(page.locator(".run-result")).to_contain_text("examples run only on the web")
        there = page.locator(".run-result a").get_attribute("href")
        assert there == "https://dlfund.github.io/dlfund/chapters/losses/one/"

        # The search, and what it leads to.
        page.locator(".md-search__input").click()
        page.keyboard.type("figure", delay=100)
        found = page.locator(".md-search-result__link").first
        expect(found).to_be_visible(timeout=20_000)
        found.click()
        page.wait_for_url(re.compile(r"chapters/losses/one/index\.html"))
        expect(page.locator("h1")).to_contain_text("One loss")
        assert not said
    finally:
        context.close()


@pytest.mark.audit
def test_the_whole_book_is_printed(site: Path, browser: Browser) -> None:
    printed = book.read(site, edition.read(ROOT))
    data = pdf.whole(printed, browser)
    assert not loose(data)
    # Only what ends before a chapter begins may be half empty.
    places = pdf.destinations(data)
    begins = {places[chapter.pages[0].name] for chapter in printed.chapters}
    begins |= {places["labs"], places["solutions"]}
    shares = empty(data)
    wrong = [
        (number, round(share, 2))
        for number, share in enumerate(shares, 1)
        if share > 0.5 and number > 3 and number + 1 not in begins and number < len(shares)
    ]
    assert not wrong
    assert np.mean(shares) < 0.1
    for chapter in printed.chapters:
        alone = pdf.chapter(printed, chapter, browser)
        assert not loose(alone), chapter.name
    assert data == pdf.whole(printed, browser)


@pytest.mark.audit
def test_every_page_opens_from_a_folder(site: Path, browser: Browser, tmp_path: Path) -> None:
    first = unpack(offline.build(site, edition.read(ROOT)), tmp_path)
    context = browser.new_context(offline=True, reduced_motion="reduce")
    try:
        page = context.new_page()
        said = listen(page)
        for path in sorted(tmp_path.rglob("index.html")):
            page.goto(path.as_uri())
            examples = page.locator(".highlight[data-copy]")
            expect(page.locator(".run-go")).to_have_count(examples.count())
            assert not said, path
        assert first
    finally:
        context.close()
