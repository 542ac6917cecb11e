"""Laws of the comparison, on generated signatures, with really performed calls as oracle."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.compat import compare
from luminescent_cluster.contracts.compat.acceptance import accept
from luminescent_cluster.contracts.compat.edition import Edition
from luminescent_cluster.contracts.shapes import (
    Annotation,
    Default,
    Method,
    Parameter,
    Shape,
    Signature,
)

KINDS = [
    "positional-only",
    "positional-or-keyword",
    "var-positional",
    "keyword-only",
    "var-keyword",
]
NAMES = ["a", "b", "c"]
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def signatures(draw: st.DrawFn, hints: bool = False) -> Signature:
    """Draw a signature that Python can compile."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(0, 3))]
    kinds = sorted(
        (
            draw(st.sampled_from(["positional-only", "positional-or-keyword", "keyword-only"]))
            for _ in names
        ),
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


def python(signature: Signature) -> Callable[..., None]:
    """Return a function with that signature."""
    space: dict[str, Any] = {}
    exec(f"def f{signature}: ...", space)
    function: Callable[..., None] = space["f"]
    return function


def calls(names: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield every call with up to five positional arguments and any set of keywords."""
    for count in range(6):
        for size in range(len(names) + 1):
            for keywords in itertools.combinations(names, size):
                yield count, keywords


def takes(function: Callable[..., None], count: int, keywords: tuple[str, ...]) -> bool:
    """Really call, and say whether the interpreter takes it."""
    try:
        function(*range(count), **dict.fromkeys(keywords))
    except TypeError:
        return False
    return True


@quick
@given(signatures(), signatures())
def test_calls_are_judged_as_the_interpreter_does(one: Signature, other: Signature) -> None:
    """A call is rejected exactly where some call of one version does not bind on the other."""
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


def small_signatures() -> Iterator[Signature]:
    """Yield every signature of up to two parameters, each with or without default.

    Positional-only ones are left out: their names are no contract but show a swap, and being no
    swap is not transitive.
    """
    kinds = ("positional-or-keyword", "keyword-only")
    choices = [
        Parameter(name, kind, default, Annotation(hint))
        for name in ("a", "b")
        for kind in kinds
        for default in (None, Default("0"))
        for hint in ("int", "object")
    ]
    yield Signature()
    for one in choices:
        yield Signature((one,))
    for one, other in itertools.permutations(choices, 2):
        in_order = KINDS.index(one.kind) <= KINDS.index(other.kind)
        optional_first = one.default and not other.default and other.kind != "keyword-only"
        if one.name != other.name and in_order and not optional_first:
            yield Signature((one, other))


def test_acceptance_is_transitive() -> None:
    """What serves callers of B, where B serves callers of A, serves callers of A."""
    editions = [edition(s) for s in small_signatures()]
    accepted = [
        {i for i, given in enumerate(editions) if not accept(given, wanted)} for wanted in editions
    ]
    assert sum(map(len, accepted)) > 2 * len(editions)
    for first, serving in enumerate(accepted):
        for second in serving:
            assert accepted[second] <= serving, (editions[first], editions[second])


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
