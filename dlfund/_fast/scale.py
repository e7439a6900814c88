"""Powers of two that keep sums of the largest floats, and ratios of the smallest, in range."""

import math

import numpy as np

from dlfund._checks import FloatArray


def in_unit(values: FloatArray) -> tuple[FloatArray, int]:
    """Return values / 2**exponent, which lie in [-1, 1], and the exponent.

    Only what is next to nothing beside the largest is rounded by that.
    """
    exponent = math.frexp(max(values.max(), -values.min()))[1]
    return np.ldexp(values, -exponent), exponent


def room(largest: float) -> float:
    """Return a power of two by which products up to `largest` can be added up: 1 as a rule."""
    return 2.0**-128 if largest > 2.0**896 else 1.0
