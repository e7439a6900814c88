"""The figures of the chapter on losses show the arrays that they are given."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.testing import assert_array_equal

from dlfund import huber_loss, mae_loss, mse_loss
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
