"""TP-ACC-05: access in one tenant is no access in another."""

from __future__ import annotations

from hypothesis import strategies as st

from ...clauses import Catalogue
from ...engine.case import Case
from ...engine.show import show
from .._sweep import sweep
from .access import Access, ask_access, never, opens
from .closed import excuse
from .ids import near_ids, plain_ids
from .renaming import known_tenants
from .world import World

clauses = Catalogue()


@clauses.must(
    "TP-ACC-05",
    reason="the same user name in two tenants may be two people",
    fix="make the tenant part of every grant, role and cache key",
)
def one_tenant_only(case: Case) -> None:
    """Access in one tenant is no access in another.

    A user who works for several tenants is declared so: `allowed` lists the user with each. Where
    nothing is declared, only tenants are tried that nobody knows.
    """
    world = World(case)
    excuse(world)
    granted = 0

    def check(number: int, other: str, near: int, user: str, before: bool) -> None:
        nonlocal granted
        known = world.listed("allowed")
        if known:
            base: Access = known[number % len(known)]
            tenants = [*sorted(known_tenants(world)), other]
        else:
            tenant = (*world.tenants, other)[number % (len(world.tenants) + 1)]
            base = (tenant, user.format(tenant), "knowledge_base")
            tenants = []
        tenant, name, resource = base
        if (before or not known) and not opens(ask_access(case, base)):
            return
        granted += 1
        elsewhere = [*tenants, *near_ids(tenant)]
        for step in range(3):
            stranger = elsewhere[(near + step * (len(tenants) or 1)) % len(elsewhere)]
            if stranger == tenant or any(t == stranger and u == name for t, u, _ in known):
                continue
            if not known and stranger in world.tenants:
                continue
            never(case, (stranger, name, resource), _why(name, tenant, stranger))

    case.for_all(
        check,
        number=st.integers(0, max(5, len(world.listed("allowed")) - 1)),
        other=plain_ids(),
        near=st.integers(0, 80),
        user=("alice", "admin", "alice@{}", "{}-alice", "{}/alice", "root"),
        before=st.booleans(),
    )
    if world.listed("allowed"):
        plain = {"other": "umbrella", "user": "alice", "before": True}
        sweep(
            case,
            check,
            [
                {**plain, "number": number, "near": near}
                for number in range(min(3, len(world.listed("allowed"))))
                for near in range(60)
            ],
        )
        sweep(
            case,
            lambda number: _after_a_request(case, world, number),
            [{"number": n} for n in range(3)],
        )
    if not granted:
        raise world.probe_missing("allowed")


def _after_a_request(case: Case, world: World, number: int) -> None:
    """Nor does a request of the tenant, under way at the same time, give access elsewhere."""
    known = world.listed("allowed")
    tenant, user, resource = known[number % len(known)]
    world.come_by(tenant)
    case.attempt("get_tenant_filter", tenant)
    for other in sorted(known_tenants(world)):
        if not any((t, u) == (other, user) for t, u, _ in known):
            never(case, (other, user, resource), _why(user, tenant, other))


def _why(user: str, tenant: str, other: str) -> str:
    return f"{show(user)} is granted this in {show(tenant)}, and nothing in {show(other)}"
