"""Races that only meet with what an earlier call answered: a value read, a voucher, a place."""

from __future__ import annotations

import itertools
import threading
import uuid

from luminescent_cluster.contracts.schedules import Answer, Call

from .model import Race


class SetByTwo:
    """Compare-and-set whose comparison no longer holds when it sets."""

    def __init__(self):
        self.value = 0

    def read(self):
        return self.value

    def compare_and_set(self, expected, new):
        if self.value != expected:
            return False
        self.value = new
        return True


class SetByOne(SetByTwo):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def compare_and_set(self, expected, new):
        with self._lock:
            return super().compare_and_set(expected, new)


class SpentTwice:
    """A voucher that is looked up, booked, and only then taken away."""

    def __init__(self):
        self.vouchers = {}
        self.balance = 0

    def issue(self, amount):
        voucher = uuid.uuid4().hex
        self.vouchers[voucher] = amount
        return voucher

    def redeem(self, voucher):
        amount = self.vouchers.get(voucher)
        if amount is None:
            raise LookupError("no such voucher")
        self.balance += amount
        self.vouchers.pop(voucher, None)
        return amount

    def booked(self):
        return self.balance


class SpentOnce(SpentTwice):
    """What is popped is popped once."""

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def redeem(self, voucher):
        amount = self.vouchers.pop(voucher, None)
        if amount is None:
            raise LookupError("no such voucher")
        with self._lock:
            self.balance += amount
        return amount


class Place:
    """Known by its identity."""


class GivenBackTwice:
    """A pool which takes back a place that is already there."""

    def __init__(self):
        self.places = [Place(), Place()]
        self.out = set()

    def borrow(self):
        place = self.places.pop()
        self.out.add(place)
        return place

    def give_back(self, place):
        if place in self.out:
            self.places.append(place)
            self.out.discard(place)

    def free(self):
        return len(self.places)


class GivenBackOnce(GivenBackTwice):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def borrow(self):
        with self._lock:
            return super().borrow()

    def give_back(self, place):
        with self._lock:
            super().give_back(place)


class CancelledAndShipped:
    """Two ways for an order to go, and both are gone."""

    def __init__(self):
        self.states = {}
        self._numbers = itertools.count(1)

    def place(self, item):
        number = next(self._numbers)
        self.states[number] = "placed"
        return number

    def cancel(self, number):
        return self._go(number, "cancelled")

    def ship(self, number):
        return self._go(number, "shipped")

    def _go(self, number, state):
        if self.states.get(number) != "placed":
            return False
        self.states[number] = state
        return True


class CancelledOrShipped(CancelledAndShipped):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def _go(self, number, state):
        with self._lock:
            return super()._go(number, state)


_READ = Call("read")
_ISSUE = Call("issue", (7,))
_BORROW = Call("borrow")
_PLACE = Call("place", ("tea",))

RACES = [
    Race(
        "compare-and-set on what was read",
        SetByTwo,
        SetByOne,
        (_READ, Call("compare_and_set", (Answer(_READ), 5))),
    ),
    Race(
        "voucher redeemed twice",
        SpentTwice,
        SpentOnce,
        ("booked", Call("redeem", (Answer(_ISSUE),))),
        ("outcome", "exception"),
    ),
    Race(
        "place given back twice",
        GivenBackTwice,
        GivenBackOnce,
        ("free", Call("give_back", (Answer(_BORROW),))),
    ),
    Race(
        "order cancelled and shipped",
        CancelledAndShipped,
        CancelledOrShipped,
        (Call("cancel", (Answer(_PLACE),)), Call("ship", (Answer(_PLACE),))),
    ),
]
