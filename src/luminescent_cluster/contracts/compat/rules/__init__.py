"""The catalogue of rules: every kind of change that a comparison can name.

A rule only gives a change its name. Who breaks is decided by the two directions of acceptance, so
that a change without a rule of its own is still found (``CALL-01``).
"""

from .hints import HINT_RULES
from .members import MEMBER_RULES
from .model import Bump, Rule
from .others import OTHER_RULES
from .parameters import PARAMETER_RULES

__all__ = ["RULES", "Bump", "Rule", "rule"]

RULES: dict[str, Rule] = {
    r.id: r for r in (*MEMBER_RULES, *PARAMETER_RULES, *HINT_RULES, *OTHER_RULES)
}
"""All rules by id."""


def rule(rule_id: str) -> Rule:
    """Return the rule of an id, however its letters are written; KeyError where there is none."""
    return RULES[rule_id.upper()]
