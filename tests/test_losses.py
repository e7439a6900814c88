import importlib.util
import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy import special
from sklearn import metrics

import dlfund
from dlfund import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_gradient,
    cross_entropy_loss,
    cross_entropy_loss_gradient,
    focal_loss,
    focal_loss_gradient,
    hinge_loss,
    hinge_loss_gradient,
    huber_loss,
    huber_loss_gradient,
    kl_divergence,
    kl_divergence_gradient,
    log_cosh_loss,
    log_cosh_loss_gradient,
    mae_loss,
    mae_loss_gradient,
    mse_loss,
    mse_loss_gradient,
    multiclass_hinge_loss,
    multiclass_hinge_loss_gradient,
    numerical_gradient,
    quantile_loss,
    quantile_loss_gradient,
    softmax,
    squared_hinge_loss,
)
from dlfund._fast.pieces import CHUNK
from tests import references
from tests.agreement import assert_agrees
from tests.strategies import logits, targets_and_predictions

if importlib.util.find_spec("jax"):  # a peer where it is installed; the book does without
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    PEERS = ["central differences", "jax"]
else:
    PEERS = ["central differences"]

DTYPES = ["float32", "float64"]
REGRESSION: list[tuple[str, dict[str, Any]]] = [
    ("mse_loss", {}),
    ("mae_loss", {}),
    ("huber_loss", {}),
    ("huber_loss", {"delta": 0.3}),
    ("log_cosh_loss", {}),
    ("quantile_loss", {}),
    ("quantile_loss", {"q": 0.9}),
]
SIGNED: list[tuple[str, dict[str, Any]]] = [("hinge_loss", {}), ("squared_hinge_loss", {})]
BINARY: list[tuple[str, dict[str, Any]]] = [
    ("binary_cross_entropy_with_logits", {}),
    ("focal_loss", {}),
    ("focal_loss", {"gamma": 0}),
    ("focal_loss", {"gamma": 1.5, "alpha": 0.25}),
]
CLASSES: list[tuple[str, dict[str, Any]]] = [
    ("cross_entropy_loss", {}),
    ("cross_entropy_loss", {"label_smoothing": 0.1}),
    ("cross_entropy_loss", {"label_smoothing": 1}),
    ("multiclass_hinge_loss", {}),
    ("multiclass_hinge_loss", {"margin": 0.4}),
]
ALL = [*REGRESSION, *SIGNED, *BINARY, *CLASSES, ("kl_divergence", {})]
PAIRS = [*REGRESSION, *SIGNED, *BINARY]  # these take arrays of any shape
inf = np.inf


def arguments(name: str, dtype: str = "float64", n: int = 5, c: int = 7) -> tuple[Any, Any]:
    """Return valid arguments of a loss, the second of which is predicted."""
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal((n, c)).astype(dtype) for _ in range(2))
    if name in dict(SIGNED):
        return np.sign(y), x
    if name in dict(BINARY):
        return (y > 0).astype(dtype), x
    if name in dict(CLASSES):
        return rng.integers(0, c, n), x
    if name == "kl_divergence":
        return softmax(y), softmax(x)
    return y, x


def near(relative: float, absolute: float) -> Callable[[float], Any]:
    return lambda expected: pytest.approx(expected, rel=relative, abs=absolute)


def gradient(name: str) -> Any:
    return getattr(dlfund, f"{name}_gradient")


# The lab


def test_the_lab() -> None:
    y, p = [1, 2, 3, 4, 5], [1.1, 2.5, 2.8, 4.2, 4.5]
    assert mse_loss(y, p) == pytest.approx((0.01 + 0.25 + 0.04 + 0.04 + 0.25) / 5)
    assert mae_loss(y, p) == pytest.approx((0.1 + 0.5 + 0.2 + 0.2 + 0.5) / 5)
    assert huber_loss(y, p) == pytest.approx((0.01 + 0.25 + 0.04 + 0.04 + 0.25) / 2 / 5)
    labels, scores = [1, -1, 1, -1, 1], [0.8, -1.2, 0.3, 0.5, 1.5]
    assert hinge_loss(labels, scores) == pytest.approx((0.2 + 0 + 0.7 + 1.5 + 0) / 5)
    assert [round(f(y, p), 3) for f in (mse_loss, mae_loss, huber_loss)] == [0.118, 0.3, 0.059]
    assert round(hinge_loss(labels, scores), 2) == 0.48


