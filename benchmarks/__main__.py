"""`python -m benchmarks [stem ...] [--match TEXT] [--csv FILE]`."""

import argparse
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import DEFAULTS_ONLY, ONE_THREAD, Case, report

STEMS = ("convolution", "activations", "perceptron", "metrics", "pooling", "losses")
CSV = Path(".cache/benchmarks.csv")


def main() -> None:
    """Measure the chapters that are asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("stems", nargs="*", metavar="stem", help=f"of {', '.join(STEMS)}")
    parser.add_argument("--match", default="", help="only operations whose name holds this")
    parser.add_argument("--csv", type=Path, default=CSV, help="where to write")
    options = parser.parse_args()
    unknown = set(options.stems) - set(STEMS)
    if unknown:
        parser.error(f"unknown stem {', '.join(sorted(unknown))}; choose from {', '.join(STEMS)}")
    # Before NumPy is imported, which reads them once.
    os.environ.update(ONE_THREAD)
    for name in DEFAULTS_ONLY:
        os.environ.pop(name, None)
    report(_cases(options.stems or STEMS, options.match), options.csv)


def _cases(stems: tuple[str, ...], match: str) -> Iterator[Case]:
    for stem in stems:
        for case in importlib.import_module(f"benchmarks.{stem}").cases():
            if match in f"{case.operation} {case.size} {case.dtype}":
                yield case


if __name__ == "__main__":
    main()
