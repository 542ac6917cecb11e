"""Usage as Stripe's billing meters keep it: events in, sums over minutes out."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import stripe

__all__ = ["MeterUsage", "Meters", "Rejected"]

_TOKENS, _QUERIES = "luminescent_tokens", "luminescent_queries"


@dataclass(frozen=True)
class MeterUsage:
    """One use on its way to Stripe; `id` makes sending it twice count once."""

    id: str
    customer: str
    tenant: str
    tokens: int
    operation: str
    timestamp: int


class Rejected(Exception):
    """Stripe will never take this event, however often it is sent."""


class Meters:
    """The two meters of an account, tokens and queries. They are created where they are missing.

    Every method raises `stripe.StripeError` where Stripe cannot be reached or refuses.
    """

    def __init__(self, api_key: str, base_url: str | None, timeout: float) -> None:
        """Talk to `base_url` (Stripe where None), waiting `timeout` seconds for an answer."""
        # A client of its own: the module-wide stripe.api_key would be every thread's and library's.
        # Its default timeout is 80 seconds, and repetitions are the sender's business.
        self._http = stripe.RequestsClient(timeout=timeout)
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={} if base_url is None else {"api": base_url},
            http_client=self._http,
            max_network_retries=0,
        )
        self._lock = threading.Lock()
        self._ids: dict[str, str] = {}

    def send(self, usage: MeterUsage) -> None:
        """Record one use.

        Raises:
            Rejected: where Stripe refuses the event itself.
        """
        self._meter(_TOKENS)
        self._record(_TOKENS, usage, usage.tokens)
        if usage.operation == "query":
            self._meter(_QUERIES)
            self._record(_QUERIES, usage, 1)

    def tokens(self, customer: str, start: int, end: int) -> int:
        """Sum up a customer's tokens in [start, end), both whole minutes."""
        return self._sum(_TOKENS, customer, start, end)

    def queries(self, customer: str, start: int, end: int) -> int:
        """Count a customer's queries in [start, end), both whole minutes."""
        return self._sum(_QUERIES, customer, start, end)

    def close(self) -> None:
        """Release this thread's connections."""
        self._http.close()  # type: ignore[no-untyped-call]

    def _record(self, event_name: str, usage: MeterUsage, value: int) -> None:
        try:
            self._client.v1.billing.meter_events.create(
                {
                    "event_name": event_name,
                    "identifier": f"{usage.id}-{event_name}",
                    "payload": {
                        "stripe_customer_id": usage.customer,
                        "value": str(value),
                        "operation": _label(usage.operation),
                    },
                    "timestamp": usage.timestamp,
                }
            )
        except stripe.InvalidRequestError as error:
            # Stripe refuses an identifier that it has: the event got through, its answer did not
            if error.code == "duplicate_meter_event" or "already exists" in str(error):
                return
            raise Rejected(str(error)) from error

    def _sum(self, event_name: str, customer: str, start: int, end: int) -> int:
        if start >= end:
            return 0
        summaries = self._client.v1.billing.meters.event_summaries.list(
            self._meter(event_name),
            {"customer": customer, "start_time": start, "end_time": end, "limit": 100},
        )
        # sums come as floats
        return sum(round(summary.aggregated_value) for summary in summaries.auto_paging_iter())

    def _meter(self, event_name: str) -> str:
        with self._lock:
            if event_name not in self._ids:
                meters = self._client.v1.billing.meters
                for meter in meters.list({"status": "active", "limit": 100}).auto_paging_iter():
                    self._ids[meter.event_name] = meter.id
            if event_name not in self._ids:
                self._ids[event_name] = self._client.v1.billing.meters.create(
                    {
                        "display_name": event_name.replace("_", " "),
                        "event_name": event_name,
                        "default_aggregation": {"formula": "sum"},
                    }
                ).id
            return self._ids[event_name]


def _label(operation: str) -> str:
    """Give an operation as Stripe can carry it, for whoever looks into a single event."""
    plain = operation.isascii() and operation.isprintable() and 0 < len(operation) <= 100
    return operation if plain else "other"
