"""The audit loggers: what is recorded, and how."""

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.fakes import SEVERITIES, BackendDown, Clock

FIELDS = ("event_type", "actor", "resource", "action", "outcome")
TEXTS = st.text(alphabet=st.characters(), max_size=20) | st.sampled_from(
    [
        "\n",
        '{"actor": "root"}',
        "\x1b[2J",
        "\x00",
        "a\r\nb",
        "\ud83d\ude00",
        "\U0001f600",
        '"',
        "\\",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
REUSED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80
)


def event(logger: Any, details: Any = None, name: str = "e") -> None:
    logger.log_event(name, "ann", "kb", "read", "success", details)


@REUSED
@given(st.lists(st.tuples(*[TEXTS] * 5, st.dictionaries(TEXTS, JSON, max_size=3)), max_size=5))
def test_events_are_recorded_exactly_in_order(make_logger: Any, events: Any) -> None:
    """All six fields of every event, whatever they hold, once, in order, and nothing else."""
    logger = make_logger()
    for one in events:
        assert logger.log_event(*one) is None
    records = logger.recorded()
    assert [(*(record[name] for name in FIELDS), record["details"]) for record in records] == events
    assert [record["sequence"] for record in records] == list(range(1, len(events) + 1))
    assert {record["kind"] for record in records} <= {"event"}
    assert logger.verify()


def test_details_may_be_left_out(make_logger: Any) -> None:
    """Omitted, None and empty are the same."""
    logger = make_logger()
    logger.log_event("e", "ann", "kb", "read", "success")
    event(logger, None)
    event(logger, {})
    logger.log_security_event("e", "info", "m")
    assert [record["details"] for record in logger.recorded()] == [{}] * 4


@pytest.mark.parametrize("severity", SEVERITIES)
def test_security_events_are_recorded(make_logger: Any, severity: str) -> None:
    """Every known severity, with its fields; only critical alerts, and once."""
    logger = make_logger()
    logger.log_security_event("login", severity, "boom", {"ip": "::1"})
    (record,) = logger.recorded()
    assert record["kind"] == "security"
    fields = {name: record[name] for name in ("event_type", "severity", "message", "details")}
    assert fields == {
        "event_type": "login",
        "severity": severity,
        "message": "boom",
        "details": {"ip": "::1"},
    }
    assert logger.alerts() == ([record] if severity == "critical" else [])


@pytest.mark.parametrize("severity", ["", "CRITICAL", "critical ", "fatal", "\ud800"], ids=ascii)
def test_unknown_severity_is_refused(make_logger: Any, severity: str) -> None:
    """Refused loudly, neither dropped nor alerted."""
    logger = make_logger()
    with pytest.raises(ValueError, match="unknown severity"):
        logger.log_security_event("login", severity, "boom")
    assert logger.recorded() == []


def test_times_are_aware_utc_and_within_the_call(make_logger: Any) -> None:
    """The guide's sketch writes naive times; these say that they are UTC."""
    logger = make_logger()
    before = datetime.now(timezone.utc)
    event(logger)
    after = datetime.now(timezone.utc)
    at = datetime.fromisoformat(logger.recorded()[0]["timestamp"])
    assert at.utcoffset() == timedelta(0)
    assert before <= at <= after


def test_clock_of_another_zone_is_written_in_utc(make_logger: Any) -> None:
    """Whatever clock is given, the record is UTC."""
    zone = timezone(timedelta(hours=9))
    logger = make_logger(clock=lambda: datetime(2026, 1, 1, 8, tzinfo=zone))
    event(logger)
    assert logger.recorded()[0]["timestamp"] == "2025-12-31T23:00:00.000000+00:00"


def test_details_are_a_snapshot(make_logger: Any) -> None:
    """Changing the details at any depth after the call changes no record."""
    logger = make_logger()
    details: dict[str, Any] = {"list": [1, {"deep": "old"}], "bytes": bytearray(b"old")}
    event(logger, details)
    before = logger.recorded()
    details["list"][1]["deep"] = "new"
    details["list"].append(2)
    details["bytes"][:] = b"new"
    details["more"] = True
    assert logger.recorded() == before
    assert before[0]["details"]["list"] == [1, {"deep": "old"}]


def test_arguments_are_left_alone(make_logger: Any) -> None:
    """The caller's details are what they were."""
    details: dict[Any, Any] = {"a": [1, (2, 3)], 5: {"b"}}
    event(make_logger(), details)
    assert details == {"a": [1, (2, 3)], 5: {"b"}}


def test_records_are_fresh(make_logger: Any) -> None:
    """Changing what recorded() and alerts() gave changes nothing stored."""
    logger = make_logger()
    logger.log_security_event("login", "critical", "boom", {"deep": [1]})
    logger.recorded()[0]["details"]["deep"].append(2)
    logger.alerts()[0].clear()
    assert logger.recorded()[0]["details"] == {"deep": [1]}
    assert logger.alerts() == logger.recorded()


@pytest.mark.parametrize(
    "call",
    [
        lambda logger: logger.log_event(None, "a", "r", "x", "o"),
        lambda logger: logger.log_event("e", 5, "r", "x", "o"),
        lambda logger: logger.log_event("e", "a", "r", "x", "o", [1]),
        lambda logger: logger.log_security_event("e", None, "m"),
        lambda logger: logger.log_security_event("e", "info", b"m"),
        lambda logger: logger.log_security_event("e", "info", "m", "details"),
    ],
)
def test_wrong_types_are_refused(make_logger: Any, call: Any) -> None:
    """Another type raises TypeError and records nothing."""
    logger = make_logger()
    with pytest.raises(TypeError):
        call(logger)
    assert logger.recorded() == []


def test_outage_raises_and_later_events_are_recorded(make_logger: Any) -> None:
    """No silent loss: the caller hears of it."""
    logger = make_logger()
    with logger.break_backend():
        with pytest.raises(BackendDown):
            event(logger, name="lost")
        with pytest.raises(BackendDown):
            logger.log_security_event("lost", "critical", "m")
    event(logger, name="kept")
    assert [record["event_type"] for record in logger.recorded()] == ["kept"]
    assert logger.verify()


def test_failing_alert_channel_loses_nothing(make_logger: Any) -> None:
    """The event is recorded at once and the alert sent later, once each, in order."""
    logger = make_logger()
    with logger.break_alerts():
        logger.log_security_event("first", "critical", "m")
        assert len(logger.recorded()) == 1
        assert logger.alerts() == []
        assert logger.flush() is False
    logger.log_security_event("second", "critical", "m")
    assert logger.flush() is True
    assert [alert["event_type"] for alert in logger.alerts()] == ["first", "second"]


def test_alerts_go_to_the_given_channel_once(make_logger: Any) -> None:
    """A channel that raises is tried again; an alert that got out is not repeated."""
    taken: list[str] = []
    trouble = [OSError("pager"), ZeroDivisionError("bug")]

    def page(record: dict[str, Any]) -> None:
        if trouble:
            raise trouble.pop()
        taken.append(record["event_type"])

    logger = make_logger(alert=page)
    for name in ("a", "b", "c"):
        logger.log_security_event(name, "critical", "m")
    logger.flush()
    assert sorted(taken) == ["a", "b", "c"]


def test_alert_is_not_repeated_when_its_mark_fails(make_logger: Any) -> None:
    """The alert got out, then the store failed: it is not sent a second time."""
    taken: list[Any] = []

    def page(record: dict[str, Any]) -> None:
        taken.append(record)
        outage.__enter__()

    logger = make_logger(alert=page)
    outage = logger.break_backend()
    logger.log_security_event("a", "critical", "m")
    outage.__exit__(None, None, None)
    assert logger.flush() is True
    assert len(taken) == len(logger.alerts()) == 1


def test_threads_are_recorded_once_each_and_untorn(make_logger: Any) -> None:
    """Concurrent events keep their fields together and each caller's order."""
    logger = make_logger()

    def log(who: int) -> None:
        for number in range(50):
            logger.log_event(str(number), str(who), str(who), "x", "o", {"who": who, "n": number})

    threads = [threading.Thread(target=log, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = logger.recorded()
    for who in range(8):
        own = [record for record in records if record["actor"] == str(who)]
        assert [record["event_type"] for record in own] == [str(n) for n in range(50)]
        assert [record["details"] for record in own] == [{"who": who, "n": n} for n in range(50)]
    assert len(records) == 400
    assert logger.verify().records == 400


def test_concurrent_alerts_go_out_once(make_logger: Any) -> None:
    """Threads that deliver owed alerts at the same time do not double them."""
    logger = make_logger()
    threads = [
        threading.Thread(target=logger.log_security_event, args=(str(n), "critical", "m"))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(alert["event_type"] for alert in logger.alerts()) == sorted(map(str, range(16)))


def test_clock_can_be_set(make_logger: Any) -> None:
    """The time of events is that of the clock."""
    logger = make_logger(clock=Clock(datetime(2024, 2, 29)))
    event(logger)
    logger.clock.advance(timedelta(days=1))
    event(logger)
    assert [record["timestamp"][:10] for record in logger.recorded()] == [
        "2024-02-29",
        "2024-03-01",
    ]
