"""What ran where: versions, read from the running interpreter and from installed distributions."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable
from functools import cache
from importlib import metadata
from inspect import isasyncgen, iscoroutine, isgenerator
from typing import Any

from .document import Environment

__all__ = ["environment", "facts_of", "watched"]

DISTRIBUTION = "luminescent-extensions"


def environment(catalogue: str) -> Environment:
    """Describe this interpreter and this kit.

    Args:
        catalogue: digest of the clauses in use.
    """
    try:
        kit = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # run from a copy of the sources
        kit = ""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return Environment(
        kit=kit,
        catalogue=catalogue,
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        free_threaded=not enabled,
        system=f"{platform.system()} {platform.machine()}".strip(),
    )


def facts_of(extension: object) -> dict[str, str]:
    """Say which class an extension is of, and which installed distribution the class is from.

    Returns:
        ``implementation``, and where it is known ``distribution``, ``version`` and ``digest``
        (SHA-256 of the distribution's list of files and their hashes).
    """
    kind = type(extension)
    facts = {"implementation": f"{kind.__module__}:{kind.__qualname__}"}
    return facts | _distribution(kind.__module__.partition(".")[0], kind.__module__)


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

    make.__qualname__ = getattr(factory, "__qualname__", "factory")
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
def _distribution(package: str, module: str) -> dict[str, str]:
    names = _homes().get(package, [])
    if len(names) > 1:  # a namespace package: which of its distributions has the module?
        path = module.replace(".", "/")
        names = [name for name in names if _has(name, path)]
    if len(names) != 1:
        return {}
    found = metadata.distribution(names[0])
    facts = {"distribution": found.metadata["Name"], "version": found.version}
    record = found.read_text("RECORD")
    if record:
        facts["digest"] = hashlib.sha256(record.encode()).hexdigest()
    return facts


def _has(name: str, path: str) -> bool:
    files = metadata.distribution(name).files or ()
    return any(str(file).startswith((f"{path}.", f"{path}/__init__.")) for file in files)
