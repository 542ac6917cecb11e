"""Thread clauses call with what other methods answered: a token, an id, a version."""

from typing import Protocol

import pytest

from contracts.schedules.races import answers
from luminescent_cluster.contracts import run


class Register(Protocol):
    def read(self) -> int: ...
    def compare_and_set(self, expected: int, new: int) -> bool: ...


class Vouchers(Protocol):
    def issue(self, amount: int) -> str: ...
    def redeem(self, voucher: str) -> int: ...
    def booked(self) -> int: ...


class Pool(Protocol):
    def borrow(self) -> answers.Place: ...
    def give_back(self, place: answers.Place) -> None: ...
    def free(self) -> int: ...


class Orders(Protocol):
    def place(self, item: str) -> int: ...
    def cancel(self, number: int) -> bool: ...
    def ship(self, number: int) -> bool: ...


PAIRS = [
    (Register, answers.SetByTwo, answers.SetByOne),
    (Vouchers, answers.SpentTwice, answers.SpentOnce),
    (Pool, answers.GivenBackTwice, answers.GivenBackOnce),
    (Orders, answers.CancelledAndShipped, answers.CancelledOrShipped),
]


@pytest.mark.parametrize(("protocol", "broken", "_"), PAIRS)
def test_race_for_what_was_answered_is_found(protocol, broken, _):
    """Made-up arguments are refused before anything can go wrong; what was answered is taken."""
    report = run(protocol, broken, profile="ci", clauses=["THR-02"])
    result = report["THR-02"]
    assert result.status.value == "failed", result
    assert "<what " in result.message and " answered>" in result.message


@pytest.mark.parametrize(("protocol", "_", "correct"), PAIRS)
def test_who_hands_out_once_is_not_accused(protocol, _, correct):
    """The same calls, and each thing is taken by one."""
    report = run(protocol, correct, profile="ci", clauses=["THR-01", "THR-02"])
    results = [report[clause] for clause in ("THR-01", "THR-02")]
    assert [result.status.value for result in results] == ["passed", "passed"], results


class Greeter(Protocol):
    def name(self) -> str: ...
    def greet(self, name: str) -> str: ...


class Polite:
    def name(self) -> str:
        return "acme"

    def greet(self, name: str) -> str:
        return "hello"


def test_answer_that_makes_no_difference_is_not_taken():
    """Programs cost schedules; those that say nothing new are left out."""
    report = run(Greeter, Polite, profile="ci", clauses=["THR-02"])
    assert report["THR-02"].extra["schedules"]["pairs"].keys() == {
        "greet + greet",
        "greet + name",
        "name + name",
    }
