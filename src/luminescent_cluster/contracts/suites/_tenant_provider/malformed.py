"""TP-IDN-05: contexts with something at the tenant's place that is no text."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised, Refused
from ...engine.show import show
from .._sweep import sweep
from .contexts import at, replaced
from .world import World

clauses = Catalogue()


@clauses.must(
    "TP-IDN-05",
    reason="a crafted request must not end up as another tenant, and core passes the answer on as "
    "a str",
    fix="check isinstance(value, str) before answering with it; anything else is no tenant",
)
def malformed_never_names_another(case: Case) -> None:
    """Malformed values (numbers, bytes, lists, dicts) never yield a non-str, nor another tenant's
    id.
    """
    world = World(case)
    world.require_contexts()
    paths = world.tenant_places()
    if not paths:
        raise world.probe_missing("context_for")
    # Where several places tell the tenant, perhaps in part only: each alone, and all of them.
    spoiled = [[path] for path in paths[:4]] + ([paths] if len(paths) > 1 else [])

    def check(before: list[int | str], which: int, junk: Any) -> None:
        for pick in before:
            world.ask(world.context(world.name(pick)))
        context = world.example_context()
        tenant = (*world.tenants, "acme")[0]
        value = _fill(junk, tenant)
        spots = spoiled[which % len(spoiled)]
        if len(spots) == 1 and type(value) is type(at(context, spots[0])):
            return
        for path in spots:
            context = replaced(context, path, value)
        answer = world.ask(context)
        if answer is None or isinstance(answer, Raised):
            return
        call = f"get_tenant_id({show(context)}) -> {show(answer)}"
        if not isinstance(answer, str):
            kind = type(answer).__name__
            raise Violation(call, f"of type {kind}, where a str or None is expected")
        if answer in _texts_of(value) or not _is_tenant(world, answer):
            return
        if answer == tenant and len(spots) < len(paths):
            return  # the request still names it elsewhere
        raise Violation(call, f"{answer!r} is a tenant, and the request does not name it")

    first = 1 if world.tenants else "globex"
    jobs = [
        {"before": before, "which": which, "junk": junk}
        for before in ([], [first])
        for which in range(len(spoiled))
        for junk in _JUNK
    ]
    sweep(case, check, jobs)
    case.for_all(
        check,
        before=st.lists(world.picks(), max_size=2),
        which=st.integers(0, 4),
        junk=st.sampled_from(_JUNK),
        examples=max(5, case.profile.examples // 3),
    )


_TENANT = object()  # stands for a tenant's id
_JUNK: tuple[Any, ...] = (
    0, 1, 17, -1, 3.5, True, False, b"", b"\xff", [], [_TENANT], [_TENANT, _TENANT], (_TENANT,),
    {}, {"$ne": None}, {"$ne": ""}, {"id": _TENANT}, [17], [None], 10**30, float("nan"), None,
    {_TENANT: _TENANT}, [[_TENANT]], "text", bytearray(b"x"),
)  # fmt: skip


def _fill(value: Any, tenant: str) -> Any:
    if value is _TENANT:
        return tenant
    if type(value) is dict:
        return {_fill(key, tenant): _fill(part, tenant) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_fill(part, tenant) for part in value)
    return value


def _texts_of(value: Any) -> set[str]:
    """Give every text that a reader may find in a malformed value."""
    found = {str(value), repr(value), str(value).lower()}
    if isinstance(value, dict):
        for key, part in value.items():
            found |= _texts_of(key) | _texts_of(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            found |= _texts_of(part)
    elif isinstance(value, (bytes, bytearray)):
        found |= {value.decode("latin-1"), value.decode("utf-8", "replace")}
    elif isinstance(value, (bool, float)) and value == value:
        found |= {str(int(value)), str(value).lower()}
    return found


def _is_tenant(world: World, name: str) -> bool:
    """Tell whether a name is a tenant's: a declared one, or one that resolves to itself."""
    if name in world.tenants:
        return True
    if world.tenants or not name.strip():
        return False
    try:
        return bool(world.ask(world.context(name)) == name)
    except Refused:
        return False
