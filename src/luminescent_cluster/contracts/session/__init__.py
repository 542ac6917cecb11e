"""From what was bound, selected and reported to one verdict. Pure: nothing here imports pytest.

A :class:`Plan` says what should run; a :class:`Ledger` takes what did, and concludes.
"""

from .ledger import Conclusion, Ledger
from .plan import Left, Plan, Planned

__all__ = ["Conclusion", "Ledger", "Left", "Plan", "Planned"]
