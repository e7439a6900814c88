"""The reference: an entry for each public name, with all it should say, and ways both ways."""

import importlib
import inspect
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown
from mkdocstrings import Inventory

import dlfund
from tests.conftest import ROOT
from tests.site.test_site import LESSONS, soup
from textbook.build import docstrings, reference
from textbook.build.highlight import highlight
from textbook.examples import STRUCTURE, Reader, scan

STEMS = ["convolution", "activations", "perceptron", "metrics", "pooling", "losses", "gradients"]


def public() -> dict[str, str]:
    """Return every public name, as a page writes it, and its module: those of methods too."""
    names = {}
    for stem in STEMS:
        module = importlib.import_module(f"dlfund.{stem}")
        for name in module.__all__:
            names[name] = stem
            thing = getattr(module, name)
            if inspect.isclass(thing):
                methods = [each for each in vars(thing) if not each.startswith("_")]
                names |= {f"{name}.{each}": stem for each in methods if callable(vars(thing)[each])}
    return names


@pytest.fixture
def docs(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the folder of the pages, from where the build stands."""
    monkeypatch.chdir(ROOT)
    return "docs"


@cache
def entries(site: Path) -> dict[str, Tag]:
    """Return what stands in the reference, by its anchor."""
    found = {}
    for stem in STEMS:
        for box in soup(site / f"reference/{stem}/index.html").select(".entry"):
            assert box.h3 is not None
            found[str(box.h3["id"])] = box
    return found


# ---- What the pages say -------------------------------------------------------------------------


def test_the_public_names_are_those_of_the_stems() -> None:
    assert set(dlfund.__all__) == {name for name in public() if "." not in name}


def test_every_public_name_is_in_the_reference_once(docs: str) -> None:
    described = {name: each.path for name, each in reference.entries(docs).items()}
    assert described == {name: f"dlfund.{stem}.{name}" for name, stem in public().items()}
    text = "".join((ROOT / f"docs/reference/{stem}.md").read_text("utf-8") for stem in STEMS)
    assert len(re.findall(r"^### ::: ", text, re.M)) == len(described)


def test_the_first_page_names_all() -> None:
    text = (ROOT / "docs/reference/index.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"`([\w.]+)`", text.partition("\n## ")[2])) == sorted(public())


# ---- What is wrong with an entry ----------------------------------------------------------------


def faults(box: Tag, name: str) -> list[str]:
    """Return what an entry lacks."""
    signature = box.select_one(".signature")
    source = box.select_one("details.source pre")
    examples = box.select(".highlight[data-copy]")
    text = signature.get_text() if signature else ""
    found = {
        "signature": not re.match(rf"{re.escape(name)}(\(|: )", text),
        "formula": not box.select("math"),
        "source": not source or name.split(".")[-1] not in source.get_text(),
        "docstring in its source": bool(source) and ">>>" in str(source),
        "example": not examples,
        "section": any(each["data-section"] != box.h3["id"] for each in examples if box.h3),
        "import": "import" not in "".join(str(each["data-copy"]) for each in examples),
        "way": not box.select(".ways a[href*='chapters/']"),
    }
    raw = [mark for mark in (".. math", ":math:", "----", "$", "**") if mark in plain(box)]
    return [what for what, wrong in found.items() if wrong] + raw


def plain(box: Tag) -> str:
    """Return the text that is neither code nor formula."""
    copy = BeautifulSoup(str(box), "html.parser")
    for tag in copy.select("pre, code, math"):
        tag.decompose()
    return copy.get_text()


def test_every_entry_is_whole(site: Path) -> None:
    found = entries(site)
    assert set(found) == {f"dlfund.{stem}.{name}" for name, stem in public().items()}
    wrong = {name: faults(found[f"dlfund.{stem}.{name}"], name) for name, stem in public().items()}
    assert {name: each for name, each in wrong.items() if each} == {}


@pytest.mark.parametrize(
    ("css", "what"),
    [
        (".signature", "signature"),
        ("details.source", "source"),
        ("math", "formula"),
        (".highlight[data-copy]", "example"),
        (".ways", "way"),
    ],
)
def test_a_piece_that_is_gone_is_noticed(site: Path, css: str, what: str) -> None:
    box = BeautifulSoup(str(entries(site)["dlfund.losses.mse_loss"]), "html.parser")
    assert box.div is not None
    for piece in box.select(css):
        piece.decompose()
    assert what in faults(box.div, "mse_loss")


def test_a_page_of_the_reference_stays_light(site: Path) -> None:
    for stem in STEMS:
        page = site / f"reference/{stem}/index.html"
        assert page.stat().st_size < 200_000
        assert not soup(page).select("details.source[open]")


# ---- Ways ---------------------------------------------------------------------------------------


def targets(page: Path, css: str) -> list[str]:
    """Return the anchors of the reference to which links of a page lead."""
    links = [str(a["href"]) for a in soup(page).select(f"article :is({css}) a[href*='#dlfund.']")]
    return [link.partition("#")[2] for link in links]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_links_what_it_imports_where_it_first_does(site: Path, lesson: str) -> None:
    """Read with other eyes than the build: by the text of the source alone."""
    source = (ROOT / f"docs/{lesson}.md").read_text(encoding="utf-8")
    runs = [block for block in scan(source, lesson) if not block.role]
    code = "\n".join(block.code for block in runs)
    names = public()
    found = re.findall(r"^ *from dlfund import (?:\(([^)]*)\)|(.*))$", code, re.M)
    imported = {word for pair in found for word in re.findall(r"\w+", " ".join(pair))}
    linked = targets(site / lesson / "index.html", "*")
    assert len(linked) == len(set(linked)), "one link for each name"
    assert {f"dlfund.{names[name]}.{name}" for name in imported & set(names)} <= set(linked)


def test_a_table_of_the_summary_links_each_name(site: Path) -> None:
    cells = soup(site / "summary/index.html").select("article td code")
    names = {match[0] for cell in cells if (match := re.match(r"[\w.]+", cell.get_text()))}
    linked = set(targets(site / "summary/index.html", "td"))
    assert {f"dlfund.{stem}.{name}" for name, stem in public().items() if name in names} == linked
    assert len(linked) > 40


def test_what_an_entry_says_is_taught_there_is_used_there(site: Path) -> None:
    """A lesson that an entry names leads to that entry, or to that which it names with it."""
    for anchor, box in entries(site).items():
        ways = box.select_one(".ways")
        assert ways is not None
        others = [str(a["href"]).partition("#")[2] for a in ways.select("a:has(code)")]
        taught = ways.select_one("a[href*='chapters/']")
        assert taught is not None
        page = site / str(taught["href"]).removeprefix("../../") / "index.html"
        bearers = [others[0]] if ways.get_text().startswith("Taught with") else [anchor]
        bearers += [anchor.rpartition(".")[0]]  # of a method, its class
        assert set(bearers) & set(targets(page, "*")), anchor


def test_what_to_see_also_says_the_same(site: Path) -> None:
    also = {
        anchor: {str(a["href"]).partition("#")[2] for a in box.select(".ways a:has(code)")}
        for anchor, box in entries(site).items()
    }
    one_way = [(a, b) for a, others in also.items() for b in others if a not in also[b]]
    assert [pair for pair in one_way if not taught_with(entries(site), *pair)] == []


def taught_with(found: dict[str, Tag], one: str, other: str) -> bool:
    ways = found[one].select_one(".ways")
    return bool(ways and ways.get_text().startswith(f"Taught with {other.split('.', 2)[2]} "))


# ---- For machines -------------------------------------------------------------------------------


def test_the_inventory_lists_all(site: Path) -> None:
    with (site / "objects.inv").open("rb") as file:
        inventory = Inventory.parse_sphinx(file)
    for name, stem in public().items():
        for path in [f"dlfund.{stem}.{name}", *[f"dlfund.{name}"] * ("." not in name)]:
            assert inventory[path].uri == f"reference/{stem}/#dlfund.{stem}.{name}"


def test_a_function_of_numpy_leads_to_numpy_once_a_page(site: Path) -> None:
    page = soup(site / "chapters/convolution/one-kernel/index.html")
    leads = [str(each["href"]) for each in page.select("article a[href*='numpy.org/']")]
    assert {reference.NUMPY.format(name) for name in ("convolve", "correlate")} <= {*leads}
    assert len(leads) == len(set(leads))


@pytest.mark.parametrize("code", ["np.nan", "np.float32", "np.add.at", "np.no_such", "np", "where"])
def test_what_numpy_does_not_describe_so_leads_nowhere(code: str, docs: str) -> None:
    root = Element("p")
    SubElement(root, "code").text = code
    SubElement(root, "code").text = "np.where(x > 0, x, 0)"
    reference.link(root, {}, f"{docs}/chapters/x/y.md")
    assert [each.get("href") for each in root.iter("a")] == [reference.NUMPY.format("where")]


def test_words_of_numpy_lead_to_numpy(site: Path) -> None:
    for word, address in docstrings.NUMPY.items():
        links = soup(site / "reference/pooling/index.html").select(f"a[href='{address}']")
        assert {link.get_text() for link in links} == {word}


# ---- Docstrings ---------------------------------------------------------------------------------

DOCSTRING = """\
Double it.

.. math:: y = 2
    x

Here :math:`x` is a number.

.. math::

    y = x + x

Parameters
----------
x, z : array_like, shape (N,)
    What to double.

Raises
------
ValueError
    If it is too much.

See Also
--------
halve : the other way.

Examples
--------
Of three:

>>> double(3)
6

And of two, see doi:10.1000/182.

>>> np.abs(
...     double(2))
4
"""


def test_a_docstring_becomes_markdown_line_by_line() -> None:
    text, new = docstrings.to_markdown(DOCSTRING, ["double", "halve", "Big", "Big.double"], "lib")
    lines, before = text.split("\n"), DOCSTRING.split("\n")
    assert new == 2
    assert lines.index("Of three:") == before.index("Of three:")
    assert lines.index(">>> double(3)") == before.index(">>> double(3)") + new
    assert lines.index(">>> np.abs(") == before.index(">>> np.abs(") + new
    assert "$$y = 2\n    x$$\n\nHere $x$ is a number.\n\n\n\n$$y = x + x$$\n" in text
    link = f"[array_like]({docstrings.NUMPY['array_like']})"
    assert f"- `x`, `z`: {link}, shape (N,)  \n    What to double.\n" in text
    assert "- `ValueError`  \n    If it is too much.\n" in text
    assert "halve" not in text
    assert (
        "```pycon\n>>> import numpy as np\n>>> from lib import double\n>>> double(3)\n6\n```"
        in text
    )
    assert "[doi:10.1000/182](https://doi.org/10.1000/182)." in text
    assert [block.source.count(">>>") for block in scan(text, "page.md")] == [3, 1]


def test_who_speaks_of_whom_is_seen_from_both() -> None:
    texts = {
        "f": "See Also\n--------\ng : h",
        "g": "",
        "h": "Like `f`.",
        "h_gradient": "",
        "C.h": "",
    }
    assert reference.related(texts) == {
        "f": ["g", "h"],
        "g": ["f"],
        "h": ["f", "h_gradient"],
        "h_gradient": ["h"],
        "C.h": [],
    }


# ---- Links --------------------------------------------------------------------------------------

PAGE = """\
# The `relu`

Not the [`relu`](x.md) of a link, but `relu(3)` and `relu` once more, `reluctant` and `dlfund.elu`.

```pycon
>>> from dlfund import (elu, relu,
...     mse_loss)
>>> import numpy as np
```

| what | function |
|---|---|
| fit | `Perceptron.fit` |
"""


def links(page: str, path: str, *, resolved: bool = False) -> tuple[list[str], list[str]]:
    """Return where the inline code and the examples of a page lead."""
    found: dict[str, Any] = {}

    def show(places: Any) -> None:
        found["code"] = reference.link(reader.root, dict(places), path, resolved=resolved)
        anchors = [str(a.get("href")) for a in reader.root.iter("a")]
        found["inline"] = [each for each in anchors if "#" in each]

    reader = Reader(path, 1, show)
    Markdown(extensions=[*STRUCTURE, reader]).convert(page)
    return found["inline"], [each for names in found["code"].values() for each in names.values()]


def test_the_first_use_of_a_name_leads_to_its_entry(docs: str) -> None:
    inline, code = links(PAGE, "docs/chapters/losses/rewards.md")
    assert inline == [
        "../../reference/activations.md#dlfund.activations.relu",
        "../../reference/activations.md#dlfund.activations.elu",
        "../../reference/perceptron.md#dlfund.perceptron.Perceptron.fit",
    ]
    assert code == ["../../../reference/losses/#dlfund.losses.mse_loss"]
    assert links(PAGE, "docs/index.md") == ([], [])
    assert links(PAGE, "docs/summary.md")[1] == ["../reference/losses/#dlfund.losses.mse_loss"]
    _, code = links(PAGE, "docs/chapters/losses/rewards.md", resolved=True)
    assert code == ["../../reference/losses.md#dlfund.losses.mse_loss"]


def test_an_import_is_linked_in_its_place() -> None:
    source = ">>> from dlfund import (elu, relu,\n...     elu_derivative)\n>>> relu(1)\n1.0\n"
    html = highlight(source, "pycon", copy="from dlfund import elu, relu")
    out = reference.linked(
        html, {"elu": "a#dlfund.elu", "relu": "b#relu", "elu_derivative": "c#elu"}
    )
    assert re.sub("</?a[^>]*>", "", out) == html
    assert re.findall('<a href="(.*?)">(.*?)</a>', out) == [
        ("a#dlfund.elu", "elu"), ("b#relu", "relu"), ("c#elu", "elu_derivative")
    ]  # fmt: skip


# ---- Builds -------------------------------------------------------------------------------------

SMALL = """\
site_name: The reference
strict: true
theme: {name: material, custom_dir: textbook/overrides, favicon: assets/images/favicon.svg}
extra: {library: dlfund, licence: none, python: none, time_limit: 10, made_with: []}
hooks: [textbook/build/hook.py]
plugins:
  - mkdocstrings:
      custom_templates: textbook/build/templates
      handlers: {python: {options: {extensions: [textbook.build.docstrings]}}}
markdown_extensions:
  - textbook.build.extension
  - attr_list
  - toc: {permalink: true, toc_depth: 3}
  - pymdownx.superfences
"""
HOME = "# Summary\n\n`max_pool_2d`\n"
ENTRIES = """\
# Pooling

::: dlfund.pooling

## Maximum

### ::: dlfund.pooling.max_pool_2d

### ::: dlfund.pooling.max_pool_2d_backward
"""


def small(place: Path, tool: str, settings: str = SMALL) -> "subprocess.CompletedProcess[str]":
    """Build a reference of two entries with a tool."""
    (place / "docs/reference").mkdir(parents=True, exist_ok=True)
    (place / "docs/index.md").write_text("# Home\n", "utf-8")
    (place / "docs/summary.md").write_text(HOME, "utf-8")
    (place / "docs/reference/pooling.md").write_text(ENTRIES, "utf-8")
    (place / "mkdocs.yml").write_text(settings, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", tool, "build"],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(place), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_it_builds_under_both(project: Path, tool: str) -> None:
    """But under Zensical, which has no hooks, without fonts, files for figures and Python."""
    settings = SMALL if tool == "mkdocs" else SMALL.replace(", custom_dir: textbook/overrides", "")
    result = small(project, tool, settings)
    assert result.returncode == 0, result.stdout + result.stderr
    page = soup(project / "site/reference/pooling/index.html")
    box = page.select_one(".entry")
    assert box is not None
    assert [each for each in faults(box, "max_pool_2d") if each != "way"] == []
    links = [str(a["href"]) for a in box.select(".ways a")]
    assert [link.partition("#")[2] for link in links] == ["dlfund.pooling.max_pool_2d_backward"]
    assert not re.search(r"\.md\b", "".join(links))
    summary = soup(project / "site/summary/index.html").select_one("article a:has(code)")
    assert summary is not None
    assert summary["href"] == "../reference/pooling/#dlfund.pooling.max_pool_2d"
    with (project / "site/objects.inv").open("rb") as file:
        assert "dlfund.max_pool_2d" in Inventory.parse_sphinx(file)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("array([[ 6.,  8.],", "array([[ 6.,  9.],", r"dlfund/pooling\.py:{}: example failed"),
        (
            r".. math:: Y_{ij} = \max_",
            r".. math:: Y_{ij} = \nope_",
            r"dlfund/pooling\.py:{}: cannot set",
        ),
        (
            "def max_pool_2d_backward(",
            "def max_pool_2d_back(",
            r"max_pool_2d_backward could not be found",
        ),
    ],
    ids=["example", "formula", "name"],
)
def test_a_planted_fault_stops_the_build(project: Path, old: str, new: str, message: str) -> None:
    module = project / "dlfund/pooling.py"
    text = module.read_text(encoding="utf-8")
    assert text.count(old) == 1
    module.write_text(text.replace(old, new), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1 - ("array" in old)  # that of the prompt
    result = small(project, "mkdocs")
    assert result.returncode != 0
    assert re.search(message.format(line), result.stdout + result.stderr), result.stderr
