"""What those who teach and those who cite find: feet, cards, twins, a syllabus, words and signs."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml  # type: ignore[import-untyped]
from bs4 import BeautifulSoup, Tag
from fontTools.ttLib import TTFont
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from markdown import markdown
from PIL import Image

from tests.conftest import ROOT, Build
from tests.site.test_site import ADDRESS, LABS, LESSONS, article, soup
from textbook.build import about, exercises, fonts, pictures, reading
from textbook.build.glossary import MOST, read
from textbook.build.maths import MATHS

type BuildFunction = Callable[[str], Build]

DOCS = ROOT / "docs"
SETTINGS = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
NAV = re.findall(r"[\w/-]+\.(?:md|py)(?=\n)", SETTINGS.split("theme:")[0])  # pages, in order
REPOSITORY = "https://github.com/dlfund/dlfund"

PAGE = """\
---
description: It counts.
---

# Sums & products

```pycon
>>> 1 + 1
2
```

## Again

```pycon
>>> 2 * 3
6
```
"""


def address(source: str) -> str:
    """Return the address of a page in the site."""
    path = re.sub(r"\.(md|py)$", "/", source)
    return re.sub(r"(^|(?<=/))index/$", "", path)


def foot(page: Path) -> Tag:
    found = soup(page).select_one(".md-copyright")
    assert found is not None
    return found


def text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def attribute(page: Path, selector: str, name: str) -> str:
    found = soup(page).select_one(selector)
    assert found is not None, f"{page} has no {selector}"
    return str(found[name])


@pytest.fixture(params=["", *NAV])
def page(request: pytest.FixtureRequest, site: Path) -> Path:
    """Return one page of the book, or the one for what is not there."""
    return site / (f"{address(request.param)}index.html" if request.param else "404.html")


# ---- The foot -------------------------------------------------------------------------------


def test_a_foot_says_what_ran_with_what_where_and_when(
    build: BuildFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_COMMIT", "abcdef1234567890")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    result = build(PAGE)
    assert result.returncode == 0, result.output
    versions = f"NumPy {metadata.version('numpy')} and Matplotlib {metadata.version('matplotlib')}"
    said = text(foot(result.site / "index.html"))
    assert f"2 examples of this page ran with {versions}, at commit abcdef1 of 14 Nov" in said
    assert "year = {2023}" in said
    assert "Commit abcdef1" in said


def test_what_is_unknown_is_not_said(build: BuildFunction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_COMMIT", raising=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # what the Makefile says where there is no git
    said = text(foot(build(PAGE).site / "index.html"))
    assert "2 examples of this page ran with NumPy" in said
    assert not re.search(r"commit|1970|year", said)


def test_a_foot_counts_what_the_page_shows(site: Path) -> None:
    for source in NAV:
        page = site / address(source) / "index.html"
        shown = len(article(page).select("div.highlight[data-copy]"))
        said = re.match(r"(?:(\d+) examples? of this page ran|Built) with NumPy", text(foot(page)))
        assert said, page
        assert int(said[1] or 0) == shown, page


def test_a_foot_leads_to_the_source_and_to_a_report(site: Path) -> None:
    for source in NAV:
        page = site / address(source) / "index.html"
        edit, wrong = (foot(page).find("a", string=s) for s in ("Edit this page", "This is wrong"))
        assert isinstance(edit, Tag)
        assert isinstance(wrong, Tag)
        assert edit["href"] == f"{REPOSITORY}/edit/main/docs/{source}"
        report = urlsplit(str(wrong["href"]))
        assert report._replace(query="").geturl() == f"{REPOSITORY}/issues/new"
        said = parse_qs(report.query)
        assert said["title"][0].endswith(": ")
        assert said["body"][0].startswith(f"{ADDRESS}{address(source)}")


def test_a_page_is_cited_by_its_title_and_address(site: Path) -> None:
    keys = []
    for source in NAV:
        page = site / address(source) / "index.html"
        entry = foot(page).pre
        assert entry is not None
        found = re.fullmatch(r"@misc\{([\w-]+),\n((?:  \w+ = \{.*\},?\n)+)\}", entry.get_text())
        assert found, entry
        keys.append(found[1])
        fields = dict(re.findall(r"  (\w+) = \{(.*)\}", found[2]))
        assert fields["author"] == "{The dlfund authors}"
        assert fields["url"] == ADDRESS + address(source)
        heading = soup(page).h1
        assert heading is not None
        if source.startswith("chapters/"):
            title = fields["title"].strip("{}").replace("\\", "")
            assert heading.get_text().removesuffix("¶") == title
    assert len(set(keys)) == len(NAV)


def test_signs_of_latex_are_letters_in_an_entry() -> None:
    assert about._plain("R&D: 100 % of `x_1`") == r"R\&D: 100 \% of x\_1"


# ---- Pictures -------------------------------------------------------------------------------


def test_every_page_has_a_card_of_its_own(site: Path) -> None:
    cards = set()
    for source in NAV:
        page = site / address(source) / "index.html"
        said = attribute(page, "meta[property='og:image']", "content")
        assert said.startswith(ADDRESS)
        file = site / said.removeprefix(ADDRESS)
        with Image.open(file) as image:
            assert image.size == pictures.SIZE
        assert file.stat().st_size < 40_000
        cards.add(file.read_bytes())
        heading = soup(page).h1
        assert heading is not None
        if source != "index.md":
            title = attribute(page, "meta[property='og:title']", "content")
            assert heading.get_text().startswith(title)
    assert len(cards) == len(NAV)


def test_cards_have_letters_for_every_title() -> None:
    known = set(TTFont(fonts.build() / "sans-bold.ttf").getBestCmap())
    for source in [path for path in NAV if path.endswith(".md")]:
        title = re.search(r"^# (.*)", (DOCS / source).read_text(encoding="utf-8"), re.M)
        assert title
        assert set(map(ord, title[1])) <= known, title[1]


def test_a_long_title_fits_on_its_card() -> None:
    for words in (1, 6, 10):
        lines, font = pictures._fit("Whatever " * words)
        assert max(map(font.getlength, lines)) <= pictures.SIZE[0] - 2 * pictures._LEFT
        assert len(lines) * (font.size * 1.26 + 12) < 400, "it would run into the book's name"


def test_there_are_icons_for_screens(site: Path) -> None:
    manifest = json.loads((site / "assets/manifest.json").read_text(encoding="utf-8"))
    assert manifest["start_url"] == "../"
    for icon in manifest["icons"]:
        with Image.open(site / "assets" / icon["src"]) as image:
            assert "x".join(map(str, image.size)) == icon["sizes"]
            colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
            assert {(0x0B, 0x5F, 0x67), (0xFD, 0xFC, 0xFA)} <= colours, "the sign on paper"


def test_every_page_names_its_icons(page: Path, site: Path) -> None:
    for rel in ("icon", "apple-touch-icon", "manifest"):
        given = attribute(page, f"link[rel={rel}]", "href").removeprefix("/dlfund/")
        folder = site if page.name == "404.html" else page.parent
        assert (folder / given).resolve().is_file()


# ---- An address that leads nowhere ----------------------------------------------------------


def test_the_page_for_wrong_addresses_works_at_any_depth(site: Path) -> None:
    page = soup(site / "404.html")
    relative = [
        tag
        for tag in page.select("[href], [src], [action]")
        if not re.match(
            r"/dlfund/|https://|#", str(tag.get("href") or tag.get("src") or tag.get("action"))
        )
    ]
    assert relative == []
    form = page.select_one("article form[action='/dlfund/']")
    assert form is not None
    assert form.select("input[name=q][required]")
    links = {str(a["href"]) for a in page.select("article li > a")}
    chapters = {f"/dlfund/{address(s)}" for s in NAV if re.fullmatch(r"chapters/\w+/index\.md", s)}
    assert chapters <= links
    assert {"/dlfund/practice/", "/dlfund/glossary/", "/dlfund/labs/edges/"} <= links


# ---- Twins in Markdown ----------------------------------------------------------------------


def twin(site: Path, source: str) -> str:
    return (site / address(source) / "index.md").read_text(encoding="utf-8")


def test_every_page_has_a_twin_in_plain_markdown(site: Path) -> None:
    for source in NAV:
        whole = twin(site, source)
        outside = MATHS.sub(lambda match: "" if match["code"] else match[0], whole)
        assert outside.startswith("# ") or source in ("index.md",), source
        for raw in ("{:", "!!!", "???", "<!--", "<div", "](../", r"\vec", "\n---\n"):
            assert raw not in outside, f"{source}: {raw}"
        fences = re.findall(r"^[> ]*`{3,}(.*)$", whole, re.M)
        assert {fence for fence in fences if "=" in fence or " " in fence} == set(), source
        link = attribute(site / address(source) / "index.html", "a[type='text/markdown']", "href")
        assert link == "index.md"


def test_a_twin_shows_what_its_page_shows(site: Path) -> None:
    """All code, all figures and what cells print."""
    for source in NAV:
        page = article(site / address(source) / "index.html")
        whole = re.sub(r"^(?:> )+", "", twin(site, source), flags=re.M)
        code = [box.code.get_text().strip() for box in page.select("div.highlight") if box.code]
        assert len(re.findall(r"^`{3,}(?:python|pycon)$", whole, re.M)) == len(
            page.select("div.highlight[data-copy]")
        ), source
        for pre in page.select("pre.output"):
            assert pre.get_text().strip().split("\n")[0] in whole
        figures = re.findall(r"^!\[.+\]\((.+)\)$", whole, re.M)
        assert len(figures) == len(page.select("figure"))
        for figure in figures:
            assert (site / figure.removeprefix(ADDRESS)).is_file(), figure
        if source in ("summary.md", "index.md"):
            assert all(each.split("\n")[0] in whole for each in code)


def test_links_of_a_twin_lead_to_the_site(site: Path) -> None:
    for source in NAV:
        for link in re.findall(r"\]\(([^)\s]+)\)", MATHS.sub("", twin(site, source))):
            assert re.match(r"https?://", link), f"{source}: {link}"
            if link.startswith(ADDRESS):
                target = site / unquote(urlsplit(link).path.removeprefix("/dlfund/"))
                assert target.exists(), f"{source}: {link}"


def test_all_twins_are_listed(site: Path) -> None:
    lines = (site / "llms.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Deep-Learning Fundamentals"
    assert lines[2].startswith("> ")
    links = re.findall(r"^- \[.+?\]\((\S+)\)(?:: .+)?$", "\n".join(lines), re.M)
    assert links == [f"{ADDRESS}{address(source)}index.md" for source in NAV]
    assert len([line for line in lines if line.startswith("- ")]) == len(links)
    assert "## Chapters - Convolution" in lines


# ---- The syllabus ---------------------------------------------------------------------------


def table(site: Path, heading: str) -> list[Tag]:
    """Return the rows of the tables below a heading of the page for teachers."""
    start = article(site / "teach/index.html").find(id=heading)
    assert isinstance(start, Tag)
    rows: list[Tag] = []
    for after in start.find_next_siblings():
        if after.name == "h2":
            break
        rows += after.select("tbody tr")
    assert rows
    return rows


def linked(rows: list[Tag]) -> list[str]:
    links = [str(a["href"]) for row in rows for a in row.select("a")]
    return [link.removeprefix("../").rstrip("/") for link in links]


@pytest.mark.parametrize("weeks", ["six", "twelve"])
def test_minutes_of_a_syllabus_are_those_of_its_lessons(site: Path, weeks: str) -> None:
    *rows, together = table(site, f"how-does-it-fill-{weeks}-weeks")
    assert [row.td and row.td.get_text().split()[0] for row in rows] == [
        str(week) for week in range(1, {"six": 6, "twelve": 12}[weeks] + 1)
    ]
    total = 0
    for row in rows:
        lessons = [name for name in linked([row]) if name in LESSONS]
        taken = sum(reading.minutes(DOCS / f"{name}.md") for name in lessons)
        assert f"{taken} min" in text(row)
        assert 45 <= taken <= 130, "a week"
        total += taken
    assert f"{total} min" in text(together)


def test_twelve_weeks_hold_everything_once_and_six_the_core(site: Path) -> None:
    twelve = linked(table(site, "how-does-it-fill-twelve-weeks"))
    assert sorted(twelve) == sorted([*LESSONS, *(f"labs/{lab}" for lab in LABS)])
    six = linked(table(site, "how-does-it-fill-six-weeks"))
    assert len(six) == len(set(six))
    assert set(six) <= set(twelve)
    order = [address(source).rstrip("/") for source in NAV]
    for found in (six, twelve):
        lessons = [order.index(name) for name in found if name in LESSONS]
        assert lessons == sorted(lessons), "not in the order of the book"


def test_every_lesson_says_what_its_questions_test(site: Path) -> None:
    rows = table(site, "what-do-the-questions-test")
    assert linked(rows) == [s.removesuffix(".md") for s in NAV if s.removesuffix(".md") in LESSONS]
    for row, name in zip(rows, linked(rows), strict=True):
        page = article(site / name / "index.html")
        _, asked, tested = (text(cell) for cell in row.select("td"))
        titles = Counter(title.get_text() for title in page.select(".admonition-title"))
        facts = len(page.select("p.exercise-facts"))
        assert asked == (
            f"{titles['Predict']} Predict, {titles['Why?']} Why?, {facts} exercises"
        ), name
        assert len(tested.split()) >= 4


def test_a_mark_is_filled_from_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("word " * 440, "utf-8")
    (tmp_path / "b.md").write_text('!!! question "Why?"\n    So?\n' + "word " * 660, "utf-8")
    page = (
        "[a](a.md) <!-- minutes -->\n[a](a.md), [b](b.md#x) | <!-- minutes --> [b](b.md)\n"
        "<!-- total -->\n[b](b.md) <!-- questions -->\n[gone](gone.md) <!-- minutes -->"
    )
    assert reading.fill(page, tmp_path).split("\n") == [
        "[a](a.md) 2 min",
        "[a](a.md), [b](b.md#x) | 5 min [b](b.md)",
        "7 min, or 0 hours",
        "[b](b.md) 1 Why?",
        "[gone](gone.md) 0 min",
    ]


# ---- Words and signs ------------------------------------------------------------------------

GLOSSARY = DOCS / "glossary.md"
ENTRIES = read(GLOSSARY, 0)


def test_entries_stand_in_order_and_say_where_they_are_taught(site: Path) -> None:
    page = article(site / "glossary/index.html")
    names = [str(dt["id"]) for dt in page.select("dt[id]")]
    assert names == [entry.id for entry in ENTRIES]
    assert len(names) > 80
    titles = [entry.name.casefold() for entry in ENTRIES]
    assert titles == sorted(titles)
    for entry in page.select("dd"):
        assert entry.a is not None, text(entry)
        last = entry.select("a")[-1]
        assert not last.next_sibling
        assert re.match(r"\.\./chapters/\w+/[\w-]+/#", str(last["href"]))
        assert 4 <= len(entry.get_text().split()) <= 60
    spoken = [name for dt in page.select("dt") for name in [dt.get_text().strip("¶").casefold()]]
    assert len(spoken) == len(set(spoken))


def test_a_link_of_an_entry_says_where_it_leads() -> None:
    """By the chapter and the title of the lesson, or what of it stands behind its question."""

    def title(page: str) -> str:
        found = re.search(r"^# (.+?)(?: \{:.*)?$", (DOCS / page).read_text(encoding="utf-8"), re.M)
        assert found
        return re.sub(r"^.*\? ", "", found[1])

    links = re.findall(r"\[([^]]+)\]\(((chapters/\w+/)[\w-]+\.md)#", GLOSSARY.read_text("utf-8"))
    assert len(links) == len(ENTRIES)
    for said, page, chapter in links:
        assert said == f"{title(f'{chapter}index.md')} · {title(page)}"


def test_letters_of_a_heading_are_those_below_it() -> None:
    parts = re.split(r"^## (.*)$", GLOSSARY.read_text(encoding="utf-8"), flags=re.M)[1:]
    for heading, below in zip(parts[::2], parts[1::2], strict=True):
        first, last = heading[0], heading[-1]
        letters = set(re.findall(r"^(\S).*\{: #", below, re.M))
        assert first == min(letters)
        assert all(first <= letter <= last for letter in letters), heading


def test_a_lesson_marks_a_few_terms_once_and_none_that_it_teaches(site: Path) -> None:
    marked: Counter[str] = Counter()
    taught = {entry.id: entry.taught for entry in ENTRIES}
    for name in LESSONS:
        page = article(site / name / "index.html")
        terms = [urlsplit(str(a["href"])).fragment for a in page.select("a.term")]
        marked.update(terms)
        assert len(terms) <= MOST
        assert len(terms) == len(set(terms))
        assert not [term for term in terms if f"{name}.md" in taught[term]]
        for a in page.select("a.term"):
            assert {parent.name for parent in a.parents}.isdisjoint(
                {"h2", "h3", "a", "details", "table", "label"}
            )
            before = a.find_previous("h2")
            assert before is None or before.get("id") != "exercises"
    assert len(marked) > 40
    assert sum(marked.values()) > 150
    assert soup(site / "index.html").select("a.term") == []


MARKED = """\
# Page

