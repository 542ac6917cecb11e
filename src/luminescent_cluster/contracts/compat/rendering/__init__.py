"""Comparisons and matrices as text: one renderer per file, all escape what came from a source."""
