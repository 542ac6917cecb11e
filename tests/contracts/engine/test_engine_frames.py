"""Looking where all threads stand does not let the collector run meanwhile."""

import gc
import sys
import threading

import pytest

from luminescent_cluster.contracts.engine import frames
from luminescent_cluster.contracts.engine.frames import current_frames


@pytest.mark.parametrize("collects", [True, False])
def test_collector_waits_and_is_left_as_it_was(monkeypatch, collects):
    """A ``threading.local`` that went in between would wait for the interpreter's own lock."""
    seen = []
    monkeypatch.setattr(frames.sys, "_current_frames", lambda: seen.append(gc.isenabled()) or {})
    before = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        current_frames()
        assert (seen, gc.isenabled()) == ([False], collects)
    finally:
        (gc.enable if before else gc.disable)()


def test_every_thread_is_there():
    """As the interpreter itself tells."""
    found = current_frames()
    assert found.keys() == sys._current_frames().keys()
    assert threading.get_ident() in found
