"""The parent of a check: watches the process in which an extension runs, and survives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from ..clauses import Result
from ..session import Ledger, Planned

if TYPE_CHECKING:
    from ..config import Target
    from ..session.effort import Effort
    from ..session.progress import Progress

__all__ = ["TargetError", "supervise", "watch"]

_LOSSES = 3
"""Lost processes per extension after which the rest is given up: each costs a start."""
_SILENCE = 60.0
"""Seconds without a sign of life after which a process hangs where Python cannot interrupt it."""


class TargetError(Exception):
    """A target cannot be checked at all; the message gives cause and remedy."""


class _Account:
    """What a process said of one target before it ended.

    Args:
        name: the target's.
        progress: shows clauses that take long, where somebody looks.

    Attributes:
        plan: the binding and its clauses, once it said.
        results: what came in.
        running: the clause under way.
        done: whether it came to its end.
        end: how it ended, for a person.
    """

    def __init__(self, name: str = "", progress: Progress | None = None) -> None:
        self._name = name
        self._progress = progress
        self.plan: dict[str, Any] | None = None
        self.results: list[Result] = []
        self.running = ""
        self.done = False
        self.end = ""

    def take(self, event: dict[str, Any]) -> None:
        if "error" in event:
            raise TargetError(event["error"])
        if "plan" in event:
            self.plan = event["plan"]
        elif "start" in event:
            self.running = event["start"]
            if self._progress is not None:
                self._progress.start(self._name, f"{self.running} of {self._name}")
        elif "seen" in event:
            examples, calls = event["seen"]
            if self._progress is not None:
                seen = SimpleNamespace(examples=examples, calls=calls)
                self._progress.watch(self._name, seen)
        elif "result" in event:
            self.results.append(Result.from_json(event["result"]))
            self.running = ""
            if self._progress is not None:
                self._progress.stop(self._name)
        elif "done" in event:
            self.done = True


def supervise(
    target: Target,
    effort: Effort,
    waived: Collection[str],
    ledger: Ledger,
    progress: Progress | None = None,
) -> None:
    """Check one target in processes of its own, and enter everything into the ledger.

    A process that vanishes leaves the clause that was running without a result; the others are
    tried in a new one.

    Args:
        target: what to check.
        effort: with which effort and seed.
        waived: ids of waived clauses, whose failures are not made smaller.
        ledger: takes the plan, the results and the absences.
        progress: shows clauses that take long, where somebody looks.

    Raises:
        TargetError: the target cannot be loaded.
    """
    skip: set[str] = set()
    for loss in range(1, _LOSSES + 1):
        account = _watch(
            {
                "target": [target.name, target.factory, target.place],
                "profile": effort.profile.name,
                "seed": effort.seed,
                "waived": sorted(waived),
                "skip": sorted(skip),
                "path": sys.path,
            },
            _Account(target.name, progress),
        )
        if progress is not None:
            progress.stop(target.name)
        if account.plan is None:
            ledger.plan.add(Planned(target.name, target.name, "", target.factory))
            ledger.plan.leave(
                target.name, [""], f"its process {account.end} while loading it", chosen=False
            )
            return
        ledger.plan.add(
            Planned(
                target.name,
                target.name,
                account.plan["protocol"],
                target.factory,
                tuple((clause, level) for clause, level in account.plan["clauses"]),
            )
        )
        for result in account.results:
            skip.add(result.clause_id)
            ledger.take_result(target.name, result)
        if account.done:
            return
        lost = f"the process that ran the clauses {account.end}"
        if account.running:
            skip.add(account.running)
            ledger.take_absence(
                target.name, account.running, f"{lost} before this one came to a result"
            )
        rest = [clause for clause, _ in account.plan["clauses"] if clause not in skip]
        if not rest and not account.running:
            ledger.take_trouble(f"{target.name}: {lost} after the last clause, without a word")
        if not rest:
            return
        if loss == _LOSSES:
            for clause in rest:
                ledger.take_absence(target.name, clause, f"{lost}, {loss} times; given up")


def _watch(job: dict[str, Any], account: _Account) -> _Account:
    account.end = watch(f"{__package__}._child", job, account)
    return account


class _Listener(Protocol):
    def take(self, event: dict[str, Any]) -> None: ...


def watch(module: str, job: dict[str, Any], account: _Listener) -> str:
    """Run a module in a process of its own, and survive whatever becomes of it.

    Args:
        module: gets the job as JSON on standard input, and says in the file ``job["said"]``, line
            by line, what it does.
        job: what it has to do.
        account: takes each event.

    Returns:
        How the process ended, for a person.
    """
    with tempfile.TemporaryDirectory(prefix="luminescent-") as folder:
        said = Path(folder) / "said"
        said.touch()
        job = {**job, "said": str(said)}
        flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
        # Its standard output goes where errors go: ours may be JSON that somebody parses.
        process = subprocess.Popen(
            [sys.executable, *flags, "-m", module],
            stdin=subprocess.PIPE,
            stdout=2,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        try:
            pipe = process.stdin
            if pipe is not None:
                with pipe:
                    pipe.write(json.dumps(job).encode())
            return _wait(process, said, account)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], said: Path, account: _Listener) -> str:
    """Read events until the process has ended; give how it ended."""
    rest = b""
    alive = time.monotonic()
    with said.open("rb") as file:
        while True:
            ended = process.poll() is not None  # before reading, so that its last words count
            new = file.read()
            if new:
                alive = time.monotonic()
                *lines, rest = (rest + new).split(b"\n")
                for line in lines:
                    if line:
                        account.take(json.loads(line))
            elif ended:
                return _ending(process.returncode)
            elif time.monotonic() - alive > _SILENCE:
                process.kill()
                process.wait()
                return f"gave no sign of life for {_SILENCE:g} s and was killed"
            if not ended:
                time.sleep(0.02)


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with exit status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
