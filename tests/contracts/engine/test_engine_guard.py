"""What an extension does to its process is caught, said and undone."""

import os
import subprocess
import sys
import threading
import time
from typing import Protocol

import pytest

from luminescent_cluster.contracts import Status, Verdict, run
from luminescent_cluster.contracts.engine.guard import ExitAttempt, Guard

_real_exit = os._exit


class Worker(Protocol):
    def work(self, item: str) -> str: ...


class Right:
    def work(self, item):
        return item


def status_of(extension_class, clause="TYP-01", **options):
    """Run one clause on a class."""
    return run(Worker, extension_class, clauses=[clause], profile="smoke", **options)[clause]


def test_exit_by_name_is_caught_too():
    """`from os import _exit` is the same function, wherever a module keeps it."""

    class Exits(Right):
        def work(self, item):
            _real_exit(0)

    result = status_of(Exits)
    assert result.status is Status.FAILED
    assert "os._exit(0)" in result.message
    assert os._exit is _real_exit


def test_a_swallowed_exit_is_still_a_violation():
    """The extension may catch what the guard raises; the attempt counts."""

    class Swallows(Right):
        def work(self, item):
            try:
                os._exit(0)
            except BaseException:
                return item

    assert status_of(Swallows).status is Status.FAILED


def test_an_exit_in_a_thread_is_a_violation():
    """Also where the call itself came back well."""

    class Background(Right):
        def work(self, item):
            def leave():
                try:
                    os._exit(0)
                except BaseException:
                    return

            thread = threading.Thread(target=leave)
            thread.start()
            thread.join()
            return item

    assert status_of(Background).status is Status.FAILED


def test_an_exit_within_a_run_within_a_run_is_caught():
    """And afterwards, outside, as well: what the inner run saw is no reason to look no more."""
    with Guard() as outer:
        with Guard() as inner, pytest.raises(ExitAttempt):
            os._exit(1)
        with pytest.raises(ExitAttempt):
            os._exit(2)
    assert (outer.exits, inner.exits) == ([2], [1])
    with Guard(), pytest.raises(ExitAttempt):
        os._exit(3)
    assert os._exit is _real_exit


def test_a_module_imported_meanwhile_keeps_an_exit_that_works(tmp_path):
    """`from os import _exit` in a call of the extension gives it what ends the process later."""
    script = tmp_path / "later.py"
    script.write_text(
        "from luminescent_cluster.contracts.engine.guard import Guard\n"
        "with Guard():\n"
        "    from os import _exit\n"
        "_exit(7)\n"
    )
    assert subprocess.run([sys.executable, script], check=False).returncode == 7


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_may_exit():
    """multiprocessing ends its children by os._exit; that is none of our business."""
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this platform")
    with Guard() as guard:
        child = os.fork()
        if child == 0:
            os._exit(7)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
    assert guard.exits == []


def test_patches_are_named_and_undone():
    """Each changed name is reported, and the original is back."""
    sleep = time.sleep
    with Guard() as guard:
        time.sleep = lambda seconds: None
        threading.Lock = None
    assert time.sleep is sleep
    assert {"time.sleep", "threading.Lock"} <= set(guard.changes)


def test_the_exit_attempt_is_no_ordinary_exception():
    """`except Exception` does not stop it."""
    with Guard(), pytest.raises(ExitAttempt):
        os._exit(3)
    assert not issubclass(ExitAttempt, Exception)


@pytest.mark.parametrize("error", [SystemExit(0), KeyboardInterrupt(), GeneratorExit()])
def test_a_base_exception_is_a_violation(error):
    """Core's `except Exception` would not stop it either."""

    class Raises(Right):
        def work(self, item):
            raise error

    result = status_of(Raises)
    assert result.status is Status.FAILED
    assert type(error).__name__ in result.message


def test_a_hanging_call_ends_at_its_deadline_with_the_place():
    """Lock, sleep or loop: the call is interrupted and the place is shown."""
    from luminescent_cluster.contracts import Subject

    lock = threading.Lock()
    lock.acquire()

    class Hangs(Right):
        def work(self, item):
            lock.acquire()

    result = status_of(lambda: Subject(Hangs(), deadline=0.2))
    assert result.status is Status.FAILED
    assert "did not come back within 0.2 s" in result.message
    assert "in work" in result.message


def test_a_patched_clock_does_not_disarm_the_deadline():
    """The kit keeps the original clock and sleep."""
    from luminescent_cluster.contracts import Subject

    class Frozen(Right):
        def work(self, item):
            time.monotonic = time.time = lambda: 0.0
            while True:
                pass

    result = status_of(lambda: Subject(Frozen(), deadline=0.2))
    assert result.status is Status.FAILED


