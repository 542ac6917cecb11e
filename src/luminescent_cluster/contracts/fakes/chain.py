"""A chain of hashes over stored records, and the anchor outside that holds its head.

Each digest covers the one before, so changing, removing, inserting or reordering records breaks the
chain. Cutting off the tail, or writing the whole chain anew, does not break it: both are seen only
by comparing with a head that was kept elsewhere, the anchor. (RFC 6962 separates its signed tree
head from the log for the same reason.)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["START", "Anchor", "FileAnchor", "Head", "MemoryAnchor", "Stored", "link"]


@dataclass(frozen=True)
class Head:
    """How many records a chain has, and the digest of the last."""

    count: int
    digest: str


@dataclass(frozen=True)
class Stored:
    """One record as it lies in a store: its number from 1, its bytes, its digest."""

    sequence: int
    body: bytes
    digest: str


START = Head(0, "")
_ANCHOR_LENGTH = 160  # longer than any head as JSON


def link(before: Head, body: bytes, key: bytes | None) -> Head:
    """Give the head of the chain after `body` was added: SHA-256, keyed (HMAC) with a key."""
    sequence = before.count + 1
    covered = f"{before.digest}:{sequence}:".encode() + body
    if key is None:
        return Head(sequence, hashlib.sha256(covered).hexdigest())
    return Head(sequence, hmac.new(key, covered, hashlib.sha256).hexdigest())


class Anchor(Protocol):
    """Keeps a head where who can change the records cannot, best on another machine."""

    def read(self) -> Head:
        """Give the head kept last; `START` before the first."""

    def write(self, head: Head) -> None:
        """Keep `head` instead."""


class MemoryAnchor:
    """An anchor as lasting as its process."""

    def __init__(self) -> None:
        """Start with an empty chain."""
        self._head = START

    def read(self) -> Head:
        """See `Anchor.read`."""
        return self._head

    def write(self, head: Head) -> None:
        """See `Anchor.write`."""
        self._head = head


class FileAnchor:
    """An anchor in a file of its own.

    The file is written in place, in one piece of fixed length, which the death of the process
    cannot tear. `power_safe` replaces it as a whole and waits for the disk, at every write.
    """

    def __init__(self, path: str | os.PathLike[str], power_safe: bool = False) -> None:
        """Keep the head at `path`."""
        self._path = Path(path)
        self._power_safe = power_safe

    def read(self) -> Head:
        """See `Anchor.read`.

        Raises:
            ValueError: where the file is not an anchor.
            OSError: where it cannot be read.
        """
        try:
            text = self._path.read_bytes()
            while text != (again := self._path.read_bytes()):  # another process is writing
                text = again
        except FileNotFoundError:
            return START
        found = json.loads(text.decode("ascii"))
        if not isinstance(found, dict) or set(found) != {"count", "digest"}:
            raise ValueError(f"{self._path} is not an anchor")
        return Head(int(found["count"]), str(found["digest"]))

    def write(self, head: Head) -> None:
        """See `Anchor.write`.

        Raises:
            OSError: where the file cannot be written.
        """
        text = json.dumps({"count": head.count, "digest": head.digest})
        line = f"{text:<{_ANCHOR_LENGTH}}\n".encode("ascii")
        if not self._power_safe:
            try:
                with self._path.open("r+b", buffering=0) as file:
                    file.write(line)
                return
            except FileNotFoundError:
                pass  # the first time; a file that appears is already complete
        draft = self._path.with_name(
            f"{self._path.name}.{os.getpid()}-{threading.get_ident()}.draft"
        )
        with draft.open("wb") as file:
            file.write(line)
            if self._power_safe:
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, self._path)
