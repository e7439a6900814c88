import math
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from dlfund import _checks as checks

real_array = checks.real_array


# Arrays of real numbers


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_are_kept_and_not_copied(dtype: str) -> None:
    x = np.arange(3, dtype=dtype)
    assert real_array(x, "x") is x


@pytest.mark.parametrize(
    "value",
    [
        [1, 2],
        (1.0, 2),
        [True, 2],
        [np.float32(1), 2],
        [Fraction(1), Fraction(2)],
        [1, Fraction(2)],
        range(1, 3),
        memoryview(b"\x01\x02"),
        np.array([1, 2], "uint8"),
        np.array([1, 2], "int64"),
        np.array([1, 2], "float16"),
        np.array([1, 2], object),
        pd.Series([1, 2]),
        pd.Series([1, 2], dtype="Int64"),
        pd.Series([1.0, 2.0], dtype="Float64"),
        pd.Index([1, 2]),
    ],
    ids=repr,
)
def test_array_likes_become_float64(value: Any) -> None:
    array = real_array(value, "x")
    assert type(array) is np.ndarray
    assert array.dtype == np.float64
    assert array.tolist() == [1, 2]


def test_booleans_and_large_integers() -> None:
    assert real_array([True, False], "x").tolist() == [1.0, 0.0]
    assert real_array(np.array([255, 1], "uint8"), "x").sum() == 256
    assert real_array([2**70, 1], "x").tolist() == [2.0**70, 1.0]
    with pytest.raises(ValueError, match=r"x holds an integer too large for float64"):
        real_array([10**400], "x")


def test_foreign_byte_order_becomes_native() -> None:
    for dtype in (">f4", ">f8", "<f4", "<f8"):
        array = real_array(np.array([1, 2], dtype), "x")
        assert array.dtype.isnative
        assert array.dtype == np.dtype(dtype).newbyteorder("=")
        assert array.tolist() == [1, 2]
    assert real_array(np.array([1, 2], ">i4"), "x").dtype == np.float64


def test_subclasses_become_plain_arrays() -> None:
    x = np.arange(3.0).view(np.recarray)
    assert type(real_array(x, "x")) is np.ndarray
    assert type(real_array(pd.DataFrame({"a": [1.0]}), "x")) is np.ndarray


@pytest.mark.parametrize(
    "value",
    [
        "12",
        b"12",
        None,
        1j,
        ["1", "2"],
        [1, "2"],
        [1, None],
        [1, 1j],
        [1, np.timedelta64(1, "s")],
        [Decimal(1)],
        {1.0, 2.0},
        {"a": 1.0},
        object(),
        (x for x in [1.0]),
        np.array([1j]),
        np.array([1], "M8[D]"),
        np.array([1], "m8[D]"),
        np.array([(1, 2.0)], "i4,f8"),
        np.array([[1.0], [1.0, 2.0], None], object),
        np.array(["1"], np.dtypes.StringDType()),
        sparse.eye_array(2),
        pd.Series(["a"]),
        pd.Series([True, None], dtype="boolean"),
        pd.Series(["a"], dtype="category"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_not_real_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^x must hold real numbers"):
        real_array(value, "x")


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: [m, m], lambda m: ([m],)])
def test_masked_arrays_are_refused_wherever_they_hide(wrap: Any) -> None:
    for masked in (np.ma.array([1.0, 2.0], mask=[False, True]), np.ma.array([1.0]), np.ma.masked):
        with pytest.raises(TypeError, match=r"^x must not be a masked array"):
            real_array(wrap(masked), "x")


def test_a_list_that_holds_itself_is_a_type_error() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TypeError, match=r"^x must hold real numbers: maximum recursion depth"):
        real_array(endless, "x")


def test_an_array_that_cannot_be_read_is_a_type_error() -> None:
    class Awkward:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            raise RuntimeError("on another device")

    with pytest.raises(TypeError, match=r"^x must hold real numbers: on another device"):
        real_array(Awkward(), "x")


