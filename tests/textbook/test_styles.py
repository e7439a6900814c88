"""One style sheet: the theme's and the book's, with what pages use and without the rest."""

from pathlib import Path

import pytest

from textbook.build.styles import join

THEME = """\
@charset "UTF-8";
:root{--icon:url("data:image/svg+xml;charset=utf-8,<svg>{;}</svg>");--unused:1;--known:2}
.used,.unused{color:red}.added{top:0}
.md-typeset :is(.used,.unused) b{top:1px}.used:not(.gone){top:2px}
[dir=rtl] .used{right:0}[dir=ltr] .used{left:0}.md-version{top:3px}#place{top:4px}#nowhere{top:5px}
@media print{.unused{color:red}}@media screen{.used{color:var(--icon)}}
@supports (top: 1px){.used\\:here{top:6px}}
/*# sourceMappingURL=main.css.map */"""
PALETTE = "[data-md-color-primary=red]{color:red}[data-md-color-primary=custom]{color:blue}"
BOOK = """\
/* What is
   said. */
.used { /* and why */
  margin: 0;
  content: "a  b";
}
@font-face { font-family: "Book"; src: url("../fonts/book.woff2"); }
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    styles, scripts = tmp_path / "assets/stylesheets", tmp_path / "assets/javascripts"
    styles.mkdir(parents=True)
    scripts.mkdir()
    for name, text in {"main.1a": THEME, "palette.2b": PALETTE, "book": BOOK}.items():
        (styles / f"{name}.css").write_text(text, encoding="utf-8")
    (styles / "main.1a.css.map").write_text("{}", encoding="utf-8")
    (scripts / "main.js").write_text('add("added", "md-version", "--known")', encoding="utf-8")
    page = '<p class="used md-typeset used:here" id=place>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    return tmp_path


def joined(site: Path, *, whole: bool) -> str:
    join(site, whole=whole)
    (sheet,) = (site / "assets/stylesheets").iterdir()
    assert sheet.name == "book.css"
    return sheet.read_text(encoding="utf-8")


def test_what_pages_and_scripts_know_is_kept_and_the_rest_is_not(site: Path) -> None:
    assert joined(site, whole=False) == (
        '@charset "utf-8";:root{--icon:url("data:image/svg+xml;charset=utf-8,<svg>{;}</svg>");'
        "--known:2}.used{color:red}.added{top:0}.md-typeset :is(.used,.unused) b{top:1px}"
        ".used:not(.gone){top:2px}[dir=ltr] .used{left:0}#place{top:4px}"
        "@media screen{.used{color:var(--icon)}}@supports (top: 1px){.used\\:here{top:6px}}"
        "[data-md-color-primary=custom]{color:blue}"
        '.used{margin: 0;content: "a  b";}'
        '@font-face{font-family: "Book";src: url("../fonts/book.woff2");}'
    )


def test_while_a_writer_looks_all_is_kept(site: Path) -> None:
    text = joined(site, whole=True)
    for kept in (".unused", "--unused", ".md-version", "[dir=rtl]", "#nowhere", "=red"):
        assert kept in text
