"""The Markdown extension: runs a page's examples and shows them, their figures and its maths.

Markdown finds what the page shows, and only that is run. A failure stops the build with its page
and line, under MkDocs and under Zensical alike.
"""

import base64
import functools
import re
from collections.abc import Callable
from html import escape
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.util import AtomicString

from textbook.build import exercises, fonts, gates, reference
from textbook.build.highlight import highlight
from textbook.build.maths import MATHS, STRAY, MathsError, to_mathml
from textbook.build.moving import moving, picture
from textbook.examples import Block, ExampleError, Reader, Shown, grouped, run_section
from textbook.session import prepare_drawing

# Runs the blocks of a section.
type Draw = Callable[[list[Block]], list[Shown]]

_PIECE = re.compile("[\n\x02\x03\uf8f0\uf8f1]")  # ends with a line or where something is hidden

# Takes a figure's file name and SVG, returns the address to put into the page.
type Save = Callable[[str, str], str]

# Is told the text of a page, and what its examples show.
type Keep = Callable[[str, list[tuple[Block, Shown]], str], None]


class TextbookExtension(Reader):
    """Runs examples and sets maths. A build that can write files says how with `save`.

    `path` is the page, as error messages name it; `first_line` the line of the source at which
    the Markdown starts; `draw` runs a section; a `lab` is one section, whose prints are shown.
    What fails is raised or, where there is a list of `errors`, put there and shown in its place.
    What ran is told to `keep`, so that nothing runs twice.
    """

    def __init__(
        self,
        path: str = "",
        first_line: int = 1,
        save: Save | None = None,
        draw: Draw | None = None,
        lab: bool = False,
        errors: list[ExampleError] | None = None,
        keep: Keep | None = None,
    ) -> None:
        super().__init__(path, first_line, self.fill, lab=lab)
        self.page, self.first = "", first_line
        self.save, self.draw, self.errors, self.keep = save, draw or draw_here, errors, keep

    def extendMarkdown(self, md: Markdown) -> None:
        """Also allow escaped dollars, and a formula alone in its paragraph."""
        super().extendMarkdown(md)
        md.ESCAPED_CHARS.append("$")
        step: Any = SimpleNamespace  # after all that is found (6), before the contents (5)
        md.treeprocessors.register(step(run=self.describe), "textbook-exercises", 5.5)
        md.block_level_elements.remove("math")

    def hide(self, lines: list[str]) -> list[str]:
        """Hide formulas too, before Markdown can take them apart."""
        self.page = self.page or self.path or page_under_zensical(self.md)
        self.entry = reference.described(self.md)
        self.path, line, new = reference.places.get(self.entry, (self.page, self.first, 0))
        self.first_line = line - new  # of examples: only what they import first is new
        text = "\n".join(super().hide(lines))
        self.first_line = line
        self.places: dict[str, int] = {}  # of formulas, in the text of the page
        places = (each.start() for each in MATHS.finditer(self.text) if not each["code"])

        def formula(match: re.Match[str]) -> str:
            if match["code"]:
                return match[0]
            line = text[text.rfind("\n", 0, match.start()) + 1 :]
            token = self.hidden.hide(match[0], line[: len(line) - len(line.lstrip(" \t>"))])
            self.places.setdefault(self.hidden.pieces[-1], next(places, 0))
            return token

        return MATHS.sub(formula, text).split("\n")

    def find(self, root: Element) -> None:
        """Refuse dollars in prose that begin no formula and look as if they should."""
        for element in root.iter():
            for text in (element.text if element.tag != "code" else "", element.tail):
                stray = None if isinstance(text, AtomicString) else STRAY.search(text or "")
                if text and stray:
                    before, after = text[: stray.start()], text[stray.start() :]
                    around = _PIECE.split(before)[-1] + _PIECE.split(after)[0]
                    raise self.error(
                        f"cannot read {around.strip()!r} as a formula: it stands between dollars, "
                        "in one paragraph, after no letter or digit; a dollar as such is \\$",
                        max(0, self.text.find(around)),
                    )
        super().find(root)

    def error(self, message: str, place: int) -> MathsError:
        """Return an error that names its line."""
        line = self.first_line + self.text.count("\n", 0, place)
        return MathsError(f"{self.path}:{line}: {message}")

    def typeset(self, piece: str) -> str:
        """Set a formula."""
        try:
            return self.md.htmlStash.store(_set_maths(piece))
        except MathsError as error:
            raise self.error(str(error), self.places[piece]) from None

    def fill(self, places: list[tuple[Element, Block]]) -> None:
        """Run the page section by section, and put each example into its place."""
        blocks = [block for _, block in places]
        shown = [each for section in grouped(blocks) for each in self.run(section)]
        if self.keep:
            self.keep(self.text, list(zip(blocks, shown, strict=True)), self.entry)
        number = 0
        resolved = self.save is None  # by Zensical, in HTML too, which MkDocs leaves as it is
        links = reference.link(self.root, dict(places), self.page, self.entry, resolved=resolved)
        for (element, block), each in zip(places, shown, strict=True):
            html = example(block, self.path, self.entry, covered=bool(each.key))
            html = reference.linked(html, links.get(element, {}))
            if block.cell and each.output:
                output = escape(each.output.rstrip("\n"), quote=False)
                html += f'<pre class="output no-copy"><code>{output}</code></pre>'
            if each.error:
                html += f'<pre class="example-error"><code>{escape(each.error)}</code></pre>'
            element.text = self.md.htmlStash.store(html)
            if each.figure:
                number += 1
                self._add_figure(element, block, each, number)
            if "predict" in block.options:
                gates.add(self.root, element, block, each.key, chapter(self.path))
        gates.add_whys(self.root, chapter(self.path), self.fault)
        if any("data-ask" in box.attrib for box in self.root.iter("div")):
            parts = SubElement(self.root, "template", {"class": "ask-parts"})
            parts.set("data-search-exclude", "")
            parts.text = self.md.htmlStash.store(gates.FORM)

    def fault(self, message: str, snippets: list[str]) -> ExampleError:
        """Return an error at the first of some snippets of the page."""
        place = next((at for each in snippets if (at := self.text.find(each)) >= 0), 0)
        line = self.first_line + self.text.count("\n", 0, place)
        return ExampleError(self.path, line, message)

    def describe(self, root: Element) -> None:
        """Say what each exercise is, or what is wrong with its heading."""
        found = exercises.scan(self.text, self.path, self.first_line)
        exercises.compare(found, self.found.values())
        exercises.show(root, found, chapter(self.path))
        for error in (error for each in found for error in each.errors()):
            if self.errors is None:
                raise error
            self.errors.append(error)

    def run(self, section: list[Block]) -> list[Shown]:
        """Run a section, or say what is wrong with it."""
        try:
            return self.draw(section)
        except ExampleError as error:
            if self.errors is None:
                raise
            self.errors.append(error)
            before = [block for block in section if block.line <= error.args[1]]
            at = before[-1] if before else section[0]
            return [Shown(error=str(error) if block is at else "") for block in section]

    def _add_figure(self, element: Element, block: Block, shown: Shown, number: int) -> None:
        """Put the `<figure>` that shows what a block drew under it."""
        name = block.options.get("name", f"figure-{number}")
        if any(other.get("id") == name for other in self.root.iter()):
            raise block.error(f"the id {name!r} stands twice on this page")
        # An element of the tree, so that what checks links knows its id.
        figure = Element("figure", id=name)
        folders = PurePosixPath(self.path).with_suffix("").parts[1:]

        def address(file: str, svg: str) -> str:
            if self.save:
                return self.save("/".join([*folders, file]) + ".svg", svg)
            return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()

        title = f"<b>Figure {number}.</b> "
        try:
            if shown.frames:
                figure.set("class", "frames")
                slider = self.save is not None  # or each frame would be in the page
                html = moving(block.options, shown.frames, title, address, _inline, slider=slider)
            else:
                image = picture(address(name, shown.figure), block.options["alt"], shown.figure)
                html = f"{image}<figcaption>{title}{_inline(block.options['caption'])}</figcaption>"
        except MathsError as error:
            raise block.error(str(error)) from None
        figure.text = self.md.htmlStash.store(html)
        parent = next(parent for parent in self.root.iter() if element in list(parent))
        parent.insert(list(parent).index(element) + 1, figure)


