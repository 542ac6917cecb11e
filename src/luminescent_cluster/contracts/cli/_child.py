"""The process in which ``check`` runs an extension; says what it does in a file, line by line.

Started by :mod:`._supervise` with the job as JSON on standard input. Nothing that the extension
prints, patches or closes touches that file.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from ..engine.originals import getpid, sleep, start_new_thread


class _Voice:
    """Appends events to a file; a forked copy of this process is mute."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND)
        self._pid = getpid()
        self._write = os.write
        self.seen: Any = None

    def say(self, **event: Any) -> None:
        from ..session.reporting import plain

        self._put(json.dumps(plain(event)).encode() + b"\n")

    def beat(self) -> None:
        while True:
            sleep(1.0)
            seen = self.seen
            told = b'{"seen": [%d, %d]}' % (seen.examples, seen.calls) if seen is not None else b""
            self._put(told + b"\n")  # at once: the other thread's events would come in between

    def _put(self, data: bytes) -> None:
        if getpid() == self._pid:
            self._write(self._file, data)


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    sys.path[:] = job["path"]
    voice = _Voice(job["said"])
    start_new_thread(voice.beat, ())
    from ..config import Target
    from ..engine.execute import execute
    from ..engine.instances import Making
    from ..engine.profile import profile_named
    from ..engine.witness import Witness, watched
    from ..session.loading import LoadError, load_factory, load_protocol
    from ..suites import suite_for

    target = Target(*job["target"])
    try:
        protocol = load_protocol(target)
        suite = suite_for(protocol)
        factory = load_factory(target)
    except (LoadError, TypeError) as error:
        voice.say(error=str(error))
        return
    clauses = list(suite.clauses.values())
    voice.say(
        plan={
            "protocol": protocol.__name__,
            "clauses": [[clause.id, clause.level.value] for clause in clauses],
        }
    )
    making = Making()

    def watch(seen: Any) -> None:
        voice.seen = seen

    for clause in clauses:
        if clause.id in job["skip"]:
            continue
        voice.say(start=clause.id)
        witness = Witness()
        result = execute(
            clause,
            protocol,
            watched(factory, witness.note),
            profile=profile_named(job["profile"]),
            seed=job["seed"],
            name=target.name,
            subject_class=suite.subject,
            shrink=clause.id not in job["waived"],
            making=making,
            watch=watch,
        )
        voice.seen = None
        voice.say(result=witness.sign(result).to_json())
    voice.say(done=True)


if __name__ == "__main__":
    main()
