"""How good is a classifier? It is asked to rank, to decide, and to give probabilities.

Labels of two classes are {0, 1}, {-1, +1} or booleans. The last of each pair is the
positive class.
"""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    BoolArray,
    FloatArray,
    IntArray,
    binary_labels,
    class_labels,
    integer,
    number,
    paired_labels,
    quiet,
    real_array,
    same_length,
)
from dlfund._fast.scale import in_unit
from dlfund._fast.scores import counts, in_top

__all__ = [  # noqa: RUF022 - in reading order
    "compute_roc",
    "roc_thresholds",
    "compute_auc",
    "rank_auc",
    "auc_confidence_interval",
    "macro_auc",
    "precision_recall_curve",
    "average_precision",
    "confusion_matrix",
    "accuracy",
    "precision",
    "recall",
    "f1_score",
    "matthews_corrcoef",
    "top_k_accuracy",
    "brier_score",
    "calibration_curve",
    "expected_calibration_error",
]


# Ranking: scores that put positives above negatives


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
        Labels of two classes; both must occur.
    y_scores : array_like, shape (N,)
        Scores, higher for more positive, in any units.

    Returns
    -------
    fprs, tprs : ndarray, shape (D + 1,)
        False and true positive rates in [0, 1] for D distinct scores, from (0, 0) to
        (1, 1), in the precision of `y_scores`. No point is left out, also where three
        lie on a line.

    See Also
    --------
    roc_thresholds : the threshold of each point.

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
    fps, tps = counts(positive, scores)
    fprs, tprs = fps / fps[-1], tps / tps[-1]
    return fprs.astype(scores.dtype, copy=False), tprs.astype(scores.dtype, copy=False)


@quiet
def roc_thresholds(y_scores: ArrayLike) -> FloatArray:
    r"""Threshold at each point of the ROC curve: infinity, then the distinct scores.

    .. math:: \infty = t_0 > t_1 > \dots > t_D

    At point i, the samples whose score is at least threshold i are called positive.

    Parameters
    ----------
    y_scores : array_like, shape (N,)
        The scores that were given to `compute_roc`.

    Returns
    -------
    ndarray, shape (D + 1,)
        From infinity down to the lowest score, in the precision of `y_scores`.

    Examples
    --------
    >>> roc_thresholds([0.4, 0.9, 0.4]).tolist()
    [inf, 0.9, 0.4]
    """
    scores = real_array(y_scores, "y_scores", ndim=1, finite=True)
    return np.append(scores.dtype.type(np.inf), _distinct(scores)[::-1])


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
    ValueError
        If there are fewer than two points, or `fprs` is not monotone.

    See Also
    --------
    compute_roc : a curve to measure.
    rank_auc : the same area, by counting pairs.

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
    x: FloatArray = real_array(fprs, "fprs", ndim=1, finite=True).astype(np.float64, copy=False)
    y: FloatArray = real_array(tprs, "tprs", ndim=1, finite=True).astype(np.float64, copy=False)
    same_length(x, y, "fprs", "tprs")
    if len(x) < 2:
        raise ValueError(f"fprs must hold at least 2 points, got {len(x)}")
    rising = bool((x[1:] >= x[:-1]).all())
    if not rising and not (x[1:] <= x[:-1]).all():
        raise ValueError("fprs must be monotone, got values that rise and fall")
    area = _trapezoids(x, y)
    if not math.isfinite(area):  # a number on the way to it was too large
        (x, x_exponent), (y, y_exponent) = in_unit(x), in_unit(y)
        area = float(np.ldexp(_trapezoids(x, y), x_exponent + y_exponent))
    return area if rising else -area


