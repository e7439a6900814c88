"""Losses, each with its gradient under it.

A loss is the mean over all elements, as a Python float. A gradient is that of the
mean with respect to the prediction, and has its shape.
"""

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    FloatArray,
    number,
    real_array,
    same_shape,
    signed_labels,
)
from dlfund._chunks import mean

__all__ = [  # noqa: RUF022 - in reading order
    "mse_loss",
    "mae_loss",
    "huber_loss",
    "hinge_loss",
]


def mse_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Mean squared error.

    L = mean of (y_pred - y_true)^2

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.

    Returns
    -------
    float
        The loss, in the square of the unit of the targets.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or is a masked array.
    ValueError
        If an argument is empty, or the shapes differ.

    Examples
    --------
    >>> mse_loss([1, 2, 3], [1, 4, 3.5])  # (0 + 4 + 0.25) / 3
    1.4166666666666667
    """
    return mean(lambda t, p: np.square(p - t), *_pair(y_true, y_pred))


def mae_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Mean absolute error.

    L = mean of |y_pred - y_true|

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.

    Returns
    -------
    float
        The loss, in the unit of the targets.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or is a masked array.
    ValueError
        If an argument is empty, or the shapes differ.

    Examples
    --------
    >>> mae_loss([1, 2, 3, 4], [1, 4, 3.5, 3])  # (0 + 2 + 0.5 + 1) / 4
    0.875
    """
    return mean(lambda t, p: np.abs(p - t), *_pair(y_true, y_pred))


def huber_loss(y_true: ArrayLike, y_pred: ArrayLike, delta: float = 1.0) -> float:
    """Huber loss: squared for small errors, linear for large ones.

    With d = y_pred - y_true,
    L = mean of d^2 / 2 if |d| <= delta, else delta (|d| - delta/2).

    Both cases are c |d| - c^2 / 2 with c = min(|d|, delta).

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.
    delta : float, default 1.0
        The error at which the loss turns linear; positive.

    Returns
    -------
    float
        The loss.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or is a masked array.
    ValueError
        If an argument is empty, the shapes differ, or `delta` is not positive and finite.

    References
    ----------
    Huber (1964), Robust estimation of a location parameter, doi:10.1214/aoms/1177703732.

    Examples
    --------
    >>> huber_loss([0, 0], [0.5, 3])  # (0.5 * 0.25 + 1 * (3 - 0.5)) / 2
    1.3125
    """
    delta = number(delta, "delta", positive=True)

    def formula(t: FloatArray, p: FloatArray) -> FloatArray:
        d = np.abs(p - t)
        c = np.minimum(d, delta)
        return c * (d - c / 2)

    return mean(formula, *_pair(y_true, y_pred))


def hinge_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Hinge loss: zero once an example is on its side by a margin of 1.

    L = mean of max(0, 1 - y_true y_pred)

    Parameters
    ----------
    y_true : array_like
        Labels, -1 or +1.
    y_pred : array_like
        Scores, not probabilities, of the same shape.

    Returns
    -------
    float
        The loss.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or is a masked array.
    ValueError
        If an argument is empty, the shapes differ, or a label is not -1 or +1.

    References
    ----------
    Cortes, Vapnik (1995), Support-vector networks, doi:10.1007/BF00994018.

    Examples
    --------
    >>> hinge_loss([1, -1, 1], [0.5, -2, -1])  # (0.5 + 0 + 2) / 3
    0.8333333333333334
    """
    return mean(lambda y, s: np.maximum(0, 1 - y * s), *_labelled(y_true, y_pred))


def _pair(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return targets and predictions of one shape."""
    targets, predictions = real_array(y_true, "y_true"), real_array(y_pred, "y_pred")
    same_shape(targets, predictions, "y_true", "y_pred")
    return targets, predictions


def _labelled(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return labels in {-1, +1} and scores of one shape."""
    labels, scores = signed_labels(y_true, "y_true", ndim=None), real_array(y_pred, "y_pred")
    same_shape(labels, scores, "y_true", "y_pred")
    return labels, scores
