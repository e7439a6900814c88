"""The figures of the chapter on losses show the arrays that they are given."""

from collections.abc import Mapping

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose, assert_array_equal

from dlfund import huber_loss, mae_loss, mse_loss
from dlfund.figures import losses as figures
from tests.figures.seen import line

ERROR = np.linspace(-3, 3, 13)


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


def shows_beside(
    figure: Figure, losses: Mapping[str, np.ndarray], slopes: Mapping[str, np.ndarray]
) -> None:
    left, right = figure.axes
    for name in losses:
        assert_array_equal(ERROR, line(left, name).get_xdata())
        assert_array_equal(losses[name], line(left, name).get_ydata())
        assert_array_equal(slopes[name], line(right, name).get_ydata())


def test_regression_draws_losses_beside_slopes() -> None:
    losses = {"MSE": ERROR**2, "MAE": np.abs(ERROR)}
    slopes = {"MSE": 2 * ERROR, "MAE": np.sign(ERROR)}
    figure = figures.regression(ERROR, losses, slopes)
    figure.draw_without_rendering()
    left, right = figure.axes
    shows_beside(figure, losses, slopes)
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


@pytest.mark.parametrize("fifth", [3, 7, 13, 30])
def test_valleys_have_their_bottoms_at_the_best_guesses(fifth: int) -> None:
    days = np.array([2, 3, 3, 4, fifth])
    guesses = np.linspace(0, 31, 311)
    losses = {"MSE": mse_loss, "MAE": mae_loss, "Huber": huber_loss}
    curves, best = {}, {}
    for name, loss in losses.items():
        totals = np.array([loss(days, np.full(5, guess)) for guess in guesses])
        curves[name] = totals / totals.min()
        best[name] = float(guesses[totals.argmin()])
    assert best["MSE"] == pytest.approx(days.mean())
    assert best["MAE"] == pytest.approx(3)
    (axes,) = figures.valleys(guesses, curves, best, days.astype(float)).axes
    for name, values in curves.items():
        assert_array_equal(guesses, line(axes, f"_{name}").get_xdata())
        assert_array_equal(values, line(axes, f"_{name}").get_ydata())
        assert_array_equal([best[name]], line(axes, name).get_xdata())
        assert_array_equal([1], line(axes, name).get_ydata())
    diamonds = [
        np.asarray(one.get_xdata()).tolist() for one in axes.lines if one.get_label() == "_data"
    ]
    assert sorted(day for pile in diamonds for day in pile) == sorted(days.tolist())
    assert [text.get_text() for text in axes.texts] == [f"{n} {x:.1f}" for n, x in best.items()]
    assert axes.get_xlim() == (-0.5, 31.5)
    assert axes.get_ylim() == (0.3, 3)


def test_tilts_marks_the_lowest_point_of_each_curve() -> None:
    guesses = np.arange(5.0)
    losses = {q: np.maximum(-q * ERROR, (1 - q) * ERROR) for q in (0.5, 0.9)}
    costs = {0.5: np.abs(guesses - 1), 0.9: np.abs(guesses - 3) + 2}
    figure = figures.tilts(ERROR, losses, guesses, costs, {0.5: 1.0, 0.9: 3.0})
    figure.draw_without_rendering()
    left, right = figure.axes
    for q in losses:
        assert_array_equal(ERROR, line(left, f"q = {q}").get_xdata())
        assert_array_equal(losses[q], line(left, f"q = {q}").get_ydata())
        assert_array_equal(guesses, line(right, f"q = {q}").get_xdata())
        assert_array_equal(costs[q], line(right, f"q = {q}").get_ydata())
    marks = [one.get_xydata() for one in right.lines if one.get_label() == "_best"]
    assert_array_equal([[1, 0], [3, 2]], np.concatenate(marks))
    assert legend_texts(left) == ["q = 0.5", "q = 0.9"]


