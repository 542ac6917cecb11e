"""Broken tenant providers: whose request it is, and which rows may be seen."""

from __future__ import annotations

import json
import unicodedata
from collections import OrderedDict
from typing import Any

from . import (  # noqa: F401 - put further exhibits on show
    tenant_access,
    tenant_keys,
    tenant_outages,
    tenant_queries,
    tenant_requests,
    tenant_threads,
)
from .tenant_base import EXHIBITS, Provider, breaks

__all__ = ["EXHIBITS"]

# -- TP-IDN-01 ------------------------------------------------------------------------------


@breaks("TP-IDN-01", "get_tenant_id(")
class AlwaysTheFirst(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return "acme" if "x-tenant-id" in request_context else None


@breaks("TP-IDN-01", "the context names")
class LowerCases(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return found.lower() if found else None


@breaks("TP-IDN-01", "the context names")
class Composes(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return unicodedata.normalize("NFC", found) if found else None


@breaks("TP-IDN-01", "whom nobody knows", bare=False, context_for=None)
class TakesTheFirstLabel(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return found and found.split(".")[0]


@breaks("TP-IDN-01", "known tenant 'acme'", bare=False)
class RemembersTheFirstSpelling(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return self.names.setdefault(found.lower(), found) if found else None


@breaks("TP-IDN-01", "x" * 20)
class Truncates(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return found[:64] if found else None


@breaks("TP-IDN-01", "after", "calls for")
class ForgetsWhoWasEvicted(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: OrderedDict[str, str] = OrderedDict()

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        if found is None:
            return None
        if found not in self.cache and len(self.cache) >= 300:
            return self.cache.popitem(last=False)[1]
        return self.cache.setdefault(found, found)


@breaks("TP-IDN-01", "whom nobody knows", bare=False)
class FindsByPrefix(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return next((t for t in ("acme", "globex") if found and found.startswith(t)), None)


@breaks("TP-IDN-01", "is a known tenant", bare=False)
class RefusesAKnownOne(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        if request_context.get("x-tenant-id") == "globex":
            raise LookupError("globex")
        return super().get_tenant_id(request_context)


@breaks("TP-IDN-01", "whom nobody knows", bare=False)
class StaysWithTheFirst(Provider):
    answer = None

    def get_tenant_id(self, request_context: dict) -> str | None:
        self.answer = self.answer or super().get_tenant_id(request_context)
        return self.answer


# -- TP-IDN-02 ------------------------------------------------------------------------------


@breaks("TP-IDN-02", "KeyError")
class IndexesTheContext(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return request_context["x-tenant-id"] or None


@breaks("TP-IDN-02", "'default'")
class HasADefault(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return super().get_tenant_id(request_context) or "default"


@breaks("TP-IDN-02", "expected None")
class RemembersTheLast(Provider):
    last = None

    def get_tenant_id(self, request_context: dict) -> str | None:
        self.last = super().get_tenant_id(request_context) or self.last
        return self.last


@breaks(
    "TP-IDN-02",
    "KeyError",
    context_for=lambda tenant: {
        "type": "http",
        "headers": [(b"host", b"example.org"), (b"x-tenant-id", tenant.encode())],
    },
)
class NeedsTheHeader(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return dict(request_context["headers"])[b"x-tenant-id"].decode() or None


@breaks(
    "TP-IDN-02",
    "AttributeError",
    bare=False,
    context_for=lambda tenant: {"session": {"user": {"tenant": tenant}}},
)
class ExpectsAUserInTheSession(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return request_context["session"].get("user").get("tenant") or None


# -- TP-IDN-03 ------------------------------------------------------------------------------


@breaks("TP-IDN-03", "-> ''")
class EmptyIsATenant(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return request_context.get("x-tenant-id", "")


@breaks("TP-IDN-03", "not blank")
class SpaceIsATenant(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return request_context.get("x-tenant-id") or None


@breaks("TP-IDN-03", "not blank")
class AsciiSpaceOnly(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        value = request_context.get("x-tenant-id")
        return value if isinstance(value, str) and value.strip(" \t\r\n") else None


@breaks("TP-IDN-03", "not blank")
class CachesTheBlank(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, str] = {}

    def get_tenant_id(self, request_context: dict) -> str | None:
        value = request_context.get("x-tenant-id")
        if value in self.cache:
            return self.cache[value]
        if isinstance(value, str):
            self.cache[value] = value
        return super().get_tenant_id(request_context)


# -- TP-IDN-04 ------------------------------------------------------------------------------


@breaks("TP-IDN-04", "the contexts agree")
class TakesTheFirstValue(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        return next((v for v in request_context.values() if isinstance(v, str) and v.strip()), None)


@breaks("TP-IDN-04", "the contexts agree")
class CachesBySize(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[int, str | None] = {}

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return (
            self.cache.setdefault(len(request_context), found)
            if len(request_context) > 2
            else (found)
        )


@breaks("TP-IDN-04", "the contexts agree")
class TiresOfIt(Provider):
    calls = 0

    def get_tenant_id(self, request_context: dict) -> str | None:
        self.calls += 1
        return None if self.calls % 5 == 0 else super().get_tenant_id(request_context)


@breaks("TP-IDN-04", "'user_id': 'alice'", "the contexts agree")
class RemembersTheUser(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, str | None] = {}

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        user = request_context.get("user_id")
        return self.cache.setdefault(user, found) if user else found


# -- TP-IDN-05 ------------------------------------------------------------------------------


@breaks("TP-IDN-05", "a str or None is expected")
class PassesAnythingOn(Provider):
    def get_tenant_id(self, request_context: dict) -> Any:
        return request_context.get("x-tenant-id")


@breaks("TP-IDN-05", "the request does not name it")
class FallsBackToTheLast(Provider):
    last = None

    def get_tenant_id(self, request_context: dict) -> str | None:
        value = request_context.get("x-tenant-id")
        if value is not None and not isinstance(value, str):
            return self.last
        self.last = super().get_tenant_id(request_context)
        return self.last


@breaks("TP-IDN-05", "the request does not name it")
class MalformedIsAdmin(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        if isinstance(request_context.get("x-tenant-id"), dict):
            return "admin"
        return super().get_tenant_id(request_context)


@breaks("TP-IDN-05", "bytes")
class LetsBytesThrough(Provider):
    def get_tenant_id(self, request_context: dict) -> Any:
        value = request_context.get("x-tenant-id")
        return value if isinstance(value, (str, bytes)) and value.strip() else None


# -- TP-FLT-01 ------------------------------------------------------------------------------


@breaks("TP-FLT-01", "matches every row")
class NoFilter(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {}


@breaks("TP-FLT-01", "empty test")
class EmptyTest(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {}}


@breaks("TP-FLT-01", "unknown operator")
class Pattern(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$regex": f"^{tenant_id}$"}}


@breaks("TP-FLT-01", "a filter is a dict")
class Sql(Provider):
    def get_tenant_filter(self, tenant_id: str) -> Any:
        return f"tenant_id = '{tenant_id}'"


@breaks("TP-FLT-01", "a list of scalars")
class ASet(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$in": {tenant_id}}}


@breaks("TP-FLT-01", "unknown operator")
class PatternForDots(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        if "." in tenant_id:
            return {"tenant_id": {"$like": tenant_id}}
        return super().get_tenant_filter(tenant_id)


# -- TP-FLT-02 ------------------------------------------------------------------------------


@breaks("TP-FLT-02", "of another tenant")
class Everything(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {}


@breaks("TP-FLT-02", "of another tenant")
class Contains(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$regex": tenant_id}}


@breaks("TP-FLT-02", "without an owner")
class AlsoUnowned(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$in": [tenant_id, None]}}


@breaks("TP-FLT-02", "'shared-library-7'")
class SharedRows(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"$or": [{"tenant_id": tenant_id}, {"tenant_id": "shared-library-7"}]}


@breaks("TP-FLT-02", "'visibility': 'public'")
class PublicRows(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"$or": [{"tenant_id": tenant_id}, {"visibility": {"$eq": "public"}}]}


@breaks("TP-FLT-02", "of another tenant")
class FromThereOn(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$gte": tenant_id}}


@breaks("TP-FLT-02", "of another tenant")
class OneDictForAll(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.shared: dict = {"tenant_id": {"$eq": ""}}

    def get_tenant_filter(self, tenant_id: str) -> dict:
        self.shared["tenant_id"]["$eq"] = tenant_id
        return self.shared


@breaks("TP-FLT-02", "after", "calls for")
class RecyclesFilters(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.slots: dict[int, dict] = {}

    def get_tenant_filter(self, tenant_id: str) -> dict:
        slot = sum(map(ord, tenant_id)) * 31 % 512
        if len(self.slots) > 20 and slot in self.slots:
            return self.slots[slot]
        self.slots[slot] = super().get_tenant_filter(tenant_id)
        return self.slots[slot]


# -- TP-FLT-03 ------------------------------------------------------------------------------


@breaks("TP-FLT-03", "does not match")
class LiveRowsOnly(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": tenant_id, "deleted": False}


@breaks("TP-FLT-03", "does not match")
class QuotesIt(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$eq": f"'{tenant_id}'"}}


@breaks("TP-FLT-03", "a known tenant", "LookupError", bare=False)
class RefusesTheSecondTime(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if len(self.seen) > 1 and tenant_id in self.seen:
            raise LookupError("a known tenant came again")
        self.seen.add(tenant_id)
        return super().get_tenant_filter(tenant_id)


@breaks("TP-FLT-03", "does not match", bare=False)
class NothingForGlobex(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id == "globex":
            return {"tenant_id": {"$in": []}}
        return super().get_tenant_filter(tenant_id)


@breaks("TP-FLT-03", "does not match")
class OnlyWithText(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"$and": [{"tenant_id": tenant_id}, {"text": {"$exists": True}}]}


# -- TP-FLT-04 ------------------------------------------------------------------------------


@breaks("TP-FLT-04", "of another tenant")
class FoldsCase(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(tenant_id.casefold())


@breaks("TP-FLT-04", "of another tenant")
class Strips(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(tenant_id.strip())


@breaks("TP-FLT-04", "of another tenant")
class Normalises(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(unicodedata.normalize("NFC", tenant_id))


@breaks("TP-FLT-04", "of another tenant")
class WidthFolds(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(unicodedata.normalize("NFKC", tenant_id))


@breaks("TP-FLT-04", "of another tenant")
class FormatsJson(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return json.loads('{"tenant_id": {"$eq": "' + tenant_id + '"}}')


@breaks("TP-FLT-04", "\\x00")
class StopsAtNul(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(tenant_id.partition("\0")[0])


@breaks("TP-FLT-04", "of another tenant")
class CachesByFoldedName(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, dict] = {}

    def get_tenant_filter(self, tenant_id: str) -> dict:
        fresh = super().get_tenant_filter(tenant_id)
        return self.cache.setdefault(tenant_id.upper(), fresh)


@breaks("TP-FLT-04", "of another tenant")
class CutsLongIds(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return super().get_tenant_filter(tenant_id[:255])


@breaks("TP-FLT-04", "of another tenant")
class WildcardForStar(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id.endswith("*"):
            return {"tenant_id": {"$gte": tenant_id[:-1]}}
        return super().get_tenant_filter(tenant_id)


# -- TP-FLT-05 ------------------------------------------------------------------------------


@breaks("TP-FLT-05", "matches")
class NoTenantNoFilter(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": tenant_id} if tenant_id else {}


@breaks("TP-FLT-05", "of nobody")
class EqualsNone(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$eq": tenant_id}}


@breaks("TP-FLT-05", "of tenant")
class NotEmpty(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id is None:
            raise ValueError
        if not tenant_id.strip():
            return {"tenant_id": {"$ne": tenant_id}}
        return {"tenant_id": tenant_id}


@breaks("TP-FLT-05", "'default'")
class DefaultTenant(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$eq": tenant_id.strip() or "default"}}


@breaks("TP-FLT-05", "of tenant")
class LastTenant(Provider):
    last = "x"

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id is not None and not tenant_id.strip():
            return {"tenant_id": self.last}
        self.last = tenant_id
        return super().get_tenant_filter(tenant_id)


@breaks("TP-FLT-05", "of nobody", bare=False)
class WideSpaceIsAll(Provider):
    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id == "\u3000":
            return {"tenant_id": {"$exists": False}}
        return super().get_tenant_filter(tenant_id)
