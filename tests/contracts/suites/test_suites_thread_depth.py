"""Races that only meet with the right arguments, a second preemption, or beside other threads."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import queue
import sys
import threading
from collections.abc import Iterator
from typing import Protocol

import pytest

from luminescent_cluster.contracts import AuditSubject, Subject, TenantSubject, run
from luminescent_cluster.contracts.schedules.helping import may_help
from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker


def status(protocol, factory, clause):
    report = run(protocol, factory, profile="ci", clauses=[clause])
    return report[clause].status.value


class Totals:
    """Loses an event where those of two *tenants* meet: each tenant's lock guards the whole map."""

    def __init__(self):
        self._totals = {}
        self._locks = {"acme": threading.Lock(), "globex": threading.Lock()}

    def guard(self, tenant):
        return self._locks.setdefault(tenant, threading.Lock())

    def track(self, operation, tokens, metadata):
        tenant = metadata.get("tenant_id", "none")
        with self.guard(tenant):
            events, total = self._totals.get(tenant, (0, 0))
            self._totals = {**self._totals, tenant: (events + 1, total + tokens)}

    def check_quota(self, tenant_id, operation):
        return True, None

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        events, total = self._totals.get(tenant_id, (0, 0))
        return {"total_tokens": total, "total_queries": events}


class OneLock(Totals):
    _lock = threading.Lock()

    def guard(self, tenant):
        return self._lock


@pytest.mark.parametrize("clause", ["UT-THR-01", "THR-02"])
@pytest.mark.parametrize(("factory", "expected"), [(Totals, "failed"), (OneLock, "passed")])
def test_events_of_two_tenants_meet(factory, expected, clause):
    """A loss that needs events of different tenants is found, and its twin is not accused."""
    assert status(UsageTracker, factory, clause) == expected


class Balance(Protocol):
    def deposit(self, account: str, amount: int) -> None: ...

    def balance(self, account: str) -> int: ...


class LocksOnDemand:
    """Two threads make the lock of one account; needs two preemptions."""

    def __init__(self):
        self._locks = {}
        self._balances = {}

    def guard(self, account):
        if account not in self._locks:
            self._locks[account] = threading.Lock()
        return self._locks[account]

    def deposit(self, account, amount):
        with self.guard(account):
            self._balances[account] = self._balances.get(account, 0) + amount

    def balance(self, account):
        return self._balances.get(account, 0)


class LocksOnce(LocksOnDemand):
    def guard(self, account):
        return self._locks.setdefault(account, threading.Lock())


@pytest.mark.parametrize(
    ("factory", "expected"), [(LocksOnDemand, "failed"), (LocksOnce, "passed")]
)
def test_a_lock_that_is_made_twice(factory, expected):
    """Two promising preemptions come before the unpromising single ones."""
    assert status(Balance, factory, "THR-02") == expected


class Rooms(Protocol):
    def join(self, room: str, user: str) -> None: ...

    def leave(self, room: str, user: str) -> None: ...

    def members(self, room: str) -> list[str]: ...


class EmptyRoomsGo:
    """Who joins a room that another user just emptied is in no room."""

    def __init__(self):
        self._rooms = {}

    def join(self, room, user):
        self._rooms.setdefault(room, set()).add(user)

    def leave(self, room, user):
        users = self._rooms.get(room, set())
        users.discard(user)
        if not users:
            self._rooms.pop(room, None)

    def members(self, room):
        return sorted(self._rooms.get(room, set()).copy())


class RoomsStay(EmptyRoomsGo):
    def leave(self, room, user):
        self._rooms.setdefault(room, set()).discard(user)


@pytest.mark.parametrize(("factory", "expected"), [(EmptyRoomsGo, "failed"), (RoomsStay, "passed")])
def test_other_items_of_one_owner_meet(factory, expected):
    """Calls about the same room and different users are among the first pairs."""
    assert status(Rooms, factory, "THR-02") == expected


class Gate(Protocol):
    def open(self) -> None: ...

    def enter(self) -> bool: ...


