"""Time dlfund beside its peers, turn by turn, and report medians of ratios.

A round times every contestant once, one after the other, so that whatever else the machine
does falls on all of them alike; the figure is the median, over the rounds, of our time over
the peer's. One thread each, and processor time: on an idle machine that is the time on the
clock, on a busy one it leaves out the waiting. PyTorch runs in a process of its own
(`torch_peer.py`) and takes its turn over a pipe: it may need another interpreter, named by
DLFUND_TORCH_PYTHON.
"""

import csv
import json
import os
import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

SAMPLE = 0.002  # seconds that one timing should last at least
FEWEST, MOST = 3, 51  # rounds
BUDGET = 1.0  # seconds for each contestant, once it has had the fewest rounds

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "1",
}
# They change which kernels and block sizes OpenBLAS picks, and with them our figures.
DEFAULTS_ONLY = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True)
class Torch:
    """What PyTorch runs: `setup` once, `run` each time, in a namespace with `torch` and `F`."""

    setup: str
    run: str


@dataclass(frozen=True)
class Case:
    """One operation at one size and precision, with the peers that do the same."""

    operation: str
    size: str
    dtype: str  # "float32" or "float64"; also PyTorch's default type while it runs
    ours: Callable[[], object]
    peers: dict[str, Callable[[], object]] = field(default_factory=dict)
    torch: Torch | None = None
    limits: dict[str, float] = field(default_factory=dict)  # peer -> largest ratio aimed at


@dataclass(frozen=True)
class Row:
    """One line of the report: us beside one peer."""

    operation: str
    size: str
    dtype: str
    peer: str
    ours_ms: float
    peer_ms: float
    ratio: float
    limit: float | None
    extra_mb: float  # memory of ours at its peak, beyond the result


class TorchPeer:
    """PyTorch in a process of its own, asked over a pipe for one timing at a time."""

    def __init__(self, interpreter: str) -> None:
        self._process = subprocess.Popen(
            [interpreter, str(Path(__file__).with_name("torch_peer.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.version: str = self._ask({})["version"]

    def prepare(self, work: Torch, dtype: str) -> Callable[[], float]:
        """Set `work` up, and return a function that times one sample of it."""
        self._ask({"setup": work.setup, "run": work.run, "dtype": dtype})
        number = _repetitions(self._ask({"number": 1})["seconds"])
        return lambda: float(self._ask({"number": number})["seconds"]) / number

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"PyTorch could not run {question}: {answer['error']}")
        return answer


def torch_peer() -> TorchPeer | None:
    """Return PyTorch, where an interpreter that has it is named or is this one."""
    interpreter = os.environ.get("DLFUND_TORCH_PYTHON") or sys.executable
    test = subprocess.run([interpreter, "-c", "import torch"], capture_output=True, check=False)
    return TorchPeer(interpreter) if test.returncode == 0 else None


def measure(case: Case, torch: TorchPeer | None) -> Iterator[Row]:
    """Time one case against all its peers."""
    samplers = {name: _sampler(run) for name, run in {"dlfund": case.ours, **case.peers}.items()}
    if case.torch is not None and torch is not None:
        try:
            samplers["PyTorch"] = torch.prepare(case.torch, case.dtype)
        except RuntimeError as error:  # it asks for 80 GB at 1e7 samples and 1001 taps
            print(error)
    extra = _extra_memory(case.ours)
    rounds: list[dict[str, float]] = []
    turns = list(samplers.items())
    start = time.perf_counter()
    while len(rounds) < FEWEST or (
        len(rounds) < MOST and time.perf_counter() - start < BUDGET * len(samplers)
    ):
        rounds.append({name: sample() for name, sample in turns})
        turns.reverse()  # to come first, after PyTorch's process, costs 5 %
    for peer in list(samplers)[1:]:
        yield Row(
            case.operation,
            case.size,
            case.dtype,
            peer,
            1e3 * median(r["dlfund"] for r in rounds),
            1e3 * median(r[peer] for r in rounds),
            median(r["dlfund"] / r[peer] for r in rounds),
            case.limits.get(peer),
            extra,
        )


def report(cases: Iterable[Case], path: Path) -> None:
    """Print a table, row by row as it is measured, and write the same rows as CSV."""
    torch = torch_peer()
    print(_machine(torch), flush=True)
    print(
        f"{'operation':34} {'size':22} {'dtype':8} {'peer':22} "
        f"{'ours ms':>9} {'peer ms':>9} {'ratio':>7} {'limit':>6} {'extra MB':>8}"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(f.name for f in fields(Row))
        for case in cases:
            for row in measure(case, torch):
                writer.writerow(astuple(row))
                file.flush()
                print(_line(row), flush=True)
    if torch is not None:
        torch.close()


def _line(row: Row) -> str:
    limit = "" if row.limit is None else f"{row.limit:6.2f}"
    missed = " missed" if row.limit is not None and row.ratio > row.limit else ""
    return (
        f"{row.operation:34} {row.size:22} {row.dtype:8} {row.peer:22} "
        f"{row.ours_ms:9.3f} {row.peer_ms:9.3f} {row.ratio:7.3f} {limit:>6} "
        f"{row.extra_mb:8.1f}{missed}"
    )


def _sampler(run: Callable[[], object]) -> Callable[[], float]:
    """Return a function that times `run`, as often as makes a sample long enough."""
    run()  # compile, and touch the memory once

    def seconds(number: int) -> float:
        if number > 1:
            run()  # whoever had the turn before has emptied the caches, or filled them for us
        start = time.process_time()
        for _ in range(number):
            run()
        return (time.process_time() - start) / number

    number = _repetitions(seconds(1))
    return lambda: seconds(number)


def _repetitions(seconds: float) -> int:
    return max(1, round(SAMPLE / max(seconds, 1e-7)))


def _extra_memory(run: Callable[[], object]) -> float:
    """Return the peak of NumPy's allocations beyond the result, in MB."""
    tracemalloc.start()
    result = run()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return (peak - kept) / 1e6


def _machine(torch: TorchPeer | None) -> str:
    """Return what was compared, and on what."""
    packages = []
    for package in ("numpy", "scipy", "scikit-learn", "jax", "opencv-python-headless"):
        try:
            packages.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            packages.append(f"no {package}")
    packages.append("no PyTorch" if torch is None else f"PyTorch {torch.version}")
    return f"Python {platform.python_version()}, {', '.join(packages)}, one thread each"
