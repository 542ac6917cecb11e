"""The catalogue of rules: every kind of change that a comparison can name.

A rule only gives a change its name. Who breaks is decided by the two directions of acceptance, so
that a change without a rule of its own is still found (``CALL-01``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["RULES", "Bump", "Rule", "rule"]

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


RULES: dict[str, Rule] = {}


def rule(rule_id: str) -> Rule:
    """Return the rule of that id; KeyError where there is none."""
    return RULES[rule_id]


def _add(*rules: Rule) -> None:
    RULES.update({r.id: r for r in rules})