# The formula


@pytest.mark.parametrize(("name", "parameters"), ALL)
@pytest.mark.parametrize("dtype", DTYPES)
def test_agrees_with_its_formula(name: str, parameters: dict[str, Any], dtype: str) -> None:
    y, x = arguments(name, dtype)
    exact = y.astype("float64") if y.dtype.kind == "f" else y
    expected = float(getattr(references, name)(exact, x.astype("float64"), **parameters))
    actual = getattr(dlfund, name)(y, x, **parameters)
    assert type(actual) is float
    assert actual == pytest.approx(expected, rel=1e-12 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize(("name", "parameters"), ALL)
@pytest.mark.parametrize("peer", PEERS)
def test_gradient_agrees_with(peer: str, name: str, parameters: dict[str, Any]) -> None:
    y, x = arguments(name)
    actual = gradient(name)(y, x, **parameters)
    if peer == "jax":
        formula = getattr(references, name)
        expected = jax.grad(lambda x: formula(y, x, **parameters, xp=jnp))(jnp.asarray(x))
        assert_agrees(expected, actual, np.float64)
    else:
        expected = numerical_gradient(lambda x: getattr(dlfund, name)(y, x, **parameters), x)
        np.testing.assert_allclose(actual, expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_gradient_in_float32(name: str, parameters: dict[str, Any]) -> None:
    y, x = arguments(name, "float32")
    exact = y.astype("float64") if y.dtype.kind == "f" else y
    expected = gradient(name)(exact, x.astype("float64"), **parameters)
    assert_agrees(expected, gradient(name)(y, x, **parameters), np.float32)


@pytest.mark.parametrize(("name", "parameters"), PAIRS)
def test_scalars(name: str, parameters: dict[str, Any]) -> None:
    y, x = (a[0, 0].item() for a in arguments(name))
    for function in (getattr(dlfund, name), gradient(name)):
        result = function(y, x, **parameters)
        assert type(result) is float
        assert result == pytest.approx(float(np.sum(function([y], [x], **parameters))), rel=1e-15)


@pytest.mark.parametrize(("name", "parameters"), [*PAIRS, ("kl_divergence", {})])
def test_mixed_precision_becomes_float64(name: str, parameters: dict[str, Any]) -> None:
    y, x = arguments(name)
    assert gradient(name)(y, x.astype("float32"), **parameters).dtype == np.float64
    assert gradient(name)(y.astype("float32"), x, **parameters).dtype == np.float64


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_nan_propagates(name: str, parameters: dict[str, Any]) -> None:
    y, x = arguments(name)
    for i in range(7):
        bad = x.copy()
        bad[3, i] = np.nan
        assert math.isnan(getattr(dlfund, name)(y, bad, **parameters))
        where = np.isnan(gradient(name)(y, bad, **parameters))
        assert where[3, i]
        assert not where[:3].any()
        assert not where[4:].any()


# Kinks


def test_gradients_at_their_kinks() -> None:
    assert mae_loss_gradient(2.0, 2.0) == 0
    assert huber_loss_gradient([0.0, 0.0], [1.0, -1.0]).tolist() == [0.5, -0.5]
    g = quantile_loss_gradient([2, 2, 2], [1, 2, 3], q=0.75)
    assert g.tolist() == [-0.75 / 3, 0, 0.25 / 3]
    assert hinge_loss_gradient([1, -1], [1.0, -1.0]).tolist() == [0, 0]
    assert multiclass_hinge_loss_gradient([0], [[1.0, 0.0]]).tolist() == [[0, 0]]


# Losses on errors: small, large and infinite


def test_log_cosh_keeps_its_digits() -> None:
    d = np.array([1e-150, 1e-8, 1e-3, 0.5, 3.0, 19.99, 20.01, 700.0, 1e4, 1e300])
    small = [1e-300 / 2, 1e-16 / 2, math.log1p(math.expm1(1e-3) ** 2 / (2 * math.exp(1e-3)))]
    moderate = [math.log(math.cosh(v)) for v in (0.5, 3.0, 19.99, 20.01, 700.0)]
    large = [1e4 - math.log(2), 1e300]
    actual = np.array([log_cosh_loss(0.0, v) for v in d])
    np.testing.assert_allclose(actual, [*small, *moderate, *large], rtol=1e-14)
    assert log_cosh_loss_gradient(0.0, 1e4) == 1
    assert log_cosh_loss_gradient(0.0, 1e-20) == 1e-20


def test_huber_does_not_overflow() -> None:
    assert huber_loss(0.0, 1e300, delta=2) == 2e300
    assert huber_loss(0.0, inf) == inf
    assert huber_loss(0.0, 1e-9) == 1e-18 / 2
    assert huber_loss_gradient([0.0, 0.0], [inf, -inf], delta=3).tolist() == [1.5, -1.5]


@pytest.mark.parametrize(("name", "parameters"), REGRESSION)
def test_infinite_errors(name: str, parameters: dict[str, Any]) -> None:
    function = getattr(dlfund, name)
    for p in (inf, -inf):
        assert function([0.0, 1.0], [p, 1.0], **parameters) == inf
        assert math.copysign(1, gradient(name)(0.0, p, **parameters)) == math.copysign(1, p)
    assert math.isnan(function(inf, inf, **parameters))


# Digits, and what fits


@pytest.mark.parametrize(("name", "parameters"), ALL)
@pytest.mark.parametrize("n", [1, 1000, 70_001])
def test_float32_keeps_six_digits(name: str, parameters: dict[str, Any], n: int) -> None:
    for seed in range(3):
        y, x = (np.resize(a, (n, *a.shape[1:])) for a in arguments(name, "float32", 1 + seed))
        if name == "kl_divergence":
            x = softmax(3 * x)
        y = y.copy()
        y[1:], x[1:] = y[0], x[0]  # equal terms are rounded alike
        exact = y.astype("float64") if y.dtype.kind == "f" else y
        expected = getattr(dlfund, name)(exact, x.astype("float64"), **parameters)
        assert getattr(dlfund, name)(y, x, **parameters) == near(5e-7, 0)(expected)


@pytest.mark.parametrize(
    ("name", "y", "x", "parameters"),
    [
        ("cross_entropy_loss", [0, 1], [[80.1, 0.3, -7.7], [0.3, 80.1, -7.7]], {}),
        ("multiclass_hinge_loss", [1], [[100.1, 101.05]], {}),
        ("kl_divergence", [0.5, 0.25, 0.25], [0.499, 0.251, 0.25], {}),
        ("focal_loss", [0], [-24.961632], {"gamma": 1.7}),
    ],
)
def test_float32_keeps_six_digits_of_what_nearly_cancels(
    name: str, y: list[float], x: list[Any], parameters: dict[str, Any]
) -> None:
    narrow = np.asarray(x, np.float32)
    target = np.asarray(y, None if name in dict(CLASSES) else np.float32)
    loss = getattr(dlfund, name)
    exact = loss(target.astype("float64"), narrow.astype("float64"), **parameters)
    assert loss(target, narrow, **parameters) == near(1e-6, 0)(exact)


def test_a_mean_that_fits_does_not_overflow() -> None:
    big = 1.7e308
    for loss in (mae_loss, log_cosh_loss, huber_loss):
        assert loss([0, 0], [big, big]) == near(1e-15, 0)(big)
    assert quantile_loss([0, 0, 0], [-big, -big, -big], q=0.9) == near(1e-15, 0)(0.9 * big)
    root = 1.3e154
    assert mse_loss([0, 0], [root, -root]) == near(1e-15, 0)(root**2)
    assert squared_hinge_loss([1, -1], [-root, root]) == near(1e-15, 0)(root**2)
    assert hinge_loss([1, -1], [-big, big]) == near(1e-15, 0)(big)
    assert binary_cross_entropy_with_logits([1, 0], [-big, big]) == near(1e-15, 0)(big)
    assert focal_loss([1, 0], [-big, big]) == near(1e-15, 0)(big)
    assert cross_entropy_loss([0, 0], [[0, big], [0, big]]) == near(1e-15, 0)(big)
    smooth = cross_entropy_loss([2], [[0, 0, big]], label_smoothing=0.5)
    assert smooth == near(1e-15, 0)(0.5 * (big / 3 + big / 3))
    two_rivals = multiclass_hinge_loss([2, 2], [[big, big, 0.0], [0.0, 0.0, 9.0]])
    assert two_rivals == near(1e-15, 0)(big)
    assert mae_loss([0, 0], [inf, big]) == inf
    narrow = np.float32(3e38)
    assert mae_loss(np.array([-narrow, 0]), np.array([narrow, 0])) == float(narrow)
    assert mse_loss(np.float32(0), narrow) == near(1e-15, 0)(float(narrow) ** 2)
    assert mse_loss_gradient([0, 0], [big, big]).tolist() == [big, big]


# Losses on logits: |logit| up to 1e4 and infinite


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("x", [1e4, 800.0, 50.0, inf])
def test_binary_losses_on_large_logits(x: float, dtype: str) -> None:
    def losses(y: int, logit: float) -> list[float]:
        a = np.array([y], dtype), np.array([logit], dtype)
        return [binary_cross_entropy_with_logits(*a), focal_loss(*a), focal_loss(*a, gamma=0)]

    def gradients(y: int, logit: float) -> list[float]:
        a = np.array([y], dtype), np.array([logit], dtype)
        both = binary_cross_entropy_with_logits_gradient, focal_loss_gradient
        return [float(f(*a)[0]) for f in both] + [float(focal_loss_gradient(*a, gamma=0)[0])]

    surprise = math.exp(-x) if dtype == "float64" or x < 100 else 0.0
    tiny = pytest.approx([surprise, surprise**3, surprise], rel=1e-6, abs=1e-300)
    assert losses(1, -x) == [x, x, x]
    assert losses(0, x) == [x, x, x]
    assert gradients(1, -x) == [-1, -1, -1]
    assert gradients(0, x) == [1, 1, 1]
    if dtype == "float64":
        assert losses(1, x) == tiny
        assert losses(0, -x) == tiny
    else:
        assert losses(1, x) == pytest.approx([surprise, surprise**3, surprise], rel=1e-5, abs=1e-37)


def test_gradients_keep_the_digits_of_what_is_nearly_learned() -> None:
    for x in (30.0, 100.0, 700.0):
        g = binary_cross_entropy_with_logits_gradient([1, 0], [x, -x])
        np.testing.assert_allclose(g, [-math.exp(-x) / 2, math.exp(-x) / 2], rtol=1e-12)
        g = cross_entropy_loss_gradient([0], [[x, 0.0, -inf]])
        np.testing.assert_allclose(g, [[-math.exp(-x), math.exp(-x), 0]], rtol=1e-12)
        assert cross_entropy_loss([0], [[x, 0.0]]) == pytest.approx(math.exp(-x), rel=1e-12)
    x = 30.0
    s = math.exp(-x)
    expected = -(s**2) * (2 * s + s)  # s^gamma (gamma (1 - s) softplus + s), softplus = s
    assert focal_loss_gradient(1, x) == pytest.approx(expected, rel=1e-12)


def test_a_class_without_weight_counts_nothing_however_wrong_it_is() -> None:
    inf = np.inf
    assert focal_loss([1, 0], [-inf, -inf], alpha=0) == 0
    assert focal_loss([0, 1], [inf, inf], alpha=1.0) == 0
    assert focal_loss([1, 0], [-inf, inf], alpha=0) == inf
    assert np.isnan(focal_loss([1, 0], [np.nan, 0], alpha=0))
    assert focal_loss_gradient([1, 0], [-inf, -inf], alpha=0).tolist() == [0, 0]


def test_cross_entropy_on_large_logits() -> None:
    z = [[1e4, -1e4, 0.0], [-1e4, 1e4, 0.0]]
    assert cross_entropy_loss([0, 1], z) == 0
    assert cross_entropy_loss([1, 0], z) == 2e4
    assert cross_entropy_loss([2, 2], z) == 1e4
    smooth = (1 - 0.3) * 0 + 0.3 / 3 * (0 + 2e4 + 1e4)
    assert cross_entropy_loss([0, 1], z, label_smoothing=0.3) == pytest.approx(smooth, rel=1e-15)
    np.testing.assert_array_equal(
        cross_entropy_loss_gradient([1, 0], z), [[0.5, -0.5, 0], [-0.5, 0.5, 0]]
    )


def test_cross_entropy_of_the_impossible() -> None:
    z = [[0.0, -inf]]
    assert cross_entropy_loss([0], z) == 0
    assert cross_entropy_loss([1], z) == inf
    assert cross_entropy_loss([0], z, label_smoothing=0.1) == inf
    assert math.isnan(cross_entropy_loss([0], [[-inf, -inf]]))


def test_cross_entropy_of_one_class_is_nothing() -> None:
    assert cross_entropy_loss([0, 0], [[3.0], [-7.0]]) == 0
    assert cross_entropy_loss_gradient([0, 0], [[3.0], [-7.0]]).tolist() == [[0.0], [0.0]]
    assert np.isnan(cross_entropy_loss_gradient([0], [[np.nan]])).all()


@pytest.mark.parametrize("smoothing", [0, 0.1, 1])
def test_rows_of_the_cross_entropy_gradient_sum_to_0(smoothing: float) -> None:
    g = cross_entropy_loss_gradient(*arguments("cross_entropy_loss"), label_smoothing=smoothing)
    np.testing.assert_allclose(g.sum(axis=1), 0, atol=1e-16)


def test_multiclass_hinge_sums_over_the_wrong_classes() -> None:
    scores = [[3.0, 2.5, 0.0], [1.0, 0.0, 0.0]]
    expected = (max(0, 1 + 2.5 - 3) + 0 + max(0, 1 + 1 - 0) + max(0, 1 + 0 - 0)) / 2
    assert multiclass_hinge_loss([0, 2], scores) == expected
    assert multiclass_hinge_loss([0, 2], scores, margin=0) == (0 + 0 + 1 + 0) / 2
    assert multiclass_hinge_loss([0], [[inf, 0.0]]) == 0
    assert multiclass_hinge_loss([1], [[inf, 0.0]]) == inf


# Divergence


def test_kl_divergence_at_the_edges() -> None:
    log2 = math.log(2)
    assert kl_divergence([0, 1], [0, 1]) == 0
    assert kl_divergence([0, 1], [0.5, 0.5]) == pytest.approx(log2)
    assert kl_divergence([0.5, 0.5], [0, 1]) == inf
    assert kl_divergence([[0.0, 1.0], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]) == pytest.approx(
        log2 / 2
    )
    assert kl_divergence_gradient([0, 1], [0, 1]).tolist() == [0, -1]
    assert kl_divergence_gradient([0.5, 0.5], [0, 1]).tolist() == [-inf, -0.5]
    assert kl_divergence_gradient([[0, 1]] * 2, [[0.5, 0.5]] * 2).tolist() == [[0, -1]] * 2


def test_kl_divergence_with_subnormal_numbers() -> None:
    tiny = 1e-320
    expected = 0.5 * math.log(0.5 / 1) + 0.5 * (math.log(0.5) - math.log(tiny))
    assert kl_divergence([0.5, 0.5], [1, tiny]) == pytest.approx(expected, rel=1e-12)
    assert kl_divergence([1, tiny], [0.5, 0.5]) == pytest.approx(math.log(2), rel=1e-12)


def test_kl_divergence_lets_nan_through_where_p_is_0() -> None:
    many = np.full((3, 500_000), 1 / 500_000, np.float32, order="F")
    assert (many @ np.ones(500_000, np.float32) < 0.999).any()  # float32 adds them up so badly
    assert kl_divergence(many, many) == 0
    assert math.isnan(kl_divergence([0, 1], [np.nan, 1]))
    assert math.isnan(kl_divergence([np.nan, 1], [0, 1]))
    assert np.isnan(kl_divergence_gradient([0, 1], [np.nan, 1])).tolist() == [True, False]


def test_kl_divergence_of_rounded_rows_is_that_of_the_scaled_rows() -> None:
    p, q = np.array([0.5, 0.4995]), np.array([0.5, 0.5])
    exact = kl_divergence(p / p.sum(), q)
    assert exact == near(1e-5, 0)((0.0005 / 0.9995) ** 2 / 2)  # half the sum of (p - q)^2 / q
    assert kl_divergence(p, q) == near(1e-9, 0)(exact)
    assert kl_divergence(q, p) == near(1e-9, 0)(kl_divergence(q, p / p.sum()))
    assert kl_divergence([p, q], [q, q]) == near(1e-9, 0)(exact / 2)
    np.testing.assert_array_equal(kl_divergence_gradient(q, p), -q / (p / p.sum()))
    assert kl_divergence_gradient(q.astype("float32"), p.astype("float32")).dtype == np.float32
    assert math.isnan(kl_divergence([p, np.array([np.nan, 1])], [q, q]))


@pytest.mark.parametrize("off", [1e-3, 1e-4, 1e-5, 9e-6, 1e-6, 1e-9, -1e-9, -1e-6, -9e-6, -1e-3])
@pytest.mark.parametrize("dtype", DTYPES)
def test_kl_divergence_is_never_negative(off: float, dtype: str) -> None:
    even = np.full((7, 11), 1 / 11, dtype)
    rounded = even * np.array(1 - 0.999 * off, dtype)
    assert 0 <= kl_divergence(even, rounded) < 2e-5
    assert 0 <= kl_divergence(rounded, even) < 2e-5
    rng = np.random.default_rng(0)
    for _ in range(31):
        p = rng.dirichlet(np.ones(11)).astype(dtype)
        assert kl_divergence(p, p + (p - p[::-1]) * np.array(1e-7, dtype)) >= 0


def test_kl_divergence_averages_over_all_other_axes() -> None:
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(7), (3, 5)), rng.dirichlet(np.ones(7), (3, 5))
    assert kl_divergence(p, q) == pytest.approx(special.rel_entr(p, q).sum(-1).mean(), rel=1e-13)
    assert_agrees(-p / q / 15, kl_divergence_gradient(p, q), np.float64)


@pytest.mark.parametrize("function", [kl_divergence, kl_divergence_gradient])
def test_kl_divergence_wants_distributions(function: Any) -> None:
    good, rows = [0.25, 0.75], [[0.5, 0.5], [0.5, 0.4]]
    for bad, what in [
        ([0.5, 0.6], "must sum to 1 along its last axis, got a sum of 1.1"),
        ([-0.5, 1.5], "must not be negative, got -0.5"),
        ([inf, 0.0], "must sum to 1 along its last axis, got a sum of inf"),
    ]:
        with pytest.raises(ValueError, match=f"^p {what}"):
            function(bad, good)
        with pytest.raises(ValueError, match=f"^q {what}"):
            function(good, bad)
    with pytest.raises(ValueError, match=r"q must sum to 1 along its last axis, got a sum of 0\.9"):
        function([good, good], rows)
    with pytest.raises(ValueError, match="p must be at least 1-D, got a scalar"):
        function(1.0, 1.0)
    function([0.333, 0.333, 0.333], [0.5, 0.25, 0.25])  # rounded probabilities will do


# What is refused


@pytest.mark.parametrize(("name", "parameters"), PAIRS)
def test_shapes_must_agree(name: str, parameters: dict[str, Any]) -> None:
    y, x = arguments(name)
    for function in (getattr(dlfund, name), gradient(name)):
        with pytest.raises(
            ValueError, match=r"must have the same shape, got \(5, 7\) and \(5, 1\)"
        ):
            function(y, x[:, :1], **parameters)
        with pytest.raises(ValueError, match="same shape"):
            function(y[0, 0], x[:1, 0], **parameters)


REFUSED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("huber_loss", {"delta": 0}, ValueError, "delta must be positive, got 0"),
    ("huber_loss", {"delta": -1.0}, ValueError, "delta must be positive"),
    ("huber_loss", {"delta": inf}, ValueError, "delta must be finite"),
    ("huber_loss", {"delta": np.nan}, ValueError, "delta must be finite"),
    ("huber_loss", {"delta": "1"}, TypeError, "delta must be a real number"),
    ("huber_loss", {"delta": True}, TypeError, "delta must be a real number"),
    ("quantile_loss", {"q": 0}, ValueError, r"q must lie in \(0, 1\), got 0"),
    ("quantile_loss", {"q": 1.0}, ValueError, r"q must lie in \(0, 1\), got 1.0"),
    ("quantile_loss", {"q": 1j}, TypeError, "q must be a real number"),
    ("multiclass_hinge_loss", {"margin": -0.1}, ValueError, "margin must lie in"),
    ("multiclass_hinge_loss", {"margin": None}, TypeError, "margin must be a real number"),
    ("focal_loss", {"gamma": -1}, ValueError, "gamma must lie in"),
    ("focal_loss", {"gamma": np.nan}, ValueError, "gamma must be finite"),
    ("focal_loss", {"alpha": 1.5}, ValueError, r"alpha must lie in \[0, 1\]"),
    ("focal_loss", {"alpha": "half"}, TypeError, "alpha must be a real number"),
    ("cross_entropy_loss", {"label_smoothing": -0.1}, ValueError, "label_smoothing must lie in"),
    ("cross_entropy_loss", {"label_smoothing": 1.1}, ValueError, "label_smoothing must lie in"),
    ("cross_entropy_loss", {"label_smoothing": [0]}, TypeError, "label_smoothing must be a real"),
]


