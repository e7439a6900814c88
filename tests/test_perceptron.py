import importlib.util
import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlfund import (
    MLP,
    Perceptron,
    geometric_margin,
    mistake_bound,
    numerical_gradient,
    relative_error,
    two_layer_xor,
)
from tests import references
from tests.strategies import labelled_points

NAN, INF = math.nan, math.inf
CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]
XOR = [-1, 1, 1, -1]


def lab_points() -> tuple[Any, Any]:
    rng = np.random.RandomState(42)  # the stream of np.random.seed(42)
    X = np.vstack([rng.randn(50, 2) + 2, rng.randn(50, 2) - 2])
    return X, np.repeat([1, -1], 50)


def separable(n: int, d: int, gap: float, seed: int = 0) -> tuple[Any, Any, Any]:
    """Points at least `gap` from a plane through the origin, their labels, and its normal."""
    rng = np.random.default_rng(seed)
    X, w = rng.standard_normal((n, d)), rng.standard_normal(d)
    w /= np.linalg.norm(w)
    y = np.where(X @ w >= 0, 1, -1)
    return X + gap * y[:, np.newaxis] * w, y, w


# The lab


def test_lab_two_points() -> None:
    unit = Perceptron(2)
    assert unit.fit([[1, 1], [-1, -1]], [1, -1]) == [1, 0]
    # The first point is right at zero weights, for 0 counts as +1.
    assert unit.weights.tolist() == [0 - 1 * -1, 0 - 1 * -1]
    assert unit.bias == 0 - 1


def test_lab_clusters() -> None:
    X, y = lab_points()
    unit = Perceptron(2, lr=0.1)
    assert unit.fit(X, y) == [1, 0]
    assert (unit.predict(X) == y).all()
    assert unit.weights.round(4).tolist() == [0.3415, 0.2421]
    assert unit.bias == -0.1


def test_lab_xor_defeats_one_unit_and_not_two_layers() -> None:
    unit = Perceptron(2, lr=0.1)
    mistakes = unit.fit(CORNERS, XOR, n_epochs=200)
    assert len(mistakes) == 200
    assert min(mistakes) > 0
    assert (unit.predict(CORNERS) != XOR).any()
    assert two_layer_xor(CORNERS).tolist() == XOR


# The unit


def test_unit_starts_at_zero() -> None:
    unit = Perceptron(3, lr=0.5)
    assert unit.weights.tolist() == [0, 0, 0]
    assert unit.weights.dtype == np.float64
    assert (unit.bias, unit.lr) == (0.0, 0.5)
    assert Perceptron(3).lr == 1.0


def test_decision_is_the_pre_activation() -> None:
    unit = Perceptron(3)
    unit.weights, unit.bias = np.array([1.0, -2.0, 3.0]), 0.5
    one = unit.decision_function([4, 5, 6])
    assert type(one) is float
    assert one == 1 * 4 - 2 * 5 + 3 * 6 + 0.5
    many = unit.decision_function([[4, 5, 6], [1, 1, 1]])
    assert many.dtype == np.float64
    assert many.tolist() == [one, 1 - 2 + 3 + 0.5]


def test_prediction_on_the_boundary_is_plus_one() -> None:
    unit = Perceptron(1)
    unit.weights, unit.bias = np.array([1.0]), -2.0
    actual = unit.predict([[1], [2], [3]])
    assert actual.dtype == np.int64
    assert actual.tolist() == [-1, 1, 1]
    assert [unit.predict([x]) for x in (1, 2, 3)] == [-1, 1, 1]
    assert type(unit.predict([1])) is int


def test_weights_may_be_a_list() -> None:
    unit = Perceptron(2)
    unit.weights, unit.bias = [1, 1], -1.5  # type: ignore[assignment]  # lists, as a reader may set them
    assert unit.predict(CORNERS).tolist() == [-1, -1, -1, 1]
    assert unit.fit(CORNERS, [-1, -1, -1, 1]) == [0]


# The rule


@given(labelled_points(), st.sampled_from([1.0, 0.1, 3.7]), st.integers(1, 7))
def test_fit_is_the_sequential_rule_to_the_bit(
    case: tuple[Any, Any], lr: float, n_epochs: int
) -> None:
    X, y = case
    expected, weights, bias, mean_weights, mean_bias = references.perceptron(X, y, lr, n_epochs)
    unit = Perceptron(X.shape[1], lr)
    assert unit.fit(X, y, n_epochs) == expected
    assert unit.weights.tolist() == weights.tolist()
    assert unit.bias == bias
    assert type(unit.bias) is float

    averaged = Perceptron(X.shape[1], lr)
    assert averaged.fit(X, y, n_epochs, average=True) == expected
    scale = 1 + np.abs(X).max() * lr * len(X) * n_epochs
    np.testing.assert_allclose(averaged.weights, mean_weights, rtol=1e-12, atol=1e-12 * scale)
    assert mean_bias == pytest.approx(averaged.bias, rel=1e-12, abs=1e-12 * scale)


