"""Pictures for others to show: a card for each page that is shared, and icons for screens.

All are drawn from the book's own sign and fonts while the book is built: the same bytes each time.
"""

import io
import json
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.path import Path as Outlines
from matplotlib.transforms import Affine2D
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.nav import Navigation
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from textbook.build import fonts

SIZE = 1200, 630  # of a card, as those who show them ask for
ICONS = 180, 192, 512  # pixels

_PAPER, _INK, _PETROL = "#fdfcfa", "#23272d", "#0b5f67"
_FULL = 127  # of a colour, in a palette that holds two
_LEFT = 90
_FINE = 4  # pixels are drawn so many times too fine, and then made fewer


def draw(nav: Navigation, config: MkDocsConfig) -> Iterator[tuple[str, bytes]]:
    """Yield the addresses and bytes of all pictures of a book, and tell its pages of theirs."""
    sign = Path(config.docs_dir) / str(config.theme["favicon"])
    name = str(config.site_name)
    if not sign.is_file():
        raise PluginError(f"theme.favicon: {sign} is the sign of the book, and is not there")
    for pixels in ICONS:
        yield f"assets/images/icon-{pixels}.png", icon(sign, pixels)
    yield "assets/manifest.json", manifest(name).encode()
    for page in nav.pages:
        title = name if page.is_homepage else str(page.title)
        above = [str(part.title) for part in page.ancestors if part.title != title]
        uri = f"assets/cards/{page.url.strip('./').replace('/', '-') or 'index'}.png"
        page.meta["card"] = uri
        yield uri, card(title, "".join(above[:1]), name, sign)


def icon(sign: Path, pixels: int) -> bytes:
    """Return an icon of so many pixels; the sign of a book is an SVG with one path."""
    image = Image.new("RGB", (pixels, pixels), _PAPER)
    margin = pixels // 6
    image.paste(_PETROL, (margin, margin), _sign(sign, pixels - 2 * margin))
    return _png(image)


def manifest(name: str) -> str:
    """Return what a telephone needs to put a book beside its apps."""
    pictures = [
        {"src": f"images/icon-{pixels}.png", "sizes": f"{pixels}x{pixels}", "type": "image/png"}
        for pixels in ICONS
    ]
    said = {
        "name": name,
        "start_url": "../",
        "display": "browser",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": pictures,
    }
    return json.dumps(said, indent=1) + "\n"


@cache  # for as long as a book is served
def card(title: str, above: str, book: str, sign: Path) -> bytes:
    """Return the card of a page: its title, what it is part of, and the book's name and sign."""
    lines, font = _fit(re.sub(r"[`*$]", "", title))
    ink, petrol = Image.new("L", SIZE), Image.new("L", SIZE)  # from 0 to _FULL each
    draw = ImageDraw.Draw(ink)
    draw.multiline_text((_LEFT, 136), "\n".join(lines), _FULL, font, spacing=12)
    draw.text((_LEFT + 76, SIZE[1] - 100), book, _FULL * 3 // 4, _font("sans-regular", 38))
    draw = ImageDraw.Draw(petrol)
    draw.rectangle((0, 0, 24, SIZE[1]), _FULL)
    draw.text((_LEFT, 76), above, _FULL, _font("sans-regular", 40))
    petrol.paste(_FULL, (_LEFT, SIZE[1] - 102), _sign(sign, 52))
    # One byte a pixel: the second half of the palette is the petrol's.
    image = ImageChops.add(ink, petrol.point([0, *range(_FULL + 2, 256), *[255] * (_FULL + 1)]))
    image.putpalette([*_ramp(_INK), *_ramp(_PETROL)])
    return _png(image)


def _ramp(colour: str) -> list[int]:
    """Return the colours from paper to ink."""
    paper, full = ImageColor.getrgb(_PAPER), ImageColor.getrgb(colour)
    steps = [step / _FULL for step in range(_FULL + 1)]
    return [round(a + (b - a) * step) for step in steps for a, b in zip(paper, full, strict=True)]


def _fit(title: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Return a title in lines, and in the largest letters that leave room for them."""
    for size, most in ((84, 3), (68, 4), (56, 5)):
        font = _font("sans-bold", size)
        room = SIZE[0] - 2 * _LEFT
        for width in range(len(title), 0, -1):
            lines = textwrap.wrap(title, width)
            if max(map(font.getlength, lines)) <= room:
                break
        if len(lines) <= most:
            break
    return lines, font


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.build() / f"{name}.ttf", size)


@cache
def _sign(sign: Path, pixels: int) -> Image.Image:
    """Return the sign of a book as a mask: what lies within an odd number of outlines is ink."""
    svg = sign.read_text(encoding="utf-8")
    box, path = (re.search(rf' {name}="([^"]+)"', svg) for name in ("viewBox", "d"))
    if box is None or path is None:
        raise ValueError(f"{sign} shows no path")
    size = pixels * _FINE
    scale = size / float(box[1].split()[-1])
    mask = Image.new("1", (size, size))
    for outline in _outlines(path[1]).transformed(Affine2D().scale(scale)).to_polygons():
        inside = Image.new("1", mask.size)
        ImageDraw.Draw(inside).polygon(np.ravel(outline).tolist(), fill=1)
        mask = ImageChops.logical_xor(mask, inside)
    return mask.convert("L").resize((pixels, pixels), Image.Resampling.BOX)


def _outlines(path: str) -> Outlines:
    """Return the outlines that the `d` of an SVG describes."""
    pen = RecordingPen()
    parse_path(path, pen)
    codes = {"moveTo": Outlines.MOVETO, "lineTo": Outlines.LINETO, "curveTo": Outlines.CURVE4}
    drawn = [(codes[name], point) for name, points in pen.value if points for point in points]
    return Outlines([point for _, point in drawn], [code for code, _ in drawn])


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
