"""Runs a page's examples for a reader who edits them, and grades answers to exercises.

This module and those it imports go into the reader's browser (`run.js`, `worker.js`),
so it needs nothing but Python; the tests and the build grade with the same code.
"""

import ast
import contextlib
import gc
import importlib
import io
import linecache
import sys
import time
import tokenize
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from doctest import BLANKLINE_MARKER, DocTestParser, OutputChecker
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Literal

LIMIT = 100_000  # characters of output that a run may show
CUT = f"... cut here: a run shows at most {LIMIT // 1000} kB of output\n"

DRAWN = 1_000_000  # characters of SVG, over which a browser takes up to half a second

# What a run tells the page while it lasts: the code at a prompt, output, an error,
# or that all told so far is void.
type Kind = Literal["code", "output", "error", "clear"]
type Tell = Callable[[Kind, str], None]


@dataclass
class Section:
    """The namespace that the blocks of a section share, and which of them have run in it."""

    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    done: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Case:
    """What one example of a check asked for, and what the answer gave."""

    code: str
    want: str
    got: str
    passed: bool
    hint: str


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer: its cases, or the error that kept it from being tried."""

    cases: list[Case]
    error: str

    @property
    def passed(self) -> bool:
        """Whether there were cases, and all of them are as wanted."""
        return bool(self.cases) and all(case.passed for case in self.cases)


class Runner:
    """Runs blocks, and tells what they print as they print it."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.sections: dict[str, Section] = {}

    def run(
        self, section: str, blocks: list[tuple[str, str]], page: str, changed: bool
    ) -> dict[str, object]:
        """Run the last of a section's (language, code) blocks, after those that have not run.

        `page` is what the page shows for it: the session of a `pycon` block, or an output.
        Return whether an error ended the run, whether the output is the page's, and figures.
        """
        if blocks[-1][0] == "pycon":
            page = page_output(page)
        state = self.sections.get(section)
        fresh = state is None or not state.done
        result = self._run(section, blocks, page)
        if not (changed or fresh or result["same"]):
            # Something ran before that changed what this block starts from: start anew.
            del self.sections[section]
            self.tell("clear", "")
            result = self._run(section, blocks, page)
        return result

    def forget(self, section: str) -> None:
        """Forget a section or, without a name, all of them."""
        if section:
            self.sections.pop(section, None)
        else:
            self.sections.clear()

    def _run(self, section: str, blocks: list[tuple[str, str]], page: str) -> dict[str, object]:
        state = self.sections.setdefault(section, Section())
        output = Output(self.tell)
        error, figures = "", []
        for number, (language, code, *_) in enumerate(blocks):
            last = number == len(blocks) - 1
            if number in state.done and not last:
                continue
            name = f"<{section}> block {number + 1} of this section"
            with _captured(output if last else Output(_nobody)):
                tell = output.say if last else _nobody
                error = _explain(execute(code, language, state.namespace, name, tell))
                try:
                    figures = drawings()
                except BaseException as failure:  # as in `execute`
                    figures, error = [], error or _explain(failure)
            if error and not last:
                error = f"An example before this one, in the same section, fails.\n{error}"
            if error:
                break
            state.done.add(number)
        output.flush()
        if error:
            self.tell("error", error)
        same = not error and output.text.rstrip() == page.rstrip()
        return {"failed": bool(error), "same": same, "figures": figures}


