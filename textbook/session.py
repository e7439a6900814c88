"""What running an example means: in a build, under pytest and in a reader's browser alike.

Everything that runs code of a page comes through `isolated` and `execute`, and compares with
`same`, so that what passes in one place passes in all. This module and those it imports go
into the browser, so it needs nothing but Python.
"""

import _thread
import ast
import contextlib
import gc
import importlib
import io
import linecache
import math
import re
import signal
import sys
import threading
import time
import tokenize
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Literal, NamedTuple

LIMIT = 100_000  # characters of output that a run may show
CUT = f"... cut here: a run shows at most {LIMIT // 1000} kB of output\n"

DRAWN = 1_000_000  # characters of SVG, over which a browser takes up to half a second

# What a run tells while it lasts: the code at a prompt, output, an error, or that all told so far
# is void.
type Kind = Literal["code", "output", "error", "clear"]
type Tell = Callable[[Kind, str], None]

_TRACEBACK = "Traceback (most recent call last):\n"


# ---- What a page shows of a session -----------------------------------------------------------


class Prompt(NamedTuple):
    """One input of a session and the output that stands under it."""

    code: str
    want: str
    line: int  # of the session, counted from 0


def prompts(session: str) -> list[Prompt]:
    """Read a session as a page shows it; SyntaxError says what is no session, and on which line.

    As doctest reads it, but that an output may hold blank lines and tabs, and that nothing
    stands in it untested.
    """
    found: list[tuple[list[str], list[str], int]] = []
    asking = False
    for number, line in enumerate(session.split("\n")):
        mark, rest = line[:3], line[3:]
        if mark == ">>>" or (mark == "..." and asking):
            if rest.strip() and not rest.startswith(" "):
                raise SyntaxError(f"a blank is missing after {mark}", ("", number + 1, 0, line))
            if mark == ">>>":
                found.append(([], [], number))
            found[-1][0].append(rest[1:])
            asking = True
        elif found:
            found[-1][1].append(line)
            asking = False
        elif line.strip():
            raise SyntaxError("a session begins with a >>> prompt", ("", number + 1, 0, line))
    return [Prompt("\n".join(code), _readable("\n".join(w)), at) for code, w, at in found]


def clean(session: str) -> str:
    """Return the code of a session as a reader wants to paste it: no prompts, no output."""
    return "\n".join(prompt.code for prompt in prompts(session)).rstrip("\n")


def same(want: str, got: str) -> bool:
    """Whether an output is the one that a page shows, character for character.

    Not compared are the end of the last line, blanks on an empty line, and the frames of a
    traceback, which depend on where the code runs.
    """
    return _readable(want) == _readable(got)


def alike(want: str, got: str) -> bool:
    """Whether an answer gives what is wanted: the same, but for the last digits of its numbers.

    Another order of the same sums rounds otherwise, and is no mistake.
    """
    wanted, given = (_NUMBER.split(_readable(text)) for text in (want, got))
    return len(wanted) == len(given) and all(
        one == other if number % 2 == 0 else math.isclose(float(one), float(other), rel_tol=1e-12)
        for number, (one, other) in enumerate(zip(wanted, given, strict=True))
    )


# A number that stands alone, and is no part of a name.
_NUMBER = re.compile(r"(?<![\w.])(-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?![\w.])")


def _readable(output: str) -> str:
    output = re.sub(r"^(?:<BLANKLINE>|[ \t]+)$", "", output, flags=re.MULTILINE)
    before, mark, report = output.rpartition(_TRACEBACK)
    if mark:
        before = before.partition(_TRACEBACK)[0]  # of errors that led to each other, the last
        output = before + mark + re.sub(r"\A(?:[ \t].*\n|\n)*", "", report)
    return output.rstrip("\n")


# ---- Running ----------------------------------------------------------------------------------


