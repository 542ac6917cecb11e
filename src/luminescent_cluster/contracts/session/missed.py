"""Bindings that were made and never collected: shadowed, hidden, or skipped with their module."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from ..binding import Binding

__all__ = ["missed_bindings", "why_missed"]


def missed_bindings(
    made: Iterable[Binding],
    collected: Iterable[Binding],
    *,
    modules: Collection[Path],
    root: Path,
    patterns: Iterable[str],
) -> list[Binding]:
    """Find bindings that ought to have been collected and were not.

    Args:
        made: every binding that importing modules has made.
        collected: those that were met while collecting.
        modules: files that were collected as test modules.
        root: the project's folder; what is bound outside it is somebody else's.
        patterns: names of test modules (``python_files``). A test module that this run did not
            ask for is nobody's loss; a binding in any other module is never collected by itself.
    """
    seen = {(b.file, b.line, b.name) for b in collected}
    missed = []
    for binding in made:
        place = (binding.file, binding.line, binding.name)
        path = Path(binding.file)
        if place in seen:
            continue
        elsewhere = path not in modules and any(fnmatch(path.name, p) for p in patterns)
        foreign = root not in path.parents or "site-packages" in path.parts
        if elsewhere or (foreign and path not in modules):
            continue
        seen.add(place)
        missed.append(binding)
    return missed


def why_missed(binding: Binding, bad: Mapping[Path, str]) -> str:
    """Say why a binding was never collected, and what to do.

    Args:
        binding: the binding.
        bad: what happened to each module that was skipped as a whole or could not be collected.
    """
    if Path(binding.file) in bad:
        return bad[Path(binding.file)]
    module = sys.modules.get(binding.module)
    owner, _, _ = binding.factory.__qualname__.rpartition(".")
    if owner and "<locals>" not in owner:
        return (
            f"its class {owner} is not collected (a name that python_classes does not match, an "
            "__init__, or __test__ = False); bind functions at the top of a module"
        )
    if module is not None and not getattr(module, "__test__", True):
        return "its module says __test__ = False; delete that"
    current = getattr(module, binding.name, None)
    if module is not None and current is not binding.factory:
        what = "nothing" if current is None else f"another {type(current).__name__}"
        return (
            f"it was shadowed: {what} has its name in {binding.module} now; give each binding a "
            "name of its own"
        )
    return (
        "it was made and never collected; import it by name into a test module, and look for a "
        "plugin or conftest that hides it"
    )
