"""Accesses in which one part is a name that nobody bears."""

from __future__ import annotations

from .access import Access, ask_access
from .ids import fold
from .strangers import resembling
from .world import World

__all__ = ["NAMES", "PARTS", "known_tenants", "renamed", "unknown_access"]

NAMES = ("tenant", "user", "resource")
PARTS = (
    "tenant", "user", "near tenant", "near user", "blank tenant", "blank user", "blank resource",
    "resource", "near resource", "all",
)  # fmt: skip


def unknown_access(
    world: World, base: Access, which: str, unknown: str, near: int, blank: str | None
) -> Access | None:
    """Give an access with one part that nobody bears, or None where it would not be unknown."""
    tenant, user, resource = base
    known = [*world.listed("allowed"), *world.listed("denied")]
    if which == "all":
        return unknown, f"{unknown}-user", f"{unknown}-resource"
    if which == "tenant":
        return unknown, user, resource
    if which == "user":
        return tenant, unknown, resource
    if which == "blank tenant":
        return blank, user, resource
    if which == "blank user":
        return tenant, blank, resource
    if which == "blank resource":
        somebody = known and not _covers_anything(world, base)
        return tenant, user if somebody else f"{unknown}-user", blank
    if not known:
        return None  # nothing is known that could be near
    part = which.split()[-1]
    if which == "resource":
        return (tenant, user, unknown) if world.subject.resources_closed else None
    variants = resembling(part, base[NAMES.index(part)])
    return renamed(world, base, part, variants[near % len(variants)])


def renamed(world: World, base: Access, part: str, variant: str) -> Access | None:
    """Give an access with another name in one part, or None where somebody may bear it."""
    if part == "resource" and not world.subject.resources_closed:
        return None
    place = NAMES.index(part)
    names = {access[place] for access in (*world.listed("allowed"), *world.listed("denied"))}
    names |= known_tenants(world) if part == "tenant" else set()
    if variant in names or (part == "user" and fold(variant) in {fold(name) for name in names}):
        return None  # the name of somebody; those of users may be spelt in any case
    return (*base[:place], variant, *base[place + 1 :])


def _covers_anything(world: World, base: Access) -> bool:
    """Tell whether the user's grant covers any resource, so that a blank one falls under it too."""
    return ask_access(world.case, (base[0], base[1], "no-such-resource-5f1c")) is True


def known_tenants(world: World) -> set[str]:
    """Give every tenant that the subject mentions."""
    accesses = [*world.listed("allowed"), *world.listed("denied")]
    return {*world.tenants, *(tenant for tenant, _, _ in accesses)}
