"""A served book: what is edited is seen, and what depends on it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

import pytest
from bs4 import BeautifulSoup

from tests import small_book
from textbook.build import practice

EXERCISE = """
### 2. Another {: #another level=core kind=hand }

What is 2 + 2?

??? success "Solution"
    It is 4.
"""
MORE = '{"Practise": "practice.md"}, {"All": "downloads.md"}'
PRACTICE = f"# Practise\n\n{practice.LIST}\n"


class Served:
    """A book that is being served, and its pages on the disk."""

    def __init__(self, project: Path, address: str) -> None:
        self.project, self.address = project, address

    def page(self, path: str) -> str:
        """Return what a reader gets."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=60) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            return ""

    def wait(self, path: str, text: str) -> None:
        """Wait until a page says something."""
        end = time.monotonic() + 60
        while text not in self.page(path):
            assert time.monotonic() < end, f"{path} never says {text}"
            time.sleep(0.1)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def serving(project: Path, *options: str) -> Iterator[Served]:
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--livereload", *options,
         "--dev-addr", f"127.0.0.1:{port}"],
        cwd=project, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        yield Served(project, f"http://127.0.0.1:{port}/dlfund/")
    finally:
        server.terminate()
        server.communicate(timeout=60)


@pytest.fixture
def served(project: Path) -> Iterator[Served]:
    small_book.write(project)
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("watch: []", "watch: [dlfund]")
    settings.write_text(text.replace("nav: [", f"nav: [{MORE}, "), "utf-8")
    (project / "docs/index.md").write_text(small_book.HOME, encoding="utf-8")
    (project / "docs/practice.md").write_text(PRACTICE, encoding="utf-8")
    with (project / "dlfund/gradients.py").open("a", encoding="utf-8") as library:
        library.write("\n\ndef five() -> int:\n    return 5\n")
    lesson = project / "docs/chapters/losses/one.md"
    text = lesson.read_text(encoding="utf-8").replace("2 + 3", "import_five()")
    lesson.write_text(text.replace("import_five", "__import__('dlfund').gradients.five"), "utf-8")
    with serving(project, "--dirty") as book:
        book.wait("chapters/losses/one/", "One loss")
        yield book


@pytest.mark.every
def test_an_edit_is_seen_and_what_depends_on_it(served: Served) -> None:
    lesson = "chapters/losses/one/"
    called = titles(served.page(lesson))
    assert {"One loss", "Summary", "Practise"} <= {*called}
    sheet = served.page("assets/stylesheets/book.css")

    served.edit("docs/chapters/losses/one.md", "It is this:", "Count them:")
    served.wait(lesson, "Count them:")
    assert titles(served.page(lesson)) == called

    with (served.project / "docs/chapters/losses/one.md").open("a", encoding="utf-8") as page:
        page.write(EXERCISE)
    served.wait("practice/", "Another")
    served.wait(lesson, "Another")
    index = json.loads(served.page("search/search_index.json"))
    found = [each["location"] for each in index["docs"]]
    assert f"{lesson}#another" in found
    assert "summary/" in found
    assert len(found) == len(set(found))
    assert served.page("assets/stylesheets/book.css") == sheet

    served.edit("dlfund/gradients.py", "return 5", "return 6")
    served.wait(lesson, "example failed")
    served.edit("dlfund/gradients.py", "return 6", "return 5")
    served.wait(lesson, "Count them:")

    served.edit("mkdocs.yml", "theme: {", "site_name: A new name\ntheme: {")
    served.wait("summary/", "A new name")
    served.wait("", "A new name")


def titles(page: str) -> list[str]:
    """Return what the navigation calls the pages."""
    links = BeautifulSoup(page, "html.parser").select(".md-nav--primary .md-nav__link")
    return sorted({" ".join(link.get_text().split()) for link in links})