class Output(io.TextIOBase):
    """Takes what is printed, tells it in pieces, and cuts it at the limit."""

    def __init__(self, tell: Tell, limit: int = LIMIT) -> None:
        self._tell = tell  # `tell` is a method of every stream
        self._limit = limit
        self.text = ""
        self._pending: list[str] = []
        self._told = time.monotonic()

    def write(self, text: str) -> int:
        """Take a piece of output."""
        room = self._limit - len(self.text)
        if room >= 0:
            kept = text[:room] + ("\n" + CUT if len(text) > room else "")
            self.text += kept
            self._pending.append(kept)
            if time.monotonic() - self._told > 0.05:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Tell what has not been told."""
        if self._pending:
            self._tell("output", "".join(self._pending))
            self._pending.clear()
        self._told = time.monotonic()

    def say(self, kind: Kind, text: str) -> None:
        """Tell something between two pieces of output."""
        self.flush()
        self._tell(kind, text)


def execute(
    code: str, language: str, namespace: dict[str, Any], name: str, tell: Tell
) -> BaseException | None:
    """Run a block. Return what it raised, if it did.

    A `pycon` block runs statement by statement, as at a prompt; a `python` block as a whole,
    and then shows the value of the expression that it ends with, unless it drew.
    """
    linecache.cache[name] = (len(code), None, _lines(code), name)
    try:
        if language == "pycon":
            for source, compiled in statements(code, name):
                tell("code", source)
                exec(compiled, namespace)
        else:
            tree = ast.parse(code, name)
            value = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec", dont_inherit=True), namespace)
            if isinstance(value, ast.Expr):
                expression = ast.Expression(value.value)
                result = eval(compile(expression, name, "eval", dont_inherit=True), namespace)
                if not _open_figures():
                    sys.displayhook(result)
    except BaseException as error:  # a reader may raise anything, and Stop does not come this way
        return error
    return None


def statements(code: str, name: str) -> Iterator[tuple[str, CodeType]]:
    """Split code into what goes in at one prompt: its source and itself."""
    lines = _lines(code)
    together: list[list[ast.stmt]] = []
    for node in ast.parse(code, name).body:
        if together and together[-1][-1].end_lineno == node.lineno:  # a = 1; b = 2
            together[-1].append(node)
        else:
            together.append([node])
    for nodes in together:
        first = min([nodes[0].lineno, *(d.lineno for d in getattr(nodes[0], "decorator_list", []))])
        source = "".join(lines[first - 1 : nodes[-1].end_lineno]).removesuffix("\n")
        yield source, compile(ast.Interactive(list(nodes)), name, "single", dont_inherit=True)


def _lines(code: str) -> list[str]:
    """Split code at the ends of lines that Python knows; `str.splitlines` knows more."""
    return list(io.StringIO(code, newline=None))


def page_output(session: str) -> str:
    """Return what a doctest on a page says that it prints."""
    wants = [example.want for example in DocTestParser().get_examples(session)]
    return "".join(wants).replace(BLANKLINE_MARKER, "")


def grade(answer: str, check: str) -> Verdict:
    """Run an answer, then the doctest that checks it.

    A comment in an example of the check is the hint for the case that it tries.
    """
    with _captured(Output(_nobody)):
        return _grade(answer, check)


def _grade(answer: str, check: str) -> Verdict:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    problem = _explain(execute(answer, "answer", namespace, "<answer> your answer", _nobody))
    if problem:
        return Verdict([], problem)
    cases = []
    examples = DocTestParser().get_examples(check)
    limit = LIMIT // max(len(examples), 1)  # of what a case may show
    for number, example in enumerate(examples):
        output = Output(_nobody, limit)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            error = execute(example.source, "pycon", namespace, f"<check> case {number}", _nobody)
        got = _cut(traceback.format_exception_only(error)[-1], limit) if error else output.text
        passed = not error and OutputChecker().check_output(example.want, got, 0)
        if example.want or not passed:
            code, hint = _split_comments(example.source)
            cases.append(Case(code, example.want.rstrip("\n"), got.rstrip("\n"), passed, hint))
    return Verdict(cases, "")


def drawings() -> list[str]:
    """Return the open figures as SVG in the page's look."""
    numbers = _open_figures()
    if not numbers:
        return []
    from matplotlib import pyplot

    from textbook.figures import to_svg

    figures = [to_svg(pyplot.figure(number)) for number in numbers]
    size = sum(map(len, figures))
    if size > DRAWN:
        raise ValueError(
            f"what is drawn here takes {size // 1000:,} kB as SVG; a run shows at most "
            f"{DRAWN // 1000:,} kB, as more would freeze the page. Draw fewer points, or pass "
            "rasterized=True to what draws them"
        )
    return figures


