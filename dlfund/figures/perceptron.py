"""Figures of the perceptron chapter: lines, corrections and what one line cannot do."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

__all__ = [
    "batches",
    "both_ways",
    "bugs",
    "capacity",
    "coast",
    "corrections",
    "decision_line",
    "folds",
    "gates",
    "held_out",
    "margins_and_lengths",
    "mistaken",
    "moved",
    "offsets",
    "one_correction",
    "orders",
    "pulls",
    "race",
    "remedies",
    "scored",
    "shares",
    "shrinking",
    "squeeze",
    "surface",
    "templates",
    "three_lines",
    "training",
    "unit_paths",
    "unsettled",
    "work_per_number",
    "xor_lines",
    "xor_points",
]

_FAR = 1e3  # beyond what any axes show

# Class, marker, colour: shape and colour say the same thing.
_CLASSES = ((1, "o", "C0", "+1"), (-1, "s", "C1", "−1"))


def decision_line(
    weights: ArrayLike, bias: float, points: ArrayLike, distances: ArrayLike
) -> Figure:
    """Draw the line w·x + b = 0, its normal, and points with their signed distances.

    Parameters
    ----------
    weights : array_like, shape (2,)
        The normal w.
    bias : float
        The offset b.
    points : array_like, shape (N, 2)
        Points of the plane.
    distances : array_like, shape (N,)
        Their signed distances from the line; the sign gives the class.

    Returns
    -------
    Figure
    """
    w, xy, d = np.asarray(weights, float), np.asarray(points, float), np.asarray(distances, float)
    unit = w / np.linalg.norm(w)
    figure, ax = plt.subplots(figsize=(3.7, 2.9), layout="constrained")
    _window(ax, xy, margin=1.2)
    _half_planes(ax, w, bias)
    _line(ax, w, bias, color=plt.rcParams["text.color"])
    for point, distance in zip(xy, d, strict=True):
        foot = point - distance * unit
        ax.plot(*np.transpose([foot, point]), ":", color=plt.rcParams["text.color"], lw=1.2)
        offset, side = ((9, 4), "left") if distance >= 0 else ((-9, -12), "right")
        _say(ax, _signed(distance), point, offset, side)
    _scatter(ax, xy, np.where(d >= 0, 1, -1), size=60)
    start = -bias * unit / np.linalg.norm(w) + 1.6 * np.array([-unit[1], unit[0]])
    ax.annotate("", start + unit, start, arrowprops={"arrowstyle": "-|>", "color": "C2", "lw": 2.2})
    ax.annotate("$w$", start + unit, (5, -2), textcoords="offset points")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    _axes_names(ax)
    return figure


def one_correction(
    before: tuple[ArrayLike, float], after: tuple[ArrayLike, float], x: ArrayLike, label: int
) -> Figure:
    """Draw the boundary before and after one mistake is corrected, and the weights' arrows.

    Parameters
    ----------
    before, after : tuple
        (weights, bias) of the two boundaries.
    x : array_like, shape (2,)
        The sample that was on the wrong side.
    label : int
        Its label, -1 or +1.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(3.7, 3.5), layout="constrained")
    point = np.asarray(x, float)
    reach = 1.4 * np.abs(point).max()
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.autoscale(False)
    _half_planes(ax, np.asarray(after[0], float), after[1])
    for (weights, bias), name, dashes, side in (
        (before, "before", "--", -1),
        (after, "after", "-", 1),
    ):
        w, y = np.asarray(weights, float), -0.75 * reach
        _line(ax, w, bias, color=plt.rcParams["text.color"], ls=dashes, label=name)
        at = (-(bias + w[1] * y) / w[0], y)
        _say(ax, name, at, (8 * side, -4), "left" if side > 0 else "right")
    old, new = np.asarray(before[0], float), np.asarray(after[0], float)
    for start, end, color in ((0 * old, old, "C4"), (old, new, "C3"), (0 * old, new, "C2")):
        tip, tail = (end[0], end[1]), (start[0], start[1])
        ax.annotate("", tip, tail, arrowprops={"arrowstyle": "-|>", "color": color, "lw": 2})
    _say(ax, "$w$", old, (0, -15), "center")
    _say(ax, r"$+\,y\,x$", (old + new) / 2, (7, -5), "left")
    _say(ax, "new $w$", new, (2, 7), "center")
    _scatter(ax, point[None], np.array([label]), size=70)
    _say(ax, f"$y = {label:+d}$", point, (-9, 5), "right")
    _axes_names(ax)
    return figure


