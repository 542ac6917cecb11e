"""Tenant providers whose filters mean something else in SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .tenant_base import Exhibit, Provider, probed


class NotDeleted(Provider):
    """NULL is not true and not false: rows that were never deleted disappear."""

    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": tenant_id, "deleted": {"$ne": True}}


class NotTheOther(Provider):
    """Unowned rows are in for the one and out for the other."""

    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": {"$nin": ["globex" if tenant_id == "acme" else "acme"]}}


class NumberForText(Provider):
    """Compares a column of text with a number."""

    def get_tenant_filter(self, tenant_id: str) -> dict:
        own = {"tenant_id": {"$eq": tenant_id}}
        return own if tenant_id != "globex" else {"$and": [own, {"tenant_id": {"$gte": 17}}]}


def _factory(kind: type) -> Callable[[], Any]:
    def make() -> Any:
        return probed(kind())

    make.__name__ = kind.__name__
    return make


PIXELTABLE = [
    Exhibit("TP-FLT-06", _factory(NotDeleted), ("Pixeltable does not",)),
    Exhibit("TP-FLT-06", _factory(NotTheOther), ("Pixeltable does not",)),
    Exhibit("TP-FLT-06", _factory(NumberForText), ("Pixeltable",)),
]