class Output(io.TextIOWrapper):
    """The streams of a run: takes what is written, tells it in pieces, and cuts it at the limit.

    What steers a terminal is no text: colours are dropped, and a carriage return ends a line.
    """

    def __init__(self, tell: Tell, limit: int = LIMIT) -> None:
        self._listener, self._limit = tell, limit
        self.text = ""
        self._pending: list[str] = []
        self._told = time.monotonic()
        super().__init__(
            _Sink(self._take, self.hand_on),  # type: ignore[arg-type]  # a raw stream will do
            encoding="utf-8",
            errors="backslashreplace",
            newline="",
            write_through=True,
        )

    def _take(self, text: str) -> None:
        text = re.sub(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])", "", text)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        room = self._limit - len(self.text)
        if room >= 0:
            kept = text[:room] + ("\n" + CUT if len(text) > room else "")
            self.text += kept
            self._pending.append(kept)
            if time.monotonic() - self._told > 0.05:
                self.hand_on()

    def hand_on(self) -> None:
        """Tell what has not been told."""
        if self._pending:
            self._listener("output", "".join(self._pending))
            self._pending.clear()
        self._told = time.monotonic()

    def say(self, kind: Kind, text: str) -> None:
        """Tell something between two pieces of output, on a line of its own."""
        if self.text and not self.text.endswith("\n"):
            self._take("\n")
        self.hand_on()
        self._listener(kind, text)


class _Sink(io.RawIOBase):
    """The bytes under a stream, of which some write to these alone."""

    def __init__(self, take: Callable[[str], None], hand_on: Callable[[], None]) -> None:
        self._take, self._hand_on = take, hand_on

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._take(bytes(data).decode("utf-8", "backslashreplace"))
        return len(data)

    def flush(self) -> None:
        self._hand_on()


class _NoKeyboard(io.TextIOBase):
    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        raise RuntimeError("an example cannot ask: nobody sits at its keyboard. Write the answer")


def nobody(kind: Kind, text: str) -> None:
    """Tell nobody."""


class Overtime(BaseException):
    """An example that runs for too long."""


class Section:
    """What the blocks of a section share: their names, and a place in each stream of chance."""

    def __init__(self) -> None:
        self.module = ModuleType("__main__")  # where pickle looks for what an example defines
        self.done: set[int] = set()  # blocks that have run, by number
        self.chance: dict[str, Any] = {}

    @property
    def namespace(self) -> dict[str, Any]:
        """The variables of the section."""
        return vars(self.module)

    def __enter__(self) -> None:
        self._outer = _states(_CHANCE)
        _set(_CHANCE, self.chance)

    def __exit__(self, *_: object) -> None:
        self.chance = _states(_CHANCE)
        _set(_CHANCE, self._outer)


type _Setting = tuple[str, str, str]  # a module, and its functions that get and set a state

_CHANCE: list[_Setting] = [
    ("random", "getstate", "setstate"),
    ("numpy.random", "get_state", "set_state"),
]
_SETTINGS: list[_Setting] = [
    ("os", "getcwd", "chdir"),
    ("sys", "getrecursionlimit", "setrecursionlimit"),
]
# Where a module has one, its own way to put settings back.
_PUTTING_BACK = [
    ("numpy", "printoptions"),
    ("numpy", "errstate"),
    ("decimal", "localcontext"),
    ("matplotlib", "rc_context"),
]


