"""Output sizes and sliding windows, shared by convolution and pooling.

Everything here trusts its input: shapes and numbers were checked at the public door.
"""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlfund._checks import FloatArray

type Pair = tuple[int, int]

ONE: Pair = (1, 1)
NONE: Pair = (0, 0)


def output_size(n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return how many windows fit: floor((n + 2p - d(k - 1) - 1) / s) + 1."""
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def output_shape(
    shape: tuple[int, ...],
    kernel: Pair,
    stride: Pair = ONE,
    padding: Pair = NONE,
    dilation: Pair = ONE,
    *,
    names: tuple[str, str],
) -> Pair:
    """Return the (rows, columns) of windows over the last two axes of `shape`.

    `names` are the arguments to blame, input and window, when no window fits.
    """
    height, width = shape[-2:]
    rows = output_size(height, kernel[0], stride[0], padding[0], dilation[0])
    columns = output_size(width, kernel[1], stride[1], padding[1], dilation[1])
    if rows < 1 or columns < 1:
        reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
        padded = (height + 2 * padding[0], width + 2 * padding[1])
        spread = "" if dilation == ONE else f" (dilated from {kernel})"
        label = "" if padding == NONE else "padded "
        raise ValueError(
            f"{names[1]} must fit inside the {label}{names[0]}, "
            f"got {reach}{spread} for a {label}{names[0]} of {padded}"
        )
    return rows, columns


def pad(x: FloatArray, padding: Pair, value: float | None = 0.0) -> FloatArray:
    """Return `x` with a border of `value` around its last two axes; `x` itself if none.

    Without a value it is one pixel of reflection.
    """
    if padding == NONE:
        return x
    (top, left), (height, width) = padding, x.shape[-2:]
    padded = np.full((*x.shape[:-2], height + 2 * top, width + 2 * left), value or 0.0, x.dtype)
    padded[..., top : top + height, left : left + width] = x
    if value is None:
        reflect(padded)
    return padded


def reflect(x: FloatArray, above: bool = True, below: bool = True) -> None:
    """Mirror a border of one pixel, at the sides and where the map ends."""
    x[..., 0], x[..., -1] = x[..., 2], x[..., -3]
    if above:
        x[..., 0, :] = x[..., 2, :]
    if below:
        x[..., -1, :] = x[..., -3, :]


def sliding_windows(
    x: FloatArray, kernel: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> FloatArray:
    """Return a view of shape (..., rows, columns, *kernel): every window, no copy.

    To be read, never written: the windows overlap.
    """
    rows = output_size(x.shape[-2], kernel[0], stride[0], 0, dilation[0])
    columns = output_size(x.shape[-1], kernel[1], stride[1], 0, dilation[1])
    down, right = x.strides[-2:]
    steps = (stride[0] * down, stride[1] * right, dilation[0] * down, dilation[1] * right)
    return as_strided(x, (*x.shape[:-2], rows, columns, *kernel), (*x.strides[:-2], *steps))


def taps(
    x: FloatArray, kernel: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> Iterator[FloatArray]:
    """Yield, for each place in the kernel, the view of `x` that it meets, one value per window."""
    rows = output_size(x.shape[-2], kernel[0], stride[0], 0, dilation[0])
    columns = output_size(x.shape[-1], kernel[1], stride[1], 0, dilation[1])
    for u in range(kernel[0]):
        top = u * dilation[0]
        band = x[..., top : top + (rows - 1) * stride[0] + 1 : stride[0], :]
        for v in range(kernel[1]):
            left = v * dilation[1]
            yield band[..., left : left + (columns - 1) * stride[1] + 1 : stride[1]]


def columns_of(x: FloatArray, kernel: Pair, stride: Pair = ONE, dilation: Pair = ONE) -> FloatArray:
    """Return every window of (N, C, H, W) as a column of (N, C * kH * kW, windows).

    A view of `x` where nothing moves (a 1x1 kernel), a copy otherwise.
    """
    windows = sliding_windows(x, kernel, stride, dilation)
    stacked = windows.transpose(0, 1, 4, 5, 2, 3)
    return stacked.reshape(len(x), x.shape[1] * kernel[0] * kernel[1], -1)


def add_columns(
    columns: FloatArray, canvas: FloatArray, kernel: Pair, stride: Pair = ONE, dilation: Pair = ONE
) -> None:
    """Add each column to the canvas where its window is: the adjoint of `columns_of`."""
    n, c = canvas.shape[:2]
    rows = output_size(canvas.shape[2], kernel[0], stride[0], 0, dilation[0])
    places = columns.reshape(n, c, kernel[0] * kernel[1], rows, -1)
    for k, tap in enumerate(taps(canvas, kernel, stride, dilation)):
        tap += places[:, :, k]


def crop(canvas: FloatArray, padding: Pair) -> FloatArray:
    """Return a copy without the border, `canvas` itself if none: the adjoint of `pad`."""
    if padding == NONE:
        return canvas
    (top, left), (height, width) = padding, canvas.shape[-2:]
    return canvas[..., top : height - top, left : width - left].copy()
