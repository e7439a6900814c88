import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

import dlfund
from dlfund import _fast_windows as fast
from dlfund import _windows as win
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


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the FFT for every kernel, on tiles that are small beside the input."""
    monkeypatch.setattr(fast, "FEW", 0)
    monkeypatch.setattr(fast, "MANY_TAPS_1D", 0)
    monkeypatch.setattr(fast, "MANY_TAPS_2D", 0)
    monkeypatch.setattr(fast, "TILE_1D", 16)
    monkeypatch.setattr(fast, "TILE_2D", 16)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use matrix products for every signal, a few blocks at a time."""
    monkeypatch.setattr(fast, "FEW_TAPS", 0)
    monkeypatch.setattr(fast, "SHORT", 0)
    monkeypatch.setattr(fast, "CACHE", 4000)


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
    x = np.arange(1.0, 3 * n + 1).reshape(n, 3)
    height = win.output_size(n, kernel, stride, padding, dilation)
    if height < 1:
        return
    padded = win.pad(x, (padding, 1), -1)
    seen = 0
    for part, strip in fast.strips(
        x, rows, height, (kernel, 1), (stride, 1), (padding, 1), (dilation, 1), -1
    ):
        assert part.start == seen
        seen = part.stop
        reach = (part.stop - part.start - 1) * stride + dilation * (kernel - 1) + 1
        np.testing.assert_array_equal(padded[part.start * stride :][:reach], strip)
    assert seen == height


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


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kernel", [(2, 2), (3, 5), (7, 1), (1, 4), (11, 13)])
@pytest.mark.parametrize("padding", [(0, 0), (3, 4)])
@pytest.mark.parametrize("image", [(23, 37), (101, 29), (34, 257)])
def test_fft_of_images_agrees_with_scipy(image: Any, kernel: Any, padding: Any, dtype: str) -> None:
    x, w = random(*image, dtype=dtype), random(*kernel, dtype=dtype, seed=1)
    padded = references.zero_pad(x, padding)
    expected = signal.correlate2d(padded, w.astype(float), "valid")
    actual = dlfund.conv2d_with_stride_padding(x, w, padding=padding)
    largest = float(np.abs(x).max() * np.abs(w).max())
    assert_agrees(expected, actual, dtype, scale=largest)


@pytest.mark.parametrize("kernel", [(2, 290), (290, 2)])
def test_fft_tiles_are_as_long_as_the_kernel_is(kernel: Any) -> None:
    x, w = random(37 + 3 * kernel[0], 41 + 3 * kernel[1]), random(*kernel, seed=1)
    expected = signal.fftconvolve(x, w[::-1, ::-1], "valid")
    assert_agrees(expected, dlfund.cross_correlation_2d(x, w), np.float64, scale=100.0)


@pytest.mark.parametrize("tile", [16, 256])
@pytest.mark.parametrize("kernel", [1, 2, 5, 31, 40])
def test_fft_tiles_are_shared_out_evenly(kernel: int, tile: int) -> None:
    longest = max(tile, 8 * kernel)
    for n in range(2 * kernel, 1000, 7):
        length = fast._fft_length(kernel, n, tile)
        assert kernel < length < 2 * longest
        step = length - kernel + 1
        tiles = -(-(n - kernel + 1) // step)
        assert tiles * step - (n - kernel + 1) < tiles * longest / 4 + 1


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("n", "k"), [(5, 5), (37, 2), (101, 7), (257, 128), (257, 129)])
def test_fft_of_signals_agrees_with_numpy(n: int, k: int, dtype: str) -> None:
    x, w = random(n, dtype=dtype), random(k, dtype=dtype, seed=1)
    expected = np.correlate(x.astype(float), w.astype(float))
    largest = float(np.abs(x).max() * np.abs(w).max())
    assert_agrees(expected, dlfund.cross_correlation_1d(x, w), dtype, scale=largest)


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


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_stays_in_its_windows_under_the_fft(value: float) -> None:
    x, w = random(61, 47), np.abs(random(3, 5, seed=1))
    clean = dlfund.cross_correlation_2d(x, w)
    x[30, 20] = value
    actual = dlfund.cross_correlation_2d(x, w)
    touched = np.zeros_like(clean, dtype=bool)
    touched[30 - 2 : 30 + 1, 20 - 4 : 20 + 1] = True
    assert_agrees(np.where(touched, value, clean), actual, np.float64, scale=20.0)
    line = x.ravel()
    expected = np.correlate(line, w.ravel())
    actual = dlfund.cross_correlation_1d(line, w.ravel())
    assert_agrees(expected, actual, np.float64, scale=20.0)
    assert np.isfinite(actual).sum() == len(actual) - w.size


@pytest.mark.usefixtures("small_tiles")
def test_a_kernel_that_is_not_finite_and_sums_that_overflow() -> None:
    x = random(61, 47)
    w = np.ones((3, 5))
    w[1, 2] = math.inf
    np.testing.assert_array_equal(
        np.sign(x[1:-1, 2:-2]) * math.inf, dlfund.cross_correlation_2d(x, w)
    )
    # Far from overflow themselves, but their sum over a tile is not.
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
