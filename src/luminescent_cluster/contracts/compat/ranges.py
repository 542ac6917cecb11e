"""Declared version ranges: do they tell the truth about the versions that were released?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from .errors import SourceError

__all__ = ["Claim", "Judgement", "judge_range", "parse_range", "widest_range"]

Claim = Literal["honest", "over-claimed", "under-claimed", "unverifiable", "contradictory"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a declared range is worth.

    Attributes:
        claim: one word for it.
        reason: the versions that show it, in words.
    """

    claim: Claim
    reason: str


def parse_range(declared: str, protocol: str = "") -> SpecifierSet:
    """Read a declared range.

    Args:
        declared: ``>=1.0,<2``, or a whole requirement, ``TenantProvider>=1.0,<2``.
        protocol: the protocol that a whole requirement must name, where that is known.

    Raises:
        SourceError: it is no range, or one of another protocol.
    """
    example = "write it as >=1.0,<2"
    try:
        return SpecifierSet(declared)
    except InvalidSpecifier:
        pass
    if _is_version(declared):
        raise SourceError(declared, "it is a version, not a range of versions", example)
    try:
        requirement = Requirement(declared)
    except InvalidRequirement as error:
        problem = f"it is no version range ({str(error).splitlines()[0]})"
        raise SourceError(declared, problem, example) from None
    if protocol and requirement.name != protocol:
        raise SourceError(declared, f"it names {requirement.name}, not {protocol}", example)
    return requirement.specifier


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def judge_range(
    specifier: SpecifierSet, satisfied: Mapping[str, bool], *, prereleases: bool = False
) -> Judgement:
    """Judge a declared range against what an implementation really satisfies.

    Pre-releases are left out of the judgement, unless the range itself names one or
    ``prereleases`` asks for them.

    Args:
        specifier: the declared range.
        satisfied: for every released version, whether the implementation satisfies it.
        prereleases: judge pre-releases, too.
    """
    text = str(specifier) or "any version"
    if not _satisfiable(specifier):
        return Judgement("contradictory", f"no version at all is {text}")
    with_pre = prereleases or _names_prerelease(specifier)
    known = [v for v in satisfied if with_pre or not Version(v).is_prerelease]
    admitted = [v for v in known if specifier.contains(v, prereleases=True)]
    if not admitted:
        shown = ", ".join(known) or "none"
        return Judgement("unverifiable", f"{text} admits no released version ({shown})")
    lies = [v for v in admitted if not satisfied[v]]
    if lies:
        return Judgement("over-claimed", f"{text} admits {', '.join(lies)}, which it fails")
    missed = [v for v in known if satisfied[v] and v not in admitted]
    if missed:
        return Judgement(
            "under-claimed", f"{text} leaves out {', '.join(missed)}, which it satisfies"
        )
    return Judgement("honest", f"it satisfies {', '.join(admitted)} and {text} admits no other")


def widest_range(satisfied: Mapping[str, bool], *, prereleases: bool = False) -> str | None:
    """Return the widest range that admits every version which is satisfied and none that fails.

    It ends before the next MAJOR version that nobody has seen: only within one MAJOR number the
    rules promise that nothing breaks. None where no version is satisfied.
    """
    known = sorted(
        (v for v in satisfied if prereleases or not Version(v).is_prerelease), key=Version
    )
    good = [v for v in known if satisfied[v]]
    if not good:
        return None
    first, last = good[0], good[-1]
    failing = [v for v in known if not satisfied[v] and Version(v) > Version(first)]
    parts = [f">={first}"]
    parts += [f"!={v}" for v in failing if Version(v) < Version(last)]
    major = Version(last).major
    beyond = [v for v in failing if Version(v) > Version(last) and Version(v).major == major]
    parts.append(f"<{beyond[0]}" if beyond else f"<{major + 1}")
    return ",".join(parts)


def _names_prerelease(specifier: SpecifierSet) -> bool:
    for item in specifier:
        try:
            if Version(item.version.removesuffix(".*")).is_prerelease:
                return True
        except InvalidVersion:
            continue  # `===` takes any text
    return False


def _satisfiable(specifier: SpecifierSet) -> bool:
    """Return True when some version, released or not, lies in the range."""
    if any(item.operator == "===" for item in specifier):
        return True
    return any(specifier.contains(v, prereleases=True) for v in _candidates(specifier))


def _candidates(specifier: SpecifierSet) -> Iterator[str]:
    """Yield versions at, just below, just above and between all the bounds of a range."""
    yield "0"
    yield "99999"
    for item in specifier:
        bound = Version(item.version.removesuffix(".*"))
        release = list(bound.release)
        plain = ".".join(map(str, release))
        epoch = f"{bound.epoch}!" if bound.epoch else ""
        yield item.version.removesuffix(".*")
        yield f"{epoch}{plain}"
        for tail in (".0.0.1", ".0.1", ".1", "a1", ".dev1", "rc999", ".post1"):
            yield f"{epoch}{plain}{tail}"
        for at in range(len(release)):
            higher = [*release[:at], release[at] + 1]
            yield epoch + ".".join(map(str, higher))
            if release[at]:
                lower = [*release[:at], release[at] - 1]
                yield epoch + ".".join(map(str, [*lower, 99999]))
