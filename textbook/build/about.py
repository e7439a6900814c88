"""What a page says of itself at its foot: what ran for it, how to cite it, where to mend it.

Nothing here asks git or the clock, so that two builds are the same bytes: what the environment
does not say is left out.
"""

import datetime
import os
import re
from collections.abc import Iterable
from importlib import metadata
from typing import NamedTuple
from urllib.parse import urlencode

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

_SPECIAL = re.compile(r"[&%$#_{}]")  # to LaTeX


class Edition(NamedTuple):
    """When and with what a book was built, as far as that is known."""

    commit: str  # or nothing
    date: datetime.date | None
    made_with: str  # as in "NumPy 2.3.4 and Matplotlib 3.10.7"

    @property
    def day(self) -> str:
        """The date as one says it."""
        return f"{self.date.day} {self.date:%B %Y}" if self.date else ""


def edition(libraries: Iterable[str]) -> Edition:
    """Return what the Makefile says of this build, and the versions of some libraries."""
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or 0)
    date = datetime.datetime.fromtimestamp(epoch, datetime.UTC).date() if epoch else None
    versions = [f"{name} {metadata.version(name)}" for name in libraries]
    return Edition(os.environ.get("SOURCE_COMMIT", ""), date, " and ".join(versions))


def bibtex(page: Page, config: MkDocsConfig, edition: Edition) -> str:
    """Return the entry of a page for a list of references."""
    path = page.url.strip("/").removeprefix("chapters/").replace("/", "-")
    address = page.canonical_url or page.url
    title = str(config.site_name) if page.is_homepage else str(page.title)
    fields = {"author": f"{{{_plain(config.site_author or '')}}}", "title": f"{{{_plain(title)}}}"}
    if not page.is_homepage:
        fields["howpublished"] = _plain(str(config.site_name))
    if edition.date:
        fields["year"] = str(edition.date.year)
    if edition.commit:
        fields["note"] = f"Commit {edition.commit[:7]}"
    fields["url"] = address
    key = "-".join(part for part in (config.extra["library"], path) if part)
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return ",\n".join([f"@misc{{{key}", *lines]) + "\n}"


def _plain(text: str) -> str:
    """Return text without the signs of Markdown, and those of LaTeX as letters."""
    return _SPECIAL.sub(r"\\\g<0>", re.sub(r"[`*]", "", text))


def report(page: Page, config: MkDocsConfig, edition: Edition) -> str:
    """Return the address at which one says what is wrong; a script adds the section."""
    commit = f" (commit {edition.commit[:7]})" if edition.commit else ""
    said = {
        "title": f"{page.title}: ",
        "body": f"{page.canonical_url}{commit}\n\nWhat is wrong, and what should it say?\n",
    }
    return f"{(config.repo_url or '').rstrip('/')}/issues/new?{urlencode(said)}"
