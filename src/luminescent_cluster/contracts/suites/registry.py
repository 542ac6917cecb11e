"""RG: what core relies on in the registry. For ours, and for any other with its interface."""

from __future__ import annotations

import importlib
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import MagicMock

from luminescent_cluster.extensions import ExtensionRegistry
from luminescent_cluster.extensions.registry import SLOTS

from ..clauses import Catalogue, Violation
from ..engine.case import Case
from ..engine.show import show
from ..subjects.registry import RegistrySubject
from . import _registry_threads
from ._registry_access import EXTENSIONS, assign, elsewhere, oss_registry, status_of

PROTOCOL = ExtensionRegistry
SUBJECT = RegistrySubject
GENERIC = False  # the registry is called on its class and keeps state by design
clauses = Catalogue()

_HELPERS = dict(zip(SLOTS, ("is_multi_tenant", "is_metered", "is_audited"), strict=True))


@clauses.must(
    "RG-ONE-01",
    reason="an extension registered at start-up must be the one that every request finds",
    fix="keep the one instance on the class",
)
def one_registry(case: Case) -> None:
    """get() gives one registry per process."""
    with oss_registry(case) as registry:
        given = [case.perform("get()", registry.get, 5.0) for _ in range(3)]
        found = {id(one) for one in given}  # while all of them are there, no id comes again
        if len(found) != 1:
            raise Violation(f"three calls of get() gave {len(found)} registries")
        first = registry.get()
        if elsewhere(case, "get()", registry.get) is not first:
            raise Violation("get() in another thread gives another registry")
        marker = object()
        assign(case, registry, "tenant_provider", marker)
        if registry.get().tenant_provider is not marker:
            raise Violation(
                "an extension assigned to get().tenant_provider is not there at the next get()"
            )


@clauses.must(
    "RG-ONE-03",
    reason="a registry imported under two paths exists twice; what start-up registers in one, "
    "requests do not find in the other",
    fix="re-export the same class; never load its file under a second name",
)
def one_registry_by_any_path(case: Case) -> None:
    """Whatever import path it is reached by, it is the same registry."""
    with oss_registry(case) as registry:
        subject = case.subject
        paths = subject.import_paths if isinstance(subject, RegistrySubject) else ()
        for path in (f"{registry.__module__}:{registry.__qualname__}", *paths):
            module_name, _, name = path.partition(":")
            try:
                found: Any = importlib.import_module(module_name)
                for part in name.split("."):
                    if part != "<locals>":
                        found = getattr(found, part)
            except (ImportError, AttributeError) as error:
                if path in paths:
                    raise Violation(f"{path} cannot be imported: {error}") from error
                continue
            if found.get() is not registry.get():
                raise Violation(f"{path} gives another registry")
        for twin_path, twin in _twins(registry):
            if twin.get() is not registry.get():
                raise Violation(
                    f"{twin_path} was loaded from the same file under another name, and gives "
                    "another registry"
                )


def _twins(registry: type) -> Iterator[tuple[str, Any]]:
    """Find classes of the same name from the same source file, loaded under other names."""
    try:
        source = inspect.getsourcefile(registry)
    except TypeError:
        return
    for name, module in list(sys.modules.items()):
        found = getattr(module, "__dict__", {}).get(registry.__name__)
        if not isinstance(found, type) or found is registry:
            continue
        try:
            if inspect.getsourcefile(found) == source and hasattr(found, "get"):
                yield f"{name}:{registry.__name__}", found
        except TypeError:
            continue


@clauses.must(
    "RG-RST-01",
    reason="tests isolate themselves with reset(); what survives it leaks into the next test",
    fix="let reset() drop the instance, so that get() makes a new one",
)
def reset_gives_a_fresh_registry(case: Case) -> None:
    """reset() gives a fresh registry in OSS mode."""
    with oss_registry(case) as registry:
        before = registry.get()
        for slot in SLOTS:
            assign(case, registry, slot, object())
        case.perform("reset()", registry.reset, 5.0)
        after = registry.get()
        if after is before:
            raise Violation("get() after reset() gives the registry from before")
        for slot in SLOTS:
            if getattr(after, slot) is not None:
                raise Violation(f"after reset(), {slot} is {show(getattr(after, slot))}")
        if status_of(case, registry).get("mode") != "oss":
            raise Violation(f"after reset(), get_status() -> {status_of(case, registry)}")


@clauses.must(
    "RG-REG-02",
    reason="core tests `is None` and truth; a slot that cannot be emptied cannot be turned off",
    fix="store what is assigned, None included",
)
def none_deregisters(case: Case) -> None:
    """What is assigned is what is read, and None deregisters."""
    with oss_registry(case) as registry:
        for slot, (kind, make) in itertools.product(SLOTS, EXTENSIONS.items()):
            extension = make()
            assign(case, registry, slot, extension, kind)
            if getattr(registry.get(), slot) is not extension:
                raise Violation(f"{slot} was assigned {kind} and gives something else")
            assign(case, registry, slot, None, "None")
            if getattr(registry.get(), slot) is not None:
                raise Violation(f"{slot} was assigned None and gives something else")
            if status_of(case, registry).get(slot) is not False:
                raise Violation(
                    f"{slot} was assigned None and get_status() -> {status_of(case, registry)}"
                )


