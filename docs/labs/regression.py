# %% [markdown] description="Fit a line to records in which a decimal point has slipped, find the loss that does not care, and learn what it does care about: wrong inputs, many slips, intervals."
# # Robust regression
#
# A clinic types three hundred records into a computer, and in fifteen of them the decimal point slips one place.
# Nobody notices.
# The regression that is fitted to them errs by 85 points for the next patient, where it would have erred by 45.
# In this lab you find the loss that does not care, and then what it does care about.
# You need the chapter on [losses](../chapters/losses/huber.md), and for the end what it says of [quantiles](../chapters/losses/rewards.md).
#
# !!! note "How to work with a lab"
#     Guess before you read on.
#     Each cell runs in the page; change a number and run it again.
#
# ## Patients that no line was fitted to
#
# The data are 442 patients with diabetes: age, sex, body mass index, blood pressure, six values of their blood serum, and how far the disease had progressed a year later, as a number between 25 and 346 (Efron and others, 2004).
# They come with scikit-learn, which is under the BSD licence; their authors published them with the paper and named no licence of their own.
# Before anything else, 142 patients are put aside: every fit sees the other 300 only.

# %%
import numpy as np
from sklearn.datasets import load_diabetes

data = load_diabetes(scaled=False)
y = data.target
order = np.random.default_rng(0).permutation(442)
train, held = order[:300], order[300:]
print(data.data.shape, "median", np.median(y[train]))
print(data.feature_names)

# %% [markdown]
# The columns have different units, so each is standardised, by the mean and the deviation of the 300.
# A first column of ones carries the intercept.
# How far off is one who knows no regression and says the same for everybody?

# %%
from dlfund import mae_loss


def design(X):
    """Return standardised columns after a column of ones."""
    seen = data.data[train]
    X = (X - seen.mean(axis=0)) / seen.std(axis=0)
    return np.column_stack([np.ones(len(X)), X])


A = design(data.data)
same = np.full(142, np.median(y[train]))
print(f"{mae_loss(y[held], same):.1f}")

# %% [markdown]
# About 62 points of 321.
# That is what a regression has to beat, and the mean absolute error is how we shall judge: it is read in points.
#
# ## One fit for every loss
#
# At the best weights the slopes of the loss cancel: $\sum_i \ell'(e_i)\,\vec a_i = 0$, with the error $e_i$ of sample $i$ and its row $\vec a_i$.
# Write each slope as $\frac{\ell'(e_i)}{e_i} \cdot e_i$, and this is a weighted least-squares problem whose weights depend on the errors.
# So solve, weigh, solve again ([how and why](../chapters/losses/huber.md#one-line-six-losses)).
# The function takes any loss of the book by its gradient.

# %%
from dlfund import mae_loss_gradient, mse_loss_gradient


def fit(gradient, A, y, steps=60):
    """Return the weights at which the slopes of a loss cancel."""
    w = np.zeros(A.shape[1])
    for _ in range(steps):
        e = A @ w - y
        e[np.abs(e) < 1e-6] = 1e-6  # rounds off the corner at 0
        weights = gradient(y, y + e) / e
        w = np.linalg.solve(A.T * weights @ A, A.T * weights @ y)
    return w


# %% [markdown]
# Huber's loss (1964) needs its $\delta$.
# We take 1.345 times a robust estimate of the usual error, from the errors of the fit with MAE.

# %%
from dlfund import huber_loss_gradient


def fit_huber(A, y):
    """Return Huber's weights, with a robust delta."""
    e = A @ fit(mae_loss_gradient, A, y) - y
    delta = 1.345 * np.median(np.abs(e - np.median(e))) / 0.6745
    return fit(lambda y, p: huber_loss_gradient(y, p, delta), A, y)


fits = {
    "MSE": lambda A, y: fit(mse_loss_gradient, A, y),
    "MAE": lambda A, y: fit(mae_loss_gradient, A, y),
    "Huber": fit_huber,
}

# %% [markdown]
# Two of the three are in scikit-learn as they are here, as least squares and as a linear programme (its `HuberRegressor` estimates the scale along with the weights, which is another fit).
# They had better agree.
#
# !!! question "Think first"
#     We judge by MAE.
#     Will the fit that minimises MAE be the best of the three on the 142?

# %%
from sklearn.linear_model import LinearRegression, QuantileRegressor

