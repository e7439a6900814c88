"""Figures of the chapter on activations."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

type Array = NDArray[np.floating[Any]]

# A dash for each series, so that colour is never the only cue.
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)))


def tent(z: Array, pieces: Mapping[str, Array], total: Array) -> Figure:
    """Draw the pieces of a sum above their total.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Inputs.
    pieces : mapping of str to ndarray, shape (n,)
        The terms of the sum, by the label that each line gets.
    total : ndarray, shape (n,)
        Their sum.
    """
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(5.2, 4.6), sharex=True, layout="constrained", height_ratios=[2.2, 1]
    )
    for i, (label, values) in enumerate(pieces.items()):
        above.plot(z, values, color=f"C{i}", linestyle=DASHES[i], label=label)
        # Near its end each line has room above it or below it.
        at = int(0.86 * len(z))
        below_line = values[at] < 0
        _label(above, label, z[at], values[at], (-8, -6 if below_line else 6), "right")
    below.plot(z, total, color="C3", linewidth=3)
    _label(below, "their sum", float(z[np.argmax(total)]), float(total.max()), (14, 0), "left")
    for axes in (above, below):
        _baseline(axes)
    below.set(xlabel="z", ylim=(-0.2, 1.2))
    return figure


def curves(z: Array, functions: Mapping[str, Array], ylabel: str) -> Figure:
    """Draw functions in a grid of two columns, the first of them dotted behind the others.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Inputs.
    functions : mapping of str to ndarray, shape (n,)
        What each function makes of them, by its name. An even number.
    ylabel : str
        What is drawn.
    """
    rows = len(functions) // 2
    figure, grid = plt.subplots(
        rows, 2, figsize=(5.6, 1.95 * rows), sharex=True, sharey=True, layout="constrained"
    )
    ghost = next(iter(functions.values()))
    for i, (axes, (name, values)) in enumerate(zip(grid.flat, functions.items(), strict=True)):
        if i:
            axes.plot(z, ghost, color="C4", linestyle=":", linewidth=1.5, label="_ghost")
        axes.plot(z, values, color="C0", linewidth=2.5, label=name)
        axes.set_title(name)
        _baseline(axes)
    for axes in grid[-1]:
        axes.set_xlabel("z")
    for axes in grid[:, 0]:
        axes.set_ylabel(ylabel)
    return figure


def depth(
    networks: Mapping[str, Array], means: Mapping[str, Array], passed: str = "layers"
) -> Figure:
    """Draw how long the gradient is after each layer on its way back, on a logarithmic scale.

    Parameters
    ----------
    networks : mapping of str to ndarray, shape (networks, layers)
        Its length over the length at the output, for several networks of each kind.
    means : mapping of str to ndarray, shape (layers,)
        The mean over the networks of a kind, by the label that its line gets.
    passed : str
        What the gradient has passed, in the label of the axis.
    """
    figure, axes = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
    for i, (label, values) in enumerate(means.items()):
        layers = np.arange(1, len(values) + 1)
        axes.semilogy(
            layers, networks[label].T, color=f"C{i}", linewidth=0.7, alpha=0.45, label="_network"
        )
        axes.semilogy(layers, values, color=f"C{i}", linestyle=DASHES[i], linewidth=3, label=label)
        _label(axes, label, layers[-1], values[-1], (6, 0), "left")
        axes.set_xlim(0, 1.3 * len(values))  # room for the labels
        axes.set_xticks(layers[4::5])
    axes.minorticks_off()
    axes.set_xlabel(f"{passed} that the gradient has passed on its way back")
    axes.set_ylabel("length of the gradient")
    return figure


def histograms(panels: Mapping[str, Array]) -> Figure:
    """Draw histograms one above the other, what is exactly zero in a colour of its own.

    Parameters
    ----------
    panels : mapping of str to ndarray, shape (n,)
        Values, by the title that their histogram gets.
    """
    everything = np.concatenate(list(panels.values()))
    # Zero is an edge, so that no bar mixes negative values with positive ones.
    edges = np.arange(np.floor(everything.min()), np.ceil(everything.max()) + 1)
    figure, column = plt.subplots(
        len(panels), 1, figsize=(5.6, 1.9 * len(panels)), sharex=True, layout="constrained"
    )
    for axes, (title, values) in zip(column, panels.items(), strict=True):
        zero = values == 0
        for chosen, color, label in ((values < 0, "C1", "< 0"), (values > 0, "C0", "> 0")):
            counts, _ = np.histogram(values[chosen], edges)
            axes.stairs(counts, edges, fill=True, color=color, label=label)
        axes.bar(0, zero.sum(), width=0.35, color="C2", label="= 0")
        axes.set_title(title, loc="left")
        axes.set_ylabel("inputs")
        note = f"{(values < 0).sum()} below 0\n{zero.sum()} at 0\n{(values > 0).sum()} above 0"
        axes.text(0.02, 0.95, note, transform=axes.transAxes, va="top")
    column[-1].set_xlabel("value")
    return figure


def falling_bias(
    z: Array, edges: Array, highest: int, slopes: Mapping[str, float], active: float
) -> Figure:
    """Draw where pre-activations lie about zero, beside the mean slope of two activations.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Pre-activations, all of them between the first and the last of the edges.
    edges : ndarray, shape (m,)
        The borders of the bars; zero is one of them.
    highest : int
        The end of the axis of the bars, so that figures can be compared.
    slopes : mapping of str to float
        The mean slope of each activation, from 0 to 1, by its name.
    active : float
        The share of the pre-activations that are above zero.
    """
    figure = plt.figure(figsize=(5.4, 2.7))
    left = figure.add_axes((0.06, 0.21, 0.56, 0.7), xlim=(edges[0], edges[-1]), ylim=(0, highest))
    counts, _ = np.histogram(z, edges)
    for chosen, color, hatch in ((edges[:-1] < 0, "C1", None), (edges[:-1] >= 0, "C0", "//")):
        left.stairs(np.where(chosen, counts, 0), edges, fill=True, color=color, hatch=hatch)
    left.axvline(0, color=plt.rcParams["text.color"], linewidth=1)
    left.set(xticks=[edges[0], 0, edges[-1]], yticks=[0, highest])
    left.set_xlabel("pre-activation", labelpad=-6)
    left.set_ylabel("inputs", labelpad=-10)
    left.text(edges[0] / 2, 0.97 * highest, f"silent {1 - active:.0%}", ha="center", va="top")
    left.text(edges[-1] / 2, 0.97 * highest, f"active {active:.0%}", ha="center", va="top")
    right = figure.add_axes((0.7, 0.21, 0.28, 0.6), xlim=(-0.6, len(slopes) - 0.4), ylim=(0, 1.02))
    for place, slope in enumerate(slopes.values()):
        right.bar(place, slope, width=0.7, color=f"C{2 + place}", hatch="//" if place else None)
        right.text(place, slope + 0.03, f"{slope:.2f}", ha="center")
    right.set_xticks(range(len(slopes)), list(slopes))
    right.tick_params(axis="x", length=0)
    right.yaxis.set_visible(False)
    right.spines["left"].set_visible(False)
    right.set_title("mean slope")
    return figure


def training(
    steps: NDArray[np.integer[Any]], losses: Mapping[str, Array], active: Mapping[str, Array]
) -> Figure:
    """Draw the loss of several neurons while they train, above the inputs that excite them.

    Parameters
    ----------
    steps : ndarray, shape (n,)
        When the others were measured.
    losses : mapping of str to ndarray, shape (n,)
        The loss of each neuron, by the label that its line gets.
    active : mapping of str to ndarray, shape (n,)
        How many inputs have a positive pre-activation, for the same neurons.
    """
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(5.8, 5.2), sharex=True, layout="constrained"
    )
    for i, (label, values) in enumerate(losses.items()):
        style: dict[str, Any] = {"color": f"C{i}", "linestyle": DASHES[i], "label": label}
        above.plot(steps, values, **style)
        below.plot(steps, active[label], **style)
    above.legend(loc="upper right")
    above.set_ylabel("loss")
    below.set(ylabel="inputs with z > 0", xlabel="training step")
    for axes in (above, below):
        axes.set_ylim(bottom=-0.03 * axes.get_ylim()[1])
    return figure


def _baseline(axes: Axes) -> None:
    """Draw a thin line at zero."""
    ink = plt.rcParams["text.color"]
    axes.axhline(0, color=ink, linewidth=0.8, alpha=0.4, zorder=0, label="_baseline")


def _label(
    axes: Axes, text: str, x: float, y: float, offset: tuple[float, float], align: str
) -> None:
    """Write a label beside a point, `offset` points away."""
    axes.annotate(
        text, (x, y), offset, textcoords="offset points", ha=align,
        va="center" if offset[1] == 0 else ("bottom" if offset[1] > 0 else "top"),
    )  # fmt: skip


def approximations(
    x: Array,
    target: Array,
    fits: Mapping[str, Array],
    knots: Array,
    height: tuple[float, float],
) -> Figure:
    """Draw what comes close to a curve, and what does not, over the range of its knots.

    Parameters
    ----------
    x, target : ndarray, shape (n,)
        The curve.
    fits : mapping of str to ndarray, shape (n,)
        What is drawn over it, by the label that it gets.
    knots : ndarray, shape (m,)
        Where the fits were given the curve; it is shaded from the first to the last.
    height : tuple of float
        The lower and the upper end of the picture.
    """
    figure, axes = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    axes.axvspan(knots[0], knots[-1], color="C4", alpha=0.13, linewidth=0)
    axes.plot(x, target, color="C4", linewidth=6, alpha=0.55, label="target")
    for i, (label, values) in enumerate(fits.items()):
        axes.plot(x, values, color=f"C{i}", linestyle=DASHES[i], label=label)
    ink = plt.rcParams["text.color"]
    axes.plot(knots, np.interp(knots, x, target), "o", color=ink, markersize=4, label="knots")
    axes.set_ylim(*height)
    axes.set_xlim(x[0], x[-1])
    axes.set_xlabel("x")
    figure.legend(loc="outside upper center", ncols=2 if len(fits) < 3 else 3)
    return figure


def piece_counts(counts: Mapping[str, NDArray[np.integer[Any]]], halves: Array) -> Figure:
    """Draw how many straight pieces each of many networks has, and their mean.

    Parameters
    ----------
    counts : mapping of str to ndarray, shape (n,)
        The pieces of n networks, by the name of their architecture.
    halves : ndarray, shape (architectures,)
        Half the length of the interval for each mean.
    """
    figure, axes = plt.subplots(figsize=(5.6, 3.6), layout="constrained")
    for i, values in enumerate(counts.values()):
        # Spread by rank, so that no random number is needed.
        beside = i + 0.34 * (np.arange(len(values)) % 21 / 10 - 1)
        axes.plot(beside, values, ".", color="C0", markersize=4, alpha=0.45, label="_network")
    means = [values.mean() for values in counts.values()]
    axes.errorbar(
        range(len(means)), means, halves, fmt="D", color="C2", markersize=6, capsize=7,
        linewidth=2, label="mean",
    )  # fmt: skip
    axes.set_xticks(range(len(counts)), list(counts))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("straight pieces")
    return figure


def borders(x: Array, y: Array, layers: Mapping[str, NDArray[np.floating[Any]]]) -> Figure:
    """Draw where the neurons of each layer switch, in the plane of the two inputs.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        The axes of a grid.
    layers : mapping of str to ndarray, shape (neurons, n, n)
        The pre-activations on the grid (rows are y), by the name of the layer.
    """
    figure, axes = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
    for i, (label, neurons) in enumerate(layers.items()):
        for z in neurons:
            axes.contour(
                x, y, z, levels=[0], colors=[f"C{i}"], linestyles=[DASHES[i]], linewidths=2
            )
        axes.plot([], [], color=f"C{i}", linestyle=DASHES[i], label=label)
    axes.set_aspect("equal")
    axes.set_xlabel("first input")
    axes.set_ylabel("second input")
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def flat(z: Array, slopes: Mapping[str, Array], least: float) -> Figure:
    """Draw where the slope of each function is smaller than `least`.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Inputs, evenly spaced.
    slopes : mapping of str to ndarray, shape (n,)
        The slope of each function, by its name.
    least : float
        A slope nearer to 0 than this counts as flat.
    """
    figure, axes = plt.subplots(figsize=(5.6, 0.36 * len(slopes) + 1.1), layout="constrained")
    half = (z[1] - z[0]) / 2
    for row, values in enumerate(slopes.values()):
        axes.plot(z[[0, -1]], [row, row], color="C4", linewidth=1, zorder=1, label="_row")
        edges = np.flatnonzero(np.diff(np.abs(values) < least, prepend=False, append=False))
        for first, last in edges.reshape(-1, 2):
            start, end = z[first] - half, z[last - 1] + half
            axes.barh(row, end - start, 0.62, start, color="C2", zorder=2)
    axes.set_yticks(range(len(slopes)), list(slopes))
    axes.invert_yaxis()
    axes.set_xlabel("z")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def differences(z: Array, values: Mapping[str, Array], ylabel: str) -> Figure:
    """Draw small differences between functions that are nearly the same.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Inputs.
    values : mapping of str to ndarray, shape (n,)
        The differences, by the label that each gets.
    ylabel : str
        What is drawn.
    """
    figure, axes = plt.subplots(figsize=(5.6, 3.2), layout="constrained")
    for i, (label, one) in enumerate(values.items()):
        axes.plot(z, one, color=f"C{i}", linestyle=DASHES[i], label=label)
    _baseline(axes)
    axes.set_xlabel("z")
    axes.set_ylabel(ylabel)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def lost_digits(z: Array, errors: Mapping[str, Array]) -> Figure:
    """Draw relative errors against the size of the input, both on logarithmic scales.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Inputs, positive.
    errors : mapping of str to ndarray, shape (n,)
        Relative errors, by the label that each gets. What is exactly 0 has no place.
    """
    figure, axes = plt.subplots(figsize=(5.6, 3.6), layout="constrained")
    for i, (label, error) in enumerate(errors.items()):
        axes.loglog(
            z[error > 0], error[error > 0], "osD"[i], color=f"C{i}", markersize=4, label=label
        )
    axes.axhline(1, color="C4", linewidth=1, label="_all")
    axes.minorticks_off()
    axes.set_xlabel("|z|")
    axes.set_ylabel("relative error")
    axes.legend(loc="lower left")
    return figure


def lines(
    x: Array,
    series: Mapping[str, Array],
    xlabel: str,
    ylabel: str,
    *,
    xlog: bool = False,
    ylog: bool = False,
) -> Figure:
    """Draw several quantities against one, on axes that may be logarithmic.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Where they were measured.
    series : mapping of str to ndarray, shape (n,)
        Each quantity, by the label that its line gets. At most four.
    xlabel, ylabel : str
        What the axes show.
    xlog, ylog : bool
        Whether an axis is logarithmic.
    """
    figure, axes = plt.subplots(figsize=(5.6, 3.6), layout="constrained")
    for i, (label, values) in enumerate(series.items()):
        axes.plot(x, values, color=f"C{i}", linestyle=DASHES[i], linewidth=2.5, label=label)
    if xlog:
        axes.set_xscale("log")
    if ylog:
        axes.set_yscale("log")
    axes.minorticks_off()
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    # Above the axes, where it hides no line.
    wide = sum(len(label) for label in series) > 36
    figure.legend(loc="outside upper left", ncols=2 if wide else len(series))
    return figure


def triangle(paths: Array, names: Sequence[str]) -> Figure:
    """Draw triples of probabilities as points of a triangle, each corner one class.

    Parameters
    ----------
    paths : ndarray, shape (paths, points, 3)
        Probabilities along each path; the points are marked.
    names : sequence of str
        The three classes.
    """
    corners = np.array([[0, 0], [1, 0], [0.5, np.sqrt(0.75)]])
    figure, axes = plt.subplots(figsize=(5, 4.4), layout="constrained")
    axes.plot(*corners[[0, 1, 2, 0]].T, color="C4", linewidth=1.5, label="_sides")
    for path in paths @ corners:
        axes.plot(*path.T, "o-", color="C0", markersize=4.5, linewidth=1.5, label="_path")
    for name, (x, y), offset in zip(names, corners, [(-8, -8), (8, -8), (0, 8)], strict=True):
        axes.annotate(
            name, (x, y), offset, textcoords="offset points", ha="center", va="center"
        )  # fmt: skip
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure


def confidence(panels: Mapping[str, Mapping[str, Array]]) -> Figure:
    """Draw histograms of probabilities, each group as a share of itself, one panel a model.

    Parameters
    ----------
    panels : mapping of str to mapping of str to ndarray, shape (n,)
        Probabilities of each group, by its label, of each model, by its title.
    """
    edges = np.linspace(0, 1, 21)
    figure, column = plt.subplots(
        len(panels), 1, figsize=(5.6, 2.1 * len(panels) + 0.4), sharex=True, layout="constrained"
    )
    for axes, (title, groups) in zip(column, panels.items(), strict=True):
        for i, (label, values) in enumerate(groups.items()):
            counts, _ = np.histogram(values, edges)
            axes.stairs(
                counts / len(values), edges, fill=i > 0, color=f"C{i}", alpha=1 if i == 0 else 0.7,
                linewidth=2, zorder=2 - i, label=label,
            )  # fmt: skip
        axes.set_title(title, loc="left")
        axes.set_ylabel("share")
    column[0].legend(loc="upper left")
    column[-1].set_xlabel("highest probability")
    return figure


def saturation(panels: Mapping[str, Mapping[str, Array]]) -> Figure:
    """Draw where the outputs of some layers lie between -1 and 1, one panel a network.

    Parameters
    ----------
    panels : mapping of str to mapping of str to ndarray, shape (n,)
        Outputs in [-1, 1] of each layer, by its label, of each network, by its title. At
        most four layers.
    """
    edges = np.linspace(-1, 1, 41)
    figure, row = plt.subplots(
        1, len(panels), figsize=(7, 2.9), sharex=True, layout="constrained"
    )  # fmt: skip
    for axes, (title, layers) in zip(row, panels.items(), strict=True):
        for i, (label, values) in enumerate(layers.items()):
            counts, _ = np.histogram(values, edges)
            axes.stairs(
                counts / counts.sum(), edges, color=f"C{i}", linestyle=DASHES[i], linewidth=2,
                label=label,
            )  # fmt: skip
        axes.set_title(title)
        axes.set_yticks([])
        axes.set_xlabel("output")
    row[0].set_ylabel("share of neurons")
    figure.legend(*row[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure


def scores(groups: Mapping[str, Mapping[str, Array]], xlabel: str) -> Figure:
    """Draw the scores of several runs as dots, and their mean as a bar.

    Parameters
    ----------
    groups : mapping of str to mapping of str to ndarray, shape (runs,)
        The scores, from 0 to 1, by the label of their row, of each group, by its title. All
        groups have the same rows.
    xlabel : str
        What a score is.
    """
    rows = list(next(iter(groups.values())))
    figure, columns = plt.subplots(
        1, len(groups), figsize=(6.4, 0.42 * len(rows) + 1.3), sharey=True, layout="constrained"
    )
    for axes, (title, values) in zip(columns, groups.items(), strict=True):
        for at, name in enumerate(rows):
            runs = values[name]
            axes.plot(runs, np.full(len(runs), at), "o", color="C0", alpha=0.5, label=name)
            axes.plot([runs.mean()] * 2, [at - 0.3, at + 0.3], color="C1", label="_mean")
        axes.set_xlim(0, 1)
        axes.set_title(title)
        axes.set_xlabel(xlabel)
    columns[0].set_yticks(range(len(rows)), rows)
    columns[0].invert_yaxis()
    return figure


def shares(x: Array, series: Mapping[str, tuple[Array, Array]], xlabel: str, ylabel: str) -> Figure:
    """Draw shares with their intervals against a quantity.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Where they were counted.
    series : mapping of str to pair of ndarray, shape (n,)
        The middles of the intervals and half of their widths, by the label of their line.
    xlabel, ylabel : str
        What the axes show.
    """
    figure, axes = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    for i, (label, (middles, halves)) in enumerate(series.items()):
        axes.errorbar(
            x, middles, halves, color=f"C{i}", linestyle=DASHES[i], marker="o", markersize=4,
            capsize=3, label=label,
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.legend(loc="upper left")
    return figure


def descent(paths: Mapping[str, Array], moments: Sequence[Array], goal: Array) -> Figure:
    """Draw paths of two weights over the lines of equal loss of a linear neuron.

    Parameters
    ----------
    paths : mapping of str to ndarray, shape (steps, 2)
        The weights after each step, by the title of their panel.
    moments : sequence of ndarray, shape (2, 2)
        The mean of x xᵀ for each path; the loss is (w - goal)ᵀ moment (w - goal).
    goal : ndarray, shape (2,)
        The weights that have no loss.
    """
    figure, row = plt.subplots(
        1, len(paths), figsize=(3.3 * len(paths), 3.4), sharex=True, sharey=True,
        layout="constrained",
    )  # fmt: skip
    grid = np.linspace(-2.5, 2.5, 61)
    away = np.stack(np.meshgrid(goal[0] + grid, goal[1] + grid), axis=-1) - goal
    for axes, (title, path), moment in zip(row, paths.items(), moments, strict=True):
        loss = np.einsum("...i,ij,...j", away, moment, away)
        axes.contour(
            goal[0] + grid, goal[1] + grid, loss, levels=loss.max() * np.array([0.01, 0.05, 0.2]),
            colors="C4", linewidths=1,
        )  # fmt: skip
        axes.plot(*path.T, "o-", color="C0", linewidth=1.5, markersize=3, label="_path")
        axes.plot(*goal, "*", color="C1", markersize=11, label="_goal")
        axes.set_title(title)
        axes.set_xlabel("first weight")
        axes.set_aspect("equal")
        axes.set_xlim(-0.6, 2)
        axes.set_ylim(-1.8, 0.8)
    row[0].set_ylabel("second weight")
    return figure
