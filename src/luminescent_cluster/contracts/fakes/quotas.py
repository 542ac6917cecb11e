"""The decision whether an account may go on, and the memory of decisions for an outage."""

from __future__ import annotations

import threading
from collections import OrderedDict

from .ledger import Limits, Totals

__all__ = ["Denials", "decide", "remaining"]

_REMEMBERED = 10_000


def decide(limits: Limits, used: Totals, operation: str, period_word: str) -> str | None:
    """Give the reason to deny, or None to allow: usage at or above a limit denies.

    The limit of all operations together (None) and the one of `operation` both count.
    """
    everything = limits.get(None)
    total = sum(tokens for tokens, _ in used.values())
    if everything is not None and total >= everything:
        return f"{period_word} quota used up: {total} of {everything} tokens"
    own = limits.get(operation)
    spent, _ = used.get(operation, (0, 0))
    if own is not None and spent >= own:
        return f"{period_word} quota of {operation!r} used up: {spent} of {own} tokens"
    return None


def remaining(limits: Limits, used: Totals) -> int | None:
    """Give the tokens that all operations together have left; None where nothing limits them."""
    everything = limits.get(None)
    if everything is None:
        return None
    return max(0, everything - sum(tokens for tokens, _ in used.values()))


class Denials:
    """Remembers who was denied in which period.

    While the books are out of reach nobody can look up a quota, but whoever was over it stays over
    it until the period ends. The oldest memories go when there are too many.
    """

    def __init__(self) -> None:
        """Remember nothing."""
        self._lock = threading.Lock()
        self._reasons: OrderedDict[tuple[str | None, str], tuple[int, str]] = OrderedDict()

    def note(self, account: str | None, operation: str, period: int, reason: str | None) -> None:
        """Remember a decision that the books confirmed; None was an allowance."""
        key = (account, operation)
        with self._lock:
            self._reasons.pop(key, None)
            if reason is not None:
                self._reasons[key] = (period, reason)
                if len(self._reasons) > _REMEMBERED:
                    self._reasons.popitem(last=False)

    def recall(self, account: str | None, operation: str, period: int) -> str | None:
        """Give the reason of a denial in this very period, if there was one."""
        with self._lock:
            noted, reason = self._reasons.get((account, operation), (period, None))
            return reason if noted == period else None

    def forget(self, account: str | None) -> None:
        """Forget an account: its limits have changed."""
        with self._lock:
            for key in [key for key in self._reasons if key[0] == account]:
                del self._reasons[key]
