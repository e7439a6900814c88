"""The perceptron beside the sequential loop, whose weights it must reach to the bit."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Case
from dlfund import Perceptron

type Array = NDArray[np.float64]
type Trained = tuple[list[int], list[float], float]


def cases() -> Iterator[Case]:
    """Yield training on separable points, from a class's first example to 90,000 x 20."""
    for n, d, gap in ((100, 2, 0.5), (90_000, 20, 0.5), (90_000, 20, 0.1)):
        X, y = separable(n, d, gap)
        expected = loop(X, y)
        assert expected == fit(X, y), "not the same mistakes, weights and bias"
        yield Case(
            f"Perceptron.fit, {len(expected[0])} epochs",
            f"{n}x{d}",
            "float64",
            partial(fit, X, y),
            {"loop": partial(loop, X, y)},
            limits={"loop": 1.0 if n == 100 else 0.02},
        )


def separable(n: int, d: int, gap: float) -> tuple[Array, Array]:
    """Return points at least `gap` from a plane, and on which side of it they are."""
    rng = np.random.default_rng(0)
    X, w = rng.standard_normal((n, d)), rng.standard_normal(d)
    w /= np.linalg.norm(w)
    y = np.where(X @ w >= 0, 1.0, -1.0)
    return X + gap * y[:, np.newaxis] * w, y


def fit(X: Array, y: Array) -> Trained:
    """Train with dlfund."""
    unit = Perceptron(X.shape[1])
    mistakes = unit.fit(X, y)
    return mistakes, unit.weights.tolist(), unit.bias


def loop(X: Array, y: Array, lr: float = 1.0, n_epochs: int = 100) -> Trained:
    """Train one sample at a time, as the rule says."""
    weights, bias = np.zeros(X.shape[1]), 0.0
    mistakes = []
    for _ in range(n_epochs):
        mistakes.append(0)
        for x, label in zip(X, y, strict=True):
            predicted = 1 if x @ weights + bias >= 0 else -1
            if predicted != label:
                weights = weights + lr * label * x
                bias = bias + lr * label
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return mistakes, weights.tolist(), float(bias)
