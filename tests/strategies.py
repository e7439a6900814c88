"""What Hypothesis draws from, in one place."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
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


# activations and losses


def pre_activations() -> st.SearchStrategy[NDArray[Any]]:
    """Arrays of one to three axes, float32 or float64, with values far out on both sides."""
    return st.sampled_from([np.float32, np.float64]).flatmap(
        lambda dtype: arrays(
            dtype,
            array_shapes(max_dims=3, max_side=7),
            elements=st.floats(-(2.0**13), 2.0**13, width=16, allow_subnormal=False),
        )
    )


def logits() -> st.SearchStrategy[NDArray[Any]]:
    """Logits (N, C) of at most 1e4 in size, float32 or float64."""
    return st.tuples(
        st.integers(1, 7), st.integers(1, 7), st.sampled_from([np.float32, np.float64])
    ).flatmap(
        lambda s: arrays(
            s[2], s[:2], elements=st.floats(-1e4, 1e4, width=16, allow_subnormal=False)
        )
    )


# perceptron


@st.composite
def labelled_points(draw: st.DrawFn, max_side: int = 53) -> tuple[NDArray[Any], NDArray[Any]]:
    """Samples with labels -1 and +1: small whole numbers, so that many margins are exactly 0,
    or any moderate numbers.
    """
    n, d = draw(st.integers(1, max_side)), draw(st.integers(1, 5))
    whole = st.integers(-2, 2).map(float)
    moderate = st.floats(-1e3, 1e3, allow_subnormal=False)
    elements = draw(st.sampled_from([whole, moderate]))
    X = draw(arrays(np.float64, (n, d), elements=elements))
    return X, draw(arrays(np.int64, n, elements=st.sampled_from([-1, 1])))


# metrics


@st.composite
def labels_and_scores(
    draw: st.DrawFn, each: int = 1, max_size: int = 29
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels 0 and 1, each occurring `each` times or more, and scores with ties."""
    labels = draw(st.lists(st.integers(0, 1), max_size=max_size)) + each * [0, 1]
    labels = draw(st.permutations(labels))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    few = st.sampled_from([-2.0, -0.0, 0.0, 0.25, 1.0, 1.5, 2.0])
    width: Any = 32 if dtype == np.float32 else 64
    elements = draw(
        st.sampled_from(
            [
                few,
                st.floats(0, 1, width=16),
                st.floats(allow_nan=False, allow_infinity=False, width=width),
            ]
        )
    )
    return np.array(labels), draw(arrays(dtype, len(labels), elements=elements))


@st.composite
def labels_and_rows(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any]]:
    """Class indices, every class among them, and a row of scores for each."""
    n_classes = draw(st.integers(2, 7))
    labels = draw(st.lists(st.integers(0, n_classes - 1), max_size=23)) + list(range(n_classes))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    elements = st.one_of(st.integers(0, 3).map(float), st.floats(-10, 10, width=16))
    return np.array(labels), draw(arrays(dtype, (len(labels), n_classes), elements=elements))


@st.composite
def labels_and_probabilities(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels 0 and 1, and probabilities, some on the edges of bins."""
    labels = draw(st.lists(st.integers(0, 1), min_size=1, max_size=29))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    unit = st.floats(0, 1, width=32, allow_subnormal=False)
    elements = st.one_of(st.integers(0, 20).map(lambda i: i / 20), unit)
    probabilities = draw(st.lists(elements, min_size=len(labels), max_size=len(labels)))
    return np.array(labels), np.array(probabilities, dtype=dtype)


@st.composite
def targets_and_predictions(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two arrays of one shape, of equal or different precision."""
    shape = draw(array_shapes(max_dims=3, max_side=7))
    values = st.floats(-100, 100, width=16, allow_subnormal=False)
    dtypes = st.sampled_from([np.float32, np.float64])
    return draw(arrays(draw(dtypes), shape, elements=values)), draw(
        arrays(draw(dtypes), shape, elements=values)
    )
