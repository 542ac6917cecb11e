"""Implementations under released versions, and what their declared ranges are worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pytest
from packaging.specifiers import SpecifierSet

from luminescent_cluster.contracts.compat import SourceError, load, matrix, satisfies
from luminescent_cluster.contracts.compat.ranges import judge_range, widest_range
from luminescent_cluster.extensions import optional


class One(Protocol):
    def read(self, key: str, limit: int = 10) -> str: ...


class OneOne(Protocol):
    def read(self, key: str, limit: int = 10) -> str: ...

    @optional(since="1.1.0")
    def size(self, unit: str) -> int:
        return len(unit)


class Two(Protocol):
    def read(self, key: str, limit: int = 20) -> str: ...


VERSIONS: dict[str, Any] = {"1.0.0": One, "1.1.0": OneOne, "2.0.0": Two}


class Fits:
    def read(self, key, limit=10):
        return key


class Collides:
    """Has an unrelated method of the name that 1.1 introduced."""

    def read(self, key, limit=10):
        return key

    def size(self):
        return 0


class Takes(Fits):
    def size(self, unit):
        return 1


class Annotated:
    def read(self, key: str, limit: int = 10) -> bytes:
        return b""


@pytest.mark.parametrize("make", [Fits, Fits()], ids=["class", "instance"])
def test_an_implementation_of_the_first_version_runs_until_it_breaks(make: object) -> None:
    """The optional member is served by its default; the changed default of 2.0 is not."""
    found = matrix(make, VERSIONS, declared=">=1.0,<2")
    assert found.compatible == ("1.0.0", "1.1.0")
    assert [c.status for c in found.cells] == [
        "satisfied",
        "satisfied through defaults",
        "not satisfied",
    ]
    assert found.cells[1].defaults == ("size",)
    assert [r.clause_id for r in found.cells[2].rejections] == ["DEF-02"]


class HoldsSize(Fits):
    @property
    def size(self) -> int:
        return 1


FIELD = """\
class Text:
    def __init__(self):
        self.size = 0
    def read(self, key, limit=10):
        return key
class Constant:
    size = None
    def read(self, key, limit=10):
        return key
"""


def test_data_under_the_name_of_an_optional_method_collides() -> None:
    """A property that gives no callable is no method, also where only the class is known."""
    for make in (HoldsSize, HoldsSize()):
        assert matrix(make, VERSIONS, declared=">=1.0,<2").compatible == ("1.0.0",)


@pytest.mark.parametrize("name", ["Text", "Constant"])
def test_a_value_that_is_not_called_collides_in_text(name: str, tmp_path: Path) -> None:
    """A literal that stands under the method's name is read from the source."""
    (tmp_path / "impl.py").write_text(FIELD, "utf-8")
    assert matrix(f"{tmp_path}/impl.py:{name}", VERSIONS).compatible == ("1.0.0",)


class DeclaresTwo(Fits):
    __protocols__ = ("Elsewhere>=1.0", "Kept>=1.0,<2")


def test_of_two_declared_protocols_the_released_one_counts(tmp_path: Path) -> None:
    """A folder of one protocol's versions says which of the declared ones is meant."""
    snapshot = load(One).to_json() | {"protocol": "Kept", "version": "1.0.0"}
    snapshot["shape"] |= {"name": "Kept", "version": "1.0.0"}
    (tmp_path / "Kept-1.0.0.json").write_text(json.dumps(snapshot), "utf-8")
    assert matrix(DeclaresTwo, tmp_path).protocol == "Kept"


def test_a_version_is_no_range() -> None:
    """A bare number is refused with a remedy rather than read as a name."""
    with pytest.raises(SourceError, match="not a range"):
        matrix(Fits, VERSIONS, declared="1.0")


def test_an_implemented_optional_member_needs_no_default() -> None:
    """It is simply satisfied."""
    assert matrix(Takes, VERSIONS).cells[1].status == "satisfied"


def test_an_unrelated_method_of_the_new_name_collides() -> None:
    """It breaks from the version that introduced the member, with the call that shows it."""
    found = matrix(Collides, VERSIONS, declared=">=1.0,<2")
    assert (found.compatible, found.claim) == (("1.0.0",), "over-claimed")
    assert found.widest == ">=1.0.0,<1.1.0"
    assert found.cells[1].rejections[0].witness.startswith("size(")


def test_hints_count_under_a_type_checker_only() -> None:
    """An annotated implementation that gives another type is refused, unless hints are loose."""
    assert matrix(Annotated, VERSIONS).compatible == ()
    assert matrix(Annotated, VERSIONS, strict_hints=False).compatible == ("1.0.0", "1.1.0")


