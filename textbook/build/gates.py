"""What a page asks: gates, which cover what the next example shows, and why-questions.

Both are plain HTML that holds all of it: the choices as a list, the word for each folded away.
`browser/predict.js` makes forms of them, and the style sheet covers what a form opens.
"""

import json
import re
from collections.abc import Callable
from copy import copy
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from textbook import questions
from textbook.examples import Block, ExampleError

# Takes a message, and pieces of the page's text that stand where it is wrong.
type Fault = Callable[[str, list[str]], ExampleError]

# What a script asks with: it puts a copy of this into each question.
FORM = """\
<form class="ask-form"><fieldset>
<label>Your guess <input autocomplete="off" autocapitalize="off" spellcheck="false"></label>
</fieldset><p class="ask-said" tabindex="-1"></p><div class="ask-row">
<button class="ask-go">Commit</button><button type="button">I don't know</button>
<button type="button">Ask me again</button><button type="button" class="ask-all"></button>
</div></form>"""

_HINTS = {
    "number": "Type a number, as 0.5, 1/2 or 50%.",
    "list": "Type numbers, with commas or blanks between them.",
    "word": "Type a word.",
    "choice": "Pick one.",
}

_TWICE = "the id {!r} stands twice on this page"
_MARK = re.compile(r"\s*\[(?P<mark>[ xX])\](?: |$)")


def add(root: Element, element: Element, block: Block, key: str, chapter: str) -> None:
    """Make a gate of the question before a block, and mark the figure after it as covered."""
    kind, name = block.options["predict"], block.options["name"]
    parent = next(parent for parent in root.iter() if element in list(parent))
    children = list(parent)
    at = children.index(element)
    box = children[at - 1] if at else None
    if box is None or not _is_question(box):
        raise block.error('predict needs a box before it: !!! question "Predict"')
    if not key and kind != "sketch":
        box.set("data-ask", "")  # of nothing: the section fails, and says so
        return
    if at + 1 < len(children) and children[at + 1].tag == "figure":
        children[at + 1].set("data-search-exclude", "")
    listed = _take_choices(box)
    _wrap(box, name)
    _say(box, "gate", kind, f"{chapter}#{name}")
    if block.language == "pycon":
        if _count(root, name):
            raise block.error(_TWICE.format(name))
        box.set("id", name)
    if kind == "choice":
        right = questions.right(key, block.choices)
        if listed is None or len(listed) != len(block.choices):
            raise block.error("the choices are a list at the end of the question")
        _add_choices(box, listed, right)
    elif kind == "word":
        box.set("data-values", questions.plain(key).lower())
    elif kind != "sketch":
        values = questions.numbers(key)
        box.set("data-values", json.dumps([value for value, _ in values]))
        box.set("data-exact", f"{max(exact for _, exact in values):g}")
        if not any("." in each or "%" in each for each in re.findall(r"[-+.%\w]+", key)):
            box.set(
                "data-hint", "Type whole numbers." if kind == "list" else "Type a whole number."
            )
        box.set("data-near", f"{questions.nearness(block.options.get('near', ''), key):g}")
        if unit := questions.unit(key):
            box.set("data-unit", unit)
    if expression := block.options.get("key"):
        said = SubElement(box, "p", {"class": "ask-key", "data-search-exclude": ""})
        said.text = "The example decides: it ends with "
        code = SubElement(said, "code")
        code.text = AtomicString(_escape(expression))
        code.tail = " as the right choice."


def add_whys(root: Element, chapter: str, fault: Fault) -> None:
    """Make a why-question of each question that has choices and covers nothing."""
    for box in list(root.iter("div")):
        if not _is_question(box) or "data-ask" in box.attrib:
            continue
        source = _source(box)
        listed = _take_choices(box)
        if listed is None:
            continue
        pairs = [(_text(choice), _text(word)) for _, choice, word in listed]
        if wrong := questions.misshapen(pairs):
            raise fault(f"a question's choices: {wrong}", source)
        right = [number for number, (mark, *_) in enumerate(listed) if mark != " "]
        if len(right) != 1:
            raise fault(
                f"{len(right)} choices of a question are marked as right with [x]: mark one, "
                "or let the fence after it say predict",
                source,
            )
        named = [each for each in box if each.tag == "p" and "id" in each.attrib]
        if len(named) != 1:
            raise fault("a why-question's paragraph needs an id: {: #its-name } under it", source)
        name = named[0].attrib["id"]
        if _count(root, name) > 1:
            raise fault(_TWICE.format(name), [f"#{name}"])
        _say(box, "why", "choice", f"{chapter}#{name}")
        _add_choices(box, listed, right)


def _is_question(box: Element) -> bool:
    return box.tag == "div" and {"admonition", "question"} <= set(box.get("class", "").split())


def _count(root: Element, name: str) -> int:
    return sum(other.get("id") == name for other in root.iter())


def _say(box: Element, css: str, kind: str, key: str) -> None:
    box.set("class", f"{box.get('class')} ask {css}")
    box.set("data-ask", kind)
    box.set("data-key", key)
    if kind in _HINTS:
        box.set("data-hint", _HINTS[kind])


def _wrap(box: Element, name: str) -> None:
    """Put the question, without its title, into an element that can be a label."""
    question = Element("div", {"id": f"{name}-question"})
    for child in list(box):
        if "admonition-title" not in child.get("class", ""):
            box.remove(child)
            question.append(child)
    box.append(question)


# A choice: its mark, and what is said before and after the end of its first line.
type _Choice = tuple[str, Element, Element]


def _take_choices(box: Element) -> list[_Choice] | None:
    """Take the choices out of a question, if it ends with any."""
    last = list(box)[-1] if len(box) else None
    if last is None or last.tag != "ul" or not len(last):
        return None
    found = [_split(item) for item in last]
    if any(choice is None for choice in found):
        return None
    box.remove(last)
    return [choice for choice in found if choice]


def _split(item: Element) -> _Choice | None:
    """Split an item of a list after its first line, if it is a choice."""
    if len(item) and item[0].tag == "p" and not (item.text or "").strip():
        item = item[0]  # of a loose list
    match = _MARK.match(item.text or "")
    if match is None:
        return None
    choice, word = Element("summary"), Element("p")
    choice.text, below, feedback = (item.text or "")[match.end() :].partition("\n")
    word.text = feedback
    for child in item:
        child = copy(child)
        if below:
            word.append(child)
            continue
        child.tail, below, feedback = (child.tail or "").partition("\n")
        choice.append(child)
        word.text = feedback
    return match["mark"], choice, word


def _add_choices(box: Element, listed: list[_Choice], right: list[int]) -> None:
    """Show choices, each with a word on it to unfold."""
    choices = SubElement(box, "ul", {"class": "ask-choices"})
    for number, (_, choice, word) in enumerate(listed):
        item = SubElement(choices, "li", {"class": "ask-right"} if number in right else {})
        fold = SubElement(item, "details")
        fold.append(choice)
        verdict = Element("b")
        verdict.text = "Right." if number in right else "No."
        verdict.tail = " " + (word.text or "").lstrip()
        word.text = None
        word.insert(0, verdict)
        word.set("data-search-exclude", "")
        fold.append(word)


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _source(box: Element) -> list[str]:
    """Return pieces of a question as they may stand in the source, the surest first."""
    texts = [text.strip() for each in box for text in each.itertext()]
    lines = [line.strip() for text in texts for line in text.split("\n")]
    return sorted((line for line in lines if len(line) > 8), key=len, reverse=True)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
