"""What every public function promises, asked of all of them in one table."""

import inspect
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import dlfund
from dlfund import MLP, Perceptron
from tests.agreement import TOLERANCE


class Call(NamedTuple):
    """A valid call: array arguments, whole numbers throughout, and the rest."""

    function: Callable[..., Any]
    arrays: dict[str, Any]
    options: Mapping[str, Any] = MappingProxyType({})
    keeps: bool = True  # the precision; otherwise results are float64 counts or int64
    scalars: bool = False  # takes numbers as well as arrays

    def __call__(self, **arrays: Any) -> Any:
        return self.function(**{**self.arrays, **arrays}, **self.options)


def integers(*shape: int, low: int = -3, high: int = 4) -> Any:
    return np.random.default_rng(0).integers(low, high, shape)


def perceptron(**options: Any) -> Perceptron:
    unit = Perceptron(3)
    unit.weights, unit.bias = np.array([1.0, -2.0, 3.0]), 1.0
    return unit


def fit_perceptron(X: Any, y: Any, **options: Any) -> Any:
    unit = Perceptron(3)
    return unit.fit(X, y, **options), unit.weights, unit.bias


def fit_mlp(X: Any, y: Any) -> Any:
    net = MLP((3, 5, 2))
    return net.fit(X, y, lr=0.1, n_epochs=2), *net.weights, *net.biases


Z = integers(3, 5, 7)
Y, P = integers(3, 5), integers(3, 5)[::-1]
SIGNS = np.where(Y > 0, 1, -1)
BITS = (Y > 0).astype(int)
LABELS, SCORES = integers(5, low=0, high=3), integers(5, 3)
ONE_HOT = np.eye(3, dtype=int)[LABELS]
TRUE = np.array([0, 1, 1, 0, 1, 0, 1])
RANKED = np.array([1, 5, 3, 3, 4, 2, 5])
CERTAIN = np.array([0, 1, 0, 0, 1, 1, 1])
X3 = np.array([[2, 1, 0], [1, 3, 1], [3, 1, -1], [-1, -2, 0], [-3, -1, 1], [-1, -1, -2]])
Y3 = np.array([1, 1, 1, -1, -1, -1])
IMAGE, BATCH = integers(7, 11), integers(2, 3, 7, 11)

ELEMENTWISE = [
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "sigmoid",
    "tanh",
    "softplus",
    "swish",
    "gelu",
    "mish",
]
ERRORS = ["mse_loss", "mae_loss", "huber_loss", "log_cosh_loss", "quantile_loss"]
LOSSES: dict[str, dict[str, Any]] = {
    **{name: {"y_true": Y, "y_pred": P} for name in ERRORS},
    "hinge_loss": {"y_true": SIGNS, "y_pred": P},
    "squared_hinge_loss": {"y_true": SIGNS, "y_pred": P},
    "binary_cross_entropy_with_logits": {"y_true": BITS, "logits": P},
    "focal_loss": {"y_true": BITS, "logits": P},
    "multiclass_hinge_loss": {"labels": LABELS, "scores": SCORES},
    "cross_entropy_loss": {"labels": LABELS, "logits": SCORES},
    "kl_divergence": {"p": ONE_HOT, "q": ONE_HOT},
}
BINARY_METRICS = ["compute_roc", "rank_auc", "precision_recall_curve", "average_precision"]
CONFUSION = ["confusion_matrix", "accuracy", "precision", "recall", "f1_score", "matthews_corrcoef"]
CALIBRATION = ["brier_score", "calibration_curve", "expected_calibration_error"]


