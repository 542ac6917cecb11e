"""What a filter selects: mongomock is the oracle."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mongomock.filtering import filter_applies

from luminescent_cluster.contracts.filters import is_unowned, matches, owner_of

FIELDS = st.sampled_from(["tenant_id", "kind", "a", "a.b", "a.b.kind", "a.0", "a.0.b", "a.1"])
TEXTS = st.sampled_from(["acme", "Acme", "acme2", "", "é", "e\u0301", ".*", "\ud800", "0", "\x00"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from([0.0, -0.0, 0.5, 1.0]), TEXTS
)


def comparisons() -> st.SearchStrategy[Any]:
    scalar = dict.fromkeys(("$eq", "$ne", "$gt", "$gte", "$lt", "$lte"), SCALARS)
    lists = {name: st.lists(SCALARS, max_size=3) for name in ("$in", "$nin")}
    full = st.fixed_dictionaries({}, optional={**scalar, **lists, "$exists": st.booleans()})
    return SCALARS | full.filter(bool)


FILTERS = st.recursive(
    st.dictionaries(FIELDS, comparisons(), min_size=1, max_size=3),
    lambda inner: st.dictionaries(
        st.sampled_from(["$and", "$or"]), st.lists(inner, min_size=1, max_size=3), min_size=1
    ),
    max_leaves=5,
)
VALUES = st.recursive(
    SCALARS | st.sampled_from([float("nan"), b"acme", dt.datetime(2026, 1, 1)]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["b", "kind", "0"]), inner, max_size=2)
    ),
    max_leaves=5,
)
ROWS = st.dictionaries(st.sampled_from(["tenant_id", "kind", "a"]), VALUES, max_size=3)


@settings(max_examples=500)
@given(FILTERS, ROWS)
@example({"tenant_id": {"$ne": "acme"}}, {})
@example({"tenant_id": {"$nin": [None]}}, {})
@example({"a.b": {"$ne": 1}}, {"a": 5})
@example({"a.b": {"$exists": False}}, {"a": [1]})
@example({"a.b": {"$ne": 1, "$exists": True}}, {"a": [{"b": 1}, {"b": 2}]})
def test_selects_what_mongomock_selects(tenant_filter: dict[str, Any], row: dict[str, Any]) -> None:
    """Inside the grammar our evaluator and mongomock agree on every row, nested ones included."""
    assert matches(tenant_filter, row) == bool(filter_applies(tenant_filter, row))


@pytest.mark.parametrize(
    ("tenant_filter", "row", "selected"),
    [
        ({"tenant_id": "acme"}, {"tenant_id": "acme"}, True),
        ({"tenant_id": "acme"}, {"tenant_id": "Acme"}, False),
        ({"tenant_id": "acme"}, {"tenant_id": "acme "}, False),
        ({"tenant_id": "acme"}, {}, False),
        ({"tenant_id": "acme"}, {"tenant_id": None}, False),
        ({"tenant_id": "acme"}, {"tenant_id": ["acme", "other"]}, True),
        ({"tenant_id": "\u00e9"}, {"tenant_id": "e\u0301"}, False),
        ({"tenant_id": {"$in": []}}, {"tenant_id": "acme"}, False),
        ({"tenant_id": {"$nin": []}}, {}, True),
        ({"tenant_id": {"$ne": "other"}}, {}, True),
        ({"tenant_id": {"$gte": ""}}, {"tenant_id": "acme"}, True),
        ({"tenant_id": {"$gte": ""}}, {"tenant_id": 5}, False),
        ({"n": {"$gt": 1j.real}}, {"n": 1 + 1j}, False),
        ({"tenant_id": {"$exists": False}}, {"tenant_id": None}, False),
    ],
)
def test_tenant_filters_by_example(
    tenant_filter: dict[str, Any], row: dict[str, Any], selected: bool
) -> None:
    """The cases that decide about isolation, spelled out."""
    assert matches(tenant_filter, row) is selected


@pytest.mark.parametrize(
    ("row", "field", "owner"),
    [
        ({"tenant_id": "acme"}, "tenant_id", "acme"),
        ({"tenant_id": ""}, "tenant_id", ""),
        ({"tenant_id": None}, "tenant_id", None),
        ({}, "tenant_id", None),
        ({"meta": {"owner": "acme"}}, "meta.owner", "acme"),
        ({"meta": "acme"}, "meta.owner", None),
        ({"meta": [{"owner": "acme"}, {"owner": "other"}]}, "meta.owner", None),
    ],
)
def test_missing_or_null_owner_is_nobody(row: dict[str, Any], field: str, owner: object) -> None:
    """A row belongs to whom its owner field names; without one it is unowned."""
    assert owner_of(row, field) == owner
    assert is_unowned(row, field) is (owner is None)