def corrections(
    X: ArrayLike,
    y: ArrayLike,
    weights: ArrayLike,
    bias: float,
    wrong: Sequence[int],
    sample: int | None,
) -> Figure:
    """Draw the boundary after some corrections, beside how many samples are wrong after each.

    Parameters
    ----------
    X : array_like, shape (N, 2)
        Samples of the unit square.
    y : array_like, shape (N,)
        Their labels, -1 or +1.
    weights : array_like, shape (2,)
        The normal; without a direction there is no boundary.
    bias : float
        The offset.
    wrong : sequence of int
        Samples on the wrong side after 0, 1, ... corrections, up to now.
    sample : int, optional
        The sample that was corrected last.

    Returns
    -------
    Figure
    """
    xy, w, labels = np.asarray(X, float), np.asarray(weights, float), np.asarray(y)
    figure = plt.figure(figsize=(5.4, 2.9))
    left = figure.add_axes((0.005, 0.01, 0.53, 0.98), xlim=(-1, 2), ylim=(-1, 2))
    left.set_axis_off()
    left.autoscale(False)
    if w.any():
        _half_planes(left, w, bias)
        _line(left, w, bias, color=plt.rcParams["text.color"])
    for label, marker, color, name in _CLASSES:
        mine = xy[labels == label]
        left.plot(*mine.T, marker, color=color, ms=9, label=name)
    if sample is not None:
        ink = plt.rcParams["text.color"]
        left.plot(*xy[sample], "o", mfc="none", mec=ink, mew=1.8, ms=19, label="corrected")
    right = figure.add_axes((0.62, 0.2, 0.36, 0.67), xlim=(-0.4, 11.4), ylim=(0, len(xy) + 0.2))
    right.plot(wrong, "-", color="C2", lw=1.5, label="wrong")
    right.plot(len(wrong) - 1, wrong[-1], "o", color="C2", ms=7, clip_on=False, label="now")
    right.set(xticks=[0, 5, 10], yticks=range(len(xy) + 1))
    right.set_xlabel("corrections", labelpad=-1)
    right.set_title("on the wrong side")
    return figure