class MutedGate:
    """Nobody is told where somebody waits while it opens."""

    def __init__(self):
        self._changed = threading.Condition()
        self._busy = False

    def open(self):
        with self._changed:
            while self._busy:
                self._changed.wait()

    def enter(self):
        with self._changed:
            self._busy = True
        with self._changed:
            self._busy = False
        return True


class ToldGate(MutedGate):
    def enter(self):
        with self._changed:
            self._busy = True
        with self._changed:
            self._busy = False
            self._changed.notify_all()
        return True


def test_what_imported_a_module_is_not_asked(monkeypatch):
    """A loader knows the whole process, which is too much to tell anything from."""
    monkeypatch.setattr(sys.modules[__name__], "__loader__", [[] for _ in range(60_000)])
    never, done = threading.Event(), threading.Event()
    worker = threading.Thread(target=_wait, args=(never, done), daemon=True)
    worker.start()
    try:
        assert not may_help(lambda module: module == __name__, [object()])
        assert may_help(lambda module: module == __name__, [done])
    finally:
        never.set()
        worker.join(10)


@pytest.mark.parametrize(("factory", "expected"), [(MutedGate, "failed"), (ToldGate, "passed")])
def test_a_thread_that_cannot_reach_who_waits_is_no_help(factory, expected):
    """A worker of the same module is alive; what it cannot reach, it cannot wake."""
    never, done = threading.Event(), threading.Event()
    worker = threading.Thread(target=_wait, args=(never, done), daemon=True)
    worker.start()
    try:
        assert status(Gate, factory, "THR-01") == expected
    finally:
        never.set()
        worker.join(10)


def _wait(never, done):
    never.wait()
    done.set()


class Account(Protocol):
    async def add(self, amount: int) -> None: ...

    async def total(self) -> int: ...


class Patient:
    """Correct: the limit of a call is long, and passes only where something is wrong."""

    def __init__(self):
        self._total = 0
        self._lock = asyncio.Lock()

    async def add(self, amount):
        await asyncio.wait_for(self._add(amount), 1)

    async def _add(self, amount):
        async with self._lock:
            total = self._total
            await asyncio.sleep(0)
            self._total = total + amount

    async def total(self):
        return self._total


class Flushing(Patient):
    """Broken: a flusher's limit is a timer, which ends at any moment."""

    def __init__(self):
        super().__init__()
        self._waiting = []
        self._flusher = None
        self._wanted = asyncio.Event()

    async def add(self, amount):
        if self._flusher is None:
            self._flusher = asyncio.ensure_future(self._flush())
        waiting = list(self._waiting)
        await asyncio.sleep(0)
        self._waiting = [*waiting, amount]

    async def _flush(self):
        while True:
            try:
                await asyncio.wait_for(self._wanted.wait(), 0.1)
            except asyncio.TimeoutError:
                self._total += sum(self._waiting)
                self._waiting = []

    async def total(self):
        return self._total + sum(self._waiting)


@pytest.mark.parametrize(("factory", "expected"), [(Patient, "passed"), (Flushing, "failed")])
def test_limits_of_coroutines_are_no_timers(factory, expected):
    """A caller's time limit never passes while others can go on; a flusher's may."""
    found = {status(Account, factory, clause) for clause in ("THR-01", "THR-02")}
    assert ("failed" in found) is (expected == "failed")


class Trail:
    """Keeps a chain and counts alerts, both in two steps."""

    def __init__(self):
        self.rows, self.head, self.alerts = [], 0, 0
        self._lock = threading.Lock()

    def log_event(self, event_type, actor, resource, action, outcome, details=None):
        fields = {"event_type": event_type, "actor": actor, "resource": resource}
        self.write({**fields, "action": action, "outcome": outcome, "details": details})

    def log_security_event(self, event_type, severity, message, details=None):
        fields = {"event_type": event_type, "severity": severity, "message": message}
        self.write({**fields, "details": details})
        if severity == "critical":
            self.alert()

    def write(self, row):
        with self._lock:
            self.chain(row)

    def chain(self, row):
        self.rows.append({**row, "before": self.head})
        self.head += 1

    def alert(self):
        with self._lock:
            self.alerts += 1

    def verify(self):
        return [row["before"] for row in self.rows] == list(range(len(self.rows)))


class ForkedChain(Trail):
    def write(self, row):
        self.chain(row)


