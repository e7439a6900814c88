"""The Markdown extension: runs a page's examples and shows them, their figures and its maths.

Examples run before Markdown sees the page, so that a failure stops the build
with its page and line (a superfences formatter would swallow it), and so that
the same code works under MkDocs and under Zensical.
"""

import base64
import re
from collections.abc import Callable
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from textbook import figures
from textbook.examples import Block, blocks, run_section
from textbook.highlight import highlight
from textbook.maths import MATHS, MathsError, to_mathml

# What a section drew: an SVG or None for each of its blocks.
type Drawn = list[str | None]

# Takes a figure's file name and SVG, returns the address to put into the page.
type Save = Callable[[str, str], str]


class TextbookExtension(Extension):
    """Runs examples and sets maths. A build that can write files says how with `save`."""

    def __init__(self, **kwargs: Any) -> None:
        self.config: dict[str, list[Any]] = {
            "path": ["", "the page, as error messages name it"],
            "first_line": [1, "the line of the source at which the Markdown starts"],
            "save": [None, "takes (file name, SVG), returns the address to put into the page"],
            "draw": [draw, "runs a section: takes (blocks, path), returns what they drew"],
        }
        super().__init__()
        for key, value in kwargs.items():
            self.config[key][0] = value

    def extendMarkdown(self, md: Markdown) -> None:
        """Register before superfences (25), which must find our fences replaced."""
        md.ESCAPED_CHARS.append("$")
        options = self.getConfigs()
        md.preprocessors.register(ExamplesPreprocessor(md, **options), "textbook-examples", 29)
        md.preprocessors.register(MathsPreprocessor(md, options["path"]), "textbook-maths", 24)


class ExamplesPreprocessor(Preprocessor):
    """Replaces each example by its code block and its figure."""

    def __init__(
        self,
        md: Markdown,
        path: str,
        first_line: int,
        save: Save | None,
        draw: Callable[[list[Block], str], Drawn],
    ) -> None:
        super().__init__(md)
        self.path, self.first_line, self.save, self.draw = path, first_line, save, draw

    def run(self, lines: list[str]) -> list[str]:
        """Run the page section by section."""
        text = "\n".join(lines)
        path = self.path or _page_under_zensical(self.md)
        found = blocks(text, path, self.first_line)
        drawn: Drawn = []
        for _, section in groupby((block for _, _, block in found), key=lambda b: b.section):
            drawn += self.draw(list(section), path)
        out, position, number = [], 0, 0
        for (start, end, block), svg in zip(found, drawn, strict=True):
            html = highlight(block.source, block.language, **_for_runner(block))
            if svg is not None:
                number += 1
                html += figure(block, svg, number, path, self.save)
            out += [text[position:start], block.indent, self.md.htmlStash.store(html)]
            position = end
        return "".join([*out, text[position:]]).split("\n")


class MathsPreprocessor(Preprocessor):
    """Replaces formulas by MathML before Markdown can take them apart."""

    def __init__(self, md: Markdown, path: str) -> None:
        super().__init__(md)
        self.path = path

    def run(self, lines: list[str]) -> list[str]:
        """Set every formula of the page."""
        return MATHS.sub(self.set, "\n".join(lines)).split("\n")

    def set(self, match: re.Match[str]) -> str:
        """Return one formula as stashed HTML."""
        if match["code"]:
            return match[0]
        try:
            html = _mathml(match)
        except MathsError as error:
            raise MathsError(f"{self.path}: {error}") from None
        return self.md.htmlStash.store(html)


def figure(block: Block, svg: str, number: int, path: str, save: Save | None) -> str:
    """Return the `<figure>` that shows what a block drew."""
    name = block.options.get("name", f"figure-{number}")
    if save:
        folders = PurePosixPath(path).with_suffix("").parts[1:]  # two pages may share a file name
        address = save("/".join([*folders, name]) + ".svg", svg)
    else:
        address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    width, height = figures.size(svg)
    return (
        f'<figure id="{escape(name)}">'
        f'<img src="{address}" alt="{escape(block.options["alt"])}"'
        f' width="{width}" height="{height}" loading="lazy">'
        f"<figcaption><b>Figure {number}.</b> {_inline(block.options['caption'])}"
        "</figcaption></figure>"
    )


def _for_runner(block: Block) -> dict[str, str | int]:
    """Return what running a block in the page needs to know of it."""
    if block.role:
        return {block.role: block.options[block.role]}
    return {"section": block.section}


def draw(section: list[Block], path: str) -> Drawn:
    """Run the blocks of one section; return the SVG that each drew, or None."""
    with figures.style():
        return run_section(section, path, figures.to_svg)


def _mathml(match: re.Match[str]) -> str:
    if match["display"]:
        return f'<div class="maths">{to_mathml(match["display"], display=True)}</div>'
    html = to_mathml(match["inline"])
    # A browser would begin a line with the comma after a formula: no character keeps it there.
    return f'<span class="unbroken">{html}{match["after"]}</span>' if match["after"] else html


def _inline(caption: str) -> str:
    """Set a caption: code and maths, and nothing else of Markdown."""
    out, position = [], 0
    for match in MATHS.finditer(caption):
        out.append(escape(caption[position : match.start()], quote=False))
        if match["code"]:
            out.append(f"<code>{escape(match['code'].strip('`'), quote=False)}</code>")
        else:
            out.append(_mathml(match))
        position = match.end()
    return "".join([*out, escape(caption[position:], quote=False)])


def _page_under_zensical(md: Markdown) -> str:
    """Return the page's path, which Zensical keeps in a preprocessor of its own."""
    for processor in md.preprocessors:
        page = getattr(processor, "page", None)
        if page is not None:
            return str(page.path)
    return "page.md"


def makeExtension(**kwargs: Any) -> TextbookExtension:
    """Return the extension: the name is Python-Markdown's convention."""
    return TextbookExtension(**kwargs)
