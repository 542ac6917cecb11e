"""Versions of protocols: what follows a bump."""

from __future__ import annotations

from packaging.version import InvalidVersion, Version

from .rules import Bump

__all__ = ["at_least", "next_version"]


def next_version(version: str, bump: Bump | None) -> str | None:
    """Return the least version that may follow; None where ``version`` is no version.

    Below 1.0.0 the second number counts breaks and the third everything else.
    """
    try:
        parsed = Version(version)
    except InvalidVersion:
        return None
    major, minor, patch = (*parsed.release, 0, 0, 0)[:3]
    if bump is None:
        return version
    if major == 0:
        return f"0.{minor + 1}.0" if bump == "MAJOR" else f"0.{minor}.{patch + 1}"
    if bump == "MAJOR":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "MINOR" else f"{major}.{minor}.{patch + 1}"


def at_least(declared: str, required: str) -> bool | None:
    """Return whether one version reaches another, a pre-release of it included; None if unknown."""
    try:
        one, other = Version(declared), Version(required)
    except InvalidVersion:
        return None
    return one.release >= other.release or one >= other
