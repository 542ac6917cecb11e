"""`--contracts-replay=TOKEN`: exactly the schedule of a finding, in another process."""

import re

import pytest

pytest_plugins = ["pytester"]

SOURCE = """
from typing import Protocol
from luminescent_cluster.contracts import contract

class Counter(Protocol):
    def bump(self, by: int) -> None: ...
    def value(self) -> int: ...

class Racy:
    def __init__(self) -> None:
        self.n = 0

    def bump(self, by: int) -> None:
        before = self.n
        self.n = before + by{change}

    def value(self) -> int:
        return self.n

@contract(Counter)
def counter():
    return Racy()
"""


@pytest.fixture
def token(pytester):
    """The token of a finding in a process of its own."""
    pytester.makepyfile(test_counter=SOURCE.format(change=""))
    found = pytester.runpytest_subprocess("-k", "THR-02", "--contracts-profile=smoke")
    return re.search(r"--contracts-replay=(\S+)", found.stdout.str()).group(1)


def test_the_token_finds_the_same_again(pytester, token):
    """Only clauses that explore run, and the finding is there with one schedule."""
    again = pytester.runpytest_subprocess(f"--contracts-replay={token}")
    again.stdout.fnmatch_lines(["*self.n = before + by*", "*counter::THR-02*"])
    assert again.ret == 1
    again.assert_outcomes(failed=1, passed=1, deselected=13)


def test_changed_code_is_said(pytester, token):
    """A schedule of other code shows nothing; the run is no success and says why."""
    pytester.makepyfile(test_counter=SOURCE.format(change=" + 0 * before"))
    again = pytester.runpytest_subprocess(f"--contracts-replay={token}", "-rs")
    assert again.ret != 0
    again.stdout.fnmatch_lines(["*nothing to replay here*"])


def test_a_text_that_is_no_token_is_said(pytester, token):
    """A typing slip is told apart from a stale token."""
    again = pytester.runpytest_subprocess("--contracts-replay=nonsense", "-rs")
    assert again.ret != 0
    again.stdout.fnmatch_lines(["*nonsense*"])
