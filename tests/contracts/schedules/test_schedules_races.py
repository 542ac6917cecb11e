"""Planted races are found under every seed, their correct twins are never accused."""

from __future__ import annotations

import os

import pytest

from contracts.schedules.races import RACES, observers_of
from contracts.schedules.races.unusual import UNUSUAL
from luminescent_cluster.contracts.schedules import Budget, explore_extension

SEEDS = range(5)
THOROUGH = bool(os.environ.get("LUMINESCENT_THOROUGH"))


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
def test_race_is_found_under_every_seed(race):
    """Every planted race is found under 5 of 5 seeds, with the right kind of finding."""
    for seed in SEEDS:
        result = explore_extension(
            race.broken,
            race.calls,
            programs=race.programs,
            observers=observers_of(race),
            teardown=race.teardown,
            seed=seed,
            budget=Budget(seconds=20, schedules=20_000),
        )
        assert [finding.kind for finding in result.findings], (seed, result)
        assert result.findings[0].kind in race.kinds, str(result.findings[0])


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)
def test_twin_is_clean(race):
    """The correct twin of a planted race is not accused."""
    for seed in SEEDS if THOROUGH else [0]:
        result = explore_extension(
            race.correct,
            race.calls,
            programs=race.programs,
            observers=observers_of(race),
            teardown=race.teardown,
            seed=seed,
            budget=Budget(seconds=60, schedules=3_000 if THOROUGH else race.schedules),
        )
        assert not result.findings, str(result.findings[0])


@pytest.mark.parametrize("race", UNUSUAL, ids=lambda race: race.name)
def test_unusual_but_correct_is_not_accused(race):
    """Sharded counters, ids, times, caches, workers and the like are no races."""
    for seed in SEEDS if THOROUGH else [0]:
        result = explore_extension(
            race.correct,
            race.calls,
            observers=observers_of(race),
            teardown=race.teardown,
            seed=seed,
            budget=Budget(seconds=60, schedules=5_000 if THOROUGH else race.schedules),
        )
        assert not result.findings, str(result.findings[0])
        assert result.judged


def test_class_level_state_is_put_back_and_judged():
    """Totals kept on the class grow from run to run; the race in them is found all the same."""
    race = next(race for race in UNUSUAL if race.name == "on-the-class")
    result = explore_extension(race.broken, race.calls, budget=Budget(seconds=5))
    assert result.findings[0].kind == "outcome"