def example(block: Block, path: str, entry: str = "", *, covered: bool = False) -> str:
    """Return a block as HTML, with what running it in the page needs to know of it.

    Each entry of the reference is a section of its own.
    """
    source = re.sub(r"^<BLANKLINE>$", "", block.source, flags=re.MULTILINE)
    if not block.role:
        said = {"copy": block.code, "section": entry or block.section}
        if limit := block.options.get("limit"):
            said["limit"] = limit
        return highlight(source, block.language, covered=covered, **said)
    said = {block.role: block.options[block.role]}
    if block.role == "exercise":
        said["key"] = f"{chapter(path)}#{said['exercise']}"
    return highlight(source, block.language, copy=block.code, **said)


def chapter(path: str) -> str:
    """Return the address under which answers are kept: that of a lesson's chapter, or the page's.

    So a lesson can be cut or renamed, and a reader's answers are found again.
    """
    parts = PurePosixPath(path).with_suffix("").parts[1:]  # without docs
    return "/".join(parts[:2] if parts[:1] == ("chapters",) else parts) + "/"


def draw_here(section: list[Block]) -> list[Shown]:
    """Run the blocks of one section in the book's look, in this process."""
    _prepare()
    return run_section(section)


@functools.cache
def _prepare() -> None:
    prepare_drawing(fonts.build())


def _set_maths(piece: str) -> str:
    match = MATHS.fullmatch(piece)
    if match is None:
        return piece
    if match["display"]:
        return f'<span class="maths">{to_mathml(match["display"], display=True)}</span>'
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
            out.append(_set_maths(match[0]))
        position = match.end()
    return "".join([*out, escape(caption[position:], quote=False)])


def page_under_zensical(md: Markdown) -> str:
    """Return the page's path; Zensical keeps it in a preprocessor, from the folder of pages on."""
    for processor in md.preprocessors:
        page = getattr(processor, "page", None)
        if page is not None:
            return f"docs/{page.path}"
    return "docs/page.md"


def makeExtension(**kwargs: Any) -> TextbookExtension:
    """Return the extension: the name is Python-Markdown's convention."""
    return TextbookExtension(**kwargs)
