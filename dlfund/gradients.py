r"""Gradients from function values alone, to check the ones derived by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    Elementwise,
    FloatArray,
    number,
    quiet,
    real_array,
    same_shape,
    scalar_or_array,
)

__all__ = ["numerical_gradient", "relative_error"]


@quiet
def numerical_gradient(f: Callable[..., Any], x: ArrayLike, h: float = 1e-6) -> Elementwise:
    r"""Estimate the gradient of a scalar function by central differences.

    .. math::

        \frac{\partial f}{\partial x_i} \approx \frac{f(x + h_i e_i) - f(x - h_i e_i)}{2 h_i},
        \qquad h_i = h \max(1, |x_i|)

    The error is of order :math:`h^2` from the formula and :math:`\epsilon |f| / h` from
    rounding. Two calls of `f` per element of `x`.

    Parameters
    ----------
    f : callable
        Takes a float64 array shaped like `x`, its own copy (a Python float if `x` is a
        scalar), and returns one real number.
    x : array_like
        Where to take the gradient. Any shape.
    h : float, default 1e-6
        The step at :math:`|x_i| \le 1`, positive; it grows with :math:`|x_i|`.

    Returns
    -------
    float or ndarray, shape of `x`
        Computed in float64, even when `x` is float32 and so is the result.

    Raises
    ------
    TypeError
        If `f` cannot be called, or does not return a real number.
    ValueError
        If `f` returns an array, or `h` is too small to change `x`.

    References
    ----------
    Press, Teukolsky, Vetterling and Flannery (2007), Numerical Recipes, 3rd edition,
    section 5.7.

    Examples
    --------
    The gradient of x² + 3y is (2x, 3):

    >>> gradient = numerical_gradient(lambda x: x[0] ** 2 + 3 * x[1], [2.0, 1.0])
    >>> gradient.round(6)
    array([4., 3.])
    """
    if not callable(f):
        raise TypeError(f"f must be callable, got {type(f).__name__}")
    point = real_array(x, "x")
    step = number(h, "h", positive=True)
    centre = point.astype(np.float64)
    gradient = np.empty_like(centre)
    for index in np.ndindex(centre.shape):
        high, low = centre.copy(), centre.copy()
        reach = step * max(1.0, abs(float(centre[index])))
        high[index] += reach
        low[index] -= reach
        distance = high[index] - low[index]  # as rounded: at x = 1 it is 2h only to 1e-10
        if distance == 0:
            raise ValueError(f"h must be large enough to change x, got {h} at {centre[index]}")
        gradient[index] = (_value(f, high) - _value(f, low)) / distance
    return scalar_or_array(gradient.astype(point.dtype))


def _value(f: Callable[..., Any], x: FloatArray) -> float:
    """Call `f`, and refuse what is not one number."""
    return float(real_array(f(scalar_or_array(x)), "f(x)", ndim=0))


@quiet
def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    r"""Measure how far apart two gradients are: their largest difference over their largest entry.

    .. math:: \frac{\max_i |a_i - b_i|}{\max(\max_i |a_i|, \max_i |b_i|)}

    The scale is that of the whole gradient, so an entry that is zero but for rounding does
    not spoil the verdict. Correct float64 gradients agree with central differences to about
    1e-7 or better.

    Parameters
    ----------
    a, b : array_like
        Of the same shape; scalars too.

    Returns
    -------
    float
        0 when the two are equal, at most 2; NaN if either holds a NaN, or an infinity that the
        other does not hold.

    See Also
    --------
    numerical_gradient : the gradient to compare with.

    Examples
    --------
    >>> relative_error([1.0, 4.0], [1.0, 5.0])
    0.2
    """
    x, y = real_array(a, "a"), real_array(b, "b")
    same_shape(x, y, "a", "b")
    x, y = x.astype(np.float64), y.astype(np.float64)
    if np.array_equal(x, y):
        return 0.0
    scale = np.maximum(np.abs(x), np.abs(y)).max()
    if scale > np.finfo(np.float64).max / 2:  # the difference could overflow
        x, y, scale = x / 2, y / 2, scale / 2
    return float(np.abs(x - y).max() / scale)
