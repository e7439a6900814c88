"""The book's figures for slides: pictures for light and for dark ones, and what each shows."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from bs4 import BeautifulSoup

from textbook.downloads.archive import pack
from textbook.downloads.edition import Edition

_SCHEME = re.compile(
    r"<style>:root\{color:(#\w+)\}"
    r"@media \(prefers-color-scheme:dark\)\{:root\{color:(#\w+)\}(.*?)\}</style>"
)
# A colour of the page that is another on a dark one.
_LINE = re.compile(r'\[style\*="(\w+): (#\w+)"\]\{\w+:(#\w+)!important\}')
_SCALE = 2  # pixels to a pixel of CSS: sharp on half a slide; beyond that, the SVG is


@dataclass(frozen=True)
class Figure:
    """A drawing of a page, and what the page says of it."""

    page: str  # its address
    title: str
    path: str  # in the site
    alt: str
    caption: str

    @property
    def name(self) -> str:
        """What it is called, without an ending."""
        return self.path.removeprefix("assets/figures/").removesuffix(".svg")


def fixed(svg: str, *, dark: bool = False) -> str:
    """Return a figure in the colours of one scheme, whatever is around it."""
    scheme = _SCHEME.search(svg)
    if scheme is None:
        raise ValueError("a figure does not say its ink")
    svg = svg.replace(scheme[0], "").replace("currentColor", scheme[1 + dark])
    for kind, light, other in _LINE.findall(scheme[3]) if dark else ():
        svg = svg.replace(f"{kind}: {light}", f"{kind}: {other}")
    return svg


def figures(site: Path, address: str) -> list[Figure]:
    """Return the figures that the pages of a site show, and the frames that they show on paper."""
    found: dict[str, Figure] = {}
    for path in sorted(site.rglob("index.html")):
        url = path.parent.relative_to(site).as_posix()
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        title = soup.h1.get_text().rstrip("¶").strip() if soup.h1 else url
        for figure in soup.select("article figure"):
            caption = figure.figcaption.get_text().strip() if figure.figcaption else ""
            for image in figure.select("img[src$='.svg']"):
                place = (path.parent / str(image["src"])).resolve()
                if not place.is_relative_to(site.resolve()):
                    continue
                name = place.relative_to(site.resolve()).as_posix()
                said = (
                    f"{caption} ({label.get_text()})"
                    if (label := image.find_next_sibling("span"))
                    else caption
                )
                found.setdefault(
                    name, Figure(f"{address}{url}/", title, name, str(image["alt"]), said)
                )
    return [found[name] for name in sorted(found)]


def picture(svg: str) -> bytes:
    """Draw a figure as PNG, on nothing."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SCALE, dpi=96, skip_system_fonts=True))


def build(site: Path, edition: Edition) -> bytes:
    """Return a zip of all figures as SVG and PNG for light and dark slides, with their captions."""
    contents: dict[str, bytes | str] = {}
    table = io.StringIO()
    write = csv.writer(table, lineterminator="\n").writerow
    write(["file", "page", "address", "caption", "alternative text"])
    for figure in figures(site, edition.address):
        svg = (site / figure.path).read_text(encoding="utf-8")
        for scheme in ("light", "dark"):
            drawing = fixed(svg, dark=scheme == "dark")
            contents[f"{scheme}/{figure.name}.svg"] = drawing
            contents[f"{scheme}/{figure.name}.png"] = picture(drawing)
        write([figure.name, figure.title, figure.page, figure.caption, figure.alt])
    contents["captions.csv"] = table.getvalue()
    contents["README.txt"] = _README.format(edition=edition)
    return pack(contents)


_README = """\
{edition.title}: its figures
Edition {edition.version}, {edition.date}, from {edition.address}

`light` holds them for light slides, `dark` for dark ones; the background of all is clear.
Each is there as SVG, which stays sharp at any size, and as PNG for what takes no SVG.
A folder a page, a file a figure, by the name that it has on its page.
`captions.csv` says of each where it stands, what it shows and what is seen.

Licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
Wherever you show one, name {edition.author} and {edition.address}
"""
