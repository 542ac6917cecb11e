"""Usage trackers that keep their books in memory or in SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from os import PathLike
from typing import Any, ClassVar, Literal

from .accounts import DEFAULT_TENANT_KEYS, TenantOf
from .booking import BookingTracker
from .ledger import MemoryLedger
from .periods import Period
from .switch import Switch

__all__ = ["InMemoryUsageTracker", "SqliteUsageTracker"]

_CAPACITY = 100_000


class InMemoryUsageTracker(BookingTracker):
    """A usage tracker whose books live in this process."""

    def __init__(
        self,
        *,
        tenant_of: TenantOf = DEFAULT_TENANT_KEYS,
        default_quota: int | None = None,
        period: Period = "month",
        quota_policy: Literal["open", "closed"] = "open",
        capacity: int = _CAPACITY,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Start with empty books.

        Args:
            tenant_of: metadata keys that name the tenant, or a function of the metadata.
            default_quota: the limit of every tenant without one of its own; None is no limit.
            period: the calendar period in UTC that quotas are counted over.
            quota_policy: whether an unconfirmed tenant may go on while the books are out of reach.
            capacity: how many events may wait to be booked; beyond that new ones are dropped.
            clock: tells the time of events and of the current period; a `Clock` by default.

        Raises:
            ValueError: where an argument is outside what is documented.
        """
        switch = Switch("the usage ledger")
        super().__init__(
            MemoryLedger(switch),
            switch,
            tenant_of=tenant_of,
            default_quota=default_quota,
            period=period,
            quota_policy=quota_policy,
            capacity=capacity,
            clock=clock,
        )


class SqliteUsageTracker(BookingTracker):
    """A usage tracker whose books, limits included, live in a SQLite file.

    What `flush` or a summary confirmed survives the process; what still waits in the queue is
    booked when the interpreter ends in an orderly way.
    """

    durable: ClassVar[bool] = True

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        tenant_of: TenantOf = DEFAULT_TENANT_KEYS,
        default_quota: int | None = None,
        period: Period = "month",
        quota_policy: Literal["open", "closed"] = "open",
        capacity: int = _CAPACITY,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Open or create the file at `path`. The other arguments are `InMemoryUsageTracker`'s."""
        from .sqlite_ledger import SqliteLedger

        switch = Switch("the usage ledger")
        self._path = path
        self._settings: dict[str, Any] = {
            "tenant_of": tenant_of,
            "default_quota": default_quota,
            "period": period,
            "quota_policy": quota_policy,
            "capacity": capacity,
        }
        super().__init__(SqliteLedger(path, switch), switch, **self._settings, clock=clock)

    def reopen(self) -> SqliteUsageTracker:
        """Close this tracker and give a new one on the same file, as after a restart."""
        self.close()
        return SqliteUsageTracker(self._path, **self._settings, clock=self.clock)
