import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from dlfund._fast.pieces import (
    AT_ONCE,
    CHUNK,
    FEW,
    PAIRWISE,
    along,
    at_least,
    at_most,
    blocks,
    each_sample,
    elementwise,
    mean,
    mean_of_samples,
    parts,
    within,
)

DTYPES = ["float32", "float64"]


def random(*shape: int, dtype: str = "float64") -> Any:
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


# Bounds


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [7, FEW - 1, FEW, CHUNK + 1])
def test_bounds(size: int, dtype: str) -> None:
    z = random(size, dtype=dtype)
    z[:3] = np.nan, -np.inf, np.inf
    for bound, ufunc in ((at_most, np.minimum), (at_least, np.maximum)):
        for view in (z, z[::-1], z[::2]):
            np.testing.assert_array_equal(
                bound(view, 0.5), ufunc(view, z.dtype.type(0.5)), strict=True
            )


def test_within_leaves_alone_what_lies_within() -> None:
    z = np.array([-2.0, 0, 3])
    assert within(z, -2, 3) is z
    assert within(z, low=-2) is z
    assert within(z, high=3) is z
    for low, high in ((-1.5, 3), (-2, 2.5), (-1.5, 2.5)):
        np.testing.assert_array_equal(within(z, low, high), np.clip(z, low, high))
    np.testing.assert_array_equal(within(z, low=1), [1, 1, 3])
    np.testing.assert_array_equal(within(z, high=1), [-2, 0, 1])
    z[1] = np.nan
    np.testing.assert_array_equal(within(z, -1, 2), [-1, np.nan, 2])
    np.testing.assert_array_equal(within(z, high=2), [-2, np.nan, 2])


# Pieces


