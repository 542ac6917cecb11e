"""Deterministic thread schedules: explore, detect, shrink, replay, draw.

Real threads run one at a time; before every access to shared state a strategy decides who goes
on. The extension itself, run in the sequential orders of the same calls, is the oracle.

For extensions (what the conformance clauses use):

:func:`explore_extension`
    ``explore_extension(factory, calls, programs=, observers=, readers=, budget=, seed=, promise=,
    extension_of=, teardown=, normalise=) -> Result``. Every pair of ``calls`` in two threads
    first, then the pairs after every call that changes something, three threads, more calls;
    schedules with no, one, two ... preemptions, then random ones.
:func:`replay`
    ``replay(token, factory, calls, ...) -> Result`` runs one schedule again, with the arguments
    it was found with. Raises :class:`StaleToken` when calls or code have changed.

For one's own classes and tests: :func:`explore` and the decorator :func:`race_free`, which raises
:class:`RaceFound`.

Data: :class:`Call`, :class:`Answer`, :class:`Program`, :class:`Budget`,
:class:`Result` (``ok``, ``judged``,
``findings``, ``schedules``, ``pairs``, ``bound``, ``notes``, ``uncontrolled``),
:class:`Finding` (``kind``, ``message``, ``timeline``, ``token``), :class:`Timeline` and its
:class:`Event`. ``PROMISES`` says what may be asked of concurrent calls.
"""

from .api import RaceFound, explore, race_free
from .engine import explore_extension, replay
from .model import PROMISES, Answer, Budget, Call, Finding, Program, Result
from .runs import SetupFailed
from .timeline import Event, Timeline
from .tokens import StaleToken

__all__ = [
    "PROMISES",
    "Answer",
    "Budget",
    "Call",
    "Event",
    "Finding",
    "Program",
    "RaceFound",
    "Result",
    "SetupFailed",
    "StaleToken",
    "Timeline",
    "explore",
    "explore_extension",
    "race_free",
    "replay",
]
