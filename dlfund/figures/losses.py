"""Figures of the chapter on losses."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

type Array = NDArray[np.floating[Any]]

# A dash for each series, so that colour is never the only cue.
DASHES: tuple[Any, ...] = (
    "-", (0, (5, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)), (0, (9, 2)), (0, (3, 1, 1, 1, 1, 1)),
)  # fmt: skip
MARKERS = "osDX"


def constants(
    guesses: Array, curves: Mapping[str, Array], best: Mapping[str, float], data: Array
) -> Figure:
    """Draw the loss of one guess for all of the data, and mark the best guess of each loss.

    Parameters
    ----------
    guesses : ndarray, shape (n,)
        The guesses tried.
    curves : mapping of str to ndarray, shape (n,)
        Their loss over the least loss, by the name of the loss.
    best : mapping of str to float
        The best guess under each of these losses.
    data : ndarray, shape (m,)
        The values guessed, drawn as diamonds; equal ones are piled up.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.9), layout="constrained")
    for i, (name, values) in enumerate(curves.items()):
        axes.plot(guesses, values, color=f"C{i}", linestyle=DASHES[i], label=f"_{name}")
        axes.plot(
            [best[name]], [1], MARKERS[i], color=f"C{i}", linestyle=DASHES[i], markersize=9,
            label=f"{name}: {best[name]:.2f}",
        )  # fmt: skip
    _pile(axes, data, 0.62, 0.1)
    axes.legend(loc="upper center", bbox_to_anchor=(0.37, 1), title="best guess")
    axes.set(ylim=(0.5, 3), xlabel="one guess for all", ylabel="loss / least loss")
    return figure


def valleys(
    guesses: Array, curves: Mapping[str, Array], best: Mapping[str, float], data: Array
) -> Figure:
    """Draw what `constants` draws, on axes that stay where they are when the data move.

    Parameters
    ----------
    guesses : ndarray, shape (n,)
        The guesses tried.
    curves : mapping of str to ndarray, shape (n,)
        Their loss over the least loss, by the name of the loss.
    best : mapping of str to float
        The best guess under each of these losses.
    data : ndarray, shape (m,)
        The values guessed, drawn as diamonds; equal ones are piled up.
    """
    figure = plt.figure(figsize=(5.4, 3.1))
    axes = figure.add_axes((0.09, 0.16, 0.9, 0.82))
    axes.set(xlim=(guesses[0] - 0.5, guesses[-1] + 0.5), ylim=(0.3, 3))
    for i, (name, values) in enumerate(curves.items()):
        line: dict[str, Any] = {"color": f"C{i}", "linestyle": DASHES[i]}
        axes.plot(guesses, values, **line, label=f"_{name}")
        axes.plot([best[name]], [1], MARKERS[i], **line, markersize=9, label=name)
        height = 2.85 - 0.26 * i
        axes.plot([0.81 * guesses[-1]], [height], MARKERS[i], color=f"C{i}", label="_key")
        axes.text(0.84 * guesses[-1], height, f"{name} {best[name]:.1f}", va="center")
    _pile(axes, data, 0.45, 0.16)
    axes.set_xticks([0, 10, 20, 30])
    axes.set_yticks([1, 2, 3])
    axes.set_xlabel("one guess for all", labelpad=0)
    axes.set_ylabel("loss / least loss")
    return figure


def regression(error: Array, losses: Mapping[str, Array], slopes: Mapping[str, Array]) -> Figure:
    """Draw losses against the error, and their slopes beside them.

    Parameters
    ----------
    error : ndarray, shape (n,)
        Prediction minus target.
    losses, slopes : mapping of str to ndarray, shape (n,)
        The loss of one sample and its derivative, by the name of the loss.
    """
    figure, left, right = _beside(error, losses, slopes, "error", height=3.2)
    right.legend(loc="lower right")
    left.set_ylim(-0.2, 6)
    return figure


