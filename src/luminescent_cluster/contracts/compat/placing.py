"""Which change a witness shows."""

from __future__ import annotations

import re

from .difference import Difference
from .rejections import Rejection
from .verdicts import Witness

__all__ = ["fewest", "place"]


def place(
    rejection: Rejection, witness: Witness, collected: list[tuple[Difference, list[Witness]]]
) -> None:
    """Put a witness to the change that it shows; to a change of its own where none fits."""
    best = 0
    chosen: list[Witness] | None = None
    for difference, witnesses in collected:
        if difference.member in (rejection.member, ""):
            score = _score(rejection, difference)
            if score > best:
                best, chosen = score, witnesses
    if chosen is not None:
        chosen.append(witness)
        return
    text = f"uses of {rejection.member or 'the protocol'} that worked no longer do"
    collected.append((Difference("CALL-01", rejection.member, text), [witness]))


def _score(rejection: Rejection, difference: Difference) -> int:
    if difference.rule_id.startswith("DOC") or difference.rule_id in ("MEM-02", "MEM-04"):
        return 0
    if "definition" in difference.aspects:
        hints = rejection.aspect.endswith("-hint")
        named = any(_mentions(rejection.reason, name) for name in difference.parameters)
        return 1 if hints and named else 0
    if rejection.member != difference.member:
        return 0
    score = 1
    if rejection.aspect in difference.aspects:
        score += 4
    elif difference.aspects:
        return 0 if rejection.aspect in ("missing", "default") else score
    if set(rejection.parameters) & set(difference.parameters):
        score += 6
    elif rejection.parameters and difference.parameters and rejection.aspect == "default":
        return 0
    return score


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None


def fewest(witnesses: list[Witness]) -> list[Witness]:
    """Keep the shortest witness for each direction and level."""
    best: dict[tuple[str, str], Witness] = {}
    for witness in witnesses:
        key = (witness.direction, witness.level)
        if key not in best or len(witness.call) < len(best[key].call):
            best[key] = witness
    return list(best.values())
