"""How long pages take to read, and how much they ask: said by the build, where a page wants it.

A page writes `<!-- minutes -->` or `<!-- questions -->` on a line, and the build writes there
what the lessons and labs that the line links to take, or ask; `<!-- total -->` is the sum of
the minutes above it.
"""

import re
from functools import cache
from pathlib import Path

from textbook.build import exercises, labs
from textbook.examples import scan

_LISTED = re.compile(r"^\d+\. \[[^]]+\]\(([\w-]+\.md)\)", re.MULTILINE)  # in a chapter's list
_LINK = re.compile(r"\]\(([^)#:\s]+\.(?:md|py))[^)]*\)")
_MARK = re.compile(r"^(?P<before>.*?)<!-- (?P<what>minutes|questions|total) -->", re.MULTILINE)
_ASKED = re.compile(r'^!!! question "(Predict|Why\?)"', re.MULTILINE)


def lessons(markdown: str, folder: Path) -> str:
    """Add its minutes to each lesson in the list of a chapter's index."""
    return _LISTED.sub(lambda link: f"{link[0]} · {minutes(folder / link[1])} min", markdown)


def fill(markdown: str, folder: Path) -> str:
    """Write minutes and questions where a page asks for them; its links begin at a folder."""
    total = 0

    def written(mark: re.Match[str]) -> str:
        nonlocal total
        linked = (folder / path for path in _LINK.findall(mark["before"]))
        pages = [page for page in linked if page.is_file()]  # or MkDocs says it
        if mark["what"] == "total":
            said, total = f"{total} min, or {total / 60:.0f} hours", 0
        elif mark["what"] == "minutes":
            taken = sum(map(minutes, pages))
            total += taken
            said = f"{taken} min"
        else:
            said = "; ".join(map(asked, pages))
        return mark["before"] + said

    return _MARK.sub(written, markdown)


def minutes(page: Path) -> int:
    """Return how long a page takes: 220 words of prose a minute, or two examples."""
    return _minutes(_read(page), str(page))


@cache  # for as long as a book is served
def _minutes(text: str, page: str) -> int:
    examples = scan(text, page)
    for example in reversed(examples):
        text = text[: example.start] + text[example.end :]
    text = re.sub(r"\{:[^}]*\}", "", text)  # names and other attributes are not read
    words = sum(bool(re.search(r"[^\W\d_]", token)) for token in text.split())  # no bars, no signs
    return round(words / 220 + len(examples) / 2)


def asked(page: Path) -> str:
    """Say how many questions and exercises a page has."""
    text = _read(page)
    kinds = [match[1] for match in _ASKED.finditer(text)]
    given = len(exercises.scan(text, str(page)))
    counts = {"Predict": kinds.count("Predict"), "Why?": kinds.count("Why?"), "exercises": given}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _read(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    return labs.read(text, str(page)) if page.suffix == labs.SUFFIX else text
