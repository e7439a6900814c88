"""Figures of the convolution chapter's lessons on edges, on layers and on a network of them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D
from numpy.typing import ArrayLike, NDArray

from dlfund.figures.convolution import _cells, _no_ticks, _show, _tint

__all__ = [  # noqa: RUF022 - in the order of the lessons
    "row_window",
    "borders",
    "permuted",
    "by_channel",
    "volumes",
    "effective",
    "widths",
    "shares",
    "roofline",
]

_ASIDE, _UP = 0.6, 0.22  # a sheet seen from the side: a step to the right goes right, and up


def row_window(signal: ArrayLike, kernel: ArrayLike, output: ArrayLike, place: int) -> Figure:
    """Show a signal as bars, the window of one output on it, and the outputs up to that one.

    Parameters
    ----------
    signal : array_like, shape (N,)
        Not negative.
    kernel : array_like, shape (K,)
    output : array_like, shape (N - K + 1,)
    place : int
        Which output the window belongs to; it stands under the middle of its window.
    """
    x, w, y = np.asarray(signal), np.asarray(kernel), np.asarray(output)
    middle = (len(w) - 1) / 2
    figure = plt.figure(figsize=(5.6, 3.1))
    top = figure.add_axes((0.14, 0.55, 0.85, 0.42), xlim=(-0.8, len(x) - 0.2), xticks=[])
    low = figure.add_axes((0.14, 0.03, 0.85, 0.42), sharex=top)
    inside = (np.arange(len(x)) >= place) & (np.arange(len(x)) < place + len(w))
    for group, colour in ((~inside, "C0"), (inside, "C1")):
        top.bar(np.flatnonzero(group), x[group], color=colour, width=0.8)
    top.set_ylim(0, 1.28 * x.max())
    for tap, weight in enumerate(w):
        height = x[place + tap] + 0.03 * x.max()
        text = f"{'×' if weight >= 0 else '×−'}{abs(weight):g}"
        top.text(place + tap, height, text, ha="center", va="bottom", fontsize="small")
    top.set_ylabel("brightness")
    done = np.arange(place + 1)
    low.vlines(done + middle, 0, y[: place + 1], colors=["C0"] * place + ["C1"])
    low.plot(done[:-1] + middle, y[:place], "C0o", markersize=4)
    low.plot([place + middle], [y[place]], "C1o", markersize=7)
    low.axhline(0, color=plt.rcParams["text.color"], linewidth=0.8)
    reach = 1.15 * float(np.abs(y).max() or 1)
    low.set_ylim(-reach, reach)
    low.set_ylabel("output")
    return figure


def borders(pictures: Mapping[str, ArrayLike], results: Sequence[ArrayLike], pad: int) -> Figure:
    """Show one photograph continued in several ways above what a filter makes of each.

    Parameters
    ----------
    pictures : mapping of str to array_like of shape (H + 2 pad, W + 2 pad)
        By the name of the way; a frame outlines the photograph within.
    results : sequence of array_like of shape (H, W), one per picture
        Signed: blue below 0, red above, on one scale.
    pad : int
        Pixels beyond each edge.
    """
    answers = [np.asarray(result) for result in results]
    figure, grid = plt.subplots(
        2, len(pictures), figsize=(5.8, 3.5), layout="constrained", squeeze=False
    )
    reach = max(float(np.abs(answer).max()) for answer in answers)
    for axes, (name, picture) in zip(grid[0], pictures.items(), strict=True):
        photo = np.asarray(picture)
        axes.imshow(photo, cmap="gray", vmin=0, vmax=255, interpolation="none")
        height, width = photo.shape[0] - 2 * pad, photo.shape[1] - 2 * pad
        frame = Rectangle((pad - 0.5, pad - 0.5), width, height, fill=False)
        frame.set(edgecolor="C1", linewidth=2)
        axes.add_patch(frame)
        axes.set_title(name)
    for axes, answer in zip(grid[1], answers, strict=True):
        axes.imshow(answer, cmap="RdBu_r", vmin=-reach, vmax=reach, interpolation="none")
    for axes in grid.flat:
        axes.set_axis_off()
    return figure


def permuted(images: ArrayLike, mixed: ArrayLike) -> Figure:
    """Show images above the same images with their pixels in another order.

    Parameters
    ----------
    images, mixed : array_like, shape (N, H, W)
    """
    rows = [np.asarray(images), np.asarray(mixed)]
    count = len(rows[0])
    figure = plt.figure(figsize=(5.6, 5.6 / count * 2 + 0.1))
    each = 1 / count
    for number, pictures in enumerate(rows):
        for column, picture in enumerate(pictures):
            place = (each * column + 0.01, 0.51 - 0.5 * number, each - 0.02, 0.48)
            axes = figure.add_axes(place)
            _show(axes, picture, "gray")
            _no_ticks(axes)
    return figure


def by_channel(
    x: ArrayLike,
    weight: ArrayLike,
    parts: ArrayLike,
    output: ArrayLike,
    place: tuple[int, int],
) -> Figure:
    """Show, channel by channel, what each slice of a kernel adds to one output.

    Parameters
    ----------
    x : array_like, shape (C, H, W)
    weight : array_like, shape (C, kH, kW)
    parts : array_like, shape (C, oH, oW)
        What each channel gives by itself.
    output : array_like, shape (oH, oW)
        Their sum, with the bias.
    place : (int, int)
        Row and column of the output.
    """
    images, slices, sums = np.asarray(x), np.asarray(weight), np.asarray(parts)
    total = np.asarray(output)
    channels, height, width = images.shape
    tall, wide = slices.shape[1:]
    starts = 0, width + 1, width + wide + 2, width + wide + sums.shape[2] + 3
    right = starts[3] + total.shape[1] + 0.2
    down = channels * (height + 1) - 1
    figure = plt.figure(figsize=(5.6, 5.6 * (down + 1.9) / (right + 0.4)))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-0.9, right - 0.5), ylim=(down - 0.3, -2.2))
    axes.set_axis_off()
    taps = np.argwhere(np.ones((tall, wide)))
    for channel in range(channels):
        top = channel * (height + 1)
        lower = top + (height - tall) // 2
        level = top + (height - sums.shape[1]) // 2
        _cells(axes, images[channel], top, starts[0])
        _cells(axes, slices[channel], lower, starts[1])
        _cells(axes, sums[channel], level, starts[2])
        colour = f"C{channel % 2 * 2}"
        _tint(axes, taps + np.array([top + place[0], place[1]]), colour, starts[0])
        _tint(axes, taps + np.array([lower, 0]), colour, starts[1])
        _tint(axes, np.array([[level + place[0], place[1]]]), colour, starts[2])
    level = (down - total.shape[0]) // 2
    _cells(axes, total, level, starts[3])
    _tint(axes, np.array([[level + place[0], place[1]]]), "C1", starts[3])
    names = ("input", "kernel", "each channel", "sum + bias")
    spans = (width, wide, sums.shape[2], total.shape[1])
    for name, start, span in zip(names, starts, spans, strict=True):
        height_of = level - 0.7 if name == "sum + bias" else -1.2
        axes.text(start + (span - 1) / 2, height_of, name, ha="center", va="bottom")
    return figure


def volumes(x: ArrayLike, weight: ArrayLike, y: ArrayLike, place: tuple[int, int]) -> Figure:
    """Draw a layer as sheets: input channels, one kernel a row with a slice for each, outputs.

    One window is outlined in every input channel, and the number it gives in every output.

    Parameters
    ----------
    x : array_like, shape (C, H, W)
        Not negative.
    weight : array_like, shape (O, C, kH, kW)
    y : array_like, shape (O, oH, oW)
        Each map on its own scale: grey, or from blue (below 0) to red if any is below 0.
    place : (int, int)
        Row and column of the output.
    """
    images, kernels, maps = np.asarray(x), np.asarray(weight), np.asarray(y)
    channels, height, width = images.shape
    tall, wide = kernels.shape[2:]
    rows = len(kernels)
    each = height / rows * 1.45  # of a row: a kernel, and the output it gives
    scale = 0.62 * each / (tall + _UP * wide)  # of a cell of a kernel, in pixels
    figure = plt.figure(figsize=(5.8, 3.9))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    gap = 0.26 * width
    deep = _ASIDE * width + gap * (channels - 1)
    top, left = _UP * width, 0.0
    for channel in range(channels):
        corner = (left + gap * channel, top)
        _sheet(axes, images[channel], corner, 1.0, "gray", (0, float(images.max())))
        _outline(axes, place, (tall, wide), corner, 1.0, "C1")
    start = deep + 0.32 * width
    step = _ASIDE * wide * scale + 0.25 * scale * wide
    reach = float(np.abs(kernels).max())
    end = start + step * channels + 0.35 * width
    small = 0.94 * each / (maps.shape[1] + _UP * maps.shape[2])
    first = top + height / 2 - _UP * width / 2 - each * rows / 2
    ink = plt.rcParams["text.color"]
    for row in range(rows):
        middle = first + (row + 0.5) * each
        for channel in range(channels):
            lift = (_UP * wide - tall) * scale / 2
            corner = (start + step * channel, middle + lift)
            limits = (-reach, reach)
            _sheet(axes, kernels[row, channel], corner, scale, "RdBu_r", limits)
            _grid(axes, kernels.shape[2:], corner, scale)
        corner = (end, middle + (_UP * maps.shape[2] - maps.shape[1]) * small / 2)
        high = float(np.abs(maps[row]).max()) or 1.0
        signed = bool(maps[row].min() < 0)
        colours, low = ("RdBu_r", -high) if signed else ("gray", 0.0)
        _sheet(axes, maps[row], corner, small, colours, (low, high))
        _outline(axes, place, (1, 1), corner, small, "C1")
        across = (start + step * channels - 0.02 * width, end - 0.04 * width)
        axes.annotate(
            "",
            (across[1], middle),
            (across[0], middle),
            arrowprops={"arrowstyle": "->", "color": ink, "linewidth": 1},
        )
    right = end + _ASIDE * maps.shape[2] * small
    bottom = max(top + height, first + rows * each)
    for where, label, shape in (
        (deep / 2, "input", images.shape),
        ((start + end - 0.35 * width) / 2, "kernels", kernels.shape),
        ((end + right) / 2, "output", maps.shape),
    ):
        text = f"{label}\n({', '.join(map(str, shape))})"
        axes.text(where, bottom + 0.04 * height, text, ha="center", va="top")
    edge = min(0.0, first)
    axes.set_aspect("equal")
    axes.set(xlim=(-0.06 * width, right + 0.12 * width), ylim=(bottom + 0.3 * height, edge))
    return figure


def effective(profile: ArrayLike, reach: float) -> Figure:
    """Show what each input pixel adds to one output, and the square that holds most of it.

    Parameters
    ----------
    profile : array_like, shape (n, n)
        Not negative; the whole of it is what the output can see.
    reach : float
        From the middle to the sides of the square, in pixels.
    """
    grid = np.asarray(profile)
    size, middle = len(grid), (len(grid) - 1) / 2
    figure = plt.figure(figsize=(5.4, 2.9))
    axes = figure.add_axes((0.01, 0.02, 0.5, 0.96))
    axes.set_aspect("equal")
    axes.imshow(grid, cmap="Blues", vmin=0, interpolation="none")
    for half, colour, style in ((size / 2, "C0", "-"), (reach, "C1", "--")):
        square = Rectangle((middle - half, middle - half), 2 * half, 2 * half, fill=False)
        square.set(edgecolor=colour, linestyle=style, linewidth=2)
        axes.add_patch(square)
    limit = 14.5
    axes.set(xlim=(middle - limit, middle + limit), ylim=(middle + limit, middle - limit))
    _no_ticks(axes)
    line = figure.add_axes((0.56, 0.2, 0.42, 0.7), xlim=(-limit, limit), ylim=(0, 0.36))
    line.bar(np.arange(size) - middle, grid.sum(axis=0) / grid.sum(), width=0.8, color="C0")
    for side in (-reach, reach):
        line.axvline(side, color="C1", linestyle="--")
    line.set(xlabel="pixels from the middle", yticks=[0, 0.1, 0.2, 0.3])
    line.set_title("share of each column")
    return figure


def widths(depths: ArrayLike, full: ArrayLike, measured: ArrayLike, predicted: ArrayLike) -> Figure:
    """Plot the width of the receptive field against depth, on logarithmic axes.

    Parameters
    ----------
    depths, full, measured, predicted : array_like, shape (n,)
        Layers; all pixels that can be seen; the effective width, measured and by the formula.
    """
    figure, axes = plt.subplots(figsize=(5.2, 3), layout="constrained")
    x = np.asarray(depths)
    for values, style, name in (
        (full, "C0s-", "all that is seen"),
        (measured, "C1o", "effective, measured"),
        (predicted, "C1--", "effective, by the formula"),
    ):
        axes.loglog(x, np.asarray(values), style, label=name)
    axes.set_xticks(x, [f"{depth:g}" for depth in x])
    axes.set_yticks([4, 10, 30, 100], ["4", "10", "30", "100"])
    axes.minorticks_off()
    axes.set(xlabel="layers", ylabel="width in pixels")
    axes.legend(frameon=False)
    return figure


def shares(layers: Sequence[str], columns: Mapping[str, ArrayLike]) -> Figure:
    """Draw, side by side, which share of several totals each layer has.

    Parameters
    ----------
    layers : sequence of str
        From the input to the output.
    columns : mapping of str to array_like of shape (n,)
        Counts for each layer, by what is counted; none may sum to 0.
    """
    figure, row = plt.subplots(
        1, len(columns), figsize=(5.8, 0.3 * len(layers) + 0.7), layout="constrained", sharey=True
    )
    places = np.arange(len(layers))
    for number, (axes, (name, counts)) in enumerate(zip(row, columns.items(), strict=True)):
        values = np.asarray(counts)
        part = values / values.sum()
        axes.barh(places, part, color=f"C{number}")
        for place, share in zip(places, part, strict=True):
            text = f"{100 * share:.0f} %" if share >= 0.005 else "0" if share == 0 else "< 1 %"
            axes.text(share + 0.03, place, text, va="center", fontsize="small")
        axes.set(xlim=(0, 1.3), xticks=[], title=name)
        axes.spines[["right", "bottom", "top"]].set_visible(False)
    row[0].set_yticks(places, layers)
    row[0].invert_yaxis()
    return figure


def roofline(layers: Mapping[str, tuple[float, float]], peak: float, bandwidth: float) -> Figure:
    """Plot the rate that a machine can reach against operations per byte, and layers on it.

    Parameters
    ----------
    layers : mapping of str to (float, float)
        Operations and bytes of each layer, by its name.
    peak : float
        Operations a second, at best.
    bandwidth : float
        Bytes a second, at best.
    """
    figure, axes = plt.subplots(figsize=(5.4, 3), layout="constrained")
    x = np.geomspace(0.1, 1000, 81)
    roof = np.minimum(peak, bandwidth * x) / 1e12
    axes.loglog(x, roof, color=plt.rcParams["text.color"], linewidth=1.2)
    for number, (name, (operations, moved)) in enumerate(layers.items()):
        intensity = operations / moved
        rate = min(peak, bandwidth * intensity) / 1e12
        axes.plot(intensity, rate, f"C{number % 3}", marker="osD^vP"[number % 6], markersize=8)
        axes.annotate(
            name, (intensity, rate), (6, -9), textcoords="offset points", ha="left", va="top"
        )
    axes.set(xlabel="operations per byte", ylabel="trillion operations a second")
    axes.set_ylim(roof[0] * 0.5, peak / 1e12 * 3)
    return figure


def _sheet(
    axes: Axes,
    picture: NDArray[np.generic],
    corner: tuple[float, float],
    scale: float,
    colours: str,
    limits: tuple[float, float],
) -> None:
    """Draw an image as a sheet seen from the side, its top left at the corner."""
    image = axes.imshow(picture, cmap=colours, vmin=limits[0], vmax=limits[1], interpolation="none")
    image.set_transform(_lean(corner, scale) + axes.transData)
    image.set_clip_on(False)
    height, width = picture.shape
    ends = [(-0.5, -0.5), (width - 0.5, -0.5), (width - 0.5, height - 0.5), (-0.5, height - 0.5)]
    rim = Polygon(_lean(corner, scale).transform(ends), closed=True, fill=False)
    rim.set(edgecolor=plt.rcParams["text.color"], linewidth=0.7)
    axes.add_patch(rim)


def _outline(
    axes: Axes,
    place: tuple[int, int],
    size: tuple[int, int],
    corner: tuple[float, float],
    scale: float,
    colour: str,
) -> None:
    """Outline a window on a sheet."""
    top, left, low, right = *np.array(place) - 0.5, *np.array(place) + size - 0.5
    ends = [(left, top), (right, top), (right, low), (left, low)]
    frame = Polygon(_lean(corner, scale).transform(ends), closed=True, fill=False)
    frame.set(edgecolor=colour, linewidth=2)
    axes.add_patch(frame)


def _grid(axes: Axes, size: tuple[int, int], corner: tuple[float, float], scale: float) -> None:
    """Draw the cells of a sheet."""
    cell = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    cells = [_lean(corner, scale).transform(cell + np.array([c, r])) for r, c in np.ndindex(*size)]
    ink = plt.rcParams["text.color"]
    axes.add_collection(PolyCollection(cells, facecolor="none", edgecolor=ink, linewidth=0.4))


def _lean(corner: tuple[float, float], scale: float) -> Affine2D:
    """Return the way from (column, row) of a sheet to the figure's plane."""
    matrix = np.array([[_ASIDE, 0, 0], [-_UP, 1, 0], [0, 0, 1]])
    lean = Affine2D(matrix @ Affine2D().translate(0.5, 0.5).get_matrix())
    return lean.scale(scale).translate(*corner)
