"""VER: what an extension says it was built for."""

from __future__ import annotations

from luminescent_cluster.extensions.compatibility import slot_protocols
from luminescent_cluster.extensions.versions import (
    RequirementError,
    parse_requirements,
    version_of,
)

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.case import Case

clauses = Catalogue()

_HOW = '__protocols__ = ("{name}>=1.0,<2",)'


def _requirements(case: Case) -> list[object]:
    try:
        found = parse_requirements(case.subject.extension)
    except RequirementError as error:
        cause, _, remedy = str(error).rpartition("; ")
        raise Violation(cause, fix=remedy) from error
    if not found:
        raise Excused("the extension declares no range (VER-03 asks for one)")
    return list(found)


@clauses.must(
    "VER-01",
    reason="a requirement that cannot be read, or that names nothing, protects nobody at start-up",
    fix="declare requirement strings for known protocols, widened only after a passing run",
)
def declared_requirements_hold(case: Case) -> None:
    """Declared requirements parse, name known protocols and admit the running version."""
    case.looked()
    known = {protocol.__name__: protocol for protocol in slot_protocols().values()}
    known[case.protocol.__name__] = case.protocol
    for requirement in _requirements(case):
        name = getattr(requirement, "name")  # noqa: B009 - packaging's type is loaded lazily
        specifier = getattr(requirement, "specifier")  # noqa: B009
        if name not in known:
            raise Violation(
                f"__protocols__ holds {str(requirement)!r}, and there is no protocol {name}",
                fix=f"name one of {', '.join(sorted(known))}",
            )
        running = version_of(known[name])
        if running is None:
            raise Inconclusive(
                f"{name} has no version; declare it beside the class, as "
                f'{name.upper()}_VERSION = "1.0.0" with words parted by underscores'
            )
        # The running version counts even where it is a pre-release: it is the one that runs.
        if not specifier.contains(running, prereleases=True):
            raise Violation(
                f"__protocols__ holds {str(requirement)!r}, which does not admit {name} "
                f"{running}, the version that is running"
            )


@clauses.must(
    "VER-02",
    reason="a range that admits a version the extension fails lets start-up pass and requests fail",
    fix="declare the widest range that holds; `luminescent-contracts matrix` prints it",
    applies=lambda protocol: version_of(protocol) is not None,
)
def declared_range_is_honest(case: Case) -> None:
    """A declared range is honest: the extension satisfies every released version it admits.

    Released versions are those whose snapshots ship with the runtime, and the running one.
    """
    from ...compat import load, matrix, released
    from ...compat.matrix import Matrix

    name = case.protocol.__name__
    _requirements(case)
    running = version_of(case.protocol) or ""
    known: dict[str, object] = dict(released(name))
    known[running] = case.protocol
    editions = {version: load(source) for version, source in known.items()}  # type: ignore[arg-type]
    found: Matrix = matrix(case.subject.extension, editions, protocol=name, strict_hints=False)
    if found.declared is None:
        raise Excused(f"the extension declares no range of {name} (VER-03 asks for one)")
    case.looked()
    case.tally.extra["matrix"] = {
        "declared": found.declared,
        "claim": found.claim,
        "widest": found.widest,
        "versions": {cell.version: cell.status for cell in found.cells},
    }
    if found.claim in ("over-claimed", "contradictory"):
        evidence = [f"__protocols__ declares {name}{found.declared}: {found.claim}, {found.reason}"]
        for cell in found.cells:
            if cell.admitted and not cell.compatible:
                evidence += [
                    f"{name} {cell.version}: {r.witness or r.member}: {r.reason}"
                    for r in cell.rejections
                ]
        widest = f"declare {name}{found.widest}" if found.widest else None
        raise Violation(*evidence, fix=widest)
    if found.claim == "under-claimed":
        case.note(f"{found.reason}; the widest honest range is {found.widest}")


@clauses.should(
    "VER-03",
    reason="core and extensions release on their own schedules; only a declared range lets "
    "start-up refuse a combination that nobody tested",
    fix="declare the range on the class: " + _HOW.format(name="TenantProvider"),
    applies=lambda protocol: version_of(protocol) is not None,
)
def declares_its_range(case: Case) -> None:
    """The extension declares which versions of the protocol it was built for."""
    case.looked()
    try:
        found = _requirements(case)
    except Excused:
        found = []
    name = case.protocol.__name__
    if name not in {getattr(requirement, "name", "") for requirement in found}:
        raise Violation(f"__protocols__ names no range of {name}", fix=_HOW.format(name=name))