@pytest.mark.parametrize(("name", "parameters", "error", "message"), REFUSED)
def test_parameters(
    name: str, parameters: dict[str, Any], error: type[Exception], message: str
) -> None:
    for function in (getattr(dlfund, name), gradient(name)):
        with pytest.raises(error, match=message):
            function(*arguments(name), **parameters)


@pytest.mark.parametrize("name", [name for name, _ in SIGNED])
def test_hinge_labels(name: str) -> None:
    for function in (getattr(dlfund, name), gradient(name)):
        for labels in ([0, 1], [1, 2], [1, np.nan], [True, False], [1, -1.5]):
            with pytest.raises(ValueError, match=r"y_true must hold labels in {-1, \+1}, got"):
                function(labels, [0.0, 0.0])


@pytest.mark.parametrize("name", sorted({name for name, _ in BINARY}))
def test_binary_labels(name: str) -> None:
    for function in (getattr(dlfund, name), gradient(name)):
        for labels in ([-1, 1], [0, 2], [0, np.nan], [0.5, 1]):
            with pytest.raises(ValueError, match=r"y_true must hold labels in \{0, 1\}, got"):
                function(labels, [0.0, 0.0])
        np.testing.assert_array_equal(
            function([True, False], [0.5, 0.5]), function([1, 0], [0.5, 0.5])
        )


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (cross_entropy_loss, "logits"),
        (cross_entropy_loss_gradient, "logits"),
        (multiclass_hinge_loss, "scores"),
        (multiclass_hinge_loss_gradient, "scores"),
    ],
)
def test_class_labels(function: Callable[..., Any], argument: str) -> None:
    x = np.zeros((3, 2))
    for labels in ([0, 1, 2], [0, 1, -1]):
        with pytest.raises(ValueError, match="labels must hold classes 0 to 1, got"):
            function(labels, x)
    for value in (0.5, np.nan, inf):
        with pytest.raises(ValueError, match="labels must hold whole numbers, got"):
            function([0, 1, value], x)
    with pytest.raises(ValueError, match=f"labels and {argument} must have the same length"):
        function([0, 1], x)
    with pytest.raises(ValueError, match="labels must be 1-D"):
        function([[0], [1], [0]], x)
    with pytest.raises(ValueError, match=f"{argument} must be 2-D"):
        function([0, 1, 0], x[:, 0])


