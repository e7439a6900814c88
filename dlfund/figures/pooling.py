"""Figures of the pooling chapter: arrays in, one Matplotlib figure out."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FormatStrFormatter, MaxNLocator
from numpy.typing import ArrayLike, NDArray

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "photographs",
    "grids",
    "padded_rows",
    "running_means",
    "switches",
    "kink",
    "relu_parts",
    "shifted_signals",
    "shifted_row",
    "unchanged_shares",
    "change_curves",
    "gains",
    "through_pools",
    "power_curve",
    "window_shares",
    "bands",
    "parameter_bars",
    "class_map",
]

# A second cue beside colour, so that no series is told by its hue alone.
_DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
_MARKERS = ("o", "s", "^", "D", "v")


def photographs(images: Mapping[str, ArrayLike]) -> Figure:
    """Show grey images side by side on one scale, each with its title and size.

    Parameters
    ----------
    images : mapping of title to array_like, shape (H, W)
    """
    arrays = {title: np.asarray(image) for title, image in images.items()}
    low = min(float(a.min()) for a in arrays.values())
    high = max(float(a.max()) for a in arrays.values())
    fig, axes = plt.subplots(1, len(arrays), figsize=(6.6, 3), layout="constrained", squeeze=False)
    for ax, (title, image) in zip(axes[0], arrays.items(), strict=True):
        ax.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="none")
        ax.set_title(f"{title}\n{image.shape[0]} × {image.shape[1]}")
        ax.axis("off")
    return fig


def grids(panels: Mapping[str, ArrayLike], pool_size: int | None = None) -> Figure:
    """Show small maps side by side on one colour scale, with their numbers in the cells.

    Parameters
    ----------
    panels : mapping of title to array_like, shape (H, W)
        Every map is drawn equally large, so that smaller maps have larger cells.
    pool_size : int, optional
        Draw the borders of windows of this size, which do not overlap, in the first map.
    """
    arrays = {title: np.asarray(values) for title, values in panels.items()}
    low = min(float(np.nanmin(a)) for a in arrays.values())
    high = max(float(np.nanmax(a)) for a in arrays.values())
    fig, axes = plt.subplots(
        1, len(arrays), figsize=(7.2, 2.9), layout="constrained", squeeze=False
    )
    for ax, (title, values) in zip(axes[0], arrays.items(), strict=True):
        _numbered(ax, values, low, high)
        ax.set_title(title)
    if pool_size is not None:
        _borders(fig.axes[0], next(iter(arrays.values())).shape, pool_size)
    return fig


def padded_rows(batch: ArrayLike, real: ArrayLike, summaries: Mapping[str, ArrayLike]) -> Figure:
    """Show a batch of padded rows, padding hatched, beside one column for each summary.

    Parameters
    ----------
    batch : array_like, shape (N, T)
    real : array_like of bool, shape (N, T)
        False where there is padding.
    summaries : mapping of name to array_like, shape (N,)
    """
    values, mask = np.asarray(batch), np.asarray(real)
    columns = np.column_stack([np.asarray(column) for column in summaries.values()])
    low, high = (float(f([f(values), f(columns)])) for f in (np.min, np.max))
    fig, axes = plt.subplots(
        1,
        2,
        figsize=(7.2, 2.4),
        layout="constrained",
        width_ratios=(values.shape[1], 1.35 * columns.shape[1]),
    )
    for ax, array in zip(axes, (values, columns), strict=True):
        _numbered(ax, array, low, high)
        ax.set_aspect("auto")
    for row, column in np.argwhere(~mask):
        with plt.rc_context({"hatch.color": "black"}):  # on white, whatever the page's ink
            cell = Rectangle((column - 0.5, row - 0.5), 1, 1, hatch="///")
        cell.set(facecolor="white", edgecolor="black")
        axes[0].add_patch(cell)
        axes[0].texts[row * values.shape[1] + column].set(
            color="black", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        )
    axes[0].set_title("batch")
    axes[1].set_xticks(range(columns.shape[1]), [n.replace(" ", "\n") for n in summaries])
    axes[1].tick_params(length=0, labeltop=True, labelbottom=False)
    return fig


def running_means(counts: ArrayLike, means: Mapping[str, ArrayLike]) -> Figure:
    """Draw means of the first n values against n, on a logarithmic axis.

    Parameters
    ----------
    counts : array_like, shape (N,)
    means : mapping of name to array_like, shape (N,)
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    ax.set_xscale("log")
    curves = {name: np.asarray(mean) for name, mean in means.items()}
    _draw_curves(ax, np.asarray(counts), curves, marker=False)
    ax.set_ylim(bottom=-0.1 * max(float(curve.max()) for curve in curves.values()))
    ax.set(xlabel="values summed, one after the other", ylabel="mean so far")
    return fig


