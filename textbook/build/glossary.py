"""Links words of a lesson to the glossary, where the page first says them.

A glossary is a page with a definition list. Of each entry, its lines are names of one thing, the
first of which has an id, and its first link leads to where it is taught:

    Receptive field {: #receptive-field }
    :   The part of the input that one output can see.
        Taught in [a layer](chapters/convolution/layer.md#how-far-does-one-output-see).

What one sees at a link is up to a script (browser/terms.js); without it the link leads there.
"""

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from textbook.build.extension import page_under_zensical

MOST = 6  # links on a page
BEFORE = {"exercises", "references"}  # headings that end what is marked

_ENTRY = re.compile(r"^(?P<names>(?:[^\s:#].*\n)+):[ \t]+(?P<text>.*\n(?:[ \t]+\S.*\n?)*)", re.M)
_ID = re.compile(r"[ \t]*\{:[^}]*#(?P<id>[\w-]+)[^}]*\}")
_LINK = re.compile(r"\]\((?P<path>[^)#\s]+)")
_TEXT = {"p", "li", "ul", "ol", "em"}


class Term(NamedTuple):
    """What an entry of a glossary explains."""

    name: str
    id: str
    said: re.Pattern[str]
    taught: tuple[str, ...]  # the pages that its text leads to
    longest: int  # of its names


class Place(NamedTuple):
    """Where a text says a term: in an element, or after one."""

    term: Term
    element: Element
    after: bool
    match: re.Match[str]


@cache
def read(source: Path, _changed: int) -> list[Term]:
    """Return the terms of a glossary."""
    found = []
    for entry in _ENTRY.finditer(source.read_text(encoding="utf-8-sig")):
        named = _ID.search(entry["names"])
        if named:
            names = [_ID.sub("", name).strip() for name in entry["names"].splitlines()]
            taught = tuple(_LINK.findall(entry["text"]))
            longest = max(map(len, names))
            found.append(Term(names[0], named["id"], _said(names), taught, longest))
    return found


def _said(names: list[str]) -> re.Pattern[str]:
    """Return what finds a term: a name as a sentence has it, or more of its kind.

    A single word is found where it begins no sentence: "Recall that" says nothing of recall.
    """
    forms = []
    for name in sorted(names, key=len, reverse=True):
        first, rest = re.escape(name[0]), re.escape(name[1:]).replace(r"\ ", r"\s+")
        if name[1:] == name[1:].lower():
            low = re.escape(name[0].lower())
            first = f"[{first}{low}]" if " " in name else low
        forms.append(f"{first}{rest}(?:s|es)?")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])")


class Marker(Treeprocessor):
    """Puts the links into a page."""

    def __init__(self, md: Markdown, source: str, pages: tuple[str, ...], path: str) -> None:
        super().__init__(md)
        self.source, self.pages, self.path = Path(source), pages, path

    def run(self, root: Element) -> None:
        """Link the first use of some terms, those of other chapters first; none taught here."""
        self.path = self.path or page_under_zensical(self.md).partition("/")[2]
        if not self.path.startswith(self.pages) or not self.source.is_file():
            return
        terms = read(self.source, self.source.stat().st_mtime_ns)
        folder = posixpath.dirname(self.path)
        places: dict[str, Place] = {}
        taught_here = " ".join("".join(each.itertext()) for each in root.iter("strong"))
        for place in self.places(root, terms):
            if self.path not in place.term.taught and not place.term.said.search(taught_here):
                places.setdefault(place.term.id, place)
        chosen = sorted(
            places.values(), key=lambda it: posixpath.dirname("".join(it.term.taught[:1])) == folder
        )
        up = posixpath.relpath(self.source.name, folder or ".")
        # From the last to the first, so that a place stays where it was found.
        marked = {id(place) for place in chosen[:MOST]}
        for place in sorted(places.values(), key=lambda it: it.match.start(), reverse=True):
            if id(place) in marked:
                _link(root, place, f"{up}#{place.term.id}")

    def places(self, root: Element, terms: list[Term]) -> Iterator[Place]:
        """Yield where prose says each term, in the order of reading, until the exercises."""
        for child in root:
            if child.tag == "h2" and child.get("id") in BEFORE:
                return
            if child.tag in _TEXT:
                yield from self._within(child, terms)

    def _within(self, element: Element, terms: list[Term]) -> Iterator[Place]:
        yield from _found(element, False, terms)
        for child in element:
            if child.tag in _TEXT:
                yield from self._within(child, terms)
            yield from _found(child, True, terms)


def _found(element: Element, after: bool, terms: list[Term]) -> Iterator[Place]:
    text = element.tail if after else element.text
    if not text or isinstance(text, AtomicString):
        return
    taken: list[re.Match[str]] = []
    for term in sorted(terms, key=lambda term: -term.longest):  # which takes its words
        free = [
            match
            for match in term.said.finditer(text)
            if all(match.end() <= it.start() or it.end() <= match.start() for it in taken)
        ]
        taken += free
        if free:
            yield Place(term, element, after, free[0])


def _link(root: Element, place: Place, href: str) -> None:
    match, text = place.match, place.match.string
    link = Element("a", {"class": "term", "href": href})
    link.text = match[0]
    if place.after:
        now = place.element.tail or ""
        place.element.tail = text[: match.start()]
        parent = next(each for each in root.iter() if place.element in list(each))
        parent.insert(list(parent).index(place.element) + 1, link)
    else:
        now = place.element.text or ""
        place.element.text = text[: match.start()]
        place.element.insert(0, link)
    link.tail = now[match.end() :]


class GlossaryExtension(Extension):
    """Takes the file of the glossary, and which pages are marked; a build says which one it is."""

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "source": ["docs/glossary.md", "the page with the definition list"],
            "pages": [["chapters/", "labs/"], "the folders whose pages are marked"],
            "path": ["", "the page, in the folder of the pages"],
        }
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:
        """Mark what all others have set, and before links are resolved."""
        path = self.getConfig("path")
        marker = Marker(md, self.getConfig("source"), tuple(self.getConfig("pages")), path)
        md.treeprocessors.register(marker, "textbook-glossary", 4)


def makeExtension(**settings: Any) -> GlossaryExtension:
    """Return the extension: the name is Python-Markdown's convention."""
    return GlossaryExtension(**settings)
