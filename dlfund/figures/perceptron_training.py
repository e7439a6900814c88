"""Figures of the perceptron chapter: blame, training and its rules."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dlfund.figures.perceptron import _CLASSES, _line, _plain, _say, _signed

__all__ = [
    "batches",
    "both_ways",
    "bugs",
    "coast",
    "held_out",
    "margins_and_lengths",
    "pulls",
    "race",
    "remedies",
    "shares",
    "shrinking",
    "surface",
    "three_lines",
    "unit_paths",
    "work_per_number",
]

_RULES = {"perceptron": ("C1", ":"), "hinge": ("C0", "-"), "logistic": ("C2", "--")}


def both_ways(
    outputs: Sequence[Sequence[float]],
    blame: Sequence[Sequence[float]],
    weights: Sequence[Sequence[Sequence[float]]],
    slopes: Sequence[Sequence[Sequence[float]]],
) -> Figure:
    """Draw a network with the numbers of one sample, forwards and backwards.

    Parameters
    ----------
    outputs : sequence of sequences
        What the units of each layer put out, the inputs first.
    blame : sequence of sequences
        The slope of the loss in the sum of each unit, of all layers but the inputs.
    weights, slopes : sequence of matrices, shapes (inputs, outputs)
        The weights of each layer, and the slopes of the loss in them.

    Returns
    -------
    Figure
    """
    figure = plt.figure(figsize=(6.4, 3.7))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(-0.45, 4.9), ylim=(-2.05, 1.4))
    ax.set_axis_off()
    places = [
        [(2.1 * layer, 1.1 * ((len(units) - 1) / 2 - i)) for i in range(len(units))]
        for layer, units in enumerate(outputs)
    ]
    for layer, (these, those) in enumerate(zip(weights, slopes, strict=True)):
        for i, start in enumerate(places[layer]):
            for j, end in enumerate(places[layer + 1]):
                slope = np.subtract(end, start)
                gap = 0.19 * slope / np.hypot(*slope)  # where the circles begin
                ax.plot(*np.transpose([start + gap, end - gap]), color="C4", lw=1.2)
                share = 0.62 if (i + j) % 2 == 0 else 0.26 if j > i else 0.74
                x, y = np.add(start, share * slope).tolist()
                ax.text(
                    x,
                    y + 0.02,
                    f"{_plain(these[i][j])}  ({_plain(those[i][j])})",
                    ha="center",
                    va="bottom",
                    rotation=float(np.degrees(np.arctan2(slope[1], slope[0]))),
                    rotation_mode="anchor",
                    transform_rotates_text=True,
                    fontsize=9,
                )
    for layer, (units, spots) in enumerate(zip(outputs, places, strict=True)):
        for i, (value, (x, y)) in enumerate(zip(units, spots, strict=True)):
            ax.plot(x, y, "o", mfc="none", mec="C0", mew=2, ms=27)
            ax.text(x, y, _plain(value), ha="center", va="center_baseline")
            if layer:
                of_unit = blame[layer - 1][i]
                label = rf"$\delta$ = {_signed(of_unit) if of_unit else 0}"
                ax.text(x, y - 0.43, label, ha="center", va="center", color="C1", fontsize=10)
    for layer, name in enumerate(("inputs", "hidden", "output $p$")):
        ax.text(2.1 * layer, -1.95, name, ha="center")
    return figure


def work_per_number(batch: ArrayLike, work: Mapping[int, ArrayLike]) -> Figure:
    """Draw how many multiplications a layer does for each number that it fetches.

    Parameters
    ----------
    batch : array_like, shape (N,)
        Samples in a batch.
    work : mapping from int to array_like, shape (N,)
        Multiplications per number, by the units of the layer.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(4.6, 3.0), layout="constrained")
    for (units, per_number), dashes in zip(work.items(), ("-", "--"), strict=True):
        x, y = np.asarray(batch, float), np.asarray(per_number, float)
        (curve,) = ax.loglog(x, y, dashes, label=f"{units:,} units")
        _say(ax, f"{units:,} units", (x[-1], y[-1]), (0, 7), "right")
        curve.set_zorder(2)
    ax.set(xlabel="samples in the batch", title="multiplications per number", ylim=(0.6, 1500))
    ax.minorticks_off()
    return figure


