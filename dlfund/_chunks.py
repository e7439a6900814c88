"""Work on large arrays in pieces that stay in the processor's cache.

A formula such as ``z / (1 + np.exp(-z))`` makes an array for every operation. On
ten million elements each of them travels to main memory and back, which costs
more than the arithmetic. Here the formula sees a few thousand elements at a time:
its temporaries never leave the cache, and the extra memory stays small.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dlfund._checks import Elementwise, FloatArray, quiet, scalar_or_array

# Elements per piece: 256 kB in float64, so that a formula's three or four
# temporaries fit in a second-level cache of 1 MB. Half and twice that are slower.
CHUNK = 1 << 15

# Below this an extra array costs more than it saves.
SHORT = 1 << 11

# From this length on an axis is summed along memory (pairwise, so in full precision);
# a shorter one is summed across it, many columns at once.
LONG = 128


@quiet
def elementwise(formula: Callable[..., Any], *operands: FloatArray) -> Elementwise:
    """Return `formula(*operands)` for operands of one shape, in their common precision."""
    if operands[0].size <= CHUNK:
        return scalar_or_array(formula(*_alike(operands)))
    with _pieces([*operands, None]) as pieces:
        for *inputs, output in pieces:
            output[...] = formula(*inputs)
        return pieces.operands[-1]


def mean(formula: Callable[..., Any], *operands: FloatArray) -> float:
    """Return the mean of `formula(*operands)` over all elements."""
    return total(formula, *operands) / operands[0].size


@quiet
def total(formula: Callable[..., Any], *operands: FloatArray) -> float:
    """Return the sum of `formula(*operands)` over all elements as a Python float.

    A formula may return two factors of what is to be summed: in a large array a dot
    product then sums their products in one pass instead of two.
    """
    if operands[0].size <= CHUNK:
        result = formula(*_alike(operands))
        return float(np.sum(result[0] * result[1] if isinstance(result, tuple) else result))
    result = 0.0
    with _pieces([*operands]) as pieces:
        for inputs in pieces:
            part = formula(*inputs)
            result += float(np.dot(*part) if isinstance(part, tuple) else np.sum(part))
    return result


def at_most(z: FloatArray, bound: float) -> FloatArray:
    """Return min(z, bound), NaN where z is NaN.

    Between two long arrays NumPy's minimum is three times as fast as with a scalar.
    """
    if z.size < SHORT:
        return np.minimum(z, bound)
    bounds = np.full_like(z, bound)
    return np.minimum(z, bounds, out=bounds)


def at_least(z: FloatArray, bound: float) -> FloatArray:
    """Return max(z, bound), NaN where z is NaN; see `at_most`."""
    if z.size < SHORT:
        return np.maximum(z, bound)
    bounds = np.full_like(z, bound)
    return np.maximum(z, bounds, out=bounds)


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


def _pieces(operands: list[FloatArray | None]) -> Any:
    """Iterate over flat pieces of the operands in their common precision; None is an output."""
    dtype = np.result_type(*(operand for operand in operands if operand is not None))
    return np.nditer(
        operands,
        flags=["external_loop", "buffered"],
        op_flags=[
            ["readonly"] if operand is not None else ["writeonly", "allocate"]
            for operand in operands
        ],
        op_dtypes=[dtype] * len(operands),
        buffersize=CHUNK,
    )
