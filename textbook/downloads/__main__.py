"""Makes all that is taken along: `python -m textbook.downloads` after the site is built."""

import argparse
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from textbook.downloads import book, deck, edition, epub, listing, offline, pdf, slides
from textbook.downloads.listing import Item

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> None:
    """Make the files, and say on the site's pages that they are there."""
    parser = argparse.ArgumentParser(prog="python -m textbook.downloads", description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("site"), help="the built site")
    parser.add_argument("--project", type=Path, default=Path(), help="where mkdocs.yml is")
    chosen = parser.parse_args(arguments)
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        sys.exit(
            "Chromium prints the PDFs, but it is missing; get it with: apt-get install chromium"
        )
    build(edition.read(chosen.project), chosen.project / "docs", chosen.site, found)


def build(now: edition.Edition, docs: Path, site: Path, chromium: str) -> list[Item]:
    """Make everything of a site, in the site."""
    folder = site / "downloads"
    folder.mkdir(exist_ok=True)
    items: list[Item] = []

    def make(item: Item, content: Callable[[], bytes]) -> None:
        print(f"{item.name} ...", end=" ", flush=True)  # noqa: T201 - it takes a while
        (folder / item.name).write_bytes(content())
        print(listing.size(folder / item.name))  # noqa: T201
        items.append(item)

    stem = now.stem
    printed = book.read(site, now)
    with pdf.chromium(chromium) as browser:
        make(Item(f"{stem}.pdf", "The whole book", "PDF"), lambda: pdf.whole(printed, browser))
        make(Item(f"{stem}.epub", "The whole book", "EPUB"), lambda: epub.build(printed))
        make(
            Item(f"{stem}-site.zip", "The whole site, for a folder", "ZIP"),
            lambda: offline.build(site, now),
        )
        make(
            Item(f"{stem}-figures.zip", "All figures, for slides", "ZIP of SVG and PNG"),
            lambda: slides.build(site, now),
        )
        make(
            Item(f"{stem}.apkg", "Formulas and why-questions, as flash cards", "Anki deck"),
            lambda: deck.build(docs, now),
        )
        for chapter in printed.chapters:
            title = f"{chapter.number} {chapter.title}".strip()
            make(
                Item(f"{stem}-{chapter.name}.pdf", title, "PDF", chapter.name),
                partial(pdf.chapter, printed, chapter, browser),
            )
    listing.write(site, items, now)
    return items


if __name__ == "__main__":
    main(sys.argv[1:])
