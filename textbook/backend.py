"""The Matplotlib backend of labs: a cell's open figure is shown as the SVG of the book.

Only the Jupyter kernel that runs a lab imports this; a lab itself is a plain script.
"""

from IPython.core.getipython import get_ipython
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg

from textbook import figures

FigureCanvas = FigureCanvasAgg


def show(*_: object) -> None:
    """Show and close every open figure."""
    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        drawn = {"image/svg+xml": figures.to_svg(plt.figure(number))}
        display(drawn, raw=True)  # type: ignore[no-untyped-call]  # IPython has no types here
    plt.close("all")


figures.dress()
if shell := get_ipython():
    shell.events.register("post_execute", show)