def test_nested_sequences_must_be_regular() -> None:
    with pytest.raises(ValueError, match=r"^x must be a regular array"):
        real_array([[1, 2], [3]], "x")


@pytest.mark.parametrize(
    "value", [[], [[]], (), np.zeros((3, 0)), np.zeros(0, "int8"), pd.Series()]
)
def test_empty_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^x must not be empty, got shape \("):
        real_array(value, "x")


def test_dimensions() -> None:
    x = np.zeros((2, 3))
    assert real_array(x, "x", ndim=2) is x
    assert real_array(x, "x", ndim=(1, 2)) is x
    assert real_array(x, "x", min_ndim=2) is x
    with pytest.raises(ValueError, match=r"^x must be 1-D, got 2-D with shape \(2, 3\)"):
        real_array(x, "x", ndim=1)
    with pytest.raises(ValueError, match=r"^x must be 1-D or 3-D, got a scalar"):
        real_array(1.0, "x", ndim=(1, 3))
    with pytest.raises(ValueError, match=r"^x must be at least 3-D, got 2-D"):
        real_array(x, "x", min_ndim=3)


def test_finite() -> None:
    assert real_array([1.0], "x", finite=True).tolist() == [1.0]
    for value in (math.nan, math.inf, -math.inf):
        assert str(real_array([1.0, value], "x")[1]) == str(value)
        with pytest.raises(ValueError, match=f"^x must be finite, got {value}"):
            real_array([1.0, value], "x", finite=True)


def test_pairs_of_arrays() -> None:
    single, double = np.zeros((2, 3), "float32"), np.zeros((2, 3))
    assert [a.dtype for a in checks.common_dtype(single, single)] == [np.float32] * 2
    assert [a.dtype for a in checks.common_dtype(single, double)] == [np.float64] * 2
    assert checks.common_dtype(single, double)[1] is double
    checks.same_shape(single, double, "a", "b")
    with pytest.raises(ValueError, match=r"^a and b must have the same shape, got .* and \(3, 2\)"):
        checks.same_shape(single, double.T, "a", "b")
    checks.same_length(single, double, "a", "b")
    with pytest.raises(ValueError, match=r"^a and b must have the same length, got 2 and 3"):
        checks.same_length(single, double.T, "a", "b")


def test_everywhere_looks_at_every_piece() -> None:
    x = np.zeros((257, 521))
    for view in (x, x.T, x[::-1, ::2], np.asfortranarray(x)):
        assert checks.everywhere(lambda v: v == 0, view)
    for place in ((0, 0), (128, 7), (256, 520)):
        x[place] = 1
        assert not checks.everywhere(lambda v: v == 0, x)
        x[place] = 0
    assert checks.everywhere(lambda v: v == 0, np.float64(0) + np.zeros(()))


def test_scalar_or_array() -> None:
    for scalar in (np.float32(0.5), np.array(0.5), 0.5):
        assert type(checks.scalar_or_array(scalar)) is float
        assert checks.scalar_or_array(scalar) == 0.5
    x = np.zeros(1)
    assert checks.scalar_or_array(x) is x


def test_quiet_hides_warnings_and_keeps_the_name() -> None:
    @checks.quiet
    def divide(x: Any) -> Any:
        """Divide by zero."""
        return x / np.zeros(2)

    with np.errstate(all="raise"):
        assert str(divide(np.ones(2))[0]) == "inf"
    assert divide.__name__ == "divide"
    assert divide.__doc__ == "Divide by zero."


# Integers and numbers


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3), np.array(3)])
def test_integers(value: Any) -> None:
    assert type(checks.integer(value, "k", 1)) is int
    assert checks.integer(value, "k", 3, 3) == 3
    assert checks.pair(value, "k", 1) == (3, 3)


