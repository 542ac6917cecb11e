"""Tenant providers that are right in unusual ways."""

from __future__ import annotations

import base64
import enum
import functools
import itertools
import json
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from luminescent_cluster.contracts import TenantSubject
from luminescent_cluster.contracts.fakes import InMemoryTenantProvider, SqliteTenantProvider

from .tenant_base import DENIED, GRANTS, Down, Provider, probed

LEGITIMATE: dict[str, Callable[[], Any]] = {}
COMPLETE: set[str] = set()
"""Names of those with which every clause is judged."""


def right(make: Callable[[], Any]) -> Callable[[], Any]:
    """Put a factory on the list."""
    LEGITIMATE[make.__name__] = make
    return make


def complete(make: Callable[[], Any]) -> Callable[[], Any]:
    """Put a factory on the list of those that leave nothing open."""
    COMPLETE.add(make.__name__)
    return right(make)


@right
def bare() -> Any:
    return Provider()


@complete
def with_every_probe() -> Any:
    return probed(Provider())


@complete
def fake_in_memory() -> Any:
    fake = InMemoryTenantProvider(sorted(GRANTS), tenants=["acme", "globex"])
    return TenantSubject(
        fake,
        tenants=["acme", "globex"],
        context_for=fake.context_for,
        allowed=fake.allowed,
        denied=fake.denied,
        break_backend=fake.break_backend,
        resources_closed=True,
    )


@complete
def fake_in_sqlite() -> Any:
    folder = tempfile.TemporaryDirectory()
    fake = SqliteTenantProvider(f"{folder.name}/grants.db", sorted(GRANTS))
    yield TenantSubject(
        fake,
        tenants=["acme", "globex"],
        context_for=fake.context_for,
        allowed=fake.allowed,
        denied=fake.denied,
        break_backend=fake.break_backend,
        fresh="clause",
    )
    fake.close()
    folder.cleanup()


@right
def fake_bare_and_closed() -> Any:
    return InMemoryTenantProvider(sorted(GRANTS), tenants=["acme", "globex"])


class Directory(Provider):
    """Knows its tenants, and refuses everybody else."""

    tenants: frozenset[str] = frozenset({"acme", "globex"})

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        if found is not None and found not in self.tenants:
            raise LookupError(found)
        return found

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if tenant_id not in self.tenants:
            raise LookupError(tenant_id)
        return super().get_tenant_filter(tenant_id)


@complete
def a_closed_directory() -> Any:
    return probed(Directory())


@right
def a_closed_directory_of_strangers() -> Any:
    provider = Directory()
    provider.tenants = frozenset({"hooli", "piedpiper"})
    return TenantSubject(provider, tenants=["hooli", "piedpiper"], rbac=False)


