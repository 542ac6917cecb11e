"""Faults of signatures: what a method is called with."""

from __future__ import annotations

import inspect
from typing import Any

from ...engine.methods import Method
from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults()

_Kind = inspect.Parameter


def _by_name(parameter: inspect.Parameter) -> bool:
    return parameter.kind is _Kind.POSITIONAL_OR_KEYWORD


def _is_required(parameter: inspect.Parameter) -> bool:
    return _by_name(parameter) and parameter.default is _Kind.empty


def _with_required(into: Injection, least: int = 1) -> Method:
    return into.method(lambda m: sum(_is_required(p) for p in m.parameters) >= least)


def _with_optional(into: Injection) -> Method:
    return into.method(lambda m: any(p.default is not _Kind.empty for p in m.parameters))


@faults.add("SIG-01")
def lacks_a_method(into: Injection) -> None:
    """A method of the protocol is missing."""
    into.remove(into.method(lambda m: not m.optional).name)


@faults.add("SIG-02", "SIG-03")
def renames_a_parameter(into: Injection) -> None:
    """A parameter bears another name, so that calls by keyword fail."""
    name = _with_required(into).name
    parameters = into.parameters(name)
    first = parameters[0]
    parameters[0] = first.replace(name=f"the_{first.name}")
    into.resign(name, parameters, {f"the_{first.name}": first.name})


@faults.add("SIG-03", "SIG-02")
def swaps_parameters(into: Injection) -> None:
    """Two parameters stand in each other's place, so that calls by position mix them up."""
    name = _with_required(into, 2).name
    parameters = into.parameters(name)
    parameters[0], parameters[1] = parameters[1], parameters[0]
    into.resign(name, parameters)


@faults.add("SIG-02")
def takes_keywords_only(into: Injection) -> None:
    """A method takes its arguments by keyword only."""
    name = _with_required(into).name
    parameters = [p.replace(kind=_Kind.KEYWORD_ONLY) for p in into.parameters(name) if _by_name(p)]
    into.resign(name, parameters)


@faults.add("DEF-03", "SIG-02")
def asks_for_more(into: Injection) -> None:
    """A method insists on an argument that the protocol does not have."""
    name = into.method().name
    parameters = into.parameters(name)
    more = inspect.Parameter("region", _Kind.KEYWORD_ONLY)
    if parameters and parameters[-1].kind is _Kind.VAR_KEYWORD:
        parameters.insert(-1, more)
    else:
        parameters.append(more)
    into.around(name, lambda call, values: call())
    into.resign(name, parameters, {"region": "_"})


@faults.add("DEF-01", "SIG-02")
def insists_on_the_optional(into: Injection) -> None:
    """What the protocol calls optional is required."""
    name = _with_optional(into).name
    into.resign(name, [p.replace(default=_Kind.empty) for p in into.parameters(name)])


@faults.add("DEF-02", "DEF-04")
def shifts_a_default(into: Injection) -> None:
    """An optional parameter has another default than the protocol's."""
    name = _with_optional(into).name
    into.resign(
        name,
        [
            p if p.default is _Kind.empty else p.replace(default=_other(p.default))
            for p in into.parameters(name)
        ],
    )


def _other(default: Any) -> Any:
    return default + 1 if isinstance(default, int) else "" if default is None else None


@faults.add("SIG-04")
def returns_a_coroutine(into: Injection) -> None:
    """A method became a coroutine function, and nobody awaits it."""
    into.make_async(into.method(lambda m: not m.is_async).name)
