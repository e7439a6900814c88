"""Every notebook runs from top to bottom in a fresh kernel, on the wheel that the site carries.

What its cells then show is held to the page, and what the notebook stores to what they show.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import Tag
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.site.test_site import soup
from textbook import session
from textbook.examples import scan

DOCS = ROOT / "docs"
PAGES = [
    page.relative_to(DOCS).with_suffix("").as_posix()
    for page in [*sorted(DOCS.glob("chapters/*/*.md")), *sorted(DOCS.glob("labs/*.py"))]
    if page.stem != "index"
]
SAMPLE = ["chapters/pooling/maximum"]  # run in a quick run, too
NOT_ON_THE_PAGE = {"setup", "guess", "exercise", "check"}  # tags
FIGURE = "(a figure)"

type Notebook = dict[str, Any]


@pytest.fixture(scope="session")
def library(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the site's wheel installed, and nothing else."""
    (wheel,) = site.glob("assets/python/*.whl")
    folder = tmp_path_factory.mktemp("library")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--target", folder, wheel], check=True)
    return folder


def read(site: Path, page: str, kind: str = "") -> Notebook:
    text = (site / f"notebooks/{page}{kind}.ipynb").read_text(encoding="utf-8")
    notebook: Notebook = json.loads(text)
    return notebook


def execute(notebook: Notebook, library: Path, folder: Path) -> Notebook:
    """Run a notebook in a fresh kernel that has the library from its wheel, not from here."""
    copy = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]  # it says no types
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        copy, kernel_name="python3", timeout=600, startup_timeout=300, resources=where
    )
    environment = {**os.environ, "PYTHONPATH": str(library)}
    environment.pop("MPLBACKEND", None)  # a kernel has its own
    client.execute(env=environment)
    executed: Notebook = copy
    return executed


def shown(cell: Notebook) -> str:
    """Return what a cell shows: its text, and a word for each figure."""
    out = ""
    for output in cell["outputs"]:
        assert output.get("name") != "stderr", output["text"]
        if output["output_type"] == "stream":
            out += output["text"]
        elif output["output_type"] == "error":
            out += f"Traceback (most recent call last):\n{output['ename']}: {output['evalue']}"
        elif any(kind.startswith("image/") for kind in output["data"]):
            out += FIGURE
        else:
            out += output["data"]["text/plain"]
    return out


def expected(page: Path) -> Iterator[str]:
    """Yield what the page of the site shows under its examples, one output after the other."""
    article = soup(page).article
    assert article is not None
    for box in article.select("div.highlight[data-section]"):
        if box.find_parent("details"):
            continue
        if "language-pycon" in box["class"]:
            yield from (prompt.want for prompt in session.prompts(text(box)) if prompt.want)
            continue
        after = box.find_next_sibling()
        both = (
            text(after) if isinstance(after, Tag) and "output" in (after.get("class") or "") else ""
        )
        if both and isinstance(after, Tag):
            after = after.find_next_sibling()
        if isinstance(after, Tag) and after.name == "figure":
            both += FIGURE
        if both:
            yield both


def text(box: Tag) -> str:
    code = box.select_one("pre > code") or box.code
    assert code is not None
    return code.get_text()


def differences(notebook: Notebook, page: Path) -> list[tuple[str, str, str]]:
    """Return where an executed notebook does not show what its page does: id, page, notebook."""
    cells = [
        (cell["id"], shown(cell))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        and NOT_ON_THE_PAGE.isdisjoint(cell["metadata"].get("tags", []))
    ]
    got = [(name, output) for name, output in cells if output.strip()]
    wanted = list(expected(page))
    assert len(wanted) == len(got), (wanted, got)
    return [
        (name, want, output)
        for want, (name, output) in zip(wanted, got, strict=True)
        if not session.same(want, output)
    ]


RUNS = [pytest.param(page, marks=[] if page in SAMPLE else [pytest.mark.every]) for page in PAGES]


@pytest.mark.parametrize("page", RUNS)
def test_a_notebook_shows_what_its_page_does(
    site: Path, library: Path, tmp_path: Path, page: str
) -> None:
    stored = read(site, page)
    solved = with_solutions(stored, page)
    executed = execute(solved, library, tmp_path)
    assert differences(executed, site / page / "index.html") == []
    for before, after in zip(stored["cells"], executed["cells"], strict=True):
        if before.get("outputs"):
            assert session.same(shown(before), shown(after))
        if before["metadata"].get("tags") == ["check"]:
            assert shown(after).startswith("TestResults(failed=0, attempted="), shown(after)


