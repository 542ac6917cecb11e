"""Python imports this at start-up: the generic suite is only signatures and truth."""

from luminescent_cluster.contracts.suites import generic

generic.FAMILIES = ("signatures", "truth")
