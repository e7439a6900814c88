import math
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as sklearn
from sklearn.calibration import calibration_curve as sklearn_calibration_curve
from sklearn.exceptions import UndefinedMetricWarning

import dlfund
from dlfund import (
    accuracy,
    auc_confidence_interval,
    average_precision,
    brier_score,
    calibration_curve,
    compute_auc,
    compute_roc,
    confusion_matrix,
    expected_calibration_error,
    f1_score,
    macro_auc,
    matthews_corrcoef,
    precision,
    precision_recall_curve,
    rank_auc,
    recall,
    roc_thresholds,
    top_k_accuracy,
)
from tests import references
from tests.agreement import TOLERANCE, assert_agrees
from tests.strategies import labels_and_probabilities, labels_and_rows, labels_and_scores

NAN, INF = math.nan, math.inf
DEMO = [1, 1, 0, 1, 0, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1]
RANKING: list[Any] = [
    compute_roc,
    rank_auc,
    auc_confidence_interval,
    precision_recall_curve,
    average_precision,
]
TWO_CLASSES: list[Any] = [compute_roc, rank_auc, auc_confidence_interval]
DECIDING: list[Any] = [confusion_matrix, accuracy, precision, recall, f1_score, matthews_corrcoef]
BINARY: list[Any] = [precision, recall, f1_score]
PROBABILITY: list[Any] = [brier_score, calibration_curve, expected_calibration_error]
ROWS: list[Any] = [macro_auc, top_k_accuracy]


def lab_scores() -> tuple[Any, dict[str, Any]]:
    rng = np.random.RandomState(42)  # the stream of np.random.seed(42)
    y = rng.randint(0, 2, 200)
    good = 0.6 * y + 0.4 * rng.rand(200)
    weak = 0.3 * y + 0.7 * rng.rand(200)
    return y, {"good": good, "weak": weak, "random": rng.rand(200)}


def lab_probabilities(boost: float) -> tuple[Any, Any]:
    rng = np.random.RandomState(42)
    y = rng.randint(0, 10, 500)
    probs = rng.rand(500, 10)
    probs[np.arange(500), y] += boost
    return y, probs / probs.sum(axis=1, keepdims=True)


# The lab


def test_lab_demo_has_an_area_of_three_quarters() -> None:
    # .9 and .8 beat 4 negatives each, .6 beats 3, .2 beats 1.
    assert (4 + 4 + 3 + 1) / (4 * 4) == compute_auc(*compute_roc(*DEMO)) == rank_auc(*DEMO) == 0.75


def test_lab_demo_curve() -> None:
    fprs, tprs = compute_roc(*DEMO)
    assert fprs.tolist() == [0, 0, 0, 1 / 4, 1 / 4, 2 / 4, 3 / 4, 3 / 4, 4 / 4]
    assert tprs.tolist() == [0, 1 / 4, 2 / 4, 2 / 4, 3 / 4, 3 / 4, 3 / 4, 4 / 4, 4 / 4]


def test_lab_figure() -> None:
    y, scores = lab_scores()
    assert rank_auc(y, scores["good"]) == 1.0
    assert round(rank_auc(y, scores["weak"]), 4) == 0.8047
    assert round(rank_auc(y, scores["random"]), 4) == 0.4372


def test_lab_boost_of_the_true_class_leaves_nothing_to_see() -> None:
    y, probs = lab_probabilities(boost=1.5)
    assert [top_k_accuracy(y, probs, k) for k in (1, 3, 5)] == [1.0, 1.0, 1.0]
    y, probs = lab_probabilities(boost=0.3)
    some = [top_k_accuracy(y, probs, k) for k in (1, 3, 5)]
    assert sorted(set(some)) == some


# ROC


@given(labels_and_scores())
def test_roc_is_that_of_the_definition(case: tuple[Any, Any]) -> None:
    y, scores = case
    thresholds, *expected = references.roc(y, scores)
    for want, actual in zip(expected, compute_roc(y, scores), strict=True):
        assert actual.dtype == scores.dtype
        assert np.array(want).astype(scores.dtype).tolist() == actual.tolist()
    actual = roc_thresholds(scores)
    assert actual.dtype == scores.dtype
    assert thresholds == actual.tolist()


def quietly[T](function: Callable[..., T], *operands: object, **options: object) -> T:
    """Call a function of scikit-learn, which subtracts scores that may be as large as they come."""
    with np.errstate(over="ignore"):
        return function(*operands, **options)


@given(labels_and_scores())
def test_roc_agrees_with_scikit_learn(case: tuple[Any, Any]) -> None:
    y, scores = case
    expected = quietly(sklearn.roc_curve, y, scores, drop_intermediate=False)
    actual = *compute_roc(y, scores), roc_thresholds(scores)
    for want, got in zip(expected, actual, strict=True):
        assert_agrees(want, got, scores.dtype)


@given(labels_and_scores())
def test_roc_rises_from_corner_to_corner(case: tuple[Any, Any]) -> None:
    fprs, tprs = compute_roc(*case)
    assert (fprs[0], tprs[0], fprs[-1], tprs[-1]) == (0, 0, 1, 1)
    assert (np.diff(fprs) >= 0).all()
    assert (np.diff(tprs) >= 0).all()
    assert len(fprs) == len(tprs) == len(roc_thresholds(case[1]))


