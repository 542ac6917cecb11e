"""Threads that belong to nobody's instance: pools in a module, workers of a class, limits."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pytest

from luminescent_cluster.contracts import Status, UsageSubject, run
from luminescent_cluster.extensions import UsageTracker

POOL = ThreadPoolExecutor(2)
THREADS = ["THR-01", "THR-02", "THR-03", "UT-THR-01", "UT-THR-02"]


class Tracker:
    """Adds up under a lock; how it gets there is the subclass's affair."""

    def __init__(self):
        self.lock = threading.Lock()
        self.totals = {}

    def add(self, tenant, tokens):
        with self.lock:
            events, total = self.totals.get(tenant, (0, 0))
            self.totals[tenant] = events + 1, total + tokens

    def check_quota(self, tenant_id, operation):
        return True, None

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        with self.lock:
            events, total = self.totals.get(tenant_id, (0, 0))
        return {"total_tokens": total, "total_queries": events}


class PoolOfTheModule(Tracker):
    def track(self, operation, tokens, metadata):
        POOL.submit(self.add, metadata.get("tenant_id"), tokens).result(5)


class RacyInAPool(PoolOfTheModule):
    def add(self, tenant, tokens):
        events, total = self.totals.get(tenant, (0, 0))
        self.totals[tenant] = events + 1, total + tokens


class WorkerOfTheClass(Tracker):
    """One worker for all instances, begun with the first event."""

    _queue = queue.Queue()
    _worker = None
    _starting = threading.Lock()

    @classmethod
    def _work(cls):
        while True:
            add, tenant, tokens = cls._queue.get()
            add(tenant, tokens)
            cls._queue.task_done()

    def track(self, operation, tokens, metadata):
        cls = WorkerOfTheClass
        with cls._starting:
            if cls._worker is None:
                cls._worker = threading.Thread(target=cls._work, daemon=True)
                cls._worker.start()
        cls._queue.put((self.add, metadata.get("tenant_id"), tokens))


def worker_of_the_class():
    tracker = WorkerOfTheClass()
    return UsageSubject(tracker, flush=WorkerOfTheClass._queue.join)


@pytest.mark.parametrize("factory", [PoolOfTheModule, worker_of_the_class])
def test_threads_that_outlive_an_instance_are_not_accused(factory):
    """Neither by the thread clauses, nor by a clause that runs after them."""
    report = run(UsageTracker, factory, profile="smoke", clauses=[*THREADS, "UT-TRK-02"])
    for clause in (*THREADS, "UT-TRK-02"):
        assert report[clause].status is Status.PASSED, report[clause].message


def test_race_in_a_pool_of_the_module_is_found():
    """A pool that is given back hides nothing."""
    report = run(UsageTracker, RacyInAPool, profile="smoke", clauses=["UT-THR-01"])
    assert report["UT-THR-01"].status is Status.FAILED


class Doubler(Protocol):
    """Computes with helpers."""

    def double(self, number: int) -> int: ...


class MeetsAtABarrier:
    def double(self, number):
        barrier, found = threading.Barrier(2), []

        def work():
            barrier.wait(5)
            found.append(number)

        helpers = [threading.Thread(target=work) for _ in range(2)]
        for helper in helpers:
            helper.start()
        for helper in helpers:
            helper.join(5)
        return sum(found)


class LimitsItsLock:
    def __init__(self):
        self.lock, self.calls = threading.Lock(), 0

    def double(self, number):
        def work():
            if not self.lock.acquire(timeout=2):
                raise TimeoutError("the lock was never given back")
            self.calls += 1
            self.lock.release()

        helper = threading.Thread(target=work)
        helper.start()
        helper.join()
        return 2 * number


@pytest.mark.parametrize("kind", [MeetsAtABarrier, LimitsItsLock])
def test_a_time_limit_passes_only_where_nobody_can_go_on(kind):
    """It is no timer, which a schedule may let ring at any moment."""
    report = run(Doubler, kind, profile="smoke", clauses=["THR-01", "THR-02"])
    for clause in ("THR-01", "THR-02"):
        assert report[clause].status is Status.PASSED, report[clause].message
