"""The book as EPUB 3: a file a page, formulas drawn, the figures of light pages."""

import re
import uuid
from copy import copy
from html import escape
from pathlib import Path

import resvg_py
from bs4 import BeautifulSoup
from bs4.element import Tag

from textbook.build import fonts
from textbook.downloads import formulas
from textbook.downloads.archive import pack
from textbook.downloads.book import Book, Chapter, Document, Index
from textbook.downloads.slides import fixed

_HERE = Path(__file__).parent
_ROOT = "book"
_MIMETYPE = "application/epub+zip"
_TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="{_ROOT}/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="en" xml:lang="en">
<head>
<title>{title}</title>
<link rel="stylesheet" href="paper.css"/>
<link rel="stylesheet" href="reader.css"/>
</head>
<body{kind}>
{body}
</body>
</html>
"""
_SUMMARY = (
    "Formulas and figures are images with alternative texts, which say a formula in words and "
    "what is seen in a figure. Code is text. Headings, a table of contents and links lead "
    "through the book. What a page of the site folds away or covers is open here."
)


def build(book: Book) -> bytes:
    """Return the whole book as an EPUB."""
    index = Index(book.documents)
    files: dict[str, bytes | str] = {}
    for document in book.documents:
        files[f"{document.name}.xhtml"] = _page(book, document, index, files)
    files["cover.xhtml"] = _sheet(
        book.edition.title,
        f'<p class="cover"><img src="cover.png" alt="{escape(book.edition.title)}"/></p>',
        "cover",
    )
    files["cover.png"] = _cover(book)
    files["title.xhtml"] = _sheet(book.edition.title, _title(book), "titlepage")
    files["nav.xhtml"] = _sheet("Contents", _nav(book))
    for name in ("paper.css", "reader.css"):
        css = (_HERE / name).read_text(encoding="utf-8")
        files[name] = re.sub(r"@font-face \{[^}]*maths\.woff2[^}]*\}\n", "", css)
    for path in sorted((book.site / "assets/fonts").iterdir()):
        if path.stem != "maths":
            files[f"fonts/{path.name}"] = path.read_bytes()
    files["book.opf"] = _package(book, sorted(files))
    contents = {f"{_ROOT}/{name}": content for name, content in files.items()}
    contents |= {"META-INF/container.xml": _CONTAINER, "mimetype": _MIMETYPE}
    return pack(contents, first="mimetype")


def _page(book: Book, document: Document, index: Index, files: dict[str, bytes | str]) -> str:
    """Return a document as XHTML, and put what it shows into the files."""
    body = copy(document.body)
    soup = BeautifulSoup("", "html.parser")
    body.attrs = {"class": "page"}
    if "data-url" not in document.body.attrs:
        title = soup.new_tag("h1", id=document.name)
        title.string = document.title
        body.insert(0, title)
    for link in body.select("a[href]"):
        if place := index.find(str(link["href"])):
            name, anchor = place
            link["href"] = f"#{anchor}" if name == document.name else f"{name}.xhtml#{anchor}"
    for image in body.select("img[src]"):
        path = str(image["src"]).removeprefix(book.edition.address)
        name = path.removeprefix("assets/")
        svg = (book.site / path).read_text(encoding="utf-8")
        files[name] = fixed(svg)
        image["src"] = name
    for formula in body.find_all("math"):
        formula.replace_with(_drawn(soup, formula, files))
    for samp in body.select("samp"):  # whose colour is that of an output anyway
        samp.attrs = {}
    return _sheet(f"{document.number} {document.title}".strip(), body.decode(formatter="minimal"))


def _drawn(soup: BeautifulSoup, formula: Tag, files: dict[str, bytes | str]) -> Tag:
    drawing = formulas.to_svg(formula.decode(formatter="minimal"))
    name = f"maths/{formulas.file_name(drawing.svg)}"
    files[name] = drawing.svg
    style = f"height:{drawing.height:.2f}em;vertical-align:{-drawing.depth:.2f}em"
    return soup.new_tag(
        "img", src=name, alt=drawing.words, attrs={"class": "formula", "style": style}
    )


def _sheet(title: str, body: str, kind: str = "") -> str:
    said = f' epub:type="{kind}"' if kind else ""
    return _PAGE.format(title=escape(title), body=body, kind=said)


def _title(book: Book) -> str:
    edition = book.edition
    return f"""<section class="title-page">
