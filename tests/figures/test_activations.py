"""The figures of the chapter on activations show the arrays that they are given."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Annotation
from numpy.testing import assert_array_equal

from dlfund import leaky_relu_derivative, relu_derivative
from dlfund.figures import activations as figures
from tests.figures.seen import line, texts

Z = np.linspace(-1, 3, 13)


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


@pytest.mark.parametrize("bias", range(2, -21, -2))
def test_falling_bias_shows_what_is_active_and_both_slopes(bias: int) -> None:
    z = np.random.default_rng(5).normal(0, 5, 61) + bias
    edges = np.arange(-40, 21, 2.0)
    slopes = {
        "ReLU": float(relu_derivative(z).mean()),
        "leaky": float(leaky_relu_derivative(z, 0.1).mean()),
    }
    active = float((z > 0).mean())
    left, right = figures.falling_bias(z, edges, 40, slopes, active).axes
    below, above = (patch.get_data()[0] for patch in left.patches if isinstance(patch, StepPatch))
    counts, _ = np.histogram(z, edges)
    assert_array_equal(below + above, counts)
    assert above.sum() == round(active * 61) == (z > 0).sum()
    assert not above[edges[:-1] < 0].any()
    assert texts(left) == [f"silent {1 - active:.0%}", f"active {active:.0%}"]
    assert [bar.get_height() for bar in right.patches if isinstance(bar, Rectangle)] == list(
        slopes.values()
    )
    assert texts(right) == [f"{slope:.2f}" for slope in slopes.values()]
    assert slopes["leaky"] == pytest.approx(active + 0.1 * (1 - active))
    assert left.get_ylim() == (0, 40)


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
    (shade,) = axes.patches  # before Matplotlib 3.9 a polygon, since then a rectangle
    place = shade.get_path().transformed(shade.get_patch_transform()).get_extents()
    assert (place.x0, place.x1) == (knots[0], knots[-1])
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


@pytest.mark.parametrize(("xlog", "ylog"), [(False, False), (True, False), (False, True)])
def test_lines_draws_each_series_and_its_label(xlog: bool, ylog: bool) -> None:
    x = np.linspace(1, 3, 5)
    series = {"square": x**2, "root": np.sqrt(x), "itself": x}
    figure = figures.lines(x, series, "size", "effort", xlog=xlog, ylog=ylog)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for label, values in series.items():
        assert_array_equal(x, line(axes, label).get_xdata())
        assert_array_equal(values, line(axes, label).get_ydata())
    assert (axes.get_xscale(), axes.get_yscale()) == (
        "log" if xlog else "linear",
        "log" if ylog else "linear",
    )
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("size", "effort")
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(series)


def test_triangle_puts_certainty_at_the_corners_and_doubt_into_the_middle() -> None:
    third = [1 / 3] * 3
    paths = np.array([[third, [1, 0, 0]], [third, [0, 1, 0]], [third, [0, 0, 1]]])
    figure = figures.triangle(paths, ["A", "B", "C"])
    figure.draw_without_rendering()
    (axes,) = figure.axes
    drawn = [one for one in axes.lines if one.get_label() == "_path"]
    assert [texts(axes)[i] for i in range(3)] == ["A", "B", "C"]
    for path, note in zip(drawn, axes.texts, strict=True):
        (_, x), (_, y) = np.asarray(path.get_xdata()), np.asarray(path.get_ydata())
        assert isinstance(note, Annotation)
        assert (x, y) == note.xy
    sides = line(axes, "_sides")
    corners = np.column_stack([sides.get_xdata(), sides.get_ydata()])[:3]
    start = np.asarray(drawn[0].get_xdata())[0], np.asarray(drawn[0].get_ydata())[0]
    np.testing.assert_allclose(start, corners.mean(axis=0))
    lengths = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    np.testing.assert_allclose(lengths, 1)


def steps(axes: Axes) -> list[StepPatch]:
    return [patch for patch in axes.patches if isinstance(patch, StepPatch)]


def test_confidence_draws_each_group_as_a_share_of_itself() -> None:
    groups = {"known": np.array([0.97, 0.99, 0.99, 0.52]), "strange": np.array([0.51, 0.07])}
    figure = figures.confidence({"softmax": groups, "sigmoid": groups})
    figure.draw_without_rendering()
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["softmax", "sigmoid"]
    for axes in figure.axes:
        (known, edges, _), (strange, _, _) = (patch.get_data() for patch in steps(axes))
        assert_array_equal(np.linspace(0, 1, 21), edges)
        assert (known[19], known[10]) == (3 / 4, 1 / 4)
        assert (strange[10], strange[1]) == (1 / 2, 1 / 2)
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["known", "strange"]


def test_saturation_draws_the_share_of_neurons_at_each_output() -> None:
    layers = {"first": np.array([-0.01, 0.01, 0.02, 0.99]), "last": np.array([-1.0, 1.0])}
    figure = figures.saturation({"s = 1": layers, "s = 3": layers})
    figure.draw_without_rendering()
    assert [axes.get_title() for axes in figure.axes] == ["s = 1", "s = 3"]
    for axes in figure.axes:
        (first, edges, _), (last, _, _) = (patch.get_data() for patch in steps(axes))
        assert_array_equal(np.linspace(-1, 1, 41), edges)
        assert (first[19], first[20], first[39]) == (1 / 4, 2 / 4, 1 / 4)
        assert (last[0], last[39]) == (1 / 2, 1 / 2)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["first", "last"]


def test_scores_draws_a_dot_for_each_run_and_a_bar_at_their_mean() -> None:
    groups = {
        "shallow": {"relu": np.array([0.5, 0.75, 1]), "tanh": np.array([0.25, 0.5, 0.75])},
        "deep": {"relu": np.array([0.5, 0.5, 0.5]), "tanh": np.array([0, 0.5, 1])},
    }
    figure = figures.scores(groups, "accuracy")
    figure.draw_without_rendering()
    for axes, (title, rows) in zip(figure.axes, groups.items(), strict=True):
        assert axes.get_title() == title
        bars = [one for one in axes.lines if one.get_label() == "_mean"]
        for at, (bar, (name, runs)) in enumerate(zip(bars, rows.items(), strict=True)):
            assert_array_equal(runs, line(axes, name).get_xdata())
            assert_array_equal([at] * 3, line(axes, name).get_ydata())
            assert_array_equal([runs.mean()] * 2, bar.get_xdata())
    first = figure.axes[0]
    assert [text.get_text() for text in first.get_yticklabels()] == ["relu", "tanh"]
    assert first.get_ylim()[0] > first.get_ylim()[1], "the first row is on top"
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()


def test_shares_draws_middles_and_intervals() -> None:
    x = np.array([1.0, 2.0, 4.0])
    series = {"relu": (np.array([0.2, 0.5, 0.75]), np.array([0.125, 0.25, 0.125]))}
    figure = figures.shares(x, series, "rate", "dead")
    figure.draw_without_rendering()
    (axes,) = figure.axes
    middle, *_ = axes.lines
    assert_array_equal(x, middle.get_xdata())
    assert_array_equal(series["relu"][0], middle.get_ydata())
    (bars,) = axes.collections
    ends = [np.asarray(path.vertices)[:, 1].tolist() for path in bars.get_paths()]
    np.testing.assert_allclose(ends, [[0.075, 0.325], [0.25, 0.75], [0.625, 0.875]])
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["relu"]


def test_descent_draws_paths_over_the_loss_around_the_goal() -> None:
    goal = np.array([1.0, -1.0])
    paths = {"long": np.array([[0, 0], [0.5, 0.2], [1, -1]]), "round": np.array([[0, 0], [1, -1]])}
    figure = figures.descent(paths, [np.array([[1, 0.5], [0.5, 1]]), np.eye(2)], goal)
    figure.draw_without_rendering()
    for axes, (title, path) in zip(figure.axes, paths.items(), strict=True):
        assert axes.get_title() == title
        drawn = line(axes, "_path")
        assert_array_equal(path, np.column_stack([drawn.get_xdata(), drawn.get_ydata()]))
        star = line(axes, "_goal")
        assert_array_equal([goal], np.column_stack([star.get_xdata(), star.get_ydata()]))
    (contours,) = figure.axes[1].collections
    innermost = contours.get_paths()[0].vertices - goal
    radii = np.linalg.norm(innermost, axis=1)
    np.testing.assert_allclose(radii, radii.mean(), rtol=0.01)  # circles, around the goal
