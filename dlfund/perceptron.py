"""The perceptron: one linear threshold unit, the rule that trains it, and its limit."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlfund._checks import (
    Elementwise,
    FloatArray,
    integer,
    number,
    quiet,
    real_array,
    same_length,
    scalar_or_array,
    signed_labels,
)

__all__ = ["Perceptron", "two_layer_xor"]


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
        `weights` and `bias` and nothing else: every prediction is the same (up to
        rounding).

    Attributes
    ----------
    weights : ndarray, shape (d,)
        The normal w of the decision boundary.
    bias : float
        The offset b.
    lr : float
        The learning rate η.

    Raises
    ------
    TypeError
        If `n_features` is not an integer or `lr` is not a real number.
    ValueError
        If `n_features` < 1, or `lr` is not positive and finite.

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

        Raises
        ------
        TypeError
            If `X` does not hold real numbers.
        ValueError
            If `X` holds NaN or infinity, or samples of other than d features.

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
        """Return the label of one sample or many: +1 where w·x + b >= 0, else -1.

        Parameters
        ----------
        X : array_like, shape (d,) or (N, d)
            One sample or N samples.

        Returns
        -------
        int or ndarray of int64, shape (N,)
            A Python int for one sample.

        Raises
        ------
        TypeError
            If `X` does not hold real numbers.
        ValueError
            If `X` holds NaN or infinity, or samples of other than d features.

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
    def fit(self, X: ArrayLike, y: ArrayLike, n_epochs: int = 100) -> list[int]:
        r"""Pass over the samples in order and correct each mistake.

        A sample whose predicted label differs from y moves the boundary towards it:

        .. math:: w \leftarrow w + \eta\,y\,x, \qquad b \leftarrow b + \eta\,y

        Training stops after the first epoch without a mistake. It continues from the
        current `weights` and `bias`, so a second call trains on.

        Parameters
        ----------
        X : array_like, shape (N, d)
            The samples.
        y : array_like, shape (N,)
            Their labels, -1 or +1.
        n_epochs : int
            The most passes over the samples.

        Returns
        -------
        list of int
            The mistakes in each epoch. Training has converged if the last one is 0.

        Raises
        ------
        TypeError
            If `X` or `y` does not hold real numbers, or `n_epochs` is not an integer.
        ValueError
            If `X` holds NaN or infinity, samples of other than d features or not as many
            as `y`; if a label is not -1 or +1; if `n_epochs` < 1.

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
        """
        samples = _samples(X, len(self.weights), ndim=2)
        labels = signed_labels(y, "y")
        same_length(samples, labels, "X", "y")
        mistakes = []
        weights, bias = np.array(self.weights, float), float(self.bias)
        for _ in range(integer(n_epochs, "n_epochs", 1)):
            mistakes.append(0)
            for x, label in zip(samples, labels.tolist(), strict=True):
                if _sign(x @ weights + bias) != label:
                    weights += self.lr * label * x
                    bias += self.lr * label
                    mistakes[-1] += 1
            if mistakes[-1] == 0:
                break
        self.weights, self.bias = weights, bias
        return mistakes


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

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.
    ValueError
        If `X` holds NaN or infinity, or points of other than 2 coordinates.

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


def _sign(z: Any) -> Any:
    """Return +1 where z >= 0, else -1; a Python int for a scalar."""
    if np.ndim(z) == 0:
        return 1 if z >= 0 else -1
    return np.where(z >= 0, np.int64(1), np.int64(-1))


def _samples(X: ArrayLike, n_features: int, ndim: int | tuple[int, ...]) -> FloatArray:
    """Return samples of the right number of features in float64."""
    samples = real_array(X, "X", ndim=ndim, finite=True)
    if samples.shape[-1] != n_features:
        raise ValueError(f"X must have {n_features} features, got shape {samples.shape}")
    return samples.astype(np.float64, copy=False)
