import importlib.util
import math
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy import special

import dlfund
from dlfund import (
    elu,
    gelu,
    gelu_derivative,
    leaky_relu,
    log_softmax,
    logsumexp,
    mish,
    numerical_gradient,
    relu,
    relu_derivative,
    selu,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_backward,
    softplus,
    swish,
    tanh,
    tanh_derivative,
)
from dlfund._fast.pieces import AT_ONCE, PAIRWISE
from tests import references
from tests.agreement import assert_agrees
from tests.strategies import logits, pre_activations

if importlib.util.find_spec("jax"):  # a peer where it is installed; the book does without
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    PEERS = ["central differences", "jax"]
else:
    PEERS = ["central differences"]

DTYPES = ["float32", "float64"]
ELEMENTWISE: list[tuple[str, dict[str, Any]]] = [
    ("relu", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"alpha": 0.3}),
    ("leaky_relu", {"alpha": 1.7}),
    ("leaky_relu", {"alpha": 0}),
    ("leaky_relu", {"alpha": -0.2}),
    ("elu", {}),
    ("elu", {"alpha": 2.3}),
    ("elu", {"alpha": -0.7}),
    ("selu", {}),
    ("sigmoid", {}),
    ("tanh", {}),
    ("softplus", {}),
    ("swish", {}),
    ("swish", {"beta": 1.9}),
    ("swish", {"beta": 0}),
    ("swish", {"beta": -1.3}),
    ("gelu", {}),
    ("gelu", {"approximate": "none"}),
    ("mish", {}),
]
SOFTMAX = [softmax, log_softmax, logsumexp]


def random(*shape: int, dtype: str = "float64", scale: float = 2.0) -> Any:
    return (scale * np.random.default_rng(0).standard_normal(shape)).astype(dtype)


def derivative(name: str) -> Any:
    return getattr(dlfund, f"{name}_derivative")


# The lab


def test_the_lab() -> None:
    z = np.array([-2, -1, 0, 1, 2])
    assert_agrees([0, 0, 0, 1, 2], relu(z), np.float64)
    assert_agrees([0, 0, 0, 1, 1], relu_derivative(z), np.float64)
    assert_agrees([-0.02, -0.01, 0, 1, 2], leaky_relu(z), np.float64)
    assert_agrees([math.exp(-2) - 1, math.exp(-1) - 1, 0, 1, 2], elu(z), np.float64)
    assert_agrees([v / (1 + math.exp(-v)) for v in z], swish(z), np.float64)
    assert_agrees([math.tanh(v) for v in z], tanh(z), np.float64)
    assert_agrees([1 - math.tanh(v) ** 2 for v in z], tanh_derivative(z), np.float64)
    cubic = [math.sqrt(2 / math.pi) * (v + 0.044715 * v**3) for v in z.tolist()]
    assert_agrees(
        [v / 2 * (1 + math.tanh(u)) for v, u in zip(z, cubic, strict=True)], gelu(z), np.float64
    )


def test_the_lab_on_dying_relu() -> None:
    rng = np.random.RandomState(42)  # the stream of np.random.seed(42)
    weights = rng.randn(10) - 1.5
    z = rng.randn(200, 10) @ weights - 2
    assert (z < 0).sum() == 153
    assert (relu(z) == 0).sum() == 153
    assert (leaky_relu(z) == 0).sum() == 0


# The formula


@pytest.mark.parametrize(("name", "parameters"), ELEMENTWISE)
@pytest.mark.parametrize("dtype", DTYPES)
def test_agrees_with_its_formula(name: str, parameters: dict[str, Any], dtype: str) -> None:
    z = random(3, 5, 7, dtype=dtype)
    expected = getattr(references, name)(z.astype("float64"), **parameters)
    assert_agrees(expected, getattr(dlfund, name)(z, **parameters), dtype)


