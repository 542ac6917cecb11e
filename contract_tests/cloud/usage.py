"""A usage tracker that bills through Stripe's billing meters."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import Any, Literal

import stripe

from .meters import Meters, MeterUsage, Rejected
from .sending import BackgroundSender

__all__ = ["StripeUsageTracker", "UsageUnavailable"]

_log = logging.getLogger(__name__)
_MOST_TOKENS = 10**12  # of one event: Stripe sums in floats, which are exact up to 9 * 10**15
_EPOCH = datetime(1970, 1, 1)
_OPEN_END = 253_402_300_740  # the last minute of the year 9999


class UsageUnavailable(ConnectionError):
    """Stripe cannot be asked, or has not yet got what was tracked."""


class StripeUsageTracker:
    """Sends usage in the background and asks Stripe for sums.

    Sums are as fine as Stripe's: bounds count from the start of their minute. Call `close` before
    the process ends, or what still waits is lost.
    """

    __protocols__ = ("UsageTracker>=1.0,<2",)
    resolution = timedelta(minutes=1)

    def __init__(
        self,
        api_key: str,
        customer_of: Callable[[str], str | None],
        *,
        quotas: dict[str, int] | None = None,
        quota_policy: Literal["open", "closed"] = "closed",
        base_url: str | None = None,
        timeout: float = 2.0,
        capacity: int = 10_000,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        """Bill with `api_key`.

        Args:
            api_key: of Stripe.
            customer_of: gives the Stripe customer of a tenant, None where there is none.
            quotas: tokens per month in UTC, by tenant; who is not listed has no limit.
            quota_policy: whether tenants may go on while Stripe cannot be asked.
            base_url: where Stripe's API is; None for Stripe itself.
            timeout: how many seconds Stripe has for each answer.
            capacity: how many events may wait; beyond it new ones are dropped and counted.
            clock: tells the time of events and of the current month.
        """
        self.quota_policy = quota_policy
        self._customer_of = customer_of
        self._quotas = dict(quotas or {})
        self._timeout = timeout
        self._clock = clock
        self._meters = Meters(api_key, base_url, timeout)
        self._sender: BackgroundSender[MeterUsage] = BackgroundSender(self._send, capacity)
        self._lock = threading.Lock()
        self._dropped: dict[str | None, tuple[int, int]] = {}

    def track(self, operation: str, tokens: int, metadata: dict[str, Any]) -> None:
        """Queue one usage event for billing and return at once.

        The tenant is metadata["tenant_id"], or "x-tenant-id" as in the guide's request context.
        What cannot be billed (no tenant, no customer, no room) is dropped and counted.

        Raises:
            TypeError, ValueError: where `operation`, `tokens` or `metadata` is nothing that can
                be used, such as a negative number of tokens.
        """
        if not isinstance(operation, str) or not isinstance(metadata, dict):
            raise TypeError("operation is a str and metadata a dict")
        if not isinstance(tokens, int):
            raise TypeError(f"tokens is an int, got {type(tokens).__name__}")
        if not 0 <= tokens <= _MOST_TOKENS:
            raise ValueError(f"tokens is from 0 to {_MOST_TOKENS}")
        tenant = metadata.get("tenant_id", metadata.get("x-tenant-id"))
        tenant = tenant if isinstance(tenant, str) and tenant.strip() else None
        customer = None if tenant is None else self._customer(tenant)
        if tenant is None or customer is None:
            self._drop(tenant, tokens, "nobody can be billed for it")
            return
        usage = MeterUsage(
            id=str(uuid.uuid4()),
            customer=customer,
            tenant=tenant,
            tokens=int(tokens),
            operation=str(operation),
            timestamp=_seconds(self._clock()),
        )
        if not self._sender.put(usage):
            self._drop(tenant, tokens, "the queue is full or closed")

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        """Say whether the tenant is below its quota of this month.

        Returns:
            (True, None), or (False, the reason). While Stripe cannot be asked: as declared.
        """
        if not isinstance(tenant_id, str) or not isinstance(operation, str):
            raise TypeError("tenant_id and operation are str")
        limit = self._quotas.get(tenant_id)
        if limit is None:
            return True, None
        customer = self._customer(tenant_id)
        usage = 0
        try:
            if customer is not None:
                with self._asking():
                    usage = self._meters.tokens(customer, *self._month())
        except UsageUnavailable as error:
            if self.quota_policy == "open":
                return True, None
            return False, f"quota cannot be checked: {error}"
        if usage >= limit:
            return False, f"monthly token quota used up ({usage}/{limit})"
        return True, None

    def get_usage_summary(
        self,
        tenant_id: str,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> dict[str, Any]:
        """Sum up the usage in [start_date, end_date); None is an open end, naive datetimes are UTC.

        Raises:
            TypeError: where an argument has not the declared type.
            UsageUnavailable: while Stripe cannot be asked.
        """
        if not isinstance(tenant_id, str):
            raise TypeError("tenant_id is a str")
        start = 0 if start_date is None else max(0, _minute(start_date))
        end = _OPEN_END if end_date is None else _minute(end_date)
        customer = self._customer(tenant_id)
        limit = self._quotas.get(tenant_id)
        tokens = queries = month = 0
        if customer is not None:
            with self._asking():
                tokens = self._meters.tokens(customer, start, end)
                queries = self._meters.queries(customer, start, end)
                month = 0 if limit is None else self._meters.tokens(customer, *self._month())
        return {
            "total_tokens": tokens,
            "total_queries": queries,
            "quota_remaining": None if limit is None else max(0, limit - month),
        }

    def set_quota(self, tenant_id: str, limit: int | None) -> None:
        """Limit a tenant's tokens per month; None lifts the limit."""
        with self._lock:
            if limit is None:
                self._quotas.pop(tenant_id, None)
            else:
                self._quotas[tenant_id] = limit

    def dropped(self) -> dict[str | None, dict[str, int]]:
        """Give {tenant or None: {"events": ..., "tokens": ...}} of what could not be billed."""
        with self._lock:
            return {
                tenant: {"events": events, "tokens": tokens}
                for tenant, (events, tokens) in self._dropped.items()
            }

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything tracked so far is with Stripe; False when time runs out."""
        return self._sender.settle(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Send what waits, and count as dropped what cannot be sent in time."""
        for usage in self._sender.close(timeout):
            self._drop(usage.tenant, usage.tokens, "closed before it could be sent")
        self._meters.close()

    def __enter__(self) -> StripeUsageTracker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, usage: MeterUsage) -> None:
        try:
            self._meters.send(usage)
        except Rejected as error:
            self._drop(usage.tenant, usage.tokens, f"Stripe rejects it: {error}")

    def _month(self) -> tuple[int, int]:
        now = datetime.fromtimestamp(_seconds(self._clock()), timezone.utc)
        start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        # the 1st of a month and 32 days are always in the next one
        return _minute(start), _minute((start + timedelta(days=32)).replace(day=1))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Ask Stripe when it has all that was tracked, and send it nothing meanwhile.

        An event is two meter events, and a summary several questions: neither may get in between
        the parts of the other.
        """
        if not self._sender.settle(self._timeout):
            raise UsageUnavailable("Stripe has not yet got everything that was tracked")
        try:
            with self._sender.paused(self._timeout):
                yield
        except (stripe.StripeError, TimeoutError) as error:
            raise UsageUnavailable(str(error)) from error

    def _customer(self, tenant: str) -> str | None:
        try:
            return self._customer_of(tenant)
        except Exception as error:  # a directory of customers that is down must not stop a request
            _log.error("customer of %r cannot be looked up: %s", tenant, error)
            return None

    def _drop(self, tenant: str | None, tokens: int, reason: str) -> None:
        with self._lock:
            events, known = self._dropped.get(tenant, (0, 0))
            self._dropped[tenant] = (events + 1, known + tokens)
        _log.warning("usage dropped: %s", reason)


def _seconds(when: datetime) -> int:
    if not isinstance(when, datetime):
        raise TypeError(f"expected a datetime, got {type(when).__name__}")
    offset = when.utcoffset() or timedelta(0)
    return (when.replace(tzinfo=None, fold=0) - _EPOCH - offset) // timedelta(seconds=1)


def _minute(when: datetime) -> int:
    return _seconds(when) // 60 * 60