@pytest.mark.parametrize("function", [multiclass_hinge_loss, multiclass_hinge_loss_gradient])
def test_the_multiclass_hinge_needs_a_rival(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="scores must hold at least 2 classes"):
        function([0], [[1.0]])


# Large arrays, in pieces


@pytest.mark.parametrize(("name", "parameters"), ALL)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("n", "c"), [(20011, 5), (499, 211), (2, 70001)])
def test_pieces_agree_with_the_whole(
    name: str, parameters: dict[str, Any], dtype: str, n: int, c: int
) -> None:
    if c == 70001 and name == "multiclass_hinge_loss":
        c = 33001  # the loop of the reference is slow
    y, x = arguments(name, dtype, n, c)
    assert x.size > CHUNK
    rows = [slice(i, i + n // 11 + 1) for i in range(0, n, n // 11 + 1)]
    parts = [getattr(dlfund, name)(y[r], x[r], **parameters) * len(x[r]) for r in rows]
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    actual = getattr(dlfund, name)(y, x, **parameters)
    assert actual == pytest.approx(sum(parts) / n, rel=tolerance)
    turned = (y[::-1], np.asfortranarray(x)[::-1])
    assert getattr(dlfund, name)(*turned, **parameters) == pytest.approx(actual, rel=tolerance)
    whole = gradient(name)(y, x, **parameters)
    assert whole.shape == x.shape
    assert whole.dtype == x.dtype
    expected = np.concatenate(
        [gradient(name)(y[r], x[r], **parameters) * (len(x[r]) / n) for r in rows]
    )
    assert_agrees(expected, whole, dtype)


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_little_memory_beyond_the_output(name: str, parameters: dict[str, Any]) -> None:
    y, x = arguments(name, n=1 << 17, c=8)
    for function in (getattr(dlfund, name), gradient(name)):
        tracemalloc.start()
        result = function(y, x, **parameters)
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert np.shape(result) in ((), x.shape)
        assert peak - kept < 6e6  # the arrays have 8; some vectors of one value per row are used


# Peers


@given(targets_and_predictions())
def test_agrees_with_scikit_learn(pair: tuple[Any, Any]) -> None:
    y, p = pair
    exact = y.ravel().astype("float64"), p.ravel().astype("float64")
    tolerance = 1e-12 if y.dtype == p.dtype == np.float64 else 1e-5
    close = near(tolerance, 1e-300)
    assert mse_loss(y, p) == close(metrics.mean_squared_error(*exact))
    assert mae_loss(y, p) == close(metrics.mean_absolute_error(*exact))
    pinball = metrics.mean_pinball_loss(*exact, alpha=0.3)
    assert quantile_loss(y, p, q=0.3) == close(pinball)
    huber = special.huber(0.7, exact[1] - exact[0]).mean()
    assert huber_loss(y, p, delta=0.7) == close(huber)
    if (exact[0] != 0).all():
        sign = np.sign(y)
        expected = metrics.hinge_loss([-1, 1, *np.sign(exact[0])], [-9, 9, *exact[1]])
        assert hinge_loss(sign, p) * y.size / (y.size + 2) == close(expected)


@given(logits())
def test_cross_entropy_agrees_with_scipy(z: Any) -> None:
    labels = np.arange(len(z)) % z.shape[1]
    exact = z.astype("float64")
    expected = -special.log_softmax(exact, axis=1)[np.arange(len(z)), labels].mean()
    tolerance = 1e-12 if z.dtype == np.float64 else 1e-5
    close = near(tolerance, tolerance)
    assert cross_entropy_loss(labels, z) == close(expected)
    y = (labels % 2 == 1)[:, None] * np.ones(z.shape)
    expected = -special.log_expit((2 * y - 1) * exact).mean()
    assert binary_cross_entropy_with_logits(y, z) == close(expected)


# Properties


@given(targets_and_predictions())
def test_relations_between_the_losses(pair: tuple[Any, Any]) -> None:
    y, p = (a.astype("float64") for a in pair)
    close = near(1e-12, 1e-12)
    assert quantile_loss(y, p) == close(mae_loss(y, p) / 2)
    assert huber_loss(y, p, delta=1e6) == close(mse_loss(y, p) / 2)
    assert huber_loss(y, p) <= min(mse_loss(y, p) / 2, mae_loss(y, p)) * (1 + 1e-12)
    assert log_cosh_loss(y, p) <= min(mse_loss(y, p) / 2, mae_loss(y, p)) * (1 + 1e-12)
    for loss in (mse_loss, mae_loss, huber_loss, log_cosh_loss):
        assert loss(y, p) == close(loss(p, y))
        assert loss(y, y) == 0
    labels = np.where(y >= 0, 1, -1)
    assert squared_hinge_loss(labels, p) >= hinge_loss(labels, p) ** 2 * (1 - 1e-12)


@given(logits())
def test_divergence_is_not_negative(z: Any) -> None:
    p, q = softmax(z.astype("float64") / 1000), softmax(z[::-1, ::-1].astype("float64") / 1000)
    assert kl_divergence(p, q) >= -1e-12
    assert kl_divergence(p, p) == 0
    labels = z[:, 0] > 0
    no_focus = focal_loss(labels, z[:, 0], gamma=0)
    assert no_focus == pytest.approx(binary_cross_entropy_with_logits(labels, z[:, 0]))
    assert focal_loss(labels, z[:, 0]) <= no_focus
