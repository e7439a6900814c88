import ast
import importlib
import inspect
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dlfund

ROOT = Path(__file__).parent.parent
STEMS = ["convolution", "activations", "perceptron", "metrics", "pooling", "losses"]
PRIMITIVES = [*STEMS, "gradients"]
MACHINERY = sorted({path.stem for path in (ROOT / "dlfund").glob("_[!_]*")})
DRAWING = "matplotlib", "mpl_toolkits", "cycler", "PIL"

# Who may import what. The first rule whose name a module lies in decides about it.
MAY_NOT: dict[str, tuple[str, ...]] = {
    "dlfund.figures": ("textbook", "docs", "tests", "benchmarks"),
    "dlfund": ("textbook", "docs", "tests", "benchmarks", "dlfund.figures", *DRAWING),
    # What goes into the browser takes nothing of the build along.
    "textbook.session": ("tests", "benchmarks", "textbook.build", "textbook.examples"),
    "textbook.figures": ("tests", "benchmarks", "textbook.build", "textbook.examples"),
    "textbook.browser": ("tests", "benchmarks", "textbook.build", "textbook.examples"),
    "textbook.examples": ("tests", "benchmarks", "textbook.build"),
    "textbook": ("tests", "benchmarks"),
    "tests.references": ("dlfund", "textbook", "benchmarks", "scipy", "sklearn"),
    "docs": ("textbook", "tests", "benchmarks"),
}


def imports(source: str, module: str, package: bool = False) -> Iterator[str]:
    """Full names of all that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")
            base = parents[: len(parents) - node.level + package] if node.level else []
            origin = ".".join([*base, node.module] if node.module else base)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def lies_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def is_machinery(name: str) -> bool:
    return any(lies_in(name, f"dlfund.{machinery}") for machinery in MACHINERY)


def against_the_flow(source: str, module: str, package: bool = False) -> list[str]:
    rule = next((rule for rule in MAY_NOT if lies_in(module, rule)), None)
    forbidden = MAY_NOT[rule] if rule else ()
    found = set(imports(source, module, package))
    upward = {name for name in found if lies_in(name, "dlfund") and not is_machinery(name)}
    return sorted(
        {name for name in found if any(lies_in(name, f) for f in forbidden)}
        | (upward if is_machinery(module) else set())
    )


@cache
def modules() -> dict[str, Path]:
    folders = [ROOT / name for name in ("dlfund", "textbook", "tests", "benchmarks", "docs")]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


# The arrows


@pytest.mark.parametrize("module", modules())
def test_imports_follow_the_flow(module: str) -> None:
    path = modules()[module]
    name = module.removesuffix(".__init__")
    assert not against_the_flow(path.read_text("utf-8"), name, path.name == "__init__.py")


@pytest.mark.parametrize("stem", PRIMITIVES)
def test_primitives_import_primitives_numpy_and_the_standard_library(stem: str) -> None:
    found = {
        name.split(".")[0]
        for name in imports((ROOT / f"dlfund/{stem}.py").read_text("utf-8"), stem)
    }
    assert found <= {"dlfund", "numpy"} | sys.stdlib_module_names


@pytest.mark.parametrize(
    ("module", "source", "culprit"),
    [
        ("dlfund.pooling", "import textbook.examples", "textbook.examples"),
        ("dlfund.pooling", "from textbook import examples", "textbook.examples"),
        ("dlfund.pooling", "def f():\n    import matplotlib.pyplot as plt", "matplotlib.pyplot"),
        ("dlfund.pooling", "from .figures import pooling", "dlfund.figures.pooling"),
        ("dlfund.pooling", "from . import figures", "dlfund.figures"),
        ("dlfund._checks", "from dlfund import pooling", "dlfund.pooling"),
        ("dlfund._checks", "from dlfund import relu", "dlfund.relu"),
        ("dlfund._checks", "import dlfund", "dlfund"),
        ("dlfund._fast.scores", "from dlfund.metrics import accuracy", "dlfund.metrics.accuracy"),
        ("dlfund._fast.scores", "from ..metrics import accuracy", "dlfund.metrics.accuracy"),
        ("dlfund._fast.scores", "import dlfund.figures.metrics", "dlfund.figures.metrics"),
        ("dlfund.figures.pooling", "from textbook import figures", "textbook.figures"),
        ("tests.references", "if 1:\n    from dlfund import metrics", "dlfund.metrics"),
        ("textbook.build.extension", "from tests import references", "tests.references"),
        ("textbook.session", "from textbook.build import fonts", "textbook.build.fonts"),
        ("textbook.browser.worker", "import textbook.examples", "textbook.examples"),
        ("docs.labs.edges", "import textbook", "textbook"),
    ],
)
def test_a_planted_import_is_found(module: str, source: str, culprit: str) -> None:
    assert against_the_flow(f"import numpy as np\n{source}\n", module) == [culprit]


def test_what_may_be_imported_is_not_found() -> None:
    assert not against_the_flow("from dlfund import _checks\nimport math", "dlfund.pooling")
    assert not against_the_flow("from dlfund._fast.scores import counts", "dlfund.metrics")
    assert not against_the_flow("from dlfund._checks import number", "dlfund._fast.scores")
    assert not against_the_flow("import matplotlib\nfrom dlfund import relu", "dlfund.figures.a")
    assert not against_the_flow("from dlfund import relu", "textbook.examples")
    assert list(imports("from .x import y", "a.b.c")) == ["a.b.x.y"]
    assert list(imports("from ..x import y", "a.b.c")) == ["a.x.y"]
    assert list(imports("from .x import y", "a.b", package=True)) == ["a.b.x.y"]


def test_the_machinery_is_known() -> None:
    assert {"_checks", "_fast", "_windows"} <= set(MACHINERY)
    assert [name for name in modules() if is_machinery(name)]


# The size of a module

LONGEST = 500


def lines_of_code(source: str) -> int:
    """Lines that hold code, docstrings apart."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    blank = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in blank | {tokenize.ENDMARKER}
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - docstrings)


