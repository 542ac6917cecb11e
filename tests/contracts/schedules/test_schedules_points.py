"""Where threads may be switched: the accesses of a function, equal on every version of Python."""

from __future__ import annotations

import copy
import threading

from contracts.schedules.races.counting import LostAttribute, LostDefault, LostItem
from luminescent_cluster.contracts.schedules.names import Names
from luminescent_cluster.contracts.schedules.opcodes import accesses
from luminescent_cluster.contracts.schedules.points import Points
from luminescent_cluster.contracts.schedules.scope import Scope


def texts(function, *others):
    codes = [each.__code__ for each in (function, *others)]
    return [(a.kind, a.text) for a in accesses(function.__code__, Names.of(codes))]


def test_an_update_is_a_read_and_a_write():
    """`self.total += x` has two switch points, equal on every version of Python."""
    assert texts(LostAttribute.track) == [("read", "self.total"), ("write", "self.total")]


def test_item_updates_are_seen_through_the_container():
    """Calls, reads and writes of items count; the reference to the container does not."""
    assert texts(LostItem.track) == [
        ("call", "self.totals.get()"),
        ("write", "self.totals[tenant]"),
    ]
    assert texts(LostDefault.track) == [
        ("read", "self.totals[tenant]"),
        ("write", "self.totals[tenant]"),
    ]


def test_local_computation_has_no_switch_points():
    """Names, numbers, ranges and pure built-ins of one thread are nobody else's business."""

    def compute(limit):
        total = 0
        for number in range(limit):
            total += number * 2
        return isinstance(total, int)

    assert texts(compute) == []


class Guarded(dict):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()
        self.events = []

    def keep(self, key, value):
        with self.lock:
            if key in self:
                return self.events[-1]
            super().__setitem__(key, value)
        return None

    def newest(self, start):
        return self.events[:2] + self.events[start:3]

    def busy(self):
        return any(event for event in self.events)


def test_a_with_statement_is_no_access():
    """Taking and giving back a lock are the lock's own affair, by whatever instructions."""
    assert texts(Guarded.keep)[0] == ("contains", "key in self")


def test_what_a_container_does_above_is_an_access():
    """`super().__setitem__` changes it; in `super().__init__` nobody knows the object yet."""
    assert texts(Guarded.keep)[1:] == [
        ("read", "self.events[-1]"),
        ("call", "super().__setitem__()"),
    ]
    assert texts(Guarded.__init__) == [
        ("call", "threading.Lock()"),
        ("write", "self.lock"),
        ("write", "self.events"),
    ]


def test_slices_are_read_as_written():
    """Whether the bounds are constants or not, the text is that of the source."""
    assert texts(Guarded.newest) == [
        ("read", "self.events[:2]"),
        ("read", "self.events[start:3]"),
    ]


def test_who_consumes_a_generator_expression_is_no_access():
    """The switch points are in the generator's own code, where each item is taken."""
    inner = next(c for c in Guarded.busy.__code__.co_consts if getattr(c, "co_name", "")[:1] == "<")
    assert [a.kind for a in accesses(inner, Names())] == ["iterate", "yield"]
    called = [(kind, text) for kind, text in texts(Guarded.busy) if text != "…()"]
    assert set(called) == {("read", "self.events")}  # twice, where `any` may be replaced


def test_code_that_a_c_function_calls_back_has_a_switch_point():
    """A sort's key function without any access is a place inside of the sort."""

    def key(event):
        return event

    assert texts(lambda event: event) == [("entry", "<lambda>")]
    assert texts(key) == []


def test_what_a_library_rebinds_is_not_the_extensions_affair():
    """`copy` sets attributes by computed names; only its loops over a shared container count."""
    points = Points(Scope([LostItem]))
    assert points.offsets(copy._deepcopy_dict.__code__)
    assert points.offsets(LostItem.track.__code__)
    points.freeze()
    assert [access.text for access in points.accesses(LostItem.track.__code__)] == [
        "self.totals.get()",
        "self.totals[tenant]",
    ]
