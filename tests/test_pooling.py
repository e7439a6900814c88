import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

import dlfund
from dlfund import (
    adaptive_avg_pool_2d,
    avg_pool_2d,
    avg_pool_2d_backward,
    blur_pool_2d,
    global_avg_pool,
    lp_pool_2d,
    max_pool_2d,
    max_pool_2d_backward,
    numerical_gradient,
    relative_error,
)
from dlfund._fast.windows import MANY_BANDS
from tests import references
from tests.agreement import assert_agrees
from tests.strategies import maps, pools

DTYPES = ["float32", "float64"]
POOLS = [max_pool_2d, avg_pool_2d]
BACKWARD = [max_pool_2d_backward, avg_pool_2d_backward]
SIZES: list[tuple[Any, Any]] = [(2, None), (3, 2), (1, 1), ((2, 3), (5, 1)), ((7, 1), None)]


def random(*shape: int, dtype: str = "float64", seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def both(value: Any) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


# The lab


def test_the_lab() -> None:
    x = np.arange(1, 17).reshape(4, 4)
    assert_agrees([[6, 8], [14, 16]], max_pool_2d(x), np.float64)
    expected = [
        [(1 + 2 + 5 + 6) / 4, (3 + 4 + 7 + 8) / 4],
        [(9 + 10 + 13 + 14) / 4, (11 + 12 + 15 + 16) / 4],
    ]
    assert_agrees(expected, avg_pool_2d(x), np.float64)
    assert global_avg_pool(x) == sum(range(1, 17)) / 16
    assert type(global_avg_pool(x)) is float


# Maximum and average


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("size", "stride"), SIZES)
@pytest.mark.parametrize("shape", [(7, 11), (3, 7, 11), (2, 3, 13, 7)])
def test_pools_agree_with_the_loop(shape: Any, size: Any, stride: Any, dtype: str) -> None:
    x = random(*shape, dtype=dtype)
    sizes, strides = both(size), both(size if stride is None else stride)
    for pool, reference in ((max_pool_2d, references.max_pool), (avg_pool_2d, references.avg_pool)):
        slow = np.array([reference(m, sizes, strides) for m in x.reshape(-1, *shape[-2:])])
        actual = pool(x, size, stride)
        assert_agrees(slow.reshape(*shape[:-2], *slow.shape[1:]), actual, dtype, scale=5.0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("size", "stride", "padding"), [(2, 2, 1), (3, 2, 1), ((5, 2), (1, 3), (2, 1)), (3, 1, (0, 1))]
)
def test_padded_pools_agree_with_the_loop(size: Any, stride: Any, padding: Any, dtype: str) -> None:
    x = random(7, 11, dtype=dtype)
    sizes, strides, pads = both(size), both(stride), both(padding)
    low = references.zero_pad(x, pads, -np.inf)
    expected = references.max_pool(low, sizes, strides)
    assert_agrees(expected, max_pool_2d(x, size, stride, padding), dtype)
    zeros = references.zero_pad(x, pads)
    expected = references.avg_pool(zeros, sizes, strides)
    assert_agrees(expected, avg_pool_2d(x, size, stride, padding), dtype, scale=5.0)


def test_padding_of_the_average_counts_and_of_the_maximum_does_not() -> None:
    assert_agrees([[-4.0]], max_pool_2d([[-4.0]], 3, padding=1), np.float64)
    assert_agrees([[-4.0 / 9]], avg_pool_2d([[-4.0]], 3, padding=1), np.float64)


def test_a_map_of_minus_infinities_keeps_them() -> None:
    x = np.full((4, 4), -math.inf)
    np.testing.assert_array_equal(np.full((2, 2), -math.inf), max_pool_2d(x))
    np.testing.assert_array_equal(np.full((2, 2), -math.inf), avg_pool_2d(x))


@given(pools())
def test_pools_agree_with_the_loop_on_generated_cases(case: Any) -> None:
    x, size, stride = case
    assert_agrees(references.max_pool(x, size, stride), max_pool_2d(x, size, stride), x.dtype)
    expected = references.avg_pool(x.astype(float), size, stride)
    assert_agrees(expected, avg_pool_2d(x, size, stride), x.dtype, scale=100.0)


