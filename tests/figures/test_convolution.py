"""The convolution chapter's figures show the arrays that they are given."""

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from dlfund import SOBEL_X, SOBEL_Y, conv2d, cross_correlation_2d
from dlfund.figures import convolution as figures
from tests.figures.seen import texts

SIGNED = np.array([[-3.0, 0.0, 1.5], [2.0, -0.25, 7.0]])
COUNTS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])


def shown(axes: Axes) -> NDArray[Any]:
    (image,) = axes.images
    return np.asarray(image.get_array())


def limits(axes: Axes) -> tuple[float | None, float | None]:
    return axes.images[0].get_clim()


def points(axes: Axes) -> list[NDArray[Any]]:
    return [np.asarray(line.get_xydata()) for line in axes.lines]


@pytest.mark.parametrize(("count", "visible"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 6)])
def test_photographs(count: int, visible: int) -> None:
    images = [COUNTS + number for number in range(count)]
    figure = figures.photographs(images, [f"photo {number}" for number in range(count)])
    assert visible == len(figure.axes)
    for number, axes in enumerate(figure.axes[:count]):
        assert_array_equal(images[number], shown(axes))
        assert f"photo {number}" == axes.get_title()
        assert not axes.axison
        assert axes.images[0].get_cmap().name == "gray"
        assert (1 + number, 9 + number) == limits(axes)


def test_photographs_shows_signed_results_about_zero() -> None:
    _, signed = figures.photographs([COUNTS, SIGNED], ["a", "b"]).axes
    assert limits(signed) == (-7, 7)
    assert signed.images[0].get_cmap().name == "RdBu_r"


def test_window() -> None:
    image, kernel, output = np.arange(20).reshape(4, 5), np.eye(2), np.arange(12).reshape(3, 4)
    panels = figures.window(image, kernel, output, (2, 1)).axes
    assert [axes.get_title() for axes in panels] == ["image", "kernel", "output"]
    for axes, array in zip(panels, (image, kernel, output), strict=True):
        assert_array_equal(array, shown(axes))
        assert [f"{value:g}" for value in array.flat] == texts(axes)
    frames = [[p for p in axes.patches if isinstance(p, Rectangle)] for axes in panels]
    assert [len(patches) for patches in frames] == [1, 0, 1]
    of_image, of_output = frames[0][0], frames[2][0]
    assert of_image.get_bbox().bounds == (1 - 0.5, 2 - 0.5, 2, 2)
    assert of_output.get_bbox().bounds == (1 - 0.5, 2 - 0.5, 1, 1)


def test_heatmaps() -> None:
    figure = figures.heatmaps([COUNTS, SIGNED], ["counts", "signed"])
    for axes, array, title in zip(figure.axes, (COUNTS, SIGNED), ("counts", "signed"), strict=True):
        assert_array_equal(array, shown(axes))
        assert title == axes.get_title()
        assert limits(axes) == (-9, 9)  # one scale for all
        assert list(axes.get_xticks()) == []
    assert texts(figure.axes[1]) == ["−3", "0", "1.5", "2", "−0.25", "7"]


def test_heatmaps_without_numbers_counts_the_cells() -> None:
    arrays = [COUNTS, COUNTS.T, COUNTS, COUNTS]
    figure = figures.heatmaps(arrays, list("abcd"), numbers=False, labels=("in", "out"))
    assert [axes.axison for axes in figure.axes] == [True] * 4 + [False] * 2
    for axes, array in zip(figure.axes, arrays, strict=False):
        assert texts(axes) == []
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("in", "out")
        assert array.shape == (len(axes.get_yticks()), len(axes.get_xticks()))
        assert limits(axes) == (0, 9)


def test_heatmaps_with_a_scale_each() -> None:
    figure = figures.heatmaps([COUNTS, SIGNED], ["counts", "signed"], shared=False)
    assert [limits(axes) for axes in figure.axes] == [(0, 9), (-7, 7)]


def test_heatmaps_of_zeros() -> None:
    (axes,) = figures.heatmaps([np.zeros((2, 3))], ["zeros"]).axes
    assert texts(axes) == ["0"] * 6


def test_numbers_contrast_with_their_cells() -> None:
    (axes,) = figures.heatmaps([COUNTS], ["counts"]).axes
    colours = [to_hex(text.get_color()) for text in axes.texts]
    assert (colours[0], colours[-1]) == ("#111118", "#fafafa")


