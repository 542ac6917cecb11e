"""A tenant provider that reads the tenant from a request header and checks access by role."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .policy import PolicyFile, PolicyUnavailable

__all__ = ["HeaderTenantProvider"]

_log = logging.getLogger(__name__)
_TENANT_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


class HeaderTenantProvider:
    """Trusts a header that the gateway sets after it has authenticated the request.

    Tenant ids are DNS labels: lower-case letters, digits and hyphens.
    """

    __protocols__ = ("TenantProvider>=1.0,<2",)

    def __init__(self, policy: PolicyFile, header: str = "x-tenant-id") -> None:
        """Check access against `policy`; take the tenant from `header`, in any case."""
        self._policy = policy
        self._header = header.lower()

    def get_tenant_id(self, request_context: dict[str, Any]) -> str | None:
        """Give the tenant that the header names.

        The context may be an ASGI scope, hold a dict of headers, or have the headers as its own
        keys. Missing, malformed or contradictory headers name nobody.

        Raises:
            TypeError: where `request_context` is not a dict.
        """
        if not isinstance(request_context, dict):
            raise TypeError(f"request_context is a dict, got {type(request_context).__name__}")
        pairs = [*request_context.items(), *_pairs(request_context.get("headers"))]
        named = [value for name, value in pairs if self._is_header(name)]
        ids = {_text(value) for value in named}
        if len(ids) != 1:
            return None
        (tenant_id,) = ids
        return tenant_id if tenant_id is not None and _TENANT_ID.fullmatch(tenant_id) else None

    def get_tenant_filter(self, tenant_id: str) -> dict[str, Any]:
        """Select the rows of one tenant.

        Raises:
            PermissionError: for what is no tenant id. A request without a tenant ends here, before
                it can read anything.
        """
        if not isinstance(tenant_id, str) or not _TENANT_ID.fullmatch(tenant_id):
            raise PermissionError("no valid tenant: the request must not read anything")
        return {"tenant_id": {"$eq": str(tenant_id)}}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        """Allow what a role of the user covers; deny all else, and all while roles are unknown."""
        if not all(isinstance(name, str) for name in (tenant_id, user_id, resource)):
            raise TypeError("tenant_id, user_id and resource are str")
        if not _TENANT_ID.fullmatch(tenant_id) or not user_id.strip() or not resource.strip():
            return False
        try:
            return self._policy.allows(tenant_id, user_id, resource)
        except PolicyUnavailable as error:
            _log.error("access denied, the policy cannot be read: %s", error)
            return False

    def context_for(self, tenant_id: str) -> dict[str, Any]:
        """Build the ASGI scope of a request of `tenant_id`."""
        header = (self._header.encode("latin-1"), tenant_id.encode("utf-8", "surrogatepass"))
        return {"type": "http", "path": "/query", "headers": [(b"accept", b"*/*"), header]}

    def _is_header(self, name: object) -> bool:
        text = _text(name)
        return text is not None and text.isascii() and text.lower() == self._header


def _pairs(headers: object) -> Iterable[tuple[object, object]]:
    if isinstance(headers, Mapping):
        return list(headers.items())
    if isinstance(headers, (list, tuple)):
        return [
            (pair[0], pair[1])
            for pair in headers
            if isinstance(pair, (list, tuple)) and len(pair) == 2
        ]
    return []


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        try:
            return value.decode("ascii")
        except UnicodeDecodeError:
            return None
    return str.__str__(value) if isinstance(value, str) else None
