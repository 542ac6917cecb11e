"""Default values that a live class shows otherwise than its source writes them."""

import importlib.util

import pytest

from luminescent_cluster.contracts.compat import compare

SOURCE = """\
import functools, os
from typing import Protocol
class P(Protocol):
    def f(self, a={}) -> int: ...
"""


def _both(folder, default, other):
    """Give the live class with one default, and the file that has another."""
    paths = folder / "default_live.py", folder / "default_written.py"
    for path, text in zip(paths, (default, other), strict=True):
        path.write_text(SOURCE.format(text), "utf-8")
    spec = importlib.util.spec_from_file_location("default_live", paths[0])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.P, f"{paths[1]}:P"


@pytest.mark.parametrize(
    "default", ["range(3)", "os.sep", "os.path.join", "functools.reduce", "60 * 60"]
)
def test_live_class_equals_its_own_source(tmp_path, default):
    """In both directions: it is the same value under a name of the library."""
    live, written = _both(tmp_path, default, default)
    assert (compare(live, written).bump, compare(written, live).bump) == (None, None)


@pytest.mark.parametrize(
    ("default", "other"),
    [
        ("range(3)", "range(4)"),
        ("os.sep", "os.pathsep"),
        ("os.sep", "os.gone"),
        ("os.path.join", "os.path.split"),
        ("1", "os.sep"),
    ],
)
def test_another_value_is_a_change(tmp_path, default, other):
    """A name is followed to what it stands for, and no further."""
    live, written = _both(tmp_path, default, other)
    assert (compare(live, written).bump, compare(written, live).bump) == ("MAJOR", "MAJOR")