def exotic() -> dict[str, tuple[Any, Any]]:
    """Data on which skipping could go wrong."""
    rng = np.random.default_rng(0)
    X, y, _ = separable(20_011, 5, 0.02)
    late = X.copy()
    late[19_997] *= -1  # one sample on the wrong side, near the end
    ints = rng.integers(-1, 2, (4001, 3)).astype(float)  # most margins are exactly 0 at some time
    near = rng.standard_normal((3001, 7))
    near -= np.outer(near @ np.ones(7) / 7, np.ones(7))  # on the plane but for rounding
    wide = rng.standard_normal((2003, 3)) * 10.0 ** rng.integers(-150, 150, (2003, 3))
    huge = rng.choice([-1.7e308, 1.7e308, 1.0], (503, 3))
    overflowing = 1.7e308 * y[:, np.newaxis] * [1, 1]
    tiny = rng.standard_normal((2003, 3)) * 1e-310
    return {
        "separable": (X, y),
        "positives first": (X[np.argsort(-y)], np.sort(y)[::-1].copy()),
        "one mistake late": (late, y),
        "whole numbers": (ints, np.where(ints @ [1, -1, 1] >= 0, 1, -1)),
        "on the boundary": (near, np.where(near[:, 0] > 0, 1, -1)),
        "on the boundary, in one class": (near, np.ones(3001, int)),
        "noise": (X[:5003], rng.choice([-1, 1], 5003)),
        "wide": (wide, rng.choice([-1, 1], 2003, p=[0.01, 0.99])),
        "huge": (huge, rng.choice([-1, 1], 503, p=[0.05, 0.95])),
        "overflowing": (overflowing, y),
        "tiny": (tiny, np.where(tiny[:, 0] > 0, 1, -1)),
        "zeros": (np.zeros((1009, 2)), np.repeat([1, -1], [1000, 9])),
        "one feature": (X[:, :1], np.where(X[:, 0] > 0.1, 1, -1)),
    }


@pytest.mark.parametrize("name", exotic())
def test_blocks_change_nothing(name: str) -> None:
    X, y = exotic()[name]
    with np.errstate(all="ignore"):
        expected, weights, bias, mean_weights, _ = references.perceptron(X, y, 0.3, 5)
    unit, averaged = Perceptron(X.shape[1], 0.3), Perceptron(X.shape[1], 0.3)
    assert unit.fit(X, y, 5) == expected
    assert np.array_equal(weights, unit.weights, equal_nan=True)
    assert np.array_equal(bias, unit.bias, equal_nan=True)
    averaged.fit(X, y, 5, average=True)
    if np.isfinite(mean_weights).all() and name != "wide":
        np.testing.assert_allclose(averaged.weights, mean_weights, rtol=1e-9)


def test_a_block_that_rounds_otherwise_does_not_decide() -> None:
    # Margins of 0 up to rounding: the dot product of one sample and the product of a block
    # disagree about the sign of some, and it is the former that counts.
    rng = np.random.default_rng(0)
    w = rng.standard_normal(23)
    X = rng.standard_normal((9973, 23))
    X -= np.outer(X @ w / (w @ w), w)
    one_by_one = np.array([x @ w for x in X]) >= 0
    assert (one_by_one != (X @ w >= 0)).any()
    unit = Perceptron(23)
    unit.weights = w
    assert unit.fit(X, np.where(one_by_one, 1, -1)) == [0]
    assert unit.weights.tolist() == w.tolist()
    # What the block calls right and the dot product wrong is a mistake.
    assert unit.fit(X, np.where(X @ w >= 0, 1, -1), n_epochs=1)[0] > 0


def test_training_goes_on_where_it_stopped() -> None:
    X, y, _ = separable(499, 3, 0.01)
    once, twice = Perceptron(3), Perceptron(3)
    mistakes = once.fit(X, y, 7)
    assert twice.fit(X, y, 3) + twice.fit(X, y, 4) == mistakes
    assert twice.weights.tolist() == once.weights.tolist()
    assert twice.bias == once.bias


def test_training_leaves_old_weights_alone() -> None:
    unit = Perceptron(2)
    before = unit.weights
    unit.fit([[1, 1], [-1, -1]], [1, -1])
    assert before.tolist() == [0, 0]
    assert unit.weights.flags.owndata


def test_learning_rate_scales_the_solution_alone() -> None:
    X, y, _ = separable(499, 3, 0.05)
    one, four = Perceptron(3), Perceptron(3, lr=4)
    assert one.fit(X, y) == four.fit(X, y)
    assert (4 * one.weights).tolist() == four.weights.tolist()
    assert 4 * one.bias == four.bias


def test_training_stops_after_the_first_clean_epoch() -> None:
    X, y, _ = separable(499, 3, 0.05)
    mistakes = Perceptron(3).fit(X, y)
    assert mistakes[-1] == 0
    assert min(mistakes[:-1]) > 0
    assert Perceptron(3).fit(X, y, n_epochs=1) == mistakes[:1]
    assert len(Perceptron(2).fit(CORNERS, XOR)) == 100


