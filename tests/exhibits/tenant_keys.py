"""Broken tenant providers: what a key, a path or a pattern makes of names."""

from __future__ import annotations

import fnmatch
import posixpath
from typing import Any

from .tenant_base import Down, Provider, breaks

# -- TP-IDN-01 ------------------------------------------------------------------------------


@breaks("TP-IDN-01", "whom nobody knows", bare=False)
class LooksUpWithLike(Provider):
    """As ``WHERE slug LIKE ?`` does: the request brings the pattern."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        pattern = (super().get_tenant_id(request_context) or "").replace("%", "*")
        return next((name for name in ("acme", "globex") if fnmatch.fnmatch(name, pattern)), None)


# -- TP-ACC-01 ------------------------------------------------------------------------------


@breaks("TP-ACC-01", "NoneType", "with break_backend()", bare=False)
class SaysNothingInAnOutage(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> Any:
        try:
            return self.lookup(tenant_id, user_id, resource)
        except Down:
            return None


# -- TP-ACC-04 ------------------------------------------------------------------------------


@breaks("TP-ACC-04", "nobody knows this", bare=False)
class KeyWithoutOrder(Provider):
    """Who was let in as a user is let in as a tenant."""

    def __init__(self) -> None:
        super().__init__()
        self.decided: dict[frozenset[str], bool] = {}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        key = frozenset((tenant_id, user_id, resource))
        if key not in self.decided:
            self.decided[key] = self.lookup(tenant_id, user_id, resource)
        return self.decided[key]


@breaks("TP-ACC-04", "nobody knows the tenant './acme'", bare=False)
class NameInAPath(Provider):
    """Names are not quoted, and the server brings ``./acme`` to ``acme``."""

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        path = posixpath.normpath(f"/tenants/{tenant_id}/users/{user_id}")
        known = {f"/tenants/{tenant}/users/{user}" for tenant, user, _ in self.grants}
        return path in known and self.lookup(*path.split("/")[2::2], resource)


@breaks("TP-ACC-04", "nobody knows the resource 'kb/'", bare=False)
class FirstPartIsEnough(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        folder, _, name = resource.partition("/")
        return any(
            (tenant_id, user_id, folder) == (tenant, user, granted.partition("/")[0])
            and (not name or granted.endswith(f"/{name}"))
            for tenant, user, granted in self.grants
            if "/" in resource
        )


@breaks("TP-ACC-04", "nobody knows this", bare=False)
class ActsForSupport(Provider):
    """Who is not listed gets what one of the listed users may, and not the first of them."""

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        listed = any((tenant_id, user_id) == (tenant, user) for tenant, user, _ in self.grants)
        return self.lookup(tenant_id, user_id if listed else "dora", resource)


@breaks("TP-ACC-04", "nobody knows the resource 'kb/pla", bare=False)
class SecondKindOfGrant(Provider):
    """Grants of plans go another way than those of reports, and end in a prefix."""

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if resource.startswith("kb/report"):
            return self.lookup(tenant_id, user_id, resource)
        return any(
            (tenant, user) == (tenant_id, user_id) and plan.startswith(resource or "\0")
            for tenant, user, plan in self.grants
            if plan == "kb/plan" and not self.down
        )


@breaks("TP-ACC-04", "nobody knows the user 'no-such-user-", bare=False)
class MakesRoomForAGrant(Provider):
    """Once its memory is full, what comes in takes over the decision that has to go."""

    def __init__(self) -> None:
        super().__init__()
        self.decided: dict[tuple[str, str, str], bool] = {}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        key = (tenant_id, user_id, resource)
        if key in self.decided:
            return self.decided[key]
        found = self.lookup(*key)
        room = len(self.decided) < 100
        self.decided[key] = found if room else self.decided.pop(next(iter(self.decided))) or True
        return found
