"""What a factory makes: of which class, from which installed distribution, declaring what."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import metadata
from inspect import isasyncgen, iscoroutine, isgenerator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ..clauses import Result
from ..subjects import Subject

__all__ = ["Witness", "facts_of", "watched"]


class Witness:
    """Sees what a factory makes, and says later what that was.

    A witness only takes note while the factory runs, because that is watched by deadlines; it looks
    up distributions afterwards.
    """

    def __init__(self) -> None:
        self._kind: type | None = None
        self._declared: Mapping[str, Any] = {}

    def note(self, made: Any) -> None:
        """Take note of an extension, or of a subject around one; the first one counts."""
        if self._kind is None and made is not None:
            if isinstance(made, Subject):
                self._declared = made.declarations()
                made = made.extension
            self._kind = type(made)

    def sign(self, result: Result) -> Result:
        """Give a result that says of which class its subject is, and where the class is from."""
        facts = self.facts()
        if not facts:
            return result
        return dataclasses.replace(result, extra={**result.extra, "subject": facts})

    def facts(self) -> dict[str, Any]:
        """Give what :func:`facts_of` says of what was made, and what its subject declares.

        Returns:
            Nothing where nothing was made.
        """
        if self._kind is None:
            return {}
        facts: dict[str, Any] = facts_of(self._kind)
        if self._declared:
            facts["declares"] = dict(self._declared)
        return facts


def facts_of(kind: type) -> dict[str, str]:
    """Say of an extension's class which one it is, and from which installed distribution.

    Returns:
        ``implementation``, and where it is known ``distribution``, ``version`` and ``digest``
        (SHA-256 of the distribution's list of files and their hashes).
    """
    module, name = str(kind.__module__), kind.__qualname__
    return {"implementation": f"{module}:{name}"} | _distribution(module)


def watched(factory: Callable[[], Any], note: Callable[[Any], Any]) -> Callable[[], Any]:
    """Give a factory that does as the given one does, and notes everything it makes.

    Args:
        factory: returns an extension or a subject, or is a generator or a coroutine function.
        note: called with what was made.
    """

    def make() -> Any:
        made = factory()
        if isgenerator(made):
            return _generated(made, note)
        if iscoroutine(made):
            return _awaited(made, note)
        if isasyncgen(made):
            return _generated_async(made, note)
        note(made)
        return made

    make.__qualname__ = getattr(factory, "__qualname__", None) or repr(factory)
    make.__name__ = getattr(factory, "__name__", "factory")
    return make


def _generated(made: Any, note: Callable[[Any], Any]) -> Any:
    try:
        for one in made:
            note(one)
            yield one
    finally:
        made.close()


async def _awaited(made: Any, note: Callable[[Any], Any]) -> Any:
    one = await made
    note(one)
    return one


async def _generated_async(made: Any, note: Callable[[Any], Any]) -> Any:
    try:
        async for one in made:
            note(one)
            yield one
    finally:
        await made.aclose()


@cache
def _homes() -> dict[str, list[str]]:
    found = metadata.packages_distributions()
    return {package: sorted(set(names)) for package, names in found.items()}


@cache
def _distribution(module: str) -> dict[str, str]:
    names = _homes().get(module.partition(".")[0], [])
    if len(names) > 1:  # a namespace package: which of its distributions has the module?
        names = [name for name in names if _has(name, module.replace(".", "/"))]
    installed = names or _editable(module)
    if len(installed) != 1:
        return {}
    found = metadata.distribution(installed[0])
    facts = {"distribution": found.metadata["Name"], "version": found.version}
    record = found.read_text("RECORD") if names else ""  # a checkout changes without it
    if record:
        facts["digest"] = hashlib.sha256(record.encode()).hexdigest()
    return facts


def _editable(module: str) -> list[str]:
    """Give the distribution that is installed from the checkout in which a module lies.

    Its list of files names none of the checkout; ``direct_url.json`` names the checkout (PEP 610).
    """
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file:
        return []
    path = Path(file).resolve()
    found = [(len(root.parts), name) for root, name in _checkouts() if root in path.parents]
    return [max(found)[1]] if found else []


@cache
def _checkouts() -> list[tuple[Path, str]]:
    found = []
    for distribution in metadata.distributions():
        try:
            data = json.loads(distribution.read_text("direct_url.json") or "{}")
            url = urlsplit(data["url"])
            if url.scheme == "file" and data["dir_info"].get("editable"):
                name = distribution.metadata["Name"]
                path = unquote(url.path)
                found.append((Path(path[1:] if os.name == "nt" else path).resolve(), name))
        except (ValueError, KeyError, AttributeError, TypeError, OSError):
            continue  # installed from an index, or by a tool that notes nothing
    return found


def _has(name: str, path: str) -> bool:
    files = metadata.distribution(name).files or ()
    return any(str(file).startswith((f"{path}.", f"{path}/__init__.")) for file in files)
