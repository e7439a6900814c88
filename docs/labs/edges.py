# %% [markdown] description="Find the outlines in a photograph with two kernels of nine numbers, see them drown in noise, and get them back as thin lines, as Canny's detector does."
# # Edges in a photograph {: data-search-also="edge detection, Canny edge detector" }
#
# Where does one thing end and the next begin?
# A photograph does not say; it is a grid of brightness, and nothing else.
# In this lab you find the outlines with two kernels of nine numbers, see them drown in noise, get them back as thin lines, and hold these to what a pencil would draw.
# You need the chapter on [convolution](../chapters/convolution/index.md), and for the last part [metrics](../chapters/metrics/counts.md).
#
# !!! note "How to work with a lab"
#     Guess before you read on.
#     Each cell runs in the page; change a number and run it again.
#
# ## What does an edge look like from the side?
#
# The photograph, of the United States Navy and in the public domain, comes with Matplotlib: Grace Hopper, who wrote one of the first compilers.
# We make it grey and average blocks of 2 × 2 pixels, so that it stays small.

# %%
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cbook import get_sample_data

with get_sample_data("grace_hopper.jpg") as file:
    photo = plt.imread(file)[14:354, 120:420].mean(axis=2)
photo = photo.reshape(170, 2, 150, 2).mean(axis=(1, 3))
photo.shape, round(photo.min()), round(photo.max())

# %% [markdown]
# Take one row of it, and draw its brightness as a curve.
# From left to right it crosses a dark flag with one pale stripe, the black band of a cap, and a pale wall.
#
# !!! question "Think first"
#     What will the border between cap and wall look like in this curve?
#     And the stripe?

# %% alt="Left: a grey photograph of a woman in uniform with cap and glasses; an orange line crosses it at the dark band of the cap. Right: the brightness along this line: a narrow peak at the left, a long low stretch that wiggles a little, and a steep step up to a plateau at the right." caption="An edge is a place where the curve is steep. The border of the cap is one step; the stripe is two edges, up and down. The wiggles are noise and texture."
row = 52
figure, axes = plt.subplots(
    1, 2, figsize=(7.2, 3.3), layout="constrained", width_ratios=[1, 1.5]
)
axes[0].imshow(photo, cmap="gray")
axes[0].axhline(row, color="C1")
axes[0].set_axis_off()
axes[1].plot(photo[row], color="C1")
axes[1].set(xlabel="column", ylabel="brightness")

# %% [markdown]
# ## How steep is a curve that you know only at whole numbers?
#
# Let $f$ be the brightness along the row.
# Steepness is the derivative, and Taylor's theorem says what two neighbours tell about it:
#
# $$f(x + 1) = f(x) + f'(x) + \tfrac12 f''(x) + \tfrac16 f'''(x) + \dots$$
# $$f(x - 1) = f(x) - f'(x) + \tfrac12 f''(x) - \tfrac16 f'''(x) + \dots$$
#
# The first line alone gives the **forward difference** $f(x+1) - f(x)$, which is off by about $\tfrac12 f''$.
# Subtract the second line from the first: the even terms vanish, and half of what is left is the **central difference**
#
# $$f'(x) \approx \frac{f(x + 1) - f(x - 1)}{2}.$$
#
# !!! question "Think first"
#     The central difference is off by about $\tfrac16 f'''$.
#     For which curves is it exact?

# %%
from dlfund import cross_correlation_1d

x = np.arange(6)
parabola = x**2  # its derivative is 2x: 2, 4, 6, 8 at the inner points
central = cross_correlation_1d(parabola, [-0.5, 0, 0.5])
assert central.tolist() == [2, 4, 6, 8]
print("central:", central)
print("forward:", cross_correlation_1d(parabola, [-1, 1])[1:])

