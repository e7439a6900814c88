"""Says on the built pages what there is to take along: where, how large, of which day."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from textbook.downloads.edition import Edition

_PAGE = re.compile(r"<!-- downloads -->.*?<!-- end of downloads -->", re.DOTALL)
_PLACE = re.compile(r'(<p class="take-along"[^>]*>).*?(</p>)', re.DOTALL)


@dataclass(frozen=True)
class Item:
    """A file, as the list names it."""

    name: str  # of the file
    title: str
    kind: str
    chapter: str = ""  # whose it is alone


def write(site: Path, items: list[Item], edition: Edition) -> None:
    """Fill the page of all files, and the place for a chapter's own on its page."""
    folder = site / "downloads"
    page = folder / "index.html"
    page.write_text(listed(page.read_text(encoding="utf-8"), folder, items, edition), "utf-8")
    for item in items:
        place = site / "chapters" / item.chapter / "index.html"
        if item.chapter and place.is_file():
            text = place.read_text(encoding="utf-8")
            said = (
                f'Take this chapter along: <a href="../../downloads/{item.name}">{item.kind}</a>, '
                f"{size(folder / item.name)}, {edition.date}, "
                '<a href="../../downloads/">and more</a>'
            )
            place.write_text(_replace(_PLACE, rf"\g<1>{said}\g<2>", text, place), "utf-8")


def listed(text: str, folder: Path, items: list[Item], edition: Edition) -> str:
    """Return the page with its table."""
    rows = "".join(
        f'<tr><td><a href="{escape(item.name)}">{escape(item.title)}</a></td>'
        f"<td>{escape(item.kind)}</td><td>{size(folder / item.name)}</td></tr>\n"
        for item in items
    )
    commit = f", commit <code>{edition.commit}</code>" if edition.commit else ""
    table = (
        f"<p>Edition {escape(edition.version)}{commit}, {edition.date}.</p>\n"
        "<table>\n<thead><tr><th>what</th><th>as</th><th>size</th></tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>"
    )
    table = f"<!-- downloads -->\n{table}\n<!-- end of downloads -->"
    return _replace(_PAGE, table.replace("\\", r"\\"), text, folder)


def _replace(place: re.Pattern[str], by: str, text: str, path: Path) -> str:
    text, count = place.subn(by, text)
    if count != 1:
        raise ValueError(f"{path} has {count} places for downloads, not one")
    return text


def size(path: Path) -> str:
    """Return how large a file is, as readers are told."""
    kilobytes = path.stat().st_size / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{max(1, round(kilobytes))} kB"
