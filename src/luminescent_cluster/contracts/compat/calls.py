"""The calls that a version permits, put to a signature of another version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from luminescent_cluster.contracts.shapes import Default, Parameter, Signature
from luminescent_cluster.extensions._calls.binding import Bound, bind, layer_of_model
from luminescent_cluster.extensions._calls.calls import (
    Argument,
    Call,
    is_param_spec,
    only_by_position,
    permitted_calls,
)
from luminescent_cluster.extensions._calls.model import KEYWORD_ONLY, VAR_KEYWORD, VAR_POSITIONAL

__all__ = ["Outcome", "calls_between", "is_astray", "open_fields", "open_specifications", "put"]


def open_fields(signature: Signature) -> Signature:
    """Return the signature with ``**kwargs: Unpack[TypedDict]`` written out as keywords."""
    last = signature.parameters[-1] if signature.parameters else None
    if last is None or last.kind != VAR_KEYWORD or last.fields is None:
        return signature
    named = tuple(
        Parameter(f.name, KEYWORD_ONLY, None if f.required else Default("..."), f.annotation)
        for f in last.fields
    )
    return replace(signature, parameters=signature.parameters[:-1] + named)


def open_specifications(signature: Signature) -> Signature:
    """Return the signature with ``*args: P.args`` as any arguments, where callers choose ``P``.

    They do so with another argument, ``def run(self, f: Callable[P, T], *args: P.args, …)``; what
    a ``P`` of the class stands for is the implementation's choice.
    """
    others = [p.annotation.text for p in signature.parameters if p.annotation and not p.variadic]

    def opened(parameter: Parameter) -> Parameter:
        if not is_param_spec(parameter) or parameter.annotation is None:
            return parameter
        name = parameter.annotation.text.rpartition(".")[0]
        chosen = any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) for text in others)
        return replace(parameter, annotation=None) if chosen else parameter

    return replace(signature, parameters=tuple(map(opened, signature.parameters)))


def calls_between(wanted: Signature, given: Signature) -> Iterator[Call]:
    """Yield the calls that ``wanted`` permits and that could matter to ``given``, shortest first.

    To those which stand for all calls of ``wanted`` come keywords that its ``**kwargs`` takes and
    that mean something in ``given``, and names that only ``**kwargs`` can take.
    """
    yield from permitted_calls(wanted)
    options = next((p for p in wanted.parameters if p.kind == VAR_KEYWORD), None)
    if options is None or options.fields is not None:
        return
    positional = tuple(Argument(p) for p in wanted.parameters if p.positional)
    must = tuple(
        Argument(p, p.name) for p in wanted.parameters if p.kind == KEYWORD_ONLY and p.required
    )
    taken = {p.name for p in wanted.parameters if p.by_keyword}
    rest = next((p for p in wanted.parameters if p.kind == VAR_POSITIONAL), None)
    # With *args besides, a name may meet a parameter that the positional arguments have filled.
    most = sum(p.positional for p in given.parameters) if rest is not None else 0
    hidden = [p.name for p in (*wanted.parameters, *given.parameters) if not p.variadic]
    for more in range(max(most - len(positional), 0) + 1):
        extra = tuple(Argument(rest, None, True) for _ in range(more)) if rest is not None else ()
        for name in dict.fromkeys(hidden):
            if name not in taken:
                yield Call((*positional, *extra), (*must, Argument(options, name, True)))


@dataclass(slots=True)
class Outcome:
    """Where the arguments of a call landed, or why it was refused.

    ``places`` maps each argument to the parameter that it reached.
    """

    bound: Bound
    places: dict[Argument, Parameter] = field(default_factory=dict)
    astray: list[tuple[Argument, Parameter]] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """True when the call binds and every argument reached its own parameter."""
        return not self.bound.failed and not self.astray


def put(call: Call, wanted: Signature, given: Signature) -> Outcome:
    """Put a call that ``wanted`` permits to ``given`` and say where its arguments land."""
    keywords = {a.keyword or "": a for a in call.keywords}
    outcome = Outcome(bind(layer_of_model(given), call.positional, keywords))
    if outcome.bound.failed:
        return outcome
    by_name = {p.name: p for p in given.parameters}
    for name, argument in outcome.bound.filled.items():
        outcome.places[argument] = by_name[name]
    rest = next((p for p in given.parameters if p.kind == VAR_POSITIONAL), None)
    options = next((p for p in given.parameters if p.kind == VAR_KEYWORD), None)
    for argument in outcome.bound.rest:
        if rest is not None:
            outcome.places[argument] = rest
    for argument in outcome.bound.options.values():
        if options is not None:
            outcome.places[argument] = options
    named = {p.name for p in given.parameters if not p.variadic}
    for argument, parameter in outcome.places.items():
        if is_astray(argument, parameter, named, wanted):
            outcome.astray.append((argument, parameter))
    return outcome


def is_astray(argument: Argument, reached: Parameter, named: set[str], wanted: Signature) -> bool:
    """Return True when an argument reached a parameter that is meant for something else.

    Args:
        argument: the argument, with the parameter that the caller means.
        reached: the parameter that got it.
        named: the names of all ordinary parameters of the callee.
        wanted: the signature as the caller knows it.
    """
    if reached.name == argument.name or argument.extra:
        return False
    if argument.name in named:
        return True  # its own parameter is elsewhere: a swap
    if reached.variadic or only_by_position(reached) or only_by_position(argument.parameter):
        return False
    # Reached by position under another name. That it is another argument's name shows a swap;
    # a plain new name shows in the calls by keyword.
    return any(p.name == reached.name and not p.variadic for p in wanted.parameters)
