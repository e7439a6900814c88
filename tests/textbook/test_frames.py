"""One figure for each value of a parameter: run as the block itself, and each in its own place."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown

from textbook import frames
from textbook.build.extension import makeExtension
from textbook.examples import Block, ExampleError, Shown, run_section, sections
from textbook.figures import size
from textbook.session import Runner

CODE = """\
a = 2
double = 2 * a
fig, ax = plt.subplots(figsize=(3, 2))
ax.bar([a], [double])
"""
SETUP = """\
```python
import matplotlib.pyplot as plt
import numpy as np
```

"""
OPTIONS = {
    "frames": "a in range(5)",
    "label": "The a",
    "value": "{a} pixels",
    "name": "moved",
    "alt": "A bar at {a}",
    "caption": "At {a} it is {double}.",
}


def fence(code: str = CODE, /, **changed: str | None) -> str:
    options = OPTIONS | {key: value for key, value in changed.items() if value is not None}
    said = [
        f'{key}="{value}"' for key, value in options.items() if changed.get(key, "") is not None
    ]
    return f"```python {' '.join(said)}\n{code}```\n"


def blocks(text: str) -> list[Block]:
    (section,) = sections(text, "docs/page.md")
    return section


def run(text: str) -> list[Shown]:
    return run_section(blocks(text))


def drawn(text: str) -> frames.Frames:
    found = [shown.frames for shown in run(text) if shown.frames]
    assert len(found) == 1
    return found[0]


def fields(text: str) -> list[dict[str, str]]:
    return [frame.fields for frame in drawn(text).frames]


def wrong(text: str) -> str:
    with pytest.raises(ExampleError) as error:
        run(text)
    return str(error.value)


class TestRun:
    def test_a_frame_for_each_value_in_their_order(self) -> None:
        found = drawn(SETUP + fence())
        assert [each.fields for each in found.frames] == [
            {"{a}": str(a), "{double}": str(2 * a)} for a in range(5)
        ]
        assert len({each.svg for each in found.frames}) == 5
        assert found.default == 2

    def test_the_default_is_the_figure_of_the_block(self) -> None:
        _, shown = run(SETUP + fence())
        assert shown.frames is not None
        assert shown.frames.frames[2].svg == shown.figure

    def test_two_parameters(self) -> None:
        code = "kind = 'y'\n" + CODE
        text = fence(
            code, frames="a in (1, 2); kind in ('x', 'y', 'z')", label="A; Kind", alt="{kind} {a}"
        )
        found = drawn(SETUP + text)
        assert [each.fields["{kind}"] + each.fields["{a}"] for each in found.frames] == [
            "x1", "y1", "z1", "x2", "y2", "z2",
        ]  # fmt: skip
        assert found.default == 4
        assert [each.label for each in found.parameters] == ["A", "Kind"]

    def test_the_section_goes_on_with_the_default(self) -> None:
        after = "\n```pycon\n>>> a, double\n(2, 4)\n>>> seen\n[2]\n```\n"
        text = SETUP.replace("\n```\n", "\nseen = []\n```\n") + fence(
            "a = 2\nseen.append(a)\n" + CODE[6:]
        )
        assert len(run(text + after)) == 3

    def test_each_frame_starts_from_what_the_block_found(self) -> None:
        setup = SETUP.replace("\n```\n", "\nlog = [0]\ndef last():\n    return log[-1], a\n```\n")
        code = "a = 2\nlog.append(a)\ndouble = last(), len(log)\n" + CODE[CODE.index("fig") :]
        text = setup + fence(code.replace("[double]", "[1]"))
        assert [each["{double}"] for each in fields(text)] == [f"(({a}, {a}), 2)" for a in range(5)]

    @pytest.mark.parametrize(
        ("source", "draw"),
        [
            ("np.random.seed(1)", "np.random.rand()"),
            ("import random\nrandom.seed(1)", "random.random()"),
            ("rng = np.random.default_rng(1)", "rng.random()"),
        ],
    )
    def test_each_frame_finds_the_same_chance(self, source: str, draw: str) -> None:
        setup = SETUP.replace("\n```\n", f"\n{source}\n```\n")
        text = setup + fence(CODE.replace("2 * a", draw))
        after = f"\n```pycon\n>>> {draw} != double\nTrue\n```\n"
        run(text + after)
        assert len({each["{double}"] for each in fields(text)}) == 1

    def test_what_cannot_be_copied_is_as_it_is(self) -> None:
        setup = SETUP.replace(
            "\n```\n", "\ntools = {'np': np}\nmany = iter(open(__import__('os').devnull))\n```\n"
        )
        setup = setup.replace(
            "many = iter(open(__import__('os').devnull))", "many = (n for n in range(9))"
        )
        assert len(fields(setup + fence())) == 5

    def test_values_may_come_from_the_section(self) -> None:
        setup = SETUP.replace("\n```\n", "\nchoices = np.array([1.0, 2.0])\n```\n")
        assert [each["{a}"] for each in fields(setup + fence(frames="a in choices"))] == [
            "1.0",
            "2",
        ]

    @pytest.mark.parametrize(
        "first", ["a = -2", "é = 'é'; a = -2", "a = (\n    -2\n)", "a = b = -2"]
    )
    def test_only_the_first_value_is_replaced(self, first: str) -> None:
        code = CODE.replace("a = 2", first).replace("2 * a", "a - -2")
        found = fields(SETUP + fence(code, frames="a in (-3, -2)"))
        assert [each["{double}"] for each in found] == ["-1", "0"]

    def test_formats(self) -> None:
        found = drawn(SETUP + fence(alt="{{x}} {a!r:>3} {double:.1f}", caption="{double.real}"))
        frame = found.frames[3]
        assert frame.fill("{{x}} {a!r:>3} {double:.1f}|{double.real}") == "{x}   3 6.0|6"

    def test_a_reader_runs_the_default_and_any_other_value(self) -> None:
        told: list[str] = []
        runner = Runner(lambda kind, text: told.append(text))
        for value in ("a = 2", "a = 77"):
            code = "import matplotlib.pyplot as plt\n" + CODE.replace("a = 2", value)
            result = runner.run("s", [("python", code)], "", changed=value != "a = 2")
            assert result["failed"] is False
            assert len(result["figures"]) == 1  # type: ignore[arg-type]


class TestFew:
    @pytest.mark.parametrize(("default", "few"), [(0, [0, 2, 4]), (1, [0, 1, 4]), (4, [0, 2, 4])])
    def test_the_ends_and_the_default_or_the_middle(self, default: int, few: list[int]) -> None:
        assert drawn(SETUP + fence(CODE.replace("a = 2", f"a = {default}"))).few == few

    def test_of_two_values_both(self) -> None:
        assert drawn(SETUP + fence(frames="a in (2, 3)")).few == [0, 1]

    def test_of_two_parameters_those_with_the_default_of_the_second(self) -> None:
        code = "kind = 'y'\n" + CODE
        found = drawn(SETUP + fence(code, frames="a in range(5); kind in ('x', 'y')", label="A; K"))
        assert found.few == [1, 5, 9]


class TestFaults:
    @pytest.mark.parametrize("option", ["label", "value", "alt", "caption", "name"])
    def test_an_option_is_missing(self, option: str) -> None:
        assert wrong(SETUP + fence(CODE, **{option: None})) == (
            f"docs/page.md:6: draws frames, so it must say {option}"
        )

    def test_an_option_of_frames_without_them(self) -> None:
        assert "says label but no frames" in wrong(SETUP + fence(frames=None))

    def test_a_session_draws_none(self) -> None:
        (block,) = blocks("```python\nx = 1\n```\n")
        assert not block.fault
        with pytest.raises(ExampleError, match="a pycon block does not take frames"):
            blocks('```pycon frames="a in (1, 2)"\n>>> 1\n1\n```\n')

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ("a", "cannot read frames='a'"),
            ("a in", "cannot read"),
            ("a not in (1, 2)", "cannot read"),
            ("a.b in (1, 2)", "cannot read"),
            ("a in (1, 2); a", "cannot read"),
            ("a in (2, 3); double in (1, 4); fig in (1, 2)", "cannot read"),
            ("a in range(41)", "41 frames; a block draws at most 40"),
            ("a in nothing", "cannot evaluate nothing: NameError"),
            ("a in 1 / 0", "cannot evaluate 1 / 0: ZeroDivisionError"),
            ("a in 5", "cannot evaluate 5: TypeError"),
            ("a in range(10**12)", "cannot evaluate range(10 ** 12)"),
            ("a in (2,)", "write two values or more, each once"),
            ("a in (2, 2)", "write two values or more, each once"),
            ("a in ([2], [3])", "a value is a number or a text"),
            ("a in (3, 4)", "a starts from 2, which is none of [3, 4]"),
            ("b in (1, 2)", "assigns no b"),
            ("double in (1, 4)", "double must start from a number or a text"),
        ],
    )
    def test_what_cannot_be_moved(self, said: str, message: str) -> None:
        assert message in wrong(SETUP + fence(frames=said))

    def test_a_fault_of_the_first_value_names_its_line(self) -> None:
        assert wrong(SETUP + fence("\n" + CODE, frames="a in (3, 4)")).startswith(
            "docs/page.md:8: "
        )

    def test_labels_that_do_not_fit(self) -> None:
        assert "one for each parameter" in wrong(SETUP + fence(label="A; B"))

    def test_a_frame_of_another_size(self) -> None:
        code = CODE.replace("(3, 2)", "(3, 3 if a == 4 else 2)")
        assert wrong(SETUP + fence(code)) == (
            "docs/page.md:6: the figure is 288 x 288 pixels large with a = 4, and 288 x 192 as the "
            "block stands; give all frames one size"
        )

    def test_a_template_that_names_what_is_not_there(self) -> None:
        message = wrong(SETUP + fence(alt="{b}", caption="{b}"))
        assert "cannot fill {b} in alt and caption: the block has no such name" in message

    @pytest.mark.parametrize("alt", ["{", "a }", "{a:q}", "{a.b}", "{}", "{a[0]}"])
    def test_a_template_that_cannot_be_filled(self, alt: str) -> None:
        assert "alt" in wrong(SETUP + fence(alt=alt))

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            ("if a == 3: plt.close()", "with a = 3: says alt but draws no figure"),
            ("if a == 3: plt.figure()", "with a = 3: 2 figures are left open"),
            ("if a == 3: 1 / 0", "with a = 3: ZeroDivisionError"),
            ("if a == 3: print()", "with a = 3: a python block prints"),
            ("if a == 3: import warnings; warnings.warn('so')", "with a = 3: UserWarning: so"),
        ],
    )
    def test_a_frame_that_fails(self, bad: str, message: str) -> None:
        assert message in wrong(SETUP + fence(CODE + bad + "\n"))

    def test_the_line_of_a_frame_that_fails(self) -> None:
        assert wrong(SETUP + fence(CODE + "1 / (a - 3)\n")).startswith(
            "docs/page.md:11: with a = 3"
        )

    def test_a_frame_that_takes_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("textbook.examples.TIME_LIMIT", 0.5)
        code = CODE + "while a == 3: pass\n"
        assert "with a = 3: runs for more than 0.5 seconds" in wrong(SETUP + fence(code))

    @pytest.mark.every
    def test_the_limit_is_for_each_frame(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("textbook.examples.TIME_LIMIT", 1)
        code = CODE + "import time; time.sleep(0.3)\n"
        assert len(fields(SETUP + fence(code))) == 5


def convert(text: str, save: Callable[[str, str], str] | None) -> Tag:
    extensions: list[Any] = [
        "pymdownx.superfences",
        makeExtension(path="docs/chapters/x.md", save=save),
    ]
    figure = BeautifulSoup(Markdown(extensions=extensions).convert(text), "html.parser").figure
    assert figure is not None
    return figure


class Saved(dict[str, str]):
    """The files of a page."""

    def __bool__(self) -> bool:  # it can save, even if it has not yet
        return True

    def __call__(self, name: str, svg: str) -> str:
        self[name] = svg
        return f"../{name}"


def data(figure: Tag) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(str(figure.select(".frames-tools")[0]["data-frames"]))
    return found


def told(figure: Tag, kind: str, at: int) -> str:
    """Put a text of a frame together as the browser does."""
    columns = [column.split(column[0])[1:] for column in data(figure)["columns"]]
    return "".join(columns[p][at] if isinstance(p, int) else p for p in data(figure)[kind])


class TestPage:
    def test_files_have_stable_names_and_one_size(self) -> None:
        saved = Saved()
        convert(SETUP + fence(), saved)
        assert sorted(saved) == [f"chapters/x/moved-{n}.svg" for n in range(5)]
        assert {size(svg) for svg in saved.values()} == {(288, 192)}

    def test_the_default_is_shown_with_its_texts(self) -> None:
        figure = convert(SETUP + fence(), Saved())
        image = figure.find("img", recursive=False)
        assert isinstance(image, Tag)
        assert (figure["id"], image["src"], image["alt"]) == (
            "moved",
            "../chapters/x/moved-2.svg",
            "A bar at 2",
        )
        assert figure.figcaption is not None
        assert figure.figcaption.get_text() == "Figure 1. At 2 it is 4."
        assert [item.get_text() for item in figure.select("ol > li")] == [
            "0 pixels",
            "2 pixels",
            "4 pixels",
        ]
        assert [i["alt"] for i in figure.select("ol img")] == [f"A bar at {a}" for a in (0, 2, 4)]
        assert all(image["loading"] == "lazy" for image in figure.select("img"))

    def test_the_page_has_the_texts_of_all_frames(self) -> None:
        figure = convert(SETUP + fence(), Saved())
        for a in range(5):
            assert told(figure, "alt", a) == f"A bar at {a}"
            assert told(figure, "value", a) == f"{a} pixels"
            assert told(figure, "caption", a) == f"<b>Figure 1.</b> At {a} it is {2 * a}."

    def test_a_caption_has_code_and_maths_and_what_fills_it_is_text(self) -> None:
        caption = "`{a}` and $x_{{1}} = {a}$, then {tag}"
        code = CODE + "tag = f'<i>&\\'{a}$|;'\n"
        figure = convert(SETUP + fence(code, caption=caption), Saved())
        for a in (0, 4):
            text = BeautifulSoup(told(figure, "caption", a), "html.parser")
            assert text.get_text() == f"Figure 1. {a} and x1={a}, then <i>&'{a}$|;"
            assert text.code is not None
            assert text.math is not None
            assert text.math.mn is not None
        assert figure.figcaption is not None
        assert figure.figcaption.decode_contents() == str(
            BeautifulSoup(told(figure, "caption", 2), "html.parser")
        )

    def test_what_does_not_differ_is_said_once(self) -> None:
        figure = convert(
            SETUP + fence(CODE + "zero = 0\n", caption="$y = {a}$ {a} {a} {zero}"), Saved()
        )
        assert data(figure)["columns"] == ["|0|1|2|3|4"]

    def test_forty_frames_cost_little(self) -> None:
        code = "k = 7\nx, y, z = k / 7, 3 * k, 100 - k\nfig = plt.figure(figsize=(3, 2))\n"
        words = "some words that say what is seen " * 4
        text = fence(
            code, frames="k in range(40)", value="{k} of 39", alt=words + "{k} {x:.2f}",
            caption=words + "{x:.2f}, {y}, {z}",
        )  # fmt: skip
        assert len(str(convert(SETUP + text, Saved())).encode()) < 4_000

    def test_without_files_the_page_has_a_few(self) -> None:
        figure = convert(SETUP + fence(), None)
        assert figure.select(".frames-tools") == []
        assert len(figure.select("img[src^='data:image/svg+xml']")) == 4

    def test_a_formula_that_cannot_be_set(self) -> None:
        with pytest.raises(ExampleError, match=r"x\.md:6: cannot set"):
            convert(SETUP + fence(caption=r"$\nothing {a}$"), Saved())