def training(
    X: ArrayLike, y: ArrayLike, weights: ArrayLike, bias: float, mistakes: Sequence[int]
) -> Figure:
    """Draw the samples with the learned boundary, beside the mistakes of each epoch.

    Parameters
    ----------
    X : array_like, shape (N, 2)
        The samples.
    y : array_like, shape (N,)
        Their labels, -1 or +1.
    weights : array_like, shape (2,)
        The learned normal.
    bias : float
        The learned offset.
    mistakes : sequence of int
        Mistakes per epoch, as `Perceptron.fit` returns them.

    Returns
    -------
    Figure
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.5), layout="constrained")
    xy, w = np.asarray(X, float), np.asarray(weights, float)
    _window(left, xy, margin=0.08 * float(np.ptp(xy)))
    _half_planes(left, w, bias)
    _line(left, w, bias, color=plt.rcParams["text.color"])
    _scatter(left, xy, np.asarray(y), size=18)
    _axes_names(left)
    left.set_title("boundary")

    epochs = np.arange(1, len(mistakes) + 1)
    right.plot(epochs, mistakes, "o-", color="C2")
    for epoch, count in zip(epochs, mistakes, strict=True):
        right.annotate(str(count), (epoch, count), (0, 7), textcoords="offset points", ha="center")
    right.set(xlabel="epoch", title="mistakes per epoch", ylim=(-0.05 * max(mistakes), None))
    right.margins(y=0.15)
    right.set_xlim(0.6, len(mistakes) + 0.4)
    right.xaxis.set_major_locator(MaxNLocator(integer=True))
    right.yaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def squeeze(
    progress: ArrayLike, lengths: ArrayLike, margin: float, radius: float, bound: float
) -> Figure:
    """Draw Novikoff's two bounds over the number of mistakes, and the run between them.

    Parameters
    ----------
    progress : array_like, shape (K,)
        w·u after each of K mistakes.
    lengths : array_like, shape (K,)
        The length of w after each mistake.
    margin : float
        γ: the floor is kγ.
    radius : float
        R: the ceiling is R√k.
    bound : float
        (R/γ)², where floor and ceiling meet.

    Returns
    -------
    Figure
    """
    w_u, w_length = np.asarray(progress, float), np.asarray(lengths, float)
    k = np.arange(1, len(w_u) + 1)
    ends = np.array([1, bound, 4 * bound])  # straight lines on these axes
    floor, ceiling = margin * ends, radius * np.sqrt(ends)
    figure, ax = plt.subplots(figsize=(3.7, 3.4), layout="constrained")
    ax.fill_between(ends[:2], floor[:2], ceiling[:2], color="C4", alpha=0.22, lw=0)
    ax.loglog(ends, ceiling, "--", color="C1", label="ceiling")
    ax.loglog(ends, floor, "-.", color="C3", label="floor")
    ax.loglog(k, w_length, "-", color="C0", label="length")
    ax.loglog(k, w_u, ":", color="C2", lw=2.6, label="progress")
    ax.plot(bound, ceiling[1], "D", color=plt.rcParams["text.color"], ms=6, label="bound")
    middle = bound**0.5
    _say(ax, r"ceiling $R\sqrt{k}$", (middle, radius * middle**0.5), (-8, 12), "right")
    _say(ax, r"floor $k\gamma$", (middle, margin * middle), (8, -12), "left")
    _say(ax, "the run", (k[len(k) // 20], w_u[len(k) // 20]), (0, -18), "left")
    _say(ax, rf"$(R/\gamma)^2$ = {bound:,.0f}", (bound, ceiling[1]), (-12, 4), "right")
    ax.set(xlabel="mistakes $k$", ylabel=r"$w \cdot u$ and $\|w\|$", xlim=(1, 4 * bound))
    ax.minorticks_off()
    return figure


def xor_points(points: ArrayLike, labels: ArrayLike) -> Figure:
    """Draw the four points of XOR, the two diagonals and where they cross.

    Parameters
    ----------
    points : array_like, shape (4, 2)
        The corners of the unit square.
    labels : array_like, shape (4,)
        Their XOR, -1 or +1.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(3.7, 3.4), layout="constrained")
    xy, y = np.asarray(points, float), np.asarray(labels)
    for label, _, color, _ in _CLASSES:
        ends = xy[y == label]
        ax.plot(*ends.T, "-" if label == 1 else "--", color=color, label=f"diagonal {label:+d}")
    ax.plot(*xy.mean(axis=0), "x", color=plt.rcParams["text.color"], ms=10, mew=2.2, label="centre")
    ax.annotate("both at once?", tuple(xy.mean(axis=0)), (14, -4), textcoords="offset points")
    _corners(ax, xy, y)
    return figure


