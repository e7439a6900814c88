"""MathML -> SVG for e-readers, which know no MathML, and the words that a voice reads."""

import functools
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring, tostring

from ziamath.config import config
from ziamath.zmath import Math

_SIZE = 20  # units of the drawing to the em
_MINUS = {"−": "minus", "-": "minus", "±": "plus or minus"}
_WORDS = _MINUS | {
    "+": "plus", "·": "times", "⋅": "times", "×": "times", "⊙": "times, entry by entry,",
    "=": "equals", "≠": "is not", "≈": "is about", "∝": "is proportional to", "∼": "has the law",
    "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least",
    "∑": "the sum", "∏": "the product", "∫": "the integral", "∂": "partial", "∇": "nabla",
    "∈": "in", "∣": "given", "|": "bar", "‖": "double bar", "∥": "double bar", "∗": "star",
    "→": "to", "←": "becomes", "↦": "goes to", "⇒": "implies", "/": "over", "∞": "infinity",
    "⌊": "the floor of", "⌋": "end of floor", "⌈": "the ceiling of", "⌉": "end of ceiling",
    "⟨": "the inner product of", "⟩": "end of product", "⊤": "transposed", "′": "prime",
    "⟺": "if and only if", "≡": "is the same as", "\u2061": "of", "\u2063": "",
    "″": "double prime", "‴": "triple prime", "…": "and so on", "⋯": "and so on",
}  # fmt: skip
_ACCENTS = {
    "ˆ": "hat", "^": "hat", "¯": "bar", "‾": "bar", "˜": "tilde", "~": "tilde", "→": "vector",
    "⃗": "vector", "˙": "dot", "̲": "underlined",
}  # fmt: skip
_PAIRED = {"|": "absolute value", "‖": "norm", "∥": "norm"}
_MOVABLE = ("∑", "∏", "⋃", "⋂")
_BRACE = "⏟"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Formula:
    """A drawing, how tall it is and how far it reaches below the line (in em), and its words."""

    svg: str
    height: float
    depth: float
    words: str
    display: bool


@functools.cache  # half of them stand twice
def to_svg(mathml: str) -> Formula:
    """Draw a formula."""
    display = 'display="block"' in mathml[: mathml.index(">")]
    kept = config.svg2, config.precision
    config.svg2, config.precision = False, 2
    try:
        drawing = Math(mathml if display else _inline(mathml), size=_SIZE)
        svg = drawing.svg()
    finally:
        config.svg2, config.precision = kept
    box = re.search(r'viewBox="\S+ (\S+) \S+ (\S+)"', svg)
    assert box is not None
    top, height = float(box[1]), float(box[2])
    return Formula(svg, height / _SIZE, (top + height) / _SIZE, words(mathml), display)


def _inline(mathml: str) -> str:
    """Tell ziamath what MathML means inside a line: low fractions, and limits beside their sums."""
    tree = fromstring(mathml)
    tree.set("display", "inline")
    for tag in tree.iter():
        if tag.tag in ("munder", "munderover") and _text(tag[0]) in _MOVABLE:
            tag.tag = tag.tag.replace("munderover", "msubsup").replace("munder", "msub")
    return tostring(tree, encoding="unicode")


def words(mathml: str) -> str:
    """Say a formula in words."""
    said = _SPACE.sub(" ", _say(fromstring(mathml))).strip()
    said = re.sub(r" (?=[,.;:)\]])|(?<=[(\[]) ", "", said)
    return unicodedata.normalize("NFKC", said.replace("times times times", "and so on"))


def _say(tag: Element) -> str:
    name, text = tag.tag, (tag.text or "").strip()
    parts = list(tag)
    if name in ("mi", "mn", "mtext", "ms"):
        return f" {_WORDS.get(text, text)} "
    if name == "mo":
        if text in _PAIRED and tag.get("form") == "prefix":
            return f" the {_PAIRED[text]} of "
        if text in _PAIRED and tag.get("form") == "postfix":
            return f" end of {_PAIRED[text]} "
        return f" {_WORDS.get(text, text)} "
    if name in ("mspace", "mphantom", "annotation"):
        return " "
    if name == "mfrac":
        above, below = map(_say, parts)
        if tag.get("linethickness") in ("0", "0px"):
            return f"{above} choose {below}"
        return f" {_part(parts[0])} over {_part(parts[1])} "
    if name == "msqrt":
        return f" the root of {_many(parts)} "
    if name == "mroot":
        return f" the root of degree {_say(parts[1])} of {_part(parts[0])} "
    if name == "msub":
        return f"{_say(parts[0])} sub {_part(parts[1])} "
    if name == "msup":
        return _say(parts[0]) + _raised(parts[1])
    if name == "msubsup":
        return f"{_say(parts[0])} sub {_part(parts[1])} {_raised(parts[2])}"
    if name == "munder" and _text(parts[1]) == _BRACE:
        return f"({_say(parts[0])})"
    if name == "munder" and _BRACE in _text(parts[0]):
        return f"{_say(parts[0])}, the {_say(parts[1])}, "
    if name == "munder":
        return f"{_say(parts[0])} over {_say(parts[1])} of "
    if name == "mover":
        above = _say(parts[1]).strip()
        mark = _text(parts[1])
        return f"{_say(parts[0])} {_ACCENTS.get(mark, f'with {above} above')} "
    if name == "munderover":
        return f"{_say(parts[0])} from {_say(parts[1])} to {_say(parts[2])} of "
    if name == "mtable":
        return " " + "; ".join(_say(row) for row in parts) + " "
    if name == "mtr":
        return ", ".join(_say(cell) for cell in parts)
    return f" {text} " + "".join(_say(part) for part in parts)


def _text(tag: Element) -> str:
    return "".join(tag.itertext()).strip()


def _part(tag: Element) -> str:
    """Say what stands above or below, and where it ends if it is more than one sign."""
    return _many([tag])


def _many(tags: list[Element]) -> str:
    said = "".join(map(_say, tags))
    leaves = [each for tag in tags for each in tag.iter() if not len(each) and _text(each)]
    return said if len(leaves) < 2 else f"({said})"


def _raised(tag: Element) -> str:
    text = _text(tag)
    if text in ("2", "3"):
        return f" {'squared' if text == '2' else 'cubed'} "
    if text in ("⊤", "′", "″", "‴", "∗"):
        return f" {_WORDS[text]} "
    return f" to the power of {_part(tag)} "


def file_name(svg: str) -> str:
    """Return what the file of a drawing is called: by its content."""
    return f"{hashlib.sha256(svg.encode()).hexdigest()[:16]}.svg"