def test_roc_keeps_points_on_a_line() -> None:
    fprs, tprs = compute_roc([0, 0, 0, 1], [4, 3, 2, 1])
    assert fprs.tolist() == [0, 1 / 3, 2 / 3, 3 / 3, 1]
    assert tprs.tolist() == [0, 0, 0, 0, 1]


def test_equal_scores_cross_the_threshold_together() -> None:
    fprs, tprs = compute_roc([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5])
    assert [0.0, 1.0] == fprs.tolist() == tprs.tolist()
    assert rank_auc([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]) == 0.5


@pytest.mark.parametrize(
    "labels",
    [
        [1, 0, 0, 1, 0],
        [1, -1, -1, 1, -1],
        [True, False, False, True, False],
        (1.0, 0.0, 0.0, 1.0, 0.0),
        np.array([1, 0, 0, 1, 0], np.uint8),
        pd.Series([1, 0, 0, 1, 0]),
        pd.Series([True, False, False, True, False], dtype=object),
    ],
)
def test_labels_of_two_classes(labels: Any) -> None:
    scores = [0.9, 0.7, 0.7, 0.3, 0.1]
    assert rank_auc(labels, scores) == (1 + 1 + 1 + 0 + 0 + 1) / (2 * 3)
    assert average_precision(labels, scores) == (1 / 1 + 2 / 4) / 2
    assert (
        pytest.approx(brier_score(labels, scores), rel=1e-15)
        == (0.1**2 + 2 * 0.7**2 + 0.7**2 + 0.1**2) / 5
    )


EXTREMES: list[list[float]] = [
    [5e-324, 0.0, -5e-324, 1e-310, -1e-310, 2.2e-308, -2.2e-308],
    [1e300, -1e300, 1e-300, -1e-300, 0.0, 5e-324, 1.0],  # too wide to be scaled
    [1.7976931348623157e308, -1.7976931348623157e308, 1e-5, -1e-5, 1.0, 2.0, 0.0],
    [2.0, 1.9999999999999998, -2.0, -1.9999999999999998, 4.0, -4.0, 3.0],
    [0.0, -0.0, 0.0, -0.0, 1.0, -1.0, 1.0],
    [1e15, 1e15 + 1, -1e15, -1e15 - 1, 1e15 + 2, 0.0, 1.0],
]