@contextlib.contextmanager
def isolated(section: Section, output: Output, *, strict: bool = True) -> Iterator[None]:
    """Run a block of a section: nothing of it reaches another section, but its output.

    It finds the section's names, and else all as at the start of Python: at the end streams,
    settings, modules and figures are as they were. A warning is an error; where the code is a
    reader's own (not `strict`) it is printed.
    """
    with contextlib.ExitStack() as stack:
        stack.callback(output.hand_on)
        stack.enter_context(section)
        stack.enter_context(contextlib.redirect_stdout(output))
        stack.enter_context(contextlib.redirect_stderr(output))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("error" if strict else "always")
        # As on a machine without a display: `show` has nothing to do.
        warnings.filterwarnings("ignore", message=".*is non-interactive, and thus cannot be shown")
        for name, manager in _PUTTING_BACK:
            if module := sys.modules.get(name):
                stack.enter_context(getattr(module, manager)())
        stack.callback(_set, _SETTINGS, _states(_SETTINGS))
        stack.callback(sys.modules.update, dict(sys.modules))
        stack.callback(_swap(sys.modules, "__main__", section.module))
        stack.callback(_swap(vars(sys), "argv", [""]))
        stack.callback(_swap(vars(sys), "stdin", _NoKeyboard()))
        stack.callback(_swap(vars(sys), "displayhook", sys.__displayhook__))
        stack.callback(_close_figures)
        if environ := getattr(sys.modules.get("os"), "environ", None):
            stack.callback(_refill, environ, dict(environ))
        stack.callback(sys.path.__setitem__, slice(None), list(sys.path))
        if logging := sys.modules.get("logging"):
            root = logging.getLogger()
            stack.callback(root.setLevel, root.level)
            stack.callback(_swap(vars(root), "handlers", []))
            root.setLevel(logging.WARNING)
            stack.callback(_refill, root.manager.loggerDict, dict(root.manager.loggerDict))
        stack.callback(_put_back, _interfaces(section.module))  # before all that the others need
        yield


def _states(settings: list[_Setting]) -> dict[str, Any]:
    return {
        name: getattr(sys.modules[name], get)() for name, get, _ in settings if name in sys.modules
    }


def _set(settings: list[_Setting], states: dict[str, Any]) -> None:
    for name, _, change in settings:
        if name in states:
            getattr(sys.modules[name], change)(states[name])


def _swap(mapping: Any, key: str, value: Any) -> Callable[[], None]:
    """Put a value into a mapping; return what puts the old one back."""
    before, mapping[key] = mapping[key], value
    return lambda: mapping.__setitem__(key, before)


def _refill(mapping: Any, content: dict[str, Any]) -> None:
    if dict(mapping) != content:
        mapping.clear()
        mapping.update(content)


def _interfaces(own: ModuleType) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the variables of every other module, as they are and as they were."""
    modules = [m for m in sys.modules.values() if isinstance(m, ModuleType) and m is not own]
    return [(vars(module), vars(module).copy()) for module in modules]


def _put_back(interfaces: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Undo what was assigned to modules. What is private is a module's own affair."""
    for now, before in interfaces:
        with contextlib.suppress(Exception):  # of values that do not like to be compared
            if now == before:  # looks at identities first, and so takes no time
                continue
        public = [name for name in now.keys() | before.keys() if name[:1] != "_"]
        for name in public:
            if name in before:
                now[name] = before[name]
            elif not isinstance(now[name], ModuleType):  # which is no assignment but an import
                del now[name]
    vars(sys.modules["builtins"]).pop("_", None)  # the last value at a prompt


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise Overtime in what computes for longer; only in a main thread, which can be told so.

    Time that other processes take does not count, so what waits for nothing may wait longer.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise Overtime(f"runs for more than {seconds:g} seconds")

    with contextlib.ExitStack() as stack:
        if hasattr(signal, "setitimer"):
            clocks = [("ITIMER_PROF", "SIGPROF", seconds), ("ITIMER_REAL", "SIGALRM", 6 * seconds)]
            for clock, name, limit in clocks:
                timer, alarm = getattr(signal, clock), getattr(signal, name)
                stack.callback(signal.signal, alarm, signal.signal(alarm, stop))
                stack.callback(signal.setitimer, timer, 0)
                signal.setitimer(timer, limit, 1)  # again, if the code catches it
        else:  # as on Windows
            stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, stop))
            over = threading.Event()
            watch = threading.Thread(target=_watch, args=(seconds, over), daemon=True)
            watch.start()
            stack.callback(watch.join)
            stack.callback(over.set)
        yield


