"""The figures of the metrics chapter show the arrays that they are given."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import AxLine
from matplotlib.patches import Rectangle, StepPatch
from numpy.typing import ArrayLike

from dlfund import compute_roc
from dlfund.figures import metrics as figures
from tests.figures.seen import data, line, texts


def test_score_line_puts_each_class_in_its_row_and_the_threshold_between() -> None:
    (ax,) = figures.score_line([1, 0, 1], [0.9, 0.7, 0.2], 0.6, fpr=1, tpr=0.5).axes
    rows = {each.get_label(): each for each in ax.collections if isinstance(each, PathCollection)}
    assert np.asarray(rows["positive"].get_offsets()).tolist() == [[0.9, 1], [0.2, 1]]
    assert np.asarray(rows["negative"].get_offsets()).tolist() == [[0.7, 0]]
    (threshold,) = ax.lines
    assert np.asarray(threshold.get_xdata()).tolist() == [0.6, 0.6]
    assert texts(ax)[:2] == ["TPR 0.5", "FPR 1"]


def test_roc_steps_names_the_threshold_of_each_point_but_the_first() -> None:
    fprs, tprs = [0, 0, 0.5, 1], [0, 0.5, 0.5, 1]
    (ax,) = figures.roc_steps(fprs, tprs, [0.9, 0.7, 0.2], 0.625).axes
    curve = data(line(ax, "ROC curve"))
    assert curve == [[0, 0], [0, 0.5], [0.5, 0.5], [1, 1]]
    named = {text.get_text(): list(text.xy) for text in ax.texts if hasattr(text, "xy")}
    assert named == dict(zip(["0.9", "0.7", "0.2"], curve[1:], strict=True))
    assert "AUC 0.625" in texts(ax)
    (area,) = ax.collections
    assert area.get_paths()[0].contains_point((0.4, 0.3))
    assert not area.get_paths()[0].contains_point((0.4, 0.7))


def test_pair_grid_tints_and_writes_what_each_pair_won() -> None:
    wins = np.array([[1, 1, 1], [0, 0.5, 1]])
    fprs, tprs = [0, 0, 1 / 3, 2 / 3, 1], [0, 0.5, 0.5, 1, 1]
    (ax,) = figures.pair_grid([0.9, 0.4], [0.7, 0.4, 0.1], wins, fprs, tprs).axes
    cells = [each for each in ax.patches if isinstance(each, Rectangle)]
    tint = {cell.get_xy(): cell.get_alpha() for cell in cells}
    written = {text.get_position(): float(text.get_text()) for text in ax.texts}
    for row, column in np.ndindex(wins.shape):
        assert tint[column, row] == pytest.approx(0.3 * wins[row, column])
        assert written[column + 0.5, row + 0.5] == wins[row, column]
    expected = np.transpose([fprs, tprs]) * [3, 2]
    np.testing.assert_allclose(data(line(ax, "ROC curve")), expected)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.7", "0.4", "0.1"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0.9", "0.4"]


def test_roc_curves_differ_in_colour_and_dash_and_say_their_area() -> None:
    curves: list[tuple[str, ArrayLike, ArrayLike, float]] = [
        ("good", [0, 0, 1], [0, 1, 1], 1.0),
        ("coin", [0, 0.5, 1], [0, 0.25, 1], 0.375),
    ]
    figure = figures.roc_curves(curves)
    (ax,) = figure.axes
    good, coin = line(ax, "good, AUC 1.000"), line(ax, "coin, AUC 0.375")
    assert data(good) == [[0, 0], [0, 1], [1, 1]]
    assert data(coin) == [[0, 0], [0.5, 0.25], [1, 1]]
    assert good.get_color() != coin.get_color()
    assert good.get_linestyle() != coin.get_linestyle()
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [good.get_label(), coin.get_label()]


def test_score_histograms_count_every_sample_of_its_class() -> None:
    y = np.array([1, 0, 1, 0, 0])
    panels = {"one": np.array([0.9, 0.1, 0.9, 0.5, 0.1]), "two": np.linspace(0, 1, 5)}
    figure = figures.score_histograms(y, panels)
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
    for ax, scores in zip(figure.axes, panels.values(), strict=True):
        bins = np.linspace(0, 1, 26)
        drawn = {each.get_label(): each for each in ax.patches if isinstance(each, StepPatch)}
        for name, label in (("positive", 1), ("negative", 0)):
            counts, edges, _ = drawn[name].get_data()
            assert np.asarray(counts).tolist() == np.histogram(scores[y == label], bins)[0].tolist()
            np.testing.assert_array_equal(edges, bins)
            assert np.sum(counts) == np.sum(y == label)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["positive", "negative"]


def test_top_k_curves_show_each_model_with_its_name_beside_it() -> None:
    curves: dict[str, ArrayLike] = {"sure": [1, 1, 1], "unsure": [0.2, 0.5, 0.9]}
    (ax,) = figures.top_k_curves([1, 3, 5], curves).axes
    assert data(line(ax, "sure")) == [[1, 1], [3, 1], [5, 1]]
    assert data(line(ax, "unsure")) == [[1, 0.2], [3, 0.5], [5, 0.9]]
    assert texts(ax) == ["sure", "unsure"]
    first, second = ax.lines
    assert first.get_marker() != second.get_marker()
    assert np.asarray(ax.get_xticks()).tolist() == [1, 3, 5]


def test_seen_and_unseen_run_from_many_neighbours_to_few() -> None:
    (ax,) = figures.seen_and_unseen([9, 3, 1], [0.3, 0.2, 0], [0.4, 0.25, 0.3]).axes
    assert data(line(ax, "training samples")) == [[9, 0.3], [3, 0.2], [1, 0]]
    assert data(line(ax, "new samples")) == [[9, 0.4], [3, 0.25], [1, 0.3]]
    left, right = ax.get_xlim()
    assert left > right


def test_score_heaps_show_the_share_of_each_score() -> None:
    heaps: dict[str, ArrayLike] = {"one": [0.5, 0.5, 0.51, 0.47], "best": [0.6, 0.62]}
    (ax,) = figures.score_heaps(heaps).axes
    drawn = {each.get_label(): each for each in ax.patches if isinstance(each, StepPatch)}
    for name, scores in heaps.items():
        shares, edges, _ = drawn[name].get_data()
        for score in set(np.asarray(scores).tolist()):
            (bin_,) = np.flatnonzero((edges[:-1] < score) & (score < edges[1:]))
            assert shares[bin_] == np.mean(np.asarray(scores) == score)
        assert np.sum(shares) == pytest.approx(1)


def test_leaks_draw_both_scores_of_each_with_their_intervals() -> None:
    scores, widths = [[0.9, 0.5], [0.7, 0.52]], [[0.01, 0.02], [0.03, 0.04]]
    (ax,) = figures.leaks(["copies", "future"], scores, widths).axes
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["copies", "future"]
    for column, container in enumerate(ax.containers):
        points, _, (bars,) = container
        assert np.asarray(points.get_xydata()).tolist() == [[scores[r][column], r] for r in (0, 1)]
        for row, (start, end) in enumerate(bars.get_segments()):
            middle, width = scores[row][column], widths[row][column]
            np.testing.assert_allclose([start[0], end[0]], [middle - width, middle + width])


@pytest.mark.parametrize("threshold", [n / 20 for n in range(1, 20)])
def test_heaps_show_the_counts_and_the_point_of_a_threshold(threshold: float) -> None:
    rng = np.random.default_rng(7)
    y = np.array([1] * 23 + [0] * 41)
    scores = np.concatenate([rng.normal(0.6, 0.15, 23), rng.normal(0.4, 0.15, 41)]).clip(0, 1)
    edges = np.linspace(0, 1, 14)
    heights = {
        "ill": np.histogram(scores[y == 1], edges)[0],
        "well": np.histogram(scores[y == 0], edges)[0],
    }
    fprs, tprs = compute_roc(y, scores)
    called = scores >= threshold
    counts = {
        "FN": int(sum(~called & (y == 1))), "TN": int(sum(~called & (y == 0))),
        "TP": int(sum(called & (y == 1))), "FP": int(sum(called & (y == 0))),
    }  # fmt: skip
    point = (counts["FP"] / 41, counts["TP"] / 23)
    left, right = figures.heaps(edges, heights, threshold, counts, (fprs, tprs), point).axes
    for patch, values in zip(left.patches, heights.values(), strict=True):
        assert isinstance(patch, StepPatch)
        assert patch.get_data()[0].tolist() == values.tolist()
        assert patch.get_data()[1].tolist() == edges.tolist()
        assert values.max() < left.get_ylim()[1] / 1.3  # the counts stand above
    assert data(left.lines[0]) == [[threshold, 0], [threshold, 1]]
    said = [f"{name} {count}" for name, count in counts.items()]
    assert texts(left) == ["\n".join(said[:2]), "\n".join(said[2:])]
    assert data(line(right, "ROC curve")) == np.transpose([fprs, tprs]).tolist()
    assert data(line(right, "threshold")) == [list(point)]
    assert list(point) in data(line(right, "ROC curve"))


def test_heaps_of_rare_positives_keep_their_scale() -> None:
    curve = [0, 1], [0, 1]
    for share in (0.01, 0.5):
        bars = {"a": [1000 * share], "b": [1000 * (1 - share)]}
        figure = figures.heaps([0, 1], bars, 0.5, {"FN": 0.4}, curve, (0, 0), highest=990)
        assert figure.axes[0].get_ylim() == (0, 1.5 * 990)
        assert texts(figure.axes[0]) == ["FN 0", ""]


def test_curves_draw_each_line_with_its_point_and_the_level() -> None:
    lines: dict[str, ArrayLike] = {"one": [1, 2, 4], "two": [3, 3.5, 5]}
    figure = figures.curves(
        [1, 10, 100], lines, labels=("n", "cost"), points={"two": (10, 3.5)}, level=2.5, log=True
    )
    (ax,) = figure.axes
    for name, values in lines.items():
        assert data(line(ax, name)) == np.transpose([[1, 10, 100], values]).tolist()
    (point,) = [each for each in ax.lines if each.get_marker() == "s"]
    assert data(point) == [[10, 3.5]]
    assert point.get_color() == line(ax, "two").get_color() != line(ax, "one").get_color()
    assert np.asarray(ax.lines[-1].get_ydata()).tolist() == [2.5, 2.5]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xscale()) == ("n", "cost", "log")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", "two"]


def test_reliability_shows_the_points_over_the_heap() -> None:
    said, happened, counts = [0.1, 0.7], [0.25, 0.5], [3, 0, 5]
    above, below = figures.reliability(said, happened, [0, 1 / 3, 2 / 3, 1], counts).axes
    assert data(line(above, "observed")) == [[0.1, 0.25], [0.7, 0.5]]
    assert data(line(above, "calibrated")) == [[0, 0], [1, 1]]
    (heap,) = below.patches
    assert isinstance(heap, StepPatch)
    assert heap.get_data()[0].tolist() == [3 / 8, 0, 5 / 8]
    assert heap.get_data()[1].tolist() == [0, 1 / 3, 2 / 3, 1]


@pytest.mark.parametrize(
    ("figure", "words", "tinted"),
    [
        (
            lambda counts: figures.paired_answers(counts, ("A", "B")),
            {(0, 1): "A alone", (1, 0): "B alone"},
            {(0, 1), (1, 0)},
        ),
        (
            figures.counts_in_a_square,
            {(0, 0): "TN", (0, 1): "FP", (1, 0): "FN", (1, 1): "TP"},
            {(0, 0), (0, 1), (1, 0), (1, 1)},
        ),
    ],
)
def test_four_counts_stand_in_their_cells(
    figure: Callable[[ArrayLike], Figure],
    words: dict[tuple[int, int], str],
    tinted: set[tuple[int, int]],
) -> None:
    counts = np.array([[880, 20], [1040, 60]])
    (ax,) = figure(counts).axes
    written = {text.get_position(): text.get_text().split("\n") for text in ax.texts}
    cells = {each.get_xy(): each for each in ax.patches if isinstance(each, Rectangle)}
    for row, column in np.ndindex(2, 2):
        expected = [f"{counts[row, column]:,}", *filter(None, [words.get((row, column))])]
        assert written[column + 0.5, row + 0.5] == expected
        assert (cells[column, row].get_facecolor() != (0, 0, 0, 0)) == ((row, column) in tinted)
    assert ax.get_ylim() == (2, 0)  # the first row is the upper one


def test_precision_recall_steps_have_the_area_that_is_named() -> None:
    recalls, precisions = [0.25, 0.5, 0.5, 1], [1, 1, 2 / 3, 4 / 7]
    ap = 0.25 * 1 + 0.25 * 1 + 0.5 * 4 / 7
    (ax,) = figures.precision_recall_steps(recalls, precisions, [0.9, 0.8, 0.7, 0.2], ap).axes
    points = data(line(ax, "thresholds"))
    assert points == np.transpose([recalls, precisions]).tolist()
    steps = line(ax, "steps")
    assert steps.get_drawstyle() == "steps-pre"  # a height holds for the way that ends at it
    x, y = np.transpose(data(steps))
    assert float(np.sum(np.diff(x) * y[1:])) == pytest.approx(ap)
    named = {text.get_text(): list(text.xy) for text in ax.texts if hasattr(text, "xy")}
    assert named == dict(zip(["0.9", "0.8", "0.7", "0.2"], points, strict=True))
    assert f"average precision {ap:.2f}" in texts(ax)


def test_two_pictures_show_each_ranking_alike_and_what_luck_reaches() -> None:
    roc: dict[str, tuple[ArrayLike, ArrayLike]] = {
        "one": ([0, 0, 1], [0, 0.5, 1]),
        "two": ([0, 0.5, 1], [0, 1, 1]),
    }
    found: dict[str, tuple[ArrayLike, ArrayLike]] = {
        "one": ([0, 0.5, 1], [1, 1, 0.25]),
        "two": ([0, 1, 1], [0.4, 0.4, 0.25]),
    }
    left, right = figures.two_pictures(roc, found, 0.25).axes
    for name in roc:
        assert data(line(left, name)) == np.column_stack(roc[name]).tolist()
        assert data(line(right, name)) == np.column_stack(found[name]).tolist()
        assert line(right, name).get_drawstyle() == "steps-pre"
        for style in ("get_color", "get_linestyle"):
            assert getattr(line(left, name), style)() == getattr(line(right, name), style)()
    assert data(line(left, "luck")) == [[0, 0], [1, 1]]
    assert data(line(right, "luck")) == [[0, 0.25], [1, 0.25]]


def test_confusion_grid_tints_mistakes_by_their_number_and_leaves_zeros_blank() -> None:
    counts = np.array([[7, 0, 2], [4, 11, 0], [1, 0, 5]])
    (ax,) = figures.confusion_grid(counts).axes
    written = {text.get_position(): text.get_text() for text in ax.texts}
    cells = {each.get_xy(): each for each in ax.patches if isinstance(each, Rectangle)}
    for row, column in np.ndindex(3, 3):
        count = int(counts[row, column])
        assert written.get((column + 0.5, row + 0.5), "0") == str(count)
        if row != column:
            assert cells[column, row].get_alpha() == pytest.approx(0.65 * count / 4)
    right, wrong = cells[0, 0].get_facecolor(), cells[0, 1].get_facecolor()
    assert right[:3] != wrong[:3]
    assert ax.get_ylim() == (3, 0)  # the first class is the upper row


@pytest.mark.parametrize("slope", [0.25, 1, 4])
def test_ruler_touches_the_curve_in_its_point(slope: float) -> None:
    fprs, tprs = [0, 0, 0.25, 0.5, 1], [0, 0.5, 0.75, 0.75, 1]
    best = max(zip(fprs, tprs, strict=True), key=lambda point: point[1] - slope * point[0])
    (ax,) = figures.ruler(fprs, tprs, best, slope).axes
    assert data(line(ax, "ROC curve")) == np.transpose([fprs, tprs]).tolist()
    assert data(line(ax, "cheapest")) == [list(best)]
    drawn = line(ax, "equal cost")
    assert isinstance(drawn, AxLine)
    assert (drawn.get_xy1(), drawn.get_slope()) == (best, slope)


def test_predictions_part_what_is_scored_from_the_rest() -> None:
    truth, predicted = np.array([1.0, 4, 5, 9]), np.array([2.0, 3, 6, 7])
    chosen = np.array([False, True, True, False])
    (ax,) = figures.predictions(truth, predicted, chosen).axes
    points = {each.get_label(): np.asarray(each.get_offsets()) for each in ax.collections}
    assert points["scored"].tolist() == [[4, 3], [5, 6]]
    assert points["left out"].tolist() == [[1, 2], [9, 7]]
    assert data(line(ax, "mean")) == [[4, 4.5], [5, 4.5]]
    assert data(line(ax, "right")) == [[1, 1], [9, 9]]