def kink(
    moves: ArrayLike, maxima: Mapping[str, ArrayLike], secants: Mapping[str, tuple[float, float]]
) -> Figure:
    """Draw a window's maximum against the move of one pixel, and a central difference.

    Parameters
    ----------
    moves : array_like, shape (N,)
        From -h to h.
    maxima : mapping of title to array_like, shape (N,)
        One panel each.
    secants : mapping of title to (low, high)
        The maximum at the moves -h and h, to be joined by a line.
    """
    x = np.asarray(moves)
    fig, axes = plt.subplots(
        1, len(maxima), figsize=(6.8, 2.7), layout="constrained", sharey=True, squeeze=False
    )
    for ax, (title, values) in zip(axes[0], maxima.items(), strict=True):
        ends = secants[title]
        slope = (ends[1] - ends[0]) / (x[-1] - x[0])
        ax.plot(x, np.asarray(values), color="C0", linewidth=3)
        ax.plot(x[[0, -1]], ends, color="C1", linestyle="--", marker="o")
        ax.set(title=f"{title}: slope {slope:g}", xlabel="move of one pixel")
    axes[0, 0].set_ylabel("maximum")
    return fig


def switches(
    feature_map: ArrayLike, grad_max: ArrayLike, grad_avg: ArrayLike, pool_size: int
) -> Figure:
    """Show a map with its windows and switches, then its gradient through both pools.

    Parameters
    ----------
    feature_map, grad_max, grad_avg : array_like, shape (H, W)
        Where `grad_max` is not zero the maximum was found; there the map is outlined.
    pool_size : int
        Windows do not overlap; their borders are drawn.
    """
    values = np.asarray(feature_map)
    gradients = {
        "gradient, maximum": np.asarray(grad_max),
        "gradient, average": np.asarray(grad_avg),
    }
    largest = max(float(np.abs(g).max()) for g in gradients.values())
    fig, axes = plt.subplots(1, 3, figsize=(7.2, 2.9), layout="constrained")
    _numbered(axes[0], values, float(values.min()), float(values.max()))
    axes[0].set_title("map and switches")
    for row, column in np.argwhere(gradients["gradient, maximum"] != 0):
        corner = (column - 0.44, row - 0.44)
        axes[0].add_patch(Rectangle(corner, 0.88, 0.88, fill=False, edgecolor="C2", linewidth=2.5))
    for ax, (title, gradient) in zip(axes[1:], gradients.items(), strict=True):
        _numbered(ax, gradient, -largest, largest, cmap="RdBu_r")
        ax.set_title(title)
    for ax in axes:
        _borders(ax, values.shape, pool_size)
    return fig


def relu_parts(x: ArrayLike, total: ArrayLike, parts: Mapping[str, ArrayLike]) -> Figure:
    """Draw a maximum and the terms that add up to it, each with its name at its start.

    Parameters
    ----------
    x, total : array_like, shape (N,)
    parts : mapping of name to array_like, shape (N,)
    """
    fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    curves = {"maximum": np.asarray(total)} | {n: np.asarray(p) for n, p in parts.items()}
    _draw_curves(ax, np.asarray(x), curves, marker=False, at_start=True)
    ax.lines[0].set_linewidth(4)
    ax.yaxis.tick_right()  # the names stand on the left, where the terms differ
    ax.spines["left"].set_visible(False)
    ax.spines["right"].set_visible(True)
    ax.set_xlabel("x")
    return fig


def shifted_signals(
    signals: Mapping[str, ArrayLike], pooled: Sequence[ArrayLike], pool_size: int
) -> Figure:
    """Draw signals above their pooled values, each bar as wide as what it stands for.

    Parameters
    ----------
    signals : mapping of title to array_like, shape (N,)
    pooled : sequence of array_like, shape (N // pool_size,)
        One for each signal; windows do not overlap.
    """
    fig, axes = plt.subplots(
        2, len(signals), figsize=(6.6, 3.6), layout="constrained", sharey=True, squeeze=False
    )
    for (above, below), (title, signal), pool in zip(axes.T, signals.items(), pooled, strict=True):
        values, summary = np.asarray(signal), np.asarray(pool)
        above.bar(np.arange(len(values)) + 0.5, values, width=0.86, color="C0")
        centres = (np.arange(len(summary)) + 0.5) * pool_size
        below.bar(centres, summary, width=pool_size - 0.14, color="C1", hatch="//")
        above.set_title(title)
        for ax in (above, below):
            ax.set_xlim(0, len(values))
            ax.set_xticks(np.arange(0, len(values) + 1, pool_size))
            ax.tick_params(labelbottom=False)
            ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
            ax.grid(axis="x", linestyle=":", linewidth=1)
    axes[0, 0].set_ylabel("signal")
    axes[1, 0].set_ylabel("pooled")
    return fig


