"""Broken tenant providers: what another request's thread sees."""

from __future__ import annotations

import json

from .tenant_base import Provider, breaks

# -- TP-THR-01 ------------------------------------------------------------------------------


@breaks("TP-THR-01", "get_tenant_filter", bare=False)
class FilterInAnAttribute(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        self.current = super().get_tenant_filter(tenant_id)
        return dict(self.current)


@breaks("TP-THR-01", "validate_tenant_access", bare=False)
class RequestOnTheInstance(Provider):
    request = ("", "", "")

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        self.request = (tenant_id, user_id, resource)
        return self.lookup(*self.request)


@breaks("TP-THR-01", "get_tenant_filter", bare=False)
class RemembersTheLastFilter(Provider):
    """Right one call after another: the name is written before what belongs to it."""

    name, filter = "", "{}"

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if self.name != tenant_id:
            self.name = tenant_id
            self.filter = json.dumps(super().get_tenant_filter(tenant_id))
        return json.loads(self.filter)


@breaks("TP-THR-01", "KeyError", bare=False)
class RoomForTwo(Provider):
    """Lets the oldest go when a third comes, perhaps just before it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.filters: dict[str, str] = {}

    def get_tenant_filter(self, tenant_id: str) -> dict:
        fresh = super().get_tenant_filter(tenant_id)
        if tenant_id not in self.filters:
            if len(self.filters) == 2:
                self.filters.pop(next(iter(self.filters)), None)
            self.filters[tenant_id] = json.dumps(fresh)
        return json.loads(self.filters[tenant_id])
