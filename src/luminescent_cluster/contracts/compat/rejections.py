"""What one direction of a comparison rejects, with the use that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from luminescent_cluster.extensions._calls.calls import Call

from .terms import Term

__all__ = ["Aspect", "Level", "Rejection", "TypeArgument", "Use"]

Level = Literal["run time", "type checker"]
"""When it shows: when the program runs, or only when a type checker reads it."""

Aspect = Literal[
    "missing", "kind", "binding", "call", "landing", "default", "flow",
    "parameter-hint", "result-hint", "attribute-hint", "read-only", "class-level", "overload",
    "type-arguments", "bound", "variance", "type-default", "isinstance",
]  # fmt: skip


TypeArgument = Term | tuple[Term, ...]
"""What stands between brackets for one type parameter of a protocol; a tuple for a ParamSpec."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a caller does with an object: the witness of a rejection, ready to be performed.

    ``arguments`` holds terms for the arguments whose type matters, by the position in
    ``call.arguments``; the others are taken from the signature. A use of the protocol as a whole
    fills its type parameters with ``filling``; to ``take`` is to have that where the protocol
    filled with ``asked`` is asked for.
    """

    kind: Literal["call", "read", "write", "read on the class", "fill", "take"]
    member: str
    call: Call = field(default_factory=Call)
    signature: int = 0
    arguments: tuple[tuple[int, Term], ...] = ()
    value: Term | None = None
    on_class: bool = False
    filling: tuple[TypeArgument, ...] = ()
    asked: tuple[TypeArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A use that the demanded version permits and the provider does not serve.

    ``parameters`` names the parameters to blame, of either version.
    """

    member: str
    aspect: Aspect
    level: Level
    use: Use
    reason: str
    parameters: tuple[str, ...] = ()
