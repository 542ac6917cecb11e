"""One direction of compatibility: does what was built for one version serve callers of another?

Implementers of the old version meet callers of the new one, and callers of the old version meet
implementers of the new one. Both are the same question with the roles exchanged, so there is one
answer: every use that the demanded version permits is put to a provider which takes exactly what
its own version permits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from luminescent_cluster.contracts.shapes import Attribute, Method
from luminescent_cluster.extensions._calls.calls import permitted_calls
from luminescent_cluster.extensions._calls.model import Member

from .attributes import attribute_term, check_attribute
from .edition import Edition
from .flows import result_term
from .methods import check_method
from .nested import nested_edition
from .rejections import Rejection, Use
from .signatures import hint_of, signatures_of
from .subtyping import Relation
from .terms import ANY, CallableTerm, Named, Scope, scope_of

__all__ = ["accept"]


def accept(
    provider: Edition,
    demander: Edition,
    served: frozenset[str] = frozenset(),
    *,
    sides: tuple[int, int] = (0, 1),
    implementation: bool = False,
) -> list[Rejection]:
    """Return every use that ``demander`` permits and an implementer of ``provider`` rejects.

    Args:
        provider: what the implementation was built for; it does this and nothing more.
        demander: what callers believe they have.
        served: members for which the newer protocol carries a default, so that nobody has to
            have them.
        sides: 0 for the older of the two versions and 1 for the newer, provider first.
        implementation: the provider is a class that implements, so it has what it has.
    """
    given_scope, wanted_scope = scope_of(provider, sides[0]), scope_of(demander, sides[1])
    relation = Relation(sides[0], protocol_fits)
    may_lack = frozenset() if implementation else provider.optional_names()
    return list(_members(provider, demander, given_scope, wanted_scope, relation, served, may_lack))


def _members(
    provider: Edition,
    demander: Edition,
    given_scope: Scope,
    wanted_scope: Scope,
    relation: Relation,
    served: frozenset[str],
    may_lack: frozenset[str],
) -> Iterator[Rejection]:
    # Where nothing around differs, equal members accept each other.
    settled = (
        given_scope.same_names(wanted_scope)
        and provider.shape.type_parameters == demander.shape.type_parameters
        and provider.name == demander.name
    )
    for name, wanted in sorted(demander.members.items()):
        given = provider.shape.member(name)
        if given is None or name in may_lack:
            if name not in served:
                yield Rejection(
                    name, "missing", "run time", _first_use(wanted), f"it has no {name}"
                )
                continue
            if given is None:
                continue
        if settled and wanted == given:
            continue
        yield from check_member(wanted, given, wanted_scope, given_scope, relation)


def check_member(
    wanted: Member, given: Member, wanted_scope: Scope, given_scope: Scope, relation: Relation
) -> Iterator[Rejection]:
    """Yield why a member as ``given`` does not serve callers who know it as ``wanted``."""
    if isinstance(wanted, Attribute) and isinstance(given, Attribute):
        yield from check_attribute(wanted, given, wanted_scope, given_scope, relation)
    elif isinstance(wanted, Method) and isinstance(given, Method):
        yield from check_method(wanted, given, wanted_scope, given_scope, relation)
    elif isinstance(wanted, Attribute) and isinstance(given, Method):
        yield from _method_as_attribute(wanted, given, wanted_scope, given_scope, relation)
    elif isinstance(given, Attribute) and isinstance(wanted, Method):
        yield from _attribute_as_method(wanted, given, wanted_scope, given_scope, relation)


def _first_use(member: Member) -> Use:
    if isinstance(member, Method):
        return Use("call", member.name, permitted_calls(signatures_of(member)[0])[0])
    return Use("read", member.name)


def callable_term(method: Method, scope: Scope) -> CallableTerm:
    """Return the type of a bound method, for callers who pass arguments by position."""
    signature = signatures_of(method)[0]
    parameters = tuple(hint_of(p, scope) for p in signature.parameters if p.positional)
    variadic = any(p.variadic for p in signature.parameters)
    return CallableTerm(None if variadic else parameters, result_term(method, signature, scope))


def _method_as_attribute(
    wanted: Attribute, given: Method, wanted_scope: Scope, given_scope: Scope, relation: Relation
) -> Iterator[Rejection]:
    term = attribute_term(wanted, wanted_scope)
    name = wanted.name
    if term is ANY or isinstance(term, CallableTerm):
        if not relation.fork().fits(callable_term(given, given_scope), term):
            reason = f"{name} is a method {callable_term(given, given_scope)}, not {term}"
            yield Rejection(name, "attribute-hint", "type checker", Use("read", name), reason)
        if wanted.settable:
            use = Use("write", name, value=term)
            yield Rejection(name, "read-only", "type checker", use, f"{name} is a method")
        return
    reason = f"{name} is a method: reading it gives the method, not {term}"
    yield Rejection(name, "kind", "run time", Use("read", name), reason)


def _attribute_as_method(
    wanted: Method, given: Attribute, wanted_scope: Scope, given_scope: Scope, relation: Relation
) -> Iterator[Rejection]:
    term = attribute_term(given, given_scope)
    name = wanted.name
    use = _first_use(wanted)
    if term is ANY:
        value = given_scope.edition.values.get(name, "") if given_scope.edition else ""
        if _is_literal(value):
            reason = f"{name} is {value}, which is not called"
            yield Rejection(name, "kind", "run time", use, reason)
        return
    if not isinstance(term, CallableTerm):
        yield Rejection(name, "kind", "run time", use, f"{name} is {term}, which is not called")
        return
    signature = signatures_of(wanted)[0]
    if term.parameters is not None and any(
        not c.positional and c.keywords for c in permitted_calls(signature)
    ):
        keyword = next(c for c in permitted_calls(signature) if c.keywords)
        by_keyword = Use("call", name, keyword)
        reason = f"{name} is {term}, which has no names for its arguments"
        yield Rejection(name, "call", "type checker", by_keyword, reason)
    if not relation.fork().fits(term, callable_term(wanted, wanted_scope)):
        reason = f"{name} is {term}, not {callable_term(wanted, wanted_scope)}"
        yield Rejection(name, "parameter-hint", "type checker", use, reason)


def _methods_of(edition: Edition, given: Edition) -> Edition:
    # A decorator of the class, such as dataclass, may make special methods that no text shows.
    methods = tuple(
        m
        for m in edition.shape.members
        if isinstance(m, Method) and (not m.name.startswith("__") or given.shape.member(m.name))
    )
    return replace(edition, shape=replace(edition.shape, members=methods))


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True


def protocol_fits(left: Named, right: Named, relation: Relation) -> bool:
    """Return True when a value of the left type has all that the right protocol asks for.

    Of an ordinary class only the methods count: where its data is kept, its text does not tell.
    """
    demander = nested_edition(right)
    provider = nested_edition(left)
    if demander is None:
        return True
    if provider is None:
        return False
    one, other = demander
    given, given_scope = provider
    if right.definition is not None and right.definition.kind != "protocol":
        one = _methods_of(one, given)
    served = one.optional_names()
    found = _members(given, one, given_scope, other, relation.fork(), served, frozenset())
    return next(iter(found), None) is None
