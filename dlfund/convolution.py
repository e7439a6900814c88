r"""Convolution: a small kernel slides over a signal or an image, one weighted sum per place.

Deep learning says "convolution" and computes cross-correlation, which does not flip the
kernel. So does this module, except in the functions named ``convolve_*``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlfund import _windows as win
from dlfund._checks import FloatArray, common_dtype, integer, number, pair, quiet, real_array
from dlfund._fast import windows as fast

__all__ = [  # noqa: RUF022 - in the order of the chapter
    "cross_correlation_1d",
    "convolve_1d",
    "cross_correlation_2d",
    "convolve_2d",
    "conv2d_with_stride_padding",
    "conv_output_size",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "im2col",
    "col2im",
    "receptive_field",
    "gaussian_kernel",
    "box_kernel",
    "separate",
    "SOBEL_X",
    "SOBEL_Y",
    "SHARPEN",
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
    return fast.correlate_1d(x, w)


@quiet
def convolve_1d(signal: ArrayLike, kernel: ArrayLike) -> FloatArray:
    r"""Convolve a signal with a kernel, wherever the kernel fits: flip it, then correlate.

    .. math:: y_i = \sum_{k=0}^{K-1} x_{i+K-1-k} \, w_k, \qquad i = 0, \dots, N - K

    Parameters
    ----------
    signal : array_like, shape (N,)
    kernel : array_like, shape (K,)
        At most as long as the signal.

    Returns
    -------
    ndarray, shape (N - K + 1,)

    See Also
    --------
    cross_correlation_1d : the same without the flip.

    Examples
    --------
    The flipped kernel is [-1, 0, 1], so each output is 3 - 1, 4 - 2 and so on:

    >>> convolve_1d([1, 2, 3, 4, 5, 6, 7], [1, 0, -1])
    array([2., 2., 2., 2., 2.])
    """
    w = real_array(kernel, "kernel", ndim=1)
    return cross_correlation_1d(signal, w[::-1])


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

    Examples
    --------
    The 2x2 identity adds each pixel to its neighbour below and to the right:

    >>> image = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
    >>> cross_correlation_2d(image, [[1, 0], [0, 1]])
    array([[2., 4., 6.],
           [0., 2., 4.],
           [6., 0., 2.]])
    """
    return conv2d_with_stride_padding(image, kernel)