for name, fitted in fits.items():
    said = A @ fitted(A[train], y[train])
    print(f"{name:5} {mae_loss(y[held], said[held]):.1f}", end="")
    print(f"   on the 300: {mae_loss(y[train], said[train]):.2f}")
squares, median = LinearRegression(), QuantileRegressor(alpha=0)
for model in (squares, median):
    said = model.fit(A[train], y[train]).predict(A)
    print(f"scikit-learn's: {mae_loss(y[train], said[train]):.2f}")

# %% [markdown]
# On clean data the loss hardly matters: half a point, where the patients themselves differ by 45.
# What a fit minimises on 300 patients need not win on 142 others.
#
# ## Fifteen slipped points
#
# Now the decimal point slips in 15 of the 300 records, so that 75 becomes 750.
# The 142 stay as they are: they stand for the patients to come.

# %%
slipped = y.copy()
typos = np.random.default_rng(1).choice(train, 15, replace=False)
slipped[typos] *= 10
spoilt, errors = {}, {}
for name, fitted in fits.items():
    spoilt[name] = A[held] @ fitted(A[train], slipped[train])
    errors[name] = mae_loss(y[held], spoilt[name])

# %% [markdown]
# !!! question "Predict"
#     Draw what MSE and Huber now say for the 142 against the truth.
#     What has happened to MSE's predictions?
#
#     - [ ] nearly nothing: fifteen of three hundred is five in a hundred
#       The fifteen errors are ten times as large, and MSE counts them by their squares.
#     - [ ] all are too high by the same amount
#       The intercept does rise, but the slopes follow the typos too, so the errors also scatter.
#     - [ ] most are too high, and they scatter more
#       The intercept rises by the mean of the slips, and the slopes turn towards the records that slipped.

# %% predict="choice" key="'most are too high, and they scatter more' if high > 0.6 and scatter > 1.2 else 'neither'" name="slipped" alt="Two scatter plots of prediction against truth for 142 patients, with a diagonal. Left, MSE: a wide cloud, most points far above the diagonal, some near 500, one below 0. Right, Huber: a narrower cloud around the diagonal." caption="Fifteen typing errors among 300 records, seen by the 142 patients to come. Huber's predictions are those of the clean data, nearly."
import matplotlib.pyplot as plt

wide = {name: np.std(said - y[held]) for name, said in spoilt.items()}
high = np.mean(spoilt["MSE"] > y[held])
scatter = wide["MSE"] / wide["Huber"]
figure, axes = plt.subplots(
    1, 2, figsize=(7.2, 3.6), layout="constrained", sharey=True
)
for ax, name in zip(axes, ["MSE", "Huber"]):
    ax.plot([0, 350], [0, 350], color="0.5", linestyle="--")
    ax.plot(y[held], spoilt[name], "o", markersize=4, alpha=0.7)
    ax.set(title=f"{name}: off by {errors[name]:.0f}", xlabel="truth")
axes[0].set_ylabel("prediction")

# %% [markdown]
# In numbers, with MAE's fit, which is nearly as good as Huber's:

# %%
for name, error in errors.items():
    print(f"{name:5} {error:.1f}")
print(f"MSE: {high:.0%} too high, {scatter:.1f} times the scatter of Huber")

# %% [markdown]
# ## How far can one patient pull?
#
# Take one record of the 300 and move its target from 0 to 3,000 while all others stay.
# What is predicted for that very patient?
#
# !!! question "Think first"
#     Under MSE the answer is a straight line in the target that we move.
#     Why, and what is its slope?

# %% name="one-record" alt="Prediction for one patient against the target typed for him, from 0 to 3000. MSE rises on a straight line from 191 to 247. MAE and Huber rise a little at the left and are flat from there on, near 189 and 194." caption="Under MSE one record pulls without end. Under MAE and Huber it stops pulling harder once it is far off."
one = train[0]
typed = np.linspace(0, 3000, 61)
lines = {name: [] for name in fits}
for target in typed:
    moved = y.copy()
    moved[one] = target
    for name, fitted in fits.items():
        lines[name].append(A[one] @ fitted(A[train], moved[train]))
figure, ax = plt.subplots(figsize=(5.8, 3.4), layout="constrained")
for (name, said), dash in zip(lines.items(), ["-", "--", ":"]):
    ax.plot(typed, said, dash, label=name)
ax.set(xlabel="target typed for a patient", ylabel="prediction for him")
ax.legend()

