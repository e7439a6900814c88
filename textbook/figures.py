"""Matplotlib figure -> one SVG for light and dark pages."""

import functools
import io
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Text, axes and ticks are drawn in this ink, which no figure would use for data,
# and the SVG's style sheet then gives it the colour of the page.
INK = "#010203"
_INK_ON_LIGHT, _INK_ON_DARK = "#23272d", "#e1e4e8"

# Blue, orange, red, plum, grey, deep blue: from Petroff's six (arXiv:2107.02270), moved until each
# has a contrast of 3:1 on the light and on the dark page, and the nearest two are a CIEDE2000
# distance of 16 apart, for readers with protan-, deuter- and tritanopia too (petroff6: 10.6).
SERIES = ["#3497e6", "#e87004", "#c22900", "#9d4b78", "#949188", "#295dd7"]

# The same on the dark page, where thin and dotted lines of the darker three are hard to see:
# each has a contrast of 4:1 there, and the nearest two are a distance of 19 apart.
ON_DARK = ["#72b5e1", "#ec9f01", "#dc404f", "#9b6b89", "#adb0a2", "#6c68f2"]

_LEGIBLE = 9  # CSS pixels that the letters of a figure have at least, however narrow the page is


def settings(fonts: Iterable[Path]) -> Any:
    """Return the book's look as Matplotlib's rcParams."""
    from cycler import cycler

    ink = dict.fromkeys(
        ["text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color",
         "axes.titlecolor", "legend.labelcolor", "patch.edgecolor", "hatch.color"],
        INK,
    )  # fmt: skip
    return ink | {
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "axes.prop_cycle": cycler(color=SERIES),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": "medium",
        "axes.titley": 1,  # where it is anyway; looking for it costs a tenth
        "axes.formatter.min_exponent": 4,  # 0.01 rather than a 10 with a tiny -2
        "font.family": _families(tuple(fonts)),
        "font.size": 11,
        "mathtext.fontset": "stix",
        "image.interpolation": "none",
        "legend.frameon": False,
        "lines.linewidth": 2,
        "svg.fonttype": "path",  # an <img> cannot load the page's fonts
        "svg.hashsalt": "textbook",
        "figure.max_open_warning": 0,
    }


def to_svg(figure: "Figure") -> str:
    """Return a figure as SVG whose ink follows the colour scheme of the page around it."""
    _spare(figure)
    _lay_out(figure)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = _shorten(svg).replace(INK, "currentColor")
    dark = "".join(
        f'[style*="{name}: {light}"]{{{name}:{other}!important}}'
        for light, other in zip(SERIES, ON_DARK, strict=True)
        for name in ("fill", "stroke")
        if f"{name}: {light}" in svg
    )
    scheme = (
        f"<style>:root{{color:{_INK_ON_LIGHT}}}"
        f"@media (prefers-color-scheme:dark){{:root{{color:{_INK_ON_DARK}}}{dark}}}</style>"
    )
    head = svg.index(">") + 1
    return svg[:head] + scheme + svg[head:]


def _spare(figure: "Figure") -> None:
    """Keep Matplotlib from computing, time and again, what changes nothing.

    For a place for a label, and for the size of a spine, it finds all ticks anew: a
    place for a label that is empty, the size of a spine that lies on the edge.
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)
        for spine in axes.spines.values():
            spine.set_in_layout(False)


def _lay_out(figure: "Figure") -> None:
    """Place a figure's parts once, as saving would. Saving would draw the figure twice for it."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    engine = figure.get_layout_engine()
    if engine is not None:
        FigureCanvasSVG(figure)  # text is as large as it will be drawn
        engine.execute(figure)
        figure.set_layout_engine(None)


def _shorten(svg: str) -> str:
    """Drop what no reader sees; name by order and round what differs between equal runs.

    Matplotlib names clip paths after all the digits of their place, and the last of
    these depend on the order in which its layout engine solved its equations.
    """
    svg = re.sub(r"<!--.*?-->", "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    used = re.findall(r'(?:url\(|href=")#([^")]+)', svg)
    names = {name: f"i{number}" for number, name in enumerate(dict.fromkeys(used))}
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", svg)
    svg = re.sub(r'(url\(|href=")#([^")]+)', lambda m: f"{m[1]}#{names[m[2]]}", svg)
    places = r' d="[^"]+"|translate\([^)]+\)| [xy]="[^"]+"'
    return re.sub(places, lambda m: re.sub(r"-?\d+\.\d{3,}", _rounded, m[0]), svg)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def size(svg: str) -> tuple[int, int]:
    """Return the width and height of an SVG from Matplotlib in CSS pixels."""
    found = dict(re.findall(r'\b(width|height)="([\d.]+)pt"', svg[: svg.index(">")]))
    return round(float(found["width"]) * 4 / 3), round(float(found["height"]) * 4 / 3)


def least(svg: str) -> int:
    """Return how wide an SVG from Matplotlib must be shown, in CSS pixels, to be read.

    Matplotlib draws letters 100 units high and scales them, in points; what stands above or
    below a line is scaled once more, and may be smaller.
    """
    letters = [float(scale) for scale in re.findall(r"scale\((\d*\.?\d+) -\1\)", svg)]
    if not letters:
        return 0
    return math.ceil(size(svg)[0] * _LEGIBLE / (min(letters) * 100 * 4 / 3))


@functools.cache
def _families(fonts: tuple[Path, ...]) -> list[str]:
    """Make the book's sans serif known to Matplotlib, which takes missing letters from the next."""
    from matplotlib import font_manager

    for path in fonts:
        font_manager.fontManager.addfont(path)
    return ["Book Sans"] * bool(fonts) + ["DejaVu Sans"]