def bugs(names: Sequence[str], errors: Mapping[str, Sequence[float]]) -> Figure:
    """Draw the relative error that each check of a gradient finds, bug by bug.

    Parameters
    ----------
    names : sequence of str
        The bugs.
    errors : mapping from str to sequence of float
        The error of each bug, by the check.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    rows = np.arange(len(names))[::-1]
    for row in rows:
        ax.axhline(row, color="C4", lw=0.6, zorder=0)
    ax.axvline(1e-6, color=plt.rcParams["text.color"], ls=":", lw=1.2, label="pass")
    for (check, found), marker in zip(errors.items(), ("o", "s", "D"), strict=False):
        ax.semilogx(found, rows, marker, ms=7, label=check)
    ax.set_yticks(rows, names)
    ax.set(xlim=(1e-10, 10), ylim=(-0.6, len(names) - 0.4), xlabel="relative error")
    ax.text(0.7e-6, len(names) - 0.5, "pass", ha="right", va="top", fontsize=9)
    ax.legend(
        *[each[1:] for each in ax.get_legend_handles_labels()],
        ncols=3,
        loc="lower center",
        bbox_to_anchor=(0.35, 1),
        handletextpad=0.1,
    )
    ax.minorticks_off()
    return figure


def unit_paths(paths: Mapping[str, ArrayLike]) -> Figure:
    """Draw how the two weights of each hidden unit move in training, panel by panel.

    Parameters
    ----------
    paths : mapping from str to array_like, shape (steps, 2, units)
        The weights of the hidden layer after each step, by the title of their panel.

    Returns
    -------
    Figure
    """
    figure, panels = plt.subplots(
        1, len(paths), figsize=(6.4, 3.2), sharex=True, sharey=True, layout="constrained"
    )
    for ax, (title, path) in zip(panels, paths.items(), strict=True):
        w = np.asarray(path, float)
        for unit, dashes in zip(range(w.shape[2]), ("-", "--", "-.", ":"), strict=False):
            ax.plot(*w[:, :, unit].T, dashes, color=f"C{unit}", label=f"unit {unit + 1}")
            ax.plot(*w[0, :, unit], "o", color=f"C{unit}", mfc="none", ms=6)
            ax.plot(*w[-1, :, unit], "o", color=f"C{unit}", ms=7)
        ax.set(title=title, xlabel="weight from $x_1$", aspect="equal")
    panels[0].set_ylabel("weight from $x_2$")
    return figure


def coast(x: ArrayLike, y: ArrayLike, labels: ArrayLike, land: ArrayLike) -> Figure:
    """Draw the places of a map where it is known what is there, beside the whole map.

    Parameters
    ----------
    x, y : array_like, shape (N,)
        Column and row of each place.
    labels : array_like, shape (N,)
        Whether there is land.
    land : array_like, shape (H, W)
        The map, true on land.

    Returns
    -------
    Figure
    """
    figure, (left, right) = _two_maps(np.shape(land), ("told", "the chart"))
    xs, ys, there = np.asarray(x), np.asarray(y), np.asarray(labels, bool)
    for mine, marker, color, name in ((there, "o", "C1", "land"), (~there, "s", "C0", "water")):
        left.plot(xs[mine], ys[mine], marker, color=color, ms=3, label=name)
    _tint(right, np.asarray(land, float))
    return figure


def surface(chance: ArrayLike, land: ArrayLike) -> Figure:
    """Draw the chance of land that a network sees everywhere, beside the map.

    Parameters
    ----------
    chance : array_like, shape (H, W)
        The chance of land, from 0 to 1.
    land : array_like, shape (H, W)
        The map, true on land.

    Returns
    -------
    Figure
    """
    figure, (left, right) = _two_maps(np.shape(land), ("the network", "the chart"))
    _tint(left, np.asarray(chance, float))
    _tint(right, np.asarray(land, float))
    return figure


def shares(units: Sequence[int], share: ArrayLike, bars: ArrayLike) -> Figure:
    """Draw the share of runs that succeed, with intervals, over the number of hidden units.

    Parameters
    ----------
    units : sequence of int
        Hidden units.
    share : array_like, shape (N,)
        The share of runs.
    bars : array_like, shape (N, 2)
        The ends of each interval.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(4.2, 2.8), layout="constrained")
    rows, y = np.arange(len(units)), np.asarray(share, float)
    for row, unit, ends in zip(rows, units, np.asarray(bars, float), strict=True):
        ax.plot([row, row], ends, "-", color="C0", lw=2.5, label=f"interval {unit}")
    ax.plot(rows, y, "o", color="C0", ms=7, label="share")
    ax.set_xticks(rows, [str(each) for each in units])
    ax.set(xlabel="hidden units", title="share of starts that learn XOR", ylim=(0, 1.05))
    ax.set_xlim(-0.5, len(rows) - 0.5)
    return figure


