"""Clauses, catalogue, waivers and verdict: pure data and rules, no I/O.

A module of clauses makes a :class:`Catalogue` and declares checks into it; a runner turns each
check's outcome into a :class:`Result`; :func:`judge` turns results into a :class:`Verdict`.
"""

from .catalogue import Catalogue, UnknownClauseError
from .model import Clause, Level, Status, Verdict
from .outcomes import Excused, Inconclusive, NoInstance, Outcome, Unverified, Violation
from .result import Report, Result
from .verdict import complete, judge
from .waivers import Waiver, WaiverError, apply_waivers, check_waivers, parse_waiver

__all__ = [
    "Catalogue",
    "Clause",
    "Excused",
    "Inconclusive",
    "Level",
    "NoInstance",
    "Outcome",
    "Report",
    "Result",
    "Status",
    "UnknownClauseError",
    "Unverified",
    "Verdict",
    "Violation",
    "Waiver",
    "WaiverError",
    "apply_waivers",
    "check_waivers",
    "complete",
    "judge",
    "parse_waiver",
]
