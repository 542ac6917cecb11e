"""Getting alerts out, each once, without losing one when the channel fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from .chain import Stored
from .records import Records
from .switch import BackendDown, Switch

__all__ = ["AlertChannel", "Alerting", "log_alert"]

_log = logging.getLogger(__name__)

AlertChannel = Callable[[dict[str, Any]], None]
"""Takes one security record. Raising means that the alert did not get out and is to be repeated."""


def log_alert(record: dict[str, Any]) -> None:
    """Send the alert to the log `luminescent.alerts` at level CRITICAL."""
    logging.getLogger("luminescent.alerts").critical(
        "%(event_type)r: %(message)r (record %(sequence)d)", record
    )


class Alerting:
    """Delivers the alerts that stored records owe, oldest first.

    One that fails waits for the next time and holds up none of the others.

    Delivery is exactly once while the process lives. An alert that got out just before the process
    died is sent again afterwards: twice is better than never.
    """

    def __init__(
        self,
        records: Records,
        channel: AlertChannel,
        switch: Switch,
        decode: Callable[[Stored], dict[str, Any]],
    ) -> None:
        """Deliver through `channel`; `switch` can break it."""
        self._records = records
        self._channel = channel
        self._switch = switch
        self._decode = decode
        self._delivering = threading.Lock()
        self._sent: set[int] = set()  # got out, but the store could not be told yet

    def deliver(self) -> int:
        """Deliver what is owed and give the number that is still owed.

        A failing channel is logged, never raised: the record is stored, and the alert waits.
        """
        with self._delivering:
            try:
                owed = self._records.alerts(delivered=False)
            except BackendDown as error:
                _log.error("owed alerts cannot be looked up: %s", error)
                return 1
            return sum(not self._deliver_one(record) for record in owed)

    def _deliver_one(self, record: Stored) -> bool:
        try:
            if record.sequence not in self._sent:
                self._switch.pass_through()
                self._channel(self._decode(record))
                self._sent.add(record.sequence)
            self._records.mark_delivered(record.sequence)
        except Exception as error:  # the channel is the user's
            _log.error("alert of record %d waits: %s", record.sequence, error)
            return False
        self._sent.discard(record.sequence)
        return True
