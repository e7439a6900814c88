"""The figures of the perceptron chapter show the arrays that they are given."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from dlfund import Perceptron
from dlfund.figures import perceptron as figures
from tests.figures.seen import data, line, texts

SQUARE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([-1, 1, 1, -1])


def classes(ax: Axes) -> dict[object, list[list[float]]]:
    """Return the points of each class, by its label in the figure."""
    scatters = [each for each in ax.collections if isinstance(each, PathCollection)]
    return {each.get_label(): np.asarray(each.get_offsets()).tolist() for each in scatters}


def assert_on_line(ax: Axes, label: str, weights: list[float], bias: float) -> None:
    """Check that both points that define a boundary have score zero."""
    first, last = data(line(ax, label))
    assert first != last
    for point in (first, last):
        assert abs(np.dot(weights, point) + bias) < 1e-9
    lowest, highest = np.transpose([ax.get_xlim(), ax.get_ylim()])
    assert not ((lowest <= first) & (first <= highest)).all()  # it crosses the axes
    assert not ((lowest <= last) & (last <= highest)).all()


def test_decision_line_shows_points_by_sign_with_their_distances() -> None:
    points = [[4, 2], [1, 1], [0, 0]]
    (ax,) = figures.decision_line([3, 4], -5, points, [3, 0.4, -1]).axes
    assert classes(ax) == {"+1": [[4, 2], [1, 1]], "−1": [[0, 0]]}
    assert_on_line(ax, "boundary", [3, 4], -5)
    assert texts(ax) == ["+3", "+0.4", "−1", "", "$w$"]
    feet = [each.get_xydata() for each in ax.lines if each.get_linestyle() == ":"]
    for (foot, point), expected in zip(np.asarray(feet), points, strict=True):
        assert point.tolist() == expected
        assert abs(np.dot([3, 4], foot) - 5) < 1e-12


def test_the_normal_points_to_the_positive_side() -> None:
    (ax,) = figures.decision_line([3, 4], -5, [[4, 2], [0, 0]], [3, -1]).axes
    (arrow,) = [each for each in ax.texts if each.get_text() == ""]
    assert isinstance(arrow, Annotation)
    tail, head = arrow.xyann, arrow.xy
    np.testing.assert_allclose(np.subtract(head, tail), [0.6, 0.8])
    assert abs(np.dot([3, 4], tail) - 5) < 1e-12


def test_one_correction_shows_both_boundaries_and_the_sample() -> None:
    before, after = ([2, -1], 0), ([3, 2], 1)
    (ax,) = figures.one_correction(before, after, x=[1, 3], label=1).axes
    assert_on_line(ax, "before", [2, -1], 0)
    assert_on_line(ax, "after", [3, 2], 1)
    assert line(ax, "before").get_linestyle() != line(ax, "after").get_linestyle()
    assert classes(ax) == {"+1": [[1, 3]]}
    names = ["before", "after", "$w$", r"$+\,y\,x$", "new $w$", "$y = +1$"]
    assert [each for each in texts(ax) if each] == names
    arrows = [each for each in ax.texts if isinstance(each, Annotation) and not each.get_text()]
    ends = [[np.asarray(each.xyann).tolist(), np.asarray(each.xy).tolist()] for each in arrows]
    assert ends == [[[0, 0], [2, -1]], [[2, -1], [3, 2]], [[0, 0], [3, 2]]]


def test_training_shows_samples_boundary_and_mistakes() -> None:
    X, y = np.array([[2.0, 1.0], [-1.0, 0.5], [3.0, 2.0]]), np.array([1, -1, 1])
    left, right = figures.training(X, y, [1, 2], -0.5, [3, 5, 0]).axes
    assert classes(left) == {"+1": [[2, 1], [3, 2]], "−1": [[-1, 0.5]]}
    assert_on_line(left, "boundary", [1, 2], -0.5)
    (curve,) = right.lines
    assert data(curve) == [[1, 3], [2, 5], [3, 0]]
    assert texts(right) == ["3", "5", "0"]


def test_corrections_show_each_step_of_a_run() -> None:
    X = np.array([[0.5, 0.2], [-0.3, 0.9], [-0.7, -0.4], [0.1, -0.8], [0.4, 0.7]])
    y = np.array([1, -1, -1, 1, 1])
    fitted = Perceptron(n_features=2)
    made = sum(fitted.fit(X, y))
    w, b, steps = np.zeros(2), 0.0, [(np.zeros(2), 0.0, -1)]
    while len(steps) <= made:
        for n, (x, label) in enumerate(zip(X, y, strict=True)):
            if (1 if x @ w + b >= 0 else -1) != label:
                w, b = w + label * x, b + label
                steps.append((w, b, n))
    assert w.tolist() == fitted.weights.tolist()
    assert b == fitted.bias
    unit = Perceptron(n_features=2)
    wrong: list[int] = []
    for k, (w, b, n) in enumerate(steps):
        unit.weights, unit.bias = w, b
        wrong.append(int((unit.predict(X) != y).sum()))
        left, right = figures.corrections(X, y, w, b, wrong, n if k else None).axes
        for label, name in ((1, "+1"), (-1, "−1")):
            assert data(line(left, name)) == X[y == label].tolist()
        if k:
            assert_on_line(left, "boundary", w.tolist(), b)
            assert data(line(left, "corrected")) == [X[n].tolist()]
        else:
            assert len(left.lines) == 2
        assert data(line(right, "wrong")) == [[i, count] for i, count in enumerate(wrong)]
        assert data(line(right, "now")) == [[k, wrong[-1]]]
    assert wrong[-1] == 0


def test_the_tint_of_each_half_plane_is_the_colour_of_its_class() -> None:
    left, _ = figures.training([[2, 1], [-3, 0]], [1, -1], [1, 2], -0.5, [1, 0]).axes
    for patch, sign in zip(left.patches, (1, -1), strict=True):
        assert mpl.colors.same_color(
            patch.get_facecolor(), mpl.colors.to_rgba("C0" if sign == 1 else "C1", 0.13)
        )
        vertices = np.asarray(patch.get_path().vertices)
        far = vertices[np.argmax(np.abs(vertices @ [1, 2]))]
        assert np.sign(far @ [1, 2] - 0.5) == sign


def test_squeeze_shows_the_run_between_floor_and_ceiling() -> None:
    progress, lengths = [1.0, 1.5, 2.5], [1.2, 1.8, 2.6]
    (ax,) = figures.squeeze(progress, lengths, margin=0.5, radius=2, bound=16).axes
    assert data(line(ax, "progress")) == [[1, 1], [2, 1.5], [3, 2.5]]
    assert data(line(ax, "length")) == [[1, 1.2], [2, 1.8], [3, 2.6]]
    k, floor = np.transpose(line(ax, "floor").get_xydata())
    np.testing.assert_allclose(floor, 0.5 * k)
    k, ceiling = np.transpose(line(ax, "ceiling").get_xydata())
    np.testing.assert_allclose(ceiling, 2 * np.sqrt(k))
    assert data(line(ax, "bound")) == [[16, 8]]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert r"$(R/\gamma)^2$ = 16" in texts(ax)


def test_xor_points_shows_the_classes_and_crossing_diagonals() -> None:
    (ax,) = figures.xor_points(SQUARE, XOR).axes
    assert classes(ax) == {"+1": [[0, 1], [1, 0]], "−1": [[0, 0], [1, 1]]}
    assert data(line(ax, "diagonal +1")) == [[0, 1], [1, 0]]
    assert data(line(ax, "diagonal -1")) == [[0, 0], [1, 1]]
    assert data(line(ax, "centre")) == [[0.5, 0.5]]
    assert texts(ax)[1:] == ["−1", "+1", "+1", "−1"]


def test_xor_lines_shades_the_region_that_it_is_given() -> None:
    grid = np.linspace(-0.5, 1.5, 22)
    x1, x2 = np.meshgrid(grid, grid)
    region = np.where((x1 + x2 > 0.5) & (x1 + x2 < 1.5), 1, -1)
    lines = [("OR", [1, 1], -0.5), ("NAND", [-1, -1], 1.5)]
    (ax,) = figures.xor_lines(SQUARE, XOR, lines, grid, grid, region).axes
    assert classes(ax) == {"+1": [[0, 1], [1, 0]], "−1": [[0, 0], [1, 1]]}
    assert_on_line(ax, "OR", [1, 1], -0.5)
    assert_on_line(ax, "NAND", [-1, -1], 1.5)
    assert texts(ax)[-2:] == ["OR", "NAND"]
    shaded = ax.collections[-1].get_paths()
    inside = [[any(p.contains_point(xy) for p in shaded) for xy in row] for row in SQUARE[None]]
    assert inside == [[False, True, True, False]]


def test_offsets_shows_parallel_lines_and_their_distances() -> None:
    (ax,) = figures.offsets([3, 4], [5, 0, -10]).axes
    for bias, foot in ((5, [-0.6, -0.8]), (0, [0, 0]), (-10, [1.2, 1.6])):
        assert_on_line(ax, f"b = {bias}", [3, 4], bias)
        np.testing.assert_allclose(data(line(ax, f"foot {bias}")), [foot], atol=1e-12)
    assert texts(ax) == ["$b$ = 5: −1", "$b$ = 0: 0", "$b$ = −10: +2"]
    np.testing.assert_allclose(data(line(ax, "normal")), [[1.2, 1.6], [-0.6, -0.8]])
    assert data(line(ax, "origin")) == [[0, 0]]


def test_gates_shows_each_unit_with_its_line_and_its_answers() -> None:
    units: dict[str, tuple[list[float], float]] = {
        "AND": ([1, 1], -1.5), "OR": ([1, 1], -0.5), "NOT": ([-1, 0.25], 0.5)
    }  # fmt: skip
    answers = np.array([[-1, -1, -1, 1], [-1, 1, 1, 1], [1, 1, -1, -1]])
    figure = figures.gates(SQUARE, units, answers)
    for ax, (name, (weights, bias)), y in zip(figure.axes, units.items(), answers, strict=True):
        assert ax.get_title() == name
        assert_on_line(ax, "boundary", weights, bias)
        expected = {"+1": SQUARE[y == 1].tolist(), "−1": SQUARE[y == -1].tolist()}
        assert classes(ax) == expected


def test_templates_shows_each_row_on_one_scale_around_zero() -> None:
    weights = np.random.default_rng(0).normal(size=(10, 2, 3))
    panels = figures.templates(weights).axes
    assert [ax.get_title() for ax in panels] == [str(k) for k in range(10)]
    for ax, row in zip(panels, weights, strict=True):
        (image,) = ax.images
        np.testing.assert_array_equal(np.asarray(image.get_array()), row)
        assert image.get_clim() == (-abs(weights).max(), abs(weights).max())


def test_mistaken_shows_each_image_with_its_count() -> None:
    images, counts = np.arange(24.0).reshape(4, 2, 3), [3, -1, -2, 1]
    panels = figures.mistaken(images, counts).axes
    assert [ax.get_title() for ax in panels] == ["+3", "−1", "−2", "+1"]
    for ax, image in zip(panels, images, strict=True):
        np.testing.assert_array_equal(np.asarray(ax.images[0].get_array()), image)


def test_scored_shows_each_score_in_its_row_and_rings_the_wrong() -> None:
    (ax,) = figures.scored([3, -2, 0, 5, -4], [1, 1, -1, -1, -1], ("threes", "eights")).axes
    assert data(line(ax, "+1")) == [[3, 0], [-2, 0]]
    assert data(line(ax, "−1")) == [[0, -1], [5, -1], [-4, -1]]
    assert data(line(ax, "wrong +1")) == [[-2, 0]]
    assert data(line(ax, "wrong −1")) == [[0, -1], [5, -1]]  # a score of 0 counts as +1
    assert [each.get_text() for each in ax.get_yticklabels()] == ["threes", "eights"]


def test_orders_shows_how_many_orders_took_how_long() -> None:
    counts = [12, 30, 30, 31, 300]
    (ax,) = figures.orders(counts, given=39, bound=3239).axes
    bars = [each for each in ax.patches if isinstance(each, Rectangle) and each.get_height() > 0]
    assert sum(each.get_height() for each in bars) == len(counts)
    for bar in bars:
        inside = sum(bar.get_x() <= n < bar.get_x() + bar.get_width() for n in counts)
        assert bar.get_height() == inside
    assert np.asarray(line(ax, "this order").get_xdata()).tolist() == [39, 39]
    assert np.asarray(line(ax, "bound").get_xdata()).tolist() == [3239, 3239]
    assert ax.get_xscale() == "log"


def test_unsettled_shows_three_accuracies_by_epoch() -> None:
    found = {"last": [0.5, 0.9, 0.6], "average": [0.7, 0.8, 0.8], "pocket": [0.6, 0.6, 0.7]}
    (ax,) = figures.unsettled(found).axes
    for name, values in found.items():
        assert data(line(ax, name)) == [[e, v] for e, v in enumerate(values, 1)]


def test_capacity_shows_each_share_and_the_half_that_all_share() -> None:
    ratio: dict[int, list[float]] = {3: [1, 2], 25: [1, 2.5], 201: [0.5, 4]}
    shares: dict[int, list[float]] = {3: [1, 0.5], 25: [1, 0.1], 201: [1, 0]}
    (ax,) = figures.capacity(ratio, shares).axes
    for weights, x in ratio.items():
        curve = line(ax, f"{weights} weights")
        assert data(curve) == [list(each) for each in zip(x, shares[weights], strict=True)]
    assert data(line(ax, "half")) == [[2, 0.5]]


def test_moved_shows_the_points_before_and_after_with_their_names() -> None:
    after = np.array([[0, 0], [1, 0], [1, 0], [2, 1]])
    left, right = figures.moved(SQUARE, after, XOR, [1, -2, -0.5]).axes
    assert classes(left) == {"+1": [[0, 1], [1, 0]], "−1": [[0, 0], [1, 1]]}
    assert classes(right) == {"+1": [[1, 0], [1, 0]], "−1": [[0, 0], [2, 1]]}
    assert_on_line(right, "boundary", [1, -2], -0.5)
    assert (texts(left), texts(right)) == (["00", "01", "10", "11"], ["00", "01, 10", "11"])


def test_folds_shows_each_fold_with_even_and_odd_apart() -> None:
    s = np.arange(0, 4.5, 0.5)
    steps = [abs(s - 2), abs(abs(s - 2) - 1)]
    figure = figures.folds(s, steps)
    for ax, step in zip(figure.axes, steps, strict=True):
        assert data(line(ax, "fold")) == [list(each) for each in zip(s, step, strict=True)]
        for name, whole in (("even", [0, 2, 4]), ("odd", [1, 3])):
            assert data(line(ax, name)) == [[n, step[2 * n]] for n in whole]