def test_mean_of_the_weights_forgets_the_order() -> None:
    rng = np.random.default_rng(0)
    X = np.vstack([rng.standard_normal((500, 2)) + 1, rng.standard_normal((500, 2)) - 1])
    y = np.repeat([1, -1], 500)
    right: dict[bool, list[float]] = {False: [], True: []}
    for seed, average in itertools.product(range(13), right):
        order = np.random.default_rng(seed).permutation(1000)
        unit = Perceptron(2)
        unit.fit(X[order], y[order], 10, average=average)
        right[average].append(float(np.mean(unit.predict(X) == y)))
    assert min(right[True]) > np.mean(right[False])
    assert np.std(right[True]) < np.std(right[False]) / 5


def test_a_mean_that_fits_does_not_overflow_on_the_way() -> None:
    # 0 for one step, -1.7e308 for the other five: their sum does not fit.
    unit = Perceptron(1)
    assert unit.fit([[0.0], [1.7e308]], [1, -1], average=True) == [1, 1, 0]
    assert unit.weights.tolist() == pytest.approx([-1.7e308 * (5 / 6)], rel=1e-15)
    assert unit.bias == pytest.approx((0 - 1 + 0 + 0 + 0 + 0) / 6, rel=1e-15)
    steep = Perceptron(1, lr=1.7e308)
    assert steep.fit([[0], [1]], [1, -1], average=True) == [1, 1, 0]
    assert steep.weights.tolist() == pytest.approx([-1.7e308 * (5 / 6)], rel=1e-15)


def test_average_goes_on_from_the_weights_there_are() -> None:
    unit = Perceptron(1)
    unit.weights = np.array([-1.0])
    assert unit.fit([[1], [-1]], [1, -1], average=True) == [2, 0]
    assert unit.weights.tolist() == [(0 + 1 + 1 + 1) / 4]  # the -1 survived no step
    assert unit.bias == (1 + 0 + 0 + 0) / 4
    assert unit.fit([[1], [-1]], [1, -1], average=True) == [0]
    assert unit.weights.tolist() == [3 / 4]
    assert unit.bias == 1 / 4


@pytest.mark.parametrize(
    ("X", "y"),
    [
        ([(1, 1), (-1, -1)], (1, -1)),
        (np.array([[1, 1], [-1, -1]], np.float32), np.array([1, -1], np.int8)),
        (np.asfortranarray([[1.0, 1.0], [-1.0, -1.0]]), [1.0, -1.0]),
        (np.repeat([[1.0, 1.0], [-1.0, -1.0]], 2, axis=1)[:, ::2], np.array([1, 9, -1, 9])[::2]),
        (pd.DataFrame({"a": [1, -1], "b": [1, -1]}), pd.Series([1, -1])),
        (np.array([[1, 1], [-1, -1]], ">f8"), [1, -1]),
    ],
)
def test_samples_of_many_kinds(X: Any, y: Any) -> None:
    unit = Perceptron(2)
    assert unit.fit(X, y) == [1, 0]
    assert unit.weights.tolist() == [1, 1]
    assert unit.predict(X).tolist() == [1, -1]


def test_read_only_samples_are_read_only() -> None:
    X, y = lab_points()
    X.flags.writeable = y.flags.writeable = False
    assert Perceptron(2, 0.1).fit(X, y) == [1, 0]


# What the unit refuses


@pytest.mark.parametrize("n", [0, -1])
def test_number_of_features(n: int) -> None:
    with pytest.raises(ValueError, match=f"n_features must be at least 1, got {n}"):
        Perceptron(n)


@pytest.mark.parametrize("n", [2.0, "2", None, True, [2]])
def test_number_of_features_is_an_integer(n: Any) -> None:
    with pytest.raises(TypeError, match="n_features must be an integer"):
        Perceptron(n)


@pytest.mark.parametrize("lr", [0, -1, NAN, INF, -INF, 0.0])
def test_learning_rate_is_positive_and_finite(lr: float) -> None:
    with pytest.raises(ValueError, match="lr must be"):
        Perceptron(2, lr)
    with pytest.raises(ValueError, match="lr must be"):
        MLP([2, 1]).fit(CORNERS, XOR, lr=lr, n_epochs=1)


@pytest.mark.parametrize("lr", ["1", None, 1j, True, [1.0]])
def test_learning_rate_is_a_number(lr: Any) -> None:
    with pytest.raises(TypeError, match="lr must be a real number"):
        Perceptron(2, lr)


