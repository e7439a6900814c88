"""The one place that refuses input.

Every public function passes its arguments through here once, at its door, and
trusts them from then on. Each refusal names the argument, says what came and
what is allowed.
"""

import math
import operator
import sys
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

type FloatArray = NDArray[np.floating[Any]]
type BoolArray = NDArray[np.bool_]
type IntArray = NDArray[np.int64]

# A float for a scalar, an array for an array, typed as NumPy types its ufuncs.
type Elementwise = Any

# Beyond this an integer need not be a float64, and two labels could become one.
LARGEST_CLASS = 2**53 - 1

# Elements that `everywhere` looks at together.
_PIECE = 1 << 15


def quiet[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Let infinities and NaN pass through `function` without a warning."""
    return np.errstate(all="ignore")(function)


def real_array(
    value: ArrayLike,
    name: str,
    *,
    ndim: int | tuple[int, ...] | None = None,
    min_ndim: int = 0,
    finite: bool = False,
) -> FloatArray:
    """Return `value` as a float32 or float64 array that is never empty.

    float32 and float64 are kept; integers, booleans and float16 become float64.
    The result may share memory with `value`, so it is read, never written.
    """
    if type(value) is np.ndarray and value.dtype.char in "fd" and value.dtype.isnative:
        array = value  # the common case, decided in well under a microsecond
    else:
        array = _to_float(value, name)
    if ndim is not None:
        allowed = (ndim,) if isinstance(ndim, int) else ndim
        if array.ndim not in allowed:
            wanted = " or ".join(f"{n}-D" for n in allowed)
            raise ValueError(f"{name} must be {wanted}, got {_describe(array)}")
    if array.ndim < min_ndim:
        raise ValueError(f"{name} must be at least {min_ndim}-D, got {_describe(array)}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}")
    if finite and not everywhere(np.isfinite, array):
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name} must be finite, got {bad}")
    return array


def common_dtype(*arrays: FloatArray) -> list[FloatArray]:
    """Return the arrays in their common precision: float64 if any of them has it."""
    dtype = np.result_type(*(array.dtype for array in arrays))
    return [array.astype(dtype, copy=False) for array in arrays]


def same_shape(a: FloatArray, b: FloatArray, name_a: str, name_b: str) -> None:
    """Refuse two arrays of different shapes: nothing broadcasts silently."""
    if a.shape != b.shape:
        raise ValueError(
            f"{name_a} and {name_b} must have the same shape, got {a.shape} and {b.shape}"
        )


def same_length(a: NDArray[Any], b: NDArray[Any], name_a: str, name_b: str) -> None:
    """Refuse two arrays whose first axes differ in length."""
    if len(a) != len(b):
        raise ValueError(
            f"{name_a} and {name_b} must have the same length, got {len(a)} and {len(b)}"
        )


def everywhere(condition: Callable[[FloatArray], BoolArray], array: FloatArray) -> bool:
    """Whether the condition holds for every element, asked piece by piece to spare memory."""
    if array.size <= _PIECE:
        return bool(condition(array).all())
    pieces: Any = np.nditer(array, flags=["external_loop", "buffered"], buffersize=_PIECE)
    with pieces:
        return all(condition(piece).all() for piece in pieces)


def scalar_or_array(result: Any) -> Elementwise:
    """Return a Python float for a zero-dimensional result, the array otherwise."""
    return float(result) if np.ndim(result) == 0 else result


def integer(value: Any, name: str, minimum: int, maximum: int = sys.maxsize) -> int:
    """Return `value` as an int of at least `minimum` and at most `maximum`."""
    given: Any = None if isinstance(value, bool | np.bool) else value  # True is no size
    try:
        number = operator.index(given)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {_short(value)}") from None
    if not minimum <= number <= maximum:
        open_ended = number < minimum and maximum == sys.maxsize
        wanted = f"at least {minimum}" if open_ended else f"from {minimum} to {maximum}"
        raise ValueError(f"{name} must be {wanted}, got {number}")
    return number


def boolean(value: Any, name: str) -> bool:
    """Return `value`, True or False, as a bool."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {_short(value)}")
    return bool(value)


