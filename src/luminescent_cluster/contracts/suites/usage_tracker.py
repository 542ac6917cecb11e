"""UT: what a usage tracker must do, by the property."""

from __future__ import annotations

from luminescent_cluster.extensions import UsageTracker

from ..clauses import Catalogue
from ..subjects.usage import UsageSubject
from ._usage_tracker import (
    adding,
    exhaustion,
    isolation,
    journal,
    limits,
    outages,
    quotas,
    ranges,
    recovery,
    rereading,
    reversals,
    strangers,
    summaries,
    threads,
    tracking,
    zones,
)

__all__ = ["PROTOCOL", "SUBJECT", "clauses"]

PROTOCOL = UsageTracker
SUBJECT = UsageSubject

_PARTS = (
    tracking, adding, journal, isolation, outages, recovery, quotas, limits, exhaustion,
    summaries, strangers, rereading, ranges, zones, reversals, threads,
)  # fmt: skip
_FAMILIES = ("UT-TRK", "UT-QUO", "UT-SUM", "UT-THR")

clauses = Catalogue(
    sorted(
        (clause for part in _PARTS for clause in part.clauses.values()),
        key=lambda clause: (_FAMILIES.index(clause.family), clause.id),
    )
)