# %% [markdown]
# For parabolas, since their third derivative is zero.
# The forward difference is 1 too high everywhere: it is the slope half a pixel further on.
#
# ## Where do Sobel's nine numbers come from?
#
# A central difference along each row would do, if photographs had no noise.
# They have, and noise differs from pixel to pixel, while an edge goes on: above and below it looks the same.
# So take the difference in three rows and average the three, with the middle one counting double.
# A column that averages times a row that takes differences is a 3 × 3 kernel.

# %%
from dlfund import SOBEL_X, SOBEL_Y

average = np.array([1, 2, 1]) / 4
difference = np.array([-1, 0, 1]) / 2
print(np.outer(average, difference) * 8)
assert np.array_equal(np.outer(average, difference) * 8, SOBEL_X)
assert np.array_equal(SOBEL_Y, SOBEL_X.T)

# %% [markdown]
# These are the numbers that Sobel and Feldman proposed in a talk in 1968 ([Sobel, 2014](https://doi.org/10.13140/RG.2.1.1912.4965)).
# The factor 8 makes them whole; divide by it, and the result is a slope in brightness per pixel.
#
# How much does the averaging help?
# If every pixel carries independent noise of standard deviation $\sigma$, a weighted sum of pixels carries noise of standard deviation $\sigma \sqrt{\sum w^2}$.

# %%
both = {"difference": difference, "Sobel / 8": SOBEL_X / 8}
for name, kernel in both.items():
    print(f"{name:10} keeps {np.sqrt((kernel**2).sum()):.3f} of the noise")

# %% [markdown]
# Both measure the same slope, and Sobel with less than two thirds of the noise.
#
# ## Which way is up?
#
# One kernel measures the slope along $x$, its transpose the slope along $y$ (downwards, as rows are counted).
# Together they are the **gradient**, $(g_x, g_y)$: it points to where the image gets brighter fastest.
# Its length is the strength of the edge, and its angle the direction *across* the edge:
#
# $$\lVert g \rVert = \sqrt{g_x^2 + g_y^2}, \qquad \theta = \operatorname{atan2}(g_y, g_x).$$

# %%
from dlfund import cross_correlation_2d


def gradient(image):
    """Return the slopes along x and y, in brightness per pixel."""
    kernels = [SOBEL_X / 8, SOBEL_Y / 8]
    return [cross_correlation_2d(image, kernel) for kernel in kernels]


# %% [markdown]
# Test it where the answer is known: on a plane that rises by 3 per column and by 4 per row.
#
# !!! question "Think first"
#     How long is its gradient, and at which angle does it point?

# %%
rows, columns = np.mgrid[0:5, 0:5]
g_x, g_y = gradient(3 * columns + 4 * rows)
print(g_x[0, 0], g_y[0, 0], "length", np.hypot(g_x, g_y)[0, 0])
angle = np.degrees(np.arctan2(g_y, g_x))[0, 0]
print(f"angle {angle:.2f} degrees below the x axis")
assert (np.hypot(g_x, g_y) == 5).all()

# %% [markdown]
# Now the photograph.

# %% alt="Three pictures of the same face. The slope along x shows the sides of face and cap in red and blue; the slope along y shows cap, glasses and mouth; the strength shows all outlines, dark on white." caption="Upright outlines show in $g_x$, level ones in $g_y$, and the length of the gradient shows both, whatever their direction."
g_x, g_y = gradient(photo)
strength = np.hypot(g_x, g_y)
figure, axes = plt.subplots(1, 3, figsize=(7.2, 3), layout="constrained")
bands = plt.get_cmap("RdBu_r", 17)  # few colours: a small file
axes[0].imshow(g_x, cmap=bands, vmin=-40, vmax=40)
axes[1].imshow(g_y, cmap=bands, vmin=-40, vmax=40)
axes[2].imshow(strength, cmap=plt.get_cmap("gray_r", 9), vmax=50)
for ax, name in zip(axes, ["slope along x", "slope along y", "strength"]):
    ax.set_title(name)
    ax.set_axis_off()

# %% [markdown]
# ## Which edges are real?
#
# To say *edge* or *no edge* takes a threshold.
#
# !!! question "Think first"
#     With a threshold of 5, 12 or 30 units of brightness per pixel: which share of the pixels will be called an edge?

