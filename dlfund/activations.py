"""Activation functions, each with its derivative under it, and the softmax family.

An elementwise function takes a scalar or an array of any shape and returns the
same: a Python float for a scalar, float32 for float32, float64 for all else. NaN
comes out where NaN went in, and at infinity every function takes its limit.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    Elementwise,
    FloatArray,
    integer,
    names,
    number,
    quiet,
    real_array,
    same_shape,
    scalar_or_array,
)
from dlfund._chunks import (
    at_least,
    at_most,
    elementwise,
    log_sum_exp,
    normalise,
    reduce,
    rows_of,
    within,
)

__all__ = [  # noqa: RUF022 - in reading order
    "relu",
    "relu_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "elu",
    "elu_derivative",
    "selu",
    "selu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "tanh",
    "tanh_derivative",
    "softplus",
    "softplus_derivative",
    "swish",
    "swish_derivative",
    "gelu",
    "gelu_derivative",
    "mish",
    "mish_derivative",
    "softmax",
    "softmax_backward",
    "log_softmax",
    "logsumexp",
]

# The fixed point of Klambauer et al. (2017): mean 0 and variance 1 map to themselves.
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


@quiet
def relu(z: ArrayLike) -> Elementwise:
    r"""Rectified linear unit: pass what is positive, silence the rest.

    .. math:: \operatorname{relu}(z) = \max(z, 0)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        Activations in [0, inf), of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array.
    ValueError
        If `z` is empty.

    References
    ----------
    Glorot, Bordes, Bengio (2011), Deep sparse rectifier neural networks, AISTATS.

    Examples
    --------
    >>> relu([-2, -1, 0, 1, 2]).tolist()
    [0.0, 0.0, 0.0, 1.0, 2.0]
    """
    return scalar_or_array(np.maximum(real_array(z, "z"), 0))


def relu_derivative(z: ArrayLike) -> Elementwise:
    r"""Slope of the rectified linear unit.

    .. math:: \operatorname{relu}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}

    At 0 the slope jumps; as in PyTorch, 0 is taken there.

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        0 or 1, of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `relu`.

    Examples
    --------
    >>> relu_derivative([-2, -1, 0, 1, 2]).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0]
    """
    return elementwise(_step, real_array(z, "z"))


def leaky_relu(z: ArrayLike, alpha: float = 0.01) -> Elementwise:
    r"""Leaky rectified linear unit: a little of what is negative leaks through.

    .. math:: f(z) = \max(z, 0) + \alpha \min(z, 0)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    alpha : float, default 0.01
        Slope on the negative side.

    Returns
    -------
    float or ndarray
        Activations, of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array, or `alpha` is not a number.
    ValueError
        If `z` is empty or `alpha` is not finite.

    References
    ----------
    Maas, Hannun, Ng (2013), Rectifier nonlinearities improve neural network acoustic
    models, ICML Workshop on Deep Learning for Audio, Speech and Language Processing.

    Examples
    --------
    >>> leaky_relu([-2, -1, 0, 1, 2], alpha=0.5).tolist()
    [-1.0, -0.5, 0.0, 1.0, 2.0]
    """
    z = real_array(z, "z")
    alpha = number(alpha, "alpha", like=z)
    if alpha == 0:
        return relu(z)  # 0 times minus infinity would be NaN
    # alpha z lies below z on the right and above it on the left, or the other way round.
    outer = np.maximum if alpha <= 1 else np.minimum
    return elementwise(lambda z, out: outer(z, np.multiply(alpha, z, out=out), out=out), z)


def leaky_relu_derivative(z: ArrayLike, alpha: float = 0.01) -> Elementwise:
    r"""Slope of the leaky rectified linear unit.

    .. math:: f'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    alpha : float, default 0.01
        Slope on the negative side, and at 0.

    Returns
    -------
    float or ndarray
        1 or `alpha`, of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `leaky_relu`.

    Examples
    --------
    >>> leaky_relu_derivative([-2, -1, 0, 1, 2], alpha=0.5).tolist()
    [0.5, 0.5, 0.5, 1.0, 1.0]
    """
    z = real_array(z, "z")
    alpha = number(alpha, "alpha", like=z)

    def formula(z: FloatArray, out: FloatArray) -> None:
        step = _step(z, out)
        np.add(step, alpha * (1 - step), out=out)

    return elementwise(formula, z)


def elu(z: ArrayLike, alpha: float = 1.0) -> Elementwise:
    r"""Exponential linear unit: bends smoothly into a floor at -alpha.

    .. math::

        \operatorname{elu}(z) = \begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    alpha : float, default 1.0
        Depth of the floor.

    Returns
    -------
    float or ndarray
        Activations, of the shape of `z`; at least -alpha if alpha is positive.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array, or `alpha` is not a number.
    ValueError
        If `z` is empty or `alpha` is not finite.

    References
    ----------
    Clevert, Unterthiner, Hochreiter (2016), arXiv:1511.07289.

    Examples
    --------
    >>> elu([-1e4, 0, 1], alpha=2.0).tolist()
    [-2.0, 0.0, 1.0]

    ``np.exp(z) - 1`` would round a small z to 0; ``np.expm1(z)`` keeps it:

    >>> elu(-1e-20)
    -1e-20
    """
    z = real_array(z, "z")
    alpha = number(alpha, "alpha", like=z)
    return elementwise(lambda z, out: _elu(z, alpha, out), z)


def elu_derivative(z: ArrayLike, alpha: float = 1.0) -> Elementwise:
    r"""Slope of the exponential linear unit.

    .. math:: \operatorname{elu}'(z) = \begin{cases} 1 & z > 0 \\ \alpha e^z & z \le 0 \end{cases}

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    alpha : float, default 1.0
        Depth of the floor; for alpha other than 1 the slope jumps at 0, where it is
        taken to be alpha.

    Returns
    -------
    float or ndarray
        The slope, of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `elu`.

    Examples
    --------
    >>> elu_derivative([-1e4, 0, 1], alpha=2.0).tolist()
    [0.0, 2.0, 1.0]
    """
    z = real_array(z, "z")
    alpha = number(alpha, "alpha", like=z)

    def formula(z: FloatArray, out: FloatArray) -> None:
        step = _step(z, out)
        np.add(step, alpha * (1 - step) * np.exp(at_most(z, 0)), out=out)

    return elementwise(formula, z)


def selu(z: ArrayLike) -> Elementwise:
    r"""Scaled exponential linear unit: keeps activations near mean 0 and variance 1.

    .. math:: \operatorname{selu}(z) = 1.0507\,\operatorname{elu}(z;\, \alpha = 1.6733)

    The two constants are chosen so that a standard normal input gives an output of
    mean 0 and variance 1. (All their digits are used.)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        Activations in [-1.7581, inf), of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `relu`.

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter (2017), arXiv:1706.02515.

    Examples
    --------
    >>> [round(a, 4) for a in selu([-1e4, 0, 1]).tolist()]
    [-1.7581, 0.0, 1.0507]
    """

    def formula(z: FloatArray, out: FloatArray) -> None:
        np.multiply(SELU_SCALE, _elu(z, SELU_ALPHA, out), out=out)

    return elementwise(formula, real_array(z, "z"))


def selu_derivative(z: ArrayLike) -> Elementwise:
    r"""Slope of the scaled exponential linear unit.

    .. math:: \operatorname{selu}'(z) = 1.0507\,\operatorname{elu}'(z;\, \alpha = 1.6733)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        The slope, in [0, 1.7581], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `relu`.

    Examples
    --------
    >>> [round(a, 4) for a in selu_derivative([-1e4, 0, 1]).tolist()]
    [0.0, 1.7581, 1.0507]
    """

    def formula(z: FloatArray, out: FloatArray) -> None:
        np.multiply(SELU_SCALE, elu_derivative(z, SELU_ALPHA), out=out)

    return elementwise(formula, real_array(z, "z"))


def sigmoid(z: ArrayLike) -> Elementwise:
    r"""Logistic function: squash to (0, 1), a logit to its probability.

    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^z}{1 + e^z}

    Parameters
    ----------
    z : array_like
        Pre-activations or logits, of any shape.

    Returns
    -------
    float or ndarray
        Probabilities in [0, 1], of the shape of `z`. The small ones keep all their
        digits, as far down as floats have them: to exp(-708) in float64.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array.
    ValueError
        If `z` is empty.

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    return elementwise(_sigmoid, real_array(z, "z"))


