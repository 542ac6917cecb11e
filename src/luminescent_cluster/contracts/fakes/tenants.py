"""Tenant providers that keep their grants in memory or in SQLite."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import AbstractContextManager
from os import PathLike
from types import TracebackType
from typing import Any, ClassVar, TypeVar

from .grants import Grant, Grants, MemoryGrants
from .names import is_blank, require_text
from .switch import BackendDown, Switch

__all__ = ["InMemoryTenantProvider", "SqliteTenantProvider"]

_log = logging.getLogger(__name__)
Provider = TypeVar("Provider", bound="_TenantProvider")


class _TenantProvider:
    """What the providers share: identity from the context, filters, and access by exact grant."""

    __protocols__: ClassVar[tuple[str, ...]] = ("TenantProvider>=1.0,<2",)
    durable: ClassVar[bool] = False

    def __init__(
        self,
        grants: Grants,
        switch: Switch,
        *,
        tenants: Iterable[str] | None,
        owner_field: str,
        context_key: str,
    ) -> None:
        self.owner_field = owner_field
        self.context_key = context_key
        self._tenants = None if tenants is None else frozenset(tenants)
        self._grants = grants
        self._switch = switch

    def get_tenant_id(self, request_context: dict[str, Any]) -> str | None:
        """Read the tenant from the context's key, in any case of letters.

        Returns:
            The id, exactly as sent. None where it is missing, blank, not text, not in the
            directory, or where two spellings of the key name different tenants: then nobody can say
            which one was checked upstream.

        Raises:
            TypeError: where `request_context` is not a dict.
        """
        if not isinstance(request_context, dict):
            raise TypeError(f"request_context is a dict, got {type(request_context).__name__}")
        wanted = self.context_key.lower()
        found = [
            value
            for key, value in list(request_context.items())
            if isinstance(key, str) and key.isascii() and key.lower() == wanted
        ]
        named = [value for value in found if isinstance(value, str)]
        if not named or len(named) != len(found) or any(value != named[0] for value in named):
            return None
        tenant_id = str.__str__(named[0])
        return tenant_id if self._is_tenant(tenant_id) else None

    def get_tenant_filter(self, tenant_id: str) -> dict[str, Any]:
        """Select the rows whose owner equals `tenant_id`, and nothing for who is no tenant.

        Core passes on what `get_tenant_id` said, which may be None: that gives a filter that
        matches no row, so a request without a tenant sees nothing and does not break.

        Raises:
            TypeError: where `tenant_id` is neither str nor None.
        """
        named: str | None = tenant_id  # None for a request without a tenant, whatever is declared
        if named is not None:
            require_text(tenant_id=named)
        if named is None or not self._is_tenant(named):
            return {self.owner_field: {"$in": []}}
        return {self.owner_field: {"$eq": str.__str__(named)}}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        """Allow exactly what was granted.

        Everything else is denied: unknown or blank names, and every request while the grants cannot
        be read, which is also logged.

        Raises:
            TypeError: where an argument is not a str.
        """
        require_text(tenant_id=tenant_id, user_id=user_id, resource=resource)
        if not self._is_tenant(tenant_id) or is_blank(user_id) or is_blank(resource):
            return False
        try:
            return self._grants.contains(_plain(tenant_id, user_id, resource))
        except BackendDown as error:
            _log.warning("access denied, grants cannot be read: %s", error)
            return False

    def grant(self, tenant_id: str, user_id: str, resource: str) -> None:
        """Allow a user of a tenant to touch one resource.

        Raises:
            TypeError: where an argument is not a str.
            ValueError: where one is blank or the tenant is not in the directory.
        """
        self._grants.add(self._checked(tenant_id, user_id, resource))

    def revoke(self, tenant_id: str, user_id: str, resource: str) -> None:
        """Take a grant back, if there is one.

        Raises:
            TypeError: where an argument is not a str.
        """
        require_text(tenant_id=tenant_id, user_id=user_id, resource=resource)
        self._grants.remove(_plain(tenant_id, user_id, resource))

    def context_for(self, tenant_id: str) -> dict[str, Any]:
        """Build the context of a request of `tenant_id`."""
        return {self.context_key: tenant_id}

    def allowed(self) -> list[Grant]:
        """Give every (tenant, user, resource) that is allowed."""
        return self._grants.all()

    def denied(self) -> list[Grant]:
        """Give accesses near the allowed ones that are denied: one name of a grant is another's."""
        granted = self._grants.all()
        near = [
            triple
            for tenant, user, resource in granted
            for other_tenant, other_user, other_resource in granted
            for triple in (
                (other_tenant, user, resource),
                (tenant, other_user, resource),
                (tenant, user, other_resource),
            )
        ]
        return [triple for triple in dict.fromkeys(near) if triple not in set(granted)]

    def break_backend(self) -> AbstractContextManager[None]:
        """Take the store of grants down while the block runs."""
        return self._switch.outage()

    def close(self) -> None:
        """Release the store. A provider on a file denies everything from then on."""
        self._grants.close()

    def __enter__(self: Provider) -> Provider:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _is_tenant(self, tenant_id: str) -> bool:
        if is_blank(tenant_id):
            return False
        return self._tenants is None or tenant_id in self._tenants

    def _checked(self, tenant_id: str, user_id: str, resource: str) -> Grant:
        require_text(tenant_id=tenant_id, user_id=user_id, resource=resource)
        for name in (tenant_id, user_id, resource):
            if is_blank(name):
                raise ValueError(f"{name!r} is blank and can be granted nothing")
        if not self._is_tenant(tenant_id):
            raise ValueError(f"{tenant_id!r} is not in the directory of tenants")
        return _plain(tenant_id, user_id, resource)


