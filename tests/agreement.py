"""What it means that two arrays agree."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


def assert_agrees(
    expected: ArrayLike, actual: object, dtype: DTypeLike, scale: float | None = None
) -> None:
    """Compare shape, dtype and values: to 1e-12 (float64) or 1e-5 (float32) of `scale`.

    `scale` is the size of the largest term, where terms cancel; otherwise the largest value.
    Nothing agrees better than to the smallest number that there is.
    """
    assert isinstance(actual, np.ndarray)
    assert np.dtype(dtype) == actual.dtype
    wanted = np.asarray(expected, dtype=np.float64)
    assert wanted.shape == actual.shape
    finite = np.abs(wanted[np.isfinite(wanted)])
    if scale is None:
        scale = float(finite.max(initial=0.0))
    tolerance = TOLERANCE[np.dtype(dtype).name]
    smallest = float(np.finfo(dtype).smallest_subnormal)
    np.testing.assert_allclose(
        actual, wanted, rtol=tolerance, atol=max(tolerance * scale, smallest)
    )
