"""What reports of five thousand results cost, relative to writing their data as JSON once.

Run it: ``python tests/benchmarks/reports.py [RESULTS]``. The floor is ``json.dumps`` of the
report's own data: what nobody can do without. Each ratio is the median of rounds measured in turn,
so that a machine whose speed drifts does not tilt it. The seconds are this machine's; a report of
five thousand results may take one, whatever its format.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from luminescent_cluster.contracts.clauses import Clause, Level, Report, Result, Status, judge
from luminescent_cluster.contracts.reports.document import Document, Environment
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.jsonfile import loads
from luminescent_cluster.contracts.reports.making import document_of
from luminescent_cluster.contracts.reports.merge import merge

ENVIRONMENT = Environment("1.0.0", "ab" * 32, "3.11.7", "CPython", False, "Linux x86_64")
CLAUSES = [
    Clause(f"XX-BEN-{n:02d}", Level.MUST, f"Clause {n} holds", "why", "fix", "1.0.0", (), print)
    for n in range(1, 51)
]


def many(number: int) -> Report:
    """Give a report of so many results: a third of them needs attention, with secrets inside."""
    troubles = [status for status in Status if status is not Status.PASSED]
    results = []
    for n in range(number):
        clause, subject = CLAUSES[n % 50], f"extension_{n // 50}"
        status = Status.PASSED if n % 3 else troubles[n // 3 % len(troubles)]
        if status is Status.PASSED:
            results.append(Result(clause.id, clause.level, status, examples=9, subject=subject))
            continue
        call = f"ask({n}, {{'api_key': 'k{n}-9f81c3aa', 'note': '<b>{n}</b>'}})"
        message = f"{clause.id} MUST  {clause.text}\n  {call} -> None\n  expected 2\n  fix: fix"
        history = (call, f"{call}  # -> None")
        results.append(
            Result(clause.id, clause.level, status, message, subject=subject, history=history)
        )
    return Report(tuple(results), judge(results))


def timed(work: Callable[[], Any]) -> float:
    """Give the processor seconds of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main(number: int, rounds: int = 5) -> None:
    """Measure, and print a table."""
    report = many(number)
    made: Document = document_of(report, CLAUSES, ENVIRONMENT)
    text = FORMATS["json"](made)
    works: dict[str, Callable[[], Any]] = {
        "make the document (redacts)": lambda: document_of(report, CLAUSES, ENVIRONMENT),
        **{f"render {name}": (lambda name=name: FORMATS[name](made)) for name in FORMATS
           if name != "intoto"},
        "read the json again": lambda: loads(text, "report.json"),
        "merge it with itself": lambda: merge([("a", made), ("b", made)]),
    }  # fmt: skip
    data = report.to_json()
    floors, costs = [], {name: [] for name in works}
    for _ in range(rounds):
        floors.append(timed(lambda: json.dumps(data)))
        for name, work in works.items():
            costs[name].append(timed(work))
    print(f"{number} results, {len(text) // 1024} KiB as JSON; floor: json.dumps of the data")
    for name, found in costs.items():
        ratios = [cost / floor for cost, floor in zip(found, floors, strict=True)]
        seconds = statistics.median(found)
        print(f"  {name:<28} {statistics.median(ratios):6.1f}x the floor {seconds:7.3f} s")
    medians = [statistics.median(found) for found in costs.values()]
    print(f"  everything together {sum(medians):.2f} s, the dearest {max(medians):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
