"""Slow, obvious second implementations, for comparison.

Plain loops from the definitions. Nothing of dlfund is imported, and nothing here is clever.
"""

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]


# convolution


def correlate_1d(signal: Array, kernel: Array) -> Array:
    out = np.zeros(len(signal) - len(kernel) + 1)
    for i in range(len(out)):
        for k in range(len(kernel)):
            out[i] += signal[i + k] * kernel[k]
    return out


def correlate_2d(image: Array, kernel: Array, stride: tuple[int, int] = (1, 1)) -> Array:
    (height, width), (rows, columns) = image.shape, kernel.shape
    out = np.zeros(((height - rows) // stride[0] + 1, (width - columns) // stride[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for u in range(rows):
                for v in range(columns):
                    out[i, j] += image[i * stride[0] + u, j * stride[1] + v] * kernel[u, v]
    return out


def zero_pad(x: Array, padding: tuple[int, int], value: float = 0.0) -> Array:
    (p, q), (height, width) = padding, x.shape[-2:]
    out = np.full((*x.shape[:-2], height + 2 * p, width + 2 * q), value)
    out[..., p : p + height, q : q + width] = x
    return out


def conv2d(
    x: Array,
    weight: Array,
    bias: Array,
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Array:
    padded = zero_pad(x, padding)
    n_out, depth, rows, columns = weight.shape
    height = (padded.shape[2] - dilation[0] * (rows - 1) - 1) // stride[0] + 1
    width = (padded.shape[3] - dilation[1] * (columns - 1) - 1) // stride[1] + 1
    out = np.zeros((len(x), n_out, height, width))
    for n, o, i, j in np.ndindex(out.shape):
        out[n, o, i, j] = bias[o]
        group = o // (n_out // groups)
        for c, u, v in np.ndindex(depth, rows, columns):
            row, column = i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]
            out[n, o, i, j] += padded[n, group * depth + c, row, column] * weight[o, c, u, v]
    return out


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array,
    stride: tuple[int, int],
    padding: tuple[int, int],
    output_padding: tuple[int, int],
) -> Array:
    n, _, height, width = x.shape
    _, n_out, rows, columns = weight.shape
    out_height = (height - 1) * stride[0] - 2 * padding[0] + rows + output_padding[0]
    out_width = (width - 1) * stride[1] - 2 * padding[1] + columns + output_padding[1]
    out = np.zeros((n, n_out, out_height, out_width))
    for o in range(n_out):
        out[:, o] = bias[o]
    for m, c, i, j in np.ndindex(x.shape):
        for o, u, v in np.ndindex(weight.shape[1:]):
            row, column = i * stride[0] + u - padding[0], j * stride[1] + v - padding[1]
            if 0 <= row < out_height and 0 <= column < out_width:
                out[m, o, row, column] += x[m, c, i, j] * weight[c, o, u, v]
    return out


# pooling


def windows(
    x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> list[list[tuple[slice, slice]]]:
    """The place of every window of a 2-D map, as rows and columns of slices."""
    return [
        [
            (slice(i, i + size[0]), slice(j, j + size[1]))
            for j in range(0, x.shape[1] - size[1] + 1, stride[1])
        ]
        for i in range(0, x.shape[0] - size[0] + 1, stride[0])
    ]


def max_pool(x: Array, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    return np.array([[x[w].max() for w in row] for row in windows(x, size, stride)])


def avg_pool(x: Array, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    return np.array([[x[w].mean() for w in row] for row in windows(x, size, stride)])


def lp_pool(x: Array, p: float, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    return np.array(
        [[(x[w] ** p).sum() ** (1 / p) for w in row] for row in windows(x, size, stride)]
    )


def max_pool_backward(
    grad: Array, x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> Array:
    out = np.zeros(x.shape)
    for i, row in enumerate(windows(x, size, stride)):
        for j, w in enumerate(row):
            u, v = np.unravel_index(x[w].argmax(), size)
            out[w][u, v] += grad[i, j]
    return out


def avg_pool_backward(
    grad: Array, x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> Array:
    out = np.zeros(x.shape)
    for i, row in enumerate(windows(x, size, stride)):
        for j, w in enumerate(row):
            out[w] += grad[i, j] / (size[0] * size[1])
    return out


def adaptive_avg_pool(x: Array, output_size: tuple[int, int]) -> Array:
    out = np.zeros(output_size)
    for i in range(output_size[0]):
        for j in range(output_size[1]):
            top, bottom = (
                np.floor(i * x.shape[0] / output_size[0]),
                np.ceil((i + 1) * x.shape[0] / output_size[0]),
            )
            left, right = (
                np.floor(j * x.shape[1] / output_size[1]),
                np.ceil((j + 1) * x.shape[1] / output_size[1]),
            )
            out[i, j] = x[int(top) : int(bottom), int(left) : int(right)].mean()
    return out


def blur_pool(x: Array, stride: tuple[int, int]) -> Array:
    padded = np.pad(x, 1, mode="reflect")
    line = np.array([1, 2, 1]) / 4
    return correlate_2d(padded, np.outer(line, line), stride)
