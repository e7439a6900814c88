"""The built book: complete, accessible, whole in itself, small, and the same bytes each time."""

import json
import re
from functools import cache
from pathlib import Path
from unicodedata import lookup, name
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fontTools.ttLib import TTFont

from tests.conftest import ROOT, Build
from textbook.build import fonts
from textbook.examples import Block, sections

CHAPTERS = ["convolution", "activations", "perceptron", "metrics", "pooling", "losses"]
LESSONS = sorted(
    path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    for path in (ROOT / "docs/chapters").glob("*/*.md")
    if path.name != "index.md"
)
LABS = ["classifier", "digits", "edges", "network", "regression"]
ADDRESS = "https://dlfund.github.io/dlfund/"  # site_url in mkdocs.yml


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def pages(site: Path) -> list[Path]:
    """Return every HTML page of the book."""
    return sorted(site.rglob("*.html"))


@pytest.fixture(params=LESSONS)
def lesson(request: pytest.FixtureRequest, site: Path) -> Path:
    """Return the page of one lesson."""
    return site / str(request.param) / "index.html"


def source(lesson: Path) -> list[Block]:
    path = f"docs/chapters/{lesson.parent.parent.name}/{lesson.parent.name}.md"
    found = sections((ROOT / path).read_text(encoding="utf-8"), path)
    return [block for section in found for block in section]


def article(path: Path) -> Tag:
    found = soup(path).article
    assert found is not None
    return found


def attributes(tag: Tag) -> dict[str, str]:
    return {key: str(value) for key, value in tag.attrs.items()}


@pytest.mark.every
def test_a_build_elsewhere_warns_of_nothing_and_is_the_same_bytes(
    site: Path, elsewhere: Build
) -> None:
    assert elsewhere.returncode == 0, elsewhere.output
    lines = elsewhere.output.splitlines()
    assert [line for line in lines if not line.startswith("INFO")] == []
    one, two = (
        {path.relative_to(s): path.read_bytes() for path in s.rglob("*") if path.is_file()}
        for s in (site, elsewhere.site)
    )
    assert one.keys() == two.keys()
    kinds = {path.suffix for path in one}
    assert kinds > {".css", ".html", ".ipynb", ".js", ".json", ".svg", ".whl", ".woff2", ".zip"}
    assert {Path(f"labs/{lab}/index.html") for lab in LABS} < one.keys()
    assert [str(name) for name in one if one[name] != two[name]] == []


def test_every_lesson_is_in_the_navigation_of_its_chapter(lesson: Path) -> None:
    links = {
        urljoin(f"/{lesson.parent.name}/", str(a.get("href"))) for a in soup(lesson).select("nav a")
    }
    mates = [name for name in LESSONS if f"/{lesson.parent.parent.name}/" in name]
    assert {f"/{Path(mate).name}/" for mate in mates} - links <= {f"/{lesson.parent.name}/"}


def test_a_chapter_lists_its_lessons_with_their_minutes(site: Path) -> None:
    for stem in CHAPTERS:
        items = article(site / f"chapters/{stem}/index.html").select("ol > li")
        minutes = [re.search(r" · (\d+) min: ", item.get_text()) for item in items]
        lessons = [name for name in LESSONS if f"/{stem}/" in name]
        assert len([each for each in minutes if each]) == len(lessons)
        assert all(3 <= int(each[1]) <= 25 for each in minutes if each)


def test_every_example_is_on_the_page(lesson: Path) -> None:
    assert len(article(lesson).select("div.highlight[data-copy]")) == len(source(lesson)) > 2


