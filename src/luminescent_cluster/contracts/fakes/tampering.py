"""Damage to stored records, as somebody with access to the store would do it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

from .chain import START, Stored, link

__all__ = ["TAMPERINGS", "Tampering", "tampered"]

Tampering = Literal["change", "remove", "reorder", "truncate", "insert", "rewrite"]
TAMPERINGS: frozenset[Tampering] = frozenset(get_args(Tampering))


def tampered(records: Sequence[Stored], kind: Tampering, key: bytes | None) -> list[Stored]:
    """Give `records` damaged in one way.

    change: a record says something else. remove: one from before the last is gone, numbers closed
    up. reorder: two have changed places. truncate: the last is gone. insert: one was added between
    others. rewrite: one says something else and the whole chain was computed anew, with the key,
    as by somebody who owns the process and the store but not the anchor.

    Raises:
        ValueError: where `kind` is unknown or there are too few records for it.
    """
    damaged = list(records)
    needed = {"change": 1, "truncate": 1, "rewrite": 1, "insert": 1, "remove": 2, "reorder": 2}
    if kind not in needed:
        raise ValueError(f"unknown kind of tampering {kind!r}; known: {', '.join(sorted(needed))}")
    if len(damaged) < needed[kind]:
        raise ValueError(f"{kind} needs {needed[kind]} stored records, there are {len(damaged)}")
    middle = (len(damaged) - 1) // 2
    if kind == "change":
        damaged[middle] = replace(damaged[middle], body=_altered(damaged[middle].body))
    elif kind == "remove":
        del damaged[middle]
        damaged = _renumbered(damaged)
    elif kind == "reorder":
        first, second = damaged[middle], damaged[middle + 1]
        damaged[middle] = replace(second, sequence=first.sequence)
        damaged[middle + 1] = replace(first, sequence=second.sequence)
    elif kind == "truncate":
        del damaged[-1]
    elif kind == "insert":
        forged = replace(damaged[middle], body=_altered(damaged[middle].body))
        damaged.insert(middle, forged)
        damaged = _renumbered(damaged)
    else:
        bodies = [record.body for record in damaged]
        bodies[middle] = _altered(bodies[middle])
        damaged, head = [], START
        for body in bodies:
            head = link(head, body, key)
            damaged.append(Stored(head.count, body, head.digest))
    return damaged


def _renumbered(records: Sequence[Stored]) -> list[Stored]:
    return [replace(record, sequence=number) for number, record in enumerate(records, 1)]


def _altered(body: bytes) -> bytes:
    record = json.loads(body.decode("utf-8", "surrogatepass"))
    record["event_type"] = f"{record['event_type']} (altered)"
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")
