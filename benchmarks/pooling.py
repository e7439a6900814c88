"""Pooling beside PyTorch and, at teaching size, the loop from the definition."""

from collections.abc import Iterator
from functools import partial

import numpy as np

import dlfund
from benchmarks.harness import Case, Torch


def cases() -> Iterator[Case]:
    """Yield max and average pooling, 2/2 and 3/2, from 8x8 to 4096x4096."""
    rng = np.random.default_rng(0)
    for n in (8, 512, 4096):
        for dtype in ("float32", "float64"):
            x = rng.standard_normal((n, n)).astype(dtype)
            setup = f"x = torch.randn(1, 1, {n}, {n})"
            for size, stride in ((2, 2), (3, 2)):
                for name, torch_name, limit in (
                    ("max_pool_2d", "max_pool2d", 0.2),
                    ("avg_pool_2d", "avg_pool2d", 0.5),
                ):
                    pool = getattr(dlfund, name)
                    yield Case(
                        f"{name} {size}/{stride}",
                        f"{n}x{n}",
                        dtype,
                        partial(pool, x, size, stride),
                        torch=Torch(setup, f"F.{torch_name}(x, {size}, {stride})"),
                        limits={"PyTorch": limit} if n > 8 else {},
                    )
