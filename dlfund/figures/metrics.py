"""Figures of the metrics chapter: scores and thresholds, curves and areas, counts, intervals."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike

__all__ = [
    "confusion_grid",
    "counts_in_a_square",
    "curves",
    "heaps",
    "leaks",
    "pair_grid",
    "paired_answers",
    "precision_recall_steps",
    "predictions",
    "reliability",
    "roc_curves",
    "roc_steps",
    "ruler",
    "score_heaps",
    "score_histograms",
    "score_line",
    "seen_and_unseen",
    "top_k_curves",
    "two_pictures",
]

_DASHES = ("-", "--", "-.", ":")


def score_line(
    y_true: ArrayLike, y_scores: ArrayLike, threshold: float, fpr: float, tpr: float
) -> Figure:
    """Draw scores on a line, one row for each class, cut by a threshold.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels in {0, 1}.
    y_scores : array_like, shape (N,)
        Their scores.
    threshold : float
        Scores from here on are called positive.
    fpr, tpr : float
        The rates at this threshold.

    Returns
    -------
    Figure
    """
    y, scores = np.asarray(y_true), np.asarray(y_scores, float)
    figure, ax = plt.subplots(figsize=(3.7, 2.1), layout="constrained")
    ax.axvspan(threshold, 1.02, color="C4", alpha=0.22, lw=0)
    ax.axvline(threshold, color=plt.rcParams["text.color"], ls="--", lw=1.5)
    ax.scatter(scores[y == 1], y[y == 1], s=90, marker="o", color="C0", label="positive")
    ax.scatter(scores[y == 0], y[y == 0], s=80, marker="s", color="C1", label="negative")
    ax.annotate(f"TPR {tpr:g}", (1.02, 1), (8, 0), textcoords="offset points", va="center")
    ax.annotate(f"FPR {fpr:g}", (1.02, 0), (8, 0), textcoords="offset points", va="center")
    ax.text(threshold + 0.01, 1.72, "called positive →", va="center")
    ax.set(xlim=(0, 1.02), ylim=(-0.6, 2), xlabel="score", xticks=np.linspace(0, 1, 6))
    ax.set_yticks([0, 1], ["negative", "positive"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return figure


def roc_steps(fprs: ArrayLike, tprs: ArrayLike, thresholds: ArrayLike, auc: float) -> Figure:
    """Draw a ROC curve with the threshold written at each point and its area filled.

    Parameters
    ----------
    fprs, tprs : array_like, shape (M,)
        The points, from (0, 0) to (1, 1).
    thresholds : array_like, shape (M - 1,)
        The threshold of every point but the first, from high to low.
    auc : float
        The area.

    Returns
    -------
    Figure
    """
    x, y = np.asarray(fprs, float), np.asarray(tprs, float)
    figure, ax = plt.subplots(figsize=(3.7, 3.6), layout="constrained")
    _roc_axes(ax)
    ax.fill_between(x, y, color="C0", alpha=0.18, lw=0)
    ax.plot(x, y, "o-", color="C0", label="ROC curve", clip_on=False, zorder=3)
    for t, px, py in zip(np.asarray(thresholds), x[1:], y[1:], strict=True):
        ax.annotate(f"{t:g}", (px, py), (5, -14), textcoords="offset points")
    ax.text(0.72, 0.22, f"AUC {auc:g}", ha="center")
    return figure


def heaps(
    edges: ArrayLike,
    heights: Mapping[str, ArrayLike],
    threshold: float,
    counts: Mapping[str, float],
    curve: tuple[ArrayLike, ArrayLike],
    point: tuple[float, float],
    *,
    highest: float | None = None,
) -> Figure:
    """Draw two heaps of scores, cut by a threshold, beside its point on their ROC curve.

    Parameters
    ----------
    edges : array_like, shape (M + 1,)
        The borders of the bars, from 0 to 1.
    heights : mapping of str to array_like, shape (M,)
        The bars of the positives, then those of the negatives, by their names.
    threshold : float
        Scores from here on are called positive.
    counts : mapping of str to float
        FN, TN, TP and FP: two that are called negative, then two that are called positive.
    curve : tuple of array_like, each of shape (K,)
        False and true positive rates.
    point : tuple of float
        The two rates of this threshold.
    highest : float, optional
        The highest bar that there can be; without it the highest that there is.

    Returns
    -------
    Figure
    """
    bars = {name: np.asarray(values, float) for name, values in heights.items()}
    top = 1.5 * (highest or max(float(values.max()) for values in bars.values()))
    figure = plt.figure(figsize=(5.6, 2.9))
    left = figure.add_axes((0.02, 0.18, 0.52, 0.71), xlim=(0, 1), ylim=(0, top))
    (first, high), (second, low) = bars.items()
    left.stairs(high, edges, fill=True, color="C0", alpha=0.75, label=first)
    left.stairs(low, edges, edgecolor="C1", hatch="///", lw=1.8, label=second)
    left.axvline(threshold, color=plt.rcParams["text.color"], ls="--", lw=1.5)
    said = [f"{name} {count:,.0f}" for name, count in counts.items()]
    for x, words, side in ((0.01, said[:2], "left"), (0.99, said[2:], "right")):
        left.text(x, 0.99 * top, "\n".join(words), ha=side, va="top")
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 0.97), ncols=2, handlelength=1)
    left.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    left.yaxis.set_visible(False)
    left.set_xlabel("score", labelpad=-1)
    left.spines["left"].set_visible(False)
    right = figure.add_axes((0.61, 0.18, 0.37, 0.37 * 5.6 / 2.9), xlim=(0, 1), ylim=(0, 1))
    right.plot(*curve, color="C0", label="ROC curve")
    right.plot(*point, "o", color="C2", ms=9, clip_on=False, label="threshold")
    right.set(xticks=[0, 1], yticks=[0, 1])
    right.set_xlabel("false positive rate", labelpad=-8)
    right.set_ylabel("true positive rate", labelpad=-6)
    return figure


def pair_grid(
    positives: ArrayLike, negatives: ArrayLike, wins: ArrayLike, fprs: ArrayLike, tprs: ArrayLike
) -> Figure:
    """Draw who wins each pair of a positive and a negative, under the ROC curve.

    Parameters
    ----------
    positives : array_like, shape (P,)
        Scores of the positives, from high to low; the highest is the lowest row.
    negatives : array_like, shape (N,)
        Scores of the negatives, from high to low, left to right.
    wins : array_like, shape (P, N)
        1 where the positive has the higher score, 0 where the negative has, 1/2 for a tie.
    fprs, tprs : array_like, shape (M,)
        The ROC curve of the same scores.

    Returns
    -------
    Figure
    """
    pos, neg = np.asarray(positives, float), np.asarray(negatives, float)
    won = np.asarray(wins, float)
    figure, ax = plt.subplots(figsize=(3.7, 3.6), layout="constrained")
    for (row, column), win in np.ndenumerate(won):
        ax.add_patch(
            Rectangle((column, row), 1, 1, facecolor="C0", alpha=0.3 * win, lw=0, zorder=1)
        )
        ax.text(column + 0.5, row + 0.5, f"{win:g}", ha="center", va="center")
    for edge in range(len(neg) + 1):
        ax.axvline(edge, color="C4", lw=0.6, zorder=0)
    for edge in range(len(pos) + 1):
        ax.axhline(edge, color="C4", lw=0.6, zorder=0)
    steps_x, steps_y = np.asarray(fprs) * len(neg), np.asarray(tprs) * len(pos)
    ax.plot(steps_x, steps_y, color="C2", lw=3, label="ROC curve", clip_on=False, zorder=3)
    ax.set(xlim=(0, len(neg)), ylim=(0, len(pos)), aspect="equal")
    ax.set(xlabel="score of the negative", ylabel="score of the positive")
    ax.set_xticks(np.arange(len(neg)) + 0.5, [f"{s:g}" for s in neg])
    ax.set_yticks(np.arange(len(pos)) + 0.5, [f"{s:g}" for s in pos])
    ax.tick_params(length=0)
    return figure


def precision_recall_steps(
    recalls: ArrayLike, precisions: ArrayLike, thresholds: ArrayLike, ap: float
) -> Figure:
    """Draw precision against recall with its thresholds, over the steps of average precision.

    Parameters
    ----------
    recalls, precisions : array_like, shape (M,)
        One point for each threshold.
    thresholds : array_like, shape (M,)
        From high to low.
    ap : float
        Average precision, the area under the steps.

    Returns
    -------
    Figure
    """
    x, y = np.asarray(recalls, float), np.asarray(precisions, float)
    figure, ax = plt.subplots(figsize=(3.7, 3.6), layout="constrained")
    steps = np.concatenate([[0], x]), np.concatenate([y[:1], y])
    ax.fill_between(*steps, step="pre", color="C0", alpha=0.18, lw=0)
    ax.plot(*steps, color="C0", drawstyle="steps-pre", lw=1.2, label="steps")
    ax.plot(x, y, "o", color="C0", label="thresholds", clip_on=False, zorder=3)
    for t, px, py in zip(np.asarray(thresholds), x, y, strict=True):
        ax.annotate(f"{t:g}", (px, py), (-7, -4), textcoords="offset points", ha="right", va="top")
    ax.text(0.3, 0.4, f"average precision {ap:.2f}", ha="center")
    ax.set(xlim=(0, 1), ylim=(0, 1.02), aspect="equal", xlabel="recall", ylabel="precision")
    return figure


def predictions(truth: ArrayLike, predicted: ArrayLike, chosen: ArrayLike) -> Figure:
    """Draw predictions against their targets, those that are scored in colour.

    Parameters
    ----------
    truth, predicted : array_like, shape (N,)
        Targets and predictions.
    chosen : array_like of bool, shape (N,)
        Which of them are scored; the dashed line is the mean of their targets.

    Returns
    -------
    Figure
    """
    y, p, scored = np.asarray(truth, float), np.asarray(predicted, float), np.asarray(chosen)
    figure = plt.figure(figsize=(3.9, 4.2))
    ax = figure.add_axes((0.16, 0.16, 0.8, 0.8 * 3.9 / 4.2))
    ends = min(y.min(), p.min()), max(y.max(), p.max())
    room = 0.03 * (ends[1] - ends[0])
    limits = ends[0] - room, ends[1] + room
    ink, mean = plt.rcParams["text.color"], y[scored].mean()
    ax.plot(ends, ends, ":", color=ink, lw=1.2, label="right")
    ax.scatter(y[~scored], p[~scored], s=14, color="C4", alpha=0.5, label="left out")
    ax.scatter(y[scored], p[scored], s=18, color="C0", label="scored")
    ax.plot([y[scored].min(), y[scored].max()], [mean, mean], "--", color="C1", label="mean")
    ax.set(xlabel="target", ylabel="prediction", xlim=limits, ylim=limits)
    figure.legend(
        *ax.get_legend_handles_labels(),
        loc="upper center",
        ncols=4,
        handletextpad=0.4,
        handlelength=1.4,
        columnspacing=1.2,
    )
    return figure


def two_pictures(
    roc: Mapping[str, tuple[ArrayLike, ArrayLike]],
    precision_recall: Mapping[str, tuple[ArrayLike, ArrayLike]],
    share: float,
) -> Figure:
    """Draw the same rankings as ROC curves and, beside them, as precision against recall.

    Parameters
    ----------
    roc : mapping of str to (fprs, tprs)
        The curves of up to four rankings by their names.
    precision_recall : mapping of str to (recalls, precisions)
        Those of the same rankings; recall rises. They are drawn as steps.
    share : float
        The share of positives, which luck has as its precision.

    Returns
    -------
    Figure
    """
    figure = plt.figure(figsize=(5.6, 3.1))
    left, right = (
        figure.add_axes((x, 0.17, 0.39, 0.39 * 5.6 / 3.1), xlim=(0, 1), ylim=(0, 1))
        for x in (0.09, 0.59)
    )
    ink = plt.rcParams["text.color"]
    left.plot([0, 1], [0, 1], ":", color=ink, lw=1.2, label="luck")
    right.plot([0, 1], [share, share], ":", color=ink, lw=1.2, label="luck", clip_on=False)
    styles = {name: (f"C{i}", _DASHES[i]) for i, name in enumerate(roc)}
    for name, (colour, dash) in styles.items():
        (one,) = left.plot(*roc[name])
        (other,) = right.plot(*precision_recall[name], drawstyle="steps-pre")
        for drawn in (one, other):
            drawn.set(color=colour, linestyle=dash, label=name, clip_on=False, zorder=3)
    for ax, words in (
        (left, ("false positive rate", "true positive rate")),
        (right, ("recall", "precision")),
    ):
        ax.set(xticks=[0, 1], yticks=[0, 1])
        ax.set_xlabel(words[0], labelpad=-8)
        ax.set_ylabel(words[1], labelpad=-6)
    figure.legend(*left.get_legend_handles_labels(), ncols=5, loc="upper center")
    return figure


def confusion_grid(counts: ArrayLike) -> Figure:
    """Draw a confusion matrix of many classes; mistakes are tinted by how frequent they are.

    Parameters
    ----------
    counts : array_like, shape (C, C)
        Rows: the true class; columns: what was called. Zeros are left blank.

    Returns
    -------
    Figure
    """
    matrix = np.asarray(counts)
    classes = np.arange(len(matrix))
    worst = max(1, np.max(matrix * (1 - np.eye(len(matrix)))))
    figure, ax = plt.subplots(figsize=(4.6, 4.3), layout="constrained")
    for (row, column), count in np.ndenumerate(matrix):
        colour, alpha = ("C0", 0.18) if row == column else ("C1", 0.65 * count / worst)
        ax.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, alpha=alpha, lw=0))
        if count:
            ax.text(column + 0.5, row + 0.5, f"{count}", ha="center", va="center")
    ax.set(xlim=(0, len(matrix)), ylim=(len(matrix), 0), aspect="equal")
    ax.set(xlabel="called", ylabel="true class")
    ax.set_xticks(classes + 0.5, [str(c) for c in classes])
    ax.set_yticks(classes + 0.5, [str(c) for c in classes])
    ax.xaxis.set_label_position("top")
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_color("C4")
    return figure


def roc_curves(curves: Sequence[tuple[str, ArrayLike, ArrayLike, float]]) -> Figure:
    """Draw several ROC curves, each labelled with its area.

    Parameters
    ----------
    curves : sequence of tuples
        (name, fprs, tprs, auc) of up to four classifiers.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(3.7, 3.6), layout="constrained")
    _roc_axes(ax)
    for i, (name, fprs, tprs, auc) in enumerate(curves):
        ax.plot(
            np.asarray(fprs),
            np.asarray(tprs),
            _DASHES[i],
            color=f"C{i}",
            label=f"{name}, AUC {auc:.3f}",
            clip_on=False,
            zorder=3,
        )
    ax.legend(
        handles=ax.lines[1:], loc="lower right", handlelength=1.6, labelspacing=0.2, borderaxespad=0
    )
    return figure


