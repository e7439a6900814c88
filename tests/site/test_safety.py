"""What a page may do is said in one place, and no page does what that forbids."""

import base64
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser.pyodide import CORE, VERSION
from tests.browser.serving import CDN
from tests.conftest import ROOT, Build
from tests.site.test_site import soup
from textbook.build.policy import policy

WORKFLOWS = ROOT / ".github/workflows"


def inline(html: BeautifulSoup) -> list[str]:
    """Return the scripts and styles that stand in a page."""
    found = html.select("style, [style], script:not([src], [type='application/json'])")
    found += [
        tag
        for tag in html.find_all(True)
        if any(name.startswith("on") for name in tag.attrs)
        or str(tag.get("href", "")).lower().startswith("javascript:")
    ]
    return [str(tag)[:120] for tag in found]


def faults(html: BeautifulSoup) -> list[str]:
    """Return what is wrong with a page's policy, or by it."""
    said = html.select_one("meta[http-equiv=Content-Security-Policy]")
    first = html.select_one("script, link[rel=stylesheet]")
    if said is None or first is None or said.sourceline is None or first.sourceline is None:
        return ["no policy"]
    late = [] if said.sourceline < first.sourceline else ["a script or style before the policy"]
    wrong = [] if said["content"] == policy(CDN, sent=False) else [f"policy: {said['content']}"]
    return [*wrong, *late, *inline(html)]


def test_every_page_has_the_policy_and_nothing_that_it_forbids(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    found = {page: faults(soup(page)) for page in pages}
    assert {page: fault for page, fault in found.items() if fault} == {}
    assert len(pages) > 50


@pytest.mark.parametrize(
    "planted",
    ['<p style="color: red">x</p>', "<script>alert()</script>", '<img alt="" onerror="x()">'],
)
def test_what_is_forbidden_is_seen(build: Callable[[str], Build], planted: str) -> None:
    built = build(f"# Home\n\n{planted}\n")
    (fault,) = faults(BeautifulSoup((built.site / "index.html").read_text("utf-8"), "html.parser"))
    assert fault[:6] == planted[:6]


def test_the_policy_allows_no_more_than_is_needed() -> None:
    said, sent = (
        dict(part.split(" ", 1) for part in policy(CDN, sent=sent).split("; "))
        for sent in (False, True)
    )
    assert said["default-src"] == said["base-uri"] == "'none'"
    assert said["form-action"] == said["manifest-src"] == "'self'"
    assert said["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert said["style-src"] == said["worker-src"] == said["font-src"] == "'self'"
    assert said["connect-src"] == f"'self' {CDN}"
    assert sent == said | {"script-src": said["script-src"] + " blob:"}
    assert "https:" not in policy("assets/python/", sent=True)


def test_the_worker_knows_the_core_of_this_pyodide() -> None:
    worker = (ROOT / "textbook/browser/worker.js").read_text(encoding="utf-8")
    known = dict(re.findall(r'^  "([\w.-]+)": "([\w+/]+=)",$', worker, flags=re.MULTILINE))
    digests = {name: base64.b64encode(bytes.fromhex(each)).decode() for name, each in CORE.items()}
    assert known == digests
    assert f"Pyodide {VERSION}" in worker
    assert f"/v{VERSION}/" in CDN


# ---- Workflows -------------------------------------------------------------------------------


def zizmor(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", folder],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_workflows_are_safe() -> None:
    found = zizmor(WORKFLOWS)
    assert found.returncode == 0, found.stdout


def test_an_unsafe_workflow_is_seen(tmp_path: Path) -> None:
    text = (WORKFLOWS / "test.yml").read_text(encoding="utf-8")
    planted = text.replace(
        "- name: Set up\n", "- run: echo ${{ github.head_ref }}\n      - name: Set up\n"
    )
    assert planted != text
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/test.yml").write_text(planted, encoding="utf-8")
    found = zizmor(tmp_path)
    assert found.returncode != 0
    assert "template-injection" in found.stdout


def test_what_is_published_is_trusted_by_its_workflow_alone() -> None:
    text = (WORKFLOWS / "release.yml").read_text(encoding="utf-8")
    assert "pypa/gh-action-pypi-publish@" in text
    assert "id-token: write" in text
    assert "secrets." not in text
    assert "password:" not in text
