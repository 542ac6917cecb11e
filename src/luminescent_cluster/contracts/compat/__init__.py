"""Version compatibility of protocols: what changed, who breaks, which bump, what runs together."""

from .compare import Change, Comparison, Witness, compare
from .edition import Edition
from .errors import SourceError
from .released import released
from .rules import RULES, Rule
from .sources import load

__all__ = [
    "RULES",
    "Change",
    "Comparison",
    "Edition",
    "Rule",
    "SourceError",
    "Witness",
    "compare",
    "load",
    "released",
]
