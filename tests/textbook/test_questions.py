"""Gates and why-questions: their syntax, what is refused, and the HTML that holds all of it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Extension, Markdown
from sybil import Document, Example

from textbook import questions
from textbook.build.extension import makeExtension
from textbook.examples import ExampleError, Shown, evaluate, parse, run_section, scan, sections

NUMBER = """\
!!! question "Predict"
    Which *share* stays the same, of $x^2$?

```pycon predict="number" near="0.05" name="share"
>>> x = 3
>>> 1 < x
True
>>> round(1 / x, 2)
0.33
```
"""

CHOICE = """\
!!! question "Predict"
    Which of the two is it?

    - [ ] `[0.0, 9.0]`
      It stays *inside* of the window, as $x < 1$.
    - [ ] the `other` one
      It crosses the border.

```pycon predict="choice" name="moves"
>>> [0.0, 9.0]
[0.0, 9.0]
```
"""

FIGURE = """\
!!! question "Predict"
    Does it rise?

    - [ ] it rises
      Look at its end.
    - [ ] it falls
      It ends below its start.

```python predict="choice" name="line" key="'it falls' if y[-1] < y[0] else 'it rises'" ALT
import matplotlib.pyplot as plt
y = [3, 1]
plt.plot(y)
```
""".replace("ALT", 'alt="A line" caption="It falls."')

SKETCH = """\
!!! question "Predict"
    Sketch it.