def ruler(fprs: ArrayLike, tprs: ArrayLike, point: tuple[float, float], slope: float) -> Figure:
    """Draw a ROC curve and the line of equal cost that touches it in its cheapest point.

    Parameters
    ----------
    fprs, tprs : array_like, shape (M,)
        The points, from (0, 0) to (1, 1).
    point : tuple of float
        The rates of the cheapest point.
    slope : float
        Of the line.

    Returns
    -------
    Figure
    """
    figure = plt.figure(figsize=(3.7, 3.8))
    ax = figure.add_axes((0.15, 0.17, 0.81, 0.81 * 3.7 / 3.8))
    _roc_axes(ax)
    ax.set(ylim=(0, 1), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    ax.plot(np.asarray(fprs), np.asarray(tprs), color="C0", label="ROC curve", clip_on=False)
    ax.axline(point, slope=slope, color="C1", ls="--", lw=1.8, label="equal cost")
    ax.plot(*point, "o", color="C2", ms=9, clip_on=False, zorder=4, label="cheapest")
    ax.legend(handles=ax.lines[1:], loc="lower right")
    return figure


def score_histograms(y_true: ArrayLike, panels: Mapping[str, ArrayLike]) -> Figure:
    """Draw where the scores of the two classes lie, one panel for each classifier.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels in {0, 1}.
    panels : mapping of str to array_like, shape (N,)
        Title and scores in [0, 1] of each classifier.

    Returns
    -------
    Figure
    """
    y, bins = np.asarray(y_true), np.linspace(0, 1, 26)
    figure, axes = plt.subplots(
        len(panels), 1, figsize=(3.7, 0.5 + 1.6 * len(panels)), sharex=True, layout="constrained"
    )
    for ax, (title, scores) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        s = np.asarray(scores, float)
        positives, _ = np.histogram(s[y == 1], bins)
        negatives, _ = np.histogram(s[y == 0], bins)
        ax.stairs(positives, bins, fill=True, color="C0", alpha=0.75, label="positive")
        ax.stairs(negatives, bins, edgecolor="C1", hatch="///", lw=1.8, label="negative")
        ax.set(title=title, ylabel="samples")
    figure.legend(*ax.get_legend_handles_labels(), ncols=2, loc="outside upper center")
    ax.set_xlabel("score")
    return figure


def top_k_curves(ks: ArrayLike, curves: Mapping[str, ArrayLike]) -> Figure:
    """Draw top-k accuracy against k.

    Parameters
    ----------
    ks : array_like, shape (M,)
        The numbers of guesses allowed.
    curves : mapping of str to array_like, shape (M,)
        Name and accuracy at each k of up to four classifiers.

    Returns
    -------
    Figure
    """
    k = np.asarray(ks)
    figure, ax = plt.subplots(figsize=(3.7, 3.1), layout="constrained")
    for i, (name, accuracies) in enumerate(curves.items()):
        values = np.asarray(accuracies, float)
        ax.plot(k, values, f"{'osD^'[i]}{_DASHES[i]}", color=f"C{i}", label=name, clip_on=False)
        ax.annotate(name, (k[1], values[1]), (8, -14), textcoords="offset points")
    ax.set(xlabel="guesses allowed, $k$", ylabel="top-$k$ accuracy", ylim=(0, 1.04), xticks=k)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    return figure


def _roc_axes(ax: Axes) -> None:
    """Prepare the unit square with its diagonal of chance."""
    ax.plot([0, 1], [0, 1], ":", color=plt.rcParams["text.color"], lw=1.2, label="chance")
    ax.set(xlim=(0, 1), ylim=(0, 1.02), aspect="equal")
    ax.set(xlabel="false positive rate", ylabel="true positive rate")


def seen_and_unseen(neighbours: ArrayLike, seen: ArrayLike, unseen: ArrayLike) -> Figure:
    """Draw the error on training and on new samples against the number of neighbours.

    Parameters
    ----------
    neighbours : array_like, shape (M,)
        How many neighbours have a vote, from many (a stiff rule) to few.
    seen, unseen : array_like, shape (M,)
        The fractions of training samples and of new ones that are answered wrongly.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.2, 3.1), layout="constrained")
    for errors, name, marker in [(unseen, "new samples", "o"), (seen, "training samples", "s")]:
        ax.plot(neighbours, errors, marker=marker, ms=5, label=name)
    ax.set_xscale("log")
    ax.set_xticks([100, 30, 10, 3, 1], ["100", "30", "10", "3", "1"])
    ax.minorticks_off()
    ax.invert_xaxis()
    ax.set(xlabel="neighbours that vote (few: a flexible rule)", ylabel="error", ylim=(-0.02, 0.55))
    ax.legend()
    return figure


def score_heaps(heaps: Mapping[str, ArrayLike], width: float = 0.01) -> Figure:
    """Draw how often each score came up, one histogram over the other.

    Parameters
    ----------
    heaps : mapping of str to array_like, shape (N,)
        Scores by name.
    width : float
        Of a bin.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.2, 2.7), layout="constrained")
    every = np.concatenate([np.asarray(scores, float) for scores in heaps.values()])
    edges = np.arange(np.floor(every.min() / width) - 0.5, every.max() / width + 1) * width
    for number, (name, scores) in enumerate(heaps.items()):
        counts, _ = np.histogram(np.asarray(scores, float), edges)
        share = counts / counts.sum()
        colour = f"C{number}"
        ax.stairs(share, edges, fill=True, color=colour, alpha=0.3)
        ax.stairs(share, edges, color=colour, lw=2, ls=_DASHES[number], label=name)
    ax.set(xlabel="score", ylabel="share", ylim=(0, None))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend()
    return figure


