"""The parser and the evaluator that pytest and the build share."""

import logging
import os
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sybil import Document

from textbook import examples
from textbook.examples import (
    Block,
    ExampleError,
    Shown,
    evaluate,
    parse,
    run_section,
    scan,
    sections,
)


def page(*parts: str) -> str:
    return "\n".join(parts) + "\n"


def fence(info: str, *lines: str, ticks: str = "```") -> str:
    return page(f"{ticks}{info}", *lines, ticks)


def blocks(text: str, first_line: int = 1) -> list[Block]:
    return [block for section in sections(text, "page.md", first_line) for block in section]


def run(text: str) -> list[Shown]:
    """Run all the examples of a page, section by section."""
    return [shown for section in sections(text, "page.md") for shown in run_section(section)]


DRAW = ("import matplotlib.pyplot as plt", "fig, ax = plt.subplots()")


class TestParse:
    def test_language_source_and_line(self) -> None:
        text = page("# Title", "", fence("pycon", ">>> 1 + 1", "2"), fence("python", "x = 1"))
        found = [(b.language, b.source, b.line) for b in blocks(text)]
        assert found == [("pycon", ">>> 1 + 1\n2\n", 3), ("python", "x = 1\n", 8)]

    def test_span_holds_the_whole_fence(self) -> None:
        text = page("before", fence("python", "x = 1").rstrip(), "after")
        (block,) = blocks(text)
        assert text[block.start : block.end] == "```python\nx = 1\n```"

    def test_options(self) -> None:
        text = fence('python alt="A line" caption="It rises with `x`."', "pass")
        (block,) = blocks(text)
        assert block.options == {"alt": "A line", "caption": "It rises with `x`."}

    def test_a_section_starts_at_each_second_level_heading(self) -> None:
        text = page(
            fence("python", "a"), "## One", fence("python", "b"), "### Not", fence("python", "c")
        )
        assert [b.section for b in blocks(text)] == [0, 1, 1]

    def test_a_heading_inside_a_fence_is_code(self) -> None:
        text = page(fence("text", "## comment"), fence("python", "## comment", "x = 1"))
        assert [b.section for b in blocks(text)] == [0]

    def test_a_fence_inside_a_longer_fence_is_text(self) -> None:
        text = fence("markdown", "```pycon", ">>> 1", "2", "```", ticks="````")
        assert blocks(text) == []

    def test_indented_fences_lose_their_indent(self) -> None:
        text = page("??? note", "", "    ```python", "    if x:", "        y", "    ```")
        (block,) = blocks(text)
        assert block.source == "if x:\n    y\n"

    def test_other_languages_are_not_run(self) -> None:
        assert blocks(page(fence("text", "x"), fence("", "x"), fence("bash", "x"))) == []

    @pytest.mark.parametrize("info", ["py", "Python", "python3", "pycon3", "{.python}", "ipython"])
    def test_other_names_of_python_are_refused(self, info: str) -> None:
        with pytest.raises(ExampleError, match=r"page\.md:1: unknown language .* pycon or python"):
            blocks(fence(info, "x = 1"))

    @pytest.mark.parametrize(
        ("info", "message"),
        [
            ('python title="x"', "unknown option 'title'; allowed: alt and caption and name"),
            ('python alt="x" alt="y"', "alt is said twice"),
            ("python linenums", "cannot read 'linenums'"),
            ('pycon alt="x"', "a pycon block does not take alt"),
        ],
    )
    def test_unknown_options_are_refused(self, info: str, message: str) -> None:
        with pytest.raises(ExampleError, match=message):
            blocks(fence(info, "x = 1"))

    def test_an_open_fence_is_refused(self) -> None:
        with pytest.raises(ExampleError, match=r"page\.md:2: .* never closed"):
            blocks(page("", "```python", "x = 1"))

    def test_lines_are_counted_from_the_source(self) -> None:
        (block,) = blocks(fence("python", "x"), first_line=5)
        assert block.line == 5


SESSION = ">>> 1 + 1\n2\n"


