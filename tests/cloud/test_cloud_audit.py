"""The audit logger that posts to a central system, against the loopback sink."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from contract_tests.cloud.audit import AuditUnavailable, HttpAuditLogger
from contract_tests.cloud.servers.audit_sink import AuditSink
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FIELDS = ("event_type", "actor", "resource", "action", "outcome")
TEXTS = st.text(max_size=10) | st.sampled_from(
    ["\n", '"}\n{"actor": "root"', "\x1b[2J", "\x00", "\ud800", "\u202e"]
)


@pytest.fixture
def sink() -> Iterator[AuditSink]:
    with AuditSink() as sink:
        yield sink


@pytest.fixture
def logger(sink: AuditSink) -> HttpAuditLogger:
    return HttpAuditLogger(sink.url)


def event(logger: HttpAuditLogger, details: Any = None) -> None:
    logger.log_event("read", "ann", "kb", "search", "success", details)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(st.tuples(*[TEXTS] * 5), st.dictionaries(TEXTS, TEXTS | st.lists(st.integers())))
def test_events_arrive_exactly(
    sink: AuditSink, logger: HttpAuditLogger, fields: Any, details: Any
) -> None:
    """Each event once, with its six fields, whatever they hold."""
    before = len(sink.events())
    logger.log_event(*fields, details)
    (record,) = sink.events()[before:]
    assert tuple(record[name] for name in FIELDS) == fields
    assert record["details"] == details


def test_order_and_time(sink: AuditSink, logger: HttpAuditLogger) -> None:
    """Events keep their order, and their times are aware, UTC and within the calls."""
    before = datetime.now(timezone.utc)
    for number in range(5):
        event(logger, {"n": number})
    after = datetime.now(timezone.utc)
    assert [record["details"]["n"] for record in sink.events()] == [0, 1, 2, 3, 4]
    times = [datetime.fromisoformat(record["timestamp"]) for record in sink.events()]
    assert [before, *times, after] == sorted([before, *times, after])
    assert {at.utcoffset() for at in times} == {timedelta(0)}


@pytest.mark.parametrize(
    ("details", "recorded"),
    [
        (None, {}),
        ({"when": date(2026, 1, 2)}, {"when": "2026-01-02"}),
        ({"set": {1}}, {"set": "{1}"}),
        ({"nan": float("nan")}, {"nan": "nan"}),
        ({1: b"x"}, {"1": "b'x'"}),
        ({"t": (1, 2)}, {"t": [1, 2]}),
    ],
)
def test_details_beyond_json_are_rendered(
    sink: AuditSink, logger: HttpAuditLogger, details: Any, recorded: Any
) -> None:
    """The guide's sketch raises on them after sending, or sends what is no JSON."""
    event(logger, details)
    assert sink.events()[0]["details"] == recorded


CYCLE: dict[str, Any] = {}
CYCLE["self"] = CYCLE
BOMB: list[Any] = []
for _ in range(45):
    BOMB = [BOMB, BOMB]


@pytest.mark.parametrize(
    "details",
    [CYCLE, {"bomb": BOMB}, {1: "a", "1": "b"}, {"text": "\ud83d\ude00"}, {"n": 10**5000}],
    ids=["cycle", "bomb", "keys", "halves", "number"],
)
def test_what_would_be_altered_is_refused(
    sink: AuditSink, logger: HttpAuditLogger, details: Any
) -> None:
    """What cannot be written down unaltered raises, and nothing is sent."""
    with pytest.raises(ValueError, match=r".+"):
        event(logger, details)
    assert sink.events() == []


def test_details_are_a_snapshot(sink: AuditSink, logger: HttpAuditLogger) -> None:
    """Later changes of the details change no record."""
    details = {"deep": [1]}
    event(logger, details)
    details["deep"].append(2)
    assert sink.events()[0]["details"] == {"deep": [1]}