@pytest.mark.parametrize("scores", EXTREMES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_order_survives_at_the_ends_of_the_number_line(scores: list[float], dtype: str) -> None:
    with np.errstate(all="ignore"):
        limit = np.finfo(dtype).max
        values = np.clip(scores, -limit, limit).astype(dtype)
    y = np.array([1, 0, 0, 1, 1, 0, 1])
    thresholds, fprs, tprs = references.roc(y, values)
    assert np.array(fprs).astype(dtype).tolist() == compute_roc(y, values)[0].tolist()
    assert np.array(tprs).astype(dtype).tolist() == compute_roc(y, values)[1].tolist()
    assert thresholds == roc_thresholds(values).tolist()
    cuts = precision_recall_curve(y, values)[2]
    assert not np.signbit(roc_thresholds([-0.0, 0.0])).any()
    assert thresholds[:0:-1] == cuts.tolist()
    assert not np.signbit(cuts[cuts == 0]).any()


def test_large_and_random_scores_as_by_argsort() -> None:
    rng = np.random.default_rng(0)
    y, scores = rng.integers(0, 2, 99_991), 5 * rng.standard_normal(99_991)
    fprs, tprs, _ = sklearn.roc_curve(y, scores, drop_intermediate=False)
    assert_agrees(fprs, compute_roc(y, scores)[0], "float64")
    assert_agrees(tprs, compute_roc(y, scores)[1], "float64")


def test_points_are_new_arrays() -> None:
    scores = np.array([0.1, 0.7])
    y = np.array([True, False])
    for actual in (*compute_roc(y, scores), *precision_recall_curve(y, scores)):
        assert not np.shares_memory(actual, scores)
        assert actual.base is None or not np.shares_memory(actual.base, y)


# Area


def test_area_of_a_triangle_and_a_step() -> None:
    assert compute_auc([0, 1], [0, 1]) == 1 * (0 + 1) / 2
    assert compute_auc([0, 0, 1], [0, 1, 1]) == 0 * (0 + 1) / 2 + 1 * (1 + 1) / 2
    assert compute_auc([2, 2], [0, 5]) == 0.0


@given(labels_and_scores())
def test_area_is_the_same_in_either_direction(case: tuple[Any, Any]) -> None:
    fprs, tprs = compute_roc(*case)
    forth = compute_auc(fprs, tprs)
    assert type(forth) is float
    assert forth == pytest.approx(compute_auc(fprs[::-1], tprs[::-1]), rel=1e-12)
    assert sklearn.auc(fprs.astype(float), tprs.astype(float)) == pytest.approx(forth, rel=1e-12)


def test_an_area_that_fits_does_not_overflow_on_the_way() -> None:
    most = 1.7e308
    assert compute_auc([0, 1], [most, most]) == most
    assert compute_auc([0, 1e-200], [most, most]) == pytest.approx(1e-200 * most, rel=1e-14)
    assert compute_auc([-most, most], [0.25, 0.25]) == pytest.approx(most / 2, rel=1e-14)
    assert compute_auc([0, 9, 18], [most, 0, -most]) == pytest.approx(0, abs=1e-14 * most)
    assert compute_auc([0, 2], [most, most]) == INF


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0], [1], "fprs must hold at least 2 points, got 1"),
        ([0, 1, 0.5], [0, 1, 1], "fprs must be monotone"),
        ([0, 1, 1], [0, 1], "fprs and tprs must have the same length, got 3 and 2"),
        ([0, NAN], [0, 1], "fprs must be finite, got nan"),
        ([0, 1], [0, INF], "tprs must be finite, got inf"),
        ([[0, 1]], [[0, 1]], r"fprs must be 1-D, got 2-D with shape \(1, 2\)"),
        ([0, 1], [[0], [1]], r"tprs must be 1-D, got 2-D with shape \(2, 1\)"),
        ([], [], "fprs must not be empty"),
    ],
)
def test_area_refuses(x: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compute_auc(x, y)


@given(labels_and_scores())
def test_rank_auc_counts_pairs(case: tuple[Any, Any]) -> None:
    y, scores = case
    actual = rank_auc(y, scores)
    assert type(actual) is float
    assert references.auc(y, scores) == pytest.approx(actual, rel=1e-12)
    assert quietly(sklearn.roc_auc_score, y, scores) == pytest.approx(actual, rel=1e-12)
    trapezoid = compute_auc(*compute_roc(y, scores.astype(np.float64)))
    assert trapezoid == pytest.approx(actual, rel=1e-12)


@given(labels_and_scores())
def test_rank_auc_sees_order_alone(case: tuple[Any, Any]) -> None:
    y, scores = case
    ranks = np.unique(scores, return_inverse=True)[1]
    actual = rank_auc(y, scores)
    assert rank_auc(y, ranks) == actual
    assert rank_auc(y, np.arctan(ranks / 100) ** 3 - 7) == actual
    assert rank_auc(1 - y, -scores) == actual
    assert 1 - actual == pytest.approx(rank_auc(y, -scores), rel=1e-12, abs=1e-15)


# DeLong


def test_delong_by_hand() -> None:
    y, scores = [1, 1, 0, 0, 0], [0.9, 0.3, 0.5, 0.3, 0.1]
    # V: .9 beats all three; .3 beats one and ties one. W: .5 loses to one of two, ...
    v, w = [Fraction(1), Fraction(3, 2) / 3], [Fraction(1, 2), Fraction(3, 4), Fraction(1)]
    mean = Fraction(3, 4)
    assert sum(v) / 2 == sum(w) / 3 == mean
    variance = sum((x - mean) ** 2 for x in v) / 1 / 2 + sum((x - mean) ** 2 for x in w) / 2 / 3
    low, high = auc_confidence_interval(y, scores, level=0.5)
    quartile = 0.6744897501960817  # of the normal distribution
    assert 0.75 - quartile * math.sqrt(variance) == pytest.approx(low, rel=1e-14)
    assert 0.75 + quartile * math.sqrt(variance) == pytest.approx(high, rel=1e-14)
    assert type(low) is type(high) is float


@given(labels_and_scores(each=2), st.sampled_from([0.01, 0.5, 0.9, 0.95, 0.999]))
def test_delong_agrees_with_the_definition(case: tuple[Any, Any], level: float) -> None:
    from scipy.stats import norm

    y, scores = case
    low, high = auc_confidence_interval(y, scores, level)
    auc = references.auc(y, scores)
    margin = norm.ppf((1 + level) / 2) * math.sqrt(references.delong_variance(y, scores))
    assert max(0, auc - margin) == pytest.approx(low, rel=1e-12, abs=1e-12)
    assert min(1, auc + margin) == pytest.approx(high, rel=1e-12, abs=1e-12)
    assert 0 <= low <= rank_auc(y, scores) + 1e-12
    assert 1 >= high >= rank_auc(y, scores) - 1e-12


def test_interval_widens_with_the_level_and_narrows_with_samples() -> None:
    y, scores = lab_scores()
    widths = [np.diff(auc_confidence_interval(y, scores["weak"], p))[0] for p in (0.5, 0.9, 0.99)]
    assert sorted(set(widths)) == widths
    twice = np.tile(y, 2), np.tile(scores["weak"], 2)
    assert np.diff(auc_confidence_interval(*twice, 0.9))[0] < widths[1]


def test_interval_covers_the_truth_as_often_as_it_says() -> None:
    # Scores N(1, 1) against N(0, 1): the true AUC is Phi(1 / sqrt 2).
    from scipy.stats import norm

    rng = np.random.default_rng(0)
    truth, y = norm.cdf(1 / math.sqrt(2)), np.repeat([0, 1], 53)
    covered = [
        low <= truth <= high
        for low, high in (
            auc_confidence_interval(y, rng.standard_normal(106) + y, 0.9) for _ in range(1009)
        )
    ]
    assert np.mean(covered) == pytest.approx(0.9, abs=0.03)


def test_perfect_ranking_has_an_interval_of_no_width() -> None:
    assert auc_confidence_interval([0, 0, 1, 1], [1, 2, 3, 4]) == (1.0, 1.0)
    assert auc_confidence_interval([1, 1, 0, 0], [1, 2, 3, 4]) == (0.0, 0.0)


def test_level_next_to_one_is_taken() -> None:
    low, high = auc_confidence_interval(*DEMO, level=math.nextafter(1, 0))
    assert (low, high) == (0.0, 1.0)
    low, high = auc_confidence_interval(*DEMO, level=5e-324)
    assert low == high == 0.75


@pytest.mark.parametrize("level", [0, 1, -0.5, 1.5, NAN, INF])
def test_level_outside_zero_to_one_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level must"):
        auc_confidence_interval(*DEMO, level=level)


@pytest.mark.parametrize("level", ["0.9", None, True, 0.9j, [0.9]])
def test_level_that_is_no_number_is_refused(level: Any) -> None:
    with pytest.raises(TypeError, match="level must be a real number"):
        auc_confidence_interval(*DEMO, level=level)


@pytest.mark.parametrize(
    ("y", "got"), [([1, 0, 0], "1 positive and 2"), ([1, 1, 0], "2 positive and 1")]
)
def test_variance_needs_two_of_each(y: list[int], got: str) -> None:
    with pytest.raises(ValueError, match=f"at least 2 samples of each class, got {got} negative"):
        auc_confidence_interval(y, [0.1, 0.2, 0.3])


# Many classes


@given(labels_and_rows())
def test_macro_auc_is_the_mean_over_the_classes(case: tuple[Any, Any]) -> None:
    labels, scores = case
    classes = range(scores.shape[1])
    expected = np.mean([references.auc((labels == c).astype(float), scores[:, c]) for c in classes])
    actual = macro_auc(labels, scores)
    assert type(actual) is float
    assert expected == pytest.approx(actual, rel=1e-12)


def test_macro_auc_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(101) % 5)
    probs = rng.dirichlet(np.ones(5), 101).round(2)
    probs[:, 0] += 1 - probs.sum(axis=1)
    expected = sklearn.roc_auc_score(labels, probs, multi_class="ovr", average="macro")
    assert expected == pytest.approx(macro_auc(labels, probs), rel=1e-12)


