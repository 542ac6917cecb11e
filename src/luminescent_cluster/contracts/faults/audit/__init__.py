"""Faults of audit loggers."""

from ..model import Faults
from . import events, security

__all__ = ["faults"]

faults = Faults("AuditLogger").including(events.faults, security.faults)
