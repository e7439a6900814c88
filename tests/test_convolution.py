import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

import dlfund
from dlfund import (
    SHARPEN,
    SOBEL_X,
    SOBEL_Y,
    box_kernel,
    col2im,
    conv2d,
    conv2d_backward,
    conv2d_with_stride_padding,
    conv_output_size,
    conv_transpose2d,
    convolve_1d,
    convolve_2d,
    cross_correlation_1d,
    cross_correlation_2d,
    gaussian_kernel,
    im2col,
    numerical_gradient,
    receptive_field,
    relative_error,
    separate,
)
from tests import references
from tests.agreement import assert_agrees
from tests.strategies import convolutions, images_and_kernels

DTYPES = ["float32", "float64"]


def random(*shape: int, dtype: str = "float64", seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


# The lab


def test_the_lab_in_one_dimension() -> None:
    actual = cross_correlation_1d([1, 2, 3, 4, 5, 6, 7], [1, 0, -1])
    expected = [1 - 3, 2 - 4, 3 - 5, 4 - 6, 5 - 7]
    assert_agrees(expected, actual, np.float64)


def test_the_lab_in_two_dimensions() -> None:
    image = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
    expected = [[1 + 1, 2 + 2, 3 + 3], [0 + 0, 1 + 1, 2 + 2], [3 + 3, 0 + 0, 1 + 1]]
    assert_agrees(expected, cross_correlation_2d(image, [[1, 0], [0, 1]]), np.float64)


@pytest.mark.parametrize(
    ("stride", "padding", "expected"),
    [
        (1, 0, [[-6, -6, -6], [-6, -6, -6], [-6, -6, -6]]),
        (
            1,
            1,
            [
                [-(2 + 7), -4, -4, -4, 4 + 9],
                [-(2 + 7 + 12), -6, -6, -6, 4 + 9 + 14],
                [-(7 + 12 + 17), -6, -6, -6, 9 + 14 + 19],
                [-(12 + 17 + 22), -6, -6, -6, 14 + 19 + 24],
                [-(17 + 22), -4, -4, -4, 19 + 24],
            ],
        ),
        (
            2,
            1,
            [
                [-(2 + 7), -4, 4 + 9],
                [-(7 + 12 + 17), -6, 9 + 14 + 19],
                [-(17 + 22), -4, 19 + 24],
            ],
        ),
    ],
)
def test_the_lab_with_stride_and_padding(stride: int, padding: int, expected: Any) -> None:
    image = np.arange(1, 26).reshape(5, 5)
    actual = conv2d_with_stride_padding(image, [[1, 0, -1]] * 3, stride, padding)
    assert_agrees(expected, actual, np.float64)


def test_the_checkerboard_is_invisible_to_both_edge_filters() -> None:
    i, j = np.indices((8, 8))
    board = (i + j) % 2 == 0
    rows = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
    assert not cross_correlation_2d(board, rows).any()
    assert not cross_correlation_2d(board, rows.T).any()
    sharpened = cross_correlation_2d(board, SHARPEN)
    assert {5.0 * 1 - 4 * 0, 5.0 * 0 - 4 * 1} == set(sharpened.ravel().tolist())


# One and two dimensions


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("n", "k"), [(1, 1), (7, 1), (7, 7), (31, 5), (199, 101), (1009, 13)])
def test_1d_agrees_with_the_loop_and_scipy(n: int, k: int, dtype: str) -> None:
    x, w = random(n, dtype=dtype), random(k, dtype=dtype, seed=1)
    scale = float(np.abs(x).max() * np.abs(w).max() * k)
    actual = cross_correlation_1d(x, w)
    assert_agrees(references.correlate_1d(x, w), actual, dtype, scale)
    assert_agrees(signal.correlate(x.astype(float), w, "valid", "direct"), actual, dtype, scale)
    flipped = convolve_1d(x, w)
    assert_agrees(np.convolve(x.astype(float), w, "valid"), flipped, dtype, scale)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("image", "kernel"),
    [((1, 1), (1, 1)), ((5, 7), (1, 1)), ((5, 7), (5, 7)), ((13, 7), (2, 5)), ((7, 31), (3, 1))],
)
def test_2d_agrees_with_the_loop_and_scipy(image: Any, kernel: Any, dtype: str) -> None:
    x, w = random(*image, dtype=dtype), random(*kernel, dtype=dtype, seed=1)
    scale = float(np.abs(x).max() * np.abs(w).max() * w.size)
    actual = cross_correlation_2d(x, w)
    assert_agrees(references.correlate_2d(x, w), actual, dtype, scale)
    assert_agrees(signal.correlate2d(x.astype(float), w, "valid"), actual, dtype, scale)
    flipped = convolve_2d(x, w)
    assert_agrees(signal.convolve2d(x.astype(float), w, "valid"), flipped, dtype, scale)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("stride", [1, 2, (3, 1), (2, 5)])
