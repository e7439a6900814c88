r"""Pooling: one number for each window of a feature map, so that the map gets smaller."""

import numpy as np
from numpy.typing import ArrayLike

from dlfund import _windows as win
from dlfund._checks import Elementwise, FloatArray, pair, quiet, real_array, scalar_or_array

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "max_pool_2d",
    "avg_pool_2d",
    "global_avg_pool",
]


@quiet
def max_pool_2d(
    feature_map: ArrayLike,
    pool_size: int | win.Pair = 2,
    stride: int | win.Pair | None = None,
    padding: int | win.Pair = 0,
) -> FloatArray:
    r"""Take the maximum of each window.

    .. math:: Y_{ij} = \max_{0 \le u, v < k} X_{s i + u,\; s j + v}

    Parameters
    ----------
    feature_map : array_like, shape (..., H, W)
        Any number of leading axes: channels, batch. Each map is pooled by itself.
    pool_size : int or (int, int), default 2
        Height and width of the window.
    stride : int or (int, int), optional
        Pixels from one window to the next; `pool_size` when not given.
    padding : int or (int, int), default 0
        Border on every side, at most half the window. It counts as minus infinity, so it
        is never the maximum.

    Returns
    -------
    ndarray, shape (..., floor((H + 2p - k) / s) + 1, floor((W + 2p - k) / s) + 1)

    Raises
    ------
    TypeError
        If `feature_map` does not hold real numbers, or a size is not an integer.
    ValueError
        If `feature_map` is empty or less than 2-D, the window is larger than the padded
        map, a size is out of range, or the padding is more than half the window.

    Examples
    --------
    >>> max_pool_2d([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]])
    array([[ 6.,  8.],
           [14., 16.]])
    """
    x, size, step, pads = _pool_arguments(feature_map, pool_size, stride, padding)
    return np.asarray(win.sliding_windows(win.pad(x, pads, -np.inf), size, step).max(axis=(-2, -1)))


@quiet
def avg_pool_2d(
    feature_map: ArrayLike,
    pool_size: int | win.Pair = 2,
    stride: int | win.Pair | None = None,
    padding: int | win.Pair = 0,
) -> FloatArray:
    r"""Take the mean of each window.

    .. math:: Y_{ij} = \frac{1}{k^2} \sum_{0 \le u, v < k} X_{s i + u,\; s j + v}

    Parameters
    ----------
    feature_map : array_like, shape (..., H, W)
        Any number of leading axes: channels, batch. Each map is pooled by itself.
    pool_size : int or (int, int), default 2
        Height and width of the window.
    stride : int or (int, int), optional
        Pixels from one window to the next; `pool_size` when not given.
    padding : int or (int, int), default 0
        Zeros on every side, at most half the window. They count: every sum is divided by
        the full :math:`k^2`.

    Returns
    -------
    ndarray, shape (..., floor((H + 2p - k) / s) + 1, floor((W + 2p - k) / s) + 1)

    Raises
    ------
    TypeError
        If `feature_map` does not hold real numbers, or a size is not an integer.
    ValueError
        If `feature_map` is empty or less than 2-D, the window is larger than the padded
        map, a size is out of range, or the padding is more than half the window.

    Examples
    --------
    The mean of 1, 2, 5 and 6 is 14 / 4:

    >>> avg_pool_2d([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]])
    array([[ 3.5,  5.5],
           [11.5, 13.5]])
    """
    x, size, step, pads = _pool_arguments(feature_map, pool_size, stride, padding)
    return np.asarray(win.sliding_windows(win.pad(x, pads), size, step).mean(axis=(-2, -1)))


@quiet
def global_avg_pool(feature_map: ArrayLike) -> Elementwise:
    r"""Take the mean of each whole map: one number per channel.

    .. math:: y = \frac{1}{HW} \sum_{i,j} X_{ij}

    Parameters
    ----------
    feature_map : array_like, shape (..., H, W)

    Returns
    -------
    float or ndarray, shape (...)
        A Python float for a single (H, W) map. Summed in float64, whatever the input.

    Raises
    ------
    TypeError
        If `feature_map` does not hold real numbers.
    ValueError
        If `feature_map` is empty or less than 2-D.

    References
    ----------
    Lin, Chen and Yan (2014), Network In Network, section 3.2, arXiv 1312.4400.

    Examples
    --------
    >>> global_avg_pool([[1, 2], [3, 6]])
    3.0
    """
    x = real_array(feature_map, "feature_map", min_ndim=2)
    return scalar_or_array(x.mean(axis=(-2, -1), dtype=np.float64).astype(x.dtype))


def _pool_arguments(
    feature_map: ArrayLike,
    pool_size: int | win.Pair,
    stride: int | win.Pair | None,
    padding: int | win.Pair = 0,
) -> tuple[FloatArray, win.Pair, win.Pair, win.Pair]:
    """Return the checked map, window, stride and padding."""
    x = real_array(feature_map, "feature_map", min_ndim=2)
    size = pair(pool_size, "pool_size", 1)
    step = size if stride is None else pair(stride, "stride", 1)
    pads = pair(padding, "padding", 0)
    if 2 * pads[0] > size[0] or 2 * pads[1] > size[1]:
        raise ValueError(f"padding must be at most half of pool_size {size}, got {pads}")
    win.output_shape(x.shape, size, step, pads, names=("feature_map", "pool_size"))
    return x, size, step, pads
