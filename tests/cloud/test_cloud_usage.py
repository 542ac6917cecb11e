"""The usage tracker on the real Stripe client, against the loopback API."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import stripe
from contract_tests.cloud.servers.stripe_api import StripeServer
from contract_tests.cloud.usage import StripeUsageTracker, UsageUnavailable

from luminescent_cluster.contracts.fakes import Clock

ACME = {"tenant_id": "acme"}


def customer_of(tenant: str) -> "str | None":
    if tenant == "nobody":
        return None
    digest = hashlib.sha256(tenant.encode("utf-8", "surrogatepass")).hexdigest()
    return f"cus_{digest[:24]}"


@pytest.fixture
def server() -> Iterator[StripeServer]:
    with StripeServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 31, 23, 59, 30))


@pytest.fixture
def tracker(server: StripeServer, clock: Clock) -> Iterator[StripeUsageTracker]:
    with make(server, clock=clock) as tracker:
        yield tracker


def make(server: StripeServer, **settings: Any) -> StripeUsageTracker:
    return StripeUsageTracker("sk_test_loopback", customer_of, base_url=server.url, **settings)


def test_usage_reaches_stripe_as_meter_events(
    tracker: StripeUsageTracker, server: StripeServer
) -> None:
    """Tokens and queries are two meters; other operations count tokens only."""
    tracker.track("query", 7, ACME)
    tracker.track("embed", 5, {"x-tenant-id": "acme"})
    assert tracker.flush()
    assert [(event.event_name, event.value) for event in server.events()] == [
        ("luminescent_tokens", 7),
        ("luminescent_queries", 1),
        ("luminescent_tokens", 5),
    ]
    assert {event.customer for event in server.events()} == {customer_of("acme")}
    assert {event.timestamp for event in server.events()} == {1_775_001_570}


def test_summary_is_per_tenant(tracker: StripeUsageTracker) -> None:
    """Sums of one tenant, integers although Stripe answers floats; strangers have none."""
    tracker.track("query", 7, ACME)
    tracker.track("query", 9, {"tenant_id": "\ud800 acme"})
    summary = tracker.get_usage_summary("acme")
    assert summary == {"total_tokens": 7, "total_queries": 1, "quota_remaining": None}
    assert isinstance(summary["total_tokens"], int)
    assert tracker.get_usage_summary("stranger")["total_tokens"] == 0
    assert tracker.get_usage_summary("nobody")["total_tokens"] == 0


def test_ranges_are_half_open_in_minutes(tracker: StripeUsageTracker, clock: Clock) -> None:
    """Bounds count from the start of their minute, in every zone; reversed is empty."""
    for minute in range(4):
        clock.set(datetime(2026, 1, 1, 12, minute, 59))
        tracker.track("query", 10**minute, ACME)

    def total(start: Any, end: Any) -> Any:
        return tracker.get_usage_summary("acme", start, end)["total_tokens"]

    bounds = [datetime(2026, 1, 1, 12, minute) for minute in range(5)]
    assert [total(bounds[n], bounds[n + 1]) for n in range(4)] == [1, 10, 100, 1000]
    assert total(None, bounds[2]) + total(bounds[2], None) == 1111
    zone = timezone(timedelta(hours=-5, minutes=-30))
    aware = [bound.replace(tzinfo=timezone.utc).astimezone(zone) for bound in bounds]
    assert total(aware[1], bounds[3]) == 110
    assert total(bounds[3], bounds[1]) == total(bounds[1], bounds[1]) == 0
    assert total(datetime.min, datetime.max) == 1111


def test_quota_denies_at_the_limit_of_the_month(server: StripeServer, clock: Clock) -> None:
    """Below allowed, at it denied, and allowed again in the next month."""
    with make(server, clock=clock, quotas={"acme": 10}) as tracker:
        tracker.track("query", 9, ACME)
        assert tracker.check_quota("acme", "query") == (True, None)
        assert tracker.get_usage_summary("acme")["quota_remaining"] == 1
        tracker.track("query", 1, ACME)
        assert tracker.check_quota("acme", "query") == (
            False,
            "monthly token quota used up (10/10)",
        )
        assert tracker.check_quota("other", "query") == (True, None)
        clock.advance(timedelta(seconds=30))
        assert tracker.check_quota("acme", "query") == (True, None)


def test_track_does_not_wait_for_stripe(tracker: StripeUsageTracker, server: StripeServer) -> None:
    """Every call returns although no answer can come before the block ends."""
    with server.stall():
        for _ in range(5):
            tracker.track("query", 1, ACME)
        assert tracker.flush(0.05) is False
    assert tracker.get_usage_summary("acme")["total_tokens"] == 5


@pytest.mark.parametrize("how", ["error", "reset", "lost answer"])
def test_usage_during_an_outage_is_billed_once(
    tracker: StripeUsageTracker, server: StripeServer, how: Any
) -> None:
    """Whatever the failure looks like, afterwards every event is counted exactly once."""
    tracker.track("query", 1, ACME)
    assert tracker.flush()  # so that the meters exist
    with server.outage(how):
        for _ in range(3):
            tracker.track("query", 2, ACME)
        assert tracker.flush(0.3) is False
    assert tracker.flush()
    summary = tracker.get_usage_summary("acme")
    assert (summary["total_tokens"], summary["total_queries"]) == (7, 4)
    assert tracker.dropped() == {}
    assert (server.duplicates > 0) is (how == "lost answer")


@pytest.mark.parametrize(("policy", "allowed"), [("open", True), ("closed", False)])
def test_policy_decides_during_an_outage(server: StripeServer, policy: Any, allowed: bool) -> None:
    """A quota that cannot be checked is answered as declared; a summary says so."""
    with (
        make(server, quotas={"acme": 10}, quota_policy=policy, timeout=0.5) as tracker,
        server.outage(),
    ):
        answer, reason = tracker.check_quota("acme", "query")
        assert (answer, reason is None) == (allowed, allowed)
        with pytest.raises(UsageUnavailable):
            tracker.get_usage_summary("acme")


def test_overflow_and_unbillable_usage_is_counted(server: StripeServer) -> None:
    """Dropped events are numbers in a report, not a silence."""
    with make(server, capacity=2) as tracker:
        with server.outage():
            for _ in range(4):
                tracker.track("query", 3, ACME)
        tracker.track("query", 1, {})
        tracker.track("query", 1, {"tenant_id": "nobody"})
        assert tracker.flush()
        total = tracker.get_usage_summary("acme")["total_tokens"]
        assert total + tracker.dropped()["acme"]["tokens"] == 12
        assert tracker.dropped()[None] == tracker.dropped()["nobody"] == {"events": 1, "tokens": 1}


def test_rejected_usage_does_not_block_the_queue(
    tracker: StripeUsageTracker, server: StripeServer
) -> None:
    """What Stripe will never take is counted as dropped, and the next event goes through."""
    send = tracker._meters.send

    def refuse_first(usage: Any) -> None:
        if usage.tokens == 1:
            usage = type(usage)(**{**vars(usage), "timestamp": "never"})
        send(usage)

    tracker._meters.send = refuse_first  # type: ignore[method-assign]
    tracker.track("query", 1, ACME)
    tracker.track("query", 2, ACME)
    assert tracker.flush()
    assert tracker.get_usage_summary("acme")["total_tokens"] == 2
    assert tracker.dropped() == {"acme": {"events": 1, "tokens": 1}}


def test_summaries_are_never_torn(tracker: StripeUsageTracker) -> None:
    """While others track, tokens and queries of a summary belong together."""
    done = threading.Event()

    def write() -> None:
        for _ in range(30):
            tracker.track("query", 3, ACME)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    summaries = [tracker.get_usage_summary("acme")]
    while not done.is_set() or summaries[-1]["total_queries"] < 30:
        summaries.append(tracker.get_usage_summary("acme"))
    writer.join()
    assert all(one["total_tokens"] == 3 * one["total_queries"] for one in summaries)


def test_closing_reports_what_was_not_sent(server: StripeServer) -> None:
    """Nothing disappears with the tracker."""
    tracker = make(server)
    with server.outage():
        tracker.track("query", 4, ACME)
        tracker.close(timeout=0.05)
    assert tracker.dropped() == {"acme": {"events": 1, "tokens": 4}}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("query", -1, ACME), ValueError),
        (("query", 10**13, ACME), ValueError),
        (("query", "1", ACME), TypeError),
        (("query", 1, None), TypeError),
        ((None, 1, ACME), TypeError),
    ],
)
def test_nonsense_is_refused(tracker: StripeUsageTracker, arguments: Any, error: Any) -> None:
    """Mistakes raise at the call."""
    with pytest.raises(error):
        tracker.track(*arguments)


def test_failing_customer_directory_does_not_raise(server: StripeServer) -> None:
    """A request goes on where customers cannot be looked up; the usage is reported as dropped."""

    def down(tenant: str) -> str:
        raise ConnectionError("directory")

    with StripeUsageTracker("sk_test", down, base_url=server.url) as tracker:
        tracker.track("query", 1, ACME)
        assert tracker.dropped()["acme"]["events"] == 1


def test_loopback_refuses_as_stripe_does(server: StripeServer) -> None:
    """Unknown meters, used identifiers, seconds in bounds and double names are errors."""
    client = stripe.StripeClient(
        "sk_test", base_addresses={"api": server.url}, max_network_retries=0
    )
    billing = client.v1.billing
    event: Any = {
        "event_name": "m",
        "identifier": "i",
        "payload": {"stripe_customer_id": "c", "value": "1"},
        "timestamp": 60,
    }
    with pytest.raises(stripe.InvalidRequestError, match="No active meter"):
        billing.meter_events.create(event)
    formula: Any = {"formula": "count"}
    meter = billing.meters.create(
        {"display_name": "M", "event_name": "m", "default_aggregation": formula}
    )
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        billing.meters.create(
            {"display_name": "M", "event_name": "m", "default_aggregation": formula}
        )
    billing.meter_events.create(event)
    with pytest.raises(stripe.InvalidRequestError, match="already exists with identifier i"):
        billing.meter_events.create(event)
    query: Any = {"customer": "c", "start_time": 60, "end_time": 120}
    (summary,) = billing.meters.event_summaries.list(meter.id, query).data
    assert summary.aggregated_value == 1.0
    with pytest.raises(stripe.InvalidRequestError, match="minute boundaries"):
        billing.meters.event_summaries.list(meter.id, {**query, "end_time": 121})
    with pytest.raises(stripe.InvalidRequestError, match="No such meter"):
        billing.meters.event_summaries.list("mtr_9", query)
    client._requestor._get_http_client().close()  # type: ignore[no-untyped-call]


def test_servers_listen_on_loopback_only(server: StripeServer) -> None:
    """Nobody outside this machine can reach them."""
    assert server._http is not None
    assert server._http.server_address[0] == "127.0.0.1"
    assert server.url.startswith("http://127.0.0.1:")