def shifted_row(
    row: ArrayLike, pooled: Mapping[str, ArrayLike], still: Sequence[ArrayLike]
) -> Figure:
    """Draw a row of pixels above what pools make of it, with the cells outlined that differ.

    Parameters
    ----------
    row : array_like, shape (N,)
        Of values from 0 to 9.
    pooled : mapping of name to array_like, shape (M,)
    still : sequence of array_like, shape (M,)
        The same pools of the row before it was shifted.
    """
    rows = {"row": np.asarray(row)} | {name: np.asarray(pool) for name, pool in pooled.items()}
    before = [rows["row"], *(np.asarray(pool) for pool in still)]
    fig = plt.figure(figsize=(5.4, 3))
    each = 0.97 / len(rows)
    for i, ((name, values), reference) in enumerate(zip(rows.items(), before, strict=True)):
        bottom = 0.02 + each * (len(rows) - 1 - i)
        limits: dict[str, Any] = {"xlim": (-0.02, len(values) + 0.02), "ylim": (0, 9.3)}
        ax = fig.add_axes((0.005, bottom, 0.99, each * 0.72), **limits)
        ax.set_axis_off()
        ax.vlines(range(len(values) + 1), 0, 9.3, color="C4", linewidth=0.8)
        ax.axhline(0, color=plt.rcParams["text.color"])
        ax.stairs(values, fill=True, color=f"C{min(i, 1)}", hatch="//" if i else None)
        for cell in np.flatnonzero(values != reference):
            ax.add_patch(
                Rectangle((cell + 0.03, 0.1), 0.94, 9, fill=False, edgecolor="C2", linewidth=2)
            )
        ax.text(0, 9.7, f"{name}, total {values.sum():g}", va="bottom")
    return fig


def unchanged_shares(
    measured: Mapping[int, ArrayLike], predicted: Mapping[int, ArrayLike]
) -> Figure:
    """Compare the share of outputs that a shift leaves as they were with its prediction.

    Parameters
    ----------
    measured, predicted : mapping of window size to array_like, shape (N,)
        The share after a shift by 0, 1, ..., N - 1 pixels: points and lines.
    """
    fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for i, (size, share) in enumerate(predicted.items()):
        line = np.asarray(share)
        shifts = np.arange(len(line))
        ax.plot(shifts, line, color=f"C{i}", linestyle=_DASHES[i], linewidth=1.5)
        ax.plot(shifts, np.asarray(measured[size]), _MARKERS[i], color=f"C{i}", markersize=6)
        ax.annotate(
            f"{size} × {size}",
            (shifts[-1], line[-1]),
            (0, -7),
            textcoords="offset points",
            ha="center",
            va="top",
        )
    ax.set(ylim=(-0.14, 1.05), xlabel="shift (pixels)", ylabel="share of outputs unchanged")
    return fig


