import math
import tracemalloc
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

import dlfund
from dlfund import _windows as win
from dlfund._fast import windows as fast
from tests import references
from tests.agreement import assert_agrees

DTYPES = ["float32", "float64"]


def random(*shape: int, dtype: str = "float64", seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@pytest.fixture(params=[64, 1000, 8000])
def small_cache(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pieces small, so that an array of any size is cut up."""
    monkeypatch.setattr(fast, "CACHE", request.param)
    monkeypatch.setattr(fast, "FEW", 0)


@pytest.fixture(params=[9000, 80000])
def small_blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use matrix products for every signal, a few blocks at a time."""
    monkeypatch.setattr(fast, "FEW_TAPS", 0)
    monkeypatch.setattr(fast, "SHORT_SIGNAL", 0)
    monkeypatch.setattr(fast, "CACHE", request.param)


# Windows


def test_sliding_windows_and_taps_are_two_views_of_the_same() -> None:
    x = random(2, 3, 11, 13)
    kernel, stride, dilation = (2, 3), (3, 2), (2, 1)
    windows = win.sliding_windows(x, kernel, stride, dilation)
    assert windows.shape == (2, 3, (11 - 2 - 1) // 3 + 1, (13 - 2 - 1) // 2 + 1, 2, 3)
    assert np.shares_memory(windows, x)
    places = list(win.taps(x, kernel, stride, dilation))
    assert len(places) == 2 * 3
    for k, place in enumerate(places):
        np.testing.assert_array_equal(windows[..., k // 3, k % 3], place)
        assert np.shares_memory(place, x)


def test_a_window_that_does_not_fit_is_named_with_its_sizes() -> None:
    with pytest.raises(ValueError, match=r"^w must fit inside the x, got \(6, 3\) for a x of"):
        win.output_shape((2, 5, 7), (6, 3), names=("x", "w"))
    message = (
        r"^w must fit inside the padded x, got \(4, 13\) \(dilated from \(2, 5\)\) "
        r"for a padded x of \(7, 11\)$"
    )
    with pytest.raises(ValueError, match=message):
        win.output_shape((2, 5, 7), (2, 5), (1, 1), (1, 2), (3, 3), names=("x", "w"))


def test_no_padding_is_no_copy() -> None:
    x = random(5, 7)
    assert win.pad(x, win.NONE) is x
    assert_agrees(np.pad(x, ((1, 1), (2, 2)), constant_values=3), win.pad(x, (1, 2), 3), np.float64)


@given(*(st.integers(1, 6) for _ in range(4)), st.integers(0, 7), st.integers(1, 3))
def test_strips_put_together_are_the_padded_input(
    n: int, rows: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    x = np.arange(1.0, 2 * 3 * n + 1).reshape(2, n, 3)
    height = win.output_size(n, kernel, stride, padding, dilation)
    if height < 1:
        return
    padded = win.pad(x, (padding, 1), -1)
    seen = np.zeros((2, height), int)
    geometry = (kernel, 1), (stride, 1), (padding, 1), (dilation, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "CACHE", rows * 2 * 3 * x.itemsize)  # so many rows, made into two
        for samples, part, strip in fast.strips(x, *geometry, border=-1):
            seen[samples, part] += 1
            assert (samples.stop - samples.start) * (part.stop - part.start) <= rows
            under = fast.input_rows(part, *geometry[:2], (dilation, 1))
            np.testing.assert_array_equal(padded[samples, under], strip)
    assert (seen == 1).all()


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 7), (1, 11, 2), (2, 7, 5)])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_strips_reflect_as_numpy_does(shape: Any, stride: int) -> None:
    x = random(*shape)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)), mode="reflect")
    for samples, rows, strip in fast.strips(x, (3, 3), (stride, 2), (1, 1), border=None):
        under = fast.input_rows(rows, (3, 3), (stride, 2))
        np.testing.assert_array_equal(padded[samples, under], strip)