def test_a_hang_outside_the_main_thread_is_found_too():
    """Where no signal can interrupt, the run is watched from outside and abandoned."""
    from luminescent_cluster.contracts import Subject

    never = threading.Event()

    class Hangs(Right):
        def work(self, item):
            never.wait()

    reports = []
    thread = threading.Thread(
        target=lambda: reports.append(status_of(lambda: Subject(Hangs(), deadline=0.2)))
    )
    thread.start()
    thread.join(20)
    never.set()
    assert reports[0].status is Status.FAILED
    assert "did not come back" in reports[0].message


def test_a_factory_that_hangs_outside_the_main_thread_is_found_too(monkeypatch):
    """No signal can interrupt it; it is abandoned, and not called again."""
    from luminescent_cluster.contracts.engine import instances

    monkeypatch.setattr(instances, "_MAKING", 0.2)
    never, calls, reports = threading.Event(), [], []

    def hangs():
        calls.append(1)
        never.wait()
        return Right()

    clauses = ["SIG-01", "TYP-01", "TRU-01"]
    thread = threading.Thread(
        target=lambda: reports.append(run(Worker, hangs, clauses=clauses, profile="smoke"))
    )
    thread.start()
    thread.join(60)
    never.set()
    first, *others = (reports[0][clause] for clause in clauses)
    assert calls == [1]
    assert {r.status for r in (first, *others)} == {Status.NOT_RUN}
    assert "did not come back within 0.2 s; it stood at" in first.message
    assert all("in an earlier clause the factory" in r.message for r in others)


def test_the_report_says_what_was_checked():
    """Class, protocol and what made it; an installed class has its distribution, too."""
    report = run(Worker, Right, clauses=["SIG-01"], profile="smoke")
    facts = report.subjects["Right"]
    assert facts["protocol"] == "Worker"
    assert facts["place"] == facts["implementation"] == f"{__name__}:Right"
    from luminescent_cluster.contracts.fakes import InMemoryAuditLogger
    from luminescent_cluster.contracts.subjects import Subject
    from luminescent_cluster.extensions import AuditLogger

    def logger():
        yield InMemoryAuditLogger()

    facts = run(AuditLogger, logger, clauses=["SIG-01"], profile="smoke").subjects["logger"]
    assert facts["implementation"].endswith(":InMemoryAuditLogger")
    assert facts["distribution"] == "luminescent-extensions"
    declared = run(Worker, lambda: Subject(Right(), fresh="clause"), clauses=[], name="it")
    assert declared.subjects["it"]["protocol"] == "Worker"


def test_a_run_inside_an_event_loop_works():
    """A notebook has a running loop; asynchronous extensions are run beside it."""
    import asyncio

    class AsyncWorker(Protocol):
        async def work(self, item: str) -> str: ...

    class Right:
        async def work(self, item):
            await asyncio.sleep(0)
            return item

    async def main():
        return run(AsyncWorker, Right, clauses=["TYP-01"], profile="smoke")["TYP-01"]

    assert asyncio.run(main()).status is Status.PASSED


def test_ctrl_c_of_a_person_ends_the_run(tmp_path):
    """A real SIGINT is not taken for the extension's doing."""
    script = tmp_path / "interrupted.py"
    script.write_text(
        "import os, signal, threading, time\n"
        # A background job of a shell starts with SIGINT ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from typing import Protocol\n"
        "from luminescent_cluster.contracts import run\n"
        "class Worker(Protocol):\n"
        "    def work(self, item: str) -> str: ...\n"
        "class Slow:\n"
        "    def work(self, item):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(0.5)\n"
        "        return item\n"
        "try:\n"
        "    run(Worker, Slow, clauses=['TYP-01'])\n"
        "except KeyboardInterrupt:\n"
        "    raise SystemExit(42)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=False)
    assert done.returncode == 42, done.stderr


def test_the_registered_object_must_be_the_returned_one():
    """A factory that registers one object and returns another would test the wrong one."""
    from luminescent_cluster.extensions import ExtensionRegistry, TenantProvider

    class Tenants:
        def get_tenant_id(self, request_context):
            return None

        def get_tenant_filter(self, tenant_id):
            return {"tenant_id": tenant_id}

        def validate_tenant_access(self, tenant_id, user_id, resource):
            return False

    def factory():
        ExtensionRegistry.get().tenant_provider = Tenants()
        return Tenants()

    ExtensionRegistry.reset()
    report = run(TenantProvider, factory, clauses=["TRU-01"])
    ExtensionRegistry.reset()
    assert report.verdict is Verdict.INCOMPLETE
    assert "returns another object" in report["TRU-01"].message
