"""The extension system of Luminescent Cluster: protocols, registry, start-up check.

Production code: the standard library and `packaging` only, and `packaging` only where a version is
compared. Importing this package costs milliseconds.
"""

from .compatibility import Incompatibility, IncompatibleExtensionError, verify_extensions
from .defaults import with_defaults
from .optional import optional
from .protocols.audit_logger import AUDIT_LOGGER_VERSION, AuditLogger
from .protocols.tenant_provider import TENANT_PROVIDER_VERSION, TenantProvider
from .protocols.usage_tracker import USAGE_TRACKER_VERSION, UsageTracker
from .registry import ExtensionRegistry

__all__ = [
    "AUDIT_LOGGER_VERSION",
    "TENANT_PROVIDER_VERSION",
    "USAGE_TRACKER_VERSION",
    "AuditLogger",
    "ExtensionRegistry",
    "Incompatibility",
    "IncompatibleExtensionError",
    "TenantProvider",
    "UsageTracker",
    "optional",
    "verify_extensions",
    "with_defaults",
]
