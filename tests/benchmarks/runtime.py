"""What the runtime and the inactive plugin cost, as ratios within one run.

Run it: ``python tests/benchmarks/runtime.py``. Each figure is the median of pairs measured in
turn, so that a machine whose speed drifts does not tilt it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from luminescent_cluster.extensions import ExtensionRegistry


class Bare:
    """The floor: a classmethod that returns a class attribute."""

    _instance: Any = None

    def __init__(self) -> None:
        self.tenant_provider = None

    @classmethod
    def get(cls) -> Any:
        return cls._instance


@dataclass
class Plain:
    """A registry as one would write it: a dataclass with double-checked locking."""

    tenant_provider: Any = None
    _instance: ClassVar[Any] = None
    _lock: ClassVar[Any] = threading.Lock()

    @classmethod
    def get(cls) -> Any:
        if cls._instance is None:
            with cls._lock:
                if cls._instance is None:
                    cls._instance = cls()
        return cls._instance


def ratio(ours: Callable[[], Any], floor: Callable[[], Any], number: int, rounds: int = 15) -> str:
    """Give the median ratio of two callables, measured in turn."""
    found = [timeit.timeit(ours, number=number) / timeit.timeit(floor, number=number)
             for _ in range(rounds)]  # fmt: skip
    return f"{statistics.median(found):.2f}x ({min(found):.2f} to {max(found):.2f})"


def seconds(*command: str) -> float:
    """Give the wall time of a process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - started


def process_pairs(ours: list[str], floor: list[str], rounds: int = 15) -> list[tuple[float, float]]:
    """Time two commands in turn."""
    return [(seconds(*ours), seconds(*floor)) for _ in range(rounds)]


def main() -> None:
    Bare._instance = Bare()
    ExtensionRegistry.get()
    Plain.get()
    bare, ours, plain = Bare.get, ExtensionRegistry.get, Plain.get
    print("ExtensionRegistry.get() / bare classmethod     ", ratio(ours, bare, 200_000))
    print("plain double-checked dataclass / bare classmethod", ratio(plain, bare, 200_000))
    registry, floor = ExtensionRegistry.get(), Bare.get()
    print(
        "slot access / attribute of a plain object      ",
        ratio(lambda: registry.tenant_provider, lambda: floor.tenant_provider, 200_000),
    )
    timed = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"

    def import_time(what: str) -> float:
        command = [sys.executable, "-c", timed.format(what)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    pairs = [
        import_time("luminescent_cluster.extensions") / import_time("dataclasses, inspect, typing")
        for _ in range(21)
    ]
    print(
        f"import of the runtime / of dataclasses, inspect, typing  {statistics.median(pairs):.2f}x"
    )
    quiet = ["-m", "pytest", "--version", "-p", "no:cacheprovider"]
    starts = process_pairs(quiet, [*quiet, "-p", "no:luminescent_contracts"])
    cost = statistics.median(with_plugin - without for with_plugin, without in starts)
    base = statistics.median(without for _, without in starts)
    print(f"inactive plugin: {cost * 1000:+.1f} ms on a pytest start of {base * 1000:.0f} ms")
    smoke = (
        "from luminescent_cluster.contracts import run\n"
        "from luminescent_cluster.contracts.fakes import InMemoryTenantProvider\n"
        "from luminescent_cluster.extensions import TenantProvider\n"
        "run(TenantProvider, InMemoryTenantProvider, profile='smoke')\n"
    )
    runs = process_pairs(["-c", smoke], quiet, rounds=5)
    against = statistics.median(whole / start for whole, start in runs)
    whole = statistics.median(whole for whole, _ in runs)
    print(f"a smoke run of one extension: {against:.0f} pytest starts ({whole:.1f} s in all)")


if __name__ == "__main__":
    main()
