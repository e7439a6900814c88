"""The parser and the evaluator that pytest and the build share."""

import warnings
from itertools import groupby
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sybil import Document

from textbook.examples import ExampleError, blocks, evaluate, parse, run_section


def page(*parts: str) -> str:
    return "\n".join(parts) + "\n"


def fence(info: str, *lines: str, ticks: str = "```") -> str:
    return page(f"{ticks}{info}", *lines, ticks)


def run(text: str) -> list[Any]:
    """Run all the examples of a one-section page and return what their figures show."""
    return run_section([block for _, _, block in blocks(text, "page.md")], "page.md", type)


DRAW = ("import matplotlib.pyplot as plt", "fig, ax = plt.subplots()")


class TestParse:
    def test_language_source_and_line(self) -> None:
        text = page("# Title", "", fence("pycon", ">>> 1 + 1", "2"), fence("python", "x = 1"))
        found = [(b.language, b.source, b.line) for _, _, b in blocks(text, "page.md")]
        assert found == [("pycon", ">>> 1 + 1\n2\n", 3), ("python", "x = 1\n", 8)]

    def test_span_holds_the_whole_fence(self) -> None:
        text = page("before", fence("python", "x = 1").rstrip(), "after")
        ((start, end, _),) = blocks(text, "page.md")
        assert text[start:end] == "```python\nx = 1\n```"

    def test_options(self) -> None:
        text = fence('python alt="A line" caption="It rises with `x`."', "pass")
        ((_, _, block),) = blocks(text, "page.md")
        assert block.options == {"alt": "A line", "caption": "It rises with `x`."}

    def test_a_section_starts_at_each_second_level_heading(self) -> None:
        text = page(
            fence("python", "a"), "## One", fence("python", "b"), "### Not", fence("python", "c")
        )
        assert [b.section for _, _, b in blocks(text, "page.md")] == [0, 1, 1]

    def test_a_heading_inside_a_fence_is_code(self) -> None:
        text = page(fence("text", "## comment"), fence("python", "## comment", "x = 1"))
        assert [b.section for _, _, b in blocks(text, "page.md")] == [0]

    def test_a_fence_inside_a_longer_fence_is_text(self) -> None:
        text = fence("markdown", "```pycon", ">>> 1", "2", "```", ticks="````")
        assert blocks(text, "page.md") == []

    def test_indented_fences_lose_their_indent(self) -> None:
        text = page("??? note", "", "    ```python", "    if x:", "        y", "    ```")
        ((_, _, block),) = blocks(text, "page.md")
        assert (block.source, block.indent) == ("if x:\n    y\n", "    ")

    def test_other_languages_are_not_run(self) -> None:
        assert blocks(page(fence("text", "x"), fence("", "x"), fence("bash", "x")), "page.md") == []

    @pytest.mark.parametrize("info", ["py", "Python", "python3", "pycon3", "{.python}", "ipython"])
    def test_other_names_of_python_are_refused(self, info: str) -> None:
        with pytest.raises(ExampleError, match=r"page\.md:1: unknown language .* pycon or python"):
            blocks(fence(info, "x = 1"), "page.md")

    @pytest.mark.parametrize(
        ("info", "message"),
        [
            ('python title="x"', "unknown option 'title'; allowed: alt and caption"),
            ('python alt="x" alt="y"', "unknown option 'alt'"),
            ("python linenums", "cannot read 'linenums'"),
            ('pycon alt="x"', "a pycon block does not take alt"),
        ],
    )
    def test_unknown_options_are_refused(self, info: str, message: str) -> None:
        with pytest.raises(ExampleError, match=message):
            blocks(fence(info, "x = 1"), "page.md")

    def test_an_open_fence_is_refused(self) -> None:
        with pytest.raises(ExampleError, match=r"page\.md:2: .* never closed"):
            blocks(page("", "```python", "x = 1"), "page.md")

    def test_lines_are_counted_from_the_source(self) -> None:
        ((_, _, block),) = blocks(fence("python", "x"), "page.md", first_line=5)
        assert block.line == 5


