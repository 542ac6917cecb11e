"""AL-SEC-03: severities that nobody foresaw."""

from __future__ import annotations

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case
from ...engine.show import show
from .._sweep import sweep
from .events import SECURITY, USUAL, Event, events, restricted
from .index import Index
from .records import ABSENT
from .trail import Trail, describe

clauses = Catalogue()

_KNOWN = ("info", "warning", "critical")
_UNKNOWN = (
    "fatal", "error", "high", "debug", "notice", "emergency", "CRITICAL", "Critical", "critical ",
    "", " ", "Info", "warn", "5", "kritisch", "сritical", "unknown",  # noqa: RUF001 - on purpose
    "P1", "sev-0", "catastrophic",
)  # fmt: skip
_ALARMING = ("fatal", "error", "high", "emergency", "catastrophic")
_UNHEARD = ("kritisch", "P1", "sev-0")
_HARMLESS = ("info", "informational", "notice", "debug", "low", "normal", "trace")


@clauses.must(
    "AL-SEC-03",
    reason="a scanner's new word for a catastrophe must not make the event vanish",
    fix="store what you do not know as it came, or raise ValueError; no lookup that ends in "
    "`return`",
    probes=("recorded",),
)
def unknown_severity_is_kept(case: Case) -> None:
    """An unknown severity is recorded or refused, never dropped."""
    trail = Trail(case)

    def check(event: Event) -> None:
        trail.begin()
        marked = trail.marked(event)
        if not trail.took(marked):
            case.looked()
            return
        # A logger may have words of its own for it, but not take it for something harmless.
        but = frozenset({"severity"})
        found = trail.settled(lambda records: bool(trail.copies(marked, Index(records), but)))
        copies = trail.copies(marked, Index(found), but)
        if not copies:
            trail.require_recorded([marked])
            return
        word, filed = marked.values["severity"], copies[0].field("severity")
        if filed in (ABSENT, None):
            raise Violation(describe(marked), f"is stored without a severity: {copies[0].brief()}")
        if _misleads(word, filed) and word.casefold().strip() not in copies[0].text().casefold():
            raise Violation(
                describe(marked),
                f"is stored as {show(filed)}, and nothing says that it was {show(word)}",
            )

    usual = {**USUAL[SECURITY]}
    if not any(restricted(case, SECURITY, name) for name in usual if name != "severity"):
        jobs = [{"event": Event(SECURITY, {**usual, "severity": word})} for word in _UNKNOWN]
        sweep(case, check, jobs)
    case.for_all(check, event=events(case, SECURITY, severity=st.sampled_from(_UNKNOWN)))


def _misleads(word: str, filed: object) -> bool:
    """Tell whether a harmless word stands for an alarming one, or a known one for a new one."""
    known = str(filed).casefold()
    if word in _ALARMING:
        return known in _HARMLESS
    return word in _UNHEARD and known in (*_KNOWN, *_HARMLESS)
