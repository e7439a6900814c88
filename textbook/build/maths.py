r"""LaTeX -> MathML while building: $inline$ and $$display$$, no JavaScript."""

import html
import re
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

_END = r"(?!\n[ \t>]*\n)"  # of a paragraph: neither code nor a formula goes on after it

# Code comes first, so that a dollar inside it is left alone.
MATHS = re.compile(
    r"(?P<code>^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n`]*\n(?:.*?\n)?[ \t>]*(?P=fence)[ \t]*$"
    rf"|(?<![\\`])(?P<ticks>`+)(?!`)(?:{_END}.)+?(?<!`)(?P=ticks)(?!`))"
    rf"|(?<!\\)\$\$(?P<display>(?:{_END}.)+?)\$\$"
    rf"|(?<![\\$\w])\$(?=\S)(?P<inline>(?:{_END}(?:\\.|[^$\\]))+?)(?<=\S)\$(?![\d$])"
    r"(?P<after>[,.;:!?)]?)",
    re.DOTALL | re.MULTILINE,
)

# What is left of a formula that was not found: in prose, it was meant to be one.
STRAY = re.compile(r"\$\$|\$[^$\s]*\\[a-zA-Z]")

_MACROS = {
    "R": r"\mathbb{R}",
    "E": r"\operatorname{E}",
    "vec": r"\boldsymbol{#1}",
    "argmax": r"\operatorname*{arg\,max}",
    "sign": r"\operatorname{sign}",
}

_SIZES = ("displaystyle", "scriptlevel")

# What a macro takes: a group, perhaps with others in it, a command, or a letter.
_ARGUMENT = r"(?![a-zA-Z])\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|\w)"


# A page may have no style attributes (policy.py): the style sheet has a class for what is needed.
_CLASSES = {
    "text-align: left": "maths-left",
    "text-align: right": "maths-right",
    "justify-items: start": "",  # says it once more
    "justify-items: end": "",
    "padding-left: 0": "maths-after",
    "padding-right: 0": "maths-before",
    "padding-left:1em": "maths-apart",
    "padding-right:0.1667em": "maths-thin",
}


class MathsError(Exception):
    """LaTeX that cannot be set."""


def to_mathml(latex: str, *, display: bool = False) -> str:
    """Set a formula as MathML Core."""
    if re.search(r"(?<!\\)%", latex):
        raise MathsError(f"cannot set ${latex.strip()}$: % begins a comment; write \\%")
    converter = LatexToMathML(macros=_MACROS, fancy_error=False)
    try:
        mathml = converter.convert_with_local_state(latex.strip(), displaystyle=display)
        return _known(re.sub(' style="([^"]*)"', _class, mathml))
    except LatexError as error:
        raise MathsError(f"cannot set ${latex.strip()}$: {error}") from None
    except KeyError as error:
        raise MathsError(f"cannot set ${latex.strip()}$: no class for {error}") from None


def _class(style: re.Match[str]) -> str:
    names = [_CLASSES[each.strip()] for each in style[1].rstrip(";").split(";")]
    return f' class="{" ".join(filter(None, names))}"'


def _known(mathml: str) -> str:
    """Say in words that our font and checkers of HTML know what math-core says in others.

    A line over or under a formula is no combining character, and how large a fraction or a
    table is set says an element around it, as in MathML 3.
    """
    for line, end in (("\u203e", "</mo></mover>"), ("_", "</mo></munder>")):
        mathml = mathml.replace("\u0332" + end, line + end)
    if not re.search(r"<m(?!style)\w+ (?:displaystyle|scriptlevel)=", mathml):
        return mathml
    named = re.sub(r"&(?!(?:lt|gt|amp);)\w+;", lambda name: html.unescape(name[0]), mathml)
    root = ElementTree.fromstring(named)
    for parent in list(root.iter()):
        for number, child in enumerate(parent):
            size = {key: child.attrib[key] for key in _SIZES if key in child.attrib}
            if size and child.tag != "mstyle":
                for key in size:
                    del child.attrib[key]
                parent[number] = ElementTree.Element("mstyle", size)
                parent[number].append(child)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def without_macros(latex: str) -> str:
    """Return a formula in the words that all who set LaTeX know: our macros spelled out."""
    for name, meaning in _MACROS.items():
        after = _ARGUMENT if "#1" in meaning else "(?![a-zA-Z])()"

        def spelled(match: re.Match[str], meaning: str = meaning) -> str:
            return meaning.replace("#1", re.sub(r"^\{(.*)\}$", r"\1", match[1], flags=re.DOTALL))

        latex = re.sub(rf"\\{name}{after}", spelled, latex)
    return latex