def prepare_drawing(fonts: Path) -> None:
    """Let Matplotlib draw as on the page; fonts lie in the given folder."""
    import matplotlib as mpl

    from textbook.figures import settings

    mpl.use("agg")
    mpl.rcParams.update(settings(sorted(fonts.glob("*.ttf"))))
    importlib.import_module("matplotlib.pyplot")
    gc.freeze()  # what is here stays; looking through it for garbage costs a tenth of a drawing
    gc.set_threshold(20_000)


def _open_figures() -> list[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return list(pyplot.get_fignums()) if pyplot else []


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        pyplot.close("all")


def _nobody(kind: Kind, text: str) -> None:
    """Tell nobody."""


@contextlib.contextmanager
def _captured(output: Output) -> Iterator[None]:
    """Send what is printed to `output`; start with the settings that examples start with.

    At the end no figure stays open, and settings and modules are as they were: what an
    example changes outside its namespace must not change the examples of other sections.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(output))
        stack.enter_context(contextlib.redirect_stderr(output))
        stack.enter_context(warnings.catch_warnings())
        numpy = sys.modules.get("numpy")
        if numpy:
            stack.enter_context(numpy.printoptions())
            stack.enter_context(numpy.errstate())
        matplotlib = sys.modules.get("matplotlib")
        if matplotlib:
            stack.enter_context(matplotlib.rc_context())
        hook, sys.displayhook = sys.displayhook, sys.__displayhook__
        stack.callback(setattr, sys, "displayhook", hook)
        stack.callback(_close_figures)
        stack.callback(_put_back, _interfaces())  # before all that the others need
        yield


def _interfaces() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the variables of every module, and which of them are public; that takes 5 ms."""
    modules = [vars(module) for module in sys.modules.values() if isinstance(module, ModuleType)]
    return [(now, {name: now[name] for name in now if name[:1] != "_"}) for now in modules]


def _put_back(interfaces: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Undo what was assigned to modules. What is private is a module's own affair."""
    for now, before in interfaces:
        for name, value in before.items():
            if now.get(name) is not value:
                now[name] = value


def _explain(error: BaseException | None) -> str:
    """Format an error as Python does, with the lines of the reader's own code alone."""
    if error is None:
        return ""
    report = traceback.TracebackException.from_exception(error)
    chain: list[traceback.TracebackException | None] = [report]
    while chain:
        part = chain.pop()
        if part is None:
            continue
        own = [frame for frame in part.stack if frame.filename.startswith("<")]
        own = [frame for frame in own if frame.filename in linecache.cache]
        for frame in own:
            _ = frame.line  # found by the file's full name
            frame.filename = frame.filename.partition("> ")[2]
        part.stack = traceback.StackSummary.from_list(own)
        where = getattr(part, "filename", None)  # of an error of syntax
        if isinstance(where, str):
            part.filename = where.partition("> ")[2] or where
        chain += [part.__cause__, part.__context__, *(part.exceptions or [])]
    return _cut("".join(report.format()), LIMIT)


def _cut(error: str, limit: int) -> str:
    """Cut an error in its middle: it says first where it arose, and last what it is."""
    if len(error) <= limit:
        return error
    return f"{error[: limit // 2]}\n{CUT}{error[-(limit // 2) :]}"


def _split_comments(source: str) -> tuple[str, str]:
    """Return code without its comments, and what the comments say."""
    code, said = source, []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            said.append(token.string.lstrip("# "))
            code = code.replace(token.string, "", 1)
    return "\n".join(line.rstrip() for line in code.split("\n") if line.strip()), " ".join(said)