def table() -> Iterator[tuple[str, Call]]:
    for name in ELEMENTWISE:
        for function in (name, f"{name}_derivative"):
            yield function, Call(getattr(dlfund, function), {"z": Z}, scalars=True)
    for name in ("gelu", "gelu_derivative"):
        exact = Call(getattr(dlfund, name), {"z": Z}, {"approximate": "none"}, scalars=True)
        yield f"{name}: exact", exact
    for name in ("softmax", "log_softmax", "logsumexp"):
        yield name, Call(getattr(dlfund, name), {"z": Z}, {"axis": 1})
    yield "softmax_backward", Call(dlfund.softmax_backward, {"grad_output": Z[::-1], "z": Z})

    for name, arrays in LOSSES.items():
        pairs = name not in ("multiclass_hinge_loss", "cross_entropy_loss", "kl_divergence")
        for function in (name, f"{name}_gradient"):
            yield function, Call(getattr(dlfund, function), arrays, scalars=pairs)
    yield (
        "focal_loss_gradient: weighted",
        Call(dlfund.focal_loss_gradient, LOSSES["focal_loss"], {"gamma": 0.5, "alpha": 0.25}),
    )

    for name in ("cross_correlation_1d", "convolve_1d"):
        arrays = {"signal": integers(11), "kernel": integers(3)}
        yield name, Call(getattr(dlfund, name), arrays)
    for name in ("cross_correlation_2d", "convolve_2d"):
        yield name, Call(getattr(dlfund, name), {"image": IMAGE, "kernel": integers(3, 5)})
    yield (
        "conv2d_with_stride_padding",
        Call(
            dlfund.conv2d_with_stride_padding,
            {"image": IMAGE, "kernel": integers(3, 5)},
            {"stride": 2, "padding": 1},
        ),
    )
    layer = {"x": BATCH, "weight": integers(5, 3, 3, 2)}
    strided: dict[str, Any] = {"stride": 2, "padding": 1}
    yield "conv2d", Call(dlfund.conv2d, {**layer, "bias": integers(5)}, strided)
    gradient = {"grad_output": integers(2, 5, 4, 6), **layer}
    yield "conv2d_backward", Call(dlfund.conv2d_backward, gradient, strided)
    upward = {"x": BATCH, "weight": integers(3, 5, 3, 2), "bias": integers(5)}
    yield "conv_transpose2d", Call(dlfund.conv_transpose2d, upward, strided)
    yield "im2col", Call(dlfund.im2col, {"x": BATCH}, {"kernel_size": (3, 2), **strided})
    yield "im2col: one column", Call(dlfund.im2col, {"x": BATCH}, {"kernel_size": (7, 11)})
    columns = {"columns": integers(2, 3 * 3 * 2, 4 * 6)}
    sizes = {"output_size": (7, 11), "kernel_size": (3, 2), **strided}
    yield "col2im", Call(dlfund.col2im, columns, sizes)
    yield "separate", Call(dlfund.separate, {"kernel": np.outer([1, 2, 1], [1, 0, -1])})

    for name in ("max_pool_2d", "avg_pool_2d"):
        yield name, Call(getattr(dlfund, name), {"feature_map": BATCH}, {"padding": 1})
        yield (
            f"{name}: of ones",
            Call(getattr(dlfund, name), {"feature_map": BATCH}, {"pool_size": 1}),
        )
        arrays = {"grad_output": integers(2, 3, 3, 5), "feature_map": BATCH}
        yield f"{name}_backward", Call(getattr(dlfund, f"{name}_backward"), arrays)
    yield "global_avg_pool", Call(dlfund.global_avg_pool, {"feature_map": BATCH})
    yield (
        "adaptive_avg_pool_2d",
        Call(dlfund.adaptive_avg_pool_2d, {"x": BATCH}, {"output_size": 3}),
    )
    same = {"output_size": (7, 11)}
    yield "adaptive_avg_pool_2d: as it is", Call(dlfund.adaptive_avg_pool_2d, {"x": BATCH}, same)
    yield "lp_pool_2d", Call(dlfund.lp_pool_2d, {"x": np.abs(BATCH)}, {"p": 3.0})
    yield "blur_pool_2d", Call(dlfund.blur_pool_2d, {"x": BATCH})

    for name in BINARY_METRICS:
        yield name, Call(getattr(dlfund, name), {"y_true": TRUE, "y_scores": RANKED}, keeps=False)
    ranked = {"y_true": TRUE, "y_scores": RANKED}
    yield "auc_confidence_interval", Call(dlfund.auc_confidence_interval, ranked)
    yield "roc_thresholds", Call(dlfund.roc_thresholds, {"y_scores": RANKED})
    yield "compute_auc", Call(dlfund.compute_auc, {"fprs": [0, 0, 1], "tprs": [0, 1, 1]})
    for name in CONFUSION:
        arrays = {"y_true": TRUE, "y_pred": CERTAIN}
        yield name, Call(getattr(dlfund, name), arrays, keeps=False)
    for name in CALIBRATION:
        arrays = {"y_true": TRUE, "y_prob": CERTAIN}
        yield name, Call(getattr(dlfund, name), arrays, keeps=False)
    yield "macro_auc", Call(dlfund.macro_auc, {"y_true": [0, 1, 2, 0, 1], "y_probs": SCORES})
    ranks = {"y_true": LABELS, "y_probs": SCORES}
    yield "top_k_accuracy", Call(dlfund.top_k_accuracy, ranks, {"k": 2})

    samples = {"X": X3, "y": Y3}
    yield "Perceptron.fit", Call(fit_perceptron, samples, keeps=False)
    yield "Perceptron.fit: average", Call(fit_perceptron, samples, {"average": True}, keeps=False)
    for name in ("predict", "decision_function"):
        yield f"Perceptron.{name}", Call(getattr(perceptron(), name), {"X": X3}, keeps=False)
    boundary = {**samples, "weights": [1, 1, 0]}
    for name in ("geometric_margin", "mistake_bound"):
        yield name, Call(getattr(dlfund, name), boundary, {"bias": 0})
    corners = {"X": np.array([[0, 0], [0, 1], [1, 0], [1, 1]])}
    yield "two_layer_xor", Call(dlfund.two_layer_xor, corners, keeps=False)
    classes = {"X": X3, "y": (Y3 + 1) // 2}
    yield "MLP.fit", Call(fit_mlp, classes, keeps=False)
    for name in ("predict", "predict_proba"):
        yield f"MLP.{name}", Call(getattr(MLP((3, 5, 2)), name), {"X": X3}, keeps=False)
    for name in ("loss", "gradients"):
        yield f"MLP.{name}", Call(getattr(MLP((3, 5, 2)), name), classes, keeps=False)

    square = {"f": lambda x: np.sum(x**2)}
    yield (
        "numerical_gradient",
        Call(dlfund.numerical_gradient, {"x": integers(3, 5)}, square, keeps=False, scalars=True),
    )
    yield "relative_error", Call(dlfund.relative_error, {"a": Y, "b": P}, scalars=True)


CALLS = dict(table())
NO_ARRAYS: dict[str, dict[str, Any]] = {
    "conv_output_size": {"n": 7, "kernel": 3},
    "receptive_field": {"layers": [(3, 1), (3, 2, 1)]},
    "gaussian_kernel": {"size": 5, "sigma": 1.5},
    "box_kernel": {"size": 3},
}
CONSTANTS = ["SOBEL_X", "SOBEL_Y", "SHARPEN"]
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
every_array = pytest.mark.parametrize(
    ("call", "name"),
    [(call, name) for call in CALLS.values() for name in call.arrays],
    ids=[f"{label}({name})" for label, call in CALLS.items() for name in call.arrays],
)


def in_precision(call: Call, dtype: str) -> dict[str, Any]:
    return {name: np.asarray(array).astype(dtype) for name, array in call.arrays.items()}


def flat(result: Any) -> list[Any]:
    """Return the arrays and numbers of a result, however it is nested."""
    if isinstance(result, (tuple, list)):
        return [leaf for part in result for leaf in flat(part)]
    return [result]


def assert_same(expected: Any, actual: Any) -> None:
    for a, b in zip(flat(expected), flat(actual), strict=True):
        assert type(a) is type(b)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
        np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-12)