BAD_SAMPLES: list[tuple[Any, str]] = [
    ([[1, 2, 3]], r"X must have 2 features, got shape \(1, 3\)"),
    ([[1], [2]], r"X must have 2 features, got shape \(2, 1\)"),
    ([[1, NAN]], "X must be finite, got nan"),
    ([[1, -INF]], "X must be finite, got -inf"),
    (np.ones((2, 2, 2)), r"X must be .*2-D, got 3-D with shape \(2, 2, 2\)"),
    (np.ones((0, 2)), "X must not be empty"),
    (1.0, "X must be .*2-D, got a scalar"),
    ([[1, 2], [3]], "X must be a regular array"),
]


@pytest.mark.parametrize(("X", "message"), BAD_SAMPLES)
def test_bad_samples(X: Any, message: str) -> None:
    y = np.ones(np.shape(X)[0] if isinstance(X, np.ndarray) and len(X) else 1)
    for call in (
        lambda: Perceptron(2).decision_function(X),
        lambda: Perceptron(2).predict(X),
        lambda: Perceptron(2).fit(X, y),
        lambda: two_layer_xor(X),
        lambda: geometric_margin(X, y, [1, 1], 0),
        lambda: mistake_bound(X, y, [1, 1], 0),
        lambda: MLP([2, 1]).predict(X),
        lambda: MLP([2, 1]).predict_proba(X),
        lambda: MLP([2, 1]).fit(X, y, 0.1, 1),
        lambda: MLP([2, 1]).loss(X, y),
        lambda: MLP([2, 1]).gradients(X, y),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("X", [[[1j, 1]], [["a", "b"]], np.ma.array([[1.0, 2.0]]), None, "ab"])
def test_samples_that_are_no_numbers(X: Any) -> None:
    for call in (
        lambda: Perceptron(2).predict(X),
        lambda: Perceptron(2).fit(X, [1]),
        lambda: two_layer_xor(X),
        lambda: geometric_margin(X, [1], [1, 1], 0),
        lambda: mistake_bound(X, [1], [1, 1], 0),
        lambda: MLP([2, 1]).predict(X),
        lambda: MLP([2, 1]).fit(X, [1], 0.1, 1),
    ):
        with pytest.raises(TypeError, match="X must"):
            call()


@pytest.mark.parametrize("one", [[1, 1], (1, 1)])
def test_training_takes_many_samples(one: Any) -> None:
    with pytest.raises(ValueError, match=r"X must be 2-D, got 1-D with shape \(2,\)"):
        Perceptron(2).fit(one, 1)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 1], r"y must hold labels in \{-1, \+1\}, got 0, 1"),
        ([1, 2], r"y must hold labels in \{-1, \+1\}, got 1, 2"),
        ([1, NAN], r"y must hold labels in \{-1, \+1\}"),
        ([1], "X and y must have the same length, got 2 and 1"),
        ([[1], [-1]], r"y must be 1-D, got 2-D with shape \(2, 1\)"),
        (1, "y must be 1-D, got a scalar"),
        ([], "y must not be empty"),
    ],
)
def test_bad_labels(y: Any, message: str) -> None:
    X = [[1, 1], [-1, -1]]
    for call in (
        lambda: Perceptron(2).fit(X, y),
        lambda: geometric_margin(X, y, [1, 1], 0),
        lambda: mistake_bound(X, y, [1, 1], 0),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("y", [["a", "b"], [1j, 1], np.ma.array([1, -1]), [None, 1]])
def test_labels_that_are_no_numbers(y: Any) -> None:
    with pytest.raises(TypeError, match="y must"):
        Perceptron(2).fit([[1, 1], [-1, -1]], y)


def test_number_of_epochs() -> None:
    with pytest.raises(ValueError, match="n_epochs must be at least 1, got 0"):
        Perceptron(2).fit(CORNERS, XOR, n_epochs=0)
    with pytest.raises(TypeError, match="n_epochs must be an integer"):
        Perceptron(2).fit(CORNERS, XOR, n_epochs=1.0)  # type: ignore[arg-type]  # a float, to be refused
    with pytest.raises(ValueError, match="n_epochs must be at least 1, got -1"):
        MLP([2, 1]).fit(CORNERS, XOR, 0.1, n_epochs=-1)


@pytest.mark.parametrize("average", [1, "yes", None, 0.0])
def test_average_is_true_or_false(average: Any) -> None:
    with pytest.raises(TypeError, match="average must be True or False"):
        Perceptron(2).fit(CORNERS, XOR, average=average)


def test_refused_training_changes_nothing() -> None:
    unit = Perceptron(2)
    unit.fit([[1, 1], [-1, -1]], [1, -1])
    with pytest.raises(ValueError, match="finite"):
        unit.fit([[-5.0, -5.0], [NAN, 1.0]], [1, 1])
    assert (unit.weights.tolist(), unit.bias) == ([1, 1], -1)


# Margin and bound


def test_margin_by_hand() -> None:
    # 3x + 4y = 5 is 1 from the origin, and (3, 4) is (9 + 16 - 5) / 5 = 4 beyond it.
    X, y = [[0, 0], [3, 4]], [-1, 1]
    assert geometric_margin(X, y, [3, 4], -5) == pytest.approx(5 / 5, rel=1e-15)
    assert geometric_margin([[3, 4]], [1], [3, 4], -5) == pytest.approx((9 + 16 - 5) / 5, rel=1e-15)
    assert geometric_margin(X, [1, 1], [3, 4], -5) == pytest.approx(-1, rel=1e-15)
    assert type(geometric_margin(X, y, [3, 4], -5)) is float


@given(labelled_points(), st.floats(1e-3, 1e3))
def test_margin_is_a_length(case: tuple[Any, Any], factor: float) -> None:
    X, y = case
    w, b = np.arange(1.0, X.shape[1] + 1), 0.5
    margin = geometric_margin(X, y, w, b)
    expected = min(label * (x @ w + b) for x, label in zip(X, y, strict=True)) / np.linalg.norm(w)
    scale = 1 + np.abs(X).max()
    assert expected == pytest.approx(margin, rel=1e-9, abs=1e-12 * scale)
    # Neither the length of w nor where the origin lies changes a distance.
    assert margin == pytest.approx(geometric_margin(X, y, factor * w, factor * b), abs=1e-9 * scale)
    moved = geometric_margin(X + 7, y, w, b - 7 * w.sum())
    assert margin == pytest.approx(moved, abs=1e-9 * scale)


def test_margin_survives_huge_and_tiny_weights() -> None:
    for scale in (1e-300, 1e300):
        actual = geometric_margin([[0, 0], [3, 4]], [-1, 1], [3 * scale, 4 * scale], -5 * scale)
        assert actual == pytest.approx(1, rel=1e-14)


def test_the_scale_of_a_boundary_does_not_matter_however_large() -> None:
    X, y, w = [[1.0, 1.0]], [1], [1.3e308, 1.3e308]
    assert geometric_margin(X, y, w, 0) == pytest.approx(math.sqrt(2), rel=1e-15)
    assert mistake_bound(X, y, w, 0) == pytest.approx(1.5, rel=1e-15)


def test_no_margin_overflows_on_the_way() -> None:
    far = 1.7e308
    X, y, w = [[far, far, -far], [1.0, 0.0, 0.0]], [1, 1], [1, 1, 1]
    assert geometric_margin(X, y, w, 0) == pytest.approx(1 / math.sqrt(3), rel=1e-15)
    assert geometric_margin(X[:1], [1], w, 0) == pytest.approx(far / math.sqrt(3), rel=1e-15)
    assert geometric_margin([[far, far]], [1], [1, 1], 0) == INF  # it is 2.4e308
    bound = mistake_bound([[far, far], [1e300, 1e300]], [1, 1], [1, 1], 0)
    assert bound == pytest.approx((far / 1e300) ** 2, rel=1e-14)
    assert mistake_bound([[far, 0], [1.0, 0]], [1, 1], [1, 0], 0) == INF


def test_the_smallest_weights_have_a_direction() -> None:
    tiny = 5e-324
    assert geometric_margin([[1, 0]], [1], [tiny, tiny], 0) == pytest.approx(math.sqrt(0.5))
    assert geometric_margin([[0]], [1], [1e-200], 1e100) == pytest.approx(1e300, rel=1e-15)


def test_zero_weights_are_no_boundary() -> None:
    with pytest.raises(ValueError, match="weights must not be all zero"):
        geometric_margin([[1, 1]], [1], [0, 0], 1)


def test_bound_by_hand() -> None:
    X, y = [[1, 0], [-2, 0], [3, 1]], [1, -1, 1]
    # w = (1, 0), b = 0: R^2 = 9 + 1 + 1 and the smallest margin is 1 / 1.
    assert mistake_bound(X, y, [1, 0], 0) == pytest.approx((9 + 1 + 1) / 1**2, rel=1e-14)
    # b = 1/2 moves the margins to 1.5, 1.5 and 3.5, over sqrt(1 + 1/4).
    expected = (9 + 1 + 1) * (1 + 1 / 4) / 1.5**2
    assert mistake_bound(X, y, [1, 0], 0.5) == pytest.approx(expected, rel=1e-14)
    assert type(mistake_bound(X, y, [1, 0], 0)) is float


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.sampled_from([0.02, 0.1, 1.0]),
    st.sampled_from([1.0, 0.1]),
)
def test_mistakes_never_exceed_the_bound(seed: int, d: int, gap: float, lr: float) -> None:
    X, y, w = separable(97, d, gap, seed)
    bound = mistake_bound(X, y, w, 0)
    unit = Perceptron(d, lr)
    mistakes = sum(unit.fit(X, y, 1000))
    assert mistakes <= bound < INF
    assert mistakes <= mistake_bound(X, y, unit.weights, unit.bias) or not unit.weights.any()