class TestWhereAPageShowsIt:
    """What is shown as a fenced block of Python is run, and nothing else is."""

    @pytest.mark.parametrize(
        "text",
        [
            "    ```pycon\n    >>> 1 + 1\n    2\n    ```\n",
            "Text:\n\n    code\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n",
            "- a\n\n        ```pycon\n        >>> 1 + 1\n        2\n        ```\n",
            "````text\n```pycon\n>>> 1 + 1\n2\n```\n````\n",
            "~~~text\n```pycon\n>>> 1 + 1\n2\n```\n~~~\n",
            "<!--\n```pycon\n>>> 1 + 1\n3\n```\n-->\n",
            "<!-- a\n\n```pycon\n>>> 1 + 1\n\n3\n```\n\n-->\n",
            "Text `` ```pycon `` text.\n",
            "- ```python x``` in a line\n",
            '<div markdown="1">\n<script>\n```python\nx\n```\n</script>\n</div>\n',
            "```text\n```python\n```\n",
            "<script>\n```python\nx\n```\n</script>\n",
            "    ```py\n    x\n    ```\n",
        ],
    )
    def test_what_it_quotes_is_not_run(self, text: str) -> None:
        assert blocks(text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "> ```pycon\n> >>> 1 + 1\n> 2\n> ```\n",
            "> > ```pycon\n> > >>> 1 + 1\n> > 2\n> > ```\n",
            "- a\n\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n",
            "1. a\n\n    > ```pycon\n    > >>> 1 + 1\n    > 2\n    > ```\n",
            '!!! note "A"\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n',
            "[^1]: A\n\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n\n    B\n\nText[^1]\n",
            "term\n:   text\n\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n",
            '<div markdown="1">\n\n```pycon\n>>> 1 + 1\n2\n```\n\n</div>\n',
            "Above:\n```pycon\n>>> 1 + 1\n2\n```\nbelow.\n",
            "| a |\n|---|\n| b |\n```pycon\n>>> 1 + 1\n2\n```\n",
            "~~~~ pycon\n>>> 1 + 1\n2\n~~~~\n",
            "\ufeff```pycon\n>>> 1 + 1\n2\n```\n",
            "```pycon\r\n>>> 1 + 1\r\n2\r\n```\r\n",
            "```pycon \t\n>>> 1 + 1\n2\n```  \n",
            "<!-- a comment -->\n\n```pycon\n>>> 1 + 1\n2\n```\n",
            "<!--\n```text\n-->\n```\n-->\n\n```pycon\n>>> 1 + 1\n2\n```\n",
        ],
    )
    def test_what_it_shows_is_run(self, text: str) -> None:
        (block,) = blocks(text)
        assert block.source == SESSION
        assert run(text) == [Shown("2\n")]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("- ```pycon\n  >>> 1\n  2\n  ```\n", r"page\.md:1: .* line of its own"),
            ("a\n\n- b\n- ```python\n  x = 1\n  ```\n", r"page\.md:4: .* line of its own"),
            ("<div>\n```pycon\n>>> 1\n2\n```\n</div>\n", r'page\.md:2: .* markdown="1"'),
            ("- a\n    ```pycon\n    >>> 1\n    2\n    ```\n", r"page\.md:2: .* empty lines"),
            ("  ```pycon\n  >>> 1\n2\n  ```\n", r"page\.md:1: .* less indent"),
            ("> ```pycon\n> >>> 1\n2\n> ```\n", r"page\.md:1: .* less indent"),
            ("```pycon\n>>> 1\n1\n````\n", r"page\.md:1: .* never closed"),
            ("\n<!--\n```pycon\n-->\n", r"page\.md:3: .* never closed"),
            ("``` { .python }\nx = 1\n```\n", r"page\.md:1: unknown language"),
            ("``` {#a .python}\nx = 1\n```\n", r"page\.md:1: unknown language"),
            ("```\u200bpycon\n>>> 1\n2\n```\n", r"page\.md:1: unknown language"),
            ("\xa0\xa0```pycon\n>>> 1\n2\n```\n", r"page\.md:1: .* line of its own"),
            ("term\n:   ```pycon\n    >>> 1\n    2\n    ```\n", r"page\.md:2: .* line of its own"),
            ("[^1]: ```pycon\n    >>> 1\n    2\n    ```\n", r"page\.md:1: .* line of its own"),
            (' <div markdown="1">\n\n```pycon\n>>> 1\n2\n```\n</div>\n', r"page\.md:3: .*a line$"),
            (
                '<div markdown="1"><p>\n```pycon\n>>> 1\n2\n```\n</p></div>\n',
                r"page\.md:2: .* HTML",
            ),
            (
                '<div markdown="1"><pre>\n```pycon\n>>> 1\n```\n</pre></div>\n',
                r"page\.md:2: .* HTML",
            ),
            ("a \uf8f0 b", r"page\.md:1: .* U\+F8F0"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, text: str, message: str) -> None:
        with pytest.raises(ExampleError, match=message):
            blocks(text)

    def test_sections_are_those_of_the_page(self) -> None:
        parts = ["One\n---\n", "##Two\n", "## Three ##\n", "> ## Four\n"]
        text = "\n".join(f"{part}\n```python\nx{n} = 1\n```\n" for n, part in enumerate(parts))
        assert [block.section for block in blocks(text)] == [1, 2, 3, 4]

    def test_a_guess_agrees_where_a_page_is_plain(self) -> None:
        text = f"## One\n\n```pycon\n{SESSION}```\n\n## Two\n\n```python\nx = 1\n```\n"
        assert scan(text, "page.md") == blocks(text)

    def test_a_name_stands_for_one_thing_of_a_page(self) -> None:
        drawing = fence('python alt="a" caption="c" name="one"', *DRAW)
        with pytest.raises(ExampleError, match=r"page\.md:6: the name 'one' stands twice"):
            blocks(drawing + "\n" + drawing)
        with pytest.raises(ExampleError, match="small letters, digits and hyphens"):
            blocks(drawing.replace('"one"', '"../One"'))
        exercise = TestExercises.START + TestExercises.CHECK + TestExercises.SOLUTION
        with pytest.raises(ExampleError, match="the name 'double' stands twice"):
            blocks(f"{exercise}\n## Next\n\n{exercise}")


