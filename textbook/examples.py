"""What an example is: one fenced block of Python in a Markdown page.

Pytest and the build both come through here, so that they cannot disagree:
the same parser finds the blocks, the same evaluator runs them.

- A ```pycon block is a doctest: its output must be exactly what the page says.
- A ```python block is run for what it defines or draws. It may leave one figure
  open, which the page then shows; such a block must say `alt` and `caption`, and may say the
  `name` by which its figure is addressed.
- The namespace is new at every `## ` heading, so that a section stands alone.

An exercise is three blocks of one section that say the same name: a ```python block with
`exercise="name"` (what the reader starts from), a ```pycon block with `check="name"` (a doctest
of what the reader writes; a comment in it is the hint for its case) and a ```python block with
`solution="name"`. They share nothing with the section: the solution must pass its check, and
the start must not.
"""

import contextlib
import io
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sybil import Document, Example, Region
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser

from textbook.session import grade

LANGUAGES = ("pycon", "python")
OPTIONS = ("alt", "caption", "name")
ROLES = {"exercise": "python", "check": "pycon", "solution": "python"}  # and their languages

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*)")
_OPTION = re.compile(r'\s*(?P<name>[\w-]+)="(?P<value>[^"]*)"')
_PYTHON_LIKE = re.compile(r"[{.\s]*(py|i?python|pycon|doctest)", re.IGNORECASE)


class ExampleError(Exception):
    """An example that is wrong; says where and how."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(path, line, message)

    def __str__(self) -> str:
        path, line, message = self.args
        return f"{path}:{line}: {message}"


@dataclass(frozen=True)
class Block:
    """One fenced example: its code and where it stands."""

    language: str
    source: str
    options: dict[str, str]
    line: int  # of the opening fence, counted from 1
    section: int  # how many `## ` headings stand before it
    indent: str

    @property
    def role(self) -> str:
        """What the block is to an exercise, or nothing."""
        return next((role for role in ROLES if role in self.options), "")


def parse(document: Document) -> Iterator[Region]:
    """Yield a region for every example: this is the parser that Sybil is given."""
    yield from (region for region, _ in _regions(document.text, document.path))


def blocks(text: str, path: str, first_line: int = 1) -> list[tuple[int, int, Block]]:
    """Return (start, end, block) for every example of a page."""
    found = []
    for region, block in _regions(text, path, first_line):
        found.append((region.start, region.end, block))
    return found


def run[T](
    block: Block, namespace: dict[str, Any], path: str, show: Callable[[Any], T]
) -> T | None:
    """Run a block. Return what `show` makes of the figure that it left open, if any."""
    if block.role:
        return None  # run by itself, in `check_exercises`
    if namespace.get("__section__") != block.section:
        namespace.clear()
        namespace["__section__"] = block.section
        namespace["__name__"] = "__main__"
    with warnings.catch_warnings(), np.printoptions(), contextlib.ExitStack() as stack:
        warnings.simplefilter("error")
        stack.callback(_close_figures)
        if block.language == "pycon":
            _run_session(block, namespace, path)
        else:
            _run_script(block, namespace, path)
        figure = _open_figure(block, path)
        return None if figure is None else show(figure)


def evaluate(example: Example) -> str:
    """Run an example that Sybil found. Return what is wrong with it, or nothing."""
    try:
        run(example.parsed, example.namespace, example.path, id)
    except ExampleError as error:
        return str(error)
    return ""


def _regions(text: str, path: str, first_line: int = 1) -> Iterator[tuple[Region, Block]]:
    """Read fences line by line, as Markdown does: what stands inside a fence is not a fence."""
    section = 0
    position = 0
    opened: tuple[int, int, str, str, str] | None = None  # start, line, indent, fence, info
    body: list[str] = []
    for number, line in enumerate(text.splitlines(keepends=True), first_line):
        start, position = position, position + len(line)
        match = _FENCE.fullmatch(line.rstrip("\r\n"))
        if opened is None:
            if match and ("`" not in match["info"] or match["info"].startswith(LANGUAGES)):
                opened = (start, number, match["indent"], match["fence"], match["info"].strip())
                body = []
            elif line.startswith("## "):
                section += 1
            continue
        opening, opening_line, indent, fence, info = opened
        if match and match["fence"].startswith(fence) and not match["info"]:
            opened = None
            language, options = _read_info(info, path, opening_line)
            if not language:
                continue
            source = "".join(part.removeprefix(indent) for part in body)
            block = Block(language, source, options, opening_line, section, indent)
            end = position - len(line) + len(line.rstrip("\r\n"))
            yield Region(opening, end, block, evaluate), block
        else:
            body.append(line)
    if opened is not None:
        raise ExampleError(path, opened[1], "this fence is never closed")


def _read_info(info: str, path: str, line: int) -> tuple[str, dict[str, str]]:
    """Return the language and options of a fence, or ('', {}) for one that is not run."""
    language, _, rest = info.partition(" ")
    if language not in LANGUAGES:
        if _PYTHON_LIKE.match(info):
            allowed = " or ".join(LANGUAGES)
            raise ExampleError(path, line, f"unknown language {language!r}; write {allowed}")
        return "", {}
    options: dict[str, str] = {}
    while rest.strip():
        match = _OPTION.match(rest)
        if match is None:
            raise ExampleError(path, line, f'cannot read {rest.strip()!r}; write name="value"')
        if match["name"] not in (*OPTIONS, *ROLES) or match["name"] in options:
            allowed = " and ".join(OPTIONS)
            raise ExampleError(path, line, f"unknown option {match['name']!r}; allowed: {allowed}")
        options[match["name"]] = match["value"].strip()
        rest = rest[match.end() :]
    for name in options:
        if ROLES.get(name, "python") != language:
            raise ExampleError(path, line, f"a {language} block does not take {name}")
        if name in ROLES and len(options) > 1:
            raise ExampleError(path, line, f"{name} must stand alone")
    return language, options


def _run_session(block: Block, namespace: dict[str, Any], path: str) -> None:
    examples = list(DocTestStringParser(_doctest)(block.source, path))
    if not examples:
        raise ExampleError(path, block.line, "a pycon block without a >>> prompt tests nothing")
    if any(example.parsed.options for example in examples):
        raise ExampleError(path, block.line, "doctest options would show on the page; leave them")
    document = Document(block.source, path)
    document.namespace = namespace
    for region in examples:
        example = Example(document, block.line, 0, region, namespace)
        difference = _doctest(example)
        if difference:
            line = block.line + 1 + region.parsed.lineno
            raise ExampleError(
                path, line, f"example failed\n>>> {region.parsed.source}{difference}"
            )


_doctest = DocTestEvaluator()


def _run_script(block: Block, namespace: dict[str, Any], path: str) -> None:
    # The blank lines give tracebacks the page's own line numbers.
    code = compile("\n" * block.line + block.source, path, "exec", dont_inherit=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    if printed.getvalue():
        raise ExampleError(path, block.line, "a python block prints; show numbers with pycon")


def _open_figure(block: Block, path: str) -> Any:
    """Return the figure that a block left open, if any, and hold it to its options."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    numbers = pyplot.get_fignums() if pyplot else []
    if len(numbers) > 1:
        raise ExampleError(path, block.line, f"{len(numbers)} figures are left open; draw one")
    check_options(block, path, drawn=bool(numbers))
    return pyplot.figure(numbers[0]) if pyplot and numbers else None


