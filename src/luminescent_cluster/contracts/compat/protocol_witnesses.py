"""Uses of a protocol as a whole, performed: its type arguments, and ``isinstance``."""

from __future__ import annotations

import types
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from .edition import Edition
from .rejections import Level, TypeArgument, Use
from .standins import HintError
from .type_arguments import GenericStandIn, VarianceError

__all__ = ["Failure", "instance_check", "perform", "type_arguments_text"]


class Failure(NamedTuple):
    """Why a version does not take a use; ``aspect`` says what of it was refused."""

    level: Level
    aspect: Literal["filling", "variance"]
    reason: str


def instance_check(name: str) -> tuple[str, str] | None:
    """Ask ``isinstance`` for a protocol with and without ``@runtime_checkable``."""
    plain: Any = types.new_class(name, (Protocol,))
    checked: Any = runtime_checkable(types.new_class(name, (Protocol,)))
    isinstance(object(), checked)
    try:
        isinstance(object(), plain)
    except TypeError as error:
        return f"isinstance(extension, {name})", f"TypeError: {error}"
    return None


def perform(use: Use, edition: Edition, side: int) -> Failure | None:
    """Fill the type parameters of a stand-in as a use says, and hand it over where it does.

    Args:
        use: of kind ``fill`` or ``take``.
        edition: the version that the stand-in is made of.
        side: 0 for the older of two versions, 1 for the newer.

    Returns:
        Why it was refused; None where it was not.
    """
    standin = GenericStandIn(edition, side)
    try:
        value = standin.fill(use.filling)
        if use.kind == "take":
            standin.take(value, use.asked)
    except VarianceError as error:
        return Failure("type checker", "variance", str(error))
    except HintError as error:
        return Failure("type checker", "filling", str(error))
    except TypeError as error:
        return Failure("run time", "filling", str(error))
    return None


def type_arguments_text(use: Use, name: str) -> str:
    """Return a use as source."""
    filled = f"{name}{_brackets(use.filling)}"
    if use.kind == "fill":
        return filled
    return f"wide: {name}{_brackets(use.asked)} = narrow  # narrow: {filled}"


def _brackets(arguments: tuple[TypeArgument, ...]) -> str:
    texts = [
        f"[{', '.join(map(str, item))}]" if isinstance(item, tuple) else str(item)
        for item in arguments
    ]
    return f"[{', '.join(texts)}]" if texts else ""
