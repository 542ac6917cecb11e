"""Request contexts in their usual shapes, for providers whose author does not say theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["USUAL_CONTEXTS"]

USUAL_CONTEXTS: tuple[Callable[[str], dict[str, Any]], ...] = (
    lambda tenant: {"x-tenant-id": tenant},  # the extension guide's
    lambda tenant: {"headers": {"x-tenant-id": tenant}},
    lambda tenant: {"headers": {"X-Tenant-ID": tenant}},
    lambda tenant: {"X-Tenant-ID": tenant},
    lambda tenant: {"tenant_id": tenant},
    lambda tenant: {"tenant": tenant},
    lambda tenant: {"claims": {"tenant_id": tenant}},
    lambda tenant: {"user": {"tenant_id": tenant}},
    lambda tenant: {"HTTP_X_TENANT_ID": tenant},  # WSGI
    lambda tenant: {"type": "http", "headers": [(b"x-tenant-id", tenant.encode())]},  # ASGI
)
"""Each builds the context of a request of a tenant; what cannot be encoded raises ValueError."""
