"""TP-FLT-01 to 04: which rows a tenant may see."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from ...filters import FilterError, parse
from .._sweep import sweep
from .history import after_requests, long_history
from .ids import ODD_IDS, near_ids, parted_ids, tricky_ids
from .judging import Judge
from .outages import through_an_outage
from .world import World

clauses = Catalogue()

_EQUAL = 'return {"tenant_id": {"$eq": tenant_id}}: equality with the exact id is enough'


@clauses.must(
    "TP-FLT-01",
    reason="core hands the filter to Pixeltable and to remote stores; what they do not understand "
    "they refuse, or worse, ignore",
    fix="return a plain dict of the documented grammar: fields with $eq $ne $gt $gte $lt $lte $in "
    "$nin $exists, joined by $and and $or; " + _EQUAL,
)
def inside_the_grammar(case: Case) -> None:
    """The filter is a non-empty, JSON-serialisable mapping in the documented filter grammar.

    The grammar: `$eq $ne $gt $gte $lt $lte $in $nin $exists` on a field, `$and` and `$or` around
    filters, and a bare value for `$eq`. Unknown operators, `{}` and `{field: {}}` are outside.
    """
    world = World(case)

    def check(tenants: list[int | str], tricky: str) -> None:
        given = False
        for tenant in (*(world.name(pick) for pick in tenants), tricky):
            answer = case.attempt("get_tenant_filter", tenant)
            if not isinstance(answer, Raised):
                given = True
                _in_grammar(f"get_tenant_filter({show(tenant)}) -> {show(answer)}", answer)
        if not given:
            case.call("get_tenant_filter", world.name(tenants[0]))

    case.for_all(
        check, tenants=st.lists(world.picks(), min_size=1, max_size=3), tricky=tricky_ids()
    )


def _in_grammar(call: str, answer: Any) -> None:
    try:
        tree = parse(answer)
    except FilterError as error:
        raise Violation(call, str(error)) from error
    try:
        text = json.dumps(answer, allow_nan=False)
        sent = parse(json.loads(text))
    except (TypeError, ValueError, RecursionError) as error:
        raise Violation(call, f"it cannot be written as JSON: {error}") from error
    if sent != tree:
        raise Violation(call, f"written as JSON it becomes another filter: {text}")


@clauses.must(
    "TP-FLT-02",
    reason="one matching row is another tenant's data",
    fix=_EQUAL + "; a filter belongs to one call, so build a new one each time",
)
def sound(case: Case) -> None:
    """A tenant's filter matches no row of another tenant, and no row without an owner.

    Rows are derived from the filter itself: every value that it mentions, and what lies beside it,
    is tried as the owner. Filters given earlier are asked again after later calls. Where the
    subject can break the backend, filters given meanwhile are judged as well; refusing is closed.
    """
    world = World(case)
    judge = Judge(case, world)

    def check(tenants: list[int | str]) -> None:
        given = []
        names = [world.name(pick) for pick in tenants]
        for tenant in names:
            answer = case.call("get_tenant_filter", tenant)
            judge.sound(tenant, answer, names)
            given.append((tenant, answer))
        for tenant, answer in given:
            judge.sound(tenant, answer, names, near=False)

    case.for_all(check, tenants=st.lists(world.picks(), min_size=1, max_size=5))

    def step(tenant: str) -> None:
        answer = judge.ask(tenant)
        if not isinstance(answer, Raised):
            judge.sound(tenant, answer, near=False)

    # Two declared tenants fill no cache, so ids that nobody declares come by as well.
    long_history(case, world, step, strangers=True)
    through_an_outage(case, world, step)
    after_requests(case, world, step)
    judge.conclude()


@clauses.must(
    "TP-FLT-03",
    reason="rows that a tenant cannot find are lost to it",
    fix=_EQUAL + "; add no further condition, and check the name of the column",
)
def complete(case: Case) -> None:
    """A tenant's filter matches every row of that tenant, whatever else the row holds.

    A tenant that the subject declares may not be refused.
    """
    world = World(case)
    judge = Judge(case, world)

    def take(tenant: str) -> Any:
        known = tenant in world.tenants
        call = case.must if known else case.call
        answer = call("get_tenant_filter", tenant)
        judge.complete(tenant, answer, known=known)
        return answer

    def check(tenants: list[int | str]) -> None:
        given = [(name, take(name)) for name in map(world.name, tenants)]
        for tenant, answer in given:
            judge.complete(tenant, answer, known=tenant in world.tenants)

    case.for_all(check, tenants=st.lists(world.picks(), min_size=1, max_size=5))
    judge.conclude()
    if not judge.took:
        raise Inconclusive(
            "no filter selected a row of its own tenant, so perhaps none of the ids that were "
            "tried exists; name some that do:\n" + world.subject.probe_help["tenants"]
        )
    long_history(
        case,
        world,
        lambda tenant: _complete_or_refused(case, world, judge, tenant),
        strangers=bool(world.tenants),
    )


def _complete_or_refused(case: Case, world: World, judge: Judge, tenant: str) -> None:
    answer = judge.ask(tenant)
    known = tenant in world.tenants
    if isinstance(answer, Raised):
        if known:
            raise Violation(f"get_tenant_filter({show(tenant)}) {answer}", "a known tenant")
        return
    judge.complete(tenant, answer, known=known)


@clauses.must(
    "TP-FLT-04",
    reason="ids come from outside; one that is read as a pattern, an operator or another spelling "
    "opens another tenant's rows",
    fix="compare the id as it is with $eq: no pattern, no trimming, no folding of case or Unicode, "
    "no formatting into a query; or refuse ids with ValueError",
)
def literal(case: Case) -> None:
    """Ids that hold operators, quotes, wildcards, look-alike or differently composed Unicode, case
    or white space select exactly that tenant, or are refused.
    """
    world = World(case)
    judge = Judge(case, world)

    def check(base: int | str, near: int, free: str, repeat: bool) -> None:
        tenant = world.name(base)
        variants = near_ids(tenant)
        tricky = free or variants[near % len(variants)]
        # The plain tenant first, and the tricky one twice: a cache must keep them apart.
        asked = (tenant, tricky, tricky, tenant) if repeat else (tricky,)
        for step, name in enumerate(asked):
            answer = judge.ask(name)
            if isinstance(answer, Raised):
                case.looked()
                continue
            first = name is tricky and step <= 1
            others = (tenant, tricky, *variants) if first else (tenant, tricky)
            judge.sound(name, answer, others, near=first)
            judge.complete(name, answer, known=False)

    known = world.tenants
    bases: list[int | str] = [*range(min(3, len(known)))] or ["acme", "café-7", "42", "tenant-b"]
    jobs = [
        {"base": base, "near": near, "free": "", "repeat": True}
        for base in bases
        for near in range(len(near_ids(world.name(base))))
    ]
    sweep(case, check, jobs)
    free = (*ODD_IDS, *parted_ids(world.name(bases[0])))
    odd = [{"base": bases[0], "near": 0, "free": odd, "repeat": False} for odd in free]
    sweep(case, check, odd)
    _together(case, world, judge, world.name(bases[0]))
    case.for_all(
        check,
        base=world.picks(),
        near=st.integers(0, 60),
        free=st.one_of(st.just(""), tricky_ids()),
        repeat=st.booleans(),
        examples=max(5, case.profile.examples // 2),
    )
    judge.conclude()


def _together(case: Case, world: World, judge: Judge, tenant: str) -> None:
    """All ids that are nearly one, on one instance: two of them may share a key of its cache."""
    with case.example():
        case.tally.examples += 1
        for name in (*near_ids(tenant), *parted_ids(tenant), *ODD_IDS):
            answer = judge.ask(name)
            if not isinstance(answer, Raised):
                judge.sound(name, answer, near=False)
                judge.complete(name, answer, known=False)