# %% alt="Three black-and-white pictures. With threshold 5 most of the face is black, and so are the folds of the flag behind it. With 12 the outlines stand out. With 30 the stripe at the left, cap and collar are left, and traces of glasses and face." caption="No threshold is right everywhere: 5 keeps texture, 30 loses the chin. What is an edge depends on what you need it for."
thresholds = [5, 12, 30]
figure, axes = plt.subplots(1, 3, figsize=(7.2, 3), layout="constrained")
for ax, threshold in zip(axes, thresholds):
    found = strength > threshold
    ax.imshow(found, cmap="gray_r")
    ax.set_title(f"over {threshold}: {found.mean():.0%}")
    ax.set_axis_off()

# %% [markdown]
# ## What does noise do?
#
# Add noise with a standard deviation of 20, which your eye forgives easily, and repeat.
# Differences do not forgive.

# %%
from dlfund import gaussian_kernel


def smooth(image, sigma):
    """Blur an image; its border is repeated, so that its size stays."""
    larger = np.pad(image, 6, mode="edge")
    return cross_correlation_2d(larger, gaussian_kernel(13, sigma))


def edges(image, threshold=12):
    return np.hypot(*gradient(image)) > threshold


noisy = photo + 20 * np.random.default_rng(5).normal(size=photo.shape)

# %% [markdown]
# !!! question "Predict"
#     Of the clean photograph 35 % of the pixels are steeper than 12.
#     And of the noisy one?
#
#     - [ ] about 35 %: noise lifts some and lowers others
#       A length cannot fall below 0, so where the picture is flat noise only lifts it.
#     - [ ] about 60 %
#       The edges stay, and of the flat parts nearly two pixels in five pass 12 by noise alone.
#     - [ ] nearly all
#       The slopes have noise of 20 · 0.433, which is less than 12: most of the flat parts stay below.

# %% predict="choice" key="'about 60 %' if 0.5 < specks.mean() < 0.7 else 'nearly all' if specks.mean() > 0.9 else 'about 35 %: noise lifts some and lowers others'" name="noise" alt="Left: the photograph with grain. Middle: its edges over 12, 60 per cent of the pixels, outlines buried in specks all over. Right: edges over 12 of the smoothed picture, 29 per cent, outlines without specks, but thicker and rounded." caption="Noise gives edges everywhere. Smoothing first gives the outlines back, but they are coarser, and small details are gone."
specks, calm = edges(noisy), edges(smooth(noisy, 1.5))
figure, axes = plt.subplots(1, 3, figsize=(7.2, 3), layout="constrained")
axes[0].imshow(noisy, cmap=plt.get_cmap("gray", 32), vmin=0, vmax=255)
axes[0].set_title("with noise")
for ax, found, name in zip(axes[1:], [specks, calm], ["edges", "smoothed"]):
    ax.imshow(found, cmap="gray_r")
    ax.set_title(f"{name}: {found.mean():.0%}")
for ax in axes:
    ax.set_axis_off()

# %% [markdown]
# So what is left on a wall?
# Each slope is noise with the standard deviation $s = 0.433 \cdot 20$, and the two slopes are independent, because the products of the two kernels add up to zero and the noise is Gaussian.
# The length of such a pair exceeds $t$ with the probability $e^{-t^2 / (2s^2)}$ (Rayleigh's distribution).

# %%
wall = 100 + 20 * np.random.default_rng(1).normal(size=(300, 300))
s = 20 * np.sqrt((SOBEL_X**2).sum()) / 8
print("products of the kernels add up to", (SOBEL_X * SOBEL_Y).sum())
print(f"predicted {np.exp(-(12**2) / (2 * s**2)):.1%}")
print(f"measured  {edges(wall).mean():.1%}")

