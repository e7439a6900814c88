"""A page as a Jupyter notebook: what ran for the page, in cells that run again.

The page's own text becomes Markdown that viewers of notebooks know, its examples become cells
without prompts, and what they show is stored. Nothing runs for it: the build has run it all.

What a page covers is not stored beside its code: a cell to fill stands before it, and a folded
answer after it. The notebook for a class has neither answers nor solutions.
"""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import takewhile
from typing import Any

from markdown.extensions.toc import slugify

from textbook import questions, session
from textbook.build import exercises, plain
from textbook.build.maths import MATHS
from textbook.examples import Block, Shown

type Cell = dict[str, Any]
type Pair = tuple[Block, Shown]

_BOX = re.compile(r'(?P<mark>!!!|\?\?\?\+?) (?P<kind>[\w-]+)(?: "(?P<title>.*)")?')
_HEADING = re.compile(r"(?P<marks>#{1,6}) +(?P<title>.*?) *(?:\{:[^}]*\})?[ #]*")
_ID = re.compile(r"\{:[^}]*#(?P<name>[\w-]+)[^}]*\}")

# The names under which what an example imports is installed, where they differ.
_INSTALLED = {"sklearn": "scikit-learn", "PIL": "pillow"}

_TO_FILL = {
    "number": "a number",
    "list": "numbers, as in [1, 2]",
    "word": "a word, in quotes",
    "choice": "one of the choices, in quotes",
    "sketch": "sketch it on paper, or say it in words, in quotes",
}


@dataclass(frozen=True)
class Source:
    """A page that ran: its text, and its examples with what they show, in order."""

    path: str
    text: str
    shown: list[Pair]


@dataclass(frozen=True)
class Book:
    """What a notebook says of the book it comes from."""

    title: str
    licence: str  # as Markdown
    library: str
    wheel: str  # the address of the library
    brought: tuple[str, ...] = ()  # what is installed with the library


@dataclass
class _Box:
    """An admonition, or a block that unfolds."""

    folded: bool
    kind: str
    title: str
    lines: list[str]
    shown: list[Pair] = field(default_factory=list)

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return questions.choices(self.lines)

    @property
    def question(self) -> list[str]:
        """The lines before the choices."""
        return list(takewhile(lambda line: not questions.choices([line]), self.lines))

    def has(self, role: str) -> bool:
        return any(block.role == role for block, _ in self.shown)


# Text under a heading, a box, or an example that stands in no box.
type _Piece = list[str] | _Box | Pair


