"""Elementwise work in pieces that stay in the processor's cache.

A formula such as ``z / (1 + np.exp(-z))`` makes an array for every operation. On
ten million elements each of them travels to main memory and back, which costs
more than the arithmetic. Here the formula sees a few thousand elements at a time,
so that its temporaries never leave the cache, and the extra memory stays small.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlfund._checks import Elementwise, FloatArray, scalar_or_array

# Elements per piece: 128 kB in float64, so a formula's few temporaries fit in a
# 1 MB second-level cache.
CHUNK = 1 << 14


def elementwise(formula: Callable[..., Any], *operands: FloatArray) -> Elementwise:
    """Return `formula(*operands)`, the operands having one shape, in their common precision."""
    dtype = np.result_type(*operands)
    with np.errstate(all="ignore"):
        if operands[0].size <= CHUNK:
            return scalar_or_array(formula(*(a.astype(dtype, copy=False) for a in operands)))
        with _pieces([*operands, None], dtype) as pieces:
            for *inputs, output in pieces:
                output[...] = formula(*inputs)
            return pieces.operands[-1]


def mean(formula: Callable[..., Any], *operands: FloatArray) -> float:
    """Return the mean of `formula(*operands)` over all elements as a Python float."""
    dtype = np.result_type(*operands)
    with np.errstate(all="ignore"):
        if operands[0].size <= CHUNK:
            return float(np.mean(formula(*(a.astype(dtype, copy=False) for a in operands))))
        with _pieces([*operands], dtype) as pieces:
            total = sum(float(np.sum(formula(*inputs))) for inputs in pieces)
            return total / operands[0].size


def _pieces(operands: list[FloatArray | None], dtype: np.dtype[Any]) -> Any:
    """Iterate over contiguous pieces of the operands; None stands for a new output."""
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
