"""What runs a reader's code, here without a browser."""

import io
import re
import time
import zipfile
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from textbook.build.hook import IN_THE_BROWSER, _pack
from textbook.session import LIMIT, Kind, Runner, alike, grade, page_output, statements


class Told:
    """A runner's listener."""

    def __init__(self) -> None:
        self.all: list[tuple[Kind, str]] = []
        self.begun: list[int] = []
        self.runner = Runner(lambda kind, text: self.all.append((kind, text)), self.begun.append)

    def of(self, wanted: Kind) -> str:
        return "".join(text for kind, text in self.all if kind == wanted)

    def run(
        self, *codes: str, page: str = "", changed: bool = True, language: str = "pycon"
    ) -> dict[str, object]:
        self.all.clear()
        self.begun.clear()
        return self.runner.run("page#1", [(language, code) for code in codes], page, changed)


LINE = "import matplotlib.pyplot as plt\nplt.plot([1])[0].get_linewidth()"


@pytest.fixture
def told() -> Told:
    return Told()


def test_statements_are_those_of_a_prompt() -> None:
    code = (
        "# first\na = 1; b = 2\n\n@staticmethod\ndef f():\n    return 1\nif a:\n    b\nelse:\n    a"
    )
    assert [source for source, _ in statements(code, "name")] == [
        "a = 1; b = 2",
        "@staticmethod\ndef f():\n    return 1",
        "if a:\n    b\nelse:\n    a",
    ]


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c"])
def test_a_line_ends_where_python_ends_it(told: Told, mark: str) -> None:
    code = f's = "a{mark}b"\nlen(s)\n1 / 0'
    assert [source for source, _ in statements(code, "name")] == code.split("\n")
    told.run(code)
    assert "line 3, in <module>\n    1 / 0\n" in told.of("error")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_on_other_systems(end: str) -> None:
    code = f"x = 1{end}if x:{end}    x"
    assert [source for source, _ in statements(code, "name")] == ["x = 1", "if x:\n    x"]


def test_a_session_shows_values_and_the_code_before_them(told: Told) -> None:
    result = told.run(
        "x = 2\nx * 3\nNone\nprint('a\\n\\nb')", page=">>> 1\n6\n>>> 2\na\n<BLANKLINE>\nb\n"
    )
    assert result == {"failed": False, "same": True, "figures": []}
    assert told.all == [
        ("code", "x = 2"), ("code", "x * 3"), ("output", "6\n"), ("code", "None"),
        ("code", "print('a\\n\\nb')"), ("output", "a\n\nb\n"),
    ]  # fmt: skip


def test_blocks_before_run_once_and_say_nothing(told: Told) -> None:
    counts = "runs = globals().get('runs', 0) + 1\nprint(runs)"
    told.run(counts, "runs")
    assert told.of("output") == "1\n"
    assert told.begun == [0, 1]
    told.run(counts, "runs")
    assert told.of("output") == "1\n"
    assert told.begun == [1]


def test_what_is_printed_is_told_before_the_run_ends(told: Told) -> None:
    """As a cell of a lab shows how far it is: late enough by itself, or flushed."""
    times: dict[str, float] = {}
    told.runner.tell = lambda kind, text: times.update({text.strip(): time.monotonic()})
    told.run(
        "import time\nprint('a', flush=True)\ntime.sleep(0.1)\nprint('b')\ntime.sleep(0.1)\n"
        "print('c')\ntime.sleep(0.1)",
        language="python",
    )
    ended = time.monotonic()
    assert times["a"] < ended - 0.29
    assert times["b"] < ended - 0.19
    assert times["c"] < ended - 0.09


def test_the_page_comes_out_again_whatever_ran_before(told: Told) -> None:
    told.run("x = [1]", "x.append(2); len(x)")
    result = told.run("x = [1]", "x.append(2); len(x)", page=">>> 0\n2\n", changed=False)
    assert result["same"]
    assert ("clear", "") in told.all


def test_what_a_reader_changed_is_not_run_anew(told: Told) -> None:
    told.run("x = [1]", "x.append(2); len(x)")
    result = told.run("x = [1]", "x.append(2); len(x)", page=">>> 0\n2\n")
    assert not result["same"]
    assert told.of("output") == "3\n"


