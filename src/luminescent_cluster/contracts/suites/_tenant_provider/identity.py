"""TP-IDN-02 to 04: contexts that name no tenant, or a blank one, or the same one again."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case, Raised, Refused
from ...engine.compare import same
from ...engine.show import show
from .._sweep import sweep
from .contexts import HINTS, ONE_REQUEST, Path, besides, erased, rebuilt, reordered, replaced
from .ids import BLANK
from .world import World

clauses = Catalogue()

_NEUTRAL = st.dictionaries(
    st.sampled_from(("x-request-id", "accept-language", "query", "trace", "retries", "note")),
    st.one_of(st.text(max_size=6), st.integers(0, 9), st.none(), st.just({"nested": ["value"]})),
    max_size=3,
)


@clauses.must(
    "TP-IDN-02",
    reason="health checks and public pages carry no tenant; core asks for every request",
    fix="return None where the context names no tenant: context.get(…), not context[…]",
)
def no_tenant_is_none(case: Case) -> None:
    """A context without a tenant gives None, not an exception."""
    world = World(case)
    given = world.subject.has("anonymous_context")
    if not given:
        world.require_contexts()
        if not world.tenant_places():
            raise world.probe_missing("anonymous_context")

    def check(before: list[int | str], unrelated: dict[str, Any], level: int) -> None:
        for pick in before:
            world.ask(world.context(world.name(pick)))
        if given:
            build = world.subject.probe("anonymous_context")
            context, natural = build(), True
        else:
            paths = world.tenant_places()
            context, natural = erased(world.example_context(), paths, level=level)
        if type(context) is dict:
            context = {**unrelated, **context}
        for _ in range(2):
            answer = world.ask(context)
            if isinstance(answer, Raised) and not natural:
                return  # a shape that this extension may never meet
            if answer is not None:
                told = answer if isinstance(answer, Raised) else f"-> {show(answer)}"
                raise Violation(f"get_tenant_id({show(context)}) {told}", "expected None")

    case.for_all(
        check,
        before=st.lists(world.picks(), max_size=2),
        unrelated=_NEUTRAL,
        level=st.integers(0, 3),
    )
    sweep(case, lambda where, hint: _hinted(world, where, hint), _hints(world))


def _hints(world: World) -> list[dict[str, Any]]:
    """List where in a context which hint can stand: outside, and beside the tenant."""
    inside = {path[:-1] for path in world.tenant_places()[:1] if path}
    return [{"where": where, "hint": hint} for where in sorted({(), *inside}) for hint in HINTS]


def _hinted(world: World, where: Path, hint: tuple[str, Any]) -> None:
    """Nobody's request stays nobody's when it says who the user is, or where it comes from."""
    full = world.example_context()
    key, value = hint
    if besides(full, where, key, value) is None:
        return  # the author's own requests say this
    if world.subject.has("anonymous_context"):
        context = world.subject.probe("anonymous_context")()
    else:
        context, _ = erased(full, world.tenant_places(), level=0)
    try:
        context = besides(context, where, key, value)
    except (LookupError, TypeError):
        return
    answer = None if context is None else world.ask(context)
    if answer is not None and not isinstance(answer, Raised):
        raise Violation(
            f"get_tenant_id({show(context)}) -> {show(answer)}",
            f"{key!r} names no tenant: expected None",
        )


@clauses.must(
    "TP-IDN-03",
    reason="a blank id passed on selects rows without an owner, or everything",
    fix="treat an id that is empty or only white space as no tenant: return None",
)
def blank_is_no_tenant(case: Case) -> None:
    """A blank id is no tenant: the answer is None or a non-blank str."""
    world = World(case)
    world.require_contexts()

    def check(blank: str, before: list[int | str]) -> None:
        for pick in before:
            world.ask(world.context(world.name(pick)))
        context = _with_tenant(world, blank)
        if context is None:
            case.looked()  # nobody can even send a blank id
            return
        for _ in range(2):
            answer = world.ask(context)
            if isinstance(answer, Raised) or answer is None:
                continue
            if not isinstance(answer, str) or not answer.strip():
                raise Violation(
                    f"get_tenant_id({show(context)}) -> {show(answer)}",
                    "expected None, or a str that is not blank",
                )
            if not _stands_in(context, answer):
                raise Violation(
                    f"get_tenant_id({show(context)}) -> {show(answer)}",
                    "the request says nothing of that tenant",
                )

    first = 0 if world.tenants else "acme"
    sweep(case, check, [{"blank": b, "before": before} for b in BLANK for before in ([], [first])])
    case.for_all(check, blank=BLANK, before=st.lists(world.picks(), max_size=2))


def _stands_in(value: Any, text: str) -> bool:
    """Tell whether a context holds a text, in any case and wherever: anything unknown may."""
    if type(value) is dict:
        return any(_stands_in(part, text) for pair in value.items() for part in pair)
    if type(value) in (list, tuple):
        return any(_stands_in(part, text) for part in value)
    if isinstance(value, (bytes, bytearray)):
        value = value.decode("latin-1")
    if isinstance(value, str):
        return text.strip().casefold() in value.casefold()
    return not isinstance(value, (int, float, type(None)))


def _with_tenant(world: World, value: str) -> Any:
    """Give a context with a text at the tenant's place; None where that cannot be sent."""
    try:
        return world.context(value)
    except Refused:
        return None


