"""How convolution and pooling stay fast and small on large arrays.

The primitives say what is computed. On a large array the same sum costs more in moving memory
than in arithmetic, so here the work is cut into strips that stay in the processor's cache
between one step and the next. No answer depends on it: an output is made of the values in its
own window, and only the order in which they are added may differ.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlfund import _windows as win
from dlfund._checks import BoolArray, FloatArray, IntArray

# Bytes in one strip: the second-level cache of current processors holds 1 MB or more. With a
# quarter of this, correlation took 1.2 to 1.5 times as long, and pooling 1.1 times.
CACHE = 1 << 20

# With fewer products than this, one `einsum` takes no longer than cutting up the work.
FEW = 4_000

# Up to so many taps, and on signals so short, `np.correlate` is as fast as a matrix product; it
# is with a kernel, too, that is so long that the matrix leaves the cache.
FEW_TAPS = 11
SHORT_SIGNAL = 4096

# Outputs in one row of that product. With 16 float32 takes longer, with 64 both do.
BLOCK = 32

# From so many taps in a row of the kernel on, `einsum` sums along it without a call for each.
LONG_ROW = 128

# Rows and columns that a window may have, together, for its float32 sum to be right to 1e-6.
SAFE_IN_FLOAT32 = 16

# From so many bands on a map is averaged over all of them together.
MANY_BANDS = 32

# Every mean of finite numbers is finite when these are made smaller by this first.
HEADROOM = 2.0**-64


def strips(
    x: FloatArray,
    kernel: win.Pair,
    stride: win.Pair,
    padding: win.Pair = win.NONE,
    dilation: win.Pair = win.ONE,
    *,
    border: float | None = 0.0,
    copies: int = 2,
) -> Iterator[tuple[slice, slice, FloatArray]]:
    """Cut (N, ..., H, W): yield samples, output rows, and what these are made of, padded.

    Without padding that is a view of `x`. `border` is the value of the padding, None one pixel
    of reflection; `copies` how much larger than a strip is all that will be made of it.
    """
    (above, left), (n, width) = padding, x.shape[-2:]
    height = win.output_size(n, kernel[0], stride[0], above, dilation[0])
    for samples, rows in blocks(len(x), height, x.nbytes // (len(x) * n) * copies):
        under = input_rows(rows, kernel, stride, dilation)
        first, last = (min(max(edge - above, 0), n) for edge in (under.start, under.stop))
        strip = x[samples, ..., first:last, :]
        if padding != win.NONE:
            shape = (*strip.shape[:-2], under.stop - under.start, width + 2 * left)
            padded = np.full(shape, border or 0.0, x.dtype)
            top = first + above - under.start
            padded[..., top : top + last - first, left : left + width] = strip
            if border is None:
                win.reflect(padded, under.start == 0, under.stop == n + 2)
            strip = padded
        yield samples, rows, strip


def blocks(n: int, height: int, row: int) -> Iterator[tuple[slice, slice]]:
    """Yield slices of `n` samples and of their `height` rows of `row` bytes that fit the cache."""
    at_once = max(1, CACHE // row)
    samples, rows = max(1, at_once // height), min(at_once, height)
    for start in range(0, n, samples):
        for top in range(0, height, rows):
            yield slice(start, min(start + samples, n)), slice(top, min(top + rows, height))


def input_rows(
    rows: slice, kernel: win.Pair, stride: win.Pair, dilation: win.Pair = win.ONE
) -> slice:
    """Return the rows of the padded input under these rows of the output."""
    reach = dilation[0] * (kernel[0] - 1) + 1
    return slice(rows.start * stride[0], (rows.stop - 1) * stride[0] + reach)


def in_strips(
    formula: Callable[[FloatArray], FloatArray],
    x: FloatArray,
    kernel: win.Pair,
    stride: win.Pair,
    padding: win.Pair = win.NONE,
    border: float | None = 0.0,
) -> FloatArray:
    """Return what `formula` makes of the windows of each padded map (..., H, W).

    In one go if the maps are small, else in strips.
    """
    if x.nbytes <= CACHE:
        return formula(win.pad(x, padding, border)).astype(x.dtype, copy=False)
    height = win.output_size(x.shape[-2], kernel[0], stride[0], padding[0])
    width = win.output_size(x.shape[-1], kernel[1], stride[1], padding[1])
    y = np.empty((*x.shape[:-2], height, width), x.dtype)
    outputs = as_maps(y)
    for samples, rows, strip in strips(as_maps(x), kernel, stride, padding, border=border):
        outputs[samples, rows] = formula(strip)
    return y


def strips_together(
    y: FloatArray, x: FloatArray, also: FloatArray, kernel: win.Pair, stride: win.Pair
) -> Iterator[tuple[FloatArray, ...]]:
    """Yield strips of outputs `y` with those of the maps `x` and `also` that they come from.

    `also` is contiguous, and its strips are views that overlap: what is added to them stays.
    """
    outputs, one, two = as_maps(y), as_maps(x), as_maps(also)
    cuts = strips(one, kernel, stride), strips(two, kernel, stride)
    for (samples, rows, first), (_, _, second) in zip(*cuts, strict=True):
        yield outputs[samples, rows], first, second


def as_maps(x: FloatArray) -> FloatArray:
    """Return (..., H, W) as (maps, H, W): a view wherever the memory allows it."""
    return x.reshape(-1, *x.shape[-2:])


def fold(ufunc: np.ufunc, x: FloatArray, kernel: win.Pair, stride: win.Pair) -> FloatArray:
    """Fold each window with `ufunc`, rows first, then columns: kH + kW steps, not kH * kW.

    Sums of float32 over windows of many pixels are made in float64.
    """
    if ufunc is np.add and sum(kernel) > SAFE_IN_FLOAT32:
        x = x.astype(np.float64, copy=False)
    for size, step in (((kernel[0], 1), (stride[0], 1)), ((1, kernel[1]), (1, stride[1]))):
        first, *others = win.taps(x, size, step)
        x = ufunc(first, others.pop(0)) if others else np.positive(first)
        for other in others:
            ufunc(x, other, out=x)
    return x


def only(here: BoolArray, x: FloatArray) -> FloatArray:
    """Return x, and 0 where it is not here.

    By the bits of x: where the two alternate at random, `np.where` takes three times as long.
    """
    bits: IntArray = x.view(f"i{x.itemsize}")
    return (bits & -here.astype(bits.dtype)).view(x.dtype)


def fits(sums: FloatArray) -> BoolArray:
    """Whether a sum has surely not lost digits because its terms were too small or too large."""
    size, limits = np.abs(sums), np.finfo(sums.dtype)
    sure: BoolArray = (size > limits.tiny / limits.eps) & (size <= limits.max)
    return sure


def row_sums(x: FloatArray) -> FloatArray:
    """Return the sum of each row in float64; 1.3 to 1.8 times as fast as `np.sum`."""
    sums: FloatArray = np.einsum("...ij->...i", x, dtype=np.float64)
    return sums


def band_means(x: FloatArray, parts: int) -> FloatArray:
    """Return the mean of each of `parts` bands of rows, in float64.

    They reach over H / parts rows each, rounded outwards. Of many bands first the first rows
    are added together, then the second rows: 3.5 times as fast as one by one.
    """
    edges = np.arange(parts + 1) * x.shape[-2]
    first, end = edges[:-1] // parts, -(-edges[1:] // parts)
    if parts < MANY_BANDS:
        bands = (x[..., a:b, :] for a, b in zip(first, end, strict=True))
        sums = np.stack([band.sum(axis=-2, dtype=np.float64) for band in bands], axis=-2)
    else:
        sums = np.zeros((*x.shape[:-2], parts, x.shape[-1]))
        for row in range((end - first).max()):
            there = first + row < end
            sums[..., there, :] += x[..., first[there] + row, :]
    means: FloatArray = sums / (end - first)[:, None]
    return means


def within_range(mean: Callable[[FloatArray], FloatArray], x: FloatArray) -> FloatArray:
    """Return `mean(x)`, where a sum overflows too, although the mean does not."""
    y = mean(x)
    if np.isfinite(y).all():
        return y
    small, largest = mean(x * HEADROOM), np.finfo(x.dtype).max * HEADROOM
    # Rounding up could still carry the mean of the largest numbers beyond them.
    small = np.where(np.isfinite(small), small.clip(-largest, largest), small)
    return np.where(np.isfinite(y), y, small / HEADROOM)


def correlate_1d(x: FloatArray, w: FloatArray) -> FloatArray:
    """Return the weighted sum of every window of a signal."""
    if len(w) <= FEW_TAPS or len(x) <= SHORT_SIGNAL or BLOCK * w.nbytes > CACHE:
        return np.correlate(x, w)
    finite = np.isfinite(x)
    if finite.all():
        return _block_products(x, w)
    # There, zero times what is not finite would be NaN, outside its windows as well.
    y = _block_products(np.where(finite, x, 0), w)
    spoiled = _block_products((~finite).astype(x.dtype), np.ones_like(w)) > 0
    y[spoiled] = np.correlate(x, w)[spoiled]
    return y


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
    windows = win.sliding_windows(x[None], (1, reach), (1, BLOCK))[0, :, 0]
    step = max(1, CACHE // 2 // (x.itemsize * reach))
    for start in range(0, len(windows), step):
        part = windows[start : start + step].copy()
        out = y[start * BLOCK : (start + len(part)) * BLOCK]
        np.matmul(part, band.T, out=out.reshape(-1, BLOCK))
    done = len(windows) * BLOCK
    if done < len(y):
        y[done:] = np.correlate(x[done:], w)
    return y


def correlate_2d(
    x: FloatArray, w: FloatArray, stride: win.Pair = win.ONE, padding: win.Pair = win.NONE
) -> FloatArray:
    """Return the weighted sum of every window of a padded image."""
    kernel = w.shape[0], w.shape[1]
    height = win.output_size(x.shape[0], kernel[0], stride[0], padding[0])
    width = win.output_size(x.shape[1], kernel[1], stride[1], padding[1])
    if height * width * w.size <= FEW:
        windows = win.sliding_windows(win.pad(x, padding), kernel, stride)
        sums: FloatArray = np.einsum("ijuv,uv->ij", windows, w)
        return sums
    y = np.empty((height, width), x.dtype)
    if padding == win.NONE and x.flags.c_contiguous:  # BLAS takes no other rows
        _row_products(x, w, y, stride)
        return y
    for _, rows, strip in strips(x[None], kernel, stride, padding):
        _row_products(np.ascontiguousarray(strip[0]), w, y[rows], stride)
    return y


def _row_products(x: FloatArray, w: FloatArray, y: FloatArray, stride: win.Pair) -> None:
    """Correlate by a matrix product for each output row, then by a sum of kW shifted rows.

    The product is of the kernel's columns with the kH input rows under it, so every pixel is
    read once for all taps of a column, and nothing is multiplied that is not in a window:
    z[i, v, c] = sum over u of w[u, v] x[i + u, c], and y[i, j] = sum over v of z[i, v, j + v].
    """
    (kh, kw), right, size = w.shape, stride[1], x.itemsize
    if kw > LONG_ROW:  # z would grow with its square
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