def test_macro_auc_of_two_columns_is_rank_auc() -> None:
    y, scores = np.array(DEMO[0]), np.array(DEMO[1])
    assert macro_auc(y, np.stack([1 - scores, scores], axis=1)) == 0.75


@pytest.mark.parametrize(
    ("y", "scores", "message"),
    [
        ([0, 1], np.ones((2, 3)), "y_true must hold every class, got no sample of class 2"),
        ([0, 0], np.ones((2, 2)), "y_true must hold every class, got no sample of class 1"),
        ([0, 0], np.ones((2, 1)), r"y_probs must have at least 2 columns, got shape \(2, 1\)"),
        ([0, 1], [[1, 2], [NAN, 3]], "y_probs must be finite, got nan"),
    ],
)
def test_macro_auc_refuses(y: Any, scores: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        macro_auc(y, scores)


# Precision and recall over thresholds


@given(labels_and_scores())
def test_precision_recall_curve_is_scikit_learns(case: tuple[Any, Any]) -> None:
    y, scores = case
    expected = quietly(sklearn.precision_recall_curve, y, scores)
    actual = precision_recall_curve(y, scores)
    for want, got in zip(expected, actual, strict=True):
        assert_agrees(want, got, scores.dtype)
    assert (actual[0][-1], actual[1][-1]) == (1, 0)


@given(labels_and_scores())
def test_average_precision_is_scikit_learns(case: tuple[Any, Any]) -> None:
    y, scores = case
    actual = average_precision(y, scores)
    assert type(actual) is float
    wanted = quietly(sklearn.average_precision_score, y, scores)
    assert wanted == pytest.approx(actual, rel=1e-12)


def test_average_precision_is_the_area_under_the_steps() -> None:
    p, r, _ = precision_recall_curve(*DEMO)
    assert float(-np.sum(np.diff(r) * p[:-1])) == pytest.approx(average_precision(*DEMO), rel=1e-14)
    assert pytest.approx(average_precision(*DEMO), rel=1e-14) == (1 / 1 + 2 / 2 + 3 / 4 + 4 / 7) / 4


def test_positives_alone_have_a_precision_and_negatives_no_recall() -> None:
    p, r, t = precision_recall_curve([1, 1], [0.2, 0.4])
    assert (p.tolist(), r.tolist(), t.tolist()) == ([1, 1, 1], [2 / 2, 1 / 2, 0], [0.2, 0.4])
    assert average_precision([1, 1], [0.2, 0.4]) == 1.0
    for function in (precision_recall_curve, average_precision):
        with pytest.raises(ValueError, match="y_true must hold a positive label, got none"):
            function([0, 0], [0.2, 0.4])


# Decisions


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1))
def test_two_classes_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    y, p = np.array(pairs).T
    assert sklearn.confusion_matrix(y, p, labels=[0, 1]).tolist() == confusion_matrix(y, p).tolist()
    for ours, theirs in [
        (precision, sklearn.precision_score),
        (recall, sklearn.recall_score),
        (f1_score, sklearn.f1_score),
    ]:
        expected = theirs(y, p, zero_division=np.nan)
        assert expected == pytest.approx(ours(y, p), rel=1e-12, nan_ok=True)
        assert type(ours(y, p)) is float
    if len(set(y.tolist())) == len(set(p.tolist())) == 2:
        expected = sklearn.matthews_corrcoef(y, p)
        assert expected == pytest.approx(matthews_corrcoef(y, p), rel=1e-12, abs=1e-15)
    else:
        assert math.isnan(matthews_corrcoef(y, p))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2).filter(
        lambda pairs: max(map(max, pairs)) > 1
    )
)
def test_many_classes_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    y, p = np.array(pairs).T
    classes = sorted({*y.tolist(), *p.tolist()})
    actual = confusion_matrix(y, p)
    assert actual.dtype == np.int64
    assert references.confusion_matrix(y, p, classes) == actual.tolist()
    if len(classes) > 1:  # scikit-learn warns of a single one
        assert sklearn.confusion_matrix(y, p).tolist() == actual.tolist()
    assert sklearn.accuracy_score(y, p) == pytest.approx(accuracy(y, p), rel=1e-15)
    if len(set(y.tolist())) > 1 and len(set(p.tolist())) > 1:
        expected = sklearn.matthews_corrcoef(y, p)
        assert expected == pytest.approx(matthews_corrcoef(y, p), rel=1e-12, abs=1e-15)
    else:
        assert math.isnan(matthews_corrcoef(y, p))


