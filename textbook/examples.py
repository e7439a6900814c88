"""What an example is: a fenced block of Python that a page shows, in sections that stand alone.

Pytest and the build both come through here, so that they cannot disagree.

- A ```pycon block is a session: its output must be exactly what the page says.
- A ```python block is run for what it defines or draws. It may leave one figure open, which the
  page then shows; such a block must say `alt` and `caption`, and may say the `name` by which its
  figure is addressed. With `frames` it draws one figure for each value of a parameter: see
  `textbook.frames`.
- The namespace is new at every `## ` heading, so that a section stands alone.

An exercise is three blocks of one section that say the same name: a ```python block with
`exercise="name"` (what the reader starts from), a ```pycon block with `check="name"` (a session
with what the reader writes; a comment in it is the hint for its case) and a ```python block with
`solution="name"`. They share nothing with the section: the solution must pass its check, and
the start must not.

What a block shows may be predicted first: see `textbook.questions`.

A cell of a lab that computes for long says for how long it may with `limit="60"`: seconds, while
the book is built and in a reader's browser alike.
"""

import re
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.util import AtomicString, code_escape
from pymdownx.superfences import RE_NESTED_FENCE_START
from sybil import Document, Example, Region

from textbook import frames, questions, session
from textbook.frames import Frames

LANGUAGES = ("pycon", "python")
OPTIONS = ("alt", "caption", "name")  # of a figure; the last is not required
ROLES = {"exercise": "python", "check": "pycon", "solution": "python"}  # and their languages

TIME_LIMIT = 10  # seconds, as for a reader
LONGEST = 120  # that a cell of a lab may ask for, in which a network is trained

# What decides about where a fence stands; the site may have more extensions (a test compares).
STRUCTURE: list[str | Extension] = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables",
    "pymdownx.details", "pymdownx.superfences",
]  # fmt: skip

