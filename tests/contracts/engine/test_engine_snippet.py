"""The calls in the message of a failure are code, and bring the failure about again."""

from __future__ import annotations

from typing import Any

import pytest

from luminescent_cluster.contracts import run
from luminescent_cluster.extensions import TenantProvider, UsageTracker


class KeepsTheLargest:
    """Counts the largest event in place of all."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}

    def track(self, operation: str, tokens: int, metadata: dict | None = None) -> None:
        tenant = (metadata or {}).get("tenant_id", "")
        self.totals[tenant] = max(tokens, self.totals.get(tenant, 0))

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        return True, None

    def get_usage_summary(self, tenant_id: str, start_date: Any = None, end_date: Any = None):
        return {"total_tokens": self.totals.get(tenant_id, 0)}


class KnowsTheFirstOnly:
    """Gives every later filter the tenant of the first."""

    def __init__(self) -> None:
        self.first: str | None = None

    def get_tenant_id(self, request_context: dict) -> str | None:
        return request_context.get("x-tenant-id")

    def get_tenant_filter(self, tenant_id: str) -> dict:
        self.first = self.first or tenant_id
        return {"tenant_id": {"$eq": self.first}}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return False


@pytest.mark.parametrize(
    ("protocol", "factory", "clause", "calls"),
    [
        (UsageTracker, KeepsTheLargest, "UT-TRK-02", 3),
        (TenantProvider, KnowsTheFirstOnly, "TP-FLT-02", 2),
    ],
)
def test_the_calls_of_a_failure_run_as_they_stand(
    protocol: type, factory: type, clause: str, calls: int
) -> None:
    """Pasted under an extension of the reader's own they answer what the message says; the case
    is the smallest."""
    report = run(protocol, factory, clauses=[clause])
    [message] = [result.message for result in report.results if result.clause_id == clause]
    listed = message.partition("  calls:\n")[2].partition("\n  fix:")[0].splitlines()
    assert len(listed) == calls
    extension = factory()
    for line in listed:
        code, _, said = line.strip().partition("  # -> ")
        assert repr(eval(code, {"extension": extension})) == said
