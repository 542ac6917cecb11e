"""UT-TRK-09: every event is on record."""

from __future__ import annotations

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case
from ...engine.show import show, show_error
from .books import Books
from .operations import operations

clauses = Catalogue()


@clauses.should(
    "UT-TRK-09",
    reason="a bill that is disputed is settled by the single events",
    fix="write every event down once, with its tenant, operation and tokens",
    probes=("recorded",),
)
def events_are_on_record(case: Case) -> None:
    """Every event is on record exactly once, with its tenant, operation and tokens."""

    def check(events: list[tuple[int, str, int]]) -> None:
        books = Books(case)
        wanted: list[tuple[str, str, int]] = []
        before = _on_record(books)
        for who, operation, tokens in events:
            tenant = books.tenant(who)
            books.track(tenant, operation, tokens)
            wanted.append((tenant, operation, tokens))
        want = sorted(wanted)

        def gained() -> list[tuple[str, str, int]]:
            now = _on_record(books)
            for event in before:
                if event in now:
                    now.remove(event)
            return sorted(now)

        seen = books.wait(gained, lambda found: found == want)
        if seen != want:
            raise Violation(f"tracked:  {show(want)}", f"recorded: {show(seen)}")

    event = st.tuples(st.integers(0, 2), operations, st.integers(0, 1000))
    case.for_all(check, events=st.lists(event, min_size=1, max_size=8))


def _on_record(books: Books) -> list[tuple[str, str, int]]:
    books.settle()
    names = ("tenant_id", "operation", "tokens")
    records = books.case.perform("recorded()", books.subject.probe("recorded"), 30.0, counts=False)
    try:
        rows = [tuple(record[name] for name in names) for record in records]
    except (KeyError, TypeError) as error:
        raise Violation(
            f"recorded() gave a record without {', '.join(names)}: {show_error(error)}",
            fix="let the probe give mappings with tenant_id, operation and tokens",
        ) from error
    return [row for row in rows if row[0] is not None]
