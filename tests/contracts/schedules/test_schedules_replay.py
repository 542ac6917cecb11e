"""Tokens replay exactly one schedule, in every process, and say so when they cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.schedules.races import RACES, observers_of
from contracts.schedules.races.counting import KeptAttribute, LostAttribute
from luminescent_cluster.contracts.schedules import (
    Budget,
    StaleToken,
    explore_extension,
    replay,
)

CALLS = (("track", 5), "summary")
SCRIPT = """
import sys
from contracts.schedules.races import RACES, observers_of
from luminescent_cluster.contracts.schedules import Budget, explore_extension
for name in sys.argv[1:]:
    race = next(race for race in RACES if race.name == name)
    result = explore_extension(race.broken, race.calls, programs=race.programs, seed=3,
                               observers=observers_of(race), budget=Budget(seconds=30))
    print(name, result.findings[0].token, result.schedules)
"""


@pytest.mark.parametrize(
    "race", [race for race in RACES if race.name != "sqlite-transaction"], ids=lambda r: r.name
)
def test_token_reproduces_the_finding(race):
    """Every finding's token gives a finding of the same kind with the same token."""
    found = explore_extension(
        race.broken,
        race.calls,
        programs=race.programs,
        observers=observers_of(race),
        teardown=race.teardown,
        budget=Budget(seconds=20),
    ).findings[0]
    again = replay(
        found.token,
        race.broken,
        race.calls,
        programs=race.programs,
        observers=observers_of(race),
        teardown=race.teardown,
    )
    assert [(f.kind, f.token) for f in again.findings] == [(found.kind, found.token)]


def test_same_seed_same_finding_in_another_process():
    """Tokens and the number of schedules tried are equal in processes with other hash seeds."""
    names = ["lost-update-dict", "lock-order", "cache-eviction", "asyncio-scratch", "aba"]
    tests = str(Path(__file__).parents[2])
    outputs = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": tests}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *names],
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1, outputs


def test_changed_code_is_a_clear_error():
    """A token does not silently pass when the code that it ran has changed."""
    token = explore_extension(LostAttribute, CALLS).findings[0].token
    with pytest.raises(StaleToken, match="has changed since"):
        replay(token, KeptAttribute, CALLS)


def test_other_calls_are_a_clear_error():
    """A token of other calls is refused."""
    token = explore_extension(LostAttribute, CALLS).findings[0].token
    with pytest.raises(StaleToken, match="has changed since"):
        replay(token, LostAttribute, [("track", 6), "summary"])


@pytest.mark.parametrize(
    "text", ["", "nonsense", "L1.x.0_0.a-2.b", "L2.x.0.a-2-b.00", "L1.x.x.x.x"]
)
def test_malformed_token_is_a_clear_error(text):
    """What is no token is refused with a sentence."""
    with pytest.raises(StaleToken, match="token"):
        replay(text, LostAttribute, CALLS)


def test_unknown_call_is_a_clear_error():
    """A token that names more calls than there are is refused."""
    with pytest.raises(StaleToken, match="list of 2 calls"):
        replay("L1.x.7_0.a-2-b.00000000", LostAttribute, CALLS)


def test_few_switches():
    """A race that needs one preemption is reported with one."""
    finding = explore_extension(LostAttribute, CALLS).findings[0]
    assert finding.switches == 1
    assert finding.program.size == 2