def race(losses: Mapping[str, ArrayLike]) -> Figure:
    """Draw the loss of several runs of each rule over the steps.

    Parameters
    ----------
    losses : mapping from str to array_like, shape (steps, runs)
        The losses after each step, by the rule.

    Returns
    -------
    Figure
    """
    figure, ax = _loss_of_runs(losses, list(losses), (1, 1, 1))
    ax.set(xlabel="step", ylim=(0, 0.75))
    ax.set_xticks([0, 50, 100, 150, 200])
    return figure


def held_out(steps: ArrayLike, training: ArrayLike, held: Mapping[str, ArrayLike]) -> Figure:
    """Draw the loss on held-out samples over the steps, and one on the training samples.

    Parameters
    ----------
    steps : array_like, shape (N,)
        Where the losses were taken.
    training : array_like, shape (N,)
        The loss on the training samples, without remedy.
    held : mapping from str to array_like, shape (N,)
        The losses on held-out samples, by the remedy; the first is without.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.6, 3.4), layout="constrained")
    x = np.asarray(steps)
    ax.plot(x, training, "--", color="C2", lw=1.6, label="training")
    _say(ax, "training, nothing", (x[-1], float(np.asarray(training)[-1])), (6, 1), "left")
    for (name, loss), style in zip(held.items(), ("-", "-.", ":", "-"), strict=True):
        y = np.asarray(loss, float)
        color = {"nothing": "C2", "more data": "C0"}.get(name, "C1" if style == "-." else "C3")
        ax.plot(x, y, style, color=color, label=name)
    ends = sorted(held.items(), key=lambda item: float(np.asarray(item[1])[-1]))
    last = -1.0
    for name, loss in ends:  # labels one above the other
        y_end = float(np.asarray(loss)[-1])
        last = max(y_end, last + 0.055)
        _say(ax, name, (x[-1], last), (6, -4), "left")
    ax.set(xlabel="step", title="loss", ylim=(0, None), xlim=(0, 1.45 * x[-1]))
    ax.set_xticks([0, 50, 100, 150, 200])
    return figure


def remedies(ends: Mapping[str, ArrayLike]) -> Figure:
    """Draw loss and accuracy on held-out samples with 95 % intervals, by the remedy.

    Parameters
    ----------
    ends : mapping from str to array_like, shape (2, 10)
        Losses and accuracies of ten runs.

    Returns
    -------
    Figure
    """
    figure, panels = plt.subplots(1, 2, figsize=(6.4, 2.6), sharey=True, layout="constrained")
    rows = np.arange(len(ends))[::-1]
    both = np.array([np.asarray(each, float) for each in ends.values()])
    means = both.mean(axis=2)
    spreads = 2.26 * both.std(axis=2, ddof=1) / np.sqrt(both.shape[2])  # Student, 9 degrees
    for kind, (ax, title) in enumerate(zip(panels, ("loss", "accuracy"), strict=True)):
        for row, mean, spread in zip(rows, means[:, kind], spreads[:, kind], strict=True):
            ends_of_bar = [mean - spread, mean + spread]
            ax.plot(ends_of_bar, [row, row], "-", color="C0", lw=2.5, label=f"interval {row}")
        ax.plot(means[:, kind], rows, "o", color="C0", ms=7, label="mean")
        ax.set(title=title, ylim=(-0.6, len(rows) - 0.4))
    panels[0].set_yticks(rows, list(ends))
    panels[0].set_xlim(0, None)
    return figure


def pulls(m: ArrayLike, losses: Mapping[str, ArrayLike], pulls: Mapping[str, ArrayLike]) -> Figure:
    """Draw losses of the margin beside how hard a sample of that margin pulls.

    Parameters
    ----------
    m : array_like, shape (N,)
        Margins.
    losses, pulls : mapping from str to array_like, shape (N,)
        The loss and its slope, with the sign turned, by the name of the loss.

    Returns
    -------
    Figure
    """
    figure, panels = plt.subplots(1, 2, figsize=(6.8, 2.9), layout="constrained")
    for ax, title, curves in zip(panels, ("loss", "pull"), (losses, pulls), strict=True):
        for name, values in curves.items():
            color, dashes = _RULES[name]
            ax.plot(m, np.asarray(values, float), dashes, color=color, label=name)
        ax.set(title=title, xlabel="margin $m$")
    panels[1].set_yticks([0, 0.5, 1])
    panels[0].legend()
    return figure


def margins_and_lengths(
    shares: Mapping[str, ArrayLike], lengths: Mapping[str, ArrayLike]
) -> Figure:
    """Draw margins and lengths of the weights over the epochs: the median and the middle half.

    Parameters
    ----------
    shares : mapping from str to array_like, shape (epochs, sets)
        The margin as a share of the widest, by the rule.
    lengths : mapping from str to array_like, shape (epochs, sets)
        The length of the weights.

    Returns
    -------
    Figure
    """
    figure, panels = plt.subplots(1, 2, figsize=(6.8, 3.0), layout="constrained")
    titles = "share of the widest margin", "length of the weights"
    for ax, title, curves in zip(panels, titles, (shares, lengths), strict=True):
        for name, values in curves.items():
            color, dashes = _RULES[name]
            y = np.asarray(values, float)
            epochs = np.unique(np.geomspace(1, len(y), 60).astype(int))
            low, middle, high = np.quantile(y[epochs - 1], [0.25, 0.5, 0.75], axis=1)
            ax.fill_between(epochs, low, high, color=color, alpha=0.2, lw=0)
            ax.semilogx(epochs, middle, dashes, color=color, label=name)
        ax.set(title=title, xlabel="epoch")
        ax.minorticks_off()
    panels[0].set_ylim(0, 1.05)
    panels[1].set_ylim(0, None)
    panels[1].legend(loc="upper left")
    return figure


def three_lines(X: ArrayLike, y: ArrayLike, lines: Mapping[str, ArrayLike]) -> Figure:
    """Draw samples and lines through the origin.

    Parameters
    ----------
    X : array_like, shape (N, 2)
        The samples, between -4.5 and 4.5.
    y : array_like, shape (N,)
        Their labels, -1 or +1.
    lines : mapping from str to array_like, shape (2,)
        The normal of each line, by the rule.

    Returns
    -------
    Figure
    """
    xy, labels = np.asarray(X, float), np.asarray(y)
    figure = plt.figure(figsize=(5.4, 3.6))
    ax = figure.add_axes((0.005, 0.01, 0.66, 0.98), xlim=(-4.5, 4.5), ylim=(-4.5, 4.5))
    ax.set_axis_off()
    ax.autoscale(False)
    for label, marker, _, name in _CLASSES:
        mine = xy[labels == label]
        hollow = "none" if label < 0 else plt.rcParams["text.color"]
        ink = plt.rcParams["text.color"]
        ax.plot(*mine.T, marker, color=ink, mfc=hollow, ms=5.5, label=name)
    for rule, w in lines.items():
        color, dashes = _RULES[rule]
        _line(ax, np.asarray(w, float), 0.0, color=color, ls=dashes, label=rule)
    figure.legend(*ax.get_legend_handles_labels(), loc="center right")
    return figure


def _two_maps(shape: tuple[int, ...], titles: tuple[str, str]) -> tuple[Figure, list[Axes]]:
    """Return a figure with two axes side by side for maps of this shape, north up."""
    figure = plt.figure(figsize=(6.4, 2.72))
    panels = []
    for left, title in zip((0.015, 0.51), titles, strict=True):  # a rim of the page around
        ax = figure.add_axes((left, 0.03, 0.475, 0.87))
        ax.set(xlim=(-0.5, shape[1] - 0.5), ylim=(-0.5, shape[0] - 0.5), xticks=[], yticks=[])
        ax.set_title(title)
        ax.spines[:].set_visible(True)
        ax.spines[:].set_linewidth(0.6)
        panels.append(ax)
    return figure, panels


def _tint(ax: Axes, chance: np.ndarray) -> None:
    """Colour a map by the likelier class, fainter where the two are nearly as likely."""
    colours = np.empty((*chance.shape, 4))
    for there, color in ((chance > 0.5, "C1"), (chance <= 0.5, "C0")):
        colours[there] = to_rgba(color)
    colours[..., 3] = 0.06 + 0.64 * abs(2 * chance - 1)
    ax.imshow(colours, origin="lower", aspect="auto")


def batches(losses: Mapping[int, ArrayLike]) -> Figure:
    """Draw the loss of several runs over the epochs, by the size of their batches.

    Parameters
    ----------
    losses : mapping from int to array_like, shape (epochs, runs)
        The losses after each epoch, by the number of samples in a batch.

    Returns
    -------
    Figure
    """
    names = [f"{size} places" for size in losses]
    figure, ax = _loss_of_runs(losses, names, (-4, 1, -9))  # two of them end close together
    ax.set(xlabel="epoch", ylim=(0.3, 0.7))
    ax.set_xticks([0, 20, 40, 60])
    return figure


def shrinking(weights: Mapping[str, ArrayLike], names: Sequence[str]) -> Figure:
    """Draw how weights shrink over the steps: the mean of many runs and the middle half.

    Parameters
    ----------
    weights : mapping from str to array_like, shape (steps, runs, N)
        The weights after each step, by the title of their panel.
    names : sequence of str, length N
        What each weight is called.

    Returns
    -------
    Figure
    """
    figure, panels = plt.subplots(
        1, len(weights), figsize=(6.4, 2.8), sharey=True, layout="constrained"
    )
    for ax, (title, paths) in zip(panels, weights.items(), strict=True):
        path = np.asarray(paths, float)
        steps = np.arange(1, len(path) + 1)
        for k, (name, dashes, color) in enumerate(
            zip(names, ("-", "--"), ("C1", "C0"), strict=True)
        ):
            low, high = np.quantile(path[:, :, k], [0.25, 0.75], axis=1)
            ax.fill_between(steps, low, high, color=color, alpha=0.2, lw=0)
            ax.plot(steps, path[:, :, k].mean(axis=1), dashes, color=color, label=name)
        ax.set(title=title, xlabel="step", ylim=(-0.1, 1.25))
    panels[-1].legend(loc="lower left")
    return figure


def _loss_of_runs[Key](
    losses: Mapping[Key, ArrayLike], names: Sequence[str], down: tuple[int, int, int]
) -> tuple[Figure, Axes]:
    """Draw the losses of several runs of three kinds, and each kind's name at its end."""
    figure, ax = plt.subplots(figsize=(5.2, 3.2), layout="constrained")
    for (key, runs), name, dashes, color, below in zip(
        losses.items(), names, (":", "--", "-"), ("C4", "C1", "C0"), down, strict=True
    ):
        y = np.asarray(runs, float)
        for run, curve in enumerate(y.T):
            label = f"{key}" if run == 0 else f"{key} {run}"
            ax.plot(np.arange(1, len(y) + 1), curve, dashes, color=color, lw=1.4, label=label)
        _say(ax, name, (len(y), float(np.median(y[-1]))), (6, below), "left")
    ax.set(title="loss", xlim=(0, 1.3 * len(y)))
    return figure, ax