def hinge(
    margin: Array, loss: Array, mistake: Array, margins: Array, sample_losses: Array
) -> Figure:
    """Draw the hinge against the margin, with the mistakes that it bounds and some samples.

    Parameters
    ----------
    margin : ndarray, shape (n,)
        Label times score.
    loss, mistake : ndarray, shape (n,)
        The hinge loss and the 0-1 loss there.
    margins, sample_losses : ndarray, shape (m,)
        Margin and hinge loss of each sample.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.7), layout="constrained")
    left, right = float(margin.min()), float(margin.max())
    axes.axvspan(left, 0, color="C2", alpha=0.12, linewidth=0, label="wrong side")
    axes.plot(margin, loss, color="C0", label="hinge")
    axes.step(margin, mistake, where="post", color="C1", linestyle=DASHES[1], label="0-1 loss")
    ink = plt.rcParams["text.color"]
    axes.plot(margins, sample_losses, "o", color=ink, markersize=7, label="samples")
    axes.annotate("hinge", (-1.2, 2.2), (8, 4), textcoords="offset points")
    axes.annotate("0-1 loss", (-1.85, 1), (0, 5), textcoords="offset points")
    for x, text in ((-1, "wrong side"), (0.5, "right side,\ntoo close"), (1.5, "nothing\nto pay")):
        axes.text(x, 2.95, text, ha="center", va="top")
    for x in (0, 1):
        _rule(axes, "x", x)
    axes.set(xlabel="margin: label times score", ylabel="loss", xlim=(left, right), ylim=(-0.1, 3))
    return figure


def fits(x: Array, y: Array, outlier: NDArray[np.bool_], lines: Mapping[str, Array]) -> Figure:
    """Draw points and the lines that were fitted to them.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        The points.
    outlier : ndarray of bool, shape (n,)
        Which of them are spoilt.
    lines : mapping of str to ndarray, shape (n,)
        The height of each line at `x`, by the label that it gets.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.9), layout="constrained")
    ink = plt.rcParams["text.color"]
    axes.plot(x[~outlier], y[~outlier], "o", color=ink, alpha=0.6, label="_points")
    axes.plot(x[outlier], y[outlier], "X", color=ink, markersize=9, label="spoilt")
    _lines(axes, x, lines)
    axes.legend(loc="lower left")
    axes.set(xlabel="x", ylabel="y")
    return figure


def influence(outlier: Array, estimates: Mapping[str, Array]) -> Figure:
    """Draw the best guess of several losses while one data point is moved away.

    Parameters
    ----------
    outlier : ndarray, shape (n,)
        Where that point lies.
    estimates : mapping of str to ndarray, shape (n,)
        The best guess under each loss, by the label that its line gets.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.5), layout="constrained")
    _lines(axes, outlier, estimates)
    axes.legend(loc="upper left")
    axes.set(xlabel="where the fifth point lies", ylabel="best guess for all five")
    return figure


def descents(paths: Mapping[str, Array], target: float) -> Figure:
    """Draw one parameter while gradient descent moves it, once per loss.

    Parameters
    ----------
    paths : mapping of str to ndarray, shape (steps,)
        The parameter at each step, by the label that its line gets.
    target : float
        Where it should end.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.5), layout="constrained")
    _rule(axes, "y", target)
    for i, (label, values) in enumerate(paths.items()):
        steps = np.arange(len(values))
        axes.plot(
            steps, values, color=f"C{i}", linestyle=DASHES[i], marker=MARKERS[i], markersize=4,
            label=label,
        )  # fmt: skip
    axes.legend(loc="lower right")
    axes.set(xlabel="step", ylabel="prediction")
    return figure


def _rule(axes: Axes, axis: str, at: float) -> None:
    """Draw a thin line across the axes."""
    draw = axes.axvline if axis == "x" else axes.axhline
    ink = plt.rcParams["text.color"]
    draw(at, color=ink, linewidth=0.8, alpha=0.4, zorder=0, label="_rule")


