"""The site's style sheet: the theme's and the book's in one file, without what no page uses.

A page is not drawn before its style sheets are there, and each of its elements is held against
every rule. Three quarters of the theme's rules are for what the book does not have.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import tinycss2

SHEET = "assets/stylesheets/book.css"
_SHEETS = ("main.*.css", "palette.*.css", "book.css")  # in this order; maps lie beside them
# What the theme's script has names for, and the book does not use.
_NEVER = re.compile(
    r"\.(md-(version|annotation|source__|status|tag|path|post)|tabbed-|mermaid)"
    r"|\[dir=rtl\]|\[data-md-color-(primary|accent)=(?!custom)"
)
_PROPERTY = re.compile(r'(?<=[{;])(--[\w-]+):(?:[^;{}"]|"[^"]*")*(?:;|(?=\}))')
_EMPTY = re.compile(r"(?<=[{};])[^{};]*\{\}")


def join(site: Path, *, whole: bool) -> None:
    """Put one style sheet in the place of all; `whole` leaves in what no page uses."""
    folder = (site / SHEET).parent
    sheets = [path for each in _SHEETS for path in sorted(folder.glob(each))]
    text = "".join(path.read_text(encoding="utf-8") for path in sheets)
    (site / SHEET).write_text(
        _joined(text) if whole else _joined(text, *_used(site)), encoding="utf-8", newline="\n"
    )
    for each in _SHEETS[:-1]:
        for path in folder.glob(f"{each}*"):
            path.unlink()


def _used(site: Path) -> tuple[frozenset[str], str]:
    """Return the names of classes and the ids that pages have or scripts know, and the scripts."""
    pages = (path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    names = {name for page in pages for each in _names(page) for name in each.split()}
    paths = (path for path in site.rglob("*.js") if path.parent.name != "workers")
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))
    return frozenset(names.union(re.findall(r"[\w-]+", scripts))), scripts


def _names(page: str) -> Iterable[str]:
    return (match[1] for match in re.finditer(r'\b(?:class|id)=["\']?([^"\'>]*)', page))


@cache
def _joined(text: str, used: frozenset[str] | None = None, scripts: str = "") -> str:
    """Return a style sheet in one line, of the rules for what is used."""
    text = '@charset "utf-8";' + "".join(_rules(tinycss2.parse_stylesheet(text), used))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\n\s*|(?<=[{;]) | (?=[{}])", "", text)
    before = ""
    while used is not None and text != before:
        before, text = text, _fewer(text, scripts)
    return text


def _fewer(text: str, scripts: str) -> str:
    """Leave out the properties that neither rules nor scripts ask for, and what is empty then."""
    known = {*re.findall(r"var\(\s*(--[\w-]+)", text), *re.findall(r"--[\w-]+", scripts)}
    return _EMPTY.sub("", _PROPERTY.sub(lambda each: each[0] if each[1] in known else "", text))


def _rules(rules: Iterable[tinycss2.ast.Node], used: frozenset[str] | None) -> Iterator[str]:
    """Yield what is left of rules."""
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [each for each in _selectors(rule.prelude) if used is None or _fits(each, used)]
            if kept:
                selectors = ",".join(map(tinycss2.serialize, kept))
                yield f"{selectors}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = "".join(_rules(tinycss2.parse_rule_list(rule.content), used))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword != "charset":
            yield rule.serialize()


def _selectors(prelude: Iterable[tinycss2.ast.Node]) -> list[list[tinycss2.ast.Node]]:
    """Split what stands before a rule at its commas, not at those inside of brackets."""
    found: list[list[tinycss2.ast.Node]] = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _fits(selector: list[tinycss2.ast.Node], used: frozenset[str]) -> bool:
    """Whether all that a selector asks for outside of brackets is used."""
    text = tinycss2.serialize([each for each in selector if each.type != "function"])
    plain = re.sub(r"\[[^]]*\]", "", text)
    asked = (re.sub(r"\\", "", name) for name in re.findall(r"[.#]((?:[\w-]|\\.)+)", plain))
    return not _NEVER.search(text) and all(name in used for name in asked)
