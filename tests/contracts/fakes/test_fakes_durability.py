"""What was acknowledged survives a process that is killed without warning."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from luminescent_cluster.contracts.fakes import SqliteAuditLogger, SqliteUsageTracker

LOGS = """
import sys
from luminescent_cluster.contracts.fakes import SqliteAuditLogger
logger = SqliteAuditLogger(sys.argv[1], power_safe=len(sys.argv) > 2)
number = 0
while True:
    number += 1
    if number % 3:
        logger.log_event("e", "ann", "kb", "read", "success", {"n": number})
    else:
        logger.log_security_event("s", "critical", "boom", {"n": number})
    print(number, flush=True)
"""

TRACKS = """
import sys
from luminescent_cluster.contracts.fakes import SqliteUsageTracker
tracker = SqliteUsageTracker(sys.argv[1])
number = 0
while True:
    number += 1
    tracker.track("query", number, {"tenant_id": "acme"})
    if not tracker.flush():
        sys.exit("not settled")
    print(number, flush=True)
"""


def kill_after(program: str, acknowledged: int, *arguments: str) -> int:
    """Run `program`, SIGKILL it after some acknowledgements, and give the last one it printed."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == acknowledged:
                break
        process.kill()
        rest = [int(line) for line in process.stdout if line.endswith("\n")]
    assert process.returncode == -signal.SIGKILL
    return max([acknowledged, *rest])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("power_safe", [(), ("yes",)], ids=["default", "power safe"])
def test_acknowledged_events_survive_sigkill(tmp_path: Path, power_safe: Any) -> None:
    """AL-DUR-01: every event whose call returned is there, in order, and the log verifies."""
    path = tmp_path / "audit.db"
    acknowledged = 0
    for target in (1, 20, 50):
        acknowledged += kill_after(LOGS, target, str(path), *power_safe)
        with SqliteAuditLogger(path) as logger:
            stored = len(logger.recorded())
            # the call that the kill interrupted may have stored its event, unacknowledged
            assert acknowledged <= stored <= acknowledged + 1
            assert logger.verify(), logger.verify().problems
            alerting = [r for r in logger.recorded() if r.get("severity") == "critical"]
            assert logger.alerts() == alerting
        acknowledged = stored


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_flushed_usage_survives_sigkill(tmp_path: Path) -> None:
    """What flush confirmed is in the books, with hours' totals that agree with the events."""
    path = tmp_path / "usage.db"
    last = kill_after(TRACKS, 40, str(path))
    with SqliteUsageTracker(path) as tracker:
        tokens = [event["tokens"] for event in tracker.recorded()]
        assert tokens in (list(range(1, last + 1)), list(range(1, last + 2)))
        assert tracker.get_usage_summary("acme")["total_tokens"] == sum(tokens)


def test_reopened_logger_goes_on(tmp_path: Path) -> None:
    """reopen() gives the same records, settings and chain."""
    sent: list[Any] = []
    logger = SqliteAuditLogger(tmp_path / "audit.db", key=b"k", alert=sent.append)
    logger.log_event("one", "ann", "kb", "read", "success", {"text": "\ud800\x00"})
    records = logger.recorded()
    with logger.reopen() as again:
        assert again.recorded() == records
        again.log_security_event("two", "critical", "boom")
        assert again.verify()
    assert [alert["event_type"] for alert in sent] == ["two"]


def test_owed_alerts_are_sent_after_a_restart(tmp_path: Path) -> None:
    """An alert that did not get out before the process ended gets out when it starts again."""
    sent: list[Any] = []
    logger = SqliteAuditLogger(tmp_path / "audit.db", alert=sent.append)
    with logger.break_alerts():
        logger.log_security_event("owed", "critical", "boom")
    with logger.reopen() as again:
        assert [alert["event_type"] for alert in sent] == ["owed"]
        assert json.dumps(again.alerts()) == json.dumps(sent)
