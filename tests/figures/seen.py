"""What the tests look at in a figure that was drawn."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D


def line(ax: Axes, label: str) -> Line2D:
    """Return the one line of this label."""
    (found,) = [each for each in ax.lines if each.get_label() == label]
    return found


def data(drawn: Line2D) -> list[list[float]]:
    points: list[list[float]] = np.asarray(drawn.get_xydata()).tolist()
    return points


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]
