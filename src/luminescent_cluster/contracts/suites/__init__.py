"""The suites: generic families for any protocol, and one module per protocol of core.

A module of this package that names a ``PROTOCOL`` is a suite: it also has ``clauses`` (a
:class:`Catalogue`) and may have ``SUBJECT`` (the subject class that bare extensions are wrapped
in). Putting the file here is all the registration there is.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import NamedTuple

from ..clauses import Catalogue
from ..subjects import Subject

__all__ = ["Suite", "catalogue", "protocol_suites", "suite_for"]


class Suite(NamedTuple):
    """What conformance to a protocol means.

    Attributes:
        clauses: every clause that applies, generic ones first.
        subject: the subject class that bare extensions are wrapped in.
    """

    clauses: Catalogue
    subject: type[Subject]


def suite_for(protocol: type) -> Suite:
    """Give the suite of a protocol: the generic families, and its own where it has one.

    A protocol that extends one of core's is held to that one's clauses too.

    Args:
        protocol: a ``typing.Protocol`` class, or a class that a suite names (the registry).

    Raises:
        TypeError: it is neither; the message says what to hand over.
    """
    bases = getattr(protocol, "__mro__", ())
    own = [module for module in protocol_suites() if module.PROTOCOL in bases]
    if not own and not getattr(protocol, "_is_protocol", False):
        raise TypeError(
            f"{protocol!r} is not a protocol: hand over a class that inherits directly from "
            "typing.Protocol, or ExtensionRegistry"
        )
    clauses = Catalogue()
    if all(getattr(module, "GENERIC", True) for module in own):
        clauses = _generic()
    for module in own:
        clauses = clauses | module.clauses
    return Suite(
        clauses.applying_to(protocol), getattr(own[-1], "SUBJECT", Subject) if own else Subject
    )


def catalogue() -> Catalogue:
    """Give every clause there is."""
    clauses = _generic()
    for module in protocol_suites():
        clauses = clauses | module.clauses
    return clauses


@cache
def protocol_suites() -> tuple[ModuleType, ...]:
    """Give the modules of this package that are suites of a protocol, by name."""
    modules = (
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
        if not info.name.startswith("_")
    )
    return tuple(module for module in modules if hasattr(module, "PROTOCOL"))


@cache
def _generic() -> Catalogue:
    from . import generic

    clauses = Catalogue()
    for name in generic.FAMILIES:
        clauses = clauses | importlib.import_module(f"{generic.__name__}.{name}").clauses
    return clauses
