"""Pass over training samples without looking at each: most of them are right."""

import math
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from dlfund._checks import FloatArray

# So many samples in a row that changed nothing, and blocks are looked at; where mistakes are
# frequent, one by one is faster. The margins of the largest block stay in cache.
_RUN = 4
_SMALLEST, _LARGEST = 256, 8192
_EPS = float(np.finfo(np.float64).eps)
_TINY = float(np.finfo(np.float64).tiny)


class Unit(Protocol):
    """What learns. Its weights are replaced by each correction, not changed in place."""

    weights: FloatArray
    bias: float


class Passes:
    """Passes over samples with labels -1 and +1, from which `unit` learns meanwhile.

    Each iteration yields, in order, the index of every sample that the unit may call wrong as
    it is then. Blocks that are surely right are passed over: where mistakes are rare, that
    takes a fiftieth of the time.
    """

    def __init__(self, samples: FloatArray, labels: FloatArray, unit: Unit) -> None:
        self.samples, self.labels, self.unit = samples, labels, unit
        self.largest = float(max(samples.max(), -samples.min()))
        self.steps = 0  # samples passed, looked at or not
        self.late = np.zeros(len(samples))  # steps before each correction, by its sample

    def __iter__(self) -> Iterator[int]:
        i = unchanged = 0
        while i < len(self.samples):
            weights = self.unit.weights
            yield i
            if self.unit.weights is weights:
                unchanged += 1
            else:
                self.late[i] += self.steps + i
                unchanged = 0
            i += 1
            if unchanged == _RUN:
                i, unchanged = self._next_in_doubt(i), 0
        self.steps += len(self.samples)

    def _next_in_doubt(self, start: int) -> int:
        """Return the first sample from `start` on that may be called wrong, or their number."""
        weights, size = self.unit.weights, _SMALLEST
        # A block's product may round otherwise than that of one sample, whose verdict counts.
        # Within twice the error bound of a sum of products the two could differ in sign, and
        # either may overflow. Where all products are 0, nothing is rounded.
        reach = self.largest * float(np.abs(weights).sum())
        doubt = 4 * (len(weights) + 2) * _EPS * reach + _TINY if reach < 1e300 else math.inf
        doubt = doubt if reach else 0.0
        while start < len(self.samples):
            block = slice(start, start + size)
            margins = self.samples[block] @ weights
            margins += self.unit.bias or math.ulp(0.0)  # a score of 0 means +1
            margins *= self.labels[block]
            sure = margins > doubt
            first = int(sure.argmin())
            if not sure[first]:
                return start + first
            start += size
            size = min(2 * size, _LARGEST)
        return len(self.samples)
