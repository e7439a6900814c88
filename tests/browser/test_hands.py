"""No test of the page does what no reader can."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Lend
from tests.browser.hands import Book

HERE = Path(__file__).parent

# Calls that reach what a reader cannot reach, or without being reached.
CALLS = {
    "fill", "dispatch_event", "focus", "check", "uncheck", "set_checked", "select_option",
    "select_text", "clear", "press_sequentially", "set_input_files", "drag_to",
    "scroll_into_view_if_needed", "wait_for_timeout",
}  # fmt: skip
ARGUMENTS = {"force", "no_wait_after"}
SCRIPTS = re.compile(
    r"\.(click|focus|blur|select|submit|dispatchEvent|setSelectionRange|scrollTo|scrollIntoView"
    r"|requestSubmit|remove|setAttribute|append)\(|\.(value|checked|open|hidden|textContent|scrollTop)\s*=(?!=)"
)  # fmt: skip

# By (file, what), and why it must be.
REASONS: dict[tuple[str, str], str] = {
    ("test_controls.py", ".scrollIntoView("): "what each control lies under is looked at in turn",
    ("test_run.py", "wait_for_timeout"): "what must not happen takes time not to happen",
    ("test_frames.py", "wait_for_timeout"): "the same",
    ("test_glossary.py", "wait_for_timeout"): "the same",
    ("test_safety.py", "wait_for_timeout"): "the same",
    ("test_safety.py", ".append("): "it plants what somebody might smuggle in",
}


def acts(name: str, tree: ast.AST) -> Iterator[str]:
    """Yield what a test does that no reader can."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in SCRIPTS.finditer(node.value):
                yield match[0]
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        function = node.func
        of = function.value
        named = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
        keyboard = named in {"keyboard", "keys"}
        if function.attr in CALLS or (function.attr in {"press", "type"} and not keyboard):
            yield function.attr
        for keyword in node.keywords:
            if keyword.arg in ARGUMENTS:
                yield keyword.arg


@pytest.mark.parametrize("path", sorted(HERE.glob("*.py")), ids=lambda path: path.name)
def test_a_test_does_what_a_reader_can(path: Path) -> None:
    if path == Path(__file__):
        return
    found = set(acts(path.name, ast.parse(path.read_text(encoding="utf-8"))))
    assert found == {what for name, what in REASONS if name == path.name}


@pytest.mark.parametrize(
    "planted",
    [  # as text, for the guard to read: none of it runs
        'area.fill("x")',
        'area.press("Tab")',
        "box.click(force=True)",
        'page.evaluate("document.activeElement.blur()")',
        "page.evaluate(\"area.value = 'x'\")",
        'area.dispatch_event("click")',
    ],
)
def test_the_guard_sees(planted: str) -> None:
    assert list(acts("test_run.py", ast.parse(planted)))
    assert not list(acts("test_run.py", ast.parse('page.keyboard.press("Tab"); box.click()')))


@pytest.mark.browser
def test_what_is_lent_again_is_as_good_as_new(lend: Lend, still: Book) -> None:
    lent = []
    for _ in range(2):
        with lend(locale="en-GB") as context:
            lent.append(context)
            page = context.new_page()
            page.goto(still.address)
            assert page.evaluate("[localStorage.here, document.cookie]") == [None, ""]
            fetched = page.evaluate("""performance.getEntriesByType('resource')
                .filter(each => each.transferSize).map(each => each.name)""")
            assert {".css", ".js"} <= {Path(name).suffix for name in fetched}
            page.evaluate("localStorage.here = document.cookie = 'here=yes'")
            context.route("**/stylesheets/*.css", lambda route: route.abort())
            context.new_page()
    assert lent[0] is lent[1]
    assert len(context.pages) == 1
