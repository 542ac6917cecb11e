"""What is told of a failure does not tell when it was."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from luminescent_cluster.contracts.engine.timeless import timeless

NOW = datetime.now(timezone.utc)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (NOW.replace(microsecond=12).isoformat(), "YYYY-MM-DDTHH:MM:SS.ffffff+00:00"),
        (NOW.replace(microsecond=0).isoformat(), "YYYY-MM-DDTHH:MM:SS+00:00"),
        (f"at={NOW.timestamp()}", "at=NOW"),
        (f"at={time.time_ns()},", "at=NOW,"),
        (repr(NOW.replace(second=7, tzinfo=None)), "datetime.datetime(…)"),
    ],
    # The same in every worker: what is given differs.
    ids=["ISO with microseconds", "ISO", "seconds", "nanoseconds", "repr"],
)
def test_the_present_is_told_by_its_form(given, told):
    """In every usual writing."""
    assert timeless(given) == told


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-30T23:00:00+00:00",
        "datetime.datetime(2026, 4, 30, 23, 0, tzinfo=datetime.timezone.utc)",
        "track('query', 2147483648, {}) and 1700000000 tokens",
        "v1.1700000000.2",
        "9999-99-99T99:99:99",
        pytest.param((NOW - timedelta(days=3)).isoformat(), id="three days ago"),
    ],
)
def test_what_an_example_holds_stays(text):
    """Only the present differs from run to run."""
    assert timeless(text) == text


def test_columns_stay_where_they_are():
    """A time and its form are equally long."""
    text = f"{NOW.replace(microsecond=345678).isoformat()} | next"
    assert len(timeless(text)) == len(text)
