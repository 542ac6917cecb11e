"""The ``[tool.luminescent.contracts]`` table of a project.

::

    [tool.luminescent.contracts]
    tenant_provider = "cloud.extensions.multi_tenant:CloudTenantProvider"   # slot = what makes one
    "cloud.protocols:Mailer" = "cloud.mail:SmtpMailer"                      # any other protocol
    profile = "ci"                                                          # smoke | ci | thorough
    seed = 7
    strict = true
    [[tool.luminescent.contracts.waivers]]
    clause = "AL-EVT-04"
    …

What a command line says goes before the table, and the table before the defaults.
"""

from __future__ import annotations

import codecs
import dataclasses
import difflib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from luminescent_cluster.extensions.compatibility import slot_protocols

from .clauses import Waiver, WaiverError, parse_waiver

__all__ = [
    "ConfigError",
    "Settings",
    "Target",
    "find_pyproject",
    "parse_settings",
    "parse_target",
    "read_settings",
]

PROFILES = ("smoke", "ci", "thorough")
_KEYS = ("profile", "seed", "strict", "waivers")


class ConfigError(ValueError):
    """A setting that cannot be used; the message names its place, the cause and the remedy."""


@dataclass(frozen=True)
class Target:
    """A binding made without test code.

    Attributes:
        name: a slot of the registry, or ``package.module:Protocol``.
        factory: ``module:attribute`` of what makes the extension.
        place: where it stands, for messages.
    """

    name: str
    factory: str
    place: str


@dataclass(frozen=True)
class Settings:
    """What a project says about its contracts.

    Attributes:
        targets: bindings without test code.
        profile: effort, or None where it says nothing.
        seed: seed of everything random, or None.
        strict: whether SHOULD weighs as MUST and only success passes.
        waivers: known failures.
        place: the file, for messages; empty where there is none.
    """

    targets: tuple[Target, ...] = ()
    profile: str | None = None
    seed: int | None = None
    strict: bool = False
    waivers: tuple[Waiver, ...] = ()
    place: str = ""


def find_pyproject(start: Path) -> Path | None:
    """Give the nearest ``pyproject.toml`` in a folder or above it, or None."""
    for folder in (start, *start.parents):
        candidate = folder / "pyproject.toml"
        if candidate.is_file():
            return candidate
    return None


def read_settings(path: Path) -> Settings | None:
    """Read the table of a ``pyproject.toml``.

    Returns:
        What it says, or None where the file has no such table.

    Raises:
        ConfigError: the file is not TOML, or the table cannot be used.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}{_remedy(path)}") from error
    table: Any = data
    for key in ("tool", "luminescent", "contracts"):
        table = table.get(key) if isinstance(table, Mapping) else None
        if table is None:
            return None
    return parse_settings(table, str(path))


def _remedy(path: Path) -> str:
    """Name what editors put into a file and nobody sees."""
    if path.is_file() and path.read_bytes().startswith(codecs.BOM_UTF8):
        return "; it begins with a byte order mark, which TOML refuses: save it without"
    return ""


def parse_settings(table: object, place: str) -> Settings:
    """Read the table's keys and values.

    Args:
        table: what TOML gives for ``[tool.luminescent.contracts]``.
        place: the file, for messages.

    Raises:
        ConfigError: a key is unknown or a value is not what it must be.
    """
    where = f"{place}: [tool.luminescent.contracts]"
    if not isinstance(table, Mapping):
        raise ConfigError(f"{where} must be a table, not {table!r}")
    targets = tuple(
        _target(name, value, where) for name, value in table.items() if name not in _KEYS
    )
    profile = table.get("profile")
    if profile is not None and profile not in PROFILES:
        raise ConfigError(f"{where} profile = {profile!r}: there are {', '.join(PROFILES)}")
    seed = table.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise ConfigError(f"{where} seed = {seed!r} must be a whole number")
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise ConfigError(f"{where} strict = {strict!r} must be true or false")
    waivers = table.get("waivers", [])
    if not isinstance(waivers, list) or not all(isinstance(w, Mapping) for w in waivers):
        raise ConfigError(
            f"{where} waivers must be tables: write [[tool.luminescent.contracts.waivers]]"
        )
    try:
        parsed = tuple(
            # Reports name the file alone: they are the same wherever the checkout is.
            dataclasses.replace(
                parse_waiver(
                    waiver, f"{place}: [[tool.luminescent.contracts.waivers]] no. {number}"
                ),
                place=f"{Path(place).name}, waiver no. {number}" if place else "",
            )
            for number, waiver in enumerate(waivers, 1)
        )
    except WaiverError as error:
        raise ConfigError(str(error)) from error
    return Settings(targets, profile, seed, strict, parsed, place)


def parse_target(text: str, place: str) -> Target:
    """Read ``slot=module:attr`` or ``package.module:Protocol=module:attr``.

    Raises:
        ConfigError: it is neither; the message shows how to write it.
    """
    name, equals, factory = text.partition("=")
    if not equals:
        slots = ", ".join(slot_protocols())
        raise ConfigError(
            f"{place}: {text!r} names no slot; write slot=module:attribute, where the slot is "
            f"{slots}, or package.module:Protocol"
        )
    return _target(name.strip(), factory.strip(), place)


def _target(name: str, factory: object, where: str) -> Target:
    slots = slot_protocols()
    if name not in slots and not _is_path(name):
        near = difflib.get_close_matches(name, [*slots, *_KEYS], n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join([*slots, *_KEYS])}"
        raise ConfigError(
            f"{where} {name!r} is neither a slot nor a setting nor package.module:Protocol; {hint}"
        )
    if not isinstance(factory, str) or not _is_path(factory):
        raise ConfigError(
            f"{where} {name} = {factory!r}: name what makes the extension as module:attribute, "
            'for instance "cloud.extensions:CloudTenantProvider"'
        )
    return Target(name, factory, where)


def _is_path(text: str) -> bool:
    module, colon, attribute = text.partition(":")
    parts = [*module.split("."), *attribute.split(".")]
    return bool(colon) and all(part.isidentifier() for part in parts)
