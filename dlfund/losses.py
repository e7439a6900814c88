"""Losses, each with its gradient under it.

The truth comes first, then the prediction; PyTorch has them the other way round. A loss
is a mean over all elements or samples, as a Python float. A gradient is that of this
mean with respect to the prediction, whose shape it has; where a loss has a kink, there
it is 0. Losses on logits take any logit: nothing overflows, and small losses keep their
digits.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    Elementwise,
    FloatArray,
    IntArray,
    class_labels,
    number,
    real_array,
    same_length,
    same_shape,
    signed_labels,
    zero_one_labels,
)
from dlfund._fast.pieces import (
    at_least,
    at_most,
    each_sample,
    elementwise,
    mean,
    mean_of_samples,
    mend,
    rows_add_up_to_1,
    within,
)
from dlfund.activations import log_softmax, relu_derivative, sigmoid, softmax, softplus

__all__ = [  # noqa: RUF022 - in reading order
    "mse_loss",
    "mse_loss_gradient",
    "mae_loss",
    "mae_loss_gradient",
    "huber_loss",
    "huber_loss_gradient",
    "log_cosh_loss",
    "log_cosh_loss_gradient",
    "quantile_loss",
    "quantile_loss_gradient",
    "hinge_loss",
    "hinge_loss_gradient",
    "squared_hinge_loss",
    "squared_hinge_loss_gradient",
    "multiclass_hinge_loss",
    "multiclass_hinge_loss_gradient",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_gradient",
    "focal_loss",
    "focal_loss_gradient",
    "cross_entropy_loss",
    "cross_entropy_loss_gradient",
    "kl_divergence",
    "kl_divergence_gradient",
]

# By how much the sum of a row of probabilities may differ from 1 before it is scaled: more
# than float32 rounds, and more than the step of `numerical_gradient`.
ROUNDING = 1e-5


def mse_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Mean squared error.

    .. math:: L = \frac1n \sum_i (\hat y_i - y_i)^2

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.

    Returns
    -------
    float
        The loss, in the squared unit of the targets.

    Examples
    --------
    >>> mse_loss([1, 2, 3, 4], [1, 4, 3.5, 3])  # (0 + 4 + 0.25 + 1) / 4
    1.3125
    """
    return mean(lambda y, p: (p - y) ** 2, *_targets(y_true, y_pred))


def mse_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Elementwise:
    r"""Gradient of the mean squared error.

    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac2n (\hat y_i - y_i)

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, n of each, of one shape.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> mse_loss_gradient([1, 2, 3, 4], [1, 4, 3.5, 3]).tolist()
    [0.0, 1.0, 0.25, -0.5]
    """
    return _gradient(lambda n, y, p: 2 / n * (p - y), *_targets(y_true, y_pred))


