"""Convolution beside SciPy, PyTorch, JAX and OpenCV where installed, and, small, the loop."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy import signal

import dlfund
from benchmarks import peers
from benchmarks.harness import Case, Torch
from tests import references

DTYPES = ("float32", "float64")


def cases() -> Iterator[Case]:
    """Yield correlation in one and two dimensions, and batched convolution both ways."""
    yield from _teaching()
    yield from _images()
    yield from _large_kernels()
    yield from _signals()
    yield from _batches()
    yield from _back()


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
                    {
                        "SciPy correlate2d": partial(signal.correlate2d, x, w, "valid"),
                        **peers.jax(_jax_correlate, x[None, None], w[None, None]),
                        **peers.opencv(partial(_filter, x, w)),
                    },
                    Torch(setup, "F.conv2d(x, w)"),
                    {"PyTorch": 0.5},
                )
                yield Case(
                    f"conv2d_with_stride_padding {k}x{k}/2",
                    f"{n}x{n}",
                    dtype,
                    partial(dlfund.conv2d_with_stride_padding, x, w, 2, 1),
                    peers.jax(
                        partial(_jax_correlate, stride=2, padding=1), x[None, None], w[None, None]
                    ),
                    Torch(setup, "F.conv2d(x, w, stride=2, padding=1)"),
                    {"PyTorch": 1.0},
                )


def _large_kernels() -> Iterator[Case]:
    for n in (512, 4096):
        for k in (15, 31):
            for dtype in DTYPES:
                x, w = _random(dtype, n, n), _random(dtype, k, k)
                yield Case(
                    f"cross_correlation_2d {k}x{k}",
                    f"{n}x{n}",
                    dtype,
                    partial(dlfund.cross_correlation_2d, x, w),
                    {
                        "SciPy fftconvolve": partial(signal.fftconvolve, x, w[::-1, ::-1], "valid"),
                        **peers.opencv(partial(_filter, x, w)),
                    },
                    Torch(
                        f"x = torch.randn(1, 1, {n}, {n}); w = torch.randn(1, 1, {k}, {k})",
                        "F.conv2d(x, w)",
                    )
                    if n * k < 100_000 or dtype == "float32"
                    else None,  # 80 s a sample
                    {"PyTorch": 0.5},
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
                    {"PyTorch": 0.5},
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

            yield Case(
                f"conv2d {'x'.join(map(str, kernels))}",
                "x".join(map(str, images)),
                dtype,
                partial(dlfund.conv2d, x, w, padding=1),
                {
                    "its products alone": products,
                    **peers.jax(partial(_jax_correlate, padding=1), x, w),
                },
                Torch(
                    f"x = torch.randn({images}); w = torch.randn({kernels})",
                    "F.conv2d(x, w, padding=1)",
                ),
                {"PyTorch": 1.0},
            )


def _back() -> Iterator[Case]:
    size = (1, 3, 512, 512)
    for dtype in DTYPES:
        x, w, g = _random(dtype, *size), _random(dtype, 8, 3, 3, 3), _random(dtype, 1, 8, 512, 512)
        setup = (
            f"x = torch.randn({size}); w = torch.randn(8, 3, 3, 3); g = torch.randn(1, 8, 512, 512)"
        )
        for name, ours, run in (
            ("conv2d", partial(dlfund.conv2d, x, w, padding=1), "F.conv2d(x, w, padding=1)"),
            (
                "conv2d_backward",
                partial(dlfund.conv2d_backward, g, x, w, padding=1),
                "torch.ops.aten.convolution_backward(g, x, w, [8], [1, 1], [1, 1], [1, 1], "
                "False, [0, 0], 1, [True, True, True])",
            ),
            (
                "conv_transpose2d /2",
                partial(dlfund.conv_transpose2d, g, w, stride=2, padding=1),
                "F.conv_transpose2d(g, w, stride=2, padding=1)",
            ),
        ):
            yield Case(name, "1x3x512x512", dtype, ours, {}, Torch(setup, run), {"PyTorch": 1.0})


def _jax_correlate(x: Any, w: Any, stride: int = 1, padding: int = 0) -> Any:
    from jax import lax

    return lax.conv_general_dilated(x, w, (stride, stride), [(padding, padding)] * 2)


def _filter(x: np.ndarray, w: np.ndarray, cv2: Any) -> Callable[[], object]:
    return partial(cv2.filter2D, x, -1, w)  # as large as x: its border is reflected
