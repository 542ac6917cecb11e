"""What ``from module import *`` brings in."""

from __future__ import annotations

import importlib
import typing
from typing import Final

from .module import Module

__all__ = ["offers"]


def offers(module: Module, star: str, name: str) -> bool:
    """Return True when a star import of a module brings in a name."""
    if name.startswith("_"):
        return False
    found = module.find(star)
    if found is not None:
        return name in found.classes or name in found.assigned or name in found.imports
    if star in ("typing", "typing_extensions"):
        # What is read does not depend on the interpreter that reads it.
        return name in typing.__all__ or name in _NEWER
    if star in _STANDARD:
        module_all = getattr(importlib.import_module(star), "__all__", None)
        return name in (module_all or dir(importlib.import_module(star)))
    return False


_STANDARD: Final = frozenset(
    {"typing", "collections.abc", "collections", "datetime", "enum", "abc", "decimal",
     "dataclasses", "pathlib", "uuid", "functools", "contextlib", "types", "numbers", "fractions"}
)  # fmt: skip
_NEWER: Final = frozenset(
    {"Buffer", "LiteralString", "Never", "NotRequired", "ReadOnly", "Required", "Self", "TypeIs",
     "TypeGuard", "TypeAliasType", "TypeVarTuple", "Unpack", "ParamSpec", "Concatenate",
     "TypeAlias", "override", "deprecated", "assert_never", "NamedTuple", "TypedDict"}
)  # fmt: skip
