"""Probes that take the backend away for a while."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ...clauses import NoInstance, Outcome, Violation
from ...engine.case import Case
from ...engine.show import show
from ...subjects.usage import UsageSubject
from .ways import takes_any_tenant

__all__ = ["during"]

_LIMIT = 30.0


@contextmanager
def during(case: Case, subject: UsageSubject, probe: str) -> Iterator[None]:
    """Let the block run while the backend is down or stalls.

    Args:
        case: the clause under way.
        subject: whose backend.
        probe: ``"break_backend"`` or ``"stall_backend"``.

    Raises:
        Unverified: the author did not give it.
        NoInstance: it gives something that is no context manager.
    """
    hook = subject.probe(probe)
    if not subject.has("metadata_for"):
        takes_any_tenant(case)  # found out by trial, and no trial succeeds in an outage
    given = case.perform(f"{probe}()", hook, _LIMIT, counts=False)
    if hasattr(given, "__next__") and not hasattr(given, "__enter__"):
        made = given  # a generator function that nobody decorated

        @contextmanager
        def manager() -> Iterator[Any]:
            yield from made

        given = manager()
    if not hasattr(type(given), "__enter__"):
        raise NoInstance(
            f"the probe {probe} gave {show(given)}; let it give a context manager\n"
            + subject.probe_help[probe]
        )
    case.perform(f"{probe}() begins", given.__enter__, _LIMIT, counts=False)
    case.history.append(f"with {probe}():")
    start = len(case.history)
    try:
        yield
    except BaseException:
        _indent(case, start)
        with suppress(Outcome, Violation):  # what went wrong inside says more
            _end(case, given, probe)
        raise
    _indent(case, start)
    _end(case, given, probe)


def _end(case: Case, manager: Any, probe: str) -> None:
    case.perform(
        f"{probe}() ends", lambda: manager.__exit__(None, None, None), _LIMIT, counts=False
    )


def _indent(case: Case, start: int) -> None:
    case.history[start:] = [
        f"    extension.{line}" if re.match(r"\w+\(", line) else f"    {line}"
        for line in case.history[start:]
    ]
