"""What a page asks before it answers: the options of a fence with `predict`, and its box.

The box is `!!! question` and stands right before the fence. What is right is never typed: it is
what the example's last prompt shows, or the value of the fence's `key`.
"""

import re

KINDS = ("number", "list", "word", "choice", "sketch")
OPTIONS = ("predict", "near", "key")

_NUMBER = re.compile(r"[-+]?(?:\d+(?P<decimals>\.\d*)?|(?P<only>\.\d+))(?:e(?P<power>[-+]?\d+))?%?")
_CHOICE = re.compile(r"[-*+] +\[(?P<mark>[ xX])\](?: +(?P<text>.*))?")
_LEAST, _MOST = 2, 4  # choices


def misuse(language: str, options: dict[str, str], box: list[str] | None) -> str:
    """Return what is wrong with the options of a fence, given its question's lines."""
    kind = options.get("predict")
    if kind is None:
        stray = next((name for name in ("near", "key") if name in options), "")
        if stray:
            return f"{stray} goes with predict"
        return (
            "a pycon block does not take name" if language == "pycon" and "name" in options else ""
        )
    if kind not in KINDS:
        return f"predict={kind!r}: write {', '.join(KINDS[:-1])} or {KINDS[-1]}"
    if "name" not in options:
        return "predict needs a name, under which a reader's guess is kept"
    if "near" in options and (kind not in ("number", "list") or _near(options["near"], 1) is None):
        return f"near={options['near']!r}: for a number or a list, how far off is near, or 10%"
    if kind == "sketch" and (language == "pycon" or "key" in options):
        return "predict='sketch' is for a figure, and has no key"
    if language == "python" and kind != "sketch" and not options.get("key"):
        return "what is predicted of a figure needs a key, an expression"
    if box is None:
        return 'predict needs a box before it: !!! question "Predict", and nothing in between'
    return _misasked(kind, choices(box))


def _misasked(kind: str, found: list[tuple[str, str, bool]]) -> str:
    if kind != "choice":
        return f"its question has choices, but predict={kind!r}" if found else ""
    if any(marked for *_, marked in found):
        return "the example decides which choice is right: write [ ] for each"
    return misshapen([(text, feedback) for text, feedback, _ in found])


def misshapen(found: list[tuple[str, str]]) -> str:
    """Return what is wrong with (choice, feedback) pairs."""
    if not _LEAST <= len(found) <= _MOST:
        return f"{len(found)} choices; write {_LEAST} to {_MOST} as `- [ ] choice`, at the end"
    silent = [text for text, feedback in found if not (text and feedback)]
    if silent:
        return f"the choice {silent[0]!r} needs a sentence of feedback, on the next line"
    return ""


def box(lines: list[str], prefix: str) -> list[str] | None:
    """Return the lines of the question's box that ends here, or None if there is none."""
    inside: list[str] = []
    for line in reversed(lines):
        if not line.removeprefix(prefix).strip() or line.strip() == prefix.strip():
            inside.append("")
        elif line.startswith(f"{prefix}    "):
            inside.append(line[len(prefix) + 4 :])
        else:
            return inside[::-1] if line.startswith(f"{prefix}!!! question") else None
    return None


def choices(box: list[str]) -> list[tuple[str, str, bool]]:
    """Return each choice of a box, its feedback, and whether it is marked as right."""
    found: list[tuple[str, str, bool]] = []
    for line in box:
        if match := _CHOICE.fullmatch(line):
            found.append((match["text"] or "", "", match["mark"] != " "))
        elif found and line.strip():
            text, feedback, marked = found[-1]
            found[-1] = (text, f"{feedback} {line.strip()}".strip(), marked)
    return found


def plain(text: str) -> str:
    """Return a text as it is compared: no quotes of any kind, blanks as one."""
    return " ".join(re.sub("[`'\"]", "", text).split())


def right(key: str, choices: tuple[str, ...]) -> list[int]:
    """Return the numbers of the choices that the key names: one, if all is well."""
    return [number for number, choice in enumerate(choices) if plain(choice) == plain(key)]


def disagreement(options: dict[str, str], choices: tuple[str, ...], key: str) -> str:
    """Return why a question and what the example gave do not go together."""
    kind = options.get("predict", "sketch")
    what = f"key={options['key']!r} gives" if "key" in options else "the last prompt shows"
    if kind == "sketch":
        return ""
    if not key.strip():
        return f"{what} nothing that could be predicted"
    if kind == "choice" and len(right(key, choices)) != 1:
        which = "no choice" if not right(key, choices) else "more than one choice"
        listed = "\n".join(f"    {choice}" for choice in choices)
        return f"{what}\n    {key}\nwhich is {which} of its question:\n{listed}"
    if kind == "word" and "\n" in key:
        return f"{what} several lines, which is no word:\n{key}"
    if kind in ("number", "list"):
        values = numbers(key)
        if not values or (kind == "number" and len(values) > 1):
            return f"{what} {key!r}, which is no {kind}" + " of numbers" * (kind == "list")
        if "near" in options and not nearness(options["near"], key):
            return f"near={options['near']!r} is nothing, beside {key}"
    return ""


def numbers(text: str) -> list[tuple[float, float]]:
    """Return the numbers of an output, and how far off one may be to be the same when rounded.

    Brackets, commas and the name of an array are left out; of anything else there is no list.
    """
    parts = re.sub(r"[][(){},]|\barray\b|\bdtype=\w+", " ", plain(text)).split()
    matches = [_NUMBER.fullmatch(part.lower()) for part in parts]
    return [_value(match) for match in matches if match] if all(matches) else []


def _value(match: re.Match[str]) -> tuple[float, float]:
    decimals = match["decimals"] or match["only"]
    percent = match[0].endswith("%")
    unit = 0.01 if percent else 1
    # 0.33 is what 1/3 rounds to; but a whole number is meant as it is, and so is 9.0.
    places = len(decimals) - 1 if decimals and decimals.strip(".0") else 0 if percent else None
    off = 0 if places is None else 0.5 * 10.0 ** (int(match["power"] or 0) - places)
    return float(match[0].rstrip("%")) * unit, off * unit


def nearness(near: str, key: str) -> float:
    """Return how far off the numbers of a key are near."""
    found = [_near(near, value) or 0.0 for value, _ in numbers(key)]
    return max(found, default=0.0) * (0.01 if unit(key) and not near.endswith("%") else 1)


def unit(key: str) -> str:
    """Return the sign after a number that a guess may leave out."""
    return "%" if plain(key).endswith("%") else ""


def _near(near: str, value: float) -> float | None:
    """Return how far off is near to a value, or None if that cannot be read."""
    match = _NUMBER.fullmatch(near)
    if match is None or float(near.rstrip("%")) <= 0:
        return None
    return float(near[:-1]) / 100 * abs(value) if near.endswith("%") else float(near)
