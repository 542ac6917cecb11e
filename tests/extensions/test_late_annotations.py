"""Annotations that Python 3.14 evaluates late: names for type checkers need no quotes any more."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from luminescent_cluster.contracts import Status, run
from luminescent_cluster.contracts.compat import compare
from luminescent_cluster.contracts.fakes import contract_mock
from luminescent_cluster.contracts.shapes import accepts
from luminescent_cluster.extensions import ExtensionRegistry, verify_extensions
from luminescent_cluster.extensions._calls.reflection import own_annotations, signature_of

pytestmark = pytest.mark.skipif(sys.version_info < (3, 14), reason="evaluates at once")

TEXT = """
from typing import TYPE_CHECKING, Protocol, Required, TypedDict, Unpack

if TYPE_CHECKING:
    from decimal import Decimal

class Options(TypedDict, total=False):
    limit: Required[int]
    price: Decimal

class Till(Protocol):
    currency: Decimal
    def pay(self, amount: Decimal, to: Later | None = None) -> dict[str, Decimal]: ...
    def give(self, **options: Unpack[Options]) -> None: ...
    def find(self, key: "Later" | None, *, count: int = 1) -> int: ...
    @property
    def total(self) -> Decimal: ...

class Shop(Protocol):
    def sell(self, price: Decimal, count: int) -> bool: ...

class Seller:
    def sell(self, price: Decimal, count: int) -> bool:
        return True

class Right:
    currency: Decimal
    def __init__(self):
        import decimal
        self.currency = decimal.Decimal(1)
    @property
    def total(self) -> Decimal: ...
    def pay(self, amount: Decimal, to: Later | None = None) -> dict[str, Decimal]:
        return {}
    def give(self, **options: Unpack[Options]) -> None:
        return None
    def find(self, key: "Later" | None, *, count: int = 1) -> int:
        return count

class Renamed(Right):
    def pay(self, amount: Decimal, too: Later | None = None) -> dict[str, Decimal]:
        return {}

class OtherHint(Right):
    def pay(self, amount: list[Decimal], to: Later | None = None) -> dict[str, Decimal]:
        return {}

class RenamedInFind(Right):
    def find(self, name: "Later" | None, *, count: int = 1) -> int:
        return count

class Later: ...

class Tracker:
    def track(self, operation: str, tokens: int, metadata: Decimal) -> None:
        return None
    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, Decimal | None]:
        return True, None
    def get_usage_summary(self, tenant_id, start_date: Decimal = None, end_date=None) -> dict:
        return {}

def within():
    class Local: ...
    class Asks(Protocol):
        def both(self, a: Local, b: Decimal) -> Local: ...
    return Asks, Local
"""


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """The module above, as a file that was imported."""
    file = tmp_path_factory.mktemp("late") / "late_annotations.py"
    file.write_text(TEXT)
    spec = importlib.util.spec_from_file_location("late_annotations", file)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_what_conforms_is_accepted(late):
    """With the same names that nobody can evaluate on both sides."""
    answer = accepts(late.Right(), late.Till)
    assert answer.ok, str(answer)
    assert not answer.inconclusive


@pytest.mark.parametrize(
    ("name", "clause"),
    [("Renamed", "SIG-03"), ("OtherHint", "SIG-05"), ("RenamedInFind", "SIG-03")],
)
def test_what_does_not_is_rejected(late, name, clause):
    """Parameters and the texts of hints are compared all the same."""
    answer = accepts(getattr(late, name)(), late.Till)
    found = (*answer.rejections, *answer.remarks)
    assert clause in [rejection.clause_id for rejection in found], str(answer)


def test_the_imported_class_is_what_its_file_says(late):
    """Hints that are given as text, keys of TypedDicts among them, are those of the source."""
    assert compare(late.Till, f"{late.__file__}:Till").bump is None


def test_the_start_up_check_does_not_evaluate(late):
    """Production starts with an extension whose hints are for type checkers only."""
    with ExtensionRegistry.override(usage_tracker=late.Tracker()):
        verify_extensions()


def test_clauses_run(late):
    """Calls are judged as ever; what has no value to call it with says so."""
    report = run(late.Shop, late.Seller, profile="smoke")
    found = {result.clause_id: result.status for result in report.results}
    assert Status.ERROR not in found.values()
    assert found["SIG-02"] is found["SIG-03"] is found["TYP-02"] is Status.PASSED
    assert found["PUR-01"] is Status.INCONCLUSIVE


def test_a_mock_checks_what_can_be_checked(late):
    """Wrong names are refused; a type that is not known takes anything."""
    shop = contract_mock(late.Shop)
    shop.sell.return_value = True
    assert shop.sell("a Decimal", 2)
    with pytest.raises(TypeError, match="count"):
        shop.sell("a Decimal", "two")


def test_what_can_be_evaluated_is(late):
    """A class of the function around it is found, although another name is missing."""
    asks, local = late.within()
    assert own_annotations(asks.both) == {"a": local, "b": "Decimal", "return": local}
    assert str(signature_of(late.Right.find)) == (
        "(self, key: \"'Later' | None\", *, count: 'int' = 1) -> 'int'"
    )