# %% [markdown]
# The weights of least squares are $(A^\top A)^{-1} A^\top \vec y$, linear in every target.
# So the prediction for patient $i$ rises by $h = \vec a_i^\top (A^\top A)^{-1} \vec a_i$ for each point in his own target: his **leverage**, which depends on the columns alone.
# The leverages of 300 patients add up to the 11 weights, because they are the diagonal of a projection onto 11 dimensions.

# %%
B = A[train]
leverage = np.einsum("ij,jk,ik->i", B, np.linalg.inv(B.T @ B), B)
slope = (lines["MSE"][-1] - lines["MSE"][0]) / 3000
print(f"slope {slope:.4f}, leverage {leverage[0]:.4f}")
print(f"sum {leverage.sum():.3f}, largest {leverage.max():.2f}")

# %% [markdown]
# ## And an error in a column?
#
# In the same record the body mass index is typed ten times too large.
# The target is right.

# %%
X = data.data.copy()
X[one, data.feature_names.index("bmi")] *= 10
wrong = design(X)
for name, fitted in fits.items():
    good, bad = (fitted(B[train], y[train]) for B in (A, wrong))
    print(f"{name:6} weight {good[3]:.1f} -> {bad[3]:.1f}", end="")
    off = [mae_loss(y[held], A[held] @ w) for w in (good, bad)]
    print(f"    off by {off[0]:.1f} -> {off[1]:.1f}")

# %% [markdown]
# One wrong entry of 3,000, and the weight of the body mass index falls from 30 to 5 or less, under every loss: a clipped slope is still multiplied by the column, and the column has no bound.
# (With other records MAE and Huber may keep up to half of the weight, MSE hardly any.)
# Whoever reads the weights will say that the body mass index does not matter.
# And the error on our 142 does not show it; it even falls.
# Is that so for any 142, and would the column be missed at all?

# %%
without, more = np.delete(A, 3, axis=1), []
for seed in range(100):
    order = np.random.default_rng(seed).permutation(442)
    inside, outside = order[:300], order[300:]
    X = data.data.copy()
    X[inside[0], data.feature_names.index("bmi")] *= 10
    clean, *others = (
        mae_loss(y[outside], C[outside] @ fits["MSE"](C[inside], y[inside]))
        for C in (A, design(X), without)
    )
    more.append([other - clean for other in others])
ways = ["one entry wrong", "without the column"]
for name, each in zip(ways, np.transpose(more)):
    low, high = np.quantile(each, [0.05, 0.95])
    print(f"{name:18} {each.mean():+.1f}", end="")
    print(f", in nine of ten splits {low:+.1f} to {high:+.1f}")

# %% [markdown]
# On average the slip costs two points, nearly as much as leaving the column out: a loss that one test set of 142 can hide.
# A good test result is no proof that the weights mean something.
#
# ## How many slips can a loss stand?
#
# Let a share of the 300 records slip, and let another 300 be drawn twenty times.

# %%
shares = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
off = {name: np.zeros((20, len(shares))) for name in fits}
for seed in range(20):
    rng = np.random.default_rng(seed)
    order = rng.permutation(442)
    inside, outside = order[:300], order[300:]
    for j, share in enumerate(shares):
        mixed = y.copy()
        mixed[inside[: int(300 * share)]] *= 10
        for name, fitted in fits.items():
            w = fitted(A[inside], mixed[inside])
            off[name][seed, j] = mae_loss(y[outside], A[outside] @ w)

# %% [markdown]
# !!! question "Predict"
#     At which of these shares is the error of MAE first more than half as large again as on clean data?
#
#     - [ ] at 5 %
#       Huber and MAE did not notice fifteen of 300, which are 5 %.
#     - [ ] at 20 %
#       A fifth of the records pull upwards with slope 1 each, and the other four fifths hold against them.
#     - [ ] at 40 %
#       The right records are still in the majority, but all the others are on one side: the middle of all is where five in six of the right ones lie below.
#     - [ ] not before 50 %
#       At a half it breaks, but it is shifted long before, since all slips pull the same way.

