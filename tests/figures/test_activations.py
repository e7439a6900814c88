"""The figures of the chapter on activations show the arrays that they are given."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from numpy.testing import assert_array_equal

from dlfund.figures import activations as figures

Z = np.linspace(-1, 3, 13)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def line(axes: Axes, label: str) -> Line2D:
    (found,) = [one for one in axes.lines if one.get_label() == label]
    return found


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_tent_draws_the_pieces_above_their_sum() -> None:
    pieces = {"up": Z, "down": -2 * Z}
    figure = figures.tent(Z, pieces, -Z)
    figure.draw_without_rendering()
    above, below = figure.axes
    for label, values in pieces.items():
        assert_array_equal(Z, line(above, label).get_xdata())
        assert_array_equal(values, line(above, label).get_ydata())
    assert_array_equal(-Z, below.lines[0].get_ydata())
    assert texts(above) == ["up", "down"]
    assert texts(below) == ["their sum"]


def test_curves_draws_each_function_in_a_panel_before_the_first() -> None:
    functions = {"one": Z, "two": Z**2, "three": Z**3, "four": -Z}
    figure = figures.curves(Z, functions, "output")
    figure.draw_without_rendering()
    assert list(functions) == [axes.get_title() for axes in figure.axes]
    for axes, (name, values) in zip(figure.axes, functions.items(), strict=True):
        assert_array_equal(values, line(axes, name).get_ydata())
    for axes in figure.axes[1:]:
        assert_array_equal(functions["one"], line(axes, "_ghost").get_ydata())
    assert [axes.get_ylabel() for axes in figure.axes] == ["output", "", "output", ""]
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "z", "z"]


def test_depth_counts_layers_from_one_on_a_logarithmic_scale() -> None:
    networks = {"kept": np.full((3, 7), 2.0), "lost": np.tile(0.5 ** np.arange(7), (2, 1))}
    means = {"kept": np.ones(7), "lost": 0.25 ** np.arange(7)}
    figure = figures.depth(networks, means)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    for label, values in means.items():
        assert_array_equal([1, 2, 3, 4, 5, 6, 7], line(axes, label).get_xdata())
        assert_array_equal(values, line(axes, label).get_ydata())
    drawn = [one.get_ydata() for one in axes.lines if one.get_label() == "_network"]
    assert_array_equal([*networks["kept"], *networks["lost"]], drawn)
    assert texts(axes) == ["kept", "lost"]
    assert "gradient" in axes.get_ylabel()
    assert "layers" in axes.get_xlabel()


def test_histograms_count_zero_apart_from_its_neighbours() -> None:
    panels = {
        "before": np.array([-2.5, -0.5, -0.2, 0.5, 1.5]),
        "after": np.array([0, 0, 0, 0.5, 1]),
    }
    figure = figures.histograms(panels)
    figure.draw_without_rendering()
    before, after = figure.axes
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["before", "after"]
    negative, positive = (p.get_data() for p in before.patches if isinstance(p, StepPatch))
    counts, edges, _ = negative
    assert_array_equal([-3, -2, -1, 0, 1, 2], edges)
    assert_array_equal([1, 0, 2, 0, 0], counts)
    counts, edges, _ = positive
    assert_array_equal([0, 0, 0, 1, 1], counts)
    (bar,) = (p for p in after.patches if isinstance(p, Rectangle))
    assert bar.get_height() == 3
    assert bar.get_x() + bar.get_width() / 2 == 0
    assert texts(before) == ["3 below 0\n0 at 0\n2 above 0"]
    assert texts(after) == ["0 below 0\n3 at 0\n2 above 0"]


def test_histograms_share_the_axis_of_values() -> None:
    figure = figures.histograms({"wide": np.array([-9.0, 9.0]), "narrow": np.array([0.5, 0.6])})
    wide, narrow = figure.axes
    assert wide.get_xlim() == narrow.get_xlim()


def test_training_draws_loss_above_active_inputs() -> None:
    steps = np.arange(0, 11, 2)
    losses = {"dead": np.full(6, 4.0), "alive": np.linspace(4, 0, 6)}
    active = {"dead": np.zeros(6), "alive": np.arange(6.0)}
    figure = figures.training(steps, losses, active)
    figure.draw_without_rendering()
    above, below = figure.axes
    for label in losses:
        assert_array_equal(steps, line(above, label).get_xdata())
        assert_array_equal(losses[label], line(above, label).get_ydata())
        assert_array_equal(active[label], line(below, label).get_ydata())
    legend = above.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["dead", "alive"]
    assert (above.get_ylabel(), below.get_ylabel()) == ("loss", "inputs with z > 0")


def test_approximations_draw_fits_and_knots_over_the_target() -> None:
    knots = Z[2:9:2]
    fits = {"low": 2 * Z, "high": 3 * Z}
    figure = figures.approximations(Z, Z**2, fits, knots, height=(-1, 5))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(Z**2, line(axes, "target").get_ydata())
    for label, values in fits.items():
        assert_array_equal(Z, line(axes, label).get_xdata())
        assert_array_equal(values, line(axes, label).get_ydata())
    assert_array_equal(knots, line(axes, "knots").get_xdata())
    assert_array_equal(knots**2, line(axes, "knots").get_ydata())
    (shade,) = (p for p in axes.patches if isinstance(p, Rectangle))
    assert (shade.get_x(), shade.get_width()) == (knots[0], knots[-1] - knots[0])
    assert axes.get_ylim() == (-1, 5)


def test_piece_counts_draws_every_network_and_the_means_with_their_intervals() -> None:
    counts = {"wide": np.array([7, 9, 11]), "deep": np.array([1, 3, 5])}
    figure = figures.piece_counts(counts, np.array([0.5, 2.0]))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    networks = [one for one in axes.lines if one.get_label() == "_network"]
    for i, (one, values) in enumerate(zip(networks, counts.values(), strict=True)):
        assert_array_equal(values, one.get_ydata())
        assert np.abs(np.asarray(one.get_xdata()) - i).max() < 0.5
    (bars,) = axes.containers
    assert_array_equal([9, 3], bars[0].get_ydata())
    (ends,) = bars[2]
    assert_array_equal([[8.5, 9.5], [1, 5]], [end[:, 1] for end in ends.get_segments()])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["wide", "deep"]


def test_borders_are_drawn_where_neurons_switch() -> None:
    x, y = np.linspace(-1, 1, 5), np.linspace(-2, 2, 7)
    across = np.broadcast_to(x - 0.25, (7, 5))
    up = np.broadcast_to(y[:, None] + 1.5, (7, 5))
    figure = figures.borders(x, y, {"first": across[None], "second": up[None]})
    (axes,) = figure.axes
    first, second = (
        np.concatenate([path.vertices for path in one.get_paths()]) for one in axes.collections
    )
    assert np.allclose(first[:, 0], 0.25)
    assert np.allclose(second[:, 1], -1.5)


def test_flat_draws_a_bar_wherever_the_slope_is_small() -> None:
    z = np.array([-2.0, -1, 0, 1, 2])
    slopes = {"left": np.array([0, 0.001, 0.5, 1, 1]), "both": np.array([0, 1, -1, -0.5, 0])}
    figure = figures.flat(z, {**slopes, "never": np.ones(5)}, least=0.01)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    bars = [
        (p.get_y() + p.get_height() / 2, p.get_x(), p.get_width())
        for p in axes.patches
        if isinstance(p, Rectangle)
    ]
    assert np.allclose(bars, [(0, -2.5, 2), (1, -2.5, 1), (1, 1.5, 1)])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["left", "both", "never"]


def test_differences_draws_each_by_its_label() -> None:
    figure = figures.differences(Z, {"one": Z, "two": Z**2}, ylabel="apart")
    (axes,) = figure.axes
    assert_array_equal(Z, line(axes, "one").get_ydata())
    assert_array_equal(Z**2, line(axes, "two").get_ydata())
    assert axes.get_ylabel() == "apart"


def test_lost_digits_leave_out_what_has_no_logarithm() -> None:
    z = np.array([0.01, 0.1, 1])
    figure = figures.lost_digits(z, {"single": np.array([1, 0, 0.5])})
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert_array_equal([0.01, 1], line(axes, "single").get_xdata())
    assert_array_equal([1, 0.5], line(axes, "single").get_ydata())