@pytest.mark.parametrize("padding", [0, 1, (0, 2), (5, 3)])
def test_stride_and_padding_agree_with_the_loop(stride: Any, padding: Any, dtype: str) -> None:
    x, w = random(13, 7, dtype=dtype), random(5, 3, dtype=dtype, seed=1)
    strides = stride if isinstance(stride, tuple) else (stride, stride)
    pads = padding if isinstance(padding, tuple) else (padding, padding)
    expected = references.correlate_2d(references.zero_pad(x, pads), w, strides)
    actual = conv2d_with_stride_padding(x, w, stride, padding)
    assert_agrees(expected, actual, dtype, scale=20.0)
    height = conv_output_size(13, 5, strides[0], pads[0])
    assert actual.shape == (height, conv_output_size(7, 3, strides[1], pads[1]))


def test_padding_lets_a_larger_kernel_fit() -> None:
    assert_agrees(
        [[4.0 * 3]],
        conv2d_with_stride_padding([[3]], [[0, 0, 0], [0, 4, 0], [0, 0, 0]], padding=1),
        np.float64,
    )


@given(images_and_kernels())
def test_2d_agrees_with_scipy_on_generated_cases(operands: Any) -> None:
    x, w = operands
    expected = signal.correlate2d(x.astype(float), w.astype(float), "valid")
    scale = float(np.abs(x).max() * np.abs(w).max() * w.size)
    assert_agrees(expected, cross_correlation_2d(x, w), x.dtype, scale)


@given(images_and_kernels())
def test_1d_agrees_with_scipy_on_generated_cases(operands: Any) -> None:
    x, w = (a.ravel() for a in operands)
    expected = signal.correlate(x.astype(float), w.astype(float), "valid", "direct")
    scale = float(np.abs(x).max() * np.abs(w).max() * w.size)
    assert_agrees(expected, cross_correlation_1d(x, w), x.dtype, scale)


@given(images_and_kernels(), st.integers(-5, 5))
def test_correlation_is_linear(operands: Any, factor: int) -> None:
    x, w = (a.astype(float) for a in operands)
    other = np.flip(x)
    scale = 10 * float(np.abs(x).max() * np.abs(w).max() * w.size)
    expected = factor * cross_correlation_2d(x, w) + cross_correlation_2d(other, w)
    assert_agrees(expected, cross_correlation_2d(factor * x + other, w), np.float64, scale)


@given(images_and_kernels())
def test_shifting_the_image_shifts_the_output(operands: Any) -> None:
    x, w = operands
    shifted = np.vstack([np.zeros((1, x.shape[1]), x.dtype), x])
    scale = float(np.abs(x).max() * np.abs(w).max() * w.size)
    actual = cross_correlation_2d(shifted, w)[1:]
    assert_agrees(cross_correlation_2d(x, w), actual, x.dtype, scale)


@given(images_and_kernels())
def test_convolution_commutes_where_both_fit(operands: Any) -> None:
    x, w = operands
    padded = np.pad(w, [(n - 1, n - 1) for n in x.shape])
    full = convolve_2d(np.pad(x, [(k - 1, k - 1) for k in w.shape]), w)
    scale = float(np.abs(x).max() * np.abs(w).max() * w.size)
    assert_agrees(full, convolve_2d(padded, x), x.dtype, scale)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_not_finite_reaches_exactly_its_windows(value: float, dtype: str) -> None:
    x, w = random(11, 13, dtype=dtype), np.ones((3, 5), dtype)
    x[4, 7] = value
    touched = np.zeros((9, 9), bool)
    touched[4 - 2 : 4 + 1, 7 - 4 : 7 + 1] = True
    clean = np.where(np.isfinite(x), x, 0)
    actual = cross_correlation_2d(x, w)
    assert_agrees(
        np.where(touched, value, references.correlate_2d(clean, w)), actual, dtype, scale=15.0
    )
    strided = conv2d_with_stride_padding(x, w, 2, 1)
    expected = conv2d_with_stride_padding(~np.isfinite(x), w, 2, 1) > 0
    np.testing.assert_array_equal(expected, ~np.isfinite(strided))


def test_infinity_times_a_zero_tap_is_nan() -> None:
    actual = cross_correlation_1d([1, math.inf, 2, 3], [0, 1])
    np.testing.assert_array_equal([math.inf, math.nan, 3], actual)


def test_infinities_that_cancel_are_nan() -> None:
    actual = cross_correlation_1d([math.inf, math.inf, 1.0, 2.0], [1, -1])
    np.testing.assert_array_equal([math.nan, math.inf, 1 - 2], actual)


def test_integers_do_not_wrap_round() -> None:
    bright = np.full((5, 7), 200, dtype=np.uint8)
    assert_agrees(
        np.full((3, 5), 9 * 200.0),
        cross_correlation_2d(bright, np.ones((3, 3), np.uint8)),
        np.float64,
    )
    assert_agrees([200.0 - 2 * 200], cross_correlation_1d(bright[0, :2], [1, -2]), np.float64)


def test_two_precisions_give_the_higher_one() -> None:
    single, double = random(7, 7, dtype="float32"), random(3, 3)
    assert cross_correlation_2d(single, double).dtype == np.float64
    assert cross_correlation_2d(double, single[:2, :2]).dtype == np.float64
    assert cross_correlation_2d(single, [[1]]).dtype == np.float64


