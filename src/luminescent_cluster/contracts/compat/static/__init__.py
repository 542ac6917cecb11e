"""Shapes from source text: read, never imported."""

from .classes import read_edition
from .module import Module, Tree

__all__ = ["Module", "Tree", "read_edition"]
