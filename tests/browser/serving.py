"""Serves the built book and, from another address, the Pyodide distribution."""

import contextlib
import functools
import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.site.test_site import ADDRESS

CDN = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"  # as mkdocs.yml has it
TYPES = {".html": "text/html; charset=utf-8", ".xml": "application/xml"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a CDN does: kept by browsers, readable from other sites.

    Pages name `python` in place of the CDN, and this server in place of the book's own address.
    The book comes with the headers of its file `_headers`.
    """

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, python: str = "", **kwargs: Any) -> None:
        self.python = python
        self.said = headers(Path(kwargs["directory"]), python) if python else []
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() else path
        if not (self.python and page.suffix in TYPES and page.is_file()):
            super().do_GET()
            return
        # Instant navigation knows the pages of the book from the sitemap.
        text = page.read_text(encoding="utf-8")
        text = text.replace(CDN, self.python).replace(ADDRESS, f"http://{self.headers['Host']}/")
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", TYPES[page.suffix])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        if not self.python:
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        for name, value in self.said:
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


@functools.cache
def headers(folder: Path, python: str) -> list[list[str]]:
    """Return what the file of headers says for all paths."""
    rule, *lines = (folder / "_headers").read_text(encoding="utf-8").splitlines()
    assert rule == "/*"
    return [line.strip().replace(CDN, python).split(": ", 1) for line in lines]


class Server(http.server.ThreadingHTTPServer):
    """A server whose readers may hang up, as a worker does that is ended."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serve(folder: Path, python: str = "") -> Iterator[str]:
    """Serve a folder on loopback; yield its address."""
    handler = functools.partial(Handler, directory=str(folder), python=python)
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
