"""A lesson is Markdown with an extension, no plugin: Zensical builds it with its figures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT

SETTINGS = """\
site_name: One lesson
theme: {name: material, font: false}
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


def build(folder: Path) -> "subprocess.CompletedProcess[str]":
    (folder / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
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