@pytest.mark.parametrize(
    ("declared", "claim"),
    [
        (">=1.0,<2", "honest"),
        (">=1.0", "over-claimed"),
        ("", "over-claimed"),
        ("==2.*", "over-claimed"),
        ("==1.0.0", "under-claimed"),
        (">=1.1,<2", "under-claimed"),
        (">=3", "unverifiable"),
        ("==1.0.7", "unverifiable"),
        (None, "unverifiable"),
        (">=2,<2", "contradictory"),
        (">1.0,<1.0.0", "contradictory"),
        ("==1.0,!=1.0", "contradictory"),
        ("One>=1.0,<2", "honest"),
    ],
)
def test_a_declared_range_is_called_what_it_is(declared: str | None, claim: str) -> None:
    """Honest, over- or under-claimed, unverifiable, contradictory."""
    found = matrix(Fits, VERSIONS, declared=declared)
    assert found.claim == claim, found.reason
    assert found.widest == ">=1.0.0,<2"


def test_the_widest_range_is_honest() -> None:
    """What is proposed would be called honest, gaps included."""
    satisfied = {"0.9": False, "1.0": True, "1.1": False, "1.2": True, "1.3": False, "2.0": False}
    text = widest_range(satisfied)
    assert text == ">=1.0,!=1.1,<1.3"
    assert judge_range(SpecifierSet(text), satisfied).claim == "honest"
    assert widest_range({"1.0": False}) is None


def test_pre_releases_decide_only_where_they_are_asked_for() -> None:
    """A range that names one, or the caller, brings them in."""
    satisfied = {"1.0": True, "2.0rc1": False}
    assert judge_range(SpecifierSet(">=1.0"), satisfied).claim == "honest"
    assert judge_range(SpecifierSet(">=1.0"), satisfied, prereleases=True).claim == "over-claimed"
    assert judge_range(SpecifierSet(">=1.0,<=2.0rc1"), satisfied).claim == "over-claimed"
    # `<2` admits no pre-release of 2.
    assert judge_range(SpecifierSet(">=1.0,<2"), satisfied, prereleases=True).claim == "honest"


def test_the_range_is_read_from_the_implementation() -> None:
    """``__protocols__`` is the declaration."""

    class Declares(Fits):
        __protocols__ = ("One>=1.0,<2", "Other>=5")

    found = matrix(Declares, VERSIONS)
    assert (found.declared, found.claim) == ("<2,>=1.0", "honest")


def test_an_implementation_may_be_text(tmp_path: Path) -> None:
    """Read from a file, never imported; what its methods assign on self is there."""
    (tmp_path / "impl.py").write_text(
        "raise SystemExit\n\nclass Impl:\n    __protocols__ = ('P>=1,<2',)\n\n"
        "    def __init__(self):\n        self.limit = 3\n\n"
        "    def read(self, key, limit=10):\n        return key\n",
        "utf-8",
    )
    (tmp_path / "p.py").write_text(
        "from typing import Protocol\n\nclass P(Protocol):\n    limit: int\n\n"
        "    def read(self, key: str, limit: int = 10) -> str: ...\n",
        "utf-8",
    )
    found = matrix(f"{tmp_path}/impl.py:Impl", {"1.0": f"{tmp_path}/p.py:P", "2.0": Two})
    assert (found.compatible, found.claim) == (("1.0",), "honest")


def test_versions_may_be_a_folder_of_snapshots(tmp_path: Path) -> None:
    """As for any protocol that is not ours."""
    for version, protocol in VERSIONS.items():
        data = load(protocol).to_json() | {"protocol": "Store", "version": version}
        data["shape"] = data["shape"] | {"name": "Store", "version": version}
        (tmp_path / f"Store-{version}.json").write_text(json.dumps(data), "utf-8")
    assert matrix(Fits, tmp_path, protocol="Store").compatible == ("1.0.0", "1.1.0")
    assert matrix(Fits, tmp_path).protocol == "Store"


def test_satisfies_serves_the_suites() -> None:
    """Rejections with a witness; empty where the version is satisfied."""
    assert satisfies(Fits(), load(One)) == ()
    assert [r.parameter for r in satisfies(Fits, load(Two).shape)] == ["limit"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"versions": {}},
        {"versions": {"one": One}},
        {"versions": [One]},
        {"versions": {"1.0": "nowhere.py:P"}},
        {"versions": VERSIONS, "declared": "about 1.0"},
        {"versions": VERSIONS, "declared": "Other>=1.0"},
        {"versions": None},
        {"versions": None, "protocol": "Nothing"},
    ],
)
def test_bad_input_is_one_clear_error(arguments: dict[str, Any]) -> None:
    """No version, no number, no range, no protocol."""
    with pytest.raises(SourceError):
        matrix(Fits, **arguments)
