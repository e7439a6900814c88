"""Losses beside PyTorch, JAX, scikit-learn and the plain NumPy expression."""

import importlib.util
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from sklearn import metrics

import dlfund
from benchmarks.harness import Case, Torch
from tests import references

SIZES = [64, 512 * 512, 10**7]

# One term of the definition, for the loop at teaching size
LOOPS: dict[str, Callable[[float, float], float]] = {
    "mse_loss": lambda t, x: (x - t) ** 2,
    "mae_loss": lambda t, x: abs(x - t),
    "huber_loss": lambda t, x: (x - t) ** 2 / 2 if abs(x - t) <= 1 else abs(x - t) - 0.5,
    "log_cosh_loss": lambda t, x: math.log(math.cosh(x - t)),
    "quantile_loss": lambda t, x: max(0.5 * (t - x), -0.5 * (t - x)),
    "hinge_loss": lambda s, x: max(0, 1 - s * x),
    "squared_hinge_loss": lambda s, x: max(0, 1 - s * x) ** 2,
    "binary_cross_entropy_with_logits": lambda b, x: math.log(1 + math.exp((1 - 2 * b) * x)),
    "focal_loss": lambda b, x: (
        (b - 1 / (1 + math.exp(-x))) ** 2 * math.log(1 + math.exp((1 - 2 * b) * x))
    ),
}
SETUP = "x, t = torch.randn({n}), torch.randn({n}); s = torch.sign(t); b = (t > 0).to(t.dtype)"

# name, its target (errors, signs or bits), the plain NumPy expression, PyTorch's
OPERATIONS: list[tuple[str, str, Callable[[Any, Any], Any], str]] = [
    ("mse_loss", "t", lambda t, x: np.mean((x - t) ** 2), "F.mse_loss(x, t)"),
    ("mae_loss", "t", lambda t, x: np.mean(np.abs(x - t)), "F.l1_loss(x, t)"),
    (
        "huber_loss",
        "t",
        lambda t, x: np.mean(np.where(np.abs(x - t) <= 1, (x - t) ** 2 / 2, np.abs(x - t) - 0.5)),
        "F.huber_loss(x, t)",
    ),
    (
        "log_cosh_loss",
        "t",
        lambda t, x: np.mean(np.log(np.cosh(x - t))),
        "torch.log(torch.cosh(x - t)).mean()",
    ),
    (
        "quantile_loss",
        "t",
        lambda t, x: np.mean(np.maximum(0.5 * (t - x), -0.5 * (t - x))),
        "torch.maximum(0.5 * (t - x), -0.5 * (t - x)).mean()",
    ),
    (
        "hinge_loss",
        "s",
        lambda s, x: np.mean(np.maximum(0, 1 - s * x)),
        "torch.clamp(1 - s * x, min=0).mean()",
    ),
    (
        "squared_hinge_loss",
        "s",
        lambda s, x: np.mean(np.maximum(0, 1 - s * x) ** 2),
        "(torch.clamp(1 - s * x, min=0) ** 2).mean()",
    ),
    (
        "binary_cross_entropy_with_logits",
        "b",
        lambda b, x: np.mean(np.maximum(x, 0) - b * x + np.log1p(np.exp(-np.abs(x)))),
        "F.binary_cross_entropy_with_logits(x, b)",
    ),
    (
        "focal_loss",
        "b",
        lambda b, x: np.mean(
            np.abs(b - 1 / (1 + np.exp(-x))) ** 2
            * (np.maximum(x, 0) - b * x + np.log1p(np.exp(-np.abs(x))))
        ),
        "(torch.abs(b - torch.sigmoid(x)) ** 2"
        " * F.binary_cross_entropy_with_logits(x, b, reduction='none')).mean()",
    ),
]
SKLEARN = {
    "mse_loss": metrics.mean_squared_error,
    "mae_loss": metrics.mean_absolute_error,
    "quantile_loss": metrics.mean_pinball_loss,
}


def plain_cross_entropy(labels: Any, x: Any) -> Any:
    """Return the cross-entropy as one would write it with NumPy; so below."""
    below = x - x.max(axis=1, keepdims=True)
    rows = np.arange(len(x))
    return np.mean(np.log(np.exp(below).sum(axis=1)) - below[rows, labels])


