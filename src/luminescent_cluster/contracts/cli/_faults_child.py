"""The process in which ``faults`` runs an extension; says what it does in a file, line by line.

Started by :mod:`.faults` with the job as JSON on standard input. An extension with a fault in it
may do anything, and what it ends is this process.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from ..engine.originals import start_new_thread
from ._child import _Voice


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    sys.path[:] = job["path"]
    voice = _Voice(job["said"])
    start_new_thread(voice.beat, ())
    # Faults make extensions complain; what nobody listens to would go to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    from ..config import Target
    from ..faults import Unusable, faults_for, kill_matrix
    from ..faults.text import render
    from ..session.loading import LoadError, load_factory, load_protocol

    target = Target(*job["target"])

    def progress(fate: Any) -> None:
        voice.say(start=fate.fault.name)

    voice.say(start="loading it")
    try:
        protocol = load_protocol(target)
        names = job["faults"]
        if names is not None and job["several"]:  # a fault of another target's protocol
            names = [name for name in names if name in faults_for(protocol)]
        matrix = kill_matrix(
            protocol,
            _without_arguments(load_factory(target), target.factory),
            faults=names,
            profile=job["profile"],
            seed=job["seed"],
            every_clause=job["every_clause"],
            name=target.name,
            progress=progress,
        )
    except (LoadError, TypeError, Unusable) as error:
        voice.say(error=str(error))
    except KeyError as error:
        voice.say(error=str(error.args[0]))
    else:
        survivors = len(matrix.survivors)
        voice.say(rows=matrix.to_json(), text=render(matrix), survivors=survivors)


def _without_arguments(factory: Any, name: str) -> Any:
    """Give the factory back, where it can be called as it is.

    Raises:
        TypeError: it needs arguments, as the functions under ``@contract`` that use fixtures do.
    """
    from luminescent_cluster.extensions._calls.reflection import signature_of

    try:
        signature = signature_of(factory, follow_wrapped=True)
    except (TypeError, ValueError):  # it does not tell
        return factory
    try:
        signature.bind()
    except TypeError as error:
        raise TypeError(
            f"{name} cannot be called without arguments ({error}); there are no pytest fixtures "
            "here: name a function that makes what it needs itself, and yields the subject"
        ) from error
    return factory


if __name__ == "__main__":
    main()
