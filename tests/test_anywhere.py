"""Nothing assumes the machine that it was written on: a locale, names of files, how to fork."""

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from tests.conftest import ROOT

FOLDERS = ("dlfund", "textbook", "tests", "benchmarks", "docs")
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix != ".pyc"
)


def calls(code: str) -> Iterator[tuple[ast.Call, str, set[str]]]:
    """Yield each call, the last word of what it calls, and the names that it gives."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            yield node, name, {each.arg or "" for each in node.keywords}


def in_the_locale(code: str) -> list[int]:
    """Return the lines that read or write text and do not say in which encoding."""
    found = []
    for call, name, given in calls(code):
        if name in ("read_text", "write_text"):
            said = len(call.args) > (name == "write_text")
        elif name == "open" and isinstance(call.func, ast.Name):
            said = any("b" in str(getattr(each, "value", "")) for each in call.args[1:])
        else:
            said = given.isdisjoint({"text", "universal_newlines"})
        if not said and "encoding" not in given:
            found.append(call.lineno)
    return found


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".py")])
def test_text_is_read_in_an_encoding_that_is_named(name: str) -> None:
    """On Windows it is otherwise that of the country, until Python 3.15."""
    assert in_the_locale((ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("path.read_text()", True),
        ("path.write_text('x')", True),
        ("open(path)", True),
        ("open(path, 'w')", True),
        ("run(['x'], text=True)", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text('x', 'utf-8')", False),
        ("path.write_text('x', encoding='utf-8')", False),
        ("open(path, 'rb')", False),
        ("open(path, encoding='utf-8')", False),
        ("run(['x'], encoding='utf-8')", False),
    ],
)
def test_what_is_taken_for_an_encoding_that_is_not_named(code: str, wrong: bool) -> None:
    assert bool(in_the_locale(code)) is wrong


def unfit(names: Iterable[str]) -> list[str]:
    """Return the names that some system cannot hold, or cannot hold beside the others."""
    names = list(names)
    folded = Counter(name.casefold() for name in names)
    ports = {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
    devices = {"con", "prn", "aux", "nul"} | ports
    return [
        name
        for name in names
        if folded[name.casefold()] > 1
        or not name.isascii()
        or len(name) > 120  # of 260, with the folder that it lies in
        or any(
            set(part) & set('<>:"|?*\\')
            or part[-1] in ". "
            or part.split(".")[0].lower() in devices
            for part in PurePosixPath(name).parts
        )
    ]


def test_every_system_can_hold_the_files() -> None:
    assert unfit(FILES) == []


def test_every_system_can_hold_the_site(site: Path) -> None:
    paths = [path for path in site.rglob("*") if path.is_file()]
    assert unfit(path.relative_to(site).as_posix() for path in paths) == []
    assert [path for path in paths if path.is_symlink()] == []


@pytest.mark.parametrize(
    "names",
    [["a/B.svg", "a/b.svg"], ["what?.svg"], ["aux.md"], ["end."], ["ä.md"], ["x" * 121]],
)
def test_what_no_system_can_hold_is_noticed(names: list[str]) -> None:
    assert unfit(names)
    assert unfit(["a/b.svg", "a/c.svg"]) == []


# What Windows has not, and what Python says of an encoding that nobody named, is an error.
ELSEWHERE = """\
import locale, multiprocessing, os, signal, sys, warnings

assert locale.getencoding() in ("US-ASCII", "ANSI_X3.4-1968", "646"), locale.getencoding()
warnings.filterwarnings("error", category=EncodingWarning, module=r"(dlfund|textbook)\\b")
multiprocessing.get_all_start_methods = lambda: ["spawn"]
multiprocessing.context.ForkServerContext._check_available = lambda self: 1 / 0
for module, names in ((os, ["fork"]), (signal, ["setitimer", "SIGPROF", "SIGALRM", "SIGKILL"])):
    for name in names:
        delattr(module, name)

from mkdocs.__main__ import cli

if __name__ == "__main__":
    cli(["build", "--strict", "--site-dir", sys.argv[1]])
"""
PAGE = """\
---
description: Größe
---

# Größe → ∞

```python alt="A line that rises from 1 to 3" caption="Größe $\\alpha$" name="line"
import matplotlib.pyplot as plt
plt.plot([1, 2, 3], label="α → ∞")
plt.legend()
```

```pycon
>>> print("α → ∞")
α → ∞
```
"""


@pytest.mark.skipif(os.name != "posix", reason="takes away what Windows has not")
@pytest.mark.every
def test_it_builds_without_a_locale_and_what_posix_alone_has(project: Path) -> None:
    """And to the same bytes, into a folder with a blank in its name."""
    script = project / "elsewhere entirely" / "build.py"
    script.parent.mkdir()
    script.write_text(ELSEWHERE, "utf-8")
    (project / "docs/index.md").write_text(PAGE, "utf-8")
    common = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": f"{project}{os.pathsep}{ROOT}",
        "SOURCE_DATE_EPOCH": "1700000000",
    }
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    bare |= {"PYTHONWARNDEFAULTENCODING": "1"}
    made = []
    for command, site, more in (
        ([str(script)], project / "elsewhere entirely/site", bare),
        (["-m", "mkdocs", "build", "--strict", "--site-dir"], project / "site", {}),
    ):
        done = subprocess.run(
            [sys.executable, *command, str(site)],
            cwd=project,
            env=common | more,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        made.append({p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()})
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
