"""The pages of the built site as a book on paper: everything open, no buttons, solutions apart."""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from bs4 import BeautifulSoup
from bs4.element import Tag

from textbook.downloads.edition import Edition

# What a screen needs and paper does not.
_ON_SCREENS = (
    ".on-screens, .headerlink, .notebook, .take-along, .frames-tools, .frames > img,"
    ".exercise-count, template, script, style, form, button, [hidden]"
)
_FOR_SCREENS = ("role", "tabindex", "title", "loading", "download")
_FOLDED = {"tip", "success"}  # hints and solutions
_LAST = 6  # lines of long code that stay with the figure, while the others may be overleaf
_HEADINGS = re.compile("h[1-6]")


@dataclass
class Document:
    """A page, or the solutions of a chapter: elements with ids that are unique in the book."""

    name: str
    title: str
    body: Tag
    number: str = ""  # as 6.1


@dataclass
class Chapter:
    """An entry of the nav: pages, and the solutions of their exercises, if there are any."""

    name: str
    title: str
    number: str = ""
    pages: list[Document] = field(default_factory=list)
    solutions: Document | None = None

    @property
    def documents(self) -> list[Document]:
        """All that is in it."""
        return [*self.pages, self.solutions] if self.solutions else self.pages


@dataclass
class Book:
    """Chapters, in the order of the nav."""

    edition: Edition
    site: Path
    chapters: list[Chapter]

    @property
    def documents(self) -> list[Document]:
        """All pages, and then all solutions."""
        pages = [page for chapter in self.chapters for page in chapter.pages]
        return pages + [c.solutions for c in self.chapters if c.solutions is not None]


def read(site: Path, edition: Edition) -> Book:
    """Read the pages that go into a book."""
    chapters: list[Chapter] = []
    for title, sources in _chapters(edition.nav, edition.printed):
        first = sources[0]
        opens = first.endswith("index.md")  # and the others are its lessons
        number = str(1 + sum(bool(each.number) for each in chapters)) if opens else ""
        name = first.split("/")[-2] if "/" in first else first.removesuffix(".md")
        chapter = Chapter(name, title, number)
        answers = BeautifulSoup().new_tag("div")
        for position, source in enumerate(sources):
            own = number and (f"{number}.{position}" if position else number)
            _add(chapter, site, edition.address, _url(source), own, answers)
        if answers.contents:
            chapter.solutions = Document(f"{name}-solutions", f"Solutions: {title}", answers)
        chapters.append(chapter)
    return Book(edition, site, chapters)


def _chapters(nav: list[Any], wanted: tuple[str, ...] | None) -> Iterator[tuple[str, list[str]]]:
    for entry in nav:
        ((title, what),) = entry.items()
        if wanted is not None and title not in wanted:
            if isinstance(what, list):
                yield from _chapters([each for each in what if isinstance(each, dict)], wanted)
            continue
        if isinstance(what, str):
            yield title, [what]
            continue
        inner = [each if isinstance(each, str) else next(iter(each.values())) for each in what]
        if any(isinstance(each, list) for each in inner):
            yield from _chapters(what, None)
        else:
            yield title, inner


def _url(source: str) -> str:
    """Return the address of a page of the nav, below the site's."""
    return re.sub(r"(^|/)index/$", r"\1", f"{source.rpartition('.')[0]}/")


