"""Code blocks: the text is untouched, the elements are few."""

import html
import re

import pytest

from textbook.build.highlight import highlight
from textbook.session import clean

SESSION = '''>>> # First, the library.
>>> import numpy as np
>>> def f(x):
...     """Double."""
...     return 2 * x  # < 3 & > 1
...
>>> f(np.array([[1, 2, 3], [4, 5, 6]]))
array([[ 2,  4,  6],
       [ 8, 10, 12]])
>>> print("<b>")
<b>
'''


@pytest.mark.parametrize(
    ("source", "language"), [(SESSION, "pycon"), (clean(SESSION) + "\n", "python")]
)
def test_the_text_is_what_was_written(source: str, language: str) -> None:
    code = re.search(r"<code>(.*)</code>", highlight(source, language), re.DOTALL)
    assert code is not None
    assert html.unescape(re.sub(r"<[^>]+>", "", code[1])) == source


def test_clean_is_the_code_alone() -> None:
    assert clean(SESSION).splitlines() == [
        "# First, the library.",
        "import numpy as np",
        "def f(x):",
        '    """Double."""',
        "    return 2 * x  # < 3 & > 1",
        "",
        "f(np.array([[1, 2, 3], [4, 5, 6]]))",
        'print("<b>")',
    ]


def test_numbers_and_brackets_cost_no_elements() -> None:
    row = ", ".join(["1"] * 50)
    assert highlight(f"x = [{row}]\n", "python").count("<span") == 0
