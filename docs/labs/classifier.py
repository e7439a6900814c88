# %% [markdown] description="Two classifiers of tumours, judged in four ways: by what they get right, how they rank, whether their probabilities hold, and what their mistakes cost."
# # Is this classifier any good? {: data-search-also="compare two classifiers, breast cancer" }
#
# Two classifiers read the same measurements of tumours, and their accuracies are 0.86 and 0.83.
# Is one of them better?
# That has four answers, for there are four questions: whether it is right, whether it ranks, whether its probabilities can be believed, and what it costs to act on them.
# In this lab you ask all four, of the same 269 patients.
# You need the chapter on [metrics](../chapters/metrics/index.md); what scikit-learn can compute too, it computes a second time, in the same cell.
#
# !!! note "How to work with a lab"
#     Guess before you read on.
#     Each cell runs in the page; change a number and run it again.
#
# ## Who is judged, and on whom?
#
# The data are 569 tumours of the breast, of which 212 were malignant.
# A needle took cells from each, and a program measured their nuclei in a picture (Street and others, 1993).
# They come with scikit-learn and stand under the licence CC BY 4.0.
# To leave the classifiers something to get wrong, they see ten of the thirty columns: the standard errors, that is, how uncertain each mean over the nuclei of one tumour is because these differ.
# Malignant is 1, the class that we look for; 269 tumours are put aside before anything else.

# %%
import numpy as np
from sklearn.datasets import load_breast_cancer

data = load_breast_cancer()
ten = [name.endswith("error") for name in data.feature_names]
X, y = data.data[:, ten], 1 - data.target
order = np.random.default_rng(0).permutation(569)
train, held = order[:300], order[300:]
truth = y[held]
print(len(truth), "patients,", truth.sum(), "of them malignant")

# %% [markdown]
# Logistic regression adds up evidence with weights that it learns together.
# Naive Bayes looks at each column alone, as a normal distribution for each class, and multiplies what the ten say, as if they were independent.
# Radius, perimeter and area are not.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

models = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "naive Bayes": GaussianNB(),
}
prob, logits = {}, {}
for name, model in models.items():
    model.fit(X[train], y[train])
    prob[name] = model.predict_proba(X[held])[:, 1]
    both = model.predict_log_proba(X[held])
    logits[name] = both[:, 1] - both[:, 0]

# %% [markdown]
# ## What does it get right, and what wrong?
#
# At the usual threshold of one half, as four counts and as ratios of them.
# Whoever calls every tumour benign is right in 166 of 269 cases, so that is what an accuracy has to beat.
#
# !!! question "Think first"
#     Which of the four counts would you look at first, as a patient?

# %%
from sklearn import metrics as sk

import dlfund as dl

pairs = [
    (dl.accuracy, sk.accuracy_score),
    (dl.precision, sk.precision_score),
    (dl.recall, sk.recall_score),
    (dl.f1_score, sk.f1_score),
    (dl.matthews_corrcoef, sk.matthews_corrcoef),
]
for name, p in prob.items():
    called = p >= 0.5
    counts = dl.confusion_matrix(truth, called)  # rows: benign, malignant
    assert (counts == sk.confusion_matrix(truth, called)).all()
    print(name, counts.tolist())
    for ours, theirs in pairs:
        value = ours(truth, called)
        assert np.isclose(value, theirs(truth, called))
        print(f"   {ours.__name__:17} {value:.3f}")

# %% [markdown]
# Of 103 malignant tumours, 30 or 38 are sent home.
# The accuracies of 0.86 and 0.83 do not say that: they count a missed cancer like a needless operation.
#
# ## Does it put the ill above the healthy?
#
# Forget the threshold for a moment, and ask for the order only.
#
# !!! question "Predict"
#     Draw both ROC curves.
#     Which area is larger, beyond what chance explains?
#
#     - [ ] that of logistic regression
#       It has the higher accuracy, but that is one threshold of many.
#     - [ ] that of naive Bayes
#       It is larger by 0.001, and the interval of the difference is fifty times as wide.
#     - [ ] neither
#       The curves cross, and the areas differ by far less than the width of their intervals.