def test_a_formula_sees_pieces_in_the_common_precision() -> None:
    sizes = []

    def formula(a: Any, b: Any) -> Any:
        assert a.dtype == b.dtype == np.float64
        assert a.shape == b.shape == (a.size,)
        sizes.append(a.size)
        return a + b

    a, b = random(5 * AT_ONCE // 4), random(5 * AT_ONCE // 4, dtype="float32")
    for pair in ((a, b), (b, a)):
        np.testing.assert_array_equal(elementwise(formula, *pair), a + b, strict=True)
    assert sizes == 10 * [CHUNK]
    sizes.clear()
    assert mean(formula, a, b) == pytest.approx((a + b).mean(), rel=1e-12)
    assert sizes == 5 * [CHUNK]


def test_a_formula_sees_a_small_array_whole_and_its_terms_flat() -> None:
    z = random(7, 11, dtype="float32")
    seen = []

    def formula(z: Any) -> Any:
        seen.append((z.shape, z.dtype))
        return z

    elementwise(formula, z)
    mean(formula, z)
    mean(formula, z, dtype=np.float64)
    assert seen == [((7, 11), np.float32), ((77,), np.float32), ((77,), np.float64)]


@pytest.mark.parametrize(
    ("shape", "pieces", "order"),
    [
        ((3, 4 * CHUNK), 12, "C"),
        ((PAIRWISE - 1, 2 * CHUNK), 2 * PAIRWISE - 2, "C"),
        ((PAIRWISE, 2 * CHUNK), 2 * PAIRWISE, "F"),
        ((4 * CHUNK, 3), 3, "F"),
        ((3, 5, 2 * CHUNK), 30, "C"),
        ((3 * CHUNK,), 1, "C"),
    ],
)
def test_blocks_hold_the_first_axis_whole(shape: tuple[int, ...], pieces: int, order: str) -> None:
    z = np.broadcast_to(np.float32(1), shape)
    found = []
    seen = 0
    for index, (block,) in blocks(z):
        assert block.shape == z[index].shape
        assert len(block) == len(z)
        assert block.flags["F_CONTIGUOUS" if order == "F" else "C_CONTIGUOUS"]
        found.append(block.size)
        seen += block.size
    assert seen == z.size
    assert len(found) in (pieces, pieces + 1)  # the last may be a rest
    assert max(found) <= max(CHUNK, len(z))


def test_parts_of_a_block_that_is_too_long() -> None:
    assert [len(part) for part in parts(np.zeros(7))] == [7]
    assert [len(part) for part in parts(np.zeros(3 * CHUNK))] == 3 * [CHUNK]
    assert [len(part) for part in parts(np.zeros((CHUNK, 2)))] == 2 * [CHUNK // 2]


@pytest.mark.parametrize("shape", [(5, 7, 11), (3, 50, 2 * CHUNK // 100), (3 * CHUNK // 2,)])
def test_a_formula_along_an_axis(shape: tuple[int, ...]) -> None:
    z = random(*shape)
    for axis in range(-z.ndim, z.ndim):
        shifted = along(lambda z, w: z - w.max(axis=0), axis, z, 2 * z)
        np.testing.assert_array_equal(shifted, z - 2 * z.max(axis=axis, keepdims=True))
        top = along(lambda z: z.max(axis=0, keepdims=True), axis, z, length=1)
        np.testing.assert_array_equal(top, z.max(axis=axis, keepdims=True))


@pytest.mark.parametrize("shape", [(7, 3), (CHUNK, 3), (2, 2 * CHUNK)])
def test_a_formula_of_samples(shape: tuple[int, int]) -> None:
    scores = random(*shape, dtype="float32")
    labels = np.random.default_rng(1).integers(0, shape[1], shape[0])
    own = scores[np.arange(len(labels)), labels]

    def formula(y: Any, s: Any) -> Any:
        return s - s[y, np.arange(len(y))]

    np.testing.assert_array_equal(
        each_sample(formula, labels, scores), scores - own[:, None], strict=True
    )
    assert mean_of_samples(
        lambda y, s: formula(y, s) ** 2, labels, scores, np.float64
    ) == pytest.approx(
        ((scores.astype("float64") - own[:, None]) ** 2).sum() / len(labels), rel=1e-12
    )


# Sums


@pytest.mark.parametrize("n", [1, 7, 64, 1000, CHUNK, 5 * CHUNK + 7])
def test_sums_keep_the_digits_of_float32(n: int) -> None:
    for value in np.random.default_rng(0).random(31).astype("float32"):
        equal = np.full(n, value)
        assert mean(np.subtract, equal, 0 * equal) == pytest.approx(float(value), rel=3e-7)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 1000, 5 * CHUNK + 7])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_mean_that_fits_does_not_overflow(n: int, dtype: str) -> None:
    large = 0.99 * float(np.finfo(dtype).max)
    z, nothing = np.full(n, large, dtype), np.zeros(n, dtype)
    assert mean(np.subtract, z, nothing) == pytest.approx(large, rel=1e-6)
    assert mean(np.subtract, nothing, z) == pytest.approx(-large, rel=1e-6)
    assert mean(np.add, z, nothing, over=3 * n) == pytest.approx(large / 3, rel=1e-6)
    z[0] = np.inf
    assert mean(np.subtract, z, nothing) == math.inf
    z[0] = np.nan
    assert math.isnan(mean(np.subtract, z, nothing))


@pytest.mark.skipif(sys.platform != "linux", reason="it is about Linux's malloc")
@pytest.mark.parametrize("call", ["gelu(z)", "huber_loss(z, z)", "conv2d(z, w)"])
def test_memory_that_is_free_is_used_again(call: str) -> None:
    """In a new process, where nothing large was freed before."""
    code = f"""if True:
        from resource import RUSAGE_SELF, getrusage
        import numpy as np
        from dlfund import conv2d, gelu, huber_loss
        z, w = np.ones((4, 10, 32, 32)), np.ones((10, 10, 3, 3))
        for _ in range(2):
            before = getrusage(RUSAGE_SELF).ru_minflt
            for _ in range(10):
                {call}
        print(getrusage(RUSAGE_SELF).ru_minflt - before)
    """
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert int(found.stdout) < 10 * 10  # fresh memory has a fault for each 4 kB of some 1 MB