def test_bound_can_be_reached() -> None:
    # One sample, called wrong at zero weights: R / gamma is 1, and one mistake is made.
    assert mistake_bound([[2]], [-1], [-2], -1) == pytest.approx(1, rel=1e-15)
    assert mistake_bound([[1.3, 0.9]], [-1], [-1.3, -0.9], -1) == 1  # and never less
    assert Perceptron(1).fit([[2]], [-1]) == [1, 0]


def test_bias_alone_separates_one_class() -> None:
    assert mistake_bound([[3, 4]], [-1], [0, 0], -2) == pytest.approx(9 + 16 + 1, rel=1e-14)


@pytest.mark.parametrize(("weights", "bias"), [([1, 1], -1.5), ([0, 0], 0), ([0, 0], 1)])
def test_no_bound_where_the_boundary_does_not_separate(weights: Any, bias: float) -> None:
    assert mistake_bound(CORNERS, XOR, weights, bias) == INF


def test_no_bound_where_a_sample_lies_on_the_boundary() -> None:
    assert mistake_bound([[1], [0]], [1, -1], [1], 0) == INF


@pytest.mark.parametrize("function", [geometric_margin, mistake_bound])
@pytest.mark.parametrize(
    ("weights", "bias", "error", "message"),
    [
        ([1, 1, 1], 0, ValueError, r"X must have 3 features, got shape \(1, 2\)"),
        ([[1, 1]], 0, ValueError, r"weights must be 1-D, got 2-D with shape \(1, 2\)"),
        ([1, NAN], 0, ValueError, "weights must be finite, got nan"),
        ([1, 1], INF, ValueError, "bias must be finite"),
        ([1, 1], [0.0], TypeError, "bias must be a real number"),
        ([1, 1], None, TypeError, "bias must be a real number"),
        (["a", "b"], 0, TypeError, "weights must hold real numbers"),
    ],
)
def test_boundaries_that_are_none(
    function: Any, weights: Any, bias: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        function([[1, 1]], [1], weights, bias)


# Two layers


def test_xor_of_the_plane_is_a_strip() -> None:
    sums = [0.4, 0.5, 0.6, 1.0, 1.4, 1.5, 1.6, -3.0, 7.0]
    points = [[s - 0.25, 0.25] for s in sums]
    assert two_layer_xor(points).tolist() == [1 if 0.5 <= s <= 1.5 else -1 for s in sums]
    assert two_layer_xor(points).dtype == np.int64


def test_xor_of_one_point_is_an_int() -> None:
    assert [two_layer_xor(corner) for corner in CORNERS] == XOR
    assert type(two_layer_xor([0, 1])) is int
    assert two_layer_xor(np.array(CORNERS, np.uint8)).tolist() == XOR
    assert two_layer_xor([[False, True]]).tolist() == [1]


# Many layers

ACTIVATIONS = ["tanh", "relu", "sigmoid"]
SHAPES: list[tuple[int, ...]] = [(3, 1), (3, 2), (3, 5, 1), (3, 7, 5, 4), (2, 3, 5, 7, 1)]


def net_and_data(sizes: tuple[int, ...], activation: str) -> tuple[MLP, Any, Any]:
    rng = np.random.default_rng(0)
    net = MLP(sizes, activation, seed=1)
    net.biases = [rng.standard_normal(b.shape) for b in net.biases]
    X = rng.standard_normal((11, sizes[0]))
    return net, X, rng.integers(0, max(2, sizes[-1]), 11)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", SHAPES)
def test_gradients_against_central_differences(sizes: tuple[int, ...], activation: str) -> None:
    net, X, y = net_and_data(sizes, activation)
    for parameters, gradients in zip((net.weights, net.biases), net.gradients(X, y), strict=True):
        assert len(parameters) == len(gradients) == len(sizes) - 1
        for layer, gradient in enumerate(gradients):
            kept = parameters[layer]

            def loss(value: Any, parameters: Any = parameters, layer: int = layer) -> float:
                parameters[layer] = value
                return net.loss(X, y)

            expected = numerical_gradient(loss, kept)
            parameters[layer] = kept
            assert gradient.shape == kept.shape
            assert gradient.dtype == np.float64
            assert relative_error(expected, gradient) < 1e-6


if importlib.util.find_spec("jax"):  # a peer where it is installed; the book does without
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def test_gradients_against_automatic_differentiation() -> None:
        net, X, y = net_and_data((3, 7, 5, 4), "tanh")

        def loss(parameters: Any) -> Any:
            a = X
            for layer, (w, b) in enumerate(zip(*parameters, strict=True)):
                z = a @ w + b
                a = jnp.tanh(z) if layer < 2 else z
            return -jax.nn.log_softmax(a)[jnp.arange(11), y].mean()

        expected = jax.grad(loss)((net.weights, net.biases))
        for wanted, gradients in zip(expected, net.gradients(X, y), strict=True):
            for want, gradient in zip(wanted, gradients, strict=True):
                np.testing.assert_allclose(gradient, want, rtol=1e-12, atol=1e-15)


def test_forward_pass_is_that_of_the_formula() -> None:
    net, X, _ = net_and_data((3, 5, 4), "tanh")
    expected = []
    for x in X:
        hidden = [
            math.tanh(sum(x[i] * net.weights[0][i, j] for i in range(3)) + net.biases[0][j])
            for j in range(5)
        ]
        logits = [
            sum(hidden[i] * net.weights[1][i, j] for i in range(5)) + net.biases[1][j]
            for j in range(4)
        ]
        powers = [math.exp(z) for z in logits]
        expected.append([p / sum(powers) for p in powers])
    actual = net.predict_proba(X)
    np.testing.assert_allclose(actual, expected, rtol=1e-12)
    assert net.predict(X).tolist() == np.argmax(expected, axis=1).tolist()


def test_one_output_is_the_sigmoid_of_its_logit() -> None:
    net = MLP([2, 1])
    net.weights, net.biases = [np.array([[1.0], [-2.0]])], [np.array([0.5])]
    p = 1 / (1 + math.exp(-(3 * 1 - 1 * 2 + 0.5)))
    one = net.predict_proba([3, 1])
    assert one.shape == (2,)
    np.testing.assert_allclose(one, [1 - p, p], rtol=1e-14)
    np.testing.assert_allclose(net.predict_proba([[3, 1]]), [[1 - p, p]], rtol=1e-14)
    assert net.loss([[3, 1]], [1]) == pytest.approx(-math.log(p), rel=1e-14)
    assert net.loss([[3, 1]], [0]) == pytest.approx(-math.log(1 - p), rel=1e-14)


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize(
    ("activation", "labels", "n_epochs"),
    [
        ("tanh", XOR, 500),
        ("relu", [0, 1, 1, 0], 500),
        ("sigmoid", [False, True, True, False], 3000),
    ],
)
def test_xor_is_learned(activation: str, labels: Any, n_epochs: int, outputs: int) -> None:
    net = MLP((2, 8, outputs), activation)
    losses = net.fit(CORNERS, labels, 1.0, n_epochs)
    assert net.predict(CORNERS).tolist() == labels
    assert len(losses) == n_epochs
    assert all(type(loss) is float for loss in losses)
    assert losses[-1] < 0.1 < losses[0]
    assert type(net.predict([0, 1])) is int
    assert net.predict([0, 1]) == 1


def test_three_classes_are_learned() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[0, 0], [4, 0], [0, 4]])
    y = np.arange(101) % 3
    X = centres[y] + rng.standard_normal((101, 2)) / 2
    net = MLP([2, 5, 3])
    losses = net.fit(X, y, lr=0.5, n_epochs=200)
    assert (net.predict(X) == y).all()
    assert losses[0] == pytest.approx(math.log(3), abs=0.7)
    assert net.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(101), rel=1e-14)
    assert net.classes.tolist() == [0, 1, 2]


