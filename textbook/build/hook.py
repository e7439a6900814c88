"""What MkDocs adds to the Markdown extension: figures as files, fonts, the library, live reload.

A lesson builds without this file too (its figures are then data URIs).
"""

import hashlib
import io
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from textbook.build import (
    about,
    again,
    ahead,
    fonts,
    labs,
    notebooks,
    pictures,
    plain,
    policy,
    practice,
    reading,
    reference,
    search,
    styles,
    wheel,
)
from textbook.build.maths import MathsError
from textbook.examples import ExampleError

EXTENSION, GLOSSARY = "textbook.build.extension", "textbook.build.glossary"
# A style sheet of mkdocstrings, for what our templates do not write.
MKDOCSTRINGS = "assets/_mkdocstrings.css"
# The modules that run a reader's examples.
IN_THE_BROWSER = ("__init__", "session", "figures", "browser/__init__", "browser/worker")

# Sections that ran, while one `mkdocs serve` lives and the library is unchanged.
_sections = ahead.Sections(fonts.build())
_library = ""
_serving = False
_pages = again.Pages()
_nav: Navigation
_errors: list[ExampleError] = []  # of all pages of a build
_lessons: list[practice.Lesson] = []  # that have exercises
_book: notebooks.Book
_twins: dict[str, str] = {}  # of pages, by their addresses in the site
_ran: dict[str, notebooks.Source] = {}  # pages that can be notebooks, by the address of each


def on_startup(command: str, dirty: bool, **_: Any) -> None:
    """Let what runs examples start while MkDocs does."""
    global _serving
    _serving = command == "serve"
    if dirty:
        again.hush()
    ahead.warm_up()


def on_pre_build(config: MkDocsConfig) -> None:
    """Forget what an older library computed, and begin with what is new."""
    global _library
    _errors.clear()
    _ran.clear()
    _twins.clear()
    reference.forget()
    if MKDOCSTRINGS in config.extra_css:
        config.extra_css.remove(MKDOCSTRINGS)
    library = again.digest(Path(config.extra["library"]).rglob("*.py"))
    if library != _library:
        _library = library
        _sections.forget()
    (Path(config.site_dir) / styles.SHEET).unlink(missing_ok=True)  # or it is joined with itself
    _pages.begin(library + again.digest(_common(config)), Path(config.site_dir))
    _sections.start(_sources(config))


def _common(config: MkDocsConfig) -> Iterator[Path]:
    """Yield the files, library aside, that every page comes from."""
    yield Path(config.config_file_path)
    yield from Path(config.docs_dir).glob("glossary.md")
    yield from Path(config.docs_dir).glob(f"{reference.FOLDER}/*.md")
    yield from Path(__file__).parents[1].rglob("*.html")