A **kernel** is taught here. The loss falls.

- A logit, and *two logits*; `logit`, [logit](x.md), $logit$.

Then max pool.

## Exercises

Saturate!
"""


def test_only_prose_is_marked(tmp_path: Path) -> None:
    source = tmp_path / "glossary.md"
    source.write_text(
        "Max pool {: #mp }\nPool\n:   It shrinks.\n\n"
        + "".join(
            f"{name} {{: #{name.lower()} }}\n:   It is.\n    [x](chapters/{home}.md#x)\n\n"
            for name, home in [
                ("Kernel", "a/x"),
                ("Logit", "b/y"),
                ("Loss", "a/z"),
                ("Saturate", "b/w"),
            ]
        ),
        "utf-8",
    )

    def marks(path: str) -> list[tuple[str, str]]:
        settings = {"textbook.build.glossary": {"source": str(source), "path": path}}
        extensions = ["textbook.build.extension", "textbook.build.glossary", "toc"]
        html = markdown(MARKED, extensions=extensions, extension_configs=settings)
        return [
            (a.get_text(), str(a["href"]))
            for a in BeautifulSoup(html, "html.parser").select("a.term")
        ]

    assert marks("chapters/a/page.md") == [
        ("loss", "../../glossary.md#loss"),
        ("logit", "../../glossary.md#logit"),
        ("max pool", "../../glossary.md#mp"),
    ]
    assert ("logit", "../../glossary.md#logit") not in marks("chapters/b/y.md")
    assert marks("summary.md") == []


def test_every_sign_stands_in_the_lesson_that_it_names() -> None:
    rows = re.findall(r"^\| (\$.*?) \| .* \| \[.*\]\((.*)\) \|$", notation(), re.M)
    assert len(rows) == len(re.findall(r"^\| \$", notation(), re.M)) > 45
    for signs, lesson in rows:
        formulas = [
            match["inline"] or match["display"]
            for match in MATHS.finditer((DOCS / lesson).read_text(encoding="utf-8"))
            if not match["code"]
        ]
        for sign in re.findall(r"\$(.+?)\$", signs):
            alone = rf"(?<![\\a-zA-Z]){re.escape(sign)}(?![a-zA-Z])"
            if sign.startswith("\\"):
                alone = re.escape(sign) + r"(?![a-zA-Z])"
            assert any(re.search(alone, formula) for formula in formulas), f"{lesson}: {sign}"


def notation() -> str:
    return (DOCS / "notation.md").read_text(encoding="utf-8")


# ---- To be cited ----------------------------------------------------------------------------

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_citation_says_what_the_package_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert CITATION["version"] == project["version"]
    assert CITATION["url"] == project["urls"]["Homepage"] == ADDRESS
    assert CITATION["repository-code"] == project["urls"]["Source"] == REPOSITORY
    assert [author["name"] for author in CITATION["authors"]] == [
        author["name"] for author in project["authors"]
    ]
    book = CITATION["preferred-citation"]
    assert f"site_name: {book['title']}\n" in SETTINGS
    assert f"site_author: {book['authors'][0]['name']}\n" in SETTINGS
    dated = re.search(
        rf"^## {project['version']} - (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    assert dated
    assert CITATION.get("date-released", "unreleased") == dated[1]


SHA256 = "573c825e4e16173d99396dc956bd22ff5d4f84215cc16b6ab05299124f5373bb"
SCHEMA = f"cffconvert==2.0.0 --hash=sha256:{SHA256}"


@pytest.mark.audit
def test_the_citation_follows_the_schema(tmp_path: Path) -> None:
    (tmp_path / "wanted.txt").write_text(SCHEMA, "utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "--dest", tmp_path, "-r", tmp_path / "wanted.txt"], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        schema = json.loads(archive.read("cffconvert/schemas/1.2.0/schema.json"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(CITATION)] == []


def test_readme_counts_what_there_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = re.search(r"in (\d+) lessons with (\d+) exercises and (\w+) labs", readme)
    assert said
    given = sum(
        len(exercises.scan((DOCS / f"{name}.md").read_text(encoding="utf-8"), name))
        for name in LESSONS
    )
    assert said.groups() == (str(len(LESSONS)), str(given), {5: "five"}[len(LABS)])


def test_readme_leads_to_what_there_is(site: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(rf"\({ADDRESS}([\w/-]*)\)", readme):
        assert (site / path / "index.html").is_file(), path
    for path in re.findall(rf"{REPOSITORY}/blob/main/([\w.-]+)\)", readme):
        assert (ROOT / path).is_file(), path
    (picture,) = re.findall(r"^!\[.+\]\(\S+/main/(\S+)\)$", readme, re.M)
    with Image.open(ROOT / picture) as image:
        assert image.width >= 1200