@quiet
def convolve_2d(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    r"""Convolve an image with a kernel, wherever the kernel fits: flip it, then correlate.

    .. math::

        Y_{ij} = \sum_{u=0}^{k_H-1} \sum_{v=0}^{k_W-1}
            X_{i+k_H-1-u,\; j+k_W-1-v} \, W_{uv}

    Parameters
    ----------
    image : array_like, shape (H, W)
    kernel : array_like, shape (kH, kW)
        At most as large as the image.

    Returns
    -------
    ndarray, shape (H - kH + 1, W - kW + 1)

    See Also
    --------
    cross_correlation_2d : the same without the flip.

    Examples
    --------
    A single 1 comes out as the kernel itself, not as its mirror image:

    >>> image = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    >>> convolve_2d(image, [[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    """
    w = real_array(kernel, "kernel", ndim=2)
    return cross_correlation_2d(image, w[::-1, ::-1])


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

    See Also
    --------
    cross_correlation_2d : one pixel at a time, and no padding.
    conv2d : of many channels, images and kernels.

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
    x, w = real_array(image, "image", ndim=2), real_array(kernel, "kernel", ndim=2)
    strides, pads = pair(stride, "stride", 1), pair(padding, "padding", 0)
    win.output_shape(x.shape, _shape(w), strides, pads, names=("image", "kernel"))
    x, w = common_dtype(x, w)
    return fast.correlate_2d(x, w, strides, pads)


def conv_output_size(
    n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    r"""Count the places where a kernel fits, along one axis.

    .. math:: \left\lfloor \frac{n + 2p - d(k - 1) - 1}{s} \right\rfloor + 1

    Parameters
    ----------
    n : int
        Length of the input along this axis.
    kernel : int
        Length of the kernel.
    stride : int, default 1
        Distance from one place to the next.
    padding : int, default 0
        Zeros added at either end.
    dilation : int, default 1
        Distance between neighbouring taps of the kernel; 1 leaves no gaps.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the kernel does not fit inside the padded input.

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning,
    sections 2 and 5.1, arXiv 1603.07285.

    Examples
    --------
    Padding by 1 keeps the size under a 3x3 kernel, and stride 2 halves it:

    >>> conv_output_size(224, 3, padding=1)
    224
    >>> conv_output_size(224, 3, stride=2, padding=1)
    112
    """
    n, kernel = integer(n, "n", 1), integer(kernel, "kernel", 1)
    stride, padding = integer(stride, "stride", 1), integer(padding, "padding", 0)
    dilation = integer(dilation, "dilation", 1)
    size = win.output_size(n, kernel, stride, padding, dilation)
    if size < 1:
        raise ValueError(
            f"kernel must fit inside the padded input of {n + 2 * padding}, "
            f"got {dilation * (kernel - 1) + 1}"
        )
    return size


@quiet
def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | win.Pair = 1,
    padding: int | win.Pair = 0,
    dilation: int | win.Pair = 1,
    groups: int = 1,
) -> FloatArray:
    r"""Cross-correlate a batch of multi-channel images with a bank of kernels.

    .. math::

        Y_{noij} = b_o + \sum_{c,u,v} \tilde X_{n,\; c,\; s i + d u,\; s j + d v} \, W_{ocuv}

    where :math:`\tilde X` is the batch with `padding` zeros on every side. With every window
    copied into a column (`im2col`) this is one matrix product, :math:`Y = W \tilde X_{cols} + b`.

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
    weight : array_like, shape (O, C / groups, kH, kW)
    bias : array_like, shape (O,), optional
    stride, padding, dilation : int or (int, int)
        Step between windows, zeros on every side, step between the taps of the kernel.
    groups : int, default 1
        Split the channels into this many groups, in order, that do not see each other. It
        divides C and O.

    Returns
    -------
    ndarray, shape (N, O, H', W')
        For H' and W' see `conv_output_size`.

    Raises
    ------
    ValueError
        If the weight's second axis is not C / groups long, or groups do not divide C and O.

    References
    ----------
    Chellapilla, Puri and Simard (2006), High Performance Convolutional Neural Networks for
    Document Processing, HAL inria-00112631.

    Examples
    --------
    Two channels, and one kernel that takes the first minus the second:

    >>> x = [[[[5, 6], [7, 8]], [[1, 2], [3, 3]]]]
    >>> conv2d(x, [[[[1]], [[-1]]]], bias=[0.5])
    array([[[[4.5, 4.5],
             [4.5, 5.5]]]])
    """
    images, w = _batch_and_weight(x, weight)
    strides, pads, gaps = _geometry(stride, padding, dilation)
    groups = integer(groups, "groups", 1)
    out = _conv2d_shape(images, w, strides, pads, gaps, groups)
    images, w, b = _with_bias(images, w, bias, len(w), "one per kernel")
    y = np.empty(out, images.dtype)
    for samples, rows, strip in fast.strips(
        images, _shape(w), strides, pads, gaps, copies=w[0, 0].size
    ):
        columns = win.columns_of(strip, _shape(w), strides, gaps)
        products = _kernels_as_rows(w, groups) @ _split(columns, groups)
        y[samples, :, rows] = products.reshape(len(strip), len(w), -1, out[3])
    if bias is not None:
        y += b
    return y


@quiet
def conv2d_backward(
    grad_output: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    stride: int | win.Pair = 1,
    padding: int | win.Pair = 0,
    dilation: int | win.Pair = 1,
    groups: int = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Pass a gradient back through `conv2d`, to its input, weight and bias.

    With :math:`G` the gradient of the loss with respect to the output, and the windows of
    the padded input as columns, :math:`Y = W \tilde X_{cols} + b` gives

    .. math::

        \frac{\partial L}{\partial \tilde X_{cols}} = W^\top G, \qquad
        \frac{\partial L}{\partial W} = \sum_n G \, \tilde X_{cols}^\top, \qquad
        \frac{\partial L}{\partial b_o} = \sum_{n,i,j} G_{noij}

    and `col2im` adds up what a pixel gets from each window that holds it.

    Parameters
    ----------
    grad_output : array_like, shape (N, O, H', W')
    x : array_like, shape (N, C, H, W)
    weight : array_like, shape (O, C / groups, kH, kW)
    stride, padding, dilation : int or (int, int)
    groups : int, default 1
        As they were given to `conv2d`.

    Returns
    -------
    grad_x : ndarray, shape (N, C, H, W)
    grad_weight : ndarray, shape (O, C / groups, kH, kW)
    grad_bias : ndarray, shape (O,)

    Examples
    --------
    One window of one pixel, y = 3x + b, so the gradients are 3, x and 1:

    >>> grad_x, grad_weight, grad_bias = conv2d_backward([[[[1]]]], [[[[2]]]], [[[[3]]]])
    >>> grad_x.item(), grad_weight.item(), grad_bias.item()
    (3.0, 2.0, 1.0)
    """
    images, w = _batch_and_weight(x, weight)
    strides, pads, gaps = _geometry(stride, padding, dilation)
    groups = integer(groups, "groups", 1)
    out = _conv2d_shape(images, w, strides, pads, gaps, groups)
    g = real_array(grad_output, "grad_output", ndim=4)
    if g.shape != out:
        raise ValueError(f"grad_output must have the shape of the output, {out}, got {g.shape}")
    g, images, w = common_dtype(g, images, w)
    grad_x = _stamp(g, _kernels_as_rows(w, groups).mT, images.shape, _shape(w), strides, pads, gaps)
    sums = np.zeros((groups, len(w) // groups, w[0].size))  # in float64, over all strips
    for samples, rows, strip in fast.strips(
        images, _shape(w), strides, pads, gaps, copies=w[0, 0].size
    ):
        columns = win.columns_of(strip, _shape(w), strides, gaps)
        part = g[samples, :, rows].reshape(len(strip), len(w), -1)
        sums += (_split(part, groups) @ _split(columns, groups).mT).sum(axis=0)
    grad_weight = sums.reshape(w.shape).astype(w.dtype, copy=False)
    grad_bias = g.sum(axis=(0, 2, 3), dtype=np.float64).astype(g.dtype, copy=False)
    return grad_x, grad_weight, grad_bias


@quiet
def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | win.Pair = 1,
    padding: int | win.Pair = 0,
    output_padding: int | win.Pair = 0,
) -> FloatArray:
    r"""Stamp a kernel onto the output for every input pixel: the transpose of `conv2d`.

    .. math::

        Y_{n,\; o,\; s i + u - p,\; s j + v - p} \mathrel{+}= X_{ncij} \, W_{couv}

    Where `conv2d` maps one shape to another, this maps back: it is how `conv2d_backward` finds
    the gradient of the input. It is not an inverse.

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
    weight : array_like, shape (C, O, kH, kW)
        Input channels first, as in the `conv2d` that it transposes.
    bias : array_like, shape (O,), optional
    stride : int or (int, int), default 1
        Distance from one stamp to the next.
    padding : int or (int, int), default 0
        Pixels cut off on every side.
    output_padding : int or (int, int), default 0
        More pixels at the bottom and right; less than the stride. With stride s, s input sizes
        give one output size in `conv2d`: this picks one of them.

    Returns
    -------
    ndarray, shape (N, O, (H - 1) s - 2 p + kH + output_padding, the same of W)

    Raises
    ------
    ValueError
        If `output_padding` is not less than the stride, or `padding` leaves nothing.

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning,
    section 4, arXiv 1603.07285.

    Examples
    --------
    Each pixel is stamped as a 2x2 block:

    >>> conv_transpose2d([[[[1, 2], [3, 4]]]], [[[[1, 1], [1, 1]]]], stride=2)
    array([[[[1., 1., 2., 2.],
             [1., 1., 2., 2.],
             [3., 3., 4., 4.],
             [3., 3., 4., 4.]]]])
    """
    images, w = _batch_and_weight(x, weight)
    strides, pads = pair(stride, "stride", 1), pair(padding, "padding", 0)
    extra = pair(output_padding, "output_padding", 0)
    if len(w) != images.shape[1]:
        raise ValueError(
            f"weight must have shape ({images.shape[1]}, O, kH, kW), one kernel or more for "
            f"each of the {images.shape[1]} channels of x, got {w.shape}"
        )
    if extra[0] >= strides[0] or extra[1] >= strides[1]:
        raise ValueError(f"output_padding must be less than the stride {strides}, got {extra}")
    canvas = tuple(
        (n - 1) * s + k + e
        for n, s, k, e in zip(_shape(images), strides, _shape(w), extra, strict=True)
    )
    height, width = canvas[0] - 2 * pads[0], canvas[1] - 2 * pads[1]
    if height < 1 or width < 1:
        raise ValueError(f"padding must leave some of the {canvas} output, got {pads}")
    images, w, b = _with_bias(images, w, bias, w.shape[1], "one per output")
    shape = (len(images), w.shape[1], height, width)
    y = _stamp(images, w.reshape(1, len(w), -1).mT, shape, _shape(w), strides, pads)
    if bias is not None:
        y += b
    return y


def im2col(
    x: ArrayLike,
    kernel_size: int | win.Pair,
    dilation: int | win.Pair = 1,
    padding: int | win.Pair = 0,
    stride: int | win.Pair = 1,
) -> FloatArray:
    r"""Copy every window of a batch into a column, so that convolution is a matrix product.

    Row :math:`(c k_H + u) k_W + v` of column :math:`i W' + j` holds
    :math:`\tilde X_{n,\; c,\; s i + d u,\; s j + d v}`.

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
    kernel_size : int or (int, int)
    dilation, padding, stride : int or (int, int)
        As in `conv2d`; the order is that of ``torch.nn.functional.unfold``.

    Returns
    -------
    ndarray, shape (N, C * kH * kW, H' * W')

    References
    ----------
    Chellapilla, Puri and Simard (2006), High Performance Convolutional Neural Networks for
    Document Processing, HAL inria-00112631.

    Examples
    --------
    Two windows of a 2x3 image, side by side:

    >>> im2col([[[[1, 2, 3], [4, 5, 6]]]], 2)
    array([[[1., 2.],
            [2., 3.],
            [4., 5.],
            [5., 6.]]])
    """
    images = real_array(x, "x", ndim=4)
    size = pair(kernel_size, "kernel_size", 1)
    strides, pads, gaps = _geometry(stride, padding, dilation)
    win.output_shape(images.shape, size, strides, pads, gaps, names=("x", "kernel_size"))
    columns = win.columns_of(win.pad(images, pads), size, strides, gaps)
    return columns.copy() if np.may_share_memory(columns, images) else columns


def col2im(
    columns: ArrayLike,
    output_size: int | win.Pair,
    kernel_size: int | win.Pair,
    dilation: int | win.Pair = 1,
    padding: int | win.Pair = 0,
    stride: int | win.Pair = 1,
) -> FloatArray:
    r"""Add every column back into its window: the transpose of `im2col`, not its inverse.

    .. math:: \langle \mathrm{im2col}(x), c \rangle = \langle x, \mathrm{col2im}(c) \rangle

    A pixel gets the sum over all windows that hold it.

    Parameters
    ----------
    columns : array_like, shape (N, C * kH * kW, H' * W')
    output_size : int or (int, int)
        Height and width of the images.
    kernel_size : int or (int, int)
    dilation, padding, stride : int or (int, int)
        As they were given to `im2col`.

    Returns
    -------
    ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError
        If `columns` has another shape than `im2col` would give for these sizes.

    Examples
    --------
    The middle pixels of a 2x3 image lie in both windows, so they count twice:

    >>> col2im([[[1, 1], [1, 1], [1, 1], [1, 1]]], (2, 3), 2)
    array([[[[1., 2., 1.],
             [1., 2., 1.]]]])
    """
    c = real_array(columns, "columns", ndim=3)
    shape, size = pair(output_size, "output_size", 1), pair(kernel_size, "kernel_size", 1)
    strides, pads, gaps = _geometry(stride, padding, dilation)
    rows, across = win.output_shape(
        shape, size, strides, pads, gaps, names=("output_size", "kernel_size")
    )
    taps = size[0] * size[1]
    if c.shape[1] % taps or c.shape[2] != rows * across:
        raise ValueError(
            f"columns must have shape (N, C * {taps}, {rows * across}) for these sizes, "
            f"got {c.shape}"
        )
    canvas = _canvas((len(c), c.shape[1] // taps, *shape), pads, c.dtype)
    win.add_columns(c, canvas, size, strides, gaps)
    return win.crop(canvas, pads)


def receptive_field(layers: Sequence[tuple[int, int] | tuple[int, int, int]]) -> int:
    r"""Measure, along one axis, how many input pixels one output of a stack of layers spans.

    .. math:: r = 1 + \sum_l d_l (k_l - 1) \prod_{m<l} s_m

    From the first pixel it sees to the last, with any that dilation or stride skips between.

    Parameters
    ----------
    layers : sequence of (kernel, stride) or (kernel, stride, dilation)
        Convolutions and pools alike, from the input to the output.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a layer does not have two or three sizes.

    See Also
    --------
    conv_output_size : how many outputs there are.

    References
    ----------
    Araujo, Norris and Sim (2019), Computing Receptive Fields of Convolutional Neural
    Networks, Distill, doi 10.23915/distill.00021.

    Examples
    --------
    Two 3x3 convolutions see as much as one 5x5; a 2x2 pool between them makes it 8:

    >>> receptive_field([(3, 1), (3, 1)])
    5
    >>> receptive_field([(3, 1), (2, 2), (3, 1)])
    8
    """
    field, step = 1, 1
    for index, layer in enumerate(_items(layers, "layers")):
        name = f"layers[{index}]"
        sizes = _items(layer, name)
        if len(sizes) not in (2, 3):
            raise ValueError(
                f"{name} must be (kernel, stride) or (kernel, stride, dilation), got {layer!r}"
            )
        kernel, stride, dilation = (integer(size, name, 1) for size in (*sizes, 1)[:3])
        field += dilation * (kernel - 1) * step
        step *= stride
    return field


def gaussian_kernel(size: int, sigma: float) -> FloatArray:
    r"""Sample a Gaussian on a square grid and scale it to sum 1, for blurring.

    .. math:: W_{uv} \propto \exp\left(-\frac{(u - c)^2 + (v - c)^2}{2 \sigma^2}\right),
        \qquad c = \frac{size - 1}{2}

    Parameters
    ----------
    size : int
        Height and width. About :math:`6\sigma + 1` holds 99.7 % along each axis.
    sigma : float
        Standard deviation in pixels, positive and finite.

    Returns
    -------
    ndarray of float64, shape (size, size)

    See Also
    --------
    box_kernel : the plain mean.
    separate : a Gaussian is a column times a row.

    Examples
    --------
    The neighbours of the centre have exp(-1/2) = 0.607 of its weight:

    >>> kernel = gaussian_kernel(3, 1.0)
    >>> round(float(kernel[1, 0] / kernel[1, 1]), 3)
    0.607
    """
    size = integer(size, "size", 1)
    deviation = number(sigma, "sigma", positive=True)
    squares = (np.arange(size) - (size - 1) / 2) ** 2
    # Relative to the tap nearest the centre, whose weight is then 1 however small sigma is.
    with np.errstate(over="ignore"):
        line = np.exp(-(squares - squares.min()) / deviation / deviation / 2)
    line /= line.sum()
    return np.outer(line, line)


def box_kernel(size: int) -> FloatArray:
    r"""Return the kernel that takes the mean of each window.

    .. math:: W_{uv} = \frac{1}{size^2}

    Parameters
    ----------
    size : int
        Height and width.

    Returns
    -------
    ndarray of float64, shape (size, size)

    Examples
    --------
    >>> box_kernel(2)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    size = integer(size, "size", 1)
    return np.full((size, size), 1 / size**2)


@quiet
def separate(kernel: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Split a kernel of rank 1 into a column and a row, so that 2 passes do the work of one.

    .. math:: W_{uv} = a_u \, b_v

    A k x k kernel then costs 2k products per pixel instead of k². The row is the kernel's
    own row through its entry of largest magnitude, the column is 1 there.

    Parameters
    ----------
    kernel : array_like, shape (kH, kW)
        Finite. Rank 1 to within rounding.

    Returns
    -------
    column : ndarray, shape (kH,)
    row : ndarray, shape (kW,)

    Raises
    ------
    ValueError
        If the kernel is not of rank 1 (all zeros have rank 0).

    Examples
    --------
    The Sobel filter smooths down the columns and takes differences along the rows:

    >>> column, row = separate([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> column.tolist(), row.tolist()
    ([0.5, 1.0, 0.5], [-2.0, 0.0, 2.0])
    """
    w = real_array(kernel, "kernel", ndim=2, finite=True)
    u, v = np.unravel_index(np.abs(w).argmax(), w.shape)
    pivot = w[u, v]
    if pivot == 0:
        raise ValueError("kernel must have rank 1, got all zeros (rank 0)")
    column, row = w[:, v] / pivot, w[u].copy()
    rest = np.abs(np.outer(column, row / pivot) - w / pivot).max()
    if rest > 8 * max(w.shape) * np.finfo(w.dtype).eps:
        raise ValueError(
            f"kernel must have rank 1, got one that differs from the product of its column {v} "
            f"and its row {u} by {rest:.2g} of its largest entry"
        )
    return column, row


def _items(value: Any, name: str) -> tuple[Any, ...]:
    """Return the items of a sequence that is not empty."""
    try:
        items = tuple(value)
    except TypeError:
        raise TypeError(f"{name} must be a sequence, got {value!r}") from None
    if not items:
        raise ValueError(f"{name} must not be empty")
    return items


def _constant(rows: list[list[int]]) -> FloatArray:
    """Return a kernel that cannot be changed by accident."""
    kernel = np.array(rows, dtype=np.float64)
    kernel.setflags(write=False)
    return kernel


# Sobel and Feldman (1968), as given in Duda and Hart (1973), Pattern Classification and
# Scene Analysis, p. 271: differences one way, smoothing the other.
SOBEL_X = _constant([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
r"""Sobel kernel for vertical edges: the difference of right and left, smoothed downwards.

.. math:: \begin{pmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{pmatrix}

It is read-only, in float64.

Examples
--------
A step from 0 to 1, from left to right:

>>> cross_correlation_2d([[0, 0, 1], [0, 0, 1], [0, 0, 1]], SOBEL_X)  # 1 + 2 + 1
array([[4.]])
"""

SOBEL_Y = _constant([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
r"""Sobel kernel for horizontal edges: the difference of below and above, smoothed sideways.

.. math:: \begin{pmatrix} -1 & -2 & -1 \\ 0 & 0 & 0 \\ 1 & 2 & 1 \end{pmatrix}

It is the transpose of `SOBEL_X`, read-only, in float64.

Examples
--------
A step from 0 to 1, downwards:

>>> cross_correlation_2d([[0, 0, 0], [0, 0, 0], [1, 1, 1]], SOBEL_Y)  # 1 + 2 + 1
array([[4.]])
"""

SHARPEN = _constant([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
r"""Kernel that sharpens: the pixel, and how far it stands out from its four neighbours.

.. math:: \begin{pmatrix} 0 & -1 & 0 \\ -1 & 5 & -1 \\ 0 & -1 & 0 \end{pmatrix}

It is read-only, in float64. Its entries sum to 1, so what is flat stays as it is.

Examples
--------
>>> cross_correlation_2d([[1, 1, 1], [1, 2, 1], [1, 1, 1]], SHARPEN)  # 5*2 - 4*1
array([[6.]])
>>> cross_correlation_2d([[2, 2, 2], [2, 2, 2], [2, 2, 2]], SHARPEN)
array([[2.]])
"""


def _batch_and_weight(x: ArrayLike, weight: ArrayLike) -> list[FloatArray]:
    """Return both as 4-D arrays of one precision."""
    return common_dtype(real_array(x, "x", ndim=4), real_array(weight, "weight", ndim=4))


def _geometry(
    stride: int | win.Pair, padding: int | win.Pair, dilation: int | win.Pair
) -> tuple[win.Pair, win.Pair, win.Pair]:
    """Return all three as checked pairs."""
    return pair(stride, "stride", 1), pair(padding, "padding", 0), pair(dilation, "dilation", 1)


def _conv2d_shape(
    x: FloatArray,
    w: FloatArray,
    stride: win.Pair,
    padding: win.Pair,
    dilation: win.Pair,
    groups: int,
) -> tuple[int, int, int, int]:
    """Return the shape of `conv2d`'s output, or refuse shapes that do not go together."""
    n, channels = x.shape[:2]
    kernels, depth = w.shape[:2]
    if channels % groups or kernels % groups:
        raise ValueError(
            f"groups must divide the {channels} channels of x and the {kernels} kernels of "
            f"weight, got {groups}"
        )
    if depth * groups != channels:
        raise ValueError(
            f"weight must have shape (O, {channels // groups}, kH, kW) for {channels} channels "
            f"in {groups} groups, got {w.shape}"
        )
    rows, columns = win.output_shape(
        x.shape, _shape(w), stride, padding, dilation, names=("x", "weight")
    )
    return n, kernels, rows, columns


def _shape(array: FloatArray) -> win.Pair:
    """Return the height and width of a kernel or an image."""
    return array.shape[-2], array.shape[-1]


def _kernels_as_rows(w: FloatArray, groups: int) -> FloatArray:
    """Return the weight as (groups, O / groups, C / groups * kH * kW)."""
    return w.reshape(groups, len(w) // groups, -1)


def _split(x: FloatArray, groups: int) -> FloatArray:
    """Return (N, C, L) as (N, groups, C / groups, L)."""
    return x.reshape(len(x), groups, -1, x.shape[-1])


def _with_bias(
    x: FloatArray, w: FloatArray, bias: ArrayLike | None, n: int, each: str
) -> list[FloatArray]:
    """Return all three in one precision, the bias as (n, 1, 1); without one, zeros."""
    if bias is None:
        return [*common_dtype(x, w), np.zeros((n, 1, 1), np.float32)]
    b = real_array(bias, "bias", ndim=1)
    if len(b) != n:
        raise ValueError(f"bias must have shape ({n},), {each}, got {b.shape}")
    return common_dtype(x, w, b[:, None, None])


def _canvas(shape: tuple[int, ...], padding: win.Pair, dtype: DTypeLike) -> FloatArray:
    """Return zeros to add to, with a border that is cropped afterwards."""
    (top, left), (height, width) = padding, shape[-2:]
    return np.zeros((*shape[:-2], height + 2 * top, width + 2 * left), dtype)


def _stamp(
    x: FloatArray,
    kernels: FloatArray,
    shape: tuple[int, ...],
    size: win.Pair,
    stride: win.Pair,
    padding: win.Pair,
    dilation: win.Pair = win.ONE,
) -> FloatArray:
    """Add each pixel's multiple of its kernel to the canvas: the transpose of `conv2d`.

    `kernels` has a column per channel of `x`, (groups, C / groups * kH * kW, O / groups).
    """
    groups, width = len(kernels), x.shape[3]
    canvas = _canvas(shape, padding, x.dtype)
    row = x.itemsize * groups * kernels.shape[1] * width
    for samples, rows in fast.blocks(len(x), x.shape[2], row):
        part = x[samples, :, rows]
        under = fast.input_rows(rows, size, stride, dilation)
        columns = kernels @ _split(part.reshape(*part.shape[:2], -1), groups)
        win.add_columns(columns, canvas[samples, :, under], size, stride, dilation)
    return win.crop(canvas, padding)
