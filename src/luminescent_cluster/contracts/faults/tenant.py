"""Faults of tenant providers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ..subjects import TenantSubject
from .injection import Injection, NotApplicable
from .model import Faults

__all__ = ["faults"]

faults = Faults("TenantProvider")

_ID, _FILTER, _ACCESS = "get_tenant_id", "get_tenant_filter", "validate_tenant_access"


def _owner(into: Injection) -> str:
    return str(getattr(into.subject, "owner_field", "tenant_id"))


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _change_texts(value: Any, change: Any) -> Any:
    """Change every text that a filter compares with."""
    if isinstance(value, dict):
        return {key: _change_texts(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_change_texts(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _need_an_id_that_changes(into: Injection, change: Callable[[str], str]) -> None:
    """Refuse where the author declares which tenants there are, and none would change."""
    known = into.subject.listed("tenants") if isinstance(into.subject, TenantSubject) else []
    if known and all(change(tenant) == tenant for tenant in known):
        raise NotApplicable(f"none of the declared ids changes by {change.__name__}()")


@faults.add("TP-FLT-02")
def leak_every_row(into: Injection) -> None:
    """The filter also matches rows of everybody who is somebody."""
    field = _owner(into)
    into.after(_FILTER, lambda result, values: {"$or": [result, {field: {"$exists": True}}]})


@faults.add("TP-FLT-02")
def leak_the_neighbours_rows(into: Injection) -> None:
    """The filter also matches rows of the tenant who was asked about before."""
    into.memory.last = None

    def change(result: Any, values: dict[str, Any]) -> Any:
        last, into.memory.last = into.memory.last, copy.deepcopy(result)
        return result if last is None else {"$or": [result, last]}

    into.after(_FILTER, change)


@faults.add("TP-FLT-02")
def show_rows_without_an_owner(into: Injection) -> None:
    """The filter also matches rows that nobody owns."""
    field = _owner(into)
    into.after(
        _FILTER,
        lambda result, values: {"$or": [result, {field: None}, {field: {"$exists": False}}]},
    )


@faults.add("TP-FLT-02", "TP-FLT-03")
def turn_the_filter_round(into: Injection) -> None:
    """The filter matches everybody's rows but the tenant's."""
    field = _owner(into)
    into.after(_FILTER, lambda result, values: {field: {"$ne": values["tenant_id"]}})


@faults.add("TP-FLT-04", "TP-FLT-02")
def match_a_range_of_ids(into: Injection) -> None:
    """The filter matches every id that begins as the tenant's does."""
    field = _owner(into)

    def change(result: Any, values: dict[str, Any]) -> Any:
        tenant = values["tenant_id"]
        if not isinstance(tenant, str):
            return result
        return {field: {"$gte": tenant, "$lt": tenant + "\U0010ffff"}}

    into.after(_FILTER, change)


@faults.add("TP-FLT-04", "TP-FLT-03", "TP-FLT-02")
def fold_the_case_of_the_filter(into: Injection) -> None:
    """The filter compares with the id in lower case."""
    _need_an_id_that_changes(into, str.lower)
    into.after(_FILTER, lambda result, values: _change_texts(result, str.lower))


@faults.add("TP-FLT-04", "TP-FLT-03", "TP-FLT-02")
def strip_the_filter(into: Injection) -> None:
    """The filter compares with the id without the white space around it."""
    _need_an_id_that_changes(into, str.strip)
    into.after(_FILTER, lambda result, values: _change_texts(result, str.strip))


@faults.add("TP-FLT-03")
def hide_rows(into: Injection) -> None:
    """The filter matches only some of the tenant's rows."""
    field = _owner(into)
    into.after(_FILTER, lambda result, values: {"$and": [result, {field: {"$in": []}}]})


@faults.add("TP-FLT-01", "TP-FLT-04")
def use_an_unknown_operator(into: Injection) -> None:
    """The filter uses an operator that is not documented."""
    field = _owner(into)
    into.after(_FILTER, lambda result, values: {field: {"$regex": str(values["tenant_id"])}})


@faults.add("TP-FLT-01", "TP-FLT-02")
def filter_nothing(into: Injection) -> None:
    """The filter is empty, and matches everything."""
    into.after(_FILTER, lambda result, values: {})


