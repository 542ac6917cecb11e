"""Comparing, copying and spoiling values at every depth."""

import copy
from collections import OrderedDict
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luminescent_cluster.contracts.engine.compare import (
    holds_poison,
    is_mutable,
    poison,
    same,
    snapshot,
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


@given(JSON)
def test_a_copy_is_the_same(value):
    """Every value is the same as its copy, NaN included."""
    assert same(value, copy.deepcopy(value))


@given(JSON)
def test_poison_shows_wherever_something_can_be_changed(value):
    """A spoiled value is told apart from its snapshot, and the snapshot is clean."""
    before = snapshot(value)
    poison(value)
    assert not holds_poison(before)
    assert holds_poison(value) is is_mutable(value)
    assert same(value, before) is not is_mutable(value)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, True, False),
        (1, 1.0, True),
        (float("nan"), float("nan"), True),
        ({"a": 1}, OrderedDict(a=1), True),
        ([1, 2], (1, 2), True),
        ([1, 2], [2, 1], False),
        ({1, 2}, {2, 1}, True),
        (object(), object(), True),
        (object(), "x", False),
        ({"a": float("nan")}, {"a": float("nan")}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        (MappingProxyType({"a": [1]}), {"a": [1]}, True),
    ],
)
def test_same_compares_meaning(left, right, expected):
    """Containers by content, True is not 1, NaN is NaN, identity objects by type."""
    assert same(left, right) is expected
    assert same(right, left) is expected


def test_cycles_are_compared_and_spoiled():
    """A value that holds itself ends."""
    one, other = {"n": 1}, {"n": 1}
    one["self"], other["self"] = one, other
    assert same(one, other)
    poison(one)
    assert holds_poison(one)
    assert not holds_poison(other)
