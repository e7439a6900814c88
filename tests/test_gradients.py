import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlfund import numerical_gradient, relative_error


def test_gradient_of_a_quadratic() -> None:
    a = np.arange(15.0).reshape(3, 5)
    x = np.linspace(-1, 1, 15).reshape(3, 5)
    actual = numerical_gradient(lambda z: float((a * z**2).sum()), x)
    assert actual.shape == (3, 5)
    assert actual.dtype == np.float64
    assert relative_error(2 * a * x, actual) < 1e-9


def test_gradient_at_a_scalar_is_a_float_and_the_function_sees_a_float() -> None:
    seen = []

    def f(z: float) -> float:
        seen.append(type(z))
        return math.sin(z)

    actual = numerical_gradient(f, 0.5)
    assert type(actual) is float
    assert {float} == set(seen)
    assert abs(math.cos(0.5) - actual) < 1e-9


def test_float32_is_differentiated_in_float64() -> None:
    seen = []

    def f(z: np.ndarray) -> float:
        seen.append(z.dtype)
        return float((z**3).sum())

    x = np.array([1.0, 2.0], dtype=np.float32)
    actual = numerical_gradient(f, x)
    assert actual.dtype == np.float32
    assert {np.dtype(np.float64)} == set(seen)
    np.testing.assert_allclose(actual, [3 * 1**2, 3 * 2**2], rtol=1e-6)


def test_step_grows_with_the_point() -> None:
    # An absolute step of 1e-6 would vanish beside 1e12.
    actual = numerical_gradient(lambda z: float(z @ z), [1e12])
    np.testing.assert_allclose(actual, [2 * 1e12], rtol=1e-5)


def test_the_step_is_what_was_asked_for() -> None:
    points: list[float] = []

    def f(z: float) -> float:
        points.append(z)
        return z

    numerical_gradient(f, 0.25, h=0.125)
    assert points == [0.25 + 0.125, 0.25 - 0.125]
    points.clear()
    numerical_gradient(f, -4.0, h=0.125)
    assert points == [-4 + 4 * 0.125, -4 - 4 * 0.125]


def test_a_function_that_writes_its_argument_does_no_harm() -> None:
    x = np.array([1.0, 2.0, 3.0])

    def f(z: np.ndarray) -> float:
        total = float((z**2).sum())
        z[:] = np.nan
        return total

    actual = numerical_gradient(f, x)
    np.testing.assert_allclose(actual, [2.0, 4.0, 6.0], rtol=1e-8)
    assert x.tolist() == [1.0, 2.0, 3.0]


def test_integers_lists_and_zero_dimensional_results_are_accepted() -> None:
    np.testing.assert_allclose(numerical_gradient(lambda z: np.sum(z), [1, 2]), [1, 1], rtol=1e-9)
    np.testing.assert_allclose(
        numerical_gradient(lambda z: np.array(z[0] * z[1]), [3, 5]), [5, 3], rtol=1e-8
    )


def test_no_warning_and_nan_passes_through() -> None:
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        actual = numerical_gradient(lambda z: float(np.log(z).sum()), np.array([-1.0, 1.0]))
    assert math.isnan(actual[0])


@pytest.mark.parametrize(
    ("f", "x", "h", "kind", "words"),
    [
        (3, [1.0], 1e-6, TypeError, "f must be callable, got int"),
        (lambda z: z, [1.0, 2.0], 1e-6, ValueError, r"f\(x\) must be 0-D, got 1-D"),
        (lambda z: "no", [1.0], 1e-6, TypeError, r"f\(x\) must hold real numbers"),
        (lambda z: 1j, [1.0], 1e-6, TypeError, r"f\(x\) must hold real numbers"),
        (np.sum, [], 1e-6, ValueError, "x must not be empty"),
        (np.sum, [1j], 1e-6, TypeError, "x must hold real numbers"),
        (np.sum, np.ma.array([1.0, 2.0]), 1e-6, TypeError, "x must not be a masked array"),
        (np.sum, [1.0], 0, ValueError, "h must be positive, got 0"),
        (np.sum, [1.0], 1e-20, ValueError, "h must be large enough to change x, got 1e-20 at 1.0"),
        (np.sum, [1.0], -1e-6, ValueError, "h must be positive"),
        (np.sum, [1.0], math.inf, ValueError, "h must be finite"),
        (np.sum, [1.0], "small", TypeError, "h must be a real number"),
    ],
)
def test_gradient_refuses(f: Any, x: Any, h: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        numerical_gradient(f, x, h)


def test_relative_error_by_hand() -> None:
    assert relative_error([3.0, -4.0], [3.0, -5.0]) == abs(-4 - -5) / 5
    assert relative_error(2.0, 1.0) == (2 - 1) / 2
    assert relative_error(1.0, -1.0) == (1 + 1) / 1
    assert relative_error([0.0, 0.0], [0.0, 0.0]) == 0.0
    assert relative_error([0.0], [1e-300]) == 1.0
    assert relative_error([1e308, 1.0], [-1e308, 1.0]) == 2  # their difference is no float
    assert type(relative_error(np.float32(1), np.float32(2))) is float


def test_relative_error_is_of_the_whole_not_of_each_entry() -> None:
    assert relative_error([1.0, 0.0], [1.0, 1e-12]) == 1e-12


def test_relative_error_of_infinities_and_nan() -> None:
    assert relative_error([math.inf, 1.0], [math.inf, 1.0]) == 0.0
    assert math.isnan(relative_error([math.nan, 1.0], [2.0, 1.0]))
    assert not relative_error([math.inf, 1.0], [1.0, 1.0]) < 1e300


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=7),
    st.lists(st.floats(-1e6, 1e6), min_size=7, max_size=7),
)
def test_relative_error_is_symmetric_and_at_most_two(a: list[float], b: list[float]) -> None:
    b = b[: len(a)]
    error = relative_error(a, b)
    assert error == relative_error(b, a)
    assert 0 <= error <= 2
    assert (error == 0) == (a == b)


@pytest.mark.parametrize(
    ("a", "b", "kind", "words"),
    [
        ([1.0], [1.0, 2.0], ValueError, r"a and b must have the same shape, got \(1,\) and \(2,\)"),
        ([1.0], [[1.0]], ValueError, "a and b must have the same shape"),
        ([], [], ValueError, "a must not be empty"),
        (["x"], [1.0], TypeError, "a must hold real numbers"),
        ([1.0], [1j], TypeError, "b must hold real numbers"),
    ],
)
def test_relative_error_refuses(a: Any, b: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        relative_error(a, b)
