"""Faults of usage trackers."""

from ..model import Faults
from . import events, outages, quotas, summaries

__all__ = ["faults"]

faults = Faults("UsageTracker").including(
    events.faults, outages.faults, quotas.faults, summaries.faults
)
