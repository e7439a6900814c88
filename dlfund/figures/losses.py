"""Figures of the chapter on losses."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

type Array = NDArray[np.floating[Any]]

# A dash for each series, so that colour is never the only cue.
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)))
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
    for value, count in zip(*np.unique(data, return_counts=True), strict=True):
        heights = 0.62 + 0.1 * np.arange(count)
        ink = plt.rcParams["text.color"]
        axes.plot(np.full(count, value), heights, "D", color=ink, markersize=5, label="_data")
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
    for value, count in zip(*np.unique(data, return_counts=True), strict=True):
        heights = 0.45 + 0.16 * np.arange(count)
        ink = plt.rcParams["text.color"]
        axes.plot(np.full(count, value), heights, "D", color=ink, markersize=5, label="_data")
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(5.8, 3.2), layout="constrained")
    for axes, curves in ((left, losses), (right, slopes)):
        for i, (name, values) in enumerate(curves.items()):
            axes.plot(error, values, color=f"C{i}", linestyle=DASHES[i], label=name)
        _rule(axes, "x", 0)
        axes.set_xlabel("error")
    left.set_ylabel("loss")
    right.set_ylabel("slope")
    right.legend(loc="upper left")
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
    for i, (label, heights) in enumerate(lines.items()):
        axes.plot(x, heights, color=f"C{i}", linestyle=DASHES[i], label=label)
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
    for i, (label, values) in enumerate(estimates.items()):
        axes.plot(outlier, values, color=f"C{i}", linestyle=DASHES[i], label=label)
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
