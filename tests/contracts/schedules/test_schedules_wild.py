"""Extensions as they come: decorated, proxied, generated, with servers and threads of their own."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import http.server
import threading
import time
import urllib.request

import pytest
import wrapt

from luminescent_cluster.contracts.schedules import Budget, explore, explore_extension


@wrapt.decorator
def passing(wrapped, instance, args, kwargs):
    return wrapped(*args, **kwargs)


class Decorated:
    def __init__(self):
        self.n = 0

    @passing
    def add(self):
        self.n += 1

    @passing
    def get(self):
        return self.n


class Delegating:
    def __init__(self):
        self._target = Decorated()

    def __getattr__(self, name):
        return getattr(self._target, name)


class Partial:
    def __init__(self):
        self.counts = {}

    def _add(self, key):
        self.counts[key] = self.counts.get(key, 0) + 1

    add = functools.partialmethod(_add, "x")

    def get(self):
        return dict(self.counts)


class Holding:
    def __init__(self):
        self.n = 0
        self.add = Adder(self)

    def get(self):
        return self.n


class Adder:
    def __init__(self, owner):
        self.owner = owner

    def __call__(self):
        self.owner.n += 1


@pytest.mark.parametrize(
    "factory",
    [Decorated, Delegating, lambda: wrapt.ObjectProxy(Decorated()), Partial, Holding],
    ids=["wrapt", "getattr", "objectproxy", "partialmethod", "callable-attribute"],
)
def test_races_are_found_behind_wrappers(factory):
    """Decorators, delegates, proxies and callable attributes hide no race."""
    result = explore(factory, ["add", "get"], seconds=20)
    assert result.findings[0].kind == "outcome"


class Disguised:
    """A proxy written in Python, as of wrapt: its class has a property where others have a name."""

    lock = threading.Lock()
    __module__ = property(lambda self: type(self._target).__module__)

    def __init__(self):
        self._target = Decorated()

    def add(self):
        self._target.add()

    def add_locked(self):
        with self.lock:
            self._target.add()

    def get(self):
        return self._target.get()


def test_classes_that_hide_their_module_are_explored():
    """``__module__`` may be a property; the lock on such a class is controlled all the same."""
    assert explore(Disguised, ["add", "get"], seconds=20).findings[0].kind == "outcome"
    clean = explore(Disguised, ["add_locked", "get"], seconds=0.4)
    assert not clean.findings, clean.findings[0]
    assert clean.uncontrolled == []


@dataclasses.dataclass
class Generated:
    n: int = 0
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def add(self):
        with self.lock:
            self.n += 1

    def get(self):
        return self.n


def test_a_lock_from_a_dataclass_default_factory_is_controlled():
    """The factory was bound when the class was made; its locks are cooperative all the same."""
    result = explore(Generated, ["add", "get"], seconds=0.4)
    assert not result.findings, result.findings[0]
    assert result.uncontrolled == []


class Single:
    instance = None

    @classmethod
    def get(cls):
        if cls.instance is None:
            cls.instance = object.__new__(cls)
        return cls.instance


def test_a_class_can_be_the_extension():
    """Threads that race for a singleton get two of them; the class itself is explored."""

    def fresh():
        Single.instance = None
        return Single

    result = explore(fresh, ["get"], observers=[], seconds=20)
    assert result.findings[0].kind == "outcome"


class Served:
    """Posts to a loopback server that its own thread runs: sockets block in C."""

    def __init__(self):
        hits = self.hits = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                hits.append(1)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def track(self):
        port = self.server.server_address[1]
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).close()

    def total(self):
        return len(self.hits)


def test_a_loopback_server_is_waited_for():
    """A correct extension over real sockets is judged, slowly, and not accused."""
    before = threading.active_count()
    result = explore_extension(
        Served,
        ["track"],
        observers=["total"],
        teardown=Served.close,
        budget=Budget(seconds=30, schedules=4, run_seconds=20),
    )
    assert not result.findings, result.findings[0]
    assert result.judged
    assert result.uncontrolled
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before + 1


class InThreads:
    lock = None

    def __init__(self):
        self.n = 0

    def _work(self):
        self.n += 1

    async def add(self):
        await asyncio.to_thread(self._work)

    async def get(self):
        return self.n


class InThreadsLocked(InThreads):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def _work(self):
        with self._lock:
            self.n += 1


def test_threads_behind_coroutines_are_explored():
    """`asyncio.to_thread` workers race with each other; with a lock they do not."""
    assert explore(InThreads, ["add"], observers=["get"], seconds=20).findings
    result = explore(InThreadsLocked, ["add"], observers=["get"], seconds=0.5)
    assert not result.findings, result.findings[0]


class Deaf:
    """A worker that swallows whatever is raised in it."""

    def __init__(self):
        self.n = 0
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        while True:
            try:
                time.sleep(1)
                self.n += 0
            except BaseException:
                pass

    def get(self):
        return self.n


def test_threads_that_cannot_be_ended_do_not_pile_up():
    """A worker that catches everything is put to sleep; exploration stops early and says so."""
    result = explore(Deaf, ["get"], observers=[], seconds=20)
    assert not result.findings
    assert any("cannot be ended" in text for text in result.uncontrolled)
