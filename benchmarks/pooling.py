"""Pooling beside PyTorch, and JAX and OpenCV where installed."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

import dlfund
from benchmarks import peers
from benchmarks.harness import Case, Torch

DTYPES = ("float32", "float64")


def cases() -> Iterator[Case]:
    """Yield max and average pooling from 8x8 to 4096x4096, their backwards, and the others."""
    for n in (8, 512, 4096):
        for dtype in DTYPES:
            yield from _windows(n, dtype)
            if n > 8:
                yield from _others(n, dtype)


def _map(n: int, dtype: str) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((n, n)).astype(dtype)


def _windows(n: int, dtype: str) -> Iterator[Case]:
    x, setup = _map(n, dtype), f"x = torch.randn(1, 1, {n}, {n})"
    for size, stride in ((2, 2), (3, 2)):
        for kind in ("max", "avg"):
            yield Case(
                f"{kind}_pool_2d {size}/{stride}",
                f"{n}x{n}",
                dtype,
                partial(getattr(dlfund, f"{kind}_pool_2d"), x, size, stride),
                peers.jax(partial(_jax_pool, kind=kind, size=size, stride=stride), x),
                Torch(setup, f"F.{kind}_pool2d(x, {size}, {stride})"),
                {"PyTorch": 0.5} if n > 8 else {},
            )


def _others(n: int, dtype: str) -> Iterator[Case]:
    x, g = _map(n, dtype), _map(n // 2, dtype)
    setup = f"x = torch.randn(1, 1, {n}, {n}); g = torch.randn(1, 1, {n // 2}, {n // 2})"
    there = "F.max_pool2d(x, 2, return_indices=True)[1]"  # found again, as we do
    backward = "torch.ops.aten.{}_backward(g, x, [2, 2], [2, 2], [0, 0], {})"
    blur = "; b = torch.tensor([1.0, 2, 1]) / 4; w = (b[:, None] * b)[None, None]"
    average = peers.opencv(lambda cv2: partial(cv2.resize, x, (n // 2, n // 2), None, 0, 0, 3))
    for name, ours, others, run in (
        (
            "max_pool_2d_backward 2/2",
            partial(dlfund.max_pool_2d_backward, g, x),
            {},
            backward.format("max_pool2d_with_indices", f"[1, 1], False, {there}"),
        ),
        (
            "avg_pool_2d_backward 2/2",
            partial(dlfund.avg_pool_2d_backward, g, x),
            {},
            backward.format("avg_pool2d", "False, True, None"),
        ),
        ("avg_pool_2d by resizing", partial(dlfund.avg_pool_2d, x), average, "F.avg_pool2d(x, 2)"),
        ("global_avg_pool", partial(dlfund.global_avg_pool, x), {}, "x.mean((2, 3))"),
        (
            "adaptive_avg_pool_2d 7",
            partial(dlfund.adaptive_avg_pool_2d, x, 7),
            {},
            "F.adaptive_avg_pool2d(x, 7)",
        ),
        ("lp_pool_2d 2", partial(dlfund.lp_pool_2d, x, 2), {}, "F.lp_pool2d(x, 2.0, 2)"),
        (
            "blur_pool_2d",
            partial(dlfund.blur_pool_2d, x),
            peers.opencv(lambda cv2: partial(cv2.pyrDown, x)),  # with a 5x5 kernel
            "F.conv2d(F.pad(x, (1, 1, 1, 1), mode='reflect'), w, stride=2)",
        ),
    ):
        yield Case(name, f"{n}x{n}", dtype, ours, others, Torch(setup + blur, run), {"PyTorch": 1})


def _jax_pool(x: Any, kind: str, size: int, stride: int) -> Any:
    from jax import lax

    start, combine = (-np.inf, lax.max) if kind == "max" else (0.0, lax.add)
    windows = lax.reduce_window(x, start, combine, (size, size), (stride, stride), "VALID")
    return windows if kind == "max" else windows / size**2
