"""Judges some broken extensions in this process, and prints what each clause told."""

from __future__ import annotations

import json
import random
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from exhibits import audit_logger, generic, tenant_provider, usage_tracker
from luminescent_cluster.contracts import run
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker

SEED = 5
SOURCES = {
    "T": (TenantProvider, tenant_provider),
    "U": (UsageTracker, usage_tracker),
    "A": (AuditLogger, audit_logger),
    "G": (None, generic),
}
LEFT_TO_CHANCE = ("THR-03", "TYP-02")
"""Real threads meet as they like; a type checker's words are its own."""


def exhibits(step: int) -> Iterator[tuple[str, Any, str, Any]]:
    """Give every ``step``-th broken extension of each protocol: name, protocol, clause, factory."""
    for letter, (protocol, module) in SOURCES.items():
        for number, exhibit in enumerate(module.EXHIBITS[::step]):
            if exhibit.clause not in LEFT_TO_CHANCE:
                name = f"{letter}{number}-{exhibit.clause}-{exhibit.factory.__name__}"
                yield name, protocol or exhibit.protocol, exhibit.clause, exhibit.factory


def told(step: int, order: str) -> dict[str, Any]:
    """Judge them, and give what is told of each."""
    chosen = list(exhibits(step))
    if order == "reversed":
        chosen.reverse()
    elif order != "as written":
        random.Random(order).shuffle(chosen)
    found = {}
    for name, protocol, clause, factory in chosen:
        result = run(protocol, factory, clauses=[clause], seed=SEED)[clause]
        found[name] = [result.status.value, result.message, list(result.history)]
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(told(int(sys.argv[1]), sys.argv[2])))
