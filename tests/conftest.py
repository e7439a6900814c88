"""Settings of the tests, and the book as a reader gets it."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import matplotlib.pyplot as plt
import pytest
from click.testing import CliRunner
from hypothesis import settings
from mkdocs.__main__ import cli

# How many cases a property is tried on. The short profile tries the same ones every time, so
# that what passed passes again; HYPOTHESIS_PROFILE=nightly looks for new ones. No deadline:
# how long a case takes says more about what else the machine does.
settings.register_profile("short", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

ROOT = Path(__file__).parent.parent
IGNORED = shutil.ignore_patterns(
    ".git", ".venv", ".cache", ".*_cache", ".hypothesis", "site", "__pycache__", "tests"
)


class Build(NamedTuple):
    """A finished `mkdocs build --strict`."""

    returncode: int
    output: str
    site: Path


def start_build(project: Path, site: Path, **settings: str) -> "subprocess.Popen[str]":
    """Start a strict build of a copy of the project, on that copy's own code.

    Settings of the environment may be others than ours.
    Not with --quiet: MkDocs then neither shows warnings nor counts them, and strict is not strict.
    """
    environment = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": f"{project}{os.pathsep}{ROOT}",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "1700000000"),
    }
    environment |= settings
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def finish_build(process: "subprocess.Popen[str]", site: Path) -> Build:
    output, _ = process.communicate()
    return Build(process.returncode, output, site)


def _copy_fonts(project: Path) -> None:
    """Take over the fonts that were cut before: test_fonts.py holds them to the same bytes."""
    fonts = ROOT / ".cache/fonts"
    if fonts.is_dir():
        shutil.copytree(fonts, project / ".cache/fonts")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built book: what `make site` has just built, or a build of ours."""
    if built := os.environ.get("BOOK_SITE"):
        return Path(built)
    folder = tmp_path_factory.mktemp("here") / "site"
    build = finish_build(start_build(ROOT, folder), folder)
    assert build.returncode == 0, build.output
    return folder


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the book from a copy in another folder, on another day."""
    place = tmp_path_factory.mktemp("elsewhere-entirely")
    copy = place / "book"
    shutil.copytree(ROOT, copy, ignore=IGNORED)
    _copy_fonts(copy)
    settings = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    return finish_build(start_build(copy, place / "site", **settings), place / "site")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project: the book's own engine, settings and library, and no pages yet."""
    return start_project(tmp_path)


def start_project(place: Path) -> Path:
    """Put a small project into a folder."""
    for folder in ("dlfund", "textbook", "docs/assets"):
        shutil.copytree(ROOT / folder, place / folder, ignore=IGNORED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):  # of which the wheel is made
        shutil.copy(ROOT / name, place)
    _copy_fonts(place)
    (place / "mkdocs.yml").write_text(
        f"INHERIT: {ROOT / 'mkdocs.yml'}\n"
        "nav: [{Home: index.md}]\n"
        "theme: {custom_dir: textbook/overrides}\n"
        "plugins: [search]\n"
        "watch: []\n"
        "hooks: [textbook/build/hook.py]\n",
        "utf-8",
    )
    return place


def _forget_our_modules() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.split(".")[0] in ("dlfund", "textbook")]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def build(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Build]]:
    """Return a function that builds the small project with the given home page.

    It is the same command, on that project's own code, but in this process:
    starting Python and importing MkDocs takes three times as long as such a build.
    """
    monkeypatch.chdir(project)
    monkeypatch.syspath_prepend(project)
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")

    def build(home: str) -> Build:
        (project / "docs/index.md").write_text(home, "utf-8")
        site = project / "site"
        ours = _forget_our_modules()
        result = CliRunner().invoke(cli, ["build", "--strict", "--site-dir", str(site)])
        _forget_our_modules()
        sys.modules.update(ours)
        return Build(result.exit_code, result.output, site)

    yield build
    logging.getLogger("mkdocs").handlers.clear()  # they write to what was this test's output


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    left = plt.get_fignums()
    plt.close("all")
    assert not left, "a test left a figure open"