def with_solutions(notebook: Notebook, page: str) -> Notebook:
    """Return a notebook with each exercise solved: its check, on doctest, agrees with ours."""
    path = DOCS / f"{page}.md"
    blocks = scan(path.read_text(encoding="utf-8"), path.name) if path.is_file() else []
    solutions = {block.options["solution"]: block for block in blocks if block.role == "solution"}
    solved: Notebook = json.loads(json.dumps(notebook))
    for cell in solved["cells"]:
        if cell["metadata"].get("tags") == ["exercise"]:
            cell["source"] += "\n" + solutions.pop(cell["id"].removesuffix("-exercise")).code
    assert not solutions
    return solved


PLANTED = "chapters/pooling/maximum"


@pytest.mark.every
def test_a_notebook_whose_output_differs_is_found(
    site: Path, library: Path, tmp_path: Path
) -> None:
    stored = read(site, PLANTED)
    page = site / PLANTED / "index.html"
    wanted = "array([[ 6.,  8.]"
    cells = [cell for cell in stored["cells"] if wanted in json.dumps(cell.get("outputs", ""))]
    (cell,) = cells
    cell["source"] = cell["source"].replace("a) + relu(b", "a) + 2 * relu(b")
    found = differences(execute(stored, library, tmp_path), page)
    assert cell["id"] in [name for name, *_ in found]
    shutil.copytree(library, tmp_path / "library")
    pooling = tmp_path / "library/dlfund/pooling.py"
    pooling.write_text(
        pooling.read_text("utf-8") + "\ndef avg_pool_2d(x):\n    return np.ones((1, 1))\n", "utf-8"
    )
    found = differences(execute(read(site, PLANTED), tmp_path / "library", tmp_path), page)
    assert "which-is-linear" in [name for name, *_ in found]


def test_every_lesson_and_lab_is_a_notebook_of_a_version_that_viewers_know(site: Path) -> None:
    for page in PAGES:
        for kind in ("", "-for-a-class"):
            notebook = read(site, page, kind)
            nbformat.validate(notebook)
            assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
            assert notebook["cells"][0]["id"] == "setup"
    made = {path.relative_to(site / "notebooks") for path in site.glob("notebooks/**/*.ipynb")}
    assert len(made) == 2 * len(PAGES)


def test_the_notebooks_are_small(site: Path) -> None:
    sizes = {path: path.stat().st_size for path in site.glob("notebooks/**/*.ipynb")}
    assert max(sizes.values()) < 700_000
    assert sum(sizes.values()) / len(sizes) < 300_000


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_the_books_own_markdown_is_left(site: Path, page: str) -> None:
    for kind in ("", "-for-a-class"):
        for cell in read(site, page, kind)["cells"]:
            if cell["cell_type"] == "code":
                continue
            prose = re.sub(r"(?s)```.*?```|`[^`]+`|data:image/[^\"]+", "", cell["source"])
            for raw in ("!!!", "???", "{:", "{ #", "{ .", "```", "[x]", "[ ]", r"\vec", r"\argmax"):
                assert raw not in prose, cell["source"]
            for target in re.findall(r"\]\(([^)\s]+)\)", prose):
                assert target.startswith("https://"), target
            for title in re.findall(r"<summary>(.*)</summary>", prose):
                assert "`" not in title
                assert "**" not in title


@pytest.mark.parametrize("page", PAGES)
def test_a_class_gets_all_but_the_answers(site: Path, page: str) -> None:
    whole = {cell["id"]: cell for cell in read(site, page)["cells"]}
    given = {cell["id"]: cell for cell in read(site, page, "-for-a-class")["cells"]}
    left = [name for name in whole if name not in given]
    assert given.keys() <= whole.keys()
    assert all(re.search(r"-(answer|solution)(-\d+)?$", name) for name in left), left
    text = "".join(cell["source"] for cell in given.values())
    assert "**Right.**" not in text
    assert "**No.**" not in text
    path = DOCS / f"{page}.md"
    if path.is_file():
        for block in scan(path.read_text(encoding="utf-8"), path.name):
            if block.role == "solution":
                assert "\n".join(block.code.split("\n")[-2:]) not in text


def test_a_page_leads_to_its_notebooks(site: Path) -> None:
    for page in PAGES:
        html = soup(site / page / "index.html")
        links = html.select("article h1 + .notebook a[download]")
        files = [(site / page / str(link["href"])).resolve() for link in links]
        assert [file.name for file in files] == [
            f"{Path(page).name}.ipynb", f"{Path(page).name}-for-a-class.ipynb",
        ]  # fmt: skip
        assert all(file.is_file() for file in files)
        assert "Colab" not in html.get_text(), "a setting that is not set"


def test_the_first_cell_installs_the_wheel_that_the_site_carries(site: Path) -> None:
    (wheel,) = site.glob("assets/python/*.whl")
    address = f"https://dlfund.github.io/dlfund/{wheel.relative_to(site).as_posix()}"
    for page in PAGES:
        assert f"%pip install --quiet {address}" in read(site, page)["cells"][0]["source"]
