"""The package as it is published: the same bytes each time, what belongs into it, and it works."""

import email
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import IGNORED, ROOT
from textbook.examples import scan

BUILD = "from flit_core import buildapi; buildapi.build_wheel('dist'); buildapi.build_sdist('dist')"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAME = f"dlfund-{PROJECT['version']}"
BARE = {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}  # for Windows
SOURCES = {
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "dlfund").rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
}


def build(place: Path) -> Path:
    """Build both from a copy of the project in another folder, with files of another age."""
    project = place / "dlfund-project"
    shutil.copytree(ROOT, project, ignore=IGNORED, copy_function=shutil.copyfile)
    shutil.rmtree(project / "dist", ignore_errors=True)
    (project / "dist").mkdir()
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([sys.executable, "-c", BUILD], cwd=project, env=environment, check=True)
    return project / "dist"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("package"))


def wheel(dist: Path) -> Path:
    return dist / f"{NAME}-py3-none-any.whl"


def metadata(dist: Path) -> Message:
    with zipfile.ZipFile(wheel(dist)) as archive:
        return email.message_from_bytes(archive.read(f"{NAME}.dist-info/METADATA"))


def test_two_builds_are_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    again = build(tmp_path)
    names = [wheel(dist).name, f"{NAME}.tar.gz"]
    assert sorted(path.name for path in dist.iterdir()) == sorted(names)
    for name in names:
        assert (dist / name).read_bytes() == (again / name).read_bytes(), name


def test_the_wheel_has_the_package_and_nothing_else(dist: Path) -> None:
    with zipfile.ZipFile(wheel(dist)) as archive:
        names = set(archive.namelist())
    about = {f"{NAME}.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL")}
    assert names == SOURCES | about | {f"{NAME}.dist-info/licenses/LICENSE"}
    assert "dlfund/py.typed" in names
    assert {Path(name).suffix for name in SOURCES} == {".py", ".typed"}


def test_the_source_distribution_has_what_builds_the_wheel(dist: Path) -> None:
    with tarfile.open(dist / f"{NAME}.tar.gz") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.getnames()}
    about = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
    assert names == SOURCES | about


def test_a_wheel_from_the_source_distribution_is_the_same(dist: Path, tmp_path: Path) -> None:
    with tarfile.open(dist / f"{NAME}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    (tmp_path / NAME / "dist").mkdir()
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    command = [sys.executable, "-c", BUILD]
    subprocess.run(command, cwd=tmp_path / NAME, env=environment, check=True)
    assert wheel(tmp_path / NAME / "dist").read_bytes() == wheel(dist).read_bytes()


def test_a_registry_can_show_it(dist: Path) -> None:
    said = metadata(dist)
    assert said["Name"] == "dlfund"
    assert said["Version"] == PROJECT["version"]
    assert said["License-Expression"] == "MIT"
    assert said["Requires-Python"] == ">=3.12"
    assert set(said.get_all("Requires-Dist", [])) == {"numpy>=2.0", "matplotlib>=3.8"}
    assert said["Description-Content-Type"] == "text/markdown"
    assert said["Summary"]
    assert said["Author"] == "The dlfund authors"
    assert len(said["Keywords"].split(",")) > 5
    assert {line.partition(",")[0] for line in said.get_all("Project-URL", [])} == {
        "Changelog", "Homepage", "Issues", "Source",
    }  # fmt: skip
    versions = re.findall(r"Python :: (3\.\d+)", "\n".join(said.get_all("Classifier", [])))
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert re.search(r"python: \[(.*)\]", workflow)[1] == ", ".join(f'"{v}"' for v in versions)  # type: ignore[index]


def test_the_oldest_libraries_are_those_that_are_tested() -> None:
    assert "run: make oldest\n" in (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    for need in PROJECT["dependencies"]:
        name, oldest = need.split(">=")
        assert f'"{name}=={oldest}.*"' in (ROOT / "Makefile").read_text("utf-8")


def test_readme_can_be_read_anywhere() -> None:
    """A registry shows it, and knows no file beside it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert [target for target in targets if not target.startswith("https://")] == []
    here = "https://github.com/dlfund/dlfund/blob/main/"
    raw = "https://raw.githubusercontent.com/dlfund/dlfund/main/"
    files = [t.removeprefix(start) for t in targets for start in (here, raw) if t.startswith(start)]
    assert len(files) >= 4
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_the_version_stands_in_one_place() -> None:
    version = PROJECT["version"]
    first = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first
    assert re.fullmatch(rf"{re.escape(version)} - (unreleased|\d{{4}}-\d\d-\d\d)", first[1])
    said = [
        path.relative_to(ROOT).as_posix()
        for folder in ("dlfund", "docs", "textbook", ".github")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".yml", ".html", ".js")
        if re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", path.read_text(encoding="utf-8"))
    ]
    assert said == []


@pytest.fixture(scope="module")
def empty(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return Python in an environment that has the wheel, and what that needs, and no more."""
    place = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "venv"], check=True)
    inside = {"base": str(place / "venv"), "platbase": str(place / "venv")}
    python = Path(sysconfig.get_path("scripts", "venv", inside)) / "python"
    packages = Path(sysconfig.get_path("purelib", "venv", inside))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", packages, wheel(dist)], check=True)
    needs = Path(np.__file__).parents[1]  # without a network: Matplotlib and NumPy from here
    (packages / "needs.pth").write_text(f"import sys; sys.path.append({str(needs)!r})\n", "utf-8")
    yield python
    shutil.rmtree(place)


def test_readmes_example_runs_from_the_wheel_alone(empty: Path, tmp_path: Path) -> None:
    examples = scan((ROOT / "README.md").read_text(encoding="utf-8"), "README.md")
    (tmp_path / "readme.txt").write_text("".join(example.source for example in examples), "utf-8")
    where = "import dlfund, sys; print(dlfund.__file__.startswith(sys.prefix))"
    for command in (["-m", "doctest", "readme.txt"], ["-c", where]):
        done = subprocess.run(
            [empty, *command],
            cwd=tmp_path,
            env=BARE,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout == "True\n"


def test_figures_draw_from_the_wheel_alone(empty: Path, tmp_path: Path) -> None:
    code = (
        "import matplotlib; matplotlib.use('agg')\n"
        "from dlfund.figures import pooling\n"
        "print(type(pooling.photographs({'a': [[0, 1], [1, 0]]})).__name__)\n"
    )
    environment = BARE | {"MPLCONFIGDIR": str(tmp_path)}
    done = subprocess.run(
        [empty, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "Figure\n"), done.stderr
