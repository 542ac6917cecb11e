"""Version compatibility of protocols: what changed, who breaks, which bump, what runs together."""

from .compare import Change, Comparison, Witness, compare
from .edition import Edition
from .errors import SourceError
from .matrix import Cell, Matrix, matrix
from .released import released
from .rules import RULES, Rule
from .satisfaction import satisfies
from .sources import load

__all__ = [
    "RULES",
    "Cell",
    "Change",
    "Comparison",
    "Edition",
    "Matrix",
    "Rule",
    "SourceError",
    "Witness",
    "compare",
    "load",
    "matrix",
    "released",
    "satisfies",
]