# %% predict="choice" key="'not before 50 %' if worse == 0.5 else f'at {worse:.0%}'.replace('%', ' %')" name="breakdown" alt="Error on held-out patients, on a logarithmic scale, against the share of slipped records. MSE rises at once, from 45 to 92 at 5 per cent and to nearly 700 at 50. MAE and Huber stay near 46 up to 10 per cent. At 40 per cent MAE is at 88 and Huber at 190; at 50 they are at 400 and 590." caption="Twenty splits, bands of 95 %. MSE is spoilt by the first slips. Huber gives way before MAE, since its δ grows with the errors; at a half both break."
mean = off["MAE"].mean(axis=0)
worse = shares[np.argmax(mean > 1.5 * mean[0])]
figure, ax = plt.subplots(figsize=(5.8, 3.6), layout="constrained")
for (name, values), dash in zip(off.items(), ["-", "--", ":"]):
    middle, x = values.mean(axis=0), 100 * shares
    width = 1.96 * values.std(axis=0, ddof=1) / 20**0.5
    ax.fill_between(x, middle - width, middle + width, alpha=0.2)
    ax.plot(x, middle, dash, marker="o", markersize=4, label=name)
ax.set(xlabel="slipped records (%)", ylabel="held-out error", yscale="log")
ax.set_yticks([50, 100, 200, 400, 800], [50, 100, 200, 400, 800])
ax.minorticks_off()
ax.legend()

# %% [markdown]
# The splits share patients, so the bands are a little too narrow; the differences here are far wider.
#
# ## Which number would you have reported?
#
# So far the 142 were clean, which is luxury: in the clinic the typist types those records too.
# Let 5 % slip on both sides, in a hundred splits, and choose between the fits of MSE and of Huber by their error on the spoilt held-out records.
#
# !!! question "Think first"
#     How often does the root of the mean squared error choose Huber?
#     How often does the mean absolute error?

# %%
from dlfund import mse_loss

chosen = {"by RMSE": 0, "by MAE": 0}
for seed in range(100):
    order = np.random.default_rng(seed).permutation(442)
    inside, outside = order[:300], order[300:]
    mixed = y.copy()
    mixed[np.concatenate([inside[:15], outside[:7]])] *= 10
    for way, judge in [("by RMSE", mse_loss), ("by MAE", mae_loss)]:
        scores = []
        for name in ("MSE", "Huber"):
            w = fits[name](A[inside], mixed[inside])
            scores.append(judge(mixed[outside], A[outside] @ w))
        chosen[way] += scores[1] < scores[0]
print(chosen)

# %% [markdown]
# To judge by squares is to toss a coin: seven slipped records of 142 outweigh all others.
# A robust loss needs a robust judge.
#
# ## An interval for one patient
#
# Being off by 45 on average is little help to the patient who asks: how far may it be with me?
# The [quantile loss](../chapters/losses/rewards.md) (Koenker and Bassett, 1978) answers: one fit for the 5 % line, one for the 95 % line, and nine in ten should lie between.
#
# Two hundred times we fit both lines to 200 patients, keep a hundred for a use that comes below, and look at the other 142.

# %%
from dlfund import quantile_loss_gradient


def line(q, A, y):
    def gradient(y, p):
        return quantile_loss_gradient(y, p, q)

    return fit(gradient, A, y, steps=40)


rng = np.random.default_rng(5)
shares, corrected, widths = [], [], []
for _ in range(200):
    order = rng.permutation(442)
    fitted, calibrate, new = order[:200], order[200:300], order[300:]
    lines = [line(q, A[fitted], y[fitted]) for q in (0.05, 0.95)]
    low, high = (A @ w for w in lines)
    outside = np.maximum(low - y, y - high)  # by how much; inside, < 0
    shares.append(np.mean(outside[new] <= 0))
    room = np.sort(outside[calibrate])[90]  # the 91st of 100
    corrected.append(np.mean(outside[new] <= room))
    widths.append(np.mean(high - low) + np.array([0, 2 * room]))

# %% [markdown]
# !!! question "Predict"
#     Of the patients that the two lines were *not* fitted to, which share lies between, on average over two hundred splits?
#
#     - [ ] more than 91 %
#       The lines follow the patients they are fitted to, so others are outside more often, not less.
#     - [ ] 89 to 91 %, as asked
#       So it would be with very many patients; with 200, eleven weights can bend each line a good way towards them.
#     - [ ] less than 89 %
#       Eleven weights bend each line towards the 200 it was fitted to, and others fall outside more often.

