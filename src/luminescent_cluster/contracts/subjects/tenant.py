"""The subject of a tenant provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from .base import Subject
from .requests import USUAL_CONTEXTS

__all__ = ["Access", "TenantSubject"]

Access = tuple[str, str, str]
"""An access as core asks for it: tenant, user, resource."""

_Accesses = Iterable[Access] | Callable[[], Iterable[Access]]


class TenantSubject(Subject):
    """A tenant provider, and what its author lets the kit see and do.

    Args:
        extension: the provider that core would register.
        tenants: ids of tenants that exist, or a function that gives them. Where given, nobody else
            is taken for a known tenant; name at least two.
        context_for: builds the context of a request of a tenant. Where omitted, the guide's
            ``{"x-tenant-id": tenant}`` and other usual shapes are tried.
        anonymous_context: builds the context of a request without a tenant. Where omitted, the
            tenant is taken out of what ``context_for`` builds.
        allowed: accesses ``(tenant, user, resource)`` that are granted, or a function that gives
            them. A user who works for several tenants is listed with each.
        denied: accesses that are not granted, or a function that gives them.
        rbac: False where access is checked elsewhere; the report shows it.
        resources_closed: True where a resource that nobody was granted must be denied to everybody
            (no wildcard and no folder grants).
        owner_field: the column that names the owner of a row; ``"tenant_id"`` where omitted.
        owner_for: gives what the owner's column holds for a tenant; the id itself where omitted.
        break_backend: a context manager, or a function that gives one, during which the store of
            permissions cannot be reached.
        options: what every :class:`Subject` takes.
    """

    probe_help: ClassVar[Mapping[str, str]] = {
        "tenants": 'TenantSubject(extension, tenants=["acme", "globex"])\n'
        "# ids of tenants that exist in this fixture, at least two",
        "context_for": "TenantSubject(extension, context_for=lambda tenant: {\n"
        '    "authorization": f"Bearer {token_for(tenant)}",\n'
        "})  # the context of a request of that tenant",
        "anonymous_context": "TenantSubject(extension, context_for=…,\n"
        "    anonymous_context=lambda: {…})  # the context of a request without a tenant",
        "allowed": 'TenantSubject(extension, allowed=[("acme", "alice", "kb/report"), …])\n'
        "# accesses that this fixture grants: (tenant, user, resource)",
        "denied": 'TenantSubject(extension, denied=[("acme", "mallory", "kb/report"), …])\n'
        "# accesses that this fixture must deny: (tenant, user, resource)",
        "owner_field": 'TenantSubject(extension, owner_field="org_id")\n'
        "# the column that names the owner of a row",
        "owner_for": "TenantSubject(extension, owner_for=lambda tenant: key_of[tenant])\n"
        "# what the owner's column holds for a tenant, where that is not its id",
        "break_backend": "TenantSubject(extension, break_backend=server.outage)\n"
        "# a function that gives a context manager: inside, the store of permissions is down",
    }

    def __init__(
        self,
        extension: object,
        *,
        tenants: Iterable[str] | Callable[[], Iterable[str]] | None = None,
        context_for: Callable[[str], Any] | None = None,
        anonymous_context: Callable[[], Any] | None = None,
        allowed: _Accesses | None = None,
        denied: _Accesses | None = None,
        rbac: bool = True,
        resources_closed: bool = False,
        owner_field: str | None = None,
        owner_for: Callable[[str], Any] | None = None,
        break_backend: Callable[[], AbstractContextManager[Any]]
        | AbstractContextManager[Any]
        | None = None,
        **options: Any,
    ) -> None:
        super().__init__(extension, **options)
        self.give(
            tenants=_listed(tenants, _is_id, 'tenants=["acme", "globex"]'),
            context_for=context_for,
            anonymous_context=anonymous_context,
            allowed=_listed(allowed, _is_access, 'allowed=[("acme", "alice", "kb/report")]'),
            denied=_listed(denied, _is_access, 'denied=[("acme", "mallory", "kb/report")]'),
            owner_field=owner_field,
            owner_for=owner_for,
            break_backend=break_backend,
        )
        self.rbac = rbac
        self.resources_closed = resources_closed
        self.owner_field = owner_field or "tenant_id"

    def listed(self, probe: str) -> list[Any]:
        """Give what ``tenants``, ``allowed`` or ``denied`` lists; nothing where it was not given.

        Raises:
            TypeError: a function gave something that is no such list.
        """
        if not self.has(probe):
            return []
        found: list[Any] = self.probe(probe)()
        return found

    def default_arguments(self) -> Mapping[str, Any]:
        """Declared tenants, their contexts (with nested parts too), and names in accesses."""
        tenants = self.listed("tenants")
        accesses = [*self.listed("allowed"), *self.listed("denied")]
        values: dict[str, Any] = {}
        ids = list(dict.fromkeys([*tenants, *(tenant for tenant, _, _ in accesses)]))
        shapes = [self.probe("context_for")] if self.has("context_for") else USUAL_CONTEXTS
        if ids:
            values["tenant_id"] = ids
        if ids or not self.has("context_for"):
            contexts = [build(tenant) for build in shapes for tenant in ids or ("acme", "globex")]
            more = {"x-request": {"headers": {"accept": "text/html"}, "tags": ["a"]}}
            values["request_context"] = [
                *contexts,
                *({**context, **more} for context in contexts if type(context) is dict),
            ]
        if accesses:
            values["user_id"] = list(dict.fromkeys(user for _, user, _ in accesses))
            values["resource"] = list(dict.fromkeys(resource for _, _, resource in accesses))
        return values

    def declarations(self) -> Mapping[str, Any]:
        """As every subject; also where access is checked and how owners are stored."""
        declared = dict(super().declarations())
        if not self.rbac:
            declared["rbac"] = False
        if self.resources_closed:
            declared["resources_closed"] = True
        if self.has("owner_field"):
            declared["owner_field"] = self.owner_field
        return declared


def _is_id(item: object) -> bool:
    return isinstance(item, str)


def _is_access(item: object) -> bool:
    return (
        isinstance(item, (tuple, list))
        and len(item) == 3
        and all(isinstance(part, str) for part in item)
    )


def _listed(
    given: Any, belongs: Callable[[object], bool], example: str
) -> Callable[[], list[Any]] | None:
    """Give a function that lists what was given, checked."""
    if given is None:
        return None

    def checked(found: Any) -> list[Any]:
        if isinstance(found, (str, bytes)) or not isinstance(found, Iterable):
            raise TypeError(f"{found!r}: give a list, for instance {example}")
        items = [tuple(item) if isinstance(item, list) else item for item in found]
        for item in items:
            if not belongs(item):
                raise TypeError(f"{item!r} does not belong there; for instance {example}")
        return items

    if callable(given):
        return lambda: checked(given())
    items = checked(given)
    return lambda: list(items)
