"""Watching a collection: which bindings were met, which clauses became items, what was dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from ..binding import BINDINGS, Binding
from ..suites import Suite
from .job import Job
from .missed import missed_bindings, why_missed
from .plan import Plan, Planned
from .reporting import reason_of
from .static import bindings_in

__all__ = ["Collecting"]

_VERBS = {"skipped": "was skipped", "failed": "could not be collected"}


class _Node(Protocol):
    @property
    def nodeid(self) -> str: ...


class Collecting:
    """Takes in what a collection does, and gives the plan at its end.

    Args:
        root: the project's folder; places are shown relative to it.
        former: how many bindings existed before this run began (another run in this process).
    """

    def __init__(self, root: Path, former: int = 0) -> None:
        self.root = root
        self._former = former
        self._met: dict[str, Binding] = {}
        self._expanded: dict[str, list[Planned]] = {}
        self._items: dict[int, tuple[str, str]] = {}
        self._at_arguments: set[int] = set()
        self._deselected: set[int] = set()

    def met(self, nodeid: str, binding: Binding) -> None:
        """A binding was found under this node id."""
        self._met[nodeid] = binding

    def jobs(
        self, nodeid: str, name: str, binding: Binding, suite: Suite, suffix: str
    ) -> list[Job]:
        """Plan every clause of a binding (of one of its parameter sets, ``suffix``)."""
        planned = Planned(
            nodeid + suffix,
            name + suffix,
            binding.protocol.__name__,
            self._place(binding),
            tuple((clause.id, clause.level.value) for clause in suite.clauses.values()),
        )
        self._expanded.setdefault(nodeid, []).append(planned)
        clauses = suite.clauses.values()
        return [Job(clause, suite, binding.protocol, planned) for clause in clauses]

    def created(self, item: object, job: Job) -> None:
        """A job became an item."""
        self._items[id(item)] = (job.planned.key, job.clause.id)

    def at_arguments(self, items: Iterable[object]) -> None:
        """These items are what the arguments of the run select, before anything is deselected."""
        self._at_arguments = {id(item) for item in items}

    def deselected(self, items: Iterable[object]) -> None:
        """These items were announced as deselected."""
        self._deselected |= {id(item) for item in items}

    def finish(
        self,
        items: Iterable[_Node],
        modules: Collection[Path],
        bad: Mapping[Path, Any],
        config: Any,
    ) -> Plan:
        """Give the plan.

        Args:
            items: what will run.
            modules: files that were collected as test modules.
            bad: the collection report of each module that was skipped as a whole or could not be
                collected.
            config: pytest's; asked for the names of test modules, the arguments (folders, files,
                node ids), and the plugin behind ``--lf``, which may have left out whole files.
        """
        patterns = config.getini("python_files")
        skipped = getattr(config.pluginmanager.getplugin("lfplugin"), "_skipped_files", 0)
        cuts = [f"--lf left out {skipped} file(s)"] if skipped else []
        why = {
            path: f"its module {_VERBS[report.outcome]}: {reason_of(report)}"
            for path, report in bad.items()
        }
        narrowed = any(_narrows(argument) for argument in map(str, config.args))
        plan = Plan(narrowed=narrowed, cuts=dict.fromkeys(cuts))
        for nodeid, binding in self._met.items():
            expanded = self._expanded.get(nodeid)
            for planned in expanded or [self._unexpanded(nodeid, binding)]:
                plan.add(planned)
            if not expanded:
                plan.leave(nodeid, [""], "the arguments name other tests", chosen=narrowed)
        running = {id(item) for item in items}
        for item in items:
            if id(item) in self._items:
                plan.items[item.nodeid] = self._items[id(item)]
        for number, (key, clause) in self._items.items():
            if number in running:
                continue
            if number in self._deselected:
                plan.leave(key, [clause], "deselected", chosen=True)
            elif number not in self._at_arguments and narrowed:
                plan.leave(key, [clause], "the arguments name other tests", chosen=True)
            else:
                plan.leave(key, [clause], "a plugin or conftest took it out", chosen=False)
        self._add_missed(plan, modules, why, patterns)
        return plan

    def _add_missed(
        self,
        plan: Plan,
        modules: Collection[Path],
        bad: Mapping[Path, str],
        patterns: Iterable[str],
    ) -> None:
        missed = missed_bindings(
            BINDINGS[self._former :],
            self._met.values(),
            modules=modules,
            root=self.root,
            patterns=tuple(patterns),
        )
        for binding in missed:
            planned = self._unexpanded(
                f"{self._relative(Path(binding.file))}::{binding.name} (line {binding.line})",
                binding,
            )
            plan.add(planned)
            plan.leave(planned.key, [""], why_missed(binding, bad), chosen=False)
        known = {(Path(b.file), b.name) for b in (*missed, *self._met.values())}
        for path, reason in bad.items():
            self._add_unread(plan, path, reason, known)

    def _add_unread(
        self, plan: Plan, path: Path, reason: str, known: set[tuple[Path, str]]
    ) -> None:
        try:
            found = bindings_in(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            found = None
        for name, line in found or []:
            if (path, name) not in known:
                key = f"{self._relative(path)}::{name}"
                plan.add(Planned(key, name, "", f"{self._relative(path)}:{line}"))
                plan.leave(key, [""], reason, chosen=False)

    def _unexpanded(self, nodeid: str, binding: Binding) -> Planned:
        from ..suites import suite_for

        try:
            clauses: Any = suite_for(binding.protocol).clauses.values()
        except (TypeError, ImportError):  # told where it is collected
            clauses = ()
        return Planned(
            nodeid,
            binding.name,
            binding.protocol.__name__,
            self._place(binding),
            tuple((clause.id, clause.level.value) for clause in clauses),
        )

    def _place(self, binding: Binding) -> str:
        return f"{self._relative(Path(binding.file))}:{binding.line}"

    def _relative(self, path: Path) -> str:
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def _narrows(argument: str) -> bool:
    path = Path(argument.partition("::")[0])
    return "::" in argument or (path.is_file() and path.name != "pyproject.toml")
