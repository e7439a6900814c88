"""How good is a classifier: ranking, counting and calibration."""

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    BoolArray,
    FloatArray,
    IntArray,
    binary_labels,
    class_labels,
    integer,
    quiet,
    real_array,
    same_length,
)

__all__ = [  # noqa: RUF022 - in reading order
    "compute_roc",
    "compute_auc",
    "top_k_accuracy",
]


@quiet
def compute_roc(y_true: ArrayLike, y_scores: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Receiver operating characteristic: what each threshold catches, and at what cost.

    .. math:: \text{FPR}(t) = \frac{\#\{s \ge t, y = 0\}}{\#\{y = 0\}}, \qquad
              \text{TPR}(t) = \frac{\#\{s \ge t, y = 1\}}{\#\{y = 1\}}

    The threshold t falls from infinity, where nothing is called positive, through every
    distinct score to the lowest, where everything is. Equal scores cross it together and
    give one point.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels in {0, 1} or {-1, +1}, or booleans; both classes must occur.
    y_scores : array_like, shape (N,)
        Scores, higher for more positive, in any units.

    Returns
    -------
    fprs, tprs : ndarray, shape (D + 1,)
        False and true positive rates in [0, 1] for D distinct scores, from (0, 0) to
        (1, 1), in the precision of `y_scores`. No point is left out, also where three
        lie on a line.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If labels are of another kind or of one class only, a score is NaN or infinite,
        or the lengths differ.

    References
    ----------
    T. Fawcett (2006), "An introduction to ROC analysis", Pattern Recognition Letters
    27(8), algorithm 1, doi:10.1016/j.patrec.2005.10.010.

    Examples
    --------
    >>> fprs, tprs = compute_roc([1, 0, 1, 0], [0.9, 0.7, 0.4, 0.2])
    >>> fprs.tolist()
    [0.0, 0.0, 0.5, 0.5, 1.0]
    >>> tprs.tolist()
    [0.0, 0.5, 0.5, 1.0, 1.0]
    """
    positive, scores = _labels_and_scores(y_true, y_scores)
    tps, fps, _ = _counts(positive, scores)
    rates = (np.append(0, counts) / counts[-1] for counts in (fps, tps))
    fprs, tprs = (rate.astype(scores.dtype, copy=False) for rate in rates)
    return fprs, tprs


@quiet
def compute_auc(fprs: ArrayLike, tprs: ArrayLike) -> float:
    r"""Area under a curve by the trapezoidal rule.

    .. math:: \text{AUC} = \sum_i (x_{i+1} - x_i)\,\frac{y_i + y_{i+1}}{2}

    Under a ROC curve it is the probability that a random positive scores above a random
    negative, ties counting one half: 1 is perfect, 0.5 is chance, and less than 0.5
    ranks backwards.

    Parameters
    ----------
    fprs : array_like, shape (M,)
        First coordinates, never falling or never rising.
    tprs : array_like, shape (M,)
        Second coordinates.

    Returns
    -------
    float
        The area, computed in float64; the same in either direction.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If there are fewer than two points, the lengths differ, a coordinate is NaN or
        infinite, or `fprs` is not monotone.

    References
    ----------
    J. A. Hanley and B. J. McNeil (1982), "The meaning and use of the area under a
    receiver operating characteristic (ROC) curve", Radiology 143(1),
    doi:10.1148/radiology.143.1.7063747.

    Examples
    --------
    Two trapezoids, 0.5 * (0 + 1) / 2 + 0.5 * (1 + 1) / 2:

    >>> compute_auc([0, 0.5, 1], [0, 1, 1])
    0.75
    """
    x = real_array(fprs, "fprs", ndim=1, finite=True).astype(np.float64, copy=False)
    y = real_array(tprs, "tprs", ndim=1, finite=True).astype(np.float64, copy=False)
    same_length(x, y, "fprs", "tprs")
    if len(x) < 2:
        raise ValueError(f"fprs must hold at least 2 points, got {len(x)}")
    rising, falling = (x[1:] >= x[:-1]).all(), (x[1:] <= x[:-1]).all()
    if not (rising or falling):
        raise ValueError("fprs must be monotone, got values that rise and fall")
    area = float(np.trapezoid(y, x))
    return area if rising else -area


@quiet
def top_k_accuracy(y_true: ArrayLike, y_probs: ArrayLike, k: int = 5) -> float:
    r"""Fraction of samples whose true class is among the k highest scores.

    .. math:: \frac1N \sum_i \left[\,\text{rank of class } y_i \text{ in row } i \le k\,\right]

    Of classes with equal scores, the one with the higher index ranks first, as in
    scikit-learn.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Class indices 0 ... C-1.
    y_probs : array_like, shape (N, C)
        A score for each class; probabilities or logits, as only their order counts.
    k : int
        How many guesses are allowed, from 1 to C.

    Returns
    -------
    float
        In [0, 1]; 1.0 at k = C.

    Raises
    ------
    TypeError
        If an array does not hold real numbers or `k` is not an integer.
    ValueError
        If a label is out of range, a score is NaN or infinite, the lengths differ, or
        `k` is outside 1 ... C.

    Examples
    --------
    The true class comes first in row 0 and second in row 1:

    >>> y_probs = [[0.7, 0.2, 0.1], [0.5, 0.4, 0.1]]
    >>> top_k_accuracy([0, 1], y_probs, k=1)
    0.5
    >>> top_k_accuracy([0, 1], y_probs, k=2)
    1.0
    """
    scores = real_array(y_probs, "y_probs", ndim=2, finite=True)
    n_samples, n_classes = scores.shape
    labels = class_labels(y_true, "y_true", n_classes)
    same_length(labels, scores, "y_true", "y_probs")
    k = integer(k, "k", 1, n_classes)
    true_scores = scores[np.arange(n_samples), labels][:, np.newaxis]
    later = np.arange(n_classes) > labels[:, np.newaxis]
    ahead = (scores > true_scores) | ((scores == true_scores) & later)
    hits = int(np.count_nonzero(ahead.sum(axis=1) < k))
    return hits / n_samples


def _labels_and_scores(y_true: ArrayLike, y_scores: ArrayLike) -> tuple[BoolArray, FloatArray]:
    """Return labels of both classes as booleans, and as many finite scores."""
    positive = binary_labels(y_true, "y_true", both=True)
    scores = real_array(y_scores, "y_scores", ndim=1, finite=True)
    same_length(positive, scores, "y_true", "y_scores")
    return positive, scores


def _counts(positive: BoolArray, scores: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return true and false positives at each distinct score, from high to low."""
    order = np.argsort(-scores)
    ordered = scores[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    tps = np.cumsum(positive[order])[last]
    return tps, last + 1 - tps, ordered[last]
