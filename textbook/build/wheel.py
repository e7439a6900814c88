"""The library as a wheel that the site carries, for the notebooks: the same bytes each time."""

import os
import re
import shutil
import tempfile
import tomllib
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
    """Build the wheel of the project whose pyproject.toml this is.

    What it only quotes, its README and its licence, may be missing: a book needs neither.
    """
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # 1980, or files would tell their dates
    try:
        with tempfile.TemporaryDirectory() as folder:
            copy = _copy(settings, Path(folder))
            needs = read_flit_config(copy).metadata.get("requires_dist", [])
            made = Path(wheel.make_wheel_in(copy, Path(folder)).file)
            names = (re.match(r"[\w.-]+", need) for need in needs)
            return Wheel(made.name, made.read_bytes(), tuple(name[0] for name in names if name))
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]


def _copy(settings: Path, folder: Path) -> Path:
    """Copy a project: settings, package, and what these quote, empty where it is missing."""
    project = tomllib.loads(settings.read_text(encoding="utf-8"))["project"]
    package = settings.with_name(project["name"])
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (project["readme"], *project["license-files"]):
        quoted = settings.with_name(name)
        (folder / name).write_bytes(quoted.read_bytes() if quoted.is_file() else b"")
    return Path(shutil.copy(settings, folder))
