"""Metrics beside scikit-learn, a plain argsort and, at teaching size, the definition."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from sklearn import metrics as sklearn

from benchmarks.harness import Case
from dlfund import accuracy, auc_confidence_interval, compute_roc, rank_auc, top_k_accuracy


def cases() -> Iterator[Case]:
    """Yield the ROC curve of 8 to ten million scores, its area, accuracy, and top-5 accuracy."""
    yield from curves()
    yield from rankings()


def curves() -> Iterator[Case]:
    """Yield what needs one score a sample."""
    rng = np.random.default_rng(0)
    for n in (8, 10_000, 10_000_000, 1_000_000):
        y = rng.integers(0, 2, n)
        y[:2] = 0, 1
        exact = rng.random(n) + 0.2 * y
        for dtype in ("float32", "float64"):
            scores = exact.astype(dtype)
            peers: dict[str, Any] = {
                "scikit-learn": partial(sklearn.roc_curve, y, scores),
                "argsort": partial(roc_by_argsort, y, scores),
            }
            if n == 8:
                peers["definition"] = partial(roc_by_definition, y, scores)
            limits = {"scikit-learn": 0.25, "argsort": 1.0} if n > 8 else {"definition": 1.0}
            ours = partial(compute_roc, y, scores)
            yield Case("compute_roc", f"{n}", dtype, ours, peers, limits=limits)
    peers = {"scikit-learn": partial(sklearn.roc_auc_score, y, exact)}
    yield Case("rank_auc", f"{n}", "float64", partial(rank_auc, y, exact), peers)
    yield Case(
        "auc_confidence_interval",
        f"{n}",
        "float64",
        partial(auc_confidence_interval, y, exact),
        {"rank_auc": partial(rank_auc, y, exact)},
    )
    predicted = exact > 0.5
    peers = {"scikit-learn": partial(sklearn.accuracy_score, y, predicted)}
    yield Case("accuracy", f"{n}", "float64", partial(accuracy, y, predicted), peers)


def rankings() -> Iterator[Case]:
    """Yield what needs a row of scores a sample: guesses, and a classifier that is good."""
    n, n_classes = 100_000, 1000
    for boost in (0, 1):
        for dtype in ("float32", "float64"):
            rng = np.random.default_rng(0)
            labels = rng.integers(0, n_classes, n)
            scores = rng.random((n, n_classes), dtype)
            scores[np.arange(n), labels] += boost
            theirs = partial(
                sklearn.top_k_accuracy_score, labels, scores, k=5, labels=np.arange(n_classes)
            )
            yield Case(
                f"top_k_accuracy, {'good' if boost else 'guesses'}",
                f"{n}x{n_classes}",
                dtype,
                partial(top_k_accuracy, labels, scores, 5),
                {"scikit-learn": theirs},
                limits={"scikit-learn": 0.03},
            )


def roc_by_argsort(y: Any, scores: Any) -> tuple[Any, Any]:
    """Return the curve as one would write it with NumPy."""
    order = np.argsort(-scores)
    ordered = scores[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    tps = np.cumsum(y[order])[last]
    fps = 1 + last - tps
    return np.append(0, fps / fps[-1]), np.append(0, tps / tps[-1])


def roc_by_definition(y: Any, scores: Any) -> tuple[list[float], list[float]]:
    """Return the curve by counting anew at every threshold."""
    fprs, tprs = [0.0], [0.0]
    for threshold in sorted(set(scores.tolist()), reverse=True):
        caught = [label for label, s in zip(y, scores, strict=True) if s >= threshold]
        fprs.append(caught.count(0) / (len(y) - sum(y)))
        tprs.append(caught.count(1) / sum(y))
    return fprs, tprs
