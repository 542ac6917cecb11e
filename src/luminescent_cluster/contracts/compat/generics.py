"""What callers may write of a generic protocol's type parameters, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from luminescent_cluster.contracts.shapes import TypeParameter

from .acceptance import protocol_fits
from .edition import Definition, Edition
from .hint_reader import parse
from .protocol_witnesses import perform
from .rejections import Aspect, Rejection, TypeArgument, Use
from .subtyping import Relation
from .terms import OBJECT, Named, Scope, Term, UnionTerm, scope_of
from .type_arguments import limits_of, own_letters

__all__ = ["check_generics"]

Direction = Literal["implementers", "callers"]

_BOTH: Final[tuple[Direction, ...]] = ("implementers", "callers")
_CALLERS: Final[tuple[Direction, ...]] = ("callers",)
# No class can be derived from these.
_FINAL: Final = frozenset({"bool", "None"})

Arguments = tuple[TypeArgument, ...]


class _Trial(NamedTuple):
    """A use that the old version allows, and what it is about."""

    aspect: Aspect
    parameters: tuple[str, ...]
    use: Use
    directions: tuple[Direction, ...] = _BOTH


def check_generics(old: Edition, new: Edition) -> list[tuple[Direction, Rejection]]:
    """Return who breaks when the type parameters of a protocol change, or ``isinstance`` goes.

    ``P[int]`` written for the old version must still mean something; what was interchangeable by
    variance must stay so; what was allowed by a bound must stay allowed. The uses at the edge of
    what the old version allows are put to the new one.
    """
    found: list[tuple[Direction, Rejection]] = []
    if (old.shape.type_parameters, old.definitions) != (
        new.shape.type_parameters,
        new.definitions,
    ):
        found += _check(old, new)
    if old.runtime_checkable and not new.runtime_checkable:
        reason = f"isinstance(extension, {new.name}) is refused"
        found.append(("callers", Rejection("", "isinstance", "run time", Use("read", ""), reason)))
    return found


def _check(old: Edition, new: Edition) -> Iterator[tuple[Direction, Rejection]]:
    told: set[tuple[Aspect, tuple[str, ...]]] = set()
    for trial in _trials(old, new):
        if (trial.aspect, trial.parameters) in told or perform(trial.use, old, 0) is not None:
            continue
        failure = perform(trial.use, new, 1)
        if failure is None:
            continue
        if failure.level == "run time":
            trial = trial._replace(aspect="type-arguments")
        elif trial.aspect == "variance" and failure.aspect != "variance":
            continue  # the bound of it is another trial's
        told.add((trial.aspect, trial.parameters))
        for direction in trial.directions:
            yield (
                direction,
                Rejection(
                    "", trial.aspect, failure.level, trial.use, failure.reason, trial.parameters
                ),
            )


def _trials(old: Edition, new: Edition) -> Iterator[_Trial]:
    """Yield uses at the edge of what the old version allows; those that fail most plainly first."""
    parameters = old.shape.type_parameters
    if not parameters:
        return  # nothing can be written between brackets
    scope = scope_of(old, 0)
    plain = tuple(_first(p, scope) for p in parameters)
    names = tuple(p.name for p in parameters)
    yield _Trial("type-arguments", names, Use("fill", "", filling=plain))
    yield from _counts(parameters, plain, names)
    for at, parameter in enumerate(parameters):
        if parameter.kind != "TypeVar":
            continue
        limits = limits_of(parameter, scope)
        for item in [*limits, *_subclass(limits, parameter, scope)]:
            filling = _at(plain, at, item)
            yield _Trial("bound", (parameter.name,), Use("fill", "", filling=filling))
    yield from _exchanges(old, new, plain, scope)
    yield from _left_out(parameters, plain, scope)


def _first(parameter: TypeParameter, scope: Scope) -> TypeArgument:
    if parameter.kind == "ParamSpec":
        return (Named("int"),)
    if parameter.kind == "TypeVarTuple" or not (parameter.constraints or parameter.bound):
        return Named("int")
    return limits_of(parameter, scope)[0]


def _counts(
    parameters: tuple[TypeParameter, ...], plain: Arguments, names: tuple[str, ...]
) -> Iterator[_Trial]:
    needed = [a for a, p in zip(plain, parameters, strict=True) if not p.default]
    if needed and len(needed) < len(plain):
        yield _Trial("type-arguments", names, Use("fill", "", filling=tuple(needed)))
    for at, parameter in enumerate(parameters):
        if parameter.kind == "TypeVarTuple":
            more = (*plain[:at], Named("int"), Named("str"), *plain[at + 1 :])
            yield _Trial("type-arguments", names, Use("fill", "", filling=more))


def _exchanges(old: Edition, new: Edition, plain: Arguments, scope: Scope) -> Iterator[_Trial]:
    """Yield uses of one filling where another is asked for, as the declared variance allows."""
    letters = own_letters(old, 0)
    others = new.shape.type_parameters
    for at, parameter in enumerate(old.shape.type_parameters):
        other = others[at] if at < len(others) else None
        # Nobody declared anything; what the members say is judged with the members.
        silent = parameter.variance == "inferred" and other and other.variance == "inferred"
        if parameter.kind != "TypeVar" or letters[at] == "=" or silent:
            continue
        for narrow, wide in _pairs(parameter, scope):
            given, asked = (narrow, wide) if letters[at] == "+" else (wide, narrow)
            use = Use("take", "", filling=_at(plain, at, given), asked=_at(plain, at, asked))
            yield _Trial("variance", (parameter.name,), use, _CALLERS)


def _left_out(
    parameters: tuple[TypeParameter, ...], plain: Arguments, scope: Scope
) -> Iterator[_Trial]:
    """Yield uses of a filling that leaves arguments to their defaults, as what these are."""
    needed = tuple(a for a, p in zip(plain, parameters, strict=True) if not p.default)
    filled = tuple(
        parse(p.default, scope) if p.default else a for a, p in zip(plain, parameters, strict=True)
    )
    if len(needed) < len(plain) and all(p.kind == "TypeVar" for p in parameters):
        names = tuple(p.name for p in parameters if p.default)
        yield _Trial("type-default", names, Use("take", "", filling=needed, asked=filled), _CALLERS)


def _pairs(parameter: TypeParameter, scope: Scope) -> Iterator[tuple[Term, Term]]:
    """Yield types that a parameter takes, each a subclass of the other."""
    limits = limits_of(parameter, scope)
    relation = Relation(scope.side, protocol_fits)
    if not parameter.constraints:
        narrow = [Named("int")] if limits == [OBJECT] else _subclass(limits, parameter, scope)
        yield from ((item, limits[0]) for item in narrow)
        return
    for one in limits:
        for other in limits:
            if one != other and relation.fits(one, other):
                yield one, other


def _subclass(limits: list[Term], parameter: TypeParameter, scope: Scope) -> list[Term]:
    """Return a class of the user's own below a bound, where there can be one."""
    items = limits[0].items if isinstance(limits[0], UnionTerm) else (limits[0],)
    base = next((i for i in items if isinstance(i, Named) and i.name not in _FINAL), None)
    if parameter.constraints or base is None:
        return []
    last = base.name.rpartition(".")[2]
    name = f"Sub{last[:1].upper()}{last[1:]}"
    made = Definition(name, "class", bases=(str(base),))
    return [Named(name, (), replace(scope, definitions={**scope.definitions, name: made}))]


def _at(arguments: Arguments, at: int, item: Term) -> Arguments:
    return (*arguments[:at], item, *arguments[at + 1 :])