def xor_lines(
    points: ArrayLike,
    labels: ArrayLike,
    lines: Sequence[tuple[str, ArrayLike, float]],
    x1: ArrayLike,
    x2: ArrayLike,
    region: ArrayLike,
) -> Figure:
    """Draw the points of XOR, the lines of the hidden units, and where the answer is +1.

    Parameters
    ----------
    points : array_like, shape (4, 2)
        The corners of the unit square.
    labels : array_like, shape (4,)
        Their XOR, -1 or +1.
    lines : sequence of tuples
        (name, weights, bias) of each hidden unit.
    x1, x2 : array_like, shape (M,) and (N,)
        Coordinates of a grid.
    region : array_like, shape (N, M)
        The network's answer on the grid, -1 or +1.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(3.7, 3.4), layout="constrained")
    _corners(ax, np.asarray(points, float), np.asarray(labels))
    ax.contourf(x1, x2, region, levels=[0, 2], colors=["C0"], alpha=0.22)
    for (name, weights, bias), dashes in zip(lines, ("-", "--"), strict=True):
        w = np.asarray(weights, float)
        _line(ax, w, bias, color="C2", ls=dashes, label=name)
        at = (0.5, -(bias + w[0] * 0.5) / w[1])  # above the middle of the unit square
        outwards = -10 * w / np.abs(w)
        _say(ax, name, at, (outwards[0], outwards[1] - 4), "left" if w[0] < 0 else "right")
    return figure


def offsets(weights: ArrayLike, biases: Sequence[float]) -> Figure:
    """Draw the lines of one normal and several biases, and their distances from the origin.

    Parameters
    ----------
    weights : array_like, shape (2,)
        The normal that they share.
    biases : sequence of float
        The bias of each.

    Returns
    -------
    Figure
    """
    w = np.asarray(weights, float)
    unit = w / np.linalg.norm(w)
    figure, ax = plt.subplots(figsize=(3.9, 3.2), layout="constrained")
    feet = [_foot_and_direction(w, bias)[0] for bias in biases]
    _window(ax, np.array([*feet, [0, 0]]), margin=1.7)
    for (bias, foot), color in zip(zip(biases, feet, strict=True), ("C0", "C1", "C2"), strict=True):
        _line(ax, w, bias, color=color, label=f"b = {bias:g}")
        away = float(foot @ unit)
        ax.plot(*foot, "o", color=color, ms=6, label=f"foot {bias:g}")
        text = f"$b$ = {_plain(bias)}: {_signed(away) if away else 0}"
        _say(ax, text, foot, (12, -3), "left")
    ends = np.array([feet[int(np.argmin(biases))], feet[int(np.argmax(biases))]])
    ax.plot(*ends.T, ":", color=plt.rcParams["text.color"], lw=1.2, label="normal")
    ax.plot(0, 0, "+", color=plt.rcParams["text.color"], ms=12, mew=2, label="origin")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    _axes_names(ax)
    return figure


def gates(
    points: ArrayLike, units: Mapping[str, tuple[ArrayLike, float]], answers: ArrayLike
) -> Figure:
    """Draw the corners of the unit square for several units, each with its line.

    Parameters
    ----------
    points : array_like, shape (4, 2)
        The corners.
    units : mapping from str to (weights, bias)
        The units, by name.
    answers : array_like, shape (units, 4)
        What each unit answers at the corners, -1 or +1.

    Returns
    -------
    Figure
    """
    figure, panels = plt.subplots(1, len(units), figsize=(6.6, 2.5), layout="constrained")
    for ax, (name, (weights, bias)), y in zip(
        panels, units.items(), np.asarray(answers), strict=True
    ):
        w = np.asarray(weights, float)
        ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1], title=name)
        ax.set_aspect("equal")
        ax.autoscale(False)
        _half_planes(ax, w, bias)
        _line(ax, w, bias, color=plt.rcParams["text.color"])
        _scatter(ax, np.asarray(points, float), y, size=80)
        _axes_names(ax)
    return figure


def templates(weights: ArrayLike) -> Figure:
    """Draw the weights of ten classes as images, on one scale that is white at 0.

    Parameters
    ----------
    weights : array_like, shape (10, H, W)
        A weight for each pixel, by the class.

    Returns
    -------
    Figure
    """
    w = np.asarray(weights, float)
    most = float(np.abs(w).max())
    figure = plt.figure(figsize=(6.4, 2.9))
    for k, image in enumerate(w):
        ax = figure.add_axes((0.01 + 0.199 * (k % 5), 0.47 - 0.48 * (k // 5), 0.185, 0.44))
        ax.imshow(image, cmap="PuOr_r", vmin=-most, vmax=most, interpolation="none")
        ax.set(xticks=[], yticks=[])
        ax.set_title(str(k), fontsize=10, pad=2)
    return figure


def mistaken(images: ArrayLike, counts: Sequence[int]) -> Figure:
    """Draw images in two rows, each with how often it was mistaken, with its label's sign.

    Parameters
    ----------
    images : array_like, shape (N, H, W)
        The images, of an even number.
    counts : sequence of int
        The number for each.

    Returns
    -------
    Figure
    """
    pictures = np.asarray(images, float)
    columns = len(pictures) // 2
    figure, axes = plt.subplots(2, columns, figsize=(6.6, 1.9), layout="constrained")
    for ax, image, count in zip(axes.flat, pictures, counts, strict=True):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=pictures.max(), interpolation="none")
        ax.set(xticks=[], yticks=[])
        ax.set_title(_signed(count), fontsize=10, pad=2)
    return figure


def scored(scores: ArrayLike, labels: ArrayLike, names: tuple[str, str]) -> Figure:
    """Draw the scores of samples, a row for each label, the wrong ones ringed.

    Parameters
    ----------
    scores : array_like, shape (N,)
        The scores.
    labels : array_like, shape (N,)
        The labels, -1 or +1.
    names : tuple of str
        What the rows are called, +1 first.

    Returns
    -------
    Figure
    """
    x, y = np.asarray(scores, float), np.asarray(labels)
    figure, ax = plt.subplots(figsize=(6.2, 1.9), layout="constrained")
    ax.axvline(0, color=plt.rcParams["text.color"], lw=1, label="boundary")
    for row, (label, marker, color, name) in enumerate(_CLASSES):
        mine = x[y == label]
        ax.plot(mine, np.full(len(mine), -row), marker, color=color, ms=5, alpha=0.5, label=name)
        wrong = mine[np.where(mine >= 0, 1, -1) != label]
        ink = plt.rcParams["text.color"]
        rings = np.full(len(wrong), -row)
        ax.plot(wrong, rings, "o", mfc="none", mec=ink, mew=1.4, ms=11, label=f"wrong {name}")
    ax.set(xlabel="score", ylim=(-1.6, 0.6))
    ax.set_yticks([0, -1], names)
    return figure


def orders(counts: ArrayLike, given: int, bound: float) -> Figure:
    """Draw how many corrections training took over many orders, and the proven bound.

    Parameters
    ----------
    counts : array_like, shape (N,)
        Corrections in each order.
    given : int
        Corrections in the order that was given.
    bound : float
        The bound.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.2, 2.7), layout="constrained")
    edges = np.geomspace(10, 4000, 43)
    height, _ = np.histogram(np.asarray(counts), edges)
    ax.bar(edges[:-1], height, np.diff(edges), align="edge", color="C0", alpha=0.75, label="orders")
    ax.set_xscale("log")
    for at, name, dashes in ((given, "this order", "--"), (bound, "bound", "-")):
        ax.axvline(at, color=plt.rcParams["text.color"], ls=dashes, label=name)
        side = "right" if name == "bound" else "left"
        _say(ax, name, (at, 1.12 * height.max()), (-6 if side == "right" else 6, -4), side)
    ax.set(xlabel="corrections", title="orders", xlim=(10, 4000), ylim=(0, 1.2 * height.max()))
    ax.set_xticks([10, 100, 1000], ["10", "100", "1,000"])
    ax.minorticks_off()
    return figure


