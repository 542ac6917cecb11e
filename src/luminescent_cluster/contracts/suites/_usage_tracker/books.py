"""The books a clause keeps beside the tracker's: what it tracked, and what must therefore show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ...clauses import Inconclusive, Violation
from ...engine.case import Case, Raised, Refused
from ...engine.show import show, show_call
from ...subjects.usage import UsageSubject
from .flushing import not_for_want_of_a_flush
from .reading import read_total, tenants_of, usage_subject
from .tenants import Tenants
from .ways import REFUSALS, ways_of

__all__ = ["Books"]

_FEW = 8  # events that any queue has room for


class Books(Tenants):
    """A tracker under observation in one example.

    The tracker may have had events before; what counts is what each tenant's total gains.

    Attributes:
        case: the clause under way.
        subject: the example's subject.
    """

    def __init__(self, case: Case, *, attributed: bool = True) -> None:
        """Begin to keep books.

        Args:
            case: the clause under way.
            attributed: whether the clause needs to know whose event is whose.

        Raises:
            Unverified: the clause needs that, and only the author can say it.
            Inconclusive: nothing that is tracked ever shows, which is UT-TRK-02's to tell.
        """
        self.subject: UsageSubject = usage_subject(case)
        self._ways = ways_of(case) if attributed else None
        if self._ways is not None and self._ways.lost:
            raise Inconclusive("nothing that is tracked shows in a summary; see UT-TRK-02")
        shared = self.subject.fresh == "clause" or (self._ways and not self._ways.isolated)
        super().__init__(case, tenants_of(self.subject), shared=bool(shared))
        self._base: dict[str, int] = {}
        self._sums: dict[str, int] = {}
        self._events: dict[str, int] = {}
        self._settled = True
        self._unsettled = 0

    # -- calls ------------------------------------------------------------------------------

    def must(self, method: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method about tenants that :meth:`tenant` gave, and give its answer.

        Raises:
            Violation: it raises.
            Refused: it refuses an id of which nobody says that it is one.
        """
        answer = self.case.attempt(method, *args, **kwargs)
        if not isinstance(answer, Raised):
            return answer
        call = show_call(method, args, kwargs)
        if self.sure or not isinstance(answer.error, REFUSALS):
            raise Violation(f"{call} {answer}") from answer.error
        raise Refused(call, answer.error)

    def metadata(self, tenant: str, **more: Any) -> dict[Any, Any]:
        """Give the metadata of an event of a tenant."""
        if self._ways is None:
            if not self.subject.has("metadata_for"):
                return {"tenant_id": tenant, **more} if self.sure else {**more}
            build = self.subject.probe("metadata_for")
            made: dict[Any, Any] = self.case.perform(
                "metadata_for()", lambda: build(tenant), self.subject.deadline, counts=False
            )
            return {**made, **more}
        return {**self._ways.metadata(self.case, self.subject, tenant), **more}

    def track(
        self,
        tenant: str,
        operation: str,
        tokens: int,
        *,
        plain: bool = True,
        metadata: dict[Any, Any] | None = None,
        burst: bool = False,
    ) -> None:
        """Track one event, and enter it in the books.

        Every few events wait for these to settle, so that a short queue does not overflow.

        Args:
            tenant: whose.
            operation: what for.
            tokens: how many.
            plain: whether the extension has to take it.
            metadata: its metadata, where it is made already.
            burst: whether events come without any wait in between.

        Raises:
            Violation: the extension refused what it has to take.
            Refused: it refused something that it may refuse.
        """
        self.open(tenant)
        given = self.metadata(tenant) if metadata is None else metadata
        call = self.case.must if plain else self.case.call
        call("track", operation, tokens, given)
        self.enter(tenant, tokens)
        self._unsettled += 1
        if not burst and self._unsettled >= _FEW:
            self._unsettled = 0
            if self.subject.has("flush"):
                self.settle()
            else:
                self._await(tenant, plain)

    @property
    def least(self) -> int:
        """The fewest tokens of an event that the total tells of.

        Where events settle later, one that does not count may still come when all the others show.
        """
        return 0 if self.subject.has("flush") else 1

    def enter(self, tenant: str, tokens: int) -> None:
        """Enter an event in the books that was tracked already."""
        self._settled = False
        self._sums[tenant] = self._sums.get(tenant, 0) + tokens
        self._events[tenant] = self._events.get(tenant, 0) + 1

    def open(self, tenant: str, *, look: bool = False) -> None:
        """Take down what the tenant had before, where it may have had something.

        Args:
            tenant: whose books.
            look: look even where nothing can be there, because looking has side effects too.
        """
        if tenant in self._base:
            return
        if not look and self._ways is not None and self._ways.isolated:
            self._base[tenant] = 0
        else:
            self._base[tenant] = read_total(self.summary(tenant, plain=False))

    def settle(self) -> None:
        """Flush, where the author says how; a no-op where nothing was tracked since."""
        if not self._settled:
            self.flush()

    def flush(self) -> None:
        """Flush, where the author says how.

        Raises:
            Inconclusive: the author's flush says that it did not come to an end.
        """
        if not self.subject.has("flush"):
            return
        done = self.case.perform("flush()", self.subject.probe("flush"), 30.0, counts=False)
        if done is False:
            raise Inconclusive("the probe flush gave False: what was tracked is not settled yet")
        self._settled = True

    def summary(
        self,
        tenant: str,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        plain: bool = True,
    ) -> Any:
        """Ask for a summary; bounds that are None are left out together.

        Raises:
            Violation: the extension refused, and it has to answer.
            Refused: it refused, and may.
        """
        self.settle()
        call = self.case.must if plain else self.case.call
        if start is None and end is None:
            return call("get_usage_summary", tenant)
        return call("get_usage_summary", tenant, start, end)

    def total(self, tenant: str, *, plain: bool = True) -> int:
        """Ask for the tenant's total tokens."""
        return read_total(self.summary(tenant, plain=plain))

    def quota(self, tenant: str, operation: str, *, plain: bool = True) -> tuple[bool, Any]:
        """Ask whether the tenant may go on.

        Raises:
            Inconclusive: the answer is no (bool, reason), which is UT-QUO-01's to tell.
        """
        self.settle()
        call = self.case.must if plain else self.case.call
        answer = call("check_quota", tenant, operation)
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], bool)):
            raise Inconclusive(f"check_quota gave {show(answer, 120)}; see UT-QUO-01")
        return answer

    # -- what must show ---------------------------------------------------------------------

    def gained(self, tenant: str) -> int:
        """Give how many tokens were tracked for a tenant."""
        return self._sums.get(tenant, 0)

    def events(self, tenant: str) -> int:
        """Give how many events were tracked for a tenant."""
        return self._events.get(tenant, 0)

    def base(self, tenant: str) -> int:
        """Give what the tenant had before."""
        self.open(tenant)
        return self._base[tenant]

    def due(self, tenant: str) -> int:
        """Give the total that the tenant must have."""
        return self.base(tenant) + self.gained(tenant)

    def wait(self, look: Any, good: Any, patience: float = 0.0) -> Any:
        """Look until it is good, or it is in vain to wait; the history keeps the last look.

        Args:
            look: looks once.
            good: says whether what was seen is what must be.
            patience: seconds to wait at least, where waiting is worth it.

        Raises:
            Unverified: it would be good after a flush that the author does not name.
        """
        mark = len(self.case.history)

        def once() -> Any:
            del self.case.history[mark:]
            return look()

        if self._ways is None:
            return once()
        seen = self._ways.patience.wait(self.subject, once, good, patience)
        if not good(seen):
            not_for_want_of_a_flush(self.case, self.subject, once, good)
        return seen

    def audit(self, tenant: str, *why: str, plain: bool = True) -> None:
        """Hold the tenant's total to the books.

        Args:
            tenant: whose.
            why: what to add to the evidence.
            plain: whether the extension has to answer.

        Raises:
            Violation: after waiting, it is another one.
        """
        due, seen = self.due(tenant), self._await(tenant, plain)
        if seen == due:
            return
        before = self._base[tenant]
        raise Violation(
            f"{self.events(tenant)} events of {show(tenant)} add up to {self.gained(tenant)} tokens"
            + (f", and it had {before} before" if before else ""),
            f"get_usage_summary({show(tenant)})['total_tokens'] is {seen}, not {due}",
            *why,
        )

    def _await(self, tenant: str, plain: bool) -> int:
        due = self.due(tenant)
        seen: int = self.wait(lambda: self.total(tenant, plain=plain), lambda total: total == due)
        return seen
