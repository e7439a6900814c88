"""The figures of the chapter on activations show the arrays that they are given."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from numpy.testing import assert_array_equal

from dlfund import leaky_relu_derivative, relu_derivative
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
