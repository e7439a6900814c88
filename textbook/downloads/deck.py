"""An Anki deck: a card for each row of the summary's tables, and one for each why-question.

A card's id is made of what it asks: whoever imports a later edition keeps what they have learned,
as long as the question is the same. The numbers below are ours for ever.
"""

import html
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import genanki
from markdown import Markdown

from textbook.build.maths import MATHS, without_macros
from textbook.downloads.archive import pack
from textbook.downloads.edition import Edition

DECK, MODEL = 1_764_118_401, 1_764_118_402

_WHY = re.compile(r'^!!! question "Why\?"\n(?P<body>(?:(?: {4}.*)?\n)+)', re.MULTILINE)
_NAME = re.compile(r"^\{: #(?P<name>[\w-]+) \}$", re.MULTILINE)
_CHOICE = re.compile(r"^- \[(?P<mark>[ x])\] (?P<text>.*)\n(?P<word>(?: {2}.*\n?)*)", re.MULTILINE)
_SECTION = re.compile(r"^## \[(?:\d+\. )?(?P<title>[^]]+)\]\((?P<link>[^)]+)\)\n", re.MULTILINE)
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
_STYLE = """\
.card { max-width: 40em; margin: 1em auto; padding: 0 1em; text-align: left; }
.card { font: 1.1em/1.5 Georgia, serif; }
.card.night_mode { color: #e1e4e8; }
code { font-family: Consolas, Menlo, monospace; font-size: 0.9em; }
.where { font: 0.75em/1.4 system-ui, sans-serif; opacity: 0.75; }
ul { padding-left: 1.2em; }
"""


@dataclass(frozen=True)
class Card:
    """A question, its answer, where both come from, and the name that never changes."""

    name: str
    front: str
    back: str
    address: str
    tag: str


def cards(docs: Path, address: str) -> list[Card]:
    """Return the cards of a book."""
    found = [*_rows(docs / "summary.md", address)]
    for path in sorted((docs / "chapters").glob("*/*.md")):
        found += _whys(path, docs, address)
    names = [card.name for card in found]
    if twins := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"cards of one name: {', '.join(sorted(twins))}")
    return found


def _rows(summary: Path, address: str) -> Iterator[Card]:
    """Yield a card for each row of a table that gives a formula."""
    text = summary.read_text(encoding="utf-8")
    parts = _SECTION.split(text)[1:]
    for title, link, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        head: list[str] = []
        for row in _ROW.finditer(body):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row[1])]
            if set(row[1]) <= set("|- :"):
                continue
            if not body[: row.start()].endswith("|\n"):
                head = cells
                continue
            if len(cells) < 2 or not cells[1]:
                continue
            what, formula, *more = cells
            used = f"\n\n{' '.join(more)}" if any(more) else ""
            chapter = link.split("/")[-2]
            here = ("summary.md", address)
            asked = f"**{title}.** {what[0].upper()}{what[1:]}: {_asked(head[1])}"
            yield Card(
                f"summary/{chapter}/{what}",
                to_html(asked, *here),
                to_html(formula + used, *here),
                _online(link, *here),
                chapter,
            )


def _asked(column: str) -> str:
    return {"formula": "which formula?", "a step": "what is one step?"}.get(column, f"{column}?")


def _whys(path: Path, docs: Path, address: str) -> Iterator[Card]:
    """Yield a card for each why-question of a page."""
    source = path.relative_to(docs).as_posix()
    here = (source, address)
    for box in _WHY.finditer(path.read_text(encoding="utf-8")):
        body = re.sub(r"^ {4}", "", box["body"], flags=re.MULTILINE)
        name, choices = _NAME.search(body), [*_CHOICE.finditer(body)]
        if name is None or not choices:
            continue
        (right,) = (choice for choice in choices if choice["mark"] == "x")
        listed = "\n".join(f"- {choice['text']}" for choice in choices)
        chapter = path.parent.name
        yield Card(
            f"why/{chapter}/{name['name']}",
            to_html(f"{body[: name.start()].rstrip()}\n\n{listed}", *here),
            to_html(f"**{right['text'].rstrip('.')}.**\n\n{_dedent(right['word'])}", *here),
            f"{address}{_url(source)}#{name['name']}",
            chapter,
        )


def _dedent(text: str) -> str:
    return re.sub(r"^ {2}", "", text, flags=re.MULTILINE)


def to_html(text: str, source: str, address: str) -> str:
    """Turn Markdown into what Anki shows: formulas as it takes them, links to the book."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        latex = html.escape(without_macros(match["display"] or match["inline"]), quote=False)
        kept.append(rf"\[{latex}\]" if match["display"] else rf"\({latex}\)")
        return f"FORMULA{len(kept) - 1}X{match['after'] or ''}"

    result = Markdown(extensions=["tables"]).convert(MATHS.sub(keep, text))
    result = re.sub(r"FORMULA(\d+)X", lambda match: kept[int(match[1])], result)
    return re.sub(r'(?<=href=")[^"]+', lambda link: _online(link[0], source, address), result)


def _online(link: str, source: str, address: str) -> str:
    """Return the address of what a page links to."""
    if urlsplit(link).scheme:
        return link
    path, mark, fragment = urljoin(source, link).partition("#")
    return f"{address}{_url(path)}{mark}{fragment}"


def _url(path: str) -> str:
    return re.sub(r"(^|/)index/$", r"\1", re.sub(r"\.(md|py)$", "/", path))


def build(docs: Path, edition: Edition) -> bytes:
    """Return the deck as Anki's package: the same bytes each time."""
    model = genanki.Model(
        MODEL,
        edition.title,
        fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Where"}],
        templates=[
            {
                "name": "Card",
                "qfmt": "{{Question}}",
                "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}<p class=where>{{Where}}</p>",
            }
        ],
        css=_STYLE,
    )
    about = f"{edition.description} {edition.address} Text: CC BY 4.0."
    deck = genanki.Deck(DECK, edition.title, description=about)
    for card in cards(docs, edition.address):
        where = f'<a href="{card.address}">{card.address.removeprefix("https://")}</a>'
        guid = genanki.guid_for(str(DECK), card.name)
        deck.add_note(
            genanki.Note(model, [card.front, card.back, where], guid=guid, tags=[card.tag])
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(path, timestamp=edition.time.timestamp())
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            return pack({name: archive.read(name) for name in archive.namelist()})
