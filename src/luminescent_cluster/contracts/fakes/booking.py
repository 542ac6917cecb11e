"""What usage trackers share, whatever keeps their books."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Literal, TypeVar

from .accounts import TenantOf, find_account
from .clock import Clock, from_micros, to_micros
from .drops import Drops
from .ledger import Ledger, Limits, Range, Statement, Totals, UsageEvent
from .names import is_blank, require_text
from .outbox import Outbox
from .periods import PERIOD_WORDS, Period, period_around
from .quotas import Denials, decide, remaining
from .switch import BackendDown, Switch

__all__ = ["BookingTracker"]

Tracker = TypeVar("Tracker", bound="BookingTracker")
_MOST_BITS = 1024  # of a number of tokens; more is a mistake, and cannot be written in decimal
_PATIENCE = 5.0


class BookingTracker:
    """A usage tracker over a ledger: a queue before the books, sums over them, and quotas."""

    __protocols__: ClassVar[tuple[str, ...]] = ("UsageTracker>=1.0,<2",)
    durable: ClassVar[bool] = False

    def __init__(
        self,
        ledger: Ledger,
        switch: Switch,
        *,
        tenant_of: TenantOf,
        default_quota: int | None,
        period: Period,
        quota_policy: Literal["open", "closed"],
        capacity: int,
        clock: Callable[[], datetime] | None,
    ) -> None:
        """Book in `ledger`, whose failures `switch` commands. See `InMemoryUsageTracker`."""
        if period not in PERIOD_WORDS:
            raise ValueError(f"period is one of {', '.join(PERIOD_WORDS)}, got {period!r}")
        if quota_policy not in ("open", "closed"):
            raise ValueError(f"quota_policy is 'open' or 'closed', got {quota_policy!r}")
        self.clock = Clock() if clock is None else clock
        self.quota_policy = quota_policy
        self._tenant_of = tenant_of
        self._default_quota = _checked_limit(default_quota)
        self._period: Period = period
        self._ledger = ledger
        self._switch = switch
        self._drops = Drops()
        self._denials = Denials()
        self._outbox: Outbox[UsageEvent] = Outbox(ledger.append, capacity, "usage tracker")

    def track(self, operation: str, tokens: int, metadata: dict[str, Any]) -> None:
        """Queue one usage event and return at once; a thread books it.

        The event is booked on the tenant that `metadata` names (see `tenant_of`), else it is
        unattributed. Nothing else of the metadata is kept: a request context may hold credentials.
        When the queue is full or the tracker closed, the new event is dropped and counted
        (`dropped`); what the backend does is never raised here.

        Raises:
            TypeError: where an argument has not the declared type.
            ValueError: where `tokens` is negative or has more than 1024 bits.
        """
        require_text(operation=operation)
        if not isinstance(tokens, int):
            raise TypeError(f"tokens is an int, got {type(tokens).__name__}")
        if not isinstance(metadata, dict):
            raise TypeError(f"metadata is a dict, got {type(metadata).__name__}")
        amount = int.__index__(tokens)
        if amount < 0:
            raise ValueError("tokens is negative; a tracker books usage and gives no refunds")
        if amount.bit_length() > _MOST_BITS:
            raise ValueError(f"tokens has more than {_MOST_BITS} bits")
        event = UsageEvent(
            id=uuid.uuid4().hex,
            account=find_account(self._tenant_of, metadata),
            operation=str.__str__(operation),
            tokens=amount,
            at=to_micros(self.clock()),
        )
        if not self._outbox.put(event):
            self._drops.add(event, "the queue is full or the tracker is closed")

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        """Say whether the tenant is below its limits in the current period.

        A tenant without a limit is allowed. A blank id, or None, asks for the unattributed account.
        While the books are out of reach the declared `quota_policy` decides; even an open one stays
        with a denial that was confirmed in this period.

        Returns:
            (True, None), or (False, the reason).

        Raises:
            TypeError: where an argument is not a str.
        """
        account = _account(tenant_id)
        require_text(operation=operation)
        operation = str.__str__(operation)
        start, end = period_around(to_micros(self.clock()), self._period)
        try:
            self._outbox.drain(_PATIENCE)
            (used,), limits = self._statement(account, (start, end))
        except BackendDown as error:
            reason = self._denials.recall(account, operation, start)
            if reason is None and self.quota_policy == "closed":
                reason = f"quota cannot be checked: {error}"
        else:
            reason = decide(limits, used, operation, PERIOD_WORDS[self._period])
            self._denials.note(account, operation, start, reason)
        return reason is None, reason

    def get_usage_summary(
        self,
        tenant_id: str,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> dict[str, Any]:
        """Sum up the usage in [start_date, end_date); None is an open end, naive datetimes are UTC.

        Everything this process tracked before the call is in it. A reversed range is empty.

        Returns:
            total_tokens and total_events over all operations, total_queries for the operation
            "query" alone, and quota_remaining, what the tenant has left in the current period,
            whatever the range asked for (None without a limit).

        Raises:
            TypeError: where an argument has not the declared type.
            BackendDown: while the books are out of reach.
        """
        require_text(tenant_id=tenant_id)
        account = _account(tenant_id)
        start = None if start_date is None else to_micros(start_date)
        end = None if end_date is None else to_micros(end_date)
        if account is None:  # nobody's summary shows what is unattributed
            return _summary({}, {}, {})
        return self._summarise(account, start, end)

    def unattributed(self) -> dict[str, Any]:
        """Sum up, in the shape of a summary, what was tracked without a tenant."""
        return self._summarise(None, None, None)

    def set_quota(self, tenant_id: str, limit: int | None, operation: str | None = None) -> None:
        """Limit a tenant's tokens per period, over all operations or for one; None lifts a limit.

        A blank id limits the unattributed account.

        Raises:
            TypeError: where an argument has not the declared type.
            ValueError: where `limit` is negative.
            BackendDown: while the books are out of reach.
        """
        account = _account(tenant_id)
        if operation is not None:
            require_text(operation=operation)
            operation = str.__str__(operation)
        self._ledger.set_limit(account, operation, _checked_limit(limit))
        self._denials.forget(account)

    def recorded(self) -> list[dict[str, Any]]:
        """Give every booked event, oldest first, after booking what still waits.

        Raises:
            BackendDown: while the books are out of reach.
        """
        self._outbox.drain(_PATIENCE)
        return [
            {
                "id": event.id,
                "tenant_id": event.account,
                "operation": event.operation,
                "tokens": event.tokens,
                "timestamp": from_micros(event.at),
            }
            for event in self._ledger.events()
        ]

    def dropped(self) -> dict[str | None, dict[str, int]]:
        """Give {tenant or None: {"events": ..., "tokens": ...}} of what could not be kept."""
        return self._drops.report()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything tracked before this call is booked; False when time runs out."""
        return self._outbox.settle(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Book what waits, count what cannot be booked in time as dropped, release the books."""
        for event in self._outbox.close(timeout):
            self._drops.add(event, "the tracker was closed before the event could be booked")
        self._ledger.close()

    def break_backend(self) -> AbstractContextManager[None]:
        """Take the books out of reach while the block runs."""
        return self._switch.outage()

    def stall_backend(self) -> AbstractContextManager[None]:
        """Keep every access to the books waiting while the block runs."""
        return self._switch.stall()

    def __enter__(self: Tracker) -> Tracker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _summarise(self, account: str | None, start: int | None, end: int | None) -> dict[str, Any]:
        self._outbox.drain(_PATIENCE)
        current = period_around(to_micros(self.clock()), self._period)
        (used, now), limits = self._statement(account, (start, end), current)
        return _summary(used, limits, now)

    def _statement(self, account: str | None, *ranges: Range) -> Statement:
        totals, limits = self._ledger.statement(account, *ranges)
        if self._default_quota is not None:
            limits.setdefault(None, self._default_quota)
        return totals, limits


def _account(tenant_id: str | None) -> str | None:
    if tenant_id is None:
        return None
    require_text(tenant_id=tenant_id)
    return None if is_blank(tenant_id) else str.__str__(tenant_id)


def _checked_limit(limit: int | None) -> int | None:
    if limit is None:
        return None
    if not isinstance(limit, int):
        raise TypeError(f"a quota is an int or None, got {type(limit).__name__}")
    if limit < 0:
        raise ValueError(f"a quota is not negative, got {limit}")
    return int.__index__(limit)


def _summary(used: Totals, limits: Limits, now: Totals) -> dict[str, Any]:
    return {
        "total_tokens": sum(tokens for tokens, _ in used.values()),
        "total_queries": used.get("query", (0, 0))[1],
        "total_events": sum(events for _, events in used.values()),
        "quota_remaining": remaining(limits, now),
    }
