"""`luminescent-contracts race`: any class, no protocol, no model."""

import json
import re

import pytest

from luminescent_cluster.contracts.cli import main

SOURCE = """
import threading


class Broken:
    def __init__(self) -> None:
        self.n = 0

    def bump(self, by: int) -> None:
        before = self.n
        self.n = before + by

    def value(self) -> int:
        return self.n


class Right(Broken):
    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()

    def bump(self, by: int) -> None:
        with self.lock:
            super().bump(by)
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module with a racy class and its correct twin, in the current folder."""
    (tmp_path / "counters_for_race.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return "counters_for_race"


def test_a_race_is_found_shown_and_replayed(module, capsys):
    """The timeline names the lines, and the token finds the same again."""
    assert main(["race", f"{module}:Broken", "--profile", "smoke"]) == 1
    text = capsys.readouterr().out
    assert "self.n = before + by" in text
    token = re.search(r"--contracts-replay=(\S+)", text).group(1)
    assert main(["race", f"{module}:Broken", "--replay", token]) == 1
    assert f"--contracts-replay={token}" in capsys.readouterr().out


def test_the_correct_twin_passes(module, capsys):
    """With the lock nothing is found, and it says how far it looked."""
    assert main(["race", f"{module}:Right", "--profile", "smoke"]) == 0
    assert "schedules of" in capsys.readouterr().out


def test_json_holds_the_timeline(module, capsys):
    """Renderers get the events as data."""
    assert main(["race", f"{module}:Broken", "--profile", "smoke", "--format", "json"]) == 1
    found = [r for r in json.loads(capsys.readouterr().out) if r["status"] == "failed"]
    assert found[0]["extra"]["timeline"]["events"]


TRACKER = """
class Usage:
    def __init__(self) -> None:
        self.total: dict = {}

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        tenant = metadata.get("tenant_id")
        self.total[tenant] = self.total.get(tenant, 0) + tokens

    def check_quota(self, tenant_id: str, operation: str):
        return True, None

    def get_usage_summary(self, tenant_id: str, start_date=None, end_date=None) -> dict:
        return {"total_tokens": self.total.get(tenant_id, 0)}


def make():
    return Usage()
"""


@pytest.mark.parametrize("asked", [["Usage"], ["make", "--protocol", "usage_tracker"]])
def test_an_extension_is_called_as_core_calls_it(module, tmp_path, capsys, asked):
    """Arguments that mean something to it: metadata that name the tenant whose summary is read."""
    (tmp_path / "usage_for_race.py").write_text(TRACKER)
    assert main(["race", f"usage_for_race:{asked[0]}", *asked[1:], "--profile", "smoke"]) == 1
    assert "UT-THR-01 MUST" in capsys.readouterr().out


@pytest.mark.parametrize("target", ["no_such_module:X", "counters_for_race:Nothing", "json:dumps"])
def test_a_target_that_cannot_be_explored_is_wrong_usage(module, target, capsys):
    """Missing module or class, or no class: exit code 2 with a remedy."""
    assert main(["race", target]) == 2
    assert capsys.readouterr().err
