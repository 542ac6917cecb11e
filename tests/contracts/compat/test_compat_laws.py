"""Laws of the comparison, on generated signatures, with really performed calls as oracle."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.compat import compare
from luminescent_cluster.contracts.compat.acceptance import accept
from luminescent_cluster.contracts.compat.edition import Edition
from luminescent_cluster.contracts.shapes import Annotation, Default, Method, Parameter, Shape, Signature

KINDS = ["positional-only", "positional-or-keyword", "var-positional", "keyword-only", "var-keyword"]
NAMES = ["a", "b", "c"]
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def signatures(draw: st.DrawFn, hints: bool = False) -> Signature:
    """Draw a signature that Python can compile."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(0, 3))]
    kinds = sorted(
        (draw(st.sampled_from(["positional-only", "positional-or-keyword", "keyword-only"])) for _ in names),
        key=KINDS.index,
    )
    parameters = []
    optional = False
    for name, kind in zip(names, kinds, strict=True):
        wanted = draw(st.booleans())
        optional = (optional and kind != "keyword-only") or wanted
        default = Default(draw(st.sampled_from(["0", "1"]))) if optional else None
        hint = Annotation(draw(st.sampled_from(["int", "bool", "object"]))) if hints else None
        parameters.append(Parameter(name, kind, default, hint))
        if kind == "keyword-only":
            optional = False
    if draw(st.booleans()) and draw(st.booleans()):
        parameters.append(Parameter("args", "var-positional"))
    if draw(st.booleans()) and draw(st.booleans()):
        parameters.append(Parameter("kwargs", "var-keyword"))
    parameters.sort(key=lambda p: KINDS.index(p.kind))
    return Signature(tuple(parameters))


def edition(signature: Signature) -> Edition:
    """Return a protocol of one method."""
    return Edition(Shape("P", (Method("f", signature),)))


def python(signature: Signature) -> inspect.Signature:
    """Return the same signature as the interpreter's own kind."""
    space: dict[str, object] = {}
    exec(f"def f{signature}: ...", space)
    return inspect.signature(space["f"])  # type: ignore[arg-type]


def calls(names: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield every call with up to five positional arguments and any set of keywords."""
    for count in range(6):
        for size in range(len(names) + 1):
            for keywords in itertools.combinations(names, size):
                yield count, keywords


def takes(signature: inspect.Signature, count: int, keywords: tuple[str, ...]) -> bool:
    """Ask the interpreter whether a call binds."""
    try:
        signature.bind(*range(count), **dict.fromkeys(keywords))
    except TypeError:
        return False
    return True


@quick
@given(signatures(), signatures())
def test_calls_are_judged_as_the_interpreter_does(one: Signature, other: Signature) -> None:
    """A call rejection is found exactly where some call of one version does not bind on the other."""
    names = [*NAMES, "unknown"]
    left, right = python(one), python(other)
    broken = any(takes(left, *call) and not takes(right, *call) for call in calls(names))
    found = [r for r in accept(edition(other), edition(one)) if r.aspect == "call"]
    assert bool(found) == broken, (str(one), str(other), found)


@quick
@given(signatures(hints=True))
def test_a_version_accepts_itself(one: Signature) -> None:
    """Reflexive."""
    assert accept(edition(one), edition(one)) == []
    assert compare(edition(one), edition(one)).bump is None


@quick
@given(signatures(hints=True), signatures(hints=True), signatures(hints=True))
def test_acceptance_is_transitive(a: Signature, b: Signature, c: Signature) -> None:
    """What serves callers of B, where B serves callers of A, serves callers of A."""
    first, second, third = map(edition, (a, b, c))
    assume(not accept(second, first) and not accept(third, second))
    assert accept(third, first) == []


@quick
@given(signatures(hints=True), signatures(hints=True))
def test_every_finding_is_confirmed(one: Signature, other: Signature) -> None:
    """No finding is dropped: what acceptance rejects, stand-ins reject when it is performed."""
    old, new = edition(one), edition(other)
    found = compare(old, new)
    assert found.breaks_implementers == bool(accept(old, new, sides=(0, 1)))
    assert found.breaks_callers == bool(accept(new, old, sides=(1, 0)))


@quick
@given(signatures(hints=True), signatures(hints=True))
def test_who_implements_one_way_calls_the_other_way(one: Signature, other: Signature) -> None:
    """Symmetric roles."""
    forth, back = compare(edition(one), edition(other)), compare(edition(other), edition(one))
    assert forth.breaks_implementers == back.breaks_callers
    assert forth.breaks_callers == back.breaks_implementers


RANK = {None: 0, "PATCH": 1, "MINOR": 2, "MAJOR": 3}


@quick
@given(st.lists(st.sampled_from(["required", "optional", "doc"]), min_size=2, max_size=4))
def test_bumps_add_up_where_nothing_is_taken_back(steps: list[str]) -> None:
    """From A to C takes at least the greater of the steps on the way."""
    members: list[Method] = [Method("m0")]
    doc = ""
    editions = [Edition(Shape("P", tuple(members)))]
    for at, step in enumerate(steps, 1):
        if step == "doc":
            doc += "."
        else:
            members.append(Method(f"m{at}", has_body=step == "optional"))
        editions.append(Edition(Shape("P", tuple(members), doc=doc)))
    whole = compare(editions[0], editions[-1]).bump
    parts = [compare(a, b).bump for a, b in itertools.pairwise(editions)]
    assert RANK[whole] == max(RANK[part] for part in parts)
