"""Large arrays in pieces that stay in the processor's cache, and sums that keep their digits.

A formula such as ``z / (1 + np.exp(-z))`` makes an array for every operation. On ten million
elements each of them travels to main memory and back, which costs more than the arithmetic.
Here the formula sees some ten thousand elements at a time: its temporaries never leave the
cache, and the extra memory stays small.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlfund._checks import Elementwise, FloatArray, IntArray, common_dtype, quiet, scalar_or_array

# Elements per piece: 256 kB in float32, 512 kB in float64. With less, calls cost more than
# they save; with more, a formula's temporaries leave the cache.
CHUNK = 1 << 16

# An array of 512 x 512 is not cut yet: its temporaries fit into the third-level cache, and to
# collect the pieces would cost 1.1 to 1.7 times as much. From 2,048 x 2,048 on to cut saves half.
AT_ONCE = 1 << 18

# np.clip does in 0.4 of the time what np.maximum does with an array and a number, but begins
# with 1.5 microseconds of Python.
FEW = 1 << 11

# From this length on an axis is summed along memory (pairwise, so in full precision);
# a shorter one is summed across it, many columns at once.
PAIRWISE = 128


# A formula of single elements


@quiet
def elementwise(formula: Callable[..., Any], *operands: FloatArray) -> Elementwise:
    """Return `formula(*operands)`, which is of their shape and common precision."""
    if operands[0].size <= AT_ONCE:
        return scalar_or_array(formula(*common_dtype(*operands)))
    with _flat([*operands, None]) as pieces:
        for *inputs, output in pieces:
            output[...] = formula(*inputs)
        return pieces.operands[-1]


@quiet
def mean(
    formula: Callable[..., Any],
    *operands: FloatArray,
    over: int | None = None,
    dtype: DTypeLike | None = None,
) -> float:
    """Return the mean of `formula(*operands)`, worked out in `dtype` where that is given.

    It is the sum over the number of elements, or `over` another number.
    """

    def terms(dtype: DTypeLike | None) -> Iterator[FloatArray]:
        if operands[0].size <= AT_ONCE:
            kind = dtype or np.result_type(*operands)
            yield formula(*(operand.ravel().astype(kind, copy=False) for operand in operands))
        else:
            with _flat([*operands], dtype) as pieces:
                yield from (formula(*inputs) for inputs in pieces)

    return _sum_over(over or operands[0].size, terms, dtype, operands[0].size)


def at_least(z: FloatArray, bound: float) -> FloatArray:
    """Return max(z, bound), NaN where z is NaN."""
    return np.maximum(z, bound) if z.size < FEW else np.clip(z, bound, np.inf)


def at_most(z: FloatArray, bound: float) -> FloatArray:
    """Return min(z, bound), NaN where z is NaN."""
    return np.minimum(z, bound) if z.size < FEW else np.clip(z, -np.inf, bound)


def within(z: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
    """Return z clipped to [low, high], and z itself where nothing lies outside.

    For bounds that are seldom met: to find the extremes takes a third of the time.
    """
    is_low = low > -math.inf and not z.min() >= low  # also if there is NaN
    is_high = high < math.inf and not z.max() <= high
    return np.clip(z, low, high) if is_low or is_high else z


def mend(y: FloatArray, x: FloatArray, bound: float, right: Callable[[], Any]) -> FloatArray:
    """Return y, and where x exceeds the bound what `right` gives.

    For bounds that are seldom met: the greatest x is found faster than those that are greater.
    """
    return y if x.max() <= bound else np.where(x > bound, right(), y)


def rows_add_up_to_1(array: FloatArray, rounding: float) -> bool:
    """Whether the rows are surely distributions; if not, they may still be.

    A quarter of the time of exact sums over short rows.
    """
    # einsum adds one by one, so float32 loses digits on long rows.
    sums = np.einsum("...i->...", array)
    return bool(array.min() >= 0 and sums.min() > 1 - rounding and sums.max() < 1 + rounding)


# A formula along an axis


@quiet
def along(
    formula: Callable[..., Any], axis: int, *operands: FloatArray, length: int | None = None
) -> Any:
    """Return what `formula` makes of the operands, whose `axis` it sees first.

    What it makes is of their shape, or of another `length` along the first axis.
    """
    first = [operand.swapaxes(0, axis) for operand in common_dtype(*operands)]
    if first[0].ndim == 1:
        return formula(*first)
    if first[0].size <= CHUNK:
        ((_, block),) = blocks(*first)
        return formula(*block).swapaxes(0, axis)
    shape = list(operands[0].shape)
    shape[axis] = length or shape[axis]
    output = np.empty(shape, first[0].dtype)
    for index, block in blocks(*first):
        output.swapaxes(0, axis)[index] = formula(*block)
    return output


def log_sum_exp(below: FloatArray) -> FloatArray:
    """Return the log of the sum of exp(below) along the first axis, where the greatest is 0.

    Its exponential is exactly 1, and would swallow the digits of others that add up to little.
    Where there are such, the others are summed alone.
    """
    total = sum(np.exp(part).sum(axis=0, keepdims=True) for part in parts(below))
    result: FloatArray = np.log(total)
    if np.min(total) >= 1.5:
        return result
    exponentials = (np.exp(part) for part in parts(below))
    others = sum((e - (e == 1)).sum(axis=0, keepdims=True) for e in exponentials)
    return np.where(total < 1.5, np.log1p(others), result)


def blocks(*operands: FloatArray) -> Iterator[tuple[tuple[slice, ...], list[FloatArray]]]:
    """Cut arrays of one shape into blocks that hold the first axis whole.

    Yields where the block lies and the blocks, of about `CHUNK` elements. Each is laid
    out so that NumPy is fast and exact along the first axis, copied where need be.
    """
    shape = operands[0].shape
    order: Any = "F" if shape[0] >= PAIRWISE else "C"
    longest = int(np.argmax((0, *shape[1:])))  # the axis to cut; 0 if there is no other
    step = shape[0] if longest == 0 else max(1, CHUNK * shape[longest] // operands[0].size)
    for start in range(0, shape[longest], step):
        index = [slice(None)] * len(shape)
        index[longest] = slice(start, start + step)
        yield tuple(index), [np.asarray(a[tuple(index)], order=order) for a in operands]


def parts(block: FloatArray) -> Iterator[FloatArray]:
    """Cut a block along its first axis, where that alone is longer than a piece."""
    step = max(1, CHUNK * len(block) // block.size)
    return (block[start : start + step] for start in range(0, len(block), step))


# A formula of samples and their classes


@quiet
def mean_of_samples(
    formula: Callable[..., Any],
    labels: IntArray,
    scores: FloatArray,
    dtype: DTypeLike | None = None,
) -> float:
    """Return the sum of `formula(labels, scores.T)`, block by block, over the samples."""

    def terms(dtype: DTypeLike | None) -> Iterator[FloatArray]:
        for (_, rows), (s,) in blocks(scores.T):
            yield formula(labels[rows], s.astype(dtype or s.dtype, copy=False))

    return _sum_over(len(labels), terms, dtype, scores.size)


@quiet
def each_sample(formula: Callable[..., Any], labels: IntArray, scores: FloatArray) -> FloatArray:
    """Return `formula(labels, scores.T).T`, block by block, of the shape of the scores."""
    output = np.empty(scores.shape, scores.dtype)
    for (_, rows), (s,) in blocks(scores.T):
        output[rows] = formula(labels[rows], s).T
    return output


# Sums


def _sum_over(
    count: int,
    terms: Callable[[DTypeLike | None], Iterable[FloatArray]],
    dtype: DTypeLike | None,
    size: int,
) -> float:
    """Return the sum of all terms, of which there are at most `size`, over `count`."""
    total = sum(_sum(part) for part in terms(dtype))
    if not math.isinf(total):
        return total / count
    # Each term may fit though their sum does not, or float64 holds what float32 does not.
    # To divide by a power of two is exact.
    scale = 2.0 ** -size.bit_length()
    return sum(_sum(part * scale) for part in terms(np.float64)) / (count * scale)


def _sum(part: FloatArray) -> float:
    """Return the sum of an array as a Python float.

    float32 is added up by 64 neighbours, and these in float64: in the long run 65,536 equal
    terms would lose the sixth digit. A product does so in a quarter of the time of a sum in
    float64.
    """
    if part.dtype == np.float64:
        return float(part.sum())
    cut = part.size - part.size % 64
    by_64 = part[:cut].reshape(-1, 64) @ np.ones(64, part.dtype)
    return float(by_64.sum(dtype=np.float64)) + float(part[cut:].sum(dtype=np.float64))


# Pieces


def _flat(operands: Sequence[FloatArray | None], dtype: DTypeLike | None = None) -> Any:
    """Iterate over flat pieces of the operands, in one precision; None is an output."""
    kind = dtype or np.result_type(*(operand for operand in operands if operand is not None))
    return np.nditer(
        operands,
        flags=["external_loop", "buffered"],
        op_dtypes=[kind] * len(operands),
        buffersize=CHUNK,
    )
