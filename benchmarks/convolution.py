"""Convolution beside SciPy, PyTorch, JAX where installed and, at teaching size, the loop."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

import numpy as np
from scipy import signal

import dlfund
from benchmarks.harness import Case, Torch
from tests import references

DTYPES = ("float32", "float64")


def cases() -> Iterator[Case]:
    """Yield correlation in one and two dimensions, and batched convolution."""
    yield from _teaching()
    yield from _images()
    yield from _large_kernels()
    yield from _signals()
    yield from _batches()


def _random(dtype: str, *shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


def _teaching() -> Iterator[Case]:
    for dtype in DTYPES:
        x, w = _random(dtype, 8, 8), _random(dtype, 3, 3)
        yield Case(
            "cross_correlation_2d 3x3",
            "8x8",
            dtype,
            partial(dlfund.cross_correlation_2d, x, w),
            {
                "the loop": partial(references.correlate_2d, x, w),
                "SciPy correlate2d": partial(signal.correlate2d, x, w, "valid"),
            },
            Torch(
                "x = torch.randn(1, 1, 8, 8); w = torch.randn(1, 1, 3, 3)",
                "F.conv2d(x, w)",
            ),
            {"the loop": 1.0},
        )


def _images() -> Iterator[Case]:
    for n in (512, 4096):
        for k in (3, 5, 7, 11):
            for dtype in DTYPES:
                x, w = _random(dtype, n, n), _random(dtype, k, k)
                setup = f"x = torch.randn(1, 1, {n}, {n}); w = torch.randn(1, 1, {k}, {k})"
                yield Case(
                    f"cross_correlation_2d {k}x{k}",
                    f"{n}x{n}",
                    dtype,
                    partial(dlfund.cross_correlation_2d, x, w),
                    {"SciPy correlate2d": partial(signal.correlate2d, x, w, "valid")},
                    Torch(setup, "F.conv2d(x, w)"),
                    {"SciPy correlate2d": 0.12, "PyTorch": 0.4},
                )
                yield Case(
                    f"conv2d_with_stride_padding {k}x{k}/2",
                    f"{n}x{n}",
                    dtype,
                    partial(dlfund.conv2d_with_stride_padding, x, w, 2, 1),
                    {},
                    Torch(setup, "F.conv2d(x, w, stride=2, padding=1)"),
                    {"PyTorch": 1.0},
                )


def _large_kernels() -> Iterator[Case]:
    for n in (512, 4096):
        for dtype in DTYPES:
            x, w = _random(dtype, n, n), _random(dtype, 31, 31)
            yield Case(
                "cross_correlation_2d 31x31",
                f"{n}x{n}",
                dtype,
                partial(dlfund.cross_correlation_2d, x, w),
                {"SciPy fftconvolve": partial(signal.fftconvolve, x, w[::-1, ::-1], "valid")},
                limits={"SciPy fftconvolve": 1.1},
            )


def _signals() -> Iterator[Case]:
    for n in (100_000, 10_000_000):
        for k in (3, 12, 31, 60, 101, 1001):
            for dtype in DTYPES:
                x, w = _random(dtype, n), _random(dtype, k)
                yield Case(
                    f"cross_correlation_1d {k}",
                    f"{n:.0e}",
                    dtype,
                    partial(dlfund.cross_correlation_1d, x, w),
                    {"SciPy correlate": partial(signal.correlate, x, w, "valid")},
                    Torch(
                        f"x = torch.randn(1, 1, {n}); w = torch.randn(1, 1, {k})",
                        "F.conv1d(x, w)",
                    ),
                    {"SciPy correlate": 1.05, "PyTorch": 0.6},
                )


def _batches() -> Iterator[Case]:
    for images, kernels in (
        ((8, 16, 64, 64), (32, 16, 3, 3)),
        ((8, 64, 56, 56), (64, 64, 3, 3)),
    ):
        for dtype in DTYPES:
            x, w = _random(dtype, *images), _random(dtype, *kernels)
            rows, columns = w.reshape(len(w), -1), dlfund.im2col(x[:1], 3, padding=1)[0]

            def products(
                rows: np.ndarray = rows, columns: np.ndarray = columns, n: int = len(x)
            ) -> None:
                for _ in range(n):
                    rows @ columns

            peers: dict[str, Callable[[], object]] = {"its products alone": products}
            if find_spec("jax"):
                peers["JAX"] = _jax(x, w)
            yield Case(
                f"conv2d {'x'.join(map(str, kernels))}",
                "x".join(map(str, images)),
                dtype,
                partial(dlfund.conv2d, x, w, padding=1),
                peers,
                Torch(
                    f"x = torch.randn({images}); w = torch.randn({kernels})",
                    "F.conv2d(x, w, padding=1)",
                ),
                {"PyTorch": 2.2 if dtype == "float32" else 0.6, "its products alone": 1 / 0.8},
            )


def _jax(x: np.ndarray, w: np.ndarray) -> Callable[[], object]:
    import jax

    convolve = jax.jit(partial(jax.lax.conv, window_strides=(1, 1), padding="SAME"))
    images, weight = jax.numpy.asarray(x), jax.numpy.asarray(w)
    return lambda: convolve(images, weight).block_until_ready()
