"""The library as a wheel that the site carries, for the notebooks: the same bytes each time."""

import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from flit_core import wheel
from flit_core.config import read_flit_config


class Wheel(NamedTuple):
    """A file that pip installs, and the names of what it installs with it."""

    name: str
    content: bytes
    brings: tuple[str, ...]


def build(settings: Path) -> Wheel:
    """Build the wheel of the project whose pyproject.toml this is."""
    needs = read_flit_config(settings).metadata.get("requires_dist", [])
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # 1980, or files would tell their dates
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(wheel.make_wheel_in(settings, Path(folder)).file)
            names = (re.match(r"[\w.-]+", need) for need in needs)
            return Wheel(made.name, made.read_bytes(), tuple(name[0] for name in names if name))
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
