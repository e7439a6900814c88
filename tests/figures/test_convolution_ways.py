"""The figures of the ways to compute, back, up and of what is learned show their arrays."""

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from dlfund import im2col
from dlfund.figures import convolution_ways as figures
from tests.figures.seen import texts


def tinted(axes: Axes) -> list[set[tuple[float, float]]]:
    """The corners of the cells of each tint, as (left, top) of whole cells."""
    found = []
    for collection in axes.collections:
        if isinstance(collection, PatchCollection):
            paths = [np.asarray(path.vertices) for path in collection.get_paths()]
            corners = [path.min(axis=0) + 0.5 for path in paths]
            found.append({(float(x), float(y)) for x, y in corners})
    return found


def lines(axes: Axes) -> list[NDArray[Any]]:
    return [np.asarray(line.get_xydata()) for line in axes.lines]


def test_gathered_tints_one_window_and_its_column() -> None:
    image = np.arange(12.0).reshape(3, 4)
    columns = im2col(image[None, None], (2, 3))[0]  # 2 x 2 windows
    (axes,) = figures.gathered(image, columns, (2, 3), 3).axes
    numbers = [f"{value:g}" for value in (*image.flat, *columns.flat)]
    assert [*numbers, "image", "columns"] == texts(axes)
    window, column = tinted(axes)
    assert window == {(x, y) for x in (1, 2, 3) for y in (1, 2)}
    assert column == {(4 + 1 + 3, y) for y in range(6)}
    assert_array_equal(columns[:, 3], image[1:, 1:].ravel())


def test_in_memory_tints_the_cells_and_marks_the_rows() -> None:
    (axes,) = figures.in_memory(12, 4, [1, 2, 5, 6]).axes
    assert [*map(str, range(12)), "row 0", "row 1", "row 2"] == texts(axes)
    assert tinted(axes) == [{(1, 0), (2, 0), (5, 0), (6, 0)}]
    assert [line[0, 0] for line in lines(axes)] == [-0.5, 3.5, 7.5]


def test_approximation_shows_the_difference_on_the_same_scale() -> None:
    kernel, near = np.array([[0.0, 2.0], [1.0, -1.0]]), np.array([[0.5, 1.5], [1.0, 0.0]])
    panels = figures.approximation(kernel, near).axes
    assert [axes.get_title() for axes in panels] == ["kernel", "approximation", "difference"]
    for axes, array in zip(panels, (kernel, near, kernel - near), strict=True):
        assert_array_equal(array, np.asarray(axes.images[0].get_array()))
        assert axes.images[0].get_clim() == (-2.8, 2.8)


def test_wrapped_marks_the_outputs_that_differ() -> None:
    (axes,) = figures.wrapped([1, 2, 3, 4], [5, 2, 3], 6).axes
    linear, circular, wrong = lines(axes)
    assert_array_equal([[0, 1], [1, 2], [2, 3], [3, 4]], linear)
    assert_array_equal([[0, 5], [1, 2], [2, 3]], circular)
    assert_array_equal([[0, 5]], wrong)
    assert axes.get_xlim() == (-0.5, 5.5)


def test_errors() -> None:
    (axes,) = figures.errors([1, 10, 100], [1e-3, 1e-2, 3e-1]).axes
    assert_array_equal([[1, 1e-3], [10, 1e-2], [100, 3e-1]], lines(axes)[0])
    assert "log" == axes.get_xscale() == axes.get_yscale()


def test_stamped() -> None:
    gradient, shares = np.arange(1, 5).reshape(2, 2), np.arange(10, 22).reshape(3, 4)
    (axes,) = figures.stamped(gradient, shares, 3, [[1, 0], [2, 3]]).axes
    numbers = [f"{value:g}" for value in (*gradient.flat, *shares.flat)]
    assert numbers == texts(axes)[:16]
    assert tinted(axes) == [{(0, 1)}, {(3, 1), (6, 2)}]