def test_payers_fills_each_bar_with_the_shares() -> None:
    shares = {"MSE": np.array([0.25, 0.125, 0.625]), "MAE": np.array([0.5, 0.25, 0.25])}
    figure = figures.payers({"loss": shares, "pull": {"MSE": np.ones(1), "MAE": np.ones(1)}})
    figure.draw_without_rendering()
    left, right = figure.axes
    bars = [patch for patch in left.patches if isinstance(patch, Rectangle)]
    assert_array_equal([0.25, 0.125, 0.625, 0.5, 0.25, 0.25], [bar.get_width() for bar in bars])
    assert_array_equal([0, 0.25, 0.375, 0, 0.5, 0.75], [bar.get_x() for bar in bars])
    assert bars[2].get_facecolor() == bars[5].get_facecolor() != bars[0].get_facecolor()
    assert [text.get_text() for text in left.texts] == ["62.5 %", "25.0 %"]
    assert [text.get_text() for text in left.get_yticklabels()] == ["MSE", "MAE"]
    assert (left.get_title(), right.get_title()) == ("loss", "pull")


def test_tuning_draws_root_mean_squares_and_their_interval() -> None:
    deltas = np.array([0.1, 1, 10])
    squares = {"clean": np.array([[3, 5.0], [4, 4], [9, 9]])}
    figure = figures.tuning(deltas, squares, 1.345)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(deltas, line(axes, "clean").get_xdata())
    assert_array_equal([2, 2, 3], line(axes, "clean").get_ydata())
    assert_array_equal([1.345] * 2, line(axes, "_rule").get_xdata())
    half = 1.96 * 1 / np.sqrt(2)  # the mean of 3 and 5 is 4, their standard deviation 1
    (band,) = axes.collections
    corners = np.asarray(band.get_paths()[0].vertices)
    edges = np.unique(corners[corners[:, 0] == 0.1, 1])
    assert_allclose(edges, np.sqrt([4 - half, 4 + half]), rtol=1e-12)
    assert legend_texts(axes) == ["clean"]


def test_range_of_lines_draws_points_lines_and_band() -> None:
    x, y = np.arange(4.0), np.array([0, 2, 1, 5.0])
    grid = np.array([0.0, 3.0])
    lines = {"MSE": grid, "MAE": 2 * grid}
    figure = figures.range_of_lines(x, y, grid, lines, {0.1: grid - 1, 0.9: grid + 4})
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(np.column_stack([x, y]), line(axes, "_months").get_xydata())
    for name, heights in lines.items():
        assert_array_equal(grid, line(axes, name).get_xdata())
        assert_array_equal(heights, line(axes, name).get_ydata())
    (band,) = axes.collections
    assert_array_equal([[0, -1], [3, 7]], band.get_paths()[0].get_extents().get_points())
    assert legend_texts(axes) == ["10 % to 90 %", "MSE", "MAE"]


def test_beliefs_draws_shares_of_errors_and_densities() -> None:
    errors = np.array([-1.5, 0.25, 0.75, 1.5])
    grid = np.linspace(-2, 2, 5)
    figure = figures.beliefs(errors, grid, {"normal": np.exp(-(grid**2))})
    figure.draw_without_rendering()
    (axes,) = figure.axes
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert_array_equal([-2, -1, 0, 1], [bar.get_x() for bar in bars])
    assert_array_equal([0.25, 0, 0.5, 0.25], [bar.get_height() for bar in bars])
    assert_array_equal(np.exp(-(grid**2)), line(axes, "normal").get_ydata())
    assert axes.get_yscale() == "log"
    assert set(legend_texts(axes)) == {"days", "normal"}


def test_counts_draws_what_was_seen_and_expected() -> None:
    values, seen, expected = np.arange(3.0), np.array([5.0, 3, 1]), np.array([4.5, 3.5, 1])
    grid = np.linspace(-1, 2, 7)
    figure = figures.counts(values, seen, expected, grid, 4 - grid)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert_array_equal(seen, [bar.get_height() for bar in bars])
    assert_array_equal(np.column_stack([values, expected]), line(axes, "Poisson").get_xydata())
    assert_array_equal(np.column_stack([grid, 4 - grid]), line(axes, "normal").get_xydata())
    (below,) = axes.collections
    assert below.get_paths()[0].get_extents().x1 == 0


