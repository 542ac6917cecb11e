"""Subjects: how an author hands an extension to the kit, one module per protocol."""

from .audit import AuditSubject
from .base import Subject
from .tenant import TenantSubject
from .usage import UsageSubject

__all__ = ["AuditSubject", "Subject", "TenantSubject", "UsageSubject"]