def sigmoid_derivative(z: ArrayLike) -> Elementwise:
    r"""Slope of the logistic function.

    .. math:: \sigma'(z) = \sigma(z) (1 - \sigma(z)) = \frac{e^{-|z|}}{(1 + e^{-|z|})^2}

    The last form keeps its digits where :math:`\sigma(z)` rounds to 1.

    Parameters
    ----------
    z : array_like
        Pre-activations or logits, of any shape.

    Returns
    -------
    float or ndarray
        The slope, in [0, 1/4], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `sigmoid`.

    Examples
    --------
    >>> sigmoid_derivative([-1000, 0, 1000]).tolist()
    [0.0, 0.25, 0.0]
    """
    return elementwise(_bell, real_array(z, "z"))


@quiet
def tanh(z: ArrayLike) -> Elementwise:
    r"""Hyperbolic tangent: squash to (-1, 1).

    .. math:: \tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        Activations in [-1, 1], of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array.
    ValueError
        If `z` is empty.

    Examples
    --------
    >>> tanh([-1000, 0, 1000]).tolist()
    [-1.0, 0.0, 1.0]
    """
    return scalar_or_array(np.tanh(real_array(z, "z")))


def tanh_derivative(z: ArrayLike) -> Elementwise:
    r"""Slope of the hyperbolic tangent.

    .. math:: \tanh'(z) = 1 - \tanh(z)^2 = 4 \sigma'(2z)

    The second form keeps its digits where :math:`\tanh(z)` rounds to 1.

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        The slope, in [0, 1], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `tanh`.

    Examples
    --------
    >>> tanh_derivative([-1000, 0, 1000]).tolist()
    [0.0, 1.0, 0.0]
    """
    return elementwise(
        lambda z, out: np.multiply(4, _bell(2 * z, out), out=out), real_array(z, "z")
    )


