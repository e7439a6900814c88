"""Figures of how a convolution is computed, of its way back and of what it learns."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from dlfund.figures.convolution import _cells, _show, _tint

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "gathered",
    "in_memory",
    "approximation",
    "wrapped",
    "errors",
    "stamped",
    "steps",
    "overlaps",
    "ways_up",
    "drift",
    "rim",
    "norms",
    "first_kernels",
    "seeds",
]

_STYLES = ("-", "--", "-.", ":")
_MARKERS = "osD^vP"


def gathered(image: ArrayLike, columns: ArrayLike, kernel: tuple[int, int], window: int) -> Figure:
    """Show an image and its windows as columns, one window tinted in both.

    Parameters
    ----------
    image : array_like, shape (H, W)
    columns : array_like, shape (kH * kW, L)
        As `im2col` gives them, for stride 1.
    kernel : (int, int)
        Height and width of a window.
    window : int
        Which column, from 0.
    """
    picture, grid = np.asarray(image), np.asarray(columns)
    left = picture.shape[1] + 1
    figure, axes = _plane(left + grid.shape[1], max(picture.shape[0], grid.shape[0]))
    top, first = divmod(window, picture.shape[1] - kernel[1] + 1)
    _cells(axes, picture, 0, 0)
    _cells(axes, grid, 0, left)
    _tint(axes, np.argwhere(np.ones(kernel)) + np.array([top, first]), "C1")
    rows = np.arange(len(grid))
    _tint(axes, np.stack([rows, np.full_like(rows, window)], axis=1), "C1", left)
    _name(axes, "image", (picture.shape[1] - 1) / 2)
    _name(axes, "columns", left + (grid.shape[1] - 1) / 2)
    return figure


def in_memory(size: int, row: int, cells: ArrayLike) -> Figure:
    """Show memory as one line of cells, those of a window tinted, and where the rows begin.

    Parameters
    ----------
    size : int
        How many numbers there are.
    row : int
        How many of them make a row of the image.
    cells : array_like of int, 1-D
        The places of those in the window.
    """
    figure, axes = _plane(size, 1, 0.9)
    _cells(axes, np.arange(size)[None], 0, 0)
    places = np.asarray(cells).ravel()
    _tint(axes, np.stack([np.zeros_like(places), places], axis=1), "C1")
    for number in range(size // row):
        start = number * row - 0.5
        axes.plot([start, start], [-0.9, 0.5], color=plt.rcParams["text.color"], linewidth=1.8)
        axes.text(start + 0.2, -0.6, f"row {number}", ha="left", va="bottom")
    return figure


def approximation(kernel: ArrayLike, near: ArrayLike) -> Figure:
    """Show a kernel, what stands in for it, and the difference, on one scale about 0.

    Parameters
    ----------
    kernel, near : array_like, shape (k, k)
    """
    exact, other = np.asarray(kernel, float), np.asarray(near, float)
    figure = plt.figure(figsize=(5.4, 2.05))
    reach = float(np.abs(exact).max()) * 1.4
    pictures = {"kernel": exact, "approximation": other, "difference": exact - other}
    for number, (name, picture) in enumerate(pictures.items()):
        axes = figure.add_axes((0.005 + 0.34 * number, 0.01, 0.31, 0.83))
        _show(axes, picture, "Blues", (-reach, reach))
        _frame(axes)
        axes.set_title(name)
    return figure


def wrapped(linear: ArrayLike, circular: ArrayLike, places: int) -> Figure:
    """Draw circular outputs over linear ones, and mark those that differ.

    Parameters
    ----------
    linear, circular : array_like, 1-D
    places : int
        How far the axis reaches.
    """
    right, around = np.asarray(linear), np.asarray(circular)
    common = min(len(right), len(around))
    wrong = np.flatnonzero(~np.isclose(around[:common], right[:common]))
    figure = plt.figure(figsize=(5.4, 2.6))
    axes = figure.add_axes((0.09, 0.23, 0.89, 0.63))
    x = np.arange(len(right))
    axes.plot(x, right, "C0o", markersize=9, fillstyle="none", label="linear")
    axes.vlines(np.arange(len(around)), 0, around, colors="C0", alpha=0.6)
    axes.plot(np.arange(len(around)), around, "C0o", markersize=4, label="circular")
    axes.plot(wrong, around[wrong], "C1s", markersize=6, label="circular, wrong")
    axes.set(xlim=(-0.5, places - 0.5), xticks=range(places), xlabel="place", ylabel="output")
    axes.set_ylim(0, 1.12 * max(right.max(), around.max()))
    axes.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    return figure


def errors(brightness: ArrayLike, largest: ArrayLike) -> Figure:
    """Plot the largest error elsewhere against the brightness of one pixel.

    Parameters
    ----------
    brightness, largest : array_like, shape (n,)
    """
    figure, axes = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
    axes.loglog(np.asarray(brightness), np.asarray(largest), "C0o-", markersize=4)
    axes.set(xlabel="brightness of one pixel", ylabel="largest error elsewhere")
    return figure


def stamped(gradient: ArrayLike, shares: ArrayLike, sent: int, cells: ArrayLike) -> Figure:
    """Show gradients that have been sent back so far, and what the pixels have got.

    Parameters
    ----------
    gradient : array_like, shape (oH, oW)
    shares : array_like, shape (H, W)
    sent : int
        How many outputs have sent theirs, in reading order.
    cells : array_like of int, shape (n, 2)
        The pixels that the last of them reached.
    """
    out, pixels = np.asarray(gradient), np.asarray(shares)
    left = out.shape[1] + 1
    figure, axes = _plane(left + pixels.shape[1], max(out.shape[0], pixels.shape[0]), 1.9)
    _cells(axes, out, 0, 0)
    _cells(axes, pixels, 0, left)
    _tint(axes, np.argwhere(np.ones(out.shape))[sent - 1 : sent], "C0")
    _tint(axes, np.asarray(cells), "C1", left)
    _name(axes, "gradient of\nthe output", (out.shape[1] - 1) / 2)
    _name(axes, "gradient of the input so far", left + (pixels.shape[1] - 1) / 2)
    return figure


def steps(sizes: ArrayLike, found: Mapping[str, ArrayLike]) -> Figure:
    """Plot the error of a numerical gradient against its step, a line for each loss.

    Parameters
    ----------
    sizes : array_like, shape (n,)
    found : mapping of str to array_like of shape (n,)
        Relative errors, by the name of the loss.
    """
    figure, axes = plt.subplots(figsize=(5.4, 2.9), layout="constrained")
    for number, (name, values) in enumerate(found.items()):
        style = f"C{number}{_MARKERS[number]}"
        axes.loglog(
            np.asarray(sizes),
            np.asarray(values),
            style,
            linestyle=_STYLES[number],
            markersize=4,
            label=name,
        )
    axes.set(xlabel="step", ylabel="relative error")
    axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)
    return figure


def overlaps(stamps: ArrayLike, total: ArrayLike, title: str) -> Figure:
    """Draw stamps, each a line of its own, above the number of them that each pixel gets.

    Parameters
    ----------
    stamps : array_like, shape (n, 2)
        First and last pixel of each.
    total : array_like, shape (L,)
    title : str
    """
    counts = np.asarray(total)
    figure = plt.figure(figsize=(5.4, 2.8))
    above = figure.add_axes((0.09, 0.58, 0.89, 0.31))
    below = figure.add_axes((0.09, 0.22, 0.89, 0.34), sharex=above)
    for number, (first, last) in enumerate(np.asarray(stamps)):
        above.hlines(-(number % 4), first - 0.35, last + 0.35, colors="C0", linewidth=4)
    above.set(ylim=(-3.7, 0.7))
    above.set_axis_off()
    above.set_title(title)
    below.bar(np.arange(len(counts)), counts, color="C1")
    below.set(xlim=(-0.7, 19.7), ylim=(0, 4.4), xlabel="output pixel", ylabel="stamps")
    below.set_xticks(range(0, 20, 2))
    below.set_yticks([0, 1, 2, 3, 4])
    return figure


def ways_up(pictures: Mapping[str, ArrayLike], columns: int = 2) -> Figure:
    """Show photographs of any size, on the grey scale of the first, each pixel as it is.

    Parameters
    ----------
    pictures : mapping of str to array_like
        By their titles.
    columns : int, default 2
    """
    arrays = {name: np.asarray(picture, float) for name, picture in pictures.items()}
    rows = -(-len(arrays) // columns)
    height, width = next(iter(arrays.values())).shape
    inches = 5.4 / columns
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(5.4, rows * (inches * height / width + 0.3)),
        layout="constrained",
        squeeze=False,
    )
    first = next(iter(arrays.values()))
    low, high = float(first.min()), float(first.max())
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, (name, array) in zip(grid.flat, arrays.items(), strict=False):
        axes.imshow(array, cmap="gray", vmin=low, vmax=high, interpolation="none")
        axes.set_title(name)
    return figure


def drift(
    shifts: ArrayLike, changes: Mapping[str, ArrayLike], label: str, unit: str = "shift (pixels)"
) -> Figure:
    """Plot what a shift of the input changes, a line for each layer or network.

    Parameters
    ----------
    shifts : array_like, shape (n,)
    changes : mapping of str to array_like of shape (n,)
    label, unit : str
        What stands on the axes.
    """
    figure, axes = plt.subplots(figsize=(5.4, 3), layout="constrained")
    x = np.asarray(shifts)
    for number, (name, change) in enumerate(changes.items()):
        axes.plot(
            x,
            np.asarray(change),
            f"C{number}{_MARKERS[number % 6]}",
            linestyle=_STYLES[number % 4],
            markersize=5,
            label=name,
        )
    axes.set(xlabel=unit, ylabel=label, xticks=x)
    top = max(float(np.max(np.asarray(change))) for change in changes.values())
    axes.set_ylim(-0.03 * top, 1.08 * top)
    axes.legend(
        ncols=4 if len(changes) < 4 else 2,
        loc="lower center",
        bbox_to_anchor=(0.5, 1),
        frameon=False,
    )
    return figure


def rim(picture: ArrayLike, told: ArrayLike) -> Figure:
    """Show what a stack of layers makes of a flat image, and which outputs know of the border.

    Parameters
    ----------
    picture : array_like, shape (H, W)
        From 0 to 1.
    told : array_like of bool, shape (H, W)
    """
    figure = plt.figure(figsize=(5.4, 2.75))
    for number, (name, array) in enumerate(
        {"output": np.asarray(picture), "not as without a border": np.asarray(told, float)}.items()
    ):
        axes = figure.add_axes((0.02 + 0.5 * number, 0.02, 0.46, 0.86))
        axes.imshow(array, cmap="Blues" if number else "gray", vmin=0, vmax=1.6 if number else 1)
        _frame(axes)
        axes.set_title(name)
    return figure


def norms(sizes: ArrayLike, largest: Mapping[str, ArrayLike], limit: float) -> Figure:
    """Plot the norms of a layer's matrix against the size of the image, and the largest gain.

    Parameters
    ----------
    sizes : array_like, shape (n,)
    largest : mapping of str to array_like of shape (n,)
        By the name of the padding.
    limit : float
        The largest gain for any wave.
    """
    figure, axes = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
    x = np.asarray(sizes)
    for number, (name, values) in enumerate(largest.items()):
        style = f"C{number}{_MARKERS[number]}"
        axes.plot(x, np.asarray(values), style, linestyle=_STYLES[number], label=name)
    axes.axhline(limit, color=plt.rcParams["text.color"], linewidth=1, linestyle=":")
    axes.annotate("largest gain", (x[0], limit), (0, 4), textcoords="offset points")
    axes.set(xlabel="side of the image (pixels)", ylabel="norm", ylim=(0, 1.2 * limit))
    axes.legend(loc="lower right", frameon=False)
    return figure


def first_kernels(rows: Mapping[str, ArrayLike]) -> Figure:
    """Show sets of kernels or windows, a row each, every one on a scale of its own.

    Parameters
    ----------
    rows : mapping of str to array_like of shape (n, k, k)
        By the title of the row; all of the same n. Signed ones from blue (below 0) to red,
        others in grey.
    """
    sets = {name: np.asarray(kernels) for name, kernels in rows.items()}
    count = len(next(iter(sets.values())))
    high = 0.98 * len(sets)
    figure = plt.figure(figsize=(5.6, high))
    for number, (name, kernels) in enumerate(sets.items()):
        axes = figure.add_axes(
            (0.005, 1 - (number + 0.99) / len(sets), 0.99, 0.72 / len(sets)),
            xlim=(-0.05, count * 1.15 - 0.1),
            ylim=(1.05, -0.05),
        )
        axes.set_axis_off()
        axes.set_title(name, loc="left", pad=2)
        for place, kernel in enumerate(kernels):
            signed = bool((kernels < 0).any())
            reach = float(np.abs(kernel).max()) or 1.0
            corner = 1.15 * place
            image = axes.imshow(
                kernel,
                cmap="RdBu_r" if signed else "gray",
                vmin=-reach if signed else 0,
                vmax=reach,
                interpolation="none",
                extent=(corner, corner + 1, 1, 0),
                aspect="auto",
            )
            image.set_zorder(1)
            frame = Rectangle((corner, 0), 1, 1, fill=False, linewidth=0.6)
            frame.set_edgecolor(plt.rcParams["text.color"])
            axes.add_patch(frame)
        axes.set(xlim=(-0.05, count * 1.15 - 0.1), ylim=(1.05, -0.05))
    return figure


def seeds(groups: Mapping[str, Mapping[str, Sequence[float]]], label: str) -> Figure:
    """Draw a dot for each seed and a bar for their mean, in panels that share one axis.

    Parameters
    ----------
    groups : mapping of str to mapping of str to sequence of float
        By the title of the panel and the name of the row.
    label : str
        What the axis stands for.
    """
    names = list(next(iter(groups.values())))
    figure, panels = plt.subplots(
        1, len(groups), figsize=(5.6, 0.45 * len(names) + 0.95), layout="constrained",
        sharex=True, sharey=True, squeeze=False,
    )  # fmt: skip
    for axes, (title, rows) in zip(panels.flat, groups.items(), strict=True):
        for place, values in enumerate(rows.values()):
            axes.plot(values, np.full(len(values), -place), "C0o", markersize=4, alpha=0.7)
            axes.plot(np.mean(values), -place, "C1|", markersize=16, markeredgewidth=2.5)
        axes.set_title(title)
        axes.set_xlabel(label)
    panels.flat[0].set_yticks([-n for n in range(len(names))], names)
    panels.flat[0].set_ylim(0.5 - len(names), 0.5)
    return figure


def _plane(columns: int, rows: int, head: float = 1.2) -> tuple[Figure, Axes]:
    """Return axes in which a cell is a unit, with room for a line of names above."""
    wide, high = columns + 0.3, rows + head + 0.2
    figure = plt.figure(figsize=(5.4, 5.4 * high / wide))
    limits = (-0.65, wide - 0.65), (rows - 0.3, -0.5 - head)
    axes = figure.add_axes((0, 0, 1, 1), xlim=limits[0], ylim=limits[1])
    axes.set_axis_off()
    return figure, axes


def _name(axes: Axes, name: str, middle: float) -> None:
    axes.text(middle, -0.7, name, ha="center", va="bottom")


def _frame(axes: Axes) -> None:
    """Leave of the axes a thin frame, against which a light rim is seen."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
    axes.spines[:].set_linewidth(0.6)
