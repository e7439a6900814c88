"""Terms say what they mean: to a mouse, to the keyboard and to a finger (WCAG 2.2, 1.4.13)."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Lend
from tests.browser.serving import CDN, serve
from tests.conftest import finish_build, start_build, start_project

pytestmark = pytest.mark.browser

PHONE = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}

GLOSSARY = """\
---
description: Three words.
---

# Glossary

<div class="glossary" markdown>

Logit {: #logit }
Raw score
:   A score $z$ of any sign, of which [softmax](#softmax) makes a probability.
    [A lesson](chapters/one/other.md#here)

Softmax {: #softmax }
:   It makes probabilities.
    [A lesson](chapters/one/other.md#here)

</div>
"""
LESSON = f"""\
---
description: It says them.
---

# A lesson

Each class has a raw score, and softmax takes them all.

{"Much stands here. " * 90}

## A section, and $n$ words

{"More stands here. " * 90}

## At the end

The end.
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a small book with a glossary."""
    project = start_project(tmp_path_factory.mktemp("glossary"))
    lessons = project / "docs/chapters/one"
    lessons.mkdir(parents=True)
    (project / "docs/index.md").write_text(LESSON.replace("A lesson", "Home", 1), "utf-8")
    (project / "docs/glossary.md").write_text(GLOSSARY, "utf-8")
    (lessons / "lesson.md").write_text(LESSON, "utf-8")
    (lessons / "other.md").write_text(
        "---\ndescription: None.\n---\n\n# Other\n\n## Here\n", "utf-8"
    )
    settings = project / "mkdocs.yml"
    pages = "index.md, glossary.md, chapters/one/lesson.md, chapters/one/other.md"
    settings.write_text(settings.read_text("utf-8").replace("{Home: index.md}", pages), "utf-8")
    build = finish_build(start_build(project, project / "site"), project / "site")
    assert build.returncode == 0, build.output
    with serve(project / "site", CDN) as address:
        yield address


@pytest.fixture(params=[{}])
def page(lend: Lend, served: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the lesson, in a fresh context with the given options."""
    with lend(**request.param) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("response", lambda got: errors.append(got.url) if got.status >= 400 else None)
        page.goto(f"{served}chapters/one/lesson/")
        yield page
        assert errors == []


def term(page: Page, name: str = "raw score") -> Locator:
    return page.locator("a.term", has_text=name)


def said(page: Page) -> Locator:
    return page.get_by_role("tooltip")


MEANS = re.compile(r"^Logit A score .* of any sign, of which softmax makes a probability\.\s*$")


@pytest.mark.every
def test_what_one_points_at_says_what_it_means_and_stays(page: Page) -> None:
    term(page).hover()
    expect(said(page)).to_have_text(MEANS)
    expect(said(page).locator("math")).to_be_visible()
    expect(term(page)).to_have_attribute("aria-describedby", "term-said")
    box = said(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_timeout(700)
    expect(said(page)).to_be_visible()  # one can point at it, and it stays
    page.mouse.move(box["x"], box["y"] + 400, steps=4)
    expect(said(page)).to_have_count(0)
    expect(term(page)).not_to_have_attribute("aria-describedby", re.compile(".*"))


@pytest.mark.every
def test_escape_closes_it_where_one_points(page: Page) -> None:
    term(page).hover()
    expect(said(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(said(page)).to_have_count(0)
    page.wait_for_timeout(500)
    expect(said(page)).to_have_count(0)


def test_the_keyboard_comes_to_it(page: Page) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if term(page).evaluate("e => e === document.activeElement"):
            break
    expect(said(page)).to_have_text(MEANS)
    page.wait_for_timeout(700)
    expect(said(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(said(page)).to_have_count(0)
    expect(term(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(said(page)).to_contain_text("It makes probabilities.")
    page.keyboard.press("Tab")
    expect(said(page)).to_have_count(0)


def test_a_press_with_the_mouse_leads_to_the_entry(page: Page) -> None:
    term(page).click()
    page.wait_for_url("**/glossary/#logit")
    expect(said(page)).to_have_count(0)
    expect(page.locator("dt#logit")).to_be_visible()


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_tap_shows_it_and_a_second_one_leads_there(page: Page) -> None:
    page.touchscreen.tap(200, 700)  # on text: somebody is here
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(r => /terms/.test(r.name))"
    )
    page.wait_for_load_state("networkidle")
    term(page).tap()
    expect(said(page)).to_have_text(MEANS)
    assert page.url.endswith("/lesson/")
    box = said(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    term(page, "softmax").tap()
    expect(said(page)).to_contain_text("It makes probabilities.")
    page.touchscreen.tap(200, 700)
    expect(said(page)).to_have_count(0)
    term(page).tap()
    expect(said(page)).to_have_text(MEANS)
    term(page).tap()
    page.wait_for_url("**/glossary/#logit")


def test_without_the_glossary_it_is_a_link(page: Page) -> None:
    page.route("**/glossary/", lambda route: route.fulfill(status=404))
    page.evaluate("addEventListener('error', event => event.preventDefault())")
    page.locator("h1").hover()
    expect(said(page)).to_have_count(0)
    assert (term(page).get_attribute("href") or "").endswith("glossary/#logit")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_it_is_a_link(page: Page) -> None:
    term(page).click()
    page.wait_for_url("**/glossary/#logit")


@pytest.mark.parametrize(
    "page", [{"color_scheme": each} for each in ("light", "dark")], indirect=True
)
def test_axe_finds_nothing_in_it(page: Page) -> None:
    term(page).hover()
    expect(said(page)).to_be_visible()
    assert axe.violations(page) == []


def test_a_heading_that_one_points_at_can_be_reported(page: Page) -> None:
    heading = page.locator("h2#a-section-and-n-words")
    page.locator("h1").hover()
    heading.hover()
    link = heading.get_by_role("link", name="This is wrong")
    expect(link).to_be_visible()
    report = parse_qs(urlsplit(str(link.get_attribute("href"))).query)
    assert report["title"] == ["A lesson: A section, and n words: "]
    assert report["body"][0].split()[0].endswith("/chapters/one/lesson/#a-section-and-n-words")
    page.locator("h2#at-the-end").hover()
    expect(page.get_by_role("link", name="This is wrong")).to_have_count(2)  # with that of the foot


def test_in_a_frame_what_leads_elsewhere_opens_beside_it(page: Page, served: str) -> None:
    frame = f'<iframe src="{served}chapters/one/lesson/" width="1000" height="600"></iframe>'
    page.route("**/course", lambda route: route.fulfill(content_type="text/html", body=frame))
    page.context.route("https://github.com/**", lambda route: route.fulfill(body="there"))
    page.goto(f"{served}course")
    lesson = page.frame_locator("iframe")
    with page.expect_response("**/terms*.js"):
        lesson.locator("h1").hover()
    page.wait_for_load_state("networkidle")
    with page.expect_popup() as opened:
        lesson.locator("footer a.wrong").click()
    assert opened.value.url.startswith("https://github.com/")
    expect(lesson.locator("h1")).to_contain_text("A lesson")


def test_the_page_for_wrong_addresses_asks_the_search(page: Page, served: str) -> None:
    page.goto(f"{served}?q=softmax")  # where its form leads
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    expect(page.locator(".md-search__input")).to_have_value("softmax")


def test_a_term_on_a_later_page_speaks_too(page: Page) -> None:
    """Instant navigation changes the page, not the document."""
    term(page).hover()
    expect(said(page)).to_be_visible()
    page.locator("a.md-footer__link--next").click()
    expect(page.locator("h1")).to_contain_text("Other")
    expect(said(page)).to_have_count(0)
    page.locator("a.md-footer__link--prev").click()
    expect(page.locator("h1")).to_contain_text("A lesson")
    page.mouse.move(1, 1)
    term(page).hover()
    expect(said(page)).to_have_text(MEANS)


def test_the_small_book_marks_no_other_page(served: str, lend: Lend) -> None:
    with lend() as context:
        page = context.new_page()
        page.goto(served)
        assert page.locator("a.term").count() == 0