def unsettled(accuracies: Mapping[str, ArrayLike]) -> Figure:
    """Draw accuracies after each epoch, by what of the weights is kept.

    Parameters
    ----------
    accuracies : mapping from str to array_like, shape (epochs,)
        Accuracies, by name: three at most.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.4, 2.9), layout="constrained")
    for (name, values), color, dashes in zip(
        accuracies.items(), ("C1", "C0", "C2"), ("-", "-", "--"), strict=True
    ):
        y = np.asarray(values, float)
        ax.plot(np.arange(1, len(y) + 1), y, dashes, color=color, label=name)
    ax.set(xlabel="epoch", title="accuracy on new samples")
    ax.legend(loc="lower right", ncols=3)
    ax.margins(x=0.01, y=0.3)  # room for the legend
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def capacity(ratio: Mapping[int, ArrayLike], shares: Mapping[int, ArrayLike]) -> Figure:
    """Draw the share of all labelings that a hyperplane makes, over samples for each weight.

    Parameters
    ----------
    ratio, shares : mapping from int to array_like, shape (N,)
        Samples over weights, and the share, by the number of weights.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.2, 3.0), layout="constrained")
    for (weights, share), color, dashes in zip(
        shares.items(), ("C0", "C1", "C2"), (":", "--", "-"), strict=True
    ):
        ax.plot(ratio[weights], share, dashes, color=color, label=f"{weights} weights")
    ax.plot(2, 0.5, "o", color=plt.rcParams["text.color"], ms=6, zorder=3, label="half")
    ax.set(
        xlabel="samples for each weight", title="share of labelings", xlim=(0, 4), ylim=(0, 1.03)
    )
    ax.legend(*[each[:-1] for each in ax.get_legend_handles_labels()])
    return figure


