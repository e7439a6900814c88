"""The page of all exercises: it is made while the book is built, from their headings."""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from textbook.build import exercises
from textbook.build.exercises import KINDS, LEVELS, Exercise
from textbook.build.extension import chapter
from textbook.examples import ExampleError

LIST = "<!-- exercises -->"  # what a page writes to show them all
TOOLS = "<!-- progress -->"  # and to let a reader save, read and forget what the browser keeps

_TITLE = re.compile(r"^# +(.+?) *(?:\{:.*\})? *$", re.MULTILINE)
_STATES = {"new": "new", "tried": "tried", "done": "done", "due": "due again"}


class Lesson(NamedTuple):
    """A page that has exercises."""

    path: str  # in the folder of the pages
    url: str
    chapter: str  # where the names of its exercises are kept
    title: str
    exercises: list[Exercise]


def read(files: Files, docs: str) -> list[Lesson]:
    """Return the lessons of a book; `docs` is how errors call the folder of its pages."""
    found = []
    for file in sorted(files.documentation_pages(), key=lambda file: file.src_uri):
        if not file.src_uri.endswith(".md") or file.abs_src_path is None:
            continue
        text = Path(file.abs_src_path).read_text(encoding="utf-8-sig")
        path = f"{docs}/{file.src_uri}"
        if listed := exercises.scan(text, path):
            title = _TITLE.search(text)
            name = title[1] if title else file.name
            found.append(Lesson(file.src_uri, file.url, chapter(path), name, listed))
    return found


def twins(lessons: Iterable[Lesson]) -> Iterator[ExampleError]:
    """Yield an error for each name that stands for two exercises of a chapter."""
    return exercises.twins(
        (lesson.chapter, each) for lesson in lessons for each in lesson.exercises
    )


def index(lessons: Iterable[Lesson]) -> str:
    """Return the keys of each lesson's exercises, by its address, for the marks in the menu."""
    keys = {
        lesson.url: [f"{lesson.chapter}#{each.name}" for each in lesson.exercises]
        for lesson in lessons
    }
    return json.dumps(keys, separators=(",", ":"))


def fill(markdown: str, page: Page, nav: Navigation, lessons: list[Lesson]) -> str:
    """Put the exercises into the page that asks for them, in the order of the book."""
    if LIST not in markdown:
        return markdown
    order = {each.file.src_uri: number for number, each in enumerate(nav.pages)}
    titles = {each.file.src_uri: _topic(each) for each in nav.pages}
    shown = sorted(
        (lesson for lesson in lessons if lesson.path in order and _sound(lesson)),
        key=lambda lesson: order[lesson.path],
    )
    here = posixpath.dirname(page.file.src_uri) or "."
    chapters = [
        (titles[path.path], [path, *rest])
        for path, *rest in (list(group) for _, group in groupby(shown, lambda one: one.chapter))
    ]
    parts = [_form(chapters), *(_chapter(title, mates, here) for title, mates in chapters)]
    listing = "\n\n".join([_count(shown), *parts])
    return markdown.replace(LIST, listing).replace(TOOLS, _TOOLS)


def _sound(lesson: Lesson) -> bool:
    """Whether a lesson can be listed; what is wrong is said where it stands."""
    return not any(each.faults for each in lesson.exercises)


def _topic(page: Page) -> str:
    """Return what the navigation calls the chapter of a page."""
    parents = [parent for parent in page.ancestors if isinstance(parent, Section)]
    return str(parents[0].title if parents else page.title or page.file.name)


def _count(lessons: list[Lesson]) -> str:
    """Say how many exercises there are, and of which kinds."""
    all_of = [each for lesson in lessons for each in lesson.exercises]
    level, kind = (Counter(getattr(each, mark) for each in all_of) for mark in ("level", "kind"))
    asked = sum(each.interview for each in all_of)
    words = [
        {"warm-up": "to warm up", "core": "core", "hard": "hard"},
        {"hand": "by hand", "code": "in code with a check", "explain": "to explain"},
    ]
    told = [
        ", ".join(f"{count[key]} {said}" for key, said in names.items() if count[key])
        for count, names in zip((level, kind), words, strict=True)
    ]
    if asked:
        told.append(f"{asked} marked interview")
    noun = "exercise" if len(all_of) == 1 else "exercises"
    return f"{len(all_of)} {noun}: {'; '.join(told)}."


def _chapter(title: str, lessons: list[Lesson], here: str) -> str:
    stem = PurePosixPath(lessons[0].chapter).name
    parts = [_group(title, stem, "##"), f"{_count(lessons)}\n{{: .exercise-count }}"]
    for lesson in lessons:
        link = posixpath.relpath(lesson.path, here)
        name = PurePosixPath(lesson.path).stem
        heading = f"[{lesson.title}]({link})"
        items = [
            f"- [{each.title}]({link}#{each.name}) "
            f'<span class="exercise-of">{escape(title)}</span> '
            + exercises.span(each, lesson.chapter, lesson.url)
            for each in lesson.exercises
        ]
        parts += [_group(heading, f"{stem}-{name}", "###"), "\n".join(items), "</section>"]
    return "\n\n".join([*parts, "</section>"])


def _group(heading: str, name: str, depth: str) -> str:
    """Begin a part that is gone when none of its exercises is wanted."""
    said = f'{depth} {heading} {{: #{name} data-search-exclude="" }}'
    return f'<section class="exercises" markdown="1">\n\n{said}'


def _form(chapters: list[tuple[str, list[Lesson]]]) -> str:
    topics = "".join(
        f'<optgroup label="{escape(title)}">'
        f'<option value="{lessons[0].chapter}">all of {escape(title)}</option>'
        + "".join(
            f'<option value="{lesson.url}">{escape(_plain(lesson.title))}</option>'
            for lesson in lessons
        )
        + "</optgroup>"
        for title, lessons in chapters
    )
    selects = "".join(
        f'<label>{name.capitalize()} <select name="{name}"><option value="">all</option>'
        f"{options}</select></label>"
        for name, options in {
            "topic": topics,
            "level": _options(LEVELS),
            "kind": _options(KINDS),
            "state": _options(_STATES),
        }.items()
    )
    return (
        '<section class="practice-due" data-search-exclude hidden>'
        '<h2 id="again" data-search-exclude>Again today</h2>'
        "<p>You have done these before. Can you do them still?</p><ul></ul></section>\n\n"
        f'<form class="practice-tools" data-search-exclude hidden>{selects}'
        '<label><input type="checkbox" name="interview"> interview only</label>'
        "<output></output></form>"
    )


def _options(names: dict[str, str]) -> str:
    return "".join(f'<option value="{key}">{name.lower()}</option>' for key, name in names.items())


def _plain(title: str) -> str:
    return re.sub(r"[`$*]", "", title)


# Shown by a script, which does what these say.
_TOOLS = (
    '<div class="practice-kept" data-search-exclude hidden>'
    '<button type="button" name="save">Save to a file</button> '
    '<label>Read a file<input type="file" accept=".json,application/json"></label> '
    '<button type="button" name="forget">Forget everything</button>'
    '<div role="group" aria-label="Forget everything" hidden>'
    "<p>Answers, guesses and what you have done: all of it goes, for good.</p>"
    '<button type="button" name="sure">Yes, forget it</button> '
    '<button type="button" name="keep">No, keep it</button></div>'
    '<p role="status"></p></div>'
)