def test_a_failure_before_is_said_to_be_before(told: Told) -> None:
    assert told.run("1 / 0", "2")["failed"]
    assert told.of("error").startswith("An example before this one")
    assert told.of("output") == ""


def test_errors_show_the_readers_lines_alone(told: Told) -> None:
    told.run(
        "import json\ndef f(x):\n    return json.loads(x)",
        "try:\n    f('a')\nexcept ValueError as e:\n    raise KeyError('no') from e",
    )
    error = told.of("error")
    assert "decoder.py" not in error
    assert 'File "block 1 of this section", line 3, in f\n    return json.loads(x)' in error
    assert "The above exception was the direct cause" in error
    assert error.endswith("KeyError: 'no'\n")


def test_a_group_of_errors_shows_the_readers_lines_alone(told: Told) -> None:
    told.run(
        "import json\nerrors = []\nfor text in 'ab':\n    try:\n        json.loads(text)\n"
        "    except ValueError as error:\n        errors.append(error)\n"
        "raise ExceptionGroup('both', [ExceptionGroup('inner', errors)])"
    )
    error = told.of("error")
    assert "decoder.py" not in error
    assert error.count('File "block 1 of this section", line 5') == 2


def test_an_error_of_syntax_may_follow_another(told: Told) -> None:
    told.run("try:\n    1 / 0\nexcept ZeroDivisionError:\n    eval('1 +')")
    assert "ZeroDivisionError" in told.of("error")
    assert told.of("error").endswith("SyntaxError: invalid syntax\n")


def test_the_exit_of_a_program_is_an_error_like_others(told: Told) -> None:
    assert told.run("exit(3)")["failed"]
    assert "SystemExit: 3" in told.of("error")


@pytest.mark.parametrize("name", ["KeyboardInterrupt", "GeneratorExit", "BaseException"])
def test_nothing_that_is_raised_ends_python(told: Told, name: str) -> None:
    told.run("kept = 1")
    assert told.run("kept", f"raise {name}('why')")["failed"]
    assert told.of("error").endswith(f"line 1, in <module>\n    raise {name}('why')\n{name}: why\n")
    told.run("kept", "kept")
    assert told.of("output") == "1\n"
    verdict = grade(f"def f(x):\n    raise {name}('why')", ">>> f(1)\n2\n")
    assert [case.got for case in verdict.cases] == [f"{name}: why"]


def test_output_is_cut(told: Told) -> None:
    told.run("for i in range(200_000): print(i)")
    assert LIMIT < len(told.of("output")) < LIMIT + 100
    assert told.of("output").endswith("at most 100 kB of output\n")
    told.run("print('short')")
    assert told.of("output") == "short\n"


def test_an_error_is_cut_in_its_middle(told: Told) -> None:
    told.run("raise ValueError('x' * 10**7 + 'the end')")
    error = told.of("error")
    assert LIMIT < len(error) < LIMIT + 100
    assert error.startswith("Traceback (most recent call last):\n")
    assert "x\n... cut here: a run shows at most 100 kB of output\nx" in error
    assert error.endswith("the end\n")
    verdict = grade("raise ValueError('x' * 10**7)", ">>> 1\n1\n")
    assert LIMIT < len(verdict.error) < LIMIT + 100


def test_what_is_too_large_for_a_page_is_not_drawn(told: Told) -> None:
    start = "import matplotlib.pyplot as plt\n"
    points = "plt.figure()\nplt.plot([i % 7 for i in range(30_000)], 'o', rasterized={})"
    result = told.run(start + points.format(False))
    assert result["failed"]
    assert result["figures"] == []
    says = r"ValueError: what is drawn here takes [\d,]{5,} kB as SVG; a run shows at most 1,000 kB"
    assert re.match(says, told.of("error"))
    assert "rasterized=True" in told.of("error")
    result = told.run(start + points.format(True))
    assert not result["failed"]
    assert isinstance(result["figures"], list)
    assert len(result["figures"][0]) < 100_000
    many = "for _ in range(12):\n    plt.figure()\n    plt.plot(range(3_000), 'o')"
    assert told.run(start + many)["failed"], "the limit is one for all figures of a run"


