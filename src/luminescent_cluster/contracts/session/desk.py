"""Everything that one run of contracts shares, whoever runs it: settings, effort, ledger."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..binding import Binding
from ..clauses import Clause, Result, Status, Waiver
from ..config import ConfigError, Settings, read_settings
from .effort import Effort, choose_effort
from .filing import Filing
from .job import Job
from .ledger import Conclusion, Ledger
from .loading import LoadError, load_factory, load_protocol
from .needs import missing_parts
from .plan import Plan, Planned
from .reporting import reason_of
from .wording import Telling, tell, waiver_for

__all__ = ["Desk", "DeskError"]

_NODEID = re.compile(
    r"(?P<key>.+)::(?P<clause>[A-Z]{2,3}(?:-[A-Z]{3})?-\d\d)(?P<set>\[.*\])?(@.*)?\Z"
)


class DeskError(Exception):
    """The run's contracts cannot be checked; the message says why and what to do."""


class Desk:
    """One run.

    Args:
        root: the project's folder.
        inipath: the runner's own configuration file, where it has one.
        asked: what was asked for now, as :func:`choose_effort` takes it.
    """

    def __init__(self, root: Path, inipath: Path | None = None, **asked: Any) -> None:
        self.root = root
        self.ledger = Ledger()
        self._inipath = inipath
        self.replay: str = asked.pop("replay", "")
        self._asked = asked
        self._crashes: dict[str, str] = {}
        self._ids: dict[str, None] = {}
        self._told: set[tuple[str, str]] = set()
        self._conclusion: Conclusion | None = None
        self.durations = 0
        self.looking = False
        self.filing: Filing | None = None
        self.today = datetime.date.today()

    @classmethod
    def of(cls, config: Any, seed: int) -> Desk:
        """Make the desk of a pytest run.

        Args:
            config: pytest's; asked for the plugin's options, the root folder and the cache.
            seed: the seed that all processes of the run share.

        Raises:
            DeskError: the reports that were asked for cannot be.
        """
        cache = getattr(config, "cache", None)
        options = ("profile", "seed", "strict", "replay")
        asked = {option: config.getoption(f"contracts_{option}") for option in options}
        asked["folder"] = cache.mkdir("luminescent_contracts") if cache else None
        desk = cls(config.rootpath, config.inipath, shared_seed=seed, **asked)
        desk.durations = config.getoption("contracts_durations")
        looks = ("collectonly", "setuponly", "setupplan")
        desk.looking = any(config.getoption(option, False) for option in looks)
        asked_reports = config.getoption("contracts_report")
        if asked_reports:
            times = config.getoption("contracts_report_times")
            try:
                desk.filing = Filing(asked_reports, config.invocation_params.dir, times=times)
            except ValueError as error:
                raise DeskError(f"--contracts-report: {error}") from error
        return desk

    # -- settings ---------------------------------------------------------------------------

    @property
    def pyproject(self) -> Path:
        """Where the project's table would stand."""
        if self._inipath is not None and self._inipath.name == "pyproject.toml":
            return self._inipath
        return self.root / "pyproject.toml"

    @cached_property
    def settings(self) -> Settings:
        """What the project says.

        Raises:
            DeskError: its table cannot be used.
        """
        if not self.pyproject.is_file():
            return Settings()
        try:
            return read_settings(self.pyproject) or Settings()
        except ConfigError as error:
            raise DeskError(str(error)) from error

    @cached_property
    def effort(self) -> Effort:
        """How much to spend, with which seed."""
        return choose_effort(self.settings, **self._asked)

    def require_table(self) -> Path:
        """Give the file with the project's table of bindings.

        Raises:
            DeskError: there is none, or it binds nothing.
        """
        if not self.settings.targets:
            raise DeskError(
                f"--contracts: {self.pyproject} binds nothing; write for instance\n"
                '  [tool.luminescent.contracts]\n  tenant_provider = "package.module:Class"'
            )
        return self.pyproject

    def table_bindings(self) -> list[Binding]:
        """Load what the table names.

        Raises:
            DeskError: a module, class or function is not there.
        """
        from .exits import no_exit

        bindings = []
        for target in self.settings.targets:
            try:
                with no_exit():
                    protocol, factory = load_protocol(target), load_factory(target)
            except LoadError as error:
                raise DeskError(str(error)) from error
            bindings.append(table_binding(target.name, protocol, factory, self.pyproject))
        return bindings

    # -- clauses ----------------------------------------------------------------------------

    def suite_for(self, protocol: type) -> Any:
        """Give the suite of a protocol, and settle how it will be run.

        Raises:
            DeskError: parts of the kit are missing, the settings are wrong, or it is no protocol.
        """
        missing = missing_parts()
        if missing:
            raise DeskError(missing)
        from ..suites import suite_for

        try:
            suite = suite_for(protocol)
            _ = self.effort
        except (TypeError, ValueError) as error:
            raise DeskError(str(error)) from error
        if not suite.clauses:
            raise DeskError(f"{protocol.__name__} has no method, so there is nothing to check")
        return suite

    def execute(self, job: Job, factory: Callable[[], Any]) -> Result:
        """Check one clause."""
        from ..engine.execute import execute
        from ..reports.provenance import Witness, watched

        clause = job.clause
        witness = Witness()
        waived = any(w.clause == clause.id and w.expires >= self.today for w in self.waivers)
        result = execute(
            clause,
            job.protocol,
            watched(factory, witness.note),
            profile=self.effort.profile,
            seed=self.effort.seed,
            name=job.planned.name,
            subject_class=job.suite.subject,
            shrink=not waived,
            database=self.effort.database(),
            replay=self.replay,
        )
        return witness.sign(result)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """What the project waives."""
        return self.settings.waivers

    def tell(self, result: Result, job: Job) -> Telling:
        """Say how a test runner should tell a result."""
        waiver = waiver_for(result, self.waivers, self.today)
        return tell(result, job.clause.text, waiver, strict=self.effort.strict)

    # -- what comes in ----------------------------------------------------------------------

    def take(self, data: Mapping[str, Any]) -> None:
        """Take in what a report carries, from this process or another."""
        if data.get("plan"):
            self.take_plan(data["plan"])
        key, clause = data["key"], data["clause"]
        if data.get("result"):
            self.ledger.take_result(key, Result.from_json(data["result"]))
        if data.get("absence"):
            self.ledger.take_absence(key, clause, data["absence"])
        if data.get("trouble"):
            self.ledger.take_trouble(data["trouble"])
        if data.get("told"):
            self._told.add((key, clause))

    def take_plan(self, data: Mapping[str, Any]) -> None:
        """Take in what a process planned, as JSON-able data."""
        self.ledger.plan.merge(Plan.from_json(data))

    def take_crash(self, report: Any) -> None:
        """Take in the report that the process which ran a node was lost."""
        self._crashes[report.nodeid] = reason_of(report)

    def take_ids(self, nodeids: Sequence[str]) -> None:
        """Take in which nodes a process has selected, in case nothing else comes from it."""
        self._ids |= dict.fromkeys(nodeids)

    # -- the end ----------------------------------------------------------------------------

    def conclude(self, stopped: str = "", lost: Sequence[str] = ()) -> Conclusion | None:
        """Give the verdict over everything that came in; the same one when asked again.

        Args:
            stopped: why the run ended early, where it did.
            lost: what is to be said of processes that were lost.

        Returns:
            None where no contract was to be checked (``--collect-only``).
        """
        if self._conclusion is None and not self.looking:
            self._plan_from_ids()
            plan = self.ledger.plan
            if plan.bindings or plan.problems:
                self._conclusion = self._concluded(stopped, lost)
            if self.filing is not None:
                self._conclusion = self.filing.file(self._conclusion, _catalogue())
        return self._conclusion

    def _concluded(self, stopped: str, lost: Sequence[str]) -> Conclusion:
        plan = self.ledger.plan
        for text in lost:
            self.ledger.take_trouble(text)
        for nodeid, message in self._crashes.items():
            found = plan.items.get(nodeid) or plan.items.get(nodeid.rpartition("@")[0])
            if found is not None:
                self.ledger.take_absence(*found, message)
        try:
            settings, effort = self.settings, self.effort
        except (DeskError, ValueError) as error:
            self.ledger.take_trouble(str(error))
            settings = Settings()
            effort = choose_effort(settings, seed=0)
        known = _catalogue()
        here = {binding.name for binding in plan.bindings.values()}
        return self.ledger.conclude(
            waivers=settings.waivers if known else (),
            known=known.keys(),
            elsewhere={target.name for target in settings.targets} - here,
            today=self.today,
            strict=effort.strict,
            seed=effort.seed,
            profile=effort.profile.name,
            stopped=stopped,
        )

    def summary(self, *, colour: bool, quiet: bool) -> list[str]:
        """Give the end of the run as lines of text.

        Args:
            colour: whether to use ANSI colours.
            quiet: whether to leave out the clauses that passed.
        """
        from ..reports.terminal import render, slowest

        conclusion = self._conclusion
        if conclusion is None:
            return []
        names = {key: name for name, key in conclusion.keys.items()}
        silent = {(names.get(key, key), clause) for key, clause in self._told} | conclusion.chosen
        lines = slowest(conclusion.report, self.durations)
        lines += self.filing.written if self.filing else []
        lines += render(
            conclusion.report,
            _catalogue(),
            colour=colour,
            width=shutil.get_terminal_size((100, 24)).columns,
            passed=not quiet,
            tell=lambda result: (
                result.status is Status.NOT_RUN and (result.subject, result.clause_id) not in silent
            ),
            strict=conclusion.strict,
        )
        return lines

    def _plan_from_ids(self) -> None:
        """Plan what is known only from node ids: every process was lost before it reported."""
        if not self._ids:
            return
        plan = self.ledger.plan
        clauses = _catalogue()
        lost: dict[str, list[tuple[str, str]]] = {}
        for nodeid in self._ids:
            match = _NODEID.match(nodeid)
            if match is None or match["clause"] not in clauses:
                continue
            key = match["key"] + (match["set"] or "")
            if key not in plan.bindings:
                lost.setdefault(key, []).append((match["clause"], nodeid))
        for key, pairs in lost.items():
            levels = tuple((clause, clauses[clause].level.value) for clause, _ in pairs)
            plan.add(Planned(key, key.rpartition("::")[2], "", key.partition("::")[0], levels))
            plan.items |= {nodeid: (key, clause) for clause, nodeid in pairs}


def _catalogue() -> Mapping[str, Clause]:
    """Give every clause there is; none where parts of the kit are missing, which is told."""
    if missing_parts():
        return {}
    from ..suites import catalogue

    return catalogue()


def table_binding(name: str, protocol: type, factory: Callable[[], Any], path: Path) -> Binding:
    """Make a binding of what a table names, without noting it among those that modules make."""

    def make() -> Any:
        return factory()

    make.__qualname__ = getattr(factory, "__qualname__", name)
    make.__name__ = getattr(factory, "__name__", name)
    return Binding(protocol, make, "", name, str(path), 1)
