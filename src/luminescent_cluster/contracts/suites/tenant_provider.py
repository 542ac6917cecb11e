"""What conformance to TenantProvider means, besides the generic families."""

from __future__ import annotations

from luminescent_cluster.extensions import TenantProvider

from ..subjects.tenant import TenantSubject
from ._tenant_provider import (
    access,
    access_outages,
    closed,
    elsewhere,
    filters,
    identity,
    malformed,
    nobody,
    pixeltable,
    resolving,
    threads,
)

__all__ = ["PROTOCOL", "SUBJECT", "clauses"]

PROTOCOL = TenantProvider
SUBJECT = TenantSubject

clauses = (
    resolving.clauses
    | identity.clauses
    | malformed.clauses
    | filters.clauses
    | nobody.clauses
    | pixeltable.clauses
    | access.clauses
    | closed.clauses
    | elsewhere.clauses
    | access_outages.clauses
    | threads.clauses
)
