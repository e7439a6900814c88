"""Frames: one figure for each value of one or two parameters of a block.

A block that says `frames="shift in range(9)"` is run as it stands, and again for every other
value, put in the place of the one that it assigns first. Each run starts from what the block
found. What is said of a frame (`TEMPLATES`) is filled with the names that its run left.
"""

import ast
import copy
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import ModuleType
from typing import TYPE_CHECKING, Any

from textbook import questions, session
from textbook.figures import size

if TYPE_CHECKING:
    from textbook.examples import Block, Shown

OPTIONS = ("frames", "label", "value")  # of a block that draws frames, beside those of a figure
TEMPLATES = ("alt", "caption", "value")
LIMIT = 40  # frames of a block

# Runs one block of a section.
type Run = Callable[["Block", session.Section], "Shown"]


@dataclass(frozen=True)
class Parameter:
    """What a reader moves: its name in the code, its label on the page, and its values."""

    name: str
    label: str
    values: list[Any]
    default: int  # the place of the value that the block assigns
    span: tuple[int, int]  # of that value in the source


@dataclass(frozen=True)
class Frame:
    """One figure of several: its SVG, and what stands in the fields of the templates."""

    svg: str
    fields: dict[str, str]

    def fill(self, template: str) -> str:
        """Return what a template says of this frame."""
        return "".join(text + self.fields.get(field, "") for text, field in pieces(template))


@dataclass(frozen=True)
class Frames:
    """The figures of a block: for each value of the first parameter, all of the second."""

    parameters: list[Parameter]
    frames: list[Frame]

    @property
    def default(self) -> int:
        """The place of the frame that the block draws as it stands."""
        return self._place([each.default for each in self.parameters])

    @property
    def few(self) -> list[int]:
        """Where a reader cannot choose: the places of the first frame, one between, and the last.

        The one between is the default, of which the caption speaks; if that is at an end, the
        middle one.
        """
        first, *others = self.parameters
        last = len(first.values) - 1
        inner = first.default if 0 < first.default < last else last // 2
        rest = [each.default for each in others]
        return [self._place([each, *rest]) for each in sorted({0, inner, last})]

    def _place(self, choice: Sequence[int]) -> int:
        place = 0
        for parameter, number in zip(self.parameters, choice, strict=True):
            place = place * len(parameter.values) + number
        return place


def pieces(template: str) -> list[tuple[str, str]]:
    """Return a template as pairs of a text and the field that follows it, if one does."""
    found = []
    for text, name, spec, conversion in string.Formatter().parse(template):
        field = "" if name is None else "{" + name
        field += f"!{conversion}" if conversion else ""
        field += f":{spec}" if spec else ""
        found.append((text, field and field + "}"))
    return found


def draw(block: "Block", section: session.Section, run: Run) -> "Shown":
    """Run a block for every value; its section goes on with what it leaves as it stands."""
    fields = _fields(block)
    parameters = _parameters(block, section)
    start = _Start(section)
    shown = run(block, section)
    own = Frame(shown.figure, _filled(block, section, fields))
    left, chance = dict(section.namespace), section.chance
    frames = []
    try:
        for choice in product(*(range(len(each.values)) for each in parameters)):
            if choice == tuple(each.default for each in parameters):
                frames.append(own)
                continue
            start.put_back(section)
            svg = _drawn(block, section, run, parameters, choice)
            if size(svg) != size(own.svg):
                here, there = (" x ".join(map(str, size(each))) for each in (svg, own.svg))
                raise block.error(
                    f"the figure is {here} pixels large with {_told(parameters, choice)}, and "
                    f"{there} as the block stands; give all frames one size"
                )
            frames.append(Frame(svg, _filled(block, section, fields)))
    finally:
        _refill(section.namespace, left)
        section.chance = chance
    return replace(shown, frames=Frames(parameters, frames))


def _drawn(
    block: "Block", section: session.Section, run: Run, parameters: list[Parameter], choice: Any
) -> str:
    """Run a block with other values; return its figure, or say with which it fails."""
    from textbook.examples import ExampleError

    source = block.source
    pairs = sorted(zip(parameters, choice, strict=True), key=lambda pair: pair[0].span)
    for parameter, number in reversed(pairs):
        start, end = parameter.span
        lines = "\n" * source.count("\n", start, end)  # so that tracebacks name the page's
        source = f"{source[:start]}({parameter.values[number]!r}{lines}){source[end:]}"
    options = {name: said for name, said in block.options.items() if name not in questions.OPTIONS}
    try:
        return run(replace(block, source=source, options=options), section).figure
    except ExampleError as error:
        _, line, message = error.args
        raise block.error(f"with {_told(parameters, choice)}: {message}", line) from error


def _told(parameters: list[Parameter], choice: Sequence[int]) -> str:
    pairs = zip(parameters, choice, strict=True)
    return ", ".join(f"{each.name} = {each.values[number]!r}" for each, number in pairs)


# ---- What a block says of its frames ----------------------------------------------------------


def _fields(block: "Block") -> list[str]:
    """Return all fields of a block's templates."""
    for option in (*OPTIONS, "alt", "caption", "name"):
        if not block.options.get(option):
            raise block.error(f"draws frames, so it must say {option}")
    found = []
    for option in TEMPLATES:
        try:
            found += [field for _, field in pieces(block.options[option]) if field]
        except ValueError as error:
            raise block.error(
                f"cannot read {option} as a template: {error}; a brace as such is {{{{ or }}}}"
            ) from None
    return list(dict.fromkeys(found))


