r"""Pooling: one number for each window of a feature map, so that the map gets smaller."""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from dlfund import _windows as win
from dlfund._checks import (
    Elementwise,
    FloatArray,
    common_dtype,
    number,
    pair,
    quiet,
    real_array,
    scalar_or_array,
)
from dlfund._fast import windows as fast

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "max_pool_2d",
    "max_pool_2d_backward",
    "avg_pool_2d",
    "avg_pool_2d_backward",
    "global_avg_pool",
    "adaptive_avg_pool_2d",
    "lp_pool_2d",
    "blur_pool_2d",
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
    ValueError
        If the padding is more than half the window.

    Examples
    --------
    >>> max_pool_2d([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]])
    array([[ 6.,  8.],
           [14., 16.]])
    """
    x, size, step, pads = _pool_arguments(feature_map, pool_size, stride, padding)

    def maximum(strip: FloatArray) -> FloatArray:
        return fast.fold(np.maximum, strip, size, step)

    return fast.in_strips(maximum, x, size, step, pads, border=-np.inf)


@quiet
def max_pool_2d_backward(
    grad_output: ArrayLike,
    feature_map: ArrayLike,
    pool_size: int | win.Pair = 2,
    stride: int | win.Pair | None = None,
) -> FloatArray:
    r"""Pass a gradient back through `max_pool_2d`: each window's goes to its maximum.

    .. math::

        \frac{\partial L}{\partial X_{ab}} = \sum_{i,j} G_{ij} \,
            [(a, b) = \operatorname{argmax} \text{ of window } (i, j)]

    Where the maximum occurs twice in a window, the first in reading order gets all of it;
    a NaN counts as the maximum.

    Parameters
    ----------
    grad_output : array_like, shape (..., H', W')
        Gradient with respect to the pooled map.
    feature_map : array_like, shape (..., H, W)
    pool_size, stride
        As they were given to `max_pool_2d`, without padding.

    Returns
    -------
    ndarray, shape (..., H, W)

    Examples
    --------
    >>> max_pool_2d_backward([[10.0]], [[1, 4], [3, 4]])
    array([[ 0., 10.],
           [ 0.,  0.]])
    """
    g, x, size, step = _backward_arguments(grad_output, feature_map, pool_size, stride)
    grad_map = np.zeros(x.shape, x.dtype)
    for grad, values, slots in fast.strips_together(g, x, grad_map, size, step):
        maxima = fast.fold(np.maximum, values, size, step)
        waiting = np.ones(grad.shape, dtype=bool)
        pairs = zip(win.taps(values, size, step), win.taps(slots, size, step), strict=True)
        for value, slot in pairs:
            here = waiting & ((value == maxima) | np.isnan(value))
            slot += fast.only(here, grad)
            waiting ^= here
    return grad_map


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
    ValueError
        If the padding is more than half the window.

    See Also
    --------
    max_pool_2d : the largest instead of the mean.
    global_avg_pool : one window, the whole map.

    Examples
    --------
    The mean of 1, 2, 5 and 6 is 14 / 4:

    >>> avg_pool_2d([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]])
    array([[ 3.5,  5.5],
           [11.5, 13.5]])
    """
    x, size, step, pads = _pool_arguments(feature_map, pool_size, stride, padding)

    def mean(strip: FloatArray) -> FloatArray:
        return fast.fold(np.add, strip, size, step) / (size[0] * size[1])

    return fast.in_strips(partial(fast.within_range, mean), x, size, step, pads)


