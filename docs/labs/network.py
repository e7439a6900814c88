# %% [markdown] description="A convolutional network from scratch in some 60 lines of NumPy: trained on handwritten digits, every gradient checked, and taken apart to see what it owes to each part."
# # A convolutional network from these six chapters {: data-search-also="CNN from scratch, convolutional network in NumPy, train a CNN" }
#
# Every layer that a network for images needs stands in this book: convolution, activation, pooling, a loss, and the gradient of each.
# In this lab you put them together in some 60 lines, teach the whole to read handwritten digits, and find out what it owes to each part.
# You need [the layer](../chapters/convolution/layer.md), [backpropagation](../chapters/perceptron/backpropagation.md) and [momentum](../chapters/perceptron/training.md#momentum-and-adam).
#
# !!! note "How to work with a lab"
#     Write down your guess before you read on.
#     Then press Run, change a number, and run again; cells run in the page, those above a cell first.
#     A browser takes 3 to 5 times as long as the times that are named here.
#
# ## What is there to read?
#
# The digits come with scikit-learn: 1,797 images of 8 × 8 pixels, with values from 0 to 16.
# They are the test set of the *Optical Recognition of Handwritten Digits* by Alpaydin and Kaynak ([UCI, 1998](https://doi.org/10.24432/C50P49), licence CC BY 4.0), written by 13 people.
#
# Before anything else they are shuffled and cut in three.
# The net learns from the training images, all choices are made on the validation images, and the test images choose nothing: they only tell how good a net is that was chosen without them.

# %%
import numpy as np
from sklearn.datasets import load_digits

digits = load_digits()
order = np.random.default_rng(0).permutation(len(digits.target))
x, y = digits.images[order, None] / 16, digits.target[order]
x_train, x_val, x_test = np.split(x, [1000, 1300])
y_train, y_val, y_test = np.split(y, [1000, 1300])
for part in (x_train, x_val, x_test):
    print(part.shape)

# %% name="digits" alt="Twelve small grey images of handwritten digits, white on black, each under the digit that was meant. Some are hard to tell." caption="The first twelve of the training images. The grid is coarse: each pixel says how many of 4 × 4 finer ones had ink."
from dlfund.figures import labs as figures

figures.images(x_train[:12, 0], [str(label) for label in y_train[:12]])

# %% [markdown]
# ## What does a layer have to know?
#
# Two things: what comes out (`forward`), and what a gradient becomes on its way back (`backward`).
# Going back it needs what went in, so it remembers that.
# A layer with `parameters` also leaves a gradient for each of them.
#
# Convolution and pooling bring their way back with them, from [Backward](../chapters/convolution/backward.md) and [The gradient of a maximum](../chapters/pooling/backward.md); the dense layer is two matrix products.
# The weights start as [He and others](../chapters/activations/depth.md) ask for, with a variance of 2 over the number of inputs (the `gain`; a last layer, which no ReLU halves, takes 1).

# %%
from dlfund import conv2d, conv2d_backward


class Convolution:
    """Kernels of 3 x 3; a rim of zeros keeps the size of an image."""

    def __init__(self, inputs, outputs, rng, gain=2):
        kernels = rng.normal(size=(outputs, inputs, 3, 3))
        kernels *= np.sqrt(gain / (9 * inputs))
        self.parameters = [kernels, np.zeros(outputs)]

    def forward(self, x):
        self.x = x
        return conv2d(x, *self.parameters, padding=1)

    def backward(self, grad):
        kernels, _ = self.parameters
        grads = conv2d_backward(grad, self.x, kernels, padding=1)
        grad, *self.gradients = grads
        return grad


class Dense:
    """Every output sees every input."""

    def __init__(self, inputs, outputs, rng, gain=2):
        weights = rng.normal(size=(inputs, outputs))
        weights *= np.sqrt(gain / inputs)
        self.parameters = [weights, np.zeros(outputs)]

    def forward(self, x):
        self.shape, self.x = x.shape, x.reshape(len(x), -1)
        weights, bias = self.parameters
        return self.x @ weights + bias

    def backward(self, grad):
        self.gradients = [self.x.T @ grad, grad.sum(axis=0)]
        return (grad @ self.parameters[0].T).reshape(self.shape)


