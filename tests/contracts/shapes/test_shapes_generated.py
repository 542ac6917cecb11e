"""Generated pairs of protocol and implementation; really performed calls are the oracle."""

from __future__ import annotations

import functools
import itertools
import os
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.shapes import accepts

EXAMPLES = 3000 if os.environ.get("LUMINESCENT_THOROUGH") else 120
NAMES = ["a", "b", "c", "d", "e"]
POSITIONAL_ONLY, ORDINARY, NAMED = range(3)


@dataclass(frozen=True)
class Param:
    """One ordinary parameter; ``default`` None means required."""

    name: str
    kind: int
    default: int | None


@dataclass(frozen=True)
class Sig:
    """A signature as generated."""

    params: tuple[Param, ...]
    rest: str | None
    options: str | None

    def text(self) -> str:
        """Return the parameter list as source."""
        parts = ["self"]
        kinds = [p.kind for p in self.params]
        for at, p in enumerate(self.params):
            if p.kind == NAMED and (at == 0 or kinds[at - 1] != NAMED) and not self.rest:
                parts.append("*")
            elif p.kind == NAMED and (at == 0 or kinds[at - 1] != NAMED):
                parts.append(f"*{self.rest}")
            parts.append(p.name if p.default is None else f"{p.name}={p.default}")
            last = at + 1 == len(kinds) or kinds[at + 1] != POSITIONAL_ONLY
            if p.kind == POSITIONAL_ONLY and last:
                parts.append("/")
        if self.rest and NAMED not in kinds:
            parts.append(f"*{self.rest}")
        if self.options:
            parts.append(f"**{self.options}")
        return ", ".join(parts)


def legal(sig: Sig) -> Sig:
    """Order parameters by kind, and make defaults follow Python's rule."""
    params = sorted(sig.params, key=lambda p: p.kind)
    seen, result = False, []
    for p in params:
        if p.kind != NAMED:
            seen = seen or p.default is not None
            if seen and p.default is None:
                p = replace(p, default=0)
        result.append(p)
    return replace(sig, params=tuple(result))


params = st.builds(
    Param,
    st.sampled_from(NAMES),
    st.sampled_from([POSITIONAL_ONLY, ORDINARY, ORDINARY, ORDINARY, NAMED]),
    st.sampled_from([None, None, 0, 1]),
)
sigs = st.builds(
    Sig,
    st.lists(params, max_size=4, unique_by=lambda p: p.name).map(tuple),
    st.sampled_from([None, None, None, "args", "more"]),
    st.sampled_from([None, None, None, "kwargs", "options"]),
).map(legal)


@st.composite
def variations(draw: Any, sig: Sig) -> Sig:
    """Draw an implementation near the protocol: most random pairs are hopeless."""
    items = list(sig.params)
    for _ in range(draw(st.integers(0, 2))):
        change = draw(st.integers(0, 6))
        at = draw(st.integers(0, len(items) - 1)) if items else 0
        if change == 0 and items:
            del items[at]
        elif change == 1:
            items.insert(at, draw(params))
        elif change == 2 and items:
            items[at] = replace(items[at], default=draw(st.sampled_from([None, 0, 1])))
        elif change == 3 and items:
            items[at] = replace(items[at], kind=draw(st.sampled_from([0, 1, 2])))
        elif change == 4 and items:
            items[at] = replace(items[at], name=draw(st.sampled_from([*NAMES, "z"])))
        elif change == 5 and len(items) > 1:
            items[at], items[at - 1] = items[at - 1], items[at]
        else:
            sig = replace(
                sig,
                rest=draw(st.sampled_from([sig.rest, "args", None])),
                options=draw(st.sampled_from([sig.options, "kwargs", None])),
            )
    unique = {p.name: p for p in items}
    return legal(replace(sig, params=tuple(unique.values())))


pairs = sigs.flatmap(lambda s: st.tuples(st.just(s), st.one_of(variations(s), variations(s), sigs)))


def transparent(fn):
    """Hand on."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


def silent(fn):
    """Hand on without ``__wrapped__``."""

    def wrapper(self, *args, **kwargs):
        return fn(self, *args, **kwargs)

    return wrapper


def injecting(fn):
    """Supply one keyword that the protocol does not know."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs, z=0)

    return wrapper


