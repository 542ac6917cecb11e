"""What one call, and what a whole check, came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..clauses import Outcome
from .show import show_error

__all__ = ["Raised", "Refused", "Tally"]


class Refused(Outcome):
    """The extension answered a call with an ordinary exception, which is a refusal.

    Attributes:
        error: what it raised.
        call: the call, as text.
    """

    def __init__(self, call: str, error: Exception) -> None:
        super().__init__(f"{call} raised {show_error(error)}")
        self.call = call
        self.error = error


@dataclass(frozen=True)
class Raised:
    """What :meth:`Case.attempt` gives where the extension raised an ordinary exception."""

    error: Exception

    def __str__(self) -> str:
        return f"raised {show_error(self.error)}"


@dataclass
class Tally:
    """What a check really saw; a check that saw nothing has not passed."""

    examples: int = 0
    calls: int = 0
    rejected: int = 0
    looked: int = 0
    notes: dict[str, None] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    varying: Counter[str] = field(default_factory=Counter)
    """How often each method was found to answer differently to equal histories."""
    waiting: set[str] = field(default_factory=set)
    """Methods whose results come bit by bit, and wait for what happens elsewhere."""