class Fixed:
    """Learns nothing: an activation, a pool."""

    parameters = gradients = ()

    def __init__(self, function, way_back):
        self.function, self.way_back = function, way_back

    def forward(self, x):
        self.x = x
        return self.function(x)

    def backward(self, grad):
        return self.way_back(grad, self.x)


# %% [markdown]
# A network is a list of layers: forward from the first to the last, backward from the last to the first.
# Its parameters and their gradients are those of its layers, in one order.

# %%
from dlfund import cross_entropy_loss, cross_entropy_loss_gradient


def forward(net, x):
    for layer in net:
        x = layer.forward(x)
    return x


def backward(net, grad):
    for layer in reversed(net):
        grad = layer.backward(grad)
    return [g for layer in net for g in layer.gradients]


def parameters(net):
    return [p for layer in net for p in layer.parameters]


def loss(net, x, y):
    return cross_entropy_loss(y, forward(net, x))


def right(net, x, y):
    return forward(net, x).argmax(axis=1) == y


# %% [markdown]
# The pattern is that of LeNet (LeCun and others, 1998): convolve, bend, pool, and decide at the end.
# Ours has two convolutions, each followed by a ReLU, then one pool of 2 × 2, and a dense layer that reads ten logits from what is left.

# %%
from dlfund import max_pool_2d, max_pool_2d_backward
from dlfund import relu, relu_derivative


def activation(function=relu, derivative=relu_derivative):
    return Fixed(function, lambda grad, z: grad * derivative(z))


largest = (max_pool_2d, max_pool_2d_backward)


def convolutional(seed, activate=activation, pool=largest, gain=2):
    rng = np.random.default_rng(seed)
    return [
        Convolution(1, 12, rng, gain),
        activate(),
        Convolution(12, 16, rng, gain),
        activate(),
        Fixed(*pool),
        Dense(16 * 4 * 4, 10, rng, gain=1),
    ]


def rival(seed):  # without convolution, and with as many parameters
    rng = np.random.default_rng(seed)
    return [Dense(64, 59, rng), activation(), Dense(59, 10, rng, gain=1)]


for make in (convolutional, rival):
    print(f"{make.__name__:13}", sum(p.size for p in parameters(make(0))))

# %% [markdown]
# ## Is every gradient right?
#
# !!! question "Think first"
#     Three nets are checked: ours with random biases; one whose pool sends a quarter of the gradient to each pixel of a window; and ours as it starts, with all biases 0.
#     Which of them fail?
#
# A wrong gradient often trains too, only worse, so [compare](../chapters/activations/checking.md): move a parameter a little, and see how much the loss moves.
# A small net of the same layers is enough, and six images.

# %%
from dlfund import numerical_gradient, relative_error


def check(net, x, y):
    grad = cross_entropy_loss_gradient(y, forward(net, x))
    gradients, worst = backward(net, grad), 0

    for parameter, gradient in zip(parameters(net), gradients):
        start = parameter.copy()

        def moved(values):
            parameter[:] = values
            return loss(net, x, y)

        numerical = numerical_gradient(moved, start)
        parameter[:] = start
        worst = max(worst, relative_error(gradient, numerical))
    return worst


def small(way_back=max_pool_2d_backward, noise=0.1):
    rng = np.random.default_rng(4)
    net = [
        Convolution(1, 2, rng),
        activation(),
        Convolution(2, 3, rng),
        activation(),
        Fixed(max_pool_2d, way_back),
        Dense(48, 10, rng),
    ]
    for p in parameters(net):
        p += noise * rng.normal(size=p.shape)
    return net


# A planted mistake: each pixel of a window gets a quarter.
def shared(grad, z):
    return np.kron(grad, np.ones((2, 2))) / 4


for name, tried in [
    ("ours", small()),
    ("with the mistake", small(shared)),
    ("ours, all biases 0", small(noise=0)),
]:
    error = check(tried, x_train[:6], y_train[:6])
    print(f"{name:18} agrees to 1e-6: {error < 1e-6}")

