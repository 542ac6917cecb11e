"""Standard faults, put into anybody's working extension to see which clause notices."""

from .fate import Fate, Matrix
from .injection import Injection, NotApplicable
from .matrix import Unusable, faults_for, faulty, kill_matrix
from .model import Fault, Faults

__all__ = [
    "Fate",
    "Fault",
    "Faults",
    "Injection",
    "Matrix",
    "NotApplicable",
    "Unusable",
    "faults_for",
    "faulty",
    "kill_matrix",
]
