"""Strategies decide which thread goes on; one idea per file."""

from .icb import ContextBounding
from .mix import random_chooser
from .pct import Priorities
from .sticky import StickyWalk

__all__ = ["ContextBounding", "Priorities", "StickyWalk", "random_chooser"]