# %% [markdown]
# The last line is no mistake of ours.
# Where an image is black and all biases are 0, ReLU gets exactly 0, and there it has a [corner](../chapters/activations/checking.md): a step to one side raises the output, a step to the other does not.
# So gradients are checked away from the start.
#
# ## How long does it take to learn?
#
# Training is two loops: for each batch of about 32 images go forward, go backward, step.
# The step has [momentum](../chapters/perceptron/training.md#momentum-and-adam), and its rate falls to zero along a straight line.

# %%
from functools import partial


def train(net, x, y, seed, rate=0.1, epochs=10, momentum=0.9, watch=None):
    rng = np.random.default_rng(seed)
    velocities = [np.zeros_like(p) for p in parameters(net)]
    steps = len(x) // 32
    for epoch in range(epochs):
        batches = np.array_split(rng.permutation(len(x)), steps)
        for step, batch in enumerate(batches):
            logits = forward(net, x[batch])
            grad = cross_entropy_loss_gradient(y[batch], logits)
            gradients = backward(net, grad)
            now = rate * (1 - (epoch + step / steps) / epochs)
            for p, v, g in zip(parameters(net), velocities, gradients):
                v *= momentum
                v -= now * g
                p += v
        if watch:
            watch()
    return net


# %% [markdown]
# The one number that has to be found is the rate.
# The validation images choose it, for each of the two nets.
#
# !!! question "Think first"
#     Which share of the 300 validation images does the convolutional net get right, after ten passes over 1,000 images?
#     And the dense one, which has as many parameters?

# %% limit="60"
chosen, sealed = {}, {}  # sealed: not looked at before the last section
for make in (convolutional, rival):
    counts = {}
    for rate in (0.05, 0.1, 0.2, 0.4):
        net = train(make(0), x_train, y_train, 0, rate)
        sealed[make, rate] = int(right(net, x_test, y_test).sum())
        counts[rate] = int(right(net, x_val, y_val).sum())
        print(f"{make.__name__:13} {rate:4}: {counts[rate]}", flush=True)
    chosen[make] = max(counts, key=counts.get)

# %% [markdown]
# Now the net that the rest of this lab looks at.
# It prints the loss while it learns, and takes about a second where this page was made.

# %% limit="60"
curves = {"training": [], "validation": []}
net = convolutional(0)


def watch():
    curves["training"].append(loss(net, x_train, y_train))
    curves["validation"].append(loss(net, x_val, y_val))
    epoch = len(curves["training"])
    if epoch % 2 == 0:
        now = curves["training"][-1]
        print(f"epoch {epoch:2}, loss {now:.3f}", flush=True)


train(net, x_train, y_train, 0, chosen[convolutional], watch=watch)
print(f"right in training: {right(net, x_train, y_train).mean():.1%}")

# %% name="learning" alt="Two falling curves over ten epochs, on a logarithmic scale. Both start at about 0.4. The training loss falls to 0.002; the validation loss levels off at 0.05 after the sixth epoch." caption="The loss in training goes on falling after the validation loss has stopped: what is still learned is about these 1,000 images."
figures.epochs(curves, ylabel="cross-entropy")

# %% [markdown]
# ## How good is it on images that nobody has looked at?
#
# All is chosen, so the test images may be counted.
# The interval is [Wilson's](../chapters/metrics/certainty.md).

# %%
def wilson(k, n, z=1.96):
    centre, scale = (k + z * z / 2) / (n + z * z), z / (n + z * z)
    half = scale * np.sqrt(k * (n - k) / n + z * z / 4)
    return centre - half, centre + half


opponent = train(rival(0), x_train, y_train, 0, chosen[rival])
ours, theirs = (right(each, x_test, y_test) for each in (net, opponent))
for name, each in (("convolutional", ours), ("dense", theirs)):
    k, n = each.sum(), len(each)
    low, high = wilson(k, n)
    print(f"{name:13} {k} of {n}: {k / n:.1%}, {low:.1%} to {high:.1%}")
print("ours alone is right:", (ours & ~theirs).sum())
print("the rival alone:    ", (theirs & ~ours).sum())