_FENCE = re.compile(
    r"(?P<prefix>[ \t>]*)(?P<fence>(?P<mark>[`~])(?P=mark){2,})[ \t]*(?P<info>.*?)[ \t]*"
)
# A fence after a mark of a list, a definition or a footnote, or after a blank of another kind.
_INDENTED_ODDLY = re.compile(
    r"(?:[^\w`~\\]|\d+[.)]|\[\^[^]]*\]:)*(?:`{3,}|~{3,})\W*(?:python|pycon)\b[^`]*"
)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_OPTION = re.compile(r'\s*(?P<name>[\w-]+)="(?P<value>[^"]*)"')
_PYTHON_LIKE = re.compile(r"(?:\{.*\.|\W*)(py|i?python|pycon|doctest)", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# Is told where Markdown put each example of a page.
type Show = Callable[[list[tuple[Element, "Block"]]], None]


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
    path: str
    line: int  # of the opening fence, counted from 1
    options: dict[str, str] = field(default_factory=dict)
    section: int = 0  # how many `## ` headings stand before it
    start: int = 0  # its place in the text of the page
    end: int = 0
    cell: bool = False  # of a lab: the page shows what it prints
    fault: str = ""  # why it cannot be run, if it is shown at all
    choices: tuple[str, ...] = ()  # of the question before it, where one is to be picked

    @property
    def role(self) -> str:
        """What the block is to an exercise, or nothing."""
        return next((role for role in ROLES if role in self.options), "")

    @property
    def limit(self) -> float:
        """For how many seconds the block may run."""
        return float(self.options.get("limit", TIME_LIMIT))

    @cached_property
    def code(self) -> str:
        """What a reader wants to paste: no prompts, no output."""
        if self.language == "pycon":
            with suppress(SyntaxError):  # said when it is run
                return session.clean(self.source)
        return self.source.rstrip("\n")

    def error(self, message: str, line: int | None = None) -> ExampleError:
        """Return an error that names the block's place."""
        return ExampleError(self.path, line or self.line, message)


@dataclass(frozen=True)
class Shown:
    """What a block left for the page to show."""

    output: str = ""
    figure: str = ""  # as SVG
    key: str = ""  # what was to be predicted
    frames: Frames | None = None  # with that of the figure
    error: str = ""  # what is wrong, where a build goes on to say all that is


@dataclass(frozen=True)
class Exercise:
    """What a reader starts from, the session that checks what they write, and a solution."""

    start: Block
    check: Block
    solution: Block


# ---- Reading a page ---------------------------------------------------------------------------


def parse(document: Document) -> Iterator[Region]:
    """Yield a region for every example: this is the parser that Sybil is given."""
    for section in sections(document.text, document.path):
        for block in section:
            yield Region(block.start, block.end, (block, section), evaluate)


def sections(text: str, path: str, first_line: int = 1) -> list[list[Block]]:
    """Return the blocks that a page shows, section by section."""
    text = _FRONT_MATTER.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    blocks: list[Block] = []
    reader = Reader(path, first_line, lambda shown: blocks.extend(block for _, block in shown))
    Markdown(extensions=[*STRUCTURE, reader]).convert(text)
    return grouped(blocks)


def grouped(blocks: list[Block]) -> list[list[Block]]:
    """Return blocks by section, and refuse a name that stands for two things of a page."""
    named: set[str] = set()
    for block in blocks:
        for name in {block.options[key] for key in ("name", "exercise") if key in block.options}:
            if name in named:
                raise block.error(f"the name {name!r} stands twice on this page")
            named.add(name)
    return [list(group) for _, group in groupby(blocks, key=lambda block: block.section)]


def scan(text: str, path: str, first_line: int = 1) -> list[Block]:
    """Return what looks like an example in a page, wherever it stands.

    Of sections it knows only headings that begin with `## `: the page itself decides.
    """
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found: list[Block] = []
    number, section = 0, 0
    while number < len(lines):
        opening = number
        section += lines[opening].startswith("## ")
        number += 1
        if "```" not in lines[opening] and "~~~" not in lines[opening]:
            continue
        match = _FENCE.fullmatch(lines[opening])
        if not match:
            if _INDENTED_ODDLY.fullmatch(lines[opening]):
                raise ExampleError(path, first_line + opening, "a fence needs a line of its own")
            continue
        prefix, fence, info = match["prefix"], match["fence"], match["info"]
        python = _PYTHON_LIKE.match(info) and ("`" not in info or info.startswith(LANGUAGES))
        header = RE_NESTED_FENCE_START.fullmatch(fence + info)
        if not python and (header is None or header["unrecognized"]):
            continue
        body: list[str] = []
        closed = False
        for line in lines[number:]:
            inside = _without(prefix, line)
            closed = inside is not None and inside.rstrip(" \t") == fence
            if inside is None or closed:
                break
            body.append(inside)
        if closed:
            number += len(body) + 1
        elif python or not prefix:
            ends = number + len(body) == len(lines)
            why = "is never closed" if ends else "is left by a line of less indent"
            raise ExampleError(path, first_line + opening, f"this fence {why}")
        if closed and python:
            language, options, fault = _read_info(info)
            box = questions.box(lines[:opening], prefix) if "predict" in options else None
            fault = fault or questions.misuse(language, options, box)
            choices = tuple(text for text, *_ in questions.choices(box or []))
            source = "".join(f"{line}\n" for line in body)
            place = (starts[opening], starts[number] - 1)
            line_number = first_line + opening
            found.append(
                Block(language, source, path, line_number, options, section, *place,
                      fault=fault, choices=choices)
            )  # fmt: skip
    return found


def _without(prefix: str, line: str) -> str | None:
    """Return a line without the indent or the quotation marks of its fence, if it has them."""
    if line.startswith(prefix):
        return line[len(prefix) :]
    return "" if line.strip() in ("", prefix.strip()) else None


def _read_info(info: str) -> tuple[str, dict[str, str], str]:
    """Return the language and options of a fence, and what is wrong with it."""
    language, _, rest = info.partition(" ")
    if language not in LANGUAGES:
        return language, {}, f"unknown language {language!r}; write {' or '.join(LANGUAGES)}"
    options: dict[str, str] = {}
    while rest.strip():
        match = _OPTION.match(rest)
        if match is None:
            return language, {}, f'cannot read {rest.strip()!r}; write name="value"'
        name, value = match["name"], match["value"].strip()
        drawn, others = (*OPTIONS, *frames.OPTIONS, "limit"), (*ROLES, *questions.OPTIONS)
        if name not in drawn + others:
            allowed = f"{' and '.join(drawn)}, or {', '.join(others)}"
            return language, {}, f"unknown option {name!r}; allowed: {allowed}"
        if name in options:
            return language, {}, f"{name} is said twice"
        if name not in ("name", *questions.OPTIONS) and ROLES.get(name, "python") != language:
            return language, {}, f"a {language} block does not take {name}"
        if name in ("name", *ROLES) and not _NAME.fullmatch(value):
            return language, {}, f"{name}={value!r}: a name is small letters, digits and hyphens"
        if name == "limit" and not (value.isdecimal() and TIME_LIMIT < int(value) <= LONGEST):
            return language, {}, f"limit={value!r}: from {TIME_LIMIT + 1} to {LONGEST} seconds"
        options[name] = value
        rest = rest[match.end() :]
    role = next((name for name in options if name in ROLES), "")
    fault = f"{role} must stand alone" if role and len(options) > 1 else ""
    return language, options, fault


class Hidden:
    """Pieces of a page's text that Markdown must not take apart, until it is clear where they are.

    A token stands for each. Where that comes out of Markdown in prose, the piece is what it
    seemed to be; where in code, in an attribute or in raw HTML, it is plain text again.
    """

    TOKEN = re.compile("\uf8f0([0-9]+)\uf8f1")

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def hide(self, piece: str, prefix: str) -> str:
        """Return the token for a piece; `prefix` is what its lines begin with."""
        first, *others = piece.split("\n")
        self.pieces.append("\n".join([first, *(_without(prefix, line) or "" for line in others)]))
        return f"\uf8f0{len(self.pieces) - 1}\uf8f1"

    def restore(self, text: str, *, escape: bool = False) -> str:
        """Put the pieces back for their tokens."""

        def piece(match: re.Match[str]) -> str:
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            lead = line[: len(line) - len(line.lstrip(" \t>"))]
            source = self.restore(self.pieces[int(match[1])]).replace("\n", f"\n{lead}")
            return code_escape(source) if escape else source

        return self.TOKEN.sub(piece, text)


class Reader(Extension):
    """Finds the examples that a page shows, through the eyes of Markdown itself.

    `show` is given (element, block) for each, in the order of the page, where the element
    holds nothing but the example. A lab is one section, and what its cells print is shown.
    """

    def __init__(self, path: str, first_line: int, show: Show, *, lab: bool = False) -> None:
        super().__init__()
        self.path, self.first_line, self.show, self.lab = path, first_line, show, lab
        self.hidden = Hidden()
        self.found: dict[str, Block] = {}  # by token
        self.text = ""

    def extendMarkdown(self, md: Markdown) -> None:
        """Begin before Markdown expands tabs (30), and end after it has found links (20)."""
        self.md = md
        step: Any = SimpleNamespace  # Markdown asks of a processor that it can run
        md.preprocessors.register(step(run=self.hide), "textbook-hide", 40)
        md.treeprocessors.register(step(run=self.find), "textbook-find", 6)

    def hide(self, lines: list[str]) -> list[str]:
        """Put a token in the place of each example."""
        text = "\n".join(lines).removeprefix("\ufeff")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if stray := re.search("[\uf8f0\uf8f1]", text):
            line = self.first_line + text.count("\n", 0, stray.start())
            raise ExampleError(self.path, line, "the characters U+F8F0 and U+F8F1 stand for others")
        self.text, self.hidden, self.found = text, Hidden(), {}
        out, position = "", 0
        for block in scan(text, self.path, self.first_line):
            out += text[position : block.start]
            fence = text[block.start : block.end]
            prefix = fence[: len(fence) - len(fence.lstrip(" \t>"))]
            token = self.hidden.hide(fence[len(prefix) :], prefix)
            self.found[token] = block
            # Markdown asks for empty lines around it; a reader of the source need not see them.
            empty = f"{prefix.rstrip()}\n"
            before = out[:-1].rpartition("\n")[2]
            after = text[block.end + 1 :].partition("\n")[0]
            out += empty * bool(_without(prefix, before)) + prefix + token + "\n"
            out += empty * bool(_without(prefix, after))
            position = block.end + 1
        return (out + text[position:]).split("\n")

    def find(self, root: Element) -> None:
        """Find where the tokens came out of Markdown."""
        self.root = root
        order = {element: number for number, element in enumerate(root.iter())}
        headings = [number for element, number in order.items() if element.tag == "h2"]
        self._restore_raw()
        shown: list[tuple[Element, Block]] = []
        for element in order:
            for key, value in element.attrib.items():
                element.set(key, value and self.hidden.restore(value))
            code = isinstance(element.text, AtomicString) or element.tag == "code"
            if code:
                if element.tag not in ("code", "script", "style"):  # but raw in a tag that is not
                    self._refuse_raw(element.text or "")
                element.text = AtomicString(self.hidden.restore(element.text or "", escape=True))
            for place in ("tail",) if code else ("text", "tail"):
                text = getattr(element, place) or ""
                for token in Hidden.TOKEN.finditer(text):
                    if block := self.found.get(token[0]):
                        alone = text.strip() == token[0] and place == "text" and not len(element)
                        if block.fault or not alone:
                            raise block.error(
                                block.fault
                                or "an example needs a place of its own, with empty lines around it"
                            )
                        section = sum(number < order[element] for number in headings)
                        section *= not self.lab
                        shown.append((element, replace(block, section=section, cell=self.lab)))
                    else:
                        setattr(element, place, Hidden.TOKEN.sub(self._typeset, text))
        self.show(shown)

    def _typeset(self, token: re.Match[str]) -> str:
        return (
            token[0] if token[0] in self.found else self.typeset(self.hidden.pieces[int(token[1])])
        )

    def typeset(self, piece: str) -> str:
        """Return what the page shows for a piece of prose that was hidden."""
        return piece

    def _restore_raw(self) -> None:
        """Put back what stands in raw HTML and in code of other languages."""
        stash = self.md.htmlStash.rawHtmlBlocks
        for number, raw in enumerate(stash):
            raw = raw if isinstance(raw, str) else self.md.serializer(raw)  # what md_in_html left
            code = re.match(r'<div class="[^"]*\bhighlight\b', raw)
            if not (code or re.match(r"\s*<(!--|script|style|template)", raw)):
                self._refuse_raw(raw)
            stash[number] = self.hidden.restore(raw, escape=bool(code))

    def _refuse_raw(self, text: str) -> None:
        for token in Hidden.TOKEN.finditer(text):
            if block := self.found.get(token[0]):
                why = 'to stand in HTML, it needs a tag with markdown="1" at the start of a line'
                raise block.error(why)


# ---- Running ----------------------------------------------------------------------------------


def run(block: Block, section: session.Section) -> Shown:
    """Run a block and return what the page shows of it; what differs from the page is an error."""
    if block.role:
        return Shown()  # run by itself, in `check_exercises`
    if "limit" in block.options and not block.cell:
        raise block.error(f"limit is for a cell of a lab; an example has {TIME_LIMIT} seconds")
    if "frames" in block.options:
        return frames.draw(block, section, run_once)
    return run_once(block, section)


def run_once(block: Block, section: session.Section) -> Shown:
    """Run a block as it stands."""
    record = session.Record(session.nobody)
    output = session.Output(record)
    page = _prompts(block) if block.language == "pycon" else []
    code = "\n" * block.line + block.source  # so that tracebacks name the lines of the page
    figures: list[str] = []
    key = page[-1].want if page else ""
    with session.isolated(section, output):
        if not (page or block.cell):
            sys.displayhook = lambda _: None
        with session.time_limit(block.limit):
            arguments = (block.language, section.namespace, block.path, output.say, page)
            error = session.execute(code, *arguments)
            if error is None:
                try:
                    figures = session.drawings()
                    if expression := block.options.get("key"):
                        key = _evaluate(block, expression, section.namespace)
                except BaseException as failure:  # as in `execute`
                    error = failure
    ended = len(page) if error is None else max(0, len(record.outputs) - 2)
    for prompt, got in record.differences(page[:ended]):
        raise _failed(block, prompt, got)
    if error is not None:
        raise _raised(block, error) from error
    if output.text and not (page or block.cell):
        raise block.error("a python block prints; show numbers with pycon")
    if output.text and "predict" in block.options and not page:
        raise block.error("what is predicted prints too: move that into a cell of its own")
    if len(figures) > 1:
        raise block.error(f"{len(figures)} figures are left open; draw one")
    _check_options(block, drawn=bool(figures))
    if fault := questions.disagreement(block.options, block.choices, key):
        raise block.error(fault)
    figure = figures[0] if figures else ""
    return Shown(output.text, figure, key=key if "predict" in block.options else "")


def _evaluate(block: Block, expression: str, namespace: dict[str, Any]) -> str:
    """Return the value of a key, in the words that a choice has for it."""
    code = "\n" * (block.line - 1) + f"({expression}\n)"  # an error names the line of the fence
    return str(eval(compile(code, block.path, "eval", dont_inherit=True), namespace))


def _prompts(block: Block) -> list[session.Prompt]:
    try:
        page = session.prompts(block.source)
    except SyntaxError as error:
        raise block.error(error.msg, block.line + (error.lineno or 0)) from None
    if not page:
        raise block.error("a pycon block without a >>> prompt tests nothing")
    if re.search(r"#\s*doctest:", block.source):
        raise block.error("doctest options would show on the page; leave them")
    return [prompt._replace(line=block.line + prompt.line) for prompt in page]


def _failed(block: Block, prompt: session.Prompt, got: str) -> ExampleError:
    wanted, given = (textwrap.indent(text.rstrip("\n"), "    ") for text in (prompt.want, got))
    said = f"Expected:\n{wanted}" if wanted else "Expected nothing"
    said += f"\nGot:\n{given}" if given else "\nGot nothing"
    return block.error(f"example failed\n>>> {prompt.code}\n{said}", prompt.line + 1)


def _raised(block: Block, error: BaseException) -> ExampleError:
    if isinstance(error, session.Overtime):
        return block.error(str(error))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == block.path]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None)
    return block.error(f"{type(error).__name__}: {error}", line)