def mae_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Mean absolute error.

    .. math:: L = \frac1n \sum_i |\hat y_i - y_i|

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.

    Returns
    -------
    float
        The loss, in the unit of the targets.

    See Also
    --------
    mse_loss : rewards the mean, not the median.
    quantile_loss : rewards any quantile.

    Examples
    --------
    >>> mae_loss([1, 2, 3, 4], [1, 4, 3.5, 3])  # (0 + 2 + 0.5 + 1) / 4
    0.875
    """
    return mean(lambda y, p: np.abs(p - y), *_targets(y_true, y_pred))


def mae_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Elementwise:
    r"""Gradient of the mean absolute error.

    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac1n \operatorname{sign}(\hat y_i - y_i)

    It is 0 where the two are equal.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, n of each, of one shape.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> mae_loss_gradient([1, 2, 3, 4], [1, 4, 3.5, 3]).tolist()
    [0.0, 0.25, 0.25, -0.25]
    """
    return _gradient(lambda n, y, p: np.sign(p - y) / n, *_targets(y_true, y_pred))


def huber_loss(y_true: ArrayLike, y_pred: ArrayLike, delta: float = 1.0) -> float:
    r"""Huber loss: squared for small errors, linear for large ones.

    .. math::

        L = \frac1n \sum_i \begin{cases}
        \frac12 d_i^2 & |d_i| \le \delta \\
        \delta (|d_i| - \frac12 \delta) & |d_i| > \delta
        \end{cases}, \qquad d = \hat y - y

    Both lines are :math:`c\,(d - c / 2)` with :math:`c = \max(-\delta, \min(d, \delta))`,
    so nothing large is squared.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.
    delta : float, default 1.0
        The error at which the loss turns from squared to linear; positive.

    Returns
    -------
    float
        The loss, in the squared unit of the targets.

    See Also
    --------
    mse_loss : twice what it is for small errors.
    mae_loss : how it grows for large ones.

    References
    ----------
    Huber (1964), Robust estimation of a location parameter, doi:10.1214/aoms/1177703732.

    Examples
    --------
    >>> huber_loss([0, 0], [0.5, 3])  # (0.5 * 0.25 + 1 * (3 - 0.5)) / 2
    1.3125
    """
    y, p = _targets(y_true, y_pred)
    delta = number(delta, "delta", positive=True, like=p)

    def formula(y: FloatArray, p: FloatArray) -> Elementwise:
        d = p - y
        c = np.clip(d, -delta, delta)
        return c * (d - c / 2)

    return mean(formula, y, p)


def huber_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike, delta: float = 1.0) -> Elementwise:
    r"""Gradient of the Huber loss: the error, clipped.

    .. math::

        \frac{\partial L}{\partial \hat y_i} = \frac1n \max(-\delta, \min(\hat y_i - y_i, \delta))

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, n of each, of one shape.
    delta : float, default 1.0
        The error at which the loss turns from squared to linear; positive.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> huber_loss_gradient([0, 0], [0.5, 3]).tolist()
    [0.25, 0.5]
    """
    y, p = _targets(y_true, y_pred)
    delta = number(delta, "delta", positive=True, like=p)
    return _gradient(lambda n, y, p: np.clip(p - y, -delta, delta) / n, y, p)


def log_cosh_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Log-cosh loss: d^2 / 2 near 0, |d| - log 2 far from it, smooth everywhere.

    .. math:: L = \frac1n \sum_i \log \cosh(\hat y_i - y_i)

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.

    Returns
    -------
    float
        The loss.

    See Also
    --------
    huber_loss : much the same shape, in two pieces.

    Examples
    --------
    >>> round(log_cosh_loss(0.0, 1e4), 4)  # 10000 - log 2
    9999.3069
    >>> round(log_cosh_loss(0.0, 1e-8) * 1e17, 4)  # d^2 / 2, not 0
    5.0
    """

    def formula(y: FloatArray, p: FloatArray) -> Elementwise:
        # (cosh d)^2 = 1 + (sinh d)^2 keeps the digits of a small d. Beyond 20 the loss is a
        # straight line in float64, and later sinh overflows.
        d = p - y
        loss = np.log1p(np.sinh(d) ** 2) / 2
        return mend(loss, loss, 20, lambda: np.abs(d) - math.log(2))

    return mean(formula, *_targets(y_true, y_pred))


def log_cosh_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Elementwise:
    r"""Gradient of the log-cosh loss.

    .. math:: \frac{\partial L}{\partial \hat y_i} = \frac1n \tanh(\hat y_i - y_i)

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, n of each, of one shape.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> log_cosh_loss_gradient([0, 0], [0, 1e4]).tolist()
    [0.0, 0.5]
    """
    return _gradient(lambda n, y, p: np.tanh(p - y) / n, *_targets(y_true, y_pred))


