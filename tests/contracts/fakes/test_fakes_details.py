"""Snapshots of details: faithful for JSON, a marked rendering for the rest, never silence."""

import datetime as dt
import enum
import json
from collections import OrderedDict
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luminescent_cluster.contracts.fakes.details import MAX_DEPTH, MAX_VALUES, snapshot


class Color(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Lying(str):
    def __str__(self) -> str:
        return "lie"


CYCLE: dict[str, Any] = {"a": {}}
CYCLE["a"]["back"] = [CYCLE["a"], CYCLE]
SHARED = ["shared"]


@pytest.mark.parametrize(
    ("value", "taken", "rendered"),
    [
        ((1, [2]), [1, [2]], []),
        (Level.HIGH, 3, []),
        (Lying("truth"), "truth", []),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}, []),
        (MappingProxyType({"a": 1}), {"a": 1}, []),
        ([SHARED, SHARED], [["shared"], ["shared"]], []),
        (Color.RED, "<Color.RED: 'red'>", ["/x"]),
        (b"\xff", "/w==", ["/x"]),
        ({3, 1}, [1, 3], ["/x"]),
        (float("nan"), "nan", ["/x"]),
        (float("-inf"), "-inf", ["/x"]),
        (Decimal("1.10"), "Decimal('1.10')", ["/x"]),
        (dt.date(2026, 1, 2), "datetime.date(2026, 1, 2)", ["/x"]),
        ({1: "a"}, {"1": "a"}, ["/x"]),
        ({1: "a", "1": "b"}, [[1, "a"], ["1", "b"]], ["/x"]),
        ({True: "a", None: "b"}, [[True, "a"], [None, "b"]], ["/x"]),
        ({("t",): b""}, [[["t"], ""]], ["/x", "/x/0/1"]),
        ({"a/b~c": {1}}, {"a/b~c": [1]}, ["/x/a~1b~0c"]),
        (Unprintable(), "<Unprintable, repr raised RuntimeError>", ["/x"]),
        ({Unprintable()}, ["<Unprintable, repr raised RuntimeError>"], ["/x", "/x/0"]),
        (1 << 20_000, hex(1 << 20_000), ["/x"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_renderings(value: object, taken: object, rendered: list[str]) -> None:
    """What JSON has is kept, what it lacks is rendered and its place listed."""
    assert snapshot({"x": value}) == ({"x": taken}, rendered)


def test_cycle_points_to_where_it_returns() -> None:
    """A structure that contains itself is recorded once and referred to."""
    assert snapshot(CYCLE) == (
        {"a": {"back": ["#/a", "#"]}},
        ["/a/back/0", "/a/back/1"],
    )


def test_text_that_looks_like_a_rendering_is_told_apart() -> None:
    """The list of rendered places differs where the snapshots do not."""
    assert snapshot({"x": "nan"}) == ({"x": "nan"}, [])
    assert snapshot({"x": float("nan")}) == ({"x": "nan"}, ["/x"])


def test_keys_that_are_no_text_at_the_top() -> None:
    """The record's details stay a dict."""
    assert snapshot({None: 1}) == ({"pairs": [[None, 1]]}, [""])


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(depth - 1):
        inner = {"in": inner}
    return inner


def test_depth_is_limited() -> None:
    """What nests too deeply raises instead of being cut in silence."""
    assert snapshot(nested(MAX_DEPTH))[0] == nested(MAX_DEPTH)
    with pytest.raises(ValueError, match=f"deeper than {MAX_DEPTH}"):
        snapshot(nested(MAX_DEPTH + 1))
    with pytest.raises(ValueError, match=f"deeper than {MAX_DEPTH}"):
        snapshot(nested(100_000))


def test_size_is_limited() -> None:
    """Shared parts that multiply to billions of values raise before memory is gone."""
    bomb: list[Any] = ["lol"]
    for _ in range(40):
        bomb = [bomb, bomb]
    with pytest.raises(ValueError, match=f"more than {MAX_VALUES}"):
        snapshot({"bomb": bomb})


@pytest.mark.parametrize("details", [[1], "text", 5, [("a", 1)]], ids=repr)
def test_details_are_a_mapping(details: Any) -> None:
    """Anything else raises TypeError."""
    with pytest.raises(TypeError, match="details is a dict or None"):
        snapshot(details)


HASHABLE = st.none() | st.integers() | st.text() | st.binary() | st.floats()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        HASHABLE,
        st.recursive(
            HASHABLE | st.dates() | st.decimals(),
            lambda inner: st.lists(inner) | st.dictionaries(HASHABLE, inner) | st.tuples(inner),
        ),
    )
)
def test_snapshot_is_json(details: dict[Any, Any]) -> None:
    """Whatever goes in, strict JSON comes out."""
    taken, rendered = snapshot(details)
    assert json.loads(json.dumps([taken, rendered], allow_nan=False)) == [taken, rendered]