def _check_options(block: Block, *, drawn: bool) -> None:
    """Hold a block to its options: what draws is described, and nothing else is."""
    if block.cell and "predict" in block.options and not drawn:
        raise block.error("a lab's outputs are not predicted, its figures may be")
    if block.language == "pycon" and not drawn:
        return  # its name is that of what is predicted
    for option in OPTIONS:
        if drawn and option != "name" and not block.options.get(option):
            raise block.error(f"draws a figure, so it must say {option}")
        if not drawn and option in block.options:
            raise block.error(f"says {option} but draws no figure")
    for option in frames.OPTIONS:
        if option in block.options and "frames" not in block.options:
            raise block.error(f"says {option} but no frames")


def run_section(section: list[Block]) -> list[Shown]:
    """Run the blocks of one section, as the build does."""
    check_exercises(section)
    state = session.Section()
    return [run(block, state) for block in section]


def evaluate(example: Example) -> str:
    """Run an example that Sybil found. Return what is wrong with it, or nothing."""
    block, section = example.parsed
    number, state = example.namespace.get("section", (-1, None))
    if number != block.section:
        state = session.Section()
        example.namespace["section"] = (block.section, state)
    try:
        if block is section[0]:
            check_exercises(section)
        run(block, state)
    except ExampleError as error:
        return str(error)
    return ""