class Delegate:
    """Everything through ``__getattr__``."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)


class Forwarder:
    """Everything through one method that takes anything."""

    def __init__(self, inner):
        self._inner = inner

    def f(self, *args, **kwargs):
        return self._inner.f(*args, **kwargs)


def make(protocol: Sig, implementation: Sig, style: int) -> tuple[Any, Any]:
    """Return protocol class and implementation instance; its method returns its arguments."""
    space: dict[str, Any] = {"Protocol": Protocol}
    exec(f"class P(Protocol):\n    def f({protocol.text()}): ...", space)
    exec(f"def f({implementation.text()}):\n    return dict(locals())", space)
    decorate = {1: transparent, 2: silent, 3: injecting}.get(style, lambda fn: fn)
    if style == 4:
        instance: Any = type("I", (), {"f": functools.partialmethod(space["f"])})()
    else:
        instance = type("I", (), {"f": decorate(space["f"])})()
    if style == 5:
        instance = Delegate(instance)
    if style == 6:
        instance = Forwarder(instance)
    return space["P"], instance


class Token:
    """An argument that can be told apart from all others."""

    def __init__(self, name: str, how: str):
        self.name = name
        self.how = how


def calls(sig: Sig) -> Any:
    """Yield every call which the signature permits, by brute force."""
    positional = [p for p in sig.params if p.kind != NAMED]
    named = [p for p in sig.params if p.kind == NAMED]
    for count in range(len(positional) + 1):
        tail = positional[count:]
        if any(p.kind == POSITIONAL_ONLY and p.default is None for p in tail):
            continue
        free = [p for p in tail if p.kind == ORDINARY] + named
        may = [p for p in free if p.default is not None]
        for size in range(len(may) + 1):
            for chosen in itertools.combinations(may, size):
                head = [
                    Token(p.name, "only" if p.kind == POSITIONAL_ONLY else "position")
                    for p in positional[:count]
                ]
                given = {
                    p.name: Token(p.name, "keyword")
                    for p in free
                    if p.default is None or p in chosen
                }
                yield head, given
                if sig.options:
                    yield head, {**given, "surprise": Token("surprise", "option")}
                    for p in sig.params:
                        if p.kind == POSITIONAL_ONLY:
                            yield head, {**given, p.name: Token(p.name, "option")}
                if sig.rest and not tail:
                    for extra in (1, 2, 3, 12):
                        yield [*head, *(Token("*", "rest") for _ in range(extra))], given


def verdict(protocol: Sig, implementation: Sig, instance: Any) -> str:
    """Return what really calling says: ``""`` when all is well."""
    only = {p.name for p in implementation.params if p.kind == POSITIONAL_ONLY}
    named_only = {p.name for p in implementation.params if p.kind == NAMED}
    past = {"keyword": only, "position": named_only}  # what *args and **kwargs swallow
    for head, named in calls(protocol):
        try:
            landed = instance.f(*head, **named)
        except TypeError as error:
            return f"refused: {error}"
        for token in (*head, *named.values()):
            place = next((n for n, v in landed.items() if v is token), None)
            if token.how == "only" and place and changed_places(token, place, protocol, landed):
                return f"{token.name} landed in {place}, which is another's name"
            if place is None and token.name in past.get(token.how, ()):
                return f"{token.name} passes by the parameter of its name"
            if place is None or token.how in ("only", "option") or place == token.name:
                continue
            if place in only and (token.how == "rest" or implementation.options):
                continue
            return f"{token.name} landed in {place}"
        for p in protocol.params:
            if (
                p.kind == POSITIONAL_ONLY
                or p.default is None
                or p.name in landed_names(head, named)
            ):
                continue
            if p.name in only and not same_place(p, protocol, implementation):
                continue  # a parameter of that name which this argument never reaches
            if p.name in landed and not isinstance(landed[p.name], (tuple, dict)):
                value = landed[p.name]
                if not isinstance(value, Token) and value != p.default:
                    return f"default of {p.name}"
    return positional_defaults(protocol, implementation)


def changed_places(token: Token, place: str, protocol: Sig, landed: dict[str, Any]) -> bool:
    """Return True when positional-only arguments are taken for each other."""
    names = [p.name for p in protocol.params if p.kind == POSITIONAL_ONLY]
    slots = [n for n in landed if n != "self"]
    if place == token.name or place not in names or token.name not in slots:
        return False
    return slots.index(token.name) < len(names)


def same_place(param: Param, protocol: Sig, implementation: Sig) -> bool:
    """Return True when a parameter has the same position on both sides."""
    places = [[p.name for p in sig.params if p.kind != NAMED] for sig in (protocol, implementation)]
    return all(param.name in names for names in places) and (
        places[0].index(param.name) == places[1].index(param.name)
    )


def landed_names(head: Any, given: Any) -> set[str]:
    """Return the protocol's parameters for which the call gives an argument."""
    return {t.name for t in head} | {t.name for t in given.values()}


def positional_defaults(protocol: Sig, implementation: Sig) -> str:
    """Compare the defaults of positional-only parameters by place."""
    mine = [p for p in implementation.params if p.kind != NAMED]
    for at, p in enumerate(p for p in protocol.params if p.kind != NAMED):
        if p.kind != POSITIONAL_ONLY or p.default is None or at >= len(mine):
            continue
        if mine[at].default is not None and mine[at].default != p.default:
            return f"default of {p.name}"
    return ""


@pytest.mark.parametrize("style", range(7))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(pair=pairs)
def test_answer_agrees_with_really_calling(style, pair):
    """No false accept and no false reject, plainly and behind every kind of wrapper."""
    protocol, implementation = pair
    answerer, instance = make(protocol, implementation, style)
    wrong = verdict(protocol, implementation, instance)
    answer = accepts(instance, answerer)
    event("refused" if wrong else "accepted")
    assert answer.ok == (not wrong), (
        f"protocol f({protocol.text()}), implementation f({implementation.text()}): "
        f"calling says {wrong or 'fine'}, accepts() says {answer}"
    )


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(sig=sigs)
def test_every_signature_satisfies_itself(sig):
    """Reflexivity, also for variadics and positional-only parameters."""
    protocol, instance = make(sig, sig, 0)
    assert accepts(instance, protocol).ok


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(pair=pairs)
def test_witness_of_a_refusal_is_a_call_that_really_fails(pair):
    """The witness is source that raises TypeError when it is run."""
    protocol, implementation = pair
    answerer, instance = make(protocol, implementation, 0)
    for rejection in accepts(instance, answerer).rejections:
        if rejection.clause_id in ("SIG-02", "DEF-01", "DEF-03"):
            with pytest.raises(TypeError):
                eval(rejection.witness, {"f": instance.f})
