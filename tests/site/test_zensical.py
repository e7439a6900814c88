"""A lesson is Markdown with an extension, no plugin: Zensical builds it with its figures."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.conftest import IGNORED, ROOT
from tests.site.test_site import soup

SETTINGS = f"""\
site_name: One lesson
theme: {{name: material, font: false, custom_dir: {(ROOT / "textbook/overrides").as_posix()}}}
extra: {{scripts: "", python: "", time_limit: 1}}
markdown_extensions:
  - textbook.build.extension
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - pymdownx.details
  - pymdownx.superfences
"""


# What pages lack there, since it calls no hooks and knows no plugin that reads notebooks; besides
# the folders of fonts, scripts and Python, so that nothing runs in the page.
LACKS = {
    r"labs/[\w-]+/": {"page"},
    r"chapters/\w+/": {"minutes"},
    r"chapters/\w+/[\w-]+/": {"notebooks"},
    r"practice/": {"sections", "links"},  # the list of exercises
}
PARTS = {
    "examples": "div.highlight[data-copy]",
    "exercises": "[data-exercise]",
    "figures": "figure",
    "formulas": "math",
    "links": "a[href*='#']:not(.headerlink)",
    "notebooks": "a[href$='.ipynb']",
    "questions": ".gate",
    "sections": "h2, h3",
}


def build(folder: Path, own: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    if not (folder / "mkdocs.yml").exists():
        (folder / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(own)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("lesson", ["losses/rewards"])
def test_a_lesson_builds_with_its_figures(lesson: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    text = (ROOT / f"docs/chapters/{lesson}.md").read_text(encoding="utf-8")
    (tmp_path / "docs/index.md").write_text(text, encoding="utf-8")
    result = build(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    soup = BeautifulSoup((tmp_path / "site/index.html").read_text(encoding="utf-8"), "html.parser")
    assert len(soup.select("figure")) == text.count(' caption="') >= 1
    for img in soup.select("figure img"):
        assert str(img["src"]).startswith("data:image/svg+xml;base64,")
    assert soup.select("math")


def test_a_wrong_page_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Page\n\n```pycon\n>>> 1 + 1\n3\n```\n", "utf-8")
    result = build(tmp_path)
    assert result.returncode != 0
    assert "index.md:4: example failed" in result.stdout + result.stderr


def parts(page: Path) -> dict[str, int]:
    """Count what a page has."""
    article = soup(page).article
    assert article is not None
    counts = {name: len(article.select(selector)) for name, selector in PARTS.items()}
    return counts | {"minutes": len(re.findall(r" · \d+ min\b", article.get_text()))}


def lacks(site: Path, other: Path) -> dict[str, set[str]]:
    """Return, page by page, what is in a site and not in another."""
    found = {}
    for page in sorted(site.rglob("index.html")):
        name = page.relative_to(site).as_posix().removesuffix("index.html")
        if not (other / name / "index.html").is_file():
            found[name] = {"page"}
            continue
        here, there = parts(page), parts(other / name / "index.html")
        found[name] = {part for part in here if here[part] > there[part]}
    return found


@pytest.mark.audit
def test_what_each_page_of_the_book_lacks(site: Path, tmp_path: Path) -> None:
    """Its examples run one after the other: several minutes."""
    book = tmp_path / "book"
    shutil.copytree(ROOT, book, ignore=IGNORED)
    result = build(book, book)
    assert result.returncode == 0, result.stdout + result.stderr
    for name, missing in lacks(site, book / "site").items():
        wanted = [what for pattern, what in LACKS.items() if re.fullmatch(pattern, name)]
        assert missing == set().union(*wanted), name
