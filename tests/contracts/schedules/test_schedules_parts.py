"""The parts by themselves: orders, strategies, outcomes, shared state."""

from __future__ import annotations

import itertools
import math
import sys
from types import SimpleNamespace

import pytest

from contracts.schedules.races.checks import OversoldQuota
from contracts.schedules.races.counting import (
    LostAttribute,
)
from luminescent_cluster.contracts.schedules import spending
from luminescent_cluster.contracts.schedules.choosing import Planned
from luminescent_cluster.contracts.schedules.execute import Session
from luminescent_cluster.contracts.schedules.judge import judge
from luminescent_cluster.contracts.schedules.model import Budget, Call, Program, Result
from luminescent_cluster.contracts.schedules.oracle import orders
from luminescent_cluster.contracts.schedules.outcome import Outcome, freeze, outcome_of
from luminescent_cluster.contracts.schedules.runs import Raised, Run
from luminescent_cluster.contracts.schedules.state import Snapshot
from luminescent_cluster.contracts.schedules.strategies import ContextBounding, random_chooser
from luminescent_cluster.contracts.schedules.strategies.pct import probability
from luminescent_cluster.contracts.schedules.varying import Varying


def test_orders_are_all_interleavings_of_calls():
    """Two threads of two calls have six orders, three threads of one call have six."""
    call = Call("x")
    assert len(set(orders(Program(((call, call), (call, call)))))) == 6
    assert len(set(orders(Program(((call,), (call,), (call,)))))) == 6


def schedules(factory, program, bound):
    """The outcomes of all schedules up to a bound, and how many there were."""
    strategy = ContextBounding(bound)
    seen = []
    with Session(factory, [Call("summary")]) as session:
        session.run(program, Planned({}))
        session.freeze()
        while (chooser := strategy.next()) is not None:
            run = session.run(program, chooser)
            strategy.learn(run)
            seen.append((tuple(sorted(run.taken.items())), run.finals[0]["total_tokens"]))
    return seen


@pytest.mark.parametrize("bound", [0, 1, 2])
def test_enumeration_is_complete_and_without_repetition(bound):
    """Two threads of two accesses have C(n, k) ways to place preemptions: all are run, once."""
    program = Program(((Call("track", (1,)),), (Call("track", (1,)),)))
    seen = schedules(LostAttribute, program, bound)
    plans = [plan for plan, _ in seen]
    assert len(plans) == len(set(plans))
    # By hand, with either thread first: 1 schedule without, 2 with one, and after a first
    # preemption the other thread may itself be preempted before each of its 2 accesses.
    expected = {0: 2, 1: 6, 2: 12}[bound]
    assert len(plans) == expected if bound < 2 else len(plans) >= expected - 2
    if bound:
        assert {total for _, total in seen} == {1, 2}


def test_pct_states_its_probability():
    """1 / (n * k**(d-1)), as published."""
    assert probability(2, 10, 1) == 0.5
    assert math.isclose(probability(2, 10, 3), 1 / 200)


@pytest.mark.parametrize("index", range(6))
def test_random_schedules_depend_on_the_seed_alone(index):
    """Equal seeds give equal schedules, whatever ran before."""
    program = Program(((Call("spend"),), (Call("spend"),), (Call("spend"),)))
    with Session(OversoldQuota) as session:
        session.run(program, Planned({}))
        session.freeze()
        plans = [session.run(program, random_chooser(7, 0, index, 12)).taken for _ in range(3)]
    assert plans[0] == plans[1] == plans[2]


def run_of(*values, finals=()):
    return outcome_of(Run([[value] for value in values], [], finals=list(finals)))


def test_identity_matters_only_for_objects_without_equality():
    """The same object twice is not two objects; equal lists are equal."""
    one, two = object(), object()
    assert run_of(one, one).key() != run_of(one, two).key()
    assert run_of([1], [1]).key() == run_of(*(2 * [[1]])).key()
    assert run_of({"b": 1, "a": 2}).key() == run_of({"a": 2, "b": 1}).key()
    assert run_of(1).key() != run_of(True).key()
    assert run_of(1).key() != run_of("1").key()