def pair(value: Any, name: str, minimum: int) -> tuple[int, int]:
    """Return `value`, an integer or a pair of integers, as (vertical, horizontal)."""
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name} must be an integer or two integers, got {value!r}")
        return integer(value[0], f"{name}[0]", minimum), integer(value[1], f"{name}[1]", minimum)
    if np.ndim(value):
        raise TypeError(f"{name} must be an integer or two integers, got {_short(value)}")
    number = integer(value, name, minimum)
    return number, number


def number(
    value: Any,
    name: str,
    *,
    positive: bool = False,
    low: float | None = None,
    high: float | None = None,
    inclusive: bool = True,
    like: FloatArray | None = None,
) -> float:
    """Return `value` as a finite Python float, within the bounds that are asked for.

    It is finite in the precision of `like`, too.
    """
    if type(value) is np.ndarray and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool) or not _is_real(value):
        raise TypeError(f"{name} must be a real number, got {_short(value)}")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ValueError(f"{name} must be finite, got {_short(value)}")
    if like is not None and abs(result) > float(np.finfo(like.dtype).max):
        raise ValueError(f"{name} must be finite in {like.dtype}, got {_short(value)}")
    if positive and not result > 0:
        raise ValueError(f"{name} must be positive, got {_short(value)}")
    below = low is not None and (result < low or (not inclusive and result == low))
    above = high is not None and (result > high or (not inclusive and result == high))
    if below or above:
        left, right = ("[", "]") if inclusive else ("(", ")")
        start = "(-inf" if low is None else f"{left}{low:g}"
        end = "inf)" if high is None else f"{high:g}{right}"
        raise ValueError(f"{name} must lie in {start}, {end}, got {_short(value)}")
    return result


def binary_labels(value: ArrayLike, name: str, *, both: bool = False) -> BoolArray:
    """Return labels in {0, 1}, {-1, +1} or booleans as a 1-D array of booleans.

    With `both`, one class alone is refused.
    """
    labels = real_array(value, name, ndim=1)
    positive: BoolArray = labels == 1
    if not ((positive | (labels == 0)).all() or (positive | (labels == -1)).all()):
        came = _distinct(labels, np.isin(labels, (-1, 0, 1)))
        raise ValueError(f"{name} must hold labels in {{0, 1}} or {{-1, +1}}, got {came}")
    if both and (positive.all() or not positive.any()):
        raise ValueError(f"{name} must hold both classes, got only {_distinct(labels, positive)}")
    return positive


def paired_labels(
    a: ArrayLike, b: ArrayLike, name_a: str, name_b: str, *, two_classes: bool = False
) -> tuple[IntArray, IntArray, int]:
    """Return labels as positions among their sorted classes, and the number of classes.

    Both hold {0, 1} or both {-1, +1}, which are two classes even where one does not occur;
    or, without `two_classes`, both hold class indices, of which those that occur count.
    """
    first, second = (
        real_array(value, name, ndim=1, finite=True) for value, name in ((a, name_a), (b, name_b))
    )
    same_length(first, second, name_a, name_b)
    labels = np.concatenate([first, second])
    positive = labels == 1
    if (positive | (labels == (-1 if labels.min() < 0 else 0))).all():
        two = positive.astype(np.int64)
        return two[: len(first)], two[len(first) :], 2
    allowed = "both hold labels in {0, 1} or both in {-1, +1}"
    if two_classes:
        right = np.isin(labels, (-1, 0, 1))
    else:
        allowed += f" or both class indices from 0 to {LARGEST_CLASS}"
        right = _whole(labels) & (labels >= 0) & (labels <= LARGEST_CLASS)
    if two_classes or not right.all():
        raise ValueError(f"{name_a} and {name_b} must {allowed}, got {_distinct(labels, right)}")
    classes, positions = np.unique(labels, return_inverse=True)
    return positions[: len(first)], positions[len(first) :], len(classes)


def signed_labels(value: ArrayLike, name: str, *, ndim: int | None = 1) -> FloatArray:
    """Return labels in {-1, +1} as a float array."""
    labels = real_array(value, name, ndim=ndim)
    if not everywhere(lambda y: np.abs(y) == 1, labels):
        came = _distinct(labels, np.abs(labels) == 1)
        raise ValueError(f"{name} must hold labels in {{-1, +1}}, got {came}")
    return labels


