"""Activation functions, each with its derivative under it, and the softmax family.

Every elementwise function takes a scalar or an array of any shape and returns the
same: a Python float for a scalar, float32 for float32, float64 for all else.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import Elementwise, FloatArray, number, real_array
from dlfund._chunks import elementwise

__all__ = [  # noqa: RUF022 - in reading order
    "relu",
    "relu_derivative",
    "leaky_relu",
    "elu",
    "swish",
    "gelu",
    "tanh",
    "tanh_derivative",
]


def relu(z: ArrayLike) -> Elementwise:
    """Rectified linear unit: pass what is positive, silence the rest.

    relu(z) = max(z, 0)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        The activations, in [0, inf), of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers, or is a masked array.
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
    return elementwise(lambda z: np.maximum(z, 0), real_array(z, "z"))


def relu_derivative(z: ArrayLike) -> Elementwise:
    """Slope of the rectified linear unit.

    relu'(z) = 1 if z > 0, else 0

    At 0, where the slope jumps, it is taken to be 0, as PyTorch takes it.

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
        As for `relu`.

    Examples
    --------
    >>> relu_derivative([-2, -1, 0, 1, 2]).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0]
    """
    return elementwise(lambda z: np.heaviside(z, 0), real_array(z, "z"))


def leaky_relu(z: ArrayLike, alpha: float = 0.01) -> Elementwise:
    """Leaky rectified linear unit: what is negative still leaks through.

    leaky_relu(z) = z if z > 0, else alpha z

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    alpha : float, default 0.01
        Slope on the negative side.

    Returns
    -------
    float or ndarray
        The activations, of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers, is a masked array, or `alpha` is no number.
    ValueError
        If `z` is empty or `alpha` is not finite.

    References
    ----------
    Maas, Hannun, Ng (2013), Rectifier nonlinearities improve neural network acoustic
    models, ICML workshop on deep learning.

    Examples
    --------
    >>> leaky_relu([-2, -1, 0, 1, 2], alpha=0.5).tolist()
    [-1.0, -0.5, 0.0, 1.0, 2.0]
    """
    alpha = number(alpha, "alpha")
    if alpha == 0:
        return relu(z)
    return elementwise(lambda z: np.maximum(z, 0) + alpha * np.minimum(z, 0), real_array(z, "z"))


def elu(z: ArrayLike, alpha: float = 1.0) -> Elementwise:
    """Exponential linear unit: a smooth floor at -alpha.

    elu(z) = z if z > 0, else alpha (exp(z) - 1)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    alpha : float, default 1.0
        Depth of the floor.

    Returns
    -------
    float or ndarray
        The activations, in (-alpha, inf), of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers, is a masked array, or `alpha` is no number.
    ValueError
        If `z` is empty or `alpha` is not finite.

    References
    ----------
    Clevert, Unterthiner, Hochreiter (2016), arXiv:1511.07289, equation 15.

    Examples
    --------
    >>> elu([-1e4, 0, 1], alpha=2.0).tolist()
    [-2.0, 0.0, 1.0]

    ``exp(z) - 1`` would lose a small z altogether; ``expm1`` does not:

    >>> elu(-1e-20)
    -1e-20
    """
    alpha = number(alpha, "alpha")
    # exp sees only what is negative, so it cannot overflow.
    return elementwise(
        lambda z: np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0)), real_array(z, "z")
    )


def swish(z: ArrayLike, beta: float = 1.0) -> Elementwise:
    """Swish, for beta = 1 also called SiLU: z times its own sigmoid gate.

    swish(z) = z / (1 + exp(-beta z))

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.
    beta : float, default 1.0
        Steepness of the gate: 0 gives z / 2, large values approach ReLU.

    Returns
    -------
    float or ndarray
        The activations, of the shape of `z`. For beta = 1 the least is -0.2785, at
        z = -1.2785.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers, is a masked array, or `beta` is no number.
    ValueError
        If `z` is empty or `beta` is not finite.

    References
    ----------
    Ramachandran, Zoph, Le (2017), arXiv:1710.05941.
    Elfwing, Uchibe, Doya (2018), arXiv:1702.03118, for SiLU.

    Examples
    --------
    >>> swish([-1e4, 0, 1e4]).tolist()
    [0.0, 0.0, 10000.0]
    >>> swish(3.0, beta=0.0)
    1.5
    """
    beta = number(beta, "beta")
    z = real_array(z, "z")
    if beta == 0:
        return elementwise(lambda z: z / 2, z)

    def formula(z: FloatArray) -> FloatArray:
        gate = _sigmoid(beta * z)
        return np.where(gate == 0, 0, z * gate)  # a closed gate lets not even infinity through

    return elementwise(formula, z)


def gelu(z: ArrayLike) -> Elementwise:
    """Gaussian error linear unit, in its tanh form.

    gelu(z) = z/2 (1 + tanh(u)) = z sigmoid(2u),  u = sqrt(2/pi) (z + 0.044715 z^3)

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        The activations, of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers, or is a masked array.
    ValueError
        If `z` is empty.

    References
    ----------
    Hendrycks, Gimpel (2016), arXiv:1606.08415, section 2.

    Examples
    --------
    >>> gelu([-1e200, 0, 1e200]).tolist()
    [0.0, 0.0, 1e+200]
    >>> round(gelu(1.0), 4)
    0.8412
    """

    def formula(z: FloatArray) -> FloatArray:
        gate = _sigmoid(2 * math.sqrt(2 / math.pi) * z * (1 + 0.044715 * z * z))
        return np.where(gate == 0, 0, z * gate)

    return elementwise(formula, real_array(z, "z"))


def tanh(z: ArrayLike) -> Elementwise:
    """Hyperbolic tangent: squash to (-1, 1).

    tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))

    Parameters
    ----------
    z : array_like
        Pre-activations, of any shape.

    Returns
    -------
    float or ndarray
        The activations, in [-1, 1], of the shape of `z`.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers, or is a masked array.
    ValueError
        If `z` is empty.

    Examples
    --------
    >>> tanh([-1000, 0, 1000]).tolist()
    [-1.0, 0.0, 1.0]
    """
    return elementwise(np.tanh, real_array(z, "z"))


def tanh_derivative(z: ArrayLike) -> Elementwise:
    """Slope of the hyperbolic tangent.

    tanh'(z) = 1 - tanh(z)^2 = 4 e / (1 + e)^2,  e = exp(-2 |z|)

    The second form keeps its digits where tanh(z) rounds to 1.

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
        As for `tanh`.

    Examples
    --------
    >>> tanh_derivative([-1000, 0, 1000]).tolist()
    [0.0, 1.0, 0.0]
    """

    def formula(z: FloatArray) -> FloatArray:
        e = np.exp(-2 * np.abs(z))
        return 4 * e / np.square(1 + e)

    return elementwise(formula, real_array(z, "z"))


def _sigmoid(x: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)), to full relative precision however negative x is."""
    # Beyond 40 the result is 1 already, and exp must not overflow.
    e: FloatArray = np.exp(np.minimum(x, 40))
    return e / (1 + e)
