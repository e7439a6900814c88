"""The figures of training show the arrays that they are given."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes

from dlfund.figures import perceptron_training as figures
from tests.figures.seen import data, line, texts


def assert_on_line(ax: Axes, label: str, weights: list[float], bias: float) -> None:
    """Check that both points that define a boundary have score zero."""
    first, last = data(line(ax, label))
    assert first != last
    for point in (first, last):
        assert abs(np.dot(weights, point) + bias) < 1e-9
    lowest, highest = np.transpose([ax.get_xlim(), ax.get_ylim()])
    assert not ((lowest <= first) & (first <= highest)).all()  # it crosses the axes
    assert not ((lowest <= last) & (last <= highest)).all()


def test_both_ways_writes_every_number_beside_its_unit_or_edge() -> None:
    outputs: list[list[float]] = [[2, 1], [2, 0, 4], [0.5]]
    blame: list[list[float]] = [[-0.5, 1, 0], [-0.25]]
    weights: list[list[list[float]]] = [[[1, -1, 7], [3, 1, 0]], [[1], [-2], [5]]]
    slopes: list[list[list[float]]] = [[[-1, 2, 8], [-0.5, 1, 0]], [[-1], [-6], [9]]]
    (ax,) = figures.both_ways(outputs, blame, weights, slopes).axes
    edges = ["1  (−1)", "−1  (2)", "7  (8)", "3  (−0.5)", "1  (1)", "0  (0)"]
    edges += ["1  (−1)", "−2  (−6)", "5  (9)"]
    delta = [rf"$\delta$ = {each}" for each in ("−0.5", "+1", "0", "−0.25")]
    units = ["2", "1", "2", delta[0], "0", delta[1], "4", delta[2], "0.5", delta[3]]
    assert texts(ax) == [*edges, *units, "inputs", "hidden", "output $p$"]
    circles = [data(each)[0] for each in ax.lines if each.get_marker() == "o"]
    spots = [text.get_position() for text in ax.texts if text.get_text() in {"2", "1", "0", "4"}]
    assert [tuple(each) for each in circles[:-1]] == spots
    for drawn in (each for each in ax.lines if each.get_marker() != "o"):  # along its edge
        ends = np.array([min(circles, key=lambda c: np.hypot(*np.subtract(c, end)))
                         for end in data(drawn)])  # fmt: skip
        assert ends[0].tolist() != ends[1].tolist()


def test_work_per_number_shows_its_curves() -> None:
    (ax,) = figures.work_per_number([1, 2, 4], {1000: [1, 2, 3.9], 100: [0.9, 1.8, 3]}).axes
    assert data(line(ax, "1,000 units")) == [[1, 1], [2, 2], [4, 3.9]]
    assert data(line(ax, "100 units")) == [[1, 0.9], [2, 1.8], [4, 3]]
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_bugs_shows_the_error_of_each_bug_by_check() -> None:
    (ax,) = figures.bugs(["a", "b"], {"one": [1e-9, 0.5], "seven": [2.0, 1e-3]}).axes
    assert data(line(ax, "one")) == [[1e-9, 1], [0.5, 0]]
    assert data(line(ax, "seven")) == [[2, 1], [1e-3, 0]]
    labels = [each.get_text() for each in ax.get_yticklabels()]
    rows = dict(zip(ax.get_yticks().tolist(), labels, strict=True))
    assert rows == {1: "a", 0: "b"}
    assert np.asarray(line(ax, "pass").get_xdata()).tolist() == [1e-6, 1e-6]


def test_unit_paths_shows_the_two_weights_of_each_unit() -> None:
    path = np.arange(12.0).reshape(3, 2, 2)
    left, right = figures.unit_paths({"alike": path, "random": -path}).axes
    assert (left.get_title(), right.get_title()) == ("alike", "random")
    for ax, w in ((left, path), (right, -path)):
        for unit in range(2):
            assert data(line(ax, f"unit {unit + 1}")) == w[:, :, unit].tolist()


LAND = np.array([[True, False, False], [True, True, False]])


def tints(ax: Axes) -> list[list[list[float]]]:
    (image,) = ax.images
    assert image.origin == "lower"
    colours: list[list[list[float]]] = np.asarray(image.get_array()).tolist()
    return colours


def assert_chart(ax: Axes) -> None:
    water, soil = (mpl.colors.to_rgba(color, 0.7) for color in ("C0", "C1"))
    expected = [[soil if here else water for here in row] for row in LAND]
    np.testing.assert_allclose(tints(ax), expected)


def test_coast_shows_what_is_told_beside_the_chart() -> None:
    left, right = figures.coast([0, 2, 1], [1, 0, 1], [True, False, True], LAND).axes
    assert data(line(left, "land")) == [[0, 1], [1, 1]]
    assert data(line(left, "water")) == [[2, 0]]
    assert_chart(right)


def test_surface_is_tinted_by_class_and_fainter_where_unsure() -> None:
    chance = np.array([[1.0, 0.5, 0.2], [0.9, 0.51, 0.0]])
    left, right = figures.surface(chance, LAND).axes
    assert_chart(right)
    for row, given in zip(tints(left), chance, strict=True):
        for colour, p in zip(row, given, strict=True):
            assert colour[:3] == list(mpl.colors.to_rgb("C1" if p > 0.5 else "C0"))
            assert colour[3] == pytest.approx(0.06 + 0.64 * abs(2 * p - 1))


def test_shares_shows_each_share_with_its_interval() -> None:
    (ax,) = figures.shares([2, 8], [0.5, 1.0], [[0.4, 0.6], [0.96, 1.0]]).axes
    assert data(line(ax, "share")) == [[0, 0.5], [1, 1]]
    assert data(line(ax, "interval 2")) == [[0, 0.4], [0, 0.6]]
    assert data(line(ax, "interval 8")) == [[1, 0.96], [1, 1]]
    assert [each.get_text() for each in ax.get_xticklabels()] == ["2", "8"]


def test_race_shows_every_run_of_every_rule() -> None:
    losses = {rule: np.array([[0.7, 0.6], [0.5, k / 10]]) for k, rule in enumerate("abc")}
    (ax,) = figures.race(losses).axes
    assert len(ax.lines) == 6
    for rule, runs in losses.items():
        assert data(line(ax, rule)) == [[1, 0.7], [2, 0.5]]
        assert data(line(ax, f"{rule} 1")) == [[1, 0.6], [2, runs[1, 1]]]
    assert texts(ax) == ["a", "b", "c"]


def test_held_out_shows_each_remedy_and_the_training_loss() -> None:
    held = {"nothing": [0.6, 0.9], "weight decay": [0.5, 0.4], "more data": [0.4, 0.3]}
    (ax,) = figures.held_out([20, 40], [0.5, 0.1], held | {"dropout": [0.5, 0.45]}).axes
    assert data(line(ax, "training")) == [[20, 0.5], [40, 0.1]]
    for name, losses in held.items():
        assert data(line(ax, name)) == [[20, losses[0]], [40, losses[1]]]
    assert set(texts(ax)) == {*held, "dropout", "training, nothing"}


def test_remedies_shows_means_and_student_intervals() -> None:
    runs = {"nothing": np.arange(20.0).reshape(2, 10), "more": np.arange(20.0).reshape(2, 10) ** 2}
    panels = figures.remedies(runs).axes
    assert [ax.get_title() for ax in panels] == ["loss", "accuracy"]
    for kind, ax in enumerate(panels):
        for row, each in zip((1, 0), runs.values(), strict=True):
            mean, half = each[kind].mean(), 2.26 * each[kind].std(ddof=1) / 10**0.5
            bar = data(line(ax, f"interval {row}"))
            np.testing.assert_allclose(bar, [[mean - half, row], [mean + half, row]])
        means = [each[kind].mean() for each in runs.values()]
        assert data(line(ax, "mean")) == [[means[0], 1], [means[1], 0]]


RULES = "perceptron", "hinge", "logistic"


def test_pulls_shows_losses_and_pulls_by_name() -> None:
    losses = {name: [k, 1.0] for k, name in enumerate(RULES)}
    pulls = {name: [2.0, -k] for k, name in enumerate(RULES)}
    left, right = figures.pulls([-1, 1], losses, pulls).axes
    for ax, curves in ((left, losses), (right, pulls)):
        for name, values in curves.items():
            assert data(line(ax, name)) == [[-1, values[0]], [1, values[1]]]


def test_margins_and_lengths_shows_medians_and_the_middle_half() -> None:
    shares = {name: np.arange(15.0).reshape(3, 5) ** (1 + k) for k, name in enumerate(RULES)}
    lengths = {name: -values for name, values in shares.items()}
    left, right = figures.margins_and_lengths(shares, lengths).axes
    for ax, curves in ((left, shares), (right, lengths)):
        for (name, values), band in zip(curves.items(), ax.collections, strict=True):
            assert data(line(ax, name)) == [[e + 1, np.median(values[e])] for e in range(3)]
            low, high = np.quantile(values, [0.25, 0.75], axis=1)
            (path,) = band.get_paths()
            corners = {tuple(corner) for corner in np.asarray(path.vertices).tolist()}
            assert corners == {(e + 1, each[e]) for each in (low, high) for e in range(3)}


def test_three_lines_shows_samples_and_a_line_for_each_rule() -> None:
    X, y = np.array([[1.0, 2], [-1, 0.5], [2, 2]]), np.array([1, -1, 1])
    normals = dict(zip(RULES, ([1.0, 2.0], [2.0, 1.0], [3.0, -1.0]), strict=True))
    (ax,) = figures.three_lines(X, y, normals).axes
    assert data(line(ax, "+1")) == [[1, 2], [2, 2]]
    assert data(line(ax, "−1")) == [[-1, 0.5]]
    for name, normal in normals.items():
        assert_on_line(ax, name, normal, 0)


def test_batches_shows_every_run_of_every_size() -> None:
    losses = {size: np.array([[0.7, 0.6], [0.5, k / 10]]) for k, size in enumerate((300, 60, 15))}
    (ax,) = figures.batches(losses).axes
    assert len(ax.lines) == 6
    for size, runs in losses.items():
        assert data(line(ax, f"{size}")) == [[1, 0.7], [2, 0.5]]
        assert data(line(ax, f"{size} 1")) == [[1, 0.6], [2, runs[1, 1]]]
    assert texts(ax) == ["300 places", "60 places", "15 places"]


def test_shrinking_shows_means_and_the_middle_half() -> None:
    path = np.arange(30.0).reshape(3, 5, 2) ** 2 / 900
    panels = figures.shrinking({"inside": path, "beside": path / 2}, ["loud", "quiet"]).axes
    assert [ax.get_title() for ax in panels] == ["inside", "beside"]
    for ax, w in zip(panels, (path, path / 2), strict=True):
        for k, (name, band) in enumerate(zip(("loud", "quiet"), ax.collections, strict=True)):
            means = w[:, :, k].mean(axis=1)
            np.testing.assert_allclose(data(line(ax, name)), [[t + 1, means[t]] for t in range(3)])
            low, high = np.quantile(w[:, :, k], [0.25, 0.75], axis=1)
            (area,) = band.get_paths()
            corners = {tuple(corner) for corner in np.asarray(area.vertices).tolist()}
            assert corners == {(t + 1, each[t]) for each in (low, high) for t in range(3)}