def leaks(names: Sequence[str], scores: ArrayLike, widths: ArrayLike) -> Figure:
    """Draw scores with a leak and without it, each with its interval.

    Parameters
    ----------
    names : sequence of str
        One for each leak.
    scores, widths : array_like, shape (len(names), 2)
        Mean scores, with the leak and without, and half the widths of their intervals.

    Returns
    -------
    Figure
    """
    means, errors = np.asarray(scores, float), np.asarray(widths, float)
    rows = np.arange(len(names))
    figure, ax = plt.subplots(figsize=(5.2, 2.9), layout="constrained")
    ax.axvline(0.5, color=plt.rcParams["text.color"], ls=":", lw=1.2)
    for column, (name, marker) in enumerate([("with the leak", "o"), ("without", "s")]):
        ax.errorbar(
            means[:, column],
            rows,
            xerr=errors[:, column],
            fmt=marker,
            color=f"C{1 - column}",
            capsize=3,
            label=name,
        )
    ax.set(xlim=(0.4, 1.04), ylim=(len(names) - 0.5, -0.6), xlabel="accuracy")
    ax.set_yticks(rows, names)
    ax.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def curves(
    x: ArrayLike,
    lines: Mapping[str, ArrayLike],
    *,
    labels: tuple[str, str],
    points: Mapping[str, tuple[float, float]] | None = None,
    level: float | None = None,
    log: bool = False,
) -> Figure:
    """Draw up to four quantities against one other.

    Parameters
    ----------
    x : array_like, shape (M,)
        The first coordinates.
    lines : mapping of str to array_like, shape (M,)
        Name and second coordinates of each curve.
    labels : tuple of str
        What stands along the axes.
    points : mapping of str to tuple of float, optional
        A point to mark on the curve of this name.
    level : float, optional
        A height to compare with.
    log : bool
        Whether the first axis is logarithmic.

    Returns
    -------
    Figure
    """
    figure, ax = plt.subplots(figsize=(5.2, 3), layout="constrained")
    for i, (name, values) in enumerate(lines.items()):
        ax.plot(np.asarray(x), np.asarray(values), _DASHES[i], color=f"C{i}", label=name)
        if points and name in points:
            ax.plot(*points[name], "os^D"[i], color=f"C{i}", ms=8, clip_on=False, zorder=3)
    if level is not None:
        ax.axhline(level, color=plt.rcParams["text.color"], ls=":", lw=1.2)
    if log:
        ax.set_xscale("log")
    ax.set(xlabel=labels[0], ylabel=labels[1])
    handles, names = ax.get_legend_handles_labels()
    figure.legend(handles, names, ncols=4, loc="outside upper center", columnspacing=1.2)
    return figure