def tilts(
    error: Array,
    losses: Mapping[float, Array],
    guesses: Array,
    costs: Mapping[float, Array],
    best: Mapping[float, float],
) -> Figure:
    """Draw quantile losses against the error, and their means over the guess beside them.

    Parameters
    ----------
    error : ndarray, shape (n,)
        Prediction minus target.
    losses : mapping of float to ndarray, shape (n,)
        The loss of one sample there, by its q.
    guesses : ndarray, shape (m,)
        The constants tried.
    costs : mapping of float to ndarray, shape (m,)
        The mean loss of each constant, by q.
    best : mapping of float to float
        The best of the constants, by q.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(5.8, 3.2), layout="constrained", width_ratios=[1, 1.3]
    )
    for i, (q, values) in enumerate(losses.items()):
        left.plot(error, values, color=f"C{i}", linestyle=DASHES[i], label=f"q = {q:g}")
        right.plot(guesses, costs[q], color=f"C{i}", linestyle=DASHES[i], label=f"q = {q:g}")
        lowest = float(np.min(costs[q]))
        right.plot([best[q]], [lowest], MARKERS[i], color=f"C{i}", markersize=8, label="_best")
    _rule(left, "x", 0)
    left.legend(loc="upper right")
    left.set_xlabel("error")
    left.set_ylabel("loss of one sample")
    right.set_xlabel("one guess for all")
    right.set_ylabel("mean loss")
    return figure


def payers(panels: Mapping[str, Mapping[str, Array]]) -> Figure:
    """Draw the share of each sample as a bar, once per loss; the last sample stands out.

    Parameters
    ----------
    panels : mapping of str to mapping of str to ndarray, shape (n,)
        The share of each sample by the name of the loss, by the title of the panel.
    """
    figure, all_axes = plt.subplots(1, len(panels), figsize=(5.8, 2.4), sharey=True, squeeze=False)
    figure.set_layout_engine("constrained", wspace=0.08)
    ink = plt.rcParams["text.color"]
    for axes, (title, shares) in zip(all_axes[0], panels.items(), strict=True):
        for row, values in enumerate(shares.values()):
            starts = np.cumsum(values) - values
            axes.barh(
                row, values[:-1], left=starts[:-1], color=ink, alpha=0.3, height=0.6,
                edgecolor=plt.rcParams["axes.facecolor"],
            )  # fmt: skip
            axes.barh(row, values[-1], left=starts[-1], color="C1", height=0.6)
            axes.text(1, row - 0.33, f"{100 * values[-1]:.1f} %", ha="right", va="bottom")
        axes.set_title(title, pad=14)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    all_axes[0, 0].set_yticks(range(len(shares)), list(shares))
    all_axes[0, 0].invert_yaxis()
    return figure


def tuning(deltas: Array, squares: Mapping[str, Array], marked: float) -> Figure:
    """Draw the typical error of an estimate against a parameter of it, with 95 % intervals.

    Parameters
    ----------
    deltas : ndarray, shape (n,)
        The values of the parameter.
    squares : mapping of str to ndarray, shape (n, seeds)
        Squared errors of the estimate, by the label of the data.
    marked : float
        The value that is marked by a line.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.3), layout="constrained")
    for i, (label, values) in enumerate(squares.items()):
        mean = values.mean(axis=1)
        margin = 1.96 * values.std(axis=1) / np.sqrt(values.shape[1])
        axes.plot(
            deltas, np.sqrt(mean), color=f"C{i}", linestyle=DASHES[i], marker=MARKERS[i],
            markersize=4, label=label,
        )  # fmt: skip
        low, high = np.sqrt(mean - margin), np.sqrt(mean + margin)
        axes.fill_between(deltas, low, high, color=f"C{i}", alpha=0.25, linewidth=0)
    _rule(axes, "x", marked)
    axes.annotate(f"{marked:g}", (marked, axes.get_ylim()[1]), (4, -12), textcoords="offset points")
    axes.set_xscale("log")
    axes.set_xticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")
    axes.set_xlabel("delta, in standard deviations of the ordinary errors")
    axes.set_ylabel("root mean squared error")
    return figure


