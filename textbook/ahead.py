"""Runs the sections of a book ahead of the pages that show them, on every processor.

Drawing is most of a build's time, and sections stand alone, so they need not
wait for each other.
"""

import gc
import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import groupby

from textbook.examples import Block, ExampleError, blocks
from textbook.fences import Drawn, draw


class Sections:
    """What the sections of a book drew: each is run once, until it changes."""

    def __init__(self) -> None:
        self._drawn: dict[object, Drawn | Future[Drawn]] = {}

    def __call__(self, section: list[Block], path: str) -> Drawn:
        """Return what a section draws, running it now if it has not run yet."""
        key = _key(section)
        known = self._drawn.get(key)
        if isinstance(known, Future):
            # What failed elsewhere fails again here, in the page that is being built.
            known = None if known.cancelled() or known.exception() else known.result()
        if known is None:
            known = draw(section, path)
        self._drawn[key] = known
        return known

    def start(self, pages: Iterable[tuple[str, str]]) -> None:
        """Begin to run the sections of pages, given as (path, text)."""
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        # A figure is many small objects; looking for garbage as often as by default costs 6 %.
        pool = ProcessPoolExecutor(
            os.cpu_count(), mp_context=context, initializer=gc.set_threshold, initargs=(20_000,)
        )
        for path, text in pages:
            try:
                found = [block for _, _, block in blocks(text, path)]
            except ExampleError:
                continue  # said when the page is built
            for _, group in groupby(found, key=lambda block: block.section):
                section = list(group)
                self._drawn.setdefault(_key(section), pool.submit(draw, section, path))
        pool.shutdown(wait=False)

    def forget(self) -> None:
        """Forget every section, and leave those that have not begun."""
        for known in self._drawn.values():
            if isinstance(known, Future):
                known.cancel()
        self._drawn.clear()


def _key(section: list[Block]) -> object:
    return tuple((b.language, b.source, *sorted(b.options.items())) for b in section)
