"""Protocols with overloads, and with defaults that are left to implementations."""

from collections.abc import Mapping
from typing import Protocol, overload

import pytest

from luminescent_cluster.contracts import Status, run


class Flags(Protocol):
    """As most are written: the overloads alone."""

    @overload
    def variant(self, flag: str) -> str | None: ...
    @overload
    def variant(self, flag: str, default: str) -> str: ...
    def enabled(self, flag: str) -> bool: ...
    def all(self) -> Mapping[str, bool]: ...


class StaticFlags:
    def __init__(self):
        self._on = {"beta": False, "dark": True}

    @overload
    def variant(self, flag: str) -> str | None: ...
    @overload
    def variant(self, flag: str, default: str) -> str: ...
    def variant(self, flag: str, default: str | None = None) -> str | None:
        return "on" if self._on.get(flag) else default

    def enabled(self, flag: str) -> bool:
        return self._on.get(flag, False)

    def all(self) -> dict[str, bool]:
        return dict(self._on)


class ForgetsTheDefault(StaticFlags):
    def variant(self, flag: str, default: str | None = None) -> str | None:
        return "on" if self._on.get(flag) else None


class SaysNothingOfWhatIsOff(StaticFlags):
    """Right for every flag but those that it lists."""

    def enabled(self, flag: str) -> bool:
        return flag in self._on and (self._on[flag] or None)


class Notes(Protocol):
    """Says that there is a default, and not which."""

    def read(self, key: str, limit: int = ...) -> list[str]: ...


class TenNotes:
    def read(self, key: str, limit: int = 10) -> list[str]:
        return [key] * min(max(int(limit), 0), 20)


class NoDefault(TenNotes):
    def read(self, key: str, limit: int) -> list[str]:
        return super().read(key, limit)


@pytest.mark.parametrize(("protocol", "factory"), [(Flags, StaticFlags), (Notes, TenNotes)])
def test_right_extension_is_judged_and_not_accused(protocol, factory):
    """Every call that is made is one that the protocol permits."""
    report = run(protocol, factory, profile="smoke", seed=1)
    musts = [result for result in report.results if result.level.name == "MUST"]
    decided = (Status.PASSED, Status.EXCUSED)
    assert [(r.clause_id, r.message) for r in musts if r.status not in decided] == []


@pytest.mark.parametrize(
    ("protocol", "factory", "clause", "words"),
    [
        (Flags, ForgetsTheDefault, "TYP-01", "which is not str"),
        (Flags, SaysNothingOfWhatIsOff, "TYP-01", "an item of what all() answered"),
        (Notes, NoDefault, "DEF-01", "limit"),
    ],
)
def test_broken_extension_is_rejected(protocol, factory, clause, words):
    """What the overload that is called declares; with what another method listed."""
    result = run(protocol, factory, clauses=[clause], seed=1)[clause]
    assert result.status is Status.FAILED, result
    assert words in result.message
