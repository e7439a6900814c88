"""Activations beside PyTorch, JAX, SciPy and the plain NumPy expression."""

import importlib.util
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy import special

import dlfund
from benchmarks.harness import Case, Torch

SIZES = [64, 512 * 512, 10**7]

# The definition for one number, for the loop at teaching size
LOOPS: dict[str, Callable[[float], float]] = {
    "relu": lambda z: max(z, 0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "selu": lambda z: 1.0507 * (z if z > 0 else 1.6733 * (math.exp(z) - 1)),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "swish": lambda z: z / (1 + math.exp(-z)),
    "gelu": lambda z: z / 2 * (1 + math.tanh(0.7978845608 * (z + 0.044715 * z**3))),
    "gelu none": lambda z: z / 2 * math.erfc(-z / math.sqrt(2)),
    "mish": lambda z: z * math.tanh(math.log(1 + math.exp(z))),
}

# name, arguments, the plain NumPy expression, PyTorch's
OPERATIONS: list[tuple[str, dict[str, Any], Callable[[Any], Any], str]] = [
    ("relu", {}, lambda z: np.maximum(z, 0), "F.relu(z)"),
    ("leaky_relu", {}, lambda z: np.where(z > 0, z, 0.01 * z), "F.leaky_relu(z)"),
    ("elu", {}, lambda z: np.where(z > 0, z, np.exp(z) - 1), "F.elu(z)"),
    (
        "selu",
        {},
        lambda z: 1.0507 * np.where(z > 0, z, 1.6733 * (np.exp(z) - 1)),
        "F.selu(z)",
    ),
    ("sigmoid", {}, lambda z: 1 / (1 + np.exp(-z)), "torch.sigmoid(z)"),
    ("tanh", {}, np.tanh, "torch.tanh(z)"),
    ("softplus", {}, lambda z: np.log(1 + np.exp(z)), "F.softplus(z)"),
    ("swish", {}, lambda z: z / (1 + np.exp(-z)), "F.silu(z)"),
    (
        "gelu",
        {},
        lambda z: z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
        "F.gelu(z, approximate='tanh')",
    ),
    ("gelu", {"approximate": "none"}, lambda z: z * special.ndtr(z), "F.gelu(z)"),
    ("mish", {}, lambda z: z * np.tanh(np.log(1 + np.exp(z))), "F.mish(z)"),
]
ROWS = [
    ("softmax", "F.softmax(z, -1)"),
    ("log_softmax", "F.log_softmax(z, -1)"),
    ("logsumexp", "torch.logsumexp(z, -1)"),
]


def cases() -> Iterator[Case]:
    """Yield every activation at three sizes, and the softmax family on short and long rows."""
    rng = np.random.default_rng(0)
    for dtype in ("float32", "float64"):
        for n in SIZES:
            z = rng.standard_normal(n).astype(dtype)
            for name, parameters, plain, torch in OPERATIONS:
                label = " ".join([name, *parameters.values()])
                large = n == SIZES[-1]
                loop = {"loop": partial(_loop, LOOPS[label], z)} if n == SIZES[0] else {}
                yield Case(
                    label,
                    f"{n:.0e}" if large else str(n),
                    dtype,
                    partial(getattr(dlfund, name), z, **parameters),
                    {"plain NumPy": _quietly(plain, z), **_jax(name, parameters, z), **loop},
                    Torch(f"z = torch.randn({n})", torch),
                    dict.fromkeys(loop, 1.0) or _limits(label),
                )
        for shape in ((8, 8), (10**6, 10), (10**4, 10**3)):
            z = rng.standard_normal(shape).astype(dtype)
            for name, torch in ROWS:
                yield Case(
                    name,
                    "x".join(f"{n:.0e}" if n > 10**3 else str(n) for n in shape),
                    dtype,
                    partial(getattr(dlfund, name), z),
                    {"SciPy": partial(getattr(special, name), z, axis=-1), **_jax(name, {}, z)},
                    Torch(f"z = torch.randn{shape}", torch),
                    {"SciPy": 1.1, "PyTorch": 1.0} if z.size == SIZES[-1] else {},
                )


def _limits(label: str) -> dict[str, float]:
    """Return what is aimed at; the exact GELU is known to be slower than PyTorch."""
    return {"plain NumPy": 1.1} if label == "gelu none" else {"plain NumPy": 1.1, "PyTorch": 1.0}


def _loop(function: Callable[[float], float], z: Any) -> Any:
    out = np.zeros_like(z)
    for i in range(len(z)):
        out[i] = function(z[i])
    return out


def _quietly(plain: Callable[[Any], Any], z: Any) -> Callable[[], object]:
    return np.errstate(all="ignore")(partial(plain, z))


def _jax(name: str, parameters: dict[str, Any], z: Any) -> dict[str, Callable[[], object]]:
    """Return JAX's compiled version as a peer, where JAX is installed and has one."""
    if not importlib.util.find_spec("jax"):
        return {}
    import jax
    import jax.numpy as jnp

    function: Any = jnp.tanh if name == "tanh" else getattr(jax.nn, name)
    exact = {"approximate": False} if parameters else {"axis": -1} if z.ndim > 1 else {}
    compiled = jax.jit(partial(function, **exact))
    array = jnp.asarray(z)
    return {"JAX": lambda: compiled(array).block_until_ready()}
