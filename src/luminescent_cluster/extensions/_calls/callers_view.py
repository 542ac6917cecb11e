"""A protocol's signature as its callers use it."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterator
from dataclasses import replace

from .calls import param_spec_name
from .hints import render
from .model import (
    POSITIONAL_ONLY,
    POSITIONAL_OR_KEYWORD,
    UNKNOWN,
    VAR_POSITIONAL,
    Annotation,
    Parameter,
    Signature,
)


@functools.lru_cache(maxsize=512)
def by_position(signature: Signature) -> Signature:
    """Return the signature as operators use it: the interpreter passes no keywords."""
    return replace(
        signature,
        parameters=tuple(
            replace(p, kind=POSITIONAL_ONLY) if p.kind == POSITIONAL_OR_KEYWORD else p
            for p in signature.parameters
        ),
    )


@functools.lru_cache(maxsize=512)
def as_called(signature: Signature, chosen_by_implementation: frozenset[str]) -> Signature:
    """Return the signature with its variadic parameters as what callers may pass in them.

    ``*args: *tuple[int, str]`` are two positional arguments.  ``*args: P.args`` of the method's own
    ``P`` are any arguments, because each caller chooses; the ``P`` of a ``Protocol[P]``, named in
    ``chosen_by_implementation``, stays.
    """
    return replace(signature, parameters=tuple(_called(signature, chosen_by_implementation)))


def _called(signature: Signature, chosen: frozenset[str]) -> Iterator[Parameter]:
    for parameter in signature.parameters:
        name = param_spec_name(parameter)
        items = _items(parameter)
        if items is not None:
            yield from items
        elif name and name not in chosen:
            yield replace(parameter, annotation=None)
        else:
            yield parameter


def _items(parameter: Parameter) -> list[Parameter] | None:
    """Return the parameters that ``*args: *tuple[A, B]`` stands for; None for anything else."""
    hint = parameter.annotation.hint if parameter.annotation else UNKNOWN
    unpacks = parameter.annotation is not None and parameter.annotation.text.startswith(
        "typing.Unpack[tuple["
    )
    if parameter.kind != VAR_POSITIONAL or not unpacks or hint is UNKNOWN:
        return None
    packed = hint if typing.get_origin(hint) is tuple else (typing.get_args(hint) or (None,))[0]
    parts = typing.get_args(packed)
    if Ellipsis in parts or not all(isinstance(p, type) or typing.get_origin(p) for p in parts):
        return None
    return [
        Parameter(
            f"{parameter.name}[{at}]",
            POSITIONAL_ONLY,
            None,
            Annotation(render(part, lambda name: None), part),
        )
        for at, part in enumerate(parts)
    ]