def test_rows_are_true_classes() -> None:
    y, p = [0, 0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 0, 1, 1]
    tn, fp, fn, tp = 2, 3, 1, 2
    assert [[tn, fp], [fn, tp]] == confusion_matrix(y, p).tolist()
    assert (tn + tp) / 8 == accuracy(y, p)
    assert tp / (tp + fp) == precision(y, p)
    assert tp / (tp + fn) == recall(y, p)
    assert 2 * tp / (2 * tp + fp + fn) == f1_score(y, p)
    bottom = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    assert (tp * tn - fp * fn) / bottom == matthews_corrcoef(y, p)


@pytest.mark.parametrize("other", [[-1, -1, 1, 1], [False, False, True, True]])
def test_either_pair_of_labels_gives_the_same_decisions(other: list[int]) -> None:
    y, p = [0, 0, 1, 1], [0, 1, 1, 1]
    flip = [other[0], other[2], other[2], other[2]]
    for function in DECIDING:
        assert np.array_equal(function(y, p), function(other, flip))


def test_one_class_still_has_two_rows() -> None:
    assert confusion_matrix([1, 1, 1], [1, 1, 1]).tolist() == [[0, 0], [0, 3]]
    assert confusion_matrix([0, 0, 0], [0, 0, 0]).tolist() == [[3, 0], [0, 0]]
    assert confusion_matrix([-1, -1, -1], [-1, -1, -1]).tolist() == [[3, 0], [0, 0]]
    assert confusion_matrix([-1, -1], [1, 1]).tolist() == [[0, 2], [0, 0]]


def test_classes_that_do_not_occur_have_no_row() -> None:
    far = 10**9  # a matrix of a row for each index would not fit anywhere
    assert confusion_matrix([7, far, far], [7, far, 7]).tolist() == [[1, 0], [1, 1]]
    assert confusion_matrix([3, 3], [3, 3]).tolist() == [[2]]


def test_undefined_ratios_are_nan() -> None:
    assert math.isnan(precision([0, 1], [0, 0]))
    assert math.isnan(recall([0, 0], [0, 1]))
    assert math.isnan(f1_score([0, 0], [0, 0]))
    assert f1_score([0, 1], [0, 0]) == 0.0
    for y, p in [([0, 1], [0, 0]), ([1, 1], [0, 1]), ([0, 0], [0, 0]), ([5, 5], [5, 5])]:
        assert math.isnan(matthews_corrcoef(y, p))


def test_correlation_of_perfect_and_reversed_labels() -> None:
    y = np.arange(37) % 3
    assert matthews_corrcoef(y, y) == 1.0
    assert matthews_corrcoef([0, 1, 1], [1, 0, 0]) == -1.0
    assert np.corrcoef([0, 0, 1, 1, 1], [0, 1, 1, 1, 0])[0, 1] == pytest.approx(
        matthews_corrcoef([0, 0, 1, 1, 1], [0, 1, 1, 1, 0]), rel=1e-12
    )


def test_correlation_of_many_samples_does_not_overflow() -> None:
    y = np.repeat([0, 1], 150_001)
    p = y.copy()
    p[::10] = 1 - p[::10]
    expected = np.corrcoef(y, p)[0, 1]
    assert expected == pytest.approx(matthews_corrcoef(y, p), rel=1e-12)


