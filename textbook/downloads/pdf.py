"""The book and each of its chapters as PDF: Chromium prints them, twice.

The first print tells on which page things are, the second says so in the list of contents and
where an exercise refers to its solution.
"""

import io
import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
from bs4 import BeautifulSoup
from bs4.element import Tag
from playwright.sync_api import Browser, Route, sync_playwright

from textbook.downloads.book import Book, Chapter, Document, Index, headings

_HERE = Path(__file__).parent
_PRESS = "http://press.invalid/"  # nothing is fetched: each request is answered from the disk


class PrintError(Exception):
    """What Chromium printed is not what was asked for."""


@contextmanager
def chromium(executable: str = "") -> Iterator[Browser]:
    """Start a Chromium."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
        browser = playwright.chromium.launch(executable_path=executable or None, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def whole(book: Book, browser: Browser) -> bytes:
    """Print all chapters, and all solutions in an appendix."""
    appendix = [c.solutions for c in book.chapters if c.solutions is not None]
    groups = [(chapter, chapter.pages) for chapter in book.chapters]
    if appendix:
        groups.append((Chapter("solutions", "Appendix: hints and solutions"), appendix))
    return _print(book, groups, browser, "")


def chapter(book: Book, which: Chapter, browser: Browser) -> bytes:
    """Print one chapter, and its solutions in an appendix."""
    groups = [(which, which.pages)]
    if which.solutions:
        groups.append((Chapter("solutions", "Appendix: hints and solutions"), [which.solutions]))
    return _print(book, groups, browser, f"{which.number} {which.title}".strip())


def _print(
    book: Book, groups: list[tuple[Chapter, list[Document]]], browser: Browser, part: str
) -> bytes:
    html = assemble(book, groups, part)
    pages: dict[str, int] = {}
    for _ in range(3):
        soup = BeautifulSoup(html, "html.parser")
        for number in soup.select(".number"):
            number.string = str(pages.get(str(number["data-of"]), ""))
        data = _press(book, str(soup), browser)
        found = destinations(data)
        if found == pages:
            return _settle(book, data, part)
        pages = found
    raise PrintError("the numbers of the pages do not come to rest")


def assemble(book: Book, groups: list[tuple[Chapter, list[Document]]], part: str) -> str:
    """Return one HTML page with all that is printed."""
    soup = BeautifulSoup(_frame(book, part), "html.parser")
    assert soup.body is not None
    index = Index([document for _, documents in groups for document in documents])
    listed = soup.new_tag("ol")
    for group, documents in groups:
        chapter = soup.new_tag("section", attrs={"class": "chapter"})
        opens = bool(group.number) or (len(documents) == 1 and group.name != "solutions")
        entry = _entry(soup, listed, documents[0].name if opens else group.name, _title(group))
        below = soup.new_tag("ol")
        if not opens:
            heading = soup.new_tag("h1", id=group.name)
            heading.string = group.title
            chapter.append(heading)
        for position, document in enumerate(documents):
            body = copy(document.body)
            first = opens and not position
            if group.name == "solutions":
                body["id"] = document.name
                if len(documents) > 1:
                    heading = soup.new_tag("h1")
                    heading.string = document.title.removeprefix("Solutions: ")
                    body.insert(0, heading)
                else:
                    first = True
            for heading in headings(body):
                if not first:
                    heading.name = f"h{min(6, int(heading.name[1]) + 1)}"
            for link in body.select("a[href]"):
                if place := index.find(str(link["href"])):
                    link["href"] = f"#{place[1]}"
            chapter.append(body)
            if not first:
                title = f"{document.number} {document.title}".strip().removeprefix("Solutions: ")
                _entry(soup, below, document.name, title)
        for see in chapter.select(".see"):
            link = see.select("a")[0]
            see.append(", page ")
            see.append(_number(soup, str(link["href"])[1:]))
        if below.contents:
            entry.append(below)
        soup.body.append(chapter)
    contents = soup.select_one(".contents")
    assert contents is not None
    contents.append(listed)
    for image in soup.select("img[src]"):
        image["src"] = str(image["src"]).replace(book.edition.address, _PRESS)
    return str(soup)


def _title(group: Chapter) -> str:
    return f"{group.number} {group.title}".strip()


def _entry(soup: BeautifulSoup, listed: Tag, target: str, title: str) -> Tag:
    item = soup.new_tag("li")
    link = soup.new_tag("a", href=f"#{target}", attrs={"class": "entry"})
    for css, text in (("", title), ("dots", "")):
        span = soup.new_tag("span", attrs={"class": css} if css else {})
        span.append(text)
        link.append(span)
    link.append(_number(soup, target))
    item.append(link)
    listed.append(item)
    return item


def _number(soup: BeautifulSoup, target: str) -> Tag:
    """Return the place for the number of the page that something is on."""
    return soup.new_tag("span", attrs={"class": "number", "data-of": target})


def _frame(book: Book, part: str) -> str:
    edition = book.edition
    said = f"{edition.title}: {part}" if part else edition.title
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(said)}</title>
<link rel="stylesheet" href="{_PRESS}paper.css"><link rel="stylesheet" href="{_PRESS}print.css">
</head><body>
<section class="title-page">
<img class="logo" src="{edition.address}assets/images/favicon.svg" alt="">
<p class="title">{escape(edition.title)}</p>
{f'<p class="part">{escape(part)}</p>' * bool(part)}
<p class="about">{escape(edition.description)}</p>
<p class="edition">{edition.imprint}</p>
</section>
<section class="contents"><p class="part"><b>Contents</b></p></section>
</body></html>"""


