"""What is inside the filter grammar, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luminescent_cluster.contracts.filters import (
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Comparison,
    FieldTest,
    FilterError,
    matches,
    parse,
    validate,
)

INSIDE: list[dict[str, Any]] = [
    {"tenant_id": "acme"},
    {"tenant_id": None},
    {"tenant_id": {"$eq": "acme"}},
    {"tenant_id": {"$in": ["acme"]}},
    {"tenant_id": {"$in": []}},
    {"tenant_id": {"$in": ("acme", None)}},
    {"tenant_id": {"$exists": True, "$eq": "acme"}},
    {"meta.tenant": {"$gte": 1, "$lt": 2.5}},
    {"$and": [{"tenant_id": "acme"}, {"$or": [{"kind": "doc"}, {"kind": True}]}]},
    {"tenant_id": "acme", "$or": [{"a": 1}, {"b": 2}]},
    {"tenant_id": "\ud800\x00$regex"},
]

OUTSIDE: list[Any] = [
    None,
    "tenant_id",
    [],
    [("tenant_id", "acme")],
    {},
    {"tenant_id": {}},
    {"": "acme"},
    {"a..b": "acme"},
    {".a": 1},
    {1: "acme"},
    {None: "acme"},
    {"$where": "true"},
    {"$nor": [{"tenant_id": "acme"}]},
    {"$eq": "acme"},
    {"tenant_id": {"$regex": "acme"}},
    {"tenant_id": {"$not": {"$eq": "acme"}}},
    {"tenant_id": {"$EQ": "acme"}},
    {"tenant_id": {"id": "acme"}},
    {"tenant_id": {"$eq": "acme", "id": "acme"}},
    {"tenant_id": {"$eq": {"id": "acme"}}},
    {"tenant_id": {"$eq": ["acme"]}},
    {"tenant_id": ["acme"]},
    {"tenant_id": {"$in": "acme"}},
    {"tenant_id": {"$in": [["acme"]]}},
    {"tenant_id": {"$in": {"acme": 1}}},
    {"tenant_id": {"$nin": None}},
    {"tenant_id": {"$exists": 1}},
    {"tenant_id": {1: "acme"}},
    {"tenant_id": float("nan")},
    {"tenant_id": {"$lt": float("inf")}},
    pytest.param({"tenant_id": 10**5000}, id="too long a number"),
    {"tenant_id": b"acme"},
    {"tenant_id": {"acme"}},
    {"$and": []},
    {"$or": ()},
    {"$and": {}},
    {"$or": [{}]},
    {"$or": [{"tenant_id": "acme"}, {}]},
    {"$and": ["acme"]},
    {"tenant_id": {"$or": [{"$eq": "acme"}]}},
]


@pytest.mark.parametrize("inside", INSIDE, ids=ascii)
def test_documented_forms_are_filters(inside: dict[str, Any]) -> None:
    """Everything the grammar documents parses, and is JSON."""
    validate(inside)
    json.dumps(inside, allow_nan=False)


@pytest.mark.parametrize("outside", OUTSIDE, ids=lambda value: ascii(value)[:60])
def test_everything_else_is_refused(outside: object) -> None:
    """What the grammar does not document raises FilterError, also where Mongo would take it."""
    with pytest.raises(FilterError):
        parse(outside)


def test_error_names_place_finding_and_remedy() -> None:
    """The message says where, what was found and what belongs there."""
    with pytest.raises(FilterError) as caught:
        parse({"$or": [{"tenant_id": "acme"}, {"tenant_id": {"$regex": "^a"}}]})
    assert str(caught.value) == (
        "filter['$or'][1]['tenant_id']['$regex']: '^a': unknown operator; known are "
        "$eq $ne $gt $gte $lt $lte $in $nin $exists, and $and $or around filters"
    )


def test_error_survives_a_hostile_repr() -> None:
    """A value whose repr raises is refused for what it is, not with its own exception."""

    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    with pytest.raises(FilterError, match="<Hostile, repr raised RuntimeError>"):
        parse({"tenant_id": Hostile()})


def test_cyclic_filter_is_refused() -> None:
    """A filter that contains itself ends at the depth limit instead of in a RecursionError."""
    cyclic: dict[str, Any] = {}
    cyclic["$and"] = [cyclic]
    with pytest.raises(FilterError, match=f"deeper than {MAX_DEPTH}"):
        parse(cyclic)


def test_parsed_filter_owns_its_values() -> None:
    """Changing the argument after parsing changes nothing."""
    wanted = ["acme"]
    source = {"tenant_id": {"$in": wanted}}
    tree = parse(source)
    wanted.append("evil")
    source.clear()
    assert not tree.matches({"tenant_id": "evil"})
    assert tree.matches({"tenant_id": "acme"})


def test_tree_is_what_a_translator_needs() -> None:
    """A bare value has become $eq, entries of one dict one AllOf, in their order."""
    assert parse({"a": 1, "$or": [{"b": {"$in": ["x"]}}, {"c": {"$gt": 2, "$lt": 9}}]}) == AllOf(
        (
            FieldTest("a", (Comparison("$eq", 1),)),
            AnyOf(
                (
                    FieldTest("b", (Comparison("$in", ("x",)),)),
                    FieldTest("c", (Comparison("$gt", 2), Comparison("$lt", 9))),
                )
            ),
        )
    )


def test_dict_subclasses_are_filters() -> None:
    """A filter may come as any dict."""

    class Richer(dict[str, Any]):
        pass

    assert matches(Richer(tenant_id=Richer({"$eq": "acme"})), {"tenant_id": "acme"})


@given(
    st.recursive(
        st.none() | st.text() | st.floats() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet="$aeqinor."), inner),
    )
)
def test_any_value_is_a_filter_or_a_filter_error(value: object) -> None:
    """No input makes the reader raise anything but FilterError, and what it takes is JSON."""
    try:
        parse(value)
    except FilterError:
        return
    json.dumps(value, allow_nan=False)


def test_values_of_subclasses_are_read_as_json_writes_them():
    """An enumeration's member, or an id of a class of its own, is its text or number."""

    class Name(str):
        __slots__ = ()

    class Number(int):
        pass

    tree = parse({"tenant_id": {"$in": [Name("acme"), Number(7)]}})
    assert isinstance(tree, FieldTest)
    values = tree.comparisons[0].value
    assert isinstance(values, tuple)
    assert [type(value) for value in values] == [str, int]


def test_messages_hold_no_addresses():
    """The same finding reads the same in every run."""
    with pytest.raises(FilterError) as first:
        parse({"tenant_id": {"$in": (item for item in ["acme"])}})
    assert "generator object" in str(first.value)
    assert "0x" not in str(first.value)
