"""What is detected, and how it is said."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from contracts.schedules.races import RACES, observers_of
from contracts.schedules.races.unusual import PerTenantLocks
from luminescent_cluster.contracts.schedules import (
    Budget,
    Call,
    RaceFound,
    explore,
    explore_extension,
    race_free,
)


def finding_of(name):
    race = next(race for race in RACES if race.name == name)
    return explore_extension(
        race.broken,
        race.calls,
        programs=race.programs,
        observers=observers_of(race),
        budget=Budget(seconds=20),
    ).findings[0]


def test_deadlock_says_who_holds_and_who_waits():
    """Both threads, both locks, both lines."""
    message = finding_of("lock-order").message
    assert "thread a in track() waits" in message
    assert "thread b in audit() waits" in message
    assert message.count("holding the lock taken at") == 2
    assert "with self._tenants, self._audit" in message


def test_lost_wakeup_is_told_apart_from_a_deadlock():
    """Nobody holds a lock: the notification had passed already."""
    finding = finding_of("missed-notify")
    assert finding.kind == "lost wake-up"
    assert "to be notified" in finding.message


def test_async_deadlock_says_where_the_tasks_stand():
    """The awaits at which two tasks block each other are named with their source."""
    message = finding_of("asyncio-lock-order").message
    assert "task a in left() awaits" in message
    assert "async with self._one" in message


def test_exception_names_call_line_and_error():
    """The raising call, the exception and the line are in the message."""
    message = finding_of("iteration-during-mutation").message
    assert "total() raised RuntimeError: dictionary changed size during iteration" in message
    assert "for amount in self.totals.values()" in message


def test_outcome_names_what_was_seen_and_what_is_possible():
    """The deviating answer and the sequential ones stand side by side."""
    message = finding_of("lost-update-dict").message
    assert "afterwards summary('acme') gave 5, sequentially 10" in message


def test_timeline_shows_both_threads_and_the_preemption():
    """Two columns, values read and written, and where the switch was."""
    finding = finding_of("lost-update-attribute")
    text = finding.timeline.text()
    assert "thread a" in text.splitlines()[0]
    assert "thread b" in text.splitlines()[0]
    assert "reads self.total = 0" in text
    assert "writes self.total = 5" in text
    assert ">> before it writes self.total: thread b goes on" in " ".join(text.split())
    assert {event.kind for event in finding.timeline.events} >= {"call", "access", "preempted"}


def test_livelock_is_detected():
    """Two threads that always give way to each other never end, and that is reported."""

    class Polite:
        def __init__(self):
            self.wants = [False, False]

        def enter(self, me):
            self.wants[me] = True
            while self.wants[1 - me]:
                pass
            self.wants[me] = False

    result = explore(Polite, threads=[[("enter", 0)], [("enter", 1)]], observers=[], seconds=20)
    assert result.findings[0].kind == "livelock"


def test_a_call_that_blocks_outside_is_no_deadlock():
    """A thread that waits in C is left out; the rest goes on and nobody is accused."""

    class Piped:
        def __init__(self):
            self.near, self.far = socket.socketpair()

        def send(self):
            self.near.sendall(b"x")

        def receive(self):
            return self.far.recv(1)

    result = explore_extension(
        Piped,
        programs=[[["receive"], ["send"]]],
        observers=[],
        teardown=lambda pipe: (pipe.near.close(), pipe.far.close()),
        budget=Budget(seconds=20, schedules=20, run_seconds=1.0),
    )
    assert not result.findings, result.findings[0]
    assert any("blocked where the explorer cannot see" in text for text in result.uncontrolled)


def test_a_call_that_never_returns_does_not_hang_the_explorer():
    """A race that ends in an endless wait outside is reported as a hang, in bounded time."""

    class Stuck:
        def __init__(self):
            self.turn = 0
            self.near, self.far = socket.socketpair()

        def work(self):
            before = self.turn
            self.turn += 1
            if self.turn - before != 1:
                self.far.recv(1)

    result = explore_extension(
        Stuck,
        programs=[[["work"], ["work"]]],
        observers=[],
        teardown=lambda pipe: (pipe.near.close(), pipe.far.close()),
        budget=Budget(seconds=20, run_seconds=0.5),
    )
    assert [finding.kind for finding in result.findings] == ["hang"]


def test_programs_that_block_in_every_order_are_said_not_to_be_judged():
    """Nothing is claimed about a barrier that two callers must reach together."""

    class Meeting:
        def __init__(self):
            self.barrier = threading.Barrier(2)

        def meet(self):
            self.barrier.wait()

    result = explore(Meeting, ["meet"], observers=[], seconds=0.5)
    assert not result.findings
    assert not result.judged
    assert not result.ok
    assert any("every sequential order blocks" in note for note in result.notes)


def test_virtual_time_makes_sleeping_free():
    """A call that sleeps an hour is explored in no time, and the clock agrees with it."""

    class Sleeper:
        def nap(self):
            before = time.monotonic()
            time.sleep(3600)
            return time.monotonic() - before >= 3600

    result = explore(Sleeper, threads=[["nap"], ["nap"]], seconds=1)
    assert result.ok
    assert result.schedules > 1


def test_a_snapshot_across_tenants_is_asked_for_only_by_linearizable():
    """Totals read one tenant after the other are regular, but not linearizable."""
    programs = [[["totals"], [("track", "a", 1), ("track", "b", 1)]]]
    options = {"programs": programs, "observers": ["totals"], "readers": ["totals"]}
    strict = explore_extension(PerTenantLocks, promise="linearizable", **options)
    assert strict.findings
    weak = explore_extension(PerTenantLocks, budget=Budget(seconds=1), **options)
    assert not weak.findings


def test_report_names_pairs_and_bound():
    """Every pair of methods is counted, and the bound that was covered is said."""
    result = explore(PerTenantLocks, [("track", "a", 1), "totals"], seconds=1)
    assert set(result.pairs) >= {("track", "track"), ("totals", "track")}
    assert "preemption" in result.bound


def test_decorator_makes_a_test():
    """`race_free` passes for a correct class and raises with the finding for a broken one."""

    class Counter:
        def __init__(self):
            self.n = 0

        def add(self):
            self.n += 1

        def read(self):
            return self.n

    @race_free(["add", "read"], seconds=10)
    def broken():
        return Counter()

    with pytest.raises(RaceFound, match="replay: L1"):
        broken()

    @race_free(["read"], seconds=0.2)
    def fine():
        return Counter()

    assert fine() is None


def test_the_subject_may_declare_what_varies():
    """`normalise` maps answers to what is compared: here a value that depends on the order."""

    class Order:
        def __init__(self):
            self.last = ""

        def enter(self, name):
            before, self.last = self.last, name
            return f"{before}>{name}"

    threads = [[("enter", "a")], [("enter", "b")]]
    options = {"threads": threads, "observers": [], "seconds": 5}
    assert explore(Order, **options).findings
    result = explore(Order, normalise=lambda value: value.partition(">")[2], **options)
    assert not result.findings


def test_functions_may_be_calls():
    """A call may be any function of the object."""

    class Box:
        def __init__(self):
            self.items = {}

    def put(box):
        box.items["n"] = box.items.get("n", 0) + 1

    def look(box):
        return dict(box.items)

    result = explore(Box, [put, Call(look)], seconds=10)
    assert result.findings[0].kind == "outcome"


def test_an_unknown_promise_is_refused():
    """The message lists the promises there are."""
    with pytest.raises(ValueError, match="linearizable, regular, per-caller, settled"):
        explore(dict, ["keys"], promise="total")


def test_a_worker_that_dies_under_one_schedule_only_is_reported():
    """An exception in the extension's own thread counts, although no caller sees it."""

    class Fragile:
        def __init__(self):
            self.jobs = []
            self.wake = threading.Semaphore(0)
            for _ in range(2):
                threading.Thread(target=self.work, daemon=True).start()

        def work(self):
            while True:
                self.wake.acquire()
                while self.jobs:
                    self.jobs.pop()

        def submit(self):
            self.jobs.append("job")
            self.wake.release()

    result = explore(Fragile, threads=[["submit"], ["submit"]], observers=[], seconds=20)
    assert result.findings[0].kind == "exception"
    assert "the extension's thread" in result.findings[0].message
