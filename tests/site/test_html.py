"""Every page and every figure passes the Nu HTML checker, but for what the theme says amiss."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import npm
from tests.conftest import ROOT

VERSION = "26.9.27"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
JAR = ROOT / f".cache/vnu/{VERSION}.jar"

# What Material for MkDocs says amiss on its pages, and why it does no harm.
THEMES = {
    # It keeps the state of menus in checkboxes; browsers know the attribute there.
    "Attribute 'autocomplete' is only allowed when the input type is 'color', 'date', "
    "'datetime-local', 'email', 'hidden', 'month', 'number', 'password', 'range', 'search', "
    "'tel', 'text', 'time', 'url', or 'week'.",
    # The label of a part of the navigation that is open anyway; as if the attribute were missing.
    "Bad value '' for attribute 'tabindex' on element 'label': The empty string is not a valid "
    "integer.",
    # A page without sections keeps the title of the menu of them; nobody sees it.
    "The value of the 'for' attribute of the 'label' element must be the ID of a non-hidden form "
    "control.",
}


@pytest.fixture(scope="session")
def java() -> str:
    found = shutil.which("java")
    for name, path in (("java", found), ("npm", JAR.is_file() or shutil.which("npm"))):
        if not path and "CI" not in os.environ:
            package = {"java": "default-jre-headless"}.get(name, name)
            pytest.skip(f"{name} is missing; get it with: apt-get install {package}")
    assert found, "java is missing"
    return found


@pytest.fixture(scope="session")
def vnu() -> Path:
    """Return the checker, which is fetched once."""
    if not JAR.is_file():
        JAR.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=JAR.parent) as scratch:
            name = "build/dist/vnu.jar"
            content = npm.files("vnu-jar", VERSION, [name], Path(scratch))[name]
            (Path(scratch) / "jar").write_bytes(content)
            (Path(scratch) / "jar").replace(JAR)
    assert hashlib.sha256(JAR.read_bytes()).hexdigest() == SHA256
    return JAR


def check(java: str, vnu: Path, site: Path) -> Iterator[tuple[str, str]]:
    """Yield what the checker says of pages and figures, and where."""
    done = subprocess.run(
        [
            *(java, "-Dfile.encoding=UTF-8", "-jar", str(vnu), "--format", "json", "--stdout"),
            *("--asciiquotes", "--skip-non-html", "--also-check-svg", str(site)),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr
    for each in json.loads(done.stdout)["messages"]:
        if "violates Content Security Policy (meta tag)" in each["message"]:
            continue  # for the checker, nothing of a folder is the site's own: see test_safety.py
        where = f"{each.get('url', '')}:{each.get('lastLine', '')}: {each.get('extract', '')}"
        yield each["message"], where


@pytest.mark.every
def test_the_checker_finds_nothing_that_is_ours(java: str, vnu: Path, site: Path) -> None:
    found = set(check(java, vnu, site))
    its = {each for each in found if each[0] in THEMES and 'class="md-' in each[1]}
    assert found - its == set()
    assert {message for message, _ in its} == THEMES, "the theme has mended one: off the list"


@pytest.mark.every
def test_the_checker_reads_pages_and_figures(java: str, vnu: Path, tmp_path: Path) -> None:
    page = '<!doctype html><html lang="en"><title>x</title><p><div>x</div></p>'
    (tmp_path / "index.html").write_text(page, "utf-8")
    figure = '<svg xmlns="http://www.w3.org/2000/svg"><nope/></svg>'
    (tmp_path / "figure.svg").write_text(figure, "utf-8")
    (tmp_path / "right.html").write_text(page.replace("<p>", "").replace("</p>", ""), "utf-8")
    messages = sorted(message for message, _ in check(java, vnu, tmp_path))
    assert [message[:31] for message in messages] == [
        "Element 'nope' not allowed as c",
        "No 'p' element in scope but a '",
        "The 'nope' element is a complet",
    ]
