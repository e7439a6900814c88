"""What an exercise says of itself: its name, its level and its kind, in its heading.

    ### 8. No louder than its input {: #no-louder level=core kind=hand interview }

An exercise is a `### ` heading under `## Exercises`. Its attributes become a line below it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element, SubElement

from textbook.examples import ROLES, Block, ExampleError

LEVELS = {"warm-up": "Warm-up", "core": "Core", "hard": "Hard"}
KINDS = {"hand": "by hand", "code": "code", "explain": "explain"}
MARKS = {"level": LEVELS, "kind": KINDS}

_HEADING = re.compile(r"(?P<depth>#{1,6}) +(?P<title>.*?) *(?:\{:(?P<said>[^}]*)\})?[ #]*")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_DATA = re.compile(r'\bdata-[\w-]+="[^"]*"')  # for others
_WRITE = "write {: #its-name level=core kind=hand }"


@dataclass
class Exercise:
    """A heading, and what it says."""

    title: str  # as Markdown
    path: str
    line: int
    name: str = ""
    level: str = ""
    kind: str = ""
    interview: bool = False
    end: float = float("inf")  # the line of the next heading
    faults: list[str] = field(default_factory=list)

    @property
    def facts(self) -> str:
        """What a reader is told of it."""
        said = [LEVELS[self.level], KINDS[self.kind], *["interview"] * self.interview]
        return " · ".join(said)

    def attributes(self, chapter: str) -> dict[str, str]:
        """Return what scripts are told of it; `chapter` is where its name is kept."""
        said = {"key": f"{chapter}#{self.name}", "level": self.level, "kind": self.kind}
        if self.interview:
            said["interview"] = ""
        return {f"data-{name}": value for name, value in said.items()}

    def errors(self) -> list[ExampleError]:
        """Return what is wrong with it."""
        return [ExampleError(self.path, self.line, fault) for fault in self.faults]


def scan(text: str, path: str, first_line: int = 1) -> list[Exercise]:
    """Return what a page's source says of its exercises, faults included."""
    found: list[Exercise] = []
    inside, fence = False, ""
    for number, line in enumerate(text.split("\n"), first_line):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif line.strip(" \t>") == fence:
                fence = ""
        heading = None if fence else _HEADING.fullmatch(line.rstrip())
        if heading is None:
            continue
        depth, said = len(heading["depth"]), _DATA.sub("", heading["said"] or "").split()
        if depth <= 3 and found:
            found[-1].end = min(found[-1].end, number)
        if depth <= 2:
            inside = depth == 2 and heading["title"] == "Exercises"
        exercise = Exercise(heading["title"], path, number)
        if depth == 3 and inside:
            _read(exercise, said)
        elif any(word.partition("=")[0] in MARKS or word == "interview" for word in said):
            exercise.faults.append("an exercise is a '### ' heading under '## Exercises'")
        else:
            continue
        if exercise.name in {other.name for other in found if exercise.name}:
            exercise.faults.append(f"the exercise {exercise.name!r} stands twice on this page")
        found.append(exercise)
    return found


def _read(exercise: Exercise, said: list[str]) -> None:
    for word in said:
        mark, _, value = word.partition("=")
        value = value.strip("\"'")
        if word.startswith("#"):
            exercise.name = word[1:]
        elif word == "interview":
            exercise.interview = True
        elif mark not in MARKS:
            exercise.faults.append(f"an exercise does not take {word!r}; {_WRITE}, or interview")
        elif value not in MARKS[mark]:
            allowed = ", ".join(MARKS[mark])
            exercise.faults.append(f"unknown {mark} {value!r}; allowed: {allowed}")
        else:
            setattr(exercise, mark, value)
    if not exercise.name:
        exercise.faults.append(f"an exercise needs a name; {_WRITE}")
    for mark in MARKS:
        if not any(word.startswith(f"{mark}=") for word in said):
            exercise.faults.append(f"the exercise {exercise.name!r} says no {mark}; {_WRITE}")


def compare(found: list[Exercise], blocks: Iterable[Block]) -> None:
    """Note where headings and the fences below them disagree."""
    graded: dict[str, set[str]] = {}
    for block in blocks:
        for exercise in found:
            if block.role and exercise.line < block.line < exercise.end:
                name = block.options[block.role]
                graded.setdefault(exercise.name, set()).add(block.role)
                if name != exercise.name:
                    exercise.faults.append(
                        f"the exercise {exercise.name!r} has the {block.role} of {name!r}"
                    )
    for exercise in found:
        roles = graded.get(exercise.name, set())
        if exercise.kind == "code" and roles != ROLES.keys():
            missing = " and ".join(role for role in ROLES if role not in roles)
            exercise.faults.append(f"the exercise {exercise.name!r} is code without {missing}")
        if exercise.kind not in ("", "code") and roles:
            exercise.faults.append(f"the exercise {exercise.name!r} has a check: say kind=code")


def show(root: Element, found: list[Exercise], chapter: str) -> None:
    """Say of each exercise what it is, below its heading and not in it."""
    named = {exercise.name: exercise for exercise in found if exercise.name}
    for parent in list(root.iter()):
        for place, heading in reversed(list(enumerate(parent))):
            if not re.fullmatch("h[1-6]", heading.tag):
                continue
            for mark in (*MARKS, "interview"):
                heading.attrib.pop(mark, None)
            exercise = named.pop(heading.get("id", ""), None)
            if exercise is not None:
                parent.insert(place + 1, _line(exercise, chapter))
    for exercise in named.values():
        exercise.faults.append(f"the exercise {exercise.name!r} is no heading of the page")


def _line(exercise: Exercise, chapter: str) -> Element:
    if exercise.faults:
        error = Element("pre", {"class": "example-error"})
        SubElement(error, "code").text = "\n".join(map(str, exercise.errors()))
        return error
    attributes = {"class": "exercise-facts", **exercise.attributes(chapter)}
    line = Element("p", attributes | {"data-search-exclude": ""})
    line.text = exercise.facts
    return line


def span(exercise: Exercise, chapter: str, topic: str) -> str:
    """Return the same as HTML, for a list of exercises; `topic` is the address of its lesson."""
    attributes = {"class": "exercise-facts", **exercise.attributes(chapter), "data-topic": topic}
    said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<span{said}>{exercise.facts}</span>"


def twins(found: Iterable[tuple[str, Exercise]]) -> Iterator[ExampleError]:
    """Yield an error for each exercise whose name another lesson of its chapter has."""
    first: dict[tuple[str, str], Exercise] = {}
    for chapter, exercise in found:
        other = first.setdefault((chapter, exercise.name), exercise)
        if exercise.name and other.path != exercise.path:
            yield ExampleError(
                exercise.path,
                exercise.line,
                f"the exercise {exercise.name!r} stands in this chapter already, "
                f"at {other.path}:{other.line}",
            )
