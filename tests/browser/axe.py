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


def violations(page: Page, within: str = "html") -> list[str]:
    """Return each rule that is broken within an element, and where."""
    page.evaluate(f"() => {{ {script()} }}")  # which is no request, so that no policy forbids it
    found = page.evaluate("within => axe.run(within, { resultTypes: ['violations'] })", within)
    return [
        f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]
    ]