def test_only_critical_alerts(sink: AuditSink, logger: HttpAuditLogger) -> None:
    """Security events are recorded; critical ones alert once; unknown severities are refused."""
    for severity in ("info", "warning", "error", "critical"):
        logger.log_security_event("login", severity, "m")
    with pytest.raises(ValueError, match="unknown severity"):
        logger.log_security_event("login", "panic", "m")
    assert [record["severity"] for record in sink.events()] == [
        "info",
        "warning",
        "error",
        "critical",
    ]
    assert [alert["id"] for alert in sink.alerts()] == [sink.events()[3]["id"]]


def test_failing_alerts_lose_no_event(sink: AuditSink, logger: HttpAuditLogger) -> None:
    """The record is there at once, the alert follows when the channel is back."""
    with sink.alert_outage():
        logger.log_security_event("first", "critical", "m")
        assert len(sink.events()) == 1
        assert sink.alerts() == []
        assert logger.flush() is False
    logger.log_security_event("second", "critical", "m")
    assert [alert["event_type"] for alert in sink.alerts()] == ["first", "second"]


@pytest.mark.parametrize("how", ["error", "reset"])
def test_outage_raises(sink: AuditSink, logger: HttpAuditLogger, how: Any) -> None:
    """What the central system did not take is no silent loss."""
    with sink.outage(how), pytest.raises(AuditUnavailable):
        event(logger)
    event(logger)
    assert len(sink.events()) == 1


def test_lost_answer_is_repeated_without_doubling(sink: AuditSink, logger: HttpAuditLogger) -> None:
    """The event is taken, its answer lost; the repetition is recognised."""
    with sink.outage("lost answer"), pytest.raises(AuditUnavailable):
        event(logger)
    assert (len(sink.events()), sink.repeats) == (1, 1)


def test_slow_system_raises_in_time(sink: AuditSink) -> None:
    """A stalled system does not hold a request for ever."""
    with sink.stall(), pytest.raises(AuditUnavailable):
        event(HttpAuditLogger(sink.url, timeout=0.1))


def test_local_copy_is_one_line_of_json(
    sink: AuditSink, logger: HttpAuditLogger, caplog: pytest.LogCaptureFixture
) -> None:
    """New lines and control characters of a field cannot forge a line of the local log."""
    with caplog.at_level(logging.INFO, "audit"):
        logger.log_event("read", "ann\n{}", "\x1b[2J", "x", "success")
    (message,) = [record.getMessage() for record in caplog.records if record.name == "audit"]
    assert message.isascii()
    assert message.isprintable()
    assert json.loads(message) == sink.events()[0]


def test_threads_arrive_once_each(sink: AuditSink, logger: HttpAuditLogger) -> None:
    """Concurrent events are recorded exactly once and untorn."""

    def log(who: int) -> None:
        for number in range(10):
            logger.log_event(str(who), str(who), str(number), "x", "o", {"who": who})

    threads = [threading.Thread(target=log, args=(who,)) for who in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((int(r["actor"]), int(r["resource"])) for r in sink.events()) == [
        (who, number) for who in range(6) for number in range(10)
    ]
    assert all(r["event_type"] == r["actor"] == str(r["details"]["who"]) for r in sink.events())


@pytest.mark.parametrize("endpoint", ["", "ftp://x", "localhost:80", "http://"])
def test_endpoint_is_a_url(endpoint: str) -> None:
    """A wrong endpoint is found at start-up."""
    with pytest.raises(ValueError, match="endpoint"):
        HttpAuditLogger(endpoint)


@pytest.mark.parametrize(
    "arguments",
    [(None, "a", "r", "x", "o"), ("e", "a", "r", "x", 5), ("e", "a", "r", "x", "o", [1])],
)
def test_wrong_types_are_refused(logger: HttpAuditLogger, arguments: Any) -> None:
    """Arguments of another type raise TypeError."""
    with pytest.raises(TypeError):
        logger.log_event(*arguments)