def _filled(block: "Block", section: session.Section, fields: list[str]) -> dict[str, str]:
    """Return what stands in the fields, now that a block has run."""
    filled = {}
    for field in fields:
        try:
            filled[field] = field.format_map(section.namespace)
        except Exception as error:  # whatever stands there
            options = [name for name in TEMPLATES if field in block.options[name]]
            why = "the block has no such name"
            if not isinstance(error, KeyError):
                why = f"{type(error).__name__}: {error}"
            raise block.error(f"cannot fill {field} in {' and '.join(options)}: {why}") from None
    return filled


def _parameters(block: "Block", section: session.Section) -> list[Parameter]:
    """Read what a block lets a reader move."""
    said = block.options["frames"]
    wanted = f"cannot read frames={said!r}; write name in values, and after a ; another one"
    try:
        statements = ast.parse(said).body
        module = ast.parse(block.source)
    except SyntaxError:
        raise block.error(wanted) from None
    labels = [label.strip() for label in block.options["label"].split(";")]
    parts = [part.value if isinstance(part, ast.Expr) else part for part in statements]
    if len(parts) not in (1, 2):
        raise block.error(wanted)
    found = []
    for part, label in zip(parts, [*labels, "", ""], strict=False):
        if not (
            isinstance(part, ast.Compare)
            and isinstance(part.left, ast.Name)
            and len(part.ops) == 1
            and isinstance(part.ops[0], ast.In)
        ):
            raise block.error(wanted)
        name, values = part.left.id, _values(block, section, part.comparators[0])
        found.append(Parameter(name, label, values, *_assigned(block, module, name, values)))
    if len(labels) != len(found) or not all(labels):
        raise block.error(
            f"label={block.options['label']!r}: one for each parameter, with ; between"
        )
    count = 1
    for each in found:
        count *= len(each.values)
    if count > LIMIT:
        raise block.error(f"{count} frames; a block draws at most {LIMIT}")
    return found


def _values(block: "Block", section: session.Section, node: ast.expr) -> list[Any]:
    """Return the values of a parameter, which may be reckoned from what the section has."""
    said = ast.unparse(node)
    code = compile(ast.Expression(node), block.path, "eval", dont_inherit=True)
    try:
        with session.isolated(section, session.Output(session.nobody)), session.time_limit(1):
            values = [
                getattr(each, "item", lambda e=each: e)() for each in eval(code, section.namespace)
            ]
    except BaseException as error:  # as in `session.execute`
        raise block.error(f"cannot evaluate {said}: {type(error).__name__}: {error}") from None
    for value in values:
        if not isinstance(value, str | int | float):
            raise block.error(f"{said} holds {value!r}; a value is a number or a text")
    if len(values) < 2 or len(values) != len(set(values)):
        raise block.error(f"{said} holds {values!r}; write two values or more, each once")
    return values


def _assigned(
    block: "Block", module: ast.Module, name: str, values: list[Any]
) -> tuple[int, tuple[int, int]]:
    """Return which of the values a block assigns first, and where in its source that stands."""
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            line = block.line + node.lineno
            try:
                default = ast.literal_eval(node.value)
            except ValueError:
                raise block.error(f"{name} must start from a number or a text", line) from None
            if default not in values:
                raise block.error(
                    f"{name} starts from {default!r}, which is none of {values!r}", line
                )
            return values.index(default), _span(block.source, node.value)
    raise block.error(f"assigns no {name}; write {name} = ... on a line of its own")


def _span(source: str, node: ast.expr) -> tuple[int, int]:
    """Return where an expression stands in its source."""
    lines = source.split("\n")

    def place(line: int, column: int) -> int:  # columns are counted in bytes
        before = len(lines[line - 1].encode()[:column].decode())
        return sum(len(each) + 1 for each in lines[: line - 1]) + before

    end = node.end_lineno or node.lineno
    return place(node.lineno, node.col_offset), place(end, node.end_col_offset or 0)


# ---- What a block starts from -----------------------------------------------------------------


class _Start:
    """What a block found, to be found again: its names, and the place in each stream of chance.

    What a name stands for is copied, as a block may change it in place. Functions are not: they
    look for their names in the namespace of the section, which is filled anew.
    """

    def __init__(self, section: session.Section) -> None:
        self._names = _copies(section.namespace)
        self._chance = section.chance

    def put_back(self, section: session.Section) -> None:
        _refill(section.namespace, _copies(self._names))
        section.chance = self._chance


def _refill(namespace: dict[str, Any], names: dict[str, Any]) -> None:
    namespace.clear()
    namespace.update(names)


def _copies(names: dict[str, Any]) -> dict[str, Any]:
    """Return copies of values, and as they are those that cannot be copied."""
    memo = {id(value): value for value in names.values() if isinstance(value, ModuleType)}
    copies = {}
    for name, value in names.items():
        try:
            own = name.startswith("__")  # Python's own, such as the builtins
            copies[name] = value if own else copy.deepcopy(value, memo)
        except Exception:  # of a generator, of a file
            copies[name] = value
    return copies
