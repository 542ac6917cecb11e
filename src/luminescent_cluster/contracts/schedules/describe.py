"""What a verdict means in words: cause and evidence."""

from __future__ import annotations

import linecache
import os
import traceback
from typing import Any

from .judge import Verdict
from .model import Call, Program, message_of
from .oracle import Sequential, orders
from .outcome import outcome_of
from .recorder import short
from .runs import Run
from .scope import Scope
from .tasks import BLOCKED, OUTSIDE, Task, Wait

__all__ = ["describe", "finding_kind"]


def finding_kind(verdict: Verdict) -> str:
    """The kind of finding: a deadlock in which everybody waits to be notified is a lost wake-up."""
    if verdict.kind != "deadlock":
        return verdict.kind
    waits: dict[str, Wait] = verdict.facts.get("waits", {})
    stacks: dict[str, Any] = verdict.facts.get("stacks", {})
    stuck = [
        name
        for name, wait in waits.items()
        if wait.kind == "lock" and not name.startswith("w") and name in stacks
    ]
    signals = [name for name in stuck if _waits_for_signal(stacks[name])]
    return "lost wake-up" if stuck and len(signals) == len(stuck) else "deadlock"


def _waits_for_signal(stack: Any) -> bool:
    return any(
        os.path.basename(frame.filename) == "threading.py" and frame.name in ("wait", "wait_for")
        for frame in list(stack)[-8:]
    )


def describe(
    verdict: Verdict,
    run: Run,
    program: Program,
    sequential: Sequential,
    scope: Scope,
    observers: list[Any],
    taken: dict[int, tuple[str, str]],
) -> str:
    """One paragraph about a verdict."""
    if verdict.kind == "exception":
        return _exception(verdict, scope)
    if verdict.kind in ("outcome", "order"):
        return _outcome(verdict, run, program, sequential, observers)
    return _stuck(verdict, program, scope, taken)


def _exception(verdict: Verdict, scope: Scope) -> str:
    error: BaseException = verdict.facts["error"]
    where = ""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if scope.has_file(frame.filename):
            where = f" at {os.path.basename(frame.filename)}:{frame.lineno} `{frame.line}`"
            break
    return (
        f"{verdict.facts['where']} raised {type(error).__name__}: {message_of(error)}{where}; "
        "no sequential order of the same calls raises it"
    )


def _outcome(
    verdict: Verdict, run: Run, program: Program, sequential: Sequential, observers: list[Any]
) -> str:
    outcome = outcome_of(run)
    allowed: list[dict[str, str]] = []
    masked = sequential.masked(outcome)
    seen = _slots(masked[0], masked[1], program, observers)
    seen_trees = _slots(masked[0], masked[1], program, observers, raw=True)
    trees: list[dict[str, str]] = []
    for order in orders(program):
        expected = sequential.outcome(order, False)
        if expected is not None:
            results, finals = sequential.masked(expected)
            trees.append(_slots(results, finals, program, observers, raw=True))
            allowed.append(_slots(results, finals, program, observers))
    alone = [s for s, tree in seen_trees.items() if all(t.get(s) != tree for t in trees)]
    slots = alone or [s for s, tree in seen_trees.items() if any(t.get(s) != tree for t in trees)]
    parts = []
    for slot in slots[:3]:
        values = sorted({choice.get(slot, "") for choice in allowed})
        parts.append(f"{slot} gave {seen[slot]}, sequentially {' or '.join(values[:4])}")
    what = "; ".join(parts) or "the values together fit no order"
    if verdict.kind == "order":
        return (
            f"{what}. Some sequential order gives the same, but none that keeps calls apart "
            "which really came one after the other"
        )
    if alone:
        return f"{what}. No sequential order of the same calls gives that"
    return f"{what}. Each of these occurs, but no sequential order gives them together"


def _slots(
    results: Any,
    finals: Any,
    program: Program,
    observers: list[Any],
    raw: bool = False,
) -> dict[str, str]:
    found = {}
    show = repr if raw else thaw
    for thread, (calls, values) in enumerate(zip(program.threads, results, strict=False)):
        for index, (call, value) in enumerate(zip(calls, values, strict=False)):
            number = f" (call {index + 1})" if len(calls) > 1 else ""
            found[f"{chr(97 + thread)}: {call}{number}"] = show(value)
    for observer, value in zip(observers, finals, strict=False):
        name = str(observer) if isinstance(observer, Call) else _name(observer)
        found[f"afterwards {name}"] = show(value)
    return found


def _name(observer: Any) -> str:
    return str(getattr(observer, "__name__", "observer"))


