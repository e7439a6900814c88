"""Whatever the site names is there: pages and places in them, images, scripts, fonts, downloads.

Of what lies elsewhere nothing is fetched; its address must be one that can be right.
"""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from tests.conftest import ROOT
from tests.site.test_site import ADDRESS, soup

REPOSITORY = "https://github.com/dlfund/dlfund/"
TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".md", ".svg", ".txt", ".xml"}

# Where a file names another one: in a style sheet, a script, an image.
_NAMES = {
    ".css": re.compile(r"(?:url\(|@import)\s*[\"']?([^\"')]+)"),
    ".js": re.compile(
        r"(?:\bfrom|\bimport|\bimport\(|\bimportScripts\(|\bnew URL\()\s*\"([^\"$]+\.\w+)\""
    ),
    ".svg": re.compile(r"\bhref=\"([^\"]+)\"|url\(([^)]+)\)"),
}
_OWN = re.compile(
    re.escape(ADDRESS) + r"(?:[^\s\"'<>(){}\\`]*[^\s\"'<>(){}\\`.,;:])?"
)  # written out, in whatever text
_ANYWHERE = re.compile(r"\]\((https?:[^\s)]+)\)")  # in the Markdown of notebooks


def address(path: Path, site: Path) -> str:
    """Return the address of a file of the site."""
    return urljoin(ADDRESS, path.relative_to(site).as_posix().removesuffix("index.html"))


def named(path: Path, site: Path) -> Iterator[str]:
    """Yield the addresses that a file names, each whole."""
    base = address(path, site)
    if path.suffix == ".html":
        for tag in soup(path).select("[href], [src], [srcset], [data], [poster], [action]"):
            for key in ("href", "src", "data", "poster", "action"):
                if key in tag.attrs:
                    yield urljoin(base, str(tag[key]))
            for each in str(tag.get("srcset", "")).split(","):
                if each.strip():
                    yield urljoin(base, each.split()[0])
    text = path.read_text("utf-8")
    if path.name == "search_index.json":
        yield from (ADDRESS + each["location"] for each in json.loads(text)["docs"])
    if path.suffix in _NAMES and not path.name.endswith(".min.js"):
        for match in _NAMES[path.suffix].finditer(text):
            yield urljoin(base, next(filter(None, match.groups())))
    if path.suffix in (".ipynb", ".md"):
        yield from _ANYWHERE.findall(text)
    yield from _OWN.findall(text)


@cache
def places(page: Path) -> set[str]:
    """Return the places of a page, or of an image, that a link can lead to."""
    if page.suffix != ".html":
        return set(re.findall(r'\bid="([^"]+)"', page.read_text("utf-8")))
    return {str(tag["id"]) for tag in soup(page).select("[id]")} | {""}


def wrong(link: str, site: Path) -> str:
    """Return what is wrong with a link, or nothing."""
    whole, anchor = urldefrag(link)
    if not link.startswith(ADDRESS):
        return wrong_elsewhere(link)
    path = unquote(urlsplit(whole).path).removeprefix(urlsplit(ADDRESS).path)
    target = site / path / "index.html" if path.endswith("/") or not path else site / path
    if target.is_dir():
        return "needs a / at its end"
    if not target.is_file():
        return "is not there"
    if anchor and unquote(anchor) not in places(target):
        return "has no such place"
    return ""


def wrong_elsewhere(link: str) -> str:
    """Return what shows that an address elsewhere cannot be right, or nothing."""
    parts = urlsplit(link)
    if parts.netloc == urlsplit(ADDRESS).netloc:
        return "leaves the site"
    if parts.scheme in ("data", "mailto", "javascript"):
        return "" if parts.scheme == "data" else "is no address"
    if parts.scheme != "https":
        return "is not https"
    if not re.fullmatch(r"(?:[a-z\d-]+\.)+[a-z]{2,}", parts.netloc):
        return "names no host"
    if re.search(r"[\s\"<>\\^`{|}]", link) or re.search(r"%(?![\dA-Fa-f]{2})", link):
        return "is not escaped"
    name = unquote(parts.path)
    if parts.netloc in ("doi.org", "dx.doi.org") and not (
        parts.netloc == "doi.org" and re.fullmatch(r"/10\.\d{4,9}/\S*[^\s.,;]", name)
    ):
        return "is no DOI"
    if parts.netloc == "arxiv.org" and not re.fullmatch(
        r"/(?:abs|pdf)/(?:(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}"
        r"|(?:1[5-9]|2\d)(?:0[1-9]|1[0-2])\.\d{5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d)?",
        name,
    ):
        return "is no number of arXiv's"
    own = re.fullmatch(re.escape(REPOSITORY) + r"(?:blob|edit|tree|raw)/main/([^?#]*).*", link)
    if own and not (ROOT / unquote(own[1])).exists():
        return "is not in the repository"
    return ""


@pytest.fixture(scope="session")
def links(site: Path) -> dict[Path, set[str]]:
    """Return what each file of the site names."""
    files = [path for path in site.rglob("*") if path.suffix in TEXT]
    return {path: set(named(path, site)) for path in sorted(files)}


