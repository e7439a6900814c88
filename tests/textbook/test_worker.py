"""What the worker does in Python, here without a browser."""

import asyncio
import json
import marshal
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from textbook.browser.worker import PACKAGES, Reader, Shelf, imports, waits


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import numpy as np, os.path", {"numpy", "os"}),
        ("from matplotlib import pyplot\nfrom . import mine", {"matplotlib"}),
        ("def f():\n    import json", {"json"}),
        ("x = = 1", set()),
        ("\0", set()),
        ("", set()),
    ],
)
def test_what_code_imports(code: str, names: set[str]) -> None:
    assert imports(code) == names


def ask(reader: Reader, **request: object) -> dict[str, object]:
    answer: dict[str, object] = json.loads(reader.answer(json.dumps(request)))
    return answer


def test_blocks_are_run_and_compared_with_the_page() -> None:
    told: list[tuple[str, str]] = []
    begun: list[int] = []
    reader = Reader(lambda kind, text: told.append((kind, text)), begun.append)
    page = ">>> x + 1\n3\n"
    request = {
        "kind": "run", "section": "page#1", "code": "x = 2\nx + 1", "page": page, "changed": False,
        "blocks": [["python", "x = 2", ""], ["pycon", "x + 1", page]],
    }  # fmt: skip
    assert ask(reader, **request) == {"failed": False, "same": True, "figures": []}
    assert told == [("code", "x + 1"), ("output", "3\n")]
    assert begun == [0, 1]
    reader.forget("")
    assert ask(reader, **request)["same"]


def test_an_answer_is_graded() -> None:
    reader = Reader(lambda kind, text: None)
    code = "def f(x): return 2 * x"
    verdict = ask(reader, kind="grade", answer=code, check=">>> f(2)\n4\n", code=code)
    assert verdict["error"] == ""
    assert verdict["cases"] == [
        {"code": "f(2)", "want": "4", "got": "4", "passed": True, "hint": ""}
    ]


def test_what_is_imported_is_known_before_an_example_runs() -> None:
    reader = Reader(lambda kind, text: None)
    code = "import no_such_module"
    blocks = [["python", code, ""]]
    said = ask(reader, kind="run", section="s", blocks=blocks, code=code, page="", changed=True)
    assert said["failed"]


def packages(root: Path, files: int) -> Path:
    folder = root / PACKAGES / "some/__pycache__"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        (folder / f"m{number}.pyc").write_bytes(bytes(16) + marshal.dumps(number))
    return folder


def test_bytecode_goes_from_one_start_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    here, there = tmp_path / "here", tmp_path / "there"
    monkeypatch.setenv("HOME", str(here / "home"))
    packages(here, 3)
    (here / "home/.cache").mkdir(parents=True)
    (here / "home/.cache/fontlist-v390.json").write_text("{}", "utf-8")
    shelf = Shelf(here)
    archive = shelf.pack()
    assert archive is not None
    assert shelf.pack() is None, "there is nothing new"
    monkeypatch.setenv("HOME", str(there / "home"))
    again = Shelf(there)
    again.unpack(archive)
    found = sorted((there / PACKAGES).rglob("*.pyc"))
    assert [marshal.loads(path.read_bytes()[16:]) for path in found] == [0, 1, 2]
    assert {path.read_bytes()[4] for path in found} == {1}, "taken without a look at the source"
    assert (there / "home/.cache/fontlist-v390.json").is_file()
    assert again.pack() is None
    packages(there, 4)
    assert again.pack() is not None


def test_an_archive_that_is_spoiled_leaves_nothing(tmp_path: Path) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("lib/x.pyc", b"whole" * 100)
    spoiled = bytearray(out.getvalue())
    spoiled[60] ^= 255
    with pytest.raises(zipfile.BadZipFile):
        Shelf(tmp_path).unpack(bytes(spoiled))
    assert list(tmp_path.rglob("*.pyc")) == []


@pytest.mark.parametrize("able", [True, False])
def test_what_cannot_wait_says_so(able: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodide.ffi", SimpleNamespace(can_run_sync=lambda: able))

    async def three() -> int:
        return 3

    run = waits(asyncio.run)
    if able:
        assert run(three()) == 3
    else:
        with pytest.raises(RuntimeError, match="cannot wait for a coroutine in this browser"):
            run(three())