def softplus(z: ArrayLike) -> Elementwise:
    r"""Softplus: a smooth ReLU, and the loss of a logit.

    .. math:: \operatorname{softplus}(z) = \log(1 + e^z) = \max(z, 0) + \log(1 + e^{-|z|})

    Parameters
    ----------
    z : array_like
        Pre-activations or logits, of any shape.

    Returns
    -------
    float or ndarray
        Activations in [0, inf), of the shape of `z`; -log sigmoid(-z), in nats.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array.
    ValueError
        If `z` is empty.

    References
    ----------
    Dugas, Bengio, Bélisle, Nadeau, Garcia (2001), Incorporating second-order functional
    knowledge for better option pricing, NIPS 13.

    Examples
    --------
    >>> softplus([-1e4, 1e4]).tolist()
    [0.0, 10000.0]
    >>> round(softplus(0.0), 4)  # log 2
    0.6931
    """

    def formula(z: FloatArray, out: FloatArray) -> None:
        # From 40 on the result is z, and exp must not overflow.
        e = np.exp(within(z, high=40), out=out)
        np.maximum(z, np.log1p(e, out=out), out=out)

    return elementwise(formula, real_array(z, "z"))


def softplus_derivative(z: ArrayLike) -> Elementwise:
    r"""Slope of softplus, which is the logistic function.

    .. math:: \operatorname{softplus}'(z) = \sigma(z)

    Parameters
    ----------
    z : array_like
        Pre-activations or logits, of any shape.

    Returns
    -------
    float or ndarray
        The slope, in [0, 1], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `softplus`.

    Examples
    --------
    >>> softplus_derivative([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    return sigmoid(z)


def swish(z: ArrayLike, beta: float = 1.0) -> Elementwise:
    r"""Swish, for beta = 1 also known as SiLU: z behind a gate that z itself opens.

    .. math:: \operatorname{swish}(z) = z\,\sigma(\beta z)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    beta : float, default 1.0
        Steepness of the gate. 0 gives z / 2; a large beta comes close to ReLU.

    Returns
    -------
    float or ndarray
        Activations, of the shape of `z`. For beta = 1 the lowest is -0.2785, at
        z = -1.2785.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array, or `beta` is not a number.
    ValueError
        If `z` is empty or `beta` is not finite.

    References
    ----------
    Ramachandran, Zoph, Le (2017), arXiv:1710.05941.
    Elfwing, Uchibe, Doya (2018), arXiv:1702.03118, under the name SiLU.

    Examples
    --------
    >>> swish([0, 1e4]).tolist()
    [0.0, 10000.0]
    >>> round(swish(1.0), 4)
    0.7311
    >>> swish(3.0, beta=0)
    1.5
    """
    z = real_array(z, "z")
    beta = _steepness(beta, z)
    if beta == 0:
        return elementwise(lambda z, out: np.divide(z, 2, out=out), z)  # 0 * inf would be NaN

    def formula(z: FloatArray, out: FloatArray) -> None:
        gate = _sigmoid(z if beta == 1 else np.multiply(beta, z, out=out), out)
        if beta > 0:
            _gated(z, gate, out)
        else:
            np.negative(_gated(-z, gate, out), out=out)

    return elementwise(formula, z)


def swish_derivative(z: ArrayLike, beta: float = 1.0) -> Elementwise:
    r"""Slope of swish.

    .. math:: \operatorname{swish}'(z) = \sigma(x) + x\,\sigma'(x), \qquad x = \beta z

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    beta : float, default 1.0
        Steepness of the gate.

    Returns
    -------
    float or ndarray
        The slope, in [-0.0998, 1.0998], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `swish`.

    Examples
    --------
    >>> swish_derivative([-np.inf, 0, np.inf]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = real_array(z, "z")
    beta = _steepness(beta, z)

    def formula(z: FloatArray, out: FloatArray) -> None:
        # Beyond 1000 both parts are constant; infinity times 0 would be NaN.
        x = within(beta * z, -1000, 1000) if beta else np.clip(z, 0, 0)
        np.add(x * _bell(x, np.empty_like(x)), _sigmoid(x, out), out=out)

    return elementwise(formula, z)


def gelu(z: ArrayLike, approximate: str = "tanh") -> Elementwise:
    r"""Gaussian error linear unit: z times the chance that a normal variable is below z.

    .. math::

        \text{tanh:} \quad z\,\sigma(2u) = \frac z2 (1 + \tanh u), \qquad
        u = \sqrt{2 / \pi}\,(z + 0.044715\,z^3)

    .. math:: \text{none:} \quad z\,\Phi(z), \qquad
        \Phi(z) = \frac{1}{\sqrt{2 \pi}} \int_{-\infty}^z e^{-t^2 / 2}\,dt

    The two differ by at most 0.0005.

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    approximate : {"tanh", "none"}, default "tanh"
        The form. (In PyTorch the default is "none".)

    Returns
    -------
    float or ndarray
        Activations, of the shape of `z`. The lowest is -0.17, at z = -0.75.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array.
    ValueError
        If `z` is empty, or `approximate` is not one of the two words.

    References
    ----------
    Hendrycks, Gimpel (2016), arXiv:1606.08415.

    Examples
    --------
    >>> round(gelu(1.0), 5), round(gelu(1.0, approximate="none"), 5)
    (0.84119, 0.84134)
    >>> gelu([0, 1e200]).tolist()
    [0.0, 1e+200]
    """
    z = real_array(z, "z")
    if _form(approximate) == "tanh":
        return elementwise(lambda z, out: _gated(z, _sigmoid(_twice_u(z, out), out), out), z)

    def formula(z: FloatArray, out: FloatArray) -> None:
        # z Phi(z) is z - z tail(z) on the right and z tail(-z) on the left.
        x = within(np.abs(z), high=39)
        tail = _normal_density(x)
        tail *= x
        tail *= _mills_ratio(x)
        np.subtract(at_least(z, 0, out), tail, out=out)

    return elementwise(formula, z)


def gelu_derivative(z: ArrayLike, approximate: str = "tanh") -> Elementwise:
    r"""Slope of the Gaussian error linear unit.

    .. math::

        \text{tanh:} \quad \sigma(2u) + 2 z\,u'\,\sigma'(2u), \qquad
        u' = \sqrt{2 / \pi}\,(1 + 3 \cdot 0.044715\,z^2)

    .. math:: \text{none:} \quad \Phi(z) + z\,\varphi(z), \qquad
        \varphi(z) = \frac{e^{-z^2 / 2}}{\sqrt{2 \pi}}

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    approximate : {"tanh", "none"}, default "tanh"
        The form of `gelu` whose slope is wanted.

    Returns
    -------
    float or ndarray
        The slope, in [-0.13, 1.13], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `gelu`.

    Examples
    --------
    >>> gelu_derivative([-np.inf, 0, np.inf]).tolist()
    [0.0, 0.5, 1.0]
    >>> round(gelu_derivative(1.0, approximate="none"), 4)
    1.0833
    """
    z = real_array(z, "z")
    if _form(approximate) == "tanh":

        def formula(z: FloatArray, out: FloatArray) -> None:
            z = within(z, -40, 40)  # beyond, the slope is 0 or 1; infinity times 0 is NaN
            twice_u = _twice_u(z, np.empty_like(z))
            slope_of_u = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z * z)
            rise = 2 * z * slope_of_u * _bell(twice_u, out)
            np.add(rise, _sigmoid(twice_u, out), out=out)
    else:

        def formula(z: FloatArray, out: FloatArray) -> None:
            x = within(np.abs(z), high=39)
            sign = np.sign(z)
            tail = _normal_density(x) * (_mills_ratio(x) - x)  # of the left: Phi(-x) - x phi(x)
            np.subtract((1 + sign) / 2, sign * tail, out=out)

    return elementwise(formula, z)


