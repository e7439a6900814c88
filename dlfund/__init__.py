"""The building blocks of deep learning in NumPy, written to be read.

Each chapter of the book has its module, and all public names are here too:
`from dlfund import conv2d`. Arrays are batch-first, `(N, C, H, W)`, and weights
`(O, C/groups, kH, kW)`. What a function means and the order of its arguments are PyTorch's, for
metrics scikit-learn's. Losses take the truth first, as metrics do; PyTorch's take the prediction
first. Some names and defaults are our own: each signature shows them.

What holds for every public function is said here, once.

**What goes in.** Lists, tuples, arrays and pandas objects; numbers too where a function works
element by element or is a mean over elements. Nothing that is given is changed, and no result
shares memory with it.

**Precision.** float32 stays float32 and float64 stays float64; where both meet, the result is
float64. Integers, booleans and float16 become float64, so that no pixel of a uint8 image wraps
round. A single number comes back as a Python float.

**Sums and means.** One that comes back as a Python float is right to 1e-6 of itself in float32
too, of however many elements. A mean that fits its precision does not overflow on the way.

**Windows.** What an output is depends on the values in its own window alone. One bright pixel
spoils nothing beyond its reach, and whole numbers give whole numbers.

**Bins.** Their edges are the floats nearest to k/n in the precision of the data, so that 0.1
lies in (0, 0.1] in float32 and in float64.

**Errors.** What has the wrong kind is a `TypeError`: complex numbers, text, objects that are no
numbers, masked arrays; a size, stride, padding or count that is not an integer. What has the
wrong value or shape is a `ValueError`: an empty array or a wrong number of axes; two shapes or
lengths that differ, for nothing broadcasts in silence, not (3,) against (3, 1) either; a window
that is larger than what it slides over; a label of no class, or one class alone where two are
needed; a number outside its range. The message names the argument, what came and what is
allowed. Where a function has more to refuse, its own page says it.

**Labels.** Two classes are {0, 1} to losses on logits, {-1, +1} to the hinge losses and the
perceptron, and either pair or booleans to metrics. More classes are numbered from 0.

**NaN and infinity.** NaN passes through convolutions, activations, pools and losses to the
results that depend on it. Metrics, and what is trained, refuse NaN and infinity with a
`ValueError`. Limits are right: `sigmoid(-1000)` is 0, and so is `swish(-inf)`.

**Silence.** No warning is raised, whatever NumPy's error state is. Nothing is printed, no file
is written, and NumPy's global random state is neither read nor moved.
"""

# ruff: noqa: F403 - the names are those of the modules, written once, there

from dlfund import activations, convolution, gradients, losses, metrics, perceptron, pooling
from dlfund.activations import *
from dlfund.convolution import *
from dlfund.gradients import *
from dlfund.losses import *
from dlfund.metrics import *
from dlfund.perceptron import *
from dlfund.pooling import *

__all__ = []
__all__ += convolution.__all__
__all__ += activations.__all__
__all__ += perceptron.__all__
__all__ += metrics.__all__
__all__ += pooling.__all__
__all__ += losses.__all__
__all__ += gradients.__all__
