"""The pooling figures plot the arrays that they are given, with their names beside them."""

import math
from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Annotation
from numpy.typing import NDArray

from dlfund import blur_pool_2d, max_pool_2d
from dlfund.figures import pooling as figures


@pytest.fixture(autouse=True)
def _drawn_then_closed() -> Iterator[None]:
    """Draw each figure that a test leaves, so that a warning while drawing fails it."""
    with plt.rc_context({"backend": "agg"}):
        yield
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
        plt.close("all")


def cells(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def widths(ax: Axes) -> list[float]:
    (bars,) = (c for c in ax.containers if isinstance(c, BarContainer))
    return [float(bar.get_width()) for bar in bars.patches]


def xs(line: Line2D) -> list[float]:
    return [float(x) for x in np.asarray(line.get_xdata())]


def ys(line: Line2D) -> list[float]:
    return [float(y) for y in np.asarray(line.get_ydata())]


def heights(ax: Axes) -> list[float]:
    (bars,) = (c for c in ax.containers if isinstance(c, BarContainer))
    return [float(bar.get_height()) for bar in bars.patches]


def test_photographs_share_one_scale() -> None:
    images = {"fine": np.arange(35.0).reshape(7, 5), "coarse": np.array([[3.0, 99.0]])}
    fig = figures.photographs(images)
    for ax, (title, image) in zip(fig.axes, images.items(), strict=True):
        (shown,) = ax.images
        np.testing.assert_array_equal(np.asarray(shown.get_array()), image)
        assert shown.get_clim() == (0, 99)
        assert ax.get_title() == f"{title}\n{image.shape[0]} × {image.shape[1]}"


def test_grids_write_whole_numbers_as_such_and_others_with_their_digits() -> None:
    fig = figures.grids({"map": [[1, 2, 3], [4, 5, 6]], "mean": [[3.25, 0.5]]})
    first, second = fig.axes
    np.testing.assert_array_equal(np.asarray(first.images[0].get_array()), [[1, 2, 3], [4, 5, 6]])
    assert cells(first) == ["1", "2", "3", "4", "5", "6"]
    assert cells(second) == ["3.25", "0.5"]
    assert [ax.get_title() for ax in fig.axes] == ["map", "mean"]
    assert all(ax.images[0].get_clim() == (0.5, 6) for ax in fig.axes)


def test_grids_draw_the_borders_of_windows_in_the_first_map_alone() -> None:
    fig = figures.grids({"map": np.ones((4, 6)), "pooled": np.ones((2, 3))}, pool_size=2)
    first, second = fig.axes
    assert [ys(line) for line in first.lines[:1]] == [[1.5, 1.5]]
    assert [xs(line) for line in first.lines[1:]] == [[1.5, 1.5], [3.5, 3.5]]
    assert len(second.lines) == 0


def test_numbers_stand_out_from_their_cells() -> None:
    fig = figures.grids({"map": [[0, 9]]})
    dark, light = fig.axes[0].texts
    assert [to_hex(t.get_color()) for t in (dark, light)] == ["#ffffff", "#000000"]


def test_switches_outline_where_the_gradient_goes() -> None:
    feature_map = np.array([[1, 4, 2, 0], [3, 2, 8, 1]])
    grad_max = np.array([[0, 2.0, 0, 0], [0, 0, -1, 0]])
    grad_avg = np.array([[0.5, 0.5, -0.25, -0.25], [0.5, 0.5, -0.25, -0.25]])
    fig = figures.switches(feature_map, grad_max, grad_avg, pool_size=2)
    for ax, values in zip(fig.axes, (feature_map, grad_max, grad_avg), strict=True):
        np.testing.assert_array_equal(np.asarray(ax.images[0].get_array()), values)
    outlines = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    centres = [(p.get_y() + p.get_height() / 2, p.get_x() + p.get_width() / 2) for p in outlines]
    np.testing.assert_allclose(centres, [(0, 1), (1, 2)], atol=1e-12)
    assert [ax.images[0].get_clim() for ax in fig.axes[1:]] == [(-2, 2), (-2, 2)]
    assert cells(fig.axes[1]) == ["0", "2", "0", "0", "0", "0", "-1", "0"]
    assert len(fig.axes[0].lines) == 1  # one border between two windows, none below


def test_relu_parts_draw_the_sum_first() -> None:
    x = np.linspace(-1, 2, 7)
    fig = figures.relu_parts(x, x + 1, {"a": x, "b": np.ones(7)})
    (ax,) = fig.axes
    for line, values in zip(ax.lines, (x + 1, x, np.ones(7)), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), x)
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert set(cells(ax)) == {"maximum", "a", "b"}
    assert all(text.xy[0] == -1 for text in ax.texts if isinstance(text, Annotation))