def _watch(seconds: float, over: threading.Event) -> None:
    """Interrupt the main thread again and again, if it has not come to its end in time."""
    begin, computed = time.monotonic(), time.process_time()
    while not over.wait(min(seconds / 4, 1)):
        late = time.monotonic() - begin > 6 * seconds
        if late or time.process_time() - computed > seconds:
            _thread.interrupt_main(signal.SIGTERM)


def execute(
    code: str,
    language: str,
    namespace: dict[str, Any],
    name: str,
    tell: Tell,
    page: list[Prompt] | None = None,
) -> BaseException | None:
    """Run a block. Return what it raised, if it did.

    A `pycon` block runs statement by statement, as at a prompt, or prompt by prompt as the
    `page` has it; then it goes on after an error that the page shows. A `python` block runs as
    a whole, and then shows the value of the expression that it ends with, unless it drew.
    """
    if name.startswith("<"):
        linecache.cache[name] = (len(code), None, _lines(code), name)
    try:
        if language == "pycon":
            for source, compiled, want in _steps(code, name, page):
                tell("code", source)
                try:
                    exec(compiled, namespace)
                except Exception as error:
                    if not _shows(want, error):
                        raise
                    # Of a page that is built, no line is a reader's own to be shown again.
                    said = explain(error) if name.startswith("<") else _message(error)
                    tell("error", _TRACEBACK + said.removeprefix(_TRACEBACK))
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
        if isinstance(error, SyntaxError) and error.msg == "'await' outside function":
            error.add_note(
                "An example runs as a script does: asyncio.run(...) waits for a function."
            )
        return error
    return None


def _steps(code: str, name: str, page: list[Prompt] | None) -> Iterator[tuple[str, CodeType, str]]:
    """Yield what goes in at one prompt, compiled, and the output that the page shows for it."""
    if page is None:
        for source, compiled in statements(code, name):
            yield source, compiled, ""
        return
    for prompt in page:
        padded = "\n" * prompt.line + prompt.code + "\n"  # so that tracebacks name its own line
        kind = "single" if re.search(r"^\s*[^\s#]", prompt.code, re.MULTILINE) else "exec"
        yield prompt.code, compile(padded, name, kind, dont_inherit=True), prompt.want


def _shows(want: str, error: Exception) -> bool:
    """Whether the page shows this error; a group is drawn in a way that nobody can compare."""
    if isinstance(error, ExceptionGroup):
        return False
    _, mark, message = _readable(want).partition(_TRACEBACK)
    return bool(mark) and mark + message == _readable(_TRACEBACK + _message(error))


def _message(error: BaseException) -> str:
    """Return what stands under a traceback."""
    return "".join(traceback.format_exception_only(error))


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


class Record:
    """Listens to a run, and keeps what came out for each prompt."""

    def __init__(self, listener: Tell) -> None:
        self._listener = listener
        self.outputs = [""]

    def __call__(self, kind: Kind, text: str) -> None:
        """Take what is told, and hand it on."""
        if kind == "code":
            self.outputs.append("")
        else:
            self.outputs[-1] += text
        self._listener(kind, text)

    def differences(self, page: list[Prompt]) -> Iterator[tuple[Prompt, str]]:
        """Yield each prompt whose output is not the page's, and what it was."""
        for prompt, got in zip(page, self.outputs[1:], strict=False):
            if not same(prompt.want, got):
                yield prompt, got


# ---- For a reader -----------------------------------------------------------------------------


