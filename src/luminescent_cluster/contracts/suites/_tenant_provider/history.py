"""Histories long enough to fill a cache."""

from __future__ import annotations

from collections.abc import Callable

from ...clauses import Violation
from ...engine.case import Case
from ...engine.meter import Meter
from .._sweep import shortened, sweep
from .ids import many_ids
from .world import World

__all__ = ["after_requests", "long_history", "strangers_ask"]

_PLAIN = ["acme", "globex"]
_LONG = 330  # more than the caches people write hold (64, 100, 128, 256, 300)
_SHORTER = (2, 4, 10, 33, 65, 101, 129, 257)
_SHARE = 0.25  # of a property's time budget


def long_history(
    case: Case, world: World, step: Callable[[str], None], *, strangers: bool = False
) -> None:
    """Let many tenants come by, then the first and the last of them again.

    Declared tenants are too few to fill anything; with ``strangers`` half of them come first, and
    all of them after the strangers, so that one who comes late is treated as one who came early.

    Args:
        case: the clause under way.
        world: its tenants.
        step: asks about one tenant; raises Violation where the answer is wrong.
        strangers: let ids come by that nobody declares, as well.

    Raises:
        Violation: with the number of tenants that it took, about the smallest.
    """
    try:
        _pass_by(case, world, step, _LONG, strangers)
    except Violation as violation:
        for count in _SHORTER:
            try:
                _pass_by(case, world, step, count, strangers)
            except Violation as smaller:
                raise smaller from None
        raise violation from None


def _pass_by(
    case: Case, world: World, step: Callable[[str], None], count: int, strangers: bool
) -> None:
    with case.example():
        case.tally.examples += 1
        meter = Meter()
        known = world.tenants
        tenants = world.many(count)
        if strangers:
            tenants = [*known[: len(known) // 2], *many_ids(count), *known[:50]]
        try:
            for number, tenant in enumerate((*tenants, *tenants[:9], *tenants[-9:])):
                step(tenant)
                if meter.over(case.profile.budget * _SHARE):
                    case.note(f"slow calls: only {number + 1} tenants came by in one history")
                    return
        except Violation as violation:
            violation.history = shortened(case.history)
            calls = len(case.history) - 1
            if calls > len(violation.history):
                violation.evidence = (
                    *violation.evidence,
                    f"after {calls} calls for {min(count, calls)} tenants",
                )
            raise


def after_requests(case: Case, world: World, step: Callable[[str], None]) -> None:
    """Let the request of a tenant come by, then ask about others, who are not concerned by it.

    Core resolves each request with `get_tenant_id` first, and requests of several tenants are
    under way at once.

    Args:
        case: the clause under way.
        world: its tenants.
        step: asks about one tenant, and takes a refusal; raises Violation where the answer is
            wrong.
    """
    with case.example():
        names = world.tenants[:3] or _PLAIN

    def check(request_of: str) -> None:
        world.come_by(request_of)
        for tenant in names:
            step(tenant)

    sweep(case, check, [{"request_of": tenant} for tenant in names[:2]])


def strangers_ask(
    case: Case, tenant: str, resource: str, step: Callable[[tuple[str, str, str]], None]
) -> None:
    """Let many users whom nobody knows ask for one resource of a tenant, in the same order always.

    The last of them ask again at once: what made room for them may have kept something else.

    Args:
        case: the clause under way.
        tenant: whose resource it is.
        resource: what they ask for.
        step: asks for one access; raises Violation where the answer is wrong.
    """
    meter = Meter()
    for number in (*range(_LONG), *reversed(range(_LONG - 3, _LONG))):
        try:
            step((tenant, f"no-such-user-{number}", resource))
        except Violation as violation:
            violation.history = shortened(case.history)
            raise
        if meter.over(case.profile.budget * _SHARE):
            case.note(f"slow calls: only {number + 1} strangers came by in one history")
            return