def reliability(
    said: ArrayLike, happened: ArrayLike, edges: ArrayLike, counts: ArrayLike
) -> Figure:
    """Draw a reliability diagram over the heap of what was said.

    Parameters
    ----------
    said, happened : array_like, shape (B,)
        Mean probability and observed share of each bin that is not empty.
    edges : array_like, shape (M + 1,)
        The borders of all bins, from 0 to 1.
    counts : array_like, shape (M,)
        How many probabilities lie in each.

    Returns
    -------
    Figure
    """
    figure = plt.figure(figsize=(3.7, 4.4))
    ax = figure.add_axes((0.17, 0.32, 0.77, 0.77 * 3.7 / 4.4), xlim=(0, 1), ylim=(0, 1))
    below = figure.add_axes((0.17, 0.14, 0.77, 0.12), xlim=(0, 1), ylim=(0, 1))
    ax.plot([0, 1], [0, 1], ":", color=plt.rcParams["text.color"], lw=1.2, label="calibrated")
    ax.plot(said, happened, "o-", color="C0", clip_on=False, zorder=3, label="observed")
    ax.set_xticks([0, 0.5, 1], ["", "", ""])
    ax.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.set_ylabel("share that is positive", labelpad=0)
    heap = np.asarray(counts, float)
    below.stairs(heap / heap.sum(), edges, fill=True, color="C1", alpha=0.75)
    below.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    below.set_yticks([0, 1], ["0", "1"])
    below.set_xlabel("probability that was said", labelpad=1)
    below.set_ylabel("samples", labelpad=8)
    return figure


