r"""LaTeX -> MathML while building: $inline$ and $$display$$, no JavaScript."""

import re

from math_core import LatexError, LatexToMathML

# Code spans come first, so that a dollar inside one is left alone.
MATHS = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?<!\\)\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$\w])\$(?=\S)(?P<inline>(?:(?!\n[ \t>]*\n)[^$])+?)(?<=[^\s\\])\$(?![\d$])"
    r"(?P<after>[,.;:!?)]?)",
    re.DOTALL,
)

_MACROS = {
    "R": r"\mathbb{R}",
    "E": r"\operatorname{E}",
    "vec": r"\boldsymbol{#1}",
    "argmax": r"\operatorname*{arg\,max}",
    "sign": r"\operatorname{sign}",
}


class MathsError(Exception):
    """LaTeX that cannot be set."""


def to_mathml(latex: str, *, display: bool = False) -> str:
    """Set a formula as MathML Core."""
    converter = LatexToMathML(macros=_MACROS, fancy_error=False)
    try:
        return converter.convert_with_local_state(latex.strip(), displaystyle=display)
    except LatexError as error:
        raise MathsError(f"cannot set ${latex.strip()}$: {error}") from None
