"""Broken tenant providers: what may be touched."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

from .tenant_base import Down, Provider, breaks

# -- TP-ACC-01 ------------------------------------------------------------------------------


@breaks("TP-ACC-01", "a bool is expected")
class AnswersOne(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> Any:
        return int(self.lookup(tenant_id, user_id, resource))


@breaks("TP-ACC-01", "NoneType", bare=False)
class AnswersNoneForTheUnknown(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> Any:
        if not any(user == user_id for _, user, _ in self.grants):
            return None
        return self.lookup(tenant_id, user_id, resource)


@breaks("TP-ACC-01", "a bool is expected", bare=False)
class AnswersTheGrant(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> Any:
        grants = [g for g in self.grants if g == (tenant_id, user_id, resource)]
        return grants or False


# -- TP-ACC-02 ------------------------------------------------------------------------------


@breaks("TP-ACC-02", "declares it as allowed", bare=False)
class DeniesAll(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return False


@breaks("TP-ACC-02", "declares it as allowed", bare=False)
class UsesGrantsUp(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        found = self.lookup(tenant_id, user_id, resource)
        self.grants.discard((tenant_id, user_id, resource))
        return found


@breaks("TP-ACC-02", "declares it as allowed", bare=False)
class RemembersDenials(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.denied: set[tuple[str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if (user_id, resource) in self.denied or not self.lookup(tenant_id, user_id, resource):
            self.denied.add((user_id, resource))
            return False
        return True


@breaks("TP-ACC-02", "raised", bare=False)
class StumblesOverOne(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if user_id == "bob2":
            raise KeyError(user_id)
        return self.lookup(tenant_id, user_id, resource)


@breaks("TP-ACC-02", "declares it as allowed", bare=False)
class RoomFor256(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        self.seen.add((tenant_id, user_id, resource))
        return len(self.seen) <= 256 and self.lookup(tenant_id, user_id, resource)


# -- TP-ACC-03 ------------------------------------------------------------------------------


@breaks("TP-ACC-03", "declares it as denied", bare=False)
class AllowsAll(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return True


@breaks("TP-ACC-03", "declares it as denied", bare=False)
class ForgetsTheResource(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return any((t, u) == (tenant_id, user_id) for t, u, _ in self.grants)


@breaks("TP-ACC-03", "declares it as denied", bare=False)
class OnceInAlwaysIn(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.known: set[tuple[str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if (tenant_id, user_id) in self.known:
            return True
        if self.lookup(tenant_id, user_id, resource):
            self.known.add((tenant_id, user_id))
            return True
        return False


# -- TP-ACC-04 ------------------------------------------------------------------------------


@breaks("TP-ACC-04", "nobody knows")
class OpenHouse(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return True


@breaks("TP-ACC-04", "is blank")
class BlankIsInternal(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return not user_id or self.lookup(tenant_id, user_id, resource)


@breaks("TP-ACC-04", "is blank", bare=False)
class NoTenantNoCheck(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if tenant_id is None:
            return any((u, r) == (user_id, resource) for _, u, r in self.grants)
        return self.lookup(tenant_id, user_id, resource)


@breaks("TP-ACC-04", "nobody knows the user", bare=False)
class SignsUpOnSight(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        known = any(u == user_id for _, u, _ in self.grants)
        if not known and (tenant_id, user_id) in self.seen:
            return True
        self.seen.add((tenant_id, user_id))
        return self.lookup(tenant_id, user_id, resource)


@breaks("TP-ACC-04", "nobody knows the user '*'", bare=False)
class PatternFromOutside(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return any(
            t == tenant_id and r == resource and fnmatch.fnmatchcase(u, user_id)
            for t, u, r in self.grants
        )


@breaks("TP-ACC-04", "nobody knows the tenant", bare=False)
class PrefixOfTheTenant(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return any(
            re.match(re.escape(t), tenant_id or "-") and (u, r) == (user_id, resource)
            for t, u, r in self.grants
        )


@breaks("TP-ACC-04", "nobody knows the resource", bare=False)
class ResourcePrefix(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return any(
            (t, u) == (tenant_id, user_id) and resource.startswith(r) for t, u, r in self.grants
        )


@breaks("TP-ACC-04", "nobody knows the tenant", bare=False)
class CachesWithoutTheTenant(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: set[tuple[str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if (user_id, resource) in self.cache:
            return True
        if self.lookup(tenant_id, user_id, resource):
            self.cache.add((user_id, resource))
            return True
        return False


@breaks("TP-ACC-04", "nobody knows the user", bare=False)
class UserOfAnyDomain(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return self.lookup(tenant_id, (user_id or "").split("@")[0], resource)


@breaks("TP-ACC-04", "nobody knows this tenant, user or resource", bare=False)
class KeyWithoutBorders(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, bool] = {}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        key = f"{tenant_id}{user_id}{resource}"
        return self.cache.setdefault(key, self.lookup(tenant_id, user_id, resource))


@breaks("TP-ACC-04", "no-such-user", bare=False)
class SlotsForDecisions(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.slots = [False] * 128
        self.slot_of: dict[tuple[str, str, str], int] = {}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        access = (tenant_id, user_id, resource)
        if access not in self.slot_of:
            self.slot_of[access] = len(self.slot_of) % 128
            self.slots[self.slot_of[access]] = self.lookup(*access)
        return self.slots[self.slot_of[access]]


@breaks("TP-ACC-04", "nobody knows")
class NobodyIsTheSystem(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        nil = user_id in ("0", "00000000-0000-0000-0000-000000000000")
        return nil or self.lookup(tenant_id, user_id, resource)


# -- TP-ACC-05 ------------------------------------------------------------------------------


@breaks("TP-ACC-05", "is granted this in", bare=False)
class UserIsEnough(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return any((u, r) == (user_id, resource) for _, u, r in self.grants)


@breaks("TP-ACC-05", "is granted this in")
class RuleWithoutTenant(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return user_id in ("admin", "root")


@breaks("TP-ACC-05", "is granted this in", bare=False)
class FoldsTheTenant(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return self.lookup(tenant_id.lower(), user_id, resource)


@breaks("TP-ACC-05", "is granted this in", bare=False)
class WarmCache(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[tuple[str, str], bool] = {}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        key = (user_id, resource)
        if not self.cache.get(key):
            self.cache[key] = self.lookup(tenant_id, user_id, resource)
        return self.cache[key]


# -- TP-ACC-06 ------------------------------------------------------------------------------


@breaks("TP-ACC-06", "the backend is down", bare=False)
class FailsOpen(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        try:
            return self.lookup(tenant_id, user_id, resource)
        except Down:
            return True


@breaks("TP-ACC-06", "not confirmed before", bare=False)
class FailsToAnOldCopy(Provider):
    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        try:
            return self.lookup(tenant_id, user_id, resource)
        except Down:
            return (tenant_id, user_id, resource) in self.grants


@breaks("TP-ACC-06", "not confirmed before", bare=False)
class TrustsWhoWasIn(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.trusted: set[tuple[str, str]] = set()

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        try:
            found = self.lookup(tenant_id, user_id, resource)
        except Down:
            return (tenant_id, user_id) in self.trusted or (
                (tenant_id, user_id, "*") in self.trusted
            )
        if found:
            self.trusted |= {(tenant_id, user_id), (tenant_id, "alice")}
        return found


@breaks("TP-ACC-06", "the backend is down", bare=False)
class OpensAfterTheFirstTry(Provider):
    tries = 0

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        try:
            return self.lookup(tenant_id, user_id, resource)
        except Down:
            self.tries += 1
            return self.tries > 3
