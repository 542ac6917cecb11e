"""The usage trackers: counting, ranges, quotas."""

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.fakes import Clock

UTC = timezone.utc
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
REUSED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
TENANTS = st.sampled_from(["acme", "Acme", "acme ", "\ud800", "a\x00b"])


def use(tracker: Any, tokens: int, tenant: str = "acme", operation: str = "query") -> None:
    tracker.track(operation, tokens, {"tenant_id": tenant})


def total(tracker: Any, tenant: str = "acme", *bounds: Any) -> int:
    tokens = tracker.get_usage_summary(tenant, *bounds)["total_tokens"]
    assert isinstance(tokens, int)
    return tokens


@REUSED
@given(st.lists(st.tuples(TENANTS, st.sampled_from(["query", "embed"]), st.integers(0, 2**70))))
def test_sums_are_exact_per_tenant(make_tracker: Any, events: Any) -> None:
    """Tokens and queries of each tenant add up, far beyond 64 bits, and nobody sees another's."""
    tracker = make_tracker()
    for tenant, operation, tokens in events:
        use(tracker, tokens, tenant, operation)
    for tenant in ("acme", "Acme", "acme ", "\ud800", "a\x00b", "nobody"):
        own = [event for event in events if event[0] == tenant]
        summary = tracker.get_usage_summary(tenant)
        assert summary == {
            "total_tokens": sum(tokens for _, _, tokens in own),
            "total_queries": sum(operation == "query" for _, operation, _ in own),
            "total_events": len(own),
            "quota_remaining": None,
        }


@pytest.mark.parametrize(
    "metadata",
    [{"tenant_id": "acme"}, {"x-tenant-id": "acme"}, {"tenant_id": "acme", "x-tenant-id": "x"}],
)
def test_request_context_names_the_tenant(make_tracker: Any, metadata: dict[str, Any]) -> None:
    """Core passes the request context: both spellings of the guide are understood."""
    tracker = make_tracker()
    tracker.track("query", 7, metadata)
    assert total(tracker) == 7


@pytest.mark.parametrize(
    "metadata", [{}, {"tenant_id": None}, {"tenant_id": " "}, {"tenant_id": 5}, {"other": "acme"}]
)
def test_usage_without_tenant_is_unattributed(make_tracker: Any, metadata: dict[str, Any]) -> None:
    """It is counted, on an account that no tenant's summary shows."""
    tracker = make_tracker()
    tracker.track("query", 7, metadata)
    assert tracker.unattributed()["total_tokens"] == 7
    assert total(tracker) == total(tracker, "") == total(tracker, " ") == 0


def test_tenant_may_be_found_by_a_function(make_tracker: Any) -> None:
    """The tenant provider's own method can be given; where it raises, usage is unattributed."""
    tracker = make_tracker(tenant_of=lambda metadata: metadata["who"].strip())
    tracker.track("query", 3, {"who": " acme "})
    tracker.track("query", 4, {})
    assert (total(tracker), tracker.unattributed()["total_tokens"]) == (3, 4)


def test_credentials_in_the_context_are_not_kept(make_tracker: Any) -> None:
    """Of the metadata only the tenant is stored."""
    tracker = make_tracker()
    tracker.track("query", 1, {"tenant_id": "acme", "authorization": "Bearer secret"})
    (event,) = tracker.recorded()
    assert "secret" not in repr(event)
    assert set(event) == {"id", "tenant_id", "operation", "tokens", "timestamp"}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("query", -1, {}), ValueError),
        (("query", 1 << 2000, {}), ValueError),
        (("query", 1.0, {}), TypeError),
        ((None, 1, {}), TypeError),
        (("query", 1, None), TypeError),
    ],
    ids=["negative", "huge", "float", "no operation", "no metadata"],
)
def test_what_cannot_be_booked_is_refused(make_tracker: Any, arguments: Any, error: Any) -> None:
    """Mistakes raise at the call and leave nothing behind."""
    tracker = make_tracker()
    with pytest.raises(error):
        tracker.track(*arguments)
    assert tracker.recorded() == []