def zero_one_labels(value: ArrayLike, name: str, *, ndim: int | None = None) -> FloatArray:
    """Return labels in {0, 1} as a float array of any shape (0-D too)."""
    labels = real_array(value, name, ndim=ndim)
    if not everywhere(lambda y: (y == 0) | (y == 1), labels):
        right = (labels == 0) | (labels == 1)
        raise ValueError(f"{name} must hold labels in {{0, 1}}, got {_distinct(labels, right)}")
    return labels


def class_labels(value: ArrayLike, name: str, n_classes: int | None = None) -> IntArray:
    """Return class indices 0 ... n_classes - 1 as a 1-D integer array, which may be `value`."""
    whole = type(value) is np.ndarray and value.dtype == np.int64 and value.ndim == 1 and value.size
    labels: Any = value if whole else real_array(value, name, ndim=1)
    if not whole and not (right := _whole(labels)).all():
        raise ValueError(f"{name} must hold whole numbers, got {_distinct(labels, right)}")
    largest = LARGEST_CLASS if n_classes is None else n_classes - 1
    if labels.min() < 0 or labels.max() > largest:
        came = _distinct(labels, (labels >= 0) & (labels <= largest))
        raise ValueError(f"{name} must hold classes 0 to {largest}, got {came}")
    indices: IntArray = labels.astype(np.int64, copy=False)
    return indices


def _to_float(value: Any, name: str) -> FloatArray:
    try:
        array = None if _holds_masked(value) else np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be a regular array, got nested sequences of different lengths"
        ) from None
    except (TypeError, RuntimeError) as error:
        raise TypeError(f"{name} must hold real numbers: {error}") from None
    if array is None:
        raise TypeError(f"{name} must not be a masked array; fill or drop the masked entries first")
    if array.dtype.kind == "O":
        array = _from_objects(array, name)
    if array.dtype.kind == "f" and array.dtype.itemsize in (4, 8):
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype.kind in "biu" or array.dtype.char == "e":
        return array.astype(np.float64)
    raise TypeError(
        f"{name} must hold real numbers (float32, float64, integers or booleans), "
        f"got {_short(value) if array.ndim == 0 else f'dtype {array.dtype}'}"
    )


def _from_objects(array: NDArray[Any], name: str) -> FloatArray:
    """Convert an object array, such as a pandas column, if every item is a real number."""
    for item in array.flat:
        if not (_is_real(item) or isinstance(item, np.bool_)):
            raise TypeError(f"{name} must hold real numbers, got {_short(item)}")
    try:
        return array.astype(np.float64)
    except OverflowError:
        raise ValueError(f"{name} holds an integer too large for float64") from None


def _is_real(value: Any) -> bool:
    # NumPy counts a time span among its integers.
    return isinstance(value, Real) and not isinstance(value, np.timedelta64)


def _holds_masked(value: Any) -> bool:
    if isinstance(value, np.ma.MaskedArray):
        return True
    # np.asarray would drop the mask of an array inside a list without a word.
    return isinstance(value, (list, tuple)) and any(
        _holds_masked(item) for item in value if isinstance(item, (list, tuple, np.ma.MaskedArray))
    )


def _describe(array: NDArray[Any]) -> str:
    return "a scalar" if array.ndim == 0 else f"{array.ndim}-D with shape {array.shape}"


def _whole(labels: FloatArray) -> BoolArray:
    """Whether each is a whole number."""
    whole: BoolArray = np.isfinite(labels) & (labels == np.floor(labels))
    return whole


def _distinct(labels: FloatArray, right: BoolArray) -> str:
    """Say which values came; of more than five only those that are not right."""
    values = np.unique(labels)
    if len(values) <= 5:
        return ", ".join(str(v).removesuffix(".0") for v in values)
    wrong = np.unique(labels[~right])
    shown = ", ".join(str(v).removesuffix(".0") for v in wrong[:5])
    return f"{shown}{', ...' if len(wrong) > 5 else ''} among {len(values)} distinct values"


def _short(value: Any) -> str:
    text = repr(value)
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"{text} ({type(value).__name__})"


def names(values: Sequence[str]) -> str:
    """Return the allowed words of an option as a readable list."""
    return " or ".join(repr(v) for v in values)
