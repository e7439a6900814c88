"""Figures of the perceptron chapter: lines, corrections and what one line cannot do."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

__all__ = [
    "capacity",
    "corrections",
    "decision_line",
    "folds",
    "gates",
    "mistaken",
    "moved",
    "offsets",
    "one_correction",
    "orders",
    "scored",
    "squeeze",
    "templates",
    "training",
    "unsettled",
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
        ax.spines[:].set_visible(True)
        ax.spines[:].set_linewidth(0.6)
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
        ax.spines[:].set_visible(True)
        ax.spines[:].set_linewidth(0.6)
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


def _plain(number: float) -> str:
    """Write a number without a sign where it is positive, and with a wide minus."""
    return f"{number:g}".replace("-", "−")


# Mini-batches and decay.