@pytest.mark.parametrize(
    "value", [3.0, "3", None, True, np.True_, np.float64(3), [3.0], Fraction(3), 3j, np.array([3])]
)
def test_what_is_not_an_integer(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^k must be an integer, got"):
        checks.integer(value, "k", 1)


def test_integers_in_range() -> None:
    with pytest.raises(ValueError, match=r"^k must be at least 1, got 0"):
        checks.integer(0, "k", 1)
    for value in (0, 5, -(10**30)):
        with pytest.raises(ValueError, match=f"^k must be from 1 to 4, got {value}"):
            checks.integer(value, "k", 1, 4)
    with pytest.raises(ValueError, match=f"^k must be from 1 to {sys.maxsize}, got {10**30}"):
        checks.integer(10**30, "k", 1)  # no index can be as large


def test_pairs() -> None:
    assert checks.pair((2, 3), "stride", 1) == (2, 3)
    assert checks.pair([np.int64(2), 3], "stride", 1) == (2, 3)
    wrong: list[Any] = [(1, 2, 3), (1,), []]
    for value in wrong:
        with pytest.raises(ValueError, match=r"^stride must be an integer or two integers, got"):
            checks.pair(value, "stride", 1)
    with pytest.raises(ValueError, match=r"^stride\[1\] must be at least 1, got 0"):
        checks.pair((1, 0), "stride", 1)
    with pytest.raises(TypeError, match=r"^stride must be an integer or two integers, got array"):
        checks.pair(np.array([1, 2]), "stride", 1)
    with pytest.raises(TypeError, match=r"^stride\[0\] must be an integer"):
        checks.pair((1.5, 1), "stride", 1)


def test_booleans() -> None:
    assert checks.boolean(np.True_, "average") is True
    assert checks.boolean(False, "average") is False
    for value in (1, 0.0, "yes", None):
        with pytest.raises(TypeError, match=r"^average must be True or False, got"):
            checks.boolean(value, "average")


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), Fraction(2), np.array(2.0)])
def test_numbers(value: Any) -> None:
    assert type(checks.number(value, "delta")) is float
    assert checks.number(value, "delta", positive=True, low=2, high=2) == 2


