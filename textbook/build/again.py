"""What a served book keeps from one build to the next, and what it builds anew.

`mkdocs serve --dirty` renders only pages whose source is younger than their HTML. Here it is said
what else a page depends on: then its HTML is removed, and what is known of the others is kept.
"""

import hashlib
import logging
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any

from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page


def digest(paths: Iterable[Path]) -> str:
    """Return what changes with the contents of files, or with their names."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def hush() -> None:
    """Keep from the log that links and titles may be wrong: they are seen to."""
    log = logging.getLogger("mkdocs.commands.build")
    log.addFilter(lambda record: "'dirty' build" not in record.getMessage())


class Pages:
    """The pages of a book, as the build before left them."""

    def __init__(self) -> None:
        self._common = ""
        self._once_more: set[Path] = set()
        self._known: dict[str, tuple[str | None, MutableMapping[str, Any]]] = {}
        self._entries: dict[str, list[dict[str, Any]]] = {}

    def begin(self, common: str, site: Path) -> None:
        """Remove HTML that is out of date: of all pages, if what they have in common changed."""
        stale = self._once_more if common == self._common else {*site.rglob("*.html")}
        for path in stale:
            path.unlink(missing_ok=True)
        self._common, self._once_more = common, set()

    def once_more(self, page: Page) -> None:
        """Build a page the next time, too: it tells of others, or has an error to say again."""
        self._once_more.add(Path(page.file.abs_dest_path))

    def recall(self, nav: Navigation) -> None:
        """Give pages that are not read the titles and the metadata that they had."""
        for page in nav.pages:
            if page.file.src_uri in self._known and not page.file.is_modified():
                page.title, page.meta = self._known[page.file.src_uri]

    def keep(self, page: Page, entries: list[dict[str, Any]]) -> None:
        """Remember a page, and what the search finds on it."""
        self._known[page.file.src_uri] = page.title, page.meta
        self._entries[page.file.src_uri] = entries

    def found(self, nav: Navigation) -> list[dict[str, Any]]:
        """Return what the search finds on the pages that are there."""
        there = {page.file.src_uri for page in nav.pages}
        return [entry for uri, each in self._entries.items() if uri in there for entry in each]