# %% [markdown]
# The net reads 99 % of these, and of all such digits somewhere between 97.7 and 99.6 %.
# Against the dense rival it gets six images more.
# But of the ten that only one of them reads it wins eight, and ten coins fall eight to two or more, one way or the other, in 11 of 100 tries ([McNemar](../chapters/metrics/certainty.md#is-one-model-better-than-another)).
# And another seed might undo it: from here on we train five of each.
#
# The rival has as many parameters, not as much work: a kernel is used at 64 places, so ours multiplies some 27 times as often.
#
# And of whom is 99 % true?
# The images were shuffled before they were cut, so all 13 writers are in all three parts.
# The file is in the order in which they were collected: cut that, and the test images are mostly of other writers.

# %% limit="60"
x_file, y_file = digits.images[:, None] / 16, digits.target
for make in (convolutional, rival):
    each = train(make(0), x_file[:1000], y_file[:1000], 0, chosen[make])
    k = right(each, x_file[1300:], y_file[1300:]).sum()
    print(f"{make.__name__:13} {k} of {n}: {k / n:.1%}", flush=True)

# %% [markdown]
# Hands that it does not know cost it five points: 99 % is said of new images by known writers.
#
# ## What is convolving good for?
#
# A convolution believes two things about images before it has seen one: neighbours belong together, and what is worth finding in one place is worth finding in another.
# A dense layer believes nothing; every pixel is a number of its own.
# So take these beliefs away: shuffle the 64 pixels, in the same way in every image.
# Nothing is lost, for the shuffling can be undone.

# %% name="shuffled" alt="Three digits, a 6, a 2 and a 5, and beside them the same three with their pixels shuffled: grey noise." caption="The same pixels in another order, which is the same for all images. For a reader all is lost, for arithmetic nothing."
shuffle = np.random.default_rng(1).permutation(64)


def shuffled(x):
    return x.reshape(len(x), 64)[:, shuffle].reshape(x.shape)


pictures = [*x_train[2:5, 0], *shuffled(x_train[2:5])[:, 0]]
figures.images(pictures, [str(label) for label in y_train[2:5]] * 2)

# %% limit="90"
def same(x):
    return x


answers, totals = {}, {}
for make in (convolutional, rival):
    for view in (same, shuffled):
        marks = []
        for seed in range(5):
            each = make(seed)
            train(each, view(x_train), y_train, seed, chosen[make])
            marks.append(right(each, view(x_test), y_test))
        answers[make, view] = np.array(marks)
        name = f"{make.__name__}, {view.__name__}"
        totals[name] = answers[make, view].sum(axis=1)
        print(name, "is trained", flush=True)

# %% [markdown]
# !!! question "Predict"
#     The convolutional net reads about 491 of the 497 test images.
#     It has now been trained anew on shuffled images: how many shuffled test images does it read?
#
#     - [ ] as many, give or take 3
#       Its kernels compare neighbours, and neighbours no longer belong together: that costs something.
#     - [ ] between 4 and 50 fewer
#       The kernels find little that is true of all places, but the dense layer at the end still sees every place, and learns what it can.
#     - [ ] more than 50 fewer
#       You cannot read them, but the net never saw them in order: to it, a digit has always looked like this.

# %% predict="choice" key="'as many, give or take 3' if lost < 3.5 else 'between 4 and 50 fewer' if lost < 50.5 else 'more than 50 fewer'" name="beliefs" alt="Dots for five seeds each, and bands from the worst to the best. The convolutional net is at 489 to 493 of 497 images, and at 482 to 486 when they are shuffled. The rival is at 483 to 489, and at 481 to 485 when they are shuffled." caption="Shuffled, the convolutional net loses its lead, and no more. The dense rival does not notice."
lost = totals["convolutional, same"] - totals["convolutional, shuffled"]
lost = lost.mean()
ranges = {name: (each.min(), each.max()) for name, each in totals.items()}
figures.runs(totals, ranges, xlabel="right, of 497 test images")

# %%
for name, each in totals.items():
    print(f"{name:23} mean {each.mean():.1f} of", each)

a, b = (answers[make, same].mean(axis=0) for make in chosen)
gap = a - b  # for each image, in shares of five nets
half = 1.96 * np.sqrt(len(gap)) * gap.std(ddof=1)
print(f"ours is ahead by {gap.sum():.1f} +- {half:.1f} images")

