"""A page as plain Markdown: for notebooks, and as a twin of the page for whoever reads text.

What only this book's pages know is put into words that every reader of Markdown knows: options of
fences and attributes go, formulas are spelled out, links are whole, boxes become quotations, and
figures and what cells print stand below what made them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from textbook.build.maths import MATHS, without_macros
from textbook.examples import Block, Shown

type Link = Callable[[str], str]  # from an address as a page writes it to a whole one
type Pair = tuple[Block, Shown]

NAME = "index.md"  # of the twin, behind the address of its page
INDEX = "llms.txt"  # the list of all twins, at the address of the book

FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<language>\w*).*")

_ATTRIBUTES = re.compile(
    r"(?:^[ \t]*\{:[^}\n]*\}[ \t]*\n?)|(?:(?<=\))\{:? ?[^}\n]*\})|(?:[ \t]+\{:[^}\n]*\}[ \t]*$)",
    re.MULTILINE,
)
_TARGET = re.compile(r"(?<=\]\()[^)\s]+")
_FOR_A_SCRIPT = re.compile(r"<(form|template)\b.*?</\1>|<(section|div)[^>]* hidden>.*?</\2>", re.S)
_TAG = re.compile(r"</?[a-z][^>]*>|<!--.*?-->", re.DOTALL)
_BOX = re.compile(r'(?:!!!|\?\?\?\+?) (?P<kind>[\w-]+)(?: "(?P<title>.*)")?')


def prose(text: str, link: Link) -> str:
    """Return Markdown as others know it."""
    out, position = [], 0
    for match in MATHS.finditer(text):
        out.append(_plain(text[position : match.start()], link))
        position = match.end()
        if match["code"]:
            head, end, body = match[0].partition("\n")
            fence = FENCE.fullmatch(head) if match["fence"] else None
            head = f"{fence['indent']}{fence['fence']}{fence['language']}" if fence else head
            out.append(head + end + body)
        else:
            out.append(" ".join(without_macros(match[0]).split("\n")))
    return "".join([*out, _plain(text[position:], link)]).strip("\n")


def _plain(text: str, link: Link) -> str:
    return _TARGET.sub(lambda match: link(match[0]), _ATTRIBUTES.sub("", text))


def twin(text: str, shown: Iterable[Pair], link: Link, figures: str) -> str:
    """Return a page as Markdown; `figures` is the address of the folder with its figures."""
    lines = text.split("\n")
    below: dict[int, list[str]] = {}  # what stands after a line
    number = 0
    for block, each in shown:
        start, end = (text.count("\n", 0, place) for place in (block.start, block.end))
        opening = FENCE.fullmatch(lines[start])
        indent = opening["indent"] if opening else ""
        if opening:
            lines[start] = f"{indent}{opening['fence']}{block.language}"
        added: list[str] = []
        if block.cell and each.output.strip():
            added += ["", "```text", *each.output.rstrip("\n").split("\n"), "```"]
        if each.figure:
            number += 1
            name, options = block.options.get("name", f"figure-{number}"), block.options
            frames = each.frames
            said = [options[key] for key in ("alt", "caption")]
            if frames:
                name = f"{name}-{frames.default}"
                said = [frames.frames[frames.default].fill(part) for part in said]
            alt, caption = said[0].replace("[", "(").replace("]", ")"), said[1]
            added += ["", f"![{alt}]({figures}/{name}.svg)"]
            added += ["", f"**Figure {number}.** {caption}"]
        below[end] = [indent + line if line else "" for line in added]
    whole = "\n".join(
        part for place, line in enumerate(lines) for part in [line, *below.get(place, [])]
    )
    whole = prose(_outside_code(_FOR_A_SCRIPT, whole), link)
    text = "\n".join(_quoted(_outside_code(_TAG, whole).split("\n")))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _outside_code(pattern: re.Pattern[str], text: str) -> str:
    """Take out what a pattern finds, but not of code and formulas."""
    kept = [match.span() for match in MATHS.finditer(text)]
    out, position = [], 0
    for found in pattern.finditer(text):
        if not any(start < found.end() and found.start() < end for start, end in kept):
            out.append(text[position : found.start()])
            position = found.end()
    return "".join([*out, text[position:]])


def _quoted(lines: list[str]) -> Iterator[str]:
    """Yield lines with each box as a quotation, boxes in boxes too."""
    place = 0
    while place < len(lines):
        box = _BOX.fullmatch(lines[place].rstrip())
        place += 1
        if not box:
            yield lines[place - 1]
            continue
        inside = []
        while place < len(lines) and (not lines[place].strip() or lines[place].startswith("    ")):
            inside.append(lines[place][4:])
            place += 1
        while inside and not inside[-1].strip():
            inside.pop()
        yield f"> **{box['title'] or box['kind'].capitalize()}**"
        yield ">"
        yield from (f"> {line}".rstrip() for line in _quoted(inside))
        yield ""


def index(nav: Navigation, config: MkDocsConfig) -> str:
    """Return the list of all twins, as llmstxt.org describes it."""
    out = [f"# {config.site_name}", f"> {config.site_description}"]
    for part, pages in groupby(nav.pages, key=_part):
        out.append(f"## {part or config.site_name}\n")
        out[-1] += "".join(f"\n{_entry(page)}" for page in pages)
    return "\n\n".join(out) + "\n"


def _part(page: Page) -> str:
    return " - ".join(str(part.title) for part in reversed(list(page.ancestors)))


def _entry(page: Page) -> str:
    said = page.meta.get("description", "")
    return f"- [{page.title}]({page.canonical_url}{NAME})" + f": {said}" * bool(said)
