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
from dlfund._fast import normal
from dlfund._fast.pieces import (
    along,
    at_least,
    at_most,
    elementwise,
    log_sum_exp,
    mend,
    parts,
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

    References
    ----------
    Glorot, Bordes, Bengio (2011), Deep sparse rectifier neural networks, AISTATS.

    Examples
    --------
    >>> relu([-2, -1, 0, 1, 2]).tolist()
    [0.0, 0.0, 0.0, 1.0, 2.0]
    """
    return elementwise(lambda z: at_least(z, 0), real_array(z, "z"))


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

    Examples
    --------
    >>> relu_derivative([-2, -1, 0, 1, 2]).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0]
    """
    return elementwise(lambda z: np.sign(at_least(z, 0)), real_array(z, "z"))


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
    return elementwise(lambda z: outer(z, alpha * z), z)


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

    Examples
    --------
    >>> leaky_relu_derivative([-2, -1, 0, 1, 2], alpha=0.5).tolist()
    [0.5, 0.5, 0.5, 1.0, 1.0]
    """
    z = real_array(z, "z")
    alpha = number(alpha, "alpha", like=z)

    def formula(z: FloatArray) -> Elementwise:
        step = relu_derivative(z)
        return step + alpha * (1 - step)

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

    See Also
    --------
    selu : scaled so that mean and variance stay.
    leaky_relu : a line instead of a floor.

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
    return elementwise(lambda z: at_least(z, 0) + alpha * np.expm1(at_most(z, 0)), z)


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

    Examples
    --------
    >>> elu_derivative([-1e4, 0, 1], alpha=2.0).tolist()
    [0.0, 2.0, 1.0]
    """
    z = real_array(z, "z")
    alpha = number(alpha, "alpha", like=z)

    def formula(z: FloatArray) -> Elementwise:
        step = relu_derivative(z)
        return step + alpha * (1 - step) * np.exp(at_most(z, 0))

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

    References
    ----------
    Klambauer, Unterthiner, Mayr, Hochreiter (2017), arXiv:1706.02515.

    Examples
    --------
    >>> [round(a, 4) for a in selu([-1e4, 0, 1]).tolist()]
    [-1.7581, 0.0, 1.0507]
    """
    return elementwise(lambda z: SELU_SCALE * elu(z, SELU_ALPHA), real_array(z, "z"))


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

    Examples
    --------
    >>> [round(a, 4) for a in selu_derivative([-1e4, 0, 1]).tolist()]
    [0.0, 1.7581, 1.0507]
    """
    return elementwise(lambda z: SELU_SCALE * elu_derivative(z, SELU_ALPHA), real_array(z, "z"))


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

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """

    def formula(z: FloatArray) -> Elementwise:
        e = np.exp(within(z, high=40))  # from 40 on the result is 1, and exp must not overflow
        return e / (1 + e)

    return elementwise(formula, real_array(z, "z"))


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

    Examples
    --------
    >>> sigmoid_derivative([-1000, 0, 1000]).tolist()
    [0.0, 0.25, 0.0]
    """

    def formula(z: FloatArray) -> Elementwise:
        e = np.exp(-np.abs(z))
        return e / (1 + e) ** 2

    return elementwise(formula, real_array(z, "z"))


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

    Examples
    --------
    >>> tanh_derivative([-1000, 0, 1000]).tolist()
    [0.0, 1.0, 0.0]
    """
    return elementwise(lambda z: 4 * sigmoid_derivative(2 * z), real_array(z, "z"))


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

    def formula(z: FloatArray) -> Elementwise:
        # From 40 on the result is z, and later exp overflows.
        return mend(np.log1p(np.exp(z)), z, 40, lambda: z)

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

    See Also
    --------
    gelu : the same idea with the gate of a normal variable.
    mish : the same idea with the tanh of softplus.

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
        return elementwise(lambda z: z / 2, z)  # 0 times infinity would be NaN
    if beta < 0:
        return elementwise(lambda z: -swish(-z, -beta), z)
    return elementwise(lambda z: _gated(z, -beta * z), z)


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

    Examples
    --------
    >>> swish_derivative([-np.inf, 0, np.inf]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = real_array(z, "z")
    beta = _steepness(beta, z)

    def formula(z: FloatArray) -> Elementwise:
        # Beyond 1000 both parts are constant; infinity times 0 would be NaN.
        x = within(beta * z, -1000, 1000) if beta else np.clip(z, 0, 0)
        return sigmoid(x) + x * sigmoid_derivative(x)

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
    ValueError
        If `approximate` is not one of the two words.

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
        return elementwise(lambda z: _gated(z, -2 * _u(z)), z)

    def formula(z: FloatArray) -> Elementwise:
        # z Phi(z) is z - z tail(z) on the right and z tail(-z) on the left.
        x = within(np.abs(z), high=39)
        return at_least(z, 0) - x * normal.density(x) * normal.mills_ratio(x)

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

    Examples
    --------
    >>> gelu_derivative([-np.inf, 0, np.inf]).tolist()
    [0.0, 0.5, 1.0]
    >>> round(gelu_derivative(1.0, approximate="none"), 4)
    1.0833
    """
    z = real_array(z, "z")
    if _form(approximate) == "tanh":

        def formula(z: FloatArray) -> Elementwise:
            z = within(z, -40, 40)  # beyond, the slope is 0 or 1; infinity times 0 is NaN
            u = _u(z)
            slope_of_u = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z * z)
            return sigmoid(2 * u) + 2 * z * slope_of_u * sigmoid_derivative(2 * u)
    else:

        def formula(z: FloatArray) -> Elementwise:
            x = within(np.abs(z), high=39)
            sign = np.sign(z)
            # Phi(-x) - x phi(x) is the slope on the left; the two sides sum to 1.
            left = normal.density(x) * (normal.mills_ratio(x) - x)
            return (1 + sign) / 2 - sign * left

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

    def formula(z: FloatArray) -> Elementwise:
        e = np.exp(within(z, high=40))  # from 40 on the gate is 1
        n = e * (e + 2)
        return _finite(z) * (n / (n + 2))

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

    Examples
    --------
    >>> mish_derivative([-np.inf, 0, np.inf]).tolist()
    [0.0, 0.6, 1.0]
    """

    def formula(z: FloatArray) -> Elementwise:
        z = within(z, -1000, 40)  # beyond, the slope is 0 or 1; infinity times 0 is NaN
        e = np.exp(z)
        n = e * (e + 2)
        return n / (n + 2) + 4 * z * e / (n + 2) * ((e + 1) / (n + 2))

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

    def formula(z: FloatArray) -> Elementwise:
        s = z - z.max(axis=0)  # at most 0, so that exp cannot overflow
        np.exp(s, out=s)  # in place, since a row may be as long as the memory
        s /= s.sum(axis=0)
        return s

    z, axis = _with_axis(z, axis)
    result: FloatArray = along(formula, axis, z)
    return result


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

    Examples
    --------
    >>> softmax_backward([1, 0], [0, 0]).tolist()  # 0.5 * (1 - 0.5), 0.5 * (0 - 0.5)
    [0.25, -0.25]
    """
    g = real_array(grad_output, "grad_output")
    z, axis = _with_axis(z, axis)
    same_shape(g, z, "grad_output", "z")

    def formula(g: FloatArray, z: FloatArray) -> Elementwise:
        s = softmax(z, axis=0)
        s *= g - sum((a * b).sum(axis=0) for a, b in zip(parts(g), parts(s), strict=True))
        return s

    result: FloatArray = along(formula, axis, g, z)
    return result


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

    Examples
    --------
    >>> log_softmax([1e4, 0]).tolist()
    [0.0, -10000.0]
    """

    def formula(z: FloatArray) -> Elementwise:
        below = z - z.max(axis=0)
        below -= log_sum_exp(below)
        return below

    z, axis = _with_axis(z, axis)
    result: FloatArray = along(formula, axis, z)
    return result


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

    See Also
    --------
    log_softmax : the logits, less this.

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

    def formula(z: FloatArray) -> Elementwise:
        top = z.max(axis=0, keepdims=True)
        return np.where(np.isinf(top), top, top + log_sum_exp(z - top))

    z, axis = _with_axis(z, axis)
    return scalar_or_array(along(formula, axis, z, length=1).squeeze(axis))


def _steepness(beta: float, z: FloatArray) -> float:
    """Return a finite beta, no larger than the precision of z holds: infinity times 0 is NaN."""
    largest = float(np.finfo(z.dtype).max)
    return min(max(number(beta, "beta"), -largest), largest)


def _gated(z: FloatArray, x: FloatArray) -> FloatArray:
    """Return z / (1 + exp(x)), which is z * sigmoid(-x)."""
    # Beyond 80 the 1 is nothing, and later exp overflows.
    return mend(z / (1 + np.exp(x)), x, 80, lambda: _finite(z) * np.exp(-x))


def _finite(z: FloatArray) -> FloatArray:
    """Return z, with a finite number for minus infinity: times a gate of 0 that would be NaN."""
    return within(z, low=float(np.finfo(z.dtype).min))


def _u(z: FloatArray) -> FloatArray:
    """Return the argument of tanh in `gelu`."""
    # z**3 takes 27 times as long as a product.
    return math.sqrt(2 / math.pi) * z * (1 + 0.044715 * z * z)


def _form(approximate: str) -> str:
    if not isinstance(approximate, str) or approximate not in ("tanh", "none"):
        raise ValueError(f"approximate must be {names(('tanh', 'none'))}, got {approximate!r}")
    return approximate


def _with_axis(z: ArrayLike, axis: int) -> tuple[FloatArray, int]:
    array = real_array(z, "z", min_ndim=1)
    return array, integer(axis, "axis", -array.ndim, array.ndim - 1)