# The table is complete


def test_the_table_covers_every_public_name() -> None:
    covered = {label.split(":")[0].split(".")[0] for label in CALLS}
    assert covered | set(NO_ARRAYS) | set(CONSTANTS) == set(dlfund.__all__)
    assert len(dlfund.__all__) == len(set(dlfund.__all__))


def test_the_table_covers_every_method() -> None:
    for cls in (Perceptron, MLP):
        methods = [name for name, _ in inspect.getmembers(cls, inspect.isfunction)]
        public = {f"{cls.__name__}.{name}" for name in methods if not name.startswith("_")}
        assert public == {
            label.split(":")[0] for label in CALLS if label.startswith(f"{cls.__name__}.")
        }


def test_the_package_exports_what_its_modules_export() -> None:
    modules = [m for name, m in inspect.getmembers(dlfund, inspect.ismodule) if name[0] != "_"]
    exported = [name for m in modules for name in getattr(m, "__all__", [])]
    assert sorted(exported) == sorted(dlfund.__all__)
    for module in modules:
        for name in getattr(module, "__all__", []):
            assert getattr(module, name) is getattr(dlfund, name)
            assert name in CONSTANTS or getattr(dlfund, name).__doc__


# Precision


@every_call
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_precision_is_kept(call: Call, dtype: str) -> None:
    for leaf in flat(call(**in_precision(call, dtype))):
        if isinstance(leaf, np.ndarray):
            assert leaf.dtype == (dtype if call.keeps else leaf.dtype)
            assert leaf.dtype in (np.float32, np.float64, np.int64)
        else:
            assert type(leaf) in (float, int)


