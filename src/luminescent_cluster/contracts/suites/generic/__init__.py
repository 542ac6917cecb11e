"""Generic families: clauses for any protocol, without a model of what it does."""

FAMILIES = (
    "signatures",
    "defaults",
    "versions",
    "types",
    "purity",
    "snapshots",
    "truth",
    "errors",
    "threads",
)
"""One module each, in the order in which their clauses are listed."""
