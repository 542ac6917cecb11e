"""The work of one item: a clause, on a binding, with what it takes to check it."""

from __future__ import annotations

from typing import NamedTuple

from ..clauses import Clause
from ..suites import Suite
from .plan import Planned

__all__ = ["Job"]


class Job(NamedTuple):
    """One clause on one binding.

    Attributes:
        clause: what to check.
        suite: the suite that it is part of.
        protocol: the protocol class the extension is asked for.
        planned: the binding (with one set of parameters).
    """

    clause: Clause
    suite: Suite
    protocol: type
    planned: Planned
