"""Building blocks of generated arguments."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

__all__ = ["json_values", "keys", "text"]


@cache
def text() -> Any:
    """Short texts: a few that come again and again, so that calls meet, then anything but lone
    surrogates."""
    return st.one_of(
        st.sampled_from(("acme", "globex", "ada")),
        st.text("abcdefgh-_0123456789", min_size=1, max_size=8),
        st.text(max_size=20),
    )


@cache
def keys() -> Any:
    """Keys of dicts: some that code treats in a way of their own, then any text."""
    special = ("id", "user_id", "tenant_id", "request_id", "timestamp", "password", "token")
    return st.one_of(st.sampled_from(special), text())


@cache
def json_values() -> Any:
    """Values that JSON can carry, nested a little."""
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), text()
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(keys(), inner, max_size=3)
        ),
        max_leaves=6,
    )
