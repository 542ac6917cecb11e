"""How a usage event finds the account it is booked on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from .names import is_blank

__all__ = ["DEFAULT_TENANT_KEYS", "TenantOf", "find_account"]

_log = logging.getLogger(__name__)

DEFAULT_TENANT_KEYS = ("tenant_id", "x-tenant-id")
"""Core passes the request context as metadata: either spelling of the guide names the tenant."""

TenantOf = Sequence[str] | Callable[[dict[str, Any]], str | None]
"""The metadata keys to look at, the first that is there wins; or a function, for instance
`provider.get_tenant_id` of the tenant provider that core uses."""


def find_account(tenant_of: TenantOf, metadata: dict[str, Any]) -> str | None:
    """Give the tenant that `metadata` names; None for none, a blank one, or one that is no text.

    Never raises: an event whose tenant cannot be found is still an event.
    """
    try:
        if callable(tenant_of):
            named: object = tenant_of(metadata)
        else:
            named = next((metadata[key] for key in tenant_of if key in metadata), None)
    except Exception as error:  # the function is the user's
        _log.warning("usage is unattributed, its tenant cannot be found: %s", error)
        return None
    if not isinstance(named, str) or is_blank(named):
        return None
    return str.__str__(named)
