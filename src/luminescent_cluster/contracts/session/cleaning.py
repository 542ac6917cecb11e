"""No secret and no control character of an extension in what the test runner itself shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..reports.escape import visible
from ..reports.redact import redact

__all__ = ["clean", "clean_report", "clean_warning"]


def clean(text: str) -> str:
    """Give a text without secrets, and with what does not print made visible."""
    return visible(redact(text))


def clean_report(report: Any, native: Callable[[str, str], Any]) -> None:
    """Clean what a test report shows: why it failed or was skipped, and what was captured.

    Args:
        report: pytest's report of one phase; changed.
        native: makes what pytest shows of a whole text and its gist.
    """
    long = report.longrepr
    if isinstance(long, tuple) and len(long) == 3:
        report.longrepr = (*long[:2], clean(str(long[2])))
    elif long is not None:
        text = str(long)
        cleaned = clean(text)
        # Where nothing is to hide, pytest may show it with colours and folds.
        if cleaned != text:
            crash = getattr(long, "reprcrash", None)
            gist = str(getattr(crash, "message", "") or text.strip().splitlines()[-1])
            report.longrepr = native(cleaned, clean(gist))
    if hasattr(report, "wasxfail"):
        report.wasxfail = clean(str(report.wasxfail))
    report.sections = [(name, clean(content)) for name, content in report.sections]


def clean_warning(warning: Any) -> None:
    """Clean a recorded warning: its text, and the source line shown with it."""
    import linecache

    text = str(warning.message)
    cleaned = clean(text)
    if cleaned != text:
        warning.message = warning.category(cleaned) if _takes_text(warning) else Warning(cleaned)
    line = warning.line or linecache.getline(warning.filename, warning.lineno)
    if clean(line.strip()) != line.strip():
        warning.line = clean(line.strip())


def _takes_text(warning: Any) -> bool:
    try:
        return str(warning.category("x")) == "x"
    except Exception:  # a warning's class is anybody's
        return False
