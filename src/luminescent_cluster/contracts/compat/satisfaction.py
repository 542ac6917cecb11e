"""Does one implementation satisfy one version of a protocol?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from luminescent_cluster.contracts.shapes import Attribute, Rejection, Shape
from luminescent_cluster.extensions._calls.judge import judge
from luminescent_cluster.extensions._calls.model import Member
from luminescent_cluster.extensions.versions import RequirementError, parse_requirements

from .acceptance import accept
from .edition import Edition
from .errors import SourceError
from .live import edition_of
from .sources import load
from .witnesses import use_text

__all__ = [
    "Rejection",
    "declared_protocols",
    "declared_range",
    "defaults_used",
    "satisfies",
    "title_of",
]


def satisfies(
    implementation: object, version: Edition | Shape | str, *, strict_hints: bool = False
) -> tuple[Rejection, ...]:
    """Return why an implementation does not satisfy a version of a protocol.

    Optional members may be missing: the protocol's default serves them. One that is there must
    accept what the protocol permits, or it is called by mistake.

    Args:
        implementation: an instance, a class, or the text of a source (never imported).
        version: an edition, its shape, or the text of a source.
        strict_hints: also reject what only a type checker would (``SIG-05``).

    Returns:
        Rejections, each with the call that shows it; empty where the version is satisfied.

    Raises:
        SourceError: a source cannot be read.
    """
    edition = load(version)
    if isinstance(implementation, str):
        provider = load(implementation, protocol=False)
        return _of_text(provider, edition, strict_hints)
    found = list(judge(implementation, _contract(edition)).rejections)
    if strict_hints:
        blamed = {r.member for r in found}
        found += [r for r in _hints(implementation, edition) if r.member not in blamed]
    return tuple(found)


def _contract(edition: Edition) -> Shape:
    """Return the shape with what the contract counts, and optional members marked as such."""
    optional = edition.optional_names()

    def marked(member: Member) -> Member:
        if member.name not in optional or member.optional_since is not None:
            return member
        return replace(member, optional_since="0")

    return replace(edition.shape, members=tuple(map(marked, edition.members.values())))


def _hints(implementation: object, edition: Edition) -> list[Rejection]:
    owner = implementation if isinstance(implementation, type) else type(implementation)
    try:
        provider = edition_of(owner, protocol=False)
    except Exception:  # anything may stand in for a class; hints are then not known
        return []
    data = {m.name for m in provider.shape.members if isinstance(m, Attribute)}
    return [
        r for r in _of_text(provider, edition, True) if r.clause_id == "SIG-05" or r.member in data
    ]


_CLAUSES = {
    "missing": "SIG-01",
    "kind": "SIG-01",
    "landing": "SIG-03",
    "default": "DEF-02",
    "flow": "SIG-04",
    "read-only": "SIG-01",
}


def _of_text(provider: Edition, edition: Edition, strict_hints: bool) -> tuple[Rejection, ...]:
    served = edition.optional_names()
    found = []
    for item in accept(provider, edition, served, sides=(0, 1), implementation=True):
        checker = item.level == "type checker"
        if checker and not strict_hints:
            continue
        clause = "SIG-05" if checker else _CLAUSES.get(item.aspect, "SIG-02")
        blame = item.parameters[0] if item.parameters else ""
        found.append(
            Rejection(clause, item.member, use_text(item.use, edition), item.reason, blame)
        )
    return tuple(found)


def defaults_used(implementation: object, edition: Edition) -> tuple[str, ...]:
    """Return the optional members that the implementation lacks and the default serves."""
    names = sorted(edition.optional_names() & edition.members.keys())
    if isinstance(implementation, str):
        provider = load(implementation, protocol=False)
        return tuple(n for n in names if provider.shape.member(n) is None)
    missing: Any = object()
    return tuple(n for n in names if getattr(implementation, n, missing) is missing)


def declared_range(implementation: object, protocol: str) -> str | None:
    """Return the range that an implementation declares for a protocol, or None.

    Raises:
        SourceError: its ``__protocols__`` cannot be read.
    """
    for name, specifier in _requirements(implementation):
        if name == protocol:
            return specifier
    return None


def declared_protocols(implementation: object) -> tuple[str, ...]:
    """Return the names of the protocols for which an implementation declares a range."""
    return tuple(dict.fromkeys(name for name, _ in _requirements(implementation)))


def _requirements(implementation: object) -> list[tuple[str, str]]:
    if isinstance(implementation, str):
        declared = load(implementation, protocol=False).values.get("__protocols__", "()")
        implementation = _declares(declared)
    try:
        found = parse_requirements(implementation)
    except RequirementError as error:
        cause, _, remedy = str(error).rpartition("; ")
        raise SourceError(title_of(implementation), cause, remedy) from None
    return [(r.name, str(r.specifier)) for r in found]


def _declares(text: str) -> object:
    import ast

    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = ()
    return type("Declared", (), {"__protocols__": value})


def title_of(implementation: object) -> str:
    """Return how an implementation is called in reports."""
    if isinstance(implementation, str):
        return implementation
    owner = implementation if isinstance(implementation, type) else type(implementation)
    return f"{owner.__module__}:{owner.__qualname__}"