@pytest.mark.parametrize("function", DECIDING)
@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([0, 1], [0.5, 1], "got 0, 0.5, 1"),
        ([0, 1], [-1, 1], "got -1, 0, 1"),
        ([-1, 2], [1, 2], "got -1, 1, 2"),
        ([-2, 1], [1, 1], "got -2, 1"),
        ([-0.5, 1], [1, 1], "got -0.5, 1"),
        ([0, 1], [0, 1, 1], "y_true and y_pred must have the same length, got 2 and 3"),
        ([0, 1], [[0], [1]], "y_pred must be 1-D"),
        ([0, NAN], [0, 1], "y_true must be finite, got nan"),
        ([0, 1], [0, INF], "y_pred must be finite, got inf"),
        ([], [], "y_true must not be empty"),
        (1, 1, "y_true must be 1-D, got a scalar"),
    ],
)
def test_decisions_refuse(function: Callable[..., Any], y: Any, p: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(y, p)


@pytest.mark.parametrize("function", BINARY)
def test_ratios_of_two_classes_refuse_more(function: Callable[..., Any]) -> None:
    message = r"must both hold labels in \{0, 1\} or both in \{-1, \+1\}, got 0, 1, 2"
    with pytest.raises(ValueError, match=message):
        function([0, 1, 2], [0, 1, 1])


# Top k


@given(labels_and_rows(), st.data())
def test_top_k_agrees_with_sorting_and_with_scikit_learn(
    case: tuple[Any, Any], data: st.DataObject
) -> None:
    labels, scores = case
    n_classes = scores.shape[1]
    k = data.draw(st.integers(1, n_classes))
    actual = top_k_accuracy(labels, scores, k)
    assert type(actual) is float
    assert references.top_k_accuracy(labels, scores, k) == actual
    if n_classes > 2 and k < n_classes:
        expected = sklearn.top_k_accuracy_score(labels, scores, k=k, labels=range(n_classes))
        assert expected == actual


@given(labels_and_rows())
def test_top_k_rises_to_one(case: tuple[Any, Any]) -> None:
    labels, scores = case
    n_classes = scores.shape[1]
    values = [top_k_accuracy(labels, scores, k) for k in range(1, n_classes + 1)]
    assert sorted(values) == values
    assert values[-1] == 1.0


def test_of_equal_scores_the_higher_index_ranks_first() -> None:
    scores = [[0.5, 0.5, 0.5]]
    assert [top_k_accuracy([0], scores, k) for k in (1, 2, 3)] == [0, 0, 1]
    assert [top_k_accuracy([1], scores, k) for k in (1, 2, 3)] == [0, 1, 1]
    assert [top_k_accuracy([2], scores, k) for k in (1, 2, 3)] == [1, 1, 1]


def test_five_guesses_unless_told() -> None:
    scores = np.arange(7.0)[np.newaxis]
    assert [top_k_accuracy([c], scores) for c in (0, 1, 2, 6)] == [0, 0, 1, 1]


@pytest.mark.parametrize("shape", [(1009, 211), (3, 70_001), (70_001, 2)])
@pytest.mark.parametrize("decimals", [1, 17])
def test_top_k_of_many_rows_and_of_long_ones(shape: tuple[int, int], decimals: int) -> None:
    # More than one block of rows, and rows longer than a block; with ties and without.
    rng = np.random.default_rng(0)
    scores, labels = rng.random(shape).round(decimals), rng.integers(0, shape[1], shape[0])
    k = 1 + shape[1] // 3
    true = np.take_along_axis(scores, labels[:, np.newaxis], axis=1)
    later = np.arange(shape[1]) > labels[:, np.newaxis]
    ahead = (scores > true) | ((scores == true) & later)
    assert np.mean(ahead.sum(axis=1) < k) == pytest.approx(
        top_k_accuracy(labels, scores, k), rel=1e-15
    )


@pytest.mark.parametrize("layout", ["reversed", "fortran", "readonly"])
def test_top_k_of_any_layout(layout: str) -> None:
    rng = np.random.default_rng(0)
    scores: Any = rng.random((23, 7))
    labels: Any = rng.integers(0, 7, 23)
    expected = references.top_k_accuracy(labels, scores, 3)
    if layout == "reversed":
        scores, labels = scores[::-1].copy()[::-1], labels[::-1].copy()[::-1]
    elif layout == "fortran":
        scores = np.asfortranarray(scores)
    else:
        scores.flags.writeable = labels.flags.writeable = False
    assert expected == top_k_accuracy(labels, scores, 3)


@pytest.mark.parametrize(
    ("labels", "scores", "k", "message"),
    [
        ([0, 1], np.ones((2, 3)), 0, "k must be from 1 to 3, got 0"),
        ([0, 1], np.ones((2, 3)), 4, "k must be from 1 to 3, got 4"),
        ([0, 3], np.ones((2, 3)), 1, "y_true must hold classes 0 to 2, got 0, 3"),
        ([0, -1], np.ones((2, 3)), 1, "y_true must hold classes 0 to 2, got -1, 0"),
        ([0, 0.5], np.ones((2, 3)), 1, "y_true must hold whole numbers, got 0, 0.5"),
        ([0, NAN], np.ones((2, 3)), 1, "y_true must hold whole numbers"),
        ([0], np.ones((2, 3)), 1, "y_true and y_probs must have the same length, got 1 and 2"),
        ([0, 1], np.ones(2), 1, r"y_probs must be 2-D, got 1-D with shape \(2,\)"),
        ([0, 1], [[1, 2], [3, NAN]], 1, "y_probs must be finite, got nan"),
        ([0, 1], [[1, 2], [-INF, 3]], 1, "y_probs must be finite, got -inf"),
        ([[0], [1]], np.ones((2, 3)), 1, r"y_true must be 1-D, got 2-D with shape \(2, 1\)"),
        ([], np.ones((0, 3)), 1, "y_probs must not be empty"),
    ],
)
def test_top_k_refuses(labels: Any, scores: Any, k: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        top_k_accuracy(labels, scores, k)


@pytest.mark.parametrize("k", [1.0, "1", None, True, np.float64(1), [1]])
def test_k_that_is_no_integer_is_refused(k: Any) -> None:
    with pytest.raises(TypeError, match="k must be an integer"):
        top_k_accuracy([0], [[1, 2]], k)


# Calibration


@given(labels_and_probabilities())
def test_brier_score_is_scikit_learns(case: tuple[Any, Any]) -> None:
    y, p = case
    actual = brier_score(y, p)
    assert type(actual) is float
    expected = np.mean((p.astype(np.float64) - y) ** 2)
    assert expected == pytest.approx(actual, rel=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn asks for the positive label
        theirs = sklearn.brier_score_loss(y, p, pos_label=1)
    assert theirs == pytest.approx(actual, rel=1e-5)  # it computes in float32


@given(labels_and_probabilities(), st.integers(1, 13))
def test_calibration_curve_is_that_of_the_definition(case: tuple[Any, Any], n_bins: int) -> None:
    y, p = case
    bins = references.calibration(y, p, n_bins)
    prob_true, prob_pred = calibration_curve(y, p, n_bins)
    assert_agrees([o for _, o, _ in bins], prob_true, p.dtype)
    assert_agrees([e for _, _, e in bins], prob_pred, p.dtype)
    error = sum(size * abs(o - e) for size, o, e in bins) / len(y)
    assert error == pytest.approx(expected_calibration_error(y, p, n_bins), rel=1e-12, abs=1e-15)
    assert type(expected_calibration_error(y, p, n_bins)) is float


@given(labels_and_probabilities(), st.integers(1, 13))
def test_calibration_curve_is_scikit_learns(case: tuple[Any, Any], n_bins: int) -> None:
    y, p = case
    # Its edges are multiples of 1 / n_bins in float64, not the floats nearest to k / n_bins.
    assume(not np.isclose(p * n_bins, np.round(p * n_bins), rtol=1e-6)[(p > 0) & (p < 1)].any())
    expected = sklearn_calibration_curve(y, p, n_bins=n_bins, pos_label=1)
    for want, got in zip(expected, calibration_curve(y, p, n_bins), strict=True):
        assert_agrees(want, got, p.dtype)


def test_a_bin_holds_its_upper_edge_and_the_first_holds_zero() -> None:
    prob_true, prob_pred = calibration_curve([1, 0, 1, 1], [0.0, 0.25, 0.5, 1.0], n_bins=4)
    assert prob_true.tolist() == [1 / 2, 1 / 1, 1 / 1]
    assert prob_pred.tolist() == [(0 + 0.25) / 2, 0.5, 1.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_tenth_belongs_to_the_first_of_ten_bins_in_either_precision(dtype: Any) -> None:
    p = np.array([0.05, 0.1], dtype)
    prob_true, prob_pred = calibration_curve([0, 1], p)
    assert prob_true.tolist() == [1 / 2]
    assert prob_pred.tolist() == [dtype((float(p[0]) + float(p[1])) / 2)]
    assert expected_calibration_error([0, 1], p) == pytest.approx(1 / 2 - 0.075, rel=1e-7)
    # 5 * (1 / 6), which would be an edge too low, is less than 5 / 6.
    assert calibration_curve([0, 1], np.array([0.75, 5 / 6], dtype), 6)[0].tolist() == [1 / 2]


def test_ten_bins_unless_told() -> None:
    p = (np.arange(10) + 0.5) / 10
    y = np.arange(10) % 2
    assert len(calibration_curve(y, p)[0]) == 10
    assert np.mean(np.abs(y - p)) == pytest.approx(expected_calibration_error(y, p), rel=1e-12)


def test_an_expert_is_calibrated_and_a_boaster_is_not() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(100_003)
    y = rng.random(100_003) < p
    assert expected_calibration_error(y, p) < 0.01
    assert expected_calibration_error(y, np.where(p > 0.5, 1.0, 0.0)) > 0.2
    assert brier_score(y, p) < brier_score(y, np.full(100_003, 0.5)) == 0.25


@pytest.mark.parametrize("function", PROBABILITY)
@pytest.mark.parametrize(
    ("p", "got"),
    [([0.5, 1.5], "1.5"), ([-0.25, 1.5], "-0.25"), ([-0.25, 1], "-0.25"), ([2, 0], "2.0")],
)
def test_probabilities_lie_in_zero_to_one(function: Any, p: Any, got: str) -> None:
    with pytest.raises(ValueError, match=rf"y_prob must lie in \[0, 1\], got {got}"):
        function([0, 1], p)


@pytest.mark.parametrize("function", [calibration_curve, expected_calibration_error])
def test_number_of_bins(function: Any) -> None:
    with pytest.raises(ValueError, match="n_bins must be at least 1, got 0"):
        function([0, 1], [0, 1], 0)
    with pytest.raises(TypeError, match=r"n_bins must be an integer, got 10\.0"):
        function([0, 1], [0, 1], 10.0)


# Doors


@pytest.mark.parametrize("function", RANKING + PROBABILITY)
@pytest.mark.parametrize(
    ("y", "scores", "message"),
    [
        ([0, 1, 2], [0, 0.5, 1], "y_true must hold labels in .* got 0, 1, 2"),
        ([-1, 0, 1], [0, 0.5, 1], "y_true must hold labels in .* got -1, 0, 1"),
        ([0.5, 1, 0], [0, 0.5, 1], "y_true must hold labels in .* got 0, 0.5, 1"),
        ([NAN, 1, 0], [0, 0.5, 1], "y_true must hold labels"),
        ([0, 1, 0], [0, NAN, 1], "must be finite, got nan"),
        ([0, 1, 0], [0, 1, INF], "must be finite, got inf"),
        ([0, 1, 0], [0, 1], "must have the same length, got 3 and 2"),
        ([0, 1, 0], [[0], [1], [0]], r"must be 1-D, got 2-D with shape \(3, 1\)"),
        ([[0], [1], [0]], [0, 1, 0], r"y_true must be 1-D, got 2-D with shape \(3, 1\)"),
        ([], [], "y_true must not be empty"),
        (1, 1, "y_true must be 1-D, got a scalar"),
        ([0, 1], [[1, 2], [3]], "must be a regular array"),
    ],
)
def test_labels_with_scores_refuse(function: Any, y: Any, scores: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(y, scores)


@pytest.mark.parametrize("function", TWO_CLASSES)
@pytest.mark.parametrize("label", [0, 1, -1])
def test_one_class_cannot_be_ranked(function: Any, label: int) -> None:
    message = f"y_true must hold both classes, got only {label}$"
    with pytest.raises(ValueError, match=message):
        function([label, label], [0.2, 0.4])


@pytest.mark.parametrize("function", [*RANKING, *PROBABILITY, *DECIDING])
@pytest.mark.parametrize(
    "bad",
    [
        [0j, 1j],
        ["a", "b"],
        [None, 1],
        np.ma.array([0, 1], mask=[False, True]),
        np.array(["2020", "2021"], "M8[Y]"),
        "01",
        {0, 1},
    ],
)
def test_what_is_no_array_of_real_numbers_is_refused(function: Any, bad: Any) -> None:
    with pytest.raises(TypeError):
        function(bad, [0, 1])
    with pytest.raises(TypeError):
        function([0, 1], bad)


@pytest.mark.parametrize(
    "bad", [[[0j, 1]], [["a", "b"]], np.ma.array([[0, 1]], mask=[[False, True]])]
)
@pytest.mark.parametrize("function", ROWS)
def test_rows_that_do_not_hold_real_numbers_are_refused(function: Any, bad: Any) -> None:
    with pytest.raises(TypeError, match="y_probs"):
        function([0], bad)


@pytest.mark.parametrize("bad", [[0.1j, 0.2], ["a"], np.ma.array([1.0], mask=[True])])
def test_thresholds_refuse_what_is_not_real(bad: Any) -> None:
    with pytest.raises(TypeError, match="y_scores"):
        roc_thresholds(bad)


@pytest.mark.parametrize("bad", [[], [NAN, 1], [[1, 2]], 3, [INF]])
def test_thresholds_refuse_bad_values(bad: Any) -> None:
    with pytest.raises(ValueError, match="y_scores"):
        roc_thresholds(bad)


def test_no_warning_where_scikit_learn_warns() -> None:
    with np.errstate(all="raise", under="ignore"):
        assert math.isnan(precision([0, 1], [0, 0]))
        compute_roc([0, 1, 1], [1e308, -1e308, 1e-308])
        auc_confidence_interval([0, 0, 1, 1], [1, 2, 3, 4])
        brier_score([0], [5e-324])
    with pytest.warns(UndefinedMetricWarning):
        sklearn.precision_score([0, 1], [0, 0])


def test_float32_is_as_good_as_float32_can_be() -> None:
    y, scores = lab_scores()
    single = scores["weak"].astype(np.float32)
    assert rank_auc(y, single) == rank_auc(y, single.astype(np.float64))
    expected = compute_auc(*compute_roc(y, scores["weak"]))
    assert expected == pytest.approx(compute_auc(*compute_roc(y, single)), rel=TOLERANCE["float32"])


def test_every_metric_is_tested_here() -> None:
    tested = {*RANKING, *DECIDING, *PROBABILITY, *ROWS, compute_auc, roc_thresholds}
    assert {getattr(dlfund, name) for name in dlfund.metrics.__all__} == tested