# %% [markdown]
# ## How much smoothing is right?
#
# Too little leaves the noise, too much takes the edges with it.
# To find the middle, we need a number for how good the result is, and here we can have one: the edges of the clean photograph are the truth.
# **Precision** is the share of what we found that is true, **recall** the share of the truth that we found, and F1 their harmonic mean.
#
# !!! question "Think first"
#     Leave the threshold at 12.
#     When $\sigma$ grows, which of the two falls?

# %%
from dlfund import f1_score, precision, recall

truth = edges(photo).ravel()


def scores(found):
    all_three = [precision, recall, f1_score]
    return "".join(f"{score(truth, found):9.2f}" for score in all_three)


print("sigma  precision  recall     F1")
for sigma in [0.3, 0.6, 0.9, 1.2, 1.8, 2.7]:
    print(f"{sigma:5} " + scores(edges(smooth(noisy, sigma)).ravel()))

# %% [markdown]
# Recall falls, because smoothing makes edges gentler, and the weak ones sink below the threshold.
# Precision rises, until edges that were smeared start to count as false.
# F1 is best in between.
#
# But is that the blur, or the threshold?
# Gentler edges ask for a lower one.
# Give each $\sigma$ the whole number with the best F1.
#
# !!! question "Think first"
#     Does recall still fall?

# %%
print("sigma  threshold  precision  recall     F1")
for sigma in [0.3, 0.6, 0.9, 1.2, 1.8, 2.7]:
    strengths = np.hypot(*gradient(smooth(noisy, sigma))).ravel()
    best = max(range(1, 31), key=lambda t: f1_score(truth, strengths > t))
    print(f"{sigma:5}{best:11}" + scores(strengths > best))

# %% [markdown]
# Now recall holds, and with much smoothing it is precision that falls: an edge is smeared over pixels that have none.
# The recall that fell told of the threshold of 12.
# On the middle both tables agree: F1 is best at 0.6 or 0.9.
# Mind what "truth" is here: our own detector on the clean picture, with no smoothing at all, so little smoothing is favoured; and the thresholds were chosen with the truth in hand.
# Canny (1986) asked which filter is best for a step in noise, and found that it is nearly the derivative of a Gaussian: smooth, then take differences, as we did ([doi](https://doi.org/10.1109/TPAMI.1986.4767851)).
#
# ## How does an outline become a line?
#
# Ours are several pixels thick, and broken where they are weak.
# Canny adds two steps to smoothing and differences.
#
# - **Thinning**: a pixel stays only if no neighbour *across* the edge is stronger, so if the strength is largest along the gradient, whose direction is rounded to four.
# - **Two thresholds**: what is above the high one is an edge; what is above the low one is an edge if it hangs together with such a one.
#
# We smooth with 1.5, more than was best above: there every steep pixel of the clean photograph counted, here we want few lines and unbroken ones, and thinning takes back what smoothing has smeared.
# The two thresholds, 7 and 16, were found by looking.
#
# What hangs together, `scipy.ndimage.label` finds, and SciPy also holds our first two steps to their word.

# %%
from scipy import ndimage

g_x, g_y = gradient(smooth(noisy, 1.5))
blurred = ndimage.gaussian_filter(noisy, 1.5, mode="nearest", radius=6)
for ours, axis in [(g_x, 1), (g_y, 0)]:
    theirs = ndimage.sobel(blurred, axis)[1:-1, 1:-1] / 8
    print("equal to SciPy's:", np.allclose(ours, theirs))

# %%
ACROSS = [(0, 1), (1, 1), (1, 0), (1, -1)]  # 0, 45, 90 and 135 degrees


def thin(g_x, g_y):
    strength = np.hypot(g_x, g_y)
    towards = np.round(np.arctan2(g_y, g_x) / (np.pi / 4)).astype(int) % 4
    rim = np.pad(strength, 1)
    stays = np.zeros(strength.shape, bool)
    for direction, (down, right) in enumerate(ACROSS):
        ahead = np.roll(rim, (-down, -right), (0, 1))[1:-1, 1:-1]
        behind = np.roll(rim, (down, right), (0, 1))[1:-1, 1:-1]
        largest = strength >= np.maximum(ahead, behind)
        stays |= largest & (towards == direction)
    return strength * stays


