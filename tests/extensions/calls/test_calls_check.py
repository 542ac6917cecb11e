"""check_calls: the engine as production uses it at start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any, Protocol
from unittest import mock

import pytest

from luminescent_cluster.extensions import AuditLogger, TenantProvider, UsageTracker, optional
from luminescent_cluster.extensions._calls import Rejection, check_calls


class Track(Protocol):
    """One method of a later version."""

    def track(self, operation: str, tokens: int = 0) -> None: ...

    @optional(since="1.1.0")
    def flush(self, wait: bool = True) -> None:
        return None


class Old:
    """Built for the older version."""

    def track(self, operation, tokens=0): ...


def test_rejection_names_clause_member_witness_and_reason():
    """All that a start-up error needs."""

    class Broken:
        def track(self, operation, tokens): ...

    (rejection,) = check_calls(Broken(), Track)
    assert rejection == Rejection(
        "DEF-01", "track", 'track("operation")', "it also needs 'tokens'", "tokens"
    )
    assert rejection.level == "MUST"


def test_missing_optional_method_is_no_rejection():
    """The protocol's default serves it."""
    assert check_calls(Old(), Track) == ()


def test_optional_method_that_is_there_must_take_the_calls():
    """A method of the same name that is something else collides."""

    class Collides(Old):
        def flush(self, path): ...

    assert {r.member for r in check_calls(Collides(), Track)} == {"flush"}


@pytest.mark.parametrize("protocol", [TenantProvider, UsageTracker, AuditLogger])
def test_mock_satisfies_every_protocol_of_core(protocol):
    """Mocks are registered in tests and must pass."""
    assert check_calls(mock.MagicMock(), protocol) == ()
    assert check_calls(mock.create_autospec(protocol, instance=True), protocol) == ()


@pytest.mark.parametrize("protocol", [TenantProvider, UsageTracker, AuditLogger])
def test_every_missing_method_is_reported_at_once(protocol):
    """One look shows all."""
    methods = [n for n in vars(protocol) if not n.startswith("_")]
    assert sorted(r.member for r in check_calls(object(), protocol)) == sorted(methods)


def test_shortest_call_is_the_witness():
    """Nobody wants to read more than needed."""

    class Long(Protocol):
        def f(self, a: int = 1, b: int = 2, c: int = 3, *, d: int = 4) -> None: ...

    class Short:
        def f(self, a=1, b=2, c=3): ...

    (rejection,) = check_calls(Short(), Long)
    assert rejection.witness == "f(d=1)"


class Counting:
    """Counts what is run on it."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    @property
    def track(self) -> Any:
        self.ran.append("track")
        return lambda operation, tokens=0: self.ran.append("called")

    @property
    def other(self) -> Any:
        self.ran.append("other")
        return None

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            self.ran.append(f"getattr {name}")
        raise AttributeError(name)


def test_looking_reads_the_member_as_a_call_would_and_runs_nothing_else():
    """The method is read once and not called; other properties stay untouched."""
    subject = Counting()
    assert check_calls(subject, Track) == ()
    assert sorted(subject.ran) == ["getattr flush", "track"]


def test_property_of_a_data_member_is_not_evaluated():
    """Whether it exists is visible without."""

    class Named(Protocol):
        @property
        def other(self) -> str: ...

    subject = Counting()
    assert check_calls(subject, Named) == ()
    assert subject.ran == []


def test_decorator_and_callable_are_not_called():
    """Reading what a wrapper hands on is reading its text."""
    ran = []

    def loud(fn):
        def wrapper(*args, **kwargs):
            ran.append("wrapper")
            return fn(*args, **kwargs)

        return wrapper

    class Loud:
        @loud
        def track(self, operation):
            ran.append("track")

    assert [r.clause_id for r in check_calls(Loud(), Track)] == ["SIG-02", "SIG-02"]
    assert ran == []


def test_engine_is_imported_late_and_needs_the_standard_library_only():
    """Importing extensions loads nothing of it; using it loads no third party."""
    code = textwrap.dedent(
        """
        import json, sys
        import luminescent_cluster.extensions as e
        early = [m for m in sys.modules if "._calls" in m]
        from luminescent_cluster.extensions._calls import check_calls
        check_calls(object(), e.UsageTracker)
        roots = {m.partition(".")[0] for m in sys.modules}
        foreign = roots - sys.stdlib_module_names - {"luminescent_cluster", "__main__"}
        print(json.dumps([early, sorted(foreign)]))
        """
    )
    out = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    early, foreign = json.loads(out)
    assert early == []
    # Editable installs and .pth files load helpers of their own.
    assert not {"packaging", "typing_extensions", "beartype", "mypy", "pytest"} & set(foreign)


def test_verdict_is_the_same_without_assertions():
    """Nothing depends on assert, which ``python -O`` removes."""
    code = textwrap.dedent(
        """
        from typing import Protocol
        from luminescent_cluster.extensions._calls import check_calls
        class P(Protocol):
            def f(self, a: int) -> None: ...
        class Bad:
            def f(self, b): ...
        print(len(check_calls(Bad(), P)))
        """
    )
    for flags in ([], ["-O"], ["-OO"]):
        out = subprocess.run(
            [sys.executable, *flags, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        assert out.strip() == "2"
