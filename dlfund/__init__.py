"""The building blocks of deep learning in NumPy, written to be read."""

from dlfund.activations import (
    elu,
    gelu,
    leaky_relu,
    relu,
    relu_derivative,
    swish,
    tanh,
    tanh_derivative,
)
from dlfund.convolution import (
    conv2d_with_stride_padding,
    cross_correlation_1d,
    cross_correlation_2d,
)
from dlfund.gradients import (
    numerical_gradient,
    relative_error,
)
from dlfund.losses import (
    hinge_loss,
    huber_loss,
    mae_loss,
    mse_loss,
)
from dlfund.metrics import (
    compute_auc,
    compute_roc,
    top_k_accuracy,
)
from dlfund.perceptron import (
    Perceptron,
    two_layer_xor,
)
from dlfund.pooling import (
    avg_pool_2d,
    global_avg_pool,
    max_pool_2d,
)

__all__ = [  # noqa: RUF022 - grouped by module
    # convolution
    "cross_correlation_1d",
    "cross_correlation_2d",
    "conv2d_with_stride_padding",
    # activations
    "relu",
    "relu_derivative",
    "leaky_relu",
    "elu",
    "swish",
    "gelu",
    "tanh",
    "tanh_derivative",
    # perceptron
    "Perceptron",
    "two_layer_xor",
    # metrics
    "compute_roc",
    "compute_auc",
    "top_k_accuracy",
    # pooling
    "max_pool_2d",
    "avg_pool_2d",
    "global_avg_pool",
    # losses
    "mse_loss",
    "mae_loss",
    "huber_loss",
    "hinge_loss",
    # gradients
    "numerical_gradient",
    "relative_error",
]
