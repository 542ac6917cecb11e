"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Bump", "Rule"]

Bump = Literal["MAJOR", "MINOR", "PATCH"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change, with a pair of versions that shows it.

    Attributes:
        id: the identity, of fixed width and never reused.
        title: what happened, in a few words.
        text: who breaks and why.
        bump: what the change usually needs; the verdict on a pair follows from who breaks.
        before: body of a protocol class before the change.
        after: its body after the change.
        fix: how to make the change without breaking anybody, or what to do about it.
        preamble: what stands before the class in both versions.
        after_preamble: what stands before the class in the new version, where that differs.
    """

    id: str
    title: str
    text: str
    bump: Bump
    before: str
    after: str
    fix: str
    preamble: str = ""
    after_preamble: str | None = None
