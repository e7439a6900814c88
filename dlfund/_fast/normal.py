"""The tail of the normal distribution, to nearly all digits however small it is.

NumPy has no error function, and 1 - Phi(x) from a table or a series loses its digits where
Phi(x) comes close to 1. The tail is taken as density times Mills' ratio, which is smooth: a
quotient of two polynomials. It is three times as fast as SciPy's `ndtr` in float32.
"""

import math

import numpy as np

from dlfund._checks import FloatArray

# Mills' ratio as P(x) / Q(x): the coefficients of P, then of Q, from the highest power down,
# fitted here to least greatest relative error: 5e-17 on [0, 39] and 6e-9 on [0, 14.5].
# Beyond, the density is 0 in that precision. All terms are positive, so that nothing cancels.
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


def density(x: FloatArray) -> FloatArray:
    """exp(-x^2 / 2) / sqrt(2 pi).

    The rounding error of x^2 would grow with the exponent. After Cody (1969),
    doi:10.1090/S0025-5718-1969-0247736-4: the square of h, y = 16 x rounded to a whole
    number, is exact, and y^2 - h^2 = (y - h) (y + h) is small.
    """
    y = 16 * x
    h = np.rint(y)
    return np.exp(h * h / -512) * np.exp((y - h) * (y + h) / -512) / math.sqrt(2 * math.pi)


def mills_ratio(x: FloatArray) -> FloatArray:
    """Mills' ratio for x >= 0: the normal tail beyond x over the density at x."""
    above, below = (_polynomial(coefficients, x) for coefficients in _MILLS[x.dtype.char])
    return above / below


def _polynomial(coefficients: tuple[FloatArray, ...], x: FloatArray) -> FloatArray:
    """Horner's rule, from the highest power down."""
    value = coefficients[0] * x
    for c in coefficients[1:-1]:
        value += c
        value *= x
    value += coefficients[-1]
    return value