class LostAlert(Trail):
    def alert(self):
        self.alerts += 1


class OneAtATime(Trail):
    """Keeps the severity of the event in hand where the next one writes its own."""

    def log_security_event(self, event_type, severity, message, details=None):
        self.severity = severity
        fields = {"event_type": event_type, "severity": severity, "message": message}
        self.write({**fields, "details": details})
        if self.severity == "critical":
            self.alert()


class Batches(Trail):
    """Asks whether the batch is full in another step than it puts a record in."""

    def __init__(self):
        super().__init__()
        self.batch = []

    def write(self, row):
        with self._lock:
            self.batch.append(row)
        if len(self.batch) >= 4:
            for one in self.batch:
                self.chain(one)
            self.batch = []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Trail, "passed"),
        (ForkedChain, "failed"),
        (LostAlert, "failed"),
        (OneAtATime, "failed"),
        (Batches, "failed"),
    ],
)
def test_chains_and_alerts_meet(kind, expected):
    """AL-THR-01 asks `verify` and `alerts` too, where the subject has them."""

    def make():
        trail = kind()
        return AuditSubject(
            trail,
            recorded=lambda: [*trail.rows, *getattr(trail, "batch", ())],
            verify=trail.verify,
            alerts=lambda: trail.alerts,
        )

    assert status(AuditLogger, make, "AL-THR-01") == expected


class CachingProvider:
    """Asks for a key of the cache, then takes it; another tenant's request empties it meanwhile."""

    def __init__(self):
        self._filters = {}

    def get_tenant_id(self, request_context):
        return request_context.get("x-tenant-id")

    def get_tenant_filter(self, tenant_id):
        if tenant_id not in self._filters:
            self._filters.clear()
            self._filters[tenant_id] = {"tenant_id": {"$eq": tenant_id}}
            return {"tenant_id": {"$eq": tenant_id}}
        return dict(self._filters[tenant_id])

    def validate_tenant_access(self, tenant_id, user_id, resource):
        return False


def test_a_cache_that_is_filled_already():
    """A tenant asks twice, while another's request empties what the first answer filled."""
    assert status(TenantProvider, CachingProvider, "TP-THR-01") == "failed"


def counted(function):
    calls = [0]

    @functools.wraps(function)
    def call(self):
        before = calls[0]
        function(self)
        calls[0] = before + 1

    call.calls = calls
    return call


class Pings(Protocol):
    def ping(self) -> None: ...

    def pings(self) -> int: ...


class CountsInADecorator:
    @counted
    def ping(self):
        pass

    def pings(self):
        return CountsInADecorator.ping.calls[0]


def test_what_a_decorator_keeps_is_put_back():
    """State in a closure outlives the instance, as that of a class does."""
    assert status(Pings, CountsInADecorator, "THR-02") == "failed"


class Box(Protocol):
    def put(self, item: str) -> None: ...


class FullAtOnce:
    """Waits for room, as a bounded buffer does; nobody takes anything out."""

    def __init__(self):
        self._room = threading.Semaphore(1)

    def put(self, item: str) -> None:
        self._room.acquire()


def test_calls_that_wait_for_ever_in_one_thread_do_not_accuse_threads():
    """A full box is no race."""
    report = run(Box, lambda: Subject(FullAtOnce(), deadline=0.3), clauses=["THR-03"])
    assert report["THR-03"].status.value == "excused", report["THR-03"].message
    assert "already one after another: put(" in report["THR-03"].message


class PooledProvider:
    """Builds its answers in a pool, from what the call hands over."""

    def __init__(self):
        self._pool = concurrent.futures.ThreadPoolExecutor(1)

    def get_tenant_id(self, request_context):
        return self._pool.submit(request_context.get, "x-tenant-id").result()

    def get_tenant_filter(self, tenant_id):
        return self._pool.submit(self._filter, tenant_id).result()

    def _filter(self, tenant_id):
        return {"tenant_id": {"$eq": tenant_id}}

    def validate_tenant_access(self, tenant_id, user_id, resource):
        return (tenant_id, user_id, resource) == ("acme", "alice", "kb")


