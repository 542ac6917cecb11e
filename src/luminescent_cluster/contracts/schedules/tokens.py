"""Replay tokens: a schedule as one short word.

``L1.x.0_1.a-2-b.5f0c9a21`` reads: format 1; nothing called before; thread a makes call 0, thread
b call 1; at its second decision thread a hands on to b; the code and calls had this digest.
"""

from __future__ import annotations

import hashlib
import inspect
import linecache
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import CodeType

from .model import Call, Program

__all__ = ["StaleToken", "Token", "digest"]


class StaleToken(ValueError):
    """The token cannot be replayed: it is malformed, or calls or code are not what they were."""


@dataclass(frozen=True)
class Token:
    """A decoded token; ``digest`` is "" for a schedule that has none yet."""

    program: Program
    plan: dict[tuple[str, int], str]
    digest: str = ""

    def encode(self, calls: Sequence[Call]) -> str:
        """The token as text, calls by their place in ``calls``."""
        before = "-".join(str(calls.index(call)) for call in self.program.before) or "x"
        threads = "_".join(
            "-".join(str(calls.index(call)) for call in thread) for thread in self.program.threads
        )
        plan = "_".join(f"{task}-{n}-{to}" for (task, n), to in self.plan.items()) or "x"
        return f"L1.{before}.{threads}.{plan}.{self.digest}"

    @classmethod
    def decode(cls, text: str, calls: Sequence[Call]) -> Token:
        """Read a token. Raises StaleToken when it is none, or names calls that do not exist."""
        fields = text.strip().split(".")
        if len(fields) != 5 or fields[0] != "L1":
            raise StaleToken(
                f"{text!r} is no replay token: copy the whole word that starts with L1."
            )
        try:
            before = tuple(calls[int(i)] for i in fields[1].split("-")) if fields[1] != "x" else ()
            threads = tuple(
                tuple(calls[int(i)] for i in thread.split("-")) for thread in fields[2].split("_")
            )
            plan: dict[tuple[str, int], str] = {}
            if fields[3] != "x":
                for part in fields[3].split("_"):
                    task, n, to = part.split("-")
                    plan[task, int(n)] = to
        except IndexError:
            raise StaleToken(
                f"{text!r} names a call that is not in the list of {len(calls)} calls: "
                "replay it with the calls it was found with"
            ) from None
        except ValueError:
            raise StaleToken(f"{text!r} is no replay token: a part of it is malformed") from None
        return cls(Program(threads, before), plan, fields[4])


def digest(program: Program, codes: Iterable[CodeType]) -> str:
    """Eight hex digits over the calls and the source of the functions that ran.

    Source, not bytecode: it is the same under every version of Python.
    """
    parts = [str(program)]
    for code in codes:
        name = f"{os.path.basename(code.co_filename)}:{code.co_name}"
        parts.append(f"{name}\n{_source(code)}")
    text = "\n".join(sorted(parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _source(code: CodeType) -> str:
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    if lines:
        try:
            return "".join(inspect.getblock(lines))
        except Exception:
            return "".join(lines[:1])
    return " ".join((*code.co_names, *code.co_varnames))
