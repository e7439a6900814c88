"""One SVG for light and dark, the same bytes each time."""

import contextlib
from collections.abc import Iterator
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from textbook import figures
from textbook.build import fonts
from textbook.session import prepare_drawing


@contextlib.contextmanager
def style() -> Iterator[None]:
    with mpl.rc_context():
        prepare_drawing(fonts.build())
        yield


def draw() -> str:
    """Draw a figure of two kinds of axes, with text and mathematics."""
    with style():
        fig, (left, right) = plt.subplots(1, 2, layout="constrained")
        left.plot([1, 2, 3], label="rises")
        left.legend()
        left.set_title("$x^2$")
        right.imshow(np.arange(12).reshape(3, 4))
        svg = figures.to_svg(fig)
        plt.close(fig)
    return svg


@pytest.fixture(scope="module")
def svg() -> str:
    return draw()


def test_ink_follows_the_page(svg: str) -> None:
    assert figures.INK not in svg
    assert svg.count("currentColor") > 10
    assert "prefers-color-scheme:dark" in svg


def test_no_background_is_painted(svg: str) -> None:
    assert "#ffffff" not in svg


def test_two_drawings_are_the_same_bytes(svg: str) -> None:
    assert svg == draw()


def test_its_layout_is_the_one_of_saving(svg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_lay_out", lambda figure: None)
    assert svg == draw()


def test_nothing_tells_when_or_with_what_it_was_drawn(svg: str) -> None:
    assert mpl.__version__ not in svg
    assert "<metadata" not in svg


def test_it_is_well_formed_and_loads_nothing(svg: str) -> None:
    tree = ElementTree.fromstring(svg)
    links = [
        value
        for element in tree.iter()
        for key, value in element.attrib.items()
        if key.endswith("href") and not value.startswith(("#", "data:"))
    ]
    assert links == []


@pytest.mark.parametrize(("inches", "pixels"), [((4, 3), (384, 288)), ((7, 2.5), (672, 240))])
def test_size_in_pixels(inches: tuple[float, float], pixels: tuple[int, int]) -> None:
    with style():
        fig = plt.figure(figsize=inches)
        svg = figures.to_svg(fig)
        plt.close(fig)
    assert figures.size(svg) == pixels


def test_the_readers_settings_change_no_figure(svg: str) -> None:
    with mpl.rc_context({"axes.grid": True, "font.size": 14, "lines.marker": "o"}):
        assert draw() == svg


def test_colours_of_data_are_lighter_on_the_dark_page(svg: str) -> None:
    light, dark = figures.SERIES[0], figures.ON_DARK[0]
    assert f"stroke: {light}" in svg
    rule = f'[style*="stroke: {light}"]{{stroke:{dark}!important}}'
    assert rule in svg[svg.index("prefers-color-scheme:dark") : svg.index("</style>")]
    assert figures.SERIES[5] not in svg, "a colour that nothing is drawn in"


@pytest.mark.parametrize(("points", "inches"), [(11, 5), (6, 7)])
def test_how_wide_a_figure_must_be_to_be_read(points: float, inches: float) -> None:
    with style():
        fig = plt.figure(figsize=(inches, 2))
        fig.text(0.5, 0.7, "large", fontsize=30)
        fig.text(0.5, 0.2, "small $x^2$", fontsize=points, rotation=90)
        svg = figures.to_svg(fig)
        plt.close(fig)
    assert figures.least(svg) == np.ceil(inches * 96 * 9 / (points * 4 / 3))


def test_a_figure_without_letters_may_be_of_any_width() -> None:
    with style():
        fig = plt.figure()
        svg = figures.to_svg(fig)
        plt.close(fig)
    assert figures.least(svg) == 0