# %% predict="choice" key="'neither' if low < 0 < high else 'one of them'" name="roc" alt="Two ROC curves that rise steeply to a true positive rate of 0.65 at a false positive rate of 0.04, and cross each other several times on the way to the upper right corner." caption="Two classifiers, one ranking, nearly. The difference of the areas is within what other patients would have changed."
import matplotlib.pyplot as plt

figure, ax = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
for (name, p), dash in zip(prob.items(), ["-", "--"]):
    fprs, tprs = dl.compute_roc(truth, p)
    theirs = sk.roc_curve(truth, p, drop_intermediate=False)
    assert np.allclose([fprs, tprs], theirs[:2])
    area = dl.compute_auc(fprs, tprs)
    ax.plot(fprs, tprs, dash, label=f"{name}: {area:.3f}")
ax.plot([0, 1], [0, 1], color="0.5", linestyle=":")
ax.set(xlabel="false positive rate", ylabel="true positive rate")
ax.legend(loc="lower right")
rng, gaps = np.random.default_rng(1), []
for _ in range(1000):  # the same patients for both
    i = rng.integers(269, size=269)
    gaps.append([dl.rank_auc(truth[i], p[i]) for p in prob.values()])
low, high = np.quantile(np.diff(gaps)[:, 0], [0.025, 0.975])

# %% [markdown]
# The area is the chance that a malignant tumour scores above a benign one.
# Its interval comes from the formula of DeLong and others (1988) or from drawing the patients again, a thousand times; and the *difference* has an interval of its own, from drawing the same patients for both.

# %%
for (name, p), drawn in zip(prob.items(), np.transpose(gaps)):
    area = dl.rank_auc(truth, p)
    assert np.isclose(area, sk.roc_auc_score(truth, p))
    print(f"{name:12} {area:.3f}", end="")
    a, b = dl.auc_confidence_interval(truth, p)
    print(f"   DeLong: {a:.2f} to {b:.2f}", end="")
    a, b = np.quantile(drawn, [0.025, 0.975])
    print(f"   drawn again: {a:.2f} to {b:.2f}")
print(f"difference: between {low:.2f} and {high:.2f}")

# %% [markdown]
# ## And if malignant is rare?
#
# In this clinic 38 % of the tumours are malignant, since nobody pricks a breast without a reason.
# Precision depends on that share $\pi$, and so does the whole curve of precision against recall: of all alarms, the true ones are
#
# $$\frac{\pi\,\mathrm{TPR}}{\pi\,\mathrm{TPR} + (1 - \pi)\,\mathrm{FPR}}.$$
#
# So a curve for another share needs no new patients.

# %% name="precision-recall" alt="Precision against recall of both classifiers at the clinic's share of 38 per cent: near 1 up to a recall of 0.6, then falling to 0.38. Two lower curves for a share of 2 per cent fall from 1 or less to near zero." caption="The same scores among patients of whom 2 % are ill: the true and false positive rates stay, and most alarms are false."
figure, ax = plt.subplots(figsize=(5.8, 3.8), layout="constrained")
for colour, (name, p) in zip(["C0", "C1"], prob.items()):
    precision, recall, _ = dl.precision_recall_curve(truth, p)
    theirs = sk.precision_recall_curve(truth, p)
    assert np.allclose([precision, recall], theirs[:2])
    ap = dl.average_precision(truth, p)
    assert np.isclose(ap, sk.average_precision_score(truth, p))
    label = f"{name}: AP {ap:.2f}"
    ax.step(recall, precision, colour, where="post", label=label)
    fprs, tprs = dl.compute_roc(truth, p)
    rare = 0.02 * tprs[1:] / (0.02 * tprs[1:] + 0.98 * fprs[1:])
    ill = truth.mean()
    weigh = {"sample_weight": np.where(truth, 0.02 / ill, 0.98 / (1 - ill))}
    theirs = sk.precision_recall_curve(truth, p, **weigh)[0]
    assert np.allclose(rare, theirs[-2::-1])
    ax.plot(tprs[1:], rare, colour, linestyle=":", label="_rare")
ax.set(xlabel="recall", ylabel="precision", ylim=(-0.02, 1.04))
ax.legend(title="lines: 38 % malignant, dots: 2 %", loc="lower left")

