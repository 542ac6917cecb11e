"""Which calls a protocol permits, and whether an object accepts them.  Standard library only.

Imported lazily: nothing here is loaded by ``import luminescent_cluster.extensions``.
"""