def test_what_cannot_be_drawn_is_an_error_like_others(told: Told) -> None:
    told.run("kept = 1")
    code = "import matplotlib.pyplot as plt\nplt.figure().suptitle(r'$\\nonsense$')"
    result = told.run("kept", code)
    assert result["failed"]
    assert "Unknown symbol: \\nonsense" in told.of("error")
    told.run("kept", "kept, plt.get_fignums()")
    assert told.of("error") == ""
    assert told.of("output") == "(1, [])\n"
    verdict = grade(f"def f(x):\n    {code.replace('\n', '\n    ')}\n    return 2", ">>> f(1)\n2\n")
    assert verdict.passed
    assert plt.get_fignums() == []


def test_a_script_shows_its_last_value_unless_it_draws(told: Told) -> None:
    told.run("x = 1\nx + 1", language="python")
    assert told.of("output") == "2\n"
    result = told.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])", language="python")
    assert told.of("output") == ""
    assert isinstance(result["figures"], list)
    assert len(result["figures"]) == 1
    assert "currentColor" in result["figures"][0] or "<svg" in result["figures"][0]


def test_a_script_of_the_page_shows_a_value_only_where_the_page_does(told: Told) -> None:
    result = told.run("x = 1\nx + 1", changed=False, language="python")
    assert result["same"]
    assert told.of("output") == ""
    told.run("x = 1\nx + 1", page="2", changed=False, language="python")
    assert told.of("output") == "2\n"


@pytest.mark.parametrize(
    "session",
    [
        ">>> try:\n...     1 / 0\n... except ZeroDivisionError as error:\n"
        "...     raise ValueError('a') from error\n"
        "Traceback (most recent call last):\n  ...\nZeroDivisionError: division by zero\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n  ...\nValueError: a\n",
        ">>> try:\n...     1 / 0\n... finally:\n...     int('a')\n"
        "Traceback (most recent call last):\n"
        "ValueError: invalid literal for int() with base 10: 'a'\n",
        ">>> eval('1 +')\nTraceback (most recent call last):\n"
        '  File "<string>", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax\n',
        ">>> import sys\n>>> sys.argv\n['']\n",
    ],
)
def test_what_passes_in_a_build_passes_for_a_reader(told: Told, session: str) -> None:
    from textbook.examples import run_section, sections

    (section,) = sections(f"```pycon\n{session}```\n", "page.md")
    run_section(section)
    assert told.run(section[0].code, page=section[0].source, changed=False)["same"]
    assert grade("", session).passed


def test_sections_can_be_forgotten(told: Told) -> None:
    for section in ("page#1", "page#10", "other#1"):
        told.runner.run(section, [("pycon", "x = 1")], "", changed=True)
    told.runner.forget("page#1")
    assert list(told.runner.sections) == ["page#10", "other#1"]
    told.runner.forget("page#1")  # it may be forgotten twice
    told.runner.forget("")
    assert told.runner.sections == {}


@pytest.mark.parametrize(
    ("change", "look"),
    [
        ("import builtins\nbuiltins.abs = lambda x: 42", "abs(-1)"),
        ("import builtins\ndel builtins.abs", "abs(-1)"),
        ("import math\nmath.pi = 3", "import math\nmath.pi > 3"),
        ("import dlfund\ndlfund.relu = max", "import dlfund\ndlfund.relu(-1)"),
        ("import dlfund.losses as m\nm.np = None", "import dlfund\ndlfund.mse_loss([1], [2])"),
        ("import numpy as np\nnp.mean = sum", "import numpy as np\nnp.mean([1, 2])"),
        ("import numpy as np\n_ = np.seterr(all='raise')", "import numpy as np\nnp.geterr()"),
        ("import matplotlib as m\nm.rcParams['lines.linewidth'] = 9", LINE),
        ("import matplotlib.pyplot as plt\nplt.rc('lines', linewidth=9)", LINE),
        ("import matplotlib as m\nm.rcParams = 1", LINE),
        ("import matplotlib.pyplot as plt\nplt.close = None", LINE),
        ("import sys\nsys.stdout = sys.displayhook = None", "1 + 1"),
    ],
)
def test_an_example_changes_nothing_for_those_that_follow(
    told: Told, change: str, look: str
) -> None:
    told.run(look)
    before = told.of("output")
    assert before
    assert not told.run(change)["failed"]
    told.run(look)
    assert told.of("output") == before
    grade(change, ">>> 1\n1\n")
    told.run(look)
    assert told.of("output") == before