@right
def ids_with_a_syntax() -> Any:
    class Slugs(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            found = super().get_tenant_id(request_context)
            return found if found and re.fullmatch(r"[a-z0-9-]{1,63}", found) else None

        def get_tenant_filter(self, tenant_id: str) -> dict:
            if not re.fullmatch(r"[a-z0-9-]{1,63}", tenant_id or ""):
                raise ValueError(tenant_id)
            return super().get_tenant_filter(tenant_id)

    return Slugs()


@right
def a_header_is_trimmed() -> Any:
    class Trims(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            found = super().get_tenant_id(request_context)
            return found.strip(" \t") or None if found else None

    return Trims()


@complete
def another_column() -> Any:
    class Organisations(Provider):
        def get_tenant_filter(self, tenant_id: str) -> dict:
            inner = super().get_tenant_filter(tenant_id)
            return {"$and": [{"org.id": inner["tenant_id"]}]}

    return probed(Organisations(), owner_field="org.id")


@right
def another_column_undeclared() -> Any:
    class Organisations(Provider):
        def get_tenant_filter(self, tenant_id: str) -> dict:
            return {"org_id": super().get_tenant_filter(tenant_id)["tenant_id"]}

    return Organisations()


@complete
def numbered_owners() -> Any:
    numbers = {"acme": 7, "globex": 17}

    class Numbered(Provider):
        def get_tenant_filter(self, tenant_id: str) -> dict:
            return {"tenant_no": {"$eq": numbers[tenant_id]}}

    return probed(Numbered(), owner_field="tenant_no", owner_for=numbers.__getitem__)


@complete
def an_asgi_scope() -> Any:
    class Asgi(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            for name, value in request_context["headers"]:
                if name.lower() == b"x-tenant-id":
                    return value.decode("latin-1").strip() or None
            return None

    def scope(tenant: str) -> dict:
        headers = [(b"host", b"example.org"), (b"x-tenant-id", tenant.encode("latin-1"))]
        return {"type": "http", "headers": headers, "path": "/", "query_string": b""}

    return probed(Asgi(), context_for=scope)


@complete
def a_signed_token() -> Any:
    stamps = itertools.count()

    class Tokens(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            header = request_context.get("authorization", "")
            if not header.startswith("Bearer "):
                return None
            claims = json.loads(base64.urlsafe_b64decode(header[7:]))
            return claims["tenant"] if claims["tenant"].strip() else None

    def context(tenant: str) -> dict:
        claims = {"tenant": tenant, "iat": next(stamps), "sub": "alice"}
        token = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
        return {"authorization": f"Bearer {token}", "path": "/"}

    return probed(Tokens(), context_for=context)


@complete
def nested_claims() -> Any:
    class Claims(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            claims = request_context["user"]["claims"]
            value = claims.get("tenant")
            return value if isinstance(value, str) and value.strip() else None

    return probed(
        Claims(), context_for=lambda t: {"user": {"name": "alice", "claims": {"tenant": t}}}
    )


@complete
def a_host_name() -> Any:
    class Hosts(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            host = request_context.get("host") or ""
            label, _, domain = host.lower().partition(".")
            return label if domain == "example.org" and label.strip() else None

    return probed(Hosts(), context_for=lambda tenant: {"host": f"{tenant}.example.org"})


@complete
def an_object_in_the_context() -> Any:
    class Request:
        def __init__(self, tenant: str | None) -> None:
            self.tenant = tenant

    class Frameworks(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            tenant = request_context["request"].tenant
            return tenant if tenant and tenant.strip() else None

    return probed(
        Frameworks(),
        context_for=lambda tenant: {"request": Request(tenant)},
        anonymous_context=lambda: {"request": Request(None)},
    )


@complete
def wildcard_and_folder_grants() -> Any:
    class Folders(Provider):
        def lookup(self, tenant_id: str, user_id: str, resource: str) -> bool:
            if self.down:
                raise Down
            if (tenant_id, user_id) == ("acme", "root"):
                return True
            return any(
                (t, u) == (tenant_id, user_id) and resource.startswith("kb/")
                for t, u, _ in self.grants
            )

    allowed = [*sorted(GRANTS), ("acme", "root", "anything"), ("acme", "alice", "kb/new")]
    denied = [("acme", "dora", "kb/report"), ("acme", "alice", "secret")]
    return probed(Folders(), allowed=allowed, denied=denied, resources_closed=False)


@complete
def users_in_several_tenants() -> Any:
    provider = Provider()
    provider.grants.add(("globex", "alice", "kb/report"))
    return probed(provider, allowed=lambda: sorted(provider.grants), denied=DENIED[2:])


@complete
def user_names_in_any_case() -> Any:
    class Mail(Provider):
        def lookup(self, tenant_id: str, user_id: str, resource: str) -> bool:
            return super().lookup(tenant_id, user_id.strip().lower(), resource)

    return probed(Mail())


@right
def access_checked_elsewhere() -> Any:
    class Elsewhere(Provider):
        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            return True

    return TenantSubject(Elsewhere(), rbac=False)


@complete
def confirmed_decisions_are_cached() -> Any:
    class Cached(Provider):
        def __init__(self) -> None:
            super().__init__()
            self.confirmed: dict[tuple[str, str, str], bool] = {}

        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            key = (tenant_id, user_id, resource)
            try:
                self.confirmed[key] = self.lookup(*key)
            except Down:
                return self.confirmed.get(key, False)
            return self.confirmed[key]

    return probed(Cached())


@complete
def denies_by_raising() -> Any:
    class Raises(Provider):
        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            if not self.lookup(tenant_id, user_id, resource):
                raise PermissionError(user_id)
            return True

    return probed(Raises())


@right
def rules_by_name() -> Any:
    class Rules(Provider):
        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            return bool(tenant_id) and user_id == f"alice@{tenant_id}"

    return Rules()


@right
def slots_and_partialmethods() -> Any:
    class Slotted:
        __slots__ = ("_known",)

        def __init__(self) -> None:
            self._known = sorted(GRANTS)

        def _read(self, key: str, request_context: dict) -> str | None:
            value = request_context.get(key)
            return value if isinstance(value, str) and value.strip() else None

        get_tenant_id = functools.partialmethod(_read, "x-tenant-id")

        def get_tenant_filter(self, tenant_id: str, *, hint: str = "") -> dict:
            class Filter(dict):
                pass

            if tenant_id is None:
                return Filter(tenant_id={"$in": []})
            return Filter(tenant_id=tenant_id)

        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            return (tenant_id, user_id, resource) in self._known

    return Slotted()


@right
def an_impossible_id_matches_nothing() -> Any:
    class Sentinel(Provider):
        def get_tenant_filter(self, tenant_id: str) -> dict:
            if not tenant_id or not tenant_id.strip():
                return {"tenant_id": {"$eq": "__nobody__"}}
            return {"tenant_id": {"$in": [tenant_id]}}

    return Sentinel()


@complete
def each_fixture_has_its_own_tenants() -> Any:
    number = next(_FIXTURES)
    mine = [f"tenant-{number}-a", f"tenant-{number}-b"]
    provider = Directory()
    provider.tenants = frozenset(mine)
    provider.grants = {(mine[0], "alice", "kb/report"), (mine[1], "dora", "kb/plan")}
    return probed(
        provider,
        tenants=lambda: mine,
        allowed=lambda: sorted(provider.grants),
        denied=[(mine[0], "dora", "kb/plan")],
    )


_FIXTURES = itertools.count()


@complete
def a_shared_database() -> Any:
    database = sqlite3.connect(":memory:")
    database.execute("create table grants (tenant text, user text, resource text)")
    database.executemany("insert into grants values (?, ?, ?)", sorted(GRANTS))

    class Database(Provider):
        def lookup(self, tenant_id: str, user_id: str, resource: str) -> bool:
            if self.down:
                raise Down
            query = "select 1 from grants where tenant = ? and user = ? and resource = ?"
            return database.execute(query, (tenant_id, user_id, resource)).fetchone() is not None

    yield probed(Database(), fresh="clause")
    database.close()


@right
def equality_with_the_blank_id() -> Any:
    class Literal(Provider):
        def get_tenant_filter(self, tenant_id: str) -> dict:
            if tenant_id is None:
                raise TypeError("no tenant")
            return {"tenant_id": {"$eq": tenant_id}}

    return Literal()


@right
def tenants_with_other_names() -> Any:
    names = {"acme": "3f2c", "globex": "9b1d"}

    class Renamed(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            return names.get(request_context.get("x-tenant-id", ""))

    return Renamed()


class OneSpelling(Provider):
    """Folds what a request names, and has a filter for ids as they are stored only."""

    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return unicodedata.normalize("NFKC", found).casefold().strip() if found else None

    def get_tenant_filter(self, tenant_id: str) -> dict:
        if self.get_tenant_id({"x-tenant-id": tenant_id}) != tenant_id:
            raise ValueError(f"{tenant_id!r} is not an id, but another spelling of one")
        return super().get_tenant_filter(tenant_id)


@right
def one_spelling_bare() -> Any:
    return OneSpelling()


@right
def directory_that_names_no_tenants() -> Any:
    """Only `allowed` says who its tenants are."""
    grants = [("north-wind", "alice", "kb"), ("contoso", "carol", "kb")]

    class Two(Directory):
        tenants = frozenset({"north-wind", "contoso"})

        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            return (tenant_id, user_id, resource) in grants

    return TenantSubject(Two(), allowed=grants)


class Known(str, enum.Enum):
    """Ids as an enumeration, which JSON writes as text."""

    ACME = "acme"
    GLOBEX = "globex"


class Enumerated(Provider):
    def get_tenant_id(self, request_context: dict) -> str | None:
        found = super().get_tenant_id(request_context)
        return Known(found) if found in ("acme", "globex") else None

    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$eq": Known(tenant_id)}}


@complete
def ids_of_a_subclass_of_str() -> Any:
    return probed(Enumerated(), tenants=list(Known))


@complete
def named_twice() -> Any:
    """A header and a claim that may not contradict each other, and an object that is in the way."""

    class Twice(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            named = {request_context.get("x-tenant-id"), request_context.get("claim")} - {None}
            if len(named) > 1:
                raise PermissionError("the header and the claim contradict each other")
            value = named.pop() if named else None
            return value if isinstance(value, str) and value.strip() else None

    return probed(
        Twice(),
        context_for=lambda tenant: {"x-tenant-id": tenant, "claim": tenant, "span": object()},
    )


@complete
def refuses_the_filters_of_others() -> Any:
    """What is under way is one tenant's request, so that a filter of another's is a mistake."""

    class Guarded(Provider):
        def __init__(self) -> None:
            super().__init__()
            self.current: ContextVar[str | None] = ContextVar("current", default=None)

        def get_tenant_id(self, request_context: dict) -> str | None:
            self.current.set(super().get_tenant_id(request_context))
            return self.current.get()

        def get_tenant_filter(self, tenant_id: str) -> dict:
            if self.current.get() not in (None, tenant_id):
                raise PermissionError("another tenant's request is under way")
            return super().get_tenant_filter(tenant_id)

    return probed(Guarded())


class Request(dict):
    """A context with a shortcut."""

    @property
    def tenant(self) -> Any:
        return self.get("tenant")


@complete
def contexts_of_a_subclass_of_dict() -> Any:
    class Shortcut(Provider):
        def get_tenant_id(self, request_context: dict) -> str | None:
            value = getattr(request_context, "tenant", None)
            return value if isinstance(value, str) and value.strip() else None

    return probed(Shortcut(), context_for=lambda tenant: Request(tenant=tenant, path="/"))


@right
def alice_works_for_both_and_nobody_says_so() -> Any:
    class Members(Provider):
        def lookup(self, tenant_id: str, user_id: str, resource: str) -> bool:
            return tenant_id in ("acme", "globex") and user_id == "alice" and bool(resource.strip())

    return Members()


@right
def a_directory_without_any_of_the_usual_names() -> Any:
    """Nobody can tell what the column holds, since no two filters can be compared."""

    class Directory(Provider):
        def get_tenant_filter(self, tenant_id: str) -> dict:
            return {"schema_name": {"$eq": {"acme": "t_17", "initech-emea": "t_4"}[tenant_id]}}

    return Directory()


@complete
def folds_user_names_and_repeats_decisions() -> Any:
    """One key for all spellings of a user; the parts of the key keep their places."""

    class Folding(Provider):
        def __init__(self) -> None:
            super().__init__()
            self.decided: dict[tuple[str, str, str], bool] = {}

        def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
            key = (tenant_id, (user_id or "").strip().lower(), resource)
            if key not in self.decided:
                self.decided[key] = self.lookup(*key)
            return self.decided[key]

    return probed(Folding())
