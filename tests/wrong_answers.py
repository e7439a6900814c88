"""Plausible wrong answers to the exercises of the book: each check must catch its own."""

WRONG_ANSWERS = {
    "convolution": {
        # Half of the kernel, but of one that has lost the wrong pixel.
        "padding-to-halve": ["def padding_to_halve(kernel):\n    return max(0, (kernel - 2) // 2)"],
        # Moves to the right: the kernel flipped, as in true convolution.
        "move-left": ["import numpy as np\nleft = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])"],
        # Too few zeros for a stride, as if it were 1; and the odd zero before.
        "same-with-stride": [
            "def same_padding(n, kernel, stride):\n"
            "    total = kernel - 1\n    return total // 2, total - total // 2",
            "def same_padding(n, kernel, stride):\n"
            "    total = max(0, (-(-n // stride) - 1) * stride + kernel - n)\n"
            "    return total - total // 2, total // 2",
        ],
        # Neighbours that weigh as much as they should beside a middle that stays at 5.
        "sharpen-by": [
            "import numpy as np\nfrom dlfund import SHARPEN\ndef sharpen(amount):\n"
            "    kernel = amount * SHARPEN\n    kernel[1, 1] = 5\n    return kernel"
        ],
        # Brightness taken out, and contrast left in.
        "find-the-patch": [
            "import numpy as np\nfrom dlfund import cross_correlation_2d\n"
            "def find(image, patch):\n"
            "    score = cross_correlation_2d(image, patch - patch.mean())\n"
            "    return np.unravel_index(score.argmax(), score.shape)"
        ],
        # One channel deep, whatever the image; and width for height.
        "shape-and-weights": [
            "from dlfund import conv_output_size\n"
            "def through(shape, outputs, kernel, stride=1, padding=0):\n"
            "    size = [conv_output_size(n, kernel, stride, padding) for n in shape[1:]]\n"
            "    return (outputs, *size), outputs * (3 * kernel**2 + 1)",
            "from dlfund import conv_output_size\n"
            "def through(shape, outputs, kernel, stride=1, padding=0):\n"
            "    size = conv_output_size(shape[1], kernel, stride, padding)\n"
            "    return (outputs, size, size), outputs * (shape[0] * kernel**2 + 1)",
        ],
        # Steps added like lengths, not like variances; and strides that change nothing above.
        "spread": [
            "def spread(layers):\n    variance, step = 0, 1\n"
            "    for kernel, stride, dilation in layers:\n"
            "        variance += (kernel**2 - 1) / 12 * dilation * step\n"
            "        step *= stride\n    return variance**0.5",
            "def spread(layers):\n"
            "    return sum((k**2 - 1) / 12 * d**2 for k, s, d in layers) ** 0.5",
        ],
        # The best kernel for all outputs is not their mean.
        "nearest-pair": [
            "import numpy as np\ndef nearest_pair(weight):\n"
            "    depthwise = weight.mean(axis=0)\n"
            "    mix = np.einsum('ocuv,cuv->oc', weight, depthwise)\n"
            "    mix /= (depthwise**2).sum(axis=(1, 2))\n"
            "    return depthwise[:, None], mix[:, :, None, None]"
        ],
        # The layers without dilation; and the right ones, rounded down.
        "layers-needed": [
            "def layers_needed(pixels):\n    return pixels // 2",
            "import math\ndef layers_needed(pixels):\n    return int(math.log2(pixels + 1)) - 1",
        ],
        # Forgets that the first window starts at a sum of 0.
        "moving-average": [
            "import numpy as np\ndef moving_average(x, width):\n    total = x.cumsum()\n"
            "    return (total[width:] - total[:-width]) / width"
        ],
        # The mean over as many copies everywhere; and no mean at all.
        "patches-put-back": [
            "from dlfund import col2im\ndef put_back(columns, size, kernel):\n"
            "    return col2im(columns, size, kernel) / columns.shape[1]",
            "from dlfund import col2im\ndef put_back(columns, size, kernel):\n"
            "    return col2im(columns, size, kernel)",
        ],
        # Believes the first row; and asks for constant diagonals alone.
        "kernel-of-a-matrix": [
            "import numpy as np\ndef kernel_of(matrix):\n    m, n = np.shape(matrix)\n"
            "    return list(matrix[0][: n - m + 1])",
            "import numpy as np\ndef kernel_of(matrix):\n    a = np.array(matrix)\n"
            "    m, n = a.shape\n    if not np.array_equal(a[1:, 1:], a[:-1, :-1]):\n"
            "        return None\n    return a[0, : n - m + 1].tolist()",
        ],
        # What is left counted in singular values, not in squares; and a share of the largest.
        "passes-needed": [
            "import numpy as np\ndef passes_needed(kernel, share):\n"
            "    s = np.linalg.svd(kernel, compute_uv=False)\n"
            "    for r in range(1, len(s) + 1):\n"
            "        if s[r:].sum() <= share * s.sum():\n            return r",
            "import numpy as np\ndef passes_needed(kernel, share):\n"
            "    s = np.linalg.svd(kernel, compute_uv=False)\n"
            "    return int((s > share * s[0]).sum())",
        ],
        # Wraps; correlates; and loses the odd length.
        "nothing-may-wrap": [
            "import numpy as np\ndef convolve_full(x, w):\n    n = max(len(x), len(w))\n"
            "    return np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(w, n), n)",
            "import numpy as np\ndef convolve_full(x, w):\n    n = len(x) + len(w) - 1\n"
            "    return np.fft.irfft(np.fft.rfft(x, n) * np.conj(np.fft.rfft(w, n)), n)",
            "import numpy as np\ndef convolve_full(x, w):\n    n = len(x) + len(w) - 1\n"
            "    return np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(w, n))",
        ],
        # An absolute tolerance; one vector for both sides; and equal to the last digit.
        "dot-product-test": [
            "import numpy as np\ndef is_adjoint(there, back, in_shape, out_shape):\n"
            "    rng = np.random.default_rng(0)\n"
            f"    x = rng.normal(size=in_shape)\n    g = {g}\n"
            f"    a, b = (there(x) * g).sum(), (x * back(g)).sum()\n    return bool({same})"
            for g, same in (
                ("rng.normal(size=out_shape)", "abs(a - b) < 1e-6"),
                (
                    "x if np.shape(x) == np.zeros(out_shape).shape else rng.normal(size=out_shape)",
                    "abs(a - b) <= 1e-9 * np.abs(x * back(g)).sum()",
                ),
                ("rng.normal(size=out_shape)", "a == b"),
            )
        ],
        # The stride forgotten; and the padding.
        "gradient-of-the-weights": [
            "import numpy as np\ndef weight_gradient(g, x, size, stride=1, padding=0):\n"
            f"    x = np.pad(x, {padding})\n"
            f"    return sum(gi * x[{step} * i : {step} * i + size] for i, gi in enumerate(g))"
            for padding, step in (("padding", "1"), ("(0, 2 * padding)", "stride"))
        ],
        # Deals the channels out by columns first; and does not move the axes.
        "shuffle-back": [
            "import numpy as np\ndef unshuffle(x, r=2):\n    n, c, h, w = x.shape\n"
            "    x = x.reshape(n, c, h // r, r, w // r, r).transpose(0, 1, 5, 3, 2, 4)\n"
            "    return x.reshape(n, c * r * r, h // r, w // r)",
            "import numpy as np\ndef unshuffle(x, r=2):\n    n, c, h, w = x.shape\n"
            "    return x.reshape(n, c * r * r, h // r, w // r)",
        ],
        # Whether the stride divides the kernel; and the sums of the diagonal kinds alone.
        "will-it-draw": [
            "import numpy as np\ndef unevenness(kernel, stride):\n"
            "    return float(len(kernel) % stride > 0) * kernel.max()",
            "import numpy as np\ndef unevenness(kernel, stride):\n"
            "    sums = [kernel[i::stride, i::stride].sum() for i in range(stride)]\n"
            "    return max(sums) - min(sums)",
        ],
        # Strides add; and any shift is rounded down.
        "which-shifts": [
            "def output_shift(shift, strides):\n    step = sum(strides) or 1\n"
            "    return shift // step if shift % step == 0 else None",
            "from math import prod\ndef output_shift(shift, strides):\n"
            "    return shift // prod(strides)",
        ],
        # The norm of the rows; and the largest entry of the spectrum.
        "norm-of-a-layer": [
            "import numpy as np\ndef layer_norm(weight, n):\n"
            "    return np.linalg.norm(weight.reshape(len(weight), -1), 2)",
            "import numpy as np\ndef layer_norm(weight, n):\n"
            "    return abs(np.fft.fft2(weight, (n, n))).max()",
        ],
        # What leaves comes in again; and the other direction.
        "move-not-roll": [
            "import numpy as np\ndef move(images, down, right):\n"
            "    return np.roll(images, (down, right), axis=(2, 3))",
            "import numpy as np\ndef move(images, down, right):\n"
            "    a, b = abs(down), abs(right)\n    h, w = images.shape[2:]\n"
            "    padded = np.pad(images, ((0, 0), (0, 0), (a, a), (b, b)))\n"
            "    return padded[:, :, a + down : a + down + h, b + right : b + right + w]",
        ],
        # The largest pixel; and the largest answer of either sign.
        "where-it-answers": [
            "import numpy as np\ndef strongest_window(images, kernel):\n"
            "    return np.unravel_index(images[:, 0].argmax(), images[:, 0].shape)",
            "import numpy as np\nfrom dlfund import conv2d\n"
            "def strongest_window(images, kernel):\n"
            "    a = conv2d(images, kernel[None, None])[:, 0]\n"
            "    return np.unravel_index((-a).argmax(), a.shape)",
        ],
    },
    "activations": {
        # The product the wrong way round; and a bias that the later matrix never sees.
        "collapse": [
            "def collapse(layers):\n    W, b = layers[0]\n    for A, a in layers[1:]:\n"
            "        W, b = (W @ A if W.shape[1] == len(A) else A), A @ b + a\n    return W, b",
            "def collapse(layers):\n    W, b = layers[0]\n    for A, a in layers[1:]:\n"
            "        W, b = A @ W, (b.sum() if len(b) != len(a) else b) + a\n    return W, b",
        ],
        # Folds x anew each time; and forgets that each fold counts a quarter of the last.
        "square-by-folding": [
            "from dlfund import relu\ndef square(x, depth):\n    result = x\n"
            "    for k in range(1, depth + 1):\n"
            "        result = result - (2 * relu(x) - 4 * relu(x - 0.5)) / 4**k\n"
            "    return result",
            "from dlfund import relu\ndef square(x, depth):\n    result = fold = x\n"
            "    for k in range(depth):\n        fold = 2 * relu(fold) - 4 * relu(fold - 0.5)\n"
            "        result = result - fold / 4\n    return result",
        ],
        # Right on paper, and without digits near 0; and the slope at a.
        "slope-from-output": [
            "import math\ndef softplus_slope(a):\n    return 1 - math.exp(-a)",
            "from dlfund import sigmoid\ndef softplus_slope(a):\n    return sigmoid(a)",
        ],
        "kinks": [
            "from dlfund import relu\ndef absolute(z):\n    return relu(z) - relu(-z)\n"
            "def larger(a, b):\n    return a + relu(a - b)"
        ],
        # The variance that suits a tanh; dropout forgotten, and taken for a loss.
        "keep-the-variance": [
            "import numpy as np\ndef weights_for_relu(rng, n_in, n_out, keep):\n"
            f"    return np.sqrt({variance} / n_in) * rng.normal(size=(n_in, n_out))"
            for variance in ("1", "2", "2 / keep")
        ],
        # The slope at the output in place of the gate; the gate forgotten; W as it stands.
        "one-step-back": [
            f"import numpy as np\ndef step_back(W, a, g):\n    gated = {gated}\n"
            f"    return {back} @ gated, np.outer(gated, a)"
            for gated, back in (("g * (W @ a)", "W.T"), ("g", "W.T"), ("g * (W @ a > 0)", "W"))
        ],
        # An absolute tolerance; entry by entry; and the first entry alone.
        "find-the-wrong-one": [
            "import numpy as np\nfrom dlfund import numerical_gradient\n"
            "def wrong(f, gradients, x):\n    measured = numerical_gradient(f, x, 1e-5)\n"
            f"    return [n for n, g in gradients.items() if not ({test})]"
            for test in (
                "np.allclose(g(x), measured)",
                "np.all(np.abs(g(x) - measured) <= 1e-4 * np.abs(measured))",
                "abs(g(x)[0] - measured[0]) <= 1e-4 * abs(measured[0])",
            )
        ],
        # The product tends to e; and a sum in place of the product.
        "no-louder": [
            "def beta(blocks):\n    return blocks**-0.5",
            "def beta(blocks):\n    return 2 ** (1 / blocks) - 1",
        ],
        # The weights with their signs; the largest of them alone.
        "killing-bias": [
            "def killing_bias(weights):\n    return -float(sum(weights))",
            "def killing_bias(weights):\n    return -max(abs(w) for w in weights)",
        ],
        # By the formula; and with the highest score of all rows.
        "log-softmax-rows": [
            "import numpy as np\ndef log_softmax(Z):\n    with np.errstate(all='ignore'):\n"
            "        e = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
            "        return np.log(e / e.sum(axis=1, keepdims=True))",
            "import numpy as np\ndef log_softmax(Z):\n    with np.errstate(all='ignore'):\n"
            "        below = Z - Z.max()\n"
            "        return below - np.log(np.exp(below).sum(axis=1, keepdims=True))",
            "import numpy as np\ndef log_softmax(Z):\n    below = Z - Z.max()\n"
            "    return below - np.log(np.exp(below).sum())",
        ],
        # The diagonal of the Jacobian alone; one mean for all rows.
        "softmax-way-back": [
            "def backward(G, S):\n    return S * (1 - S) * G",
            "def backward(G, S):\n    return S * (G - (G * S).sum())",
        ],
        # Zero for any input in place of zero for every input; rows in place of columns.
        "find-the-dead": [
            "import numpy as np\ndef dead_neurons(Z):\n"
            "    return np.flatnonzero((Z <= 0).any(axis=0)).tolist()",
            "import numpy as np\ndef dead_neurons(Z):\n"
            "    return np.flatnonzero((Z <= 0).all(axis=1)).tolist()",
        ],
        # Holds everywhere, and has no digits left on the negative side.
        "a-sigmoid-that-holds": [
            "import math\ndef sigmoid(z):\n    if z >= 0:\n        return 1 / (1 + math.exp(-z))\n"
            "    return 1 - sigmoid(-z)"
        ],
    },
    "perceptron": {
        # Steps at every sample, right or wrong; judges without the bias.
        "one-step": [
            "def step(weights, bias, x, label, lr=1.0):\n"
            "    return [w + lr * label * v for w, v in zip(weights, x)], bias + lr * label",
            "def step(weights, bias, x, label, lr=1.0):\n"
            "    score = sum(w * v for w, v in zip(weights, x))\n"
            "    if (1 if score >= 0 else -1) == label:\n        return weights, bias\n"
            "    return [w + lr * label * v for w, v in zip(weights, x)], bias + lr * label",
        ],
        # Counts the step of the correction itself as missing; takes the mean over corrections.
        "lazy-average": [
            "import numpy as np\ndef average(X, y, n_epochs):\n"
            "    w, missing, t, made = np.zeros(X.shape[1]), np.zeros(X.shape[1]), 0, 0\n"
            "    for _ in range(n_epochs):\n        for x, label in zip(X, y):\n"
            "            if (1 if w @ x >= 0 else -1) != label:\n"
            "                w, made = w + label * x, made + 1\n"
            f"                missing = missing + {steps} * label * x\n            t += 1\n"
            f"    return w - missing / {share}"
            for steps, share in (("(t + 1)", "t"), ("t", "max(made, 1)"))
        ],
        # Knows only positive weights; lets one place have two scores.
        "a-threshold": [
            "def separable(x, y):\n    up, down = x[y > 0], x[y < 0]\n"
            "    return len(up) == 0 or len(down) == 0 or bool(up.min() > down.max())",
            "def separable(x, y):\n    up, down = x[y > 0], x[y < 0]\n"
            "    if len(up) == 0 or len(down) == 0:\n        return True\n"
            "    return bool(up.min() >= down.max() or up.max() <= down.min())",
        ],
        # One binomial too many; a row of Pascal's triangle too far down.
        "samples-needed": [
            "from math import comb\ndef samples_needed(D, p):\n    N = 1\n"
            f"    while 2 * sum(comb({row}, k) for k in range({terms})) > p * 2**N:\n"
            "        N += 1\n    return N"
            for row, terms in (("N - 1", "D + 1"), ("N", "D"))
        ],
        # A sum of 0 counts as true; all units speak for the same answer.
        "parity-by-counting": [
            "import numpy as np\ndef parity_network(n):\n    k = np.arange(1, n + 1)\n"
            f"    return np.ones((n, n)), 0.5 - k, {weights}, {bias}"
            for weights, bias in (("(-1.0) ** (k + 1)", "0.0"), ("np.ones(n)", "-0.5"))
        ],
        # Counts what is learned in the very first epoch.
        "count-the-learnable": [
            "from itertools import product\nfrom dlfund import Perceptron\n"
            "def learnable(d, n_epochs=40):\n    corners = list(product([0, 1], repeat=d))\n"
            "    fits = [Perceptron(d).fit(corners, y, 1) for y in product([-1, 1], repeat=2**d)]\n"
            "    return sum(mistakes[-1] == 0 for mistakes in fits)"
        ],
        # Epochs counted, not mistakes; the worst epoch; and a bound that may not be reached.
        "still-not-clean": [
            "def verdict(mistakes, radius, margin):\n"
            "    if mistakes[-1] == 0:\n        return 'a line'\n"
            f"    return 'none so wide' if {many} else 'go on'"
            for many in (
                "len(mistakes) > (radius / margin) ** 2",
                "max(mistakes) > (radius / margin) ** 2",
                "sum(mistakes) >= (radius / margin) ** 2",
            )
        ],
        # The sum is a linear function of the two, and brings nothing new.
        "lift-xor": ["def lift(x1, x2):\n    return [x1, x2, x1 + x2]"],
        # Passes blame on to the inputs as well; keeps the logits and not the inputs.
        "count-both-ways": [
            "def costs(sizes):\n    forward = sum(m * n for m, n in zip(sizes, sizes[1:]))\n"
            "    return forward, 2 * forward, sum(sizes[:-1])",
            "def costs(sizes):\n    layers = [m * n for m, n in zip(sizes, sizes[1:])]\n"
            "    return sum(layers), 2 * sum(layers) - layers[0], sum(sizes[1:])",
        ],
        # Lets blame through a unit that is silent; has the sample of class 1 only.
        "blame-the-input": [
            "import numpy as np\ndef input_slopes(x, y, W1, b1, w2, b2):\n    z = x @ W1 + b1\n"
            "    p = 1 / (1 + np.exp(-(np.maximum(z, 0) @ w2 + b2)))\n"
            "    return (p - y) * w2 @ W1.T",
            "import numpy as np\ndef input_slopes(x, y, W1, b1, w2, b2):\n    z = x @ W1 + b1\n"
            "    p = 1 / (1 + np.exp(-(np.maximum(z, 0) @ w2 + b2)))\n"
            "    return (p - 1) * w2 * (z > 0) @ W1.T",
        ],
        # Forgets that the means start at zero; keeps the corrected means.
        "one-step-of-adam": [
            "def adam(w, g, m, v, t, lr):\n    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2\n"
            "    return w - lr * m / (v**0.5 + 1e-8), m, v",
            "def adam(w, g, m, v, t, lr):\n    m = (0.9 * m + 0.1 * g) / (1 - 0.9**t)\n"
            "    v = (0.999 * v + 0.001 * g**2) / (1 - 0.999**t)\n"
            "    return w - lr * m / (v**0.5 + 1e-8), m, v",
        ],
        # The last, short one is left out; the same order each time.
        "an-epoch-in-batches": [
            "import numpy as np\ndef batches(n, size, rng):\n    order = rng.permutation(n)\n"
            "    return [order[i:i + size] for i in range(0, n - size + 1, size)]",
            "import numpy as np\ndef batches(n, size, rng):\n    order = np.arange(n)\n"
            "    return [order[i:i + size] for i in range(0, n, size)]",
        ],
        # Counts rises in a row; takes an equal loss for a new one.
        "stop-with-patience": [
            "def stop(losses, patience):\n    best, rises = 0, 0\n"
            "    for step in range(1, len(losses)):\n"
            "        rises = rises + 1 if losses[step] > losses[step - 1] else 0\n"
            "        best = step if losses[step] < losses[best] else best\n"
            "        if rises == patience:\n            break\n    return best, step",
            "def stop(losses, patience):\n    best = 0\n    for step, loss in enumerate(losses):\n"
            "        if loss <= losses[best]:\n            best = step\n"
            "        if step - best == patience:\n            break\n    return best, step",
        ],
        # Silences the wrong share; leaves the rest as quiet as it was; drops when judged too.
        "dropout-that-keeps-the-mean": [
            "import numpy as np\ndef dropout(a, drop, training, rng):\n    if not training:\n"
            "        return a\n    return a * (rng.random(a.shape) < drop) / drop",
            "import numpy as np\ndef dropout(a, drop, training, rng):\n    if not training:\n"
            "        return a * (1 - drop)\n    return a * (rng.random(a.shape) >= drop)",
            "import numpy as np\ndef dropout(a, drop, training, rng):\n"
            "    return a * (rng.random(a.shape) >= drop) / (1 - drop)",
        ],
        # Up the slope; judges by the score in place of the margin.
        "any-loss-of-the-margin": [
            "def step(w, x, y, slope, lr):\n    return w + lr * slope(y * (w @ x)) * y * x",
            "def step(w, x, y, slope, lr):\n    return w - lr * slope(w @ x) * y * x",
        ],
        # One epoch; steps by whole samples.
        "how-long-does-it-work": [
            "import numpy as np\ndef corrections(X, y, c, lr):\n"
            "    w, count = np.zeros(X.shape[1]), 0\n"
            "    for x, label in zip(X, y):\n        if label * (w @ x) < c:\n"
            "            w, count = w + lr * label * x, count + 1\n    return count",
            "import numpy as np\ndef corrections(X, y, c, lr):\n"
            "    w, count, quiet = np.zeros(X.shape[1]), 0, False\n    while not quiet:\n"
            "        quiet = True\n        for x, label in zip(X, y):\n"
            "            if label * (w @ x) < c:\n"
            "                w, count, quiet = w + label * x, count + 1, False\n    return count",
        ],
        # A score of 0 at three inputs, which counts as +1; and AND.
        "nand": ["w1, w2, w3, bias = -1, -1, -1, 3", "w1, w2, w3, bias = 1, 1, 1, -2.5"],
        # Lowers every other row; and works on what came in.
        "one-of-many": [
            "import numpy as np\ndef step(W, x, label):\n    if (W @ x).argmax() == label:\n"
            "        return W\n    moved = W - x\n    moved[label] = W[label] + x\n"
            "    return moved",
            "import numpy as np\ndef step(W, x, label):\n    guess = (W @ x).argmax()\n"
            "    if guess != label:\n        W[label] += x\n        W[guess] -= x\n    return W",
        ],
        # Forgets the labels in the score; counts a score of 0 as -1.
        "kernel-perceptron": [
            "import numpy as np\ndef train(X, y, kernel, n_epochs=20):\n"
            "    table = np.array([[kernel(x, z) for z in X] for x in X])\n"
            "    alpha = np.zeros(len(X), int)\n    for _ in range(n_epochs):\n"
            "        for n in range(len(X)):\n"
            f"            if (1 if {score} 0 else -1) != y[n]:\n"
            "                alpha[n] += 1\n    return alpha.tolist()"
            for score in ("alpha @ table[:, n] >=", "(alpha * np.array(y)) @ table[:, n] >")
        ],
    },
    "metrics": {
        # Ties lost, and ties won.
        "pairs": [
            "def auc_by_pairs(labels, scores):\n    s = list(zip(labels, scores))\n"
            "    pairs = [(p, n) for a, p in s if a for b, n in s if not b]\n"
            f"    return sum(p {sign} n for p, n in pairs) / len(pairs)"
            for sign in (">", ">=")
        ],
        # Recall alone.
        "balanced-accuracy": [
            "import numpy as np\ndef balanced_accuracy(labels, decisions):\n"
            "    return float(np.mean(np.array(decisions)[np.array(labels) == 1]))"
        ],
        # Strictly above the threshold; and shares of all samples.
        "rates": [
            "def rates(labels, scores, threshold):\n    def share(kind):\n"
            "        mine = [s > threshold for s, y in zip(scores, labels) if y == kind]\n"
            "        return sum(mine) / len(mine)\n    return share(0), share(1)",
            "def rates(labels, scores, threshold):\n    def share(kind):\n"
            "        return sum(s >= threshold and y == kind"
            " for s, y in zip(scores, labels)) / len(labels)\n    return share(0), share(1)",
        ],
        # Compares costs upside down; and forgets what right decisions cost.
        "four-costs": [
            "def threshold(fp, fn, tp=0, tn=0):\n    return (fn - tp) / (fp - tn + fn - tp)",
            "def threshold(fp, fn, tp=0, tn=0):\n    return fp / (fp + fn)",
        ],
        # Multiplies the odds by a ratio of shares; and multiplies the probability, cut at 1.
        "another-hospital": [
            "def corrected(p, old, new):\n    odds = p / (1 - p) * new / old\n"
            "    return odds / (1 + odds)",
            "def corrected(p, old, new):\n    return min(1, p * new / old)",
        ],
        # Wald's, by search; and Wald's, cut at 0 and 1.
        "wilsons-interval": [
            "import numpy as np\ndef wilson(right, n, z=1.96):\n    p = np.linspace(0, 1, 1001)\n"
            "    q = right / n\n    fits = abs(q - p) <= z * np.sqrt(q * (1 - q) / n) + 1e-9\n"
            "    return p[fits].min(), p[fits].max()",
            "import numpy as np\ndef wilson(right, n, z=1.96):\n    q = right / n\n"
            "    w = z * np.sqrt(q * (1 - q) / n)\n    return max(0, q - w), min(1, q + w)",
        ],
        # Takes the two areas for independent.
        "two-areas": [
            "import numpy as np\ndef won(y, s):\n    a, b = s[y == 1, np.newaxis], s[y == 0]\n"
            "    return (a > b) + 0.5 * (a == b)\ndef compare(y, s1, s2):\n"
            "    a, b = won(y, s1), won(y, s2)\n    v = 0\n    for w in (a, b):\n"
            "        v += w.mean(axis=1).var(ddof=1) / len(w)\n"
            "        v += w.mean(axis=0).var(ddof=1) / w.shape[1]\n"
            "    return float(a.mean() - b.mean()), float(np.sqrt(v))"
        ],
        # The mean of the batches; and beta at the false alarms.
        "batch-by-batch": [
            "def f_beta(batches, beta=1.0):\n    b, scores = beta**2, []\n"
            "    for pairs in (list(zip(*batch)) for batch in batches):\n"
            "        tp, fp, fn = (pairs.count(k) for k in [(1, 1), (0, 1), (1, 0)])\n"
            "        whole = (1 + b) * tp + b * fn + fp\n"
            "        scores.append((1 + b) * tp / whole if whole else float('nan'))\n"
            "    return sum(scores) / len(scores)",
            "def f_beta(batches, beta=1.0):\n    b = beta**2\n"
            "    pairs = [pair for batch in batches for pair in zip(*batch)]\n"
            "    tp, fp, fn = (pairs.count(k) for k in [(1, 1), (0, 1), (1, 0)])\n"
            "    whole = (1 + b) * tp + b * fp + fn\n"
            "    return (1 + b) * tp / whole if whole else float('nan')",
        ],
        # Draws rows; and a number of patients that is left to luck.
        "split-by-patient": [
            "import numpy as np\ndef split(patients, share, seed=0):\n"
            "    order = np.random.default_rng(seed).permutation(len(patients))\n"
            "    return order < share * len(patients)",
            "import numpy as np\ndef split(patients, share, seed=0):\n"
            "    names = np.unique(patients)\n"
            "    kept = np.random.default_rng(seed).random(len(names)) < share / 2\n"
            "    return np.isin(patients, names[kept])",
        ],
        # Trains on one block alone; and begins to hold out at the first.
        "folds-in-time": [
            "def rounds(n, K):\n    s = n // (K + 1)\n    return ["
            "(range((k - 1) * s, k * s), range(k * s, (k + 1) * s)) for k in range(1, K + 1)]",
            "def rounds(n, K):\n    s = n // (K + 1)\n    return ["
            "(range(k * s, n), range((k - 1) * s, k * s)) for k in range(1, K + 1)]",
        ],
        # Along the curve, dents and all.
        "false-alarm-budget": [
            "import numpy as np\ndef best_tpr(fprs, tprs, budget):\n"
            "    return float(np.interp(budget, fprs, tprs))"
        ],
        # The costs exchanged; and rates in the place of numbers.
        "cheapest-corner": [
            "def cheapest(fprs, tprs, P, N, c_fp, c_fn):\n"
            "    cost = lambda q: c_fn * N * q[0] + c_fp * P * (1 - q[1])\n"
            "    return min(zip(fprs, tprs), key=cost)",
            "def cheapest(fprs, tprs, P, N, c_fp, c_fn):\n"
            "    cost = lambda q: c_fp * q[0] + c_fn * (1 - q[1])\n"
            "    return min(zip(fprs, tprs), key=cost)",
        ],
        # One step for each sample, ties in the order of the file.
        "average-precision": [
            "def ap(labels, scores):\n"
            "    order = sorted(range(len(scores)), key=lambda i: -scores[i])\n"
            "    found, total = 0, 0\n    for seen, i in enumerate(order, 1):\n"
            "        found += labels[i]\n        total += labels[i] * found / seen\n"
            "    return total / found"
        ],
        # All that tie are shown.
        "first-page": [
            "import numpy as np\ndef precision_at(k, labels, scores):\n"
            "    border = np.sort(scores)[-k]\n"
            "    return float(np.array(labels)[np.array(scores) >= border].mean())",
            "import numpy as np\ndef precision_at(k, labels, scores):\n"
            "    best = np.argsort(np.array(scores), kind='stable')[-k:]\n"
            "    return float(np.mean(np.array(labels)[best]))",
        ],
        # Rows in the place of columns; and the absent class counted with an F1 of 0.
        "averages-from-a-matrix": [
            "import numpy as np\ndef f1_averages(matrix):\n    m = np.array(matrix)\n"
            "    there, tp = m.sum(axis=1), m.diagonal()\n"
            "    f1 = tp[there > 0] / there[there > 0]\n    w = there[there > 0] / there.sum()\n"
            "    return f1.mean(), f1 @ w, tp.sum() / m.sum()",
            "import numpy as np\ndef f1_averages(matrix):\n    m = np.array(matrix)\n"
            "    both, tp = m.sum(axis=1) + m.sum(axis=0), m.diagonal()\n"
            "    f1 = 2 * tp / np.maximum(both, 1)\n    w = m.sum(axis=1) / m.sum()\n"
            "    return f1.mean(), f1 @ w, tp.sum() / m.sum()",
        ],
        # Batches alike, however small; and the root too early.
        "rmse-by-batches": [
            "import numpy as np\ndef rmse(batches):\n"
            "    each = [np.mean((np.array(p) - np.array(y))**2) for y, p in batches]\n"
            "    return float(np.sqrt(np.mean(each)))",
            "import numpy as np\ndef rmse(batches):\n    total = n = 0\n    for y, p in batches:\n"
            "        total += len(y) * np.sqrt(np.mean((np.array(p) - np.array(y))**2))\n"
            "        n += len(y)\n    return float(total / n)",
        ],
        # The mean of the samples that are scored.
        "r2-with-a-baseline": [
            "import numpy as np\ndef skill(truth, predicted, seen):\n"
            "    t, p = np.array(truth), np.array(predicted)\n"
            "    return float(1 - np.sum((p - t)**2) / np.sum((t - t.mean())**2))"
        ],
        # The k smallest.
        "top-k": [
            "import numpy as np\ndef top_k(labels, probabilities, k):\n"
            "    best = np.argsort(probabilities, axis=1)[:, :k]\n"
            "    return float(np.mean((best == np.array(labels)[:, None]).any(axis=1)))"
        ],
    },
    "pooling": {
        # Rounds up.
        "after-pools": [
            "def after_pools(n, pools):\n    for _ in range(pools):\n        n = (n + 1) // 2\n"
            "    return n"
        ],
        # Forgets to turn the sign back; forgets the size; forgets that bytes have no sign.
        "min-pool": [
            "from dlfund import max_pool_2d\ndef min_pool(x, size=2):\n"
            "    return max_pool_2d(-x, size)",
            "from dlfund import max_pool_2d\ndef min_pool(x, size=2):\n    return -max_pool_2d(-x)",
            "from dlfund import max_pool_2d\ndef min_pool(x, size=2):\n"
            "    return -max_pool_2d(-x, size)",
        ],
        # Divides by the mean of the shares, not by each.
        "leave-out-the-padding": [
            "import numpy as np\nfrom dlfund import avg_pool_2d\n"
            "def avg_real(x, size, stride, padding):\n"
            "    share = avg_pool_2d(np.ones_like(x), size, stride, padding).mean()\n"
            "    return avg_pool_2d(x, size, stride, padding) / share"
        ],
        # Forgets the first window; takes every stride for 2; keeps a window in the padding.
        "rounding-up": [
            "def differ(n, k, s, p=0):\n    return (n + 2 * p) % s != 0",
            "def differ(n, k, s, p=0):\n    return (n + 2 * p - k) % 2 != 0",
            "def differ(n, k, s, p=0):\n    return (n + 2 * p - k) % s != 0",
        ],
        # Multiplies by the mask; takes the maximum over zeros; divides by all.
        "masked-pool": [
            "import numpy as np\ndef masked_pool(x, lengths):\n"
            "    real = (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]\n"
            "    maxima = np.where(real, x, -np.inf).max(axis=1)\n"
            "    maxima = np.where(np.isfinite(maxima), maxima, 0)\n"
            "    sums = (x * real).sum(axis=1)\n"
            "    return maxima, sums / np.maximum(lengths, 1)[:, None]",
            "import numpy as np\ndef masked_pool(x, lengths):\n"
            "    real = (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]\n"
            "    x = np.where(real, x, 0)\n"
            "    return x.max(axis=1), x.mean(axis=1)",
        ],
        # One after the other; in a wider type; forgets the odd one.
        "pairs-of-pairs": [
            "import numpy as np\ndef pairwise_sum(x):\n    return np.cumsum(x)[-1]",
            "import numpy as np\ndef pairwise_sum(x):\n    return x.sum(dtype=np.float64)",
            "import numpy as np\ndef pairwise_sum(x):\n    while len(x) > 1:\n"
            "        n = len(x) // 2\n        x = x[:n] + x[n : 2 * n]\n    return x[0]",
        ],
        # Writes twice to the same place; forgets the stride; gives ties to the last.
        "overlapping-switches": [
            "import numpy as np\ndef row_backward(g, row, k, s):\n"
            "    windows = np.lib.stride_tricks.sliding_window_view(row, k)[::s]\n"
            "    places = windows.argmax(axis=1) + s * np.arange(len(windows))\n"
            "    grad = np.zeros(len(row))\n    grad[places] += g\n    return grad",
            "import numpy as np\ndef row_backward(g, row, k, s):\n"
            "    windows = np.lib.stride_tricks.sliding_window_view(row, k)[::s]\n"
            "    places = windows.argmax(axis=1) + np.arange(len(windows))\n"
            "    grad = np.zeros(len(row))\n    np.add.at(grad, places, g)\n    return grad",
            "import numpy as np\ndef row_backward(g, row, k, s):\n"
            "    windows = np.lib.stride_tricks.sliding_window_view(row, k)[::s, ::-1]\n"
            "    places = k - 1 - windows.argmax(axis=1) + s * np.arange(len(windows))\n"
            "    grad = np.zeros(len(row))\n    np.add.at(grad, places, g)\n    return grad",
        ],
        # Pays every tie in full; forgets the size.
        "equal-shares": [
            "import numpy as np\nfrom dlfund import max_pool_2d\n"
            "def backward_in_shares(g, x, k=2):\n    tile = np.ones((k, k))\n"
            "    return (x == np.kron(max_pool_2d(x, k), tile)) * np.kron(g, tile)",
            "import numpy as np\nfrom dlfund import max_pool_2d, avg_pool_2d\n"
            "def backward_in_shares(g, x, k=2):\n    tile = np.ones((k, k))\n"
            "    largest = (x == np.kron(max_pool_2d(x, k), tile)) * 1.0\n"
            "    return largest * np.kron(g / (4 * avg_pool_2d(largest, k)), tile)",
        ],
        # Blurs first; pads with zeros; keeps the odd ones.
        "max-blur-a-row": [
            "import numpy as np\ndef max_blur(row):\n    p = np.pad(row, 1, mode='reflect')\n"
            "    blurred = p[:-2] / 4 + p[1:-1] / 2 + p[2:] / 4\n"
            "    return np.maximum(blurred[:-1], blurred[1:])[::2]",
            "import numpy as np\ndef max_blur(row):\n"
            "    p = np.pad(np.maximum(row[:-1], row[1:]), 1)\n"
            "    return (p[:-2] / 4 + p[1:-1] / 2 + p[2:] / 4)[::2]",
            "import numpy as np\ndef max_blur(row):\n"
            "    p = np.pad(np.maximum(row[:-1], row[1:]), 1, mode='reflect')\n"
            "    return (p[:-2] / 4 + p[1:-1] / 2 + p[2:] / 4)[1::2]",
        ],
        # Always the even ones; by the sum and not by the squares.
        "which-half-to-keep": [
            "def keep_a_half(row):\n    return row[::2]",
            "def keep_a_half(row):\n    return max(row[0::2], row[1::2], key=sum)",
        ],
        # A pixel that lies in too few windows.
        "worst-change": [
            "import numpy as np\ndef worst(k, s):\n"
            "    x, d = np.zeros((16, 16)), np.zeros((16, 16))\n    d[7, 7] = 1\n"
            "    return x, d",
        ],
        # n is k, not its square.
        "how-alike": [
            "from dlfund import avg_pool_2d\ndef correlation(x, k):\n"
            "    ratio = avg_pool_2d(x, k).var() / x.var()\n"
            "    return (ratio * k - 1) / (k - 1)",
        ],
        # Subtracts one maximum for all tiles; subtracts minus infinity from itself.
        "soft-maximum": [
            "import numpy as np\nfrom dlfund import avg_pool_2d\ndef soft_pool(x, r):\n"
            "    m = x.max()\n    with np.errstate(all='ignore'):\n"
            "        return m + np.log(avg_pool_2d(np.exp(r * (x - m)))) / r",
            "import numpy as np\nfrom dlfund import avg_pool_2d, max_pool_2d\n"
            "def soft_pool(x, r):\n    m = max_pool_2d(x)\n"
            "    with np.errstate(all='ignore'):\n"
            "        y = avg_pool_2d(np.exp(r * (x - np.kron(m, np.ones((2, 2))))))\n"
            "        return m + np.log(y) / r",
        ],
        # Windows that end too early; as many columns as rows.
        "adaptive-max": [
            "import numpy as np\ndef adaptive_max(x, m):\n    def parts(n):\n"
            "        return [slice(i * n // m, (i + 1) * n // m) for i in range(m)]\n"
            "    return np.array([[x[r, c].max() for c in parts(x.shape[1])]"
            " for r in parts(x.shape[0])])",
            "import numpy as np\ndef adaptive_max(x, m):\n    n = len(x)\n"
            "    parts = [slice(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]\n"
            "    return np.array([[x[r, c].max() for c in parts] for r in parts])",
        ],
        # Forgets the biases; flattens the columns of an average, too.
        "flatten-or-average": [
            "def head_parameters(channels, rows, columns, classes, average):\n"
            "    return (channels if average else channels * rows * columns) * classes",
            "def head_parameters(channels, rows, columns, classes, average):\n"
            "    return channels * (1 if average else rows) * columns * classes + classes",
        ],
        # Leaves out the bias; repeats the whole map.
        "draw-the-map": [
            "import numpy as np\ndef class_map(features, weights, biases, k, scale):\n"
            "    scores = np.tensordot(weights[k], features, axes=1)\n"
            "    return np.kron(scores, np.ones((scale, scale)))",
            "import numpy as np\ndef class_map(features, weights, biases, k, scale):\n"
            "    scores = np.tensordot(weights[k], features, axes=1) + biases[k]\n"
            "    return np.tile(scores, (scale, scale))",
        ],
        # Pools the columns of the input, not of the first result.
        "fewer-comparisons": [
            "from dlfund import max_pool_2d\ndef max_pool_apart(x, k):\n"
            "    return max_pool_2d(x, (k, 1), stride=1)[:, k - 1 :]"
        ],
    },
    "losses": {
        # The line without the shift that joins it to the parabola.
        "huber": [
            "def huber(error, delta=1.0):\n"
            "    return error**2 / 2 if abs(error) <= delta else delta * abs(error)"
        ],
        # All of a large error; what is left of it; and the price taken for 1.
        "call-it-an-outlier": [
            f"def correction(error, delta):\n    return {correction}"
            for correction in (
                "error if abs(error) > delta else 0.0",
                "min(max(error, -delta), delta)",
                "error - min(max(error, -1.0), 1.0)",
            )
        ],
        # The two costs exchanged.
        "bread": [
            "import numpy as np\ndef cost(plan, sold):\n    error = plan - np.array(sold)\n"
            "    return float(np.mean(np.maximum(3 * error, -error)))"
        ],
        # The weights forgotten; at most instead of at least half; the upper of two that are best.
        "weighted-median": [
            "def best_constant(values, weights):\n"
            "    return sorted(values)[(len(values) - 1) // 2]",
            "def best_constant(values, weights):\n    below, best = 0, None\n"
            "    for value, weight in sorted(zip(values, weights)):\n"
            "        if below > sum(weights) / 2:\n            break\n"
            "        below, best = below + weight, value\n    return best",
            "def best_constant(values, weights):\n    below = 0\n"
            "    for value, weight in zip(values, weights):\n        below += weight\n"
            "        if below >= sum(weights) / 2:\n            return value",
        ],
        # Half of the logarithm forgotten; the variance the wrong way round; the constant left out.
        "normal-nll": [
            "from math import exp, log, pi\ndef normal_nll(y, mean, s):\n"
            "    return s + (y - mean) ** 2 * exp(-s) / 2 + log(2 * pi) / 2",
            "from math import exp, log, pi\ndef normal_nll(y, mean, s):\n"
            "    return (s + (y - mean) ** 2 * exp(s) + log(2 * pi)) / 2",
            "from math import exp\ndef normal_nll(y, mean, s):\n"
            "    return (s + (y - mean) ** 2 * exp(-s)) / 2",
        ],
        # The rate in the place of its logarithm; a sum; the wrong sign.
        "count-loss": [
            "import numpy as np\ndef count_loss(counts, log_rates):\n"
            "    rates = np.maximum(np.array(log_rates), 1e-9)\n"
            "    return float(np.mean(rates - np.array(counts) * np.log(rates)))",
            "import numpy as np\ndef count_loss(counts, log_rates):\n"
            "    a = np.array(log_rates)\n"
            "    return float(np.sum(np.exp(a) - np.array(counts) * a))",
            "import numpy as np\ndef count_loss(counts, log_rates):\n"
            "    a = np.array(log_rates)\n"
            "    return float(np.mean(np.array(counts) * a - np.exp(a)))",
        ],
        # The product; bits with the wrong base; not a mean.
        "perplexity": [
            "import numpy as np\ndef perplexity(probabilities):\n"
            "    product = max(float(np.prod(probabilities)), 1e-300)\n"
            "    return product ** (-1 / len(probabilities))",
            "import numpy as np\ndef perplexity(probabilities):\n"
            "    return float(np.exp(-np.mean(np.log2(probabilities))))",
            "import numpy as np\ndef perplexity(probabilities):\n"
            "    return float(1 / np.mean(probabilities))",
        ],
        # In nats; the two exchanged; the impossible left out.
        "kl-in-bits": [
            "from math import inf, log\ndef kl(p, q):\n"
            "    return sum(a * log(a / b) if b else inf for a, b in zip(p, q) if a)",
            "from math import inf, log2\ndef kl(q, p):\n"
            "    return sum(a * log2(a / b) if b else inf for a, b in zip(p, q) if a)",
            "from math import log2\ndef kl(p, q):\n"
            "    return sum(a * log2(a / b) for a, b in zip(p, q) if a and b)",
        ],
        # Two logarithms of a sigmoid that holds; and the right form without log1p.
        "a-loss-that-holds": [
            "import math\ndef binary_cross_entropy(label, logit):\n"
            "    x = -logit if label == 1 else logit\n"
            "    return math.log(1 + math.exp(min(x, 700)))",
            "import math\ndef binary_cross_entropy(label, logit):\n"
            "    x = -logit if label == 1 else logit\n"
            "    return max(x, 0) + math.log(1 + math.exp(-abs(x)))",
        ],
        # Scales the second block alone; and forgets that both may be empty.
        "merge-blocks": [
            "import math\ndef merge(a, b):\n    top = max(a[0], b[0])\n"
            "    return top, a[1] + b[1] * math.exp(b[0] - top)",
            "import math\ndef merge(a, b):\n    top = max(a[0], b[0])\n"
            "    return top, sum(s * math.exp(m - top) for m, s in (a, b))",
        ],
        # The label among its rivals; and the label pushed up once, not once for each rival.
        "multiclass-hinge": [
            "import numpy as np\ndef hinge_and_slope(label, scores):\n"
            "    gaps = 1 + np.array(scores) - scores[label]\n"
            "    slope = (gaps > 0).astype(float)\n    slope[label] -= slope.sum()\n"
            "    return float(np.maximum(0, gaps).sum()), slope.tolist()",
            "import numpy as np\ndef hinge_and_slope(label, scores):\n"
            "    gaps = 1 + np.array(scores) - scores[label]\n    gaps[label] = 0\n"
            "    slope = (gaps > 0).astype(float)\n    slope[label] -= slope.any()\n"
            "    return float(np.maximum(0, gaps).sum()), slope.tolist()",
        ],
        # The rows of a as rivals; multiplied by the temperature; and exponentials that overflow.
        "find-your-partner": [
            "from dlfund import cross_entropy_loss\ndef info_nce(a, b, temperature=1.0):\n"
            "    return cross_entropy_loss(range(len(a)), b @ a.T / temperature)",
            "from dlfund import cross_entropy_loss\ndef info_nce(a, b, temperature=1.0):\n"
            "    return cross_entropy_loss(range(len(a)), a @ b.T * temperature)",
            "import numpy as np\ndef info_nce(a, b, temperature=1.0):\n"
            "    with np.errstate(all='ignore'):\n"
            "        e = np.exp(a @ b.T / temperature)\n"
            "        return -np.mean(np.log(np.diag(e) / e.sum(axis=1)))",
        ],
        # The probability divided, not the odds; and the odds multiplied.
        "unweigh": [
            "def unweigh(p, weight):\n    return p / (p + weight - 1)",
            "def unweigh(p, weight):\n    return weight * p / (weight * p + 1 - p)",
        ],
        # Counts the likely ones; goes round once; and takes the odds of the old share for 1.
        "another-town": [
            "import numpy as np\ndef share_of_ill(p, old):\n    return np.mean(p >= 0.5)",
            *(
                "import numpy as np\ndef share_of_ill(p, old):\n    new = np.mean(p)\n"
                f"    for _ in range({rounds}):\n"
                f"        ill, healthy = p * new / {old}, (1 - p) * (1 - new) / (1 - {old})\n"
                "        new = np.mean(ill / (ill + healthy))\n    return new"
                for rounds, old in ((1, "old"), (1000, "0.5"))
            ),
        ],
        # The mean of the means of what counts; and padding in the count.
        "mean-over-batches": [
            "import numpy as np\ndef mean_loss(batches):\n"
            "    means = [float(a[t != -100].mean()) for a, t in batches if (t != -100).any()]\n"
            "    return sum(means) / len(means) if means else 0.0",
            "import numpy as np\ndef mean_loss(batches):\n"
            "    total = sum(float(a[t != -100].sum()) for a, t in batches)\n"
            "    return total / sum(len(t) for _, t in batches)",
        ],
        # The mean of the errors is not that of their exponentials; and errors taken as normal.
        "total-too-low": [
            f"import numpy as np\ndef mean_sales(f, errors):\n    return np.exp(f + {more})"
            for more in ("np.mean(errors)", "np.var(errors) / 2")
        ],
    },
}