@pytest.mark.parametrize("module", [m for m in modules() if m.startswith(("dlfund", "textbook"))])
def test_no_module_is_too_long_to_read(module: str) -> None:
    assert lines_of_code(modules()[module].read_text("utf-8")) <= LONGEST


def test_a_planted_line_too_many_is_found() -> None:
    head = '"""A module.\n\nOf three lines, and no code.\n"""\n\n# Nor this.\nimport math\n\n'
    function = 'def f(\n    x: int,\n) -> int:\n    """Return x."""\n    return x  # as it is\n\n\n'
    assert lines_of_code(head) == 1
    assert lines_of_code(head + function) == 1 + 4
    assert lines_of_code('text = """\nlines\n"""\n') == 3
    enough = head + 124 * function + "a = 1\nb = 2\nc = 3\n"
    assert lines_of_code(enough) == LONGEST
    assert lines_of_code(enough + "d = 4\n") > LONGEST


# The names


def test_a_star_brings_the_names_and_nothing_else() -> None:
    names: dict[str, Any] = {}
    exec("from dlfund import *", names)
    assert set(names) - {"__builtins__"} == set(dlfund.__all__)


def test_names_of_the_package_are_those_of_its_modules() -> None:
    parts = [importlib.import_module(f"dlfund.{stem}").__all__ for stem in PRIMITIVES]
    assert [name for part in parts for name in part] == dlfund.__all__
    assert len(set(dlfund.__all__)) == len(dlfund.__all__)


@pytest.mark.parametrize("name", dlfund.__all__)
def test_name_is_that_of_its_module(name: str) -> None:
    value = getattr(dlfund, name)
    homes = [
        home
        for home in (importlib.import_module(f"dlfund.{stem}") for stem in PRIMITIVES)
        if name in home.__all__
    ]
    assert [value is getattr(home, name) for home in homes] == [True]


@pytest.mark.parametrize("stem", PRIMITIVES)
def test_nothing_public_is_left_out(stem: str) -> None:
    module = importlib.import_module(f"dlfund.{stem}")
    defined = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
    }
    assert defined <= set(module.__all__)
    assert module.__doc__


# What the names say of themselves


def callables() -> dict[str, Any]:
    found = {name: getattr(dlfund, name) for name in dlfund.__all__}
    for name, value in list(found.items()):
        if inspect.isclass(value):
            methods = vars(value).items()
            found |= {f"{name}.{m}": f for m, f in methods if callable(f) and m[0] != "_"}
    return {name: value for name, value in found.items() if not isinstance(value, np.ndarray)}


def sections(docstring: str) -> list[str]:
    lines = docstring.splitlines()
    return [a for a, b in pairwise(lines) if a and b == "-" * len(a)]


@pytest.mark.parametrize("name", callables())
def test_docstring_says_what_stands_in_style(name: str) -> None:
    value = callables()[name]
    docstring = inspect.getdoc(value)
    assert docstring
    first, *rest = docstring.splitlines()
    assert first.endswith((".", "?"))
    assert not rest or rest[0] == ""
    assert "Examples" in sections(docstring)
    assert ">>> " in docstring.split("Examples\n--------\n")[1]
    if inspect.isfunction(value):
        assert {"Parameters", "Returns"} <= set(sections(docstring))
        parameters = [p for p in inspect.signature(value).parameters if p != "self"]
        described = docstring.split("Parameters\n----------\n")[1].split("\n\n")[0]
        listed = [
            part.strip()
            for line in described.splitlines()
            if not line.startswith(" ")
            for part in line.split(" : ")[0].split(",")
        ]
        assert listed == parameters


@pytest.mark.parametrize("name", callables())
def test_callable_is_annotated(name: str) -> None:
    signature = inspect.signature(callables()[name])
    for parameter in signature.parameters.values():
        assert parameter.name == "self" or parameter.annotation is not inspect.Parameter.empty
    assert inspect.isclass(callables()[name]) or signature.return_annotation is not None


# The package


def test_types_are_announced() -> None:
    assert (files("dlfund") / "py.typed").is_file()


def test_import_does_not_import_matplotlib() -> None:
    code = (
        "import sys, dlfund\n"
        f"print(sorted(m for m in sys.modules if m.split('.')[0] in {DRAWING!r}))"
    )
    actual = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert actual.stdout == "[]\n"
    assert actual.stderr == ""


def test_stems_name_the_files_of_a_chapter() -> None:
    for stem in STEMS:
        for path in (f"dlfund/{stem}.py", f"dlfund/figures/{stem}.py", f"tests/test_{stem}.py"):
            assert (ROOT / path).is_file(), path
        assert (ROOT / f"docs/chapters/{stem}/index.md").is_file()