```python predict="sketch" name="sketch" alt="A line" caption="It falls."
import matplotlib.pyplot as plt
plt.plot([3, 1])
```
"""

WHY = """\
!!! question "Why?"
    Why is it so?
    {: #why-so }

    - [x] Because it is
      So it is indeed.
    - [ ] Because it is not
      It is.
"""


def convert(text: str, **options: Any) -> BeautifulSoup:
    extensions: list[str | Extension] = [
        "admonition",
        "attr_list",
        "pymdownx.details",
        "pymdownx.superfences",
        makeExtension(path="docs/chapters/pooling/page.md", **options),
    ]
    return BeautifulSoup(Markdown(extensions=extensions).convert(text), "html.parser")


def shown(text: str) -> Shown:
    (section,) = sections(text, "page.md")
    (each,) = run_section(section)
    return each


def one(soup: Tag, selector: str) -> Tag:
    (found,) = soup.select(selector)
    return found


# ---- What a page says -------------------------------------------------------------------------


@pytest.mark.parametrize("text", [NUMBER, CHOICE, FIGURE, SKETCH, WHY])
def test_a_cheap_look_reads_a_question_as_the_page_does(text: str) -> None:
    indented = '??? note "Folded"\n\n    ' + text.replace("\n", "\n    ")
    for page in (text, indented):
        found = [block for section in sections(page, "page.md") for block in section]
        assert scan(page, "page.md") == found
        assert [block.fault for block in found] == [""] * len(found)


def test_the_key_is_what_the_last_prompt_shows() -> None:
    assert shown(NUMBER).key == "0.33"
    assert shown(CHOICE).key == "[0.0, 9.0]"


def test_the_key_of_a_figure_is_an_expression_in_the_section() -> None:
    assert shown(FIGURE).key == "it falls"
    assert shown(FIGURE.replace("[3, 1]", "[1, 3]")).key == "it rises"
    assert shown(SKETCH).key == ""


def test_an_expression_can_be_the_key_of_a_session() -> None:
    text = CHOICE.replace('name="moves"', 'name="moves" key="\'the other one\'"')
    assert shown(text).key == "the other one"


def test_a_key_leaves_nothing_behind() -> None:
    text = NUMBER.replace('name="share"', 'name="share" key="(y := x)"')
    (section,) = sections(text + "\n```pycon\n>>> x\n3\n```\n", "page.md")
    assert [each.key for each in run_section(section)] == ["3", ""]


@pytest.mark.parametrize(
    ("output", "values"),
    [
        ("0.33", [(0.33, 0.005)]),
        ("22", [(22, 0)]),
        ("-1.50", [(-1.5, 0.005)]),
        ("9.0", [(9, 0)]),  # a whole number is meant as it is
        ("'33%'", [(0.33, 0.005)]),
        ("1e-05", [(1e-05, 0)]),
        ("2.5e-3", [(2.5e-3, 5e-5)]),
        ("([0.0, 9.0], (3,))", [(0, 0), (9, 0), (3, 0)]),
        ("[[1 2]\n [3 4]]", [(1, 0), (2, 0), (3, 0), (4, 0)]),
        ("array([-1., 2.], dtype=float32)", [(-1, 0), (2, 0)]),
        ("{1: 2}", []),
        ("True", []),
        ("", []),
    ],
)
def test_numbers_are_the_same_when_they_round_to_the_page(
    output: str, values: list[tuple[float, float]]
) -> None:
    found = questions.numbers(output)
    assert [value for pair in found for value in pair] == pytest.approx(
        [value for pair in values for value in pair]
    )


@pytest.mark.parametrize(
    ("near", "key", "off"),
    [("0.05", "0.33", 0.05), ("10%", "50", 5), ("10%", "[0, -20]", 2), ("5", "'33%'", 0.05)],
)
def test_near_is_absolute_or_a_share(near: str, key: str, off: float) -> None:
    assert questions.nearness(near, key) == pytest.approx(off)


# ---- What is refused, by pytest and by the build ----------------------------------------------

type Plant = Callable[[str], str]


def swap(old: str, new: str) -> Plant:
    def plant(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return plant


@pytest.mark.parametrize(
    ("text", "plant", "message"),
    [
        (NUMBER, swap('"number"', '"numbr"'), r"page\.md:4: predict='numbr': write number, list"),
        (NUMBER, swap(' name="share"', ""), r":4: predict needs a name"),
        (NUMBER, swap('"share"', '"A share"'), r":4: name='A share': a name is small letters"),
        (NUMBER, swap('near="0.05"', 'near="close"'), r":4: near='close': for a number or a list"),
        (NUMBER, swap('near="0.05"', 'near="-1"'), r":4: near='-1'"),
        (NUMBER, swap('near="0.05"', 'near="0%"'), r":4: near='0%'"),
        (CHOICE, swap('name="moves"', 'name="moves" near="1"'), r":9: near='1': for a number"),
        (NUMBER, swap('predict="number" ', ""), r":4: near goes with predict"),
        (NUMBER, swap('predict="number" near="0.05" ', 'key="1" '), r":4: key goes with predict"),
        (NUMBER, swap('predict="number" near="0.05" ', ""), r":4: a pycon block does not take"),
        (NUMBER, swap('!!! question "Predict"', "!!! note"), r":4: predict needs a box before it"),
        (NUMBER, swap("```pycon", "A word.\n\n```pycon"), r":6: predict needs a box before it"),
        (NUMBER, swap(">>> round(1 / x, 2)\n0.33\n", ">>> y = 1\n"), r":4: .* shows nothing"),
        (NUMBER, swap("0.33", "0.34"), r":8: example failed"),
        (NUMBER, swap("0.33\n", "0.33\n>>> 'a'\n'a'\n"), r":4: .* \"'a'\", which is no number"),
        (NUMBER, swap("0.33\n", "0.33\n>>> [1, 2]\n[1, 2]\n"), r":4: .* which is no number"),
        (NUMBER, swap('"number"', '"word"'), r":4: near='0\.05': for a number"),
        (NUMBER, swap('predict="number" near="0.05"', 'predict="choice"'), r":4: 0 choices"),
        (CHOICE, swap('"choice"', '"list"'), r":9: its question has choices, but predict='list'"),
        (CHOICE, swap("- [ ] the", "- [x] the"), r":9: the example decides which choice is right"),
        (CHOICE, swap("      It crosses the border.\n", ""), r":8: .* 'the `other` one' needs"),
        (CHOICE, swap("    - [ ] the `other` one\n      It", "      It"), r":8: 1 choices"),
        (CHOICE, swap("[ ] the", "[ ] `'[0.0, 9.0]'`\n      A.\n    - [ ] the"),
         r":11: the last prompt shows\n    \[0\.0, 9\.0\]\nwhich is more than one choice"),
        (CHOICE, swap(">>> [0.0, 9.0]\n[0.0, 9.0]", ">>> [0.0, 8.0]\n[0.0, 8.0]"),
         r":9: the last prompt shows\n    \[0\.0, 8\.0\]\nwhich is no choice of its question:\n"
         r"    `\[0\.0, 9\.0\]`\n    the `other` one"),
        (FIGURE, swap("'it falls' if", "'it drops' if"), r":9: key=.* gives\n    it drops\n"),
        (FIGURE, swap("if y[-1]", "if z[-1]"), r":9: NameError: name 'z'"),
        (FIGURE, swap("if y[-1] <", "if y[-1] <<< "), r":9: SyntaxError"),
        (FIGURE, swap("key=\"'it falls' if y[-1] < y[0] else 'it rises'\"", ""), r":9: .* a key"),
        (FIGURE, swap("plt.plot(y)", "pass"), r":9: says alt but draws no figure"),
        (SKETCH, swap("plt.plot([3, 1])", "pass"), r":4: says alt but draws no figure"),
        (SKETCH, swap('name="sketch"', 'name="sketch" key="1"'), r":4: .*'sketch' is for"),
        (NUMBER, swap('"number" near="0.05"', '"sketch"'), r":4: .*'sketch' is for"),
        (NUMBER + SKETCH, swap('"sketch" alt', '"share" alt'), r":14: the name 'share' stands"),
        (NUMBER, swap('predict="number"', 'check="one" predict="number"'), r":4: check must stand"),
    ],
)  # fmt: skip
def test_a_faulty_gate_fails_everywhere(text: str, plant: Plant, message: str) -> None:
    planted = plant(text)
    with pytest.raises(ExampleError, match=message):
        convert(planted)
    with pytest.raises(ExampleError, match=message):
        raise ExampleError("", 0, "\n".join(evaluated(planted)))


def evaluated(text: str) -> list[str]:
    """Return what pytest says of the examples of a page."""
    namespace: dict[str, Any] = {}
    found = parse(Document(text, "page.md"))
    said = [
        evaluate(cast(Example, SimpleNamespace(parsed=r.parsed, namespace=namespace)))
        for r in found
    ]
    return [f":{fault}" for fault in said]


def test_a_question_without_fault_passes_everywhere() -> None:
    for text in (NUMBER, CHOICE, FIGURE, SKETCH, WHY):
        assert "".join(evaluated(text)).strip(":") == ""
        convert(text)


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (swap("[x]", "[ ]"), r"page\.md:\d: 0 choices of a question are marked"),
        (swap("[ ]", "[x]"), r"page\.md:\d: 2 choices of a question are marked"),
        (swap("    {: #why-so }\n", ""), r"page\.md:\d: .* needs an id"),
        (swap("      It is.\n", ""), r"page\.md:\d: .*'Because it is not' needs a sentence"),
        (swap("    - [ ] Because it is not\n      It is.\n", ""), r":\d: .*1 choices"),
        (lambda why: why + 3 * "    - [ ] a\n      No.\n", r":\d: .*5 choices"),
        (lambda why: f"{why}\n## Another {{: #why-so }}\n", r":3: the id 'why-so' stands twice"),
        (lambda why: why + why, r":3: the id 'why-so' stands twice"),
    ],
)  # fmt: skip
def test_a_faulty_why_question_stops_the_build(plant: Plant, message: str) -> None:
    with pytest.raises(ExampleError, match=message):
        convert(plant(WHY))


def test_a_gate_has_an_id_of_its_own() -> None:
    with pytest.raises(ExampleError, match=r":4: the id 'share' stands twice"):
        convert(NUMBER + "\n## Another {: #share }\n")


def test_a_lab_asks_before_a_figure_and_not_before_what_it_prints() -> None:
    assert one(convert(SKETCH, lab=True), ".gate + .highlight + figure")["id"] == "sketch"
    with pytest.raises(ExampleError, match=r":4: what is predicted prints too"):
        convert(SKETCH.replace("plt.plot", "print(1)\nplt.plot"), lab=True)
    with pytest.raises(ExampleError, match=r":4: a lab's outputs are not predicted"):
        convert(SKETCH.replace("plt.plot([3, 1])", "x = 3"), lab=True)


def test_a_gate_of_a_failing_section_is_shown_beside_its_error() -> None:
    errors: list[ExampleError] = []
    soup = convert(CHOICE.replace("[0.0, 9.0]\n```", "[0.0, 8.0]\n```"), errors=errors)
    assert len(errors) == 1
    assert soup.select("pre.example-error")
    assert not soup.select("samp, .gate")


# ---- What a page shows ------------------------------------------------------------------------


def test_a_gate_is_a_question_and_all_that_a_session_shows() -> None:
    soup = convert(NUMBER)
    box, block = one(soup, ".question.gate"), one(soup, ".gate + .highlight")
    assert box["id"] == "share"
    assert box["data-key"] == "chapters/pooling/#share"
    assert (box["data-ask"], box["data-values"]) == ("number", "[0.33]")
    assert (box["data-exact"], box["data-near"]) == ("0.005", "0.05")
    assert one(box, "#share-question").get_text().strip() == "Which share stays the same, of x2?"
    assert [each.get_text() for each in block.select("samp")] == ["True\n", "0.33\n"]
    assert block.get_text() == ">>> x = 3\n>>> 1 < x\nTrue\n>>> round(1 / x, 2)\n0.33\n"
    assert block["data-copy"] == "x = 3\n1 < x\nround(1 / x, 2)"


def test_an_error_or_a_blank_line_is_covered_whole() -> None:
    session = (
        ">>> print('a\\n\\nb')\na\n<BLANKLINE>\nb\n"
        ">>> 1 / 0\nTraceback (most recent call last):\n    ...\n"
        "ZeroDivisionError: division by zero\n"
        ">>> [\n...     1 ]\n[1]\n"
    )
    text = NUMBER.partition("```")[0] + f'```pycon predict="list" name="a"\n{session}```\n'
    covered = [each.get_text() for each in convert(text).select("samp")]
    assert covered[0] == "a\n\nb\n"
    assert covered[1].startswith("Traceback")
    assert covered[1].endswith("by zero\n")
    assert covered[2] == "[1]\n"


def test_choices_are_a_list_with_a_word_on_each() -> None:
    soup = convert(CHOICE)
    items = soup.select(".gate > ul > li")
    assert [one(item, "summary").decode_contents() for item in items] == [
        "<code>[0.0, 9.0]</code>", "the <code>other</code> one",
    ]  # fmt: skip
    assert [one(item, "p").get_text() for item in items] == [
        "Right. It stays inside of the window, as x<1.", "No. It crosses the border.",
    ]  # fmt: skip
    assert [item.get("class") for item in items] == [["ask-right"], None]
    assert "[ ]" not in soup.get_text()


def test_a_gate_before_a_figure_shows_its_key() -> None:
    soup = convert(FIGURE)
    assert one(soup, ".gate + .highlight + figure")["id"] == "line"
    assert one(soup, ".gate").get("id") is None
    assert one(soup, ".ask-key code").get_text() == "'it falls' if y[-1] < y[0] else 'it rises'"
    assert [item.get("class") for item in soup.select("li")] == [None, ["ask-right"]]


def test_a_why_question_covers_nothing() -> None:
    soup = convert(WHY + "\n" + NUMBER.replace(NUMBER.split("\n```")[0], "").replace(
        ' predict="number" near="0.05" name="share"', ""))  # fmt: skip
    box = one(soup, ".question.why")
    assert box["data-key"] == "chapters/pooling/#why-so"
    assert one(box, "p#why-so").get_text() == "Why is it so?"
    assert not soup.select(".gate, samp")


def test_a_plain_question_stays_as_it_is() -> None:
    plain = NUMBER.replace(' predict="number" near="0.05" name="share"', "")
    soup = convert(plain + "\n!!! question\n    Which?\n\n    - this\n    - [that](#a)\n")
    assert not soup.select(".ask, samp, template, details")


def test_the_form_comes_once_and_is_shown_by_nobody_else() -> None:
    soup = convert(NUMBER + CHOICE + WHY)
    one(soup, "template").decompose()
    assert not soup.select("form, input, button")