def test_cyclic_and_hostile_values_are_frozen():
    """Cycles, functions and objects that raise in repr end in a tree all the same."""
    cycle = []
    cycle.append(cycle)

    class Hostile:
        __slots__ = ()

        def __repr__(self):
            raise RuntimeError

        def __eq__(self, other):
            raise RuntimeError

        __hash__ = None

    for value in (cycle, len, Hostile(), SimpleNamespace(a=1), sys):
        assert isinstance(freeze(value, {}), tuple)


def tree(value):
    return Outcome(((freeze(value, {}),),), ())


def test_varying_ids_keep_their_equality():
    """Generated ids are compared by which of them are equal: a duplicate stays visible."""
    varying = Varying()
    numbers = itertools.count()
    roots = [["log"], []]
    varying.learn(tree([next(numbers), next(numbers)]), tree([next(numbers), next(numbers)]), roots)
    apart = varying.apply(tree([10, 11]), roots)
    assert apart == varying.apply(tree([20, 21]), roots)
    assert apart != varying.apply(tree([20, 20]), roots)


def test_what_does_not_vary_is_compared():
    """Learning about one field leaves the others alone."""
    varying = Varying()
    roots = [["log"], []]
    varying.learn(tree({"id": 1, "n": 5}), tree({"id": 2, "n": 5}), roots)
    assert varying.apply(tree({"id": 3, "n": 5}), roots) == varying.apply(
        tree({"id": 4, "n": 5}), roots
    )
    assert varying.apply(tree({"id": 3, "n": 6}), roots) != varying.apply(
        tree({"id": 4, "n": 5}), roots
    )


def test_snapshot_restores_classes_and_containers():
    """Class attributes, their containers and new names are put back, in place."""
    import contracts.schedules.races.unusual as module

    totals = module.OnTheClass._totals
    before = dict(totals)
    snapshot = Snapshot([module.__name__])
    totals["x"] = 1
    module.OnTheClass.extra = 1
    module.new_name = 1
    snapshot.restore()
    assert module.OnTheClass._totals is totals
    assert totals == before
    assert not hasattr(module.OnTheClass, "extra")
    assert not hasattr(module, "new_name")


def test_neither_preparing_nor_waiting_decides_how_many_schedules_a_program_gets(monkeypatch):
    """Equal runs on a busy machine and on an idle one explore the same schedules."""
    clock, work = [0.0], [0.0]
    real = SimpleNamespace(monotonic=lambda: clock[0], process_time=lambda: work[0])
    monkeypatch.setattr(spending, "REAL", real)
    result = Result()
    spent = spending.Spending(Budget(seconds=10, schedules=100), result)
    work[0], clock[0] = 2.0, 6.0
    begun = spent.mark()
    work[0], clock[0], result.schedules = 2.1, 9.0, 5
    assert spent.used(begun) == pytest.approx(0.05)
    assert spent.used() == pytest.approx(0.21)
    assert not spent.ended()


def test_an_exploration_that_only_waits_comes_to_an_end(monkeypatch):
    """Whoever waits for a server uses no processor, and still has its seconds."""
    clock = [0.0]
    real = SimpleNamespace(monotonic=lambda: clock[0], process_time=lambda: 0.0)
    monkeypatch.setattr(spending, "REAL", real)
    spent = spending.Spending(Budget(seconds=10, schedules=100), Result())
    clock[0] = 10.0
    assert spent.ended()


@pytest.mark.parametrize(("outside", "kind"), [(["w0"], None), ([], "exception")])
def test_a_limit_that_ran_out_while_a_thread_was_outside_says_nothing(outside, kind):
    """Virtual time passed at once; the answer was on its way in real time."""
    program = Program(((Call("get"),),))
    sequential = SimpleNamespace(raises=set(), thread_errors=set(), variants=lambda: ())
    run = Run([[Raised(TimeoutError())]], [[(0, 1)]], outside=outside)
    verdict = judge(run, program, sequential, "regular", ())
    assert (verdict and verdict.kind) == kind
