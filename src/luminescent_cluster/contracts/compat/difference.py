"""One thing that differs between two versions."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, under the rule that names it.

    ``parameters`` names the parameters concerned, so that rejections can be told apart.
    """

    rule_id: str
    member: str
    text: str
    parameters: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