@pytest.mark.parametrize(("name", "parameters"), ELEMENTWISE)
@pytest.mark.parametrize("peer", PEERS)
def test_derivative_agrees_with(peer: str, name: str, parameters: dict[str, Any]) -> None:
    z, formula = random(3, 5, 7), getattr(references, name)
    actual = derivative(name)(z, **parameters)
    if peer == "jax":
        extra = {"erf": jax.scipy.special.erf} if name == "gelu" else {}
        expected = jax.grad(lambda z: formula(z, **parameters, xp=jnp, **extra).sum())(z)
        assert_agrees(expected, actual, np.float64)
    else:
        expected = numerical_gradient(lambda z: formula(z, **parameters).sum(), z)
        np.testing.assert_allclose(actual, expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(("name", "parameters"), ELEMENTWISE)
def test_derivative_in_float32(name: str, parameters: dict[str, Any]) -> None:
    z = random(3, 5, 7, dtype="float32")
    expected = derivative(name)(z.astype("float64"), **parameters)
    assert_agrees(expected, derivative(name)(z, **parameters), np.float32)


def test_derivatives_where_the_slope_jumps() -> None:
    assert relu_derivative(0.0) == 0
    assert dlfund.leaky_relu_derivative(0.0, alpha=0.3) == 0.3
    assert dlfund.elu_derivative(0.0, alpha=0.3) == 0.3


def test_selu_keeps_mean_0_and_variance_1() -> None:
    z = np.linspace(-12, 12, 24 * 4096 + 1)
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    assert np.trapezoid(selu(z) * density, z) == pytest.approx(0, abs=1e-8)
    assert np.trapezoid(selu(z) ** 2 * density, z) == pytest.approx(1, abs=1e-8)


# The limits


inf = np.inf
LIMITS: list[tuple[str, dict[str, Any], list[float], list[float]]] = [
    # name, parameters, values at -inf and inf, slopes at -inf and inf
    ("relu", {}, [0, inf], [0, 1]),
    ("leaky_relu", {}, [-inf, inf], [0.01, 1]),
    ("leaky_relu", {"alpha": 0}, [0, inf], [0, 1]),
    ("leaky_relu", {"alpha": -2.0}, [inf, inf], [-2, 1]),
    ("elu", {}, [-1, inf], [0, 1]),
    ("elu", {"alpha": 0}, [0, inf], [0, 1]),
    ("elu", {"alpha": 3.0}, [-3, inf], [0, 1]),
    ("selu", {}, [-1.0507009873554805 * 1.6732632423543772, inf], [0, 1.0507009873554805]),
    ("sigmoid", {}, [0, 1], [0, 0]),
    ("tanh", {}, [-1, 1], [0, 0]),
    ("softplus", {}, [0, inf], [0, 1]),
    ("swish", {}, [0, inf], [0, 1]),
    ("swish", {"beta": 1e-3}, [0, inf], [0, 1]),
    ("swish", {"beta": 1e300}, [0, inf], [0, 1]),
    ("swish", {"beta": -1e300}, [-inf, 0], [1, 0]),
    ("swish", {"beta": 0}, [-inf, inf], [0.5, 0.5]),
    ("swish", {"beta": -1.0}, [-inf, 0], [1, 0]),
    ("gelu", {}, [0, inf], [0, 1]),
    ("gelu", {"approximate": "none"}, [0, inf], [0, 1]),
    ("mish", {}, [0, inf], [0, 1]),
]


@pytest.mark.parametrize(("name", "parameters", "values", "slopes"), LIMITS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_limits_and_nan(
    name: str, parameters: dict[str, Any], values: list[float], slopes: list[float], dtype: str
) -> None:
    z = np.array([-inf, inf, np.nan], dtype)
    for function, expected in ((getattr(dlfund, name), values), (derivative(name), slopes)):
        actual = function(z, **parameters)
        np.testing.assert_allclose(actual, np.array([*expected, np.nan], dtype), rtol=1e-7)
        assert math.isnan(function(math.nan, **parameters))


@pytest.mark.parametrize("name", ["leaky_relu", "leaky_relu_derivative", "elu", "elu_derivative"])
def test_alpha_is_finite_in_the_precision_of_z(name: str) -> None:
    function = getattr(dlfund, name)
    assert np.isfinite(function(np.array([1.0, -1.0]), 1e39)).all()
    with pytest.raises(ValueError, match=r"^alpha must be finite in float32, got 1e\+39"):
        function(np.array([1, -1], np.float32), 1e39)


@pytest.mark.parametrize(("name", "parameters", "values", "slopes"), LIMITS)
def test_far_out_it_is_at_its_limit(
    name: str, parameters: dict[str, Any], values: list[float], slopes: list[float]
) -> None:
    function, slope = getattr(dlfund, name), derivative(name)
    for z, value, rise in zip([-1e6, 1e6], values, slopes, strict=True):
        expected = value if math.isfinite(value) else abs(z) * rise * math.copysign(1, value)
        if name == "leaky_relu" and z < 0 and value != 0:
            expected = parameters.get("alpha", 0.01) * z
        assert function(z, **parameters) == pytest.approx(expected, rel=1e-15, abs=1e-300)
        assert slope(z, **parameters) == pytest.approx(rise, rel=1e-15, abs=1e-300)


def test_what_the_naive_formulas_lose() -> None:
    assert elu(-1e-20) == -1e-20
    assert elu(-1e4) == -1
    assert sigmoid(-1000) == 0
    assert sigmoid(-700) == pytest.approx(math.exp(-700), rel=1e-15)
    assert sigmoid_derivative(40) == pytest.approx(math.exp(-40), rel=1e-15)
    assert tanh_derivative(-30) == pytest.approx(4 * math.exp(-60), rel=1e-15)
    assert softplus(-40) == pytest.approx(math.exp(-40), rel=1e-15)
    assert mish(-40) == pytest.approx(-40 * math.exp(-40), rel=1e-14)
    assert swish(-740) == pytest.approx(-740 * math.exp(-740), rel=1e-6)  # a subnormal number
    assert gelu(1e200) == 1e200
    assert gelu(-1e200) == 0


# GELU with the normal distribution


def test_gelu_against_scipy() -> None:
    z = np.concatenate([np.linspace(-37, 9, 4603), [-1e-300, 1e-300, -1e-9, 0.5, 14.5]])
    tail = special.ndtr(z)
    np.testing.assert_allclose(gelu(z, "none"), z * tail, rtol=5e-13)  # SciPy's own error
    slope = tail + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    np.testing.assert_allclose(gelu_derivative(z, "none"), slope, rtol=1e-12, atol=1e-16)


def test_gelu_in_float32() -> None:
    z = np.linspace(-12.5, 9, 4603, dtype="float32")
    exact = gelu(z.astype("float64"), "none")
    np.testing.assert_allclose(gelu(z, "none"), exact, rtol=1e-6)


@pytest.mark.parametrize(
    ("z", "tail"),
    [  # the normal distribution function, 16 digits, from 50-digit arithmetic
        (-1.0, 0.1586552539314570514),
        (-5.0, 2.866515718791939117e-07),
        (-10.0, 7.619853024160526065e-24),
        (-20.0, 2.753624118606233695e-89),
        (-37.0, 5.725571222524576719e-300),
    ],
)
def test_gelu_far_into_the_tail(z: float, tail: float) -> None:
    assert gelu(z, approximate="none") == pytest.approx(z * tail, rel=1e-15)


def test_the_forms_of_gelu_are_close() -> None:
    z = np.linspace(-6, 6, 1201)
    assert np.abs(gelu(z) - gelu(z, "none")).max() == pytest.approx(0.00047, abs=1e-5)


@pytest.mark.parametrize("function", [gelu, gelu_derivative])
@pytest.mark.parametrize("word", ["erf", "TANH", None, True])
def test_gelu_knows_two_forms(function: Any, word: Any) -> None:
    with pytest.raises(ValueError, match="approximate must be 'tanh' or 'none', got"):
        function(1.0, approximate=word)


# Large arrays, in pieces


@pytest.mark.parametrize(("name", "parameters"), ELEMENTWISE)
@pytest.mark.parametrize("dtype", DTYPES)
def test_pieces_give_the_same_bits(name: str, parameters: dict[str, Any], dtype: str) -> None:
    z = random(541, 499, dtype=dtype, scale=5)
    assert z.size > AT_ONCE
    z[0, :3] = -np.inf, np.inf, np.nan
    for function in (getattr(dlfund, name), derivative(name)):
        whole = np.stack([function(row, **parameters) for row in z])
        for view in (z, z[::-1], z[:, ::-1], z.T, z[::2, 1::3], np.asfortranarray(z)):
            actual = function(view, **parameters)
            assert actual.dtype == z.dtype
            assert not np.shares_memory(actual, view)
        np.testing.assert_array_equal(function(z, **parameters), whole)
        np.testing.assert_array_equal(function(z[::-1], **parameters), whole[::-1])
        np.testing.assert_array_equal(function(z[::2, 1::3].T, **parameters), whole[::2, 1::3].T)


@pytest.mark.parametrize("name", ["relu", "swish", "gelu_derivative", "softmax", "log_softmax"])
@pytest.mark.parametrize("shape", [(1 << 21,), (1 << 18, 8), (3, 1 << 19), (1 << 10, 1 << 11)])
def test_little_memory_beyond_the_output(name: str, shape: tuple[int, ...]) -> None:
    z = np.zeros(shape)
    view = z[..., ::2]
    getattr(dlfund, name)(view)
    tracemalloc.start()
    result = getattr(dlfund, name)(view)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.nbytes == z.nbytes / 2
    assert peak - kept < 6e6  # a few pieces; one row and its copy where rows are longer


# The softmax family


@pytest.mark.parametrize("function", SOFTMAX)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_softmax_agrees_with_its_formula(function: Any, dtype: str, axis: int) -> None:
    z = random(3, 5, 7, dtype=dtype)
    expected = getattr(references, function.__name__)(z.astype("float64"), axis)
    assert_agrees(expected, function(z, axis), dtype)


@pytest.mark.parametrize("function", SOFTMAX)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        ((50021, 3), 1),  # many short rows
        ((3, 50021), 1),  # a few that are longer than a piece
        ((50021, 3), 0),
        ((89, 5, 7, 31), 1),
        ((PAIRWISE - 1, 997), 0),
        ((PAIRWISE + 3, 997), 0),
        ((997, PAIRWISE + 3), -1),
        ((100003,), 0),
    ],
)
def test_softmax_of_large_arrays(
    function: Any, dtype: str, shape: tuple[int, ...], axis: int
) -> None:
    z = random(*shape, dtype=dtype)
    peer = getattr(special, function.__name__)
    expected = peer(z.astype("float64"), axis=axis)
    if function is logsumexp and z.ndim == 1:
        assert function(z, axis) == pytest.approx(float(expected), rel=1e-6)
        return
    assert_agrees(expected, function(z, axis), dtype)
    turned = np.asfortranarray(z)[::-1]
    assert_agrees(peer(turned.astype("float64"), axis=axis), function(turned, axis), dtype)


