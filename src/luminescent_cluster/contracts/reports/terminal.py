"""The clause table and the verdict as text; what needs attention comes last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..clauses import Clause, Level, Report, Result, Status, Verdict, judge
from .document import left_out
from .escape import visible
from .redact import redact_report

__all__ = ["clean", "painted", "render", "slowest", "verdict_line"]

_COLOURS = {
    Status.PASSED: "32",
    Status.FAILED: "31;1",
    Status.WAIVED: "33",
    Status.INCONCLUSIVE: "35",
    Status.UNVERIFIED: "36",
    Status.NOT_RUN: "33",
    Status.ERROR: "31;1",
    Status.EXCUSED: "36",
    Verdict.CONFORMANT: "32;1",
    Verdict.CONFORMANT_WITH_WAIVERS: "33;1",
    Verdict.NON_CONFORMANT: "31;1",
    Verdict.INCOMPLETE: "33;1",
}
_QUIET = (Status.PASSED,)
_ROWS = (
    Status.PASSED,
    Status.EXCUSED,
    Status.WAIVED,
    Status.UNVERIFIED,
    Status.INCONCLUSIVE,
    Status.NOT_RUN,
    Status.ERROR,
    Status.FAILED,
)
"""What needs attention most stands last, where a person looks first."""
_VERDICTS = (
    Verdict.CONFORMANT,
    Verdict.CONFORMANT_WITH_WAIVERS,
    Verdict.INCOMPLETE,
    Verdict.NON_CONFORMANT,
)


def clean(text: str) -> str:
    """Make text harmless to a terminal, and to a CI runner that reads it."""
    return visible(text)


def render(
    report: Report,
    clauses: Mapping[str, Clause],
    *,
    colour: bool = False,
    width: int = 100,
    passed: bool = True,
    tell: Callable[[Result], bool] = lambda result: True,
    strict: bool = False,
) -> list[str]:
    """Give a report as lines of text.

    Args:
        report: what to show; secrets in it are replaced.
        clauses: every clause there is, for their texts.
        colour: whether to use ANSI colours.
        width: columns; table rows are cut to it.
        passed: whether the table has rows for clauses that passed.
        tell: whether the whole message of a result that did not pass follows the table.
        strict: whether a SHOULD weighs as a MUST.

    Returns:
        The table of each subject, then messages, remedies, problems, and the verdict last.
    """
    paint = _Paint(colour)
    report = redact_report(report)
    lines: list[str] = []
    subjects = report.by_subject()
    judged = {name: judge(results, strict=strict) for name, results in subjects.items()}
    for subject, results in sorted(
        subjects.items(), key=lambda item: _VERDICTS.index(judged[item[0]])
    ):
        lines += _table(report, subject, results, clauses, paint, width, passed, strict)
        lines.append("")
    told = [r for r in report.results if r.status not in _QUIET and _worth_telling(r) and tell(r)]
    for same in _grouped(told):
        lines += [*_message(same, len(subjects) > 1, paint), ""]
    marks = [("note", "36", text) for text in report.notes]
    marks += [("problem", "31;1", text) for text in report.problems]
    for word, colour_code, text in marks:
        first, *rest = clean(text).splitlines() or [""]
        lines += [f"{paint(word, colour_code)}: {first}", *(f"  {line}" for line in rest)]
    lines.append(verdict_line(report, colour=colour))
    return lines


def verdict_line(report: Report, *, colour: bool = False) -> str:
    """Give the verdict and the counts behind it in one line."""
    count = Counter(result.status for result in report.results)
    parts = [f"{count[status]} {status.value}" for status in Status if count[status]]
    if report.problems:
        parts.append(f"{len(report.problems)} problem{'s' if len(report.problems) > 1 else ''}")
    parts.append(f"profile {_line(report.profile)}, seed {report.seed}")
    word = report.verdict.value
    if report.verdict.ok and report.problems:
        # The word alone would read as success although the run fails.
        word += ", but the run has problems"
    word = painted(word, report.verdict, report.ok, colour=colour)
    return f"contracts: {word} ({', '.join(parts)})"


def painted(word: str, verdict: Verdict, ok: bool, *, colour: bool) -> str:
    """Give what is said of a verdict in its colour, in red where something is wrong besides."""
    return _Paint(colour)(word, _COLOURS[verdict] if ok or not verdict.ok else "31;1")


def _table(
    report: Report,
    subject: str,
    results: Sequence[Result],
    clauses: Mapping[str, Clause],
    paint: _Paint,
    width: int,
    passed: bool,
    strict: bool,
) -> list[str]:
    facts = report.subjects.get(subject, {})
    verdict = judge(results, strict=strict)
    about = ", ".join(clean(str(facts[key])) for key in ("protocol", "place") if facts.get(key))
    title = paint(clean(subject), "1") + (f" ({about})" if about else "")
    lines = [f"{title}: {paint(verdict.value, _COLOURS[verdict])}"]
    hidden = 0 if passed else sum(result.status in _QUIET for result in results)
    lines += [f"  {hidden} passed"] if hidden else []
    lines += [
        f"  {_clauses(number):<17} "
        + paint(f"{'not run':<12}", _COLOURS[Status.NOT_RUN])
        + f" {why}"
        for why, number in Counter(r.message for r in results if left_out(r)).items()
    ]
    told = [r for r in results if not left_out(r) and (passed or r.status not in _QUIET)]

    def gravity(result: Result) -> tuple[bool, int]:
        weighs = strict or result.level is Level.MUST
        return weighs and result.status is not Status.PASSED, _ROWS.index(result.status)

    for result in sorted(told, key=gravity):
        text = _line(clauses[result.clause_id].text if result.clause_id in clauses else "")
        row = f"  {_line(result.clause_id):<10} {result.level.value:<6} "
        status = result.status.value
        seen = _seen(result)
        room = max(width - len(row) - 13 - len(seen) - 1, 20)
        lines.append(
            row + paint(f"{status:<12}", _COLOURS[result.status]) + f" {_cut(text, room)} {seen}"
        )
    return [line.rstrip() for line in lines]


def _clauses(number: int) -> str:
    return f"{number} clause{'' if number == 1 else 's'}"


def _seen(result: Result) -> str:
    if result.status not in (Status.PASSED, Status.FAILED, Status.WAIVED):
        return ""
    parts = []
    if result.examples:
        parts.append(f"{result.examples} examples")
    elif result.calls:
        parts.append(f"{result.calls} calls")
    if result.duration >= 1:
        parts.append(f"{result.duration:.1f} s")
    return f"[{', '.join(parts)}]" if parts else ""


def _worth_telling(result: Result) -> bool:
    return bool(result.message) and result.status is not Status.EXCUSED


def _grouped(results: Iterable[Result]) -> list[list[Result]]:
    """Put results together that say the same of one subject (the factory failed, skipped, …)."""
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        groups.setdefault((result.subject, result.status, result.message), []).append(result)
    return list(groups.values())


def _message(same: Sequence[Result], many: bool, paint: _Paint) -> list[str]:
    result = same[0]
    first, *rest = clean(result.message).splitlines()
    where = f" of {clean(result.subject)}" if many else ""
    if first.startswith(_line(result.clause_id)):
        first += f"  [{clean(result.subject)}]" if where else ""
    else:
        names = [_line(r.clause_id) for r in same]
        ids = ", ".join(names)
        if len(same) > 6:
            ids = f"{names[0]} to {names[-1]} ({len(same)} clauses)"
        level = "" if result.level is Level.MUST or len(same) > 1 else f" ({result.level.value})"
        first = f"{ids}{level}{where} {result.status.value}: {first}"
    notes = [f"  note: {clean(note)}" for note in result.notes]
    return [paint(first, _COLOURS[result.status]), *rest, *notes]


def slowest(report: Report, most: int) -> list[str]:
    """Give the slowest clauses as lines of text; none where ``most`` is 0."""
    if most <= 0:
        return []
    ordered = sorted(report.results, key=lambda result: -result.duration)[:most]
    return [
        "slowest clauses",
        *(
            f"  {r.duration:8.2f} s  {_line(r.clause_id):<10} {_line(r.subject)} "
            f"({r.examples} examples)"
            for r in ordered
        ),
    ]


def _line(text: str) -> str:
    """As :func:`clean`, for what has a place of its own in a line."""
    return clean(" ".join(text.split()))


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


class _Paint:
    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
