"""Overloaded methods: which overload a call gets on either side, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luminescent_cluster.contracts.shapes import Method, Signature
from luminescent_cluster.extensions._calls.calls import Call

from .calls import calls_between, put
from .defaults import equal_defaults
from .flows import result_term
from .refusals import refusal
from .rejections import Rejection, Use
from .signatures import hint_of, signatures_of
from .subtyping import Relation
from .terms import ANY, Scope, Term, UnionTerm, union_of

__all__ = ["check_overloads"]

_MOST_SPLITS = 32


def check_overloads(
    wanted: Method,
    given: Method,
    wanted_scope: Scope,
    given_scope: Scope,
    relation: Relation,
    *,
    results: bool,
) -> Iterator[Rejection]:
    """Yield the calls of any overload of ``wanted`` that ``given`` does not serve.

    A call is resolved as a type checker does: the first overload that takes its arguments decides
    about the result; an argument of a union type is tried alternative by alternative.
    """
    name = wanted.name
    mine, theirs = signatures_of(wanted), signatures_of(given)
    resolver = _Resolver(given, theirs, given_scope, relation)
    own = _Resolver(wanted, mine, wanted_scope, relation.opened(wanted_scope.side))
    blamed: set[object] = set()
    for at, signature in enumerate(mine):
        for call in _calls(signature, theirs):
            outcomes = [put(call, signature, other) for other in theirs]
            if not any(o.accepted for o in outcomes):
                rejection = refusal(name, call, outcomes[0], at, signature)
                if (at, rejection.parameters) not in blamed:
                    blamed.add((at, rejection.parameters))
                    yield rejection
                continue
            yield from _defaults(name, call, at, signature, theirs, blamed)
            for sent in _argument_types(call, signature, wanted_scope, resolver):
                expected = own.result(call, signature, sent)
                answer = resolver.result(call, signature, sent)
                use = Use("call", name, call, at, tuple(enumerate(sent)))
                if answer is None:
                    if (at, "types") not in blamed:
                        blamed.add((at, "types"))
                        reason = f"no overload takes ({', '.join(map(str, sent))})"
                        blame = tuple(a.name for a in call.arguments)
                        yield Rejection(name, "parameter-hint", "type checker", use, reason, blame)
                elif (
                    results
                    and expected is not None
                    and (at, "result") not in blamed
                    and not relation.fork().fits(answer, expected)
                ):
                    blamed.add((at, "result"))
                    reason = f"it gives {answer}, not {expected}"
                    yield Rejection(name, "result-hint", "type checker", use, reason)


def _calls(signature: Signature, others: Sequence[Signature]) -> Iterator[Call]:
    seen = set()
    for other in others:
        for call in calls_between(signature, other):
            key = (len(call.positional), frozenset(a.keyword for a in call.keywords))
            if key not in seen:
                seen.add(key)
                yield call


def _argument_types(
    call: Call, signature: Signature, scope: Scope, resolver: _Resolver
) -> Iterator[tuple[Term, ...]]:
    declared = tuple(hint_of(a.parameter, scope) for a in call.arguments)
    seen = {declared}
    yield declared
    for other in resolver.signatures:
        outcome = put(call, signature, other)
        if not outcome.accepted:
            continue
        narrower = tuple(
            _narrowed(hint_of(outcome.places[a], resolver.scope), d, resolver.relation)
            for a, d in zip(call.arguments, declared, strict=True)
        )
        if narrower not in seen:
            seen.add(narrower)
            yield narrower


def _narrowed(term: Term, declared: Term, relation: Relation) -> Term:
    fits = term is not ANY and declared is not ANY and relation.fork().fits(term, declared)
    return term if fits and not _open(term, relation) else declared


def _open(term: Term, relation: Relation) -> bool:
    return relation.fork().fill(term) != term


class _Resolver:
    """Resolves calls against the overloads of one side."""

    def __init__(
        self, method: Method, signatures: tuple[Signature, ...], scope: Scope, relation: Relation
    ) -> None:
        self.method = method
        self.signatures = signatures
        self.scope = scope
        self.relation = relation

    def result(self, call: Call, wanted: Signature, sent: tuple[Term, ...]) -> Term | None:
        """Return the type of the call's result; None where no overload takes the arguments."""
        for signature in self.signatures:
            outcome = put(call, wanted, signature)
            if not outcome.accepted:
                continue
            relation = self.relation.fork()
            taken = [hint_of(outcome.places[a], self.scope) for a in call.arguments]
            if all(relation.fits(s, t) for s, t in zip(sent, taken, strict=True)):
                return relation.fill(result_term(self.method, signature, self.scope))
        return self._split(call, wanted, sent)

    def _split(self, call: Call, wanted: Signature, sent: tuple[Term, ...]) -> Term | None:
        for at, term in enumerate(sent):
            if isinstance(term, UnionTerm) and len(term.items) <= _MOST_SPLITS:
                results = [
                    self.result(call, wanted, (*sent[:at], item, *sent[at + 1 :]))
                    for item in term.items
                ]
                found = tuple(r for r in results if r is not None)
                if len(found) == len(results):
                    return union_of(found)
                return None
        return None


def _defaults(
    name: str,
    call: Call,
    at: int,
    signature: Signature,
    others: Sequence[Signature],
    blamed: set[object],
) -> Iterator[Rejection]:
    given = {a.name for a in call.arguments}
    for parameter in signature.parameters:
        mine = parameter.default
        if mine is None or parameter.name in given or (at, parameter.name) in blamed:
            continue
        found = [
            p.default
            for other in others
            if put(call, signature, other).accepted
            for p in other.parameters
            if p.name == parameter.name and p.default is not None
        ]
        # Overloads often write `...` for the implementation's default.
        known = [d for d in found if d.text != "..."]
        if known and not any(equal_defaults(mine, d) for d in known):
            blamed.add((at, parameter.name))
            reason = f"omitting {parameter.name} means {known[0].text}, not {mine.text}"
            use = Use("call", name, call, at)
            yield Rejection(name, "default", "run time", use, reason, (parameter.name,))
