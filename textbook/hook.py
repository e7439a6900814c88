"""What MkDocs adds to the Markdown extension: figures as files, fonts, the library, live reload.

A chapter builds without this file too (its figures are then data URIs).
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from textbook import fonts, labs
from textbook.ahead import Sections
from textbook.examples import ExampleError
from textbook.maths import MathsError

EXTENSION = "textbook.fences"
# The modules that run a reader's examples.
IN_THE_BROWSER = ("__init__", "session", "figures", "browser/__init__", "browser/worker")

# Sections that ran, while one `mkdocs serve` lives and the library is unchanged.
_sections = Sections()
_library = ""


def on_config(config: MkDocsConfig) -> None:
    """Let labs be shown by us, and executed no more often than they must be."""
    if "mkdocs-jupyter" in config.plugins:
        from mkdocs_jupyter import convert, nbconvert2

        if convert.nb2html.__module__ != labs.__name__:
            convert.nb2html = labs.remember(convert.nb2html, lambda: _library)
            nbconvert2.get_nbconvert_app = labs.patient(nbconvert2.get_nbconvert_app)


def on_pre_build(config: MkDocsConfig) -> None:
    """Forget what an older library computed, and import the changed one."""
    global _library
    package = config.extra["library"]
    digest = hashlib.sha256()
    for path in sorted(Path(package).rglob("*.py")):
        digest.update(path.read_bytes())
    if digest.hexdigest() != _library:
        first = not _library
        _library = digest.hexdigest()
        _sections.forget()
        if first:  # later builds run in a thread of the server, from which forking is not safe
            fonts.build()
            pages = sorted(Path(config.docs_dir).rglob("*.md"))
            _sections.start((str(page), page.read_text(encoding="utf-8")) for page in pages)
        for name in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
            del sys.modules[name]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the fonts into the site, and what readers need to run its examples."""
    for path in sorted(fonts.build().iterdir()):
        if path.suffix != ".ttf":
            uri = f"assets/fonts/{path.name}"
            files.append(File.generated(config, uri, content=path.read_bytes()))
    archive = _pack(config.extra["library"])
    files.append(File.generated(config, "assets/python/book.zip", content=archive))
    # A folder for each edition: a browser that has a page, and what it imports, takes no other's.
    scripts = sorted((Path(__file__).parent / "browser").glob("*.js"))
    edition = hashlib.sha256(b"".join([archive, *(path.read_bytes() for path in scripts)]))
    config.extra["scripts"] = f"assets/javascripts/{edition.hexdigest()[:8]}"
    for path in scripts:
        uri = f"{config.extra['scripts']}/{path.name}"
        files.append(File.generated(config, uri, content=path.read_bytes()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell the extension which page comes and where its figures go."""

    def save(name: str, svg: str) -> str:
        uri = f"assets/figures/{name}"
        files.append(File.generated(config, uri, content=svg))
        return get_relative_url(uri, page.url)

    source = Path(page.file.abs_src_path or "")
    path = f"{Path(config.docs_dir).name}/{page.file.src_uri}"
    text = source.read_text(encoding="utf-8")
    if source.suffix == labs.SUFFIX:
        text = markdown = labs.to_markdown(markdown, text, path, save)
    config.mdx_configs[EXTENSION] = {
        "path": path,
        "first_line": 1 + text.rstrip().count("\n") - markdown.rstrip().count("\n"),
        "save": save,
        "draw": _sections,
    }
    return markdown


def _pack(package: str) -> bytes:
    """Return the library, what draws as the book does, and its fonts: the same bytes each time."""
    own = Path(__file__).parent
    contents = {path.as_posix(): path for path in Path(package).rglob("*.py")}
    contents |= {f"textbook/{name}.py": own / f"{name}.py" for name in IN_THE_BROWSER}
    contents |= {f"fonts/{path.name}": path for path in fonts.for_figures()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def on_build_error(error: Exception) -> None:
    """Say a reader's error without MkDocs' own traceback."""
    _sections.forget()
    if isinstance(error, (ExampleError, MathsError)):
        raise PluginError(str(error))