def make(
    source: Source, book: Book, address: str, link: Callable[[str], str], *, solutions: bool = True
) -> str:
    """Return the notebook of a page as JSON; `address` is the page's, `link` finds others'."""
    writer = _Writer(source, link, solutions)
    writer.write(book, address)
    notebook = {
        "cells": writer.cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


# ---- Reading the page -------------------------------------------------------------------------


def _pieces(source: Source) -> Iterator[_Piece]:
    """Cut a page where a heading, a box or an example begins."""
    lines = source.text.split("\n")
    places = [source.text.count("\n", 0, block.start) for block, _ in source.shown]
    ends = [source.text.count("\n", 0, block.end) for block, _ in source.shown]
    examples = dict(zip(places, zip(source.shown, ends, strict=True), strict=True))
    text: list[str] = []
    number = 0
    while number < len(lines):
        line, start = lines[number], number
        box, fence = _BOX.fullmatch(line.rstrip()), plain.FENCE.fullmatch(line)
        number += 1
        if start in examples or box or _HEADING.fullmatch(line):
            yield text
            text = []
        if start in examples:
            pair, end = examples[start]
            number = end + 1
            yield pair
        elif box:
            inside = list(takewhile(_indented, lines[number:]))
            number += len(inside)
            within = [pair for place, (pair, _) in examples.items() if start < place < number]
            title = box["title"] or box["kind"].capitalize()
            lines_within = [each[4:] for each in inside]
            yield _Box(box["mark"] != "!!!", box["kind"], title, lines_within, within)
        elif fence:
            end = lines.index(fence["fence"], number)
            text += lines[start : end + 1]
            number = end + 1
        else:
            text.append(line)
    yield text


def _indented(line: str) -> bool:
    return not line.strip() or line.startswith("    ")


# ---- Writing cells ----------------------------------------------------------------------------


class _Writer:
    """Writes the cells of one notebook."""

    def __init__(self, source: Source, link: Callable[[str], str], solutions: bool) -> None:
        self.source, self.link, self.solutions = source, link, solutions
        self.cells: list[Cell] = []
        self.section = "start"
        self.ids: set[str] = set()
        self.figures = 0
        found = exercises.scan(source.text, source.path)
        self.exercises = {each.title: each for each in found}

    def write(self, book: Book, address: str) -> None:
        """Write all cells."""
        blocks = (block for block, _ in self.source.shown)
        self.code("setup", _setup(book, blocks), tag="setup")
        pieces = [piece for piece in _pieces(self.source) if piece != [] and piece != [""]]
        box: _Box | None = None
        for piece, then in zip(pieces, [*pieces[1:], []], strict=True):
            if isinstance(piece, list):
                self.text(piece)
            elif isinstance(piece, tuple):
                self.example(*piece, box)
            box = piece if isinstance(piece, _Box) else None
            if box and not (isinstance(then, tuple) and "predict" in then[0].options):
                self.box(box)
        whose = f"*From [{book.title}]({address})" + ", without solutions" * (not self.solutions)
        title = next(cell for cell in self.cells if cell["cell_type"] == "markdown")
        title["source"] += f"\n\n{whose}. {book.licence}*"

    # -- what a cell is

    def name(self, wanted: str) -> str:
        """Return an id that no other cell has."""
        name, number = wanted[:56], 1
        while name in self.ids:
            number += 1
            name = f"{wanted[:56]}-{number}"
        self.ids.add(name)
        return name

    def markdown(self, name: str, text: str) -> None:
        """Add a cell of text."""
        self.cells.append(
            {"cell_type": "markdown", "id": self.name(name), "metadata": {}, "source": text}
        )

    def code(self, name: str, code: str, outputs: Iterable[Cell] = (), tag: str = "") -> None:
        """Add a cell of code; a tag says what it is if it is no example of the page."""
        self.cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": self.name(name),
                "metadata": {"tags": [tag]} if tag else {},
                "outputs": list(outputs),
                "source": code,
            }
        )

    # -- text

    def text(self, lines: list[str]) -> None:
        """Add text; with a heading begins a section, or an exercise."""
        said = ""
        if heading := _HEADING.fullmatch(lines[0]):
            named = _ID.search(lines[0])
            self.section = (named["name"] if named else slugify(heading["title"], "-"))[:40]
            lines = [f"{heading['marks']} {heading['title']}", *lines[1:]]
            exercise = self.exercises.get(heading["title"])
            said = f"\n\n*{exercise.facts}*" if exercise and len(heading["marks"]) == 3 else ""
        first, *others = self.prose(lines).split("\n")
        if text := "\n".join([first + said, *others]).strip("\n"):
            self.markdown(self.section, text)

    def prose(self, lines: Iterable[str]) -> str:
        """Return Markdown as a viewer of notebooks knows it."""
        return plain.prose("\n".join(lines), self.link)

    def box(self, box: _Box) -> None:
        """Add an admonition, a why-question, or what unfolds."""
        if box.has("check"):
            self.check(box)
        elif box.kind == "note" and box.shown:  # later cells may need what it defines
            self.markdown(
                f"{self.section}-{slugify(box.title, '-')}",
                f"**{box.title}.** {self.prose(_outside_fences(box.lines))}",
            )
            for block, shown in box.shown:
                self.example(block, shown, None)
        elif box.folded:
            if self.solutions or not (box.kind == "success" or box.has("solution")):
                self.markdown(
                    f"{self.section}-{slugify(box.title, '-')}",
                    _folded(box.title, self.prose(box.lines)),
                )
        elif box.choices:
            named = _ID.search("\n".join(box.lines))
            self.markdown(
                named["name"] if named else f"{self.section}-why",
                f"{self.quoted(box)}\n\n{self.choices(box)}",
            )
        else:
            self.markdown(f"{self.section}-{slugify(box.title, '-')}", self.quoted(box))

    def quoted(self, box: _Box) -> str:
        """Return a box, without its choices, as a quotation."""
        lines = [f"**{box.title}**", "", *self.prose(box.question).split("\n")]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def choices(self, box: _Box, right: list[int] | None = None) -> str:
        """Return choices, each with its feedback to unfold; for a class without."""
        asked = right is None
        parts = []
        for number, (text, feedback, marked) in enumerate(box.choices):
            text, feedback = self.prose([text]), self.prose([feedback])
            verdict = "Right." if marked or number in (right or []) else "No."
            if asked and self.solutions:
                parts.append(_folded(text, f"**{verdict}** {feedback}"))
            else:
                parts.append(f"- {text}" + (f": **{verdict}** {feedback}" if not asked else ""))
        return ("\n\n" if asked and self.solutions else "\n").join(parts)

    # -- examples

    def example(self, block: Block, shown: Shown, box: _Box | None) -> None:
        """Add an example that stands in no box, with what it shows."""
        if block.role:
            self.code(f"{block.options[block.role]}-{block.role}", block.code, tag=block.role)
            return
        covered = "predict" in block.options
        name = block.options.get("name", f"{self.section}-code")
        if covered and box:
            self.ask(block, box, name)
        if block.language == "pycon":
            for code, want in _runs(block):
                tag = "raises-exception" * want.startswith("Traceback")  # which Jupyter knows
                outputs = [_output(code, want)] if want and not covered else []
                self.code(name, code, outputs, tag)
        else:
            drawn = bool(shown.figure)
            quiet = drawn or not block.cell
            outputs = [_image(shown, block)] if drawn and not covered else []
            if shown.output.strip():
                outputs.insert(0, _output(block.code, shown.output.rstrip("\n")))
            self.code(name, _quiet(block.code) if quiet else block.code, outputs)
        caption = self.caption(block, shown) if shown.figure else ""
        if covered and box:
            self.answer(block, shown, box, name, caption)
        elif caption:
            self.markdown(f"{name}-caption", caption)

    def ask(self, block: Block, box: _Box, name: str) -> None:
        """Add a question and a cell for the guess."""
        said = [self.quoted(box)]
        if box.choices:
            said.append("\n".join(f"- {self.prose([text])}" for text, *_ in box.choices))
        self.markdown(f"{name}-question", "\n\n".join(said))
        near = f"; off by {block.options['near']} is near" if "near" in block.options else ""
        wanted = _TO_FILL[block.options["predict"]] + near
        guess = f"my_guess = ...  # {wanted}; then run the next cell"
        self.code(f"{name}-guess", guess, tag="guess")

    def answer(self, block: Block, shown: Shown, box: _Box, name: str, caption: str) -> None:
        """Add what was to be guessed, folded."""
        if not self.solutions:
            return
        parts = []
        if block.language == "pycon":
            wants = [want for _, want in _runs(block) if want]
            parts.append("\n".join(["```text", *wants, "```"]))
        elif shown.figure:
            parts.append(_img(_on_paper(shown.figure), _alt(block, shown)))
        if expression := block.options.get("key"):
            parts.append(f"The key, `{expression}`, is `{shown.key}`.")
        if box.choices:
            parts.append(self.choices(box, questions.right(shown.key, block.choices)))
        self.markdown(f"{name}-answer", _folded("Answer", "\n\n".join([*parts, caption]).strip()))

    def caption(self, block: Block, shown: Shown) -> str:
        """Return what stands under a figure."""
        self.figures += 1
        said = block.options["caption"]
        if shown.frames:
            said = shown.frames.frames[shown.frames.default].fill(said)
            names = " and ".join(f"`{each.name}`" for each in shown.frames.parameters)
            said += f" Give {names} another value, and run the cell again."
        return f"**Figure {self.figures}.** {self.prose([said])}"

    def check(self, box: _Box) -> None:
        """Add a cell that tries an answer; what else the box says stands before it."""
        for block, _ in box.shown:
            if block.role == "check":
                name = block.options["check"]
                said = self.prose(_outside_fences(box.lines))
                how = "Run the next cell after your answer: `failed=0` says that it is right."
                self.markdown(f"{name}-how", " ".join(f"**{box.title}.** {said} {how}".split()))
                self.code(f"{name}-check", _check(name, block.source), tag="check")


