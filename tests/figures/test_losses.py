"""The figures of the chapter on losses show the arrays that they are given."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.testing import assert_array_equal

from dlfund.figures import losses as figures

ERROR = np.linspace(-3, 3, 13)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def line(axes: Axes, label: str) -> Line2D:
    (found,) = [one for one in axes.lines if one.get_label() == label]
    return found


def legend_texts(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_constants_marks_the_best_guess_of_each_loss() -> None:
    guesses = np.linspace(0, 14, 29)
    curves = {"MSE": 1 + (guesses - 5) ** 2, "MAE": 1 + np.abs(guesses - 3)}
    figure = figures.constants(guesses, curves, {"MSE": 5.0, "MAE": 3.0}, np.array([2, 3, 3, 13]))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for name, values in curves.items():
        assert_array_equal(guesses, line(axes, f"_{name}").get_xdata())
        assert_array_equal(values, line(axes, f"_{name}").get_ydata())
    assert_array_equal([5], line(axes, "MSE: 5.00").get_xdata())
    assert_array_equal([3], line(axes, "MAE: 3.00").get_xdata())
    assert legend_texts(axes) == ["MSE: 5.00", "MAE: 3.00"]


def test_constants_piles_up_equal_data() -> None:
    data = np.array([2, 3, 3, 13])
    figure = figures.constants(np.arange(5.0), {"MSE": np.ones(5)}, {"MSE": 1.0}, data)
    (axes,) = figure.axes
    points = [one.get_xydata() for one in axes.lines if one.get_label() == "_data"]
    drawn = np.concatenate(points)
    assert_array_equal(data, np.sort(drawn[:, 0]))
    assert len(np.unique(drawn, axis=0)) == len(data)


def test_regression_draws_losses_beside_slopes() -> None:
    losses = {"MSE": ERROR**2, "MAE": np.abs(ERROR)}
    slopes = {"MSE": 2 * ERROR, "MAE": np.sign(ERROR)}
    figure = figures.regression(ERROR, losses, slopes)
    figure.draw_without_rendering()
    left, right = figure.axes
    for name in losses:
        assert_array_equal(ERROR, line(left, name).get_xdata())
        assert_array_equal(losses[name], line(left, name).get_ydata())
        assert_array_equal(slopes[name], line(right, name).get_ydata())
    assert legend_texts(right) == ["MSE", "MAE"]
    assert (left.get_ylabel(), right.get_ylabel()) == ("loss", "slope")
    assert left.get_xlabel() == right.get_xlabel() == "error"


def test_hinge_draws_the_samples_on_the_loss() -> None:
    margin = np.linspace(-2, 2, 9)
    loss, mistake = np.maximum(0, 1 - margin), np.where(margin < 0, 1, 0)
    figure = figures.hinge(margin, loss, mistake, np.array([-0.5, 1.5]), np.array([1.5, 0.0]))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(loss, line(axes, "hinge").get_ydata())
    assert_array_equal(margin, line(axes, "0-1 loss").get_xdata())
    assert_array_equal(mistake, line(axes, "0-1 loss").get_ydata())
    assert_array_equal([[-0.5, 1.5], [1.5, 0.0]], line(axes, "samples").get_xydata())
    assert {"hinge", "0-1 loss", "wrong side"} <= {text.get_text() for text in axes.texts}
    assert "margin" in axes.get_xlabel()


def test_fits_tells_spoilt_points_from_others() -> None:
    x, y = np.arange(5.0), np.array([1, 2, 3, -9, 5.0])
    spoilt = np.array([False, False, False, True, False])
    figure = figures.fits(x, y, spoilt, {"MSE": x - 1, "MAE": x + 1})
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal([[3, -9]], line(axes, "spoilt").get_xydata())
    assert_array_equal([[0, 1], [1, 2], [2, 3], [4, 5]], line(axes, "_points").get_xydata())
    assert line(axes, "spoilt").get_marker() != line(axes, "_points").get_marker()
    assert_array_equal(x - 1, line(axes, "MSE").get_ydata())
    assert_array_equal(x + 1, line(axes, "MAE").get_ydata())
    assert legend_texts(axes) == ["spoilt", "MSE", "MAE"]


def test_influence_draws_each_estimate() -> None:
    where = np.arange(7.0)
    estimates = {"mean": where / 5, "median": np.full(7, 3.0)}
    figure = figures.influence(where, estimates)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for name, values in estimates.items():
        assert_array_equal(where, line(axes, name).get_xdata())
        assert_array_equal(values, line(axes, name).get_ydata())
    assert legend_texts(axes) == ["mean", "median"]


def test_descents_draws_each_path_and_the_target() -> None:
    paths = {"MSE": np.array([0, 2, 3.0]), "MAE": np.array([0, 1, 2, 3.0])}
    figure = figures.descents(paths, target=3.0)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for name, values in paths.items():
        assert_array_equal(np.arange(len(values)), line(axes, name).get_xdata())
        assert_array_equal(values, line(axes, name).get_ydata())
    assert_array_equal([3, 3], line(axes, "_rule").get_ydata())
    assert legend_texts(axes) == ["MSE", "MAE"]
    assert line(axes, "MSE").get_marker() != line(axes, "MAE").get_marker()


def test_loss_and_slope_draws_both_over_the_score() -> None:
    losses = {"hinge": np.maximum(0, 1 - ERROR), "perceptron": np.maximum(0, -ERROR)}
    slopes = {"hinge": -1.0 * (ERROR < 1), "perceptron": -1.0 * (ERROR < 0)}
    figure = figures.loss_and_slope(ERROR, losses, slopes, "margin", 4)
    figure.draw_without_rendering()
    left, right = figure.axes
    for name in losses:
        assert_array_equal(ERROR, line(left, name).get_xdata())
        assert_array_equal(losses[name], line(left, name).get_ydata())
        assert_array_equal(slopes[name], line(right, name).get_ydata())
    assert legend_texts(left) == ["hinge", "perceptron"]
    assert left.get_xlabel() == right.get_xlabel() == "margin"
    assert left.get_ylim()[1] == 4


@pytest.mark.parametrize("diagonal", [False, True])
def test_curves_draws_each_line_and_the_diagonal_where_wanted(diagonal: bool) -> None:
    x = np.linspace(0, 1, 5)
    lines = {"twice": 2 * x, "square": x**2}
    figure = figures.curves(x, lines, "share", "answer", diagonal=diagonal)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for name, values in lines.items():
        assert_array_equal(x, line(axes, name).get_xdata())
        assert_array_equal(values, line(axes, name).get_ydata())
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("share", "answer")
    assert [one.get_label() for one in axes.lines].count("_diagonal") == diagonal
    if diagonal:
        assert_array_equal(x, line(axes, "_diagonal").get_ydata())


def test_float_limits_leaves_out_what_no_axis_can_show() -> None:
    lead = np.arange(4.0)
    right = {"exact": np.exp(-lead), "from p": np.array([1, 0.4, 0, 0.0])}
    wrong = {"exact": lead + 1, "from p": np.array([1, 2, np.inf, np.inf])}
    figure = figures.float_limits(lead, right, wrong)
    figure.draw_without_rendering()
    left, beside = figure.axes
    assert (left.get_yscale(), beside.get_yscale()) == ("log", "linear")
    assert_array_equal(right["exact"], line(left, "exact").get_ydata())
    assert_array_equal(wrong["exact"], line(beside, "exact").get_ydata())
    assert_array_equal([[0, 1], [1, 0.4]], line(left, "from p").get_xydata())
    assert_array_equal([[0, 1], [1, 2]], line(beside, "from p").get_xydata())
    assert_array_equal([[1, 0.4]], line(left, "_end").get_xydata())
    assert_array_equal([[1, 2]], line(beside, "_end").get_xydata())


def test_pushes_writes_each_value_at_its_bar() -> None:
    p, gradient = np.array([0.5, 0.375, 0.125]), np.array([0.5, 0.375, -0.875])
    figure = figures.pushes(["a", "b", "c"], p, gradient)
    figure.draw_without_rendering()
    for axes, values in zip(figure.axes, (p, gradient), strict=True):
        assert_array_equal(values, [bar.get_width() for bar in axes.patches])  # type: ignore[attr-defined]
        assert [text.get_text() for text in axes.texts] == [f"{v:.3f}" for v in values]
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["a", "b", "c"]
    up = figure.axes[1].patches[2].get_facecolor()
    assert up != figure.axes[1].patches[0].get_facecolor()


def test_runaway_draws_lengths_beside_margins_and_the_best() -> None:
    steps = np.arange(1.0, 6)
    lengths, margins = {"none": steps, "some": np.ones(5)}, {"none": steps / 9, "some": steps / 7}
    figure = figures.runaway(steps, lengths, margins, best=0.8)
    figure.draw_without_rendering()
    left, right = figure.axes
    for name in lengths:
        assert_array_equal(lengths[name], line(left, name).get_ydata())
        assert_array_equal(margins[name], line(right, name).get_ydata())
    assert left.get_xscale() == right.get_xscale() == "log"
    assert_array_equal([0.8, 0.8], line(right, "_rule").get_ydata())
    assert legend_texts(left) == ["none", "some"]


def test_holders_rings_those_that_hold_and_draws_each_boundary() -> None:
    X = np.array([[1, 2], [3, 1], [-1, -2], [0, -3.0]])
    y = np.array([1, 1, -1, -1])
    held = np.array([True, False, True, False])
    figure = figures.holders(X, y, {"one": (np.array([1.0, 2.0]), -1.0)}, held)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(X[held], line(axes, "_held").get_xydata())
    assert_array_equal(X[y == 1], line(axes, "class +1").get_xydata())
    assert_array_equal(X[y == -1], line(axes, "class -1").get_xydata())
    ends = np.array(line(axes, "one").get_xydata())
    assert_array_equal([0, 0], ends @ [1, 2] - 1)
    assert line(axes, "class +1").get_marker() != line(axes, "class -1").get_marker()


def test_reliability_draws_each_model_and_the_diagonal() -> None:
    models = {"a": (np.array([0.1, 0.7]), np.array([0.2, 0.6])),
              "b": (np.array([0.3]), np.array([0.9]))}  # fmt: skip
    figure = figures.reliability(models)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for name, (predicted, share) in models.items():
        assert_array_equal(predicted, line(axes, name).get_xdata())
        assert_array_equal(share, line(axes, name).get_ydata())
    assert_array_equal([[0, 0], [1, 1]], line(axes, "_diagonal").get_xydata())
    assert legend_texts(axes) == ["a", "b"]


def test_all_slopes_tells_six_lines_apart() -> None:
    by_error = {"MSE": 2 * ERROR, "MAE": np.sign(ERROR)}
    by_margin = {str(i): ERROR * i for i in range(6)}
    figure = figures.all_slopes(ERROR, by_error, ERROR / 2, by_margin)
    figure.draw_without_rendering()
    left, right = figure.axes
    for axes, x, series in ((left, ERROR, by_error), (right, ERROR / 2, by_margin)):
        for name, values in series.items():
            assert_array_equal(x, line(axes, name).get_xdata())
            assert_array_equal(values, line(axes, name).get_ydata())
        assert legend_texts(axes) == list(series)
    looks = {(one.get_color(), str(one.get_linestyle()), one.get_label()) for one in right.lines}
    assert len({look[0] for look in looks if look[2] in by_margin}) == 6
