"""The queue before the usage books: stalls, outages, overflow, threads, the end of the process."""

import gc
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest

from luminescent_cluster.contracts.fakes import (
    BackendDown,
    Clock,
    InMemoryUsageTracker,
    SqliteUsageTracker,
)
from luminescent_cluster.contracts.fakes.outbox import Outbox

ACME = {"tenant_id": "acme"}


def total(tracker: Any, tenant: str = "acme") -> Any:
    return tracker.get_usage_summary(tenant)["total_tokens"]


def test_track_returns_while_the_books_stall(make_tracker: Any) -> None:
    """Every call comes back although no booking can end before the block does."""
    tracker = make_tracker()
    with tracker.stall_backend():
        for _ in range(1000):
            tracker.track("query", 1, ACME)
        assert tracker.flush(0.05) is False
    assert tracker.flush() is True
    assert total(tracker) == 1000


def test_usage_during_an_outage_is_booked_after_it(make_tracker: Any) -> None:
    """track neither raises nor loses; reading says that the books are out of reach."""
    tracker = make_tracker()
    with tracker.break_backend():
        for _ in range(100):
            tracker.track("query", 1, ACME)
        with pytest.raises(BackendDown):
            total(tracker)
        assert tracker.flush(0.05) is False
    assert total(tracker) == 100
    assert tracker.dropped() == {}


