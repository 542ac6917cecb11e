"""One seed, one story: whatever the process, its hash seed, the order and the machine's load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from luminescent_cluster.contracts import Status, UsageSubject, run
from luminescent_cluster.extensions import UsageTracker

THOROUGH = bool(os.environ.get("LUMINESCENT_THOROUGH"))
STEP = 1 if THOROUGH else 48
WAYS = [("1", "as written"), ("2", "reversed")]
if THOROUGH:
    WAYS += [("77", "shuffled"), ("0", "shuffled again")]
SEED = 5
HERE = Path(__file__).parent
TESTS = HERE.parents[1]


def _told(hash_seed: str, order: str) -> dict[str, list]:
    """Give what a process of its own tells of each broken extension."""
    done = subprocess.run(
        [sys.executable, str(HERE / "repeating.py"), str(STEP), order],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def stories():
    """What each process told."""
    return [_told(*way) for way in WAYS]


def test_every_process_tells_the_same(stories):
    """Verdict, message and counter-example, to the letter."""
    first, *others = stories
    assert len(first) >= 7
    for other in others:
        assert {name: other[name] for name in first} == first


def test_every_broken_extension_is_rejected_in_every_process(stories):
    """A story that repeats must be one of a defect."""
    for story in stories:
        assert {status for status, _, _ in story.values()} == {"failed"}


def test_no_story_tells_an_address_or_the_time(stories):
    """They would differ tomorrow."""
    texts = [" ".join([message, *history]) for _, message, history in stories[0].values()]
    today = datetime.now(timezone.utc)
    for day in (today - timedelta(days=1), today):
        assert not [text for text in texts if f"{day:%Y-%m-%d}" in text]
    assert not [text for text in texts if " at 0x" in text]


@pytest.mark.skipif(not THOROUGH, reason="minutes; set LUMINESCENT_THOROUGH=1")
@pytest.mark.thorough
def test_workers_and_another_order_tell_the_same(tmp_path):
    """`pytest -n 2` reports what one process reports."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "test_broken.py").write_text(
        "from exhibits.audit_logger import EXHIBITS\n"
        "from luminescent_cluster.contracts import contract\n"
        "from luminescent_cluster.extensions import AuditLogger\n\n"
        "broken = contract(AuditLogger)(EXHIBITS[0].factory)\n"
    )
    found = []
    for options in (["-p", "no:xdist"], ["-n", "2"]):
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *options, "--contracts-report=json=run.json"],
            cwd=tmp_path,
            env={**os.environ, "CI": "1", "PYTHONPATH": str(TESTS)},
            capture_output=True,
            check=False,
        )
        data = json.loads((tmp_path / "run.json").read_text())
        rows = [row for one in data["runs"] for row in one["results"]]
        found.append(
            sorted((row["clause_id"], row["status"], row.get("message", "")) for row in rows)
        )
    assert found[0] == found[1]


class ForgetsZones:
    """Reads bounds as if their clocks showed UTC; its books are as old as today."""

    def __init__(self):
        self.events = []

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        self.events.append((metadata.get("tenant_id"), tokens, time.time()))

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        return True, None

    def get_usage_summary(self, tenant_id: str, start_date=None, end_date=None) -> dict:
        start, end = (
            None if when is None else when.replace(tzinfo=timezone.utc).timestamp()
            for when in (start_date, end_date)
        )
        found = [
            tokens
            for tenant, tokens, at in self.events
            if tenant == tenant_id and (start is None or start <= at) and (end is None or at < end)
        ]
        return {"total_tokens": sum(found)}


def test_without_a_clock_the_present_is_told_by_its_distance():
    """The counter-example of today is the one of tomorrow, and can be tried then."""
    result = run(
        UsageTracker, lambda: UsageSubject(ForgetsZones()), clauses=["UT-SUM-04"], seed=SEED
    )["UT-SUM-04"]
    assert result.status is Status.FAILED
    assert f"{datetime.now(timezone.utc):%Y-%m-%d}" not in result.message
    assert "HOUR + timedelta(hours=" in result.message
    assert "# HOUR = datetime.now(timezone.utc)" in result.message


def test_shared_instances_tell_plain_names():
    """Ids are made unique where instances are shared, and told as if they were not."""
    broken = type(
        "Deaf", (ForgetsZones,), {"track": lambda self, operation, tokens, metadata: None}
    )
    shared = broken()
    results = [
        run(
            UsageTracker,
            lambda: UsageSubject(shared, fresh="clause", flush=lambda: None),
            clauses=["UT-TRK-02"],
            seed=SEED,
        )["UT-TRK-02"]
        for _ in range(2)
    ]
    assert results[0].status is Status.FAILED
    assert results[0].message == results[1].message