def range_of_lines(
    x: Array, y: Array, grid: Array, lines: Mapping[str, Array], band: Mapping[float, Array]
) -> Figure:
    """Draw points of real data, lines that were fitted to them, and a band between two more.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        The points, in per cent.
    grid : ndarray, shape (m,)
        Where the lines are known.
    lines : mapping of str to ndarray, shape (m,)
        The height of each line there, by the name of its loss.
    band : mapping of float to ndarray, shape (m,)
        The heights of the two lines that bound the band, by their quantile.
    """
    figure, axes = plt.subplots(figsize=(5.8, 4.2), layout="constrained")
    (low, bottom), (high, top) = band.items()
    label = f"{100 * low:g} % to {100 * high:g} %"
    axes.fill_between(grid, bottom, top, color="C3", alpha=0.15, linewidth=0, label=label)
    ink = plt.rcParams["text.color"]
    axes.plot(x, y, "o", color=ink, markersize=3, alpha=0.45, label="_months")
    _lines(axes, grid, lines)
    axes.legend(loc="upper left")
    axes.set_xlabel("change of the market in a month, %")
    axes.set_ylabel("change of the share, %")
    return figure


def beliefs(errors: Array, grid: Array, densities: Mapping[str, Array]) -> Figure:
    """Draw how errors are distributed, on a logarithmic axis, and densities beside them.

    Parameters
    ----------
    errors : ndarray, shape (n,)
        The errors, in per cent.
    grid : ndarray, shape (m,)
        Where the densities are known.
    densities : mapping of str to ndarray, shape (m,)
        The densities there, by their names.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.5), layout="constrained")
    ink = plt.rcParams["text.color"]
    edges = np.arange(np.floor(errors.min()), np.ceil(errors.max()) + 1)
    counts, _ = np.histogram(errors, edges)
    heights = counts / (counts.sum() * np.diff(edges))
    axes.bar(edges[:-1], heights, np.diff(edges), align="edge", color=ink, alpha=0.3, label="days")
    _lines(axes, grid, densities)
    axes.set_yscale("log")
    axes.set_ylim(bottom=2e-4)
    axes.legend(loc="upper right")
    axes.set_xlabel("change of the day less the mean, %")
    axes.set_ylabel("density, logarithmic")
    return figure


def counts(values: Array, observed: Array, expected: Array, grid: Array, bell: Array) -> Figure:
    """Draw how often each count was seen, what one distribution expects, and another.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The counts.
    observed, expected : ndarray, shape (n,)
        How often each was seen, and should be.
    grid, bell : ndarray, shape (m,)
        A curve that is drawn beside them.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.4), layout="constrained")
    ink = plt.rcParams["text.color"]
    below = grid <= 0
    axes.fill_between(grid[below], 0, bell[below], color="C1", alpha=0.2, linewidth=0)
    axes.bar(values, observed, 0.6, color=ink, alpha=0.3, label="seen")
    axes.plot(values, expected, "o", color="C0", markersize=8, label="Poisson")
    axes.plot(grid, bell, color="C1", linestyle=DASHES[1], label="normal")
    axes.legend(loc="upper right")
    axes.set_xlabel("deaths in a year of a corps")
    axes.set_ylabel("years")
    return figure


def learned_variance(days: Array, errors: Array, width: Array, fixed: float) -> Figure:
    """Draw errors in the order of time, a band whose width was learned, and a fixed one.

    Parameters
    ----------
    days, errors, width : ndarray, shape (n,)
        When the errors were, their sizes, and half of the width of the band.
    fixed : float
        Half of the width of the fixed band.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.5), layout="constrained")
    ink = plt.rcParams["text.color"]
    axes.fill_between(days, -width, width, color="C0", alpha=0.25, linewidth=0, label="learned")
    for side in (-fixed, fixed):
        label = "one for all" if side > 0 else "_one for all"
        axes.axhline(side, color="C1", linestyle=DASHES[1], label=label)
    axes.plot(days, errors, ".", color=ink, markersize=3, alpha=0.7, label="_days")
    axes.legend(loc="upper left")
    axes.set_xlabel("trading day")
    axes.set_ylabel("change less the mean, %")
    return figure


def directions(grid: Array, density: Array, fitted: Mapping[str, Array]) -> Figure:
    """Draw a density and others that were fitted to it.

    Parameters
    ----------
    grid, density : ndarray, shape (n,)
        The density p, on a grid.
    fitted : mapping of str to ndarray, shape (n,)
        The fits q, by the label of what each minimises.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.3), layout="constrained")
    ink = plt.rcParams["text.color"]
    step = grid[1] - grid[0]
    axes.fill_between(grid, density / step, color=ink, alpha=0.2, linewidth=0, label="p")
    _lines(axes, grid, {f"least {label}": values / step for label, values in fitted.items()})
    axes.legend(loc="upper right")
    axes.set_xlabel("x")
    axes.set_ylabel("density")
    axes.set_ylim(bottom=0)
    return figure