def _folded(title: str, text: str) -> str:
    return f"<details>\n<summary>{_in_html(title)}</summary>\n\n{text}\n\n</details>"


def _in_html(text: str) -> str:
    """Return a line of Markdown as it stands in HTML, where viewers know no Markdown but maths."""
    out, position = [], 0
    for match in MATHS.finditer(text):
        out.append(escape(text[position : match.start()], quote=False))
        position = match.end()
        if match["code"]:
            out.append(f"<code>{escape(match['code'].strip('`'), quote=False)}</code>")
        else:
            out.append(match[0].replace("<", r"\lt ").replace(">", r"\gt "))
    return "".join([*out, escape(text[position:], quote=False)])


def _outside_fences(lines: Iterable[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        if not fence and (match := plain.FENCE.fullmatch(line)):
            fence = match["fence"]
        elif not fence:
            yield line
        elif line.strip() == fence:
            fence = ""


# ---- Code and what it shows -------------------------------------------------------------------


def _setup(book: Book, blocks: Iterable[Block]) -> str:
    """Return the code that fetches what the page's examples import."""
    known = {book.library, *book.brought, *sys.stdlib_module_names}
    imported = {name for block in blocks for name in _imports(block.code)}
    others = sorted(imported - known)
    wanted = [book.library, *others]
    missing = (
        f'find_spec("{book.library}") is None'
        if len(wanted) == 1
        else f"not all(find_spec(name) for name in {json.dumps(wanted)})"
    )
    packages = " ".join([book.wheel, *(_INSTALLED.get(name, name) for name in others)])
    return (
        "# Run this first: it fetches what the notebook needs, unless that is installed.\n"
        "from importlib.util import find_spec\n\n"
        f"if {missing}:\n"
        f"    %pip install --quiet {packages}\n"
        "# Values are shown as at Python's own prompt.\n"
        "%config PlainTextFormatter.pprint = False"
    )


def _imports(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _runs(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the code of a session up to each output, and the output: a cell shows one."""
    code: list[str] = []
    for prompt in session.prompts(block.source):
        code.append(prompt.code)
        if prompt.want:
            last = ast.parse(prompt.code).body[-1]
            if not isinstance(last, ast.Expr) and not re.search(
                r"\bprint\(|\nTraceback", f"{prompt.code}\n{prompt.want}"
            ):
                raise block.error(
                    "a notebook shows no value of a line inside a block; show it after the block",
                    block.line + prompt.line + 1,
                )
            yield "\n".join(code), prompt.want
            code = []
    if code:
        yield "\n".join(code), ""


def _output(code: str, text: str) -> Cell:
    """Return an output as a kernel would send it."""
    if text.startswith("Traceback"):
        lines = text.split("\n")
        kind, _, message = next(line for line in lines[1:] if line[:1].strip()).partition(": ")
        below = text.partition(f"{kind}: {message}")[2]
        return {
            "ename": kind,
            "evalue": message + below,
            "output_type": "error",
            "traceback": lines,
        }
    last = ast.parse(code).body[-1]
    if isinstance(last, ast.Expr) and not re.search(r"\bprint\(", code):
        return {
            "data": {"text/plain": text},
            "execution_count": None,
            "metadata": {},
            "output_type": "execute_result",
        }
    return {"name": "stdout", "output_type": "stream", "text": text + "\n"}


def _image(shown: Shown, block: Block) -> Cell:
    """Return a figure as an output, with what is seen in it for those who do not see it.

    JupyterLab shows the SVG of a notebook only when it is trusted, and an image always.
    """
    alt, svg = _alt(block, shown), _on_paper(shown.figure)
    label = f"<svg role='img' aria-label='{escape(alt)}'"
    return {
        "data": {
            "image/svg+xml": svg.replace("<svg", label, 1),
            "text/html": _img(svg, alt),
            "text/plain": alt,
        },
        "metadata": {"image/svg+xml": {"alt": alt}},
        "output_type": "display_data",
    }


def _alt(block: Block, shown: Shown) -> str:
    if shown.frames:
        return shown.frames.frames[shown.frames.default].fill(block.options["alt"])
    return block.options["alt"]


def _img(svg: str, alt: str) -> str:
    data = svg.replace("%", "%25").replace("#", "%23").replace("\n", " ")
    data = data.replace("<", "%3C").replace(">", "%3E")
    return f'<img src="data:image/svg+xml,{data}" alt="{escape(alt)}">'


def _on_paper(svg: str) -> str:
    """Return a figure with a ground of its own: a viewer's need not be that of its system.

    Its quotes are single ones, which JSON and HTML leave as they are.
    """
    ink = re.search(r"<style>:root\{color:(#\w+)\}.*?</style>", svg)
    if ink:
        svg = svg.replace(ink[0], '<rect width="100%" height="100%" fill="#fff"/>', 1)
        svg = svg.replace("currentColor", ink[1])
    return svg.replace("'", "&#39;").replace('"', "'")


def _quiet(code: str) -> str:
    """Return code that shows no value: what it drew is shown, and once."""
    last = ast.parse(code).body[-1:]
    if not last or not isinstance(last[0], ast.Expr):
        return code
    lines = code.split("\n")
    line, column = (last[0].end_lineno or 0) - 1, last[0].end_col_offset or 0
    cut = len(lines[line].encode()[:column].decode())
    lines[line] = f"{lines[line][:cut]};{lines[line][cut:]}"
    return "\n".join(lines)


def _check(name: str, check: str) -> str:
    quotes = "'''" if '"""' in check else '"""'
    return (
        "from doctest import DocTestParser, DocTestRunner\n\n"
        f"check = r{quotes}\n{check.rstrip()}\n{quotes}\n"
        f'test = DocTestParser().get_doctest(check, globals(), "{name}", None, 0)\n'
        "DocTestRunner().run(test)"
    )