@clauses.must(
    "TP-IDN-04",
    reason="the same request must not change its tenant with the order of headers or with who came "
    "before",
    fix="derive the id from the context alone; key every cache by all that the id depends on",
)
def equal_contexts_equal_answers(case: Case) -> None:
    """Equal contexts give equal answers, whatever the key order, unrelated keys and earlier
    calls.
    """
    world = World(case)
    world.require_contexts()
    varies = "get_tenant_id" in world.subject.varies
    kinds = ("tenant", "tenant", "tenant", "blank", "none", "malformed")

    def check(steps: list[tuple[str, int | str, bool, dict[str, Any]]], repeat: list[int]) -> None:
        contexts = []
        for kind, pick, backwards, unrelated in steps:
            context = _context_of_kind(world, kind, world.name(pick))
            if context is None:
                continue
            contexts.append((context, backwards, unrelated))
        first = [(context, world.ask(context)) for context, _, _ in contexts]
        for index in repeat:
            if index >= len(contexts):
                continue
            context, backwards, unrelated = contexts[index]
            changed = reordered(context) if backwards else rebuilt(context)
            if unrelated and type(changed) is dict:
                changed = {**unrelated, **changed}
                if not backwards:
                    changed = dict(reversed(list(changed.items())))
            answer = world.ask(changed)
            _agree(first[index][0], first[index][1], changed, answer, bool(unrelated))

    if varies:
        raise Inconclusive("the subject says that get_tenant_id varies, so nothing can be compared")
    sweep(case, check, _entries(world))
    case.for_all(
        check,
        steps=st.lists(
            st.tuples(st.sampled_from(kinds), world.picks(), st.booleans(), _NEUTRAL),
            min_size=1,
            max_size=6,
        ),
        repeat=st.lists(st.integers(0, 5), min_size=1, max_size=8),
    )


def _entries(world: World) -> list[dict[str, Any]]:
    """List what a context can hold besides: one tenant's, and the same in those of two tenants."""
    taken = world.example_context()
    if type(taken) is not dict:
        return []
    tenants: list[int | str] = [0, 1] if world.tenants else ["acme", "globex"]
    jobs = []
    for key, value in HINTS:
        if key in taken:
            continue  # the author's own requests say this
        jobs.append({"steps": [("tenant", tenants[0], False, {key: value})], "repeat": [0]})
        if key not in ONE_REQUEST:
            both = [("tenant", tenant, True, {key: value}) for tenant in tenants]
            jobs.append({"steps": both, "repeat": [0, 1]})
    crowd = {key: value for key, value in HINTS if key not in taken and key not in ONE_REQUEST}
    jobs.append({"steps": [("tenant", t, True, crowd) for t in tenants], "repeat": [0, 1]})
    return jobs


def _agree(context: Any, first: Any, again: Any, answer: Any, more: bool) -> None:
    if isinstance(first, Raised) and isinstance(answer, Raised):
        return
    if isinstance(answer, Raised) and more:
        return  # it does not take the further keys
    if isinstance(first, Raised) or isinstance(answer, Raised) or not same(first, answer):
        shown = [f"{a}" if isinstance(a, Raised) else f"-> {show(a)}" for a in (first, answer)]
        raise Violation(
            f"get_tenant_id({show(context)}) {shown[0]}",
            f"get_tenant_id({show(again)}) {shown[1]}",
            "the contexts agree in all that concerns the tenant",
        )


def _context_of_kind(world: World, kind: str, tenant: str) -> Any:
    if kind == "tenant":
        return world.context(tenant)
    if kind == "blank":
        return _with_tenant(world, "")
    paths = world.tenant_places()
    context = world.example_context()
    if not paths:
        return context
    if kind == "none":
        return erased(context, paths, level=0)[0]
    return replaced(context, paths[0], 17)