# %% [markdown]
# A precision that was measured here says nothing about screening; recall and the false positive rate travel better, as far as the ill and the healthy there look like those here.
#
# ## Can the probabilities be taken at their word?
#
# Now the numbers themselves.
# Of the tumours that are called malignant with about 30 %, about three in ten should be.
#
# !!! question "Predict"
#     Which of the two is far from the diagonal, and on which side?
#
#     - [ ] both lie near it
#       For one of them that is so; the other multiplies ten witnesses who have talked to each other.
#     - [ ] logistic regression: it is too timid
#       It minimises the log loss, which asks for honest probabilities.
#     - [ ] naive Bayes: it is too sure of itself
#       Columns that repeat each other are counted as fresh evidence each time, so its probabilities crowd at 0 and 1.

# %% predict="choice" key="'naive Bayes: it is too sure of itself' if ece['naive Bayes'] > 2 * ece['logistic'] and sure['naive Bayes'] > sure['logistic'] + 0.2 else 'both lie near it'" name="calibration" alt="Left: the share of malignant tumours against the probability said. The points of logistic regression lie around the diagonal; those of naive Bayes lie high above it from 0.15 on, at 0.67 and 1, and fall below it at the right end. Right: histograms of the probabilities; those of naive Bayes stand almost all at 0 and 1." caption="Naive Bayes says 1 % where 14 % are malignant. It says little in between, so most of its points rest on a few patients, and the two at the ends on 245 of 269."
from sklearn.calibration import calibration_curve

ece, sure = {}, {}
for name, p in prob.items():
    ece[name] = dl.expected_calibration_error(truth, p)
    sure[name] = np.mean((p < 0.1) | (p > 0.9))
figure, axes = plt.subplots(1, 2, figsize=(7, 3.6), layout="constrained")
axes[0].plot([0, 1], [0, 1], color="0.5", linestyle=":")
for (name, p), mark in zip(prob.items(), ["o-", "s--"]):
    happened, said = dl.calibration_curve(truth, p)
    theirs = calibration_curve(truth, p, n_bins=10)
    assert np.allclose([happened, said], theirs)
    axes[0].plot(said, happened, mark, markersize=5, label=name)
    axes[1].hist(p, np.linspace(0, 1, 11), histtype="step", lw=2)
axes[0].set(xlabel="probability said", ylabel="share malignant")
axes[1].set(xlabel="probability said", ylabel="patients")
axes[0].legend(loc="lower right")

# %% [markdown]
# Two scores reward honest probabilities: the Brier score, their mean squared distance from what happened, and the log loss, which punishes a certain "no" the most when it was "yes".

# %%
for name, p in prob.items():
    brier = dl.brier_score(truth, p)
    loss = dl.binary_cross_entropy_with_logits(truth, logits[name])
    assert np.isclose(brier, sk.brier_score_loss(truth, p))
    assert np.isclose(loss, sk.log_loss(truth, p))
    print(f"{name:12} Brier {brier:.3f}  log loss {loss:.2f}  ", end="")
    print(f"ECE {ece[name]:.2f}  sure: {sure[name]:.0%}")
base = truth.mean()
entropy = -base * np.log(base) - (1 - base) * np.log(1 - base)
print(f"always {base:.2f}  Brier {base * (1 - base):.3f}", end="  ")
print(f"log loss {entropy:.2f}")

# %% [markdown]
# By the log loss naive Bayes is here no better than one who knows nothing but the share of malignant tumours among these 269 and says it to everybody.
# A few patients do that: thirteen of the ill were told less than 0.01.
# Ten patients carry nearly half of the loss, so the number is a shaky one.
#
# ## What does a mistake cost?
#
# Say that a missed cancer is twenty times as bad as an operation for nothing.
# Then one should operate from the probability [1/21](../chapters/metrics/decisions.md) on, *if* the probabilities can be believed.
#
# !!! question "Predict"
#     Operating on everybody costs 0.62 a patient: 166 needless operations for 269.
#     What does naive Bayes cost at the threshold 1/21?
#
#     - [ ] less than 0.62
#       That would need probabilities that can be believed; it says less than 1/21 of many who are ill.
#     - [ ] about 0.62
#       At so low a threshold nearly all are operated on, if the probabilities can be believed; these cannot.
#     - [ ] more than twice as much
#       It sends home ill patients of whom it is sure, and each of them costs twenty.

