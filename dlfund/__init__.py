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
    SHARPEN,
    SOBEL_X,
    SOBEL_Y,
    box_kernel,
    col2im,
    conv2d,
    conv2d_backward,
    conv2d_with_stride_padding,
    conv_output_size,
    conv_transpose2d,
    convolve_1d,
    convolve_2d,
    cross_correlation_1d,
    cross_correlation_2d,
    gaussian_kernel,
    im2col,
    receptive_field,
    separate,
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
    adaptive_avg_pool_2d,
    avg_pool_2d,
    avg_pool_2d_backward,
    blur_pool_2d,
    global_avg_pool,
    lp_pool_2d,
    max_pool_2d,
    max_pool_2d_backward,
)

__all__ = [  # noqa: RUF022 - grouped by module
    # convolution
    "cross_correlation_1d",
    "convolve_1d",
    "cross_correlation_2d",
    "convolve_2d",
    "conv2d_with_stride_padding",
    "conv_output_size",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "im2col",
    "col2im",
    "receptive_field",
    "gaussian_kernel",
    "box_kernel",
    "separate",
    "SOBEL_X",
    "SOBEL_Y",
    "SHARPEN",
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
    "max_pool_2d_backward",
    "avg_pool_2d",
    "avg_pool_2d_backward",
    "global_avg_pool",
    "adaptive_avg_pool_2d",
    "lp_pool_2d",
    "blur_pool_2d",
    # losses
    "mse_loss",
    "mae_loss",
    "huber_loss",
    "hinge_loss",
    # gradients
    "numerical_gradient",
    "relative_error",
]