def _occupations() -> Iterator[tuple[str, tuple[str, ...], Callable[[], object]]]:
    for size in range(len(SLOTS) + 1):
        for taken in itertools.combinations(SLOTS, size):
            for kind, make in EXTENSIONS.items():
                yield kind, taken, make


@clauses.must(
    "RG-STA-01",
    reason="health checks and start-up logs read the status; a wrong mode hides a missing "
    "extension",
    fix='give the three slots as bools, and mode "cloud" where any is not None',
)
def status_is_the_guides(case: Case) -> None:
    """get_status() has the guide's keys and values; mode is "cloud" once any slot is taken.

    Keys besides the guide's are the registry's own affair.
    """
    with oss_registry(case) as registry:
        for kind, taken, make in _occupations():
            registry.reset()
            for slot in taken:
                assign(case, registry, slot, make(), kind)
            expected: dict[str, Any] = {slot: slot in taken for slot in SLOTS}
            expected["mode"] = "cloud" if taken else "oss"
            status = status_of(case, registry)
            told = {key: status.get(key) for key in expected}
            if told != expected or any(type(status[slot]) is not bool for slot in SLOTS):
                raise Violation(
                    f"with {kind} as {' and '.join(taken) or 'nothing'}: "
                    f"get_status() -> {show(status)}",
                    f"expected {expected}",
                )
            status["mode"] = "spoiled"
            if status_of(case, registry).get("mode") != expected["mode"]:
                raise Violation("changing the dict that get_status() gave changes the next one")


@clauses.must(
    "RG-STA-02",
    reason="two sources of the same truth that disagree send one half of core the wrong way",
    fix="ask `is not None` in both",
)
def helpers_agree_with_status(case: Case) -> None:
    """is_multi_tenant, is_metered and is_audited agree with get_status(), whatever is registered.

    Falsy extensions and mocks are registered extensions too.
    """
    with oss_registry(case) as registry:
        for kind, taken, make in _occupations():
            registry.reset()
            for slot in taken:
                assign(case, registry, slot, make(), kind)
            status = status_of(case, registry)
            for slot, helper in _HELPERS.items():
                answer = getattr(registry.get(), helper)()
                if answer is not status.get(slot) or answer is not (slot in taken):
                    raise Violation(
                        f"with {kind} as {' and '.join(taken) or 'nothing'}: {helper}() -> "
                        f"{answer!r}, and get_status()[{slot!r}] -> {status.get(slot)!r}"
                    )


@clauses.must(
    "RG-OSS-01",
    reason="core works without extensions; each one adds its part and nothing else",
    fix="leave empty slots None, so that core's guards skip them",
)
def handler_works_with_any_extensions(case: Case) -> None:
    """The guide's request handler works with none, any one, any two and all three extensions."""
    with oss_registry(case) as registry:
        for size in range(len(SLOTS) + 1):
            for taken in itertools.combinations(SLOTS, size):
                registry.reset()
                doubles = {slot: _double(slot) for slot in taken}
                for slot, double in doubles.items():
                    assign(case, registry, slot, double, "a mock")
                shown = " and ".join(taken) or "no extension"
                try:
                    filters = case.perform(
                        f"handle_query() with {shown}", lambda: _handle_query(registry), 5.0
                    )
                except Exception as error:
                    raise Violation(f"with {shown} the handler fails: {error}") from error
                expected = {"tenant_id": {"$eq": "acme"}} if "tenant_provider" in taken else {}
                if filters != expected:
                    raise Violation(f"with {shown} the query's filter is {show(filters)}")
                for slot, double in doubles.items():
                    if not double.method_calls:
                        raise Violation(f"with {shown} the handler never reached {slot}")


def _double(slot: str) -> MagicMock:
    double = MagicMock(name=slot)
    if slot == "tenant_provider":
        double.get_tenant_id.return_value = "acme"
        double.get_tenant_filter.return_value = {"tenant_id": {"$eq": "acme"}}
    return double


def _handle_query(registry_class: Any) -> dict[str, Any]:
    """Core's handler: each extension is used where it is registered."""
    context = {"x-tenant-id": "acme", "user_id": "ada"}
    registry = registry_class.get()
    filters: dict[str, Any] = {}
    if registry.tenant_provider:
        tenant_id = registry.tenant_provider.get_tenant_id(context)
        filters = registry.tenant_provider.get_tenant_filter(tenant_id)
    if registry.usage_tracker:
        registry.usage_tracker.track("query", 4, context)
    if registry.audit_logger:
        registry.audit_logger.log_event(
            event_type="data_access",
            actor=context.get("user_id", "unknown"),
            resource="knowledge_base",
            action="search",
            outcome="success",
            details={"query": "test"},
        )
    return filters


clauses = clauses | _registry_threads.clauses