class Runner:
    """Runs the blocks of a page one at a time, and tells what they print as they print it.

    Before each block it says its number in the section to `begin`.
    """

    def __init__(self, tell: Tell, begin: Callable[[int], None] = lambda _: None) -> None:
        self.tell = tell
        self.begin = begin
        self.sections: dict[str, Section] = {}

    def run(
        self, section: str, blocks: Sequence[Sequence[str]], page: str, changed: bool
    ) -> dict[str, object]:
        """Run the last of a section's blocks, after those that have not run.

        A block is (language, code) or (language, code, what the page shows for it): the session
        of a `pycon` block, or an output. `page` is that of the last one.
        Return whether an error ended the run, whether the output is the page's, and figures.
        """
        *before, (language, code, *_) = blocks
        state = self.sections.get(section)
        fresh = state is None or not state.done
        result = self._run(section, [*before, (language, code, page)], changed)
        if not (changed or fresh or result["same"]):
            # Something ran before that changed what this block starts from: start anew.
            del self.sections[section]
            self.tell("clear", "")
            result = self._run(section, [*before, (language, code, page)], changed)
        return result

    def forget(self, section: str) -> None:
        """Forget a section or, without a name, all of them."""
        if section:
            self.sections.pop(section, None)
        else:
            self.sections.clear()

    def _run(
        self, section: str, blocks: Sequence[Sequence[str]], changed: bool
    ) -> dict[str, object]:
        state = self.sections.setdefault(section, Section())
        for number, (language, code, *shown) in enumerate(blocks):
            last = number == len(blocks) - 1
            if number in state.done and not last:
                continue
            self.begin(number)
            page = "".join(shown)
            known = _unchanged(code, page) if language == "pycon" else None
            record = Record(self.tell if last else nobody)
            output = Output(record)
            name = f"<{section}> block {number + 1} of this section"
            with isolated(state, output, strict=not changed):
                if language == "python" and not (changed or page):  # nor does the page show it
                    sys.displayhook = lambda _: None
                error = explain(execute(code, language, state.namespace, name, output.say, known))
                try:
                    figures = drawings()
                except BaseException as failure:  # as in `execute`
                    figures, error = [], error or explain(failure)
            if error and not last:
                error = f"An example before this one, in the same section, fails.\n{error}"
            if error:
                self.tell("error", error)
                return {"failed": True, "same": False, "figures": figures}
            state.done.add(number)
        if known is None:
            agrees = same(page_output(page) if language == "pycon" else page, output.text)
        else:
            agrees = not any(record.differences(known))
        return {"failed": False, "same": agrees, "figures": figures}


def _unchanged(code: str, session: str) -> list[Prompt] | None:
    """Return the prompts of a session if its code is the given one, with the lines of that."""
    if not session or clean(session) != code.rstrip("\n"):
        return None
    found, line = [], 0
    for prompt in prompts(session):
        found.append(prompt._replace(line=line))
        line += prompt.code.count("\n") + 1
    return found


def page_output(session: str) -> str:
    """Return what a session on a page says that it prints."""
    return "".join(prompt.want + "\n" for prompt in prompts(session) if prompt.want)


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


def grade(answer: str, check: str) -> Verdict:
    """Run an answer, then the session that checks it.

    A comment in an example of the check is the hint for the case that it tries.
    """
    section = Section()
    with isolated(section, Output(nobody)):
        return _grade(answer, check, section.namespace)


def _grade(answer: str, check: str, namespace: dict[str, Any]) -> Verdict:
    problem = explain(execute(answer, "python", namespace, "<answer> your answer", nobody))
    if problem:
        return Verdict([], problem)
    cases = []
    examples = prompts(check)
    limit = LIMIT // max(len(examples), 1)  # of what a case may show
    for number, prompt in enumerate(examples):
        output = Output(nobody, limit)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            error = execute(prompt.code, "pycon", namespace, f"<check> case {number}", nobody)
        got = _TRACEBACK + _message(error) if error else output.text
        passed = alike(prompt.want, got)
        if prompt.want or not passed:
            code, hint = _split_comments(prompt.code)
            shown = _cut(got.removeprefix(_TRACEBACK), limit).rstrip("\n")
            cases.append(Case(code, prompt.want.removeprefix(_TRACEBACK), shown, passed, hint))
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
    """Let Matplotlib draw in the book's look, whatever is set here; its fonts lie in a folder."""
    import matplotlib as mpl

    from textbook.figures import settings

    mpl.use("agg")
    mpl.rcdefaults()
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


def explain(error: BaseException | None) -> str:
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
