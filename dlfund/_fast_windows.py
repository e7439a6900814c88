"""How convolution and pooling stay fast and small on large arrays.

The primitives say what is computed. On a large array the same sum costs more in moving memory
than in arithmetic, so here the work is cut into pieces that stay in the processor's cache
between one step and the next. No answer depends on it: a NaN or an infinity reaches exactly
the outputs whose window holds it, and only the last digits of a sum may differ.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlfund import _windows as win
from dlfund._checks import FloatArray

# Bytes in one piece: the second-level cache of current processors holds 1 MB or more. With a
# quarter of this, correlation took 1.2 to 1.5 times as long, and pooling 1.1 times.
CACHE = 1 << 20

# With fewer products than this, one `einsum` takes no longer than cutting up the work.
FEW = 4_000

# From here on the FFT is faster than the direct sum; up to here the sum, which is exact on
# whole numbers, costs no more. In one dimension `np.correlate` has the better loop.
MANY_TAPS_2D = 180
MANY_TAPS_1D = 130

# Length of one FFT, along each axis (2-D) or in a row (1-D): a tile and its spectrum fit the cache.
TILE_2D = 256
TILE_1D = 16384


def strips(
    x: FloatArray,
    rows: int,
    height: int,
    kernel: win.Pair,
    stride: win.Pair = win.ONE,
    padding: win.Pair = win.NONE,
    dilation: win.Pair = win.ONE,
    value: float = 0.0,
) -> Iterator[tuple[slice, FloatArray]]:
    """Yield slices of at most `rows` of the `height` output rows, and the padded strip of each.

    The strip has just the input rows that the windows of these output rows meet; without
    padding it is a view.
    """
    (above, left), (n, width) = padding, x.shape[-2:]
    for start in range(0, height, rows):
        stop = min(start + rows, height)
        top = start * stride[0] - above
        length = (stop - start - 1) * stride[0] + dilation[0] * (kernel[0] - 1) + 1
        first, last = (min(max(edge, 0), n) for edge in (top, top + length))
        strip = x[..., first:last, :]
        if padding != win.NONE:
            padded = np.full((*x.shape[:-2], length, width + 2 * left), value, x.dtype)
            padded[..., first - top : last - top, left : left + width] = strip
            strip = padded
        yield slice(start, stop), strip


def pieces(*arrays: FloatArray) -> Iterator[tuple[FloatArray, ...]]:
    """Cut the leading axes that all `arrays` share, until a piece of the first fits the cache."""
    x = arrays[0]
    if x.ndim == 2 or x.nbytes <= CACHE:
        yield arrays
    elif x[0].nbytes > CACHE:
        for each in zip(*arrays, strict=True):
            yield from pieces(*each)
    else:
        step = CACHE // x[0].nbytes
        for start in range(0, len(x), step):
            yield tuple(array[start : start + step] for array in arrays)


def in_strips(
    pool: Callable[[FloatArray, FloatArray], object],
    x: FloatArray,
    kernel: win.Pair,
    stride: win.Pair,
    padding: win.Pair = win.NONE,
    value: float = 0.0,
) -> FloatArray:
    """Return what `pool` makes of the padded maps, in one go if they are small, else in strips.

    `pool` takes a strip, and writes its output rows into the array that it gets with it.
    """
    height = win.output_size(x.shape[-2], kernel[0], stride[0], padding[0])
    width = win.output_size(x.shape[-1], kernel[1], stride[1], padding[1])
    y = np.empty((*x.shape[:-2], height, width), x.dtype)
    if x.nbytes <= CACHE:
        pool(win.pad(x, padding, value), y)
        return y
    for maps, out in pieces(x, y):
        rows = rows_per_strip(maps, stride)
        for part, strip in strips(maps, rows, height, kernel, stride, padding, value=value):
            pool(strip, out[..., part, :])
    return y


def strips_together(
    y: FloatArray, x: FloatArray, also: FloatArray, kernel: win.Pair, stride: win.Pair
) -> Iterator[tuple[FloatArray, ...]]:
    """Yield strips of outputs `y` with those of the maps `x` and `also` that they come from.

    All three are views, so what is written to them stays. Strips of maps may overlap.
    """
    for one, small, two in pieces(x, y, also):
        rows, height = rows_per_strip(one, stride), y.shape[-2]
        for (part, first), (_, second) in zip(
            strips(one, rows, height, kernel, stride),
            strips(two, rows, height, kernel, stride),
            strict=True,
        ):
            yield small[..., part, :], first, second


def rows_per_strip(x: FloatArray, stride: win.Pair) -> int:
    """Return how many output rows a strip of half the cache gives: the other half is for sums."""
    bytes_per_row: int = x.nbytes // x.shape[-2] * stride[0]
    return max(1, CACHE // 2 // bytes_per_row)


def batches(
    x: FloatArray,
    out: win.Pair,
    kernel: win.Pair,
    stride: win.Pair,
    padding: win.Pair,
    dilation: win.Pair,
) -> Iterator[tuple[slice, slice, FloatArray]]:
    """Yield samples, output rows and their padded strip, whose columns fit the cache.

    Columns that are written, multiplied and forgotten while they are in the cache cost a fifth
    less than one matrix of all of them, and no memory.
    """
    row = x.itemsize * x.shape[1] * kernel[0] * kernel[1] * out[1]
    samples, rows = max(1, CACHE // (row * out[0])), max(1, CACHE // row)
    for start in range(0, len(x), samples):
        chosen = slice(start, start + samples)
        for part, strip in strips(x[chosen], rows, out[0], kernel, stride, padding, dilation):
            yield chosen, part, strip


def correlate_1d(x: FloatArray, w: FloatArray) -> FloatArray:
    """Return the weighted sum of every window of a signal, for many taps."""
    if 2 * len(w) > len(x):
        return np.correlate(x, w)
    y = np.empty(len(x) - len(w) + 1, x.dtype)
    _overlap_save(x[None], w[None], y[None], (1, _fft_length(len(w), len(x), TILE_1D)))
    return y


def correlate_2d(
    x: FloatArray, w: FloatArray, out: win.Pair, stride: win.Pair, padding: win.Pair
) -> FloatArray:
    """Return the weighted sum of every window of a padded image."""
    kernel = w.shape[0], w.shape[1]
    y = np.empty(out, x.dtype)
    many = w.size > MANY_TAPS_2D and stride == win.ONE
    if many and 2 * kernel[0] <= out[0] and 2 * kernel[1] <= out[1]:
        tile = [_fft_length(k, k + n - 1, TILE_2D) for k, n in zip(kernel, out, strict=True)]
        for part, strip in strips(x, tile[0] - kernel[0] + 1, out[0], kernel, stride, padding):
            _overlap_save(strip, w, y[part], (tile[0], tile[1]))
        return y
    rows = rows_per_strip(x, stride) if padding != win.NONE else out[0]
    for part, strip in strips(x, rows, out[0], kernel, stride, padding):
        _row_products(strip, w, y[part], stride)
    return y


def _row_products(x: FloatArray, w: FloatArray, y: FloatArray, stride: win.Pair) -> None:
    """Correlate by a matrix product for each output row, then by kW shifted sums.

    The product is of the kernel's columns with the kH input rows under it, so every pixel is
    read once for all taps of a column, and nothing is multiplied that is not in a window:
    z[v, c] = sum over u of w[u, v] x[i + u, c], and y[i, j] = sum over v of z[v, j + v].
    """
    (kh, kw), (down, right), size = w.shape, stride, x.itemsize
    columns = min(y.shape[1], max(1, CACHE // (size * kw * right)))
    width = (columns - 1) * right + kw
    rows = min(len(y), max(1, CACHE // (size * kw * width)))
    products = np.empty((rows, kw, width), x.dtype)
    for left in range(0, y.shape[1], columns):
        for top in range(0, len(y), rows):
            out = y[top : top + rows, left : left + columns]
            reach = (out.shape[1] - 1) * right + 1
            source = x[
                top * down : (top + len(out) - 1) * down + kh,
                left * right : left * right + reach + kw - 1,
            ]
            if source.strides[1] != size:
                source = source.copy()  # BLAS takes rows only as they lie in memory
            step = source.strides[0]
            bands = as_strided(source, (len(out), kh, source.shape[1]), (step * down, step, size))
            z = np.matmul(w.T, bands, out=products[: len(out), :, : source.shape[1]])
            first, *others = (z[:, v, v : v + reach : right] for v in range(kw))
            np.add(first, others.pop(0) if others else 0, out=out)
            for other in others:
                out += other


def _fft_length(kernel: int, n: int, tile: int) -> int:
    """Return a power of two: eight kernels or a tile, but no more than the input needs."""
    return 1 << (min(n, max(tile, 8 * kernel)) - 1).bit_length()


def _overlap_save(x: FloatArray, w: FloatArray, y: FloatArray, tile: win.Pair) -> None:
    """Correlate by the FFT, tile by tile.

    A product of spectra wraps round at the end of a tile, so the last k - 1 sums of each are
    dropped, and the next tile starts where they begin. See Oppenheim and Schafer (2010),
    Discrete-Time Signal Processing, 3rd edition, section 8.7.3.
    """
    axes = tuple(axis for axis in (0, 1) if w.shape[axis] > 1)
    lengths = tuple(tile[axis] for axis in axes)
    spectrum = np.conj(np.fft.rfftn(w, lengths, axes))
    step = tile[1] - w.shape[1] + 1
    for left in range(0, y.shape[1], step):
        part, out = x[:, left : left + tile[1]], y[:, left : left + step]
        sums = np.fft.irfftn(np.fft.rfftn(part, lengths, axes) * spectrum, lengths, axes)
        out[...] = sums[: out.shape[0], : out.shape[1]]
        # One value that is not finite spoils every sum of its tile, and so does an overflow on
        # the way. Then only the direct sum knows which windows hold it.
        if not np.isfinite(out).all():
            _row_products(part, w, out, win.ONE)