def test_every_figure_is_on_the_page(lesson: Path) -> None:
    drawn = [block for block in source(lesson) if "alt" in block.options]
    figures = article(lesson).select("figure")
    assert len(figures) == len(drawn)
    for number, (figure, block) in enumerate(zip(figures, drawn, strict=True), 1):
        assert figure["id"] == block.options["name"]
        assert figure.img is not None
        if "frames" not in block.options:  # else it is filled: see test_frames.py
            assert figure.img["alt"] == block.options["alt"]
        assert len(block.options["alt"].split()) >= 5, f"say what is seen: {block.options['alt']}"
        assert (lesson.parent / str(figure.img["src"])).resolve().is_file()
        assert figure.figcaption is not None
        assert figure.figcaption.get_text().startswith(f"Figure {number}. ")


def test_every_image_has_alt_text(pages: list[Path]) -> None:
    bare = [(page.parent.name, i.get("src")) for page in pages for i in soup(page).select("img")
            if not str(i.get("alt", "")).strip()]  # fmt: skip
    assert bare == []


def test_nothing_is_left_raw(pages: list[Path]) -> None:
    meant = {"script", "style", "pre", "code", "math"}
    for page in pages:
        strings = soup(page).find_all(string=True)
        text = "".join(s for s in strings if meant.isdisjoint(tag.name for tag in s.parents))
        for raw in ("$", "!!!", "???", "```", "Traceback", "\\frac", "**", "]("):
            assert raw not in text, f"{page}: ...{text[max(0, text.find(raw) - 60) :][:120]}..."
        assert "Traceback" not in soup(page).get_text()


def test_ids_are_unique(pages: list[Path]) -> None:
    for page in pages:
        ids = [str(tag["id"]) for tag in soup(page).select("[id]")]
        assert sorted(ids) == sorted(set(ids)), page


def test_nothing_is_loaded_from_elsewhere(pages: list[Path], site: Path) -> None:
    loads = (
        "img, script, iframe, source, video, audio, embed, object, input, "
        "link:not([rel=canonical], [rel=prev], [rel=next])"
    )
    foreign = []
    for page in pages:
        for tag in soup(page).select(loads):
            for key in ("src", "srcset", "href", "data"):
                value = attributes(tag).get(key, "")
                if urlsplit(value).netloc and not value.startswith(ADDRESS):
                    foreign.append(f"{page}: {value}")
    for sheet in site.rglob("*.css"):
        found = re.findall(
            r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\"')]+)", sheet.read_text("utf-8")
        )
        foreign += [f"{sheet}: {value}" for value in found]
    assert foreign == []


def letters(font: Path) -> set[str]:
    return {chr(code) for code in TTFont(font).getBestCmap()}


