"""Broken usage trackers that are right as long as one thread at a time comes."""

from __future__ import annotations

import threading
from collections import Counter

from .usage_base import Tracker


class _Totals(Tracker):
    """Keeps two figures for each tenant instead of events."""

    def __init__(self):
        super().__init__()
        self.tokens = Counter()
        self.queries = Counter()
        self.lock = threading.Lock()

    def track(self, operation, tokens, metadata):
        tenant = self.tenant_of(metadata)
        with self.lock:
            self.tokens[tenant] += tokens
            self.queries[tenant] += 1

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        with self.lock:
            return self.figures(self.tokens[tenant_id], self.queries[tenant_id])

    def figures(self, tokens, queries):
        return {"total_tokens": tokens, "total_queries": queries, "quota_remaining": None}


class AddsWithoutALock(_Totals):
    def track(self, operation, tokens, metadata):
        tenant = self.tenant_of(metadata)
        self.tokens[tenant] += tokens
        self.queries[tenant] += 1


class RemembersWhoseTurnItIs(_Totals):
    """What belongs to the request is kept on the tracker that all requests share."""

    def tenant_of(self, metadata):
        self.tenant = metadata.get("tenant_id")
        with self.lock:
            return self.tenant


class OpensAnAccountTwice(_Totals):
    """Both find no account, both open one, and the second takes the place of the first."""

    def __init__(self):
        super().__init__()
        self.accounts = {}

    def track(self, operation, tokens, metadata):
        tenant = self.tenant_of(metadata)
        if tenant not in self.accounts:
            self.accounts[tenant] = []
        with self.lock:
            self.accounts[tenant].append(tokens)

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        events = list(self.accounts.get(tenant_id, ()))
        return self.figures(sum(events), len(events))


class FoldsAFullBatch(_Totals):
    """Nothing happens before the sixth event; what comes in while six are folded is thrown away."""

    def __init__(self):
        super().__init__()
        self.batch = []

    def track(self, operation, tokens, metadata):
        with self.lock:
            self.batch.append((self.tenant_of(metadata), tokens))
            full = len(self.batch) >= 6
        if full:
            self.fold()

    def fold(self):
        with self.lock:
            for tenant, tokens in self.batch:
                self.tokens[tenant] += tokens
                self.queries[tenant] += 1
        self.batch.clear()

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        with self.lock:
            mine = [tokens for tenant, tokens in self.batch if tenant == tenant_id]
            tokens = self.tokens[tenant_id] + sum(mine)
            return self.figures(tokens, self.queries[tenant_id] + len(mine))


class LocksEachFigure(_Totals):
    """No figure is ever wrong, and two of them need not belong together."""

    def track(self, operation, tokens, metadata):
        tenant = self.tenant_of(metadata)
        with self.lock:
            self.tokens[tenant] += tokens
        with self.lock:
            self.queries[tenant] += 1


class ReadsWhileItFolds(FoldsAFullBatch):
    """Six events wait, are folded in one go, and show while they are half folded."""

    def track(self, operation, tokens, metadata):
        with self.lock:
            self.batch.append((self.tenant_of(metadata), tokens))
            if len(self.batch) >= 6:
                self.fold()

    def fold(self):
        for tenant, tokens in self.batch:
            self.tokens[tenant] += tokens
            self.queries[tenant] += 1
        self.batch = []

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        batch = self.batch
        tokens, queries = self.tokens[tenant_id], self.queries[tenant_id]
        mine = [tokens for tenant, tokens in batch if tenant == tenant_id]
        return self.figures(tokens + sum(mine), queries + len(mine))


class ReadsOneAfterTheOther(_Totals):
    """Events are booked in one go, and read in two."""

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        with self.lock:
            tokens = self.tokens[tenant_id]
        with self.lock:
            return self.figures(tokens, self.queries[tenant_id])


class ShowsWhatItIsWriting(_Totals):
    """Writers wait for each other; readers wait for nobody."""

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        return self.figures(self.tokens[tenant_id], self.queries[tenant_id])


RACES = (
    ("UT-THR-01", AddsWithoutALock),
    ("UT-THR-01", RemembersWhoseTurnItIs),
    ("UT-THR-01", OpensAnAccountTwice),
    ("UT-THR-01", FoldsAFullBatch),
    ("UT-THR-02", LocksEachFigure),
    ("UT-THR-02", ReadsWhileItFolds),
    ("UT-THR-02", ReadsOneAfterTheOther),
    ("UT-THR-02", ShowsWhatItIsWriting),
)
