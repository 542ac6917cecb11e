"""Accesses that nobody was granted, and that a shortcut in the code opens all the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ...subjects.tenant import Access
from .ids import near_ids, parted_ids

__all__ = ["MATCH_ALL", "POPULAR", "PRIVILEGED", "SHARED", "moved", "owned", "resembling"]

PRIVILEGED = (
    "admin", "root", "system", "superuser", "administrator", "service", "internal", "anonymous",
    "guest", "support", "operator", "test", "api", "null", "None", "*", "everyone", "public",
    "nobody", "unknown", "0", "undefined", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
"""Names that code has exceptions for, and what an id that was never set is written as."""

POPULAR = (
    "svc-no-such-5f1c", "service:no-such-5f1c", "system:no-such-5f1c", "no-such-5f1c@internal",
    "admin-no-such-5f1c", "admin:no-such-5f1c", "admin@no-such-5f1c", "no-such-5f1c-admin",
    "no-such-5f1c@localhost", "bot-no-such-5f1c", "test-no-such-5f1c", "_no-such-5f1c",
    "internal-no-such-5f1c", "root@no-such-5f1c",
)  # fmt: skip
"""Names of nobody that begin or end as names with privileges do."""

SHARED = (
    "public", "public/no-such-5f1c", "shared/no-such-5f1c", "health", "/health", "/healthz",
    "status", "metrics", "/", "index", "static/no-such-5f1c", "docs", "login", "*",
    "default", "common/no-such-5f1c",
)  # fmt: skip
"""Resources, and tenants, that code takes for everybody's."""

MATCH_ALL = (
    "*", "%", ".*", "' OR '1'='1", "' OR 1=1 --", '" OR "1"="1', '" OR 1=1 --', "') OR 1=1 --",
)  # fmt: skip
"""Names that a pattern, or a query pasted together, takes for everybody's."""

_SIGNS = "/:|.-_ ,#@;\0"


def moved(access: Access) -> Iterator[Access]:
    """Give accesses whose parts, joined or mixed, read as the access does.

    The border is elsewhere, or the parts have changed places.
    """
    tenant, user, resource = access
    for one, two, three in itertools.permutations(access):
        if (one, two, three) != access:
            yield one, two, three
    for sign in _SIGNS:
        head, found, tail = resource.partition(sign)
        if found and tail:
            yield tenant, f"{user}{sign}{head}", tail
        head, found, tail = user.partition(sign)
        if found and tail:
            yield f"{tenant}{sign}{head}", tail, resource
            yield tenant, head, f"{tail}{sign}{resource}"
        head, found, tail = tenant.partition(sign)
        if found and tail:
            yield head, f"{tail}{sign}{user}", resource
    if len(user) > 1:
        yield tenant + user[0], user[1:], resource
        yield tenant, user[:-1], user[-1] + resource
    if len(resource) > 1:
        yield tenant, user + resource[0], resource[1:]
    if len(tenant) > 1:
        yield tenant[:-1], tenant[-1] + user, resource


def owned(tenant: str, user: str) -> Iterator[str]:
    """Give resources that bear the name of who asks, as if that were a grant."""
    for name in (tenant, user):
        yield from (name, f"{name}/x", f"{name}:x", f"home/{name}", f"users/{name}", f"x/{name}")


def resembling(part: str, name: str) -> tuple[str, ...]:
    """Give names that resemble a granted one, for careless patterns, prefixes and splits.

    Args:
        part: ``"tenant"``, ``"user"`` or ``"resource"``.
        name: the granted one.
    """
    if not name.strip():
        return MATCH_ALL
    patterns = () if part == "tenant" else (*MATCH_ALL, "?", "_", '{"$ne": null}', f"{name},x")
    if part == "resource":
        paths = (f"{name}/../x", *_halves(name))
    else:  # what a path that holds the name is brought to
        paths = (f"./{name}", f"x/../{name}", f"{name}/")
    return tuple(dict.fromkeys((*patterns, *paths, *near_ids(name), *parted_ids(name))))


def _halves(name: str) -> Iterator[str]:
    """Give what is left of a name in parts when one part is empty."""
    for sign in _SIGNS:
        head, found, tail = name.partition(sign)
        if found:
            yield from (part for part in (head + sign, sign + tail) if part.strip() != name)
