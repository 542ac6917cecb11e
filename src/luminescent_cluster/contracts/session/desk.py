"""Everything that one run of contracts shares, whoever runs it: settings, effort, ledger."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..binding import Binding
from ..clauses import Catalogue, Clause, Result, Waiver
from ..config import ConfigError, Settings, read_settings
from ..reports import provenance
from ..reports.escape import visible
from ..reports.redact import redact_result
from . import cleaning, progress, reporting
from .effort import Effort, choose_effort
from .filing import Filing
from .job import Job
from .loading import LoadError, load_factory, load_protocol
from .needs import missing_parts
from .outcome import Outcome, report_of_nothing
from .plan import Plan
from .site import Site
from .wording import Telling, tell, waiver_for

__all__ = ["Desk", "DeskError"]

_LOADED = (cleaning, progress, reporting, provenance)
"""Loaded before the first clause runs, in every process of a run alike, although some need them
later or not at all: Hypothesis also draws constants of the modules that are loaded, and the same
seed has to give the same examples."""


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
        self.sites = {"": Site()}
        self._inipath = inipath
        self.replay: str = asked.pop("replay", "")
        self._asked = asked
        self._makings: dict[str, Any] = {}
        self._outcome: Outcome | None = None
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

        # As `check` finds what it names: pytest's own script puts no folder on the path.
        root = str(self.pyproject.parent)
        if root not in sys.path:
            sys.path.insert(0, root)
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

    def execute(
        self,
        job: Job,
        factory: Callable[[], Any],
        watch: Callable[[Any], object] | None = None,
    ) -> Result:
        """Check one clause.

        Args:
            job: the clause and its binding.
            factory: makes the extension.
            watch: as :func:`~luminescent_cluster.contracts.engine.execute.execute` takes it.

        Returns:
            The result, without secrets.
        """
        from ..engine.execute import execute
        from ..engine.instances import Making
        from ..engine.witness import Witness, watched

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
            making=self._makings.setdefault(job.planned.key, Making()),
            watch=watch,
        )
        return redact_result(witness.sign(result))

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """What the project waives."""
        return self.settings.waivers

    def tell(self, result: Result, job: Job) -> Telling:
        """Say how a test runner should tell a result."""
        waiver = waiver_for(result, self.waivers, self.today)
        told = tell(result, job.clause.text, waiver, strict=self.effort.strict)
        return Telling(told.outcome, visible(told.text), visible(told.brief))

    # -- the end ----------------------------------------------------------------------------

    def site(self, key: str = "") -> Site:
        """Give the site of that key, a new one where there is none."""
        return self.sites.setdefault(key, Site(key))

    def order_sites(self, keys: Iterable[str]) -> None:
        """Tell the sites in this order, whichever reported first."""
        found = {key: self.sites[key] for key in keys}
        self.sites = {**found, **self.sites}

    def told_of(self, plan: Plan) -> dict[str, Any]:
        """Give what a worker tells of its plan, as JSON-able data: the plan, and where it ran."""
        import dataclasses

        where = provenance.environment(Catalogue(_catalogue().values()).digest)
        return {**plan.to_json(), "environment": dataclasses.asdict(where)}

    def conclude(self, stopped: str = "") -> Outcome | None:
        """Give the verdict over everything that came in; the same one when asked again.

        Args:
            stopped: why the run ended early, where it did.

        Returns:
            None where no contract was to be checked (``--collect-only``).
        """
        if self._outcome is None and not self.looking:
            sites = self._sites_to_tell()
            clauses = _catalogue()
            if sites:
                self._outcome = self._concluded(sites, stopped, clauses)
            if self.filing is not None:
                self._outcome = self.filing.file(self._outcome or report_of_nothing(), clauses)
        return self._outcome

    def _sites_to_tell(self) -> list[Site]:
        """Give the sites that have something to say, or ought to."""
        if any(site.has_ids for site in self.sites.values()):
            for site in self.sites.values():
                site.plan_from_ids(_catalogue())
        known = [site for site in self.sites.values() if site.ledger.plan.bindings]
        for site in self.sites.values():
            if site.key and known and not site.ledger.plan.bindings:
                site.plan_as(known[0].ledger.plan)
        plans = [(site, site.ledger.plan) for site in self.sites.values()]
        return [site for site, plan in plans if plan.bindings or plan.problems]

    def _concluded(self, sites: list[Site], stopped: str, clauses: Mapping[str, Clause]) -> Outcome:
        try:
            settings, effort = self.settings, self.effort
        except (DeskError, ValueError) as error:
            for site in sites:
                site.ledger.take_trouble(str(error))
            settings = Settings()
            effort = choose_effort(settings, seed=0)
        waivers = settings.waivers if clauses else ()
        here = {b.name for site in sites for b in site.ledger.plan.bindings.values()}
        needed = {w for site in sites for w in site.ledger.needed(waivers)}
        conclusions = [
            site.conclude(
                stopped,
                needed,
                waivers=waivers,
                known=clauses.keys(),
                elsewhere={target.name for target in settings.targets} - here,
                today=self.today,
                strict=effort.strict,
                seed=effort.seed,
                profile=effort.profile.name,
            )
            for site in sites
        ]
        return Outcome(tuple(zip(sites, conclusions, strict=True)))

    def summary(self, *, colour: bool, quiet: bool) -> list[str]:
        """Give the end of the run as lines of text.

        Args:
            colour: whether to use ANSI colours.
            quiet: whether to leave out the clauses that passed.
        """
        if self._outcome is None:
            return []
        return [
            *self._outcome.slowest(self.durations),
            *(self.filing.written if self.filing else []),
            *self._outcome.lines(_catalogue(), colour=colour, passed=not quiet),
        ]


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