def canny(image, sigma=1.5, low=7, high=16):
    ridges = thin(*gradient(smooth(image, sigma)))
    pieces, _ = ndimage.label(ridges > low, np.ones((3, 3)))
    return np.isin(pieces, pieces[ridges > high]) & (pieces > 0)


# %% [markdown]
# Does that find the outlines?
# To tell, somebody has to draw them.
# Here is what we would trace with a pencil: each line goes from point to point, across and down in pixels.
#
# !!! question "Think first"
#     Which lines would you draw that no gradient shows?
#     Which would the gradient show that you would not draw?

# %%
BY_HAND = """
90 13, 100 16, 108 21, 113 28, 117 35, 122 36
122 36, 125 45, 126 60, 125 75, 123 83
49 24, 49 13, 40 17, 33 24, 27 34
55 14, 57 7, 66 4, 75 5, 84 8, 90 13, 92 24
22 72, 28 66, 35 63, 45 60, 60 59, 75 60, 90 59
90 59, 100 60, 108 64, 115 69, 119 76
30 82, 40 81, 52 80, 60 82, 64 84
80 84, 88 79, 100 77, 113 78, 118 82
68 90, 65 101, 59 110, 55 121, 50 128
77 90, 82 102, 88 112, 93 121, 97 128
61 115, 70 117, 74 120, 79 117, 86 114
54 132, 65 130, 75 131, 93 131
36 125, 39 137, 41 145, 46 150, 53 155, 62 158, 75 158
75 158, 88 157, 97 153, 103 148
103 148, 108 138, 110 125
9 168, 20 164, 30 159, 40 150
105 149, 112 156, 122 163, 136 169
124 84, 127 92, 124 100, 122 112, 121 118, 115 124
9 0, 10 105
12 0, 13 102
26 0, 27 30
30 0, 29 22
"""


def draw(lines, shape):
    """Return which pixels of an image the lines go through."""
    drawn = np.zeros(shape, bool)
    for line in lines.split("\n")[1:-1]:
        points = [point.split() for point in line.split(",")]
        x, y = np.array(points, int).T
        path = np.linspace(0, len(x) - 1, 100 * len(x))
        steps = range(len(x))
        columns, rows = (
            np.round(np.interp(path, steps, each)).astype(int)
            for each in (x, y)
        )
        drawn[rows, columns] = True
    return drawn[1:-1, 1:-1]  # as large as the gradient


# %% [markdown]
# A pencil is not exact to the pixel, so a match may be two pixels off: `distance_transform_edt` says how far it is to the next line.

# %%
def near(these, those, reach=2):
    """Return the share of these pixels that have one of those near by."""
    return (ndimage.distance_transform_edt(~those)[these] <= reach).mean()


hand = draw(BY_HAND, photo.shape)
found = canny(noisy)
thick = edges(smooth(noisy, 1.5))

# %% [markdown]
# !!! question "Predict"
#     Canny's lines are thin, without specks.
#     Which share of them lies within two pixels of a line that we drew?
#
#     - [ ] more than 80 %
#       That would be so if what is steep were what we care for.
#     - [ ] 50 to 80 %
#       Outlines alone would give that; but emblem, wrinkles and folds are as steep as they are.
#     - [ ] less than half
#       Nearly all that we drew is steep, but most of what is steep we did not draw.

# %% predict="choice" key="'less than half' if near(found, hand) < 0.5 else 'more than 80 %' if near(found, hand) > 0.8 else '50 to 80 %'" name="by-hand" alt="Three drawings in black on white: outlines of cap, glasses, nose, mouth, chin and shoulders drawn by hand; thin lines found by our Canny detector, which has these and also the emblem on the cap, wrinkles and the flag; and the same lines several pixels thick, found by one threshold. Over each of the last two stands: 44 per cent drawn." caption="By hand, by Canny's four steps, and by one threshold on the smoothed picture. The detector does not know what a face is: emblem and wrinkles are edges too."
figure, axes = plt.subplots(1, 3, figsize=(7.2, 3), layout="constrained")
names = ["Canny", "one threshold"]
axes[0].set_title("by hand")
for ax, each, name in zip(axes[1:], [found, thick], names):
    ax.set_title(f"{name}: {near(each, hand):.0%} drawn")