# Correlation


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("stride", [(1, 1), (2, 3), (5, 1)])
@pytest.mark.parametrize("padding", [(0, 0), (1, 0), (3, 4)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 5), (7, 1), (1, 4)])
def test_images_in_pieces_agree_with_the_loop(
    kernel: Any, stride: Any, padding: Any, dtype: str
) -> None:
    x, w = random(23, 37, dtype=dtype), random(*kernel, dtype=dtype, seed=1)
    expected = references.correlate_2d(references.zero_pad(x, padding), w, stride)
    actual = dlfund.conv2d_with_stride_padding(x, w, stride, padding)
    assert_agrees(expected, actual, dtype, scale=20.0)


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("layout", [lambda a: a.T, lambda a: a[::-1, ::-2], np.asfortranarray])
def test_images_in_pieces_take_any_memory_layout(layout: Callable[[Any], Any]) -> None:
    x, w = layout(random(23, 37)), random(3, 5, seed=1).T[::-1]
    expected = references.correlate_2d(x, w)
    assert_agrees(expected, dlfund.cross_correlation_2d(x, w), np.float64, scale=20.0)


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kernel", [(2, 2), (11, 13)])
@pytest.mark.parametrize("padding", [(0, 0), (3, 4)])
@pytest.mark.parametrize("image", [(101, 29), (34, 257)])
def test_many_taps_in_pieces_agree_with_scipy(
    image: Any, kernel: Any, padding: Any, dtype: str
) -> None:
    x, w = random(*image, dtype=dtype), random(*kernel, dtype=dtype, seed=1)
    padded = references.zero_pad(x, padding)
    expected = signal.correlate2d(padded, w.astype(float), "valid")
    actual = dlfund.conv2d_with_stride_padding(x, w, padding=padding)
    assert_agrees(expected, actual, dtype, scale=50.0)


@pytest.mark.parametrize("kernel", [(2, 290), (290, 2)])
def test_kernels_may_be_long_either_way(kernel: Any) -> None:
    x, w = random(37 + 3 * kernel[0], 41 + 3 * kernel[1]), random(*kernel, seed=1)
    expected = signal.fftconvolve(x, w[::-1, ::-1], "valid")
    assert_agrees(expected, dlfund.cross_correlation_2d(x, w), np.float64, scale=100.0)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("step", [1, -2])
@pytest.mark.parametrize(
    ("n", "k"), [(5, 5), (37, 1), (37, 2), (101, 31), (129, 98), (131, 33), (997, 32), (997, 250)]
)
def test_signals_in_blocks_agree_with_numpy(n: int, k: int, step: int, dtype: str) -> None:
    x, w = random(2 * n, dtype=dtype)[::step][:n], random(k, dtype=dtype, seed=1)[::step]
    expected = np.correlate(x.astype(float), w.astype(float))
    assert_agrees(expected, dlfund.cross_correlation_1d(x, w), dtype, scale=50.0)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_stays_in_its_windows_under_blocks(value: float) -> None:
    x, w = random(997), np.abs(random(13, seed=1))
    clean = dlfund.cross_correlation_1d(x, w)
    for place in (0, 12, 500, 983, 984, 996):
        x[place], kept = value, x[place]
        touched = np.zeros_like(clean, dtype=bool)
        touched[max(place - 12, 0) : place + 1] = True
        expected = np.where(touched, value, clean)
        assert_agrees(expected, dlfund.cross_correlation_1d(x, w), np.float64, scale=50.0)
        x[place] = kept
    w[6] = value
    expected = np.sign(x[6:-6]) * value
    assert_agrees(expected, dlfund.cross_correlation_1d(x, w), np.float64)


@pytest.mark.parametrize(("n", "k"), [(4096, 31), (4097, 11), (4097, 12), (5003, 250), (5003, 251)])
def test_signals_of_any_length_agree_with_the_loop_as_shipped(n: int, k: int) -> None:
    x, w = np.arange(n) % 7.0, np.arange(k) % 5.0
    assert_agrees(np.correlate(x, w), dlfund.cross_correlation_1d(x, w), np.float64, scale=1000.0)


@pytest.mark.parametrize("stride", [(1, 1), (2, 3)])
@pytest.mark.parametrize("kernel", [(2, 128), (2, 129), (3, 140)])
def test_kernels_with_long_rows_agree_with_scipy(kernel: Any, stride: Any) -> None:
    x, w = random(5, 151), random(*kernel, seed=1)
    expected = signal.correlate2d(x, w, "valid")[:: stride[0], :: stride[1]]
    actual = dlfund.conv2d_with_stride_padding(x, w, stride)
    assert_agrees(expected, actual, np.float64, scale=50.0)