# %% predict="choice" key="'more than 91 %' if np.mean(shares) > 0.91 else 'less than 89 %' if np.mean(shares) < 0.89 else '89 to 91 %, as asked'" name="coverage" alt="Two histograms of the share of new patients inside the interval, over 200 splits. That of the plain lines has its middle at 84 per cent, that of the corrected ones at 90. A vertical line marks 90 per cent." caption="Lines that were fitted to 200 patients hold for too few others. One number from a hundred further patients mends that, on average."
figure, ax = plt.subplots(figsize=(5.8, 3.3), layout="constrained")
bins = np.arange(0.7, 1.01, 0.02)
ax.hist(shares, bins, alpha=0.6, label="as fitted")
ax.hist(corrected, bins, histtype="step", lw=2, label="corrected")
ax.axvline(0.9, color="0.5", linestyle="--")
ax.set(xlabel="share of new patients inside", ylabel="splits")
ax.legend(loc="upper left")

# %% [markdown]
# The correction is one number.
# A hundred further patients say by how much each of them lies outside (or, negative, inside); the interval is widened by the 91st smallest of these hundred.
# Why does that hold for a new patient?
# He and the hundred are 101 patients in random order, so his value is equally likely to take each of the 101 ranks, and with the chance 91/101 it is not above the 91st of the others.
# No distribution was assumed, and no fit needs to be right: this is **split conformal prediction**, here around quantiles (Romano, Patterson and Candès, 2019).

# %%
mean, error = np.mean(corrected), np.std(corrected, ddof=1) / 200**0.5
print(f"as fitted: {np.mean(shares):.3f} inside, ", end="")
before, after = np.mean(widths, axis=0)
print(f"{before:.0f} wide; corrected: {after:.0f} wide")
print(f"promised {91 / 101:.3f}, got {mean:.3f} +- {1.96 * error:.3f}")

# %% [markdown]
# Read the small print: it is the average over splits that is promised, not each split (the histogram is wide) and not each kind of patient, and it asks that new patients come from where the old ones came from.
#
# What do fifteen slips do to such lines?

# %%
for name, target in [("clean", y), ("slipped", slipped)]:
    lines = [line(q, A[train], target[train]) for q in (0.05, 0.95)]
    low, high = (A[held] @ w for w in lines)
    inside = np.mean((low <= y[held]) & (y[held] <= high))
    print(f"{name}: {inside:.0%} inside", end="")
    print(f", {np.mean(high - low):.0f} wide")

# %% [markdown]
# The median shrugs off 5 % of typing errors; the 95 % quantile is made of them.
# A robust loss is robust for the question that it answers.
#
# ## Your turn
#
# These have no single answer; each begins with a cell above.
#
# !!! question "1. A loss that gives up"
#     Write Tukey's bisquare as a gradient for `fit`, and start it from Huber's weights.
#     Does it save the weight of the body mass index?
#
# ??? tip "A start"
#     Its slope is $e\,(1 - (e/c)^2)^2$ for $|e| < c$ and 0 beyond.
#     `fit` starts from zero weights: give it an argument for a start, and see which start leads where.
#
# !!! question "2. Find the slips"
#     Which of the fifteen typos do Huber's errors give away, at which price in false alarms?
#
# ??? tip "A start"
#     Score each record by its error over the robust deviation, and draw a [ROC curve](../chapters/metrics/ranking.md) with the fifteen as positives.
#     Which slips are hard to find: small targets or large ones?
#
# !!! question "3. An honest interval for everyone"
#     The corrected interval holds for nine in ten on average.
#     Does it for patients with a high body mass index, and with a low one?
#
# ??? tip "A start"
#     Split the 142 at the median of a column, and measure each half over the 200 splits.
#     If they differ, correct each half by its own patients.
#
# !!! question "4. Late against early"
#     Say that predicting too little costs four times as much as predicting too much.
#     Which line do you fit, and by which measure do you judge it?
#
# ??? tip "A start"
#     `quantile_loss(y, prediction, q)` is that cost, but for a factor, at one $q$.
#
# ## References
#
# - B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004). Least angle regression. *Annals of Statistics* 32(2), 407-499. [doi:10.1214/009053604000000067](https://doi.org/10.1214/009053604000000067). The data.
# - P. J. Huber (1964). Robust estimation of a location parameter. *Annals of Mathematical Statistics* 35(1), 73-101. [doi:10.1214/aoms/1177703732](https://doi.org/10.1214/aoms/1177703732)
# - R. Koenker and G. Bassett (1978). Regression quantiles. *Econometrica* 46(1), 33-50. [doi:10.2307/1913643](https://doi.org/10.2307/1913643)
# - Y. Romano, E. Patterson and E. Candès (2019). Conformalized quantile regression. *Advances in Neural Information Processing Systems* 32. [arXiv:1905.03222](https://arxiv.org/abs/1905.03222)