class TestOutput:
    """The page, pytest and the browser compare in one way."""

    @pytest.mark.parametrize(
        "session",
        [
            '>>> len("name\tvalue")\n10',
            '>>> print("name\\tvalue")\nname\tvalue',
            '>>> print("a\\n\\nb")\na\n\nb',
            '>>> print("a\\n\\nb")\na\n<BLANKLINE>\nb',
            '>>> print("a", end="")\na\n>>> print("b")\nb',
            ">>> text = 'first\u2028second\x0c'\n>>> len(text)\n13",
            '>>> print("")\n>>> 1\n1',
            ">>> # only a comment\n>>> 1\n1",
            ">>> def f():\n...     return 1\n...\n>>> f()\n1",
            ">>> import sys\n>>> _ = sys.stderr.write('careful\\n')\ncareful",
            ">>> import sys\n>>> _ = sys.stdout.buffer.write(b'bytes\\n')\nbytes",
            ">>> import logging\n>>> logging.warning('careful')\nWARNING:root:careful",
            ">>> print('\\x1b[31mred\\x1b[0m')\nred",
            ">>> print('10 %\\r20 %')\n10 %\n20 %",
            ">>> print('\\ud800')\n\\ud800",
            ">>> [1, 2][5]\nTraceback (most recent call last):\n  ...\n"
            "IndexError: list index out of range\n>>> 1\n1",
            ">>> print('a'); 1 / 0\na\nTraceback (most recent call last):\n"
            '  File "<stdin>", line 1, in <module>\nZeroDivisionError: division by zero',
            ">>> import asyncio\n>>> async def f():\n...     return 3\n>>> asyncio.run(f())\n3",
            ">>> import pickle\n>>> class A: pass\n>>> pickle.loads(pickle.dumps(A)) is A\nTrue",
            ">>> from dataclasses import dataclass\n>>> @dataclass\n... class A:\n...     x: int\n"
            ">>> A(1)\nA(x=1)",
            ">>> 1 + 1\n2\n>>> _ + 1\n3",
        ],
    )
    def test_it_is_what_python_prints(self, session: str) -> None:
        run(fence("pycon", session))

    @pytest.mark.parametrize(
        ("session", "message"),
        [
            (">>> 1 == 1\n1", r"(?s)page\.md:2: .*Got:\n    True"),
            (">>> 1 == 2\n0", "Got:\n    False"),
            (">>> 1 + 1\n2\n\nThree is next: 3", "Three is next"),
            (">>> 1 + 1", "Expected nothing\nGot:\n    2"),
            (">>> x = 1\n1", "Got nothing"),
            (">>> print('a ')\na", "example failed"),
            (">>> int('a')\nTraceback (most recent call last):\nValueError: no", "invalid literal"),
            (">>> 1\nTraceback (most recent call last):\nValueError: no", "Got:\n    1"),
            (">>> 1\n1\n>>> 1 / 0", r"page\.md:4: ZeroDivisionError"),
            (">>>1 + 1\n2", r"page\.md:2: a blank is missing after >>>"),
            ("1\n>>> 1\n1", r"page\.md:2: a session begins with"),
            (">>> x = 1\n... y = 2", r"page\.md:\d: SyntaxError"),
            (">>> input('Name? ')\n'x'", r"page\.md:2: RuntimeError: an example cannot ask"),
            (">>> exit(0)", r"page\.md:2: SystemExit"),
            (
                ">>> raise ExceptionGroup('a', [OSError()])\nTraceback (most recent call last):\n"
                "ExceptionGroup: a (1 sub-exception)",
                r"page\.md:2: ExceptionGroup",
            ),
            (">>> await f()", r"page\.md:2: SyntaxError: 'await' outside function"),
        ],
    )
    def test_anything_else_is_refused(self, session: str, message: str) -> None:
        with pytest.raises(ExampleError, match=message):
            run(fence("pycon", *session.split("\n")))

    @pytest.mark.parametrize("timers", [True, False])
    def test_what_runs_for_ever_is_ended(
        self, timers: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(examples, "TIME_LIMIT", 0.2)
        if not timers:  # as on Windows
            monkeypatch.delattr("signal.setitimer", raising=False)
        for body in ("pass", "try: 1 / 0\n    except BaseException: pass"):
            with pytest.raises(ExampleError, match=r"^page\.md:1: runs for more than 0\.2 seconds"):
                run(fence("python", f"while True:\n    {body}"))


class TestIsolation:
    """Nothing of one section reaches another."""

    @pytest.mark.parametrize(
        ("change", "look"),
        [
            ("import numpy as np\nnp.seterr(all='raise')", "import numpy as np\nnp.geterr()"),
            ("import numpy as np\nnp.pi = 3", "import numpy as np\nnp.pi"),
            ("import numpy as np\nnp.mine = 3", "import numpy as np\nhasattr(np, 'mine')"),
            ("import numpy as np\nnp.set_printoptions(2)", "import numpy as np\nnp.array(1 / 3)"),
            ("import numpy as np\nnp.random.seed(1)",
             "import numpy as np\nnp.random.get_state()[1][:3]"),
            ("import random\nrandom.seed(1)", "import random\nrandom.getstate()[1][:3]"),
            ("import matplotlib as m\nm.rcParams['font.size'] = 3",
             "import matplotlib as m\nm.rcParams['font.size']"),
            ("import builtins\nbuiltins.len = max", "len('a')"),
            ("import os\nos.environ['MINE'] = '1'", "import os\n'MINE' in os.environ"),
            ("import os\nos.chdir('/')", "import os\nos.getcwd()"),
            ("import sys\nsys.path.insert(0, 'mine')", "import sys\nsys.path"),
            ("import sys\nsys.setrecursionlimit(400)", "import sys\nsys.getrecursionlimit()"),
            ("import sys\nsys.stdout = sys.stdin = None", "import sys\ntype(sys.stdout).__name__"),
            ("import logging\nlogging.basicConfig(level=10)",
             "import logging\nlogging.getLogger().handlers, logging.getLogger().level"),
            ("import warnings\nwarnings.simplefilter('ignore')",
             "import warnings\nlen(warnings.filters)"),
            ("import decimal\ndecimal.getcontext().prec = 3",
             "import decimal\ndecimal.getcontext().prec"),
            ("import logging\nlogging.getLogger('a').addHandler(logging.StreamHandler())",
             "import logging\nlogging.getLogger('a').handlers"),
            ("import sys\nsys.argv.append('mine')", "import sys\n'mine' in sys.argv"),
            ("import sys\nsys.modules['re'] = None", "import re\nre.__name__"),
            ("mine = 1", "'mine' in globals()"),
            ("import __main__\n__main__.mine = 1", "import __main__\nhasattr(__main__, 'mine')"),
        ],
    )  # fmt: skip
    def test_what_is_changed_is_put_back(self, change: str, look: str) -> None:
        *first, last = look.split("\n")
        looking = "\n".join([*first, f"print({last})"])

        def seen(text: str) -> str:
            wrong = fence("pycon", *(f">>> {line}" for line in looking.split("\n")), "no")
            with pytest.raises(ExampleError) as caught:
                run(f"{text}\n## Look\n\n{wrong}")
            return str(caught.value).partition("Got:")[2]

        before = seen("")
        assert before
        assert seen(f"## Change\n\n{fence('python', change)}") == before

    def test_the_process_is_as_it_was(self) -> None:
        def state() -> tuple[object, ...]:
            return (sys.stdin, sys.stdout, sys.modules["__main__"], Path.cwd(), dict(os.environ),
                    logging.getLogger().handlers, list(warnings.filters))  # fmt: skip

        before = state()
        run(fence("python", "import os", "os.chdir('/')", "x = 1"))
        assert state() == before

    def test_chance_goes_on_from_block_to_block(self) -> None:
        seeded = fence("python", "import numpy as np", "np.random.seed(42)")
        run(seeded + fence("pycon", ">>> np.random.randint(0, 10, 3)", "array([6, 3, 7])")
            + fence("pycon", ">>> np.random.randint(0, 10, 3)", "array([4, 6, 9])"))  # fmt: skip

    def test_show_has_nothing_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DISPLAY", ":77")
        (shown,) = run(fence('python alt="a" caption="c"', *DRAW, "plt.show()", "fig.show()"))
        assert shown.figure


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
        with pytest.raises(ExampleError, match="begins with a >>> prompt"):
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
        (shown,) = run(fence('python alt="a" caption="c"', *DRAW))
        assert shown.figure.startswith("<svg")
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

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (r"ax.set_title(r'$\nonsense$')", "(?s:ValueError: .*Unknown symbol)"),
            (
                "ax.plot([i % 7 for i in range(30_000)], 'o')",
                "ValueError: what is drawn here takes",
            ),
            pytest.param(
                "fig.savefig = lambda *_, **__: __import__('time').sleep(9)",
                "runs for more than 0.5",
                marks=pytest.mark.every,
            ),
        ],
    )
    def test_what_cannot_be_drawn_names_its_line(
        self, code: str, message: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(examples, "TIME_LIMIT", 0.5 if "time" in code else 10)
        with pytest.raises(ExampleError, match=rf"^page\.md:1: {message}"):
            run(fence('python alt="a" caption="c"', *DRAW, code))

    def test_a_failing_block_closes_its_figure(self) -> None:
        with pytest.raises(ExampleError, match="ZeroDivisionError"):
            run(fence("python", *DRAW, "1 / 0"))
        assert plt.get_fignums() == []


class TestExercises:
    START = '```python exercise="double"\ndef f(x):\n    ...\n```\n'
    CHECK = '```pycon check="double"\n>>> f(2)\n4\n```\n'
    SOLUTION = '```python solution="double"\ndef f(x):\n    return 2 * x\n```\n'

    def test_a_right_one_is_run_apart_from_the_section(self) -> None:
        run(f"```pycon\n>>> f = 1\n```\n{self.START}{self.CHECK}{self.SOLUTION}"
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
            run(text.replace(old, new))