def quantile_loss(y_true: ArrayLike, y_pred: ArrayLike, q: float = 0.5) -> float:
    r"""Quantile or pinball loss, least when the prediction is the q-quantile.

    .. math:: L = \frac1n \sum_i \max(-q d_i, (1 - q) d_i), \qquad d = \hat y - y

    A prediction that is too low costs q per unit, one that is too high 1 - q.

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, of one shape.
    q : float, default 0.5
        The quantile, between 0 and 1; 0.5 gives half the mean absolute error.

    Returns
    -------
    float
        The loss, in the unit of the targets.

    References
    ----------
    Koenker, Bassett (1978), Regression quantiles, doi:10.2307/1913643.

    Examples
    --------
    >>> quantile_loss([2, 2], [0, 4], q=0.75)  # (0.75 * 2 + 0.25 * 2) / 2
    1.0
    """
    q = number(q, "q", low=0, high=1, inclusive=False)

    def formula(y: FloatArray, p: FloatArray) -> Elementwise:
        d = p - y
        return np.maximum(-q * d, (1 - q) * d)

    return mean(formula, *_targets(y_true, y_pred))


def quantile_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike, q: float = 0.5) -> Elementwise:
    r"""Gradient of the quantile loss.

    .. math::

        \frac{\partial L}{\partial \hat y_i} = \frac1n \begin{cases}
        -q & \hat y_i < y_i \\ 0 & \hat y_i = y_i \\ 1 - q & \hat y_i > y_i
        \end{cases}

    Parameters
    ----------
    y_true, y_pred : array_like
        Targets and predictions, n of each, of one shape.
    q : float, default 0.5
        The quantile, between 0 and 1.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> quantile_loss_gradient([2, 2], [0, 4], q=0.75).tolist()
    [-0.375, 0.125]
    """
    q = number(q, "q", low=0, high=1, inclusive=False)

    def formula(n: int, y: FloatArray, p: FloatArray) -> Elementwise:
        too_high = np.sign(p - y)
        return (at_least(too_high, 0) * (1 - q) + at_most(too_high, 0) * q) / n

    return _gradient(formula, *_targets(y_true, y_pred))


