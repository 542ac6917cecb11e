"""Taking the provider's backend away for a while."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from ...clauses import Inconclusive
from ...engine.case import Case
from .._sweep import sweep
from .world import World

__all__ = ["outage", "through_an_outage"]

_PLAIN = ["acme", "globex"]


def outage(case: Case, world: World) -> AbstractContextManager[Any]:
    """Give the author's context manager; inside, the backend is down.

    Raises:
        Unverified: the subject has no ``break_backend``.
        Inconclusive: what it has gives no context manager.
    """
    hook: Any = world.subject.probe("break_backend")
    if not hasattr(hook, "__enter__"):
        hook = case.perform("break_backend()", hook, world.subject.deadline, counts=False)
    if not hasattr(hook, "__enter__"):
        raise Inconclusive(
            f"break_backend gave a {type(hook).__name__}, not a context manager; give it like this:"
            f"\n{world.subject.probe_help['break_backend']}"
        )
    case.history.append("…  # from here on with break_backend():")
    manager: AbstractContextManager[Any] = hook
    return manager


def through_an_outage(case: Case, world: World, step: Callable[[str], None]) -> None:
    """Let tenants come by while the backend is down, and after it, where the author can break it.

    Args:
        case: the clause under way.
        world: its tenants.
        step: asks about one tenant, and takes a refusal; raises Violation where the answer is
            wrong.
    """
    if not world.subject.has("break_backend"):
        return

    def check(before: int) -> None:
        tenants = world.tenants[:3] or _PLAIN
        for tenant in tenants[:before]:
            step(tenant)
        with outage(case, world):
            for tenant in (*tenants, *tenants):
                step(tenant)
        for tenant in tenants:
            step(tenant)

    sweep(case, check, [{"before": 0}, {"before": 1}])