class MixedUpProvider(PooledProvider):
    """The pool reads the tenant where another request has written its own meanwhile."""

    def get_tenant_filter(self, tenant_id):
        self._current = tenant_id
        return self._pool.submit(lambda: self._filter(self._current)).result()


class LateProvider(PooledProvider):
    """What is allowed is loaded meanwhile; until then nothing is."""

    def __init__(self):
        super().__init__()
        self._allowed = {}
        self._pool.submit(self._load)

    def _load(self):
        self._allowed["acme"] = "alice"
        self._allowed["globex"] = "bob"

    def validate_tenant_access(self, tenant_id, user_id, resource):
        return self._allowed.get(tenant_id) == user_id


@pytest.mark.parametrize(
    ("factory", "expected"),
    [(MixedUpProvider, "failed"), (PooledProvider, "passed"), (LateProvider, "passed")],
)
@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"allowed": [("acme", "alice", "kb")]},
        {"tenants": ["acme", "globex"], "context_for": lambda tenant: {"x-tenant-id": tenant}},
    ],
    ids=["bare", "allowed", "declared"],
)
def test_workers_of_its_own_excuse_no_answer_of_another_tenant(factory, expected, declared):
    """A read may find part of what is under way; never what only the other tenant is told."""
    report = run(
        TenantProvider, lambda: TenantSubject(factory(), **declared), clauses=["TP-THR-01"]
    )
    assert report["TP-THR-01"].status.value == expected, report["TP-THR-01"].message


class Counters(Protocol):
    def add(self, key: str, value: int) -> bool: ...

    def get(self, key: str) -> int | None: ...

    def set(self, key: str, value: int, timeout: float | None = 300) -> None: ...

    def incr(self, key: str, delta: int = 1) -> int: ...

    def delete(self, key: str) -> bool: ...


class LockedCounters:
    """A cache whose counters must have been set before they count."""

    def __init__(self):
        self._values = {}
        self._lock = threading.RLock()

    def add(self, key, value):
        with self._lock:
            return self._values.setdefault(key, value) is value

    def get(self, key):
        with self._lock:
            return self._values.get(key)

    def set(self, key, value, timeout=300):
        with self._lock:
            self._values[key] = value

    def incr(self, key, delta=1):
        with self._lock:
            value = self.get(key)
            if value is None:
                raise ValueError(f"no such counter: {key}")
            self.set(key, value + delta)
            return value + delta

    def delete(self, key):
        with self._lock:
            return self._values.pop(key, None) is not None


class HalfLockedCounters(LockedCounters):
    """Each step is under the lock; between two of them another thread counts."""

    def incr(self, key, delta=1):
        value = self.get(key)
        if value is None:
            raise ValueError(f"no such counter: {key}")
        self.set(key, value + delta)
        return value + delta


@pytest.mark.parametrize(
    ("counters", "expected"), [(LockedCounters, "passed"), (HalfLockedCounters, "failed")]
)
def test_what_raises_alone_is_tried_after_what_helps_it(counters, expected):
    """Two that count at once only meet where a counter was set before."""
    assert status(Counters, counters, "THR-02") == expected


class Keys(Protocol):
    def put(self, key: str, value: int) -> None: ...

    def keys(self) -> Iterator[str]: ...


class LiveKeys:
    """Goes through the dict itself while its caller goes through the keys."""

    def __init__(self):
        self._values = {}

    def put(self, key, value):
        self._values[key] = value

    def keys(self):
        for key in self._values:
            yield str(key)


class CopiedKeys(LiveKeys):
    def keys(self):
        yield from list(self._values)


class AwaitedKeys(LiveKeys):
    """Gives what comes, and waits for what is still to come."""

    def __init__(self):
        super().__init__()
        self._changes = queue.Queue()

    def put(self, key, value):
        self._changes.put(key)

    def keys(self):
        while True:
            yield self._changes.get()


@pytest.mark.parametrize(
    ("keys", "expected"), [(LiveKeys, "failed"), (CopiedKeys, "passed"), (AwaitedKeys, "passed")]
)
def test_what_comes_bit_by_bit_is_gone_through_while_others_write(keys, expected):
    """A generator runs while its caller reads on; one that waits for others is left alone."""
    assert status(Keys, keys, "THR-01") == expected