# %% [markdown]
# The rival does not care, beyond chance: to a dense layer the order of its inputs is only a matter of names.
# The convolutional net loses eight images of 497, and with them its lead.
# (This is one shuffle; three others, with two nets each, cost it between two images and eleven. The rates were chosen on images in order; two others did it no good.)
# So it is not that convolution is a better layer; it is that its beliefs are true of images, and a belief that is wrong costs.
#
# Eight images are not many, but these digits are small and tidy: all are of one size, and each fills its image.
# Where a thing may stand anywhere, a dense layer has to learn each place anew.
#
# ## What has it learned?
#
# The first layer has twelve kernels of nine numbers, and each makes a map of the image.
#
# !!! question "Think first"
#     Which of the kernels in this figure are edge detectors?
#     Why are some maps black?

# %% name="filters" alt="A digit, and twelve kernels of 3 by 3 cells in red and blue; under each the map that it makes of the digit. Some kernels are red on one side and blue on the other, and their maps show one side of the strokes; two maps are black." caption="The twelve kernels of the first layer (red above 0, blue below), and what each, after ReLU, makes of one image."
image = x_test[0]
maps = net[1].forward(net[0].forward(image[None]))[0]
kernels = net[0].parameters[0][:, 0]
figures.filters_and_maps(image[0], kernels, maps)

# %% [markdown]
# Several have a red side and a blue one: they compare neighbours, as [Sobel's](edges.py) do, along one direction or another.
# Nobody asked for that; the loss found it useful.
# Where a map is black, its kernel got nothing above 0 from this image, and ReLU passed nothing on.
#
# ## What does it confuse, and why?

# %% name="mistakes" alt="Five digits that the net misreads: a 0 read as 4, an 8 as 1, a 9 as 5, an 8 as 3, a 6 as 0. The strokes of each run into each other." caption="All that our net misreads of the test images. At 8 × 8 pixels a loop is a single dark pixel, or none."
from dlfund import softmax

wrong = np.flatnonzero(~ours)
shares = softmax(forward(net, x_test[wrong]))
taken = shares.argmax(axis=1)
titles = [f"{a}, read as {b}" for a, b in zip(y_test[wrong], taken)]
figures.images(x_test[wrong, 0], titles, columns=len(wrong))

# %% [markdown]
# Would another seed have read them?
# The five nets that were trained above can tell: an image that all five get wrong is a hard image, one that a single net gets wrong is that net's bad luck.

# %%
# By how many of the five each image is missed:
missed = (~answers[convolutional, same]).sum(axis=0)
for count in range(1, 6):
    print(f"missed by {count} of 5:", (missed == count).sum(), "images")
for label, read, p in zip(y_test[wrong], taken, shares):
    print(f"{label}: p = {p[label]:.1f}, but {read}: p = {p[read]:.1f}")

# %% [markdown]
# Three of the images are hard for every seed, and most of the others are missed by one net alone.
# On the two eights the net is in two minds, and says so; of the 9 it is sure, and of the 0 nearly, and both are wrong.
# How far a probability can be trusted is a question of its own: see [calibration](../chapters/metrics/decisions.md).
#
# ## What does it look at?
#
# The dense layer at the end adds up, for each digit, what it finds at 4 × 4 places in 16 maps.
# A sum can be taken apart: what each place adds to the logit of a digit is the **evidence** there; all places together, and the bias, are the logit.
# With a mean over all places before the dense layer, this is the [class activation map](../chapters/pooling/maps.md) of Zhou and others (2016).

# %% name="evidence" alt="The digits 0 to 5, and under each a grid of 4 by 4 cells from blue to red. Each digit draws most of its evidence from a few cells, most of them on its strokes." caption="Red places speak for the digit, blue ones against it. Most of a logit comes from a few places."
def evidence(net, x, label):
    """Return what each place adds to the logit of a label."""
    maps = forward(net[:-1], x)
    weights, _ = net[-1].parameters
    return (maps * weights[:, label].reshape(maps.shape[1:])).sum(axis=1)