def test_softmax_at_the_edges() -> None:
    z = np.array([[1e4, 0, 1e4], [-1e4, -np.inf, -1e4], [0, -1e4, -np.inf]])
    assert_agrees([[0.5, 0.0, 0.5], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]], softmax(z), np.float64)
    log2 = math.log(2)
    logs: list[list[float]] = [
        [-log2, -1e4 - log2, -log2],
        [-log2, -np.inf, -log2],
        [0.0, -1e4, -np.inf],
    ]
    assert_agrees(logs, log_softmax(z), np.float64)
    assert_agrees([1e4 + log2, -1e4 + log2, 0], logsumexp(z), np.float64)


def test_softmax_of_nothing_but_minus_infinity() -> None:
    z = np.array([[-np.inf, -np.inf], [0, 0]])
    np.testing.assert_array_equal([[np.nan, np.nan], [0.5, 0.5]], softmax(z))
    np.testing.assert_array_equal([True, True], np.isnan(log_softmax(z)[0]))
    np.testing.assert_allclose(logsumexp(z), [-np.inf, math.log(2)])


def test_softmax_of_plus_infinity_and_nan() -> None:
    for value in (np.inf, np.nan):
        z = [[value, 0.0], [0.0, 0.0]]
        assert np.isnan(softmax(z)).tolist() == [[True, True], [False, False]]
        assert np.isnan(log_softmax(z)).tolist() == [[True, True], [False, False]]
    assert logsumexp([np.inf, 0]) == np.inf
    assert logsumexp([np.inf, -np.inf]) == np.inf
    assert logsumexp([np.inf, np.inf]) == np.inf
    assert math.isnan(logsumexp([np.nan, np.inf]))
    assert math.isnan(logsumexp([np.nan, -np.inf]))


