"""Work on large arrays in pieces that stay in the processor's cache.

A formula such as ``z / (1 + np.exp(-z))`` makes an array for every operation. On
ten million elements each of them travels to main memory and back, which costs
more than the arithmetic. Here the formula sees a few thousand elements at a time:
its temporaries never leave the cache, and the extra memory stays small.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from dlfund._checks import Elementwise, FloatArray, quiet, scalar_or_array

# Elements per piece: 256 kB in float32, 512 kB in float64. With less, calls cost more than
# they save; with more, a formula's temporaries leave a second-level cache of 1 MB.
CHUNK = 1 << 16

# Below this an extra array costs more than it saves.
SHORT = 1 << 11

# From this length on an axis is summed along memory (pairwise, so in full precision);
# a shorter one is summed across it, many columns at once.
LONG = 128


@quiet
def elementwise(formula: Callable[..., Any], *operands: FloatArray) -> Elementwise:
    """Return what `formula(*operands, out)` writes to `out`, in the common precision.

    The operands have one shape; the formula sees them whole, or in one-dimensional pieces.
    """
    if operands[0].ndim == 0:
        return float(elementwise(formula, *(operand.reshape(1) for operand in operands))[0])
    if operands[0].size <= CHUNK:
        alike = _alike(operands)
        output = np.empty_like(alike[0])
        formula(*alike, output)
        return output
    with _pieces([*operands, None]) as pieces:
        for inputs in pieces:
            formula(*inputs)
        return pieces.operands[-1]


def mean(formula: Callable[..., Any], *operands: FloatArray) -> float:
    """Return the mean of `formula(*operands)` over all elements."""
    return total(formula, *operands) / operands[0].size


@quiet
def total(formula: Callable[..., Any], *operands: FloatArray) -> float:
    """Return the sum of `formula(*operands)` over all elements as a Python float.

    The formula sees one-dimensional pieces. It may also return the sum over its piece: of
    products, that is a dot product, in one pass instead of two.
    """
    if operands[0].size <= CHUNK:
        return float(np.sum(formula(*(operand.ravel() for operand in _alike(operands)))))
    with _pieces([*operands]) as pieces:
        return sum(_sum(formula(*inputs)) for inputs in pieces)


def at_most(z: FloatArray, bound: float, out: FloatArray | None = None) -> FloatArray:
    """Return min(z, bound), NaN where z is NaN."""
    return np.minimum(z, _like(z, bound), out=out)


def at_least(z: FloatArray, bound: float, out: FloatArray | None = None) -> FloatArray:
    """Return max(z, bound), NaN where z is NaN."""
    return np.maximum(z, _like(z, bound), out=out)


def within(z: FloatArray, low: float = -math.inf, high: float = math.inf) -> FloatArray:
    """Return z clipped to [low, high], and z itself where nothing lies outside.

    For bounds that are seldom met: to find the extremes takes a third of the time.
    """
    is_low = low > -math.inf and not z.min() >= low  # also if there is NaN
    is_high = high < math.inf and not z.max() <= high
    return np.clip(z, low, high) if is_low or is_high else z


@quiet
def normalise(formula: Callable[..., FloatArray], axis: int, *operands: FloatArray) -> FloatArray:
    """Return `formula(*operands)`, of their shape; the formula sees `axis` first."""
    first = [operand.swapaxes(0, axis) for operand in _alike(operands)]
    if first[0].ndim == 1 or first[0].size <= CHUNK:
        return formula(*first).swapaxes(0, axis)
    output = np.empty(operands[0].shape, first[0].dtype)
    for index, blocks in columns(*first):
        output.swapaxes(0, axis)[index] = formula(*blocks)
    return output


@quiet
def reduce(formula: Callable[[FloatArray], Any], axis: int, operand: FloatArray) -> Elementwise:
    """Return `formula(operand)`, without `axis`, which the formula sees first."""
    first = operand.swapaxes(0, axis)
    output = np.empty((1, *first.shape[1:]), operand.dtype)
    for index, (block,) in columns(first):
        output[index] = formula(block)
    return scalar_or_array(output.swapaxes(0, axis).squeeze(axis))


def columns(*operands: FloatArray) -> Iterator[tuple[tuple[slice, ...], list[FloatArray]]]:
    """Cut arrays of one shape into blocks that hold the first axis whole.

    Yields where the block lies and the blocks, of about `CHUNK` elements. Each is laid
    out so that NumPy is fast and exact along the first axis, copied where need be.
    """
    shape = operands[0].shape
    order: Any = "F" if shape[0] >= LONG else "C"
    longest = int(np.argmax((0, *shape[1:])))  # the axis to cut; 0 if there is no other
    step = shape[longest] if longest == 0 else max(1, CHUNK * shape[longest] // operands[0].size)
    for start in range(0, shape[longest], step):
        index = [slice(None)] * len(shape)
        index[longest] = slice(start, start + step)
        yield tuple(index), [np.asarray(a[tuple(index)], order=order) for a in operands]


def log_sum_exp(z: FloatArray) -> FloatArray:
    """Log of the sum of exp(z) along the first axis, where the greatest z is 0.

    Its exponential is exactly 1. Where those of the others add up to little, log1p of them
    alone keeps their digits; elsewhere the plain logarithm, which is faster, loses nothing.
    """
    total: FloatArray = np.zeros_like(z[0])
    for rows in rows_of(z):
        total += np.exp(z[rows]).sum(axis=0)
    result = np.asarray(np.log(total))
    small = total < 1.5
    if small.any():
        others = np.zeros_like(total[small])
        for rows in rows_of(z):
            part = z[rows][:, small]
            others += (np.exp(part) - (part == 0)).sum(axis=0)  # without the greatest
        result[small] = np.log1p(others)
    return result


def rows_of(block: FloatArray) -> Iterator[slice]:
    """Cut a block along its first axis, where that alone is longer than a piece."""
    step = max(1, CHUNK * len(block) // block.size)
    return (slice(start, start + step) for start in range(0, len(block), step))


def _alike(operands: Sequence[FloatArray]) -> list[FloatArray]:
    """Return the operands in their common precision."""
    dtype = operands[0].dtype
    if all(operand.dtype == dtype for operand in operands):
        return list(operands)
    dtype = np.result_type(*operands)
    return [operand.astype(dtype, copy=False) for operand in operands]


def _sum(part: Any) -> float:
    """Return the sum of an array, or a sum as it is."""
    # With ones a dot product sums float32 in half the time of np.sum.
    if isinstance(part, np.ndarray):
        part = np.dot(part, _filled(1, part.dtype.char)[: part.size])
    return float(part)


def _like(z: FloatArray, value: float) -> FloatArray | float:
    """Return `value` as an array like z, for which ufuncs have faster loops than for a scalar."""
    if not SHORT <= z.size <= CHUNK:
        return value
    order: Any = "F" if z.flags.fnc else "C"
    return _filled(value, z.dtype.char)[: z.size].reshape(z.shape, order=order)


@lru_cache(maxsize=8)
def _filled(value: float, char: str) -> FloatArray:
    """Return a piece full of one value, which nobody writes to."""
    array: FloatArray = np.full(CHUNK, value, char)
    array.flags.writeable = False
    return array


def _pieces(operands: list[FloatArray | None]) -> Any:
    """Iterate over flat pieces of the operands in their common precision; None is an output."""
    # The C library's malloc (glibc) hands a freed temporary of over 128 kB back to the system
    # at once, and clears fresh memory for the next: three to five times the arithmetic. Once
    # it has freed a larger block, it keeps what is smaller. Nobody touches these 4 MB, which
    # are more than it has lying about and must ask the system for.
    np.empty(1 << 22, np.uint8)
    dtype = np.result_type(*(operand for operand in operands if operand is not None))
    return np.nditer(
        operands,
        flags=["external_loop", "buffered"],
        op_dtypes=[dtype] * len(operands),
        buffersize=CHUNK,
    )
