"""The hostile reviewer's second visit: narrower defects, and more ways to be right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exhibits.redteam import (
    Case,
    _open_world,
    _Provider,
    _provider,
)
from luminescent_cluster.contracts import TenantSubject
from luminescent_cluster.extensions import TenantProvider


class FallsBackToTheUser(_Provider):
    """Whoever has no tenant is a tenant of their own."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        return super().get_tenant_id(request_context) or request_context.get("user_id")


class FallsBackToTheHost(_Provider):
    """Takes the first part of any host for a tenant."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        host = request_context.get("host") or ""
        return super().get_tenant_id(request_context) or host.split(".")[0] or None


class LetsAdminsRoam(_Provider):
    """A request of an administrator without a tenant is the first tenant's."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return found or ("acme" if request_context.get("is_admin") else None)


class BlankIsDefault(_Provider):
    """A header that is there and blank means the default tenant."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        if isinstance(value := request_context.get("x-tenant-id"), str) and not value.strip():
            return "default"
        return super().get_tenant_id(request_context)


class KnowsTheFirst256(_Provider):
    """Has room for some tenants, and none for who comes later."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        if found and found not in self.known:
            if len(self.known) >= 256:
                return None
            self.known.add(found)
        return found


class RemembersByLength(_Provider):
    """Keys its cache by the length of the id."""

    def __init__(self) -> None:
        super().__init__()
        self.memo: dict[int, str] = {}

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return self.memo.setdefault(len(found), found) if found else None


class SplitsAtTheAt(_Provider):
    """Takes what stands before an @ for the tenant."""

    def get_tenant_filter(self, tenant_id: str) -> dict:
        super().get_tenant_filter(tenant_id)
        return {"tenant_id": tenant_id.split("@")[0] or tenant_id}


def _opens(name: str, shortcut: Callable[[Any, str, str, str], bool]) -> type[_Provider]:
    def validate(self: _Provider, tenant_id: str, user_id: str, resource: str) -> bool:
        granted = self.look_up((tenant_id, user_id, resource))
        return granted or shortcut(self, tenant_id, user_id, resource)

    return type(name, (_Provider,), {"validate_tenant_access": validate})


def _flooded(self: Any, tenant: str, user: str, resource: str) -> bool:
    seen = self.__dict__.setdefault("seen", set())
    seen.add(user)
    return len(seen) > 300


_SHORTCUTS = {
    "admin_everywhere": lambda self, t, u, r: u == "admin",
    "admin_at_home": lambda self, t, u, r: u == "root" and t in ("acme", "globex"),
    "services_by_prefix": lambda self, t, u, r: u.startswith("svc-"),
    "parts_run_together": lambda self, t, u, r: t + u + r == "acmealicekb",
    "public_for_nobody": lambda self, t, u, r: r.startswith("public"),
    "demo_tenant": lambda self, t, u, r: t == "default",
    "full_and_open": _flooded,
}


class Exceptions(_Provider):
    """Legitimate: a support account that is declared, and mail addresses in any case."""

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if tenant_id in ("acme", "globex") and user_id.lower() == "support@example.org":
            return resource == "kb"
        return super().validate_tenant_access(tenant_id, user_id, resource)


def _exceptions() -> TenantSubject:
    granted = [(tenant, "support@example.org", "kb") for tenant in ("acme", "globex")]
    return TenantSubject(
        Exceptions(), tenants=["acme", "globex"], allowed=[("acme", "alice", "kb"), *granted]
    )


class SecondSource(_Provider):
    """Legitimate: a header, or the subdomain of its own domain."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        host = request_context.get("host")
        if isinstance(host, str) and host.endswith(".app.example.com"):
            return super().get_tenant_id({"x-tenant-id": host.split(".")[0]})
        return super().get_tenant_id(request_context)


BROKEN: dict[str, Case] = {
    "user_as_tenant": (TenantProvider, "TP-IDN-02", _provider(FallsBackToTheUser)),
    "host_as_tenant": (TenantProvider, "TP-IDN-02", _provider(FallsBackToTheHost)),
    "admin_as_tenant": (TenantProvider, "TP-IDN-02", _open_world(LetsAdminsRoam)),
    "blank_is_default": (TenantProvider, "TP-IDN-03", _provider(BlankIsDefault)),
    "first_256_declared": (TenantProvider, "TP-IDN-01", _provider(KnowsTheFirst256)),
    "first_256_open": (TenantProvider, "TP-IDN-01", _open_world(KnowsTheFirst256)),
    "cached_by_length": (TenantProvider, "TP-IDN-01", _provider(RemembersByLength)),
    "split_at_the_at": (TenantProvider, "TP-FLT-04", _open_world(SplitsAtTheAt)),
    **{
        name: (TenantProvider, "TP-ACC-04", _provider(_opens(name, shortcut)))
        for name, shortcut in _SHORTCUTS.items()
    },
}

LEGITIMATE: dict[str, Case] = {
    "declared_exceptions": (TenantProvider, "TP-ACC-04", _exceptions),
    "second_source": (TenantProvider, "TP-IDN-02", _provider(SecondSource)),
    "provider_resolves": (TenantProvider, "TP-IDN-01", _provider(_Provider)),
}