firsts = [np.flatnonzero(y_test == digit)[0] for digit in range(6)]
places = [evidence(net, x_test[[i]], y_test[i])[0] for i in firsts]
logits = forward(net, x_test[firsts])[range(6), range(6)]
bias = net[-1].parameters[1][:6]
assert np.allclose(np.sum(places, axis=(1, 2)) + bias, logits)
figures.looks(x_test[firsts, 0], places, list("012345"))

# %% [markdown]
# The evidence is of what was learned, not of what is true: a place can speak for a digit because something is *not* there.
#
# ## Which of its parts does it need?
#
# Change one part at a time, and train each variant with five seeds, here for four epochs: tanh or a sigmoid for ReLU, a mean for the maximum, and kernels that start ten times smaller or three times larger.
# A rate that suits one does not suit another, so each has the best of four, judged in validation with a sixth seed.

# %% limit="120"
from dlfund import avg_pool_2d, avg_pool_2d_backward
from dlfund import sigmoid, sigmoid_derivative, tanh, tanh_derivative

variants = {
    "as above": {},
    "tanh": {"activate": partial(activation, tanh, tanh_derivative)},
    "sigmoid": {
        "activate": partial(activation, sigmoid, sigmoid_derivative)
    },
    "mean pool": {"pool": (avg_pool_2d, avg_pool_2d_backward)},
    "start / 10": {"gain": 2 / 100},
    "start x 3": {"gain": 2 * 9},
}
judged, rates = {}, {}
for name, change in variants.items():

    def trained(seed, rate):
        each = convolutional(seed, **change)
        return train(each, x_train, y_train, seed, rate, epochs=4)

    def score(rate):  # with a seed of its own
        return right(trained(5, rate), x_val, y_val).mean()

    rates[name] = max((0.02, 0.05, 0.1, 0.2), key=score)
    shares, marks = [], []
    for seed in range(5):
        each = trained(seed, rates[name])
        shares.append(right(each, x_val, y_val).mean())
        marks.append(right(each, x_test, y_test))
    judged[name], answers[name] = np.array(shares), np.array(marks)
    print(name, "is trained", flush=True)

# %% [markdown]
# Five seeds give a mean and an interval for it: the standard deviation over the root of five, times 2.78 (Student's $t$ with 4 degrees of freedom).
#
# !!! question "Predict"
#     With a sigmoid the net hardly learns in four epochs.
#     Which of the other changes leaves the lowest mean, each at the rate that suits it?
#
#     - [ ] tanh
#       It flattens too, but its slope at 0 is 1, four times the sigmoid's, so the gradient arrives.
#     - [ ] mean pool
#       It passes the gradient on to all four pixels of a window, and at a rate of its own it does as well as the maximum.
#     - [ ] start / 10
#       The gradients are small at first, but they point the right way, and the kernels grow.
#     - [ ] start x 3
#       The first logits are nine times as large, so the net is sure before it has learned anything, and its first steps are huge.

# %% predict="choice" key="lowest" name="ablation" alt="Dots for five seeds each, and intervals. As above, tanh and the mean pool lie between 95 and 99 per cent and overlap. The start at a tenth lies between 91 and 97, the start times three between 75 and 98." caption="Five seeds each on the same 300 images, with 95 % intervals for the mean over seeds. A poor start costs more than another activation or another pool. Left out is the sigmoid, which hardly learned."
good = {name: 100 * p for name, p in judged.items() if p.min() > 0.7}
lowest = min(good, key=lambda name: good[name].mean())
intervals = {}
for name, shares in good.items():
    half = 2.78 * shares.std(ddof=1) / np.sqrt(5)
    intervals[name] = (shares.mean() - half, shares.mean() + half)
figures.runs(good, intervals, xlabel="right in validation, in %")

# %%
for name, shares in judged.items():
    told = f"{name:11} rate {rates[name]:4}:"
    print(told, *(f"{p:6.1%}" for p in shares))

