"""LaTeX -> MathML."""

import pytest

from textbook.build.maths import MATHS, MathsError, to_mathml


@pytest.mark.parametrize(
    "latex",
    [
        r"\lfloor (H + 2p - k) / s \rfloor + 1",
        r"\begin{cases} z & z > 0 \\ \alpha(e^z - 1) & z \le 0 \end{cases}",
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\vec{w}^\top \vec{x} + b \in \R^n",
        r"\argmax_k p_k",
        r"\sqrt{\tfrac{2}{\pi}}",
        r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
    ],
)
def test_formulas_of_the_book(latex: str) -> None:
    mathml = to_mathml(latex, display=True)
    assert mathml.startswith('<math display="block">')
    assert "\\" not in mathml


@pytest.mark.parametrize(
    ("latex", "mathml"),
    [
        (
            r"\tfrac12 < \dfrac12",
            '<mstyle displaystyle="false"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle>'
            "<mo>&lt;</mo>"
            '<mstyle displaystyle="true"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle>',
        ),
        (
            r"\sin \tfrac12",
            "<mrow><mrow><mspace></mspace><mi>sin</mi></mrow>"
            '<mo lspace="0.1667em">\u2061</mo>'
            '<mstyle displaystyle="false"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle></mrow>',
        ),
        (
            r"\overline{W}",
            '<mover accent="true"><mi>W</mi><mo stretchy="true">‾</mo></mover>',
        ),
        (
            r"\underline{W}",
            '<munder accentunder="true"><mi>W</mi><mo stretchy="true">_</mo></munder>',
        ),
    ],
)
def test_in_words_that_the_font_and_checkers_know(latex: str, mathml: str) -> None:
    assert to_mathml(latex) == f"<math>{mathml}</math>"


def test_an_unknown_command_is_an_error() -> None:
    with pytest.raises(MathsError, match=r"cannot set \$\\nope\$"):
        to_mathml(r"\nope")


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("a $x$ b $y$ c", ["x", "y"]),
        ("$$\nx\n$$", ["\nx\n"]),
        ("`$x$` and $y$", ["y"]),
        (r"costs \$5 and \$6", []),
        ("costs $ 5 and 6 $", []),
        ("a 5$ note and a 6$ note", []),
        ("``a ` $x$``", []),
    ],
)
def test_where_formulas_are_found(text: str, formulas: list[str]) -> None:
    found = [m["display"] or m["inline"] for m in MATHS.finditer(text) if not m["code"]]
    assert found == formulas
