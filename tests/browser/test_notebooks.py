"""The line that offers a page as a notebook: by mouse, by keys, and at phone width."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Lend
from tests.browser.hands import CLIPBOARD
from tests.browser.serving import serve
from tests.browser.test_editor import DESK, PHONE
from tests.conftest import finish_build, start_build, start_project

pytestmark = pytest.mark.browser

LESSON = "---\ndescription: A page.\n---\n\n# A lesson with a name\n\n```pycon\n>>> 1 + 1\n2\n```\n"
COLAB = "https://colab.test/github/owner/name/blob/main/notebooks/"
NOWHERE = "http://127.0.0.1:9/"  # nobody is there to hand out a Python


class Served(NamedTuple):
    """A small book with one lesson."""

    address: str
    site: Path

    @property
    def notebook(self) -> str:
        return f"{self.address}notebooks/chapters/one/page.ipynb"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("notebooks")
    project, site = start_project(place), place / "site"
    settings = project / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace(
            "[{Home: index.md}]", "[index.md, chapters/one/page.md]"
        )
        + f"extra: {{colab: {COLAB}}}\n",
        "utf-8",
    )
    (project / "docs/chapters/one").mkdir(parents=True)
    (project / "docs/index.md").write_text("---\ndescription: Home.\n---\n\n# Home\n", "utf-8")
    (project / "docs/chapters/one/page.md").write_text(LESSON, "utf-8")
    build = finish_build(start_build(project, site), site)
    assert build.returncode == 0, build.output
    with serve(site, NOWHERE) as address:
        yield Served(address, site)


@pytest.fixture
def context(lend: Lend, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Return a reader; parametrised indirectly by options of the context."""
    with lend(**{**DESK, **getattr(request, "param", {})}) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    page = context.new_page()
    page.goto(f"{served.address}chapters/one/page/")
    return page


def line(page: Page) -> Locator:
    return page.locator("h1 + .notebook")


COPIES = [{"permissions": CLIPBOARD}]


def test_a_press_downloads_the_notebook(page: Page, served: Served) -> None:
    for name, solutions in (("download", True), ("without solutions", False)):
        with page.expect_download() as download:
            line(page).get_by_role("link", name=name).click()
        notebook = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert notebook["cells"][1]["source"].startswith("# A lesson with a name")
        assert ("without solutions" not in notebook["cells"][1]["source"]) == solutions
        assert download.value.suggested_filename.startswith("page")
    assert page.url == f"{served.address}chapters/one/page/"


@pytest.mark.parametrize("context", COPIES, indirect=True)
@pytest.mark.every
def test_a_press_copies_the_address(page: Page, served: Served) -> None:
    line(page).get_by_role("button", name="copy address").click()
    expect(line(page).locator("button")).to_have_text("copied")
    expect(page.locator(".run-voice[role=status]")).to_contain_text("address of the notebook")
    assert page.evaluate("navigator.clipboard.readText()") == served.notebook
    expect(line(page).locator("button")).to_have_text("copy address")


@pytest.mark.parametrize("context", COPIES, indirect=True)
def test_keys_do_the_same(page: Page, served: Served) -> None:
    stops = line(page).locator("a, button")
    expect(stops).to_have_count(4)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.notebook')"):
            break
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.url == served.notebook
    for number in (1, 2, 3):
        page.keyboard.press("Tab")
        expect(stops.nth(number)).to_be_focused()
    page.keyboard.press("Space")
    expect(stops.nth(3)).to_have_text("copied")
    assert page.evaluate("navigator.clipboard.readText()") == served.notebook


def test_where_copying_is_forbidden_it_says_so(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    page.goto(f"{served.address}chapters/one/page/")
    line(page).get_by_role("button", name="copy address").click()
    expect(line(page).locator("button")).to_have_text("not copied")
    expect(page.locator(".run-voice[role=status]")).to_contain_text(served.notebook)


def test_colab_is_offered_where_a_setting_says_so(page: Page) -> None:
    link = line(page).get_by_role("link", name="open in Colab")
    expect(link).to_have_attribute("href", f"{COLAB}chapters/one/page.ipynb")


@pytest.mark.parametrize("context", [PHONE, {**PHONE, "color_scheme": "dark"}], indirect=True)
def test_it_fits_a_phone(page: Page) -> None:
    for stop in line(page).locator("a, button").all():
        box = stop.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "context", [{"color_scheme": each} for each in ("light", "dark")], indirect=True
)
def test_axe_finds_nothing(page: Page) -> None:
    expect(line(page).locator("button")).to_be_visible()
    assert axe.violations(page, ".notebook") == []


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_links_are_there(page: Page) -> None:
    expect(line(page).get_by_role("link")).to_have_count(3)
    expect(line(page).get_by_role("button")).to_have_count(0)


def test_home_is_no_notebook(page: Page, served: Served) -> None:
    page.goto(served.address)
    expect(page.locator(".notebook")).to_have_count(0)
