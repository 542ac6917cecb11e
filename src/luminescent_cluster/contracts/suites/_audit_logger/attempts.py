"""An attempt to send while the backend is down: it fails, and must lose nothing."""

from __future__ import annotations

from .._meanwhile import started
from .trail import Trail

__all__ = ["send_in_vain"]

_PATIENCE = 0.3  # seconds; what waits for the backend would take until the outage is over


def send_in_vain(trail: Trail) -> None:
    """Let the extension try to send what waits, as its timer would in a longer outage.

    In a thread of its own, which is left behind where it waits for the backend; the clause then
    makes no further attempts, because they would wait, too.
    """
    if not trail.subject.has("flush"):
        return
    trail.case.history.append("flush()  # during the outage")
    if trail.flush_waits:
        return
    ended = started(trail.subject.probe("flush"), _PATIENCE)
    trail.flush_waits = not ended(0)
