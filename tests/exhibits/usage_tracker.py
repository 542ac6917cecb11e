"""Broken usage trackers: the clause that must reject each, and words its message must hold."""

from __future__ import annotations

# Imported, they put themselves on show.
from . import (  # noqa: F401
    usage_events,
    usage_ingest,
    usage_outages,
    usage_periods,
    usage_quotas,
    usage_ranges,
    usage_summaries,
)
from .usage_recovery import MOVED
from .usage_show import EXHIBITS, breaks
from .usage_subtle import SUBTLE
from .usage_threads import RACES

__all__ = ["EXHIBITS"]

for _kind in MOVED:
    breaks("UT-TRK-10", "during an outage")(_kind)
for _clause, _kind, _word in SUBTLE:
    breaks(_clause, _word)(_kind)
for _clause, _kind in RACES:
    breaks(_clause, "sequential", bare=True)(_kind)