# %% [markdown]
# One change ruins it, at least for four epochs.
# The [sigmoid's](../chapters/activations/functions.md) derivative is at most 1/4, so two of them leave at most a sixteenth of a gradient.
# A start three times larger in both convolutions makes every logit nine times larger: softmax is sure before anything was learned, the steps are as large as its mistakes, and only the smallest rate survives them.
# A start ten times smaller lags behind by three points.
# (Which of the two starts is worse in the long run of seeds, five do not settle: the intervals overlap.)
#
# Between ReLU and tanh, and between maximum and mean, five seeds see no difference.
# Had all variants trained with the rate of the net as it is above, the mean pool would look nearly two points worse, and we would blame the pool for the rate.
#
# ## What if the test set had chosen?
#
# There are 30 trained nets now, and it is tempting to report the best of them on the test images.
#
# !!! question "Think first"
#     The best of 30 gets 99 % of the test images right.
#     What will it get on new ones?
#
# New images are not to be had, but half of the test images can play them.
# Let one half choose the best of the 30, look at what it gets there, and then at what it gets on the other half; and do so for 400 ways of halving.

# %%
marks = np.concatenate([answers[name] for name in variants])
rng = np.random.default_rng(0)
seen, new = [], []
for _ in range(400):
    half, other = np.array_split(rng.permutation(len(y_test)), 2)
    best = marks[:, half].mean(axis=1).argmax()
    seen.append(marks[best, half].mean())
    new.append(marks[best, other].mean())
print(f"on the half that chose: {np.mean(seen):.2%}")
print(f"on the other half:      {np.mean(new):.2%}")

best = np.concatenate(list(judged.values())).argmax()
print(f"best in validation: {marks[best].mean():.1%} of the test images")
print(f"best in the test:   {marks.mean(axis=1).max():.1%}")
for make, rate in chosen.items():
    most = max(k for (each, _), k in sealed.items() if each is make)
    told = f"{make.__name__:13} rate by validation:"
    print(f"{told} {sealed[make, rate]} of 497, by the test: {most}")

# %% [markdown]
# The half that chose praises its choice too much, by a point: of some fifteen nets that are nearly equal it took the luckiest.
# The next two lines are one case of it: chosen by the test images, the best of the 30 would have been reported half a point better.
# With the rates of the two nets at the top nothing would have been gained: where one chooses among four that differ clearly, chance has little to offer.
# So a choice needs images of its own, as it was made here from the start.
#
# ## Your turn
#
# !!! question "1. Other writers"
#     In the order of the file we cut once.
#     Let each of five blocks of the file be the test images in turn.
#     How far do the five results lie apart, and which interval for *a new writer* do they suggest?
#
# ??? tip "A start"
#     A block is some 360 images, by two or three writers; `np.delete` leaves the rest for training.
#     Five results have an interval like that of five seeds.
#
# !!! question "2. A digit that has moved"
#     Move the test images by one pixel (`np.roll(x_test, 1, axis=3)`).
#     What do both nets get right now?
#     Then train on images that are moved at random, and look again.
#
# ??? tip "A start"
#     Move each batch in `train`, by -1, 0 or 1.
#     The convolutions move along with the digit; which layer does not?
#
# !!! question "3. A net of 1,000 parameters"
#     How few parameters reach 98 % of the validation images?
#     Choose by those, look at the test images once, and say how many nets you tried.
#
# ??? tip "A start"
#     Print the sizes of the parameters layer by layer: more than half are in the dense layer, which a pool of 4 × 4 would shrink.
#
# !!! question "4. Class activation proper"
#     Put a mean over all places (`adaptive_avg_pool_2d(x, 1)`) before the dense layer, which then has 16 inputs.
#     What does it cost, and is the evidence easier to read?
#
# ??? tip "A start"
#     `Fixed` takes it with its way back: each place gets the gradient over the number of places.
#     Give it more epochs, and more maps.
#
# ## References
#
# - E. Alpaydin and C. Kaynak (1998). Optical recognition of handwritten digits. UCI Machine Learning Repository. [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49). Licence: CC BY 4.0. Comes with scikit-learn as `load_digits`.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998). Gradient-based learning applied to document recognition. *Proceedings of the IEEE* 86(11), 2278-2324. [doi:10.1109/5.726791](https://doi.org/10.1109/5.726791)
# - B. Zhou, A. Khosla, A. Lapedriza, A. Oliva and A. Torralba (2016). Learning deep features for discriminative localization. *IEEE Conference on Computer Vision and Pattern Recognition*, 2921-2929. [arXiv:1512.04150](https://arxiv.org/abs/1512.04150)
