"""Plausible wrong answers to the exercises of the book: each check must catch its own."""

WRONG_ANSWERS = {
    "convolution": {
        # Half of the kernel, but of one that has lost the wrong pixel.
        "padding-to-halve": ["def padding_to_halve(kernel):\n    return max(0, (kernel - 2) // 2)"],
        # Moves to the right: the kernel flipped, as in true convolution.
        "move-left": ["import numpy as np\nleft = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])"],
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
    },
    "activations": {
        "kinks": [
            "from dlfund import relu\ndef absolute(z):\n    return relu(z) - relu(-z)\n"
            "def larger(a, b):\n    return a + relu(a - b)"
        ],
        # The variance that suits a tanh.
        "keep-the-variance": [
            "import numpy as np\ndef weights_for_relu(rng, n_in, n_out):\n"
            "    return rng.normal(size=(n_in, n_out)) / np.sqrt(n_in)"
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
        # Counts what is learned in the very first epoch.
        "count-the-learnable": [
            "from itertools import product\nfrom dlfund import Perceptron\n"
            "def learnable(d, n_epochs=40):\n    corners = list(product([0, 1], repeat=d))\n"
            "    fits = [Perceptron(d).fit(corners, y, 1) for y in product([-1, 1], repeat=2**d)]\n"
            "    return sum(mistakes[-1] == 0 for mistakes in fits)"
        ],
        # The sum is a linear function of the two, and brings nothing new.
        "lift-xor": ["def lift(x1, x2):\n    return [x1, x2, x1 + x2]"],
        # NOR, and AND.
        "nand": ["w1, w2, bias = -1, -1, 0.5", "w1, w2, bias = 1, 1, -1.5"],
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
        # The two costs exchanged.
        "bread": [
            "import numpy as np\ndef cost(plan, sold):\n    error = plan - np.array(sold)\n"
            "    return float(np.mean(np.maximum(3 * error, -error)))"
        ],
        # The wrong way; and the slope of a sum.
        "mse-slope": [
            "def mse_slope(y_true, y_pred):\n    return 2 * (y_true - y_pred) / len(y_true)",
            "def mse_slope(y_true, y_pred):\n    return 2 * (y_pred - y_true)",
        ],
        # The perceptron's: nothing to do once the sign is right.
        "hinge-slope": [
            "def hinge_slope(label, score):\n    return -label if label * score < 0 else 0"
        ],
    },
}
