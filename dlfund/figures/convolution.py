"""Figures of the convolution chapter: kernels at work, what they see, what they cost."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "photographs",
    "window",
    "heatmaps",
    "cones",
    "sliding",
    "filtered",
    "turned_edge",
    "responses",
    "costs",
    "shifts",
    "learning",
]

_MARKERS = "osD^vP"


def photographs(images: Sequence[ArrayLike], titles: Sequence[str]) -> Figure:
    """Show photographs in grey, and signed results from blue (below 0) to red (above).

    Parameters
    ----------
    images : sequence of array_like, each of shape (H, W)
    titles : sequence of str, one per image
    """
    columns = 2 if len(images) in (2, 4) else min(3, len(images))
    rows = -(-len(images) // columns)
    pictures = [np.asarray(image) for image in images]
    height, width = pictures[0].shape
    inches = 5.4 / columns
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(5.4, rows * (inches * height / width + 0.3)),
        layout="constrained",
        squeeze=False,
    )
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, picture, title in zip(grid.flat, pictures, titles, strict=False):
        _show(axes, picture, "gray")
        axes.set_title(title)
    return figure


def window(
    image: ArrayLike, kernel: ArrayLike, output: ArrayLike, place: tuple[int, int]
) -> Figure:
    """Show image, kernel and output as grids of numbers, one window and its output outlined.

    Parameters
    ----------
    image : array_like, shape (H, W)
    kernel : array_like, shape (kH, kW)
    output : array_like, shape (H - kH + 1, W - kW + 1)
    place : (int, int)
        Row and column of the output to outline.
    """
    grids = [np.asarray(image), np.asarray(kernel), np.asarray(output)]
    figure, row = plt.subplots(
        1,
        3,
        figsize=(5.4, 2.3),
        layout="constrained",
        width_ratios=[grid.shape[1] for grid in grids],
    )
    for axes, grid, title in zip(row, grids, ("image", "kernel", "output"), strict=True):
        _show(axes, grid, "Blues")
        _write(axes, grid)
        _no_ticks(axes)
        axes.set_title(title)
        axes.set_anchor("N")
    top, left = place
    for axes, (height, width) in ((row[0], grids[1].shape), (row[2], (1, 1))):
        corner = (left - 0.5, top - 0.5)
        outline = Rectangle(corner, width, height, fill=False, edgecolor="C1", linewidth=4)
        outline.set_clip_on(False)
        axes.add_patch(outline)
    return figure


def heatmaps(
    arrays: Sequence[ArrayLike],
    titles: Sequence[str],
    *,
    numbers: bool = True,
    labels: tuple[str, str] | None = None,
    shared: bool = True,
    size: float = 5.6,
) -> Figure:
    """Show matrices side by side in colours, on a scale that is symmetric about 0 if signed.

    Parameters
    ----------
    arrays : sequence of array_like, each 2-D
    titles : sequence of str, one per array
    numbers : bool, default True
        Write each value into its cell.
    labels : (str, str), optional
        What the columns and the rows stand for; then the axes are counted.
    shared : bool, default True
        Use one colour scale for all; otherwise each has its own.
    size : float, default 5.6
        Width in inches.
    """
    grids = [np.asarray(array) for array in arrays]
    columns = min(3, len(grids))
    rows = -(-len(grids) // columns)
    ratio = max(grid.shape[0] for grid in grids) / (
        sum(grid.shape[1] for grid in grids[:columns]) or 1
    )
    figure, places = plt.subplots(
        rows,
        columns,
        figsize=(size, rows * (size * ratio + (0.8 if labels else 0.5))),
        layout="constrained",
        squeeze=False,
        width_ratios=[grid.shape[1] for grid in grids[:columns]],
        gridspec_kw={"wspace": 0.08},
    )
    for axes in places.flat[len(grids) :]:
        axes.set_axis_off()
    ends = min(float(g.min()) for g in grids), max(float(g.max()) for g in grids)
    limits = ends if shared else None
    for axes, grid, title in zip(places.flat, grids, titles, strict=False):
        _show(axes, grid, "Blues", limits)
        if numbers:
            _write(axes, grid)
        if labels:
            axes.set(xlabel=labels[0], ylabel=labels[1])
            axes.set_xticks(range(grid.shape[1]))
            axes.set_yticks(range(grid.shape[0]))
        else:
            _no_ticks(axes)
        axes.set_title(title)
    return figure


def cones(
    layers: Sequence[Sequence[tuple[int, int, int]]],
    seen: Sequence[Sequence[Sequence[int]]],
    titles: Sequence[str],
) -> Figure:
    """Draw what one output sees, level by level, for stacks of layers side by side.

    Parameters
    ----------
    layers : sequence of stacks, each a sequence of (kernel, stride, dilation)
        From the input to the output.
    seen : sequence of levels per stack, each a sequence of positions
        From the output, one position, down to the input: one level more than layers.
    titles : sequence of str, one per stack
    """
    figure, row = plt.subplots(
        1, len(layers), figsize=(2.2 * len(layers), 2.2), layout="constrained", squeeze=False
    )
    for axes, stack, levels, title in zip(row.flat, layers, seen, titles, strict=True):
        _cone(axes, stack, [list(level) for level in levels])
        axes.set_title(title)
    row.flat[0].set_yticks([0, len(layers[0])], ["input", "output"])
    return figure


def sliding(
    image: ArrayLike,
    kernel: ArrayLike,
    output: ArrayLike,
    place: tuple[int, int],
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Figure:
    """Show which pixels of a padded image one output sees, and the outputs up to that one.

    All is on one plane, a cell a unit, with the image's first pixel at (0, 0). The figure is
    equally large for a padding of 0 and of 1.

    Parameters
    ----------
    image : array_like, shape (H, W)
    kernel : array_like, shape (kH, kW)
    output : array_like, shape (oH, oW)
    place : (int, int)
        Row and column of the output.
    stride, padding, dilation : int
        Of the layer.
    """
    picture, weights, result = np.asarray(image), np.asarray(kernel), np.asarray(output)
    height, width = picture.shape
    left = width + 2, width + weights.shape[1] + 3  # of the kernel, of the output
    wide, high = left[1] + result.shape[1] + 1.1, height + 2.9
    figure = plt.figure(figsize=(5.4, 5.4 * high / wide))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-1.55, wide - 1.55), ylim=(high - 2.35, -2.35))
    axes.set_axis_off()
    taps = np.argwhere(np.ones(weights.shape))
    _cells(axes, np.pad(picture, padding), -padding, -padding)
    _cells(axes, weights, 0, left[0])
    _cells(axes, result, 0, left[1], place[0] * result.shape[1] + place[1] + 1)
    _tint(axes, taps * dilation + np.array(place) * stride - padding, "C1")
    _tint(axes, taps, "C1", left[0])
    _tint(axes, np.array([place]), "C0", left[1])
    bottom, right = height - 0.5, width - 0.5
    corners = [(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom), (-0.5, -0.5)]
    axes.plot(*np.transpose(corners), color=plt.rcParams["text.color"], linewidth=1.8)
    for name, start, grid in zip(
        ("input", "kernel", "output"), (0, *left), (picture, weights, result), strict=True
    ):
        middle = start + (grid.shape[1] - 1) / 2
        axes.text(middle, -0.7 if start else -1.7, name, ha="center", va="bottom")
    return figure


def filtered(image: ArrayLike, outputs: Mapping[str, ArrayLike]) -> Figure:
    """Show an image beside what four filters make of it; titles say the range of each.

    All outputs share one colour scale, symmetric about 0, so that they can be compared.

    Parameters
    ----------
    image : array_like, shape (H, W)
    outputs : mapping of str to array_like
        The four results by the name of their filter.
    """
    figure, panels = plt.subplot_mosaic(
        [["image", "0", "1"], ["image", "2", "3"]],
        figsize=(6, 4),
        layout="constrained",
        width_ratios=[1.3, 1, 1],
    )
    picture = np.asarray(image)
    _show(panels["image"], picture, "gray")
    panels["image"].set_title(f"image\n{_range(picture)}")
    results = {name: np.asarray(output) for name, output in outputs.items()}
    reach = max(float(np.abs(result).max()) for result in results.values()) or 1.0
    for place, (name, result) in enumerate(results.items()):
        axes = panels[str(place)]
        axes.imshow(result, cmap="RdBu_r", vmin=-reach, vmax=reach, interpolation="none")
        axes.set_title(f"{name}\n{_range(result)}")
    for axes in panels.values():
        _no_ticks(axes)
    return figure


def turned_edge(edge: ArrayLike, answers: Mapping[str, ArrayLike]) -> Figure:
    """Show an edge beside what kernels make of it, and the answer of each in the middle.

    Parameters
    ----------
    edge : array_like, shape (H, W)
        From 0 (black) to 1 (white).
    answers : mapping of str to array_like
        By the name of the kernel; blue is below 0, red above, on a scale from -4 to 4.
    """
    figure = plt.figure(figsize=(5.4, 2.2))
    pictures = {"edge": np.asarray(edge)} | {n: np.asarray(a) for n, a in answers.items()}
    for number, (name, picture) in enumerate(pictures.items()):
        axes = figure.add_axes((0.005 + 0.34 * number, 0, 0.31, 0.76))
        axes.set_axis_off()
        low, high, colours = (-4, 4, "RdBu_r") if number else (0, 1, "gray")
        axes.imshow(picture, cmap=colours, vmin=low, vmax=high, interpolation="none")
        row, column = picture.shape[0] // 2, picture.shape[1] // 2
        answer = f"{picture[row, column].round(1) + 0:+.1f}" if number else ""
        axes.set_title(f"{name}\n{answer}".replace("-", "−"))
        corner = column - 0.5, row - 0.5
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="C1", linewidth=2))
    return figure


def responses(frequencies: ArrayLike, gains: Mapping[str, ArrayLike]) -> Figure:
    """Plot how strongly each filter passes each frequency, with its name at its peak.

    Parameters
    ----------
    frequencies : array_like, shape (n,)
        Cycles per pixel, from 0 to 1/2.
    gains : mapping of str to array_like of shape (n,)
        The gain of each filter by its name.
    """
    figure, axes = plt.subplots(figsize=(5.4, 3), layout="constrained")
    x = np.asarray(frequencies)
    for number, (name, gain) in enumerate(gains.items()):
        y = np.asarray(gain)
        axes.plot(x, y, f"C{number}", linestyle=("-", "--", "-.", ":")[number % 4])
        top = int(y.argmax())
        side = "left" if top == 0 else "right" if top == len(y) - 1 else "center"
        axes.annotate(name, (x[top], y[top]), (0, 6), textcoords="offset points", ha=side)
    highest = max(float(np.asarray(gain).max()) for gain in gains.values())
    axes.set(xlabel="frequency (cycles per pixel)", ylabel="gain", ylim=(0, 1.2 * highest))
    return figure


def costs(sizes: ArrayLike, counts: Mapping[str, ArrayLike]) -> Figure:
    """Plot operation counts against the size of the kernel, both on logarithmic scales.

    Parameters
    ----------
    sizes : array_like, shape (n,)
    counts : mapping of str to array_like of shape (n,)
        Operations per pixel for each way of computing, by its name.
    """
    figure, axes = plt.subplots(figsize=(5.4, 3.2), layout="constrained")
    x = np.asarray(sizes)
    for number, count in enumerate(counts.values()):
        y = np.asarray(count)
        style = f"C{number}{_MARKERS[number % len(_MARKERS)]}"
        axes.loglog(x, y, style, linestyle=("-", "--", "-.", ":")[number % 4], markersize=5)
    place = 0.0
    for name, count in sorted(counts.items(), key=lambda item: float(np.asarray(item[1])[-1])):
        place = max(float(np.asarray(count)[-1]), 2.1 * place)  # names must not overlap
        axes.annotate(name, (x[-1], place), (8, 0), textcoords="offset points", va="center")
    axes.set_xticks(x, [f"{size:g}" for size in x])
    axes.minorticks_off()
    axes.set(xlabel="kernel size $k$ (of $k × k$)", ylabel="operations per pixel")
    return figure


def shifts(
    signals: Sequence[ArrayLike], outputs: Sequence[ArrayLike], titles: Sequence[str]
) -> Figure:
    """Draw signals as stems, each above the output that it gives.

    Parameters
    ----------
    signals, outputs : sequence of array_like, each 1-D
    titles : sequence of str, one per signal
    """
    figure, grid = plt.subplots(
        2, len(signals), figsize=(5.8, 3.2), layout="constrained", sharey="row", squeeze=False
    )
    for number, (rows, title) in enumerate(zip((signals, outputs), ("C0", "C1"), strict=True)):
        for axes, values in zip(grid[number], rows, strict=True):
            y = np.asarray(values)
            _stems(axes, y, title, _MARKERS[number])
    for axes, title in zip(grid[0], titles, strict=True):
        axes.set_title(title)
    grid[0, 0].set_ylabel("input")
    grid[1, 0].set_ylabel("output")
    return figure


def learning(losses: ArrayLike, kernels: Mapping[str, ArrayLike]) -> Figure:
    """Plot the loss of each step above three kernels.

    Parameters
    ----------
    losses : array_like, shape (n,)
    kernels : mapping of str to array_like
        Three kernels by their titles.
    """
    figure = plt.figure(figsize=(5.4, 4.4), layout="constrained")
    places = figure.add_gridspec(2, len(kernels), height_ratios=[1, 1.1], wspace=0.12)
    axes = figure.add_subplot(places[0, :])
    y = np.asarray(losses)
    axes.semilogy(np.arange(len(y)), y, "C0")
    axes.set(xlabel="step", ylabel="loss")
    for number, (name, kernel) in enumerate(kernels.items()):
        panel = figure.add_subplot(places[1, number])
        grid = np.asarray(kernel)
        _show(panel, grid, "Blues")
        _write(panel, grid)
        _no_ticks(panel)
        panel.set_title(name)
    return figure


def _show(
    axes: Axes,
    array: NDArray[np.generic],
    unsigned: str,
    limits: tuple[float, float] | None = None,
) -> AxesImage:
    """Show an array in colours: blue to red about 0 if it (or the limits) are signed."""
    low, high = limits or (float(array.min()), float(array.max()))
    if low < 0:
        colours, high = "RdBu_r", max(-low, high)
        low = -high
    else:
        # A photograph uses all its greys; counts start at 0, or small ones would look large.
        colours, low = unsigned, low if unsigned == "gray" else 0.0
    high = max(high, low + 1e-9)
    return axes.imshow(array, cmap=colours, vmin=low, vmax=high, interpolation="none")


def _write(axes: Axes, array: NDArray[np.generic]) -> None:
    """Write each number into its cell, dark on light cells and light on dark ones."""
    image = axes.images[0]
    colours = np.asarray(image.cmap(image.norm(array)))
    light = colours[..., :3] @ [0.2126, 0.7152, 0.0722] > 0.5
    for (row, column), value in np.ndenumerate(array):
        axes.text(
            column,
            row,
            _short(value),
            ha="center",
            va="center",
            color="#111118" if light[row, column] else "#fafafa",
        )


def _cells(
    axes: Axes, numbers: NDArray[np.generic], top: int, left: int, count: int | None = None
) -> None:
    """Draw a grid, its first cell at (top, left), and write the first `count` numbers into it."""
    rows, columns = np.arange(numbers.shape[0] + 1) + top, np.arange(numbers.shape[1] + 1) + left
    lines = [[(columns[0], row), (columns[-1], row)] for row in rows]
    lines += [[(column, rows[0]), (column, rows[-1])] for column in columns]
    ink = plt.rcParams["text.color"]
    grid = LineCollection(
        [np.array(ends) - 0.5 for ends in lines], colors=ink, linewidth=0.6, alpha=0.5
    )
    axes.add_collection(grid, autolim=False)
    for (row, column), value in list(np.ndenumerate(numbers))[:count]:
        axes.text(column + left, row + top, _short(value), ha="center", va="center")


def _tint(axes: Axes, cells: NDArray[np.integer], colour: str, left: int = 0) -> None:
    """Tint cells, each a row and a column from `left` on."""
    squares = [Rectangle((left + column - 0.5, row - 0.5), 1, 1) for row, column in cells]
    axes.add_collection(PatchCollection(squares, facecolor=colour, alpha=0.45), autolim=False)


def _short(value: float) -> str:
    return f"{round(float(value), 2) + 0:g}".replace("-", "−")


def _no_ticks(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def _range(array: NDArray[np.generic]) -> str:
    """Say which values an array holds."""
    low, high = (round(float(end), 2) + 0 for end in (array.min(), array.max()))
    return f"{low:g} everywhere" if low == high else f"{low:g} to {high:g}".replace("-", "−")


def _cone(axes: Axes, stack: Sequence[tuple[int, int, int]], levels: list[list[int]]) -> None:
    """Draw one stack: levels from the output down to the input, and the lines between them."""
    steps, starts = [1], [0.0]  # of each level, in input pixels: from unit to unit, and unit 0
    for kernel, stride, dilation in stack:
        starts.append(starts[-1] + dilation * (kernel - 1) / 2 * steps[-1])
        steps.append(steps[-1] * stride)
    places = [
        np.array(level) * step + start
        for level, step, start in zip(reversed(levels), steps, starts, strict=True)
    ]
    ink = plt.rcParams["text.color"]
    for height, (kernel, stride, dilation) in enumerate(stack):
        below, above = levels[-1 - height], levels[-2 - height]
        for unit, x in zip(above, places[height + 1], strict=True):
            for tap in range(kernel):
                y = places[height][below.index(unit * stride + tap * dilation)]
                axes.plot([x, y], [height + 1, height], color=ink, alpha=0.35, linewidth=1)
    for height, x in enumerate(places):
        colour, marker = ("C0", "s") if height == 0 else ("C1", "o")
        axes.plot(x, np.full(len(x), height), colour, marker=marker, linestyle="", markersize=4)
    axes.set_yticks([])
    axes.set(ylim=(-0.4, len(places) - 0.6), xticks=[])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _stems(axes: Axes, y: NDArray[np.generic], colour: str, marker: str) -> None:
    x = np.arange(len(y))
    axes.vlines(x, 0, y, colors=colour)
    axes.plot(x, y, colour, marker=marker, linestyle="", markersize=5)
    axes.axhline(0, color=plt.rcParams["text.color"], linewidth=0.8)
    axes.set_xticks(x[:: max(1, len(x) // 4)])
