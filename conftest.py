"""Lets pytest run the examples of README, the pages and the docstrings."""

from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

from textbook.build import fonts
from textbook.examples import parse
from textbook.session import prepare_drawing

prepare_drawing(fonts.build())  # figures are drawn as in the book

pytest_collect_file = SybilCollection(
    [
        Sybil(parsers=[parse], path="docs", patterns=["*.md"]),
        Sybil(parsers=[parse], path=".", patterns=["README.md"]),
        Sybil(
            parsers=[DocTestParser()],
            path="dlfund",
            patterns=["*.py"],
            document_types={".py": PythonDocStringDocument},
        ),
    ]
).pytest()