# %% predict="choice" key="'more than twice as much' if at['naive Bayes'] > 2 * everybody else 'less than 0.62' if at['naive Bayes'] < 0.95 * everybody else 'about 0.62'" name="costs" alt="Cost per patient against the threshold from 0.001 to 0.9 on a logarithmic axis. A dotted level line at 0.62 is the cost of operating on everybody. Logistic regression dips slightly below it near 0.05 to 0.07 and rises to 2.3 at one half and 4.2 at 0.9. Naive Bayes lies at 0.57 at 0.001 and rises past 1.6 at 1/21 to 2.9 at one half and 3.5 at 0.9." caption="At 1/21, the vertical line, logistic regression is about where its own minimum lies. The threshold that would suit naive Bayes is far to the left, and no theory tells it."
def cost(operated):
    return np.mean(np.where(truth == 1, 20 * (operated == 0), operated))


grid = np.geomspace(0.001, 0.9, 200)
everybody = cost(np.ones(269))
at = {n: cost(p >= 1 / 21) for n, p in prob.items()}
figure, ax = plt.subplots(figsize=(5.8, 3.6), layout="constrained")
for (name, p), dash in zip(prob.items(), ["-", "--"]):
    costs = [cost(p >= t) for t in grid]
    weigh = {"sample_weight": 20**truth, "normalize": False}
    theirs = [sk.zero_one_loss(truth, p >= t, **weigh) / 269 for t in grid]
    assert np.allclose(costs, theirs)
    ax.plot(grid, costs, dash, label=name)
ax.axhline(everybody, color="0.5", linestyle=":", label="everybody")
ax.axvline(1 / 21, color="0.5", lw=1)
ax.set(xscale="log", xlabel="threshold", ylabel="cost per patient")
ax.legend(loc="upper left")

# %% [markdown]
# The two kinds of mistakes apart, from scikit-learn's confusion matrix:

# %%
for name, p in prob.items():
    tn, fp, fn, tp = sk.confusion_matrix(truth, p >= 1 / 21).ravel()
    assert np.isclose(at[name], (fp + 20 * fn) / 269)
    print(f"{name:12} {fp:3} for nothing, {fn:2} missed", end="")
    print(f": {at[name]:.2f} a patient")

# %% [markdown]
# Read the lowest point of a curve off these 269 patients, and you have chosen a threshold by the test set; its cost is then too good.
# The threshold may be found by cross-validation on the 300, and so may a map that makes the probabilities honest.
# Platt's map (1999) is a logistic regression on the score; scikit-learn fits it to predictions for patients that the classifier did not see.
#
# !!! question "Think first"
#     Such a map rises.
#     Which of AUC, Brier score and cost can it change?

# %%
from sklearn.calibration import CalibratedClassifierCV

platt = CalibratedClassifierCV(GaussianNB(), cv=5, ensemble=False)
mapped = platt.fit(X[train], y[train]).predict_proba(X[held])[:, 1]
for name, p in [("as it was", prob["naive Bayes"]), ("mapped", mapped)]:
    print(f"{name:10} AUC {dl.rank_auc(truth, p):.3f}", end="  ")
    print(f"Brier {dl.brier_score(truth, p):.3f}", end="  ")
    print(f"cost at 1/21 {cost(p >= 1 / 21):.2f}", end="")
    print(f", spared: {np.sum(p < 1 / 21)}")

# %% [markdown]
# The map keeps the order, and with it the area, and mends the Brier score.
# It saves the cost too, but look how: nobody is spared any more.
# Its smallest probability is 0.15, above 1/21, since of those whom naive Bayes calls healthy one in seven is ill, and a rising map cannot tell them apart.
# (Scikit-learn fits it to the probabilities, as naive Bayes has no other score; fitted to the log-odds it does hardly better here.)
# Honest probabilities prevent the worst decisions; for good ones the score must also tell who of the quiet cases is ill.
#
# ## Is the better one better?
#
# Both were judged on the *same* patients, and a comparison should use it: a tumour that is easy for one is easy for the other.
# For the accuracy only those count where one is right and the other wrong.
# If both are equally good, each of these is a toss of a coin (McNemar's test, 1947, in its exact form).
#
# !!! question "Think first"
#     Accuracies of 0.86 and 0.83 on 269 patients: is that a difference?