def test_the_output_of_a_page() -> None:
    assert page_output(">>> 1\n1\n>>> x = 2\n>>> print()\n<BLANKLINE>\n") == "1\n"


class TestGrade:
    CHECK = ">>> import math\n>>> f(1)  # add one\n2\n>>> f(2)\n... # and here?\n3\n"

    def test_right(self) -> None:
        verdict = grade("def f(x):\n    return x + 1", self.CHECK)
        assert [case.code for case in verdict.cases] == ["f(1)", "f(2)"]
        assert verdict.passed

    def test_wrong(self) -> None:
        verdict = grade("def f(x):\n    return 2 * x", self.CHECK)
        assert [case.passed for case in verdict.cases] == [True, False]
        assert verdict.cases[1].got == "4"
        assert verdict.cases[1].hint == "and here?"

    def test_an_error_in_a_case_is_what_it_gives(self) -> None:
        verdict = grade("def f(x):\n    return 1 / 0", self.CHECK)
        assert [case.got for case in verdict.cases] == ["ZeroDivisionError: division by zero"] * 2

    def test_what_a_case_gives_is_cut(self) -> None:
        for body in ("return 'x' * 10**7", "raise ValueError('x' * 10**7)"):
            verdict = grade(f"def f(x):\n    {body}", self.CHECK)
            assert sum(len(case.got) for case in verdict.cases) < LIMIT + 200
            assert all("x\n... cut here" in case.got for case in verdict.cases)

    def test_the_last_line_of_an_error_may_not_be_what_it_says(self) -> None:
        raised = {
            "ValueError('one\\ntwo')": "ValueError: one\ntwo",
            "ExceptionGroup('both', [ValueError(x)])": "ExceptionGroup: both (1 sub-exception)",
        }
        for error, said in raised.items():
            verdict = grade(f"def f(x):\n    raise {error}", self.CHECK)
            assert verdict.cases[0].got == said

    def test_an_answer_that_does_not_run(self) -> None:
        verdict = grade("def f(x:", self.CHECK)
        assert "SyntaxError" in verdict.error
        assert not verdict.passed

    def test_no_case_is_no_pass(self) -> None:
        assert not grade("", "").passed


def test_the_archive_holds_what_a_browser_needs_and_is_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = _pack("dlfund")
    assert content == _pack("dlfund")
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    assert {f"textbook/{name}.py" for name in IN_THE_BROWSER} <= set(names)
    assert {"dlfund/__init__.py", "dlfund/figures/pooling.py"} <= set(names)
    assert any(name.startswith("fonts/") for name in names)
    assert len(content) < 200_000
    archive.extractall(tmp_path)
    with mpl.rc_context():
        from textbook.session import prepare_drawing

        prepare_drawing(tmp_path / "fonts")
        assert mpl.rcParams["font.family"] == ["Book Sans", "DejaVu Sans"]


@pytest.mark.parametrize(
    ("want", "got", "passes"),
    [
        ("0.2", "0.19999999999999996", True),  # as 1 - 0.8, or as 0.1 + 0.1
        ("[1.5, -2e-20]", "[1.5, -2.0000000000000004e-20]", True),
        ("3", "3.0", True),
        ("0.2", "0.2000001", False),
        ("0.0", "1e-17", False),
        ("(1, 2)", "(1, 2, 3)", False),
        ("-0.2", "0.2", False),
        ("1", "True", False),
        ("x1", "x2", False),
        ("float64", "float32", False),
    ],
)
def test_an_answer_may_round_otherwise(want: str, got: str, passes: bool) -> None:
    assert alike(want, got) == passes
    assert grade(f"answer = {got!r}", f">>> print(answer)\n{want}").passed == passes