def change_curves(
    curves: Mapping[str, ArrayLike],
    spread: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
) -> Figure:
    """Draw how much outputs change when the input is shifted by 0, 1, 2, ... pixels.

    Parameters
    ----------
    curves : mapping of name to array_like, shape (N,)
        Relative change after each shift.
    spread : mapping of name to (low, high), each of shape (N,), optional
        Drawn as a band.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    arrays = {name: np.asarray(curve) for name, curve in curves.items()}
    for i, name in enumerate(arrays):
        if spread is not None:
            low, high = (np.asarray(edge) for edge in spread[name])
            ax.fill_between(np.arange(len(low)), low, high, color=f"C{i}", alpha=0.2, linewidth=0)
    shifts = np.arange(len(next(iter(arrays.values()))))
    _draw_curves(ax, shifts, arrays, marker=True)
    ax.set_ylim(bottom=0)
    ax.set(xlabel="shift (pixels)", ylabel="relative change")
    return fig


def gains(measured: Mapping[str, ArrayLike], bounds: Mapping[str, float]) -> Figure:
    """Draw by how much pools lengthened small changes, beside what they cannot exceed.

    Parameters
    ----------
    measured : mapping of name to array_like, shape (N,)
        Length of the change of the output over that of the input: dots, one row each.
    bounds : mapping of name to float
    """
    fig, ax = plt.subplots(figsize=(6.6, 0.5 * len(measured) + 0.9), layout="constrained")
    for row, (name, values) in enumerate(measured.items()):
        ratios = np.asarray(values)
        ax.plot(ratios, np.full(len(ratios), row), "o", color="C0", markersize=5, alpha=0.5)
        ax.plot([bounds[name]] * 2, [row - 0.36, row + 0.36], color="C1", linewidth=4)
    ax.set_yticks(range(len(measured)), list(measured))
    ax.set_ylim(len(measured) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.set_xlabel("change of the output / change of the input")
    return fig


def through_pools(squares: Mapping[str, ArrayLike]) -> Figure:
    """Draw the mean square of a signal after each block, for many networks of each kind.

    Parameters
    ----------
    squares : mapping of name to array_like, shape (networks, blocks + 1)
        A thin line for each network, a thick one for their geometric mean.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    ax.set_yscale("log")
    means = {}
    for i, (name, lines) in enumerate(squares.items()):
        values = np.asarray(lines)
        ax.plot(values.T, color=f"C{i}", linewidth=0.6, alpha=0.4)
        means[name] = np.exp(np.log(values).mean(axis=0))
    for i, (name, mean) in enumerate(means.items()):
        ax.plot(mean, color=f"C{i}", linestyle=_DASHES[i], marker=_MARKERS[i], linewidth=2.5)
        ax.annotate(
            name,
            (len(mean) - 1, float(mean[-1])),
            (8, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="blocks passed", ylabel="mean square")
    return fig


def power_curve(p: ArrayLike, values: ArrayLike, average: float, maximum: float) -> Figure:
    """Draw the power mean of a window against its power, between average and maximum.

    Parameters
    ----------
    p, values : array_like, shape (N,)
    average, maximum : float
        Of the same window; drawn as level lines.
    """
    fig, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
    powers = np.asarray(p)
    for level, name, dash in ((average, "average", "--"), (maximum, "maximum", ":")):
        ax.axhline(level, color=plt.rcParams["text.color"], linestyle=dash, linewidth=1.5)
        ax.annotate(name, (powers[-1], level), (0, 5), textcoords="offset points", ha="right")
    ax.plot(powers, np.asarray(values), color="C0", marker="o", markersize=5)
    ax.set_xscale("log", base=2)
    ax.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    ax.set_ylim(average - 0.12 * (maximum - average), maximum + 0.2 * (maximum - average))
    ax.set(xlabel="power p", ylabel="power mean")
    return fig


def window_shares(window: ArrayLike, shares: ArrayLike, value: float) -> Figure:
    """Draw the pixels of a window with its soft maximum, and the share that each pixel has.

    Parameters
    ----------
    window, shares : array_like, shape (N,)
    value : float
        Drawn as a level among the pixels, with their mean and maximum.
    """
    pixels, parts = np.asarray(window), np.asarray(shares)
    fig = plt.figure(figsize=(6.2, 2.7))
    left = fig.add_axes((0.09, 0.13, 0.42, 0.72))
    right = fig.add_axes((0.62, 0.13, 0.36, 0.72))
    left.bar(range(len(pixels)), pixels, color="C0", width=0.7)
    ink = plt.rcParams["text.color"]
    levels = (float(pixels.mean()), ink, "--"), (float(pixels.max()), ink, ":")
    for level, colour, dash in (*levels, (value, "C1", "-")):
        left.axhline(level, color=colour, linestyle=dash, linewidth=3 if dash == "-" else 1.5)
    left.set(title="window", ylim=(min(0.0, float(pixels.min())) - 0.4, float(pixels.max()) + 0.8))
    right.bar(range(len(parts)), parts, color="C1", width=0.7, hatch="//")
    right.set(title="share of the gradient", ylim=(0, 1.05))
    for ax in (left, right):
        ax.set_xticks([])
    return fig


def bands(spans: Mapping[str, Sequence[tuple[int, int]]]) -> Figure:
    """Draw which pixels each window of a row covers.

    Parameters
    ----------
    spans : mapping of title to (start, stop) pairs
        One panel for each title, one bar for each window.
    """
    fig, axes = plt.subplots(1, len(spans), figsize=(6.6, 2.6), layout="constrained", squeeze=False)
    for ax, (title, windows) in zip(axes[0], spans.items(), strict=True):
        for i, (start, stop) in enumerate(windows):
            ax.barh(i, stop - start, left=start, height=0.62, color="C0")
        last = max(stop for _, stop in windows)
        ax.set_xticks(range(last + 1))
        ax.set_yticks(range(len(windows)))
        ax.grid(axis="x", linestyle=":", linewidth=1)
        ax.invert_yaxis()
        ax.set(title=title, xlabel="start and stop (pixels)")
    axes[0, 0].set_ylabel("output")
    return fig


def parameter_bars(counts: Mapping[str, int]) -> Figure:
    """Draw numbers of parameters as bars, each with its number in millions.

    Parameters
    ----------
    counts : mapping of name to int
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.55 * len(counts) + 0.7), layout="constrained")
    millions = [count / 1e6 for count in counts.values()]
    bars = ax.barh(range(len(counts)), millions, color=[f"C{i % 2}" for i in range(len(counts))])
    ax.bar_label(bars, labels=[f"{m:.1f}" for m in millions], padding=4)
    ax.set_yticks(range(len(counts)), list(counts))
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set_xlabel("million parameters")
    return fig


def class_map(image: ArrayLike, scores: ArrayLike, sums: Sequence[float], largest: float) -> Figure:
    """Show an image above the map of one class's scores, and the sum of each part of the map.

    Parameters
    ----------
    image, scores : array_like, shape (H, W)
    sums : sequence of float
        Of equal parts of the map, side by side; written below them.
    largest : float
        End of the scale of scores, which runs from minus that.
    """
    picture, values = np.asarray(image), np.asarray(scores)
    height, width = picture.shape
    each = 6.4 * height / width
    fig = plt.figure(figsize=(6.4, 2 * each + 0.42))
    tall = each / (2 * each + 0.42)
    above = fig.add_axes((0, 1 - tall, 1, tall))
    below = fig.add_axes((0, 1 - 2 * tall - 0.015, 1, tall))
    above.imshow(picture, cmap="gray", interpolation="none", aspect="auto")
    below.imshow(
        values, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="none", aspect="auto"
    )
    part = width / len(sums)
    for i, total in enumerate(sums):
        below.annotate(
            f"{total:+.2f}",
            ((i + 0.5) * part - 0.5, height - 0.5),
            (0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            annotation_clip=False,
        )
    for ax in (above, below):
        ax.set_axis_off()
    return fig


def _numbered(ax: Axes, values: ArrayLike, low: float, high: float, cmap: str = "cividis") -> None:
    """Draw a map with its numbers, in dark or light ink as each cell needs."""
    array = np.asarray(values)
    image = ax.imshow(array, cmap=cmap, vmin=low, vmax=high, interpolation="none")
    for (row, column), value in np.ndenumerate(array):
        ink = _contrasting(image.cmap(image.norm(value)))
        ax.text(column, row, f"{value + 0.0:g}", ha="center", va="center", color=ink)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def _borders(ax: Axes, shape: tuple[int, ...], pool_size: int) -> None:
    """Draw the borders between windows that tile a map."""
    for edge in range(pool_size, shape[0], pool_size):
        ax.axhline(edge - 0.5, color=plt.rcParams["text.color"], linewidth=1.5)
    for edge in range(pool_size, shape[1], pool_size):
        ax.axvline(edge - 0.5, color=plt.rcParams["text.color"], linewidth=1.5)


def _contrasting(colour: ArrayLike) -> str:
    """Return black or white, whichever is easier to read on `colour` (WCAG luminance)."""
    rgb = np.asarray(colour)[:3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "black" if luminance > 0.179 else "white"


def _draw_curves(
    ax: Axes,
    x: NDArray[Any],
    curves: Mapping[str, ArrayLike],
    *,
    marker: bool,
    at_start: bool = False,
) -> None:
    """Draw curves that differ in colour, dash and marker, each with its name at its end."""
    end, offset, side = (0, -8, "right") if at_start else (-1, 8, "left")
    ends = {}
    for i, (name, curve) in enumerate(curves.items()):
        values = np.asarray(curve)
        shape = _MARKERS[i] if marker else "none"
        ax.plot(x, values, color=f"C{i}", linestyle=_DASHES[i], marker=shape, markersize=5)
        ends[name] = float(values[end])
    low, high = ax.get_ylim()
    place = -np.inf
    for name in sorted(ends, key=lambda n: ends[n]):
        place = max(ends[name], place + 0.085 * (high - low))  # names must not overlap
        ax.annotate(
            name,
            (float(x[end]), place),
            (offset, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            annotation_clip=False,
        )
