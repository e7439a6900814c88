"""The whole site as a zip that works from a folder, without a network and without a server.

Browsers take neither modules nor data nor workers from a disk, so `offline.js` brings these. The
pages' policy of what may run (a meta tag) forbids that, and guards nothing on one's own disk.
"""

import json
import re
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urlsplit

from mkdocs.utils import get_relative_url

from textbook.downloads.archive import pack
from textbook.downloads.edition import Edition

_HERE = Path(__file__).parent
_LEFT_OUT = re.compile(
    r"(.*\.map|sitemap\.xml(\.gz)?|assets/javascripts/lunr/.*|downloads/(?!index\.html).*"
    r"|_headers|404\.html)"
)
_LINK = re.compile(r'(?<=\s)(?P<name>href|src)=(?P<quote>["\'])(?P<url>[^"\']*)(?P=quote)')
_MODULE = re.compile(r'<script type="module" src="(?P<url>[^"]+)"')
_NOTE = (
    '<p class="offline">This is a copy on your disk. All of it works without a network, except '
    'that examples run only <a href="{}">on the web</a>.</p>'
)


def build(site: Path, edition: Edition) -> bytes:
    """Return the site for a folder."""
    paths = [path for path in sorted(site.rglob("*")) if path.is_file()]
    names = {path.relative_to(site).as_posix(): path for path in paths}
    kept = {name: path for name, path in names.items() if not _LEFT_OUT.fullmatch(name)}
    contents: dict[str, bytes | str] = {}
    for name, path in kept.items():
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            contents[name] = _page(text, name, kept, edition)
        else:
            contents[name] = path.read_bytes()
    contents["assets/offline.js"] = _script(kept)
    index = json.loads(kept["search/search_index.json"].read_text(encoding="utf-8"))
    for entry in index["docs"]:
        entry["location"] = _file(entry["location"])
    del contents["search/search_index.json"]
    words = json.dumps(index, separators=(",", ":"), sort_keys=True)
    contents["search/search_index.js"] = f"var __index = {words}"
    folder = edition.stem
    return pack({f"{folder}/{name}": content for name, content in contents.items()})


def _page(text: str, name: str, kept: dict[str, Path], edition: Edition) -> str:
    """Return a page whose links lead to files, and whose scripts a browser takes from a disk."""
    online = edition.address + name.removesuffix("index.html")

    def lead(match: re.Match[str]) -> str:
        url = urlsplit(match["url"])
        if url.scheme or url.netloc or not url.path:
            return match[0]
        target = normpath(join(dirname(name), url.path)).removeprefix("./")
        if target not in kept:
            page = "index.html" if target == "." else f"{target}/index.html"
            if page in kept:
                url = url._replace(path=get_relative_url(page, name))
            else:  # a download, say
                target = "" if target == "." else target
                url = urlsplit(edition.address)._replace(
                    path=urlsplit(edition.address).path + target, fragment=url.fragment
                )
        return f"{match['name']}={match['quote']}{url.geturl()}{match['quote']}"

    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    text = re.sub(r'<link rel="(?:module)?preload"[^>]*>', "", text)
    text = _MODULE.sub(r'<script type="application/json" data-module="\g<url>"', text)
    text = re.sub(
        r'"navigation\.instant(\.\w+)?",?\s*', "", text
    )  # ends the theme's life on a disk
    text = _LINK.sub(lead, text)
    text = text.replace("</h1>", f"</h1>{_NOTE.format(online)}", 1)
    first = f'<script src="{get_relative_url("assets/offline.js", name)}"></script>'
    return text.replace('<script id="__config"', f'{first}<script id="__config"', 1)


def _file(location: str) -> str:
    """Return the file of a page, from its address below the site's."""
    path, mark, fragment = location.partition("#")
    return f"{path}index.html{mark}{fragment}" if path.endswith("/") or not path else location


def _script(kept: dict[str, Path]) -> str:
    """Return offline.js with all that it brings."""
    main = next(name for name in kept if re.fullmatch(r"assets/javascripts/[^/]+/main\.js", name))
    folder = dirname(main)
    scripts, data = {}, {}
    for name, path in kept.items():
        if dirname(name) != folder:
            continue
        text = path.read_text(encoding="utf-8")
        if name.endswith(".js"):
            scripts[name] = _module(text, name)
        elif name.endswith(".json"):
            data[name] = _by_file(text)
    text = (_HERE / "offline.js").read_text(encoding="utf-8")
    for mark, found in (("{scripts}", scripts), ("{data}", data)):
        text = text.replace(f": {mark}", f": {json.dumps(found, sort_keys=True)}")
    return text


def _module(text: str, name: str) -> str:
    """Return a module that knows where it is, and the others by the names that the map has."""
    folder = dirname(name)
    text = re.sub(r"""((?:\bfrom|\bimport|\bimport\()\s*)(["'])\./""", rf"\1\2site:{folder}/", text)
    return text.replace("import.meta.url", f"(offline.base + {json.dumps(name)})")


def _by_file(text: str) -> str:
    """Return data whose keys are pages, by their files."""
    data = json.loads(text)
    if isinstance(data, dict):
        data = {_file(key) if key.endswith("/") else key: value for key, value in data.items()}
    return json.dumps(data)
