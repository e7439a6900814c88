r"""Docstrings as pages of the book show them: a griffe extension, which mkdocstrings loads.

Those of NumPy's style become Markdown with the book's formulas and examples, line by line, so
that an error names its line in the library. The templates beside this file put it on the page.
"""

import re
import textwrap
from contextlib import suppress
from typing import Any

import griffe

from textbook.build import reference
from textbook.build.highlight import highlight

# NumPy's names of types; those of its functions, in code, are linked as in lessons.
NUMPY = {
    "array_like": "https://numpy.org/doc/stable/glossary.html#term-array_like",
    "ndarray": reference.NUMPY.format("ndarray"),
}

LINE = 88  # characters of a signature, before each argument stands on a line of its own
MOST = 3  # lessons that use something, after the one that teaches it

ITEMS = ("Parameters", "Returns", "Raises", "Attributes")


class Docstrings(griffe.Extension):
    """Prepares what the entries of the reference show."""

    def __init__(self, docs: str = "docs") -> None:
        super().__init__()
        self.docs = docs

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Prepare the entries of a package; it is loaded whole, so they can speak of each other."""
        prepare(pkg, self.docs)


def prepare(pkg: griffe.Module, docs: str) -> None:
    """Say of each entry how it is called, what it is, how it is written, and where to go on."""
    entries = reference.entries(docs)
    found = {}
    for name, each in entries.items():
        with suppress(KeyError):  # said by mkdocstrings, which looks for it too
            found[name] = pkg[each.path.split(".", 1)[1]]
    also = reference.related({name: _docstring(each) for name, each in found.items()})
    for module in pkg.modules.values():
        module.extra["book"] = {"text": _docstring(module)}
    pkg.extra["book"] = {"text": _docstring(pkg)}
    for name, thing in found.items():
        text, new = to_markdown(_docstring(thing), list(entries), pkg.name)
        if thing.docstring:
            file = thing.relative_package_filepath.as_posix()
            reference.places[thing.path] = file, thing.docstring.lineno or 1, new
        thing.extra["book"] = {
            "text": f"{text}\n\n{ways(name, also, docs)}",
            "signature": signature(thing, name),
            "source": highlight(source(thing, set(entries)), "python"),
        }


def _docstring(thing: Any) -> str:
    return thing.docstring.value if thing.docstring else ""


def ways(name: str, also: dict[str, list[str]], docs: str) -> str:
    """Return where something is taught and used, and what is like it."""
    bearer, lessons = reference.taught(name, also, docs)
    others = [f"`{each}`" for each in also[name] if each != bearer]
    links = [f"[{each.title}](../{each.page})" for each in lessons]
    parts = []
    if links:
        parts.append(f"Taught {f'with `{bearer}` ' * (bearer != name)}in {links[0]}.")
    if links[1:] and bearer == name:
        parts.append(f"Used in {', '.join(links[1 : 1 + MOST])}.")
    if others:
        parts.append(f"See also {', '.join(others)}.")
    return f"{' '.join(parts)}\n{{: .{reference.WAYS} }}" if parts else ""


def signature(thing: Any, name: str) -> str:
    """Return how something is called, or a constant's definition."""
    if thing.is_attribute:
        return f"{name}: {thing.annotation or 'ndarray'}"
    arguments: list[str] = []
    kinds = griffe.ParameterKind
    for each in thing.parameters:
        if each.name == "self":
            continue
        if each.kind is kinds.keyword_only and "*" not in arguments:
            arguments.append("*")
        stars = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(each.kind, "")
        default = "" if stars or each.default is None else f"={each.default}"
        arguments.append(f"{stars}{each.name}{default}")
    line = f"{name}({', '.join(arguments)})"
    return line if len(line) <= LINE else f"{name}(\n    " + ",\n    ".join(arguments) + ",\n)"


