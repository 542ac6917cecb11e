"""Compare the schedule explorer with other tools on the planted races.

    python tests/benchmarks/schedules.py [--seconds 3] [--races a,b] [--tools ours,stress,...]

Every tool gets the same program (the calls of each thread) and must find that its outcome is that
of no sequential order; then the correct twin must not be accused. The other tools need to be told
which outcomes are right, ours finds out. Needs `frontrun`, `interleave-test` (Python 3.12 or
later) and `pytest-run-parallel` beside this package; a tool that is missing is left out. Every
attempt runs in a process of its own, because some of them hang. Switches are those of the
schedule that is reported, away from a thread that has to go on later: in the median, and at most.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from contracts.schedules.races import RACES, observers_of  # noqa: E402
from luminescent_cluster.contracts.schedules import (  # noqa: E402
    Budget,
    explore_extension,
    replay,
)
from luminescent_cluster.contracts.schedules.model import as_call  # noqa: E402
from luminescent_cluster.contracts.schedules.oracle import orders  # noqa: E402
from luminescent_cluster.contracts.schedules.outcome import outcome_of  # noqa: E402
from luminescent_cluster.contracts.schedules.runs import Raised, Run, arguments  # noqa: E402

TOOLS = ("ours", "frontrun", "frontrun-random", "interleave-test", "run-parallel", "stress")
MODULES = {
    "frontrun": "frontrun",
    "frontrun-random": "frontrun",
    "interleave-test": "interleave_test",
    "run-parallel": "pytest_run_parallel",
}


def race_named(name):
    return next(race for race in RACES if race.name == name)


def perform(thing, call, answered=()):
    try:
        return call.perform(thing, *arguments(call, answered))
    except Exception as error:
        return Raised(error)


class Task:
    """One program on one class, with the outcomes that sequential orders give."""

    def __init__(self, race, which):
        self.race = race
        self.factory = getattr(race, which)
        finding = explore_extension(
            race.broken,
            race.calls,
            programs=race.programs,
            observers=observers_of(race),
            teardown=race.teardown,
            budget=Budget(seconds=60),
        ).findings[0]
        self.program = finding.program
        self.observers = [as_call(o) for o in race.observers or ()] or [
            as_call(c) for c in race.calls if as_call(c) not in self.all_calls()
        ]
        self.allowed = {self.sequential(order) for order in orders(self.program)}

    def all_calls(self):
        return [call for thread in self.program.threads for call in thread]

    def make(self):
        """Give a thing, and what was called first with what it answered."""
        thing, answered = self.factory(), []
        for call in self.program.before:
            answered.append((call, perform(thing, call, answered)))
        return thing, answered

    def outcome(self, thing, results):
        finals = [perform(thing, call) for call in self.observers]
        return str(outcome_of(Run(results, [], finals=finals)).key())

    def sequential(self, order):
        """The outcome of one order; None where a call of it blocks for ever."""
        outcomes = []

        def run():
            (thing, answered), at = self.make(), [0] * len(self.program.threads)
            results = [[] for _ in self.program.threads]
            for thread in order:
                call = self.program.threads[thread][at[thread]]
                results[thread].append(perform(thing, call, answered))
                at[thread] += 1
            outcomes.append(self.outcome(thing, results))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(1)
        return outcomes[0] if outcomes else None


class Shared:
    def __init__(self, task):
        self.thing, self.answered = task.make()
        self.results = [[] for _ in task.program.threads]


def bodies(task):
    def body(index):
        def run(shared):
            for call in task.program.threads[index]:
                result = perform(shared.thing, call, shared.answered)
                shared.results[index].append(result)

        return run

    return [body(index) for index in range(len(task.program.threads))]


def right(task):
    return lambda shared: task.outcome(shared.thing, shared.results) in task.allowed


def run_ours(task, seconds):
    options = {"observers": observers_of(task.race), "teardown": task.race.teardown}
    result = explore_extension(
        task.factory,
        task.race.calls,
        programs=[task.program],
        budget=Budget(seconds=seconds),
        **options,
    )
    facts = {"found": bool(result.findings), "schedules": result.schedules}
    facts["seconds"] = result.seconds
    if result.findings:
        finding = result.findings[0]
        facts["switches"] = finding.switches
        again = replay(
            finding.token, task.factory, [*task.race.calls], programs=[task.program], **options
        )
        facts["replayed"] = bool(again.findings)
    return facts


def switches_away(schedule):
    """How often a schedule leaves a thread that has to go on later."""
    changes = [at for at in range(1, len(schedule)) if schedule[at] != schedule[at - 1]]
    return sum(schedule[at - 1] in schedule[at:] for at in changes)


def run_frontrun(task, seconds, strategy="dpor"):
    import frontrun

    options = {
        "strategy": strategy,
        "total_timeout": seconds,
        "deadlock_timeout": 1.0,
        "timeout_per_run": 2.0,
        "clock": "virtual",
    }
    if strategy == "random":
        options |= {"max_attempts": 100_000, "seed": 0}
    result = frontrun.explore(lambda: Shared(task), bodies(task), right(task), **options)
    facts = {"found": result.property_holds is False, "schedules": result.num_explored}
    if result.counterexample:
        facts["switches"] = switches_away(list(result.counterexample))
        facts["replayed"] = result.reproduction_successes == result.reproduction_attempts > 0
    return facts


def run_interleave(task, seconds):
    import interleave_test

    until = time.perf_counter() + seconds

    class Over(Exception):
        pass

    def model():
        if time.perf_counter() > until:
            raise Over
        shared = Shared(task)
        threads = [interleave_test.spawn(body, shared) for body in bodies(task)]
        for thread in threads:
            thread.join()
        if not right(task)(shared):
            raise AssertionError("race")

    options = {
        "timeout": 2.0,
        "raise_on_failure": False,
        "include": [str(TESTS / "contracts" / "schedules" / "races")],
    }
    result = interleave_test.explore(model, iterations=1_000_000, seed=0, strategy="pct", **options)
    failure = result.failure
    over = failure is not None and "Over" in repr(failure)
    facts = {"found": failure is not None and not over, "schedules": result.schedules_run}
    if facts["found"]:
        facts["seconds"] = result.elapsed
        facts["switches"] = switches_away(failure.schedule.choices)
        until += 5
        facts["replayed"] = interleave_test.replay(model, failure, **options).failure is not None
    return facts


def run_stress(task, seconds):
    """Threads from a barrier, with the shortest switch interval; what most projects do."""
    old = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    attempts, until = 0, time.perf_counter() + seconds
    try:
        while time.perf_counter() < until:
            attempts += 1
            shared, barrier = Shared(task), threading.Barrier(len(task.program.threads))

            def start(body, shared=shared, barrier=barrier):
                barrier.wait()
                body(shared)

            threads = [
                threading.Thread(target=start, args=(body,), daemon=True) for body in bodies(task)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(2)
            if any(thread.is_alive() for thread in threads) or not right(task)(shared):
                return {"found": True, "schedules": attempts}
    finally:
        sys.setswitchinterval(old)
    return {"found": False, "schedules": attempts}


RUN_PARALLEL = """
import sys
sys.path.insert(0, {tests!r}); sys.path.insert(0, {here!r})
import schedules
task = schedules.Task(schedules.race_named({race!r}), {which!r})
objects = [schedules.Shared(task) for _ in range({count})]
bodies = schedules.bodies(task)

