"""Broken extensions for the thread clauses of single protocols; no exhibits elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from exhibits.audit_base import Logger
from exhibits.audit_base import probed as audit_probed
from exhibits.tenant_base import Provider
from exhibits.tenant_base import probed as tenant_probed
from exhibits.usage_base import Tracker
from luminescent_cluster.contracts import UsageSubject

__all__ = ["EXAMPLES", "probed"]


class FilterInAnAttribute(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        self.current = super().get_tenant_filter(tenant_id)
        return dict(self.current)


class TotalsWithoutALock(Tracker):
    def __init__(self) -> None:
        super().__init__()
        self.totals: dict[str, int] = {}
        self.queries: dict[str, int] = {}

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        tenant = metadata.get("tenant_id")
        self.totals[tenant] = self.totals.get(tenant, 0) + tokens
        self.queries[tenant] = self.queries.get(tenant, 0) + (operation == "query")

    def get_usage_summary(self, tenant_id: str, start_date=None, end_date=None) -> dict:
        return {
            "total_tokens": self.totals.get(tenant_id, 0),
            "total_queries": self.queries.get(tenant_id, 0),
        }


class CopiesTheLines(Logger):
    def store(self, record: dict) -> None:
        self.lines = [*self.lines, json.dumps(record)]


EXAMPLES: dict[str, tuple[str, type]] = {
    "TP-THR-01": ("tenant_provider", FilterInAnAttribute),
    "UT-THR-01": ("usage_tracker", TotalsWithoutALock),
    "UT-THR-02": ("usage_tracker", TotalsWithoutALock),
    "AL-THR-01": ("audit_logger", CopiesTheLines),
}
"""For each clause, the suite it belongs to and a class that breaks it."""


def probed(slot: str, kind: type) -> Callable[[], Any]:
    """Give a factory of the class, with the probes of its protocol."""

    def make() -> Any:
        if slot == "tenant_provider":
            return tenant_probed(kind())
        if slot == "audit_logger":
            return audit_probed(kind())
        return UsageSubject(kind())

    make.__name__ = kind.__name__
    return make