def set_in_maths(element: Tag) -> str:
    """Return what a piece of a formula is set with: browsers slant a letter that stands alone."""
    text = element.get_text().strip()
    if element.name != "mi" or len(text) != 1 or element.get("mathvariant") == "normal":
        return text
    others = dict(zip("h∂ϵϑϰϕϱϖ∇", "ℎ𝜕𝜖𝜗𝜘𝜙𝜚𝜛𝛻", strict=True))
    letter = re.fullmatch(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER (\w+)", name(text))
    if text in others or not letter:
        return others.get(text, text)
    return lookup(f"MATHEMATICAL ITALIC {letter[1]} {letter[2]}")


def test_every_letter_of_a_formula_is_in_its_font(pages: list[Path], site: Path) -> None:
    shown = {
        letter
        for page in pages
        for element in soup(page).select("mi, mn, mo, mtext")
        for letter in set_in_maths(element)
    }
    assert {each for each in shown if not each.isspace()} <= letters(
        site / "assets/fonts/maths.woff2"
    )


def test_every_letter_is_in_its_font(pages: list[Path], site: Path) -> None:
    """But for what the fonts that ours are cut from do not have either."""
    shown = {
        letter
        for page in pages
        for text in soup(page).find_all(string=True)
        if not text.find_parent(["math", "script"])
        for letter in text
    }
    (main,) = site.glob("assets/javascripts/*/main.js")
    writers = [site / "assets/stylesheets/book.css", *main.parent.glob("*.js")]
    shown |= {letter for path in writers for letter in path.read_text(encoding="utf-8")}
    for face in fonts.FACES:
        if face.name != "maths":
            lacks = shown & letters(face.source) - letters(site / f"assets/fonts/{face.name}.woff2")
            assert lacks - {"\n"} == set(), "add them to _TEXT in textbook/build/fonts.py"


def test_a_lesson_stays_small(lesson: Path) -> None:
    assert lesson.stat().st_size < 90_000
    assert len(soup(lesson).find_all(True)) < 1_500


def test_what_is_right_stands_anywhere(site: Path) -> None:
    """Who always picks the first choice, or the last, is right no more often than by luck."""
    boxes = [
        box for page in site.rglob("chapters/**/index.html") for box in soup(page).select(".gate")
    ]
    choices = [box.select(".ask-choices > li") for box in boxes if box.select(".ask-choices > li")]
    right = [["ask-right" in each.get_attribute_list("class") for each in all_] for all_ in choices]
    places = [each.index(True) for each in right]
    assert len(places) > 30
    for place in range(3):
        assert 0.15 < places.count(place) / len(places) < 0.5


def test_a_figure_costs_its_page_little(lesson: Path) -> None:
    """It is a file of its own: what it costs the page does not depend on what it shows."""
    for figure in article(lesson).select("figure"):
        limit = 4_000 if figure.select_one(".frames-tools") else 2_500
        assert len(str(figure).encode()) < limit, figure["id"]


def test_a_figure_with_frames_has_a_file_for_each(lesson: Path) -> None:
    for figure in article(lesson).select("figure.frames"):
        tools = figure.select_one(".frames-tools")
        assert tools is not None
        data = json.loads(str(tools["data-frames"]))
        count = data["count"] * (len(data["choices"]) or 1)
        assert 1 < count <= 40
        assert {len(column[1:].split(column[0])) for column in data["columns"]} == {count}
        assert figure.img is not None
        address = re.sub(r"\d+(?=\.svg$)", "{}", str(figure.img["src"]))
        files = [(lesson.parent / address.format(number)).resolve() for number in range(count)]
        assert [file.name for file in files if not file.is_file()] == []
        shown = [str(image["src"]) for image in figure.select("ol img")]
        assert shown[0] == address.format(
            0 if not data["choices"] else data["first"] % len(data["choices"])
        )
        assert len(shown) == 3


def test_the_labs_are_these() -> None:
    assert sorted(path.stem for path in (ROOT / "docs/labs").glob("*.py")) == LABS
    for lab in LABS:
        assert f": labs/{lab}.py\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LABS)
def test_a_lab_is_a_page_of_the_book(site: Path, name: str) -> None:
    page = site / f"labs/{name}/index.html"
    assert page.stat().st_size < 300_000
    lab = article(page)
    assert len(lab.select("div.highlight[data-copy]")) > 5
    figures = lab.select("figure")
    assert len(figures) >= 3
    for number, figure in enumerate(figures, 1):
        assert figure.img is not None
        assert len(str(figure.img["alt"]).split()) >= 5
        assert figure.figcaption is not None
        assert figure.figcaption.get_text().startswith(f"Figure {number}. ")
    assert lab.select("math, .admonition, a[href*=chapters]")
    assert "In [" not in lab.get_text()


def test_the_search_knows_every_lesson(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    locations = {entry["location"] for entry in index["docs"]}
    assert {f"{name}/" for name in LESSONS} <= locations


def test_every_page_says_what_it_is(pages: list[Path]) -> None:
    for page in pages:
        html = soup(page)
        assert html.html is not None
        assert html.html.get("lang") == "en"
        assert html.title is not None
        assert html.title.get_text().strip()
        assert html.select_one("meta[name=description][content]") is not None, page
        assert len(html.select("h1")) == 1, page
        assert html.select("[role=dialog]:not([aria-label])") == []