# %%
from math import comb

one, two = ((p >= 0.5) == truth for p in prob.values())
only = [int(np.sum(one & ~two)), int(np.sum(two & ~one))]
tosses = sum(only)
tail = sum(comb(tosses, k) for k in range(min(only) + 1)) / 2**tosses
print("only one is right:", only, f"p = {2 * tail:.2f}")
rng, scores = np.random.default_rng(2), []
for _ in range(1000):
    i = rng.integers(269, size=269)
    both = [dl.brier_score(truth[i], p[i]) for p in prob.values()]
    scores.append(both)
low, high = np.quantile(np.diff(scores)[:, 0], [0.025, 0.975])
print(f"Brier score: naive Bayes is worse by {low:.3f} to {high:.3f}")
spared = [p < 1 / 21 for p in prob.values()]
paid = [np.where(truth, 20 * each, ~each) for each in spared]
for name, more in [
    ("logistic less everybody", paid[0] - (1 - truth)),
    ("naive Bayes less logistic", paid[1] - paid[0]),
]:
    half = 1.96 * more.std(ddof=1) / 269**0.5
    print(f"cost, {name}: {more.mean():+.2f} +- {half:.2f}")

# %% [markdown]
# Of the accuracies nobody can say which is better, nor of the areas; of the probabilities and the costs one can: patients who were too few for one question are enough for another.
# And "better at what" came first.
#
# | asked | logistic regression | naive Bayes |
# |---|---|---|
# | accuracy | no difference that 269 patients show | the same |
# | ranking (AUC) | no difference that 269 patients show | the same |
# | probabilities (Brier) | better | worse |
# | decisions at 1/21 | no difference from operating on all that 269 patients show | far worse; after a map, it operates on all |
#
# All this is one split of the tumours, with one fit of each model: the intervals are about other patients, not about other fits.
# In other splits logistic regression mostly has the larger area too, while the last two rows of the table stand in nearly all (task 3).
#
# ## Your turn
#
# These have no single answer; each begins with a cell above.
#
# !!! question "1. All thirty columns"
#     Give the models all columns.
#     Which of the questions of this lab can the 269 patients still answer?
#
# ??? tip "A start"
#     Put `ten = slice(None)` into the first cell, and look at the widths of all intervals beside the distances from a perfect score.
#
# !!! question "2. How many patients would it take?"
#     Accuracies of 0.86 and 0.83: how many patients would McNemar's test need to see that in nine of ten studies?
#
# ??? tip "A start"
#     Draw studies of $n$ patients from the 269 with repetition, test each, and count.
#     The answer takes the difference for true; what if it is half as large?
#
# !!! question "3. Other splits"
#     All of this was one split of the tumours.
#     Which of its statements hold in how many of a hundred splits?
#
# ??? tip "A start"
#     Put the cells into a function of the seed; both models take less than a hundredth of a second.
#
# !!! question "4. Isotonic regression"
#     `method="isotonic"` fits any rising map.
#     Why does it have more to learn from 3,000 patients than from 300?
#
# ??? tip "A start"
#     Count the steps of the map, and draw its reliability diagram on the 300 and on the 269.
#
# ## References
#
# - W. N. Street, W. H. Wolberg and O. L. Mangasarian (1993). Nuclear feature extraction for breast tumor diagnosis. *Biomedical Image Processing and Biomedical Visualization, Proceedings of SPIE* 1905, 861-870. [doi:10.1117/12.148698](https://doi.org/10.1117/12.148698). The data, [doi:10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B)
# - E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson (1988). Comparing the areas under two or more correlated receiver operating characteristic curves: A nonparametric approach. *Biometrics* 44(3), 837-845. [doi:10.2307/2531595](https://doi.org/10.2307/2531595)
# - J. C. Platt (1999). Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods. In *Advances in Large Margin Classifiers*, MIT Press, 61-74.
# - Q. McNemar (1947). Note on the sampling error of the difference between correlated proportions or percentages. *Psychometrika* 12(2), 153-157. [doi:10.1007/BF02295996](https://doi.org/10.1007/BF02295996)
