"""What Hypothesis draws from, in one place."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

# convolution and pooling


def maps(
    min_side: int = 1, max_side: int = 13, leading: tuple[int, ...] = ()
) -> st.SearchStrategy[NDArray[Any]]:
    """Images with sides in the given range, float32 or float64, moderate values."""
    sides = st.integers(min_side, max_side)
    return st.tuples(sides, sides, st.sampled_from([np.float32, np.float64])).flatmap(
        lambda s: arrays(
            s[2],
            (*leading, s[0], s[1]),
            elements=st.floats(-100, 100, width=16, allow_subnormal=False),
        )
    )


@st.composite
def images_and_kernels(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any]]:
    """An image and a kernel of one precision that fits inside it."""
    image = draw(maps())
    shape = tuple(draw(st.integers(1, side)) for side in image.shape)
    values = st.floats(-100, 100, width=16, allow_subnormal=False)
    return image, draw(arrays(image.dtype, shape, elements=values))


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of `conv2d`, all of them, that go together."""
    groups = draw(st.integers(1, 3))
    depth, kernels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size = tuple(draw(st.integers(1, 3)) for _ in range(2))
    stride = tuple(draw(st.integers(1, 3)) for _ in range(2))
    padding = tuple(draw(st.integers(0, 2)) for _ in range(2))
    dilation = tuple(draw(st.integers(1, 2)) for _ in range(2))
    sides = tuple(
        max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 4))
        for k, p, d in zip(size, padding, dilation, strict=True)
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    n = draw(st.integers(1, 2))
    return {
        "x": rng.standard_normal((n, depth * groups, *sides)).astype(dtype),
        "weight": rng.standard_normal((kernels * groups, depth, *size)).astype(dtype),
        "bias": rng.standard_normal(kernels * groups).astype(dtype),
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
    }


@st.composite
def pools(draw: st.DrawFn) -> tuple[NDArray[Any], tuple[int, int], tuple[int, int]]:
    """A map, a window that fits inside it, and a stride."""
    x = draw(maps())
    size = draw(st.integers(1, x.shape[0])), draw(st.integers(1, x.shape[1]))
    return x, size, (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