@faults.add("TP-FLT-05")
def treat_blank_as_everything(into: Injection) -> None:
    """For a blank id the filter matches everything."""
    field = _owner(into)

    def handler(call: Any, values: dict[str, Any]) -> Any:
        return {field: {"$exists": True}} if _blank(values["tenant_id"]) else call()

    into.around(_FILTER, handler)


@faults.add("TP-FLT-02")
def mix_up_a_full_cache(into: Injection) -> None:
    """From the 301st tenant on, everybody gets the first one's filter."""
    into.memory.filters = {}

    def handler(call: Any, values: dict[str, Any]) -> Any:
        filters = into.memory.filters
        tenant = values["tenant_id"]
        if tenant not in filters and len(filters) >= 300:
            return copy.deepcopy(next(iter(filters.values())))
        if tenant not in filters:
            filters[tenant] = call()
        return copy.deepcopy(filters[tenant])

    into.around(_FILTER, handler)


@faults.add("TP-ACC-01")
def answer_something_truthy(into: Injection) -> None:
    """The answer about access is a 1 or a 0."""
    into.after(_ACCESS, lambda result, values: int(result))


@faults.add("TP-ACC-03", "TP-ACC-04", "TP-ACC-02")
def flip_access(into: Injection) -> None:
    """Allowed and denied are exchanged."""
    into.after(_ACCESS, lambda result, values: not result)


@faults.add("TP-ACC-02")
def deny_everybody(into: Injection) -> None:
    """Every access is denied."""
    into.after(_ACCESS, lambda result, values: False)


@faults.add("TP-ACC-03", "TP-ACC-04")
def allow_everybody(into: Injection) -> None:
    """Every access is allowed."""
    into.around(_ACCESS, lambda call, values: True)


@faults.add("TP-ACC-04")
def allow_the_blank(into: Injection) -> None:
    """A blank tenant, user or resource is allowed."""

    def handler(call: Any, values: dict[str, Any]) -> Any:
        return any(_blank(value) for value in values.values()) or call()

    into.around(_ACCESS, handler)


@faults.add("TP-ACC-05")
def allow_in_every_tenant(into: Injection) -> None:
    """Who has access in one tenant has it in every other."""
    into.memory.known = {}

    def handler(call: Any, values: dict[str, Any]) -> Any:
        key = (values["user_id"], values["resource"])
        if call():
            into.memory.known[key] = True
        return into.memory.known.get(key, False)

    into.around(_ACCESS, handler)


@faults.add("TP-ACC-06")
def allow_in_an_outage(into: Injection) -> None:
    """While the backend is down, everybody is allowed."""
    down = into.interrupted("break_backend")
    into.around(_ACCESS, lambda call, values: True if down() else call())


@faults.add("TP-IDN-01")
def know_nobody(into: Injection) -> None:
    """No context names a tenant."""
    into.after(_ID, lambda result, values: None)


@faults.add("TP-IDN-01", "TP-IDN-05")
def shout_the_id(into: Injection) -> None:
    """Ids come in upper case."""
    into.after(_ID, lambda result, values: result.upper() if isinstance(result, str) else result)


@faults.add("TP-IDN-02")
def fall_back_to_a_default(into: Injection) -> None:
    """A context without a tenant gives a default one."""
    into.after(_ID, lambda result, values: result or "default")


@faults.add("TP-IDN-02")
def raise_without_a_tenant(into: Injection) -> None:
    """A context without a tenant is an error."""

    def change(result: Any, values: dict[str, Any]) -> Any:
        if result is None:
            raise KeyError("x-tenant-id")
        return result

    into.after(_ID, change)


@faults.add("TP-IDN-03", "TP-IDN-02")
def give_blank_ids(into: Injection) -> None:
    """A context without a tenant gives an empty id."""
    into.after(_ID, lambda result, values: result or "")


@faults.add("TP-IDN-02", "TP-IDN-04")
def remember_the_last_tenant(into: Injection) -> None:
    """A context without a tenant gives that of the request before."""
    into.memory.last = None

    def change(result: Any, values: dict[str, Any]) -> Any:
        into.memory.last = result or into.memory.last
        return into.memory.last

    into.after(_ID, change)


@faults.add("TP-IDN-04", "TP-IDN-01")
def stick_to_the_first_tenant(into: Injection) -> None:
    """The tenant of the first request is everybody's."""
    into.memory.first = None

    def change(result: Any, values: dict[str, Any]) -> Any:
        into.memory.first = into.memory.first or result
        return into.memory.first

    into.after(_ID, change)
