"""RG clauses about threads: the first registry, assignments, and the status between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from luminescent_cluster.extensions.registry import SLOTS

from ..clauses import Catalogue, Violation
from ..engine.case import Case, Refused
from ..engine.show import show
from ..schedules import Budget, Call, Result, explore_extension, replay
from ._registry_access import assign, elsewhere, oss_registry
from ._schedules import FAULTS, OUTCOMES, excuse, judge

__all__ = ["clauses"]

clauses = Catalogue()


def _explore(
    case: Case,
    programs: list[Any],
    observers: list[Callable[[Any], Any]],
    prepare: Callable[[Any], Any],
) -> None:
    """Explore schedules on the registry class, reset before every run."""
    given = case.subject.extension
    registry: Any = given if isinstance(given, type) else type(given)
    before = {slot: getattr(registry.get(), slot, None) for slot in SLOTS}

    def fresh() -> Any:
        registry.reset()
        prepare(registry)
        return registry

    options: dict[str, Any] = {
        "programs": programs,
        "observers": observers,
        "readers": [],
        "budget": Budget(seconds=60.0, schedules=case.profile.schedules),
        "promise": "linearizable",
    }

    def run() -> Result:
        if case.replay:
            return replay(case.replay, fresh, **options)
        return explore_extension(fresh, seed=case.seed, **options)

    try:
        result = case.perform(
            "schedules",
            run,
            150.0,
            counts=False,
        )
    except Refused as refusal:
        raise excuse(refusal) from refusal
    finally:
        registry.reset()
        for slot, extension in before.items():
            if extension is not None:
                setattr(registry.get(), slot, extension)
    judge(case, result, (*FAULTS, *OUTCOMES))


class _Marked:
    """An extension that can be told apart from any other by what it says."""

    def __init__(self, name: str) -> None:
        self.name = name


_ONE, _OTHER = _Marked("one"), _Marked("other")


def _name(extension: Any) -> Any:
    return getattr(extension, "name", extension)


def register_in_first(registry: Any) -> None:
    registry.get().tenant_provider = _ONE


def register_in_second(registry: Any) -> None:
    registry.get().usage_tracker = _OTHER


def _registered(registry: Any) -> Any:
    found = registry.get()
    return _name(found.tenant_provider), _name(found.usage_tracker)


@clauses.must(
    "RG-ONE-02",
    reason="the first requests of a process arrive together; an extension registered in a second "
    "registry is never found",
    fix="look again inside the lock (double-checked locking), and let reset() take it too",
    explores=True,
)
def one_registry_when_threads_race(case: Case) -> None:
    """get() gives one registry also when threads race for the first.

    Two threads register in what get() gives them; both extensions must be there afterwards.
    """
    programs = [[[Call(register_in_first)], [Call(register_in_second)]]]
    _explore(case, programs, [_registered], lambda registry: None)


def assign_one(registry: Any) -> None:
    registry.get().audit_logger = _ONE


def assign_other(registry: Any) -> None:
    registry.get().audit_logger = _OTHER


def empty(registry: Any) -> None:
    registry.get().audit_logger = None


def read(registry: Any) -> Any:
    return _name(registry.get().audit_logger)


@clauses.must(
    "RG-REG-01",
    reason="start-up and requests overlap during a reload; a request must find the old extension "
    "or the new one",
    fix="assign one reference; keep nothing else beside it",
    explores=True,
)
def assignment_is_atomic(case: Case) -> None:
    """What is assigned is what every thread reads: the old object or the new, nothing between."""
    with oss_registry(case) as registry:
        assign(case, registry, "audit_logger", _ONE)
        found = elsewhere(case, "get().audit_logger", lambda: registry.get().audit_logger)
        if found is not _ONE:
            raise Violation(
                "an extension was assigned to get().audit_logger in one thread",
                f"another thread then reads {show(_name(found))}",
            )
    programs = [
        [[Call(assign_one)], [Call(read), Call(read)]],
        [[Call(assign_one)], [Call(assign_other)], [Call(read)]],
        [[Call(empty)], [Call(read), Call(assign_other)]],
    ]
    _explore(case, programs, [read], assign_other)


def status(registry: Any) -> Any:
    return registry.get().get_status()


@clauses.must(
    "RG-STA-03",
    reason="a status that mixes two moments shows a mode that never was",
    fix="take all three slots in one step (copy the instance dict), then derive the mode from it",
    explores=True,
)
def status_is_never_torn(case: Case) -> None:
    """get_status() is never torn by a concurrent assignment.

    The slots and the mode it shows belong to one moment: mode is "cloud" exactly when a slot is
    taken, and slots that were never taken together are not shown together.
    """

    def assign(slot: str, extension: Any) -> Any:
        def assign_slot(target: Any) -> None:
            setattr(target.get(), slot, extension)

        assign_slot.__name__ = f"assign_{slot}" if extension is not None else f"empty_{slot}"
        return Call(assign_slot)

    programs: list[Any] = []
    for slot in SLOTS:
        programs.append([[assign(slot, _ONE)], [Call(status)]])
        programs.append([[assign(slot, _ONE), assign(slot, None)], [Call(status)]])
    # One slot is given up before the next is taken: never two at a time.
    for index, slot in enumerate(SLOTS):
        following = SLOTS[(index + 1) % 3]
        programs.append(
            [[assign(slot, _ONE), assign(slot, None), assign(following, _ONE)], [Call(status)]]
        )
    _explore(case, programs, [status], lambda target: None)