@pytest.mark.parametrize(
    "value",
    [
        "2",
        None,
        True,
        np.False_,
        2j,
        np.complex64(2),
        [2],
        np.array([2.0]),
        Decimal(2),
        np.ma.masked,
        np.timedelta64(2, "s"),  # to NumPy an integer
    ],
)
def test_what_is_not_a_number(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^delta must be a real number, got"):
        checks.number(value, "delta")


def test_numbers_in_range() -> None:
    for value in (math.nan, math.inf, -math.inf, 10**400, Fraction(10**400, 3)):
        with pytest.raises(ValueError, match=r"^delta must be finite, got"):
            checks.number(value, "delta")
    for value in (0, -1.5, -0.0):
        with pytest.raises(ValueError, match=r"^delta must be positive, got"):
            checks.number(value, "delta", positive=True)
    with pytest.raises(TypeError, match=r"^q must be a real number"):
        checks.number(np.ma.array(1.0), "q")
    assert checks.number(0, "q", low=0, high=1) == 0
    assert checks.number(1, "q", low=0, high=1) == 1
    for value in (-0.1, 1.1):
        with pytest.raises(ValueError, match=r"^q must lie in \[0, 1\], got"):
            checks.number(value, "q", low=0, high=1)
    for value in (0, 1):
        with pytest.raises(ValueError, match=r"^q must lie in \(0, 1\), got"):
            checks.number(value, "q", low=0, high=1, inclusive=False)
    assert checks.number(0.5, "q", low=0, high=1, inclusive=False) == 0.5
    with pytest.raises(ValueError, match=r"^q must lie in \[0, inf\), got -1 \(int\)"):
        checks.number(-1, "q", low=0)
    with pytest.raises(ValueError, match=r"^q must lie in \(-inf, 1\], got 2"):
        checks.number(2, "q", high=1)
    single = np.zeros(1, np.float32)
    assert checks.number(3e38, "alpha", like=single) == 3e38
    with pytest.raises(ValueError, match=r"^alpha must be finite in float32, got 1e\+39 \(float\)"):
        checks.number(1e39, "alpha", like=single)


# Labels


def test_binary_labels() -> None:
    for labels in ([0, 1, 1], [-1, 1, 1], [False, True, True], np.array([0, 1, 1], "uint8")):
        assert checks.binary_labels(labels, "y").tolist() == [False, True, True]
    assert checks.binary_labels([1, 1], "y").tolist() == [True, True]
    for bad in ([0, -1, 1], [0, 2], [0.5, 1], [0, math.nan]):
        with pytest.raises(ValueError, match=r"^y must hold labels in \{0, 1\} or \{-1, \+1\}"):
            checks.binary_labels(bad, "y")
    for value in (0, 1, -1):
        with pytest.raises(ValueError, match=f"^y must hold both classes, got only {value}"):
            checks.binary_labels([value, value], "y", both=True)
    with pytest.raises(ValueError, match=r"^y must be 1-D"):
        checks.binary_labels([[0, 1]], "y")


def test_a_message_shows_five_labels_at_most_the_wrong_ones_first() -> None:
    with pytest.raises(ValueError, match=r"got 2, 3, 4, 5, 6, \.\.\. among 7 distinct values$"):
        checks.binary_labels(range(1, 8), "y")
    with pytest.raises(ValueError, match=r"got 10 among 11 distinct values$"):
        checks.class_labels(range(11), "y", 10)
    with pytest.raises(ValueError, match=r"got 0\.5 among 7 distinct values$"):
        checks.class_labels([0, 1, 2, 3, 4, 5, 0.5], "y")
    with pytest.raises(ValueError, match=r"got -3 among 7 distinct values$"):
        checks.paired_labels(range(6), [-3] * 6, "a", "b")
    with pytest.raises(ValueError, match=r"got 1, 2, 3, 4, 5$"):
        checks.binary_labels(range(1, 6), "y")


def test_a_message_shows_every_digit() -> None:
    with pytest.raises(ValueError, match=r"got 1, 1\.0000001$"):
        checks.signed_labels([1, 1.0000001], "y")
    with pytest.raises(ValueError, match=r"got 0, 0\.1$"):
        checks.zero_one_labels(np.array([0, 0.1], np.float32), "y")


def test_paired_labels() -> None:
    for a, b in (([0, 1], [1, 1]), ([-1, 1], [1, 1]), ([False, True], [1, 1])):
        first, second, n = checks.paired_labels(a, b, "a", "b")
        assert (first.tolist(), second.tolist(), n) == ([0, 1], [1, 1], 2)
    assert checks.paired_labels([0], [0], "a", "b")[2] == 2
    assert checks.paired_labels([0, 1], [1, 1], "a", "b", two_classes=True)[2] == 2
    first, second, n = checks.paired_labels([0, 2], [2, 1], "a", "b")
    assert (first.tolist(), second.tolist(), n) == ([0, 2], [2, 1], 3)
    first, second, n = checks.paired_labels([7, 2], [2, 4], "a", "b")
    assert (first.tolist(), second.tolist(), n) == ([2, 0], [0, 1], 3)
    for bad in ([-1, 0], [0.5, 1], [-2, 3], [2**53, 2**53 + 1]):  # the last are one float
        with pytest.raises(ValueError, match=r"^a and b must both hold .* or both class indices"):
            checks.paired_labels(bad, [1, 1], "a", "b")
    with pytest.raises(ValueError, match=r"^a and b must both hold .* or both in \{-1, \+1\}, got"):
        checks.paired_labels([1, 2], [1, 1], "a", "b", two_classes=True)
    with pytest.raises(ValueError, match=r"^a and b must have the same length"):
        checks.paired_labels([1, 2], [1], "a", "b")
    with pytest.raises(ValueError, match=r"^b must be finite, got nan"):
        checks.paired_labels([1], [math.nan], "a", "b")
    with pytest.raises(ValueError, match=r"^a must be 1-D, got 2-D"):
        checks.paired_labels([[0, 1]], [[1, 1]], "a", "b")


def test_signed_and_zero_one_labels() -> None:
    assert checks.signed_labels([1, -1], "y").tolist() == [1.0, -1.0]
    assert checks.signed_labels([[1], [-1]], "y", ndim=None).shape == (2, 1)
    assert checks.zero_one_labels([[True], [False]], "y").tolist() == [[1.0], [0.0]]
    assert checks.zero_one_labels(1, "y").shape == ()
    for value in (0, 2, math.nan, math.inf, -1.5):
        with pytest.raises(ValueError, match=r"^y must hold labels in \{-1, \+1\}, got"):
            checks.signed_labels([value, 1.0], "y")
    for value in (-1, 2, math.nan, math.inf, 0.5):
        with pytest.raises(ValueError, match=r"^y must hold labels in \{0, 1\}, got"):
            checks.zero_one_labels([value, 1.0], "y")
    with pytest.raises(ValueError, match=r"^y must be 1-D"):
        checks.signed_labels([[1], [-1]], "y")
    with pytest.raises(ValueError, match=r"^y must be 1-D"):
        checks.zero_one_labels([[1], [0]], "y", ndim=1)


def test_class_labels() -> None:
    labels = checks.class_labels([2.0, 0], "y", 3)
    assert labels.dtype == np.int64
    assert labels.tolist() == [2, 0]
    assert checks.class_labels([2**53 - 1], "y").tolist() == [2**53 - 1]
    for large in ([2**53 + 1], np.array([2**53 + 1])):  # as a float it is 2**53
        with pytest.raises(ValueError, match=r"^y must hold classes 0 to 9007199254740991, got 90"):
            checks.class_labels(large, "y")
    for bad in ([3, 0], [-1, 0], np.array([3, 0]), np.array([0, -1])):
        with pytest.raises(ValueError, match=r"^y must hold classes 0 to 2, got"):
            checks.class_labels(bad, "y", 3)
    for empty in (np.zeros(0), np.zeros(0, int)):
        with pytest.raises(ValueError, match=r"^y must not be empty, got shape \(0,\)"):
            checks.class_labels(empty, "y")
    with pytest.raises(ValueError, match=r"^y must be 1-D, got 2-D"):
        checks.class_labels(np.zeros((1, 1), int), "y")
    indices = np.array([2, 0])
    assert checks.class_labels(indices, "y", 3) is indices  # nothing is copied that need not be
    for other in (indices.astype(np.int32), indices.astype(">i8"), indices.astype(np.float32)):
        assert checks.class_labels(other, "y", 3).dtype == np.int64
        assert checks.class_labels(other, "y", 3).tolist() == [2, 0]
    with np.errstate(all="raise"):  # a cast to integers would warn
        for huge in (2.0**63, 1e300):
            with pytest.raises(ValueError, match=r"^y must hold classes 0 to 9007199254740991"):
                checks.class_labels([huge], "y")
        for value in (0.5, math.nan, math.inf):
            with pytest.raises(ValueError, match=r"^y must hold whole numbers, got"):
                checks.class_labels([value, 0], "y")


# Messages


def test_a_long_value_is_cut_short() -> None:
    with pytest.raises(TypeError) as caught:
        checks.integer("x" * 100, "k", 1)
    assert str(caught.value) == f"k must be an integer, got '{'x' * 36}... (str)"
    with pytest.raises(TypeError, match=rf"got '{'x' * 38}' \(str\)$"):
        checks.integer("x" * 38, "k", 1)
    with pytest.raises(TypeError, match=rf"got '{'x' * 36}\.\.\. \(str\)$"):
        checks.integer("x" * 39, "k", 1)


def test_the_words_of_an_option() -> None:
    assert checks.names(("tanh", "none")) == "'tanh' or 'none'"