<h1 class="title">{escape(edition.title)}</h1>
<p class="about">{escape(edition.description)}</p>
<p class="edition">{edition.imprint}</p>
</section>"""


def _nav(book: Book) -> str:
    entries = [_entry(chapter) for chapter in book.chapters]
    solutions = [chapter.solutions for chapter in book.chapters if chapter.solutions]
    if solutions:
        items = "".join(f"<li>{_link(each)}</li>" for each in solutions)
        entries.append(f"<li><span>Appendix: hints and solutions</span><ol>{items}</ol></li>")
    first = book.documents[0]
    return f"""<nav epub:type="toc" id="toc"><h1>Contents</h1>
<ol>{"".join(entries)}</ol></nav>
<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2>
<ol><li><a epub:type="toc" href="#toc">Contents</a></li>
<li><a epub:type="bodymatter" href="{first.name}.xhtml">{escape(first.title)}</a></li></ol></nav>"""


def _entry(chapter: Chapter) -> str:
    opens = bool(chapter.number) or len(chapter.pages) == 1
    head = _link(chapter.pages[0]) if opens else f"<span>{escape(chapter.title)}</span>"
    below = "".join(f"<li>{_link(page)}</li>" for page in chapter.pages[opens:])
    return f"<li>{head}{f'<ol>{below}</ol>' if below else ''}</li>"


def _link(document: Document) -> str:
    title = f"{document.number} {document.title}".strip()
    return f'<a href="{document.name}.xhtml">{escape(title)}</a>'


def _cover(book: Book) -> bytes:
    """Draw the cover: the sign of the book and its title."""
    words = book.edition.title.split()
    lines = "".join(
        f'<text x="160" y="{1150 + 200 * number}" font-size="170">{escape(word)}</text>'
        for number, word in enumerate(words)
    )
    sign = fixed((book.site / "assets/images/favicon.svg").read_text(encoding="utf-8"))
    box = re.search(r'viewBox="([^"]+)"', sign)
    inner = sign[sign.index(">") + 1 : sign.rindex("</svg>")]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="2400">'
        '<rect width="1600" height="2400" fill="#fdfcfa"/>'
        f'<svg x="160" y="260" width="520" height="520" viewBox="{box[1] if box else "0 0 24 24"}">'
        f'{inner}</svg><g font-family="{fonts.SANS}" font-weight="700" fill="#23272d">{lines}'
        f'<text x="160" y="2220" font-size="64" fill="#59606a">{escape(book.edition.author)}, '
        f"edition {escape(book.edition.version)}</text></g></svg>"
    )
    faces = [str(path) for path in sorted(fonts.build().glob("*.ttf"))]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=faces, skip_system_fonts=True))


def _package(book: Book, names: list[str]) -> str:
    edition = book.edition
    properties = {"nav.xhtml": "nav", "cover.png": "cover-image"}
    ids = {name: re.sub(r"[^\w.-]", "-", f"f-{name}") for name in names}
    manifest = "".join(
        f'<item id="{ids[name]}" href="{name}" media-type="{_TYPES[Path(name).suffix]}"'
        f"{f' properties="{properties[name]}"' if name in properties else ''}/>\n"
        for name in names
    )
    order = ["title.xhtml", "nav.xhtml", *[f"{each.name}.xhtml" for each in book.documents]]
    spine = "".join(f'<itemref idref="{ids[name]}"/>' for name in order)
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, edition.address)
    access = "".join(
        f'<meta property="schema:{name}">{value}</meta>\n'
        for name, value in [
            ("accessMode", "textual"),
            ("accessMode", "visual"),
            ("accessModeSufficient", "textual"),
            ("accessibilityFeature", "alternativeText"),
            ("accessibilityFeature", "readingOrder"),
            ("accessibilityFeature", "structuralNavigation"),
            ("accessibilityFeature", "tableOfContents"),
            ("accessibilityHazard", "none"),
            ("accessibilitySummary", escape(_SUMMARY)),
        ]
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="book">urn:uuid:{identifier}</dc:identifier>
<dc:title>{escape(edition.title)}</dc:title>
<dc:language>en</dc:language>
<dc:creator>{escape(edition.author)}</dc:creator>
<dc:date>{edition.time:%Y-%m-%d}</dc:date>
<dc:description>{escape(edition.description)}</dc:description>
<dc:rights>Text: CC BY 4.0. Code: MIT.</dc:rights>
<dc:source>{edition.address}</dc:source>
<meta property="dcterms:modified">{edition.time:%Y-%m-%dT%H:%M:%SZ}</meta>
{access}</metadata>
<manifest>
{manifest}</manifest>
<spine><itemref idref="{ids["cover.xhtml"]}"/>{spine}</spine>
</package>
"""
