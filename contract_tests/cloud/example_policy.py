"""A small policy with two tenants, and accesses that it allows and denies."""

from __future__ import annotations

import json
from pathlib import Path

from .policy import PolicyFile

__all__ = ["ALLOWED", "DENIED", "TENANTS", "example_policy"]

_POLICY = {
    "roles": {
        "reader": ["kb/*", "reports/q1"],
        "auditor": ["audit"],
        "retired": [],
    },
    "members": {
        "acme": {"ann": ["reader", "auditor"], "bob": ["reader"], "old": ["retired"]},
        "globex": {"ann": ["auditor"], "eve": ["reader", "no-such-role"]},
    },
}

TENANTS = ["acme", "globex"]

ALLOWED = [
    ("acme", "ann", "audit"),
    ("acme", "ann", "kb/handbook"),
    ("acme", "bob", "kb/2026/plan"),
    ("acme", "bob", "reports/q1"),
    ("globex", "ann", "audit"),
    ("globex", "eve", "kb/handbook"),
]

DENIED = [
    ("acme", "bob", "audit"),
    ("acme", "bob", "kb"),
    ("acme", "bob", "kb/"),
    ("acme", "bob", "kb2/handbook"),
    ("acme", "bob", "kb/../audit"),
    ("acme", "bob", "kb/*/.."),
    ("acme", "bob", "reports/q10"),
    ("acme", "old", "kb/handbook"),
    ("acme", "eve", "kb/handbook"),
    ("acme", "Ann", "audit"),
    ("ACME", "ann", "audit"),
    ("globex", "ann", "kb/handbook"),
    ("globex", "bob", "kb/handbook"),
    ("globex", "eve", "audit"),
]


def example_policy(folder: Path) -> PolicyFile:
    """Write the policy into `folder` and give it."""
    path = folder / "policy.json"
    path.write_text(json.dumps(_POLICY), "utf-8")
    return PolicyFile(path)