def test_steps() -> None:
    (axes,) = figures.steps([0.1, 1], {"linear": [1e-9, 1e-16], "bent": [1e-3, 1e-1]}).axes
    linear, bent = lines(axes)
    assert_array_equal([[0.1, 1e-9], [1, 1e-16]], linear)
    assert_array_equal([[0.1, 1e-3], [1, 1e-1]], bent)
    assert axes.get_xscale() == axes.get_yscale() == "log"


def test_overlaps() -> None:
    above, below = figures.overlaps([[0, 2], [2, 4]], [1, 1, 2, 1, 1], "kernel 3").axes
    stamps = [c.get_segments()[0] for c in above.collections if isinstance(c, LineCollection)]
    assert_allclose([[-0.35, 2.35], [1.65, 4.35]], [stamp[:, 0] for stamp in stamps])
    bars = [patch for patch in below.patches if isinstance(patch, Rectangle)]
    assert [bar.get_height() for bar in bars] == [1, 1, 2, 1, 1]
    assert above.get_title() == "kernel 3"


def test_ways_up_shows_all_on_the_scale_of_the_first() -> None:
    pictures = {"small": np.array([[0.0, 3.0]]), "large": np.array([[-1.0, 1.0, 2.0, 9.0]])}
    figure = figures.ways_up(pictures)
    for axes, (name, array) in zip(figure.axes, pictures.items(), strict=True):
        assert_array_equal(array, np.asarray(axes.images[0].get_array()))
        assert name == axes.get_title()
        assert axes.images[0].get_clim() == (0, 3)


@pytest.mark.parametrize("count", [1, 4])
def test_drift(count: int) -> None:
    changes = {f"layer {n}": [n, n + 2.0, 1.0] for n in range(count)}
    (axes,) = figures.drift([-1, 0, 1], changes, "change").axes
    for drawn, values in zip(lines(axes), changes.values(), strict=True):
        assert_array_equal(np.stack([[-1, 0, 1], values], axis=1), drawn)
    legend = axes.get_legend()
    assert legend is not None
    assert list(changes) == [text.get_text() for text in legend.get_texts()]


def test_rim() -> None:
    picture, told = np.array([[0.5, 1.0]]), np.array([[True, False]])
    left, right = figures.rim(picture, told).axes
    assert_array_equal(picture, np.asarray(left.images[0].get_array()))
    assert_array_equal([[1, 0]], np.asarray(right.images[0].get_array()))


def test_norms() -> None:
    (axes,) = figures.norms([4, 8], {"valid": [5, 6], "zero": [6, 7]}, 8).axes
    valid, zero, limit = lines(axes)
    assert_array_equal([[4, 5], [8, 6]], valid)
    assert_array_equal([[4, 6], [8, 7]], zero)
    assert_array_equal([8, 8], limit[:, 1])


def test_first_kernels_gives_each_its_own_scale() -> None:
    signed = np.array([[[-1.0, 2.0], [0.0, 1.0]], [[0.0, -8.0], [4.0, 0.0]]])
    light = np.array([[[0.0, 1.0], [2.0, 3.0]], [[0.0, 0.0], [0.0, 0.0]]])
    top, bottom = figures.first_kernels({"signed": signed, "light": light}).axes
    for axes, kernels in ((top, signed), (bottom, light)):
        for image, kernel in zip(axes.images, kernels, strict=True):
            assert_array_equal(kernel, np.asarray(image.get_array()))
    assert [image.get_clim() for image in top.images] == [(-2, 2), (-8, 8)]
    assert [image.get_clim() for image in bottom.images] == [(0, 3), (0, 1)]
    assert [axes.get_title(loc="left") for axes in (top, bottom)] == ["signed", "light"]


def test_seeds() -> None:
    groups = {"one": {"a": [1.0, 3.0], "b": [2.0]}}
    (axes,) = figures.seeds(groups, "accuracy").axes
    dots_a, mean_a, dots_b, mean_b = lines(axes)
    assert_array_equal([[1, 0], [3, 0]], dots_a)
    assert_array_equal([[2, -1]], dots_b)
    assert_array_equal([[2, 0]], mean_a)
    assert_array_equal([[2, -1]], mean_b)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]