@given(pools())
def test_pools_agree_with_scipy_filters(case: Any) -> None:
    x, size, stride = case
    x = x.astype(float)
    corner = [-(k // 2) for k in size]  # SciPy centres its window, and anchors it by `origin`
    rows, columns = x.shape[0] - size[0] + 1, x.shape[1] - size[1] + 1
    steps = np.s_[: rows : stride[0], : columns : stride[1]]
    largest = ndimage.maximum_filter(x, size, origin=corner)[steps]
    mean = ndimage.uniform_filter(x, size, origin=corner)[steps]
    assert_agrees(largest, max_pool_2d(x, size, stride), np.float64)
    assert_agrees(mean, avg_pool_2d(x, size, stride), np.float64, scale=1e4)


@given(pools())
def test_maximum_bounds_average(case: Any) -> None:
    x, size, stride = case
    slack = 1e-5 * 100
    assert (max_pool_2d(x, size, stride) >= avg_pool_2d(x, size, stride) - slack).all()
    assert (-max_pool_2d(-x, size, stride) <= avg_pool_2d(x, size, stride) + slack).all()


@given(pools())
def test_maximum_commutes_with_monotone_maps(case: Any) -> None:
    x, size, stride = case
    expected = np.cbrt(max_pool_2d(x, size, stride))
    np.testing.assert_array_equal(expected, max_pool_2d(np.cbrt(x), size, stride))


@given(maps(min_side=3))
def test_pooling_is_equivariant_to_shifts_by_the_stride_alone(x: Any) -> None:
    shifted = np.vstack([np.zeros((2, x.shape[1]), x.dtype), x])
    for pool in POOLS:
        np.testing.assert_array_equal(pool(x, 2), pool(shifted, 2)[1:])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_not_finite_reaches_exactly_its_windows(value: float, dtype: str) -> None:
    x = random(2, 11, 13, dtype=dtype)
    clean = x.copy()
    x[1, 4, 6] = value
    touched = np.zeros((2, 5, 6), bool)
    touched[1, 1:3, 2:4] = True  # rows 2-4 and 4-6, columns 4-6 and 6-8
    average = avg_pool_2d(x, 3, 2)
    np.testing.assert_array_equal(np.full(4, value, dtype), average[touched])
    np.testing.assert_array_equal(avg_pool_2d(clean, 3, 2)[~touched], average[~touched])
    largest = max_pool_2d(x, 3, 2)
    np.testing.assert_array_equal(max_pool_2d(clean, 3, 2)[~touched], largest[~touched])
    if value != -math.inf:
        np.testing.assert_array_equal(np.full(4, value, dtype), largest[touched])


def test_infinities_of_both_signs() -> None:
    x: Any = [[math.inf, -math.inf], [1, 2]]
    np.testing.assert_array_equal([[math.inf]], max_pool_2d(x))
    np.testing.assert_array_equal([[math.nan]], avg_pool_2d(x))


# Gradients


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("size", "stride"), SIZES)
def test_backward_agrees_with_the_loop(size: Any, stride: Any, dtype: str) -> None:
    x = np.random.default_rng(0).integers(0, 4, (2, 3, 7, 11)).astype(dtype)  # with many ties
    g = random(*max_pool_2d(x, size, stride).shape, dtype=dtype, seed=1)
    sizes, strides = both(size), both(size if stride is None else stride)
    for backward, reference in (
        (max_pool_2d_backward, references.max_pool_backward),
        (avg_pool_2d_backward, references.avg_pool_backward),
    ):
        pairs = zip(g.reshape(-1, *g.shape[-2:]), x.reshape(-1, 7, 11), strict=True)
        slow = np.array([reference(a, b, sizes, strides) for a, b in pairs])
        actual = backward(g, x, size, stride)
        assert_agrees(slow.reshape(x.shape), actual, dtype, scale=20.0)


@given(pools(), st.integers(0, 2**32 - 1))
def test_backward_is_the_adjoint(case: Any, seed: int) -> None:
    """<pool(x), g> = <x, backward(g)>: both pools are homogeneous of degree one."""
    x, size, stride = case[0].astype(float), case[1], case[2]
    for pool, backward in zip(POOLS, BACKWARD, strict=True):
        y = pool(x, size, stride)
        g = random(*y.shape, seed=seed)
        difference = (y * g).sum() - (x * backward(g, x, size, stride)).sum()
        assert abs(difference) <= 1e-12 * 1e3 * g.size


@pytest.mark.parametrize(("size", "stride"), SIZES)
def test_backward_against_central_differences(size: Any, stride: Any) -> None:
    x = np.random.default_rng(0).permutation(2 * 7 * 11).reshape(2, 7, 11).astype(float)
    for pool, backward in zip(POOLS, BACKWARD, strict=True):
        g = random(*pool(x, size, stride).shape, seed=1)
        expected = numerical_gradient(lambda z, p=pool, g=g: (p(z, size, stride) * g).sum(), x)
        assert relative_error(expected, backward(g, x, size, stride)) < 1e-7


def test_ties_go_to_the_first_in_reading_order_and_nan_counts_as_the_maximum() -> None:
    assert_agrees([[0, 8], [0, 0]], max_pool_2d_backward([[8]], [[1, 3], [3, 3]]), np.float64)
    x: Any = [[1, 3], [math.nan, math.nan]]
    assert_agrees([[0, 0], [8, 0]], max_pool_2d_backward([[8]], x), np.float64)


def test_overlapping_windows_add_up() -> None:
    actual = max_pool_2d_backward([[2, 3]], [[1, 9, 1]] * 2, (2, 2), 1)
    assert_agrees([[0, 2 + 3, 0], [0, 0, 0]], actual, np.float64)


def test_nan_in_the_gradient_stays_with_its_window() -> None:
    g = np.array([[math.nan, 1.0]])
    actual = max_pool_2d_backward(g, [[1, 2, 3, 4], [0, 0, 0, 0]])
    np.testing.assert_array_equal([[0, math.nan, 0, 1], [0, 0, 0, 0]], actual)
    actual = avg_pool_2d_backward(g, np.zeros((2, 4)))
    np.testing.assert_array_equal([[math.nan, math.nan, 1 / 4, 1 / 4]] * 2, actual)


def test_backward_precision_is_the_higher_one() -> None:
    single, double = np.ones((4, 4), np.float32), np.ones((4, 4))
    for backward in BACKWARD:
        assert backward(single[:2, :2], single).dtype == np.float32
        assert backward(double[:2, :2], single).dtype == np.float64
        assert backward(single[:2, :2], double).dtype == np.float64


@pytest.mark.parametrize("backward", BACKWARD)
@pytest.mark.parametrize(
    ("grad", "x", "kind", "words"),
    [
        (np.ones((3, 2)), np.ones((4, 4)), ValueError, r"map, \(2, 2\), got \(3, 2\)"),
        (np.ones((1, 2, 2)), np.ones((4, 4)), ValueError, "grad_output must have the shape"),
        ([1.0], np.ones((4, 4)), ValueError, "grad_output must be at least 2-D"),
        ([["a"]], np.ones((2, 2)), TypeError, "grad_output must hold real numbers"),
        ([[1.0]], np.ones(4), ValueError, "feature_map must be at least 2-D"),
        ([[1.0]], np.ones((1, 2)), ValueError, "pool_size must fit inside the feature_map"),
    ],
)
def test_backward_refuses(
    backward: Any, grad: Any, x: Any, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        backward(grad, x)


# The whole map, and a given size


@pytest.mark.parametrize("dtype", DTYPES)
def test_global_average(dtype: str) -> None:
    x = random(2, 3, 5, 7, dtype=dtype)
    assert_agrees(x.astype(float).mean(axis=(2, 3)), global_avg_pool(x), dtype)
    assert type(global_avg_pool(x[0, 0])) is float
    assert math.isnan(global_avg_pool([[1, math.nan]]))


def test_global_average_of_float32_is_summed_in_float64() -> None:
    x = np.full((4099, 1), 0.1, np.float32)
    assert global_avg_pool(x) == float(np.float32(0.1))
    assert adaptive_avg_pool_2d(x, 1).item() == float(np.float32(0.1))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 2, 3, (5, 7), (1, 11), (13, 2), (7, 11)])