def _sources(config: MkDocsConfig) -> Iterator[tuple[str, str, bool]]:
    """Yield the path and the text of each page, and whether it is a lab; these take longest."""
    docs = Path(config.docs_dir)
    pages = sorted(docs.rglob("*.md"), key=lambda path: (path.parent, path))  # as MkDocs has them
    for path in [*sorted(docs.glob("labs/*.py")), *pages]:
        lab = path.suffix == labs.SUFFIX
        text = path.read_text(encoding="utf-8-sig")
        name = f"{docs.name}/{path.relative_to(docs).as_posix()}"
        yield name, labs.read(text, name) if lab else text, lab


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the fonts into the site, and what readers need to run its examples."""
    global _book
    _lessons[:] = practice.read(files, Path(config.docs_dir).name)
    _errors.extend(practice.twins(_lessons))
    index = practice.index(_lessons)
    for path in sorted(fonts.build().iterdir()):
        if path.suffix != ".ttf":
            uri = f"assets/fonts/{path.name}"
            files.append(File.generated(config, uri, content=path.read_bytes()))
    archive = _pack(config.extra["library"])
    files.append(File.generated(config, "assets/python/book.zip", content=archive))
    # A folder for each edition: a browser that has a page, and what it imports, takes no other's.
    paths = sorted((Path(__file__).parents[1] / "browser").glob("*.js"))
    scripts = {path.name: _spoken(path) for path in paths} | {"exercises.json": index}
    edition = hashlib.sha256(b"".join([archive, *(each.encode() for each in scripts.values())]))
    config.extra["scripts"] = f"assets/javascripts/{edition.hexdigest()[:8]}"
    for name, content in scripts.items():
        files.append(File.generated(config, f"{config.extra['scripts']}/{name}", content=content))
    # Live reload is a script in the page.
    config.extra["policy"] = not _serving and policy.policy(config.extra["python"], sent=False)
    content = policy.headers(config.extra["python"])
    files.append(File.generated(config, "_headers", content=content))
    library = wheel.build(Path(config.extra["library"]).resolve().with_name("pyproject.toml"))
    uri = f"assets/python/{library.name}"
    files.append(File.generated(config, uri, content=library.content))
    _book = notebooks.Book(
        str(config.site_name),
        config.extra["licence"],
        config.extra["library"],
        _address(config, uri),
        library.brings,
    )
    return files


def _spoken(script: Path) -> str:
    """Return a script without what is only for its reader: comments, indents, ends of lines."""
    text = script.read_text(encoding="utf-8")
    text = re.sub(r"^[ \t]*(// .*\n)?|[ \t]+// .*$", "", text, flags=re.MULTILINE)
    return re.sub(r"(?<=[{;,])\n+", "", text)


def _address(config: MkDocsConfig, url: str) -> str:
    """Return the whole address of what the site has."""
    return urljoin(config.site_url or "/", url)


def on_nav(nav: Navigation, **_: Any) -> None:
    """Remember the order of the pages."""
    global _nav
    _nav = nav
    _pages.recall(nav)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell the extension which page comes and where its figures go."""

    def save(name: str, svg: str) -> str:
        uri = f"assets/figures/{name}"
        files.append(File.generated(config, uri, content=svg.encode()))
        return get_relative_url(uri, page.url)

    entries: dict[str, str] = {}  # of the reference, which a page has as texts of their own

    def keep(text: str, shown: list[notebooks.Pair], entry: str) -> None:
        page.meta["ran"] = page.meta.get("ran", 0) + len(shown)
        figures = _address(config, f"assets/figures/{Path(page.file.src_uri).with_suffix('')}")
        twin = plain.twin(text, shown, _linker(page, config, files), figures)
        if entry:
            entries[entry] = twin
            return
        _twins[f"{page.url}{plain.NAME}"] = reference.filled(twin, entries)
        alone = page.file.src_uri.startswith(("chapters/", "labs/"))
        if alone and shown and not any(each.error for _, each in shown):
            _ran[page.url] = notebooks.Source(path, text, shown)

    source = Path(page.file.abs_src_path or "")
    text = source.read_text(encoding="utf-8-sig")
    path = f"{Path(config.docs_dir).name}/{page.file.src_uri}"
    lab, before = source.suffix == labs.SUFFIX, markdown
    if lab:
        page.meta["description"] = labs.description(text)
        text = markdown = labs.to_markdown(markdown, text, path)
    elif page.is_index:
        markdown = reading.lessons(markdown, source.parent)
    config.mdx_configs[EXTENSION] = {
        "path": path,
        "first_line": 1 + text.rstrip().count("\n") - markdown.rstrip().count("\n"),
        "save": save,
        "draw": _sections,
        "lab": lab,
        "errors": _errors,
        "keep": keep,
    }
    config.mdx_configs.setdefault(GLOSSARY, {})["path"] = page.file.src_uri
    filled = practice.fill(reading.fill(markdown, source.parent), page, _nav, _lessons)
    if filled != before and not lab:
        _pages.once_more(page)
    return filled


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the page into the search index, and into the site as notebooks, too."""
    if "material/search" in config.plugins:
        _pages.keep(page, search.sections(html, page))
        page.meta["search"] = {"exclude": True}  # or the theme adds it, in its own way
    html = html.replace("<br />", "<br>")  # as HTML has it
    if page.is_homepage:  # what it begins with is not fetched late
        html = html.replace('loading="lazy"', 'fetchpriority="high"', 1)
    if page.url not in _ran:
        return html

    link = _linker(page, config, files)
    stem = f"notebooks/{posixpath.splitext(page.file.src_uri)[0]}"
    source, address = _ran[page.url], _address(config, page.url)
    page.meta["notebook"] = {"whole": f"{stem}.ipynb", "class": f"{stem}-for-a-class.ipynb"}
    for kind, uri in page.meta["notebook"].items():
        try:
            content = notebooks.make(source, _book, address, link, solutions=kind == "whole")
        except ExampleError as error:
            _errors.append(error)
            break
        files.append(File.generated(config, uri, content=content.encode()))
    return html


def _linker(page: Page, config: MkDocsConfig, files: Files) -> plain.Link:
    """Return what makes the links of a page whole."""

    def link(target: str) -> str:
        path, anchor = urldefrag(target)
        if urlsplit(path).scheme:
            return target
        uri = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), path))
        file = files.get_file_from_path(uri) if path else page.file
        return _address(config, file.url if file else uri) + f"#{anchor}" * bool(anchor)

    return link


def _pack(package: str) -> bytes:
    """Return the library, what draws as the book does, and its fonts: the same bytes each time."""
    own = Path(__file__).parents[1]
    contents = {path.as_posix(): path for path in Path(package).rglob("*.py")}
    contents |= {f"textbook/{name}.py": own / f"{name}.py" for name in IN_THE_BROWSER}
    contents |= {f"fonts/{path.name}": path for path in fonts.build().glob("*.ttf")}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Add what needs all pages; keep compiled templates, and no lines that were instructions."""
    if finder := config.plugins.get("material/search"):
        finder.search_index.entries += _pages.found(_nav)
        finder.search_index_prev = None  # it merges the entries of one page, not of several
    for uri, content in pictures.draw(_nav, config):
        files.append(File.generated(config, uri, content=content))
    env.globals |= {
        "edition": about.edition(config.extra["made_with"]),
        "bibtex": about.bibtex,
        "report": about.report,
    }
    env.trim_blocks = env.lstrip_blocks = True  # 9 kB a page
    folder = fonts.CACHE.with_name("templates-trimmed")
    folder.mkdir(exist_ok=True)
    env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return env


def on_post_build(config: MkDocsConfig) -> None:
    """Write what needs all pages. Fail for all that is wrong; but show it to who has one open."""
    Path(config.site_dir, MKDOCSTRINGS).unlink(missing_ok=True)
    styles.join(Path(config.site_dir), whole=_serving)
    for uri, text in {**_twins, plain.INDEX: plain.index(_nav, config)}.items():
        (Path(config.site_dir) / uri).write_text(text, encoding="utf-8", newline="\n")
    wrong = {error.args[0] for error in _errors}
    for page in _nav.pages:
        if f"{Path(config.docs_dir).name}/{page.file.src_uri}" in wrong:
            _pages.once_more(page)
    if _errors and not _serving:
        raise PluginError("\n\n".join(map(str, _errors)))
    for error in _errors:
        print(f"\n{error}\n", file=sys.stderr)  # noqa: T201 - a logged error ends a strict server


def on_build_error(error: Exception) -> None:
    """Say a writer's error without MkDocs' own traceback, and leave what has not begun."""
    if not _serving:
        _sections.forget()
    if isinstance(error, (ExampleError, MathsError)):
        raise PluginError(str(error))
