"""Where in a request context the tenant stands, and the same context with something else there."""

from __future__ import annotations

import copy
from typing import Any

__all__ = [
    "BAGS",
    "HINTS",
    "ONE_REQUEST",
    "Path",
    "at",
    "besides",
    "erased",
    "places",
    "rebuilt",
    "reordered",
    "replaced",
]

Path = tuple[Any, ...]
"""Keys and indexes from the context down to a value."""

BAGS = frozenset({
    "headers", "header", "cookies", "claims", "query", "query_params", "params", "environ", "state",
    "metadata", "session", "meta", "extra", "path_params",
})  # fmt: skip
"""Names of containers that are ordinarily there without holding a tenant."""

HINTS: tuple[tuple[str, Any], ...] = (
    ("user_id", "alice"), ("user", "alice"), ("username", "alice"), ("sub", "auth0|5f1c"),
    ("subject", "alice"), ("actor", "alice"), ("email", "alice@mail.example"), ("uid", "1000"),
    ("client_id", "web"), ("session_id", "s-5f1c"), ("request_id", "r-5f1c"), ("id", "5f1c"),
    ("ip", "203.0.113.7"), ("client_ip", "203.0.113.7"), ("remote_addr", "203.0.113.7"),
    ("host", "127.0.0.1:8000"), ("user-agent", "curl/8"), ("region", "eu-west-1"),
    ("role", "admin"), ("roles", ["admin"]), ("scope", "admin"), ("is_admin", True),
    ("admin", True), ("is_superuser", True), ("internal", True), ("debug", True), ("test", True),
    ("environment", "production"), ("plan", "free"),
)  # fmt: skip
"""What requests say of their user and their way, and what is no tenant."""

ONE_REQUEST = frozenset({"session_id", "request_id", "id"})
"""Hints that two requests of different tenants do not share."""


def besides(context: Any, where: Path, key: str, value: Any) -> Any:
    """Copy a context with one more entry in the dict at a place; None where that cannot be."""
    container = at(context, where)
    if type(container) is not dict or key in context or key in container:
        return None
    entry = {**rebuilt(container), key: value}
    return replaced(context, where, entry) if where else entry


def _like(value: dict[Any, Any], entries: dict[Any, Any]) -> dict[Any, Any]:
    """Give a dict of the same class with other entries; a plain one where the class takes none."""
    if type(value) is dict:
        return entries
    try:
        made = copy.copy(value)
        made.clear()
        made.update(entries)
    except Exception:
        return entries
    return made


def rebuilt(value: Any) -> Any:
    """Copy dicts, lists and tuples at every depth; everything else is shared."""
    if isinstance(value, dict):
        return _like(value, {key: rebuilt(part) for key, part in value.items()})
    if type(value) in (list, tuple):
        return type(value)(rebuilt(part) for part in value)
    return value


def reordered(value: Any) -> Any:
    """Copy with the keys of every dict in the opposite order."""
    if isinstance(value, dict):
        entries = reversed(list(value.items()))
        return _like(value, {key: reordered(part) for key, part in entries})
    if type(value) in (list, tuple):
        return type(value)(reordered(part) for part in value)
    return value


def places(first: Any, again: Any, other: Any) -> list[Path]:
    """Find where contexts of two tenants differ, and two of the same tenant do not.

    Args:
        first: a context of one tenant.
        again: another one of the same tenant; what differs here is a nonce or a time.
        other: a context of another tenant.

    Returns:
        The places; where a tenant's own contexts differ everywhere, all that differ.
    """
    found = _differences(first, other, ())
    noise = set(_keys(_differences(first, again, ())))
    return [path for path in found if repr(path) not in noise] or found


def _keys(paths: list[Path]) -> list[str]:
    return [repr(path) for path in paths]


def _differences(one: Any, two: Any, path: Path) -> list[Path]:
    if isinstance(one, dict) and type(two) is type(one):
        found: list[Path] = []
        for key in dict.fromkeys([*one, *two]):
            if key in one and key in two:
                found += _differences(one[key], two[key], (*path, key))
            elif key in one:
                found.append((*path, key))
        return found
    if type(one) in (list, tuple) and type(two) is type(one) and len(one) == len(two):
        found = []
        for index, (left, right) in enumerate(zip(one, two, strict=True)):
            found += _differences(left, right, (*path, index))
        return found
    try:
        return [] if one is two or bool(one == two) else [path]
    except Exception:
        return [path]


def at(context: Any, path: Path) -> Any:
    """Give what stands at a place."""
    for step in path:
        context = context[step]
    return context


def replaced(context: Any, path: Path, value: Any) -> Any:
    """Copy a context with another value at a place."""
    if not path:
        return value
    step, *rest = path
    if isinstance(context, dict):
        entries = {
            key: replaced(part, tuple(rest), value) if key == step else rebuilt(part)
            for key, part in context.items()
        }
        return _like(context, entries)
    return type(context)(
        replaced(part, tuple(rest), value) if index == step else rebuilt(part)
        for index, part in enumerate(context)
    )


def erased(context: Any, paths: list[Path], *, level: int) -> tuple[Any, bool]:
    """Copy a context without what stands at the places.

    A pair in a list of pairs goes as a whole.

    Args:
        context: a context of a tenant.
        paths: where in it the tenant stands.
        level: how many containers go with each place; the outermost entry at most.

    Returns:
        The copy, and whether what is left is certainly a context that an extension meets: the
        tenant's entry is gone from a container that is there without it anyway.
    """
    result = rebuilt(context)
    natural = True
    for path in sorted(paths, key=repr, reverse=True):
        entry = _entry(context, path)
        steps = entry[: max(1, len(entry) - level)]
        container = at(result, steps[:-1]) if _reaches(result, steps[:-1]) else None
        if isinstance(container, dict):
            container.pop(steps[-1], None)
        elif type(container) is list:
            if steps[-1] < len(container):
                del container[steps[-1]]
        elif type(container) is tuple:
            shorter = tuple(p for i, p in enumerate(container) if i != steps[-1])
            result = replaced(result, steps[:-1], shorter)
            container = shorter
        natural = natural and _stays(steps, container, whole=steps == entry)
    return result, natural


def _stays(steps: Path, container: Any, *, whole: bool) -> bool:
    """Tell whether a container is there without the entry that was taken out of it.

    Args:
        steps: where the entry stood.
        container: what is left of its container.
        whole: whether the entry was the tenant's own, rather than one around it.
    """
    if len(steps) <= 1:
        return whole
    return bool(whole and container) or str(steps[-2]).lower() in BAGS


def _entry(context: Any, path: Path) -> Path:
    """Give the place of the entry to remove: the pair, where the value stands in a pair."""
    if len(path) >= 2:
        pair, outside = at(context, path[:-1]), at(context, path[:-2])
        if type(pair) in (list, tuple) and len(pair) == 2 and type(outside) in (list, tuple):
            return path[:-1]
    return path


def _reaches(context: Any, path: Path) -> bool:
    try:
        at(context, path)
    except (LookupError, TypeError):
        return False
    return True
