"""What conformance to AuditLogger means, besides the generic families."""

from __future__ import annotations

from luminescent_cluster.extensions import AuditLogger

from ..subjects.audit import AuditSubject
from ._audit_logger import (
    alerts,
    aliasing,
    details,
    durability,
    forging,
    order,
    outages,
    recording,
    severities,
    taking,
    tampering,
    threads,
    times,
)

__all__ = ["PROTOCOL", "SUBJECT", "clauses"]

PROTOCOL = AuditLogger
SUBJECT = AuditSubject

clauses = (
    taking.clauses
    | recording.clauses
    | order.clauses
    | times.clauses
    | forging.clauses
    | aliasing.clauses
    | details.clauses
    | alerts.clauses
    | severities.clauses
    | outages.clauses
    | durability.clauses
    | tampering.clauses
    | threads.clauses
)
