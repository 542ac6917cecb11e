"""Conformance suites for extensions: bind a class, run, read one honest word.

Importing this package is cheap; Hypothesis and the type checkers are loaded where they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .binding import contract
    from .clauses import Level, Report, Result, Status, Verdict, Violation, Waiver
    from .engine.run import run
    from .subjects import AuditSubject, Subject, TenantSubject, UsageSubject

__all__ = [
    "AuditSubject",
    "Level",
    "Report",
    "Result",
    "Status",
    "Subject",
    "TenantSubject",
    "UsageSubject",
    "Verdict",
    "Violation",
    "Waiver",
    "contract",
    "run",
]

_HOMES = {
    "contract": ".binding",
    "run": ".engine.run",
    **dict.fromkeys(("AuditSubject", "Subject", "TenantSubject", "UsageSubject"), ".subjects"),
    **dict.fromkeys(
        ("Level", "Report", "Result", "Status", "Verdict", "Violation", "Waiver"), ".clauses"
    ),
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
