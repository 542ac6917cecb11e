"""Extensions that keep what they promise: in memory and in SQLite, for tests and for one machine.

They pass the contracts of their protocols, so unlike a bare mock they cannot lie about what an
extension does. `contract_mock` is for the cases where a mock is wanted all the same.
"""

from .audit import InMemoryAuditLogger, SqliteAuditLogger
from .chain import Anchor, FileAnchor, Head, MemoryAnchor
from .clock import Clock
from .mock import contract_mock
from .switch import BackendDown
from .tenants import InMemoryTenantProvider, SqliteTenantProvider
from .trail import SEVERITIES
from .usage import InMemoryUsageTracker, SqliteUsageTracker
from .verification import Verification

__all__ = [
    "SEVERITIES",
    "Anchor",
    "BackendDown",
    "Clock",
    "FileAnchor",
    "Head",
    "InMemoryAuditLogger",
    "InMemoryTenantProvider",
    "InMemoryUsageTracker",
    "MemoryAnchor",
    "SqliteAuditLogger",
    "SqliteTenantProvider",
    "SqliteUsageTracker",
    "Verification",
    "contract_mock",
]
