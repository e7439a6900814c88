"""What the search box looks through: each section of a page with its names and its words.

The names of a section are its title, what the text sets in bold, and what its heading says it is
also called, `{: data-search-also="dying ReLU, dead ReLU" }`; the theme drops that attribute from
the page. Left out are answers, what examples print, and formulas that cannot be read as a line.
"""

import re
import unicodedata
from html import escape
from html.parser import HTMLParser
from typing import Any

from mkdocs.structure.pages import Page

ALSO = "data-search-also"

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "li", "tr", "dt", "dd", "figcaption", "summary", "div", "ul", "ol", "table")
_SKIPPED = ("pre", "script", "style", "svg", "template", "button", "select")
_VOID = ("br", "hr", "img", "input", "wbr")
_ANSWERS = {"question", "tip", "success"}  # what is folded away below an exercise
_LINE = ("mrow", "mstyle", "mi", "mn", "mo", "mspace", "msub", "msup")  # what reads like a line
_INVISIBLE = re.compile("[\u2061-\u2064]")  # operators
_IMPORTED = re.compile(r"^from \S+ import (?!.* as )(\([^)]*\)|.+)", re.MULTILINE)

# How much less than a lesson's sections some are what one looks for.
_LESS = {"exercises": 0.3, "references": 0.1, "what-to-take-away": 0.4}
_OF_AN_INDEX = 0.3


def sections(html: str, page: Page) -> list[dict[str, Any]]:
    """Return a page's entries of the search index, in the theme's form."""
    said = page.meta.get("search") or {}
    if said.get("exclude"):
        return []
    reader = _Reader(str(page.title))
    reader.feed(html)
    reader.close()
    reader.flush()
    found, chapter = [], ""
    for each in reader.found:
        chapter = each.id if each.tag in ("h1", "h2") else chapter
        index = page.is_index and each.tag != "h1"
        boost = said.get("boost", 1) * _LESS.get(chapter, _OF_AN_INDEX if index else 1)
        text = "".join(each.blocks) + each.listed()
        if each.tag == "h1" and (about := page.meta.get("description")):
            text = f"<p>{escape(about, quote=False)}</p>{text}"
        if each.excluded:
            continue
        entry: dict[str, Any] = {
            "location": page.url + (f"#{each.id}" if each.tag != "h1" else ""),
            "title": each.title.strip(),
            "text": text,
        }
        if each.names:
            entry["tags"] = each.names
        if each.bold:
            entry["bold"] = list(dict.fromkeys(each.bold))
        if boost != 1:
            entry["boost"] = round(boost, 3)
        found.append(entry)
    return found


class _Section:
    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag, self.id = tag, attributes.get("id") or ""
        self.excluded = "data-search-exclude" in attributes
        self.names = [each.strip() for each in (attributes.get(ALSO) or "").split(",") if each]
        self.title, self.bold = "", list[str]()
        self.blocks: list[str] = []
        self.used: dict[str, None] = {}  # names in its code

    def listed(self) -> str:
        """Return the names in its code that its text does not have."""
        text = "".join(self.blocks)
        names = [name for name in self.used if not re.search(rf"\b{name}\b", text)]
        return f"<p>{' '.join(f'<code>{name}</code>' for name in names)}</p>" if names else ""


class _Formula:
    """A formula as a line of text with indices and powers, or "…" where it is more than that."""

    def __init__(self) -> None:
        self.open: list[tuple[str, list[str]]] = [("math", [])]  # elements, with their parts so far
        self.is_line = True

    def begin(self, tag: str) -> None:
        self.open.append((tag, []))
        self.is_line &= tag in _LINE

    def say(self, text: str) -> None:
        plain = unicodedata.normalize("NFKC", text)  # no bold or italic letters
        self.open[-1][1].append(escape(_INVISIBLE.sub(" ", plain), quote=False))

    def end(self) -> None:
        tag, parts = self.open.pop()
        if tag in ("msub", "msup") and len(parts) == 2:
            parts[1] = f"<{tag[1:]}>{parts[1]}</{tag[1:]}>"
        self.open[-1][1].append(_joined(parts))

    def html(self) -> str:
        return _joined(self.open[0][1]) if self.is_line else "…"


def _joined(parts: list[str]) -> str:
    """Join parts of a formula, with a blank where a word would grow: log x, not logx."""
    line = ""
    for part in parts:
        meet = re.search(r"\w$", line) and re.match(r"\w", part)
        word = re.search(r"[^\W\d]{2}$", line) or re.match(r"[^\W\d]{2}", part)
        line += f" {part}" if meet and word else part
    return line.strip()


class _Reader(HTMLParser):
    """Cuts a page at its headings, and its text into paragraphs."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.found = [_Section("h1", {})]
        self.found[0].title = title
        self.open: list[str] = []
        self.skipped = 0  # how many elements were open when one that is left out began
        self.heading = False
        self.asks = False  # the element that began last is a question, whose title says no more
        self.text = ""
        self.formula: _Formula | None = None  # being read
        self.name: str | None = None  # in bold

    @property
    def section(self) -> _Section:
        return self.found[-1]

    def flush(self) -> None:
        text = " ".join(self.text.split()).replace("….", "…")
        if text.strip("…"):
            self.section.blocks.append(f"<p>{text}</p>")
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        self.open.append(tag)
        if self.skipped:
            return
        attributes = dict(attrs)
        classes = set((attributes.get("class") or "").split())
        if self.formula:
            self.formula.begin(tag)
        elif tag == "math":
            self.formula = _Formula()
        elif tag in _HEADINGS and "id" in attributes:
            self.flush()
            if tag == "h1":
                self.found.pop()
            self.found.append(_Section(tag, attributes))
            self.heading = True
        elif (
            tag in _SKIPPED
            or classes & {"headerlink", "ask-choices"}
            or ("admonition-title" in classes and self.asks)
            or "data-search-exclude" in attributes
            or (tag == "details" and classes & _ANSWERS)
        ):
            self.skipped = len(self.open)
        elif tag in _BLOCKS:
            self.flush()
            self.asks = "question" in classes
            if "data-section" in attributes:
                for names in _IMPORTED.findall(attributes.get("data-copy") or ""):
                    self.section.used |= dict.fromkeys(re.findall(r"\w+", names))
        elif tag == "code":
            self.text += "" if self.heading else "<code>"
        elif tag == "strong":
            self.name = ""
        elif tag in ("td", "th") and self.text.strip():
            self.text += " · "

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open.pop() != tag:
            pass
        if self.skipped:
            if len(self.open) < self.skipped:
                self.skipped = 0
        elif self.formula and tag != "math":
            self.formula.end()
        elif self.formula:
            html, self.formula = self.formula.html(), None
            if self.heading:
                self.section.title += html
            else:
                self.text += html
        elif tag in _HEADINGS:
            self.heading = False
        elif tag in _BLOCKS:
            self.flush()
        elif tag == "code" and not self.heading:
            self.text += "</code>"
        elif tag == "strong" and self.name is not None:
            if 1 < len(self.name.strip()) < 40:
                self.section.bold.append(self.name.strip())
            self.name = None

    def handle_data(self, data: str) -> None:
        if self.skipped:
            return
        if self.formula:
            self.formula.say(data)
            return
        if self.heading:
            self.section.title += escape(data, quote=False)
            return
        if self.name is not None:
            self.name += data
        self.text += escape(data, quote=False)