for ax, each in zip(axes, [hand, found, thick]):
    ax.imshow(each, cmap="gray_r")
    ax.set_axis_off()

# %% [markdown]
# And the other way round, of what we drew, how much is found?
# To compare, we also scatter at random as many pixels as each map has.

# %%
rng = np.random.default_rng(5)
scattered, many = (
    rng.permutation(each.ravel()).reshape(hand.shape)
    for each in (found, thick)
)
for name, each in [
    ("Canny", found),
    ("one threshold", thick),
    ("scattered", scattered),
    ("more scattered", many),
]:
    p, r = near(each, hand), near(hand, each)
    print(f"{name:14} {each.mean():.0%} of the pixels")
    print(f"{'':14} precision {p:.0%}, recall {r:.0%}")

# %% [markdown]
# Canny's lines say with two fifths of the pixels what the thick ones say, and are no nearer to the pencil.
# Nearly all that we drew is found; but look at the last two rows: with a reach of two pixels, as many pixels scattered at random find most of it too, and for the thick map's number nearly all.
# Recall alone means nothing here; it is the precision of 44 %, against 19 % by chance, that shows that the lines know something.
# (And $\sigma$ and the two thresholds were found on this very picture, so another will hardly do as well.)
#
# More than half of what is found we did not draw: emblem, wrinkles, the stars of the flag.
# No threshold mends that, for these edges are as steep as those of the face; which of them matter is a question about things, not about brightness.
#
# ## Your turn
#
# !!! question "1. One convolution less"
#     Smoothing and differences are two filters, one after the other.
#     Could a single kernel do both?
#
# ??? success "Solution"
#     Yes: two correlations in a row are one, and its kernel is the *convolution* of the two, zeros around the first: `convolve_2d(np.pad(gaussian_kernel(13, 1.5), 2), SOBEL_X / 8)`.
#     Mind the flip: correlate the two kernels instead, and every gradient comes out with the other sign, so that its angle turns by 180 degrees.
#     The kernel of both is larger (13 + 3 - 1 = 15 on each side), and looks much like the derivative of a Gaussian.
#     It separates into a column and a row again, so it costs 30 multiplications per pixel rather than 225.
#
# !!! question "2. Your own pencil"
#     Draw other lines, only the outline of the head, or every line that you see.
#     How do precision and recall of the same edge map change?
#
# ??? success "Solution"
#     Draw more, and precision rises, since more of what was found has a line near by; recall falls as soon as you draw what has no gradient.
#     The edge map is the same all the time: the numbers are about it *and* about you.
#     Two people who trace the same photograph differ too, so a benchmark asks several.
#
# !!! question "3. Salt and pepper"
#     Let one pixel in twenty be black or white at random, instead of the Gaussian noise.
#     Why does the Gaussian do badly now, and what does better?
#
# ??? success "Solution"
#     A weighted mean spreads each wrong pixel over its neighbours; it has no way to leave one out.
#     The median of each 3 × 3 window leaves it out, and keeps a straight edge where it is.
#     The [losses](../chapters/losses/rewards.md) chapter tells why: the mean minimises squares, the median absolute values.
#
# ## References
#
# - I. Sobel (2014). An isotropic 3x3 image gradient operator. Presented in 1968. [doi:10.13140/RG.2.1.1912.4965](https://doi.org/10.13140/RG.2.1.1912.4965)
# - J. Canny (1986). A computational approach to edge detection. *IEEE Transactions on Pattern Analysis and Machine Intelligence* 8(6), 679-698. [doi:10.1109/TPAMI.1986.4767851](https://doi.org/10.1109/TPAMI.1986.4767851)
