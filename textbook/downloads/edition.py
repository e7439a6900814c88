"""Which book this is: what title pages say, and the time that all files tell."""

import os
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Edition:
    """A book at one commit."""

    title: str
    description: str
    address: str  # where the site is read
    version: str
    commit: str  # of the source, or nothing
    time: datetime
    author: str
    nav: list[Any]
    printed: tuple[str, ...]  # the entries of the nav that go into a book

    @property
    def date(self) -> str:
        """The day, as it is written."""
        return f"{self.time.day} {self.time:%B %Y}"

    @property
    def imprint(self) -> str:
        """What a title page says below the title, as HTML."""
        commit = f" (commit {self.commit})" if self.commit else ""
        lines = [
            f"Edition {escape(self.version)}{commit}, {self.date}.",
            f"{escape(self.author)}.",
            f'Text: <a href="{_LICENCE}">CC BY 4.0</a>. Code: MIT. Fonts: OFL 1.1.',
            f'To run the examples: <a href="{self.address}">{self.address}</a>',
        ]
        return "<br/>\n".join(lines)

    @property
    def stem(self) -> str:
        """What names of files begin with."""
        return self.title.lower().replace(" ", "-")


def read(project: Path) -> Edition:
    """Read what a project says of its book."""
    with (project / "mkdocs.yml").open(encoding="utf-8") as file:
        settings = yaml_load(file)
    with (project / "pyproject.toml").open("rb") as settings_of_python:
        package = tomllib.load(settings_of_python)["project"]
    commit, seconds = _git(project, "%h"), _git(project, "%ct")
    return Edition(
        title=settings["site_name"],
        description=settings["site_description"],
        address=settings["site_url"],
        version=package["version"],
        commit=commit,
        time=datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or seconds or 0), UTC),
        author=package["authors"][0]["name"],
        nav=settings["nav"],
        printed=tuple(settings["extra"]["printed"]),
    )


def _git(project: Path, what: str) -> str:
    command = ["git", "-C", str(project), "log", "-1", f"--format={what}"]
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""  # a copy without its history
