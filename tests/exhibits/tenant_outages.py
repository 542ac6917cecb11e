"""Broken tenant providers: who is served, and with what, while the directory is down."""

from __future__ import annotations

from .tenant_base import Down, Provider, breaks

# -- TP-IDN-01 ------------------------------------------------------------------------------


@breaks("TP-IDN-01", "with break_backend()", "known tenant", bare=False)
class DefaultTenantInAnOutage(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        try:
            self.lookup(found or "", "", "")
        except Down:
            return found and "default"
        return found


# -- TP-FLT-02 ------------------------------------------------------------------------------


@breaks("TP-FLT-02", "with break_backend()", "of another tenant", bare=False)
class NoFilterInAnOutage(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        try:
            self.lookup(tenant_id, "", "")
        except Down:
            return {}
        return super().get_tenant_filter(tenant_id)


@breaks("TP-FLT-02", "with break_backend()", "of another tenant", bare=False)
class LastFilterInAnOutage(Provider):
    last: dict | None = None

    def get_tenant_filter(self, tenant_id: str) -> dict:
        fresh = super().get_tenant_filter(tenant_id)
        try:
            self.lookup(tenant_id, "", "")
        except Down:
            return self.last or fresh
        self.last = fresh
        return fresh


# -- TP-ACC-06 ------------------------------------------------------------------------------


@breaks("TP-ACC-06", "is back", bare=False)
class StaysWithWhoFailed(Provider):
    """The session's tenant is not put back where the question ends in an exception."""

    current: str | None = None

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        before, self.current = self.current, self.current or tenant_id
        found = self.lookup(self.current, user_id, resource)
        self.current = before
        return found


# -- TRU-01 ---------------------------------------------------------------------------------


@breaks("TRU-01", "with the backend down", "is False", bare=False)
class FalsyOnceItFailed(Provider):
    """Its truth is that of the last answer of the store."""

    healthy = True

    def __bool__(self) -> bool:
        return self.healthy

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        self.healthy = not self.down
        return self.healthy and self.lookup(tenant_id, user_id, resource)