@pytest.mark.parametrize("operation", ["", "\x00", "\ud800", "x" * 100_000], ids=ascii)
def test_any_text_is_an_operation(make_tracker: Any, operation: str) -> None:
    """Odd operations neither raise nor poison the queue behind them."""
    tracker = make_tracker()
    use(tracker, 1, operation=operation)
    use(tracker, 2)
    assert total(tracker) == 3
    assert tracker.recorded()[0]["operation"] == operation


OFFSETS = st.integers(-3 * 3600, 3 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@REUSED
@given(
    st.lists(st.tuples(OFFSETS, st.integers(0, 9)), max_size=20),
    st.lists(st.none() | OFFSETS, min_size=3, max_size=3),
    st.sampled_from([UTC, ZoneInfo("Europe/Paris"), timezone(timedelta(hours=-9.5)), None]),
)
def test_ranges_are_half_open(make_tracker: Any, events: Any, offsets: Any, zone: Any) -> None:
    """[start, end) in any zone, over a change of the clocks: bounds touch, nothing counts twice."""
    tracker = make_tracker(clock=Clock(NOON))
    start = datetime(2026, 3, 29, 1, tzinfo=UTC)
    for offset, tokens in events:
        tracker.clock.set(start + offset)
        use(tracker, tokens)

    def bound(offset: timedelta | None) -> datetime | None:
        if offset is None:
            return None
        when = start + offset
        return when.replace(tzinfo=None) if zone is None else when.astimezone(zone)

    low, high = offsets[0], offsets[1]
    expected = sum(
        tokens
        for offset, tokens in events
        if (low is None or low <= offset) and (high is None or offset < high)
    )
    assert total(tracker, "acme", bound(low), bound(high)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (datetime.min, datetime.max, 5),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), None, 5),
        (None, datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), 5),
        (datetime.max, datetime.min, 0),
        (NOON, NOON, 0),
        (NOON, NOON + timedelta(microseconds=1), 5),
        (NOON - timedelta(microseconds=1), NOON, 0),
        (datetime(1970, 1, 1), None, 5),
    ],
)
def test_ranges_at_the_edges(make_tracker: Any, start: Any, end: Any, expected: int) -> None:
    """Reversed and empty ranges are empty; the ends of time do not overflow."""
    tracker = make_tracker(clock=Clock(NOON))
    use(tracker, 5)
    assert total(tracker, "acme", start, end) == expected


@pytest.mark.parametrize("when", [datetime.min, datetime.max, datetime(1969, 12, 31, 23, 59, 59)])
@pytest.mark.parametrize("period", ["hour", "day", "month"])
def test_clock_may_stand_anywhere(make_tracker: Any, when: datetime, period: str) -> None:
    """Also at the ends of time a quota has a period and an event is counted."""
    tracker = make_tracker(clock=Clock(when), period=period, default_quota=5)
    use(tracker, 5)
    assert tracker.check_quota("acme", "query")[0] is False
    assert tracker.get_usage_summary("acme")["quota_remaining"] == 0


def test_naive_clock_is_utc(make_tracker: Any) -> None:
    """A clock of the user's own may be naive."""
    tracker = make_tracker(clock=lambda: datetime(2026, 5, 1))
    use(tracker, 1)
    assert tracker.recorded()[0]["timestamp"] == datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("bound", [5, "2026-01-01", NOON.date()])
def test_bounds_are_datetimes(make_tracker: Any, bound: Any) -> None:
    """Anything else raises TypeError."""
    with pytest.raises(TypeError):
        make_tracker().get_usage_summary("acme", bound)


def test_quota_denies_at_the_limit(make_tracker: Any) -> None:
    """Below the limit allowed without a reason, at and above it denied with one."""
    tracker = make_tracker()
    tracker.set_quota("acme", 10)
    use(tracker, 9)
    assert tracker.check_quota("acme", "query") == (True, None)
    use(tracker, 1)
    use(tracker, 0, "other")
    allowed, reason = tracker.check_quota("acme", "embed")
    assert allowed is False
    assert reason == "monthly quota used up: 10 of 10 tokens"
    use(tracker, 5)
    assert tracker.check_quota("acme", "query")[0] is False
    assert tracker.check_quota("other", "query") == (True, None)


