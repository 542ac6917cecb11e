"""What pytest runs: an item for each clause of a binding, and what collects them."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .binding import Binding
    from .clauses import Result
    from .plugin import Hooks
    from .session.job import Job
    from .session.wording import Telling

__all__ = [
    "HOOKS",
    "RESULT",
    "ClauseFailure",
    "ClauseItem",
    "ContractCollector",
    "TableFile",
    "long_form",
    "native_form",
    "told_as",
]

HOOKS: pytest.StashKey[Hooks] = pytest.StashKey()
"""Where a run's configuration keeps its hooks."""
RESULT: pytest.StashKey[Result] = pytest.StashKey()
"""Where an item keeps its result."""


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
        hooks = self.config.stash[HOOKS]
        desk, watch = hooks.desk, functools.partial(hooks.watch, self.nodeid)
        result = self.stash[RESULT] = desk.execute(self.job, factory, watch)
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
        self.config.stash[HOOKS].collecting.met(self.nodeid, binding)

    def collect(self) -> Iterator[ClauseItem]:
        hooks = self.config.stash[HOOKS]
        with told_as(self.CollectError):
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
        with told_as(self.CollectError):
            bindings = self.config.stash[HOOKS].desk.table_bindings()
        for binding in bindings:
            setattr(self.obj, binding.name, binding.factory)
            yield ContractCollector.from_parent(
                self, name=binding.name, binding=binding, factory=binding.factory
            )


@contextmanager
def told_as(kind: type[Exception]) -> Iterator[None]:
    """Tell what keeps contracts from being checked in pytest's way, without a traceback."""
    from .session.desk import DeskError

    try:
        yield
    except DeskError as error:
        raise kind(str(error)) from error


def long_form(location: tuple[str, int | None, str], telling: Telling) -> Any:
    """Give what pytest shows: the message, and its brief form for the one-line summary."""
    if telling.outcome == "skipped":
        return (location[0], (location[1] or 0) + 1, f"Skipped: {telling.brief}")
    return (
        None if telling.outcome == "passed" else native_form(location, telling.text, telling.brief)
    )


def native_form(location: tuple[str, int | None, str], text: str, gist: str) -> Any:
    """Give what pytest shows: a text as it stands, and its gist for the one-line summary."""
    from _pytest._code import code

    return code.ReprExceptionInfo(
        reprtraceback=code.ReprTraceback(
            [code.ReprEntryNative([text + "\n"])], None, style="native"
        ),
        reprcrash=code.ReprFileLocation(location[0], (location[1] or 0) + 1, gist),
    )
