"""Implementers made from an edition: they take exactly what it permits, and give what it says."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import Any

from luminescent_cluster.contracts.shapes import Attribute, Method, Parameter, Signature
from luminescent_cluster.extensions._calls.model import (
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    VAR_KEYWORD,
    VAR_POSITIONAL,
)

from .acceptance import callable_term, protocol_fits
from .attributes import attribute_term
from .edition import Edition
from .flows import result_term
from .samples import Sample, sample_of
from .signatures import hint_of, signatures_of
from .subtyping import Relation
from .terms import ANY, Scope, Term, UnionTerm, scope_of, told_apart, union_of

__all__ = ["HintError", "StandIns", "term_of"]


class HintError(TypeError):
    """What a type checker would say; raised by stand-ins instead."""


class StandIns:
    """Makes an implementer of one edition and keeps what its methods were called with.

    Args:
        edition: the version that the implementer was built for.
        side: 0 for the older of two versions, 1 for the newer.
        without: members that this implementer leaves out.
    """

    def __init__(self, edition: Edition, side: int, without: frozenset[str] = frozenset()) -> None:
        self.edition = edition
        self.scope: Scope = scope_of(edition, side)
        self.given: dict[str, tuple[Parameter, object]] = {}
        self.answer: Term = ANY
        self.instance: Any = self._make(without)

    # --- making the class -----------------------------------------------------------------------

    def _make(self, without: frozenset[str]) -> Any:
        space: dict[str, Any] = {}
        values: dict[str, Sample] = {}
        for member in self.edition.shape.members:
            if member.name in without:
                continue
            if isinstance(member, Method):
                space[member.name] = self._bound(member, self._method(member))
            elif member.kind == "property":
                space[member.name] = self._property(member)
            elif member.kind == "classvar":
                space[member.name] = sample_of(attribute_term(member, self.scope))
            else:
                values[member.name] = sample_of(attribute_term(member, self.scope))
        space["__setattr__"] = self._setter()
        instance = type("StandIn", (), space)()
        for name, value in values.items():
            object.__setattr__(instance, name, value)
        return instance

    @staticmethod
    def _bound(method: Method, function: Callable[..., Any]) -> Any:
        if method.binding == "static":
            return staticmethod(function)
        return classmethod(function) if method.binding == "class" else function

    def _method(self, method: Method) -> Callable[..., Any]:
        signatures = signatures_of(method)
        made = [self._function(method, s) for s in signatures]
        if len(made) == 1:
            return made[0]

        def overloaded(*args: Any, **kwargs: Any) -> Any:
            return self._resolve(made, args, kwargs)

        return overloaded

    def _function(self, method: Method, signature: Signature) -> Callable[..., Any]:
        """Generate the ``def`` of one signature and run it in a namespace of its own."""
        defaults = [p.default for p in signature.parameters]
        space: dict[str, Any] = {
            "__name__": "standin",
            "_defaults_": defaults,
            "_took_": lambda given: self._took(method, signature, given),
        }
        is_async = "async " if method.flow == "coroutine" else ""
        text = f"{is_async}def standin({_parameters(method, signature)}):\n"
        text += "    return _took_(locals())\n"
        exec(text, space)
        function: Callable[..., Any] = space["standin"]
        return function

    def _took(self, method: Method, signature: Signature, given: dict[str, Any]) -> Any:
        relation = Relation(self.scope.side, protocol_fits)
        self.given = {}
        for parameter in signature.parameters:
            if parameter.name not in given:
                continue
            value = given[parameter.name]
            self.given[parameter.name] = (parameter, value)
            for item in _items(parameter, value):
                self._check(item, hint_of(parameter, self.scope), parameter.name, relation)
        term = relation.fill(result_term(method, signature, self.scope))
        self.answer = term
        return sample_of(term) if method.flow != "coroutine" else sample_of(ANY)

    def _check(self, value: object, hint: Term, name: str, relation: Relation) -> None:
        term = term_of(value)
        if term is not None and not relation.fits(term, hint):
            texts = told_apart(hint, self.scope.side, term, 1 - self.scope.side)
            raise HintError(f"{name} takes {texts[0]}, not {texts[1]}")

    def _resolve(
        self, made: list[Callable[..., Any]], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        error: TypeError | None = None
        for function in made:
            try:
                return function(*args, **kwargs)
            except TypeError as refused:
                if error is None or isinstance(refused, HintError):
                    error = refused
        for at, value in enumerate([*args, *kwargs.values()]):
            term = term_of(value)
            if isinstance(term, UnionTerm):
                answers = []
                for item in term.items:
                    one = list(args)
                    named = dict(kwargs)
                    if at < len(args):
                        one[at] = sample_of(item)
                    else:
                        named[list(kwargs)[at - len(args)]] = sample_of(item)
                    self._resolve(made, tuple(one), named)
                    answers.append(self.answer)
                self.answer = union_of(tuple(answers))
                return sample_of(self.answer)
        raise error or TypeError("no overload")

    # --- attributes -----------------------------------------------------------------------------

    def _property(self, attribute: Attribute) -> property:
        term = attribute_term(attribute, self.scope)

        def get(_: Any) -> Sample:
            return sample_of(term)

        def put(_: Any, value: object) -> None:
            self._check(value, term, attribute.name, Relation(self.scope.side, protocol_fits))

        return property(get, put if attribute.settable else None)

    def _setter(self) -> Callable[[Any, str, object], None]:
        def assign(instance: Any, name: str, value: object) -> None:
            member = self.edition.shape.member(name)
            if isinstance(member, Method):
                raise HintError(f"{name} is a method and cannot be assigned")
            if isinstance(member, Attribute) and member.kind != "property":
                if not member.settable:
                    raise HintError(f"{name} is Final")
                if member.kind == "classvar":
                    raise HintError(f"{name} is a ClassVar and cannot be set on an instance")
                term = attribute_term(member, self.scope)
                self._check(value, term, name, Relation(self.scope.side, protocol_fits))
            object.__setattr__(instance, name, value)

        return assign

    def term_of_member(self, name: str, value: object) -> Term | None:
        """Return the type of what reading a member gave."""
        member = self.edition.shape.member(name)
        if isinstance(member, Method) and not isinstance(value, Sample):
            return callable_term(member, self.scope)
        return term_of(value)


def term_of(value: object) -> Term | None:
    """Return the type of a sample; None for anything else."""
    return value.term if isinstance(value, Sample) else None


def _items(parameter: Parameter, value: Any) -> list[object]:
    if parameter.kind == VAR_POSITIONAL:
        return list(value)
    return list(value.values()) if parameter.kind == VAR_KEYWORD else [value]


def _parameters(method: Method, signature: Signature) -> str:
    """Return the parameters as source; their defaults are taken from ``_defaults_``."""
    parts: list[str] = []
    if method.binding != "static":
        parts.append("_self_")
    slash = None
    starred = False
    for at, parameter in enumerate(signature.parameters):
        if not parameter.name.isidentifier() or keyword.iskeyword(parameter.name):
            continue  # a key of a TypedDict; `**` cannot be mixed in without taking more
        if parameter.kind == POSITIONAL_ONLY:
            slash = len(parts) + 1
        if parameter.kind == KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        starred = starred or parameter.kind == VAR_POSITIONAL
        stars = {VAR_POSITIONAL: "*", VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = f"=_defaults_[{at}]" if parameter.default is not None else ""
        parts.append(f"{stars}{parameter.name}{default}")
    if slash is None and method.binding != "static":
        slash = 1
    if slash is not None:
        parts.insert(slash, "/")
    return ", ".join(parts)