def test_a_step_is_the_learning_rate_times_the_gradient() -> None:
    net, X, y = net_and_data((3, 5, 4), "tanh")
    weights, biases = net.weights, net.biases
    grad_weights, grad_biases = net.gradients(X, y)
    before = net.loss(X, y)
    assert net.fit(X, y, lr=0.25, n_epochs=1) == [before]
    for old, new, gradient in zip(
        weights + biases, net.weights + net.biases, grad_weights + grad_biases, strict=True
    ):
        assert (old - 0.25 * gradient).tolist() == new.tolist()
    assert net.fit(X, y, lr=0.25, n_epochs=2)[0] < before


def test_the_loss_computes_no_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> Any:
        raise AssertionError("a gradient was asked for")

    net, X, y = net_and_data((3, 5, 4), "tanh")
    expected = net.loss(X, y)
    monkeypatch.setattr("dlfund.perceptron.cross_entropy_loss_gradient", none)
    assert net.loss(X, y) == expected
    with pytest.raises(AssertionError, match="a gradient was asked for"):
        net.gradients(X, y)


def test_seeds_make_nets() -> None:
    first, same, other = MLP([3, 5, 2]), MLP([3, 5, 2], seed=0), MLP([3, 5, 2], seed=1)
    assert first.weights[0].tolist() == same.weights[0].tolist()
    assert first.weights[0].tolist() != other.weights[0].tolist()
    assert [w.shape for w in first.weights] == [(3, 5), (5, 2)]
    assert [b.tolist() for b in first.biases] == [[0] * 5, [0] * 2]