def source(thing: Any, names: set[str]) -> str:
    """Return the source, without the docstring and without what has an entry of its own."""
    first = thing.lineno
    lines = dict(enumerate(thing.lines, first))
    apart = [each for each in thing.members.values() if f"{thing.name}.{each.name}" in names]
    for each in [thing.docstring, *apart]:
        for number in range(each.lineno, each.endlineno + 1) if each else ():
            lines.pop(number, None)
    text = textwrap.dedent("\n".join(lines.values()))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


# ---- NumPy's style -> Markdown, a line for a line -----------------------------------------------


def to_markdown(docstring: str, names: list[str], library: str) -> tuple[str, int]:
    """Return a docstring as Markdown, and how many lines are before its first prompt only there."""
    lines = _formulas(docstring).split("\n")
    out: list[str] = []
    section, new = "", 0
    prompts = re.findall(r"^ *(?:>>>|\.\.\.) (.*)", docstring, re.MULTILINE)
    imports = _imports("\n".join(prompts), names, library)
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        previous = lines[number - 1] if number else ""
        if line and re.fullmatch("-{3,}", following):
            section = line
            out.append("" if section == "See Also" else f"**{section}**")
        elif re.fullmatch("-{3,}", line) and previous == section:
            out.append("")
        elif section == "See Also":
            out.append("")  # said with what is like it
        elif line.startswith(">>>") and not _prompting(lines, number):
            out[-1] = "```pycon"
            out += [*imports, line]
            new, imports = new + len(imports), []
        elif not line and _prompting(lines, number):
            out.append("```")
        elif section in ITEMS and line and not line.startswith(" "):
            out.append(f"- {_typed(line, section)}" + ("  " if following.strip() else ""))
        else:
            out.append(line)
    if _prompting(lines, len(lines)):
        out.append("```")
    return _addresses("\n".join(out)), new


def _prompting(lines: list[str], number: int) -> bool:
    """Whether the line before this one belongs to a session."""
    while number and lines[number - 1]:
        number -= 1
        if lines[number].startswith(">>>"):
            return True
    return False


def _formulas(text: str) -> str:
    """Write formulas as lessons do."""
    text = re.sub(r":math:`([^`]+)`", r"$\1$", text)

    def display(match: re.Match[str]) -> str:
        before, formula = match["gap"] or "", match["formula"].rstrip("\n")
        return f"{before}$${formula.strip()}$${'\n' * (len(match['formula']) - len(formula))}"

    directive = re.compile(
        r"^\.\. math::(?:(?P<gap>\n\n)| )(?P<formula>\S?.*\n(?:(?: +.*)\n)*(?=\n|\Z))", re.MULTILINE
    )
    return directive.sub(display, text + "\n")[:-1]


def _typed(line: str, section: str) -> str:
    """Write a name as code."""
    names, colon, kind = line.partition(" : ")
    if colon or section in ("Parameters", "Raises"):
        names = ", ".join(f"`{name}`" for name in names.split(", "))
    return f"{names}: {kind}" if colon else names


def _addresses(text: str) -> str:
    """Let what has an address elsewhere lead to it, NumPy's words where they come first."""
    for word, address in NUMPY.items():
        text = re.sub(rf"(?m)^(- [^\n]*?)\b{word}\b", rf"\1[{word}]({address})", text, count=1)
    text = re.sub(r"doi:(10\.\S*?)(?=[.,;:]?(?:\s|$))", r"[doi:\1](https://doi.org/\1)", text)
    return re.sub(r"arXiv[: ](\d{4}\.\d{4,5})", r"[arXiv:\1](https://arxiv.org/abs/\1)", text)


def _imports(code: str, names: list[str], library: str) -> list[str]:
    """Return what a reader has to write first, for code of a docstring."""
    used = [name for name in names if re.search(rf"(?<![\w.]){name}\b", code) and "." not in name]
    lines = [">>> import numpy as np"] * bool(re.search(r"\bnp\.", code))
    return lines + [f">>> from {library} import {', '.join(sorted(used))}"] * bool(used)
