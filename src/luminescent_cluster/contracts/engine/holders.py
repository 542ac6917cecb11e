"""Which modules hold an object under a name of theirs, found fast enough to ask at every clause."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from types import ModuleType
from typing import Any

__all__ = ["holders"]

_INSTALLED = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)

_without: dict[tuple[object, ...], dict[ModuleType, int]] = {}
"""By the objects: installed modules that held none, with how many names they had then."""


def holders(*wanted: object, apart_from: str) -> list[tuple[Any, str]]:
    """Give each module that was imported and the name under which it holds one of some objects.

    A module that is installed is read again only once it got or lost a name: all names of some
    thousand modules take milliseconds. The author's own are always read.

    Args:
        wanted: hashable objects, which live as long as the process.
        apart_from: the package whose modules are left out.
    """
    without = _without.setdefault(wanted, {})
    if len(without) > 2 * len(sys.modules):  # most of them are gone
        without.clear()
    ids = frozenset(map(id, wanted))
    found = []
    for module, names in _imported():
        if type(module) is ModuleType and without.get(module) == len(names):
            continue
        name = str(names.get("__name__"))
        if name.startswith(apart_from):
            continue
        held = [(module, key) for key, value in list(names.items()) if id(value) in ids]
        found += held
        if type(module) is ModuleType and not held and _is_installed(name, names):
            without[module] = len(names)
    return found


def _imported() -> Iterator[tuple[Any, dict[str, Any]]]:
    for module in list(sys.modules.values()):
        try:  # past the module's own ways, which would load what waits to be used
            names = object.__getattribute__(module, "__dict__")
        except AttributeError:
            continue
        if isinstance(names, dict):
            yield module, names


def _is_installed(name: str, names: dict[str, Any]) -> bool:
    file = names.get("__file__")
    return name in sys.builtin_module_names or str(file).startswith(_INSTALLED)