@quiet
def avg_pool_2d_backward(
    grad_output: ArrayLike,
    feature_map: ArrayLike,
    pool_size: int | win.Pair = 2,
    stride: int | win.Pair | None = None,
) -> FloatArray:
    r"""Pass a gradient back through `avg_pool_2d`: every pixel of a window gets an equal share.

    .. math:: \frac{\partial L}{\partial X_{ab}} = \frac{1}{k^2} \sum_{i,j} G_{ij} \,
        [(a, b) \text{ in window } (i, j)]

    Parameters
    ----------
    grad_output : array_like, shape (..., H', W')
        Gradient with respect to the pooled map.
    feature_map : array_like, shape (..., H, W)
        Only its shape and precision matter.
    pool_size, stride
        As they were given to `avg_pool_2d`, without padding.

    Returns
    -------
    ndarray, shape (..., H, W)

    Examples
    --------
    >>> avg_pool_2d_backward([[10.0]], [[1, 4], [3, 4]])
    array([[2.5, 2.5],
           [2.5, 2.5]])
    """
    g, x, size, step = _backward_arguments(grad_output, feature_map, pool_size, stride)
    grad_map = np.zeros(x.shape, x.dtype)
    for grad, _, slots in fast.strips_together(g, grad_map, grad_map, size, step):
        share = grad / (size[0] * size[1])
        for slot in win.taps(slots, size, step):
            slot += share
    return grad_map


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

    References
    ----------
    Lin, Chen and Yan (2014), Network In Network, section 3.2, arXiv 1312.4400.

    Examples
    --------
    >>> global_avg_pool([[1, 2], [3, 6]])
    3.0
    """
    x = real_array(feature_map, "feature_map", min_ndim=2)

    def mean(maps: FloatArray) -> Elementwise:
        return fast.row_sums(maps).sum(axis=-1) / (maps.shape[-2] * maps.shape[-1])

    return scalar_or_array(fast.within_range(mean, x).astype(x.dtype, copy=False))


@quiet
def adaptive_avg_pool_2d(x: ArrayLike, output_size: int | win.Pair) -> FloatArray:
    r"""Average over windows that are laid so that the output has a given size.

    .. math::

        Y_{ij} = \operatorname{mean} X_{a:b,\; c:d}, \qquad
        a = \left\lfloor \frac{iH}{H'} \right\rfloor,\;
        b = \left\lceil \frac{(i+1)H}{H'} \right\rceil

    and the same of W for c and d. The windows cover the map. Where H' does not divide
    H, some neighbours share a row, and sizes may differ by one; so for W.

    Parameters
    ----------
    x : array_like, shape (..., H, W)
    output_size : int or (int, int)
        H' and W'. They may be larger than H and W.

    Returns
    -------
    ndarray, shape (..., H', W')

    See Also
    --------
    avg_pool_2d : with a size of the window, not of the output.

    References
    ----------
    He, Zhang, Ren and Sun (2014), Spatial Pyramid Pooling in Deep Convolutional Networks
    for Visual Recognition, arXiv 1406.4729.

    Examples
    --------
    Three columns into two: the middle one belongs to both windows.

    >>> adaptive_avg_pool_2d([[1, 2, 6], [1, 2, 6]], (1, 2))
    array([[1.5, 4. ]])
    """
    maps = real_array(x, "x", min_ndim=2)
    height, width = pair(output_size, "output_size", 1)

    def means(maps: FloatArray) -> FloatArray:
        return fast.band_means(fast.band_means(maps, height).mT, width).mT

    return fast.within_range(means, maps).astype(maps.dtype, copy=False)


@quiet
def lp_pool_2d(
    x: ArrayLike, p: float, pool_size: int | win.Pair = 2, stride: int | win.Pair | None = None
) -> FloatArray:
    r"""Take the p-th root of the sum of p-th powers over each window.

    .. math:: Y_{ij} = \Big( \sum_{u,v} X_{s i + u,\; s j + v}^{\,p} \Big)^{1/p}

    A sum, not a mean: p = 1 gives :math:`k^2` times the average, and p to infinity the
    maximum of a map that is not negative. Powers are signed, as in PyTorch, so a window
    whose sum is negative gives NaN unless p is 1, and so does any negative number unless p
    is whole. Scaled by each window's largest magnitude, so
    that no power overflows.

    Parameters
    ----------
    x : array_like, shape (..., H, W)
    p : float
        Positive and finite.
    pool_size : int or (int, int), default 2
        Height and width of the window.
    stride : int or (int, int), optional
        Pixels from one window to the next; `pool_size` when not given.

    Returns
    -------
    ndarray, shape (..., floor((H - k) / s) + 1, floor((W - k) / s) + 1)

    See Also
    --------
    max_pool_2d : what it comes to as p grows, on a map that is not negative.
    avg_pool_2d : what it is, but for a factor, for p = 1.

    References
    ----------
    Sermanet, Chintala and LeCun (2012), Convolutional Neural Networks Applied to House
    Numbers Digit Classification, arXiv 1204.3968.

    Examples
    --------
    The length of the vector (3, 4, 0, 0):

    >>> lp_pool_2d([[3, 4], [0, 0]], p=2)
    array([[5.]])
    """
    maps, size, step, _ = _pool_arguments(x, pool_size, stride, name="x")
    power = number(p, "p", positive=True)

    def root_of_powers(strip: FloatArray) -> FloatArray:
        total = fast.fold(np.add, strip**power, size, step)
        if power == 1:
            return total
        root, sure = total ** (1 / power), fast.fits(total)
        return root if sure.all() else np.where(sure, root, scaled(strip))

    def scaled(strip: FloatArray) -> FloatArray:
        scale = fast.fold(np.maximum, np.abs(strip), size, step)
        scale = np.where((scale == 0) | ~np.isfinite(scale), 1, scale)
        total = sum((tap / scale) ** power for tap in win.taps(strip, size, step))
        return scale * total ** (1 / power)

    return fast.in_strips(root_of_powers, maps, size, step)


@quiet
def blur_pool_2d(x: ArrayLike, stride: int | win.Pair = 2) -> FloatArray:
    r"""Blur with the binomial filter, then keep every s-th pixel: downsampling with less aliasing.

    .. math:: Y_{ij} = \sum_{u,v=-1}^{1} a_u a_v X_{s i + u,\; s j + v},
        \qquad a = \tfrac14 (1, 2, 1)

    Beyond the border the map is reflected (row -1 is row 1), so a constant map stays as it is.

    Parameters
    ----------
    x : array_like, shape (..., H, W)
        At least 2x2.
    stride : int or (int, int), default 2

    Returns
    -------
    ndarray, shape (..., ceil(H / s), ceil(W / s))

    Raises
    ------
    ValueError
        If the map is smaller than 2x2.

    See Also
    --------
    avg_pool_2d : where all pixels of a window weigh the same.

    References
    ----------
    Zhang (2019), Making Convolutional Networks Shift-Invariant Again, arXiv 1904.11486.

    Examples
    --------
    A chessboard is finer than the output can show. It becomes grey, where taking every
    second pixel would give all ones:

    >>> blur_pool_2d([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]])
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    maps = real_array(x, "x", min_ndim=2)
    down, right = pair(stride, "stride", 1)
    if min(maps.shape[-2:]) < 2:
        raise ValueError(f"x must be at least 2x2 to be reflected, got shape {maps.shape}")

    def blur(strip: FloatArray) -> FloatArray:
        rows = _quarter_half_quarter(strip, down)
        return _quarter_half_quarter(rows.mT, right).mT

    return fast.in_strips(blur, maps, (3, 3), (down, right), (1, 1), border=None)


def _quarter_half_quarter(x: FloatArray, step: int) -> FloatArray:
    """Return 1/4, 1/2, 1/4 of every s-th row and its neighbours above and below."""
    return x[..., :-2:step, :] / 4 + x[..., 1:-1:step, :] / 2 + x[..., 2::step, :] / 4


def _pool_arguments(
    feature_map: ArrayLike,
    pool_size: int | win.Pair,
    stride: int | win.Pair | None,
    padding: int | win.Pair = 0,
    name: str = "feature_map",
) -> tuple[FloatArray, win.Pair, win.Pair, win.Pair]:
    """Return the checked map, window, stride and padding."""
    x = real_array(feature_map, name, min_ndim=2)
    size = pair(pool_size, "pool_size", 1)
    step = size if stride is None else pair(stride, "stride", 1)
    pads = pair(padding, "padding", 0)
    if 2 * pads[0] > size[0] or 2 * pads[1] > size[1]:
        raise ValueError(f"padding must be at most half of pool_size {size}, got {pads}")
    win.output_shape(x.shape, size, step, pads, names=(name, "pool_size"))
    return x, size, step, pads


def _backward_arguments(
    grad_output: ArrayLike,
    feature_map: ArrayLike,
    pool_size: int | win.Pair,
    stride: int | win.Pair | None,
) -> tuple[FloatArray, FloatArray, win.Pair, win.Pair]:
    """Return the checked gradient and map in one precision, window and stride."""
    x, size, step, _ = _pool_arguments(feature_map, pool_size, stride)
    g = real_array(grad_output, "grad_output", min_ndim=2)
    rows = win.output_size(x.shape[-2], size[0], step[0])
    columns = win.output_size(x.shape[-1], size[1], step[1])
    if g.shape != (*x.shape[:-2], rows, columns):
        raise ValueError(
            f"grad_output must have the shape of the pooled map, "
            f"{(*x.shape[:-2], rows, columns)}, got {g.shape}"
        )
    g, x = common_dtype(g, x)
    return g, x, size, step
