"""Figures of the labs: small images, curves of training, and what a net makes of an image."""

from collections.abc import Iterable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

__all__ = ["epochs", "filters_and_maps", "images", "looks", "runs"]

_MARKERS = "osD^vP"


def images(pictures: Sequence[ArrayLike], titles: Sequence[str], *, columns: int = 6) -> Figure:
    """Show small images in grey, each under its title.

    Parameters
    ----------
    pictures : sequence of array_like, each of shape (H, W)
    titles : sequence of str, one per image
    columns : int, default 6
    """
    rows = -(-len(pictures) // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(6, rows * (6 / columns + 0.3)), layout="constrained", squeeze=False
    )
    for axes in grid.flat[len(pictures) :]:
        axes.set_axis_off()
    for axes, picture, title in zip(grid.flat, pictures, titles, strict=False):
        _grey(axes, picture)
        axes.set_title(title, fontsize="small")
    return figure


def epochs(curves: Mapping[str, ArrayLike], *, ylabel: str) -> Figure:
    """Draw what was measured after each epoch, from the first, on a logarithmic scale.

    Parameters
    ----------
    curves : mapping from a name to an array_like of shape (E,)
        Above 0.
    ylabel : str
    """
    figure, axes = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
    for (name, curve), marker in zip(curves.items(), _MARKERS, strict=False):
        values = np.asarray(curve)
        axes.plot(np.arange(len(values)) + 1, values, marker, ls="-", ms=4, label=name)
    axes.set(xlabel="epoch", ylabel=ylabel, yscale="log")
    axes.legend()
    return figure


def runs(
    shares: Mapping[str, ArrayLike], intervals: Mapping[str, tuple[float, float]], *, xlabel: str
) -> Figure:
    """Draw the results of several runs as dots, a line for each of the variants, and intervals.

    Parameters
    ----------
    shares : mapping from a variant to an array_like of shape (R,)
        In per cent.
    intervals : mapping from a variant to (low, high)
    xlabel : str
    """
    figure, axes = plt.subplots(figsize=(6, 0.42 * len(shares) + 0.7), layout="constrained")
    for row, (name, values) in enumerate(shares.items()):
        axes.plot(intervals[name], [row, row], color="C4", lw=7, alpha=0.6, solid_capstyle="butt")
        axes.plot(values, np.full(np.size(values), row), "o", color="C0", ms=5, mfc="none", mew=1.5)
    axes.set_yticks(range(len(shares)), list(shares))
    axes.set(xlabel=xlabel, ylim=(len(shares) - 0.5, -0.5))
    return figure


def filters_and_maps(image: ArrayLike, kernels: ArrayLike, maps: ArrayLike) -> Figure:
    """Show an image, and under each kernel, in blue (below 0) and red, what it makes of it.

    Parameters
    ----------
    image : array_like, shape (H, W)
    kernels : array_like, shape (O, kH, kW)
    maps : array_like, shape (O, H, W)
        Not negative.
    """
    kernels, maps = np.asarray(kernels), np.asarray(maps)
    figure, grid = plt.subplots(
        2, 1 + len(kernels), figsize=(7.2, 1.5), layout="constrained", squeeze=False
    )
    grid[0, 0].set_axis_off()
    _grey(grid[1, 0], image)
    _signed(grid[0, 1:], kernels)
    for axes, each in zip(grid[1, 1:], maps, strict=True):
        _grey(axes, each, float(maps.max()))
    return figure


def looks(pictures: Sequence[ArrayLike], evidence: ArrayLike, titles: Sequence[str]) -> Figure:
    """Show images, and under each where it speaks for a class (red) and against it (blue).

    Parameters
    ----------
    pictures : sequence of array_like, each of shape (H, W)
    evidence : array_like, shape (N, h, w)
        On one scale; a place of it covers H/h rows and W/w columns of the image.
    titles : sequence of str, one per image
    """
    figure, grid = plt.subplots(
        2, len(pictures), figsize=(1.15 * len(pictures), 2.7), layout="constrained", squeeze=False
    )
    for axes, picture, title in zip(grid[0], pictures, titles, strict=True):
        _grey(axes, picture)
        axes.set_title(title, fontsize="small")
    _signed(grid[1], np.asarray(evidence))
    return figure


def _grey(axes: Axes, picture: ArrayLike, high: float | None = None) -> None:
    axes.imshow(np.asarray(picture), cmap="gray", vmin=0, vmax=high)
    axes.set_axis_off()


def _signed(row: Iterable[Axes], arrays: NDArray[np.floating]) -> None:
    """Show arrays in blue (below 0) and red, on one scale."""
    high = float(np.abs(arrays).max())
    for axes, each in zip(row, arrays, strict=True):
        axes.imshow(each, cmap="RdBu_r", vmin=-high, vmax=high)
        axes.set_axis_off()