def test_learned_variance_draws_days_in_two_bands() -> None:
    days, errors = np.arange(4.0), np.array([1, -1, 4, -3.0])
    width = np.array([1, 2, 5, 5.0])
    figure = figures.learned_variance(days, errors, width, 3.0)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(np.column_stack([days, errors]), line(axes, "_days").get_xydata())
    assert_array_equal([3, 3], line(axes, "one for all").get_ydata())
    assert_array_equal([-3, -3], line(axes, "_one for all").get_ydata())
    (band,) = axes.collections
    assert_array_equal([[0, -5], [3, 5]], band.get_paths()[0].get_extents().get_points())
    assert set(legend_texts(axes)) == {"learned", "one for all"}


def test_directions_draws_densities_per_unit() -> None:
    grid = np.linspace(0, 2, 5)
    p, q = np.array([0, 1, 2, 1, 0]) / 4, np.array([1, 1, 1, 1, 0]) / 4
    figure = figures.directions(grid, p, {"KL(p, q)": q})
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert_array_equal(q * 2, line(axes, "least KL(p, q)").get_ydata())
    (area,) = axes.collections
    assert area.get_paths()[0].get_extents().y1 == 1
    assert set(legend_texts(axes)) == {"p", "least KL(p, q)"}


def test_surprises_draws_bits_and_the_lines_of_beliefs() -> None:
    p = np.array([0.25, 0.5, 0.75])
    beliefs = {0.5: np.ones(3), 0.9: 3 - 2 * p}
    figure = figures.surprises(p, -np.log2(p), 4 * p * (1 - p), beliefs)
    figure.draw_without_rendering()
    left, right = figure.axes
    assert_array_equal(np.column_stack([p, -np.log2(p)]), line(left, "surprise").get_xydata())
    points = [one.get_xydata() for one in left.lines if one.get_label() == "_halvings"]
    assert_array_equal([[0.5, 1], [0.25, 2], [0.125, 3]], np.concatenate(points))
    assert_array_equal(4 * p * (1 - p), line(right, "entropy").get_ydata())
    for q, values in beliefs.items():
        assert_array_equal(values, line(right, f"believes {q}").get_ydata())
    assert legend_texts(right) == ["entropy", "believes 0.5", "believes 0.9"]


def test_reading_draws_each_model() -> None:
    reads = np.array([5.0, 50])
    curves = {"knows nothing": np.array([27.0, 27]), "letters": np.array([25.0, 18])}
    figure = figures.reading(reads, curves)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    for label, values in curves.items():
        assert_array_equal(np.column_stack([reads, values]), line(axes, label).get_xydata())
    assert legend_texts(axes) == ["knows nothing", "letters"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["5", "50"]


def test_loss_and_slope_draws_both_over_the_score() -> None:
    losses = {"hinge": np.maximum(0, 1 - ERROR), "perceptron": np.maximum(0, -ERROR)}
    slopes = {"hinge": -1.0 * (ERROR < 1), "perceptron": -1.0 * (ERROR < 0)}
    figure = figures.loss_and_slope(ERROR, losses, slopes, "margin", 4)
    figure.draw_without_rendering()
    left, right = figure.axes
    shows_beside(figure, losses, slopes)
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
        bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
        assert_array_equal(values, [bar.get_width() for bar in bars])
        assert [text.get_text() for text in axes.texts] == [f"{v:.3f}" for v in values]
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["a", "b", "c"]
    up = figure.axes[1].patches[2].get_facecolor()
    assert up != figure.axes[1].patches[0].get_facecolor()


def test_runaway_draws_lengths_beside_gaps_and_the_best() -> None:
    steps = np.arange(1.0, 6)
    lengths, gaps = {"none": steps, "some": np.ones(5)}, {"none": steps / 9, "some": steps / 7}
    figure = figures.runaway(steps, lengths, gaps, best=0.8)
    figure.draw_without_rendering()
    left, right = figure.axes
    for name in lengths:
        assert_array_equal(lengths[name], line(left, name).get_ydata())
        assert_array_equal(gaps[name], line(right, name).get_ydata())
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
