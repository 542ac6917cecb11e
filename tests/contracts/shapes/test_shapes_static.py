"""The static side of acceptance: mypy on generated probes."""

from __future__ import annotations

import builtins
import importlib
import os
import subprocess
import sys
import textwrap
from typing import Optional, Protocol
from unittest import mock

import pytest

from luminescent_cluster.contracts.shapes import MissingExtraError, check_static
from luminescent_cluster.extensions import UsageTracker, optional

pytest.importorskip("mypy")


class Track(Protocol):
    """Two methods."""

    def track(self, operation: str, tokens: int) -> None: ...
    def total(self) -> int: ...


class Grown(Track, Protocol):
    """With a method of a later version."""

    @optional(since="1.1.0")
    def flush(self) -> None:
        return None


class Fits:
    """Accepted."""

    def track(self, operation: str, tokens: int) -> None: ...
    def total(self) -> int:
        return 0


class Renamed(Fits):
    """Only its parameter's name is wrong."""

    def track(self, op: str, tokens: int) -> None: ...


class Other(Fits):
    """Its result is wrong."""

    def total(self) -> str:  # type: ignore[override]
        return ""


class Bare:
    """Without annotations."""

    def track(self, operation, tokens): ...
    def total(self): ...


class Lacks:
    """One method is missing."""

    def total(self) -> int:
        return 0


class Flushes(Fits):
    """Its flush is another thing."""

    def flush(self, hard: bool) -> None: ...


class Guide:
    """As in the guide: partly annotated."""

    def track(self, operation: str, tokens: int, metadata: dict) -> None: ...
    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, Optional[str]]:  # noqa: UP045
        return True, None

    def get_usage_summary(self, tenant_id: str, start_date=None, end_date=None) -> dict:
        return {}


def check(implementation, protocol=Track):
    """Judge one pair."""
    (result,) = check_static([(implementation, protocol)])
    return result


def test_matching_implementation_is_accepted():
    """A class and an instance of it are accepted alike."""
    assert check(Fits).ok
    assert check(Fits()).ok
    assert check(Fits).level == "MUST"


def test_renamed_parameter_is_rejected_although_mypy_ignores_it_in_protocols():
    """The probe per method sees names."""
    result = check(Renamed)
    assert [r.member for r in result.rejections] == ["track"]
    assert result.rejections[0].clause_id == "TYP-02"
    assert "op" in result.rejections[0].reason


def test_wrong_result_is_rejected_with_the_method_named():
    """The rejection names the member, not only the class."""
    assert [r.member for r in check(Other).rejections] == ["total"]


def test_missing_method_is_rejected():
    """Also where nothing else is wrong."""
    assert [r.member for r in check(Lacks).rejections] == ["track"]


def test_untyped_implementation_is_a_should():
    """A checker sees little there, which the level says."""
    result = check(Bare)
    assert result.ok
    assert result.level == "SHOULD"
    assert set(result.untyped) == {"track", "total"}


def test_guide_like_partly_typed_tracker_is_accepted():
    """The guide leaves two parameters without annotation."""
    result = check(Guide, UsageTracker)
    assert result.ok, result
    assert result.untyped == ("get_usage_summary",)


def test_missing_optional_method_is_served_by_the_default():
    """It is not demanded of an older extension."""
    assert check(Fits, Grown).ok


def test_optional_method_that_is_there_must_fit():
    """A collision is a rejection."""
    assert [r.member for r in check(Flushes, Grown).rejections] == ["flush"]


def test_local_class_cannot_be_judged_and_says_so():
    """Neither accepted nor rejected."""

    class Local(Fits):
        pass

    result = check(Local)
    assert not result.ok
    assert not result.rejections
    assert "move it to module level" in result.cannot_judge


def test_mock_cannot_be_judged():
    """It stands for something else."""
    assert "MagicMock" in check(mock.MagicMock()).cannot_judge


def test_class_replaced_at_run_time_cannot_be_judged(monkeypatch):
    """The text would speak of another class."""
    monkeypatch.setattr(sys.modules[__name__], "Fits", int)
    assert "at run time" in check(Renamed.__mro__[1]).cannot_judge


def test_many_pairs_share_one_run_and_keep_their_order():
    """Answers come in the order of the questions."""
    results = check_static([(Fits, Track), (Renamed, Track), (Bare, Track), (Other, Track)])
    assert [r.ok for r in results] == [True, False, True, False]


def test_repeated_runs_answer_the_same():
    """The cache does not replay errors under other names."""
    first = [r.rejections for r in check_static([(Renamed, Track)])]
    assert first == [r.rejections for r in check_static([(Renamed, Track)])]


def test_errors_in_the_module_itself_do_not_count(tmp_path, monkeypatch):
    """Only the probes decide."""
    (tmp_path / "untidy_extension.py").write_text(
        textwrap.dedent(
            """
            x: int = "not a number"
            class Tidy:
                def track(self, operation: str, tokens: int) -> None:
                    return 5
                def total(self) -> int:
                    return 0
            """
        )
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("untidy_extension")
    assert check(module.Tidy).ok


def test_package_with_relative_imports_is_found(tmp_path, monkeypatch):
    """The folder to import from is worked out from the module's name."""
    package = tmp_path / "cloud_pkg" / "ext"
    package.mkdir(parents=True)
    (tmp_path / "cloud_pkg" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "base.py").write_text("class Base:\n    def total(self) -> int:\n        return 0\n")
    (package / "impl.py").write_text(
        "from .base import Base\n"
        "class Impl(Base):\n"
        "    def track(self, operation: str, tokens: str) -> None: ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("cloud_pkg.ext.impl")
    assert [r.member for r in check(module.Impl).rejections] == ["track"]


def test_script_run_as_main_is_judged(tmp_path):
    """A class of ``__main__`` is named by its file."""
    script = tmp_path / "my_script.py"
    script.write_text(
        textwrap.dedent(
            """
            from typing import Protocol
            from luminescent_cluster.contracts.shapes import check_static
            class P(Protocol):
                def f(self, a: int) -> int: ...
            class Good:
                def f(self, a: int) -> int: return a
            class Bad:
                def f(self, b: int) -> int: return b
            if __name__ == "__main__":
                print([r.ok for r in check_static([(Good, P), (Bad, P)])])
            """
        )
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[True, False]"


def test_surroundings_are_left_as_they_were():
    """Working folder, path, environment and recursion limit do not change."""

    def state():
        return os.getcwd(), list(sys.path), dict(os.environ), sys.getrecursionlimit()

    before = state()
    check(Fits)
    assert state() == before


def test_missing_mypy_names_the_extra(monkeypatch):
    """The error says what to install."""
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("mypy"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"luminescent-extensions\[contracts\]"):
        check(Fits)
