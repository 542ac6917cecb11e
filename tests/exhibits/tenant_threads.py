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
