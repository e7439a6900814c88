r"""Convolution: a small kernel slides over a signal or an image, one weighted sum per place.

Deep learning says "convolution" and computes cross-correlation, which does not flip the
kernel. So does this module, except in the functions named ``convolve_*``.
"""

import numpy as np
from numpy.typing import ArrayLike

from dlfund import _windows as win
from dlfund._checks import FloatArray, common_dtype, pair, quiet, real_array

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "cross_correlation_1d",
    "cross_correlation_2d",
    "conv2d_with_stride_padding",
]


@quiet
def cross_correlation_1d(signal: ArrayLike, kernel: ArrayLike) -> FloatArray:
    r"""Cross-correlate a signal with a kernel, wherever the kernel fits (valid mode).

    .. math:: y_i = \sum_{k=0}^{K-1} x_{i+k} \, w_k, \qquad i = 0, \dots, N - K

    Parameters
    ----------
    signal : array_like, shape (N,)
    kernel : array_like, shape (K,)
        At most as long as the signal. It is not flipped.

    Returns
    -------
    ndarray, shape (N - K + 1,)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty or not 1-D, or the kernel is longer than the signal.

    Examples
    --------
    Each output is the left neighbour minus the right one, 1 - 3, 2 - 4 and so on:

    >>> cross_correlation_1d([1, 2, 3, 4, 5, 6, 7], [1, 0, -1])
    array([-2., -2., -2., -2., -2.])
    """
    x = real_array(signal, "signal", ndim=1)
    w = real_array(kernel, "kernel", ndim=1)
    if len(w) > len(x):
        raise ValueError(
            f"kernel must be at most as long as the signal, got {len(w)} taps for {len(x)} samples"
        )
    x, w = common_dtype(x, w)
    return _correlate(x[None], w[None]).reshape(-1)


@quiet
def cross_correlation_2d(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    r"""Cross-correlate an image with a kernel, wherever the kernel fits (valid mode).

    .. math:: Y_{ij} = \sum_{u=0}^{k_H-1} \sum_{v=0}^{k_W-1} X_{i+u,\,j+v} \, W_{uv}

    Parameters
    ----------
    image : array_like, shape (H, W)
    kernel : array_like, shape (kH, kW)
        At most as large as the image. It is not flipped.

    Returns
    -------
    ndarray, shape (H - kH + 1, W - kW + 1)

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If an argument is empty or not 2-D, or the kernel is larger than the image.

    Examples
    --------
    The 2x2 identity adds each pixel to its neighbour below and to the right:

    >>> image = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
    >>> cross_correlation_2d(image, [[1, 0], [0, 1]])
    array([[2., 4., 6.],
           [0., 2., 4.],
           [6., 0., 2.]])
    """
    x, w = _image_and_kernel(image, kernel)
    win.output_shape(x.shape, _shape(w), names=("image", "kernel"))
    return _correlate(x, w)


@quiet
def conv2d_with_stride_padding(
    image: ArrayLike, kernel: ArrayLike, stride: int | win.Pair = 1, padding: int | win.Pair = 0
) -> FloatArray:
    r"""Cross-correlate a zero-padded image with a kernel that moves `stride` pixels at a time.

    .. math::

        Y_{ij} = \sum_{u,v} \tilde X_{s i + u,\; s j + v} \, W_{uv}

    where :math:`\tilde X` is the image with `padding` zeros on every side.

    Parameters
    ----------
    image : array_like, shape (H, W)
    kernel : array_like, shape (kH, kW)
        At most as large as the padded image. It is not flipped.
    stride : int or (int, int), default 1
        Pixels from one window to the next: vertically and horizontally, when two are given.
    padding : int or (int, int), default 0
        Zeros added on every side: above and below, left and right, when two are given.

    Returns
    -------
    ndarray, shape (floor((H + 2p - kH) / s) + 1, floor((W + 2p - kW) / s) + 1)

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `stride` or `padding` is not an integer.
    ValueError
        If an array is empty or not 2-D, the kernel is larger than the padded image, the
        stride is below 1 or the padding below 0.

    Examples
    --------
    A kernel of ones counts the pixels of an image of ones that lie under it:

    >>> ones = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
    >>> conv2d_with_stride_padding(ones, ones, padding=1)
    array([[4., 6., 4.],
           [6., 9., 6.],
           [4., 6., 4.]])
    >>> conv2d_with_stride_padding(ones, ones, stride=2, padding=1)
    array([[4., 4.],
           [4., 4.]])
    """
    x, w = _image_and_kernel(image, kernel)
    strides, pads = pair(stride, "stride", 1), pair(padding, "padding", 0)
    win.output_shape(x.shape, _shape(w), strides, pads, names=("image", "kernel"))
    return _correlate(win.pad(x, pads), w, strides)


def _image_and_kernel(image: ArrayLike, kernel: ArrayLike) -> list[FloatArray]:
    """Return both as 2-D arrays of one precision."""
    return common_dtype(real_array(image, "image", ndim=2), real_array(kernel, "kernel", ndim=2))


def _correlate(x: FloatArray, w: FloatArray, stride: win.Pair = win.ONE) -> FloatArray:
    """Return the weighted sum of every window of `x`."""
    windows = win.sliding_windows(x, _shape(w), stride)
    sums: FloatArray = np.einsum("ijuv,uv->ij", windows, w)
    return sums


def _shape(kernel: FloatArray) -> win.Pair:
    """Return the height and width of a kernel."""
    return kernel.shape[-2], kernel.shape[-1]