@quiet
def rank_auc(y_true: ArrayLike, y_scores: ArrayLike) -> float:
    r"""Area under the ROC curve as a probability, by counting pairs.

    .. math:: \text{AUC} = \frac{1}{P N} \sum_{i \in \text{pos}} \sum_{j \in \text{neg}}
              \left( [s_i > s_j] + \tfrac12 [s_i = s_j] \right)

    It equals the trapezoidal area under `compute_roc`, and the Mann-Whitney U statistic
    over P N. It depends on the order of the scores and on nothing else.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes; both must occur.
    y_scores : array_like, shape (N,)
        Scores, higher for more positive, in any units.

    Returns
    -------
    float
        In [0, 1]: the pairs are counted in integers and divided once.

    References
    ----------
    H. B. Mann and D. R. Whitney (1947), "On a test of whether one of two random variables
    is stochastically larger than the other", Annals of Mathematical Statistics 18(1),
    doi:10.1214/aoms/1177730491.

    Examples
    --------
    Of four pairs, the positive 0.9 wins two, and 0.4 wins one and loses one:

    >>> rank_auc([1, 0, 1, 0], [0.9, 0.7, 0.4, 0.2])
    0.75
    """
    fps, tps = counts(*_labels_and_scores(y_true, y_scores))
    # A negative loses to the positives above it, and by half to those beside it. Twice the sum
    # is a whole number: twice the area under the steps that the counts make.
    twice_lost = np.dot(np.diff(fps), tps[1:] + tps[:-1])
    return int(twice_lost) / int(2 * tps[-1] * fps[-1])


@quiet
def auc_confidence_interval(
    y_true: ArrayLike, y_scores: ArrayLike, level: float = 0.95
) -> tuple[float, float]:
    r"""Confidence interval of the area under the ROC curve, by DeLong's method.

    .. math:: \text{AUC} \pm z \sqrt{\frac{\operatorname{var}_i V_i}{P} +
              \frac{\operatorname{var}_j W_j}{N}}

    :math:`V_i` is the fraction of the N negatives that positive i beats, :math:`W_j` the
    fraction of the P positives that beat negative j, ties counting one half. Both have the
    AUC as mean; their variances are unbiased (divided by P - 1 and N - 1). :math:`z` is the
    normal quantile of (1 + `level`) / 2. The interval is cut off at 0 and 1.

    The method is for large samples. At an AUC of exactly 0 or 1 both variances are 0 and
    so is the width, which says that the method has failed and not that the AUC is known.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes; each must occur at least twice.
    y_scores : array_like, shape (N,)
        Scores, higher for more positive, in any units.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    low, high : float
        Within [0, 1].

    Raises
    ------
    ValueError
        If there are fewer than two samples of a class.

    See Also
    --------
    rank_auc : the area that it is about.

    References
    ----------
    E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson (1988), "Comparing the areas under
    two or more correlated receiver operating characteristic curves: a nonparametric
    approach", Biometrics 44(3), doi:10.2307/2531595. The counts come from one sort, after
    X. Sun and W. Xu (2014), "Fast implementation of DeLong's algorithm", IEEE Signal
    Processing Letters 21(11), doi:10.1109/LSP.2014.2337313.

    Examples
    --------
    V = (1, 0.5) and W = (0.5, 1): each has variance 0.125, so the standard error is
    sqrt(0.125 / 2 + 0.125 / 2) = 0.354, and 0.75 - 1.96 * 0.354 = 0.057.

    >>> low, high = auc_confidence_interval([1, 0, 1, 0], [0.9, 0.7, 0.4, 0.2])
    >>> round(low, 3), high
    (0.057, 1.0)
    """
    level = number(level, "level", low=0, high=1, inclusive=False)
    fps, tps = counts(*_labels_and_scores(y_true, y_scores))
    n_negative, n_positive = int(fps[-1]), int(tps[-1])
    if min(n_negative, n_positive) < 2:
        raise ValueError(
            "y_true must hold at least 2 samples of each class, "
            f"got {n_positive} positive and {n_negative} negative"
        )
    # Samples of equal score share one V and one W, so a sum over samples is a sum over
    # the distinct scores, weighted by how many samples have each.
    positives, negatives = np.diff(tps), np.diff(fps)
    beaten = 1 - (fps[1:] + fps[:-1]) / (2 * n_negative)
    beaten_by = (tps[1:] + tps[:-1]) / (2 * n_positive)
    auc = float(np.dot(positives, beaten)) / n_positive
    variance = float(
        np.dot(positives, (beaten - auc) ** 2) / (n_positive - 1) / n_positive
        + np.dot(negatives, (beaten_by - auc) ** 2) / (n_negative - 1) / n_negative
    )
    margin = -NormalDist().inv_cdf((1 - level) / 2) * math.sqrt(variance)
    return max(0.0, auc - margin), min(1.0, auc + margin)