def mish(z: ArrayLike) -> Elementwise:
    r"""Mish: z times the tanh of its softplus.

    .. math::

        \operatorname{mish}(z) = z \tanh(\operatorname{softplus}(z)) = z\,\frac{n}{n + 2}, \qquad
        n = e^z (e^z + 2)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        Activations, of the shape of `z`. The lowest is -0.3088, at z = -1.1924.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array.
    ValueError
        If `z` is empty.

    References
    ----------
    Misra (2019), arXiv:1908.08681.

    Examples
    --------
    >>> mish([0, 1e4]).tolist()
    [0.0, 10000.0]
    >>> round(mish(1.0), 4)
    0.8651
    """

    def formula(z: FloatArray, out: FloatArray) -> None:
        e = np.exp(within(z, high=40), out=out)  # from 40 on the gate is 1
        n = np.multiply(e, e + 2, out=out)
        _gated(z, np.divide(n, n + 2, out=out), out)

    return elementwise(formula, real_array(z, "z"))


def mish_derivative(z: ArrayLike) -> Elementwise:
    r"""Slope of mish.

    .. math::

        \operatorname{mish}'(z) = t + z (1 - t^2)\,\sigma(z)
        = \frac{n}{n + 2} + \frac{4 z\,e^z (e^z + 1)}{(n + 2)^2}, \qquad
        t = \tanh(\operatorname{softplus}(z)), \quad n = e^z (e^z + 2)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        The slope, in [-0.113, 1.089], of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `mish`.

    Examples
    --------
    >>> mish_derivative([-np.inf, 0, np.inf]).tolist()
    [0.0, 0.6, 1.0]
    """

    def formula(z: FloatArray, out: FloatArray) -> None:
        z = within(z, -1000, 40)  # beyond, the slope is 0 or 1; infinity times 0 is NaN
        e = np.exp(z)
        n = e * (e + 2)
        np.add(n / (n + 2), 4 * z * e / (n + 2) * ((e + 1) / (n + 2)), out=out)

    return elementwise(formula, real_array(z, "z"))