def hinge_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Hinge loss: 0 once an example is on its side by a margin of 1.

    .. math:: L = \frac1n \sum_i \max(0, 1 - y_i s_i)

    Parameters
    ----------
    y_true : array_like
        Labels y, -1 or +1.
    y_pred : array_like
        Scores s (any real number, no probabilities), of the shape of `y_true`.

    Returns
    -------
    float
        The loss.

    References
    ----------
    Cortes, Vapnik (1995), Support-vector networks, doi:10.1007/BF00994018.

    Examples
    --------
    >>> hinge_loss([1, -1, 1, -1], [0.5, -2, -1, 0])  # (0.5 + 0 + 2 + 1) / 4
    0.875
    """
    return mean(lambda y, s: at_least(1 - y * s, 0), *_signed(y_true, y_pred))


def hinge_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Elementwise:
    r"""Gradient of the hinge loss.

    .. math::

        \frac{\partial L}{\partial s_i} = -\frac{y_i}{n} \text{ where } y_i s_i < 1, \text{ else } 0

    Parameters
    ----------
    y_true, y_pred : array_like
        Labels y, -1 or +1, and scores s, n of each, of one shape.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> hinge_loss_gradient([1, -1, 1, -1], [0.5, -2, -1, 0]).tolist()
    [-0.25, 0.0, -0.25, 0.25]
    """
    return _gradient(lambda n, y, s: -y * relu_derivative(1 - y * s) / n, *_signed(y_true, y_pred))


def squared_hinge_loss(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    r"""Squared hinge loss: as the hinge loss, without its kink.

    .. math:: L = \frac1n \sum_i \max(0, 1 - y_i s_i)^2

    Parameters
    ----------
    y_true : array_like
        Labels y, -1 or +1.
    y_pred : array_like
        Scores s (any real number, no probabilities), of the shape of `y_true`.

    Returns
    -------
    float
        The loss.

    See Also
    --------
    hinge_loss : which grows in a straight line.

    Examples
    --------
    >>> squared_hinge_loss([1, -1, 1, -1], [0.5, -2, -1, 0])  # (0.25 + 0 + 4 + 1) / 4
    1.3125
    """
    return mean(lambda y, s: at_least(1 - y * s, 0) ** 2, *_signed(y_true, y_pred))


def squared_hinge_loss_gradient(y_true: ArrayLike, y_pred: ArrayLike) -> Elementwise:
    r"""Gradient of the squared hinge loss.

    .. math:: \frac{\partial L}{\partial s_i} = -\frac2n y_i \max(0, 1 - y_i s_i)

    Parameters
    ----------
    y_true, y_pred : array_like
        Labels y, -1 or +1, and scores s, n of each, of one shape.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `y_pred`.

    Examples
    --------
    >>> squared_hinge_loss_gradient([1, -1, 1, -1], [0.5, -2, -1, 0]).tolist()
    [-0.25, 0.0, -1.0, 0.5]
    """
    return _gradient(
        lambda n, y, s: -2 / n * (y * at_least(1 - y * s, 0)), *_signed(y_true, y_pred)
    )


def multiclass_hinge_loss(labels: ArrayLike, scores: ArrayLike, margin: float = 1.0) -> float:
    r"""Multi-class hinge loss: the true class should win by a margin against each other.

    .. math:: L = \frac1N \sum_n \sum_{j \ne y_n} \max(0, \text{margin} + s_{nj} - s_{n y_n})

    (PyTorch's `multi_margin_loss` divides the sum by the number of classes.)

    Parameters
    ----------
    labels : array_like, shape (N,)
        True classes y, from 0 to C - 1.
    scores : array_like, shape (N, C)
        Scores s of the classes; at least two classes.
    margin : float, default 1.0
        The wanted lead of the true class, not negative.

    Returns
    -------
    float
        The loss.

    See Also
    --------
    hinge_loss : for two classes.

    References
    ----------
    Weston, Watkins (1999), Support vector machines for multi-class pattern recognition, ESANN.

    Examples
    --------
    >>> multiclass_hinge_loss([0, 2], [[3, 2.5, 0], [1, 0, 0]])  # (0.5 + 2 + 1) / 2
    1.75
    """
    margin = number(margin, "margin", low=0)
    labels, scores = _classes(labels, scores, "scores", fewest=2)
    return mean_of_samples(lambda y, s: _violations(y, s, margin), labels, scores)


def multiclass_hinge_loss_gradient(
    labels: ArrayLike, scores: ArrayLike, margin: float = 1.0
) -> FloatArray:
    r"""Gradient of the multi-class hinge loss.

    .. math::

        \frac{\partial L}{\partial s_{nj}} =
        \frac1N \text{ where } s_{nj} > s_{n y_n} - \text{margin}, \text{ else } 0,
        \quad (j \ne y_n)

    For the true class it is minus the sum of the others.

    Parameters
    ----------
    labels : array_like, shape (N,)
        True classes y, from 0 to C - 1.
    scores : array_like, shape (N, C)
        Scores s of the classes; at least two classes.
    margin : float, default 1.0
        The wanted lead of the true class, not negative.

    Returns
    -------
    ndarray, shape (N, C)
        The gradient with respect to the scores.

    Examples
    --------
    >>> multiclass_hinge_loss_gradient([0, 2], [[3, 2.5, 0], [1, 0, 0]]).tolist()
    [[-0.5, 0.5, 0.0], [0.5, 0.5, -1.0]]
    """
    margin = number(margin, "margin", low=0)
    labels, scores = _classes(labels, scores, "scores", fewest=2)
    n = len(labels)

    def formula(y: IntArray, s: FloatArray) -> Elementwise:
        g = np.sign(_violations(y, s, margin))
        g[y, np.arange(len(y))] = -g.sum(axis=0)
        return g / n

    return each_sample(formula, labels, scores)


def binary_cross_entropy_with_logits(y_true: ArrayLike, logits: ArrayLike) -> float:
    r"""Binary cross-entropy of logits: the surprise at the labels.

    .. math::

        L = -\frac1n \sum_i \bigl(y_i \log \sigma(z_i) + (1 - y_i) \log \sigma(-z_i)\bigr)

    With the logit of the wrong label, :math:`x = z` for label 0 and :math:`x = -z` for
    label 1, a term is :math:`\operatorname{softplus}(x)`.

    Parameters
    ----------
    y_true : array_like
        Labels y, 0 or 1.
    logits : array_like
        Log odds z of label 1, of the shape of `y_true`.

    Returns
    -------
    float
        The loss, in nats.

    Examples
    --------
    >>> round(binary_cross_entropy_with_logits([1, 0], [0, 0]), 4)  # log 2
    0.6931
    >>> binary_cross_entropy_with_logits([1, 0], [-1e4, -1e4])  # (10000 + 0) / 2
    5000.0
    """
    return mean(lambda y, z: softplus(_against(y, z)), *_binary(y_true, logits))


def binary_cross_entropy_with_logits_gradient(y_true: ArrayLike, logits: ArrayLike) -> Elementwise:
    r"""Gradient of the binary cross-entropy of logits.

    .. math:: \frac{\partial L}{\partial z_i} = \frac1n (\sigma(z_i) - y_i)

    For label 1 that is :math:`-\sigma(-z_i) / n`, which loses no digits.

    Parameters
    ----------
    y_true, logits : array_like
        Labels y, 0 or 1, and log odds z of label 1, n of each, of one shape.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `logits`.

    Examples
    --------
    >>> binary_cross_entropy_with_logits_gradient([1, 0], [0, 0]).tolist()
    [-0.25, 0.25]
    """

    def formula(n: int, y: FloatArray, z: FloatArray) -> Elementwise:
        sign = 1 - 2 * y
        return sign * sigmoid(sign * z) / n

    return _gradient(formula, *_binary(y_true, logits))


def focal_loss(
    y_true: ArrayLike, logits: ArrayLike, gamma: float = 2.0, alpha: float | None = None
) -> float:
    r"""Focal loss: cross-entropy that pays less heed to what is easy.

    .. math:: L = -\frac1n \sum_i a_i (1 - p_i)^\gamma \log p_i

    Here :math:`p` is the probability of the true label, :math:`\sigma(z)` for 1 and
    :math:`\sigma(-z)` for 0. The weight :math:`a` is `alpha` for label 1, 1 - `alpha` for 0.

    Parameters
    ----------
    y_true : array_like
        Labels y, 0 or 1.
    logits : array_like
        Log odds z of label 1, of the shape of `y_true`.
    gamma : float, default 2.0
        How much easy examples are played down, not negative; 0 gives cross-entropy.
    alpha : float, optional
        Weight of label 1, between 0 and 1. Without it both labels weigh 1.

    Returns
    -------
    float
        The loss, in nats.

    See Also
    --------
    binary_cross_entropy_with_logits : what it is for gamma = 0 and no alpha.

    References
    ----------
    Lin, Goyal, Girshick, He, Dollár (2017), arXiv:1708.02002, equations 4 and 5.

    Examples
    --------
    >>> round(focal_loss([1, 0], [0, 0]), 4)  # log 2 / 4
    0.1733
    >>> focal_loss([1, 0], [-1e4, -1e4])  # (10000 + 0) / 2
    5000.0
    """
    gamma, weight = _focal(gamma, alpha)

    def formula(y: FloatArray, z: FloatArray) -> Elementwise:
        x, a = _against(y, z), weight(y)
        if alpha in (0, 1):  # 0 times an infinite surprise would be NaN
            x[(a == 0) & (x == math.inf)] = 0
        return a * sigmoid(x) ** gamma * softplus(x)

    # A rounded gamma would count |x| times.
    exact = None if gamma in (0, 1, 2) else np.float64
    return mean(formula, *_binary(y_true, logits), dtype=exact)


def focal_loss_gradient(
    y_true: ArrayLike, logits: ArrayLike, gamma: float = 2.0, alpha: float | None = None
) -> Elementwise:
    r"""Gradient of the focal loss.

    .. math::

        \frac{\partial L}{\partial x_i} = \frac{a_i}{n} s_i^\gamma
        \bigl(\gamma (1 - s_i) \operatorname{softplus}(x_i) + s_i\bigr), \qquad s = \sigma(x)

    Here :math:`x` is the logit of the wrong label: :math:`z` for label 0, :math:`-z` for 1.

    Parameters
    ----------
    y_true, logits : array_like
        Labels y, 0 or 1, and log odds z of label 1, n of each, of one shape.
    gamma : float, default 2.0
        How much easy examples are played down.
    alpha : float, optional
        Weight of label 1.

    Returns
    -------
    float or ndarray
        The gradient, of the shape of `logits`.

    Examples
    --------
    >>> focal_loss_gradient([1, 0], [0, 0], gamma=0).tolist()
    [-0.25, 0.25]
    >>> focal_loss_gradient([1, 0], [-1e4, -1e4]).tolist()
    [-0.5, 0.0]
    """
    gamma, weight = _focal(gamma, alpha)

    def formula(n: int, y: FloatArray, z: FloatArray) -> Elementwise:
        sign = 1 - 2 * y
        # Beyond 1000 the slope is constant; sigmoid(-inf) softplus(inf) would be NaN.
        x = within(sign * z, -1000, 1000)
        s = sigmoid(x)
        slope = s**gamma * (gamma * sigmoid(-x) * softplus(x) + s)
        return sign * weight(y) * slope / n

    return _gradient(formula, *_binary(y_true, logits))


def cross_entropy_loss(labels: ArrayLike, logits: ArrayLike, label_smoothing: float = 0.0) -> float:
    r"""Cross-entropy of logits: the mean surprise at the true classes.

    .. math:: L = -\frac1N \sum_n \sum_c t_{nc} \log \operatorname{softmax}(z_n)_c

    The target :math:`t` has 1 - `label_smoothing` at the true class, and
    `label_smoothing` / C more at every class.

    Parameters
    ----------
    labels : array_like, shape (N,)
        True classes, from 0 to C - 1.
    logits : array_like, shape (N, C)
        Unnormalised log probabilities z of the classes.
    label_smoothing : float, default 0.0
        The share of the target that is spread over all classes, between 0 and 1.

    Returns
    -------
    float
        The loss, in nats.

    References
    ----------
    Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), arXiv:1512.00567, section 7, for
    label smoothing.

    Examples
    --------
    >>> round(cross_entropy_loss([0, 3], [[0, 0, 0, 0], [1, 1, 1, 1]]), 4)  # log 4
    1.3863
    >>> cross_entropy_loss([0, 0], [[1e4, 0], [0, 1e4]])  # (0 + 10000) / 2
    5000.0
    """
    smoothing = number(label_smoothing, "label_smoothing", low=0, high=1)
    labels, logits = _classes(labels, logits, "logits")

    def formula(y: IntArray, z: FloatArray) -> Elementwise:
        log_p = log_softmax(z, axis=0)
        loss = -log_p[y, np.arange(len(y))]
        if smoothing:  # 0 times an infinite surprise would be NaN
            loss = (1 - smoothing) * loss - smoothing * (log_p / len(z)).sum(axis=0)
        return loss

    loss = mean_of_samples(formula, labels, logits)
    if logits.dtype == np.float32 and loss < 1e-6 * logits.shape[1]:
        # So small it is made of far logits alone, whose distances float32 rounds too much.
        loss = mean_of_samples(formula, labels, logits, np.float64)
    return loss


def cross_entropy_loss_gradient(
    labels: ArrayLike, logits: ArrayLike, label_smoothing: float = 0.0
) -> FloatArray:
    r"""Gradient of the cross-entropy of logits.

    .. math:: \frac{\partial L}{\partial z_{nc}} = \frac1N (\operatorname{softmax}(z_n)_c - t_{nc})

    At the true class the difference could lose all digits, so there it is taken as
    minus the sum of the others: each row sums to 0.

    Parameters
    ----------
    labels : array_like, shape (N,)
        True classes, from 0 to C - 1.
    logits : array_like, shape (N, C)
        Unnormalised log probabilities z of the classes.
    label_smoothing : float, default 0.0
        The share of the target that is spread over all classes, between 0 and 1.

    Returns
    -------
    ndarray, shape (N, C)
        The gradient with respect to the logits.

    Examples
    --------
    >>> cross_entropy_loss_gradient([0, 1], [[0, 0], [0, 0]]).tolist()
    [[-0.25, 0.25], [0.25, -0.25]]
    """
    smoothing = number(label_smoothing, "label_smoothing", low=0, high=1)
    labels, logits = _classes(labels, logits, "logits")
    n = len(labels)

    def formula(y: IntArray, z: FloatArray) -> Elementwise:
        g = softmax(z, axis=0) - smoothing / len(z)
        true = y, np.arange(len(y))
        g[true] *= 0
        g[true] = -g.sum(axis=0)
        return g / n

    return each_sample(formula, labels, logits)


def kl_divergence(p: ArrayLike, q: ArrayLike) -> float:
    r"""Kullback-Leibler divergence of q from p: the extra surprise of who believes q.

    .. math:: D = \frac1N \sum_n \sum_i p_{ni} \log \frac{p_{ni}}{q_{ni}}

    A term with :math:`p_{ni} = 0` is 0; one with :math:`p_{ni} > 0` and :math:`q_{ni} = 0` is
    infinite. Rows of probabilities that were rounded to a few digits are divided by their sums
    first, so that the divergence is never negative.

    Parameters
    ----------
    p, q : array_like, shape (..., C)
        True and predicted distributions along the last axis: not negative, with
        sums of 1 (to within 0.001; beyond 0.00001 the row is scaled).

    Returns
    -------
    float
        The divergence, in nats; 0 or more.

    Raises
    ------
    ValueError
        If a probability is negative, or a row does not sum to 1.

    See Also
    --------
    cross_entropy_loss : of logits, with the classes given.

    References
    ----------
    Kullback, Leibler (1951), On information and sufficiency, doi:10.1214/aoms/1177729694.

    Examples
    --------
    >>> round(kl_divergence([1, 0], [0.5, 0.5]), 4)  # log 2
    0.6931
    >>> kl_divergence([0.5, 0.5], [1, 0])
    inf
    """

    def formula(p: FloatArray, q: FloatArray) -> Elementwise:
        terms = p * np.log(p / q)
        finite = np.isfinite(terms)
        if finite.all():
            return terms
        # p or q is 0, or q so small that the division overflows.
        return np.where(finite, terms, np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q))))

    p, q = _distributions(p, q)
    rows: int = p.size // p.shape[-1]
    divergence = mean(formula, p, q, over=rows)
    if np.result_type(p, q) == np.float32 and divergence < 0.25:
        # Little is left of terms that cancel, and float32 has few digits.
        divergence = mean(formula, p, q, over=rows, dtype=np.float64)
    return 0.0 if divergence < 0 else divergence


def kl_divergence_gradient(p: ArrayLike, q: ArrayLike) -> FloatArray:
    r"""Gradient of the Kullback-Leibler divergence with respect to q, the prediction.

    .. math:: \frac{\partial D}{\partial q_{ni}} = -\frac{1}{N} \frac{p_{ni}}{q_{ni}}

    The entries of q count as independent here: they need not keep their sum. Rows that
    `kl_divergence` scales are scaled here too, and then the formula is taken at the scaled row:
    the slope of the scaling itself is left out.

    Parameters
    ----------
    p, q : array_like, shape (..., C)
        True and predicted distributions along the last axis.

    Returns
    -------
    ndarray
        The gradient, of the shape of `q`: 0 where p is 0, minus infinity where only q is.

    Examples
    --------
    >>> kl_divergence_gradient([1, 0], [0.5, 0.5]).tolist()
    [-2.0, 0.0]
    """
    p, q = _distributions(p, q)
    rows: int = p.size // p.shape[-1]

    def formula(p: FloatArray, q: FloatArray) -> Elementwise:
        return np.where(p == 0, 0 * q, -p / q) / rows  # 0 also where q is; NaN if q is

    result: FloatArray = elementwise(formula, p, q)
    return result


def _gradient(formula: Callable[..., Any], *operands: FloatArray) -> Elementwise:
    """Return `formula(n, *operands)`, with their number of elements first."""
    return elementwise(partial(formula, operands[0].size), *operands)


def _targets(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return targets and predictions of one shape."""
    t, p = real_array(y_true, "y_true"), real_array(y_pred, "y_pred")
    same_shape(t, p, "y_true", "y_pred")
    return t, p