class TestRun:
    def test_names_live_until_the_next_section(self) -> None:
        run(page(fence("python", "x = 1"), fence("pycon", ">>> x", "1")))

    def test_a_new_section_knows_nothing_of_the_last(self) -> None:
        text = page(fence("python", "x = 1"), "## New", fence("pycon", ">>> x", "1"))
        document = Document(text, "page.md")
        for region in parse(document):
            document.add(region)
        first, second = document.examples()
        assert evaluate(first) == ""
        assert "NameError" in evaluate(second)

    def test_a_wrong_digit_names_line_and_difference(self) -> None:
        text = page("", fence("pycon", ">>> x = 2", ">>> x * 0.5", "1.5"))
        with pytest.raises(ExampleError) as caught:
            run(text)
        assert str(caught.value).startswith("page.md:4: example failed\n>>> x * 0.5")
        assert "Expected:\n    1.5\nGot:\n    1.0" in str(caught.value)

    def test_numbers_are_compared_digit_by_digit(self) -> None:
        with pytest.raises(ExampleError, match="example failed"):
            run(fence("pycon", ">>> 1.5", "1."))

    def test_an_exception_names_its_line(self) -> None:
        text = page("", fence("python", "def f():", "    return 1 / 0", "", "f()"))
        with pytest.raises(ExampleError, match=r"^page\.md:4: ZeroDivisionError: division by zero"):
            run(text)

    def test_a_syntax_error_is_an_error(self) -> None:
        with pytest.raises(ExampleError, match="SyntaxError"):
            run(fence("python", "x ="))

    def test_a_warning_is_an_error(self) -> None:
        with pytest.raises(ExampleError, match="UserWarning: careful"):
            run(fence("python", "import warnings", "warnings.warn('careful', stacklevel=1)"))
        with pytest.raises(ExampleError, match="RuntimeWarning"):
            run(fence("pycon", ">>> import numpy as np", ">>> float(np.log(0.0 * np.ones(1))[0])"))
        assert warnings.filters, "the caller's filters are put back"

    def test_printing_is_for_sessions(self) -> None:
        with pytest.raises(ExampleError, match="prints; show numbers with pycon"):
            run(fence("python", "print(1)"))

    def test_a_session_without_prompt_tests_nothing(self) -> None:
        with pytest.raises(ExampleError, match="without a >>> prompt"):
            run(fence("pycon", "x = 1"))

    def test_doctest_options_are_refused(self) -> None:
        with pytest.raises(ExampleError, match="doctest options"):
            run(fence("pycon", ">>> 1  # doctest: +ELLIPSIS", "..."))

    def test_print_options_do_not_leak(self) -> None:
        before = np.get_printoptions()
        run(fence("python", "import numpy as np", "np.set_printoptions(precision=2)"))
        assert np.get_printoptions() == before


class TestFigures:
    def test_the_open_figure_is_shown_and_closed(self) -> None:
        shown = run(fence('python alt="a" caption="c"', *DRAW))
        assert [kind.__name__ for kind in shown] == ["Figure"]
        assert plt.get_fignums() == []

    @pytest.mark.parametrize("missing", ["alt", "caption"])
    def test_alt_and_caption_are_required(self, missing: str) -> None:
        options = {"alt": "a", "caption": "c"} | {missing: " "}
        info = " ".join(["python", *(f'{k}="{v}"' for k, v in options.items())])
        with pytest.raises(ExampleError, match=rf"page\.md:1: draws a figure.*say {missing}"):
            run(fence(info, *DRAW))
        with pytest.raises(ExampleError, match="draws a figure"):
            run(fence("python", *DRAW))

    def test_a_caption_without_figure_is_refused(self) -> None:
        with pytest.raises(ExampleError, match="says alt but draws no figure"):
            run(fence('python alt="a" caption="c"', "x = 1"))

    def test_two_figures_are_refused(self) -> None:
        with pytest.raises(ExampleError, match="2 figures are left open"):
            run(fence('python alt="a" caption="c"', *DRAW, "plt.figure()"))

    def test_a_session_cannot_leave_a_figure_open(self) -> None:
        with pytest.raises(ExampleError, match="draws a figure"):
            run(fence("pycon", *(f">>> {line}" for line in DRAW)))

    def test_a_failing_block_closes_its_figure(self) -> None:
        with pytest.raises(ExampleError, match="ZeroDivisionError"):
            run(fence("python", *DRAW, "1 / 0"))
        assert plt.get_fignums() == []


class TestExercises:
    START = '```python exercise="double"\ndef f(x):\n    ...\n```\n'
    CHECK = '```pycon check="double"\n>>> f(2)\n4\n```\n'
    SOLUTION = '```python solution="double"\ndef f(x):\n    return 2 * x\n```\n'

    @staticmethod
    def run(text: str) -> None:
        found = [block for _, _, block in blocks(text, "page.md")]
        for _, section in groupby(found, key=lambda block: block.section):
            run_section(list(section), "page.md", id)

    def test_a_right_one_is_run_apart_from_the_section(self) -> None:
        self.run(f"```pycon\n>>> f = 1\n```\n{self.START}{self.CHECK}{self.SOLUTION}"
                 "```pycon\n>>> f\n1\n```\n")  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("2 * x", "3 * x", r"page\.md:9: the solution of 'double' fails: f\(2\) gives 6"),
            ("2 * x", "1 / 0", r"page\.md:9: .* gives ZeroDivisionError"),
            ("    ...", "    return 4", r"page\.md:1: the start of 'double' passes"),
            (START, "", r"page\.md:1: the exercise 'double' has no exercise"),
            (SOLUTION, "", r"page\.md:1: the exercise 'double' has no solution"),
            (CHECK, "## New\n" + CHECK, "in this section"),
            (CHECK, CHECK + CHECK, r"page\.md:9: a second check"),
            ("python exercise", "pycon exercise", "a pycon block does not take exercise"),
            ('exercise="double"', 'exercise="double" alt="x"', "must stand alone"),
        ],
    )
    def test_a_wrong_one_is_refused(self, old: str, new: str, message: str) -> None:
        text = self.START + self.CHECK + self.SOLUTION
        assert old in text
        with pytest.raises(ExampleError, match=message):
            self.run(text.replace(old, new))
