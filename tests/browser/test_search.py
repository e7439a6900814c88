"""The search box leads to the section that a reader means; what is typed stands in search.toml."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import Book
from tests.conftest import ROOT

QUERIES: dict[str, str] = tomllib.loads((ROOT / "tests/search.toml").read_text(encoding="utf-8"))
FIRST = 72  # of them lead to their section at once, and all within three results
# Counts what the page asks its worker and what it has heard, so that nobody reads too early.
COUNT = """window.Worker = class extends Worker {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({ data }) => {
      if (data.type === 3) document.documentElement.dataset.heard = String(--this.open);
    });
  }
  open = 0;
  postMessage(message, ...more) {
    if (message.type === 2) {
      document.documentElement.dataset.heard = String(++this.open);
      document.documentElement.dataset.asked = message.data;
    }
    super.postMessage(message, ...more);
  }
}"""


class Result(NamedTuple):
    """A result: where it leads, as search.toml says it, and whether a reader sees it at once."""

    location: str
    score: float
    seen: bool


@pytest.fixture(scope="module")
def page(browser: Browser, still: Book) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(COUNT)
    page = context.new_page()
    page.goto(still.address)
    page.keyboard.press("/")
    yield page
    context.close()


def ask(page: Page, query: str) -> list[Result]:
    """Type a query in place of the last one; return what is found, the best first."""
    page.keyboard.press("Control+a")
    page.keyboard.type(query)
    page.wait_for_function(
        "query => { const { asked, heard } = document.documentElement.dataset;"
        " return heard === '0' && asked === query; }",
        arg=query.strip(),
    )
    page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
    found = page.locator(".md-search-result__link").evaluate_all(
        "links => links.map(link => [link.href, link.firstElementChild.dataset.mdScore,"
        " !link.closest('details')])"
    )
    base = page.evaluate("new URL(__md_scope).href")
    results = [
        Result(re.sub(r"\?h=[^#]*", "", href).removeprefix(base), float(score), seen)
        for href, score, seen in found
    ]
    return sorted(results, key=lambda each: -each.score)


@pytest.mark.every
def test_each_query_leads_to_its_section(page: Page) -> None:
    assert len(QUERIES) == 80
    later, lost = {}, {}
    for query, section in QUERIES.items():
        found = ask(page, query)
        best = [each.location for each in found[:3]]
        if section not in best:
            lost[query] = best
        elif best[0] != section:
            later[query] = best
        else:
            assert found[0].seen, query
    assert not lost
    assert len(later) <= len(QUERIES) - FIRST, later


def test_enter_leads_there(page: Page, still: Book) -> None:
    section = QUERIES["dropout"]
    ask(page, "dropout")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/{re.escape(section.replace('#', '?h=dropout#'))}$"))
    expect(page.locator("article h3#dropout mark")).to_have_text("Dropout")
    page.keyboard.press("/")


def test_a_name_with_parentheses_leads_to_the_reference(browser: Browser, still: Book) -> None:
    place = "reference/activations/"
    docs = [
        {"location": "a/", "title": "Six curves", "tags": ["ReLU"], "text": "<p>The ReLU.</p>"},
        {"location": place, "title": "Activations", "text": "", "boost": 0.5},
        {"location": f"{place}#relu", "title": "dlfund.relu(z)", "text": "", "boost": 0.5},
    ]
    index = json.loads((still.site / "search/search_index.json").read_text(encoding="utf-8"))
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(COUNT)
    answer = json.dumps(index | {"docs": docs})
    context.route("**/search_index.json", lambda route: route.fulfill(body=answer))
    page = context.new_page()
    page.goto(still.address)
    page.keyboard.press("/")
    assert ask(page, "relu")[0].location == "a/"
    assert ask(page, "relu()")[0].location == f"{place}#relu"
    context.close()


def test_what_is_typed_need_not_be_whole_or_right(page: Page) -> None:
    best = {
        query: ask(page, query)[0].location
        for query in ("confu", "softmaxx", "maxpool", "ReLU/ELU:")
    }
    assert best == {
        "confu": QUERIES["confusion matrix"],
        "softmaxx": "chapters/activations/softmax/",
        "maxpool": QUERIES["pool_2d"],
        "ReLU/ELU:": QUERIES["relu()"],
    }
    assert ask(page, "zyxwvut") == []
    assert ask(page, "?!") == []
