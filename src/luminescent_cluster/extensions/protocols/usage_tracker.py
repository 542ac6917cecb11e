"""UsageTracker: what was used, whether more may be used, and what to bill."""

from datetime import datetime
from typing import Optional, Protocol

__all__ = ["USAGE_TRACKER_VERSION", "UsageTracker"]

USAGE_TRACKER_VERSION = "1.0.0"


class UsageTracker(Protocol):
    """Usage metering for billing and quota enforcement.

    A class satisfies the protocol by having these methods; there is nothing to inherit.
    """

    def track(self, operation: str, tokens: int, metadata: dict) -> None:  # type: ignore[type-arg]
        """Record one usage event, fire and forget.

        Args:
            operation: what was done, for instance ``"query"``.
            tokens: how many tokens it used.
            metadata: whatever the request knows of itself; core passes the request context.
        """
        ...

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, Optional[str]]:  # noqa: UP045 - the guide's exact signature
        """Ask whether a tenant has quota left.

        Args:
            tenant_id: the tenant who wants to go on.
            operation: what it wants to do.

        Returns:
            ``(True, None)`` when allowed, ``(False, reason)`` when the quota is used up.
        """
        ...

    def get_usage_summary(
        self,
        tenant_id: str,
        start_date: Optional[datetime] = None,  # noqa: UP045 - the guide's exact signature
        end_date: Optional[datetime] = None,  # noqa: UP045
    ) -> dict:  # type: ignore[type-arg]
        """Sum up a tenant's usage for billing.

        Args:
            tenant_id: whose usage.
            start_date: first instant that counts; None leaves the range open.
            end_date: first instant that no longer counts; None leaves the range open.

        Returns:
            At least ``total_tokens`` (int, not negative); usually also ``total_queries`` and
            ``quota_remaining``.
        """
        ...