def test_parallel(thread_index, iteration_index):
    bodies[thread_index](objects[iteration_index])

def test_outcomes_thread_unsafe():
    assert all(schedules.right(task)(shared) for shared in objects)
"""


def run_parallel(task, seconds):
    count = 300
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "test_it.py")
        file.write_text(
            RUN_PARALLEL.format(
                tests=str(TESTS),
                here=str(Path(__file__).parent),
                race=task.race.name,
                which="broken" if task.factory is task.race.broken else "correct",
                count=count,
            )
        )
        threads = len(task.program.threads)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                str(file),
                f"--parallel-threads={threads}",
                f"--iterations={count}",
            ],
            capture_output=True,
            text=True,
            timeout=seconds + 20,
            check=False,
            cwd=folder,
        )
    return {"found": done.returncode == 1, "schedules": count}


RUNNERS = {
    "ours": run_ours,
    "frontrun": run_frontrun,
    "frontrun-random": lambda task, seconds: run_frontrun(task, seconds, "random"),
    "interleave-test": run_interleave,
    "run-parallel": run_parallel,
    "stress": run_stress,
}


def one(tool, name, which, seconds):
    """Run one tool on one class; prints JSON. Called in a process of its own."""
    task = Task(race_named(name), which)
    start = time.perf_counter()
    facts = RUNNERS[tool](task, seconds)
    facts.setdefault("seconds", time.perf_counter() - start)
    print("\n" + json.dumps(facts), flush=True)
    os._exit(0)


def attempt(tool, name, which, seconds):
    command = [sys.executable, __file__, "--one", tool, name, which, "--seconds", str(seconds)]
    if tool.startswith("frontrun"):
        command = [str(Path(sys.executable).with_name("frontrun")), *command]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds * 3 + 40, check=False
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"found": False, "hung": True, "schedules": 0, "seconds": seconds}
    except (IndexError, ValueError):
        return {"found": False, "error": done.stderr[-300:], "schedules": 0, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--races", default="")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--one", nargs=3)
    options = parser.parse_args()
    if options.one:
        one(*options.one, options.seconds)
    wanted = (
        options.races.split(",")
        if options.races
        else [race.name for race in RACES if not race.name.startswith("asyncio")]
    )
    tools = [
        tool
        for tool in options.tools.split(",")
        if tool not in MODULES or importlib.util.find_spec(MODULES[tool])
    ]
    titles = "tool, races found, false alarms, hung or failed, median s to find, schedules/s"
    print("|", " | ".join([*titles.split(", "), "switches", "replayed"]), "|")
    print("|---|---|---|---|---|---|---|---|")
    for tool in tools:
        broken = {name: attempt(tool, name, "broken", options.seconds) for name in wanted}
        clean = {name: attempt(tool, name, "correct", options.seconds) for name in wanted}
        found = [facts for facts in broken.values() if facts["found"]]
        alarms = [name for name, facts in clean.items() if facts["found"]]
        stuck = [n for n, f in [*broken.items(), *clean.items()] if f.get("hung") or f.get("error")]
        ran = [facts for facts in clean.values() if facts["schedules"]]
        rate = sum(f["schedules"] for f in ran) / max(1e-9, sum(f["seconds"] for f in ran))
        times = [facts["seconds"] for facts in found]
        switches = [facts["switches"] for facts in found if "switches" in facts]
        replayed = [facts["replayed"] for facts in found if "replayed" in facts]
        median = f"{statistics.median(times):.3f}" if times else "-"
        most = f"{statistics.median(switches):g}, {max(switches)} at most" if switches else "-"
        again = f"{sum(replayed)} of {len(replayed)}" if replayed else "-"
        cells = [tool, f"{len(found)} of {len(wanted)}", len(alarms), len(stuck), median]
        cells += [f"{rate:.0f}", most, again]
        print("|", " | ".join(map(str, cells)), "|", flush=True)
        if options.verbose:
            print("missed:", [n for n, f in broken.items() if not f["found"]])
            print("false alarms:", alarms, "hung or failed:", stuck)
            for name, facts in [*broken.items(), *clean.items()]:
                if facts.get("error"):
                    print("  ", name, facts["error"].strip().splitlines()[-1:])


if __name__ == "__main__":
    main()
