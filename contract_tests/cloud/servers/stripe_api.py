"""The part of Stripe's API that usage metering needs: meters, meter events, event summaries.

After https://docs.stripe.com/api/billing/meter: form-encoded requests, errors with type and
message, unique event names and identifiers, summaries over [start, end) in whole minutes, and sums
that come as floats. Unlike Stripe, which aggregates later, an accepted event counts at once.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .loopback import Answer, LoopbackServer

__all__ = ["MeterEvent", "StripeServer"]

_SUMMARIES = re.compile(r"/v1/billing/meters/(\w+)/event_summaries")


@dataclass(frozen=True)
class MeterEvent:
    """One accepted event."""

    identifier: str
    event_name: str
    customer: str
    value: int
    timestamp: int
    operation: str = ""


class _Refused(Exception):
    """A request that Stripe answers with status 400."""


class StripeServer(LoopbackServer):
    """Speaks three endpoints of Stripe's billing API on 127.0.0.1."""

    def __init__(self) -> None:
        """Start without meters and events."""
        super().__init__()
        self._lock = threading.Lock()
        self._meters: dict[str, dict[str, Any]] = {}
        self._events: dict[str, MeterEvent] = {}
        self._of_customer: dict[tuple[str, str], list[MeterEvent]] = {}
        self.duplicates = 0

    def events(self) -> list[MeterEvent]:
        """Give the accepted events in the order of arrival."""
        with self._lock:
            return list(self._events.values())

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """Route one request."""
        url = urlsplit(target)
        form = parse_qs(body.decode("utf-8") if method == "POST" else url.query)
        fields = {name: values[-1] for name, values in form.items()}
        try:
            with self._lock:
                if (method, url.path) == ("POST", "/v1/billing/meter_events"):
                    return 200, self._record(fields)
                if (method, url.path) == ("POST", "/v1/billing/meters"):
                    return 200, self._create_meter(fields)
                if (method, url.path) == ("GET", "/v1/billing/meters"):
                    return 200, _page(url.path, list(self._meters.values()), fields)
                summaries = _SUMMARIES.fullmatch(url.path)
                if method == "GET" and summaries:
                    return 200, _page(url.path, [self._summary(summaries[1], fields)], fields)
        except _Refused as refusal:
            error = {"type": "invalid_request_error", "message": str(refusal)}
            return 400, {"error": error}
        return 404, {"error": {"type": "invalid_request_error", "message": "no such URL"}}

    def _create_meter(self, fields: dict[str, str]) -> dict[str, Any]:
        name = fields["event_name"]
        formula = fields["default_aggregation[formula]"]
        if any(meter["event_name"] == name for meter in self._meters.values()):
            raise _Refused(f"A meter with event name {name} already exists.")
        if formula not in ("sum", "count"):
            raise _Refused(f"Unsupported formula {formula}.")
        meter = {
            "id": f"mtr_{len(self._meters) + 1}",
            "object": "billing.meter",
            "display_name": fields["display_name"],
            "event_name": name,
            "status": "active",
            "default_aggregation": {"formula": formula},
        }
        self._meters[str(meter["id"])] = meter
        return meter

    def _record(self, fields: dict[str, str]) -> dict[str, Any]:
        event = MeterEvent(
            identifier=fields["identifier"],
            event_name=fields["event_name"],
            customer=fields["payload[stripe_customer_id]"],
            value=int(fields["payload[value]"]),
            timestamp=int(fields["timestamp"]),
            operation=fields.get("payload[operation]", ""),
        )
        if all(meter["event_name"] != event.event_name for meter in self._meters.values()):
            raise _Refused(f"No active meter found for event name {event.event_name}.")
        if event.identifier in self._events:
            self.duplicates += 1
            raise _Refused(f"An event already exists with identifier {event.identifier}.")
        self._events[event.identifier] = event
        self._of_customer.setdefault((event.event_name, event.customer), []).append(event)
        return {
            "object": "billing.meter_event",
            "identifier": event.identifier,
            "event_name": event.event_name,
            "payload": {"stripe_customer_id": event.customer, "value": str(event.value)},
            "timestamp": event.timestamp,
        }

    def _summary(self, meter_id: str, fields: dict[str, str]) -> dict[str, Any]:
        meter = self._meters.get(meter_id)
        if meter is None:
            raise _Refused(f"No such meter: {meter_id}")
        start, end = int(fields["start_time"]), int(fields["end_time"])
        if start % 60 or end % 60:
            raise _Refused("start_time and end_time must be aligned with minute boundaries.")
        if start >= end:
            raise _Refused("start_time must be before end_time.")
        values = [
            event.value
            for event in self._of_customer.get((meter["event_name"], fields["customer"]), [])
            if start <= event.timestamp < end
        ]
        total = sum(values) if meter["default_aggregation"]["formula"] == "sum" else len(values)
        return {
            "id": f"mtrusg_{meter_id}",
            "object": "billing.meter_event_summary",
            "aggregated_value": float(total),
            "meter": meter_id,
            "start_time": start,
            "end_time": end,
        }


def _page(url: str, items: list[dict[str, Any]], fields: dict[str, str]) -> dict[str, Any]:
    limit = int(fields.get("limit", "10"))
    after = fields.get("starting_after")
    ids = [item["id"] for item in items]
    start = ids.index(after) + 1 if after in ids else 0
    return {
        "object": "list",
        "url": url,
        "data": items[start : start + limit],
        "has_more": len(items) > start + limit,
    }
