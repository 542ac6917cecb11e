"""From ``module:attribute`` to the object, with errors that name the place."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from typing import Any

from luminescent_cluster.extensions.compatibility import slot_protocols

from ..config import Target

__all__ = ["LoadError", "load", "load_factory", "load_protocol"]


class LoadError(Exception):
    """What a target names cannot be had; the message names the place, the cause and the remedy."""


def load(path: str, place: str) -> Any:
    """Import ``package.module:attribute.of.it``.

    Args:
        path: what to import.
        place: where it was asked for, for messages.

    Raises:
        LoadError: there is no such module or attribute, or importing it fails.
    """
    module_name, _, attributes = path.partition(":")
    try:
        module = importlib.import_module(module_name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: a module that exits cannot be used
        if isinstance(error, ModuleNotFoundError) and _within(error.name, module_name):
            raise LoadError(
                f"{place}: {path}: there is no module {error.name}; install the project, or run "
                "where it can be imported"
            ) from error
        raise LoadError(
            f"{place}: {path}: importing {module_name} raises {type(error).__name__}: {error}"
        ) from error
    found: Any = module
    for name in attributes.split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            near = difflib.get_close_matches(
                name, vars(found) if hasattr(found, "__dict__") else ()
            )
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            owner = getattr(found, "__name__", found)
            raise LoadError(f"{place}: {path}: {owner} has no {name}{hint}") from None
    return found


def load_protocol(target: Target) -> type:
    """Give the protocol that a target names.

    Raises:
        LoadError: there is none, or it is not a class.
    """
    slots = slot_protocols()
    if target.name in slots:
        return slots[target.name]
    found = load(target.name, target.place)
    if not isinstance(found, type):
        raise LoadError(f"{target.place}: {target.name} is not a class but {found!r}")
    return found


def load_factory(target: Target) -> Callable[[], Any]:
    """Give what makes the extension that a target names: a class or a function.

    Raises:
        LoadError: there is none, or it cannot be called.
    """
    found = load(target.factory, target.place)
    if not callable(found):
        raise LoadError(
            f"{target.place}: {target.factory} is a {type(found).__name__}, which cannot be "
            "called; name a class or a function that makes a fresh extension"
        )
    made: Callable[[], Any] = found
    return made


def _within(missing: str | None, wanted: str) -> bool:
    return missing is not None and (wanted == missing or wanted.startswith(missing + "."))