@pytest.mark.parametrize("stride", [(1, 2), (2, 1), (3, 2)])
def test_strides_with_many_taps_agree_with_scipy(stride: Any) -> None:
    x, w = random(109, 113), random(13, 17, seed=1)
    expected = signal.correlate2d(x, w, "valid")[:: stride[0], :: stride[1]]
    actual = dlfund.conv2d_with_stride_padding(x, w, stride)
    assert_agrees(expected, actual, np.float64, scale=100.0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_large_kernels_agree_with_scipy_as_shipped(dtype: str) -> None:
    x, w = random(131, 127, dtype=dtype), random(19, 17, dtype=dtype, seed=1)
    expected = signal.correlate(x.astype(float), w.astype(float), "valid", "direct")
    largest = float(np.abs(x).max() * np.abs(w).max())
    assert_agrees(expected, dlfund.cross_correlation_2d(x, w), dtype, scale=largest)
    line, taps = x.ravel(), w.ravel()
    expected = np.correlate(line.astype(float), taps.astype(float))
    assert_agrees(expected, dlfund.cross_correlation_1d(line, taps), dtype, scale=largest)


@pytest.mark.usefixtures("small_cache")
def test_a_kernel_that_is_not_finite_and_sums_that_overflow() -> None:
    x = random(61, 47)
    w = np.ones((3, 5))
    w[1, 2] = math.inf
    np.testing.assert_array_equal(
        np.sign(x[1:-1, 2:-2]) * math.inf, dlfund.cross_correlation_2d(x, w)
    )
    # Far from overflow themselves, but the sum of a few of them is not.
    huge = np.full((61, 47), 1e307)
    tenth = np.full((3, 5), 0.1)
    assert_agrees(np.full((59, 43), 1.5e307), dlfund.cross_correlation_2d(huge, tenth), np.float64)


# Pooling and batches


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(23, 37), (1, 23, 37), (5, 23, 37), (3, 2, 11, 13), (131, 5, 7)])
@pytest.mark.parametrize(
    ("size", "stride", "padding"),
    [((2, 2), (2, 2), (0, 0)), ((3, 3), (2, 1), (1, 1)), ((5, 2), (1, 3), (2, 0))],
)
def test_pools_in_pieces_agree_with_the_loop(
    shape: Any, size: Any, stride: Any, padding: Any, dtype: str
) -> None:
    x = random(*shape, dtype=dtype)
    for pool, slow, value in (
        (dlfund.max_pool_2d, references.max_pool, -np.inf),
        (dlfund.avg_pool_2d, references.avg_pool, 0.0),
    ):
        padded = references.zero_pad(x, padding, value)
        flat = [slow(m, size, stride) for m in padded.reshape(-1, *padded.shape[-2:])]
        expected = np.array(flat).reshape(*shape[:-2], *flat[0].shape)
        assert_agrees(expected, pool(x, size, stride, padding), dtype, scale=5.0)


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("shape", [(23, 37), (5, 23, 37), (131, 6, 7)])
@pytest.mark.parametrize(("size", "stride"), [((2, 2), (2, 2)), ((3, 5), (2, 1))])
def test_other_pools_in_pieces_agree_with_the_whole(
    shape: Any, size: Any, stride: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.random.default_rng(0).integers(0, 5, shape).astype(float)
    g = random(*dlfund.max_pool_2d(x, size, stride).shape, seed=1)
    runs: list[Callable[[], Any]] = [
        lambda: dlfund.max_pool_2d_backward(g, x, size, stride),
        lambda: dlfund.avg_pool_2d_backward(g, x, size, stride),
        lambda: dlfund.lp_pool_2d(x, 3, size, stride),
        lambda: dlfund.blur_pool_2d(x, stride),
    ]
    pieces = [run() for run in runs]
    monkeypatch.setattr(fast, "CACHE", 1 << 30)
    for run, actual in zip(runs, pieces, strict=True):
        assert_agrees(run(), actual, np.float64, scale=20.0)


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize(
    "options",
    [{}, {"stride": (2, 1), "padding": (1, 2)}, {"groups": 2, "dilation": 2, "padding": 3}],
)
def test_batches_in_pieces_agree_with_the_whole(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    x, b = random(5, 4, 13, 11), random(6, seed=2)
    w = random(6, 4 // options.get("groups", 1), 3, 5, seed=1)
    pieces = dlfund.conv2d(x, w, b, **options)
    monkeypatch.setattr(fast, "CACHE", 1 << 30)
    assert_agrees(dlfund.conv2d(x, w, b, **options), pieces, np.float64, scale=50.0)


@pytest.mark.usefixtures("small_cache")
@pytest.mark.parametrize("kernels", [63, 64])
@pytest.mark.parametrize("size", [(1, 1), (1, 3), (3, 2), (5, 3)])
@pytest.mark.parametrize("stride", [1, 2, (3, 1)])
def test_few_kernels_and_many_agree_with_one_at_a_time(
    kernels: int, size: Any, stride: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, w = random(3, 2, 11, 13), random(kernels, 2, *size, seed=1)
    together = dlfund.conv2d(x, w, stride=stride, padding=1)
    monkeypatch.setattr(fast, "CACHE", 1 << 20)
    for k in (0, 7, kernels - 1):
        channels = zip(x.swapaxes(0, 1), w[k], strict=True)
        expected = sum(
            np.array([dlfund.conv2d_with_stride_padding(image, v, stride, 1) for image in images])
            for images, v in channels
        )
        assert_agrees(expected, together[:, k], np.float64, scale=20.0)


# An output depends on the values in its own window alone


def under(mask: Any, kernel: Any, stride: Any = (1, 1)) -> Any:
    """Which windows hold a marked pixel."""
    windows = np.lib.stride_tricks.sliding_window_view(mask > 0, kernel)
    return windows[:: stride[0], :: stride[1]].any(axis=(-2, -1))


def stamped(mask: Any, kernel: Any, stride: Any = (1, 1)) -> Any:
    """Which pixels lie in a marked window."""
    spread = np.zeros([(n - 1) * s + 1 for n, s in zip(mask.shape, stride, strict=True)])
    spread[:: stride[0], :: stride[1]] = mask
    return signal.convolve2d(spread, np.ones(kernel)) > 0.5


def layers(rule: Callable[..., Any], mask: Any, n_out: int, *options: Any) -> Any:
    """A rule for one image, applied to a batch whose outputs all see every channel."""
    return np.array([[rule(np.max(image, axis=0), *options)] * n_out for image in mask])


class Alone(NamedTuple):
    """A primitive of whole numbers, and which outputs may change with the marked inputs."""

    shape: tuple[int, ...]
    run: Callable[[Any], Any]
    touched: Callable[[Any], Any]


def positive(*shape: int) -> Any:
    return np.random.default_rng(1).integers(1, 5, shape).astype(np.float32)


def line(n: int, k: int) -> Alone:
    return Alone(
        (n,),
        lambda x: dlfund.cross_correlation_1d(x, positive(k)),
        lambda m: np.correlate(m, np.ones(k)) > 0.5,
    )


def picture(n: Any, k: Any, s: Any, p: int) -> Alone:
    return Alone(
        n,
        lambda x: dlfund.conv2d_with_stride_padding(x, positive(*k), s, p),
        lambda m: under(np.pad(m, p), k, s),
    )


def pooled(pool: Callable[..., Any], n: Any, k: int, s: int, p: int) -> Alone:
    return Alone(n, lambda x: pool(x, k, s, p), lambda m: under(np.pad(m, p), (k, k), (s, s)))


def powers(p: float) -> Alone:
    return Alone(
        (31, 37),
        lambda x: dlfund.lp_pool_2d(x, p, 4, 2),
        lambda m: under(m, (4, 4), (2, 2)),
    )


ALONE = {
    **{
        f"1-D, {n} samples, {k} taps": line(n, k)
        for n, k in ((97, 5), (5003, 11), (5003, 12), (5003, 250), (5003, 251), (5003, 2503))
    },
    **{
        f"2-D, {n}, {k}, {s}, {p}": picture(n, k, s, p)
        for n, k, s, p in (
            ((11, 13), (3, 5), (1, 1), 0),
            ((11, 13), (3, 5), (2, 3), 1),
            ((61, 67), (3, 3), (1, 1), 0),
            ((61, 67), (5, 7), (2, 3), 2),
            ((61, 67), (13, 14), (1, 1), 0),
            ((61, 67), (31, 29), (1, 1), 3),
            ((5, 307), (2, 131), (1, 2), 1),
            ((521, 509), (5, 7), (1, 1), 1),
        )
    },
    "conv2d": Alone(
        (2, 3, 11, 13),
        lambda x: dlfund.conv2d(x, positive(5, 3, 3, 3), None, 2, 1),
        lambda m: layers(under, np.pad(m, ((0, 0), (0, 0), (1, 1), (1, 1))), 5, (3, 3), (2, 2)),
    ),
    "conv2d, large kernel": Alone(
        (1, 1, 61, 67),
        lambda x: dlfund.conv2d(x, positive(2, 1, 15, 15)),
        lambda m: layers(under, m, 2, (15, 15)),
    ),
    "conv2d_backward, input": Alone(
        (2, 5, 7, 11),
        lambda g: dlfund.conv2d_backward(g, positive(2, 3, 9, 13), positive(5, 3, 3, 3))[0],
        lambda m: layers(stamped, m, 3, (3, 3)),
    ),
    "conv2d_backward, weight": Alone(
        (2, 3, 9, 13),
        lambda x: dlfund.conv2d_backward(positive(2, 5, 7, 11), x, positive(5, 3, 3, 3))[1],
        lambda m: np.broadcast_to(m.max(axis=(0, 2, 3))[:, None, None] > 0, (5, 3, 3, 3)),
    ),
    "conv2d_backward, bias": Alone(
        (2, 5, 7, 11),
        lambda g: dlfund.conv2d_backward(g, positive(2, 3, 9, 13), positive(5, 3, 3, 3))[2],
        lambda m: m.max(axis=(0, 2, 3)) > 0,
    ),
    "conv_transpose2d": Alone(
        (2, 3, 7, 11),
        lambda x: dlfund.conv_transpose2d(x, positive(3, 5, 3, 4), None, 2),
        lambda m: layers(stamped, m, 5, (3, 4), (2, 2)),
    ),
    "im2col": Alone(
        (2, 3, 7, 11),
        lambda x: dlfund.im2col(x, (3, 2)),
        lambda m: dlfund.im2col(m, (3, 2)) > 0,  # which only copies
    ),
    "col2im": Alone(
        (2, 6, 6 * 10),
        lambda c: dlfund.col2im(c, (7, 10), (2, 1)),
        lambda m: dlfund.col2im(m, (7, 10), (2, 1)) > 0.5,
    ),
    **{
        f"{pool.__name__}, {n}, {k}, {s}, {p}": pooled(pool, n, k, s, p)
        for pool in (dlfund.max_pool_2d, dlfund.avg_pool_2d)
        for n, k, s, p in (
            ((11, 13), 2, 2, 0),
            ((31, 37), 4, 1, 2),
            ((61, 67), 16, 4, 0),
            ((521, 509), 2, 2, 1),
            ((521, 509), 16, 8, 0),
        )
    },
    "avg_pool_2d_backward": Alone(
        (5, 6),
        lambda g: dlfund.avg_pool_2d_backward(g, positive(12, 14), 4, 2),
        lambda m: stamped(m, (4, 4), (2, 2)),
    ),
    "max_pool_2d_backward, gradient": Alone(
        (5, 6),
        lambda g: dlfund.max_pool_2d_backward(g, positive(12, 14), 4, 2),
        lambda m: stamped(m, (4, 4), (2, 2)),
    ),
    "max_pool_2d_backward, map": Alone(
        (12, 14),
        lambda x: dlfund.max_pool_2d_backward(positive(5, 6), x, 4, 2),
        lambda m: stamped(under(m, (4, 4), (2, 2)), (4, 4), (2, 2)),
    ),
    "global_avg_pool": Alone((5, 7, 11), dlfund.global_avg_pool, lambda m: m.max(axis=(1, 2)) > 0),
    "adaptive_avg_pool_2d": Alone(
        (13, 17),
        lambda x: dlfund.adaptive_avg_pool_2d(x, (5, 7)),
        lambda m: references.adaptive_avg_pool(m, (5, 7)) > 0,
    ),
    **{f"lp_pool_2d, {p}": powers(p) for p in (1, 2, 3.5)},
    "blur_pool_2d": Alone(
        (31, 37),
        dlfund.blur_pool_2d,
        lambda m: under(np.pad(m, 1, mode="reflect"), (3, 3), (2, 2)),
    ),
}


def changes(case: Alone, value: float, dtype: str) -> int:
    """Count the outputs that change with a pixel that is not in their window."""
    rng = np.random.default_rng(2)
    x, found = rng.standard_normal(case.shape).astype(dtype), 0
    clean = case.run(x)
    for _ in range(3):
        place = tuple(int(rng.integers(n)) for n in case.shape)
        spoiled, mask = x.copy(), np.zeros(case.shape)
        spoiled[place], mask[place] = value, 1
        touched = case.touched(mask)
        assert touched.shape == clean.shape
        found += int((case.run(spoiled) != clean)[~touched & ~np.isnan(clean)].sum())
    return found


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("value", [1e8, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("case", ALONE.values(), ids=ALONE)
def test_a_pixel_changes_nothing_outside_its_windows(case: Alone, value: float, dtype: str) -> None:
    assert changes(case, value, dtype) == 0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", ALONE.values(), ids=ALONE)
def test_what_is_not_negative_stays_so(case: Alone, dtype: str) -> None:
    x = np.abs(random(*case.shape, dtype=dtype))
    x[tuple(n // 2 for n in case.shape)] = 1e8
    x[tuple(n // 3 for n in case.shape)] = 0
    assert (case.run(x) >= 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [n for n in ALONE if "avg" not in n and n != "lp_pool_2d, 3.5"])
def test_whole_numbers_give_whole_numbers(name: str, dtype: str) -> None:
    case = ALONE[name]
    x = np.random.default_rng(3).integers(-9, 10, case.shape).astype(dtype)
    x = np.abs(x) * (np.arange(x.size).reshape(x.shape) % 4 == 0) if "lp" in name else x
    y = case.run(x)
    if name == "blur_pool_2d":
        y = y * 16
    elif name == "lp_pool_2d, 2":
        y = y**2
        np.testing.assert_allclose(y, np.rint(y), rtol=1e-6)
        return
    np.testing.assert_array_equal(np.rint(y), y)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_guards_see_what_they_are_for(dtype: str) -> None:
    """The Fourier transform, running sums, and zeros times what is not finite."""
    kernel = np.ones((13, 14), dtype)

    def running_means(x: Any) -> Any:
        sums = np.zeros((x.shape[0] + 1, x.shape[1] + 1), x.dtype)
        sums[1:, 1:] = x.cumsum(axis=0).cumsum(axis=1)
        return sums[3:, 3:] - sums[:-3, 3:] - sums[3:, :-3] + sums[:-3, :-3]

    def banded(x: Any) -> Any:
        with np.errstate(invalid="ignore"):
            return x @ np.tril(np.triu(np.ones((11, 9), dtype), -2))

    fourier = Alone(
        (61, 67),
        lambda x: signal.fftconvolve(x, kernel, "valid"),
        lambda m: under(m, kernel.shape),
    )
    sums = Alone((31, 37), running_means, lambda m: under(m, (3, 3)))
    product = Alone((11,), banded, lambda m: np.correlate(m, np.ones(3)) > 0.5)
    for case, value in ((fourier, 1e8), (sums, 1e8), (sums, math.nan), (product, math.inf)):
        assert changes(case, value, dtype) > 0


# Means


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9, 64, 300])
@pytest.mark.parametrize("stride", [1, 300])
def test_means_of_float32_are_right_to_a_millionth(size: int, stride: int) -> None:
    x = np.random.default_rng(0).uniform(0.9, 1, (301, 307)).astype(np.float32)
    exact = dlfund.avg_pool_2d(x.astype(float), size, stride)
    np.testing.assert_allclose(dlfund.avg_pool_2d(x, size, stride), exact, rtol=1e-6)
    whole = x.astype(float).mean()
    assert abs(dlfund.global_avg_pool(x) - whole) < 1e-6 * whole
    np.testing.assert_allclose(dlfund.adaptive_avg_pool_2d(x, 1), whole, rtol=1e-6)


def test_means_over_long_windows_of_float32_are_right_to_a_millionth() -> None:
    x = np.full((4099, 3), 0.1, np.float32)  # each rounding of a float32 sum goes the same way
    for size in ((4099, 1), (4099, 3), (4000, 2)):
        np.testing.assert_allclose(dlfund.avg_pool_2d(x, size, 1), 0.1, rtol=1e-6)
    np.testing.assert_allclose(dlfund.avg_pool_2d(x.T, (1, 4099), 1), 0.1, rtol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(6, 6), (2, 6, 6), (600, 606)])
def test_means_do_not_overflow_on_the_way(shape: Any, dtype: str) -> None:
    largest = float(np.finfo(dtype).max)
    for value in (largest, -largest, 0.95 * largest):
        x = np.full(shape, value, dtype)
        for y in (
            dlfund.avg_pool_2d(x),
            dlfund.avg_pool_2d(x, 3, 1),
            dlfund.avg_pool_2d(x, 6),
            dlfund.adaptive_avg_pool_2d(x, 4),
            np.asarray(dlfund.global_avg_pool(x)),
        ):
            np.testing.assert_allclose(y, x.flat[0], rtol=1e-6)
    x[..., 0, 0], x[..., 2, 2], x[..., 4, 4] = math.inf, -math.inf, math.nan
    y = dlfund.avg_pool_2d(x)
    for place, value in enumerate((math.inf, -math.inf, math.nan)):
        np.testing.assert_array_equal(y[..., place, place], value)
    assert np.isfinite(y).sum() == y.size - 3 * y[..., 0, 0].size


# Memory


@pytest.mark.parametrize(
    "run",
    [
        lambda x: dlfund.cross_correlation_2d(x, np.ones((5, 5))),
        lambda x: dlfund.cross_correlation_2d(x, np.ones((17, 17))),
        lambda x: dlfund.cross_correlation_2d(x.T, np.ones((3, 3))),
        lambda x: dlfund.cross_correlation_2d(x.reshape(8, -1), np.ones((2, 80))),
        lambda x: dlfund.conv2d_with_stride_padding(x, np.ones((3, 3)), 1, 1),
        lambda x: dlfund.conv2d_with_stride_padding(x, np.ones((2, 900)), 2),
        lambda x: dlfund.cross_correlation_1d(x.ravel(), np.ones(3)),
        lambda x: dlfund.cross_correlation_1d(x.ravel(), np.ones(31)),
        lambda x: dlfund.cross_correlation_1d(x.ravel(), np.ones(1001)),
        lambda x: dlfund.cross_correlation_1d(x.ravel(), x.ravel()[:-7]),
        lambda x: dlfund.max_pool_2d(x, 3, 1, 1),
        lambda x: dlfund.avg_pool_2d(x, 3, 1, 1),
        lambda x: dlfund.max_pool_2d_backward(x[:-2, :-2], x, 3, 1),
        lambda x: dlfund.avg_pool_2d_backward(x[:-2, :-2], x, 3, 1),
        lambda x: dlfund.lp_pool_2d(x, 2, 3, 1),
        lambda x: dlfund.blur_pool_2d(x, 1),
        lambda x: dlfund.conv2d(x[None, None], np.ones((1, 1, 3, 3)), padding=1),
        lambda x: dlfund.conv_transpose2d(x[None, None], np.ones((1, 1, 3, 3))),
    ],
)
def test_beside_its_output_a_large_array_needs_little(run: Callable[[Any], Any]) -> None:
    x = np.ones((1024, 1031))
    run(x)
    tracemalloc.start()
    result = run(x)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.nbytes <= kept
    assert peak - kept < 6e6  # an image is 8.4e6