def _press(book: Book, html: str, browser: Browser) -> bytes:
    """Let Chromium print a page."""
    missing: list[str] = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        if path == "":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        place = book.site / path
        if path.startswith("fonts/"):
            place = book.site / "assets" / path
        elif path in ("paper.css", "print.css"):
            place = _HERE / path
        if place.is_file():
            kind = mimetypes.guess_type(place.name)[0] or "application/octet-stream"
            route.fulfill(body=place.read_bytes(), content_type=kind)
        else:
            missing.append(route.request.url)
            route.abort()

    context = browser.new_context(color_scheme="light", java_script_enabled=True)
    try:
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.route("**/*", answer)
        page.goto(_PRESS)
        page.evaluate("document.fonts.ready.then(() => 0)")
        if missing:
            raise PrintError(f"missing: {', '.join(sorted(set(missing)))}")
        return page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    finally:
        context.close()


def destinations(data: bytes) -> dict[str, int]:
    """Return the page that each destination of a PDF is on, counted from 1."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        named = pdf.Root.get("/Dests")
        if named is None:
            return {}
        return {str(name)[1:]: numbers[place[0].objgen] for name, place in named.items()}


def _mend(item: pikepdf.Object | None) -> None:
    """Say once in the outline what Chromium says twice: headings that a new page begins with."""
    while item is not None:
        title = str(item.get("/Title", ""))
        half = title[: len(title) // 2]
        if half and title == half * 2:
            item.Title = half
        _mend(item.get("/First"))
        item = item.get("/Next")


def _settle(book: Book, data: bytes, part: str) -> bytes:
    """Give a PDF the date of the edition in place of today's, and what catalogues ask for."""
    edition = book.edition
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        stamp = f"D:{edition.time:%Y%m%d%H%M%S}+00'00'"
        for key in ("/CreationDate", "/ModDate"):
            pdf.docinfo[key] = stamp
        pdf.docinfo["/Author"] = edition.author
        pdf.docinfo["/Subject"] = edition.description
        _mend(pdf.Root.get("/Outlines"))
        pdf.Root.PageMode = pikepdf.Name("/UseOutlines")
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    numbered, out = _renumber(out.getvalue()), io.BytesIO()
    with pikepdf.open(io.BytesIO(numbered)) as pdf:
        del pdf.trailer.ID  # which was made at random
        pdf.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )  # fmt: skip
    return out.getvalue()


def _renumber(data: bytes) -> bytes:
    """Count the cells of tables from 1: Chromium goes on from what it has shown before."""
    name = re.compile(rb"\(node(\d{8})\)")
    places = {each: place for place, each in enumerate(sorted({*name.findall(data)}), 1)}
    return name.sub(lambda each: b"(node%08d)" % places[each[1]], data)
