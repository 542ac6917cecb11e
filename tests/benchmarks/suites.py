"""What the suites cost, and how soon they find what is wrong.

Run ``python tests/benchmarks/suites.py [--every N] [--profile NAME]``. Three tables:

- each protocol's clauses on an in-memory extension: examples per second, and the share of the time
  that passes outside the extension under test (its probes count as outside);
- how long until the first failing example of each broken extension, without making it smaller, as
  a share of a whole passing run of its clause;
- the slowest of these.

Times are of one run on one machine; only their ratios say something elsewhere.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from contract_tests import test_fakes  # noqa: E402

from exhibits import audit_logger, tenant_provider, usage_tracker  # noqa: E402
from luminescent_cluster.contracts import Status  # noqa: E402
from luminescent_cluster.contracts.engine.execute import execute  # noqa: E402
from luminescent_cluster.contracts.engine.profile import profile_named  # noqa: E402
from luminescent_cluster.contracts.faults import faulty  # noqa: E402
from luminescent_cluster.contracts.faults.model import Fault  # noqa: E402
from luminescent_cluster.contracts.suites import suite_for  # noqa: E402
from luminescent_cluster.extensions import (  # noqa: E402
    AuditLogger,
    TenantProvider,
    UsageTracker,
)

SUBJECTS = (
    (TenantProvider, test_fakes.memory_tenant_provider, tenant_provider),
    (UsageTracker, test_fakes.memory_usage_tracker, usage_tracker),
    (AuditLogger, test_fakes.memory_audit_logger, audit_logger),
)


class Stopwatch:
    """A fault that changes nothing, and knows how long the extension was at work."""

    def __init__(self) -> None:
        self.inside = 0.0

    def put(self, into: Any) -> None:
        """Measure every call."""
        for method in into.methods:
            into.around(method.name, self._measured)

    def _measured(self, call: Callable[..., Any], values: dict[str, Any]) -> Any:
        start = time.perf_counter()
        try:
            return call()
        finally:
            self.inside += time.perf_counter() - start


def judged(protocol: type, clause: str, factory: Any, profile: str, seed: int = 1) -> Any:
    """Judge one clause, without making a failing example smaller."""
    suite = suite_for(protocol)
    return execute(
        suite.clauses[clause],
        protocol,
        factory,
        profile=profile_named(profile),
        seed=seed,
        name="benchmark",
        subject_class=suite.subject,
        shrink=False,
    )


def of_protocol(protocol: type, factory: Any, profile: str) -> tuple[dict[str, float], list[Any]]:
    """Judge all clauses but those about threads; give each one's seconds, and the rows."""
    seconds, rows = {}, []
    for clause in suite_for(protocol).clauses:
        if "THR" in clause:
            continue
        watch = Stopwatch()
        measured = faulty(protocol, factory, Fault("none", "Nothing.", (clause,), put=watch.put))
        start = time.perf_counter()
        result = judged(protocol, clause, measured, profile)
        seconds[clause] = time.perf_counter() - start
        if result.examples:
            rows.append((clause, result.examples, result.calls, seconds[clause], watch.inside))
    return seconds, rows


def detections(protocol: type, exhibits: list[Any], profile: str) -> Iterator[tuple[Any, ...]]:
    """Give how long it takes until each broken extension is found out."""
    for exhibit in exhibits:
        if "THR" in exhibit.clause:
            continue
        start = time.perf_counter()
        result = judged(protocol, exhibit.clause, exhibit.factory, profile)
        taken = time.perf_counter() - start
        found = result.status is Status.FAILED
        yield exhibit.clause, exhibit.factory.__name__, result.examples, taken, found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth exhibit only")
    parser.add_argument("--profile", default="ci", choices=("smoke", "ci", "thorough"))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    whole: dict[str, float] = {}
    print(f"profile {options.profile}\n")
    print(f"{'protocol':<16}{'clauses':>8}{'examples':>10}{'calls':>8}{'seconds':>9}"
          f"{'examples/s':>12}{'outside':>9}")  # fmt: skip
    for protocol, factory, _ in SUBJECTS:
        seconds, rows = of_protocol(protocol, factory, options.profile)
        whole |= seconds
        examples, calls = sum(r[1] for r in rows), sum(r[2] for r in rows)
        total, inside = sum(r[3] for r in rows), sum(r[4] for r in rows)
        print(f"{protocol.__name__:<16}{len(rows):>8}{examples:>10}{calls:>8}{total:>9.1f}"
              f"{examples / total:>12.0f}{1 - inside / total:>9.0%}")  # fmt: skip
        for clause, count, _, taken, within in sorted(rows, key=lambda r: -r[3])[:5]:
            print(f"    {clause:<12}{count:>18}{'':>8}{taken:>9.2f}{count / taken:>12.0f}"
                  f"{1 - within / taken:>9.0%}")  # fmt: skip
    found = [
        row
        for protocol, _, module in SUBJECTS
        for row in detections(protocol, module.EXHIBITS[:: options.every], options.profile)
    ]
    print(f"\nfirst detection of {len(found)} broken extensions")
    print(
        f"{'protocol':<16}{'found':>8}{'median ex.':>12}{'median s':>10}{'90 % s':>9}{'worst s':>9}"
    )
    for family, name in (("TP", "TenantProvider"), ("UT", "UsageTracker"), ("AL", "AuditLogger")):
        mine = [row for row in found if row[0].startswith(family)]
        if not mine:
            continue
        times = sorted(row[3] for row in mine)
        print(f"{name:<16}{sum(row[4] for row in mine):>5}/{len(mine):<2}"
              f"{statistics.median(row[2] for row in mine):>12.0f}"
              f"{statistics.median(times):>10.3f}{times[int(0.9 * len(times))]:>9.2f}"
              f"{times[-1]:>9.2f}")  # fmt: skip
    print("\nlongest until detection          examples  seconds  of a passing run")
    for clause, name, examples, taken, _ in sorted(found, key=lambda row: -row[3])[:12]:
        share = f"{taken / whole[clause]:.0%}" if whole.get(clause) else ""
        print(f"{clause:<12}{name:<24}{examples:>5}{taken:>9.2f}{share:>18}")
    missed = [f"{row[0]} {row[1]}" for row in found if not row[4]]
    if missed:
        print(f"\nnot found: {', '.join(missed)}")


if __name__ == "__main__":
    main()
