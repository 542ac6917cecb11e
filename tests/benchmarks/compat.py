"""How long comparisons take: against griffe on the same files, per matrix cell, and as they grow.

Run ``python tests/benchmarks/compat.py``; griffe is used where it is installed
(``griffelib`` or ``griffe``).
"""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from luminescent_cluster.contracts.compat import compare, load, matrix

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the median time of a piece of work."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def synthetic(methods: int, changed: int = 0) -> str:
    """Return a protocol of that many methods, some of them with a renamed parameter."""
    lines = ["from typing import Protocol, Optional", "", "class Big(Protocol):"]
    for at in range(methods):
        name = "other" if at < changed else "key"
        lines.append(
            f"    def m{at}(self, {name}: str, limit: int = 10, *, tags: Optional[dict[str, int]]"
            " = None) -> list[str]: ..."
        )
    return "\n".join(lines) + "\n"


def against_griffe(folder: Path) -> None:
    """Compare every pair of the tests with both tools, and count what each calls breaking."""
    from tests.contracts.compat.compat_pairs import PAIRS

    sources = []
    for at, pair in enumerate(PAIRS):
        for name, new in (("old", False), ("new", True)):
            target = folder / f"{name}{at}"
            target.mkdir()
            (target / "proto.py").write_text(pair.source(new), "utf-8")
        sources.append((folder / f"old{at}", folder / f"new{at}", pair))

    def ours() -> tuple[int, int]:
        found = [compare(f"{o}/proto.py:P", f"{n}/proto.py:P").bump for o, n, _ in sources]
        missed = sum(p.bump == "MAJOR" != b for b, (_, _, p) in zip(found, sources, strict=True))
        alarms = sum(p.bump != "MAJOR" == b for b, (_, _, p) in zip(found, sources, strict=True))
        return missed, alarms

    major = sum(pair.bump == "MAJOR" for pair in PAIRS)
    print(f"{len(PAIRS)} pairs, {major} of them MAJOR")
    missed, alarms = ours()
    each = seconds(ours, 3) / len(PAIRS)
    print(f"  ours    {each * 1000:7.2f} ms per diff, {missed} missed, {alarms} false alarms")
    try:
        griffe = importlib.import_module("griffe")
    except ImportError:
        print("  griffe  is not installed (pip install griffelib)")
        return

    def theirs() -> tuple[int, int]:
        missed = alarms = 0
        for old, new, pair in sources:
            loaded = [griffe.load("proto", search_paths=[str(p)]) for p in (old, new)]
            breaks = bool(list(griffe.find_breaking_changes(*loaded)))
            missed += pair.bump == "MAJOR" and not breaks
            alarms += pair.bump != "MAJOR" and breaks
        return missed, alarms

    missed, alarms = theirs()
    each = seconds(theirs, 3) / len(PAIRS)
    print(f"  griffe  {each * 1000:7.2f} ms per diff, {missed} missed, {alarms} false alarms")


def growth(folder: Path) -> None:
    """Time protocols of growing size: equal, and with a tenth of the methods changed."""
    print("synthetic protocol")
    for methods in (125, 250, 500, 1000):
        (folder / "old.py").write_text(synthetic(methods), "utf-8")
        (folder / "same.py").write_text(synthetic(methods) + "# end\n", "utf-8")
        (folder / "new.py").write_text(synthetic(methods, methods // 10), "utf-8")
        old, same, new = (f"{folder}/{n}.py:Big" for n in ("old", "same", "new"))
        equal = seconds(lambda a=old, b=same: compare(a, b), 3)  # type: ignore[misc]
        changed = seconds(lambda a=old, b=new: compare(a, b), 3)  # type: ignore[misc]
        print(
            f"  {methods:5} methods  equal {equal * 1e6 / methods:6.0f} µs per method, "
            f"a tenth changed {changed * 1e6 / methods:6.0f} µs per method"
        )


def cells(folder: Path) -> None:
    """Time one implementation under many versions."""

    class Implementation:
        def m0(self, key, limit=10, *, tags=None):  # type: ignore[no-untyped-def]
            return []

    versions = {}
    for at in range(20):
        (folder / f"v{at}.py").write_text(synthetic(1, at // 10), "utf-8")
        versions[f"1.{at}.0"] = load(f"{folder}/v{at}.py:Big")
    taken = seconds(lambda: matrix(Implementation(), versions)) / len(versions)
    print(f"matrix  {taken * 1e6:.0f} µs per cell")


def main() -> None:
    """Run all measurements."""
    with tempfile.TemporaryDirectory() as name:
        for work in (against_griffe, growth, cells):
            folder = Path(name) / work.__name__
            folder.mkdir()
            work(folder)


if __name__ == "__main__":
    main()