@every_call
@pytest.mark.parametrize("dtype", ["int8", "int64", "float16"])
def test_integers_become_float64(call: Call, dtype: str) -> None:
    assert_same(call(**in_precision(call, "float64")), call(**in_precision(call, dtype)))


@every_call
def test_float32_agrees_with_float64(call: Call) -> None:
    exact = call(**in_precision(call, "float64"))
    for a, b in zip(flat(exact), flat(call(**in_precision(call, "float32"))), strict=True):
        finite = np.abs(a)[np.isfinite(a)] if isinstance(a, np.ndarray) else np.abs([a])
        tolerance = TOLERANCE["float32"]
        np.testing.assert_allclose(
            b, a, rtol=tolerance, atol=tolerance * float(finite.max(initial=0))
        )


@pytest.mark.parametrize("call", [c for c in CALLS.values() if c.scalars])
def test_scalars_give_python_floats(call: Call) -> None:
    for kind in (float, int, np.float32, np.float64, np.array):
        result = call(**{name: kind(np.ravel(a)[0]) for name, a in call.arrays.items()})
        assert type(result) is float


# Sums and means


def large() -> Iterator[tuple[str, dict[str, Any]]]:
    """For what returns a float, so many elements that a sum in float32 would lose digits."""
    rng = np.random.default_rng(0)
    n = 1_400_003
    noise, signs = rng.standard_normal(n), rng.choice([-1, 1], n)
    bits = (signs > 0).astype(int)
    scores = rng.standard_normal((100_003, 7))
    labels = rng.integers(0, 7, 100_003)
    for name in ERRORS:
        yield name, {"y_true": np.zeros(n), "y_pred": np.full(n, 0.1)}
        yield name, {"y_true": noise, "y_pred": noise[::-1]}
    for name in ("hinge_loss", "squared_hinge_loss"):
        yield name, {"y_true": np.ones(n), "y_pred": np.full(n, 0.9)}
        yield name, {"y_true": signs, "y_pred": noise}
    for name in ("binary_cross_entropy_with_logits", "focal_loss"):
        yield name, {"y_true": np.zeros(n), "logits": np.full(n, 0.1)}
        yield name, {"y_true": bits, "logits": noise}
    yield "cross_entropy_loss", {"labels": labels, "logits": scores}
    yield "multiclass_hinge_loss", {"labels": labels, "scores": scores}
    yield (
        "kl_divergence",
        {"p": np.tile([0.75, 0.25], (n, 1)), "q": np.tile([0.125, 0.875], (n, 1))},
    )
    yield (
        "kl_divergence",
        {"p": np.full((3, n), 1 / n), "q": np.linspace(0, 2 / n, 3 * n)[::3] + np.zeros((3, n))},
    )
    yield "global_avg_pool", {"feature_map": np.full((1181, 1187), 0.1)}
    yield "global_avg_pool", {"feature_map": rng.random((1181, 1187))}
    for name in (*BINARY_METRICS, "auc_confidence_interval"):
        yield name, {"y_true": bits, "y_scores": noise}
    for name in CONFUSION:
        yield name, {"y_true": bits, "y_pred": rng.permutation(bits)}
    for name in CALIBRATION:
        yield name, {"y_true": bits, "y_prob": np.full(n, 0.1)}
        yield name, {"y_true": bits, "y_prob": rng.random(n)}
    yield "compute_auc", {"fprs": np.linspace(0, 1, n), "tprs": np.full(n, 0.1)}
    yield "macro_auc", {"y_true": labels, "y_probs": scores}
    yield "top_k_accuracy", {"y_true": labels, "y_probs": scores}
    samples = {"X": scores[:, :3] + 0.5 * signs[: len(scores), None], "y": signs[: len(scores)]}
    for name in ("geometric_margin", "mistake_bound"):
        yield name, {**samples, "weights": [0.1, 0.2, 0.3]}
    yield "MLP.loss", {**samples, "y": bits[: len(scores)]}
    apart = {"X": scores[:, :3], "y": np.sign(scores[:, 0])}
    yield "Perceptron.fit", apart
    yield "Perceptron.fit: average", apart
    yield "MLP.fit", {**samples, "y": bits[: len(scores)]}
    yield "relative_error", {"a": noise, "b": noise + 0.1}


