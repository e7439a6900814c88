"""The Markdown extension: from a page's text to its HTML."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from markdown import Extension, Markdown

from textbook.build.extension import makeExtension
from textbook.build.maths import MathsError
from textbook.examples import ExampleError

FIGURE = """
```python alt="A rising line" caption="It rises with `x`, as $x^2$ does."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2, 3])
```
"""


def convert(text: str, **options: Any) -> BeautifulSoup:
    extensions: list[str | Extension] = [
        "admonition",
        "attr_list",
        "pymdownx.details",
        "pymdownx.superfences",
        "tables",
        makeExtension(path="docs/page.md", **options),
    ]
    return BeautifulSoup(Markdown(extensions=extensions).convert(text), "html.parser")


def test_a_session_is_shown_as_written_and_copied_clean() -> None:
    soup = convert("```pycon\n>>> x = [1, 2]\n>>> for i in x:\n...     print(i)\n1\n2\n```\n")
    block = soup.select_one("div.language-pycon.highlight")
    assert block is not None
    assert block.get_text() == ">>> x = [1, 2]\n>>> for i in x:\n...     print(i)\n1\n2\n"
    assert block["data-copy"] == "x = [1, 2]\nfor i in x:\n    print(i)"


def test_code_is_escaped_once() -> None:
    soup = convert("```python\nx = '<b> & \"quotes\"' if 1 < 2 else ''\n```\n")
    block = soup.select_one("div.highlight")
    assert block is not None
    assert block["data-copy"] == "x = '<b> & \"quotes\"' if 1 < 2 else ''"
    assert block.get_text().strip() == block["data-copy"]


def test_a_figure_has_alt_text_and_a_numbered_caption() -> None:
    soup = convert(FIGURE + FIGURE)
    figures = soup.select("figure")
    assert [figure["id"] for figure in figures] == ["figure-1", "figure-2"]
    image, caption = figures[1].img, figures[1].figcaption
    assert image is not None
    assert caption is not None
    assert image["alt"] == "A rising line"
    assert (image["width"], image["height"]) == ("614", "461")
    assert caption.get_text() == "Figure 2. It rises with x, as x2 does."
    assert caption.math is not None
    assert caption.code is not None


def test_without_a_place_for_files_a_figure_is_a_data_uri() -> None:
    image = convert(FIGURE).img
    assert image is not None
    kind, data = str(image["src"]).split(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).startswith(b"<svg")


def test_a_figure_goes_where_the_build_says() -> None:
    saved = {}

    def save(name: str, svg: str) -> str:
        saved[name] = svg
        return f"../figures/{name}"

    image = convert(FIGURE, save=save).img
    assert image is not None
    assert image["src"] == "../figures/page/figure-1.svg"
    assert list(saved) == ["page/figure-1.svg"]


def test_examples_run_inside_a_folded_solution() -> None:
    text = (
        '??? success "Solution"\n\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n\n    Then text.\n'
    )
    soup = convert(text)
    assert soup.select_one("details .highlight") is not None
    assert "Then text." in soup.get_text()
    with pytest.raises(ExampleError, match=r"docs/page\.md:4: example failed"):
        convert(text.replace("    2\n", "    3\n"))


@pytest.mark.parametrize(
    "text",
    ["$$\n\\frac{a}{b}\n$$", "Inline $a_1 b_1$ maths.", "| a |\n|---|\n| $|x| < y$ |", "- $x*y*z$"],
)
def test_maths_becomes_mathml(text: str) -> None:
    soup = convert(text)
    assert len(soup.select("math")) == 1
    assert "$" not in soup.get_text()
    assert soup.em is None


def test_a_comma_stays_with_its_formula() -> None:
    soup = convert("Take $x$, then $y$ (or $z$).")
    assert soup.get_text() == "Take x, then y (or z)."
    assert [span.get_text() for span in soup.select("span.unbroken")] == ["x,", "z)"]


def test_dollars_in_code_are_code() -> None:
    soup = convert("`$x$` costs \\$5 and \\$6\n\n```python\nx = '$y$'\n```\n")
    assert soup.math is None
    assert "$x$ costs $5 and $6" in soup.get_text()
    assert "'$y$'" in soup.get_text()


@pytest.mark.parametrize(
    "text",
    [
        '    cp $HOME/a $DEST/b\n    echo "$x"\n',
        "    a $x$\n    b $y$\n",
        "A [link](https://example.org/?a=$b$&c=1).",
        "<https://example.org/$q$>",
        '<p title="costs $x$ now">raw</p>',
        '![an image of $x$](x.png "of $x$")',
        "<!-- $x$ -->",
        "```bash\necho $x$\n```",
        "    ```python\n    $x$\n    ```\n",
        "<pre>$x$</pre>",
        "`` ` $x$ ``",
        "$ 5 and 6 $.",
        "It costs $5 and\n\n6$.",
        "    kill $$\n\ntext\n\n    wait $$\n",
        "~~~bash\nkill $$\n~~~\n\ntext\n\n~~~bash\nwait $$\n~~~\n",
    ],
)
def test_what_is_no_prose_holds_no_maths(text: str) -> None:
    soup = convert(text)
    assert soup.math is None
    plain = Markdown(extensions=["admonition", "pymdownx.superfences", "tables"]).convert(text)
    expected = BeautifulSoup(plain, "html.parser")
    assert soup.get_text() == expected.get_text()
    assert [tag.attrs for tag in soup.select("[href], [title], [alt]")] == [
        tag.attrs for tag in expected.select("[href], [title], [alt]")
    ]


@pytest.mark.parametrize(
    "text",
    ["# The $x$ axis", "[the $x$ axis](#a)", "- a $x$", "> $x$", "**$x$**", "!!! note\n    $x$",
     "$$x$$", "> $$\n> x\n> $$\n", "a $x\n+ y$ b", "a\n$$\nx\n$$\nb", "a $$x$$ b",
     "it costs $\\$5$", "a ` b\n\n$x$\n\nc ` d", "\\`$x$\\`",
     "```text\na\n\nb\n```\n$x$\n```text\nc\n```\n",
     "$x$"],
)  # fmt: skip
def test_prose_holds_maths_wherever_it_stands(text: str) -> None:
    soup = convert(text)
    (formula,) = soup.select("math")
    formula.replace_with("x")
    assert "$" not in soup.get_text()
    if not soup.select("li, table, h1, a, div"):
        assert soup.select_one("p"), "a formula is part of a paragraph"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("See $\\nonsense x$.", r"docs/page\.md:1: cannot set \$\\nonsense x\$"),
        ("Text\n\n> $$\n> \\nope\n> $$\n", r"docs/page\.md:3: cannot set"),
        ("`$\\nope$`\n\n```text\n$\\nope$\n```\n\n$\\nope$\n", r"docs/page\.md:7: cannot set"),
        ("$95%$", r"docs/page\.md:1: cannot set \$95%\$: .* write \\%"),
        ("a\n\n$$x\n\nText.\n\n$$y$$\n", r"docs/page\.md:3: cannot read '\$\$x'"),
        ("a\n\na 3$\\times$3 kernel", r"docs/page\.md:3: cannot read 'a 3\$\\\\times\$3 kernel'"),
        ("$\\text{a $b$ c}$", r"docs/page\.md:1: cannot read"),
        (FIGURE.replace("$x^2$", "$\\nope$"), r"docs/page\.md:2: cannot set \$\\nope\$"),
        (FIGURE + "\n$x$ $\\nope$", r"docs/page\.md:8: cannot set"),
        (f"{FIGURE}\n" + FIGURE.replace("python", 'python name="figure-1"', 1),
         r"docs/page\.md:9: the id 'figure-1' stands twice"),
        ("## A {#rise}\n" + FIGURE.replace("python", 'python name="rise"', 1),
         r"docs/page\.md:3: the id 'rise' stands twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_stops_the_build(text: str, message: str) -> None:
    with pytest.raises((MathsError, ExampleError), match=message):
        convert(text)


def test_text_that_quotes_a_fence_is_shown_as_it_is() -> None:
    lines = ["```pycon", ">>> 1 < 2", "3", "```"]
    code = convert("\n".join(f"    {line}" for line in lines)).select_one("pre > code")
    assert code is not None
    assert code.get_text().rstrip("\n").split("\n") == lines


def test_a_blank_line_of_an_output_is_shown_as_one() -> None:
    block = convert("```pycon\n>>> print('a\\n\\nb')\na\n<BLANKLINE>\nb\n```\n").select_one("code")
    assert block is not None
    assert block.get_text() == ">>> print('a\\n\\nb')\na\n\nb\n"


def test_an_example_is_never_part_of_a_paragraph() -> None:
    soup = convert("Above:\n```pycon\n>>> 1\n1\n```\nbelow.\n\n| a |\n|---|\n| b |\n" + FIGURE)
    assert [p.get_text() for p in soup.select("p")] == ["Above:", "below."]
    assert soup.select("p div, p figure") == []
    assert soup.table is not None


def test_a_figure_is_addressed_by_its_name() -> None:
    saved: list[str] = []

    def save(name: str, svg: str) -> str:
        saved.append(name)
        return name

    named = FIGURE.replace("```python", '```python name="rise"', 1)
    figures = convert(f"{FIGURE}\n{named}", save=save).select("figure")
    assert [figure["id"] for figure in figures] == ["figure-1", "rise"]
    assert saved == ["page/figure-1.svg", "page/rise.svg"]


def test_an_answer_is_kept_by_chapter_and_name() -> None:
    exercise = (
        '```python exercise="one"\nx = 0\n```\n\n```pycon check="one"\n>>> x\n1\n```\n\n'
        '```python solution="one"\nx = 1\n```\n'
    )

    def key(path: str) -> object:
        extensions: list[str | Extension] = [makeExtension(path=path)]
        soup = BeautifulSoup(Markdown(extensions=extensions).convert(exercise), "html.parser")
        (block,) = soup.select("[data-key]")
        return block["data-key"]

    assert key("docs/chapters/losses/huber.md") == "chapters/losses/#one"
    assert key("docs/chapters/losses.md") == "chapters/losses/#one"
    assert key("docs/page.md") == "page/#one"


def test_all_errors_of_a_build_are_collected_and_shown() -> None:
    errors: list[ExampleError] = []
    wrong = "```pycon\n>>> 1\n2\n```\n"
    soup = convert(f"{wrong}\n## Two\n\n{wrong}\n## Three\n\nText.", errors=errors)
    assert [error.args[1] for error in errors] == [2, 9]
    assert len(soup.select("pre.example-error")) == 2
    assert "Text." in soup.get_text()


def test_a_session_that_is_none_is_shown_beside_its_error() -> None:
    errors: list[ExampleError] = []
    soup = convert("```pycon\n1\n>>> 1\n1\n```\n", errors=errors)
    assert [error.args[1] for error in errors] == [2]
    assert soup.select_one("div.highlight") is not None


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (lambda s: s.replace('alt="A rising line"', ""), r"page\.md:2: .*must say alt"),
        (lambda s: s.replace('alt="A rising line"', 'alt=""'), r"page\.md:2: .*must say alt"),
        (lambda s: s.replace("caption", "title"), r"page\.md:2: unknown option 'title'"),
        (lambda s: s.replace("[1, 2, 3]", "[1, 2, 3"), r"page\.md:\d: SyntaxError"),
        (lambda s: s.replace("subplots", "sbplots"), r"page\.md:4: AttributeError"),
    ],
)
def test_a_faulty_page_stops_the_build(plant: Callable[[str], str], message: str) -> None:
    with pytest.raises(ExampleError, match=message):
        convert(plant(FIGURE))