def test_cones() -> None:
    plain = [[0], [0, 1, 2], [0, 1, 2, 3, 4]]
    strided = [[0], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6]]
    layers = [[(3, 1, 1), (3, 1, 1)], [(3, 2, 1), (3, 1, 1)]]
    figure = figures.cones(layers, [plain, strided], ["5", "7"])
    assert [axes.get_title() for axes in figure.axes] == ["5", "7"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert list(zip(figure.axes[0].get_yticks(), names, strict=True)) == [
        (0, "input"),
        (2, "output"),
    ]
    assert len(figure.axes[1].get_yticks()) == 0
    left, right = ([p for p in points(axes) if len(p) != 2] for axes in figure.axes)
    # From the input to the output; a unit stands over the middle of what it sees.
    assert_array_equal([[x, 0] for x in range(5)], left[0])
    assert_array_equal([[x, 1] for x in (1, 2, 3)], left[1])
    assert_array_equal([[2, 2]], left[2])
    assert_array_equal([[x, 0] for x in range(7)], right[0])
    assert_array_equal([[x, 1] for x in (1, 3, 5)], right[1])
    assert_array_equal([[3, 2]], right[2])
    links = [p for p in points(figure.axes[1]) if len(p) == 2]
    assert len(links) == 3 * 3 + 1 * 3
    assert [[5.0, 1.0], [6.0, 0.0]] in [link.tolist() for link in links]


def test_cones_of_dilated_layers() -> None:
    (axes,) = figures.cones([[(2, 1, 3)]], [[[0], [0, 3]]], ["4"]).axes
    links = [p.tolist() for p in points(axes) if len(p) == 2 and p[0, 1] == 1]
    assert links == [[[1.5, 1], [0, 0]], [[1.5, 1], [3, 0]]]


def test_filtered() -> None:
    outputs = {
        "nothing": np.zeros((2, 3)),
        "signed": SIGNED,
        "small": COUNTS / 9,
        "negative": -COUNTS,
    }
    figure = figures.filtered(COUNTS, outputs)
    image, *panels = figure.axes
    assert_array_equal(COUNTS, shown(image))
    assert image.get_title() == "image\n1 to 9"
    for axes, (name, output) in zip(panels, outputs.items(), strict=True):
        assert_array_equal(output, shown(axes))
        assert axes.get_title().startswith(f"{name}\n")
        assert limits(axes) == (-9, 9)  # one scale for all four
    ranges = [axes.get_title().split("\n")[1] for axes in panels]
    assert ranges == ["0 everywhere", "−3 to 7", "0.11 to 1", "−9 to −1"]


def test_filtered_to_nothing() -> None:
    figure = figures.filtered(COUNTS, {name: np.zeros((2, 3)) for name in "abcd"})
    assert all(limits(axes) == (-1, 1) for axes in figure.axes[1:])


def test_responses() -> None:
    frequencies = np.linspace(0, 0.5, 5)
    gains: dict[str, list[float]] = {
        "low": [1, 0.5, 0, 0, 0],
        "middle": [0, 1, 2, 1, 0],
        "high": [0, 0, 1, 2, 3],
    }
    (axes,) = figures.responses(frequencies, gains).axes
    for line, gain in zip(axes.lines, gains.values(), strict=True):
        assert_array_equal(frequencies, line.get_xdata())
        assert_array_equal(gain, line.get_ydata())
    assert len({(line.get_color(), line.get_linestyle()) for line in axes.lines}) == 3
    assert list(gains) == texts(axes)
    assert [text.get_horizontalalignment() for text in axes.texts] == ["left", "center", "right"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("frequency (cycles per pixel)", "gain")


def test_costs() -> None:
    sizes, counts = [3, 5, 7], {"direct": [18, 50, 98], "FFT": [123, 123, 123]}
    (axes,) = figures.costs(sizes, counts).axes
    for line, count in zip(axes.lines, counts.values(), strict=True):
        assert_array_equal(sizes, line.get_xdata())
        assert_array_equal(count, line.get_ydata())
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert sorted(texts(axes)) == ["FFT", "direct"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3", "5", "7"]
    assert re.match("kernel size", axes.get_xlabel())
    assert axes.get_ylabel() == "operations per pixel"


def test_costs_that_end_together_keep_their_names_apart() -> None:
    figure = figures.costs([3, 63], {"direct": [9, 9000], "a": [9, 210], "b": [90, 200]})
    figure.canvas.draw()
    b, a = figure.axes[0].texts[:2]
    assert (b.get_text(), a.get_text()) == ("b", "a")
    assert not b.get_window_extent().overlaps(a.get_window_extent())


def test_shifts() -> None:
    signals, outputs = [[0, 1, 3, 2], [2, 0, 1, 3]], [[1, 5], [2, 4]]
    figure = figures.shifts(signals, outputs, ["by 0", "by 1"])
    for axes, values in zip(figure.axes, [*signals, *outputs], strict=True):
        assert_array_equal(values, points(axes)[0][:, 1])
        (stems,) = axes.collections
        tips = [np.asarray(path.vertices)[1].tolist() for path in stems.get_paths()]
        assert [[x, y] for x, y in enumerate(values)] == tips
    assert [axes.get_title() for axes in figure.axes] == ["by 0", "by 1", "", ""]
    assert [axes.get_ylabel() for axes in figure.axes] == ["input", "", "output", ""]


def test_learning() -> None:
    kernels = {"start": np.zeros((2, 3)), "learned": SIGNED, "wanted": SIGNED * 2}
    loss, *panels = figures.learning([4.0, 1.0, 0.25], kernels).axes
    assert_array_equal([[0, 4.0], [1, 1.0], [2, 0.25]], points(loss)[0])
    assert loss.get_yscale() == "log"
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("step", "loss")
    for axes, (title, kernel) in zip(panels, kernels.items(), strict=True):
        assert_array_equal(kernel, shown(axes))
        assert title == axes.get_title()
        assert len(texts(axes)) == 6


def test_every_figure_fits_the_page() -> None:
    drawn = [
        figures.photographs([COUNTS] * 4, list("abcd")),
        figures.window(COUNTS, np.eye(2), np.ones((1, 2)), (0, 0)),
        figures.heatmaps([COUNTS] * 3, list("abc")),
        figures.cones([[(3, 1, 1)]] * 2, [[[0], [0, 1, 2]]] * 2, list("ab")),
        figures.sliding(COUNTS, np.eye(2), np.ones((1, 2)), (0, 1)),
        figures.filtered(COUNTS, dict.fromkeys("abcd", COUNTS)),
        figures.turned_edge(COUNTS, dict.fromkeys("ab", COUNTS)),
        figures.responses([0, 0.5], {"a": [0, 1]}),
        figures.costs([1, 2], {"a": [1, 2]}),
        figures.shifts([[1, 2]] * 3, [[1, 2]] * 3, list("abc")),
        figures.learning([1.0, 0.5], dict.fromkeys("abc", COUNTS)),
    ]
    assert len(figures.__all__) == len(drawn)
    assert all(figure.get_size_inches()[0] <= 7.2 for figure in drawn)


def squares(collection: Any) -> list[tuple[float, float]]:
    """Return the middle (row, column) of each of the tinted cells."""
    paths = [np.asarray(path.vertices) for path in collection.get_paths()]
    return [(round(p[:4, 1].mean(), 9), round(p[:4, 0].mean(), 9)) for p in paths]


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 1, 2)])
def test_sliding_shows_what_each_output_sees(stride: int, padding: int, dilation: int) -> None:
    image, kernel = np.arange(35).reshape(5, 7), np.array([[1, 0, -2], [3, -4, 5]])
    output = conv2d(image[None, None], kernel[None, None], None, stride, padding, dilation)[0, 0]
    padded = np.pad(image, padding)
    for place in np.ndindex(output.shape):
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        (axes,) = figures.sliding(image, kernel, output, place, **options).axes
        numbers = {text.get_position(): text.get_text().replace("−", "-") for text in axes.texts}
        seen, taps, here = (
            squares(each) for each in axes.collections if isinstance(each, PatchCollection)
        )
        terms = [
            float(numbers[x, y]) * float(numbers[u, v])
            for (y, x), (v, u) in zip(seen, taps, strict=True)
        ]
        ((row, column),) = here
        assert sum(terms) == output[place] == float(numbers[column, row])
        inside = {(column, row): value for (row, column), value in np.ndenumerate(image)}
        assert {at: float(numbers[at]) for at in inside} == inside
        written = padded.size + kernel.size + place[0] * output.shape[1] + place[1] + 1
        assert len(axes.texts) == written + 3
        assert [text.get_text() for text in axes.texts[-3:]] == ["input", "kernel", "output"]


@pytest.mark.parametrize("degrees", range(0, 181, 15))
def test_turned_edge_shows_both_answers(degrees: int) -> None:
    y, x = np.indices((9, 9)) - 4
    turn = np.radians(degrees)
    edge = np.clip(0.5 + x * np.cos(turn) + y * np.sin(turn), 0, 1)
    answers = {"x": cross_correlation_2d(edge, SOBEL_X), "y": cross_correlation_2d(edge, SOBEL_Y)}
    first, *others = figures.turned_edge(edge, answers).axes
    assert_array_equal(edge, shown(first))
    assert limits(first) == (0, 1)
    for axes, (name, answer) in zip(others, answers.items(), strict=True):
        assert_array_equal(answer, shown(axes))
        assert limits(axes) == (-4, 4)
        title, number = axes.get_title().split("\n")
        assert title == name
        assert abs(float(number.replace("−", "-")) - answer[3, 3]) <= 0.05 + 1e-9
        assert "−0.0" not in number
    for axes, middle in zip([first, *others], (4, 3, 3), strict=True):
        (outline,) = axes.patches
        assert isinstance(outline, Rectangle)
        assert outline.get_xy() == (middle - 0.5, middle - 0.5)
