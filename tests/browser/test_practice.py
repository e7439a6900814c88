"""Practise: what a reader has done is seen, comes back, and is theirs to take along or to drop."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bs4 import Tag
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Lend
from tests.browser.hands import Book, Reader, exercise, paste_over, run, soup, unfold
from tests.browser.test_editor import DESK, PHONE
from tests.browser.test_run import BROKEN

pytestmark = pytest.mark.browser

PAGE = "practice/"
TODAY = datetime(2027, 3, 10, 12)
HAND = "p.exercise-facts:not([data-kind=code])"
REFUSED = "This file was not saved here, or by a later edition. Nothing has changed."
FORMAT = {"format": "textbook-progress", "version": 1}


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).date().isoformat()


class Visit:
    """A reader's page on a day of ours, and what went wrong on it."""

    def __init__(self, page: Page, book: Book) -> None:
        self.page, self.book, self.keys = page, book, page.keyboard
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("filechooser", lambda _: None)  # from now on Chromium asks us, and not too late
        page.clock.set_fixed_time(TODAY)

    def go(self, path: str) -> Page:
        self.page.goto(self.book.address + path)
        return self.page

    def later(self, days: int) -> None:
        """Let days pass, and load the page anew."""
        self.page.clock.set_fixed_time(TODAY + timedelta(days=days))
        self.page.reload()

    def read(self, file: Path | str | dict[str, object]) -> str:
        """Let the page of all exercises read a file; return what it says."""
        self.go(PAGE)
        if isinstance(file, Path):
            text = file.read_text(encoding="utf-8")
        else:
            text = file if isinstance(file, str) else json.dumps(file)
        with self.page.expect_file_chooser() as chosen:
            self.page.locator("label", has_text="Read a file").click()
        chosen.value.set_files(
            {"name": "p.json", "mimeType": "application/json", "buffer": text.encode()}
        )
        said = self.page.locator(".practice-kept [role=status]")
        expect(said).not_to_be_empty()
        return said.inner_text()

    def seed(self, **states: str) -> list[str]:
        """Read a file in which the first exercises of the book have these records."""
        keys = self.all_keys()[: len(states)]
        records = dict(zip([f"practice {key}" for key in keys], states.values(), strict=True))
        assert self.read({**FORMAT, "kept": records}).startswith(f"Read: {len(keys)} entries")
        return keys

    def listed(self) -> list[Tag]:
        return soup(self.book.site / PAGE / "index.html").select(".exercises .exercise-facts")

    def all_keys(self) -> list[str]:
        return [str(facts["data-key"]) for facts in self.listed()]

    def item(self, key: str) -> Locator:
        return self.page.locator(f".exercises .exercise-facts[data-key='{key}']")

    def stored(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate("({ ...localStorage })")
        return {key: value for key, value in found.items() if not key.startswith("/.")}

    def shown(self) -> list[str]:
        """Return the keys of what is shown."""
        facts = self.page.locator(".exercises .exercise-facts:visible")
        return [str(key) for key in facts.evaluate_all("all => all.map(e => e.dataset.key)")]


@pytest.fixture
def visit(lend: Lend, still: Book, request: pytest.FixtureRequest) -> Iterator[Visit]:
    with lend(**getattr(request, "param", DESK)) as context:
        visit = Visit(context.new_page(), still)
        yield visit
        assert visit.errors == []


BOTH = pytest.mark.parametrize("visit", [DESK, PHONE], ids=["desk", "phone"], indirect=True)


def tap(visit: Visit, what: Locator) -> None:
    """Point at it, with a mouse or a thumb."""
    if visit.page.evaluate("matchMedia('(pointer: coarse)').matches"):
        what.tap()
    else:
        what.click()


# ---- Doing an exercise -----------------------------------------------------------------------


@pytest.mark.every
def test_an_answer_that_passes_its_check_is_done(reader: Reader) -> None:
    page = reader.open("[data-exercise=huber]")
    path = page.url.removeprefix(reader.book.address)
    box = exercise(page, "huber")
    facts = page.locator(".exercise-facts[data-key$='#huber']")
    expect(facts).to_have_text("Core · code")
    assert run(box) == "2 of 4 cases pass."
    expect(facts).to_have_text("Core · code · tried")
    unfold(page)
    solution = page.locator("[data-solution=huber]")
    assert run(solution) == "All 4 cases pass."
    expect(facts).to_have_text("Core · code · tried")  # by looking it up
    paste_over(box, solution.get_attribute("data-copy") or "")
    assert run(box) == "All 4 cases pass."
    expect(facts).to_have_text("Core · code · done")
    mark = page.locator(f".md-nav--primary a[href='./'] .nav-done, a[href$='{path}'] .nav-done")
    expect(mark.first).to_contain_text(re.compile(r"1/\d.* 1 of \d exercises done"))
    page.locator(".md-tabs a", has_text="Practise").click()
    expect(page.locator(".exercises .exercise-facts[data-key$='losses/#huber']")).to_have_text(
        "Core · code · done"
    )
    expect(page.locator(".practice-tools output")).to_contain_text("1 of ")


@BOTH
def test_what_no_code_can_check_is_ticked(visit: Visit) -> None:
    page = visit.go(visit.book.find(HAND))
    facts = page.locator(HAND).first
    before = facts.inner_text()
    box = page.get_by_role("checkbox", name="I have done it").first
    expect(box).not_to_be_checked()
    assert (
        box.evaluate("box => document.getElementById(box.getAttribute('aria-describedby')).tagName")
        == "H3"
    )
    tap(visit, box)
    expect(box).to_be_checked()
    expect(facts).to_have_text(f"{before} · done")
    page.reload()
    expect(box).to_be_checked()
    expect(facts).to_have_text(f"{before} · done")
    tap(visit, page.locator(".exercise-tick label").first)
    expect(box).not_to_be_checked()
    expect(facts).to_have_text(f"{before} · tried")
    tap(visit, box)
    tap(visit, box)
    expect(facts).to_have_text(f"{before} · tried")


@pytest.mark.every
def test_the_box_stands_under_the_solution(visit: Visit) -> None:
    for path in visit.book.paths():
        here = soup(visit.book.site / path / "index.html")
        if not here.select(HAND):
            continue
        page = visit.go(path)
        ticks = page.locator(".exercise-tick")
        expect(ticks).to_have_count(len(here.select(HAND)))
        for tick in ticks.all():
            assert tick.evaluate(
                "tick => /^H[123]$/.test(tick.nextElementSibling?.tagName ?? 'H2')"
                " && !tick.closest('details, .highlight')"
            )


@pytest.mark.every
def test_a_lesson_that_is_done_has_a_tick_in_the_menu(visit: Visit) -> None:
    lessons = json.loads(next(visit.book.site.rglob("exercises.json")).read_text("utf-8"))
    path, keys = next(item for item in lessons.items() if len(item[1]) > 1)
    done = {f"practice {key}": f"{day(0)} {day(0)} 0" for key in keys}
    visit.read({**FORMAT, "kept": dict(list(done.items())[1:])})
    page = visit.go(path)
    mark = page.locator(".md-sidebar--primary .nav-done:visible")
    expect(mark).to_have_text(
        f"{len(keys) - 1}/{len(keys)} {len(keys) - 1} of {len(keys)} exercises done"
    )
    visit.read({**FORMAT, "kept": done})
    page = visit.go(path)
    expect(mark).to_have_class(re.compile("nav-whole"))
    expect(mark).to_have_text(f" {len(keys)} of {len(keys)} exercises done")
    link = page.locator(".md-sidebar--primary a.md-nav__link--active:has(.nav-done)").last
    assert "exercises done" in (link.text_content() or "")


# ---- The page of them all --------------------------------------------------------------------


def choose(visit: Visit, name: str, text: str) -> None:
    """Point at the name of a select and type what is wanted."""
    visit.page.locator(".practice-tools label", has_text=re.compile(f"^{name}")).click(
        position={"x": 5, "y": 5}
    )
    visit.keys.type(text)
    expect(visit.page.locator(f"select[name={name.lower()}] option:checked")).to_contain_text(text)


def test_the_filters_show_what_is_wanted(visit: Visit) -> None:
    visit.go(PAGE)
    listed = visit.listed()

    def those(**wanted: str) -> list[str]:
        return [
            str(facts["data-key"])
            for facts in listed
            if all(str(facts[f"data-{name}"]).startswith(value) for name, value in wanted.items())
        ]

    output = visit.page.locator(".practice-tools output")
    expect(output).to_have_text(f"{len(listed)} of {len(listed)} shown, 0 of {len(listed)} done.")
    choose(visit, "Level", "hard")
    assert visit.shown() == those(level="hard")
    choose(visit, "Kind", "by hand")
    assert visit.shown() == those(level="hard", kind="hand")
    choose(visit, "Topic", "all of Pooling")
    wanted = those(level="hard", kind="hand", topic="chapters/pooling/")
    assert visit.shown() == wanted
    expect(output).to_have_text(f"{len(wanted)} of {len(listed)} shown, 0 of {len(listed)} done.")
    expect(visit.page.locator(".exercises h2:visible")).to_have_count(1)
    choose(visit, "Level", "all")
    choose(visit, "Kind", "all")
    visit.page.get_by_role("checkbox", name="interview only").click()
    marked = {str(facts["data-key"]) for facts in listed if facts.has_attr("data-interview")}
    assert visit.shown() == [key for key in those(topic="chapters/pooling/") if key in marked]


def test_the_filter_of_states(visit: Visit) -> None:
    tried, done, due = visit.seed(
        tried=day(3), done=f"{day(3)} {day(0)} 0", due=f"{day(3)} {day(2)} 0"
    )
    choose(visit, "State", "tried")
    assert visit.shown() == [tried]
    choose(visit, "State", "done")
    assert visit.shown() == [done, due]
    choose(visit, "State", "due")
    assert visit.shown() == [due]
    choose(visit, "State", "new")
    assert visit.shown() == visit.all_keys()[3:]


@pytest.mark.every
def test_what_was_done_comes_back(visit: Visit) -> None:
    """After a day; when that was done, after 7 more; then every 30."""
    path = visit.book.find(HAND)
    page = visit.go(path)
    facts = page.locator(HAND).first
    key = facts.get_attribute("data-key")
    assert key is not None
    box = page.get_by_role("checkbox", name="I have done it").first
    passed = 0
    for days in (1, 7, 30, 30):
        box.click()
        expect(facts).to_have_attribute("data-state", "done")
        visit.later(passed + days - 1)
        expect(facts).to_have_attribute("data-state", "done")
        passed += days
        visit.later(passed)
        expect(facts).to_contain_text("done, due again")
        expect(box).not_to_be_checked()
        visit.go(PAGE)
        again = page.locator(".practice-due")
        expect(again).to_be_visible()
        expect(again.locator("li")).to_have_count(1)
        again.locator("li a").click()
        expect(page.locator("article h1")).not_to_have_text("Practise")
        expect(facts).to_be_in_viewport()


def test_doing_it_early_does_not_put_it_off(visit: Visit) -> None:
    page = visit.go(visit.book.find(HAND))
    box = page.get_by_role("checkbox", name="I have done it").first
    box.click()
    before = visit.stored()
    page.locator("h1").click()
    page.reload()
    assert visit.stored() == before
    visit.go(PAGE)
    expect(page.locator(".practice-due")).to_be_hidden()


@pytest.mark.every
def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit.go(PAGE)
    expect(page.locator(".practice-tools")).to_be_visible()

    def tab(to: str) -> None:
        for _ in range(120):
            visit.keys.press("Tab")
            if page.evaluate("to => document.activeElement.matches(to)", to):
                outline = page.evaluate(
                    "getComputedStyle(document.activeElement.matches('[type=file]') ?"
                    " document.activeElement.parentElement : document.activeElement).outlineStyle"
                )
                assert outline != "none", "a focus that is not seen"
                return
        pytest.fail(f"Tab does not reach {to}")

    all_of_them = len(visit.shown())
    tab("select[name=level]")
    visit.keys.type("hard")
    hard = len(visit.shown())
    assert 0 < hard < all_of_them / 2
    tab("input[name=interview]")
    visit.keys.press("Space")
    assert len(visit.shown()) < hard
    tab("button[name=save]")
    with page.expect_download():
        visit.keys.press("Enter")
    tab("input[type=file]")
    with page.expect_file_chooser() as chosen:
        visit.keys.press("Enter")
    chosen.value.set_files({"name": "x", "mimeType": "text/plain", "buffer": b"no"})
    expect(page.locator(".practice-kept [role=status]")).to_contain_text("Nothing has changed")
    tab("button[name=forget]")
    visit.keys.press("Enter")
    expect(page.locator("button[name=keep]")).to_be_focused()
    visit.keys.press("Enter")
    expect(page.locator("button[name=forget]")).to_be_focused()


# ---- Taking along, and dropping --------------------------------------------------------------


@BOTH
@pytest.mark.every
def test_what_is_kept_goes_to_a_file_and_comes_back(visit: Visit, tmp_path: Path) -> None:
    page = visit.go(visit.book.find("[data-exercise]"))
    box = exercise(page)
    paste_over(box, "mine = 1")
    page.goto(visit.book.address + visit.book.find(HAND))
    tap(visit, page.get_by_role("checkbox", name="I have done it").first)
    before = visit.stored()
    assert len(before) == 2
    visit.go(PAGE)
    with page.expect_download() as download:
        tap(visit, page.get_by_role("button", name="Save to a file"))
    file = tmp_path / download.value.suggested_filename
    assert file.name == "progress.json"
    download.value.save_as(file)
    expect(page.locator(".practice-kept [role=status]")).to_have_text("Saved: 2 entries.")
    tap(visit, page.get_by_role("button", name="Forget everything"))
    expect(page.get_by_text("all of it goes, for good")).to_be_visible()
    assert visit.stored() == before, "it asks once more"
    tap(visit, page.get_by_role("button", name="No, keep it"))
    assert visit.stored() == before
    tap(visit, page.get_by_role("button", name="Forget everything"))
    tap(visit, page.get_by_role("button", name="Yes, forget it"))
    expect(page.locator(".practice-kept [role=status]")).to_have_text("All is forgotten.")
    assert visit.stored() == {}
    expect(page.locator(".practice-tools output")).to_contain_text("0 of")
    expect(page.locator(".nav-done")).to_have_count(0)
    assert visit.read(file) == "Read: 2 entries are new here, 0 are not."
    assert visit.stored() == before
    assert visit.read(file) == "Read: 0 entries are new here, 2 are not."
    visit.go(visit.book.find("[data-exercise]"))
    expect(box.locator("textarea")).to_have_value("mine = 1")


def test_the_choice_of_colours_is_not_forgotten(visit: Visit) -> None:
    page = visit.go(PAGE)
    page.locator("label[for^=__palette]:visible").click()
    page.locator("label[for^=__palette]:visible").click()
    before = page.evaluate("({ ...localStorage })")
    assert before
    visit.seed(one=day(0))
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_role("button", name="Yes, forget it").click()
    assert page.evaluate("({ ...localStorage })") == before


@pytest.mark.parametrize(
    "rubbish",
    ["", "no", "[]", "null", "{}", '{"kept": {}}', '{"format": "textbook-progress", "version": 1}',
     '{"format": "textbook-progress", "version": 1, "kept": [', '"' * 9],
)  # fmt: skip
def test_a_file_of_rubbish_changes_nothing(visit: Visit, rubbish: str) -> None:
    visit.seed(one=f"{day(1)} {day(0)} 0")
    before = visit.stored()
    assert visit.read(rubbish) == REFUSED
    assert visit.stored() == before


def test_a_file_of_a_later_edition_changes_nothing(visit: Visit) -> None:
    said = visit.read({**FORMAT, "version": 2, "kept": {"practice x": day(0)}})
    assert said == REFUSED
    assert visit.stored() == {}


def test_a_file_is_merged_with_what_is_here(visit: Visit) -> None:
    one, two, three, four = visit.all_keys()[:4]
    here = {
        f"practice {one}": f"{day(9)} {day(8)} 2",
        f"practice {two}": day(4),
        f"practice {three}": f"{day(5)} {day(1)} 1",
        one: "mine",
    }
    there = {
        f"practice {one}": f"{day(7)} {day(2)} 1",
        f"practice {two}": f"{day(2)} {day(2)} 0",
        f"practice {three}": day(6),
        f"practice {four}": day(0),
        one: "theirs",
        two: "new",
        "practice odd": "tomorrow",
        ".__palette": "{}",
        three: 3,
    }
    assert visit.read({**FORMAT, "kept": here}) == "Read: 4 entries are new here, 0 are not."
    said = visit.read({**FORMAT, "kept": there})
    assert said == "Read: 5 entries are new here, 1 are not. 3 were not understood."
    assert visit.stored() == {
        f"/practice {one}": f"{day(9)} {day(2)} 1",
        f"/practice {two}": f"{day(4)} {day(2)} 0",
        f"/practice {three}": f"{day(6)} {day(1)} 1",
        f"/practice {four}": day(0),
        f"/{one}": "mine",
        f"/{two}": "new",
    }


# ---- A store that is broken, two tabs, no script ---------------------------------------------

RUBBISH = [
    "",
    "rubbish",
    "2027-03-99 2027-99-10 0",
    "2027-03-10 2027-03-10 7",
    "{}",
    "2999-01-01 2999-01-01 2",
]


def test_rubbish_in_the_store_breaks_no_page(visit: Visit) -> None:
    keys = visit.all_keys()[: len(RUBBISH)]
    items = {f"/practice {key}": value for key, value in zip(keys, RUBBISH, strict=True)}
    items |= {"/practice ": "x", "/practice gone/#away": day(3), "/": "y"}
    visit.page.add_init_script(
        "if (!localStorage.length) for (const [key, value] of Object.entries("
        f"{json.dumps(items)})) localStorage.setItem(key, value)"
    )
    visit.go(PAGE)
    expect(visit.page.locator(".practice-tools output")).to_contain_text("shown")
    expect(visit.item(keys[1])).to_have_attribute("data-state", "new")
    expect(visit.item(keys[3])).to_have_attribute("data-state", "new")
    page = visit.go(visit.book.find(HAND))
    box = page.get_by_role("checkbox", name="I have done it").first
    box.click()
    expect(box).to_be_checked()


@pytest.mark.parametrize("broken", BROKEN, ids=["forbidden", "full", "missing"])
@pytest.mark.every
def test_without_a_memory_nothing_breaks(lend: Lend, still: Book, broken: str) -> None:
    with lend() as context:
        page = context.new_page()
        page.add_init_script(broken)
        page.goto(still.address + still.find(HAND))
        box = page.get_by_role("checkbox", name="I have done it").first
        box.click()
        expect(page.locator(".exercise-tick").first).to_contain_text("keeps nothing")
        expect(box).not_to_be_checked()
        visit = Visit(page, still)
        said = visit.read({**FORMAT, "kept": {"practice x": day(0)}})
        assert "1 found no room in this browser" in said
        assert visit.shown() == visit.all_keys()


@pytest.mark.every
def test_two_tabs_do_not_lose_each_others_exercises(visit: Visit) -> None:
    first = visit.go(PAGE)
    second = first.context.new_page()
    second.goto(visit.book.address + visit.book.find(f"{HAND} ~ {HAND}"))
    third = first.context.new_page()
    third.goto(second.url)
    second.get_by_role("checkbox", name="I have done it").nth(0).click()
    expect(third.get_by_role("checkbox", name="I have done it").nth(0)).to_be_checked()
    third.get_by_role("checkbox", name="I have done it").nth(1).click()
    expect(first.locator(".practice-tools output")).to_contain_text("2 of")
    assert len(visit.stored()) == 2


@pytest.mark.parametrize(
    "visit", [{**DESK, "java_script_enabled": False}], ids=["no script"], indirect=True
)
def test_without_javascript_all_is_readable(visit: Visit) -> None:
    page = visit.go(PAGE)
    listed = visit.listed()
    expect(page.locator(".exercises li:visible")).to_have_count(len(listed))
    for control in page.locator("article :is(button, select, input, form)").all():
        expect(control).to_be_hidden()
    first = page.locator(".exercises li a").first
    href = first.get_attribute("href") or ""
    first.click()
    expect(page.locator(f"#{href.partition('#')[2]}")).to_be_in_viewport()
    expect(page.locator(".exercise-facts").first).to_be_visible()
    expect(page.locator(".exercise-tick")).to_have_count(0)


LOOKS = [{**look, "color_scheme": scheme} for look in (DESK, PHONE) for scheme in ("light", "dark")]


@pytest.mark.parametrize(
    "visit", LOOKS, ids=["light", "dark", "phone", "phone-dark"], indirect=True
)
def test_it_can_be_read_on_every_screen(visit: Visit) -> None:
    """Every word of ours is seen against its ground, and nothing scrolls sideways."""
    visit.seed(tried=day(3), done=f"{day(3)} {day(0)} 0", due=f"{day(3)} {day(2)} 0")
    page = visit.page
    page.get_by_role("button", name="Forget everything").click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    faint = page.evaluate(FAINT)
    assert faint == []
    box = page.locator(".practice-tools select").first.bounding_box()
    assert box is not None
    assert box["height"] >= 30


# Texts of the page whose contrast with what lies behind them is below 4.5.
FAINT = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    const mix = colours => {
        canvas.clearRect(0, 0, 1, 1)
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1) }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3) }
    const light = rgb => rgb.map(c => c / 255).map(
        c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05)
    return [...document.querySelectorAll(
        'article :is(a:not(.headerlink), b, p, span, label, button, select, output, h2, h3)')]
        .filter(e => e.checkVisibility() && e.textContent.trim()).flatMap(e => {
            const grounds = []
            for (let at = e; at; at = at.parentElement)
                grounds.unshift(getComputedStyle(at).backgroundColor)
            const [a, b] = [grounds, [...grounds, getComputedStyle(e).color]].map(mix).map(light)
            return Math.max(a, b) / Math.min(a, b) < 4.5 ? [e.outerHTML.slice(0, 90)] : [] }) }"""