def test_logsumexp_keeps_the_digits_of_the_small_terms() -> None:
    assert logsumexp([0, -50]) == pytest.approx(math.exp(-50), rel=1e-15)
    assert_agrees([-math.exp(-50), -50], log_softmax([0, -50]), np.float64)
    assert log_softmax([0, -50])[0] == pytest.approx(-math.exp(-50), rel=1e-15)
    assert logsumexp([0, 0, -50]) == pytest.approx(math.log(2), rel=1e-15)


def test_softmax_of_one_class() -> None:
    assert softmax([[3.0], [-7.0]]).tolist() == [[1.0], [1.0]]
    assert log_softmax([[3.0], [-7.0]]).tolist() == [[0.0], [0.0]]
    assert logsumexp([[3.0], [-7.0]]).tolist() == [3.0, -7.0]


def test_logsumexp_of_one_row_is_a_float() -> None:
    assert type(logsumexp(np.zeros(3, "float32"))) is float


@pytest.mark.parametrize("function", SOFTMAX)
def test_softmax_refuses_axes(function: Any) -> None:
    with pytest.raises(ValueError, match="axis must be from -2 to 1, got 2"):
        function(np.zeros((2, 3)), axis=2)
    with pytest.raises(TypeError, match="axis must be an integer"):
        function(np.zeros((2, 3)), axis=1.0)
    with pytest.raises(ValueError, match="z must be at least 1-D, got a scalar"):
        function(1.0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_backward(dtype: str, axis: int) -> None:
    z, g = random(3, 5, 7, dtype=dtype), random(7, 5, 3, dtype=dtype).T
    actual = softmax_backward(g, z, axis)
    exact = z.astype("float64")
    expected = numerical_gradient(lambda z: float((g * references.softmax(z, axis)).sum()), exact)
    np.testing.assert_allclose(actual, expected, atol=1e-6 if dtype == "float32" else 1e-9)
    assert actual.dtype == z.dtype
    if "jax" in PEERS:
        _, backward = jax.vjp(lambda z: jax.nn.softmax(z, axis), exact)
        assert_agrees(backward(g.astype("float64"))[0], actual, dtype)


@pytest.mark.parametrize("shape", [(70001,), (70001, 3), (3, 70001)])
def test_softmax_backward_of_large_arrays(shape: tuple[int, ...]) -> None:
    z, g = random(*shape), np.flip(random(*shape))
    s = special.softmax(z, axis=-1)
    expected = s * (g - (g * s).sum(axis=-1, keepdims=True))
    assert_agrees(expected, softmax_backward(g, z), np.float64)


def test_softmax_backward_takes_the_higher_precision() -> None:
    g, z = random(3, 5), random(3, 5, dtype="float32")
    assert softmax_backward(g, z).dtype == np.float64
    with pytest.raises(ValueError, match="grad_output and z must have the same shape"):
        softmax_backward(g[:, :1], z)


# Properties


@given(pre_activations())
def test_the_gates_are_symmetric(z: Any) -> None:
    dtype = z.dtype
    assert_agrees(1 - sigmoid(z).astype("float64"), sigmoid(-z), dtype, scale=1)
    assert_agrees(-tanh(z), tanh(-z), dtype)
    for gated in (swish, gelu, lambda z: gelu(z, "none")):
        assert_agrees(z, gated(z) - gated(-z), dtype)  # the gates at z and -z sum to 1
    right, left = softplus(z), softplus(-z)
    assert_agrees(z, right - left, dtype, scale=float(np.maximum(right, left).max(initial=0)))
    assert_agrees(swish(z, beta=-0.5), -swish(-z, beta=0.5), dtype)


@given(pre_activations())
def test_the_rectifiers_agree_with_relu_on_the_right(z: Any) -> None:
    right = z > 0
    for function in (leaky_relu, elu, relu):
        np.testing.assert_array_equal(function(z)[right], z[right])
    np.testing.assert_array_equal(relu(z), z * relu_derivative(z) + 0)


@given(pre_activations())
def test_sigmoids_never_fall(z: Any) -> None:
    z = np.sort(z, axis=None)
    for function in (relu, leaky_relu, elu, selu, sigmoid, tanh, softplus):
        values = function(z).astype("float64")
        assert (np.diff(values) >= -1e-6 * np.abs(values[1:])).all()


@given(logits())
def test_softmax_is_a_distribution_and_ignores_a_shift(z: Any) -> None:
    s = softmax(z)
    assert (s >= 0).all()
    np.testing.assert_allclose(s.sum(axis=-1, dtype="float64"), 1, rtol=1e-6)
    shifted = z.astype("float64") + 2.0**10  # exact, for logits of few bits
    assert_agrees(softmax(z.astype("float64")), softmax(shifted), np.float64)


@given(logits())
def test_softmax_family_agrees_with_scipy(z: Any) -> None:
    exact = z.astype("float64")
    assert_agrees(special.softmax(exact, axis=-1), softmax(z), z.dtype, scale=1)
    assert_agrees(special.log_softmax(exact, axis=-1), log_softmax(z), z.dtype)
    assert_agrees(special.logsumexp(exact, axis=-1), logsumexp(z), z.dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("low", [-7.0, -16.0, -30.0, -80.0])
def test_what_little_the_others_add_keeps_its_digits(low: float, dtype: str) -> None:
    exact = math.log1p(2 * math.exp(low))
    tolerance = 1e-6 if dtype == "float32" else 1e-15
    z = np.array([low, 0, low], dtype)
    assert_agrees([low - exact, -exact, low - exact], log_softmax(z), dtype)
    assert log_softmax(z)[1] == pytest.approx(-exact, rel=tolerance, abs=0)
    assert logsumexp(z) == pytest.approx(exact, rel=tolerance, abs=0)


@given(logits())
def test_logsumexp_is_a_smooth_maximum(z: Any) -> None:
    top = z.max(axis=-1)
    excess = logsumexp(z.astype("float64")) - top
    assert (excess >= 0).all()
    assert (excess <= math.log(z.shape[-1]) * (1 + 1e-9) + 1e-11).all()
