"""The pytest plugin: bindings become items, results become reports, the verdict the exit status.

With :mod:`.plugin_items` and :mod:`.plugin_fixtures` the only module that imports pytest; what
decides anything is in :mod:`.session`. Importing it costs next to nothing, and a run without a
binding does not load the rest.
"""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import plugin_fixtures
from .binding import BINDINGS, binding_of
from .options import OPTIONS
from .plugin_items import (
    HOOKS,
    RESULT,
    ClauseFailure,
    ClauseItem,
    ContractCollector,
    TableFile,
    long_form,
    native_form,
    told_as,
)

if TYPE_CHECKING:
    from .session.collecting import Collecting
    from .session.desk import Desk
    from .session.outcome import Outcome
    from .session.progress import Progress
    from .session.site import Site
    from .session.spread import Spread

_KEY = "luminescent_contract"  # as session.spread has it


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contracts", "contracts of Luminescent Cluster extensions")
    for name, about in OPTIONS.items():
        group.addoption(name, **about)


def pytest_configure(config: pytest.Config) -> None:
    hooks = config.stash[HOOKS] = Hooks(config)
    config.pluginmanager.register(hooks, "luminescent_contracts_hooks")
    config.pluginmanager.register(plugin_fixtures, "luminescent_contracts_fixtures")
    if config.getoption("contracts_report"):
        with told_as(pytest.UsageError):
            hooks.desk  # noqa: B018 - says now what is wrong with the reports, and concludes
    if config.getoption("contracts"):
        with told_as(pytest.UsageError):
            path = str(hooks.desk.require_table())
        config.args += [path] if path not in config.args else []


class Hooks:
    """The hooks that need to know their run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.is_worker = hasattr(config, "workerinput")
        self._desk: Desk | None = None
        self._collecting: Collecting | None = None
        self._modules: set[Path] = set()
        self._bad_modules: dict[Path, pytest.CollectReport] = {}
        self._unsent: dict[str, Any] | None = None
        self._session: pytest.Session | None = None
        own_seed = int.from_bytes(os.urandom(4), "big")
        self._seed: int = getattr(config, "workerinput", {}).get(_KEY, own_seed)
        self._interrupted = ""
        self._former_bindings = len(BINDINGS)
        self.spread: Spread | None = None
        self.progress: Progress | None = None
        self._looked = self.is_worker
        if not self.is_worker and config.getoption("dist", "no") != "no":
            from .session.spread import Spread

            self.spread = Spread(config, self._seed, lambda: self.desk)
            config.pluginmanager.register(self.spread, "luminescent_contracts_spread")

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            from .session.desk import Desk

            self._desk = Desk.of(self.config, self._seed)
        return self._desk

    @property
    def collecting(self) -> Collecting:
        if self._collecting is None:
            from .session.collecting import Collecting

            self._collecting = Collecting(self.config.rootpath, self._former_bindings)
        return self._collecting

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Collector, name: str, obj: object
    ) -> pytest.Collector | None:
        factory = getattr(obj, "__func__", obj)
        binding = binding_of(factory)
        if binding is None:
            return None
        return ContractCollector.from_parent(collector, name=name, binding=binding, factory=factory)

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        if file_path.name != "pyproject.toml":
            return None
        # Named together with a folder above it, the file is not an argument of its own any more.
        asked = self.config.getoption("contracts") or parent.session.isinitpath(file_path)
        if not asked or file_path != self.desk.pyproject:
            return None
        return TableFile.from_parent(parent, path=file_path)

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        if isinstance(collector, pytest.Module):
            self._modules.add(collector.path)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        path = self.config.rootpath / report.nodeid
        bad = report.outcome != "passed" and path.suffix == ".py" and path.is_file()
        if bad and b"luminescent" in path.read_bytes():
            self._bad_modules[path] = report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        if self._collecting is not None:
            self._collecting.at_arguments(items)
        if self.config.getoption("contracts_replay"):
            kept = [i for i in items if isinstance(i, ClauseItem) and i.job.clause.explores]
            self.config.hook.pytest_deselected(items=[i for i in items if i not in kept])
            items[:] = kept
        return (yield)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if self._collecting is not None:
            self._collecting.deselected(items)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        bad = self._bad_modules
        if self._collecting is None and len(BINDINGS) == self._former_bindings and not bad:
            return
        plan = self.collecting.finish(session.items, self._modules, bad, self.config)
        if self.is_worker:
            self._unsent = self.desk.told_of(plan)
            self.config.workeroutput[_KEY] = self._unsent  # type: ignore[attr-defined]
        elif plan.bindings:
            self.desk.site().ledger.plan.merge(plan)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if self._desk is not None and not self._looked:
            from .session.progress import progress_of

            self._looked, self.progress = True, progress_of(self.config)
            if self.progress is not None:
                self.config.pluginmanager.register(self.progress)
                self.progress.pytest_runtest_logstart(nodeid)

    def watch(self, nodeid: str, seen: object) -> None:
        """Take what counts the examples of a clause."""
        if self.progress is not None:
            self.progress.watch(nodeid, seen)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """Keep a fixture of a clause from ending the process."""
        if not isinstance(item, ClauseItem):
            return (yield)
        from .session.exits import no_exit

        with no_exit() as statuses:
            yield
            if statuses:  # and somebody swallowed what it raised
                pytest.fail(f"a fixture called os._exit({statuses[0]})", pytrace=False)

    pytest_runtest_teardown = pytest_runtest_setup

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if isinstance(item, ClauseItem):
            from .session.cleaning import clean_report
            from .session.reporting import dress

            result = item.stash.get(RESULT, None) if report.when == "call" else None
            telling = self.desk.tell(result, item.job) if result is not None else None
            ours = call.excinfo is None or isinstance(call.excinfo.value, ClauseFailure)
            long = functools.partial(long_form, item.location)
            clean_report(report, functools.partial(native_form, item.location))
            data = dress(report, item.job, result, telling, ours=ours, long=long)
            data["plan"], self._unsent = self._unsent, None
            setattr(report, _KEY, data)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(
        self, warning_message: warnings.WarningMessage, nodeid: str
    ) -> None:
        if self._desk is not None and nodeid.rpartition("::")[2][:2].isupper():
            from .session.cleaning import clean_warning

            clean_warning(warning_message)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.is_worker:
            return
        if hasattr(report, _KEY):
            self._site_of(report).take(getattr(report, _KEY))
        elif report.when not in ("setup", "call", "teardown"):  # xdist's report of a crash
            self._site_of(report).take_crash(report)

    def _site_of(self, report: pytest.TestReport) -> Site:
        return self.spread.site_of(report) if self.spread else self.desk.site()

    def pytest_keyboard_interrupt(self) -> None:
        self._interrupted = "interrupted"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        self._session = session
        try:
            return (yield)
        finally:
            outcome = self._conclude()
            if outcome and outcome.failing and session.exitstatus in (0, 5):
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        yield
        if self._conclude() is not None:
            terminalreporter.ensure_newline()
            terminalreporter.section("contracts")
            quiet = terminalreporter.verbosity < 0
            for line in self.desk.summary(colour=terminalreporter.hasmarkup, quiet=quiet):
                terminalreporter.write_line(line)

    def _conclude(self) -> Outcome | None:
        """Give the verdict, once everything came in; None where there is nothing to judge."""
        if self.is_worker or self._desk is None or self._session is None:
            return None
        stopped = self._session.shouldfail or self._session.shouldstop or self._interrupted
        if self.spread is not None:
            self.spread.conclude(self._desk)
            stopped = stopped or self.spread.stopped
        return self._desk.conclude(str(stopped or ""))
