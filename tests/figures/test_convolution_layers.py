"""The figures of layers and of a network show the arrays that they are given."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Polygon, Rectangle
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from dlfund import conv2d, cross_correlation_1d, cross_correlation_2d
from dlfund.figures import convolution_layers as figures
from tests.figures.seen import texts

RNG = np.random.default_rng(0)


def shown(axes: Axes) -> list[NDArray[Any]]:
    return [np.asarray(image.get_array()) for image in axes.images]


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def test_row_window() -> None:
    signal, kernel = [3, 5, 11, 2, 7, 13], [-1, 0, 2]
    output = cross_correlation_1d(signal, kernel)
    top, low = figures.row_window(signal, kernel, output, 2).axes
    heights = {round(b.get_x() + b.get_width() / 2): b.get_height() for b in bars(top)}
    assert heights == dict(enumerate(signal))
    colours = {round(b.get_x() + b.get_width() / 2): b.get_facecolor() for b in bars(top)}
    assert len({colours[place] for place in (2, 3, 4)}) == 1
    assert colours[2] != colours[1] == colours[5]
    assert texts(top) == ["×−1", "×0", "×2"]
    assert [text.get_position()[0] for text in top.texts] == [2, 3, 4]
    done, newest, *_ = low.lines
    assert_array_equal(done.get_xydata(), np.transpose([[1, 2], output[:2]]))
    assert_array_equal(newest.get_xydata(), [[3, output[2]]])
    (stems,) = (c for c in low.collections if isinstance(c, LineCollection))
    assert_array_equal([segment[1] for segment in stems.get_segments()][2], [3, output[2]])


def test_row_window_has_one_size_and_scale() -> None:
    output = cross_correlation_1d([3, 5, 11, 2, 7], [1, -1])
    frames = [figures.row_window([3, 5, 11, 2, 7], [1, -1], output, place) for place in range(4)]
    for k in (0, 1):
        limits = [(*f.axes[k].get_xlim(), *f.axes[k].get_ylim()) for f in frames]
        assert len(set(limits)) == 1
    assert np.abs(output).max() < frames[0].axes[1].get_ylim()[1]


def test_borders() -> None:
    photo = RNG.uniform(0, 255, (7, 5))
    pictures = {"zero": np.pad(photo, 3), "nearest": np.pad(photo, 3, mode="edge")}
    results = [photo - 100, photo - 300]
    axes = figures.borders(pictures, results, 3).axes
    assert [each.get_title() for each in axes[:2]] == ["zero", "nearest"]
    for each, array in zip(axes, [*pictures.values(), *results], strict=True):
        assert_array_equal(shown(each)[0], array)
    (frame,) = bars(axes[0])
    assert frame.get_bbox().bounds == (2.5, 2.5, 5, 7)
    reach = max(float(np.abs(result).max()) for result in results)
    assert {each.images[0].get_clim() for each in axes[2:]} == {(-reach, reach)}


def test_permuted() -> None:
    images = RNG.uniform(0, 1, (3, 5, 7))
    axes = figures.permuted(images, images[:, ::-1]).axes
    pictures = [*images, *images[:, ::-1]]
    for each, picture in zip(axes, pictures, strict=True):
        assert_array_equal(shown(each)[0], picture)
    corners = [each.get_position().bounds[:2] for each in axes]
    assert corners[0][0] == corners[3][0]
    assert corners[0][1] > corners[3][1]


def test_by_channel() -> None:
    x = np.arange(2 * 5 * 4).reshape(2, 5, 4)
    weight = np.arange(100, 100 + 2 * 3 * 2).reshape(2, 3, 2)
    parts = np.array([cross_correlation_2d(a, b) for a, b in zip(x, weight, strict=True)])
    output = parts.sum(axis=0) + 1
    (axes,) = figures.by_channel(x, weight, parts, output, (2, 1)).axes
    numbers = [f"{v:g}" for c in (0, 1) for a in (x[c], weight[c], parts[c]) for v in a.flat]
    numbers += [f"{v:g}" for v in output.flat]
    assert texts(axes)[:-4] == numbers
    assert texts(axes)[-4:] == ["input", "kernel", "each channel", "sum + bias"]
    tints = [c for c in axes.collections if isinstance(c, PatchCollection)]
    assert [len(tint.get_paths()) for tint in tints] == [6, 6, 1, 6, 6, 1, 1]
    # What is tinted in the input, and the number that is tinted at the end.
    at = {(round(x), round(y)): t.get_text() for t in axes.texts for x, y in [t.get_position()]}

    def inside(tint: PatchCollection) -> list[str]:
        centres = [np.asarray(path.vertices)[:4].mean(axis=0) for path in tint.get_paths()]
        return [at[round(float(x)), round(float(y))] for x, y in centres]

    assert inside(tints[0]) == [f"{v}" for v in x[0, 2:5, 1:3].flat]
    assert inside(tints[3]) == [f"{v}" for v in x[1, 2:5, 1:3].flat]
    assert inside(tints[2]) == [f"{parts[0, 2, 1]:g}"]
    assert inside(tints[6]) == [f"{output[2, 1]:g}"]


def test_volumes() -> None:
    x = RNG.uniform(0, 255, (3, 11, 13))
    weight = RNG.normal(size=(2, 3, 3, 5))
    weight[1] = abs(weight[1])
    maps = conv2d([x], weight)[0]
    (axes,) = figures.volumes(x, weight, maps, (4, 6)).axes
    sheets = [*x]
    for kernel, output in zip(weight, maps, strict=True):
        sheets += [*kernel, output]
    for picture, sheet in zip(shown(axes), sheets, strict=True):
        assert_array_equal(picture, sheet)
    signed = [image.get_cmap().name for image in axes.images]
    assert signed == ["gray"] * 3 + ["RdBu_r"] * 3 + ["RdBu_r"] + ["RdBu_r"] * 3 + ["gray"]
    assert texts(axes)[-3:] == [
        "input\n(3, 11, 13)",
        "kernels\n(2, 3, 3, 5)",
        "output\n(2, 9, 9)",
    ]
    # A window lies on each sheet as an image does: between its rows and columns.
    frames = [p for p in axes.patches if isinstance(p, Polygon) and p.get_linewidth() == 2]
    assert len(frames) == 3 + 2
    lean = axes.images[0].get_transform() - axes.transData
    corners = lean.transform([(5.5, 3.5), (10.5, 3.5), (10.5, 6.5), (5.5, 6.5)])
    assert_allclose(frames[0].get_xy()[:4], corners)


def test_volumes_lie_within_the_figure() -> None:
    x, weight = RNG.uniform(0, 1, (3, 20, 18)), RNG.normal(size=(4, 3, 3, 3))
    figure = figures.volumes(x, weight, conv2d([x], weight)[0], (0, 0))
    (axes,) = figure.axes
    figure.canvas.draw()
    (left, right), (low, high) = axes.get_xlim(), sorted(axes.get_ylim())
    for patch in axes.patches:
        if isinstance(patch, Polygon):
            corners = patch.get_xy()
            assert (left <= corners[:, 0]).all()
            assert (corners[:, 0] <= right).all()
            assert (low <= corners[:, 1]).all()
            assert (corners[:, 1] <= high).all()


def test_effective() -> None:
    profile = np.outer([1, 2, 1], [1, 3, 1])
    picture, line = figures.effective(profile, 1.25).axes
    assert_array_equal(shown(picture)[0], profile)
    whole, most = bars(picture)
    assert whole.get_bbox().bounds == (-0.5, -0.5, 3, 3)
    assert most.get_bbox().bounds == (1 - 1.25, 1 - 1.25, 2.5, 2.5)
    assert_allclose([bar.get_height() for bar in bars(line)], [0.2, 0.6, 0.2])
    sides = [np.asarray(each.get_xdata())[0] for each in line.lines]
    assert sides == [-1.25, 1.25]


def test_widths() -> None:
    (axes,) = figures.widths([4, 8], [9, 17], [6, 9], [6.5, 9.2]).axes
    lines = [np.asarray(line.get_xydata()).tolist() for line in axes.lines]
    assert lines == [[[4, 9], [8, 17]], [[4, 6], [8, 9]], [[4, 6.5], [8, 9.2]]]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    legend = axes.get_legend()
    assert legend is not None
    names = ["all that is seen", "effective, measured", "effective, by the formula"]
    assert [text.get_text() for text in legend.get_texts()] == names


def test_shares() -> None:
    columns = {"weights": [1, 0, 3], "work": [1, 1, 998]}
    axes = figures.shares(["conv", "pool", "dense"], columns).axes
    for each, counts in zip(axes, columns.values(), strict=True):
        assert_allclose([bar.get_width() for bar in bars(each)], np.array(counts) / sum(counts))
    assert texts(axes[0]) == ["25 %", "0", "75 %"]
    assert texts(axes[1]) == ["< 1 %", "< 1 %", "100 %"]
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["conv", "pool", "dense"]
    low, high = axes[0].get_ylim()
    assert low > high  # the input on top


def test_roofline() -> None:
    layers = {"plain": (4e8, 2e6), "thin": (2e6, 1e6)}
    (axes,) = figures.roofline(layers, 1e13, 5e11).axes
    roof, plain, thin = (np.asarray(line.get_xydata()) for line in axes.lines)
    assert_allclose(roof[:, 1], np.minimum(10, 0.5 * roof[:, 0]))
    assert_allclose(plain, [[200, 10]])
    assert_allclose(thin, [[2, 1]])
    assert texts(axes) == ["plain", "thin"]
