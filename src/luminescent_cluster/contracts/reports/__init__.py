"""Renderers of one data model, :class:`~luminescent_cluster.contracts.clauses.Report`.

One file each. Every renderer escapes what came from the extension.
"""
