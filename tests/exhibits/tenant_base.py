"""A small tenant provider that is right, for exhibits to break in one place each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from luminescent_cluster.contracts import TenantSubject

GRANTS = {
    ("acme", "alice", "kb/report"),
    ("acme", "bob", "kb/plan"),
    ("acme", "carol", "kb/report"),
    ("globex", "dora", "kb/report"),
    ("globex", "bob2", "kb/plan"),
}
DENIED = [
    ("acme", "dora", "kb/report"),
    ("globex", "alice", "kb/report"),
    ("acme", "alice", "kb/plan"),
    ("globex", "bob", "kb/plan"),
]


class Down(ConnectionError):
    """The store of grants cannot be reached."""


class Provider:
    """Right: open for every id that is not blank, closed for access without a grant."""

    def __init__(self) -> None:
        self.grants = set(GRANTS)
        self.down = False

    def get_tenant_id(self, request_context: dict) -> str | None:
        value = request_context.get("x-tenant-id")
        return value if isinstance(value, str) and value.strip() else None

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if not isinstance(tenant_id, str) or not tenant_id.strip():
            raise ValueError("no tenant")
        return {"tenant_id": {"$eq": tenant_id}}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return self.lookup(tenant_id, user_id, resource)

    def lookup(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if self.down:
            raise Down
        return (tenant_id, user_id, resource) in self.grants

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.down = True
        try:
            yield
        finally:
            self.down = False


def probed(extension: Any, **more: Any) -> TenantSubject:
    """Give a subject with every probe that a :class:`Provider` has."""
    probes = {
        "tenants": ["acme", "globex"],
        "context_for": lambda tenant: {"x-tenant-id": tenant, "user": "u-1"},
        "allowed": sorted(GRANTS),
        "denied": DENIED,
        "break_backend": extension.outage,
        "resources_closed": True,
    }
    return TenantSubject(extension, **{**probes, **more})


class Exhibit(NamedTuple):
    """A broken provider, the clause that must reject it, and words its message must hold."""

    clause: str
    factory: Callable[[], Any]
    words: tuple[str, ...]


EXHIBITS: list[Exhibit] = []


def breaks(clause: str, *words: str, bare: bool = True, **probes: Any) -> Callable[[type], type]:
    """Put a class on show.

    Args:
        clause: must reject it.
        words: its message must hold.
        bare: hand it over without any probe.
        probes: hand it over with these instead of the usual ones.
    """

    def add(kind: type) -> type:
        def make() -> Any:
            return kind() if bare and not probes else probed(kind(), **probes)

        make.__name__ = make.__qualname__ = kind.__name__
        EXHIBITS.append(Exhibit(clause, make, words))
        return kind

    return add
