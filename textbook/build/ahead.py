"""Runs the sections of a book in processes of their own, ahead of the pages that show them.

Drawing is most of a build's time, and sections stand alone, so they need not wait for each
other; and what an example does to its process does nothing to the build.
"""

import multiprocessing
import os
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from textbook.examples import Block, ExampleError, Shown, run_section, scan
from textbook.session import prepare_drawing

# A server of processes that have Matplotlib, and neither the library nor threads: a build that
# runs in a thread, as that of `mkdocs serve` does, cannot fork. Windows starts each process anew.
_SERVED = "forkserver" in multiprocessing.get_all_start_methods()
_context = multiprocessing.get_context("forkserver" if _SERVED else "spawn")
if _SERVED:
    _context.set_forkserver_preload(["matplotlib.pyplot", "textbook.examples"])
_MOST = 61  # processes that a pool may have on Windows


def warm_up() -> None:
    """Start the server, which takes its time."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # there is a process for each core already
    if _SERVED:
        from multiprocessing import forkserver

        forkserver.ensure_running()


class Sections:
    """What the sections of a book show: each is run once, until it changes."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._known: dict[object, tuple[list[Block], Future[list[Shown]]]] = {}
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, section: list[Block]) -> list[Shown]:
        """Return what a section shows, running it now if it has not run yet."""
        before, future = self._known.get(_key(section), (section, None))
        if future and (future.cancelled() or (future.exception() and before != section)):
            future = None  # it fails, and should say on which line it stands now
        for attempt in (future or self._submit(section), None):  # the first may fall with others
            try:
                return (attempt or self._submit(section)).result()
            except BrokenProcessPool:
                self.forget()
        raise section[0].error("an example of this section ends its process")

    def start(self, pages: Iterable[tuple[str, str, bool]]) -> None:
        """Begin to run what seem to be new sections of pages: (path, text, whether a lab)."""
        for path, text, lab in pages:
            try:
                found = scan(text, path)
            except ExampleError:
                continue  # said when the page is built
            if lab:
                found = [replace(block, section=0, cell=True) for block in found]
            for _, group in groupby(found, key=lambda block: block.section):
                section = list(group)
                if _key(section) not in self._known:
                    self._submit(section)

    def forget(self) -> None:
        """Forget every section, leave those that have not begun, and whatever was imported."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None
        self._known.clear()

    def _submit(self, section: list[Block]) -> Future[list[Shown]]:
        self._pool = self._pool or ProcessPoolExecutor(
            min(os.cpu_count() or 1, _MOST), _context, initializer=_begin, initargs=(self._fonts,)
        )
        future = self._pool.submit(run_section, section)
        self._known[_key(section)] = section, future
        return future


def _begin(fonts: Path) -> None:
    """Make a process ready to draw, and let it end with the build, however that ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare_drawing(fonts)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _key(section: list[Block]) -> object:
    return tuple(
        (b.path, b.language, b.source, b.cell, b.choices, *sorted(b.options.items()))
        for b in section
    )
