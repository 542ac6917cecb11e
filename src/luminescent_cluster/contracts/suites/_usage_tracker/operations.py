"""What core tracks: operations, tokens, and what else a request may bring along."""

from __future__ import annotations

from hypothesis import strategies as st

from ...engine.values import text

__all__ = [
    "ODD",
    "ODDITIES",
    "OPERATIONS",
    "PLAIN_TOKENS",
    "few_tokens",
    "odd_operations",
    "operations",
]

OPERATIONS = ("query", "store", "embed", "ingest")
"""Operations as core names them."""

ODD = (
    "", " ", "Query", "query ", "QUERY", "total", "total_tokens", "total_queries", "tokens",
    "tenant_id", "quota_remaining", "*", "%", "None", "null", "acme", "__class__",
    "küche", "x" * 80, "health", "ping", "warmup", "test", "debug", "internal", "_internal",
    "admin", "system", "free", "cached", "trial", "retry", "noop", "query:cached", "query,cached",
    "internal.sync",
)  # fmt: skip

"""Names that code takes for something else, or for free of charge."""


class _Oddity:
    """Something that a request context may hold and JSON cannot."""


ODDITIES = (b"\xff", {1, 2}, _Oddity(), 1j, print)
"""Values that JSON cannot carry."""

operations = st.sampled_from(OPERATIONS)
odd_operations = st.one_of(text(), st.sampled_from(ODD))
PLAIN_TOKENS = 100_000
"""The most that an event must be allowed to have; more may be taken for a mistake, and refused."""

few_tokens = st.one_of(st.integers(0, 1000), st.sampled_from((0, 1, PLAIN_TOKENS, 2**31 - 1)))