def test_starting_weights_fill_their_range() -> None:
    (weights,) = MLP([101, 103]).weights
    limit = math.sqrt(6 / (101 + 103))
    assert 0.99 * limit < np.abs(weights).max() <= limit
    assert weights.mean() == pytest.approx(0, abs=limit / 50)


def test_global_random_state_is_left_alone() -> None:
    state: Any = np.random.get_state()  # noqa: NPY002 - the stream that must not move
    MLP([3, 5, 2])
    now: Any = np.random.get_state()  # noqa: NPY002 - the same
    assert (state[1] == now[1]).all()
    assert state[2:] == now[2:]


def test_labels_that_do_not_tell_leave_the_classes() -> None:
    net = MLP([2, 1])
    net.fit(CORNERS, XOR, 0.1, 1)
    assert net.classes.tolist() == [-1, 1]
    net.fit(CORNERS, [1, 1, 1, 1], 0.1, 1)
    assert net.classes.tolist() == [-1, 1]
    net.fit(CORNERS, [0, 0, 0, 0], 0.1, 1)
    assert net.classes.tolist() == [0, 1]


def test_logits_of_ten_thousand_have_a_loss() -> None:
    net = MLP([1, 1])
    net.weights = [np.array([[1e4]])]
    assert net.loss([[1], [-1]], [0, 1]) == 1e4
    assert net.loss([[1], [-1]], [1, 0]) == 0
    assert net.gradients([[1], [-1]], [0, 1])[0][0].tolist() == [[(1 * 1 + -1 * -1) / 2]]


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ([3], ValueError, "layer_sizes must hold at least 2 sizes, got 1"),
        ([], ValueError, "layer_sizes must hold at least 2 sizes, got 0"),
        ([3, 0, 1], ValueError, r"layer_sizes\[1\] must be at least 1, got 0"),
        ([3, 2.0], TypeError, r"layer_sizes\[1\] must be an integer, got 2\.0"),
        ("32", TypeError, r"layer_sizes\[0\] must be an integer, got '3'"),
        (3, TypeError, "layer_sizes must be integers, got 3"),
    ],
)
def test_bad_layers(sizes: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        MLP(sizes)


@pytest.mark.parametrize("activation", ["gelu", "", None, 3, ["tanh"]])
def test_unknown_activation(activation: Any) -> None:
    message = "activation must be 'tanh' or 'relu' or 'sigmoid', got"
    with pytest.raises(ValueError, match=message):
        MLP([2, 1], activation)


@pytest.mark.parametrize(
    ("seed", "error"), [(-1, ValueError), (1.0, TypeError), (None, TypeError), ("a", TypeError)]
)
def test_bad_seed(seed: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="seed must be"):
        MLP([2, 1], seed=seed)


@pytest.mark.parametrize(
    ("outputs", "y", "message"),
    [
        (1, [0, 1, 2, 1], r"y must hold labels in \{0, 1\} or \{-1, \+1\}, got 0, 1, 2"),
        (2, [0, 1, 2, 1], r"y must hold labels in \{0, 1\} or \{-1, \+1\}, got 0, 1, 2"),
        (3, [0, 1, 3, 1], "y must hold classes 0 to 2, got 0, 1, 3"),
        (3, [-1, 1, 1, 1], "y must hold classes 0 to 2, got -1, 1"),
        (1, [0, 1], "X and y must have the same length, got 4 and 2"),
        (3, [[0], [1], [2], [0]], r"y must be 1-D, got 2-D with shape \(4, 1\)"),
    ],
)
def test_bad_classes(outputs: int, y: Any, message: str) -> None:
    for method in (MLP.loss, MLP.gradients):
        with pytest.raises(ValueError, match=message):
            method(MLP([2, outputs]), CORNERS, y)
    with pytest.raises(ValueError, match=message):
        MLP([2, outputs]).fit(CORNERS, y, 0.1, 1)


# All of it


def test_no_warning_at_the_edges() -> None:
    with np.errstate(all="raise", under="ignore"):
        X = [[1e308, 1e308], [-1e308, 1e308]]
        Perceptron(2).fit(X, [-1, 1], 3, average=True)
        unit = Perceptron(2)
        unit.weights = np.array([1e308, 1e308])
        assert unit.decision_function([10.0, 10.0]) == INF
        mistake_bound(X, [1, -1], [1, 0], 0)
        geometric_margin(X, [1, -1], [1, 0], 0)
        assert two_layer_xor([1e308, 1e308]) == -1
        net = MLP([2, 2])
        net.weights = [np.ones((2, 2))]
        net.predict_proba([1e308, 1e308])
        net.loss([[1e308, 1e308]], [0])
        net.gradients([[1e308, 1e308]], [0])
        MLP([2, 3, 1]).fit(X, [0, 1], 1e10, 3)
        MLP([2, 3, 1], "relu").fit(X, [0, 1], 1e10, 3)


def test_results_do_not_share_memory_with_what_was_given() -> None:
    X, y = lab_points()
    copies = X.copy(), y.copy()
    unit = Perceptron(2)
    weights = unit.weights = np.array([1.0, 2.0])
    results = [unit.decision_function(X), unit.predict(X), two_layer_xor(X)]
    unit.fit(X, y)
    net = MLP([2, 3, 1])
    results += [unit.weights, net.predict(X), net.predict_proba(X), *net.gradients(X, y)[0]]
    net.fit(X, y, 0.1, 2)
    for result in [*results, net.classes]:
        for given_array in (X, y, weights):
            assert not np.shares_memory(result, given_array)
    assert (copies[0] == X).all()
    assert (y == copies[1]).all()
    assert weights.tolist() == [1, 2]
