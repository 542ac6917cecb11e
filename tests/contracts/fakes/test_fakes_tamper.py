"""Evidence of tampering: chain, anchor, key."""

import threading
from typing import Any

import pytest

from luminescent_cluster.contracts.fakes import FileAnchor, Head, MemoryAnchor, SqliteAuditLogger
from luminescent_cluster.contracts.fakes.chain import START, Stored, link
from luminescent_cluster.contracts.fakes.tampering import TAMPERINGS
from luminescent_cluster.contracts.fakes.verification import verify


def log(logger: Any, count: int) -> None:
    for number in range(count):
        logger.log_event(f"event {number}", "ann", "kb", "read", "success", {"n": number})


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_untouched_log_verifies(make_logger: Any, count: int) -> None:
    """No false alarm on any length."""
    logger = make_logger()
    log(logger, count)
    result = logger.verify()
    assert (result.ok, bool(result), result.problems, result.records) == (True, True, (), count)


@pytest.mark.parametrize("kind", sorted(TAMPERINGS))
@pytest.mark.parametrize("count", [2, 3, 8])
def test_declared_tampering_is_detected(make_logger: Any, kind: str, count: int) -> None:
    """Every kind that the logger declares is found, on the shortest logs that can have it too."""
    logger = make_logger()
    log(logger, count)
    assert kind in logger.tamper_evident
    logger.tamper(kind)
    result = logger.verify()
    assert not result
    assert result.problems


@pytest.mark.parametrize("kind", sorted(TAMPERINGS))
def test_evidence_outlasts_later_events(make_logger: Any, kind: str) -> None:
    """Logging on after tampering does not cover it up, also not past the anchored length."""
    logger = make_logger()
    log(logger, 4)
    logger.tamper(kind)
    log(logger, 6)
    assert not logger.verify()


@pytest.mark.parametrize("kind", sorted(TAMPERINGS))
def test_evidence_outlasts_a_restart(tmp_path: Any, kind: Any) -> None:
    """A logger opened on a damaged file finds the damage, and keeps finding it."""
    with SqliteAuditLogger(tmp_path / "audit.db") as logger:
        log(logger, 4)
        logger.tamper(kind)
    with SqliteAuditLogger(tmp_path / "audit.db") as again:
        assert not again.verify()
        log(again, 6)
        assert not again.verify()


def test_removed_file_is_detected(tmp_path: Any) -> None:
    """An empty log beside an anchor that has seen records is no clean log."""
    with SqliteAuditLogger(tmp_path / "audit.db") as logger:
        log(logger, 3)
    for path in tmp_path.glob("audit.db*"):
        if not path.name.endswith(".anchor"):
            path.unlink()
    with SqliteAuditLogger(tmp_path / "audit.db") as again:
        assert again.verify().problems == ("the log ends at 0, but 3 records were anchored",)


def test_records_beyond_the_anchor_are_in_order(tmp_path: Any) -> None:
    """A process that died between storing and anchoring leaves no false alarm."""
    anchor = MemoryAnchor()
    with SqliteAuditLogger(tmp_path / "audit.db", anchor=anchor) as logger:
        log(logger, 2)
        kept = anchor.read()
        log(logger, 1)
    anchor.write(kept)
    with SqliteAuditLogger(tmp_path / "audit.db", anchor=anchor) as again:
        assert again.verify()
        log(again, 1)
        assert anchor.read().count == 4
        assert again.verify()


def test_anchor_that_cannot_be_written_stays_behind(tmp_path: Any) -> None:
    """The event is stored all the same, and the anchor catches up."""

    class Flaky(MemoryAnchor):
        broken = False

        def write(self, head: Head) -> None:
            if self.broken:
                raise OSError("read-only")
            super().write(head)

    anchor = Flaky()
    with SqliteAuditLogger(tmp_path / "audit.db", anchor=anchor) as logger:
        log(logger, 1)
        anchor.broken = True
        log(logger, 2)
        assert (anchor.read().count, bool(logger.verify())) == (1, True)
        anchor.broken = False
        log(logger, 1)
        assert (anchor.read().count, bool(logger.verify())) == (4, True)


def test_key_makes_forged_records_evident(tmp_path: Any) -> None:
    """Without the key nobody can extend the chain so that it verifies."""
    path = tmp_path / "audit.db"
    with SqliteAuditLogger(path, key=b"secret") as logger:
        log(logger, 2)
    with SqliteAuditLogger(path, key=b"guess") as forger:
        log(forger, 1)
    with SqliteAuditLogger(path, key=b"secret") as logger:
        assert logger.verify().problems == ("record 3 is not what was stored, or what precedes it",)


def test_two_loggers_share_a_file(tmp_path: Any) -> None:
    """As two processes do, at the same time: one chain, no gap, no false alarm."""
    path = tmp_path / "audit.db"
    with SqliteAuditLogger(path) as one, SqliteAuditLogger(path) as two:
        threads = [threading.Thread(target=log, args=(logger, 40)) for logger in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [record["sequence"] for record in one.recorded()] == list(range(1, 81))
        assert one.verify()
        assert two.verify()


@pytest.mark.parametrize(
    ("kind", "count"), [("erase", 3), ("change", 0), ("remove", 1), ("reorder", 1)]
)
def test_impossible_tampering_is_an_error(make_logger: Any, kind: str, count: int) -> None:
    """A probe that cannot do what it was asked says so instead of doing nothing."""
    logger = make_logger()
    log(logger, count)
    with pytest.raises(ValueError, match=r"unknown kind|needs \d stored records"):
        logger.tamper(kind)
    assert logger.verify()


def test_every_single_changed_byte_is_detected() -> None:
    """Flipping any bit of any record or digest breaks the chain."""
    records, head = [], START
    for body in (b'{"a":1}', b'{"b":2}', b'{"c":3}'):
        head = link(head, body, None)
        records.append(Stored(head.count, body, head.digest))
    assert verify(records, head, None)
    for place, record in enumerate(records):
        for byte in range(len(record.body)):
            body = bytearray(record.body)
            body[byte] ^= 1
            changed = [*records]
            changed[place] = Stored(record.sequence, bytes(body), record.digest)
            assert not verify(changed, head, None)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"count": 1}', "nonsense"])
def test_damaged_anchor_is_not_an_empty_one(tmp_path: Any, text: str) -> None:
    """A file that is no anchor raises; only a missing one means that nothing was anchored."""
    path = tmp_path / "anchor"
    anchor = FileAnchor(path)
    assert anchor.read() == START
    path.write_text(text)
    with pytest.raises(ValueError, match=r"anchor|Expecting"):
        anchor.read()


def test_anchor_keeps_the_head(tmp_path: Any) -> None:
    """What was written is read, by another object too, and no draft stays behind."""
    FileAnchor(tmp_path / "anchor").write(Head(3, "abc"))
    FileAnchor(tmp_path / "anchor", power_safe=True).write(Head(4, "def"))
    FileAnchor(tmp_path / "anchor").write(Head(5, "d" * 64))
    FileAnchor(tmp_path / "anchor").write(Head(6, "short"))
    assert FileAnchor(tmp_path / "anchor").read() == Head(6, "short")
    assert [path.name for path in tmp_path.iterdir()] == ["anchor"]
