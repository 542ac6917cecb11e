"""State that outlives an instance, answers that change hands, waits for sockets, timed waits."""

from __future__ import annotations

import copy
import socket
import sqlite3
import threading
import time
import uuid

import pytest

from luminescent_cluster.contracts.schedules import Budget, explore_extension
from luminescent_cluster.contracts.schedules.adding import added

CALLS = [("add", "acme", 7), ("add", "globex", 1000), ("total", "acme"), ("total", "globex")]
BUDGET = Budget(seconds=60, schedules=150)


class Stored:
    """Totals in a database file that every instance opens again; answers carry an id and a time."""

    def __init__(self, path):
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.execute("pragma synchronous=off")
        self.db.execute("pragma journal_mode=memory")
        self.db.execute("create table if not exists totals (tenant primary key, tokens)")

    def add(self, tenant, tokens):
        before = self._read(tenant)
        self.db.execute("replace into totals values (?, ?)", (tenant, before + tokens))

    def total(self, tenant):
        return {"tokens": self._read(tenant), "at": time.time(), "request": uuid.uuid4().hex}

    def _read(self, tenant):
        row = self.db.execute("select tokens from totals where tenant = ?", (tenant,)).fetchone()
        return row[0] if row else 0


class Upserted(Stored):
    """The database adds up, in one statement."""

    def add(self, tenant, tokens):
        self.db.execute(
            "insert into totals values (?, ?) "
            "on conflict (tenant) do update set tokens = tokens + excluded.tokens",
            (tenant, tokens),
        )


def explored(kind, path):
    return explore_extension(
        lambda: kind(path), CALLS, budget=BUDGET, teardown=lambda store: store.db.close()
    )


def test_lost_update_in_a_store_that_all_instances_share_is_found(tmp_path):
    """Totals grow from run to run; what one run adds to them is judged."""
    result = explored(Stored, tmp_path / "totals.db")
    assert [finding.kind for finding in result.findings] == ["outcome"]


def test_correct_totals_in_a_shared_store_are_not_accused(tmp_path):
    """An upsert on the same file is clean, and the result says how it was judged."""
    result = explored(Upserted, tmp_path / "totals.db")
    assert result.ok, result.findings
    assert any("what each run adds" in note for note in result.notes)


EVENTS: list[dict[str, int]] = []


class Logged:
    """Writes to a list that lives on, and hands over the list itself."""

    def log(self, number):
        self.event = {"number": number}
        EVENTS.append(self.event)


def test_a_live_list_that_only_grows_is_judged_by_its_new_items():
    """An observer may give the very list that grows; the mixed-up event in it is found."""
    result = explore_extension(
        lambda: (Logged(), EVENTS),
        [("log", 1), ("log", 2)],
        extension_of=lambda made: made[0],
        observers=[lambda made: made[1]],
        promise="settled",
        budget=BUDGET,
    )
    assert [finding.kind for finding in result.findings] == ["outcome"]


def test_growth_of_numbers_lists_and_dictionaries():
    """Counts give their growth, lists the new items, and a clock stays a clock."""
    before = {"n": 3, "clock": 1, "items": ["a"], "name": "x"}
    again = {**before, "clock": 2}
    after = {"n": 5, "clock": 9, "items": ["a", "b"], "name": "y", "new": 1}
    grown = {"n": 2, "clock": 9, "items": ["b"], "name": "y", "new": 1}
    assert added((before, again), after) == grown


def test_a_list_that_lost_items_is_compared_whole():
    """Only what grows is judged by growth."""
    assert added((["a", "b"], ["a", "b"]), ["b", "c"]) == ["b", "c"]


class SharedAnswer:
    """Gives every caller the same dictionary."""

    def __init__(self):
        self.answer = {}

    def filter(self, tenant):
        self.answer["tenant"] = tenant
        return self.answer


def test_an_answer_counts_as_it_was_returned():
    """A caller whose answer is another tenant's at the return is seen, whatever comes later."""
    result = explore_extension(SharedAnswer, [("filter", "acme"), ("filter", "globex")])
    assert [finding.kind for finding in result.findings] == ["outcome"]


class Copied:
    """Copies a dictionary, with the library's Python code, while others add to it."""

    def __init__(self):
        self.rows = {}

    def add(self, key):
        self.rows[key] = 1

    def rows_now(self):
        return copy.deepcopy(self.rows)


def test_library_code_that_iterates_is_a_place_to_switch():
    """Deep copying a dictionary that grows raises; the switch is inside the library."""
    result = explore_extension(Copied, [("add", "a"), ("add", "b"), "rows_now"])
    assert [finding.kind for finding in result.findings] == ["exception"]


class Box:
    """Room for one; who finds it full waits a minute and gives up."""

    def __init__(self):
        self.items = []
        self.changed = threading.Condition()

    def put(self, item):
        with self.changed:
            if not self.changed.wait_for(lambda: not self.items, timeout=60):
                return False
            self.items.append(item)
            self.changed.notify()
            return True

    def take(self):
        with self.changed:
            if not self.items:
                return None
            self.changed.notify()
            return self.items.pop()


def test_a_call_that_waits_in_vain_is_a_possible_order():
    """A timeout ends a call in a sequential order too, so that the outcome is no surprise."""
    program = [[("put", 1), ("put", 2)], [("put", 3)]]
    result = explore_extension(Box, programs=[program], observers=["take"], budget=BUDGET)
    assert result.ok, result.findings


class Echo:
    """Asks a server on the loopback, which answers after all callers have asked or one has."""

    def __init__(self, address):
        self.address = address
        self.sum = 0

    def ask(self, number):
        with socket.create_connection(self.address, timeout=5) as connection:
            connection.sendall(b"%d" % number)
            answer = int(connection.recv(20))
        before = self.sum
        self.sum = before + answer

    def total(self):
        return self.sum


@pytest.fixture
def echo_server():
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.sendall(connection.recv(20))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


def test_a_race_after_a_wait_for_a_socket_is_found(echo_server):
    """Waiting for a server hands the turn on, and the race behind it is found."""
    result = explore_extension(
        lambda: Echo(echo_server), [("ask", 7), "total"], budget=Budget(seconds=60, schedules=200)
    )
    assert [finding.kind for finding in result.findings] == ["outcome"]


def test_socket_methods_are_put_back(echo_server):
    """After an exploration sockets are what they were."""
    before = dict(vars(socket.socket))
    explore_extension(lambda: Echo(echo_server), [("ask", 7)], budget=Budget(schedules=3))
    assert dict(vars(socket.socket)) == before
