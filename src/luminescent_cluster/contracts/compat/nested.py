"""Protocols that hints mention, as editions of their own."""

from __future__ import annotations

import functools
from dataclasses import replace

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Method,
    Parameter,
    Shape,
    Signature,
)
from luminescent_cluster.extensions._calls.model import POSITIONAL_ONLY

from .edition import Edition
from .hierarchy import load_class
from .kinships import inner_scope
from .standard import standard_shape
from .terms import CallableTerm, Named, Scope

__all__ = ["nested_edition"]


def nested_edition(term: Named) -> tuple[Edition, Scope] | None:
    """Return a local protocol's (or a callable's) members as an edition, with its scope.

    A callable, wrapped as ``Named("", (callable,))``, counts as an object with ``__call__`` whose
    parameters have no names. Type arguments stand for the type parameters. Returns None for
    anything whose members are not known.
    """
    if not term.name and term.arguments and isinstance(term.arguments[0], CallableTerm):
        return _callable_edition(term.arguments[0])
    definition = term.definition
    if definition is None:
        return _standard_edition(term.name)
    scope = inner_scope(term)
    if definition.shape is None or scope is None:
        return None
    edition = Edition(definition.shape, scope.definitions)
    return edition, replace(scope, edition=edition)


@functools.lru_cache(maxsize=256)
def _standard_edition(name: str) -> tuple[Edition, Scope] | None:
    klass = load_class(name)
    if klass is None:
        return None
    edition = Edition(standard_shape(klass))
    return edition, Scope(0, "", {}, {}, edition)


def _callable_edition(term: CallableTerm) -> tuple[Edition, Scope]:
    # The terms are already resolved: the scope hands them out under made-up names.
    names = {f"_{at}": item for at, item in enumerate((term.returns, *(term.parameters or ())))}
    parameters: tuple[Parameter, ...]
    if term.parameters is None:
        parameters = (Parameter("args", "var-positional"), Parameter("kwargs", "var-keyword"))
    else:
        parameters = tuple(
            Parameter(f"__{at}", POSITIONAL_ONLY, None, Annotation(f"_{at + 1}"))
            for at in range(len(term.parameters))
        )
    method = Method("__call__", Signature(parameters, Annotation("_0")))
    edition = Edition(Shape("", (method,)))
    return edition, Scope(0, "", {}, {}, edition, names)