@quiet
def macro_auc(y_true: ArrayLike, y_probs: ArrayLike) -> float:
    r"""Mean over the classes of the AUC of that class against the rest.

    .. math:: \frac1C \sum_{c=1}^{C} \text{AUC}\left([y = c],\ p_{\cdot c}\right)

    Every class counts the same, however rare it is.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Class indices 0 ... C-1; each class must occur.
    y_probs : array_like, shape (N, C)
        A score for each class. Only the order within a column counts, so rows need not
        sum to 1.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If there are fewer than two classes, or one does not occur.

    See Also
    --------
    rank_auc : for two classes.

    References
    ----------
    T. Fawcett (2006), "An introduction to ROC analysis", Pattern Recognition Letters
    27(8), section 9, doi:10.1016/j.patrec.2005.10.010, where frequent classes weigh more; here
    all weigh the same.

    Examples
    --------
    Class 0 and class 2 are ranked perfectly; of the two pairs of class 1 one is lost:

    >>> y_probs = [[0.6, 0.3, 0.1], [0.3, 0.4, 0.3], [0.0, 0.5, 0.5]]
    >>> round(macro_auc([0, 1, 2], y_probs), 4)  # (1 + 1/2 + 1) / 3
    0.8333
    """
    labels, scores = _classes_and_scores(y_true, y_probs)
    n_classes = scores.shape[1]
    if n_classes < 2:
        raise ValueError(f"y_probs must have at least 2 columns, got shape {scores.shape}")
    missing = np.flatnonzero(_occurrences(labels, n_classes) == 0)
    if len(missing) > 0:
        raise ValueError(f"y_true must hold every class, got no sample of class {missing[0]}")
    aucs = [rank_auc(labels == c, scores[:, c]) for c in range(n_classes)]
    return math.fsum(aucs) / len(aucs)


