"""What the figures of the built book are drawn with: letters to be read, lines to be seen."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.site.test_site import soup
from textbook import figures

PHONE = 358  # pixels that a figure has on a screen of 390
LETTERS = 9  # pixels that letters have at least

SHEET = ROOT / "docs/assets/stylesheets/book.css"
# Strokes that need no contrast with the page, and why.
ELSEWHERE = {
    "#000000": "hatches and edges of white cells, which bring their own ground",
    "#b0b0b0": "lines of a grid, which help to read a value that the axis gives",
}


@pytest.fixture(scope="module")
def drawn(site: Path) -> dict[Path, str]:
    paths = (site.resolve() / "assets/figures").rglob("*.svg")
    return {path: path.read_text("utf-8") for path in paths}


def test_letters_are_large_enough_on_a_phone(site: Path, drawn: dict[Path, str]) -> None:
    sheet = SHEET.read_text("utf-8")
    widths = {name: int(px) for name, px in re.findall(r"\.(least-\d+) \{ --least: (\d+)px", sheet)}
    standard = re.search(r"max\(100cqi, var\(--least, (\d+)px\)\)", sheet)
    assert standard
    small = set()
    for page in site.rglob("index.html"):
        for image in soup(page).select("figure img"):
            source, name = str(image["src"]), str(image["class"][0])
            svg = drawn[(page.parent / source).resolve()]
            least = widths.get(name, int(standard[1]))
            if letters(svg) * min(1, max(PHONE, least) / figures.size(svg)[0]) < LETTERS:
                small.add((source, name))
    assert small == set()


def letters(svg: str) -> float:
    """Return the height of the smallest letters of a line, in pixels at full size."""
    points = [100 * float(scale) for scale in re.findall(r"scale\(([\d.]+) -[\d.]+\)", svg)]
    return min(points, default=LETTERS * 99) * 4 / 3


@pytest.mark.parametrize(("dark", "least"), [(False, 3.0), (True, 4.0)], ids=["light", "dark"])
def test_lines_are_seen(site: Path, drawn: dict[Path, str], dark: bool, least: float) -> None:
    papers = re.findall(r"--paper: (#\w{6});", SHEET.read_text("utf-8"))
    assert len(papers) == 2
    faint = {}
    for svg in drawn.values():
        for stroke in strokes(svg, dark=dark) - ELSEWHERE.keys():
            seen = contrast(stroke, papers[dark])
            if seen < least:
                faint[stroke] = seen
    assert faint == {}


def strokes(svg: str, *, dark: bool) -> set[str]:
    """Return the colours of all lines, as a page of a scheme shows them."""
    night = dict(re.findall(r'\[style\*="stroke: (#\w{6})"\]\{stroke:(#\w{6})', svg))
    ink = re.findall(r":root\{color:(#\w{6})\}", svg)
    colours = set(re.findall(r'style="[^"]*stroke: (#\w{6}|currentColor)', svg))
    assert len(ink) == 2
    shown = {ink[dark] if colour == "currentColor" else colour for colour in colours}
    return {night.get(colour, colour) if dark else colour for colour in shown}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
