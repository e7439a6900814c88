"""The reference: where each public name is described, which lesson teaches it, who leads there.

The pages `reference/*.md` say with `::: library.module.name` what stands on them, and all else
follows: the first use of a name on a page leads to its entry, and the entry back to its lessons.
Nothing here needs MkDocs, so that it holds under Zensical too.
"""

import functools
import posixpath
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

import numpy as np
from markdown import Markdown
from markdown.util import AtomicString

from textbook.examples import Block, ExampleError, scan

FOLDER = "reference"
WAYS = "ways"  # the class of a paragraph that says where to go on

_DIRECTIVE = re.compile(r"^#* *::: ?(?P<path>\w+\.\w+\.[\w.]+)", re.MULTILINE)
_PAGE = re.compile(r"chapters/[\w/-]+\.md")  # in the navigation
_TITLE = re.compile(r"^# +(.+?) *(?:\{:.*\})? *$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_CALLED = re.compile(r"(?P<name>[A-Za-z_]\w*(?:\.\w+)*)(?:\(.*\))?", re.DOTALL)

# Where NumPy describes a function. Its inventory would be fetched at each build, and these stay.
NUMPY = "https://numpy.org/doc/stable/reference/generated/numpy.{}.html"

# Where the Markdown of a docstring comes from: its file and first line, and how many lines in front
# of its first prompt are new.
places: dict[str, tuple[str, int, int]] = {}

# What leads elsewhere, opens or is pressed keeps its name as it is.
_PRESSED = ("a", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "label")


class Entry(NamedTuple):
    """What a page of the reference describes."""

    name: str  # as a page writes it: `relu`, `MLP.fit`
    path: str  # `library.module.name`, which is its anchor
    page: str  # in the folder of the pages


class Lesson(NamedTuple):
    """A page of a chapter, and how often its code says which words."""

    page: str
    title: str
    code: str
    names: frozenset[str]  # that it imports, or says alone in inline code


@functools.cache
def entries(docs: str) -> dict[str, Entry]:
    """Return what the reference describes, by name, in its order."""
    found = {}
    for page in sorted(Path(docs, FOLDER).glob("*.md")):
        for match in _DIRECTIVE.finditer(page.read_text(encoding="utf-8")):
            name = match["path"].split(".", 2)[2]
            found[name] = Entry(name, match["path"], f"{FOLDER}/{page.name}")
    return found


@functools.cache
def lessons(docs: str) -> list[Lesson]:
    """Return the lessons, in the order of the book."""
    found = []
    settings = Path("mkdocs.yml").read_text(encoding="utf-8")
    for page in dict.fromkeys(_PAGE.findall(settings)):
        if page.endswith("/index.md") or not Path(docs, page).is_file():
            continue
        text = Path(docs, page).read_text(encoding="utf-8-sig")
        try:
            blocks = scan(text, page)
        except ExampleError:
            continue  # said when the page is built
        said = _CODE.findall(text)
        title = _TITLE.search(text)
        names = {name for each in blocks for name in imported(each.code)}
        names |= {named(each, docs) for each in said}
        code = "\n".join([*(block.code for block in blocks), *said])
        found.append(Lesson(page, title[1] if title else page, code, frozenset(names)))
    return found


def forget() -> None:
    """Read the pages anew: they may have changed."""
    entries.cache_clear()
    lessons.cache_clear()


def imported(code: str) -> list[str]:
    """Return what code imports by name, from wherever."""
    lists = re.findall(r"^\s*from [\w.]+ import (\([^)]*\)|.*)", code, re.MULTILINE)
    return [name for each in lists for name in re.findall(r"\w+", each)]


def named(code: str, docs: str) -> str:
    """Return the name that inline code says alone or calls, or nothing."""
    library = next((each.path.split(".")[0] for each in entries(docs).values()), "")
    match = _CALLED.fullmatch(code.removeprefix(f"{library}."))
    return match["name"] if match else ""


def teaching(entry: Entry, docs: str) -> list[Lesson]:
    """Return the lessons that use something: the one that teaches it, then those of the book.

    In the chapter that bears the module's name it is the first that says the name at least a third
    as often as any other does.
    """
    owner, _, method = entry.name.partition(".")
    word = re.compile(rf"\.{method}\b" if method else rf"\b{owner}\b")
    uses = {
        each: count
        for each in lessons(docs)
        if {owner, entry.name} & each.names and (count := len(word.findall(each.code)))
    }
    own = [each for each in uses if f"/{entry.path.split('.')[1]}/" in each.page] or list(uses)
    most = max((uses[each] for each in own), default=0)
    first = [each for each in own if 3 * uses[each] >= most][:1]
    return first + [each for each in uses if each not in first]


def taught(name: str, also: Mapping[str, list[str]], docs: str) -> tuple[str, list[Lesson]]:
    """Return the lessons of something; where it has none, those of what is most like it."""
    near = [name]
    for each in near:  # which grows: first its kin by name, then whoever speaks of it
        if found := teaching(entries(docs)[each], docs):
            return each, found
        kin = [other for other in also[each] if each.startswith(other) or other.startswith(each)]
        near += [other for other in [*kin, *also[each]] if other not in near]
    return name, []


# ---- Links to it --------------------------------------------------------------------------------


def filled(twin: str, texts: Mapping[str, str]) -> str:
    """Return a page's plain Markdown with the text of each entry in its place."""

    def entry(match: re.Match[str]) -> str:
        name = f"{match['level']} `{match['path']}`\n\n" if match["level"] else ""
        return name + texts.get(match["path"], "").strip("\n")

    return re.sub(r"^(?P<level>#*) *::: ?(?P<path>\S+)$", entry, twin, flags=re.MULTILINE)


def described(md: Markdown) -> str:
    """Return the path of what mkdocstrings renders through this Markdown, or nothing."""
    if "mkdocstrings_ids" not in md.treeprocessors:
        return ""
    return str(getattr(md.treeprocessors["mkdocstrings_ids"], "id_prefix", "")).removesuffix("--")


def link(
    root: Element,
    examples: Mapping[Element, Block],
    path: str,
    inside: str = "",
    *,
    resolved: bool = False,
) -> dict[Element, dict[str, str]]:
    """Make the first use of each name lead to its entry: in prose and tables, or in an import.

    Those of NumPy lead to its own pages.
    `path` is the page, `inside` what an entry describes. Returns the addresses for examples: as a
    reader's browser takes them or, if they are `resolved` later, from file to file as in prose.
    """
    docs, _, page = path.partition("/")
    if not inside and not page.startswith(("chapters/", "labs/", "summary", f"{FOLDER}/")):
        return {}
    every = {name: each for name, each in entries(docs).items() if each.path != inside}
    numpys: set[str] = set()
    addresses: dict[Element, dict[str, str]] = {}

    def source(entry: Entry) -> str:
        return f"{posixpath.relpath(entry.page, posixpath.dirname(page))}#{entry.path}"

    def address(entry: Entry) -> str:
        return source(entry) if resolved else _address(entry, page)

    def walk(parent: Element, left: dict[str, Entry]) -> None:
        for child in parent:
            if child in examples:
                block = examples[child]
                names = [] if block.role or inside else imported(block.code)
                addresses[child] = {name: address(left.pop(name)) for name in names if name in left}
            elif child.tag == "code" and len(child) == 0:
                name = named(child.text or "", docs)
                if entry := left.pop(name, None):
                    _wrap(child, source(entry))
                elif (other := _of_numpy(name)) not in ("", *numpys):
                    numpys.add(other)
                    _wrap(child, other)
            elif child.tag not in _PRESSED and "question" not in child.get("class", "").split():
                walk(child, dict(every) if child.get("class") == WAYS else left)

    walk(root, dict(every))
    return addresses


def _of_numpy(name: str) -> str:
    """Return where NumPy describes a function that code calls so, or nothing."""
    place, _, function = name.rpartition(".")
    found = getattr({"np": np, "np.linalg": np.linalg}.get(place), function, None)
    if not callable(found) or isinstance(found, type):
        return ""
    return NUMPY.format(name.removeprefix("np."))


def _wrap(code: Element, address: str) -> None:
    """Put a link around inline code."""
    inner = SubElement(code, "code")
    inner.text = AtomicString(code.text or "")
    code.tag, code.text = "a", None
    code.set("href", address)


def _address(entry: Entry, page: str) -> str:
    """Return the address of an entry from a page of the site."""
    here = PurePosixPath(page)
    folder = here.parent if here.stem == "index" else here.with_suffix("")
    return f"{posixpath.relpath(entry.page.removesuffix('.md'), folder)}/#{entry.path}"


def linked(html: str, addresses: Mapping[str, str]) -> str:
    """Return an example whose imports lead to what they name."""
    for name, address in addresses.items():
        html = re.sub(
            rf"(?s)(from \w[^<]*import *</span>.*?)\b({name})\b(?![^<>]*>)",
            rf'\1<a href="{escape(address)}">\2</a>',
            html,
            count=1,
        )
    return html


def related(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what to see also, both ways: who speaks of whom, and who is the slope of whom."""
    pairs: set[tuple[str, str]] = set()
    for name, text in texts.items():
        pairs |= {(name, each) for each in _mentioned(text, texts, name)}
        base = re.sub(r"_(derivative|gradient|backward)$", "", name)
        pairs |= {(name, base)} if base != name and base in texts else set()
    return {
        name: [each for each in texts if (name, each) in pairs or (each, name) in pairs]
        for name in texts
    }


def _mentioned(text: str, names: Iterable[str], but: str) -> set[str]:
    words = set(re.findall(r"(?<!`)`([\w.]+)`(?!`)", text))
    words |= set(re.findall(r"^([\w.]+) : ", text.partition("See Also\n")[2], re.MULTILINE))
    words |= {f"{but.partition('.')[0]}.{word}" for word in words}  # of a class
    return {name for name in names if name in words and name != but}