def surprises(
    probability: Array, surprise: Array, entropy: Array, beliefs: Mapping[float, Array]
) -> Figure:
    """Draw surprise against probability; beside it entropy and cross-entropy of a coin.

    Parameters
    ----------
    probability : ndarray, shape (n,)
        The probabilities.
    surprise, entropy : ndarray, shape (n,)
        Of an event that has them, and of a coin whose heads have them, in bits.
    beliefs : mapping of float to ndarray, shape (n,)
        The cross-entropy of who believes in another probability, by that probability.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(5.8, 3.2), layout="constrained")
    left.plot(probability, surprise, color="C0", label="surprise")
    for halvings in (1, 2, 3):
        left.plot([0.5**halvings], [halvings], "o", color="C0", label="_halvings")
    left.set_xlabel("probability of what happened")
    left.set_ylabel("surprise, bits")
    right.plot(probability, entropy, color="C0", label="entropy")
    _lines(right, probability, {f"believes {q:g}": v for q, v in beliefs.items()}, first=1)
    right.set_ylim(0, 3.4)
    right.legend(loc="upper right")
    right.set_xlabel("true probability of heads")
    right.set_ylabel("mean surprise, bits")
    return figure


def reading(reads: Array, curves: Mapping[str, Array]) -> Figure:
    """Draw the perplexity of models of a text against how much of it they have read.

    Parameters
    ----------
    reads : ndarray, shape (n,)
        How many letters were read.
    curves : mapping of str to ndarray, shape (n,)
        The perplexity of the rest, by the label of the model.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.3), layout="constrained")
    _lines(axes, reads, curves, markersize=5)
    axes.set_xscale("log")
    axes.set_xticks(reads, [f"{n:g}" for n in reads])
    axes.set_xticks([], minor=True)
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower left")
    axes.set_xlabel("letters read")
    axes.set_ylabel("perplexity of the rest")
    return figure


def loss_and_slope(
    x: Array, losses: Mapping[str, Array], slopes: Mapping[str, Array], xlabel: str, top: float
) -> Figure:
    """Draw losses of a score, and their slopes beside them.

    Parameters
    ----------
    x : ndarray, shape (n,)
        The score: a logit or a margin.
    losses, slopes : mapping of str to ndarray, shape (n,)
        The loss of one sample and its derivative, by the name of the loss.
    xlabel : str
        What the score is.
    top : float
        The largest loss that is shown.
    """
    figure, left, _ = _beside(x, losses, slopes, xlabel, height=3.3)
    left.set_ylim(-0.03 * top, top)
    left.legend(loc="upper right", borderaxespad=0, handlelength=1.6, handletextpad=0.4)
    return figure


