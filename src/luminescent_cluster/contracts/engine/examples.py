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
from .meter import Meter

if TYPE_CHECKING:
    from .case import Case

__all__ = ["derive_seed", "for_all", "settings_for"]


_LAST_RESORT = 3  # budgets after which shrinking ends, however few examples it has run


class _Enough(BaseException):
    """Shrinking has used up its examples; the smallest failing one so far stands."""


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
        self.meter = Meter()
        self.shrinking: Meter | None = None
        self.smaller = 0  # examples run since the first failure
        self.best: Violation | None = None
        self.best_values: dict[str, Any] = {}
        self.accepted = 0
        self.rejected = 0
        self.last_refusal = ""

    def one(self, values: dict[str, Any]) -> None:
        from .case import Refused

        profile = self.case.profile
        if self.shrinking is None:
            if self.accepted and self.meter.over(profile.budget):
                return
        else:
            self.smaller += 1
            late = self.shrinking.over(_LAST_RESORT * profile.budget)
            if late or self.smaller > profile.shrinking:
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
            if self.shrinking is None:
                self.shrinking = Meter()
            if self.best is None or _size(violation) <= _size(self.best):
                self.best, self.best_values = violation, values
            if violation.final:
                raise _Enough from violation
            raise
        else:
            if not self.accepted:  # what is made once (tables, modules) is no cost of an example
                self.meter = Meter()
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
            except Exception:
                # Shrinking can trip over Hypothesis itself; what was found stands.
                if self.best is None:
                    raise
        if self.best is not None:
            if self.case.shrink and not self.best.final:
                self.trim()
            raise self.best

    def trim(self) -> None:
        """Leave out what the failure does not need; Hypothesis often stops at long lists."""
        for name, value in list(self.best_values.items()):
            if not isinstance(value, list) or not _is_frozen(value):
                continue
            size = len(value) // 2
            while size:
                start = 0
                while start < len(value) and len(value) > size:
                    shorter = value[:start] + value[start + size :]
                    if self._fails({**self.best_values, name: shorter}):
                        value = shorter
                    else:
                        start += size
                size //= 2

    def _fails(self, values: dict[str, Any]) -> bool:
        try:
            self.one(values)
        except Violation:
            return self.best_values == values
        except (_Enough, Outcome, Exception):
            return False
        return False

    def conclude(self) -> None:
        if not self.accepted and self.rejected:
            raise Inconclusive(
                f"the extension refused all {self.rejected} examples, the last one: "
                f"{self.last_refusal}; give values that it takes, Subject(…, arguments={{…}})"
            )


def _size(violation: Violation) -> tuple[int, int]:
    return len(violation.history), len("".join(violation.history))


def _is_frozen(values: list[Any]) -> bool:
    """Tell whether no check can have changed the values, so that they may be used again."""
    try:
        hash(tuple(values))
    except TypeError:
        return False
    return True