def test_overflow_drops_the_newest_and_counts_them(
    make_tracker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What was tracked is either counted as used or reported as dropped, per tenant."""
    tracker = make_tracker(capacity=10)
    with tracker.break_backend():
        for tokens in range(13):
            tracker.track("query", tokens, ACME)
        tracker.track("query", 5, {})
    assert total(tracker) == sum(range(10))
    assert tracker.dropped() == {
        "acme": {"events": 3, "tokens": 10 + 11 + 12},
        None: {"events": 1, "tokens": 5},
    }
    assert "usage event dropped, 1 so far" in caplog.text


@pytest.mark.parametrize(("policy", "allowed"), [("open", True), ("closed", False)])
def test_policy_decides_during_an_outage(make_tracker: Any, policy: str, allowed: bool) -> None:
    """Who was not denied before is allowed or denied as declared."""
    tracker = make_tracker(quota_policy=policy)
    with tracker.break_backend():
        answer, reason = tracker.check_quota("acme", "query")
    assert answer is allowed
    assert (reason is None) is allowed


def test_denied_stays_denied_during_an_outage(make_tracker: Any) -> None:
    """Not even an open policy lets through who is known to be over the limit."""
    tracker = make_tracker(clock=Clock(), default_quota=1)
    tracker.track("query", 1, ACME)
    _, reason = tracker.check_quota("acme", "query")
    with tracker.break_backend():
        assert tracker.check_quota("acme", "query") == (False, reason)


def test_denial_ends_with_its_period_also_in_an_outage(make_tracker: Any) -> None:
    """What is remembered of last month does not deny in this one."""
    tracker = make_tracker(clock=Clock(), default_quota=1, period="hour")
    tracker.clock.advance(timedelta(hours=-2))
    tracker.track("query", 1, ACME)
    assert tracker.check_quota("acme", "query")[0] is False
    tracker.clock.release()
    with tracker.break_backend():
        assert tracker.check_quota("acme", "query") == (True, None)


def test_threads_lose_nothing_and_tear_nothing(make_tracker: Any) -> None:
    """Eight writers, and readers who never see tokens without their query or the reverse."""
    tracker = make_tracker()
    torn: list[Any] = []
    done = threading.Event()

    def write() -> None:
        for _ in range(200):
            tracker.track("query", 3, ACME)

    def read() -> None:
        while not done.is_set():
            summary = tracker.get_usage_summary("acme")
            if summary["total_tokens"] != 3 * summary["total_queries"]:
                torn.append(summary)

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write) for _ in range(8)]
    for thread in [*readers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert torn == []
    assert total(tracker) == 8 * 200 * 3
    assert len({event["id"] for event in tracker.recorded()}) == 1600


def test_closed_tracker_drops_and_says_so(make_tracker: Any) -> None:
    """After close nothing raises into a request, and nothing vanishes in silence."""
    tracker = make_tracker()
    tracker.track("query", 1, ACME)
    tracker.close()
    tracker.track("query", 2, ACME)
    assert tracker.dropped() == {"acme": {"events": 1, "tokens": 2}}
    tracker.close()
    assert tracker.dropped() == {"acme": {"events": 1, "tokens": 2}}


def test_close_reports_what_it_could_not_book() -> None:
    """Closing during an outage counts the waiting events as dropped."""
    tracker = InMemoryUsageTracker()
    with tracker.break_backend():
        tracker.track("query", 4, ACME)
        tracker.close(timeout=0.05)
    assert tracker.dropped() == {"acme": {"events": 1, "tokens": 4}}


def test_worker_ends_when_there_is_nothing_to_do() -> None:
    """No thread stays behind for a tracker that is done."""
    tracker = InMemoryUsageTracker()
    tracker.track("query", 1, ACME)
    workers = [thread for thread in threading.enumerate() if thread.name == "usage tracker"]
    tracker.flush()
    del tracker
    gc.collect()
    for worker in workers:
        worker.join(timeout=10)
        assert not worker.is_alive()


def test_repeated_delivery_counts_once(make_tracker: Any) -> None:
    """A delivery that failed after booking is repeated: the books know the events already."""
    tracker = make_tracker()
    book = tracker._outbox._deliver
    failed = threading.Event()

    def book_then_fail(events: Any) -> None:
        book(events)
        if not failed.is_set():
            failed.set()
            raise BackendDown("the answer was lost")

    tracker._outbox._deliver = book_then_fail
    tracker.track("query", 5, ACME)
    assert tracker.flush()
    assert failed.is_set()
    assert total(tracker) == 5
    assert len(tracker.recorded()) == 1


def test_outbox_delivers_in_order_and_in_batches() -> None:
    """More than one batch arrives complete and in the order of putting."""
    taken: list[int] = []
    outbox: Outbox[int] = Outbox(taken.extend, 10_000, "test")
    assert all(outbox.put(number) for number in range(1700))
    assert outbox.settle(10)
    assert taken == list(range(1700))
    assert outbox.close(1) == []


class Interrupted(Outbox[int]):
    """While it closes, after what it waited for, another item comes and is under way."""

    def __init__(self) -> None:
        super().__init__(self.take, capacity=10, name="books")
        self.delivered: list[int] = []
        self.under_way = threading.Event()

    def take(self, batch: Any) -> None:
        self.under_way.set()
        threading.Event().wait(0.05)
        self.delivered.extend(batch)

    def settle(self, timeout: float) -> bool:
        settled = super().settle(timeout)
        self.put(1)
        self.under_way.wait(5)
        return settled


def test_closing_reports_nothing_that_is_being_delivered() -> None:
    """An item is delivered or left behind, never both."""
    outbox = Interrupted()
    assert outbox.close(10) == []
    assert outbox.delivered == [1]


def test_outbox_survives_any_failure_of_its_backend() -> None:
    """Not only BackendDown: the worker goes on after whatever a backend raises."""
    taken: list[int] = []
    failures = [ZeroDivisionError("bug"), OSError("disk"), BackendDown("net")]

    def deliver(batch: Any) -> None:
        if failures:
            raise failures.pop()
        taken.extend(batch)

    outbox: Outbox[int] = Outbox(deliver, 10, "test")
    outbox.put(1)
    worker = outbox._worker
    assert worker is not None
    worker.join(timeout=10)
    assert taken == [1]
    assert failures == []


def test_locked_file_delays_booking_and_loses_nothing(tmp_path: Any) -> None:
    """A real outage: another connection holds the file, and gives it back."""
    path = tmp_path / "usage.db"
    with SqliteUsageTracker(path) as tracker:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        tracker.track("query", 1, ACME)
        assert tracker.flush(0.1) is False
        other.execute("ROLLBACK")
        other.close()
        assert total(tracker) == 1


def test_two_trackers_share_a_file(tmp_path: Any) -> None:
    """As two processes do: each sees what the other booked."""
    path = tmp_path / "usage.db"
    with SqliteUsageTracker(path) as one, SqliteUsageTracker(path) as two:
        one.set_quota("acme", 30)
        one.track("query", 10, ACME)
        two.track("query", 20, ACME)
        assert two.flush()
        assert total(one) == 30
        assert two.check_quota("acme", "query")[0] is False


def test_books_survive_a_restart(tmp_path: Any) -> None:
    """Events, limits and settings of the tracker on a file are there again."""
    tracker = SqliteUsageTracker(tmp_path / "usage.db", period="day")
    tracker.set_quota("acme", 10)
    tracker.track("query", 10, ACME)
    tracker.track("query", 1, {})
    with tracker.reopen() as again:
        assert again.check_quota("acme", "query") == (
            False,
            "daily quota used up: 10 of 10 tokens",
        )
        assert again.unattributed()["total_tokens"] == 1
        assert again.clock is tracker.clock


def test_nothing_is_lost_at_the_end_of_the_interpreter(tmp_path: Any) -> None:
    """A program that ends without close() still books what it tracked, without a complaint."""
    program = (
        "import sys\n"
        "from luminescent_cluster.contracts.fakes import InMemoryUsageTracker, SqliteUsageTracker\n"
        "first = InMemoryUsageTracker()\n"
        "tracker = SqliteUsageTracker(sys.argv[1])\n"
        "for _ in range(5000):\n"
        "    tracker.track('query', 1, {'tenant_id': 'acme'})\n"
    )
    path = tmp_path / "usage.db"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with SqliteUsageTracker(path) as tracker:
        assert total(tracker) == 5000


@pytest.mark.parametrize("path", [":memory:", ""])
def test_memory_is_no_file(path: str) -> None:
    """A tracker on a file needs one, and the error names the class that does not."""
    with pytest.raises(ValueError, match="use the InMemory class"):
        SqliteUsageTracker(path)


def test_file_that_is_no_database_is_refused(tmp_path: Any) -> None:
    """The error names the file."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database" * 100)
    with pytest.raises(BackendDown, match=r"notes\.txt"):
        SqliteUsageTracker(path)


def test_total_and_remaining_quota_agree(make_tracker: Any) -> None:
    """While others track, what is used and what is left of a summary add up to the limit."""
    tracker = make_tracker(default_quota=10_000)
    done = threading.Event()

    def write() -> None:
        for _ in range(500):
            tracker.track("query", 1, ACME)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    sums = []
    while not done.is_set():
        summary = tracker.get_usage_summary("acme")
        sums.append(summary["total_tokens"] + summary["quota_remaining"])
    writer.join()
    assert set(sums) <= {10_000}