def test_quota_of_one_operation(make_tracker: Any) -> None:
    """A limit for an operation counts and stops that operation alone."""
    tracker = make_tracker()
    tracker.set_quota("acme", 10, "embed")
    use(tracker, 50)
    assert tracker.check_quota("acme", "embed") == (True, None)
    use(tracker, 10, operation="embed")
    allowed, reason = tracker.check_quota("acme", "embed")
    assert (allowed, reason) == (False, "monthly quota of 'embed' used up: 10 of 10 tokens")
    assert tracker.check_quota("acme", "query") == (True, None)


def test_asking_changes_nothing(make_tracker: Any) -> None:
    """Many questions leave usage and answers as they were."""
    tracker = make_tracker(default_quota=10)
    use(tracker, 9)
    before = tracker.get_usage_summary("acme"), tracker.recorded()
    assert {tracker.check_quota("acme", "query") for _ in range(20)} == {(True, None)}
    assert (tracker.get_usage_summary("acme"), tracker.recorded()) == before


@pytest.mark.parametrize(
    ("period", "still", "later"),
    [
        ("hour", datetime(2026, 2, 28, 23, 59, 59, 999_999), datetime(2026, 3, 1)),
        ("day", datetime(2026, 2, 28, 23, 59, 59, 999_999), datetime(2026, 3, 1)),
        ("month", datetime(2026, 2, 28, 23, 59, 59, 999_999), datetime(2026, 3, 1)),
        ("month", datetime(2026, 2, 1), datetime(2027, 2, 28)),
    ],
)
def test_quota_starts_anew_with_the_period(
    make_tracker: Any, period: str, still: datetime, later: datetime
) -> None:
    """Denied to the last microsecond of the period, allowed at the first of the next."""
    tracker = make_tracker(clock=Clock(still), period=period, default_quota=1)
    use(tracker, 1)
    assert tracker.check_quota("acme", "query")[0] is False
    tracker.clock.set(later)
    assert tracker.check_quota("acme", "query") == (True, None)
    assert tracker.get_usage_summary("acme")["quota_remaining"] == 1
    assert total(tracker) == 1


def test_lifted_quota_allows(make_tracker: Any) -> None:
    """None takes a limit away, and the default comes back."""
    tracker = make_tracker(default_quota=5)
    use(tracker, 7)
    tracker.set_quota("acme", 100)
    assert tracker.check_quota("acme", "query") == (True, None)
    tracker.set_quota("acme", None)
    assert tracker.check_quota("acme", "query")[0] is False


def test_quota_of_the_unattributed(make_tracker: Any) -> None:
    """Requests without a tenant can be limited, and are not by default."""
    tracker = make_tracker()
    tracker.track("query", 5, {})
    assert tracker.check_quota("", "query") == tracker.check_quota(None, "query") == (True, None)
    tracker.set_quota("", 0)
    assert tracker.check_quota(None, "query")[0] is False


@pytest.mark.parametrize(
    "settings_", [{"period": "year"}, {"quota_policy": "maybe"}, {"capacity": 0}]
)
def test_unknown_settings_are_refused(make_tracker: Any, settings_: dict[str, Any]) -> None:
    """A misspelt setting is an error and not a default."""
    with pytest.raises(ValueError, match=r"period|quota_policy|outbox"):
        make_tracker(**settings_)


@pytest.mark.parametrize(("limit", "error"), [(-1, ValueError), (1.5, TypeError)])
def test_unusable_limits_are_refused(make_tracker: Any, limit: Any, error: Any) -> None:
    """A limit is a whole number that is not negative."""
    with pytest.raises(error):
        make_tracker().set_quota("acme", limit)


def test_summaries_are_fresh(make_tracker: Any) -> None:
    """Changing a summary or a record changes no later one."""
    tracker = make_tracker()
    use(tracker, 1)
    tracker.get_usage_summary("acme").clear()
    tracker.recorded()[0].clear()
    assert total(tracker) == 1
    assert tracker.recorded()[0]["tokens"] == 1