def test_shifted_signals_stand_above_their_pools() -> None:
    signals = {"before": [0, 9, 9, 0, 0, 0], "after": [0, 0, 9, 9, 0, 0]}
    pooled = [[9, 9, 0], [0, 9, 0]]
    fig = figures.shifted_signals(signals, pooled, pool_size=2)
    above, below = fig.axes[:2], fig.axes[2:]
    assert [heights(ax) for ax in above] == list(signals.values())
    assert [heights(ax) for ax in below] == pooled
    assert [ax.get_title() for ax in above] == list(signals)
    (bars,) = below[0].containers
    assert isinstance(bars, BarContainer)
    assert [p.get_x() + p.get_width() / 2 for p in bars.patches] == [1, 3, 5]


@pytest.mark.parametrize("shift", range(9))
def test_shifted_row_shows_its_pools_and_outlines_what_has_changed(shift: int) -> None:
    def pools(row: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
        rows = np.tile(row, (2, 1))
        every = max_pool_2d(rows, (1, 2), stride=1)
        return {"maximum": max_pool_2d(rows, 2)[0], "blurred": blur_pool_2d(every)[0]}

    start = np.array([0, 0, 0, 9, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0.0])
    row = np.roll(start, shift)
    still, now = pools(start), pools(row)
    fig = figures.shifted_row(row, now, list(still.values()))
    before = [row, *still.values()]  # the row itself has no outlines
    names = ["row", *now]
    for ax, name, values, old in zip(fig.axes, names, [row, *now.values()], before, strict=True):
        (bars,) = (patch for patch in ax.patches if isinstance(patch, StepPatch))
        np.testing.assert_array_equal(bars.get_data()[0], values)
        outlined = [math.floor(p.get_x()) for p in ax.patches if isinstance(p, Rectangle)]
        assert outlined == [n for n in range(len(values)) if values[n] != old[n]]
        assert cells(ax) == [f"{name}, total {sum(values):g}"]
        assert ax.get_ylim()[1] > 9
    assert [ax.get_xlim()[1] // 1 for ax in fig.axes] == [14, 7, 7]


def test_unchanged_shares_are_points_on_predicted_lines() -> None:
    measured, predicted = (
        {2: [1, 0.3, 0], 3: [1, 0.6, 0.1, 0]},
        {2: [1, 1 / 3, 0], 3: [1, 0.5, 0.2, 0]},
    )
    fig = figures.unchanged_shares(measured, predicted)
    (ax,) = fig.axes
    lines = [line for line in ax.lines if line.get_linestyle() != "None"]
    points = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert [ys(line) for line in lines] == list(predicted.values())
    assert [ys(line) for line in points] == list(measured.values())
    assert [xs(line) for line in points] == [[0, 1, 2], [0, 1, 2, 3]]
    assert cells(ax) == ["2 × 2", "3 × 3"]


def test_change_curves_are_named_at_their_ends_without_overlap() -> None:
    curves = {"first": [0, 0.5, 1], "second": [0, 0.4, 1.0], "third": [0, 0.1, 0.98]}
    fig = figures.change_curves(curves)
    (ax,) = fig.axes
    for line, values in zip(ax.lines, curves.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), [0, 1, 2])
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert set(cells(ax)) == set(curves)
    assert len({(line.get_color(), line.get_marker()) for line in ax.lines}) == 3
    fig.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))


def test_power_curve_lies_between_its_levels() -> None:
    fig = figures.power_curve([1, 2, 4], [3.0, 3.5, 4.3], average=3, maximum=6)
    (ax,) = fig.axes
    low, high, curve = ax.lines
    assert [ys(line) for line in (low, high)] == [[3, 3], [6, 6]]
    assert xs(curve) == [1, 2, 4]
    assert ys(curve) == [3.0, 3.5, 4.3]
    assert cells(ax) == ["average", "maximum"]


def test_bands_cover_what_the_windows_cover() -> None:
    spans = {"7 into 3": [(0, 3), (2, 5), (4, 7)], "2 into 3": [(0, 1), (0, 2), (1, 2)]}
    fig = figures.bands(spans)
    for ax, (title, windows) in zip(fig.axes, spans.items(), strict=True):
        bars = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert [(p.get_x(), p.get_x() + p.get_width()) for p in bars] == windows
        assert [p.get_y() + p.get_height() / 2 for p in bars] == pytest.approx([0, 1, 2])
        assert ax.get_title() == title


