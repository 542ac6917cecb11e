"""TP-IDN-01: the context of a tenant resolves to that tenant."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised, Refused
from ...engine.show import show
from .._sweep import sweep
from .history import long_history
from .ids import ODD_IDS, beside, fold, near_ids, parted_ids, tricky_ids, wildcards
from .outages import through_an_outage
from .strangers import MATCH_ALL
from .world import World

clauses = Catalogue()

_WORDS = ("acme", "café-7", "42", "tenant-b")
_ENOUGH = 30  # ids of one form that were taken show that the form is not refused


@clauses.must(
    "TP-IDN-01",
    reason="whatever get_tenant_id answers is the tenant whose rows core reads and bills",
    fix="return the id exactly as the request names it; an id you do not know is None or an error, "
    "never another's",
)
def resolves_to_the_tenant(case: Case) -> None:
    """The context of a known tenant resolves to that tenant, and that of an unknown one to no
    other.

    Known are the tenants that the subject declares. Where it declares none, ids are taken as they
    come: those with case, composition, white space, patterns or length to trip over may be
    refused, with None or an exception, but not turned into another id. So may every id while the
    backend is down. What `get_tenant_filter` refuses is no id: another spelling of one that it
    takes may be turned into that.
    """
    world = World(case)
    world.require_contexts()
    if not world.tenants:
        _resolves_undeclared(case, world)
        return

    def check(picks: list[int], near: int) -> None:
        for pick in picks:
            _expect(case, world, world.name(pick))
        _near_is_nobody_else(case, world, world.name(picks[-1]), near)

    case.for_all(
        check,
        picks=st.lists(world.picks(), min_size=1, max_size=6),
        near=st.integers(0, 7),
    )
    sweep(case, check, [{"picks": [n, n + 1], "near": near} for n in range(2) for near in range(8)])
    sweep(
        case,
        lambda pick, near: _stays_itself(case, world, world.name(pick), near),
        [{"pick": n, "near": near} for n in range(2) for near in near_ids(world.name(n))],
    )
    strangers = [*MATCH_ALL, *(p for n in range(2) for p in wildcards(world.name(n)))]
    if not world.subject.has("context_for"):  # else nobody knows how a sign is sent
        strangers += parted_ids(world.name(0))
    sweep(
        case,
        lambda stranger: _is_nobody_else(case, world, stranger),
        [{"stranger": name} for name in strangers],
    )

    def step(tenant: str) -> None:
        if tenant in world.tenants:
            _expect(case, world, tenant)
        else:
            _is_nobody_else(case, world, tenant)

    long_history(case, world, step, strangers=True)
    through_an_outage(case, world, lambda tenant: _expect(case, world, tenant, refusable=True))


def _expect(case: Case, world: World, tenant: str, *, refusable: bool = False) -> None:
    context = world.context(tenant)
    answer = world.ask(context)
    if refusable and (answer is None or isinstance(answer, Raised)):
        return
    if isinstance(answer, Raised):
        raise Violation(f"get_tenant_id({show(context)}) {answer}", f"{tenant!r} is a known tenant")
    if answer != tenant:
        raise Violation(
            f"get_tenant_id({show(context)}) -> {show(answer)}",
            f"the context is that of the known tenant {tenant!r}",
        )


def _near_is_nobody_else(case: Case, world: World, tenant: str, number: int) -> None:
    """The context of an id that nobody bears must not resolve to a tenant who does exist."""
    near = beside(tenant)[number]
    if near.strip() and fold(near) not in {fold(known) for known in world.tenants}:
        _is_nobody_else(case, world, near)


def _stays_itself(case: Case, world: World, tenant: str, near: str) -> None:
    """A tenant resolves to itself after a request that bears nearly its id."""
    with contextlib.suppress(Refused):  # the author builds contexts of known tenants only
        world.ask(world.context(near))
    _expect(case, world, tenant)


def _is_nobody_else(case: Case, world: World, stranger: str) -> None:
    try:
        context = world.context(stranger)
    except Refused:
        return  # the author builds contexts of known tenants only
    answer = world.ask(context)
    if answer in world.tenants and answer != stranger:
        raise Violation(
            f"get_tenant_id({show(context)}) -> {show(answer)}",
            f"the context is that of {stranger!r}, whom nobody knows",
        )


_PADDED = ("acme\r\t", " acme\u00a0", "\t acme")
"""Ids with white space around them, of which some trim one kind and some another."""


def _is_trimmed(answer: str, tenant: str) -> bool:
    """Tell whether only white space at the ends is gone, of whatever kinds somebody trims."""
    return answer in tenant and answer.strip() == tenant.strip()


def _resolves_undeclared(case: Case, world: World) -> None:
    convention = not world.subject.has("context_for")
    echoed = False
    others: dict[str, str] = {}

    def take(tenant: str, plain: bool) -> bool:
        nonlocal echoed
        context = world.context(tenant)
        answer = world.ask(context)
        call = f"get_tenant_id({show(context)}) -> {show(answer)}"
        if answer is None or isinstance(answer, Raised):
            return False
        if answer == tenant and isinstance(answer, str):
            echoed = echoed or plain
            return True
        if not plain and (not echoed or not convention):
            return True  # ids may be encoded or renamed in a way that only plain ones survive
        if isinstance(answer, str) and _is_trimmed(answer, tenant):
            return True  # white space around a header's value is not part of it (RFC 9110, 5.5)
        if isinstance(answer, str) and fold(answer) == fold(tenant) and world.refuses(tenant):
            return True  # another spelling of an id, which is none itself
        if convention and plain and isinstance(answer, str) and fold(answer) != fold(tenant):
            if echoed:
                raise Violation(call, "other ids were answered as they came")
            if others.setdefault(answer, tenant) != tenant:
                raise Violation(
                    call, f"the same answer as for {others[answer]!r}: two tenants become one"
                )
            return True  # perhaps a directory that names tenants in another way
        raise Violation(
            call,
            f"the context names {tenant!r}",
            *(() if plain else ("refusing this id would do; answering with another does not",)),
        )

    def check(plain: list[str], tricky: list[str]) -> None:
        for tenant in plain:
            take(tenant, True)
        for tenant in tricky:
            try:
                take(tenant, False)
            except Refused:
                continue

    case.for_all(
        check,
        plain=st.lists(world.picks(), min_size=1, max_size=3),
        tricky=st.lists(tricky_ids(), max_size=4),
    )
    if not echoed:
        raise world.probe_missing("tenants")
    sweep(
        case,
        check,
        [{"plain": [word], "tricky": [near]} for word in _WORDS for near in near_ids(word)]
        + [{"plain": ["acme"], "tricky": [odd]} for odd in (*ODD_IDS, *_PADDED)],
    )
    _many_undeclared(case, world, take)


def _many_undeclared(case: Case, world: World, take: Callable[[str, bool], bool]) -> None:
    """Ids of one form come by; where many of them were taken, the next one may not be dropped."""
    asked: Any = None
    taken = 0

    def step(tenant: str) -> None:
        nonlocal asked, taken
        if asked is not case.subject:
            asked, taken = case.subject, 0
        if take(tenant, True):
            taken += 1
        elif taken >= _ENOUGH:
            context = world.context(tenant)
            raise Violation(
                f"get_tenant_id({show(context)}) does not resolve",
                f"{taken} ids of the same form were resolved before",
            )

    long_history(case, world, step)