def moved(before: ArrayLike, after: ArrayLike, labels: ArrayLike, line: ArrayLike) -> Figure:
    """Draw the corners of the unit square, and where a hidden layer puts them, with a line.

    Parameters
    ----------
    before, after : array_like, shape (4, 2)
        The points, and the outputs of two hidden units.
    labels : array_like, shape (4,)
        Their labels, -1 or +1.
    line : array_like, shape (3,)
        The two weights and the bias of the output.

    Returns
    -------
    Figure
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.9), layout="constrained")
    y = np.asarray(labels)
    w = np.asarray(line, float)
    for ax, points in ((left, np.asarray(before, float)), (right, np.asarray(after, float))):
        ax.set(xlim=(-0.6, 2.6), ylim=(-0.6, 1.6), xticks=[0, 1, 2], yticks=[0, 1])
        ax.set_aspect("equal")
        ax.autoscale(False)
        if ax is right:
            _half_planes(ax, w[:2], float(w[2]))
            _line(ax, w[:2], float(w[2]), color=plt.rcParams["text.color"])
        _scatter(ax, points, y, size=80)
        names: dict[tuple[float, float, int], list[str]] = {}
        for (x1, x2), label, corner in zip(points.tolist(), y, np.asarray(before), strict=True):
            names.setdefault((x1, x2, int(label)), []).append(f"{corner[0]:g}{corner[1]:g}")
        for (x1, x2, label), here in names.items():
            _say(ax, ", ".join(here), (x1, x2), (9 * label, -4), "left" if label > 0 else "right")
    left.set(xlabel="$x_1$", ylabel="$x_2$", title="inputs")
    right.set(xlabel="$h_1$", ylabel="$h_2$", title="hidden")
    return figure


def folds(s: ArrayLike, steps: Sequence[ArrayLike]) -> Figure:
    """Draw what is left of a sum after each of some folds.

    Parameters
    ----------
    s : array_like, shape (N,)
        The sum, a whole number every so often.
    steps : sequence of array_like, shape (N,)
        What the folds make of it, one after the other.

    Returns
    -------
    Figure
    """
    x = np.asarray(s, float)
    figure, panels = plt.subplots(1, len(steps), figsize=(6.8, 2.2), layout="constrained")
    whole = x == np.round(x)
    for number, (ax, step) in enumerate(zip(panels, steps, strict=True), 1):
        y = np.asarray(step, float)
        ax.plot(x, y, "-", color="C0", lw=1.3, label="fold")
        for rest, marker, color in ((0, "s", "C1"), (1, "o", "C2")):
            mine = whole & (np.round(x) % 2 == rest)
            ax.plot(x[mine], y[mine], marker, color=color, ms=4, label=("even", "odd")[rest])
        top = round(float(y.max()))
        ax.set(title=f"fold {number}", xticks=[0, 8, 16], yticks=[0, top])
    figure.supxlabel("inputs that are 1", fontsize=10)
    return figure


def _window(ax: Axes, xy: np.ndarray, margin: float) -> None:
    """Show all points on axes of equal scale."""
    low, high = xy.min(axis=0) - margin, xy.max(axis=0) + margin
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.set_aspect("equal")
    ax.autoscale(False)


def _half_planes(ax: Axes, weights: np.ndarray, bias: float) -> None:
    """Tint the two sides of a line."""
    foot, along = _foot_and_direction(weights, bias)
    unit = weights / np.linalg.norm(weights)
    for label, _, color, _ in _CLASSES:
        corners = [foot - _FAR * along, foot + _FAR * along]
        corners += [corner + label * _FAR * unit for corner in reversed(corners)]
        ax.fill(*np.transpose(corners), color=color, alpha=0.13, lw=0, zorder=0)


def _line(
    ax: Axes, weights: np.ndarray, bias: float, color: str, ls: str = "-", label: str = "boundary"
) -> None:
    """Draw w·x + b = 0 across the axes."""
    foot, along = _foot_and_direction(weights, bias)
    ends = np.stack([foot - _FAR * along, foot + _FAR * along])
    ax.plot(ends[:, 0], ends[:, 1], color=color, ls=ls, label=label)


def _foot_and_direction(weights: np.ndarray, bias: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the point of a line nearest to the origin, and a unit vector along it."""
    length = np.linalg.norm(weights)
    foot = -bias * weights / length**2
    return foot, np.array([weights[1], -weights[0]]) / length