def exercises(section: list[Block]) -> dict[str, Exercise]:
    """Return the exercises of a section by name."""
    found: dict[str, dict[str, Block]] = {}
    for block in section:
        if block.role:
            parts = found.setdefault(block.options[block.role], {})
            if block.role in parts:
                raise block.error(f"a second {block.role} of the same name")
            parts[block.role] = block
    for name, parts in found.items():
        for role in ROLES.keys() - parts.keys():
            block = next(iter(parts.values()))
            raise block.error(f"the exercise {name!r} has no {role} in this section")
    return {name: Exercise(*(parts[role] for role in ROLES)) for name, parts in found.items()}


def check_exercises(section: list[Block]) -> None:
    """Hold each exercise of a section to its word: the solution passes, the start does not."""
    for name, exercise in exercises(section).items():
        _prompts(exercise.check)
        check = exercise.check.source
        with session.time_limit(TIME_LIMIT):
            verdict = session.grade(exercise.solution.source, check)
            start = session.grade(exercise.start.source, check)
        if not verdict.passed:
            failed = [f"{case.code} gives {case.got}" for case in verdict.cases if not case.passed]
            what = verdict.error or "; ".join(failed) or "its check has no case"
            raise exercise.solution.error(f"the solution of {name!r} fails: {what}")
        if start.passed:
            raise exercise.start.error(f"the start of {name!r} passes its check already")
