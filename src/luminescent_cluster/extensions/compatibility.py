"""Checking registered extensions before the first request meets them."""

from typing import TYPE_CHECKING, Any, NamedTuple

from .registry import SLOTS, ExtensionRegistry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

__all__ = ["Incompatibility", "IncompatibleExtensionError", "verify_extensions"]


# Of a plain list of fields: a class body with annotations loads `annotationlib` and `ast` on 3.14.
_Fields = NamedTuple(  # noqa: UP014 - see above
    "_Fields",
    [("slot", str), ("protocol", str), ("extension", str), ("problem", str), ("remedy", str)],
)


class Incompatibility(_Fields):
    """One reason why a registered extension cannot serve its slot.

    Attributes:
        slot: where it is registered, for instance ``"tenant_provider"``.
        protocol: the protocol that the slot asks for, with its version where it has one.
        extension: the extension's class, as ``module.QualifiedName``.
        problem: what does not fit, with the call or declaration that shows it.
        remedy: what to do about it.
    """

    __slots__ = ()


class IncompatibleExtensionError(TypeError):
    """Registered extensions do not fit their protocols; all of them are named at once.

    Attributes:
        problems: every incompatibility found, as :class:`Incompatibility`.
    """

    def __init__(self, problems: "tuple[Incompatibility, ...]") -> None:
        self.problems = problems
        lines = [f"{len(problems)} incompatibilit{'y' if len(problems) == 1 else 'ies'} found"]
        for problem in problems:
            lines.append(f"  {problem.slot}: {problem.extension} as {problem.protocol}")
            lines.append(f"    {problem.problem}")
            lines.append(f"    fix: {problem.remedy}")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> "tuple[type[IncompatibleExtensionError], tuple[object, ...]]":
        return type(self), (self.problems,)


def verify_extensions(registry: ExtensionRegistry | None = None) -> None:
    """Check every registered extension against its protocol; call it once, after registration.

    Looks at what a request would meet: core's guard ``if registry.tenant_provider:`` must let the
    extension through, each call that the protocol permits must bind, sync must stay sync, and the
    declared ``__protocols__`` must admit the running versions. No method of an extension is
    called. Empty slots (OSS mode) and mocks pass.

    Args:
        registry: the registry to check; the process-wide one where omitted.

    Raises:
        IncompatibleExtensionError: at least one extension does not fit; it names every reason of
            every extension.
    """
    registered = ExtensionRegistry.get() if registry is None else registry
    protocols = slot_protocols()
    problems: list[Incompatibility] = []
    for slot in SLOTS:
        extension = getattr(registered, slot)
        if extension is not None:
            problems += find_problems(slot, extension, protocols)
    if problems:
        raise IncompatibleExtensionError(tuple(problems))


def slot_protocols() -> "dict[str, type]":
    """Give the protocol that each slot of the registry asks for."""
    from .protocols.audit_logger import AuditLogger
    from .protocols.tenant_provider import TenantProvider
    from .protocols.usage_tracker import UsageTracker

    return {
        "tenant_provider": TenantProvider,
        "usage_tracker": UsageTracker,
        "audit_logger": AuditLogger,
    }


def find_problems(
    slot: str, extension: object, protocols: "Mapping[str, type]"
) -> "list[Incompatibility]":
    """Name everything that keeps one extension from serving one slot.

    Args:
        slot: where the extension is, or will be, registered.
        extension: the extension.
        protocols: the protocol of every slot.

    Returns:
        The reasons; empty where the extension fits.
    """
    from ._calls import check_calls
    from .versions import version_of

    protocol = protocols[slot]
    version = version_of(protocol)
    name = f"{protocol.__name__} {version}" if version else protocol.__name__
    owner = extension if really_a_class(extension) else type(extension)
    owner_name = f"{owner.__module__}.{owner.__qualname__}"

    def problem(text: str, remedy: str) -> Incompatibility:
        return Incompatibility(slot, name, owner_name, text, remedy)

    problems = []
    if really_a_class(extension) and _needs_an_instance(extension, protocol):
        problems.append(
            problem(
                f"the class {owner.__qualname__} is registered, not an instance of it",
                f"register an instance: registry.{slot} = {owner.__qualname__}(…)",
            )
        )
    if truth := _truth_problem(extension, f"core's `if registry.{slot}:`"):
        problems.append(problem(truth, "define __bool__ to return True"))
    problems += [
        problem(
            f"{rejection.witness}: {rejection.reason}" if rejection.witness else rejection.reason,
            f"change the method to take what {protocol.__name__} permits",
        )
        for rejection in check_calls(extension, protocol)
    ]
    problems += [problem(*found) for found in _requirement_problems(extension, protocols.values())]
    return problems


def really_a_class(extension: object) -> "TypeGuard[type[Any]]":
    """Tell by the true class: asking for __class__ may run the object's code, and mocks lie."""
    return issubclass(type(extension), type)


def _needs_an_instance(klass: "type[Any]", protocol: type) -> bool:
    """Tell whether a method of the protocol would miss its ``self`` on the class itself."""
    from ._calls.peek import raw_attribute

    methods = [raw_attribute(klass, n) for n in vars(protocol) if not n.startswith("_")]
    return not all(isinstance(method, (staticmethod, classmethod)) for method in methods)


def _truth_problem(extension: object, guard: str) -> str | None:
    try:
        truthy = bool(extension)
    except Exception as error:
        text = f"bool(extension) raises {type(error).__name__}: {error}"
        return f"{text}; {guard} would raise it on every request"
    return None if truthy else f"bool(extension) is False; {guard} would skip it silently"


def _requirement_problems(extension: object, protocols: "object") -> "list[tuple[str, str]]":
    from .versions import read_requirements, version_of

    known = {protocol.__name__: version_of(protocol) for protocol in protocols}  # type: ignore[attr-defined]
    requirements, errors = read_requirements(extension)
    found = []
    for error in errors:
        cause, _, remedy = str(error).rpartition("; ")
        found.append((cause, remedy))
    for requirement in requirements:
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        if requirement.name not in known:
            found.append(
                (
                    f"__protocols__ asks for {requirement.name}, which core does not define",
                    f"name one of {', '.join(sorted(known))}",
                )
            )
            continue
        running = known[requirement.name]
        if running is not None and not requirement.specifier.contains(running, prereleases=True):
            found.append(
                (
                    f"__protocols__ asks for {requirement}, and {running} is running",
                    "run a core that the range admits, or test the extension against "
                    f"{requirement.name} {running} and widen the range",
                )
            )
    return found
