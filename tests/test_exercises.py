"""What every exercise promises: its check tells right from wrong, and says why."""

from functools import cache
from pathlib import Path

import pytest

from tests.wrong_answers import WRONG_ANSWERS
from textbook.examples import Exercise, exercises, sections
from textbook.session import grade

CHAPTERS = Path(__file__).parent.parent / "docs" / "chapters"
STEMS = sorted(path.name for path in CHAPTERS.iterdir() if path.is_dir())


@cache
def exercises_of(stem: str) -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for lesson in sorted((CHAPTERS / stem).glob("*.md")):
        for section in sections(lesson.read_text(encoding="utf-8"), lesson.stem):
            new = exercises(section)
            assert not found.keys() & new.keys(), "a name stands for one exercise of a chapter"
            found |= new
    return found


EXERCISES = [(stem, name) for stem in STEMS for name in exercises_of(stem)]


@pytest.mark.parametrize("stem", STEMS)
def test_every_chapter_has_exercises_that_check_themselves(stem: str) -> None:
    assert len(exercises_of(stem)) >= 4


@pytest.mark.parametrize(("stem", "name"), EXERCISES)
class TestExercise:
    def test_the_solution_passes(self, stem: str, name: str) -> None:
        exercise = exercises_of(stem)[name]
        verdict = grade(exercise.solution.source, exercise.check.source)
        assert verdict.error == ""
        assert [case for case in verdict.cases if not case.passed] == []
        assert verdict.passed

    def test_the_start_fails_but_runs(self, stem: str, name: str) -> None:
        exercise = exercises_of(stem)[name]
        verdict = grade(exercise.start.source, exercise.check.source)
        assert verdict.error == "", "a reader starts from code that runs"
        assert not verdict.passed

    def test_wrong_answers_fail_with_a_hint(self, stem: str, name: str) -> None:
        check = exercises_of(stem)[name].check.source
        answers = WRONG_ANSWERS[stem][name]
        assert answers
        for answer in answers:
            verdict = grade(answer, check)
            assert verdict.error == "", "a wrong answer that does not run proves nothing"
            failed = [case for case in verdict.cases if not case.passed]
            assert failed, f"passes, and should not:\n{answer}"
            assert any(case.hint for case in failed), f"no hint for:\n{answer}"

    def test_an_empty_answer_is_no_answer(self, stem: str, name: str) -> None:
        assert not grade("", exercises_of(stem)[name].check.source).passed


def test_every_wrong_answer_belongs_to_an_exercise() -> None:
    named = {(stem, name) for stem, answers in WRONG_ANSWERS.items() for name in answers}
    assert named == set(EXERCISES)