def plain_multiclass_hinge(labels: Any, x: Any) -> Any:
    """Return the multi-class hinge loss."""
    rows = np.arange(len(x))
    gaps = np.maximum(0, 1 + x - x[rows, labels][:, np.newaxis])
    gaps[rows, labels] = 0
    return gaps.sum() / len(x)


# name, the plain NumPy expression, PyTorch's
ROWS: list[tuple[str, Callable[[Any, Any], Any], str]] = [
    ("cross_entropy_loss", plain_cross_entropy, "F.cross_entropy(x, y)"),
    ("multiclass_hinge_loss", plain_multiclass_hinge, "F.multi_margin_loss(x, y)"),
    (
        "kl_divergence",
        lambda p, q: np.sum(p * np.log(p / q)) / len(p),
        "F.kl_div(torch.log(q), p, reduction='batchmean')",
    ),
]


def cases() -> Iterator[Case]:
    """Yield every loss at three sizes, and those over classes on short and long rows."""
    rng = np.random.default_rng(0)
    for dtype in ("float32", "float64"):
        for n in SIZES:
            t, x = (rng.standard_normal(n).astype(dtype) for _ in range(2))
            targets = {"t": t, "s": np.sign(t), "b": (t > 0).astype(dtype)}
            for name, target, plain, torch in OPERATIONS:
                large = n == SIZES[-1]
                y = targets[target]
                peers: dict[str, Callable[[], object]] = {"plain NumPy": partial(plain, y, x)}
                if n == SIZES[0]:
                    peers["loop"] = partial(_loop, LOOPS[name], y, x)
                if name in SKLEARN:
                    peers["scikit-learn"] = partial(SKLEARN[name], y, x)
                peers |= _jax(name, y, x)
                yield Case(
                    name,
                    f"{n:.0e}" if large else str(n),
                    dtype,
                    partial(getattr(dlfund, name), y, x),
                    peers,
                    Torch(SETUP.format(n=n), torch),
                    {"plain NumPy": 1.1, "PyTorch": 1.0} if n > SIZES[0] else {"loop": 1.0},
                )
        for rows, classes in ((8, 8), (10**6, 10), (10**4, 10**3)):
            yield from _rows(rows, classes, dtype)


def _loop(term: Callable[[float, float], float], y: Any, x: Any) -> float:
    total = 0.0
    for i in range(len(x)):
        total += term(y[i], x[i])
    return total / len(x)


def _rows(n: int, c: int, dtype: str) -> Iterator[Case]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, c)).astype(dtype)
    labels = rng.integers(0, c, n)
    p, q = dlfund.softmax(x), dlfund.softmax(x[::-1])
    setup = f"x, y = torch.randn({n}, {c}), torch.randint(0, {c}, ({n},));"
    setup += "p = F.softmax(x, -1); q = p.flip(0)"
    for name, plain, torch in ROWS:
        pair = (p, q) if name == "kl_divergence" else (labels, x)
        yield Case(
            name,
            "x".join(f"{k:.0e}" if k > 10**3 else str(k) for k in (n, c)),
            dtype,
            partial(getattr(dlfund, name), *pair),
            {"plain NumPy": partial(plain, *pair), **_jax(name, *pair)},
            Torch(setup, torch),
            {"plain NumPy": 1.1, "PyTorch": 1.0} if n > 8 else {},
        )


def _jax(name: str, y: Any, x: Any) -> dict[str, Callable[[], object]]:
    """Return the definition, compiled by JAX, as a peer where JAX is installed."""
    if not importlib.util.find_spec("jax") or name == "multiclass_hinge_loss":
        return {}
    import jax
    import jax.numpy as jnp

    def cross_entropy(labels: Any, z: Any) -> Any:
        return -jnp.take_along_axis(jax.nn.log_softmax(z), labels[:, None], 1).mean()

    formula = partial(getattr(references, name), xp=jnp)
    compiled = jax.jit(cross_entropy if name == "cross_entropy_loss" else formula)
    arrays = jnp.asarray(y), jnp.asarray(x)
    return {"JAX": lambda: compiled(*arrays).block_until_ready()}
