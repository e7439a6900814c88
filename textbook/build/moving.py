"""The HTML of a figure that has frames: what `browser/frames.js` shows of them, and some of them.

Where nobody can choose, without JavaScript and on paper, a few frames stand side by side. The
texts of all frames are data of the page: their templates once, and for each frame what differs.
"""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from itertools import takewhile

from textbook import figures
from textbook.build.maths import MATHS
from textbook.frames import Frame, Frames, pieces

# Least widths of images that the style sheet knows: that of a figure on most phones, and steps.
PHONE, STEP = 358, 20

_FIELD = re.compile("\uf8f2(\\d+)\uf8f3")  # stands for a field while Markdown is looked for


def picture(address: str, alt: str, svg: str) -> str:
    """Return a figure's image. A class tells the style sheet how wide its letters want it."""
    width, height = figures.size(svg)
    size = f'width="{width}" height="{height}"'
    least = PHONE - (PHONE - figures.least(svg)) // STEP * STEP
    return f'<img src="{address}" class="least-{least}" alt="{escape(alt)}" {size} loading="lazy">'


def moving(
    options: Mapping[str, str],
    drawn: Frames,
    title: str,
    address: Callable[[str, str], str],
    inline: Callable[[str], str],
    *,
    slider: bool,
) -> str:
    """Return what stands in the `<figure>` of a block with frames.

    `address` saves an SVG under a name and says where, `inline` sets the Markdown of a caption.
    Without a `slider` the page has no more than a few frames.
    """
    frames, default, few = drawn.frames, drawn.default, drawn.few
    here = range(len(frames)) if slider else {default, *few}
    addresses = {
        number: address(f"{options['name']}-{number}", frames[number].svg) for number in here
    }

    def image(number: int) -> str:
        frame = frames[number]
        return picture(addresses[number], frame.fill(options["alt"]), frame.svg)

    alt, value = (
        [_column(part, frames) for part in _parts(options[key])] for key in ("alt", "value")
    )
    caption = [[title] * len(frames), *_caption(options["caption"], frames, inline)]
    shown = "".join(column[default] for column in caption)
    items = "".join(
        f"<li>{image(number)}<span>{escape(frames[number].fill(options['value']), quote=False)}"
        "</span></li>"
        for number in few
    )
    tools = ""
    if slider:
        data = _data(drawn, {"alt": alt, "value": value, "caption": caption})
        tools = f"<div class=\"frames-tools\" data-frames='{data}'></div>"
    return f"{image(default)}{tools}<ol>{items}</ol><figcaption>{shown}</figcaption>"


def _data(drawn: Frames, texts: dict[str, list[list[str]]]) -> str:
    """Write all texts of the frames, those that differ as columns that a text refers to."""
    columns: list[list[str]] = []
    data: dict[str, object] = {}
    for name, parts in texts.items():
        said: list[str | int] = []
        for column in parts:
            if len(set(column)) > 1:
                if column not in columns:
                    columns.append(column)
                said.append(columns.index(column))
            elif said and isinstance(said[-1], str):
                said[-1] += column[0]
            elif column[0]:
                said.append(column[0])
        data[name] = said
    first, *others = drawn.parameters
    data["first"] = drawn.default
    data["labels"] = [each.label for each in drawn.parameters]
    data["count"] = len(first.values)
    data["choices"] = [str(value) for each in others for value in each.values]
    data["columns"] = [_joined(column) for column in columns]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;")


def _joined(texts: list[str]) -> str:
    """Return texts as one, each after a character that none of them has."""
    mark = next(mark for mark in "|;/~\x1f" if not any(mark in text for text in texts))
    return "".join(mark + text for text in texts)


def _parts(template: str) -> list[tuple[bool, str]]:
    """Return the parts of a template in turn: (whether it is a field, itself)."""
    pairs = [[(False, text), (True, field)] for text, field in pieces(template)]
    return [part for pair in pairs for part in pair if part[1]]


def _column(part: tuple[bool, str], frames: list[Frame]) -> list[str]:
    """Return what a part of a template is in each frame."""
    field, text = part
    return [frame.fields[text] if field else text for frame in frames]


def _caption(template: str, frames: list[Frame], inline: Callable[[str], str]) -> list[list[str]]:
    """Return the parts of a caption, each as the HTML that it is in every frame."""
    parts = _parts(template)
    marked = "".join(
        f"\uf8f2{number}\uf8f3" if field else text for number, (field, text) in enumerate(parts)
    )

    def filled(text: str) -> list[str]:
        def fill(frame: Frame) -> str:
            return _FIELD.sub(lambda match: frame.fields[parts[int(match[1])][1]], text)

        return [fill(frame) for frame in frames]

    columns: list[list[str]] = []
    position = 0
    for match in MATHS.finditer(marked):
        columns += _prose(marked[position : match.start()], filled)
        columns += _trimmed([inline(text) for text in filled(match[0])])
        position = match.end()
    return columns + _prose(marked[position:], filled)


def _trimmed(column: list[str]) -> list[list[str]]:
    """Return a column with what begins and ends it in all frames as parts of their own."""
    start = _common(column)
    rest = [text.removeprefix(start) for text in column]
    end = _common([text[::-1] for text in rest])[::-1]
    middle = [text.removesuffix(end) for text in rest]
    return [[start] * len(column), middle, [end] * len(column)]


def _common(column: list[str]) -> str:
    """Return what all texts begin with."""
    same = takewhile(lambda each: len(set(each)) == 1, zip(*column, strict=False))
    return "".join(each[0] for each in same)


def _prose(text: str, filled: Callable[[str], list[str]]) -> list[list[str]]:
    """Return the parts of plain text: as text, whatever stands in a field."""
    return [
        [escape(each, quote=False) for each in filled(part)]
        for part in re.split("(\uf8f2\\d+\uf8f3)", text)
        if part
    ]