@pytest.mark.parametrize(
    "layout", [np.asfortranarray, lambda a: a[::-1, ::-1], lambda a: a.T.copy().T]
)
def test_any_memory_layout(layout: Any) -> None:
    x, w = random(17, 11), random(3, 5, seed=1)
    original = layout(x).copy()
    expected = references.correlate_2d(layout(x), layout(w))
    viewed, kernel = layout(x), layout(w)
    viewed.setflags(write=False)
    actual = cross_correlation_2d(viewed, kernel)
    assert_agrees(expected, actual, np.float64, scale=15.0)
    np.testing.assert_array_equal(original, viewed)
    assert not np.shares_memory(actual, viewed)


@pytest.mark.parametrize("function", [cross_correlation_1d, convolve_1d])
@pytest.mark.parametrize(
    ("x", "w", "kind", "words"),
    [
        ([], [1], ValueError, "signal must not be empty"),
        ([1], [], ValueError, "kernel must not be empty"),
        ([[1, 2]], [1], ValueError, "signal must be 1-D, got 2-D with shape"),
        ([1, 2], [[1]], ValueError, "kernel must be 1-D, got 2-D"),
        (1.0, [1], ValueError, "signal must be 1-D, got a scalar"),
        ([1, 2], [1, 2, 3], ValueError, "kernel must .* signal, got 3 taps for 2 samples"),
        (["a"], [1], TypeError, "signal must hold real numbers"),
        ([1], [1j], TypeError, "kernel must hold real numbers"),
        (np.ma.array([1, 2]), [1], TypeError, "signal must not be a masked array"),
        ([1, None], [1], TypeError, "signal must hold real numbers"),
        ([[1], [2, 3]], [1], ValueError, "signal must be a regular array"),
    ],
)
def test_1d_refuses(function: Any, x: Any, w: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        function(x, w)


@pytest.mark.parametrize(
    "function", [cross_correlation_2d, convolve_2d, conv2d_with_stride_padding]
)
@pytest.mark.parametrize(
    ("x", "w", "kind", "words"),
    [
        ([[]], [[1]], ValueError, "image must not be empty"),
        ([[1]], [[]], ValueError, "kernel must not be empty"),
        ([1], [[1]], ValueError, "image must be 2-D, got 1-D"),
        ([[1]], [[[1]]], ValueError, "kernel must be 2-D, got 3-D"),
        ([[1]], [1], ValueError, "kernel must be 2-D, got 1-D"),
        ([[1, 2]], [[1], [2]], ValueError, r"kernel must fit .* got \(2, 1\) .* of \(1, 2\)"),
        ([[1, 2]], [[1, 2, 3]], ValueError, "kernel must fit inside the image"),
        ([["a"]], [[1]], TypeError, "image must hold real numbers"),
        ([[1]], [[1j]], TypeError, "kernel must hold real numbers"),
        (np.ma.ones((3, 3)), [[1]], TypeError, "image must not be a masked array"),
    ],
)
def test_2d_refuses(function: Any, x: Any, w: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        function(x, w)


GEOMETRY: list[tuple[str, Any, type[Exception], str]] = [
    ("stride", 0, ValueError, "stride must be at least 1, got 0"),
    ("stride", -1, ValueError, "stride must be at least 1, got -1"),
    ("stride", (1, 0), ValueError, r"stride\[1\] must be at least 1, got 0"),
    ("stride", 1.0, TypeError, "stride must be an integer, got 1.0"),
    ("stride", True, TypeError, "stride must be an integer, got True"),
    ("stride", (1, 1, 1), ValueError, "stride must be an integer or two integers"),
    ("stride", None, TypeError, "stride must be an integer"),
    ("padding", -1, ValueError, "padding must be at least 0, got -1"),
    ("padding", 0.5, TypeError, "padding must be an integer"),
    ("padding", "same", TypeError, "padding must be an integer, got 'same'"),
]


@pytest.mark.parametrize(("name", "value", "kind", "words"), GEOMETRY)
def test_stride_and_padding_are_checked(
    name: str, value: Any, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        conv2d_with_stride_padding(np.ones((5, 5)), np.ones((3, 3)), **{name: value})
    x, w = np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3))
    for run in (
        lambda: conv2d(x, w, **{name: value}),
        lambda: conv2d_backward(np.ones((1, 1, 3, 3)), x, w, **{name: value}),
        lambda: conv_transpose2d(x, w, **{name: value}),
        lambda: im2col(x, 3, **{name: value}),
        lambda: col2im(np.ones((1, 9, 9)), 5, 3, **{name: value}),
    ):
        with pytest.raises(kind, match=words):
            run()


def test_a_kernel_that_padding_cannot_save_is_refused() -> None:
    with pytest.raises(ValueError, match=r"inside the padded image, got \(4, 1\) .* of \(3, 3\)"):
        conv2d_with_stride_padding([[1]], [[1]] * 4, padding=1)


# Sizes


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((7, 3), 7 - 3 + 1),
        ((1, 1), 1),
        ((224, 7, 2, 3), (224 + 2 * 3 - 7) // 2 + 1),
        ((13, 3, 5, 0, 2), (13 - 2 * 2 - 1) // 5 + 1),
        ((2, 3, 1, 1), 2 + 2 - 3 + 1),
    ],
)
def test_output_size(arguments: tuple[int, ...], expected: int) -> None:
    actual = conv_output_size(*arguments)
    assert actual == expected
    assert type(actual) is int


@given(*(st.integers(1, 20) for _ in range(3)), st.integers(0, 5), st.integers(1, 4))
def test_output_size_counts_the_places(n: int, k: int, stride: int, pad: int, gap: int) -> None:
    places = [p for p in range(-pad, n + pad, stride) if p + gap * (k - 1) < n + pad]
    if places:
        assert len(places) == conv_output_size(n, k, stride, pad, gap)
    else:
        with pytest.raises(ValueError, match="kernel must fit inside the padded input"):
            conv_output_size(n, k, stride, pad, gap)


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"n": 0}, ValueError, "n must be at least 1, got 0"),
        ({"kernel": 0}, ValueError, "kernel must be at least 1"),
        ({"stride": 0}, ValueError, "stride must be at least 1"),
        ({"padding": -1}, ValueError, "padding must be at least 0"),
        ({"dilation": 0}, ValueError, "dilation must be at least 1"),
        ({"n": 5.0}, TypeError, "n must be an integer"),
        ({"kernel": "3"}, TypeError, "kernel must be an integer"),
        ({"dilation": 3}, ValueError, "kernel must fit inside the padded input of 5, got 7"),
    ],
)
def test_output_size_refuses(change: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        conv_output_size(**({"n": 5, "kernel": 3} | change))


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([(3, 1)], 3),
        ([(1, 1)], 1),
        ([(3, 1), (3, 1), (3, 1)], 1 + 2 + 2 + 2),
        ([(7, 2), (3, 2), (3, 1)], 1 + 6 + 2 * 2 + 2 * 2 * 2),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4)], 1 + 2 * 1 + 2 * 2 + 2 * 4),
        (((2, 2), [2, 2, 1]), 1 + 1 + 2),
        (np.array([[3, 1], [5, 1]]), 1 + 2 + 4),
    ],
)
def test_receptive_field(layers: Any, expected: int) -> None:
    actual = receptive_field(layers)
    assert actual == expected
    assert type(actual) is int


