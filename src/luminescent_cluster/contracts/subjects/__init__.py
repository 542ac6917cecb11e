"""Subjects: how an author hands an extension to the kit, one module per protocol."""

from .base import Subject

__all__ = ["Subject"]
