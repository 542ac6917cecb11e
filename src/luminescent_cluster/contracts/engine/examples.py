"""Properties over generated examples: the one place that drives Hypothesis."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import errors as hypothesis_errors
from hypothesis import strategies as st

from ..clauses import Inconclusive, Outcome, Violation
from .originals import monotonic

if TYPE_CHECKING:
    from .case import Case

__all__ = ["derive_seed", "for_all", "settings_for"]


class _Enough(BaseException):
    """Shrinking has used up its time; the smallest failing example so far stands."""


def derive_seed(base: int, *parts: str) -> int:
    """Give a seed that depends on the run's seed and on names, the same in every process."""
    text = "\0".join((str(base), *parts))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def settings_for(case: Case, examples: int | None = None) -> settings:
    """Give the Hypothesis settings of a case.

    Args:
        case: its profile, seed and example database count.
        examples: another number of examples than the profile's.
    """
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    if case.shrink:
        phases.append(Phase.shrink)
    return settings(
        max_examples=examples or case.profile.examples,
        stateful_step_count=case.profile.steps,
        deadline=None,  # calls have deadlines of their own
        database=case.database,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        derandomize=False,
    )


def for_all(
    case: Case,
    check: Callable[..., None],
    strategies: Mapping[str, Any],
    examples: int | None = None,
) -> None:
    """Run a check on generated examples, each with a fresh subject; shrink what fails.

    An example whose call the extension refuses counts as rejected. The seed of the case decides
    the examples.

    Args:
        case: the clause under way.
        check: called with the generated values; raises Violation where the property fails.
        strategies: one strategy for each argument of ``check``; a sequence of values is sampled.
        examples: another number of examples than the profile's.

    Raises:
        Violation: the smallest failing example.
        Inconclusive: every example was rejected.
    """
    run = _Run(case, check)
    drawn = {
        name: value if isinstance(value, st.SearchStrategy) else st.sampled_from(list(value))
        for name, value in strategies.items()
    }
    run_settings = settings_for(case, examples)

    # Built per run: a wrapper shared by two bindings fails Hypothesis' health checks.
    def example(**values: Any) -> None:
        run.one(values)

    example.__name__ = example.__qualname__ = case.clause.id.replace("-", "_")
    wrapped: Any = run_settings(given(**drawn)(example)) if drawn else None
    if wrapped is None:
        run.one({})
    else:
        inner = wrapped.hypothesis.inner_test
        inner._hypothesis_internal_add_digest = f"{case.name}/{case.clause.id}".encode()
        run.drive(seed(derive_seed(case.seed, case.name, case.clause.id))(wrapped))
    run.conclude()


class _Run:
    """One property under way."""

    def __init__(self, case: Case, check: Callable[..., None]) -> None:
        self.case = case
        self.check = check
        self.started = monotonic()
        self.failed_at: float | None = None
        self.best: Violation | None = None
        self.accepted = 0
        self.rejected = 0
        self.last_refusal = ""

    def one(self, values: dict[str, Any]) -> None:
        from .case import Refused

        now = monotonic()
        profile = self.case.profile
        if self.failed_at is None:
            if self.accepted and now - self.started > profile.budget:
                return
        elif now - self.failed_at > profile.shrinking:
            raise _Enough
        self.case.tally.examples += 1
        try:
            with self.case.example():
                self.check(**values)
        except Refused as refusal:
            self.rejected += 1
            self.case.tally.rejected += 1
            self.last_refusal = str(refusal)
        except Violation as violation:
            if self.failed_at is None:
                self.failed_at = monotonic()
            if self.best is None or _size(violation) <= _size(self.best):
                self.best = violation
            if violation.final:
                raise _Enough from violation
            raise
        else:
            self.accepted += 1

    def drive(self, test: Callable[[], None]) -> None:
        with warnings.catch_warnings():
            # Hypothesis' own remarks are not the author's business, and -W error would raise them.
            warnings.simplefilter("ignore", hypothesis_errors.HypothesisWarning)
            try:
                test()
            except _Enough:
                pass
            except hypothesis_errors.Unsatisfiable as error:
                raise Inconclusive(f"no example could be generated: {error}") from error
            except hypothesis_errors.Flaky:
                self.case.note(
                    "the same example did not fail every time: the extension answers differently "
                    "to equal histories"
                )
                if self.best is None:
                    raise
            except (Violation, Outcome):
                raise
            except Exception:
                # Shrinking can trip over Hypothesis itself; what was found before stands.
                if self.best is None:
                    raise
        if self.best is not None:
            raise self.best

    def conclude(self) -> None:
        if not self.accepted and self.rejected:
            raise Inconclusive(
                f"the extension refused all {self.rejected} examples, the last one: "
                f"{self.last_refusal}; give values that it takes, Subject(…, arguments={{…}})"
            )


def _size(violation: Violation) -> tuple[int, int]:
    return len(violation.history), len("".join(violation.history))