def paired_answers(counts: ArrayLike, names: tuple[str, str]) -> Figure:
    """Draw how often two models were right together, one alone, or neither.

    Parameters
    ----------
    counts : array_like, shape (2, 2)
        Samples; rows: the first model right, wrong; columns: the second right, wrong.
    names : tuple of str
        Of the two models.

    Returns
    -------
    Figure
    """
    first, second = names
    rows = (f"{first} right", f"{first} wrong")
    columns = (f"{second} right", f"{second} wrong")
    tints = {(0, 1): "C0", (1, 0): "C1"}
    words = {(0, 1): f"{first} alone", (1, 0): f"{second} alone"}
    return _two_by_two(counts, rows, columns, tints, words)


def counts_in_a_square(counts: ArrayLike) -> Figure:
    """Draw a confusion matrix of two classes with the name of each cell.

    Parameters
    ----------
    counts : array_like, shape (2, 2)
        Rows: negative, positive; columns: called negative, called positive.

    Returns
    -------
    Figure
    """
    rows, columns = ("negative", "positive"), ("called negative", "called positive")
    tints = {(0, 0): "C0", (1, 1): "C0", (0, 1): "C1", (1, 0): "C1"}
    words = {(0, 0): "TN", (0, 1): "FP", (1, 0): "FN", (1, 1): "TP"}
    return _two_by_two(counts, rows, columns, tints, words)


def _two_by_two(
    counts: ArrayLike,
    rows: tuple[str, str],
    columns: tuple[str, str],
    tints: Mapping[tuple[int, int], str],
    words: Mapping[tuple[int, int], str],
) -> Figure:
    """Draw four numbers in a square, some tinted, some with a word below."""
    figure, ax = plt.subplots(figsize=(3.7, 2.6), layout="constrained")
    for (row, column), count in np.ndenumerate(np.asarray(counts)):
        colour = tints.get((row, column), "none")
        ax.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, alpha=0.25, lw=0))
        below = words.get((row, column), "")
        text = f"{count:,}\n{below}" if below else f"{count:,}"
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center")
    for edge in (0, 1, 2):
        ax.axvline(edge, color="C4", lw=0.8)
        ax.axhline(edge, color="C4", lw=0.8)
    ax.set(xlim=(0, 2), ylim=(2, 0))
    ax.set_xticks([0.5, 1.5], columns)
    ax.set_yticks([0.5, 1.5], rows)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return figure
