"""Role-based access read from a policy file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["PolicyFile", "PolicyUnavailable"]


class PolicyUnavailable(OSError):
    """The policy cannot be read, so no access can be confirmed."""


class PolicyFile:
    """Roles and members, read anew whenever the file has changed.

    The file is JSON::

        {"roles": {"reader": ["kb/*", "reports/q1"]},
         "members": {"acme": {"ann": ["reader"]}}}

    A role lists resources; one that ends in ``/*`` grants everything below that folder.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Read the policy at `path` when it is first needed."""
        self._path = Path(path)
        self._lock = threading.Lock()
        self._version: tuple[int, int, int] | None = None
        self._policy: dict[str, Any] = {}

    def allows(self, tenant: str, user: str, resource: str) -> bool:
        """Say whether a role of `user` in `tenant` covers `resource`.

        Raises:
            PolicyUnavailable: where the file is missing, unreadable or no policy.
        """
        policy = self._current()
        try:
            roles = policy["members"].get(tenant, {}).get(user, [])
            granted = [pattern for role in roles for pattern in policy["roles"].get(role, [])]
            return any(_covers(pattern, resource) for pattern in granted)
        except (AttributeError, KeyError, TypeError) as error:
            raise PolicyUnavailable(f"{self._path} is not a policy: {error!r}") from error

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Take the file away while the block runs."""
        hidden = self._path.with_name(self._path.name + ".hidden")
        os.replace(self._path, hidden)
        try:
            yield
        finally:
            os.replace(hidden, self._path)

    def _current(self) -> dict[str, Any]:
        try:
            with self._lock, self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                version = (status.st_mtime_ns, status.st_size, status.st_ino)
                if version != self._version:
                    policy = json.load(file)
                    if not isinstance(policy, dict):
                        raise ValueError("not an object")
                    self._policy, self._version = policy, version
                return self._policy
        except (OSError, ValueError) as error:
            raise PolicyUnavailable(f"{self._path}: {error}") from error


def _covers(pattern: str, resource: str) -> bool:
    if not pattern.endswith("/*"):
        return pattern == resource
    folder = pattern[:-1]
    # "kb/../secrets" begins with the folder and leads out of it
    parts = resource.split("/")
    return resource.startswith(folder) and not any(part in ("", ".", "..") for part in parts)
