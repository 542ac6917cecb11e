"""What the process of an extension says about it arrives whole."""

import pytest

from luminescent_cluster.contracts.cli import _child
from luminescent_cluster.contracts.engine.tally import Tally


def test_events_of_two_threads_do_not_mix(tmp_path, monkeypatch):
    """Every write ends its line, so that what another thread says cannot come in between."""
    said = tmp_path / "said"
    said.touch()
    voice = _child._Voice(str(said))
    written = []
    monkeypatch.setattr(voice, "_write", lambda file, data: written.append(data))
    beats = iter([None, Tally(examples=3, calls=5)])

    def seconds_pass(_):
        voice.seen = next(beats)

    monkeypatch.setattr(_child, "sleep", seconds_pass)
    with pytest.raises(StopIteration):
        voice.beat()
    voice.say(start="TP-IDN-01")
    assert written == [b"\n", b'{"seen": [3, 5]}\n', b'{"start": "TP-IDN-01"}\n']