def test_adaptive_average_agrees_with_the_loop(size: Any, dtype: str) -> None:
    x = random(2, 3, 7, 11, dtype=dtype)
    slow = np.array([references.adaptive_avg_pool(m, both(size)) for m in x.reshape(-1, 7, 11)])
    actual = adaptive_avg_pool_2d(x, size)
    assert_agrees(slow.reshape(2, 3, *both(size)), actual, dtype, scale=5.0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_adaptive_average_over_many_bands_agrees_with_the_loop(dtype: str) -> None:
    x = random(83, 31, dtype=dtype)
    x[40, 3] = np.inf
    size = MANY_BANDS + 5, MANY_BANDS
    slow = references.adaptive_avg_pool(x, size)
    assert_agrees(slow, adaptive_avg_pool_2d(x, size), dtype, scale=5.0)


def test_adaptive_average_to_one_is_the_global_average_and_to_all_a_copy() -> None:
    x = random(3, 7, 11)
    assert_agrees(global_avg_pool(x), adaptive_avg_pool_2d(x, 1)[:, 0, 0], np.float64)
    same = adaptive_avg_pool_2d(x, (7, 11))
    np.testing.assert_array_equal(x, same)
    assert not np.shares_memory(x, same)


@pytest.mark.parametrize(
    ("x", "size", "kind", "words"),
    [
        (np.ones(3), 1, ValueError, "x must be at least 2-D"),
        (np.ones((3, 3)), 0, ValueError, "output_size must be at least 1"),
        (np.ones((3, 3)), (1, 1, 1), ValueError, "output_size must be an integer or two"),
        (np.ones((3, 3)), None, TypeError, "output_size must be an integer"),
        (np.ones((3, 3), complex), 1, TypeError, "x must hold real numbers"),
    ],
)
def test_adaptive_average_refuses(x: Any, size: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        adaptive_avg_pool_2d(x, size)


# Powers


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("p", [0.5, 1, 2, 3.0, 7])
@pytest.mark.parametrize(("size", "stride"), SIZES)
def test_lp_agrees_with_the_loop(p: float, size: Any, stride: Any, dtype: str) -> None:
    x = np.abs(random(2, 7, 11, dtype=dtype))
    sizes, strides = both(size), both(size if stride is None else stride)
    slow = np.array([references.lp_pool(m.astype(float), p, sizes, strides) for m in x])
    assert_agrees(slow, lp_pool_2d(x, p, size, stride), dtype)


def test_lp_powers_are_signed() -> None:
    assert_agrees([[1 - 2 - 3 + 5.0]], lp_pool_2d([[1, -2], [-3, 5]], 1), np.float64)
    assert_agrees([[(1 + 4 + 9 + 25) ** 0.5]], lp_pool_2d([[1, -2], [-3, 5]], 2), np.float64)
    expected = (1 - 8 - 27 + 125) ** (1 / 3)
    assert_agrees([[expected]], lp_pool_2d([[1, -2], [-3, 5]], 3), np.float64)
    assert math.isnan(lp_pool_2d([[1, -2], [-3, 0]], 3).item())
    assert math.isnan(lp_pool_2d([[1, -2], [3, 0]], 1.5).item())
    assert lp_pool_2d([[1, -2], [-3, 0]], 1).item() == 1 - 2 - 3


@given(pools())
def test_lp_relations(case: Any) -> None:
    x, size, stride = np.abs(case[0]), case[1], case[2]
    total = avg_pool_2d(x, size, stride) * (size[0] * size[1])
    assert_agrees(total, lp_pool_2d(x, 1, size, stride), x.dtype, scale=2e4)
    largest = max_pool_2d(x, size, stride)
    assert_agrees(largest, lp_pool_2d(x, 1e15, size, stride), x.dtype, scale=100.0)


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e200, 1e300])
def test_lp_does_not_overflow(scale: float) -> None:
    x = np.array([[3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 5.0, 12.0]])
    actual = lp_pool_2d(x * scale, 2)
    np.testing.assert_allclose(actual, [[5 * scale, 13 * scale]], rtol=1e-14)


