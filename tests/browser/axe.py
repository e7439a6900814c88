"""What axe-core finds on a page that a reader with a disability would stumble over."""

import hashlib
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


# What axe cannot tell: its rule and its reason; of which elements it may; and why it is well.
DECIDED = {
    "color-contrast nonBmp": (
        "math *, .unbroken, .highlight *", "signs beside letters, whose colour they have"
    ),
    "color-contrast shortTextContent": (
        "math *, td, .headerlink", "one sign, in the colour of its text; or the soft ink of a link"
    ),
    "color-contrast bgOverlap": (
        ".highlight *, main:has(.term-said) p",
        "an editor, its colours under its clear text; code beside a button; prose under a meaning",
    ),
    "color-contrast elmPartiallyObscuring": (
        "pre > code", "code that is wider than its box: its spans, and other blocks, are told"
    ),
    "color-contrast elmPartiallyObscured": (
        ".run-editor *, .md-typeset__scrollwrap *, .maths *, .md-nav__link",
        "an editor, as above; and what lies at the edge of a box that scrolls, as the menu does",
    ),
}  # fmt: skip

# Looks through axe's eyes, which see no colour through a gradient: without the shades at the edges
# of what scrolls, which lie under the text, and what lies over it while one scrolls.
RUN = """([within, decided]) => {
    const plain = new CSSStyleSheet()
    plain.replaceSync(`.md-typeset * { background-image: none !important }
        .md-header { position: static !important } .md-top { display: none !important }`)
    document.adoptedStyleSheets.push(plain)
    const options = { resultTypes: ['violations', 'incomplete'], elementRef: true }
    return axe.run(within, options).then(found => {
        document.adoptedStyleSheets.pop()
        const broken = found.violations.flatMap(rule =>
            rule.nodes.map(node => `${rule.id}: ${node.html}`))
        return broken.concat(found.incomplete.flatMap(rule => rule.nodes.flatMap(node => {
            const checks = [...node.any, ...node.all, ...node.none]
            const why = `${rule.id} ${checks.map(each => each.data?.messageKey ?? each.id)}`
            return decided[why] && node.element?.matches(decided[why]) ? []
                : [`undecided ${why}: ${node.html}`] })))
    })
}"""


def violations(page: Page, within: str = "html") -> list[str]:
    """Return each rule that is broken within an element, and what nobody has decided."""
    page.evaluate(f"() => {{ {script()} }}")  # which is no request, so that no policy forbids it
    decided = {what: selector for what, (selector, _) in DECIDED.items()}
    return list(page.evaluate(RUN, [within, decided]))
