"""Nothing that the explorer puts in place outlives an exploration."""

from __future__ import annotations

import _thread
import gc
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, RLock

import pytest

from contracts.schedules.races.counting import KeptAttribute, LostAttribute
from contracts.schedules.races.workers import TwoWorkers
from luminescent_cluster.contracts.schedules import SetupFailed, explore

MODULE_LOCK = Lock()
MODULE_RLOCK = RLock()
MODULE_EVENT = Event()


class AtImport:
    """Everything the walk has to find: globals, class attributes, defaults, closures."""

    lock = Lock()
    factory = Lock
    handler = logging.NullHandler()

    def __init__(self, extra=MODULE_LOCK):
        self.n = 0
        self.extra = extra

    def add(self):
        with MODULE_LOCK, MODULE_RLOCK, self.lock:
            self.n += 1
        MODULE_EVENT.is_set()
        return type(self.lock).__name__, type(type(self).factory()).__name__

    def read(self):
        with self.extra:
            return self.n


def picture():
    """Everything that may be replaced, by identity."""
    names = {
        (module.__name__, name): id(value)
        for module in (threading, time, queue, _thread, logging, sys.modules[__name__])
        for name, value in vars(module).items()
    }
    methods = {
        name: id(vars(cls)[name])
        for cls, names_ in (
            (threading.Thread, ("join", "is_alive", "start", "run")),
            (logging.Logger, ("handle",)),
        )
        for name in names_
    }
    objects = {
        "class lock": id(AtImport.lock),
        "factory": id(vars(AtImport)["factory"]),
        "default": id(AtImport.__init__.__defaults__[0]),
        "handler lock": id(AtImport.handler.lock),
        "event lock": id(MODULE_EVENT._cond._lock),
        "event acquire": MODULE_EVENT._cond.acquire.__self__ is MODULE_EVENT._cond._lock,
    }
    state = {
        "gc": gc.isenabled(),
        "trace": sys.gettrace(),
        "hook": threading.excepthook,
        "processors": os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None,
    }
    if sys.version_info >= (3, 12):
        state["tools"] = [sys.monitoring.get_tool(tool) for tool in range(6)]
    return names, methods, objects, state


def test_nothing_stays_patched():
    """Names, methods, locks made at import time, gc, processors and trace tools are as before."""
    before = picture()
    result = explore(AtImport, ["add", "read"], seconds=0.3)
    assert picture() == before
    assert not result.findings, result.findings[0]


def test_locks_made_at_import_time_are_controlled():
    """A lock that existed before the run does not block in C, so nothing runs uncontrolled."""
    result = explore(AtImport, ["add", "read"], seconds=0.3)
    assert result.uncontrolled == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_stays_patched_after_a_failing_factory(error):
    """Whatever the factory raises, everything is put back."""
    before = picture()

    def factory():
        raise error("broken")

    with pytest.raises(SetupFailed):
        explore(factory, ["add"], seconds=0.3)
    assert picture() == before


def test_nothing_stays_patched_after_an_interrupt(monkeypatch):
    """An exception in the exploring thread itself puts everything back as well."""
    from luminescent_cluster.contracts.schedules.explorer import Explorer

    before = picture()
    monkeypatch.setattr(Explorer, "attempt", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        explore(LostAttribute, [("track", 1), "summary"])
    assert picture() == before


def test_threads_of_the_extension_are_ended():
    """Worker threads that an extension starts do not outlive the exploration."""
    before = threading.active_count()
    explore(TwoWorkers, [("track", 1)], observers=["settled"], seconds=0.3)
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_lock_left_locked_does_not_stay_locked():
    """A deadlocked run is unwound; a lock of the module is free afterwards."""

    class Forgetful:
        def grab(self):
            MODULE_LOCK.acquire()

    explore(Forgetful, ["grab"], observers=[], seconds=0.3)
    assert not MODULE_LOCK.locked()


def test_explorations_of_two_threads_wait_for_each_other():
    """Both find what they find alone, nothing runs uncontrolled, and everything is put back."""
    before = picture()
    with ThreadPoolExecutor(2) as pool:
        lost = pool.submit(explore, LostAttribute, [("track", 1), "summary"])
        kept = pool.submit(explore, KeptAttribute, [("track", 1), "summary"], seconds=0.3)
    assert picture() == before
    assert lost.result().findings[0].token == explore_lost().findings[0].token
    assert kept.result().findings == kept.result().uncontrolled == []


def test_an_exploration_within_another_is_refused():
    """It would wait for itself; the message says who calls it."""
    with pytest.raises(SetupFailed, match="within another one"):
        explore(explore_lost, ["add"])


def explore_lost():
    return explore(LostAttribute, [("track", 1), "summary"])


def test_other_threads_are_left_alone():
    """A thread that is no part of the exploration keeps real locks, real time and its trace."""
    seen = []
    stop = threading.Event()

    def bystander():
        while not stop.wait(0.001):
            lock = threading.Lock()
            before = time.monotonic()
            seen.append((type(lock), abs(time.monotonic() - before) < 5))

    thread = threading.Thread(target=bystander)
    thread.start()
    try:
        explore(KeptAttribute, [("track", 1), "summary"], seconds=0.3)
    finally:
        stop.set()
        thread.join()
    assert set(seen) == {(type(MODULE_LOCK), True)}


def test_a_trace_function_of_the_caller_survives():
    """A debugger's trace function in the exploring thread is neither called wrongly nor lost."""

    def tracer(frame, event, arg):
        return None

    old = sys.gettrace()
    sys.settrace(tracer)
    try:
        result = explore(LostAttribute, [("track", 1), "summary"], seconds=5)
        kept = sys.gettrace()
    finally:
        sys.settrace(old)
    assert kept is tracer
    assert result.findings


def test_the_explorer_works_under_a_thread_trace_hook():
    """With threading.settrace (coverage, debuggers) races are found; what is lost is said."""
    old = threading.gettrace() if hasattr(threading, "gettrace") else None
    threading.settrace(lambda frame, event, arg: None)
    try:
        result = explore(LostAttribute, [("track", 1), "summary"], seconds=5)
    finally:
        threading.settrace(old)
    assert result.findings
    assert sys.version_info >= (3, 12) or any("trace function" in t for t in result.uncontrolled)


def test_the_explorer_works_under_coverage(tmp_path):
    """`coverage run` of a script that explores finds the race and ends well."""
    script = tmp_path / "script.py"
    script.write_text(
        "from luminescent_cluster.contracts.schedules import explore\n"
        "class C:\n"
        "    def __init__(self): self.n = 0\n"
        "    def add(self): self.n += 1\n"
        "    def read(self): return self.n\n"
        "print(explore(C, ['add', 'read'], seconds=10).findings[0].kind)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "coverage", "run", f"--data-file={tmp_path / 'data'}", str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "outcome", done.stderr


def test_an_extension_that_patches_time_does_not_hang_the_explorer(monkeypatch):
    """The explorer uses the originals it saved, whatever the extension put in their place."""
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(threading, "Lock", lambda: (_ for _ in ()).throw(RuntimeError))
    result = explore(LostAttribute, [("track", 1), "summary"], seconds=5)
    assert result.findings