def _add(chapter: Chapter, site: Path, address: str, url: str, number: str, answers: Tag) -> None:
    """Add a page to a chapter, and what its exercises fold to the answers."""
    soup = BeautifulSoup((site / url / "index.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.article
    if article is None:
        raise ValueError(f"{url} has no article")
    article.extract()
    name = url.strip("/").replace("/", "-")
    heading = article.find("h1")
    assert isinstance(heading, Tag), f"{url} has no title"
    for unwanted in article.select(_ON_SCREENS):
        unwanted.decompose()
    title = heading.get_text().strip()
    here = address + url
    _plain(article, here, name)
    heading["id"] = name
    if number:
        heading.insert(0, f"{number} ")
    solved = _take_answers(article, name)
    if solved:
        section = soup.new_tag("section")
        below = soup.new_tag("h2", id=f"{name}--solutions")
        below.append(f"{number} {title}".strip())
        section.append(below)
        section.extend(solved)
        answers.append(section)
    for folded in [*article.find_all("details"), *answers.find_all("details")]:
        _unfold(folded)
    for each in (article, answers):
        keep_together(each)
    article.name = "section"
    article.attrs = {"class": "page", "data-url": here}
    chapter.pages.append(Document(name, title, article, number))


def _plain(article: Tag, here: str, name: str) -> None:
    """Leave what says something on paper; write whole addresses, and ids with the page's name."""
    for tag in article.find_all(True):
        for attribute in [*tag.attrs]:
            if attribute.startswith(("data-", "aria-")) or attribute in _FOR_SCREENS:
                del tag[attribute]
        if "id" in tag.attrs:
            tag["id"] = f"{name}--{tag['id']}"
        for attribute in ("href", "src"):
            if attribute in tag.attrs:
                tag[attribute] = urljoin(here, str(tag[attribute]))


def _take_answers(article: Tag, name: str) -> list[Tag]:
    """Take hints and solutions out of a page, and say there where they are."""
    soup = BeautifulSoup("", "html.parser")
    taken: list[Tag] = []
    for asked, folded in _answered(article, name):
        there = f"{asked['id']}--solution"
        words = [each.select("summary")[0].get_text().lower() for each in folded]
        see = soup.new_tag("p", attrs={"class": "see"})
        link = soup.new_tag("a", href=f"#{there}")
        link.append(" and ".join(dict.fromkeys(words)).capitalize())
        see.append(link)
        folded[-1].insert_after(see)
        answer = soup.new_tag("section")
        title = soup.new_tag("h3", id=there)
        back = soup.new_tag("a", href=f"#{asked['id']}")
        back.extend([copy(child) for child in asked.contents])
        title.append(back)
        answer.append(title)
        answer.extend([each.extract() for each in folded])
        taken.append(answer)
    return taken


def _answered(article: Tag, name: str) -> Iterator[tuple[Tag, list[Tag]]]:
    """Yield the titles of exercises and of a lab's tasks, and what of each is folded away."""
    for facts in article.select("h3 + .exercise-facts"):
        folded = []
        for other in facts.find_next_siblings():
            if other.name in ("h1", "h2", "h3"):
                break
            if other.name == "details" and _classes(other) & _FOLDED:
                folded.append(other)
        if folded:
            yield facts.find_previous_siblings("h3")[0], folded
    for number, details in enumerate(article.select(".admonition.question + details"), 1):
        if _classes(details) & _FOLDED:
            title = details.find_previous_siblings("div")[0].select(".admonition-title")[0]
            title["id"] = f"{name}--task-{number}"
            yield title, [details]


def _unfold(details: Tag) -> None:
    """Open what is folded: its summary is a title, and a choice a paragraph."""
    summary = details.summary
    assert summary is not None
    details.name = "div"
    details.attrs = {"class": " ".join(["folded", *sorted(_classes(details))])}
    summary.name = "p"
    summary.attrs = {"class": "folded-title"}


def keep_together(body: Tag) -> None:
    """Put code and what it drew or printed into one box."""
    soup = BeautifulSoup("", "html.parser")
    for code in body.select(".highlight"):
        if code.parent is not None and "unit" in _classes(code.parent):
            continue
        after = code.find_next_sibling()
        drawn = after is not None and (after.name == "figure" or "output" in _classes(after))
        if drawn:
            code = _split(code)
        box = code.wrap(soup.new_tag("div", attrs={"class": "unit"}))
        while drawn and after is not None:
            following = after.find_next_sibling()
            box.append(after.extract())
            drawn = following is not None and following.name == "figure"
            after = following


def _split(box: Tag) -> Tag:
    """Split long code before its last lines, which stay with what they drew; return their box."""
    code = box.select("pre > code")[0]
    excess = code.get_text().count("\n") - _LAST
    if excess < _LAST or code.select("samp"):
        return box
    head = copy(box)
    box.insert_before(head)
    head["class"] = " ".join([*sorted(_classes(head)), "head"])
    box["class"] = " ".join([*sorted(_classes(box)), "tail"])
    for part, first in ((head, True), (box, False)):
        code = part.select("pre > code")[0]
        seen = 0
        for child in list(code.contents):
            lines = child.get_text().splitlines(keepends=True)
            ends = [text.endswith("\n") for text in lines]
            kept = [
                text for at, text in enumerate(lines) if (seen + sum(ends[:at]) < excess) == first
            ]
            seen += sum(ends)
            if not kept:
                child.extract()
            elif isinstance(child, Tag):
                child.string = "".join(kept)
            else:
                child.replace_with("".join(kept))
    return box


def _classes(tag: Tag) -> set[str]:
    return {str(each) for each in tag.get_attribute_list("class") if each}


class Index:
    """Knows where in some documents a link of the site leads."""

    def __init__(self, documents: list[Document]) -> None:
        self._places: dict[str, str] = {}  # ids, and the name of the document of each
        self._names: dict[str, str] = {}  # addresses, and the name of the page at each
        for document in documents:
            self._places[document.name] = document.name
            for tag in document.body.find_all(id=True):
                self._places[str(tag["id"])] = document.name
            if url := document.body.get("data-url"):
                self._names[str(url)] = document.name

    def find(self, href: str) -> tuple[str, str] | None:
        """Return the name of the document and the id that a link leads to, if it is here."""
        url, fragment = urldefrag(href)
        if not url:
            place = fragment
        elif url in self._names:
            place = f"{self._names[url]}--{fragment}" if fragment else self._names[url]
        else:
            return None
        return (self._places[place], place) if place in self._places else None


def headings(body: Tag) -> list[Tag]:
    """Return the headings of a body, in order."""
    return [tag for tag in body.find_all(_HEADINGS) if isinstance(tag, Tag)]