@given(st.lists(st.tuples(*(st.integers(1, 3) for _ in range(3))), min_size=1, max_size=3))
def test_receptive_field_is_what_a_gradient_reaches(layers: list[tuple[int, int, int]]) -> None:
    field = receptive_field(layers)
    sizes = [field]
    for k, s, d in layers:
        sizes.append(conv_output_size(sizes[-1], k, s, 0, d))
    assert sizes[-1] == 1
    grad: Any = np.ones((1, 1, 1, 1))
    for n, (k, s, d) in zip(sizes[-2::-1], layers[::-1], strict=True):
        grad, _, _ = conv2d_backward(
            grad, np.ones((1, 1, 1, n)), np.ones((1, 1, 1, k)), (1, s), 0, (1, d)
        )
    reached = np.flatnonzero(grad)
    assert reached[0] == 0
    assert reached[-1] == field - 1


@pytest.mark.parametrize(
    ("layers", "kind", "words"),
    [
        ([], ValueError, "layers must not be empty"),
        (3, TypeError, "layers must be a sequence, got 3"),
        ([3, 1], TypeError, r"layers\[0\] must be a sequence, got 3"),
        ([(3, 1), (3,)], ValueError, r"layers\[1\] must be \(kernel, stride\) or .*, got \(3,\)"),
        ([(3, 1, 1, 1)], ValueError, r"layers\[0\] must be \(kernel, stride\)"),
        ([()], ValueError, r"layers\[0\] must not be empty"),
        ([(3, 0)], ValueError, r"layers\[0\] must be at least 1, got 0"),
        ([(3.0, 1)], TypeError, r"layers\[0\] must be an integer"),
        (["31"], TypeError, r"layers\[0\] must be an integer"),
    ],
)
def test_receptive_field_refuses(layers: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        receptive_field(layers)


# Batches


@given(convolutions())
def test_conv2d_agrees_with_the_loop(arguments: dict[str, Any]) -> None:
    expected = references.conv2d(
        **{k: v.astype(float) if k in ("x", "weight", "bias") else v for k, v in arguments.items()}
    )
    assert_agrees(expected, conv2d(**arguments), arguments["x"].dtype, scale=30.0)


def test_groups_may_be_any_integer() -> None:
    x, w = random(1, 2, 3, 3), random(300, 1, 1, 1, seed=1)
    groups: Any = np.uint8(2)  # in which 300 kernels are no number
    y = conv2d(x, w, groups=2)
    np.testing.assert_array_equal(conv2d(x, w, groups=groups), y)
    for mine, theirs in zip(
        conv2d_backward(y, x, w, groups=groups), conv2d_backward(y, x, w, groups=2), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("dtype", DTYPES)
def test_conv2d_on_one_image_is_correlation(dtype: str) -> None:
    x, w = random(1, 1, 31, 29, dtype=dtype), random(1, 1, 3, 5, dtype=dtype, seed=1)
    expected = signal.correlate2d(x[0, 0].astype(float), w[0, 0], "valid")
    assert_agrees(expected[None, None], conv2d(x, w), dtype, scale=20.0)


@given(convolutions())
def test_conv2d_backward_is_the_adjoint(arguments: dict[str, Any]) -> None:
    """<conv(x), g> = <x, grad_x> = <w, grad_w>, and the bias sums."""
    bias = arguments.pop("bias")
    x, w = (arguments.pop(k).astype(float) for k in ("x", "weight"))
    y = conv2d(x, w, **arguments)
    g = random(*y.shape, seed=2)
    grad_x, grad_w, grad_b = conv2d_backward(g, x, w, **arguments)
    assert (x.shape, w.shape, bias.shape) == (grad_x.shape, grad_w.shape, grad_b.shape)
    product = (y * g).sum()
    scale = float(np.abs(y * g).sum()) + float(np.abs(x * grad_x).sum())
    assert abs(product - (x * grad_x).sum()) <= 1e-12 * scale
    assert abs(product - (w * grad_w).sum()) <= 1e-12 * scale
    assert_agrees(g.sum(axis=(0, 2, 3)), grad_b, np.float64, scale=float(g.size))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1},
        {"stride": (1, 3), "padding": (2, 0), "dilation": (2, 1)},
        {"groups": 2, "dilation": 2, "padding": 2},
    ],
)
def test_conv2d_backward_against_central_differences(options: dict[str, Any]) -> None:
    x = random(2, 4, 7, 5)
    w = random(6, 4 // options.get("groups", 1), 3, 2, seed=1)
    b = random(6, seed=2)
    g = random(*conv2d(x, w, b, **options).shape, seed=3)
    grads = conv2d_backward(g, x, w, **options)
    expected = (
        numerical_gradient(lambda z: (conv2d(z, w, b, **options) * g).sum(), x),
        numerical_gradient(lambda z: (conv2d(x, z, b, **options) * g).sum(), w),
        numerical_gradient(lambda z: (conv2d(x, w, z, **options) * g).sum(), b),
    )
    for numerical, actual in zip(expected, grads, strict=True):
        assert relative_error(numerical, actual) < 1e-7


@pytest.mark.parametrize("stride", [1, 2, (3, 2)])
@pytest.mark.parametrize("padding", [0, 1, (0, 1)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_conv_transpose2d_agrees_with_the_loop(stride: Any, padding: Any, dtype: str) -> None:
    strides = stride if isinstance(stride, tuple) else (stride, stride)
    pads = padding if isinstance(padding, tuple) else (padding, padding)
    x, w, b = random(2, 3, 5, 7), random(3, 2, 3, 5, seed=1), random(2, seed=2)
    extra = strides[0] - 1, strides[1] - 1
    expected = references.conv_transpose2d(x, w, b, strides, pads, extra)
    actual = conv_transpose2d(
        x.astype(dtype), w.astype(dtype), b.astype(dtype), stride, padding, extra
    )
    assert_agrees(expected, actual, dtype, scale=50.0)


@given(convolutions())
def test_conv_transpose2d_undoes_the_shapes_and_is_the_gradient(arguments: dict[str, Any]) -> None:
    x, w = arguments["x"].astype(float), arguments["weight"].astype(float)
    x = x[:, : w.shape[1]]
    stride = arguments["stride"]
    padding = tuple(min(p, k - 1) for p, k in zip(arguments["padding"], w.shape[2:], strict=True))
    if any(n + 2 * p < k for n, k, p in zip(x.shape[2:], w.shape[2:], padding, strict=True)):
        return
    y = conv2d(x, w, None, stride, padding)
    extra = tuple(
        (n + 2 * p - k) % s
        for n, k, s, p in zip(x.shape[2:], w.shape[2:], stride, padding, strict=True)
    )
    expected, _, _ = conv2d_backward(y, x, w, stride, padding)
    actual = conv_transpose2d(y, w, None, stride, padding, extra)
    assert_agrees(expected, actual, np.float64, scale=1e3)


@given(convolutions())
def test_im2col_makes_convolution_a_matrix_product(arguments: dict[str, Any]) -> None:
    x, w = arguments["x"], arguments["weight"]
    x = x[:, : w.shape[1]]
    options = {k: arguments[k] for k in ("stride", "padding", "dilation")}
    columns = im2col(x, w.shape[2:], **options)
    y = conv2d(x, w, **options)
    assert columns.dtype == x.dtype
    assert_agrees(y, (w.reshape(len(w), -1) @ columns).reshape(y.shape), x.dtype, scale=30.0)


@given(convolutions())
def test_col2im_is_the_adjoint_of_im2col(arguments: dict[str, Any]) -> None:
    x, size = arguments["x"].astype(float), arguments["weight"].shape[2:]
    options = {k: arguments[k] for k in ("stride", "padding", "dilation")}
    columns = im2col(x, size, **options)
    c = random(*columns.shape, seed=5)
    back = col2im(c, x.shape[2:], size, **options)
    assert back.shape == x.shape
    difference = (columns * c).sum() - (x * back).sum()
    assert abs(difference) <= 1e-12 * float(np.abs(columns * c).sum() + np.abs(x * back).sum())


def test_im2col_order_and_argument_order() -> None:
    x = np.arange(2 * 3 * 4.0).reshape(1, 2, 3, 4)
    actual = im2col(x, (2, 1), 2, (0, 1), (1, 3))  # dilation, padding, stride, as in PyTorch
    # Rows 0 and 2 of each channel; columns -1, 2.
    expected = [[[0, 2], [0, 10], [0, 14], [0, 22]]]
    assert_agrees(expected, actual, np.float64)


def test_im2col_and_col2im_hand_out_no_view() -> None:
    x = random(2, 3, 5, 7)
    assert not np.shares_memory(x, im2col(x, 1))
    assert not np.shares_memory(x, im2col(x, (5, 7)))
    c = random(2, 3, 35)
    assert not np.shares_memory(c, col2im(c, (5, 7), 1))
    np.testing.assert_array_equal(c.reshape(2, 3, 5, 7), col2im(c, (5, 7), 1))


def test_outputs_share_no_memory_with_inputs() -> None:
    x, w, b = random(1, 1, 3, 3), np.ones((1, 1, 1, 1)), np.zeros(1)
    inputs = (x, w, b)
    before = [a.copy() for a in inputs]
    outputs = [conv2d(x, w, b), conv2d(x, w), *conv2d_backward(x, x, w), conv_transpose2d(x, w, b)]
    outputs += [
        cross_correlation_2d(x[0, 0], w[0, 0]),
        cross_correlation_1d(x[0, 0, 0], w[0, 0, 0]),
    ]
    outputs += [*separate(w[0, 0]), convolve_1d(x[0, 0, 0], w[0, 0, 0])]
    for output in outputs:
        assert output.flags.writeable
        assert not any(np.shares_memory(output, a) for a in inputs)
    for a, saved in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(saved, a)


def test_batched_precision_is_the_highest_of_all() -> None:
    x, w, b = random(1, 2, 5, 5, dtype="float32"), random(3, 2, 3, 3, dtype="float32"), random(3)
    assert conv2d(x, w).dtype == np.float32
    assert conv2d(x, w, b.astype("float32")).dtype == np.float32
    assert conv2d(x, w, b).dtype == np.float64
    assert conv_transpose2d(x, w.swapaxes(0, 1)).dtype == np.float32
    assert conv_transpose2d(x, w.swapaxes(0, 1), b).dtype == np.float64
    assert [np.dtype("float32")] * 3 == [
        g.dtype for g in conv2d_backward(np.ones((1, 3, 3, 3), "float32"), x, w)
    ]
    assert [np.dtype("float64")] * 3 == [
        g.dtype for g in conv2d_backward(np.ones((1, 3, 3, 3)), x, w)
    ]


def test_nan_in_a_batch_reaches_exactly_its_windows() -> None:
    x, w = random(2, 3, 7, 11), np.ones((5, 3, 3, 3))
    x[1, 2, 3, 4] = math.nan
    expected = np.zeros((2, 5, 5, 9), bool)
    expected[1, :, 3 - 2 : 3 + 1, 4 - 2 : 4 + 1] = True
    np.testing.assert_array_equal(expected, np.isnan(conv2d(x, w)))
    grad_x, grad_w, grad_b = conv2d_backward(np.ones((2, 5, 5, 9)), x, w)
    assert np.isfinite(grad_x).all()
    assert np.isnan(grad_w[:, 2]).all()
    assert np.isfinite(grad_w[:, :2]).all()
    assert np.isfinite(grad_b).all()


BATCH = np.ones((2, 4, 5, 7))
WEIGHT = np.ones((6, 4, 3, 3))


@pytest.mark.parametrize(
    ("x", "w", "options", "kind", "words"),
    [
        (BATCH[0], WEIGHT, {}, ValueError, "x must be 4-D, got 3-D"),
        (BATCH, WEIGHT[0], {}, ValueError, "weight must be 4-D, got 3-D"),
        (BATCH[:0], WEIGHT, {}, ValueError, "x must not be empty"),
        (BATCH, WEIGHT[:, :3], {}, ValueError, r"weight must have shape \(O, 4, kH, kW\)"),
        (
            BATCH,
            np.ones((6, 4, 6, 3)),
            {},
            ValueError,
            r"weight must fit inside the x, got \(6, 3\)",
        ),
        (BATCH, WEIGHT, {"dilation": 3}, ValueError, r"got \(7, 7\) \(dilated from \(3, 3\)\)"),
        (BATCH, WEIGHT, {"dilation": 0}, ValueError, "dilation must be at least 1"),
        (BATCH, WEIGHT, {"groups": 0}, ValueError, "groups must be at least 1"),
        (BATCH, WEIGHT, {"groups": 3}, ValueError, "groups must divide the 4 channels"),
        (BATCH, WEIGHT[:5, :2], {"groups": 2}, ValueError, "and the 5 kernels"),
        (BATCH, WEIGHT, {"groups": 2}, ValueError, r"weight must have shape \(O, 2, kH, kW\)"),
        (BATCH, WEIGHT, {"groups": 2.0}, TypeError, "groups must be an integer"),
        (BATCH.astype(complex), WEIGHT, {}, TypeError, "x must hold real numbers"),
        (BATCH, np.ma.array(WEIGHT), {}, TypeError, "weight must not be a masked array"),
    ],
)
def test_conv2d_refuses(x: Any, w: Any, options: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        conv2d(x, w, **options)
    with pytest.raises(kind, match=words):
        conv2d_backward(np.ones((2, 6, 3, 5)), x, w, **options)


@pytest.mark.parametrize(
    ("bias", "kind", "words"),
    [
        (np.ones(5), ValueError, r"bias must have shape \(6,\), one per kernel, got \(5,\)"),
        (np.ones((6, 1)), ValueError, "bias must be 1-D"),
        (1.0, ValueError, "bias must be 1-D, got a scalar"),
        (["a"] * 6, TypeError, "bias must hold real numbers"),
    ],
)
def test_conv2d_refuses_a_bias(bias: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        conv2d(BATCH, WEIGHT, bias)
    with pytest.raises(kind, match=words.replace("one per kernel", "one per output")):
        conv_transpose2d(BATCH, WEIGHT.swapaxes(0, 1), bias)


@pytest.mark.parametrize(
    ("grad", "kind", "words"),
    [
        (
            np.ones((2, 6, 3, 4)),
            ValueError,
            r"grad_output must have .* \(2, 6, 3, 5\), got \(2, 6, 3, 4\)",
        ),
        (np.ones((6, 3, 5)), ValueError, "grad_output must be 4-D"),
        ("a", TypeError, "grad_output must hold real numbers"),
    ],
)
def test_conv2d_backward_refuses_a_gradient(grad: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        conv2d_backward(grad, BATCH, WEIGHT)


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (
            {"output_padding": 1},
            ValueError,
            r"output_padding must be less than the stride \(1, 1\)",
        ),
        ({"output_padding": (1, 2), "stride": 2}, ValueError, r"stride \(2, 2\), got \(1, 2\)"),
        ({"output_padding": -1}, ValueError, "output_padding must be at least 0"),
        ({"output_padding": 0.0}, TypeError, "output_padding must be an integer"),
        (
            {"padding": 4},
            ValueError,
            r"padding must leave some of the \(7, 9\) output, got \(4, 4\)",
        ),
        ({"padding": (0, 5)}, ValueError, "padding must leave some"),
        ({"weight": np.ones((3, 6, 3, 3))}, ValueError, r"weight must have shape \(4, O, kH, kW\)"),
        ({"x": np.ones((4, 5, 7))}, ValueError, "x must be 4-D"),
    ],
)
def test_conv_transpose2d_refuses(change: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        conv_transpose2d(**({"x": BATCH, "weight": np.ones((4, 6, 3, 3))} | change))


@pytest.mark.parametrize("padding", [(0, 1), (1, 0)])
def test_transposed_padding_leaves_something_both_ways(padding: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"padding must leave some of the \(2, 2\) output"):
        conv_transpose2d(np.ones((1, 1, 2, 2)), np.ones((1, 1, 1, 1)), padding=padding)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ((BATCH[0], 3), ValueError, "x must be 4-D"),
        ((BATCH, 0), ValueError, "kernel_size must be at least 1"),
        ((BATCH, 3.0), TypeError, "kernel_size must be an integer"),
        ((BATCH, (6, 1)), ValueError, r"kernel_size must fit inside the x, got \(6, 1\)"),
        ((BATCH, 3, 0), ValueError, "dilation must be at least 1"),
    ],
)
def test_im2col_refuses(arguments: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        im2col(*arguments)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ((np.ones((9, 9)), 5, 3), ValueError, "columns must be 3-D"),
        ((np.ones((1, 8, 9)), 5, 3), ValueError, r"columns must have shape \(N, C \* 9, 9\)"),
        ((np.ones((1, 9, 8)), 5, 3), ValueError, r"for these sizes, got \(1, 9, 8\)"),
        ((np.ones((1, 9, 9)), 2, 3), ValueError, "kernel_size must fit inside the output_size"),
        ((np.ones((1, 9, 9)), 0, 3), ValueError, "output_size must be at least 1"),
        ((np.ones((1, 9, 9)), 5.0, 3), TypeError, "output_size must be an integer"),
        (([[["a"]]], 5, 3), TypeError, "columns must hold real numbers"),
    ],
)
def test_col2im_refuses(arguments: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        col2im(*arguments)


# Kernels


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("sigma", [0.3, 1, 2.5, 1e9])
def test_gaussian_kernel_agrees_with_its_formula(size: int, sigma: float) -> None:
    centre = (size - 1) / 2
    expected = np.empty((size, size))
    for u, v in np.ndindex(size, size):
        expected[u, v] = math.exp(-((u - centre) ** 2 + (v - centre) ** 2) / (2 * sigma**2))
    assert_agrees(expected / expected.sum(), gaussian_kernel(size, sigma), np.float64)


def test_gaussian_kernel_agrees_with_scipy() -> None:
    impulse = np.zeros((7, 7))
    impulse[3, 3] = 1
    expected = ndimage.gaussian_filter(impulse, 1.3, radius=3, mode="constant")
    assert_agrees(expected, gaussian_kernel(7, 1.3), np.float64)


@pytest.mark.parametrize("sigma", [5e-324, 1e-200, 1e-3])
def test_gaussian_kernel_of_no_width_keeps_the_nearest_taps(sigma: float) -> None:
    assert_agrees([[0, 0, 0], [0, 1, 0], [0, 0, 0]], gaussian_kernel(3, sigma), np.float64)
    expected = np.zeros((4, 4))
    expected[1:3, 1:3] = 1 / 4
    assert_agrees(expected, gaussian_kernel(4, sigma), np.float64)


def test_box_kernel() -> None:
    assert_agrees(np.full((3, 3), 1 / 9), box_kernel(3), np.float64)
    assert_agrees([[1]], box_kernel(1), np.float64)


@pytest.mark.parametrize("kernel", [box_kernel, lambda size: gaussian_kernel(size, 1.0)])
@pytest.mark.parametrize(
    ("size", "kind", "words"),
    [
        (0, ValueError, "size must be at least 1, got 0"),
        (3.0, TypeError, "size must be an integer, got 3.0"),
        ((3, 3), TypeError, "size must be an integer"),
    ],
)
def test_kernels_refuse_a_size(kernel: Any, size: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        kernel(size)


@pytest.mark.parametrize(
    ("sigma", "kind", "words"),
    [
        (0, ValueError, "sigma must be positive, got 0"),
        (-1.0, ValueError, "sigma must be positive"),
        (math.nan, ValueError, "sigma must be finite"),
        (math.inf, ValueError, "sigma must be finite"),
        ("wide", TypeError, "sigma must be a real number"),
    ],
)
def test_gaussian_kernel_refuses_a_sigma(sigma: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        gaussian_kernel(3, sigma)


def test_constants_see_what_their_names_say_and_cannot_be_changed() -> None:
    ramp = np.tile(np.arange(5.0), (5, 1))
    assert cross_correlation_2d(ramp, SOBEL_X).tolist() == [[(1 + 2 + 1) * 2.0] * 3] * 3
    assert not cross_correlation_2d(ramp, SOBEL_Y).any()
    assert cross_correlation_2d(ramp.T, SOBEL_Y).tolist() == [[(1 + 2 + 1) * 2.0] * 3] * 3
    np.testing.assert_array_equal(SOBEL_X.T, SOBEL_Y)
    np.testing.assert_array_equal([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], SHARPEN)
    for kernel in (SOBEL_X, SOBEL_Y, SHARPEN):
        assert kernel.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            kernel[0, 0] = 7


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 5), (7, 2), (1, 5)])
def test_separate_gives_back_the_kernel(rows: int, columns: int, dtype: str) -> None:
    kernel = np.outer(random(rows), random(columns, seed=1)).astype(dtype)
    column, row = separate(kernel)
    assert_agrees(kernel, np.outer(column, row), dtype)
    assert (rows,) == column.shape
    assert (columns,) == row.shape
    image = random(11, 13, dtype=dtype)
    twice = cross_correlation_2d(cross_correlation_2d(image, column[:, None]), row[None])
    assert_agrees(cross_correlation_2d(image, kernel), twice, dtype, scale=50.0)


@pytest.mark.parametrize("kernel", [SOBEL_X, SOBEL_Y, box_kernel(4), gaussian_kernel(9, 1.7)])
def test_separate_takes_the_usual_kernels(kernel: Any) -> None:
    assert_agrees(kernel, np.outer(*separate(kernel)), np.float64)


@pytest.mark.parametrize("scale", [1e-310, 1e300])
def test_separate_does_not_mind_the_scale(scale: float) -> None:
    column, row = separate(np.array([[1.0, 2.0], [2.0, 4.0]]) * scale)
    np.testing.assert_allclose(column, [0.5, 1.0], rtol=1e-12)
    np.testing.assert_allclose(row, [2 * scale, 4 * scale], rtol=1e-12)


@pytest.mark.parametrize(
    ("kernel", "kind", "words"),
    [
        (
            SHARPEN,
            ValueError,
            "kernel must have rank 1, got one that differs .* column 1 and its row 1",
        ),
        ([[1, 0], [0, 1]], ValueError, "kernel must have rank 1"),
        ([[1, 1], [1, 1 + 1e-9]], ValueError, "kernel must have rank 1"),
        ([[0, 0], [0, 0]], ValueError, "kernel must have rank 1, got all zeros"),
        ([[1, math.nan]], ValueError, "kernel must be finite, got nan"),
        ([[1, math.inf]], ValueError, "kernel must be finite, got inf"),
        ([1, 2], ValueError, "kernel must be 2-D"),
        ([[1j]], TypeError, "kernel must hold real numbers"),
    ],
)
def test_separate_refuses(kernel: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        separate(kernel)


def test_the_module_exports_all_of_it() -> None:
    assert set(dlfund.convolution.__all__) <= set(dlfund.__all__)
