"""The perceptron: one linear threshold unit, the rule that trains it, and what lies beyond."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    Elementwise,
    FloatArray,
    IntArray,
    binary_labels,
    boolean,
    class_labels,
    integer,
    names,
    number,
    quiet,
    real_array,
    same_length,
    scalar_or_array,
    signed_labels,
)
from dlfund._fast.passes import Passes
from dlfund._fast.scale import in_unit, room
from dlfund.activations import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    tanh,
    tanh_derivative,
)
from dlfund.losses import cross_entropy_loss, cross_entropy_loss_gradient

__all__ = [  # noqa: RUF022 - in reading order
    "Perceptron",
    "geometric_margin",
    "mistake_bound",
    "two_layer_xor",
    "MLP",
]

_ACTIVATIONS = {
    "tanh": (tanh, tanh_derivative),
    "relu": (relu, relu_derivative),
    "sigmoid": (sigmoid, sigmoid_derivative),
}


class Perceptron:
    r"""A linear threshold unit, trained by correcting its mistakes.

    .. math:: \hat y = \operatorname{sign}(w \cdot x + b), \qquad \operatorname{sign}(0) = +1

    The unit starts at `weights` = 0, `bias` = 0. Both are plain attributes, in
    float64, and may be set by hand.

    Parameters
    ----------
    n_features : int
        Number of inputs d.
    lr : float
        Learning rate η > 0, the length of a correction. From zero weights it scales
        `weights` and `bias` and, rounding aside, changes no prediction.

    Attributes
    ----------
    weights : ndarray, shape (d,)
        The normal w of the decision boundary.
    bias : float
        The offset b.
    lr : float
        The learning rate η.

    References
    ----------
    F. Rosenblatt (1958), "The perceptron: a probabilistic model for information storage
    and organization in the brain", Psychological Review 65(6), doi:10.1037/h0042519.

    Examples
    --------
    Zero weights call every point +1, so (-1, -1) is the one mistake, and its
    correction separates the two points:

    >>> X, y = [[1, 1], [-1, -1]], [1, -1]
    >>> unit = Perceptron(n_features=2)
    >>> unit.fit(X, y)
    [1, 0]
    >>> unit.weights.tolist(), unit.bias
    ([1.0, 1.0], -1.0)
    >>> unit.predict(X).tolist()
    [1, -1]
    """

    weights: FloatArray
    bias: float

    def __init__(self, n_features: int, lr: float = 1.0) -> None:
        self.weights = np.zeros(integer(n_features, "n_features", 1))
        self.bias = 0.0
        self.lr = number(lr, "lr", positive=True)

    @quiet
    def decision_function(self, X: ArrayLike) -> Elementwise:
        r"""Return the pre-activation :math:`w \cdot x + b` of one sample or many.

        Divided by the length of w, it is the signed distance of x from the boundary.

        Parameters
        ----------
        X : array_like, shape (d,) or (N, d)
            One sample or N samples.

        Returns
        -------
        float or ndarray, shape (N,)
            A Python float for one sample; float64, as the weights are.

        Examples
        --------
        >>> unit = Perceptron(n_features=2)
        >>> unit.weights, unit.bias = [3, 4], -5
        >>> unit.decision_function([1, 1])  # 3*1 + 4*1 - 5
        2.0
        """
        samples = _samples(X, len(self.weights), ndim=(1, 2))
        return scalar_or_array(samples @ self.weights + self.bias)

    def predict(self, X: ArrayLike) -> Any:
        r"""Return the label of one sample or many: +1 where w·x + b >= 0, else -1.

        .. math:: \hat y = \operatorname{sign}(w \cdot x + b), \qquad \operatorname{sign}(0) = +1

        Parameters
        ----------
        X : array_like, shape (d,) or (N, d)
            One sample or N samples.

        Returns
        -------
        int or ndarray of int64, shape (N,)
            A Python int for one sample.

        Examples
        --------
        >>> unit = Perceptron(n_features=2)
        >>> unit.weights, unit.bias = [1, 1], -1.5
        >>> unit.predict([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()  # logical AND
        [-1, -1, -1, 1]
        >>> unit.predict([1, 1])
        1
        """
        return _sign(self.decision_function(X))

    @quiet
    def fit(
        self, X: ArrayLike, y: ArrayLike, n_epochs: int = 100, average: bool = False
    ) -> list[int]:
        r"""Pass over the samples in order and correct each mistake.

        A sample whose predicted label differs from y moves its score in the direction of y:

        .. math:: w \leftarrow w + \eta\,y\,x, \qquad b \leftarrow b + \eta\,y

        Training stops after the first epoch without a mistake. It continues from the
        current `weights` and `bias`, so a second call trains on.

        With `average`, `weights` and `bias` end as the mean over every step, that is,
        over what they were after each sample of each epoch. On data that no line
        separates, the last weights depend on the last mistake, the mean hardly at all.
        The mistakes are those of the running weights, so they are the same.

        Parameters
        ----------
        X : array_like, shape (N, d)
            The samples.
        y : array_like, shape (N,)
            Their labels, -1 or +1.
        n_epochs : int
            The most passes over the samples.
        average : bool
            Whether to keep the mean of the weights instead of the last.

        Returns
        -------
        list of int
            The mistakes in each epoch. Training has converged if the last one is 0.

        References
        ----------
        Y. Freund and R. E. Schapire (1999), "Large margin classification using the
        perceptron algorithm", Machine Learning 37(3), doi:10.1023/A:1007662407062, on the
        averaged perceptron: their c counts the steps that weights survive.

        Examples
        --------
        Logical AND is linearly separable, and is learned:

        >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
        >>> unit = Perceptron(n_features=2)
        >>> unit.fit(X, [-1, -1, -1, 1])
        [2, 3, 3, 2, 1, 0]
        >>> unit.predict(X).tolist()
        [-1, -1, -1, 1]

        XOR is not, and never is:

        >>> Perceptron(n_features=2).fit(X, [-1, 1, 1, -1], n_epochs=7)
        [3, 3, 4, 4, 4, 4, 4]

        With `average`, the mean over four steps: w = 0 after the first two samples, which
        are right, and w = -2 after the third and fourth:

        >>> unit = Perceptron(n_features=1)
        >>> unit.fit([[1], [2], [2], [3]], [1, 1, -1, -1], n_epochs=1, average=True)
        [1]
        >>> unit.weights.tolist(), unit.bias
        ([-1.0], -0.5)
        """
        samples = _samples(X, len(self.weights), ndim=2)
        labels = signed_labels(y, "y").astype(np.float64, copy=False)
        same_length(samples, labels, "X", "y")
        n_epochs = integer(n_epochs, "n_epochs", 1)
        average = boolean(average, "average")

        self.weights, self.bias = np.array(self.weights, np.float64), float(self.bias)
        passes = Passes(samples, labels, self)
        mistakes = []
        for _ in range(n_epochs):
            mistakes.append(0)
            for i in passes:
                x, label = samples[i], labels.item(i)
                score = float(x.dot(self.weights)) + self.bias
                if (score >= 0) != (label > 0):  # new weights, not +=: `passes` looks for them
                    self.weights = self.weights + self.lr * label * x
                    self.bias = self.bias + self.lr * label
                    mistakes[-1] += 1
            if mistakes[-1] == 0:
                break
        if average:
            # The last weights have each correction whole; the mean lacks it before its step.
            one = room(self.lr * passes.largest)
            lacking = one * self.lr * (labels * passes.late / passes.steps)
            self.weights = (one * self.weights - lacking @ samples) / one
            self.bias = (one * self.bias - float(lacking.sum())) / one
        return mistakes


@quiet
def geometric_margin(X: ArrayLike, y: ArrayLike, weights: ArrayLike, bias: float) -> float:
    r"""Smallest distance of a sample from the boundary, negative on the wrong side.

    .. math:: \gamma = \min_i \; \frac{y_i\,(w \cdot x_i + b)}{\lVert w \rVert}

    It is positive if the boundary separates the two classes. Then no sample is nearer to
    the boundary than γ. It is negative if some sample lies on the wrong side. Scaling w
    and b together by a positive number does not change it.

    Parameters
    ----------
    X : array_like, shape (N, d)
        The samples.
    y : array_like, shape (N,)
        Their labels, -1 or +1.
    weights : array_like, shape (d,)
        The normal w; not all zero.
    bias : float
        The offset b.

    Returns
    -------
    float
        In the units of `X`.

    Raises
    ------
    ValueError
        If `weights` is all zero, which is no boundary.

    References
    ----------
    C. Cortes and V. Vapnik (1995), "Support-vector networks", Machine Learning 20(3),
    doi:10.1007/BF00994018: the boundary for which γ is largest.

    Examples
    --------
    The line x1 = 1 lies 1 from (0, 0) and 2 from (3, 0):

    >>> geometric_margin([[0, 0], [3, 0]], [-1, 1], weights=[1, 0], bias=-1)
    1.0
    """
    samples, labels, w, b, one = _boundary(X, y, weights, bias)
    if not w.any():
        raise ValueError("weights must not be all zero, got no boundary")
    return _margin(samples, labels, w, b * one, math.hypot(*w)) / one


@quiet
def mistake_bound(X: ArrayLike, y: ArrayLike, weights: ArrayLike, bias: float) -> float:
    r"""Novikoff's bound on the mistakes of a perceptron, from one boundary that separates.

    .. math:: \text{mistakes} \le \left(\frac{R}{\gamma}\right)^2, \qquad
              R^2 = \max_i \left(\lVert x_i \rVert^2 + 1\right), \qquad
              \gamma = \min_i \; \frac{y_i\,(w \cdot x_i + b)}
                                     {\sqrt{\lVert w \rVert^2 + b^2}}

    The theorem is about a boundary through the origin. The bias is brought under it as
    the weight of one more coordinate, which is 1 in every sample: hence the 1 in R and
    the b in γ, which is therefore not `geometric_margin`. The bound holds for
    `Perceptron.fit` from zero weights, summed over all its epochs, in any order of the
    samples, at any learning rate and in any number of dimensions. Each boundary gives a
    bound; the best one is that of the largest γ.

    Parameters
    ----------
    X : array_like, shape (N, d)
        The samples.
    y : array_like, shape (N,)
        Their labels, -1 or +1.
    weights : array_like, shape (d,)
        The normal w of any boundary.
    bias : float
        Its offset b.

    Returns
    -------
    float
        At least 1; infinity if the boundary does not separate the classes, for then the
        theorem promises nothing.

    References
    ----------
    A. B. J. Novikoff (1962), "On convergence proofs on perceptrons", Symposium on the
    Mathematical Theory of Automata 12, 615-622. Easier to find, with a proof of half a
    page: Freund and Schapire (1999), theorem 1, doi:10.1023/A:1007662407062.

    Examples
    --------
    R² = 1 + 1 + 1 and γ = 2 / sqrt(1 + 1 + 0), so the bound is 3 / 2. Mistakes are whole,
    so at most one:

    >>> X, y = [[1, 1], [-1, -1]], [1, -1]
    >>> round(mistake_bound(X, y, weights=[1, 1], bias=0), 9)
    1.5
    >>> sum(Perceptron(n_features=2).fit(X, y))
    1
    """
    samples, labels, w, b, one = _boundary(X, y, weights, bias)
    margin = _margin(samples, labels, w, b * one, math.hypot(*w, b))
    if not margin > 0:
        return math.inf
    radius = math.hypot(float(np.hypot.reduce(samples, axis=1).max()), one)
    ratio = radius / margin
    # No margin is wider than the radius, but a rounded one may be. (A power would raise where
    # a product is infinite.)
    return max(1.0, ratio * ratio)


@quiet
def two_layer_xor(X: ArrayLike) -> Any:
    r"""Return XOR of two inputs, from three threshold units with weights set by hand.

    .. math:: \text{XOR} = \text{OR} \wedge \text{NAND}

    One line cannot separate XOR. Two can: (x1, x2) lies above x1 + x2 = 0.5 (OR) and
    below x1 + x2 = 1.5 (NAND), and a third unit takes AND of the two answers.

    Parameters
    ----------
    X : array_like, shape (2,) or (N, 2)
        One point or N points, 0 for false and 1 for true. Any other point of the plane
        is allowed too: the answer is +1 on the strip between the two lines.

    Returns
    -------
    int or ndarray of int64, shape (N,)
        +1 for true, -1 for false; a Python int for one point.

    See Also
    --------
    Perceptron : one unit, which cannot.

    References
    ----------
    M. Minsky and S. Papert (1969), "Perceptrons: An Introduction to Computational
    Geometry", MIT Press, on what a single unit cannot compute.

    Examples
    --------
    >>> two_layer_xor([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()
    [-1, 1, 1, -1]
    """
    points = _samples(X, 2, ndim=(1, 2))
    either = _sign(points @ [1.0, 1.0] - 0.5)
    not_both = _sign(points @ [-1.0, -1.0] + 1.5)
    return _sign(either + not_both - 1.5)


class MLP:
    r"""A multilayer perceptron: layers of units, trained by gradient descent.

    .. math:: z_l = a_{l-1} W_l + b_l, \qquad a_l = \varphi(z_l), \qquad a_0 = x

    The last z are logits. A net with one output tells two classes apart, by the sigmoid
    of its logit; a net with C outputs tells C classes apart, by their softmax.
    The weights start uniform in ±sqrt(6 / (inputs + outputs)) of their layer, after
    Glorot and Bengio, the biases at 0.

    Parameters
    ----------
    layer_sizes : sequence of int
        Inputs, hidden units of each layer, outputs: (2, 4, 1) has one hidden layer of 4.
    activation : str
        φ of the hidden layers: "tanh", "relu" or "sigmoid".
    seed : int
        Seed of the starting weights, at least 0. The same seed gives the same weights.

    Attributes
    ----------
    weights : list of ndarray, shapes (inputs, outputs)
        W of each layer, in float64.
    biases : list of ndarray, shapes (outputs,)
        b of each layer.
    classes : ndarray of int64, shape (C,)
        The labels that `predict` answers with: 0 ... C-1, or -1 and +1 once `fit` has
        seen such labels.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or the activation is unknown.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams (1986), "Learning representations by
    back-propagating errors", Nature 323, doi:10.1038/323533a0. X. Glorot and Y. Bengio
    (2010), "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS, PMLR 9, equation 16.

    Examples
    --------
    XOR, which no single unit can compute, is learned by four hidden ones:

    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [-1, 1, 1, -1]
    >>> net = MLP([2, 4, 1])
    >>> losses = net.fit(X, y, lr=0.5, n_epochs=1000)
    >>> net.predict(X).tolist()
    [-1, 1, 1, -1]
    >>> losses[-1] < 0.02 < losses[0]
    True
    """

    weights: list[FloatArray]
    biases: list[FloatArray]
    classes: IntArray

    def __init__(self, layer_sizes: Sequence[int], activation: str = "tanh", seed: int = 0) -> None:
        try:
            given = list(layer_sizes)
        except TypeError:
            raise TypeError(f"layer_sizes must be integers, got {layer_sizes!r}") from None
        sizes = [integer(size, f"layer_sizes[{i}]", 1) for i, size in enumerate(given)]
        if len(sizes) < 2:
            raise ValueError(f"layer_sizes must hold at least 2 sizes, got {len(sizes)}")
        if not isinstance(activation, str) or activation not in _ACTIVATIONS:
            raise ValueError(f"activation must be {names([*_ACTIVATIONS])}, got {activation!r}")
        rng = np.random.default_rng(integer(seed, "seed", 0))
        self.weights, self.biases = [], []
        for inputs, outputs in pairwise(sizes):
            limit = math.sqrt(6 / (inputs + outputs))
            self.weights.append(rng.uniform(-limit, limit, (inputs, outputs)))
            self.biases.append(np.zeros(outputs))
        self.classes = np.arange(max(2, sizes[-1]))
        self._activation, self._derivative = _ACTIVATIONS[activation]

    @quiet
    def fit(self, X: ArrayLike, y: ArrayLike, lr: float, n_epochs: int) -> list[float]:
        r"""Descend the gradient of the loss over all samples, one step an epoch.

        .. math:: W_l \leftarrow W_l - \eta\,\frac{\partial L}{\partial W_l}, \qquad
                  b_l \leftarrow b_l - \eta\,\frac{\partial L}{\partial b_l}

        It continues from the current weights, so a second call trains on.

        Parameters
        ----------
        X : array_like, shape (N, d)
            The samples.
        y : array_like, shape (N,)
            Class indices 0 ... C-1; for two classes also -1 and +1, or booleans.
        lr : float
            Learning rate η > 0.
        n_epochs : int
            Number of steps, at least 1.

        Returns
        -------
        list of float
            The loss before each step, in nats.

        Examples
        --------
        A net without hidden layer is logistic regression:

        >>> net = MLP([1, 1])
        >>> losses = net.fit([[-1], [1]], [0, 1], lr=1, n_epochs=50)
        >>> net.predict([[-3], [2]]).tolist()
        [0, 1]
        """
        samples, targets = self._samples_and_targets(X, y)
        lr = number(lr, "lr", positive=True)
        losses = []
        for _ in range(integer(n_epochs, "n_epochs", 1)):
            a, z = self._forward(samples)
            losses.append(cross_entropy_loss(targets, _logits(z[-1])))
            grad_weights, grad_biases = self._backward(targets, a, z)
            # New arrays, not `-=`: whoever holds the old ones keeps them as they were.
            self.weights = [w - lr * g for w, g in zip(self.weights, grad_weights, strict=True)]
            self.biases = [b - lr * g for b, g in zip(self.biases, grad_biases, strict=True)]
        if len(self.classes) == 2:
            labels = real_array(y, "y")
            if (labels != 1).any():
                self.classes = np.array([int(labels.min()), 1])
        return losses

    @quiet
    def predict_proba(self, X: ArrayLike) -> FloatArray:
        r"""Return the probability of each class, for one sample or many.

        .. math:: p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}

        Here z are the logits of the last layer; one logit is that of the last of two classes,
        and the other's is 0.

        Parameters
        ----------
        X : array_like, shape (d,) or (N, d)
            One sample or N samples.

        Returns
        -------
        ndarray, shape (C,) or (N, C)
            In the order of `classes`; each row sums to 1. A net with one output has C = 2.

        See Also
        --------
        MLP.predict : the most probable class.

        Examples
        --------
        At zero weights every class is equally likely:

        >>> net = MLP([2, 1])
        >>> net.weights = [[[0.0], [0.0]]]
        >>> net.predict_proba([3, 5]).tolist()
        [0.5, 0.5]
        """
        samples = _samples(X, len(self.weights[0]), ndim=(1, 2))
        _, z = self._forward(np.atleast_2d(samples))
        return softmax(_logits(z[-1])).reshape(*samples.shape[:-1], -1)

    def predict(self, X: ArrayLike) -> Any:
        r"""Return the most probable class of one sample or many.

        .. math:: \hat y = \operatorname{arg\,max}_k \; p_k

        Parameters
        ----------
        X : array_like, shape (d,) or (N, d)
            One sample or N samples.

        Returns
        -------
        int or ndarray of int64, shape (N,)
            One of `classes`, the first of equals; a Python int for one sample.

        Examples
        --------
        >>> net = MLP([2, 3])
        >>> net.weights, net.biases = [[[1, 0, 0], [0, 1, 0]]], [[0, 0, 2]]
        >>> net.predict([[5, 1], [1, 5], [1, 1]]).tolist()
        [0, 1, 2]
        """
        labels = self.classes[self.predict_proba(X).argmax(axis=-1)]
        return int(labels) if labels.ndim == 0 else labels

    @quiet
    def loss(self, X: ArrayLike, y: ArrayLike) -> float:
        r"""Return the mean cross-entropy of the true classes.

        .. math:: L = -\frac1N \sum_i \log p(y_i \mid x_i)

        Parameters
        ----------
        X : array_like, shape (N, d)
            The samples.
        y : array_like, shape (N,)
            Their labels, as `fit` takes them.

        Returns
        -------
        float
            In nats, at least 0; log C for a net that knows nothing.

        Examples
        --------
        >>> net = MLP([2, 1])
        >>> net.weights = [[[0.0], [0.0]]]
        >>> round(net.loss([[3, 5]], [1]), 4)  # log 2
        0.6931
        """
        samples, targets = self._samples_and_targets(X, y)
        _, z = self._forward(samples)
        return cross_entropy_loss(targets, _logits(z[-1]))

    @quiet
    def gradients(self, X: ArrayLike, y: ArrayLike) -> tuple[list[FloatArray], list[FloatArray]]:
        r"""Return the gradient of `loss` with respect to every weight and bias.

        Back-propagation: with :math:`\delta_l = \partial L / \partial z_l`,

        .. math:: \frac{\partial L}{\partial W_l} = a_{l-1}^\top \delta_l, \qquad
                  \frac{\partial L}{\partial b_l} = \sum_i \delta_{l,i}, \qquad
                  \delta_{l-1} = \delta_l W_l^\top \odot \varphi'(z_{l-1})

        and at the end :math:`\delta_{l,i} = (p_i - \text{onehot}(y_i)) / N`.

        Parameters
        ----------
        X : array_like, shape (N, d)
            The samples.
        y : array_like, shape (N,)
            Their labels, as `fit` takes them.

        Returns
        -------
        grad_weights, grad_biases : list of ndarray
            One array for each of `weights` and of `biases`, in the same order and shape.

        Examples
        --------
        One sample of class 1 at p = 0.5: (0.5 - 1) * x, and (0.5 - 1) for the bias.

        >>> net = MLP([2, 1])
        >>> net.weights = [[[0.0], [0.0]]]
        >>> grad_weights, grad_biases = net.gradients([[3, 5]], [1])
        >>> grad_weights[0].tolist(), grad_biases[0].tolist()
        ([[-1.5], [-2.5]], [-0.5])
        """
        samples, targets = self._samples_and_targets(X, y)
        return self._backward(targets, *self._forward(samples))

    def _samples_and_targets(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, IntArray]:
        """Return samples, and as many class indices."""
        samples = _samples(X, len(self.weights[0]), ndim=2)
        if len(self.classes) == 2:
            targets = binary_labels(y, "y").astype(np.int64)
        else:
            targets = class_labels(y, "y", len(self.classes))
        same_length(samples, targets, "X", "y")
        return samples, targets

    def _forward(self, samples: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return the input a and the pre-activation z of every layer."""
        a: list[FloatArray] = []
        z: list[FloatArray] = []
        for weights, bias in zip(self.weights, self.biases, strict=True):
            a.append(self._activation(z[-1]) if z else samples)
            z.append(a[-1] @ weights + bias)
        return a, z

    def _backward(
        self, targets: IntArray, a: list[FloatArray], z: list[FloatArray]
    ) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return the gradients, from what the forward pass has found."""
        delta = cross_entropy_loss_gradient(targets, _logits(z[-1]))[:, -z[-1].shape[1] :]
        grad_weights: list[FloatArray] = [a[-1].T @ delta]
        grad_biases: list[FloatArray] = [delta.sum(axis=0)]
        for layer in range(len(z) - 1, 0, -1):
            delta = delta @ np.transpose(self.weights[layer]) * self._derivative(z[layer - 1])
            grad_weights.insert(0, a[layer - 1].T @ delta)
            grad_biases.insert(0, delta.sum(axis=0))
        return grad_weights, grad_biases


def _sign(z: Any) -> Any:
    """Return +1 where z >= 0, else -1; a Python int for a scalar."""
    if np.ndim(z) == 0:
        return 1 if z >= 0 else -1
    return np.where(z >= 0, np.int64(1), np.int64(-1))


def _logits(z: FloatArray) -> FloatArray:
    """Return a logit for each class: a single output is that of class 1 against 0."""
    return np.hstack([np.zeros_like(z), z]) if z.shape[1] == 1 else z


def _samples(X: ArrayLike, n_features: int, ndim: int | tuple[int, ...]) -> FloatArray:
    """Return finite samples in float64, of the right number of features."""
    samples = real_array(X, "X", ndim=ndim, finite=True)
    if samples.shape[-1] != n_features:
        raise ValueError(f"X must have {n_features} features, got shape {samples.shape}")
    return np.ascontiguousarray(samples, np.float64)


def _boundary(
    X: ArrayLike, y: ArrayLike, weights: ArrayLike, bias: float
) -> tuple[FloatArray, FloatArray, FloatArray, float, float]:
    """Return samples, labels, weights and bias that fit together, in float64, and the unit.

    The scale of a boundary does not matter, and the unit of the samples, which is 1 as a
    rule, matters only to what is a length: no sum over them overflows.
    """
    w = real_array(weights, "weights", ndim=1, finite=True).astype(np.float64, copy=False)
    samples = _samples(X, len(w), ndim=2)
    labels = signed_labels(y, "y").astype(np.float64, copy=False)
    same_length(samples, labels, "X", "y")
    both, _ = in_unit(np.append(w, number(bias, "bias")))
    one = room(float(max(samples.max(), -samples.min())))
    return samples if one == 1 else samples * one, labels, both[:-1], float(both[-1]), one


def _margin(
    samples: FloatArray, labels: FloatArray, weights: FloatArray, bias: float, length: float
) -> float:
    """Return the smallest y (w·x + b) / length."""
    unit = weights / np.float64(length)
    return float((labels * (samples @ unit + bias / np.float64(length))).min())