def check_options(block: Block, path: str, *, drawn: bool) -> None:
    """Hold a block to its options: what draws is described, and nothing else is."""
    for option in OPTIONS:
        if drawn and option != "name" and not block.options.get(option):
            raise ExampleError(path, block.line, f"draws a figure, so it must say {option}")
        if not drawn and option in block.options:
            raise ExampleError(path, block.line, f"says {option} but draws no figure")


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        pyplot.close("all")


@dataclass(frozen=True)
class Exercise:
    """What a reader starts from, the doctest of what they write, and a solution."""

    start: Block
    check: Block
    solution: Block


def exercises(section: list[Block], path: str) -> dict[str, Exercise]:
    """Return the exercises of a section by name."""
    found: dict[str, dict[str, Block]] = {}
    for block in section:
        if block.role:
            parts = found.setdefault(block.options[block.role], {})
            if block.role in parts:
                raise ExampleError(path, block.line, f"a second {block.role} of the same name")
            parts[block.role] = block
    for name, parts in found.items():
        for role in ROLES.keys() - parts.keys():
            line = next(iter(parts.values())).line
            raise ExampleError(path, line, f"the exercise {name!r} has no {role} in this section")
    return {name: Exercise(*(parts[role] for role in ROLES)) for name, parts in found.items()}


def check_exercises(section: list[Block], path: str) -> None:
    """Hold each exercise of a section to its word: the solution passes, the start does not."""
    for name, exercise in exercises(section, path).items():
        check = exercise.check.source
        verdict = grade(exercise.solution.source, check)
        if not verdict.passed:
            failed = [f"{case.code} gives {case.got}" for case in verdict.cases if not case.passed]
            what = verdict.error or "; ".join(failed) or "its check has no case"
            message = f"the solution of {name!r} fails: {what}"
            raise ExampleError(path, exercise.solution.line, message)
        if grade(exercise.start.source, check).passed:
            message = f"the start of {name!r} passes its check already"
            raise ExampleError(path, exercise.start.line, message)


def run_section[T](section: list[Block], path: str, show: Callable[[Any], T]) -> list[T | None]:
    """Run the blocks of one section in a namespace of their own, as the build does.

    `show` turns each figure into what the page shows of it.
    """
    check_exercises(section, path)
    namespace: dict[str, Any] = {}
    shown: list[T | None] = []
    for block in section:
        try:
            shown.append(run(block, namespace, path, show))
        except ExampleError:
            raise
        except (Exception, SystemExit) as error:  # sys.exit() would end the build, and call it good
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
            line = frames[-1].lineno if frames else getattr(error, "lineno", None)
            what = f"{type(error).__name__}: {error}"
            raise ExampleError(path, line or block.line, what) from error
    return shown