def _plain(tenant_id: str, user_id: str, resource: str) -> Grant:
    """Drop subclasses of str, whose comparisons may be anybody's."""
    return (str.__str__(tenant_id), str.__str__(user_id), str.__str__(resource))


class InMemoryTenantProvider(_TenantProvider):
    """A tenant provider whose grants live in this process."""

    def __init__(
        self,
        grants: Iterable[Grant] = (),
        *,
        tenants: Iterable[str] | None = None,
        owner_field: str = "tenant_id",
        context_key: str = "x-tenant-id",
    ) -> None:
        """Start with `grants`.

        Args:
            grants: (tenant, user, resource) triples that are allowed.
            tenants: the closed directory of tenants; None knows every id that is not blank.
            owner_field: the column that names a row's owner.
            context_key: where a request context names the tenant.
        """
        switch = Switch("the store of grants")
        super().__init__(
            MemoryGrants(switch),
            switch,
            tenants=tenants,
            owner_field=owner_field,
            context_key=context_key,
        )
        for grant in grants:
            self.grant(*grant)


class SqliteTenantProvider(_TenantProvider):
    """A tenant provider whose grants live in a SQLite file and survive the process."""

    durable: ClassVar[bool] = True

    def __init__(
        self,
        path: str | PathLike[str],
        grants: Iterable[Grant] = (),
        *,
        tenants: Iterable[str] | None = None,
        owner_field: str = "tenant_id",
        context_key: str = "x-tenant-id",
    ) -> None:
        """Open or create the file at `path` and add `grants`.

        The other arguments are those of `InMemoryTenantProvider`.
        """
        from .sqlite_grants import SqliteGrants

        switch = Switch("the store of grants")
        super().__init__(
            SqliteGrants(path, switch),
            switch,
            tenants=tenants,
            owner_field=owner_field,
            context_key=context_key,
        )
        self._path = path
        for grant in grants:
            self.grant(*grant)

    def reopen(self) -> SqliteTenantProvider:
        """Close this provider and give a new one on the same file, as after a restart."""
        self.close()
        return SqliteTenantProvider(
            self._path,
            tenants=self._tenants,
            owner_field=self.owner_field,
            context_key=self.context_key,
        )
