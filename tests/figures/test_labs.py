"""What the figures of the labs draw is what they are given."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from dlfund.figures import labs as figures

RNG = np.random.default_rng(0)


def test_images_stand_under_their_titles() -> None:
    pictures = RNG.random((5, 3, 7))
    shown = figures.images(list(pictures), ["a", "b", "c", "d", "e"], columns=3).axes
    assert [axes.get_title() for axes in shown] == ["a", "b", "c", "d", "e", ""]
    for axes, picture in zip(shown, pictures, strict=False):
        assert_array_equal(axes.images[0].get_array(), picture)
        assert axes.images[0].get_clim() == (0, picture.max())


def test_epochs_are_counted_from_one() -> None:
    curves = {"training": [0.5, 0.1, 0.02], "validation": [0.6, 0.3, 0.2]}
    (axes,) = figures.epochs(curves, ylabel="loss").axes
    assert [line.get_label() for line in axes.lines] == list(curves)
    for line, curve in zip(axes.lines, curves.values(), strict=True):
        assert_array_equal(line.get_xdata(), [1, 2, 3])
        assert_array_equal(line.get_ydata(), curve)
    assert axes.get_yscale() == "log"


def test_runs_have_a_line_for_each_variant() -> None:
    shares = {"one": [97.0, 98.5, 99.0], "other": [80.0, 82.0]}
    intervals = {"one": (96.0, 99.5), "other": (70.0, 92.0)}
    (axes,) = figures.runs(shares, intervals, xlabel="right").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "other"]
    for row, name in enumerate(shares):
        interval, dots = axes.lines[2 * row : 2 * row + 2]
        assert_array_equal(interval.get_xdata(), intervals[name])
        assert_array_equal(dots.get_xdata(), shares[name])
        for line in (interval, dots):
            assert_array_equal(np.unique(line.get_ydata()), [row])
    assert axes.get_ylim() == (1.5, -0.5), "the first is on top"


def test_filters_stand_over_their_maps() -> None:
    image, kernels, maps = RNG.random((5, 7)), RNG.normal(size=(3, 3, 3)), RNG.random((3, 5, 7))
    corner, *row = figures.filters_and_maps(image, kernels, maps).axes
    assert not corner.images
    for axes, kernel in zip(row[:3], kernels, strict=True):
        assert_array_equal(axes.images[0].get_array(), kernel)
        assert_allclose(axes.images[0].get_clim(), np.array([-1, 1]) * abs(kernels).max())
    assert_array_equal(row[3].images[0].get_array(), image)
    for axes, each in zip(row[4:], maps, strict=True):
        assert_array_equal(axes.images[0].get_array(), each)
        assert axes.images[0].get_clim() == (0, maps.max())


def test_evidence_is_on_one_scale() -> None:
    pictures, evidence = RNG.random((2, 6, 8)), np.array([[[1.0, -2.0]], [[0.5, 0.0]]])
    shown = figures.looks(list(pictures), evidence, ["3", "5"]).axes
    assert [axes.get_title() for axes in shown] == ["3", "5", "", ""]
    for axes, array in zip(shown, [*pictures, *evidence], strict=True):
        assert_array_equal(axes.images[0].get_array(), array)
    assert [axes.images[0].get_clim() for axes in shown[2:]] == [(-2, 2)] * 2
