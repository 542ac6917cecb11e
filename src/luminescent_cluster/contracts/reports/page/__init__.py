"""Reports as one HTML file: no network, no script needed to read it, verdict first.

Style and script stand in the file and are named by their hashes in a content security policy, so
that nothing that came from an extension could run even if it broke out of its escaping.
"""

from .shell import render

__all__ = ["render"]