def curves(
    x: Array, lines: Mapping[str, Array], xlabel: str, ylabel: str, diagonal: bool = False
) -> Figure:
    """Draw lines over one axis, where wanted with the diagonal to compare them with.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Where the lines are known.
    lines : mapping of str to ndarray, shape (n,)
        Their heights, by their names.
    xlabel, ylabel : str
        What the axes show.
    diagonal : bool, default False
        Whether the heights are to be compared with `x`.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.7), layout="constrained")
    if diagonal:
        _diagonal(axes, x)
    _lines(axes, x, lines)
    axes.legend()
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    return figure


def float_limits(lead: Array, right: Mapping[str, Array], wrong: Mapping[str, Array]) -> Figure:
    """Draw computed losses of a sure sample: right, on a logarithmic scale, and wrong.

    Parameters
    ----------
    lead : ndarray, shape (n,)
        By how much one of two logits leads.
    right, wrong : mapping of str to ndarray, shape (n,)
        The loss if the leading class is the label, and if it is not, by the way of
        computing it. A line ends, with a cross, where it is 0 or infinite.
    """
    figure, (left, beside) = plt.subplots(1, 2, figsize=(5.8, 3.5), layout="constrained")
    for axes, series in ((left, right), (beside, wrong)):
        for i, (name, values) in enumerate(series.items()):
            shown = np.isfinite(values) & (values > 0)
            x, heights = lead[shown], values[shown]
            axes.plot(x, heights, color=f"C{i}", linestyle=DASHES[i], label=name)
            if not shown.all():
                axes.plot(x[-1:], heights[-1:], "X", color=f"C{i}", markersize=9, label="_end")
        axes.set_xlabel("lead of the larger logit")
        axes.legend(loc="lower left" if axes is left else "upper left")
    left.set_yscale("log")
    left.set_title("it is the label")
    beside.set_title("it is not")
    left.set_ylabel("loss, as computed")
    return figure


def pushes(classes: Sequence[str], probabilities: Array, gradient: Array) -> Figure:
    """Draw the probabilities of one sample, and under them the gradient of its logits.

    Parameters
    ----------
    classes : sequence of str
        The names of the C classes, with a mark at the label.
    probabilities, gradient : ndarray, shape (C,)
        Softmax of the logits, and the gradient of the loss.
    """
    figure, panels = plt.subplots(1, 2, figsize=(5.8, 2.9), layout="constrained", sharey=True)
    places = np.arange(len(classes))
    titles = "probability $p$", "gradient $p - y$"
    for axes, values, title in zip(panels, (probabilities, gradient), titles, strict=True):
        colours = ["C1" if value < 0 else "C0" for value in values]
        axes.barh(places, values, color=colours, height=0.6)
        for place, value in zip(places, values, strict=True):
            side = "left" if value >= 0 else "right"
            step = 3 if value >= 0 else -3
            axes.annotate(
                f"{value:.3f}", (value, place), (step, 0), textcoords="offset points",
                ha=side, va="center",
            )  # fmt: skip
        _rule(axes, "x", 0)
        axes.set_title(title)
        axes.margins(x=0.4)
    panels[0].set_yticks(places, classes)
    panels[0].invert_yaxis()
    return figure


def runaway(
    steps: Array, lengths: Mapping[str, Array], gaps: Mapping[str, Array], best: float
) -> Figure:
    """Draw how long the weights get in training, and beside it how wide the gap is.

    Parameters
    ----------
    steps : ndarray, shape (n,)
        Steps of training, drawn on a logarithmic scale.
    lengths, gaps : mapping of str to ndarray, shape (n,)
        The length of the weights after each, and the distance of the closest sample from
        the boundary, by the penalty.
    best : float
        The largest distance that any boundary has.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(5.8, 3.3), layout="constrained")
    for axes, series in ((left, lengths), (right, gaps)):
        _lines(axes, steps, series)
        axes.set_xscale("log")
        axes.set_xlabel("steps")
    _rule(right, "y", best)
    right.set_ylim(0, 1.1 * best)
    left.set_title("length of the weights")
    right.set_title("gap, in units of x")
    left.legend(loc="upper left")
    return figure


def holders(
    X: Array, y: Array, boundaries: Mapping[str, tuple[Array, float]], held: NDArray[np.bool_]
) -> Figure:
    """Draw two classes in the plane, boundaries between them and the samples that hold one.

    Parameters
    ----------
    X : ndarray, shape (n, 2)
        The samples.
    y : ndarray, shape (n,)
        Their labels, -1 and +1.
    boundaries : mapping of str to (ndarray of shape (2,), float)
        Weights and bias of each, by the name that it gets; the second weight is not 0.
    held : ndarray of bool, shape (n,)
        Which samples get a ring.
    """
    figure, axes = plt.subplots(figsize=(5.8, 4.1), layout="constrained")
    ink = plt.rcParams["text.color"]
    axes.plot(*X[held].T, "o", markersize=13, markerfacecolor="none", color=ink, label="_held")
    for i, (label, marker) in enumerate(((1, "o"), (-1, "s"))):
        axes.plot(*X[y == label].T, marker, color=f"C{i}", label=f"class {label:+d}")
    ends = np.array([X[:, 0].min() - 0.5, X[:, 0].max() + 0.5])
    for i, (name, (w, b)) in enumerate(boundaries.items()):
        heights = -(w[0] * ends + b) / w[1]
        axes.plot(ends, heights, color=f"C{i + 2}", linestyle=DASHES[i], label=name)
    low, high = float(X[:, 1].min()), float(X[:, 1].max())
    axes.set_ylim(low - 0.5, high + 0.5)
    axes.set_xlim(*ends)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axes.set_xlabel("first feature")
    axes.set_ylabel("second feature")
    return figure


