"""The pytest plugin: bindings become items, results become reports, the verdict the exit status.

The only module that imports pytest; what decides anything is in :mod:`.session`. Importing it costs
next to nothing, and a run without a binding does not load the rest.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from luminescent_cluster.extensions import ExtensionRegistry

    from .binding import Binding
    from .clauses import Clause
    from .session.collecting import Collecting
    from .session.desk import Desk
    from .session.ledger import Conclusion
    from .session.plan import Planned
    from .session.wording import Telling
    from .suites import Suite

__all__ = ["ClauseItem", "ContractCollector", "extension_registry"]

_KEY = "luminescent_contract"
_RESULT = pytest.StashKey["Result"]()
_HOOKS = pytest.StashKey["_Hooks"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contracts", "contracts of Luminescent Cluster extensions")
    group.addoption(
        "--contracts",
        action="store_true",
        help="also check the bindings of [tool.luminescent.contracts] in pyproject.toml",
    )
    group.addoption(
        "--contracts-profile",
        choices=("smoke", "ci", "thorough"),
        help="how much effort to spend (default: the table's profile, else ci)",
    )
    group.addoption(
        "--contracts-seed",
        type=int,
        metavar="N",
        help="seed of the generated examples (default: the table's seed, else 0 under the profile "
        "ci or in CI, else a new one for every run)",
    )
    group.addoption(
        "--contracts-strict",
        action="store_true",
        help="fail unless every clause, SHOULD included, passed or is waived",
    )
    group.addoption(
        "--contracts-durations",
        type=int,
        default=0,
        metavar="N",
        help="show the N slowest clauses",
    )


def pytest_configure(config: pytest.Config) -> None:
    hooks = _Hooks(config)
    config.stash[_HOOKS] = hooks
    config.pluginmanager.register(hooks, "luminescent_contracts_hooks")
    if config.getoption("contracts"):
        hooks.ask_for_table()


@pytest.fixture
def extension_registry() -> Iterator[ExtensionRegistry]:
    """The registry of extensions: fresh before the test, and reset after it."""
    from luminescent_cluster.extensions import ExtensionRegistry

    ExtensionRegistry.reset()
    yield ExtensionRegistry.get()
    ExtensionRegistry.reset()


class ClauseFailure(AssertionError):
    """A clause did not pass; its text is the whole message."""


class ClauseItem(pytest.Function):
    """One clause on one binding. The fixtures are the factory's."""

    def __init__(
        self, *, clause: Clause, suite: Suite, planned: Planned, protocol: type, **kwargs: Any
    ) -> None:
        self.clause = clause
        self.suite = suite
        self.planned = planned
        self.protocol = protocol
        super().__init__(**kwargs)

    def runtest(self) -> None:
        given = {name: self.funcargs[name] for name in self._fixtureinfo.argnames}

        def factory() -> Any:
            return self.obj(**given)

        factory.__qualname__ = getattr(self.obj, "__qualname__", self.planned.name)
        desk = self.config.stash[_HOOKS].desk
        result = desk.execute(self.clause, self.protocol, factory, self.planned.name, self.suite)
        self.stash[_RESULT] = result
        self.user_properties += [
            ("clause", result.clause_id),
            ("level", result.level.value),
            ("status", result.status.value),
        ]
        telling = desk.tell(result, self.clause)
        if telling.outcome == "failed":
            raise ClauseFailure(telling.text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        if isinstance(excinfo.value, ClauseFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path | str, int | None, str]:
        path, line, _ = super().reportinfo()
        if isinstance(self.getparent(pytest.Module), TableFile):
            path, line = self.path, 0
        return path, line, self.getmodpath()

    def __repr__(self) -> str:
        return f"<Clause {self.name}>"


class ContractCollector(pytest.Collector):
    """One binding; its children are the clauses that apply to it."""

    def __init__(self, *, binding: Binding, factory: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.binding = binding
        self.factory = factory

    def collect(self) -> Iterator[ClauseItem]:
        hooks = self.config.stash[_HOOKS]
        with _as_collect_error():
            suite = hooks.desk.suite_for(self.binding.protocol)
        parent: Any = self.parent
        for template in parent._genfunctions(self.name, self.factory):
            suffix = template.name[len(self.name) :]
            planned = hooks.collecting.planned(self.nodeid, self.name, self.binding, suite, suffix)
            for clause in suite.clauses.values():
                item = ClauseItem.from_parent(
                    self,
                    name=clause.id + suffix,
                    originalname=clause.id,
                    callobj=self._callable(),
                    callspec=getattr(template, "callspec", None),
                    fixtureinfo=template._fixtureinfo,
                    keywords=dict.fromkeys((suffix[1:-1],) if suffix else (), True),
                    clause=clause,
                    suite=suite,
                    planned=planned,
                    protocol=self.binding.protocol,
                )
                hooks.collecting.created(item, planned, clause.id)
                yield item

    def _callable(self) -> Any:
        if isinstance(self.parent, pytest.Class):  # a fresh instance for each clause
            return getattr(self.parent.newinstance(), self.name)
        return self.factory

    def __repr__(self) -> str:
        return f"<Contract {self.name}>"


class TableFile(pytest.Module):
    """``pyproject.toml`` as a module of bindings; a Module, so that fixtures work as elsewhere."""

    def _getobj(self) -> ModuleType:
        return ModuleType("pyproject_toml")

    def collect(self) -> Iterator[ContractCollector]:
        hooks = self.config.stash[_HOOKS]
        with _as_collect_error():
            bindings = hooks.desk.table_bindings()
        for binding in bindings:
            setattr(self.obj, binding.name, binding.factory)
            collector = ContractCollector.from_parent(
                self, name=binding.name, binding=binding, factory=binding.factory
            )
            hooks.collecting.met(collector.nodeid, binding)
            yield collector


class _as_collect_error:  # noqa: N801 - a context manager
    """Tell what keeps contracts from being collected without a traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from .session.desk import DeskError

        if isinstance(error, DeskError):
            raise pytest.Collector.CollectError(str(error)) from error


def _bindings() -> list[Binding]:
    """Every binding made in this process, without loading what nobody uses."""
    module = sys.modules.get(f"{__package__}.binding")
    return module.BINDINGS if module is not None else []


def _without_exit(item: pytest.Item) -> Generator[None, None, None]:
    """Keep a fixture of a clause from ending the process."""
    if not isinstance(item, ClauseItem):
        return (yield)
    from .session.exits import no_exit

    with no_exit() as statuses:
        yield
        if statuses:  # and somebody swallowed what it raised
            pytest.fail(f"a fixture called os._exit({statuses[0]})", pytrace=False)


def _cuts(config: pytest.Config) -> list[str]:
    skipped = getattr(config.pluginmanager.getplugin("lfplugin"), "_skipped_files", 0)
    return [f"--lf left out {skipped} file(s)"] if skipped else []


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Say in a line or two why something was skipped or failed."""
    from .session.wording import reason_of

    return reason_of(report.longrepr, report.outcome, getattr(report, "wasxfail", None))


def _long(item: ClauseItem, report: pytest.TestReport, telling: Telling) -> Any:
    """Give what pytest shows: the message, and its brief form for the one-line summary."""
    from _pytest._code.code import (
        ReprEntryNative,
        ReprExceptionInfo,
        ReprFileLocation,
        ReprTraceback,
    )

    if telling.outcome == "passed":
        return None
    path, line = item.location[0], (item.location[1] or 0) + 1
    if telling.outcome == "skipped":
        return (path, line, f"Skipped: {telling.brief}")
    return ReprExceptionInfo(
        reprtraceback=ReprTraceback([ReprEntryNative([telling.text + "\n"])], None, style="native"),
        reprcrash=ReprFileLocation(path, line, telling.brief),
    )


class _Hooks:
    """The hooks that need to know their run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.is_worker = hasattr(config, "workerinput")
        self._desk: Desk | None = None
        self._collecting: Collecting | None = None
        self._modules: set[Path] = set()
        self._bad_modules: dict[Path, tuple[str, str]] = {}
        self._unsent: dict[str, Any] | None = None
        self._session: pytest.Session | None = None
        self._lost_workers: list[str] = []
        self._shared_seed = secrets.randbits(31)
        self._interrupted = False
        self._former_bindings = len(_bindings())

    # -- what is loaded only once there is something to do ----------------------------------

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            from .session.desk import Desk

            option = self.config.getoption
            cache = getattr(self.config, "cache", None)
            self._desk = Desk(
                self.config.rootpath,
                self.config.inipath,
                profile=option("contracts_profile"),
                seed=option("contracts_seed"),
                strict=option("contracts_strict"),
                folder=cache.mkdir(_KEY) if cache else None,
                shared_seed=getattr(self.config, "workerinput", {}).get(_KEY),
            )
        return self._desk

    @property
    def collecting(self) -> Collecting:
        if self._collecting is None:
            from .session.collecting import Collecting

            self._collecting = Collecting(self.config.rootpath, self._former_bindings)
        return self._collecting

    def ask_for_table(self) -> None:
        from .session.desk import DeskError

        try:
            path = self.desk.require_table()
        except DeskError as error:
            raise pytest.UsageError(str(error)) from error
        if str(path) not in self.config.args:
            self.config.args.append(str(path))

    # -- collection -------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Collector, name: str, obj: object
    ) -> pytest.Collector | None:
        if not _bindings():
            return None
        from .binding import binding_of

        factory = getattr(obj, "__func__", obj)
        binding = binding_of(factory)
        if binding is None:
            return None
        made = ContractCollector.from_parent(collector, name=name, binding=binding, factory=factory)
        self.collecting.met(made.nodeid, binding)
        return made

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        if file_path.name != "pyproject.toml" or not (
            parent.session.isinitpath(file_path) and file_path == self.desk.pyproject
        ):
            return None
        return TableFile.from_parent(parent, path=file_path)

    def pytest_pycollect_makemodule(self, module_path: Path) -> None:
        self._modules.add(module_path)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.outcome != "passed" and report.nodeid.endswith(".py"):
            path = self.config.rootpath / report.nodeid
            self._bad_modules[path] = (report.outcome, _reason(report))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        if self._collecting is not None:
            self._collecting.at_arguments(items)
        return (yield)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if self._collecting is not None:
            self._collecting.deselected(items)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        suspects = [p for p in self._bad_modules if b"luminescent_cluster" in p.read_bytes()]
        bound = len(_bindings()) > self._former_bindings
        if self._collecting is None and not bound and not suspects:
            return
        plan = self.collecting.finish(
            session.items,
            modules=self._modules,
            bad={path: self._bad_modules[path] for path in suspects},
            patterns=self.config.getini("python_files"),
            arguments=[str(argument) for argument in self.config.args],
            cuts=_cuts(self.config),
        )
        if self.is_worker:
            self._unsent = plan.to_json()
            self.config.workeroutput[_KEY] = self._unsent  # type: ignore[attr-defined]
        elif plan.bindings:
            self.desk.ledger.plan.merge(plan)

    # -- running ----------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        return (yield from _without_exit(item))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        return (yield from _without_exit(item))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if isinstance(item, ClauseItem):
            self._dress(item, call, report)
        return report

    def _dress(
        self, item: ClauseItem, call: pytest.CallInfo[None], report: pytest.TestReport
    ) -> None:
        """Let the report say what the clause's result says, and carry it to the controller."""
        from .session.wording import carried

        result = item.stash.get(_RESULT, None) if report.when == "call" else None
        telling = self.desk.tell(result, item.clause) if result is not None else None
        ours = call.excinfo is None or isinstance(call.excinfo.value, ClauseFailure)
        if telling is not None and (ours or telling.outcome == "failed"):
            # Whatever marks and plugins made of it: an xfail mark waives nothing.
            strictly_xpassed = telling.outcome == "passed" and report.outcome == "failed"
            if not strictly_xpassed:
                vars(report).pop("wasxfail", None)
                report.outcome = "skipped" if telling.outcome == "tolerated" else telling.outcome
                report.longrepr = _long(item, report, telling)
            if telling.outcome == "tolerated":
                report.wasxfail = telling.brief
        reason = "" if report.outcome == "passed" else _reason(report)
        data = carried(
            item.planned, item.clause.id, result, report.when, report.outcome, reason, telling
        )
        data["plan"], self._unsent = self._unsent, None
        setattr(report, _KEY, data)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.is_worker:
            return
        data = getattr(report, _KEY, None)
        if data is not None:
            self.desk.take(data)
        elif report.when not in ("setup", "call", "teardown"):  # xdist's report of a crash
            self.desk.take_crash(report.nodeid, _reason(report))

    # -- distribution -----------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_KEY] = self._shared_seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        if any(nodeid.rpartition("::")[2][:2].isupper() for nodeid in ids):
            self.desk.take_ids(ids)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        plan = getattr(node, "workeroutput", {}).get(_KEY)
        if plan is not None:
            self.desk.take_plan(plan)
        if error:
            self._lost_workers.append(f"worker {node.gateway.id} was lost: {error}")

    # -- the end ----------------------------------------------------------------------------

    def pytest_keyboard_interrupt(self) -> None:
        self._interrupted = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        self._session = session
        try:
            return (yield)
        finally:
            conclusion = self._conclude()
            passing = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
            if conclusion and conclusion.failing and session.exitstatus in passing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        yield
        if self._conclude() is not None:
            lines = self.desk.summary(
                colour=terminalreporter.hasmarkup,
                passed=terminalreporter.verbosity >= 0,
                durations=self.config.getoption("contracts_durations"),
            )
            terminalreporter.section("contracts")
            for line in lines:
                terminalreporter.write_line(line)

    def _conclude(self) -> Conclusion | None:
        """Give the verdict, once everything came in; None where there is nothing to judge."""
        looking = (
            self.config.getoption(name, False) for name in ("collectonly", "setuponly", "setupplan")
        )
        if self.is_worker or self._desk is None or self._session is None or any(looking):
            return None
        stopped = self._session.shouldfail or self._session.shouldstop
        return self._desk.conclude(
            str(stopped or "") or ("interrupted" if self._interrupted else ""), self._lost_workers
        )
