"""How convolution and pooling stay fast and small on large arrays.

The primitives say what is computed. On a large array the same sum costs more in moving memory
than in arithmetic, so here the work is cut into pieces that stay in the processor's cache
between one step and the next. No answer depends on it: a NaN or an infinity reaches exactly
the outputs whose window holds it, and only the last digits of a sum may differ: those of its
own terms or, where many taps are summed by the FFT, of the largest value of the tile.
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

# From here on the FFT is faster than the direct sum, which is exact on whole numbers.
MANY_TAPS_2D = 180
MANY_TAPS_1D = 250

# Up to so many taps, and on signals so short, `np.correlate` is as fast as a matrix product.
FEW_TAPS = 11
SHORT = 4096

# Outputs in one row of that product. With 16 float32 takes longer, with 64 both do.
BLOCK = 32

# From so many kernels on, products that are as large as can be cost less than copies saved.
MANY_KERNELS = 64

# From so many taps in a row of the kernel on, `einsum` sums along it without a call for each.
LONG = 128

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
        rows = rows_per_strip(maps)
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
        rows, height = rows_per_strip(one), y.shape[-2]
        for (part, first), (_, second) in zip(
            strips(one, rows, height, kernel, stride),
            strips(two, rows, height, kernel, stride),
            strict=True,
        ):
            yield small[..., part, :], first, second


def rows_per_strip(x: FloatArray) -> int:
    """Return how many output rows, as wide as the map, half the cache holds.

    The other half is for the sums or maxima that are made of them.
    """
    bytes_per_row: int = x.nbytes // x.shape[-2]
    return max(1, CACHE // 2 // bytes_per_row)


def columns(
    x: FloatArray,
    y: FloatArray,
    kernel: win.Pair,
    stride: win.Pair,
    padding: win.Pair,
    dilation: win.Pair,
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield pieces of `y` (N, G, O, H', W'), and the windows of `x` (N, G, C, H, W) as columns.

    A piece (N, G, rows, O, places) is kernels (O, kH * C * kW) times columns. Columns that are
    written, multiplied and forgotten while they are in the cache cost a fifth less than one
    matrix of all of them, and no memory.
    """
    height, width = y.shape[-2:]
    by_rows = kernel[0] > stride[0] and dilation == win.ONE and y.shape[2] < MANY_KERNELS
    copies = kernel[1] if by_rows else kernel[0] * kernel[1]
    row = x.itemsize * x.shape[1] * x.shape[2] * copies * width
    samples, rows = max(1, CACHE // (row * height)), max(1, CACHE // row)
    for start in range(0, len(x), samples):
        chosen = slice(start, start + samples)
        for part, strip in strips(x[chosen], rows, height, kernel, stride, padding, dilation):
            out = y[chosen, :, :, part]
            if by_rows:
                yield out.swapaxes(2, 3), _columns_by_rows(strip, out.shape[3:], kernel, stride)
            else:
                windows = win.sliding_windows(strip, kernel, stride, dilation)
                taps_first = windows.transpose(0, 1, 5, 2, 6, 3, 4)
                places = out.shape[3] * width
                yield (
                    out.reshape(*out.shape[:2], 1, -1, places),
                    taps_first.reshape(*out.shape[:2], 1, -1, places),
                )


def _columns_by_rows(
    x: FloatArray, out: win.Pair, kernel: win.Pair, stride: win.Pair
) -> FloatArray:
    """Return the windows of each output row as columns, (N, G, H', kH * C * kW, W').

    kW copies of every input row, each a pixel further on, lie one below the other. What
    meets one output row is then kH * C * kW rows of that, as they lie in memory, and what
    meets the next one begins further down: no pixel is copied kH times.
    """
    shifted = win.sliding_windows(x, (1, kernel[1]), (1, stride[1]))[..., 0, :]
    copies = shifted.transpose(0, 1, 3, 2, 5, 4).copy()
    sample, group, row, _, line, size = copies.strides
    taps = kernel[0] * x.shape[2] * kernel[1]
    shape = *x.shape[:2], out[0], taps, out[1]
    return as_strided(copies, shape, (sample, group, stride[0] * row, line, size))


def correlate_1d(x: FloatArray, w: FloatArray) -> FloatArray:
    """Return the weighted sum of every window of a signal."""
    if len(w) > MANY_TAPS_1D and 2 * len(w) <= len(x):
        y = np.empty(len(x) - len(w) + 1, x.dtype)
        _overlap_save(x[None], w[None], y[None], (1, _fft_length(len(w), len(x), TILE_1D)))
        return y
    if FEW_TAPS < len(w) <= MANY_TAPS_1D and len(x) > SHORT:
        return _block_products(x, w)
    return np.correlate(x, w)


def _block_products(x: FloatArray, w: FloatArray) -> FloatArray:
    """Correlate by a matrix product that makes a block of outputs from the samples under it.

    Row b of the matrix is the kernel, b places further on, and zeros. They are multiplied too,
    but at ten times the speed: `np.correlate` makes a call for each sample.
    """
    y = np.empty(len(x) - len(w) + 1, x.dtype)
    reach = len(w) + BLOCK - 1
    band = np.zeros((BLOCK, reach + 1), w.dtype)
    band[:, : len(w)] = w
    band = band.ravel()[:-BLOCK].reshape(BLOCK, reach)  # each row shorter by one: so they shift
    blocks = win.sliding_windows(x[None], (1, reach), (1, BLOCK))[0, :, 0]
    step = max(1, CACHE // 2 // (x.itemsize * reach))
    for start in range(0, len(blocks), step):
        part = blocks[start : start + step].copy()
        first, n = start * BLOCK, len(part) * BLOCK
        out = y[first : first + n]
        np.matmul(part, band.T, out=out.reshape(-1, BLOCK))
        # Zero times a value that is not finite is NaN: it spreads to the whole block.
        if not np.isfinite(out).all():
            out[...] = np.correlate(x[first : first + n + len(w) - 1], w)
    done = len(blocks) * BLOCK
    if done < len(y):
        y[done:] = np.correlate(x[done:], w)
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
    as_it_lies = padding == win.NONE and x.flags.c_contiguous  # BLAS takes no other rows
    rows = out[0] if as_it_lies else rows_per_strip(x)
    for part, strip in strips(x, rows, out[0], kernel, stride, padding):
        _row_products(np.ascontiguousarray(strip), w, y[part], stride)
    return y


def _row_products(x: FloatArray, w: FloatArray, y: FloatArray, stride: win.Pair) -> None:
    """Correlate by a matrix product for each output row, then by a sum of kW shifted rows.

    The product is of the kernel's columns with the kH input rows under it, so every pixel is
    read once for all taps of a column, and nothing is multiplied that is not in a window:
    z[i, v, c] = sum over u of w[u, v] x[i + u, c], and y[i, j] = sum over v of z[i, v, j + v].
    """
    (kh, kw), right, size = w.shape, stride[1], x.itemsize
    if kw > LONG:  # z would grow with its square
        np.einsum("ijuv,uv->ij", win.sliding_windows(x, (kh, kw), stride), w, out=y)
        return
    bands = win.sliding_windows(x, (kh, 1), (stride[0], 1))[..., 0].mT
    columns = min(y.shape[1], max(1, CACHE // (size * kw * right)))
    reach = (columns - 1) * right + kw
    rows = min(len(y), max(1, CACHE // (size * kw * reach)))
    z = np.empty((rows, kw, reach), x.dtype)
    row, tap, _ = z.strides
    shifted = as_strided(z, (rows, kw, columns), (row, tap + size, right * size))
    for top in range(0, len(y), rows):
        for left in range(0, y.shape[1], columns):
            out = y[top : top + rows, left : left + columns]
            band = bands[top : top + rows, :, left * right : left * right + reach]
            np.matmul(w.T, band, out=z[: len(out), :, : band.shape[2]])
            np.einsum("ivj->ij", shifted[: len(out), :, : out.shape[1]], out=out)


def _fft_length(kernel: int, n: int, tile: int) -> int:
    """Return an FFT's length: a tile or eight kernels, less if the last one would be half empty."""
    longest = 1 << (max(tile, 8 * kernel) - 1).bit_length()
    sums = n - kernel + 1
    tiles = -(-sums // (longest - kernel + 1))
    shared = -(-sums // tiles) + kernel - 1
    eighth = longest // 8  # one to seven eighths of a power of two are fast as well
    return -(-shared // eighth) * eighth


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