def reliability(curves: Mapping[str, tuple[Array, Array]]) -> Figure:
    """Draw how often label 1 came, against the probability that was predicted.

    Parameters
    ----------
    curves : mapping of str to (ndarray, ndarray)
        Mean prediction and share of label 1 in each bin, by the name of the model.
    """
    figure, axes = plt.subplots(figsize=(5.8, 3.9), layout="constrained")
    _diagonal(axes, np.array([0.0, 1.0]))
    for i, (name, (predicted, share)) in enumerate(curves.items()):
        axes.plot(
            predicted, share, color=f"C{i}", linestyle=DASHES[i], marker=MARKERS[i], markersize=5,
            label=name,
        )  # fmt: skip
    axes.legend()
    axes.set_xlabel("probability that was predicted")
    axes.set_ylabel("share of label 1 that came")
    return figure


def all_slopes(
    error: Array, by_error: Mapping[str, Array], margin: Array, by_margin: Mapping[str, Array]
) -> Figure:
    """Draw the slopes of the losses for numbers, and beside them those for labels.

    Parameters
    ----------
    error : ndarray, shape (n,)
        Prediction minus target.
    by_error : mapping of str to ndarray, shape (n,)
        The slopes there, by the name of the loss.
    margin : ndarray, shape (m,)
        Label times score.
    by_margin : mapping of str to ndarray, shape (m,)
        The slopes there.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(5.8, 5), layout="constrained")
    for axes, x, series in ((left, error, by_error), (right, margin, by_margin)):
        _lines(axes, x, series)
        for axis in ("x", "y"):
            _rule(axes, axis, 0)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1))
    left.set_xlabel("error")
    right.set_xlabel("margin")
    left.set_ylabel("slope")
    left.set_ylim(-3, 3)
    right.set_ylim(-3, 0.3)
    return figure


def _beside(
    x: Array, losses: Mapping[str, Array], slopes: Mapping[str, Array], xlabel: str, height: float
) -> tuple[Figure, Axes, Axes]:
    """Draw losses, and their slopes beside them."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(5.8, height), layout="constrained")
    for axes, series, ylabel in ((left, losses, "loss"), (right, slopes, "slope")):
        _lines(axes, x, series)
        _rule(axes, "x", 0)
        axes.set_xlabel(xlabel)
        axes.set_ylabel(ylabel)
    return figure, left, right


def _lines(
    axes: Axes, x: Array, series: Mapping[str, Array], *, first: int = 0, markersize: float = 0
) -> None:
    """Draw lines, each with a colour, a dash and perhaps a marker of its own."""
    for i, (name, values) in enumerate(series.items(), first):
        marker: dict[str, Any] = {}
        if markersize:
            marker = {"marker": MARKERS[i], "markersize": markersize}
        axes.plot(x, values, color=f"C{i}", linestyle=DASHES[i], label=name, **marker)


def _pile(axes: Axes, data: Array, bottom: float, step: float) -> None:
    """Draw values as diamonds, equal ones piled up."""
    ink = plt.rcParams["text.color"]
    for value, count in zip(*np.unique(data, return_counts=True), strict=True):
        heights = bottom + step * np.arange(count)
        axes.plot(np.full(count, value), heights, "D", color=ink, markersize=5, label="_data")


def _diagonal(axes: Axes, x: Array) -> None:
    """Draw where both axes agree."""
    ink = plt.rcParams["text.color"]
    axes.plot(x, x, color=ink, linewidth=0.8, alpha=0.4, zorder=0, label="_diagonal")
