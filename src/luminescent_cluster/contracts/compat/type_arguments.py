"""A protocol with its type parameters filled, as stand-ins: what may be written, what is taken."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, Generic

import typing_extensions

from luminescent_cluster.contracts.shapes import TypeParameter

from .acceptance import protocol_fits
from .edition import Definition, Edition
from .hint_reader import parse
from .rejections import TypeArgument
from .standins import HintError
from .subtyping import Relation
from .terms import ANY, OBJECT, Named, Scope, Term, scope_of, told_apart
from .variance import variance_of

__all__ = ["Filled", "GenericStandIn", "VarianceError", "limits_of", "own_letters"]


# Only that there is a default matters to a live class, which counts the arguments.
_DEFAULTS: Final = {
    "TypeVar": int,
    "ParamSpec": [int],
    "TypeVarTuple": typing_extensions.Unpack[tuple[int]],
}


class VarianceError(HintError):
    """One filling of a protocol is not taken where another is asked for."""


class Filled:
    """An object whose type is a protocol with type arguments."""

    def __init__(self, term: Named) -> None:
        self.term = term


class GenericStandIn:
    """Stands for a generic protocol as one version has it.

    Args:
        edition: the version.
        side: 0 for the older of two versions, 1 for the newer.
    """

    def __init__(self, edition: Edition, side: int) -> None:
        self.parameters = edition.shape.type_parameters
        self.name = edition.name
        self.scope = _own_scope(edition, side)
        self.generic = _generic(edition.name, self.parameters)

    def fill(self, arguments: tuple[TypeArgument, ...]) -> Filled:
        """Write ``Protocol[arguments]``, and make an object of it.

        Raises:
            TypeError: there are too many or too few.
            HintError: a type checker refuses one of them.
        """
        if arguments:
            live = tuple([int] if isinstance(a, tuple) else int for a in arguments)
            self.generic[live if len(live) > 1 else live[0]]
        terms = [self._admitted(p, argument) for p, argument in self._matched(arguments)]
        return Filled(Named(self.name, tuple(terms), self.scope))

    def take(self, value: Filled, arguments: tuple[TypeArgument, ...]) -> None:
        """Call ``def take(value: Protocol[arguments])``.

        Raises:
            VarianceError: a type checker does not take the value for that.
        """
        asked = self.fill(arguments)
        relation = Relation(self.scope.side, protocol_fits)
        if not relation.fits(value.term, asked.term):
            raise VarianceError(f"{value.term} is not taken for {asked.term}")

    def _matched(
        self, arguments: tuple[TypeArgument, ...]
    ) -> Iterator[tuple[TypeParameter, TypeArgument | None]]:
        """Give each parameter its argument: None where it is left out."""
        rest = list(arguments)
        for at, parameter in enumerate(self.parameters):
            if parameter.kind == "TypeVarTuple":
                later = len(self.parameters) - at - 1
                rest = rest[len(rest) - later :] if later else []
                yield parameter, None
            else:
                yield parameter, rest.pop(0) if rest else None

    def _admitted(self, parameter: TypeParameter, argument: TypeArgument | None) -> Term:
        if parameter.kind != "TypeVar":
            return ANY
        if argument is None:
            return parse(parameter.default, self.scope) if parameter.default else ANY
        name = parameter.name
        if isinstance(argument, tuple):
            raise HintError(f"{name} takes a type, not a list of them")
        relation = Relation(self.scope.side, protocol_fits)
        limits = limits_of(parameter, self.scope)
        if parameter.constraints:
            if not any(relation.equal(argument, limit) for limit in limits):
                choice = ", ".join(map(str, limits))
                raise HintError(f"{argument} is not one of those that {name} takes: {choice}")
        elif not relation.fits(argument, limits[0]):
            bound, given = told_apart(limits[0], self.scope.side, argument, 1 - self.scope.side)
            raise HintError(f"{given} is outside the bound of {name}, {bound}")
        return argument


def own_letters(edition: Edition, side: int) -> str:
    """Return the variance of the protocol's own type parameters, a letter for each."""
    term = Named(edition.name, (), _own_scope(edition, side))
    return variance_of(term, len(edition.shape.type_parameters), Relation(side, protocol_fits))


def _own_scope(edition: Edition, side: int) -> Scope:
    """Return a scope in which the protocol's own name is that of any protocol, with arguments."""
    shape = edition.shape
    own = Definition(edition.name, "protocol", type_parameters=shape.type_parameters, shape=shape)
    scope = scope_of(edition, side)
    return replace(scope, own="", definitions={**edition.definitions, edition.name: own})


def limits_of(parameter: TypeParameter, scope: Scope) -> list[Term]:
    """Return the types that a parameter is constrained to, or its bound alone."""
    if parameter.constraints:
        return [parse(c, scope) for c in parameter.constraints]
    return [parse(parameter.bound, scope) if parameter.bound else OBJECT]


def _generic(name: str, parameters: tuple[TypeParameter, ...]) -> Any:
    """Return a live class with these type parameters; the interpreter counts the arguments."""
    variables: list[Any] = []
    for parameter in parameters:
        given = {"default": _DEFAULTS[parameter.kind]} if parameter.default else {}
        made = getattr(typing_extensions, parameter.kind)(parameter.name, **given)
        several = parameter.kind == "TypeVarTuple"
        variables.append(typing_extensions.Unpack[made] if several else made)
    base: Any = Generic
    bases = (base[tuple(variables)],) if variables else ()
    return types.new_class(name, bases, {}, lambda space: space.update(__module__="builtins"))
