"""What the search box and search engines are told of the whole book."""

import json
import re
from html import unescape
from pathlib import Path

from tests.site.test_site import soup

LEFT_OUT = "details.success, details.tip, details.question, .ask-choices, samp[data-search-exclude]"


def addresses(site: Path) -> dict[str, Path]:
    """Return every page of the book by its address."""
    found = sorted(site.rglob("index.html"))
    return {
        f"{path.parent.relative_to(site).as_posix()}/".removeprefix("./"): path for path in found
    }


def indexed(site: Path) -> dict[str, str]:
    """Return all that the index has of each page, as text."""
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for entry in index["docs"]:
        said = [entry["title"], entry["text"], *entry.get("tags", []), *entry.get("bold", [])]
        page = entry["location"].partition("#")[0]
        found[page] = found.get(page, "") + unescape(re.sub(r"</?\w+>", "", "\n".join(said))) + "\n"
    return found


def told(site: Path) -> list[tuple[str, str]]:
    """Return the page and the words of each answer that the index tells."""
    found = []
    for page, text in indexed(site).items():
        for place in soup(addresses(site)[page]).select(f"article :is({LEFT_OUT})"):
            words = (" ".join(each.split()) for each in place.stripped_strings)
            found += [(page, each) for each in words if len(each) > 24 and each in text]
    return found


def flattened(site: Path) -> list[tuple[str, str]]:
    """Return the page and the letters of each formula that is not a line, but stands in one."""
    found = []
    for page, text in indexed(site).items():
        for formula in soup(addresses(site)[page]).select("article math:has(mfrac, msqrt, mtable)"):
            line = "".join(formula.get_text().split())
            found += [(page, line)] * bool(
                re.search("[^\\d.]{3}", line) and line in text.replace(" ", "")
            )
    return found


def test_no_answer_is_in_the_index(site: Path) -> None:
    assert told(site) == []


def test_no_formula_is_flattened(site: Path) -> None:
    assert flattened(site) == []


def test_each_page_is_in_the_index(site: Path) -> None:
    assert indexed(site).keys() == addresses(site).keys()


def test_each_page_has_its_own_description(site: Path) -> None:
    found: dict[str, str] = {}
    for page, path in addresses(site).items():
        (said,) = soup(path).select("meta[name=description]")
        text = str(said["content"])
        assert 70 <= len(text) <= 200, (page, text)  # a search result shows some 160
        assert text not in found, (page, found[text])
        found[text] = page