def thaw(tree: Any) -> str:
    """A tree as readable text."""
    kind = tree[0]
    if kind == "v":
        return short(tree[2]) if len(tree) > 2 else str(tree[1])
    if kind == "seq":
        inside = ", ".join(thaw(item) for item in tree[2])
        text = f"[{inside}]" if tree[1] == "list" else f"({inside})"
    elif kind == "set":
        text = "{" + ", ".join(thaw(item) for item in tree[2]) + "}"
    elif kind == "map":
        text = "{" + ", ".join(f"{thaw(k)}: {thaw(v)}" for k, v in tree[2]) + "}"
    elif kind == "obj":
        text = f"<{tree[1]}>" if tree[2] < 0 else f"<{tree[1]} #{tree[2] + 1}>"
    elif kind == "raised":
        text = str(tree[1])
    elif kind == "#":
        text = f"…{tree[1] + 1}"  # varies: only which ones are equal was compared
    elif kind == "values":
        text = "{" + ", ".join(thaw(item) for item in tree[1]) + "}"
    else:
        text = "…"
    return text if len(text) <= 80 else text[:77] + "..."


def _stuck(
    verdict: Verdict, program: Program, scope: Scope, taken: dict[int, tuple[str, str]]
) -> str:
    facts = verdict.facts
    states: dict[str, str] = facts.get("states", {})
    waits: dict[str, Wait] = facts.get("waits", {})
    stacks: dict[str, Any] = facts.get("stacks", {})
    lines = []
    for name, state in states.items():
        if state == "done" or (
            name == "m" and waits.get(name, Wait("")).kind in ("programs", "loop")
        ):
            continue
        what = f"thread {name}" if name != "m" else "the question asked afterwards"
        call = facts.get("calls", {}).get(name, -1)
        if name in "abc" and 0 <= call < len(program.threads[ord(name) - 97]):
            what += f" in {program.threads[ord(name) - 97][call]}"
        place = _place(stacks.get(name, ()), scope)
        wait = waits.get(name)
        if state == BLOCKED and wait is not None:
            if name.startswith("w") and wait.kind == "lock" and _idle(wait, facts):
                continue
            text = f"{what} waits{place}{_for(name, wait, stacks.get(name, ()), taken)}"
        elif state == OUTSIDE:
            text = f"{what} is blocked outside{place}"
        else:
            text = f"{what} stands{place}"
        holding = sorted(
            {
                taken[id(lock)][1]
                for lock in facts.get("held", {}).get(name, ())
                if id(lock) in taken
            }
        )
        if holding and not (wait is not None and _waits_for_signal(stacks.get(name, ()))):
            text += f", holding the lock taken at {' and '.join(holding)}"
        lines.append(text)
    for name, (call, places) in facts.get("coroutines", {}).items():
        inside = [(file, line) for file, line in places if scope.has_file(file)]
        calls = program.threads[ord(name) - 97]
        where = ""
        if inside:
            file, line = inside[-1]
            where = f" at {os.path.basename(file)}:{line} `{linecache.getline(file, line).strip()}`"
        lines.append(f"task {name} in {calls[call] if call >= 0 else 'no call'} awaits{where}")
    head = {
        "deadlock": "nobody can go on",
        "lost wake-up": "nobody is left to wake the waiting",
        "livelock": "the calls go on for ever without ending",
        "hang": "the calls did not end in time",
    }[finding_kind(verdict)]
    return f"{head}: {'; '.join(lines)}"


def _idle(wait: Wait, facts: dict[str, Any]) -> bool:
    """A worker that waits for work, not for a lock that a caller holds."""
    owner = getattr(wait.on, "_owner", None)
    return not isinstance(owner, Task) or owner.id.startswith("w")


def _place(stack: Any, scope: Scope) -> str:
    for frame in reversed(list(stack)):
        if scope.has_file(frame.filename):
            return f" at {os.path.basename(frame.filename)}:{frame.lineno} `{frame.line}`"
    return ""


def _for(name: str, wait: Wait, stack: Any, taken: dict[int, tuple[str, str]]) -> str:
    if wait.kind == "join":
        return f" for thread {wait.on.id} to end"
    if wait.kind != "lock":
        return ""
    if _waits_for_signal(stack):
        return " to be notified"
    holder = taken.get(id(wait.on))
    if holder is None:
        return " for a lock"
    if holder[0] == name:
        return f" for a lock it holds itself, taken at {holder[1]}"
    return f" for the lock that thread {holder[0]} took at {holder[1]}"