def test_lp_limits() -> None:
    inf, nan = math.inf, math.nan
    x: Any = [[inf, 1, nan, 1, 0, 0, -inf, 1], [1, 1, 1, 1, 0, 0, 1, 1]]
    np.testing.assert_array_equal([[inf, nan, 0, inf]], lp_pool_2d(x, 2))
    np.testing.assert_array_equal([[inf, nan, 0, -inf]], lp_pool_2d(x, 1))


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"p": 0}, ValueError, "p must be positive, got 0"),
        ({"p": -2}, ValueError, "p must be positive"),
        ({"p": math.inf}, ValueError, "p must be finite"),
        ({"p": math.nan}, ValueError, "p must be finite"),
        ({"p": "2"}, TypeError, "p must be a real number"),
        ({"x": [1.0]}, ValueError, "x must be at least 2-D"),
        ({"pool_size": 5}, ValueError, r"pool_size must fit inside the x, got \(5, 5\)"),
    ],
)
def test_lp_refuses(change: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        lp_pool_2d(**({"x": np.ones((4, 4)), "p": 2} | change))


# Blur


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("stride", [1, 2, 3, (1, 5), (7, 2)])
@pytest.mark.parametrize("shape", [(2, 2), (7, 11), (2, 5)])
def test_blur_agrees_with_the_loop(shape: Any, stride: Any, dtype: str) -> None:
    x = random(3, *shape, dtype=dtype)
    slow = np.array([references.blur_pool(m.astype(float), both(stride)) for m in x])
    assert_agrees(slow, blur_pool_2d(x, stride), dtype, scale=5.0)


@given(maps(min_side=2))
def test_blur_at_stride_one_agrees_with_scipy(x: Any) -> None:
    line = np.array([1, 2, 1]) / 4
    expected = ndimage.correlate(x.astype(float), np.outer(line, line), mode="mirror")
    assert_agrees(expected, blur_pool_2d(x, 1), x.dtype, scale=100.0)


@given(maps(min_side=2), st.integers(1, 4))
def test_blur_keeps_constants_and_shapes(x: Any, stride: int) -> None:
    same = np.full_like(x, 3)
    expected = np.full((-(-x.shape[0] // stride), -(-x.shape[1] // stride)), 3.0)
    assert_agrees(expected, blur_pool_2d(same, stride), x.dtype)


def test_blur_halves_unless_told_otherwise() -> None:
    x = random(7, 11)
    np.testing.assert_array_equal(blur_pool_2d(x, 2), blur_pool_2d(x))


def test_blur_moves_less_than_maximum_under_a_shift() -> None:
    """What it is for (Zhang, 2019): a shift by one changes the blurred output less."""
    x = np.zeros((8, 8))
    x[:, ::4] = x[:, 1::4] = 1  # stripes two pixels wide
    shifted = np.roll(x, 1, axis=1)
    inner = np.s_[1:-1, 1:-1]
    change = np.abs(max_pool_2d(x) - max_pool_2d(shifted))[inner].max()
    blurred = np.abs(blur_pool_2d(x) - blur_pool_2d(shifted))[inner].max()
    assert blurred < change


@pytest.mark.parametrize(
    ("x", "stride", "kind", "words"),
    [
        (
            np.ones((1, 5)),
            2,
            ValueError,
            r"x must be at least 2x2 to be reflected, got .* \(1, 5\)",
        ),
        (np.ones((5, 1)), 2, ValueError, "x must be at least 2x2"),
        (np.ones(5), 2, ValueError, "x must be at least 2-D"),
        (np.ones((5, 5)), 0, ValueError, "stride must be at least 1"),
        (np.ones((5, 5)), None, TypeError, "stride must be an integer"),
    ],
)
def test_blur_refuses(x: Any, stride: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        blur_pool_2d(x, stride)


# What they share

ALL: dict[str, Callable[[Any], Any]] = {
    "max": max_pool_2d,
    "avg": avg_pool_2d,
    "max, padded": lambda x: max_pool_2d(x, 2, padding=1),
    "avg, padded": lambda x: avg_pool_2d(x, 2, padding=1),
    "max, one pixel": lambda x: max_pool_2d(x, 1),
    "avg, one pixel": lambda x: avg_pool_2d(x, 1),
    "max, backward": lambda x: max_pool_2d_backward(max_pool_2d(x), x),
    "avg, backward": lambda x: avg_pool_2d_backward(max_pool_2d(x), x),
    "global": global_avg_pool,
    "adaptive": lambda x: adaptive_avg_pool_2d(x, 3),
    "lp": lambda x: lp_pool_2d(x, 2),
    "blur": blur_pool_2d,
}


@pytest.mark.parametrize("pool", ALL.values(), ids=ALL)
def test_a_batch_of_one_is_that_one(pool: Any) -> None:
    x = np.random.default_rng(0).random((1, 6, 10))
    np.testing.assert_array_equal(np.asarray([pool(x[0])]), pool(x))


@pytest.mark.parametrize("pool", ALL.values(), ids=ALL)
def test_infinities_that_meet_raise_no_warning(pool: Any) -> None:
    with np.errstate(all="raise", under="ignore"):
        pool(np.tile([math.inf, -math.inf], (6, 5)))


def test_infinite_gradients_that_meet_raise_no_warning() -> None:
    with np.errstate(all="raise", under="ignore"):
        for backward in BACKWARD:
            actual = backward([[math.inf, -math.inf]], [[1, 2, 1]] * 2, 2, 1)
            assert math.isnan(actual[0, 1])


@pytest.mark.parametrize("pool", ALL.values(), ids=ALL)
@pytest.mark.parametrize("dtype", [*DTYPES, "uint8", "bool", "float16", ">f8"])
def test_precision_and_memory(pool: Any, dtype: str) -> None:
    x = np.random.default_rng(0).integers(0, 2, (3, 6, 10)).astype(dtype)
    saved = x.copy()
    expected = pool(x.astype(np.float32 if dtype == "float32" else np.float64))
    x.setflags(write=False)
    actual = pool(x)
    np.testing.assert_array_equal(expected, actual)
    assert actual.dtype == (np.float32 if dtype == "float32" else np.float64)
    assert actual.flags.writeable
    assert not np.shares_memory(actual, x)
    np.testing.assert_array_equal(saved, x)


@pytest.mark.parametrize("pool", ALL.values(), ids=ALL)
def test_any_memory_layout(pool: Any) -> None:
    x = random(3, 6, 10)
    assert_agrees(pool(x), pool(np.asfortranarray(x)), np.float64)
    assert_agrees(pool(x[::-1, ::-2, ::-1].copy()), pool(x[::-1, ::-2, ::-1]), np.float64)
    np.testing.assert_array_equal(pool(x), pool(x.tolist()))


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"feature_map": [1.0, 2.0]}, ValueError, "feature_map must be at least 2-D, got 1-D"),
        ({"feature_map": [[]]}, ValueError, "feature_map must not be empty"),
        ({"feature_map": [[1j]]}, TypeError, "feature_map must hold real numbers"),
        ({"feature_map": [["a"]]}, TypeError, "feature_map must hold real numbers"),
        ({"feature_map": np.ma.ones((4, 4))}, TypeError, "feature_map must not be a masked array"),
        ({"pool_size": 0}, ValueError, "pool_size must be at least 1, got 0"),
        ({"pool_size": 2.0}, TypeError, "pool_size must be an integer, got 2.0"),
        ({"pool_size": (2, 2, 2)}, ValueError, "pool_size must be an integer or two integers"),
        ({"pool_size": 5}, ValueError, r"fit inside the feature_map, got \(5, 5\) .* of \(4, 4\)"),
        ({"pool_size": (1, 5)}, ValueError, "pool_size must fit inside the feature_map"),
        ({"stride": 0}, ValueError, "stride must be at least 1"),
        ({"stride": "2"}, TypeError, "stride must be an integer, got '2'"),
        ({"padding": -1}, ValueError, "padding must be at least 0"),
        ({"padding": 0.0}, TypeError, "padding must be an integer"),
        ({"padding": 2}, ValueError, r"padding must be at most half of pool_size \(2, 2\), got"),
        ({"padding": (1, 2)}, ValueError, r"padding must be at most half .* got \(1, 2\)"),
        ({"padding": (2, 1)}, ValueError, r"padding must be at most half .* got \(2, 1\)"),
        ({"pool_size": (4, 2), "padding": (1, 2)}, ValueError, "padding must be at most half"),
        ({"pool_size": (2, 4), "padding": (2, 1)}, ValueError, "padding must be at most half"),
        ({"pool_size": 7, "padding": 1}, ValueError, r"the padded feature_map, got \(7, 7\)"),
    ],
)
def test_pools_refuse(pool: Any, change: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        pool(**({"feature_map": np.ones((4, 4))} | change))


def test_global_average_refuses() -> None:
    with pytest.raises(ValueError, match="feature_map must be at least 2-D, got a scalar"):
        global_avg_pool(3.0)
    with pytest.raises(TypeError, match="feature_map must hold real numbers"):
        global_avg_pool([["a"]])


def test_the_module_exports_all_of_it() -> None:
    assert set(dlfund.pooling.__all__) <= set(dlfund.__all__)