def _scatter(ax: Axes, xy: np.ndarray, labels: np.ndarray, size: float) -> None:
    """Draw each class with its own marker and colour."""
    for label, marker, color, name in _CLASSES:
        mine = xy[labels == label]
        if len(mine):
            ax.scatter(
                mine[:, 0], mine[:, 1], s=size, marker=marker, color=color, label=name, zorder=3
            )


def _corners(ax: Axes, xy: np.ndarray, labels: np.ndarray) -> None:
    """Draw the four corners of the unit square, each with its label."""
    ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1])
    ax.set_aspect("equal")
    ax.autoscale(False)
    _scatter(ax, xy, labels, size=110)
    for point, label in zip(xy, labels, strict=True):
        side = 1 if point[0] > 0.5 else -1
        ax.annotate(
            _signed(label),
            point,
            (13 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
        )
    _axes_names(ax)


def _axes_names(ax: Axes) -> None:
    ax.set(xlabel="$x_1$", ylabel="$x_2$")


def _signed(number: float) -> str:
    """Write a number with its sign, and a minus that is as wide as a plus."""
    return f"{number:+g}".replace("-", "−")


def _say(ax: Axes, text: str, at: ArrayLike, offset: tuple[float, float], align: str) -> None:
    """Write a direct label beside a point."""
    x, y = np.asarray(at, float).tolist()
    ax.annotate(text, (x, y), offset, textcoords="offset points", ha=align)


# Backpropagation, training, and one update with three losses.

# The rules of "One update, three losses": colour and dashes.
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
    figure, ax = plt.subplots(figsize=(5.2, 3.2), layout="constrained")
    for (rule, runs), dashes, color in zip(
        losses.items(), (":", "--", "-"), ("C4", "C1", "C0"), strict=True
    ):
        y = np.asarray(runs, float)
        for run, curve in enumerate(y.T):
            label = rule if run == 0 else f"{rule} {run}"
            ax.plot(np.arange(1, len(y) + 1), curve, dashes, color=color, lw=1.4, label=label)
        _say(ax, rule, (len(y), float(np.median(y[-1]))), (6, 1), "left")
    ax.set(xlabel="step", title="loss", ylim=(0, 0.75), xlim=(0, 1.3 * len(y)))
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
        panels.append(ax)
    return figure, panels


def _tint(ax: Axes, chance: np.ndarray) -> None:
    """Colour a map by the likelier class, fainter where the two are nearly as likely."""
    colours = np.empty((*chance.shape, 4))
    for there, color in ((chance > 0.5, "C1"), (chance <= 0.5, "C0")):
        colours[there] = to_rgba(color)
    colours[..., 3] = 0.06 + 0.64 * abs(2 * chance - 1)
    ax.imshow(colours, origin="lower", aspect="auto")


def _plain(number: float) -> str:
    """Write a number without a sign where it is positive, and with a wide minus."""
    return f"{number:g}".replace("-", "−")


# Mini-batches and decay.


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
    figure, ax = plt.subplots(figsize=(5.2, 3.2), layout="constrained")
    for (size, runs), dashes, color in zip(
        losses.items(), (":", "--", "-"), ("C4", "C1", "C0"), strict=True
    ):
        y = np.asarray(runs, float)
        for run, curve in enumerate(y.T):
            label = f"{size}" if run == 0 else f"{size}, {run}"
            ax.plot(np.arange(1, len(y) + 1), curve, dashes, color=color, lw=1.4, label=label)
        _say(ax, f"{size} places", (len(y), float(np.median(y[-1]))), (6, -4), "left")
    ax.set(xlabel="epoch", title="loss", ylim=(0.3, 0.7), xlim=(0, 1.3 * len(y)))
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