LARGE = [*large()]


@pytest.mark.parametrize(
    ("label", "arrays"), LARGE, ids=[f"{i}-{label}" for i, (label, _) in enumerate(LARGE)]
)
def test_a_sum_in_float32_is_right_to_a_millionth(label: str, arrays: dict[str, Any]) -> None:
    single = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
    double = {name: array.astype(np.float64) for name, array in single.items()}
    pairs = zip(flat(CALLS[label](**double)), flat(CALLS[label](**single)), strict=True)
    for exact, actual in pairs:
        if type(actual) is float:
            assert exact == pytest.approx(actual, rel=1e-6, abs=0, nan_ok=True)


def test_every_float_is_tried_on_many_elements() -> None:
    floats = {
        label
        for label, call in CALLS.items()
        if any(type(leaf) is float for leaf in flat(call(**in_precision(call, "float32"))))
    }
    assert floats <= {label for label, _ in LARGE}


FULL: dict[str, tuple[Callable[[Any], Any], float]] = {
    # of the largest floats: what is called, and what part of them is the result
    "mae_loss": (lambda m: dlfund.mae_loss(0 * m, m), 1),
    "mae_loss, signed": (lambda m: dlfund.mae_loss(-m / 2, m / 2), 1),
    "huber_loss": (lambda m: dlfund.huber_loss(0 * m, m), 1),
    "log_cosh_loss": (lambda m: dlfund.log_cosh_loss(0 * m, m), 1),
    "quantile_loss": (lambda m: dlfund.quantile_loss(m, 0 * m, 0.75), 0.75),
    "hinge_loss": (lambda m: dlfund.hinge_loss(0 * m - 1, m), 1),
    "multiclass_hinge_loss": (
        lambda m: dlfund.multiclass_hinge_loss([0] * len(m), np.stack([0 * m, m], 1)),
        1,
    ),
    "cross_entropy_loss": (
        lambda m: dlfund.cross_entropy_loss([0] * len(m), np.stack([0 * m, m], 1)),
        1,
    ),
    "binary_cross_entropy_with_logits": (
        lambda m: dlfund.binary_cross_entropy_with_logits(0 * m, m),
        1,
    ),
    "focal_loss": (lambda m: dlfund.focal_loss(0 * m, m), 1),
    "global_avg_pool": (lambda m: dlfund.global_avg_pool(np.stack([m, m])), 1),
    "avg_pool_2d": (lambda m: dlfund.avg_pool_2d(np.stack([m, m]))[0, 0], 1),
    "adaptive_avg_pool_2d": (lambda m: dlfund.adaptive_avg_pool_2d(np.stack([m, m]), 1)[0, 0], 1),
    "blur_pool_2d": (lambda m: dlfund.blur_pool_2d(np.stack([m, m]))[0, 0], 1),
    "compute_auc": (lambda m: dlfund.compute_auc(np.linspace(0, 1, len(m)), m), 1),
    "compute_auc, upright": (lambda m: dlfund.compute_auc([-m[0], m[0]], [0.25, 0.25]), 0.5),
    "geometric_margin": (
        lambda m: dlfund.geometric_margin([[m[0], m[0], -m[0]]], [1], [1, 1, 1], 0),
        1 / np.sqrt(3),
    ),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("label", FULL)
def test_a_mean_that_fits_does_not_overflow_on_the_way(label: str, dtype: str) -> None:
    call, part = FULL[label]
    largest = np.full(7, 0.95 * np.finfo(dtype).max, dtype)
    with np.errstate(all="raise", under="ignore"):
        actual = float(call(largest))
    assert part * float(largest[0]) == pytest.approx(actual, rel=1e-6)


# Windows


def local() -> dict[str, tuple[Callable[[Any], Any], tuple[int, ...], int]]:
    """What slides: a call, the shape of its input, and how many outputs see one element."""
    rng = np.random.default_rng(0)
    taps, square, wide = rng.random(1001), rng.random((31, 31)), rng.random((3, 5))
    weight, upward = rng.random((5, 3, 3, 2)), rng.random((3, 5, 3, 2))
    return {
        "cross_correlation_1d": (lambda x: dlfund.cross_correlation_1d(x, taps), (5003,), 1001),
        "convolve_1d": (lambda x: dlfund.convolve_1d(x, taps), (5003,), 1001),
        "cross_correlation_2d": (
            lambda x: dlfund.cross_correlation_2d(x, square),
            (101, 103),
            31 * 31,
        ),
        "convolve_2d": (lambda x: dlfund.convolve_2d(x, square), (101, 103), 31 * 31),
        "cross_correlation_2d, small": (
            lambda x: dlfund.cross_correlation_2d(x, wide),
            (23, 29),
            3 * 5,
        ),
        "conv2d_with_stride_padding": (
            lambda x: dlfund.conv2d_with_stride_padding(x, square, 2, 15),
            (101, 103),
            16 * 16,
        ),
        "conv2d": (lambda x: dlfund.conv2d(x, weight, padding=1), (2, 3, 23, 29), 5 * 3 * 2),
        "conv2d_backward": (
            lambda g: dlfund.conv2d_backward(g, np.ones((2, 3, 23, 29)), weight)[0],
            (2, 5, 21, 28),
            3 * 3 * 2,
        ),
        "conv_transpose2d": (
            lambda x: dlfund.conv_transpose2d(x, upward, stride=2),
            (2, 3, 23, 29),
            5 * 3 * 2,
        ),
        "im2col": (lambda x: dlfund.im2col(x, (3, 2)), (2, 3, 23, 29), 3 * 2),
        "max_pool_2d": (lambda x: dlfund.max_pool_2d(x, 5, 1), (3, 23, 29), 5 * 5),
        "avg_pool_2d": (lambda x: dlfund.avg_pool_2d(x, 5, 1), (3, 23, 29), 5 * 5),
        "avg_pool_2d_backward": (
            lambda g: dlfund.avg_pool_2d_backward(g, np.ones((23, 29)), 5, 1),
            (19, 25),
            5 * 5,
        ),
        "max_pool_2d_backward": (
            lambda g: dlfund.max_pool_2d_backward(g, np.ones((23, 29)), 5, 1),
            (19, 25),
            1,
        ),
        "adaptive_avg_pool_2d": (
            lambda x: dlfund.adaptive_avg_pool_2d(x, (7, 11)),
            (3, 23, 29),
            2 * 2,
        ),
        "lp_pool_2d": (lambda x: dlfund.lp_pool_2d(x, 3.0, 5, 1), (3, 23, 29), 5 * 5),
        "blur_pool_2d": (lambda x: dlfund.blur_pool_2d(x, 1), (3, 23, 29), 3 * 3),
    }


LOCAL = local()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("label", LOCAL)
def test_one_bright_pixel_spoils_no_window_that_does_not_hold_it(label: str, dtype: str) -> None:
    call, shape, windows = LOCAL[label]
    x = np.random.default_rng(1).random(shape).astype(dtype)
    expected = call(x)
    middle = tuple(n // 2 for n in shape)
    seen = {}
    for value in (np.nan, 1e30):
        spoilt = x.copy()
        spoilt[middle] = value
        seen[value] = call(spoilt)
    apart = ~np.isnan(seen[np.nan])
    assert 0 < (~apart).sum() <= windows
    np.testing.assert_array_equal(expected[apart], seen[1e30][apart])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("label", [*LOCAL])
def test_what_is_not_negative_has_no_negative_sum(label: str, dtype: str) -> None:
    call, shape, _ = LOCAL[label]
    x = (10.0 ** np.random.default_rng(1).integers(-30, 20, shape)).astype(dtype)
    assert (call(x) >= 0).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("side", [1, 3, 31])
def test_whole_numbers_give_whole_numbers(side: int, dtype: str) -> None:
    rng = np.random.default_rng(0)
    x, kernel = (rng.integers(-9, 10, n).astype(dtype) for n in ((101, 103), (side, side)))
    line, taps = x.ravel(), rng.integers(-9, 10, side**2).astype(dtype)
    for result in (
        dlfund.cross_correlation_1d(line, taps),
        dlfund.convolve_1d(line, taps),
        dlfund.cross_correlation_2d(x, kernel),
        dlfund.convolve_2d(x, kernel),
        dlfund.conv2d_with_stride_padding(x, kernel, 2, side // 2),
        dlfund.conv2d(x[None, None], kernel[None, None]),
        dlfund.conv_transpose2d(x[None, None], kernel[None, None]),
    ):
        np.testing.assert_array_equal(result, np.round(result))


# Bins


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_edge_is_the_float_nearest_to_k_over_n_and_belongs_to_the_bin_below(dtype: Any) -> None:
    for n in range(1, 301):
        edges = np.arange(n + 1, dtype=dtype) / dtype(n)  # IEEE 754: the nearest float
        one, zero = dtype(1), dtype(0)
        for alone in (edges[1:], np.nextafter(edges[1:], zero), np.nextafter(edges[:-1], one)):
            y = np.arange(n) % 2
            prob_true, prob_pred = dlfund.calibration_curve(y, alone, n)
            assert alone.tolist() == prob_pred.tolist()  # each in a bin of its own
            assert y.tolist() == prob_true.tolist()
            error = float(np.mean(np.abs(alone.astype(np.float64) - y)))
            assert error == pytest.approx(dlfund.expected_calibration_error(y, alone, n), rel=1e-12)


# Inputs


@every_call
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_inputs_are_neither_changed_nor_shared(call: Call, dtype: str) -> None:
    arrays = in_precision(call, dtype)
    copies = {name: array.copy() for name, array in arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    leaves = [leaf for leaf in flat(call(**arrays)) if isinstance(leaf, np.ndarray)]
    for name, array in arrays.items():
        np.testing.assert_array_equal(copies[name], array)
        assert not any(np.shares_memory(leaf, array) for leaf in leaves)
    for leaf in leaves:
        assert leaf.flags.writeable
        leaf[...] = 0  # what is done to a result is nobody's business
    assert_same(call(**copies), call(**arrays))


class Wrapped:
    """What is no array and can make itself one."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.asarray(self.array, dtype)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "list": lambda a: a.tolist(),
    "tuple": lambda a: tuple(a.tolist()),
    "list of arrays": list,
    "object array": lambda a: a.astype(object),
    "Fortran order": np.asfortranarray,
    "reversed": lambda a: np.flip(np.flip(a).copy()),
    "every other": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "broadcast": lambda a: np.lib.stride_tricks.as_strided(a, writeable=False),
    "unaligned": lambda a: (
        np.frombuffer(b"\0" + a.tobytes(), "u1")[1:].view(a.dtype).reshape(a.shape)
    ),
    "foreign byte order": lambda a: a.astype(a.dtype.newbyteorder()),
    "subclass": lambda a: a.view(np.recarray),
    "memory view": memoryview,
    "fractions": lambda a: np.vectorize(Fraction, otypes=[object])(a),
    "object with an array": lambda a: Wrapped(a),
    "pandas": lambda a: pd.Series(a) if a.ndim == 1 else pd.DataFrame(a) if a.ndim == 2 else a,
    "pandas, turned": lambda a: (
        pd.Series(a[::-1])[::-1] if a.ndim == 1 else pd.DataFrame(a.T).T if a.ndim == 2 else a
    ),
}


@every_call
def test_all_layouts_are_accepted(call: Call) -> None:
    arrays = in_precision(call, "float64")
    expected = call(**arrays)
    for layout in LAYOUTS.values():
        assert_same(expected, call(**{name: layout(a) for name, a in arrays.items()}))


# Refusals


def one_object(array: Any) -> Any:
    mixed = array.astype(object)
    mixed.flat[-1] = object()
    return mixed


WRONG_KIND: dict[str, Callable[[Any], Any]] = {
    "complex": lambda a: a.astype(complex),
    "text": lambda a: a.astype(str),
    "bytes": lambda a: a.astype("S8"),
    "nothing": lambda a: np.full(a.shape, None).tolist(),
    "objects": lambda a: np.full(a.shape, object()),
    "one object": lambda a: one_object(a).tolist(),
    "dates": lambda a: a.astype(int).astype("M8[D]"),
    "records": lambda a: a.astype([("a", float)]),
    "masked": lambda a: np.ma.array(a, mask=a > 1),
    "masked, nothing hidden": np.ma.array,
    "list of masked": lambda a: [np.ma.array(row) for row in a] if a.ndim > 1 else np.ma.array(a),
    "string": lambda a: "text",
    "digits": lambda a: "123",
    "decimals": lambda a: np.vectorize(Decimal, otypes=[object])(a).tolist(),
    "time spans": lambda a: a.astype(int).astype("m8[s]").tolist(),
    "a time span": lambda a: [*a.ravel()[1:].tolist(), np.timedelta64(1, "s")],
    "generator": lambda a: (v for v in a.ravel().tolist()),
    "set": lambda a: set(a.ravel().tolist()),
    "complex objects": lambda a: a.astype(complex).astype(object),
    "dictionary": lambda a: dict(enumerate(a.ravel().tolist())),
}


@every_array
def test_what_holds_no_real_numbers_is_a_type_error(call: Call, name: str) -> None:
    message = rf"^{name} must (hold real numbers|not be a masked array)"
    for spoil in WRONG_KIND.values():
        with pytest.raises(TypeError, match=message):
            call(**{name: spoil(in_precision(call, "float64")[name])})


@every_array
def test_empty_is_a_value_error(call: Call, name: str) -> None:
    array = np.asarray(call.arrays[name])
    empties: list[Any] = [[], np.zeros((0, *array.shape[1:])), np.zeros((*array.shape[:-1], 0))]
    for empty in empties:
        with pytest.raises(ValueError, match=rf"\b{name}\b"):
            call(**{name: empty})


@every_array
def test_ragged_is_a_value_error(call: Call, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} must be a regular array"):
        call(**{name: [[1.0, 2.0], [3.0]]})


@every_array
def test_nothing_broadcasts(call: Call, name: str) -> None:
    array = np.asarray(call.arrays[name], float)
    lengths = {len(other) for other in call.arrays.values()}
    if len(call.arrays) > 1 and len(lengths) == 1 and (call.scalars or array.ndim == 1):
        with pytest.raises(ValueError, match=rf"\b{name}\b"):
            call(**{name: array[..., None]})
        with pytest.raises(ValueError, match=rf"\b{name}\b"):
            call(**{name: array[:1]})


# Silence


WILD = [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-310]


@every_array
def test_no_warning_whatever_the_value(call: Call, name: str) -> None:
    for value, dtype in itertools.product(WILD, ["float32", "float64"]):
        wild = in_precision(call, "float64"), in_precision(call, "float64")
        wild[0][name].flat[1] = value
        wild[1][name][...] = value
        with np.errstate(over="ignore"):  # where 1e300 becomes a float32
            cast = [{k: v.astype(dtype) for k, v in arrays.items()} for arrays in wild]
        with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
            warnings.simplefilter("error")
            call(**in_precision(call, dtype))
            for arrays in cast:
                with suppress(ValueError):  # a refusal, as by metrics
                    call(**arrays)


def state() -> str:
    return repr(np.random.get_state())  # noqa: NPY002 - the global stream is what is watched


@pytest.mark.parametrize("label", [*CALLS, *NO_ARRAYS])
def test_nothing_is_printed_and_nothing_drawn_from_the_global_stream(
    label: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def run() -> Any:
        return CALLS[label]() if label in CALLS else getattr(dlfund, label)(**NO_ARRAYS[label])

    before = state()
    first = run()
    assert state() == before
    np.random.seed(1)  # noqa: NPY002 - the global stream is what must not matter
    assert_same(first, run())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("label", CONSTANTS)
def test_constants_cannot_be_changed(label: str) -> None:
    constant = getattr(dlfund, label)
    assert constant.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        constant[0, 0] = 7