def _signed(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return labels in {-1, +1} and scores of one shape."""
    y, s = signed_labels(y_true, "y_true", ndim=None), real_array(y_pred, "y_pred")
    same_shape(y, s, "y_true", "y_pred")
    return y, s


def _binary(y_true: ArrayLike, logits: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return labels in {0, 1} and logits of one shape."""
    y, x = zero_one_labels(y_true, "y_true"), real_array(logits, "logits")
    same_shape(y, x, "y_true", "logits")
    return y, x


def _against(y: FloatArray, z: FloatArray) -> FloatArray:
    """Return the logit of the wrong label: z where y is 0, -z where y is 1."""
    return (1 - 2 * y) * z


def _classes(
    labels: ArrayLike, scores: ArrayLike, name: str, fewest: int = 1
) -> tuple[IntArray, FloatArray]:
    """Return class labels (N,) and the scores (N, C) that go with them."""
    s = real_array(scores, name, ndim=2)
    if s.shape[1] < fewest:
        raise ValueError(f"{name} must hold at least {fewest} classes, got shape {s.shape}")
    y = class_labels(labels, "labels", s.shape[1])
    same_length(y, s, "labels", name)
    return y, s


def _distributions(p: ArrayLike, q: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return two arrays of one shape whose last axis holds probabilities."""
    arrays = real_array(p, "p", min_ndim=1), real_array(q, "q", min_ndim=1)
    same_shape(*arrays, "p", "q")
    return _rows_of_sum_1(arrays[0], "p"), _rows_of_sum_1(arrays[1], "q")


def _rows_of_sum_1(array: FloatArray, name: str) -> FloatArray:
    """Refuse what are no probabilities, and scale the rows that are rounded."""
    if rows_add_up_to_1(array, ROUNDING / 2):
        return array
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative, got {np.nanmin(array)}")
    sums = array.sum(axis=-1, dtype=np.float64, keepdims=True)
    off = np.abs(sums - 1)
    if (off > 1e-3).any():
        wrong = sums[off > 1e-3][0]
        raise ValueError(f"{name} must sum to 1 along its last axis, got a sum of {wrong:g}")
    if (off > ROUNDING).any():
        array = (array / np.where(off > ROUNDING, sums, 1)).astype(array.dtype)
    return array


def _focal(
    gamma: float, alpha: float | None
) -> tuple[float, Callable[[FloatArray], FloatArray | float]]:
    """Return gamma, and the weight as a function of the labels."""
    gamma = number(gamma, "gamma", low=0)
    if alpha is None:
        return gamma, lambda y: 1.0
    share = number(alpha, "alpha", low=0, high=1)
    return gamma, lambda y: share * y + (1 - share) * (1 - y)


def _violations(y: IntArray, s: FloatArray, margin: float) -> FloatArray:
    """Return by how much each wrong class of a block (C, N) violates the margin."""
    true = y, np.arange(len(y))
    # In float64: what is left of two scores and the margin may be small beside them.
    gap = at_least(np.subtract(s, s[true], dtype=np.float64) + margin, 0)
    gap[true] = 0
    return gap
