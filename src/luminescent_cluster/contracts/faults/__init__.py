"""Standard faults, put into anybody's working extension to see which clause notices."""

from .injection import Injection, NotApplicable
from .matrix import Fate, Matrix, faults_for, faulty, kill_matrix
from .model import Fault, Faults

__all__ = [
    "Fate",
    "Fault",
    "Faults",
    "Injection",
    "Matrix",
    "NotApplicable",
    "faults_for",
    "faulty",
    "kill_matrix",
]
