"""Faults that any protocol's extension may have."""

from ..model import Faults
from . import conduct, signatures, values

__all__ = ["faults"]

faults = Faults().including(conduct.faults, signatures.faults, values.faults)
