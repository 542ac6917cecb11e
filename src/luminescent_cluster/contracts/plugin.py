"""The pytest plugin: bindings become items, results become reports, the verdict the exit status.

With :mod:`.plugin_fixtures` the only module that imports pytest; what decides anything is in
:mod:`.session`. Importing it costs next to nothing, and a run without a binding does not load the
rest.
"""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from . import plugin_fixtures
from .binding import BINDINGS, binding_of
from .options import OPTIONS

if TYPE_CHECKING:
    from .binding import Binding
    from .clauses import Result
    from .session.collecting import Collecting
    from .session.desk import Desk
    from .session.job import Job
    from .session.outcome import Outcome
    from .session.site import Site
    from .session.spread import Spread
    from .session.wording import Telling

_KEY = "luminescent_contract"  # as session.spread has it
_RESULT: pytest.StashKey[Result] = pytest.StashKey()
_HOOKS: pytest.StashKey[_Hooks] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contracts", "contracts of Luminescent Cluster extensions")
    for name, about in OPTIONS.items():
        group.addoption(name, **about)


def pytest_configure(config: pytest.Config) -> None:
    hooks = config.stash[_HOOKS] = _Hooks(config)
    config.pluginmanager.register(hooks, "luminescent_contracts_hooks")
    config.pluginmanager.register(plugin_fixtures, "luminescent_contracts_fixtures")
    if config.getoption("contracts_report"):
        with _told_as(pytest.UsageError):
            hooks.desk  # noqa: B018 - says now what is wrong with the reports, and concludes
    if config.getoption("contracts"):
        with _told_as(pytest.UsageError):
            path = str(hooks.desk.require_table())
        config.args += [path] if path not in config.args else []


class ClauseFailure(AssertionError):
    """A clause did not pass; its text is the whole message."""


class ClauseItem(pytest.Function):
    """One clause on one binding. The fixtures are the factory's."""

    def __init__(self, *, job: Job, **kwargs: Any) -> None:
        self.job = job
        super().__init__(**kwargs)

    def runtest(self) -> None:
        given = {name: self.funcargs[name] for name in self._fixtureinfo.argnames}

        def factory() -> Any:
            return self.obj(**given)

        factory.__qualname__ = getattr(self.obj, "__qualname__", self.name)
        desk = self.config.stash[_HOOKS].desk
        result = self.stash[_RESULT] = desk.execute(self.job, factory)
        self.user_properties += [("clause", result.clause_id), ("status", result.status.value)]
        telling = desk.tell(result, self.job)
        if telling.outcome == "failed":
            raise ClauseFailure(telling.text)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        path, line, _ = super().reportinfo()
        if isinstance(self.getparent(pytest.Module), TableFile):
            path, line = self.path, 0
        return path, line, self.getmodpath()


class ContractCollector(pytest.Collector):
    """One binding; its children are the clauses that apply to it."""

    def __init__(self, *, binding: Binding, factory: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.binding = binding
        self.factory = factory
        self.config.stash[_HOOKS].collecting.met(self.nodeid, binding)

    def collect(self) -> Iterator[ClauseItem]:
        hooks = self.config.stash[_HOOKS]
        with _told_as(self.CollectError):
            suite = hooks.desk.suite_for(self.binding.protocol)
        parent: Any = self.parent
        for template in parent._genfunctions(self.name, self.factory):
            suffix = template.name[len(self.name) :]
            for job in hooks.collecting.jobs(self.nodeid, self.name, self.binding, suite, suffix):
                callobj = self.factory
                if isinstance(parent, pytest.Class):  # a fresh instance for each clause
                    callobj = getattr(parent.newinstance(), self.name)  # type: ignore[no-untyped-call]
                item = ClauseItem.from_parent(
                    self,
                    name=job.clause.id + suffix,
                    originalname=job.clause.id,
                    callobj=callobj,
                    callspec=getattr(template, "callspec", None),
                    fixtureinfo=template._fixtureinfo,
                    keywords=dict.fromkeys((suffix[1:-1],) if suffix else (), True),
                    job=job,
                )
                hooks.collecting.created(item, job)
                yield item


class TableFile(pytest.Module):
    """``pyproject.toml`` as a module of bindings; a Module, so that fixtures work as elsewhere."""

    def _getobj(self) -> ModuleType:
        return ModuleType("pyproject_toml")

    def collect(self) -> Iterator[ContractCollector]:
        with _told_as(self.CollectError):
            bindings = self.config.stash[_HOOKS].desk.table_bindings()
        for binding in bindings:
            setattr(self.obj, binding.name, binding.factory)
            yield ContractCollector.from_parent(
                self, name=binding.name, binding=binding, factory=binding.factory
            )


@contextmanager
def _told_as(kind: type[Exception]) -> Iterator[None]:
    """Tell what keeps contracts from being checked in pytest's way, without a traceback."""
    from .session.desk import DeskError

    try:
        yield
    except DeskError as error:
        raise kind(str(error)) from error


def _long(location: tuple[str, int | None, str], telling: Telling) -> Any:
    """Give what pytest shows: the message, and its brief form for the one-line summary."""
    if telling.outcome == "skipped":
        return (location[0], (location[1] or 0) + 1, f"Skipped: {telling.brief}")
    return None if telling.outcome == "passed" else _native(location, telling.text, telling.brief)


def _native(location: tuple[str, int | None, str], text: str, gist: str) -> Any:
    from _pytest._code import code

    return code.ReprExceptionInfo(
        reprtraceback=code.ReprTraceback(
            [code.ReprEntryNative([text + "\n"])], None, style="native"
        ),
        reprcrash=code.ReprFileLocation(location[0], (location[1] or 0) + 1, gist),
    )


class _Hooks:
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
        if report.outcome != "passed" and report.nodeid.endswith(".py"):
            self._bad_modules[self.config.rootpath / report.nodeid] = report

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
        files = [path for path in self._bad_modules if path.is_file()]
        bad = {p: self._bad_modules[p] for p in files if b"luminescent" in p.read_bytes()}
        if self._collecting is None and len(BINDINGS) == self._former_bindings and not bad:
            return
        plan = self.collecting.finish(session.items, self._modules, bad, self.config)
        if self.is_worker:
            self._unsent = self.desk.told_of(plan)
            self.config.workeroutput[_KEY] = self._unsent  # type: ignore[attr-defined]
        elif plan.bindings:
            self.desk.site().ledger.plan.merge(plan)

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

            result = item.stash.get(_RESULT, None) if report.when == "call" else None
            telling = self.desk.tell(result, item.job) if result is not None else None
            ours = call.excinfo is None or isinstance(call.excinfo.value, ClauseFailure)
            long = functools.partial(_long, item.location)
            clean_report(report, functools.partial(_native, item.location))
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
        return self._desk.conclude(str(stopped or ""))
