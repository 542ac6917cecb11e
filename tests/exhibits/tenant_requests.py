"""Broken tenant providers: another request's tenant, another id's place in a cache."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar

from .tenant_base import Provider, breaks


class _Current(Provider):
    """Keeps whose request is under way, as middlewares do."""

    def __init__(self) -> None:
        super().__init__()
        self.current: ContextVar[str | None] = ContextVar("current", default=None)

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        self.current.set(found)
        return found


# -- TP-IDN-04 ------------------------------------------------------------------------------


@breaks("TP-IDN-04", "agree in all that concerns the tenant")
class ReadsTheFirstEntries(Provider):
    """A cache keyed by the first sixteen entries, and a lookup that sees no more."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        return super().get_tenant_id(dict(list(request_context.items())[:16]))


# -- TP-FLT-02 and 03 -----------------------------------------------------------------------


@breaks("TP-FLT-02", "get_tenant_id(", "of another tenant")
class FiltersForTheRequest(_Current):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(self.current.get() or tenant_id)


@breaks("TP-FLT-03", "'org'", "does not match", tenants=["acme", "globex", "initech"])
class OneOfThemElsewhere(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"org" if tenant_id == "initech" else "tenant_id": {"$eq": tenant_id}}


# -- TP-FLT-04 ------------------------------------------------------------------------------


@breaks("TP-FLT-04", "of another tenant")
class KeysWithoutSpaces(Provider):
    """Two ids that differ in their white space share what was prepared for the first of them."""

    def __init__(self) -> None:
        super().__init__()
        self.prepared: dict[str, str] = {}

    def get_tenant_filter(self, tenant_id: str) -> dict:
        key = re.sub(r"\s", "_", tenant_id)
        if key not in self.prepared:
            self.prepared[key] = json.dumps(super().get_tenant_filter(tenant_id))
        return json.loads(self.prepared[key])


# -- TP-FLT-05 ------------------------------------------------------------------------------


@breaks("TP-FLT-05", "get_tenant_id(", "get_tenant_filter(None)")
class BlankMeansTheRequest(_Current):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(tenant_id or self.current.get())


# -- TP-ACC-05 ------------------------------------------------------------------------------


@breaks("TP-ACC-05", "get_tenant_id(", "is granted this in", bare=False)
class DecidesForTheRequest(_Current):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return super().validate_tenant_access(self.current.get() or tenant_id, user_id, resource)