def test_parameter_bars_are_in_millions() -> None:
    fig = figures.parameter_bars({"dense": 123_642_856, "pooled": 513_000})
    (ax,) = fig.axes
    assert widths(ax) == pytest.approx([123.642856, 0.513])
    assert cells(ax) == ["123.6", "0.5"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["dense", "pooled"]


def test_padded_rows_hatch_what_is_not_real_and_name_their_summaries() -> None:
    batch, real = np.array([[1, -2, 0], [3, 4, 5]]), np.array([[True, True, False], [True] * 3])
    fig = figures.padded_rows(batch, real, {"mean": [-0.5, 4], "masked max": [1, 5]})
    rows, columns = fig.axes
    np.testing.assert_array_equal(np.asarray(rows.images[0].get_array()), batch)
    np.testing.assert_array_equal(np.asarray(columns.images[0].get_array()), [[-0.5, 1], [4, 5]])
    assert all(ax.images[0].get_clim() == (-2, 5) for ax in fig.axes)
    (hatched,) = (p for p in rows.patches if isinstance(p, Rectangle))
    assert (hatched.get_x(), hatched.get_y()) == (1.5, -0.5)
    assert cells(rows) == ["1", "-2", "0", "3", "4", "5"]
    assert to_hex(rows.texts[2].get_color()) == "#000000"  # on the white of the padding
    assert [t.get_text() for t in columns.get_xticklabels()] == ["mean", "masked\nmax"]


def test_running_means_are_drawn_against_their_counts() -> None:
    means = {"wide": [0.5, 0.4, 0.45], "half": [0.5, 0.4, 0.1]}
    (ax,) = figures.running_means([16, 200, 3000], means).axes
    assert [ys(line) for line in ax.lines] == list(means.values())
    assert all(xs(line) == [16, 200, 3000] for line in ax.lines)
    assert ax.get_xscale() == "log"
    assert set(cells(ax)) == set(means)


def test_kink_joins_the_ends_and_says_the_slope() -> None:
    moves = np.array([-1, -0.5, 0, 0.5, 1])
    maxima = {"tied": np.maximum(5 + moves, 5), "ahead": np.maximum(5.5 + moves, 5)}
    secants = {name: (float(m[0]), float(m[-1])) for name, m in maxima.items()}
    fig = figures.kink(moves, maxima, secants)
    for ax, (name, values) in zip(fig.axes, maxima.items(), strict=True):
        curve, secant = ax.lines
        np.testing.assert_array_equal(curve.get_ydata(), values)
        assert (xs(secant), ys(secant)) == ([-1, 1], list(secants[name]))
    assert [ax.get_title() for ax in fig.axes] == ["tied: slope 0.5", "ahead: slope 0.75"]


def test_change_curves_can_lie_in_bands() -> None:
    curves = {"first": [0, 0.5, 1], "second": [0, 0.3, 0.4]}
    spread = {"first": ([0, 0.4, 0.7], [0, 0.6, 1.2]), "second": ([0, 0.2, 0.3], [0, 0.35, 0.5])}
    (ax,) = figures.change_curves(curves, spread).axes
    for band, (low, high) in zip(ax.collections, spread.values(), strict=True):
        (path,) = band.get_paths()
        corners = {(float(x), float(y)) for x, y in np.asarray(path.vertices)}
        assert corners >= {(float(i), v) for edge in (low, high) for i, v in enumerate(edge)}
    assert [ys(line) for line in ax.lines] == list(curves.values())


def test_gains_are_dots_beside_their_bounds() -> None:
    measured = {"tiles": [0.4, 0.5], "overlap": [0.6, 0.7]}
    (ax,) = figures.gains(measured, {"tiles": 1.0, "overlap": 2.0}).axes
    dots, bars = ax.lines[::2], ax.lines[1::2]
    assert [xs(line) for line in dots] == list(measured.values())
    assert [ys(line) for line in dots] == [[0, 0], [1, 1]]
    assert [xs(line) for line in bars] == [[1, 1], [2, 2]]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(measured)


def test_through_pools_draws_each_network_and_their_geometric_mean() -> None:
    squares: dict[str, list[list[float]]] = {
        "maximum": [[1.0, 2, 8], [1, 8, 2]],
        "average": [[1, 0.5, 0.25], [1, 0.5, 1]],
    }
    (ax,) = figures.through_pools(squares).axes
    thin = [ys(line) for line in ax.lines[:4]]
    assert thin == [line for lines in squares.values() for line in lines]
    for thick, mean in zip(ax.lines[4:], ([1, 4, 4], [1, 0.5, 0.5]), strict=True):
        assert ys(thick) == pytest.approx(mean)
    assert ax.get_yscale() == "log"
    assert cells(ax) == ["maximum", "average"]


def test_window_shares_show_the_value_between_mean_and_maximum() -> None:
    fig = figures.window_shares([1, 2, 6], [0.1, 0.2, 0.7], value=4.5)
    left, right = fig.axes
    assert heights(left) == [1, 2, 6]
    assert heights(right) == [0.1, 0.2, 0.7]
    assert [ys(line)[0] for line in left.lines] == [3, 6, 4.5]


def test_class_map_stands_below_its_image_with_the_sums_of_its_parts() -> None:
    image, scores = np.arange(24.0).reshape(3, 8), np.arange(24.0).reshape(3, 8) - 12
    fig = figures.class_map(image, scores, [-0.25, 1.5], largest=20)
    above, below = fig.axes
    np.testing.assert_array_equal(np.asarray(above.images[0].get_array()), image)
    np.testing.assert_array_equal(np.asarray(below.images[0].get_array()), scores)
    assert below.images[0].get_clim() == (-20, 20)
    assert cells(below) == ["-0.25", "+1.50"]
    assert [t.xy[0] for t in below.texts if isinstance(t, Annotation)] == [1.5, 5.5]
