"""Threads that instances leave running: crowds are ended, what all share goes on."""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from luminescent_cluster.contracts import Subject
from luminescent_cluster.contracts.engine.leftovers import MOST, end_crowds, running
from luminescent_cluster.contracts.engine.lifetimes import Lifetimes


@contextmanager
def an_instance():
    """What is made inside is torn down at the end."""
    before = running()
    yield
    end_crowds(before)


def look(tasks):
    """A worker that looks for work every now and then."""
    while True:
        try:
            tasks.get(timeout=0.02)
        except queue.Empty:
            continue
        tasks.task_done()


def wait(tasks):
    """A worker that waits until there is work."""
    while True:
        tasks.get()
        tasks.task_done()


def instance_with(work):
    """Start what an instance starts, and give its thread and its queue."""
    tasks = queue.Queue()
    thread = threading.Thread(target=work, args=(tasks,), daemon=True)
    thread.start()
    return thread, tasks


def crowd_of(work):
    """Give the threads of one instance more than is left alone, each of an example of its own."""
    threads = []
    for _ in range(MOST + 1):
        with an_instance():
            threads.append(instance_with(work)[0])
    return threads


@pytest.mark.parametrize("work", [look, wait])
def test_a_crowd_of_workers_is_ended(work):
    """Workers that poll and workers that wait leave once each instance has left one."""
    threads = crowd_of(work)
    for thread in threads:
        thread.join(10.0)
    assert not any(thread.is_alive() for thread in threads)


def test_a_worker_that_all_instances_share_goes_on():
    """It runs other code than the crowd, or is the only one that runs it."""
    with an_instance():
        shared, tasks = instance_with(lambda tasks: wait(tasks))
    crowd_of(look)
    tasks.put("work")
    tasks.join()
    assert shared.is_alive()


def test_a_pool_that_all_instances_share_goes_on():
    """Workers of an executor wait without looking, and end with it."""
    with ThreadPoolExecutor(MOST + 1) as pool:
        with an_instance():
            start = threading.Barrier(MOST + 1)
            list(pool.map(lambda _: start.wait(10.0), range(MOST + 1)))
        with an_instance():
            pass
        assert pool.submit(time.monotonic).result(10.0)


def test_the_worker_of_an_instance_that_a_clause_shares_goes_on():
    """Examples end, and the instance is still at work."""

    @contextmanager
    def make(run_async):
        yield Subject(instance_with(look), fresh="clause")

    lifetimes = Lifetimes(make)
    with lifetimes.example():
        worker, _ = lifetimes.subject.extension
    crowd_of(look)
    with lifetimes.example():
        assert lifetimes.subject.extension[0] is worker
    assert worker.is_alive()
    lifetimes.close()
