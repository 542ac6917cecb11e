"""Broken tenant providers: names that become part of a query."""

from __future__ import annotations

import html
import json
import sqlite3

from .tenant_base import Provider, breaks

# -- TP-FLT-04 ------------------------------------------------------------------------------


@breaks("TP-FLT-04", "of another tenant")
class EscapesOnlyTheQuote(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        escaped = tenant_id.replace('"', '\\"')
        return json.loads('{"tenant_id": {"$eq": "' + escaped + '"}}')


@breaks("TP-FLT-04", "&#", "of another tenant")
class ReadsEntities(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(html.unescape(tenant_id))


@breaks("TP-FLT-04", "of another tenant")
class ReadsNumbers(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        try:
            return {"tenant_id": {"$eq": float(tenant_id)}}
        except ValueError:
            return super().get_tenant_filter(tenant_id)


# -- TP-ACC-04 ------------------------------------------------------------------------------


class _Table(Provider):
    """Grants in a table of SQLite, asked one query at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.table = sqlite3.connect(":memory:", check_same_thread=False)
        self.table.execute("create table grants (tenant, user, resource)")
        self.table.executemany("insert into grants values (?, ?, ?)", sorted(self.grants))

    def found(self, query: str, *values: str) -> bool:
        try:
            return self.table.execute(f"select 1 from grants where {query}", values).fetchone() == (
                1,
            )
        except sqlite3.Error:
            return False


@breaks("TP-ACC-04", "OR ", "nobody knows")
class PastesTheQuery(_Table):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return self.found(
            f"tenant = '{tenant_id}' and user = '{user_id}' and resource = '{resource}'"
        )


@breaks("TP-ACC-04", "'%', '%', '%'", "nobody knows")
class AsksWithLike(_Table):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        query = "tenant like ? and user like ? and resource like ?"
        return self.found(query, tenant_id, user_id, resource)


@breaks("TP-ACC-04", "'public', 'no-such-user", "nobody knows")
class OneTenantForEverybody(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return tenant_id == "public" or self.lookup(tenant_id, user_id, resource)