def test_all_that_is_named_is_there(links: dict[Path, set[str]], site: Path) -> None:
    assert sum(map(len, links.values())) > 5_000
    assert {path.suffix for path, names in links.items() if names} >= {
        ".css", ".html", ".ipynb", ".js", ".json", ".svg", ".xml",
    }  # fmt: skip
    verdicts = {link: wrong(link, site) for link in set().union(*links.values())}
    assert [
        f"{path.relative_to(site)}: {link} {verdicts[link]}"
        for path, names in links.items()
        for link in sorted(names)
        if verdicts[link]
    ] == []


def test_every_page_can_be_reached_from_home(links: dict[Path, set[str]], site: Path) -> None:
    pages = {address(path, site): path for path in links if path.suffix == ".html"}
    reached, ahead = set[str](), [ADDRESS]
    while ahead:
        page = ahead.pop()
        if page in pages and page not in reached:
            reached.add(page)
            ahead += [urldefrag(link).url for link in links[pages[page]]]
    assert pages.keys() - reached == {f"{ADDRESS}404.html"}


def test_what_is_taken_along_can_be_opened(site: Path) -> None:
    opened = set()
    for path in site.rglob("*"):
        opened.add(path.suffix)
        match path.suffix:
            case ".zip" | ".whl" | ".epub" | ".apkg":
                with zipfile.ZipFile(path) as archive:
                    assert archive.testzip() is None, path
                    assert archive.namelist(), path
            case ".ipynb" | ".json" | ".map":
                assert json.loads(path.read_bytes()), path
            case ".pdf":
                assert re.match(rb"(?s)%PDF-.*%%EOF\s*\Z", path.read_bytes()), path
            case ".png":
                assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), path
            case ".woff2":
                assert path.read_bytes().startswith(b"wOF2"), path
    assert opened >= {".ipynb", ".json", ".whl", ".woff2", ".zip"}


HOME = """\
<p id="here"></p><img srcset="a.svg 1x, b.svg 2x"><a href="#here"></a><a href="p/#there"></a>
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a small site in which all is right."""
    (tmp_path / "p").mkdir()
    for name, content in {
        "index.html": HOME,
        "p/index.html": '<p id="there"></p><a href="../"></a><link href="../s.css">',
        "a.svg": '<svg><g id="g"/><use href="#g"/></svg>',
        "b.svg": "<svg/>",
        "s.css": "p { background: url(a.svg) }",
        "s.js": 'import { x } from "./t.js";\nawait import("./t.js");',
        "t.js": 'new Worker(new URL("s.js", import.meta.url));',
        "n.ipynb": json.dumps({"cells": f"[a]({ADDRESS}p/#there) [b](https://doi.org/10.1000/x)"}),
        "map.xml": f"<loc>{ADDRESS}p/</loc>",
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def found(site: Path) -> list[str]:
    files = [path for path in site.rglob("*") if path.suffix in TEXT]
    return [
        each for path in files for link in set(named(path, site)) if (each := wrong(link, site))
    ]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("index.html", "b.svg", "c.svg"),
        ("index.html", "#here", "#hier"),
        ("index.html", "#there", "#here"),
        ("index.html", "p/#", "q/#"),
        ("p/index.html", "s.css", "c.css"),
        ("p/index.html", '"../"', '"../../p"'),
        ("a.svg", "#g", "#h"),
        ("s.css", "a.svg", "c.svg"),
        ("s.js", 'from "./t.js', 'from "./u.js'),
        ("s.js", '("./t.js', '("./u.js'),
        ("t.js", "s.js", "u.js"),
        ("n.ipynb", "#there", "#here"),
        ("n.ipynb", "10.1000", "101000"),
        ("map.xml", "p/", "q/"),
    ],
)
def test_what_is_not_there_is_noticed(small: Path, name: str, before: str, after: str) -> None:
    assert found(small) == []
    faulty = Path(shutil.copytree(small, f"{small}-faulty"))  # pages that were read are kept
    path = faulty / name
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    assert len(found(faulty)) == 1


@pytest.mark.parametrize(
    ("link", "right"),
    [
        ("https://doi.org/10.1175/1520-0450%281973%29012%3C0595:ANVPOT%3E2.0.CO;2", True),
        ("https://doi.org/10.1016/0041-5553(64)90137-5", True),
        ("https://doi.org/10.1007/BF02551274.", False),
        ("https://doi.org/doi:10.1007/BF02551274", False),
        ("https://dx.doi.org/10.1007/BF02551274", False),
        ("https://arxiv.org/abs/1412.6980", True),
        ("https://arxiv.org/abs/2309.16588v2", True),
        ("https://arxiv.org/abs/1502.3167", False),
        ("https://arxiv.org/abs/1313.4400", False),
        ("http://example.org/", False),
        ("https://localhost/", False),
        ("https://user@example.org/", False),
        ("https://example.org/a b", False),
        ("https://github.com/dlfund/dlfund/blob/main/LICENSE", True),
        ("https://github.com/dlfund/dlfund/blob/main/LICENCE", False),
    ],
)
def test_what_can_be_right_elsewhere(link: str, right: bool) -> None:
    assert (not wrong_elsewhere(link)) is right