@quiet
def precision_recall_curve(
    y_true: ArrayLike, y_scores: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Precision and recall at every threshold.

    .. math:: \text{precision}(t) = \frac{\#\{s \ge t, y = 1\}}{\#\{s \ge t\}}, \qquad
              \text{recall}(t) = \frac{\#\{s \ge t, y = 1\}}{\#\{y = 1\}}

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes; a positive must occur.
    y_scores : array_like, shape (N,)
        Scores, higher for more positive, in any units.

    Returns
    -------
    precision, recall : ndarray, shape (D + 1,)
        For D distinct scores, the lowest first. The last point has no threshold: it is
        (1, 0), where nothing is called positive.
    thresholds : ndarray, shape (D,)
        The distinct scores, rising. All three are in the precision of `y_scores`, and in
        scikit-learn's order.

    See Also
    --------
    compute_roc : other rates over the same scores.

    References
    ----------
    J. Davis and M. Goadrich (2006), "The relationship between precision-recall and ROC
    curves", ICML, doi:10.1145/1143844.1143874.

    Examples
    --------
    >>> p, r, t = precision_recall_curve([1, 0, 1, 0], [0.9, 0.7, 0.4, 0.2])
    >>> t.tolist()
    [0.2, 0.4, 0.7, 0.9]
    >>> r.tolist()
    [1.0, 1.0, 0.5, 0.5, 0.0]
    >>> p.round(2).tolist()  # 2/4, 2/3, 1/2, 1/1, and 1 by convention
    [0.5, 0.67, 0.5, 1.0, 1.0]
    """
    positive, scores = _labels_and_scores(y_true, y_scores, both=False)
    fps, tps = counts(positive, scores)
    precisions, recalls = tps / (tps + fps), tps / tps[-1]
    precisions[0] = 1  # nothing is called positive
    dtype = scores.dtype
    return precisions[::-1].astype(dtype), recalls[::-1].astype(dtype), _distinct(scores)


@quiet
def average_precision(y_true: ArrayLike, y_scores: ArrayLike) -> float:
    r"""Mean of the precisions at which each positive is found.

    .. math:: \text{AP} = \sum_t (R_t - R_{t-1})\,P_t

    The sum runs over the distinct scores from high to low. It is the area under the
    precision-recall curve drawn as steps: a straight line between its points would
    promise too much. A random ranking reaches about the fraction of positives.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes; a positive must occur.
    y_scores : array_like, shape (N,)
        Scores, higher for more positive, in any units.

    Returns
    -------
    float
        In (0, 1].

    See Also
    --------
    precision_recall_curve : the curve that it sums up.

    References
    ----------
    J. Davis and M. Goadrich (2006), "The relationship between precision-recall and ROC
    curves", ICML, doi:10.1145/1143844.1143874, on why lines are wrong here.

    Examples
    --------
    The positives are found at precision 1/1 and 2/3:

    >>> round(average_precision([1, 0, 1, 0], [0.9, 0.7, 0.4, 0.2]), 4)
    0.8333
    """
    fps, tps = counts(*_labels_and_scores(y_true, y_scores, both=False))
    precisions = tps[1:] / (tps + fps)[1:]
    return float(np.dot(np.diff(tps), precisions)) / int(tps[-1])


# Deciding: one label for each sample


@quiet
def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike) -> IntArray:
    r"""Count how often each true class was given each label.

    .. math:: M_{ij} = \#\{\text{samples of class } i \text{ that were called } j\}

    Rows are true classes and columns predicted ones, as in scikit-learn: for two classes
    [[TN, FP], [FN, TP]].

    Parameters
    ----------
    y_true, y_pred : array_like, shape (N,)
        Labels of two classes, both arguments in the same pair, or class indices from 0.

    Returns
    -------
    ndarray of int64, shape (C, C)
        Two classes always have both rows. Of more, those that occur in either argument
        have one, in rising order.

    Examples
    --------
    >>> confusion_matrix([0, 0, 0, 1, 1], [0, 0, 1, 0, 1]).tolist()
    [[2, 1], [1, 1]]
    """
    true, predicted, n = paired_labels(y_true, y_pred, "y_true", "y_pred")
    return _occurrences(n * true + predicted, n * n).reshape(n, n)


@quiet
def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Fraction of labels that are right.

    .. math:: \frac1N \sum_i [\hat y_i = y_i]

    Parameters
    ----------
    y_true, y_pred : array_like, shape (N,)
        Labels of two classes, both arguments in the same pair, or class indices from 0.

    Returns
    -------
    float
        In [0, 1].

    See Also
    --------
    confusion_matrix : which labels are wrong, and how.
    top_k_accuracy : right among the k best guesses.

    Examples
    --------
    >>> accuracy([0, 0, 0, 1, 1], [0, 0, 1, 0, 1])
    0.6
    """
    true, predicted, _ = paired_labels(y_true, y_pred, "y_true", "y_pred")
    return float(np.mean(true == predicted))


@quiet
def precision(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Of the samples called positive, the fraction that is.

    .. math:: \frac{\text{TP}}{\text{TP} + \text{FP}}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (N,)
        Labels of two classes, both arguments in the same pair.

    Returns
    -------
    float
        In [0, 1], or nan where nothing was called positive.

    Examples
    --------
    >>> round(precision([0, 0, 1, 1, 1], [0, 1, 0, 1, 1]), 4)  # 2 of 3
    0.6667
    >>> precision([0, 1], [0, 0])
    nan
    """
    _, fp, _, tp = _two_by_two(y_true, y_pred)
    return _ratio(tp, tp + fp)


@quiet
def recall(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Of the positive samples, the fraction that was found: the true positive rate.

    .. math:: \frac{\text{TP}}{\text{TP} + \text{FN}}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (N,)
        Labels of two classes, both arguments in the same pair.

    Returns
    -------
    float
        In [0, 1], or nan where no sample is positive.

    See Also
    --------
    precision : of the samples called positive, instead.

    Examples
    --------
    >>> recall([0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 1, 1])
    0.75
    """
    _, _, fn, tp = _two_by_two(y_true, y_pred)
    return _ratio(tp, tp + fn)


@quiet
def f1_score(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Harmonic mean of precision and recall.

    .. math:: F_1 = \frac{2}{1 / \text{precision} + 1 / \text{recall}}
              = \frac{2\,\text{TP}}{2\,\text{TP} + \text{FP} + \text{FN}}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (N,)
        Labels of two classes, both arguments in the same pair.

    Returns
    -------
    float
        In [0, 1], or nan where neither argument holds a positive.

    See Also
    --------
    precision : the one rate.
    recall : the other rate.

    References
    ----------
    C. J. van Rijsbergen (1979), "Information Retrieval", 2nd edition, Butterworths,
    chapter 7.

    Examples
    --------
    >>> f1_score([0, 0, 1, 1, 1], [0, 1, 0, 0, 1])  # 2*1 / (2*1 + 1 + 2)
    0.4
    """
    _, fp, fn, tp = _two_by_two(y_true, y_pred)
    return _ratio(2 * tp, 2 * tp + fp + fn)


@quiet
def matthews_corrcoef(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Correlation of the predicted with the true classes.

    .. math:: \frac{\text{TP} \cdot \text{TN} - \text{FP} \cdot \text{FN}}
              {\sqrt{(\text{TP}+\text{FP})(\text{TP}+\text{FN})
                     (\text{TN}+\text{FP})(\text{TN}+\text{FN})}}

    It is high only if all four cells of the confusion matrix are good. For more than two
    classes it is Gorodkin's :math:`R_K`, with c correct of s samples, :math:`t_k` of class k
    and :math:`p_k` predicted as k:

    .. math:: \frac{c s - \sum_k t_k p_k}
              {\sqrt{(s^2 - \sum_k t_k^2)(s^2 - \sum_k p_k^2)}}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (N,)
        Labels of two classes, both arguments in the same pair, or class indices from 0.

    Returns
    -------
    float
        In [-1, 1]: 1 is perfect, 0 no better than chance. It is nan where an argument
        holds one class only (scikit-learn returns 0).

    See Also
    --------
    f1_score : which does not count the true negatives.

    References
    ----------
    B. W. Matthews (1975), Biochimica et Biophysica Acta 405(2),
    doi:10.1016/0005-2795(75)90109-9. J. Gorodkin (2004), "Comparing two K-category
    assignments by a K-category correlation coefficient", Computational Biology and
    Chemistry 28(5-6), doi:10.1016/j.compbiolchem.2004.09.006.

    Examples
    --------
    TP = 2, TN = 1, FP = 1, FN = 0, so (2*1 - 1*0) / sqrt(3 * 2 * 2 * 1):

    >>> round(matthews_corrcoef([1, 1, 0, 0], [1, 1, 1, 0]), 4)
    0.5774
    """
    matrix = confusion_matrix(y_true, y_pred)
    # Python's integers: the product below would overflow int64 from 5e4 samples.
    t, p = matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist()
    c, s = int(np.trace(matrix)), sum(t)
    spread_t = s * s - sum(n * n for n in t)
    spread_p = s * s - sum(n * n for n in p)
    covariance = c * s - sum(a * b for a, b in zip(t, p, strict=True))
    return _ratio(covariance, math.sqrt(spread_t * spread_p))


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

    Examples
    --------
    The true class comes first in row 0 and second in row 1:

    >>> y_probs = [[0.7, 0.2, 0.1], [0.5, 0.4, 0.1]]
    >>> top_k_accuracy([0, 1], y_probs, k=1)
    0.5
    >>> top_k_accuracy([0, 1], y_probs, k=2)
    1.0
    """
    labels, scores = _classes_and_scores(y_true, y_probs)
    k = integer(k, "k", 1, scores.shape[1])
    return float(np.mean(in_top(k, labels, scores)))


# Being sure: probabilities that mean what they say


@quiet
def brier_score(y_true: ArrayLike, y_prob: ArrayLike) -> float:
    r"""Mean squared error of the predicted probabilities.

    .. math:: \frac1N \sum_i (p_i - y_i)^2

    It is least, in expectation, when p is the true probability. A constant p = 0.5 scores
    0.25.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes.
    y_prob : array_like, shape (N,)
        Probabilities of the positive class, in [0, 1].

    Returns
    -------
    float
        In [0, 1]; lower is better.

    See Also
    --------
    calibration_curve : where the probabilities are off.

    References
    ----------
    G. W. Brier (1950), "Verification of forecasts expressed in terms of probability",
    Monthly Weather Review 78(1). His sum over both outcomes is twice this one.

    Examples
    --------
    >>> brier_score([1, 0], [0.5, 0.5])
    0.25
    """
    positive, probabilities = _labels_and_probabilities(y_true, y_prob)
    errors = np.subtract(probabilities, positive, dtype=np.float64)
    return float(np.mean(errors**2))


@quiet
def calibration_curve(
    y_true: ArrayLike, y_prob: ArrayLike, n_bins: int = 10
) -> tuple[FloatArray, FloatArray]:
    r"""Reliability diagram: how often it happened, against how likely it was said to be.

    .. math:: o_b = \frac{1}{|b|} \sum_{i \in b} y_i, \qquad
              e_b = \frac{1}{|b|} \sum_{i \in b} p_i

    The bins b divide [0, 1] into equal widths, (0.1, 0.2] and so on; 0 belongs to the
    first. For a calibrated classifier the points lie near the diagonal.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes.
    y_prob : array_like, shape (N,)
        Probabilities of the positive class, in [0, 1].
    n_bins : int
        Number of bins, at least 1.

    Returns
    -------
    prob_true, prob_pred : ndarray, shape (B,)
        Observed fraction o and mean probability e of each bin that is not empty, in the
        precision of `y_prob`.

    References
    ----------
    A. Niculescu-Mizil and R. Caruana (2005), "Predicting good probabilities with
    supervised learning", ICML, doi:10.1145/1102351.1102430.

    Examples
    --------
    >>> prob_true, prob_pred = calibration_curve([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], 2)
    >>> prob_true.tolist()
    [0.5, 1.0]
    >>> prob_pred.tolist()
    [0.25, 0.75]
    """
    positive, probabilities = _labels_and_probabilities(y_true, y_prob)
    sizes, happened, expected = _bins(positive, probabilities, n_bins)
    used = sizes > 0
    prob_true, prob_pred = (
        (total[used] / sizes[used]).astype(probabilities.dtype, copy=False)
        for total in (happened, expected)
    )
    return prob_true, prob_pred


@quiet
def expected_calibration_error(y_true: ArrayLike, y_prob: ArrayLike, n_bins: int = 10) -> float:
    r"""Mean distance of the reliability diagram from the diagonal.

    .. math:: \text{ECE} = \sum_b \frac{|b|}{N} \, |o_b - e_b|

    The bins, o and e are those of `calibration_curve`; each bin counts as often as it is
    used. The result depends on `n_bins`.

    Parameters
    ----------
    y_true : array_like, shape (N,)
        Labels of two classes.
    y_prob : array_like, shape (N,)
        Probabilities of the positive class, in [0, 1].
    n_bins : int
        Number of bins, at least 1.

    Returns
    -------
    float
        In [0, 1]; 0 if in each bin the mean probability is the observed fraction.

    References
    ----------
    M. P. Naeini, G. F. Cooper and M. Hauskrecht (2015), "Obtaining well calibrated
    probabilities using Bayesian binning", AAAI, doi:10.1609/aaai.v29i1.9602.

    Examples
    --------
    Two bins of two samples: 2/4 * abs(0.5 - 0.25) + 2/4 * abs(1 - 0.75)

    >>> expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], n_bins=2)
    0.25
    """
    positive, probabilities = _labels_and_probabilities(y_true, y_prob)
    _, happened, expected = _bins(positive, probabilities, n_bins)
    return float(np.abs(happened - expected).sum()) / len(probabilities)


# Doors: check the arguments


def _labels_and_scores(
    y_true: ArrayLike, y_scores: ArrayLike, both: bool = True
) -> tuple[BoolArray, FloatArray]:
    """Return labels as booleans, with a positive or with `both` classes, and finite scores."""
    positive = binary_labels(y_true, "y_true", both=both)
    if not positive.any():
        raise ValueError("y_true must hold a positive label, got none")
    scores = real_array(y_scores, "y_scores", ndim=1, finite=True)
    same_length(positive, scores, "y_true", "y_scores")
    return positive, scores


def _labels_and_probabilities(y_true: ArrayLike, y_prob: ArrayLike) -> tuple[BoolArray, FloatArray]:
    """Return labels as booleans, and as many probabilities."""
    positive = binary_labels(y_true, "y_true")
    probabilities = real_array(y_prob, "y_prob", ndim=1, finite=True)
    same_length(positive, probabilities, "y_true", "y_prob")
    low, high = probabilities.min(), probabilities.max()
    if low < 0 or high > 1:
        raise ValueError(f"y_prob must lie in [0, 1], got {low if low < 0 else high}")
    return positive, probabilities


def _classes_and_scores(y_true: ArrayLike, y_probs: ArrayLike) -> tuple[IntArray, FloatArray]:
    """Return class indices, and as many rows of scores."""
    scores = real_array(y_probs, "y_probs", ndim=2, finite=True)
    labels = class_labels(y_true, "y_true", scores.shape[1])
    same_length(labels, scores, "y_true", "y_probs")
    return labels, scores


def _occurrences(labels: IntArray, n: int) -> IntArray:
    """Return how often each of 0 to n - 1 occurs; where indices have 32 bits (WebAssembly) too."""
    return np.bincount(labels.astype(np.intp, copy=False), minlength=n).astype(np.int64, copy=False)


def _two_by_two(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[int, int, int, int]:
    """Return TN, FP, FN, TP."""
    true, predicted, _ = paired_labels(y_true, y_pred, "y_true", "y_pred", two_classes=True)
    tn, fp, fn, tp = _occurrences(2 * true + predicted, 4).tolist()
    return tn, fp, fn, tp


# Machinery


def _trapezoids(x: FloatArray, y: FloatArray) -> float:
    """Return the sum of widths times mean heights."""
    return float(np.dot(np.diff(x), (y[1:] + y[:-1]) / 2))


def _ratio(part: int, whole: float) -> float:
    """Return part / whole, nan where there is no whole."""
    return part / whole if whole else math.nan


def _distinct(scores: FloatArray) -> FloatArray:
    """Return the distinct scores, rising; zero has no sign."""
    distinct = np.unique(scores)
    distinct += 0
    return distinct


def _bins(
    positive: BoolArray, probabilities: FloatArray, n_bins: int
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return samples, positives and summed probabilities of each bin of equal width."""
    n_bins = integer(n_bins, "n_bins", 1)
    # Not np.linspace: a multiple of 1 / n is rounded twice, and 5/6 would miss its edge.
    edges = (np.arange(1, n_bins) / n_bins).astype(probabilities.dtype)
    bins = np.searchsorted(edges, probabilities)
    return (
        np.bincount(bins, minlength=n_bins),
        np.bincount(bins, weights=positive, minlength=n_bins),
        np.bincount(bins, weights=probabilities, minlength=n_bins),
    )