def softmax(z: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Softmax: turn logits into probabilities that sum to 1 along an axis.

    .. math:: s_i = \frac{e^{z_i}}{\sum_j e^{z_j}}

    Parameters
    ----------
    z : array_like
        Logits, of any shape with at least one axis. A logit of minus infinity has
        probability 0; where all of a row are minus infinity, or one is plus infinity,
        the row is NaN, as in PyTorch.
    axis : int, default -1
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray
        Probabilities, of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers or is a masked array, or `axis` is not an integer.
    ValueError
        If `z` is empty or a scalar, or has no such axis.

    References
    ----------
    Blanchard, Higham, Higham (2021), Accurately computing the log-sum-exp and softmax
    functions, doi:10.1093/imanum/draa038.

    Examples
    --------
    >>> softmax([0, 0, -np.inf]).tolist()
    [0.5, 0.5, 0.0]
    >>> softmax([[1e4, 1e4], [0, 1e4]]).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    z, axis = _with_axis(z, axis)
    return normalise(_softmax, axis, z)


def softmax_backward(grad_output: ArrayLike, z: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Gradient of a loss with respect to the logits, from that with respect to the softmax.

    .. math::

        \frac{\partial L}{\partial z_i} = s_i \Bigl(g_i - \sum_j g_j s_j\Bigr), \qquad
        s = \operatorname{softmax}(z), \quad g_i = \frac{\partial L}{\partial s_i}

    Parameters
    ----------
    grad_output : array_like
        dL/ds, of the shape of `z`.
    z : array_like
        Logits.
    axis : int, default -1
        The axis of the softmax.

    Returns
    -------
    ndarray
        dL/dz, of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `softmax`; also ValueError if the shapes differ.

    Examples
    --------
    >>> softmax_backward([1, 0], [0, 0]).tolist()  # 0.5 * (1 - 0.5), 0.5 * (0 - 0.5)
    [0.25, -0.25]
    """
    z, axis = _with_axis(z, axis)
    g = real_array(grad_output, "grad_output")
    same_shape(g, z, "grad_output", "z")

    def formula(g: FloatArray, z: FloatArray) -> FloatArray:
        s = _softmax(z)
        mean = sum(np.sum(g[rows] * s[rows], axis=0) for rows in rows_of(s))
        for rows in rows_of(s):
            s[rows] *= g[rows] - mean
        return s

    return normalise(formula, axis, g, z)


def log_softmax(z: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Logarithm of the softmax, exact where the softmax itself rounds to 0 or 1.

    .. math:: \log s_i = z_i - \log \sum_j e^{z_j}

    Parameters
    ----------
    z : array_like
        Logits, of any shape with at least one axis; infinities as for `softmax`.
    axis : int, default -1
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray
        Log probabilities in nats, of the shape of `z`.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    Examples
    --------
    >>> log_softmax([1e4, 0]).tolist()
    [0.0, -10000.0]
    """
    z, axis = _with_axis(z, axis)

    def formula(z: FloatArray) -> FloatArray:
        below = z - z.max(axis=0)
        below -= log_sum_exp(below)
        return below

    return normalise(formula, axis, z)


def logsumexp(z: ArrayLike, axis: int = -1) -> Elementwise:
    r"""Logarithm of a sum of exponentials: a smooth maximum.

    .. math:: \log \sum_j e^{z_j} = m + \log \sum_j e^{z_j - m}, \qquad m = \max_j z_j

    Parameters
    ----------
    z : array_like
        Logits, of any shape with at least one axis.
    axis : int, default -1
        The axis that is summed.

    Returns
    -------
    float or ndarray
        The shape of `z` without that axis. A row of minus infinities gives minus
        infinity: the logarithm of 0.

    Raises
    ------
    TypeError, ValueError
        As `softmax`.

    References
    ----------
    Blanchard, Higham, Higham (2021), doi:10.1093/imanum/draa038.

    Examples
    --------
    >>> round(logsumexp([1000, 1000]) - 1000, 4)  # log 2
    0.6931
    >>> logsumexp([-np.inf, -np.inf])
    -inf
    """
    z, axis = _with_axis(z, axis)

    def formula(z: FloatArray) -> FloatArray:
        top = z.max(axis=0)
        result = top + log_sum_exp(z - top)
        return np.where(np.isinf(top), top, result)

    return reduce(formula, axis, z)


def _step(z: FloatArray, out: FloatArray) -> FloatArray:
    """1 where z > 0, 0 where z <= 0, NaN where z is NaN."""
    return np.sign(at_least(z, 0, out), out=out)  # np.heaviside is four times as slow


def _elu(z: FloatArray, alpha: float, out: FloatArray) -> FloatArray:
    """Return z where z > 0, else alpha (exp(z) - 1)."""
    np.expm1(at_most(z, 0, out), out=out)  # of what is negative: nothing overflows
    if alpha != 1:
        out *= alpha
    # exp(z) - 1 >= z, so a floor that is not too deep is the greater of the two.
    return np.maximum(z, out, out=out) if alpha <= 1 else np.add(at_least(z, 0), out, out=out)


def _sigmoid(x: FloatArray, out: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)), to full relative precision however negative x is."""
    # From 40 on the result is 1, and exp must not overflow.
    e: FloatArray = np.exp(within(x, high=40), out=out)
    return np.divide(e, 1 + e, out=out)


def _bell(x: FloatArray, out: FloatArray) -> FloatArray:
    """Slope of the logistic function."""
    e = np.exp(-np.abs(x), out=out)
    return np.divide(e, np.square(1 + e), out=out)


def _steepness(beta: float, z: FloatArray) -> float:
    """Return a finite beta, no larger than the precision of z holds: infinity times 0 is NaN."""
    largest = float(np.finfo(z.dtype).max)
    return min(max(number(beta, "beta"), -largest), largest)


def _gated(z: FloatArray, gate: FloatArray, out: FloatArray) -> FloatArray:
    """Return z * gate, where the gate closes to 0 faster than z goes to minus infinity."""
    finite = within(z, low=float(np.finfo(z.dtype).min))  # for infinity times 0 is NaN
    return np.multiply(finite, gate, out=out)


def _form(approximate: str) -> str:
    if not isinstance(approximate, str) or approximate not in ("tanh", "none"):
        raise ValueError(f"approximate must be {names(('tanh', 'none'))}, got {approximate!r}")
    return approximate


def _twice_u(z: FloatArray, out: FloatArray) -> FloatArray:
    """2 sqrt(2/pi) (z + 0.044715 z^3); infinity, not NaN, where the cube overflows."""
    c = 2 * math.sqrt(2 / math.pi)
    out = np.square(z, out=out)
    out *= 0.044715 * c
    out += c
    out *= z
    return out


def _normal_density(x: FloatArray) -> FloatArray:
    """exp(-x^2 / 2) / sqrt(2 pi) to full relative precision.

    The rounding error of x^2 would grow with the exponent. After Cody (1969),
    doi:10.1090/S0025-5718-1969-0247736-4: the square of h, y = 16 x rounded to a whole
    number, is exact, and y^2 - h^2 = (y - h) (y + h) is small.
    """
    y = 16 * x
    h = np.rint(y)
    rest = y + h
    y -= h
    rest *= y
    rest *= -1 / 512
    np.square(h, out=h)
    h *= -1 / 512
    density = np.exp(h, out=h)
    density *= np.exp(rest, out=rest)
    density *= 1 / math.sqrt(2 * math.pi)
    return density


# Mills' ratio of the normal distribution as P(x) / Q(x): the coefficients of P, then of Q,
# from the highest power down, fitted here to least greatest relative error: 5e-17 on
# [0, 39] and 6e-9 on [0, 14.5]. Beyond, the density is 0 in that precision. All terms are
# positive, so that nothing cancels.
_COEFFICIENTS = {
    "d": (
        (
            3.4740312392529908601e-6,
            9.3396228564965836519e-5,
            1.2294514450298583433e-3,
            1.0251499747952565787e-2,
            5.9217948674065591346e-2,
            0.2449135339970049078,
            0.72528889651204915744,
            1.489108971769072634,
            1.9423597350394660504,
            1.2533141373155001882,
        ),
        (
            3.4740312392632756453e-6,
            9.3396228562835710985e-5,
            1.2329254764680250604e-3,
            1.0344895965348343044e-2,
            6.044045248146718396e-2,
            0.25497822958432126241,
            0.7820829264570067802,
            1.7144495071246194602,
            2.5613014426722481808,
            2.3476634049159895966,
            1.0,
        ),
    ),
    "f": (
        (
            0.010317653970426415957,
            0.10185082413526525669,
            0.45929940575690161601,
            1.098641077772808967,
            1.2533141446341079168,
        ),
        (
            0.01031753429732187927,
            0.10185726864088071765,
            0.46946729216878654291,
            1.2024998701493320301,
            1.6744737326795177458,
            1.0,
        ),
    ),
}
# To add an array without axes takes NumPy half as long as to add a Python float.
_MILLS = {
    char: tuple(tuple(np.array(c, char) for c in coefficients) for coefficients in pair)
    for char, pair in _COEFFICIENTS.items()
}


def _mills_ratio(x: FloatArray) -> FloatArray:
    """Mills' ratio for x >= 0: the normal tail beyond x over the density at x."""
    above, below = (_polynomial(coefficients, x) for coefficients in _MILLS[x.dtype.char])
    above /= below
    return above


def _polynomial(coefficients: tuple[FloatArray, ...], x: FloatArray) -> FloatArray:
    """Horner's rule, from the highest power down."""
    value = coefficients[0] * x
    for c in coefficients[1:-1]:
        value += c
        value *= x
    value += coefficients[-1]
    return value


def _with_axis(z: ArrayLike, axis: int) -> tuple[FloatArray, int]:
    array = real_array(z, "z", min_ndim=1)
    return array, integer(axis, "axis", -array.ndim, array.ndim - 1)


def _softmax(z: FloatArray) -> FloatArray:
    """Softmax along the first axis."""
    e = z - z.max(axis=0)  # at most 0, so that exp cannot overflow
    np.exp(e, out=e)
    e /= e.sum(axis=0)
    return e
