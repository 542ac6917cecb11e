"""What happens when the site is built: the pages that are made from the code are added."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parent))

import catalogue
import reference


@functools.cache
def _made() -> tuple[tuple[str, str], ...]:
    """Make the pages once, also where `mkdocs serve` builds again and again."""
    clauses = (("reference/clauses/" + name, text) for name, text in catalogue.pages())
    return (*clauses, *reference.pages())


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the made pages to the written ones."""
    for path, text in _made():
        files.append(File.generated(config, path, content=text))
    return files
