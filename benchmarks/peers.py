"""Peers that take part where they are installed."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

type Peers = dict[str, Callable[[], object]]


def jax(formula: Callable[..., Any], *arrays: np.ndarray) -> Peers:
    """Return `formula`, compiled and waited for, on JAX's own arrays."""
    if not find_spec("jax"):
        return {}
    import jax

    compiled, operands = jax.jit(formula), [jax.numpy.asarray(array) for array in arrays]
    return {"JAX": lambda: compiled(*operands).block_until_ready()}


def opencv(make: Callable[[Any], Callable[[], object]]) -> Peers:
    """Return what `make` makes of the module, on one thread."""
    if not find_spec("cv2"):
        return {}
    import cv2

    cv2.setNumThreads(1)
    return {"OpenCV": make(cv2)}
