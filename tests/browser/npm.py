"""Takes single files out of packages of npm, which need not be installed."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path


def files(package: str, version: str, names: Iterable[str], scratch: Path) -> dict[str, bytes]:
    """Return files of a package by name; what has been fetched lies in a folder from scratch."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is missing; get it with: apt-get install npm")
    subprocess.run(
        [npm, "pack", "--silent", f"{package}@{version}"],
        cwd=scratch, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found = {}
    with tarfile.open(scratch / f"{package}-{version}.tgz") as archive:
        for name in names:
            content = archive.extractfile(f"package/{name}")
            assert content is not None
            found[name] = content.read()
    return found
