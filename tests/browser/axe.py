"""What axe-core finds on a page that a reader with a disability would stumble over."""

import hashlib
import re
import tempfile
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import npm

VERSION = "4.14.1"
SCRIPT = "axe.min.js"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

FILE = Path(__file__).parent.parent.parent / ".cache" / "axe" / VERSION / SCRIPT


@cache
def script() -> str:
    """Return axe-core, which is fetched once and verified each time."""
    if not FILE.is_file():
        with tempfile.TemporaryDirectory() as scratch:
            content = npm.files("axe-core", VERSION, [SCRIPT], Path(scratch))[SCRIPT]
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_bytes(content)
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{FILE} has the SHA-256 {digest}, not {SHA256}")
    return FILE.read_text(encoding="utf-8")


# Looks through axe's eyes, which see no colour through a gradient: without the shades at the edges
# of what scrolls, which lie under the text.
RUN = """within => {
    const plain = new CSSStyleSheet()
    plain.replaceSync('.md-typeset * { background-image: none !important }')
    document.adoptedStyleSheets.push(plain)
    return axe.run(within, { resultTypes: ['violations', 'incomplete'] }).then(found => {
        document.adoptedStyleSheets.pop()
        return [found.violations, found.incomplete].map(each => each.flatMap(rule =>
            rule.nodes.map(node => [
                rule.id,
                [...node.any, ...node.all, ...node.none]
                    .map(check => check.data?.messageKey ?? check.id).join(),
                node.html])))
    })
}"""

# What axe cannot tell, by its rule and its reason; what it may be told of; and why it is well.
DECIDED = {
    ("color-contrast", "nonBmp"): (
        r"<(mo|mi|mn|mtext|span)\b", "signs of a formula: they have the colour of its letters"
    ),
    ("color-contrast", "shortTextContent"): (
        r"<(mo|mi|mn|mtext|a class=\"headerlink)\b",
        "one sign: a letter of a formula is as its text, a heading's link in the soft ink",
    ),
    ("color-contrast", "bgOverlap"): (
        r"<(code|span class=|textarea)", "an editor: its layer in colour under its clear text"
    ),
    ("color-contrast", "elmPartiallyObscuring"): (
        r"<code", "code that is wider than its box: its spans, and other blocks, are told"
    ),
    ("color-contrast", "elmPartiallyObscured"): (
        r"<(textarea|t[hd]|a)\b", "an editor, as above; cells at the edge of a table that scrolls"
    ),
}  # fmt: skip


def violations(page: Page, within: str = "html") -> list[str]:
    """Return each rule that is broken within an element, and what nobody has decided."""
    page.evaluate(f"() => {{ {script()} }}")  # which is no request, so that no policy forbids it
    broken, open_ = page.evaluate(RUN, within)
    return [f"{rule}: {html}" for rule, _, html in broken] + [
        f"undecided {rule} ({why}): {html}"
        for rule, why, html in open_
        if not re.match(DECIDED.get((rule, why), ("(?!)", ""))[0], html)
    ]
