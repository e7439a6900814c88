"""Slow, obvious second implementations, for comparison.

Plain loops from the definitions. Nothing of dlfund is imported, and nothing here is clever.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]


# convolution


def correlate_1d(signal: Array, kernel: Array) -> Array:
    out = np.zeros(len(signal) - len(kernel) + 1)
    for i in range(len(out)):
        for k in range(len(kernel)):
            out[i] += signal[i + k] * kernel[k]
    return out


def correlate_2d(image: Array, kernel: Array, stride: tuple[int, int] = (1, 1)) -> Array:
    (height, width), (rows, columns) = image.shape, kernel.shape
    out = np.zeros(((height - rows) // stride[0] + 1, (width - columns) // stride[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for u in range(rows):
                for v in range(columns):
                    out[i, j] += image[i * stride[0] + u, j * stride[1] + v] * kernel[u, v]
    return out


def zero_pad(x: Array, padding: tuple[int, int], value: float = 0.0) -> Array:
    (p, q), (height, width) = padding, x.shape[-2:]
    out = np.full((*x.shape[:-2], height + 2 * p, width + 2 * q), value)
    out[..., p : p + height, q : q + width] = x
    return out


def conv2d(
    x: Array,
    weight: Array,
    bias: Array,
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Array:
    padded = zero_pad(x, padding)
    n_out, depth, rows, columns = weight.shape
    height = (padded.shape[2] - dilation[0] * (rows - 1) - 1) // stride[0] + 1
    width = (padded.shape[3] - dilation[1] * (columns - 1) - 1) // stride[1] + 1
    out = np.zeros((len(x), n_out, height, width))
    for n, o, i, j in np.ndindex(out.shape):
        out[n, o, i, j] = bias[o]
        group = o // (n_out // groups)
        for c, u, v in np.ndindex(depth, rows, columns):
            row, column = i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]
            out[n, o, i, j] += padded[n, group * depth + c, row, column] * weight[o, c, u, v]
    return out


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array,
    stride: tuple[int, int],
    padding: tuple[int, int],
    output_padding: tuple[int, int],
) -> Array:
    n, _, height, width = x.shape
    _, n_out, rows, columns = weight.shape
    out_height = (height - 1) * stride[0] - 2 * padding[0] + rows + output_padding[0]
    out_width = (width - 1) * stride[1] - 2 * padding[1] + columns + output_padding[1]
    out = np.zeros((n, n_out, out_height, out_width))
    for o in range(n_out):
        out[:, o] = bias[o]
    for m, c, i, j in np.ndindex(x.shape):
        for o, u, v in np.ndindex(weight.shape[1:]):
            row, column = i * stride[0] + u - padding[0], j * stride[1] + v - padding[1]
            if 0 <= row < out_height and 0 <= column < out_width:
                out[m, o, row, column] += x[m, c, i, j] * weight[c, o, u, v]
    return out


# pooling


def windows(
    x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> list[list[tuple[slice, slice]]]:
    """The place of every window of a 2-D map, as rows and columns of slices."""
    return [
        [
            (slice(i, i + size[0]), slice(j, j + size[1]))
            for j in range(0, x.shape[1] - size[1] + 1, stride[1])
        ]
        for i in range(0, x.shape[0] - size[0] + 1, stride[0])
    ]


def max_pool(x: Array, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    return np.array([[x[w].max() for w in row] for row in windows(x, size, stride)])


def avg_pool(x: Array, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    return np.array([[x[w].mean() for w in row] for row in windows(x, size, stride)])


def lp_pool(x: Array, p: float, size: tuple[int, int], stride: tuple[int, int]) -> Array:
    return np.array(
        [[(x[w] ** p).sum() ** (1 / p) for w in row] for row in windows(x, size, stride)]
    )


def max_pool_backward(
    grad: Array, x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> Array:
    out = np.zeros(x.shape)
    for i, row in enumerate(windows(x, size, stride)):
        for j, w in enumerate(row):
            u, v = np.unravel_index(x[w].argmax(), size)
            out[w][u, v] += grad[i, j]
    return out


def avg_pool_backward(
    grad: Array, x: Array, size: tuple[int, int], stride: tuple[int, int]
) -> Array:
    out = np.zeros(x.shape)
    for i, row in enumerate(windows(x, size, stride)):
        for j, w in enumerate(row):
            out[w] += grad[i, j] / (size[0] * size[1])
    return out


def adaptive_avg_pool(x: Array, output_size: tuple[int, int]) -> Array:
    out = np.zeros(output_size)
    for i in range(output_size[0]):
        for j in range(output_size[1]):
            top, bottom = (
                np.floor(i * x.shape[0] / output_size[0]),
                np.ceil((i + 1) * x.shape[0] / output_size[0]),
            )
            left, right = (
                np.floor(j * x.shape[1] / output_size[1]),
                np.ceil((j + 1) * x.shape[1] / output_size[1]),
            )
            out[i, j] = x[int(top) : int(bottom), int(left) : int(right)].mean()
    return out


def blur_pool(x: Array, stride: tuple[int, int]) -> Array:
    padded = np.pad(x, 1, mode="reflect")
    line = np.array([1, 2, 1]) / 4
    return correlate_2d(padded, np.outer(line, line), stride)


# activations: textbook formulas, for moderate z, with `xp` NumPy or what can differentiate it


def relu(z: Any, xp: Any = np) -> Any:
    return xp.where(z > 0, z, 0)


def leaky_relu(z: Any, alpha: float = 0.01, xp: Any = np) -> Any:
    return xp.where(z > 0, z, alpha * z)


def elu(z: Any, alpha: float = 1.0, xp: Any = np) -> Any:
    return xp.where(z > 0, z, alpha * (xp.exp(z) - 1))


def selu(z: Any, xp: Any = np) -> Any:
    return 1.0507009873554804934193349852946 * elu(z, 1.6732632423543772848170429916717, xp)


def sigmoid(z: Any, xp: Any = np) -> Any:
    return 1 / (1 + xp.exp(-z))


def tanh(z: Any, xp: Any = np) -> Any:
    return (xp.exp(z) - xp.exp(-z)) / (xp.exp(z) + xp.exp(-z))


def softplus(z: Any, xp: Any = np) -> Any:
    return xp.log(1 + xp.exp(z))


def swish(z: Any, beta: float = 1.0, xp: Any = np) -> Any:
    return z / (1 + xp.exp(-beta * z))


def gelu(z: Any, approximate: str = "tanh", xp: Any = np, erf: Any = None) -> Any:
    if approximate == "tanh":
        return z / 2 * (1 + xp.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    erf = erf or np.vectorize(math.erf)
    return z * (1 + erf(z / math.sqrt(2))) / 2


def mish(z: Any, xp: Any = np) -> Any:
    return z * xp.tanh(softplus(z, xp))


def softmax(z: Any, axis: int = -1, xp: Any = np) -> Any:
    return xp.exp(z) / xp.exp(z).sum(axis=axis, keepdims=True)


def log_softmax(z: Any, axis: int = -1, xp: Any = np) -> Any:
    return xp.log(softmax(z, axis, xp))


def logsumexp(z: Any, axis: int = -1, xp: Any = np) -> Any:
    return xp.log(xp.exp(z).sum(axis=axis))


# losses: likewise


def mse_loss(y_true: Any, y_pred: Any, xp: Any = np) -> Any:
    return xp.mean((y_pred - y_true) ** 2)


def mae_loss(y_true: Any, y_pred: Any, xp: Any = np) -> Any:
    return xp.mean(xp.abs(y_pred - y_true))


def huber_loss(y_true: Any, y_pred: Any, delta: float = 1.0, xp: Any = np) -> Any:
    d = y_pred - y_true
    linear = delta * (xp.abs(d) - delta / 2)
    return xp.mean(xp.where(xp.abs(d) <= delta, d * d / 2, linear))


def log_cosh_loss(y_true: Any, y_pred: Any, xp: Any = np) -> Any:
    return xp.mean(xp.log(xp.cosh(y_pred - y_true)))


def quantile_loss(y_true: Any, y_pred: Any, q: float = 0.5, xp: Any = np) -> Any:
    d = y_true - y_pred
    return xp.mean(xp.where(d > 0, q * d, (q - 1) * d))


def hinge_loss(y_true: Any, y_pred: Any, xp: Any = np) -> Any:
    return xp.mean(xp.maximum(0, 1 - y_true * y_pred))


def squared_hinge_loss(y_true: Any, y_pred: Any, xp: Any = np) -> Any:
    return xp.mean(xp.maximum(0, 1 - y_true * y_pred) ** 2)


def multiclass_hinge_loss(labels: Any, scores: Any, margin: float = 1.0, xp: Any = np) -> Any:
    total = 0
    for label, row in zip(labels, scores, strict=True):
        for j in range(len(row)):
            if j != label:
                total += xp.maximum(0, margin + row[j] - row[label])
    return total / len(labels)


def binary_cross_entropy_with_logits(y_true: Any, logits: Any, xp: Any = np) -> Any:
    p = sigmoid(logits, xp)
    return -xp.mean(y_true * xp.log(p) + (1 - y_true) * xp.log(1 - p))


def focal_loss(
    y_true: Any, logits: Any, gamma: float = 2.0, alpha: float | None = None, xp: Any = np
) -> Any:
    p = sigmoid(logits, xp)
    right = xp.where(y_true == 1, p, 1 - p)
    weight = 1 if alpha is None else xp.where(y_true == 1, alpha, 1 - alpha)
    return -xp.mean(weight * (1 - right) ** gamma * xp.log(right))


def cross_entropy_loss(labels: Any, logits: Any, label_smoothing: float = 0.0, xp: Any = np) -> Any:
    target = label_smoothing / logits.shape[1] + (1 - label_smoothing) * (
        labels[:, None] == np.arange(logits.shape[1])
    )
    return -xp.mean((target * log_softmax(logits, 1, xp)).sum(axis=1))


def kl_divergence(p: Any, q: Any, xp: Any = np) -> Any:
    return xp.mean((p * (xp.log(p) - xp.log(q))).sum(axis=-1))


# perceptron


def perceptron(
    X: Array, y: Array, lr: float, n_epochs: int
) -> tuple[list[int], Array, float, Array, float]:
    """Mistakes per epoch; the last weights and bias; their means over all steps."""
    weights, bias = np.zeros(X.shape[1]), 0.0
    weights_seen, biases_seen, mistakes = [], [], []
    for _ in range(n_epochs):
        mistakes.append(0)
        for x, label in zip(X, y, strict=True):
            predicted = 1 if x @ weights + bias >= 0 else -1
            if predicted != label:
                weights = weights + lr * label * x
                bias = bias + lr * label
                mistakes[-1] += 1
            weights_seen.append(weights)
            biases_seen.append(bias)
        if mistakes[-1] == 0:
            break
    return (
        mistakes,
        weights,
        float(bias),
        np.mean(weights_seen, axis=0),
        float(np.mean(biases_seen)),
    )


# metrics


def roc(y: Array, scores: Array) -> tuple[list[float], list[float], list[float]]:
    """Thresholds, false and true positive rates."""
    thresholds = [float("inf"), *sorted({float(s) for s in scores}, reverse=True)]
    fprs, tprs = [], []
    for t in thresholds:
        caught = [label for label, s in zip(y, scores, strict=True) if s >= t]
        fprs.append(sum(label == 0 for label in caught) / sum(label == 0 for label in y))
        tprs.append(sum(label == 1 for label in caught) / sum(label == 1 for label in y))
    return thresholds, fprs, tprs


def beats(a: float, b: float) -> float:
    return 1.0 if a > b else 0.5 if a == b else 0.0


def auc(y: Array, scores: Array) -> float:
    positives, negatives = scores[y == 1], scores[y == 0]
    return float(np.mean([[beats(p, n) for n in negatives] for p in positives]))


def delong_variance(y: Array, scores: Array) -> float:
    positives, negatives = scores[y == 1], scores[y == 0]
    v = [np.mean([beats(p, n) for n in negatives]) for p in positives]
    w = [np.mean([beats(p, n) for p in positives]) for n in negatives]
    return float(np.var(v, ddof=1) / len(v) + np.var(w, ddof=1) / len(w))


def top_k_accuracy(labels: Array, scores: Array, k: int) -> float:
    hits = 0
    for label, row in zip(labels, scores, strict=True):
        ranking = sorted(range(len(row)), key=lambda c: (-row[c], -c))
        hits += label in ranking[:k]
    return hits / len(labels)


def confusion_matrix(true: Array, predicted: Array, classes: list[int]) -> list[list[int]]:
    pairs = list(zip(true, predicted, strict=True))
    return [[pairs.count((t, p)) for p in classes] for t in classes]


def calibration(y: Array, probabilities: Array, n_bins: int) -> list[tuple[int, float, float]]:
    """Of each bin: size, fraction that happened, mean probability; empty bins left out."""
    bins = []
    for b in range(n_bins):
        low, high = (probabilities.dtype.type(k / n_bins) for k in (b, b + 1))
        inside = (probabilities > low) & (probabilities <= high)
        if b == 0:
            inside |= probabilities == 0
        if inside.any():
            bins.append(
                (
                    int(inside.sum()),
                    float(np.mean(y[inside])),
                    float(np.mean(probabilities[inside], dtype=np.float64)),
                )
            )
    return bins
