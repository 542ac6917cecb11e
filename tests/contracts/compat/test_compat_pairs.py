"""What a careful maintainer says of each kind of change, in both directions."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from tests.contracts.compat.compat_pairs import PAIRS, Pair

from luminescent_cluster.contracts.compat import Comparison, compare, load
from luminescent_cluster.contracts.compat.edition import edition_from_json

BY_NAME = {pair.name: pair for pair in PAIRS}
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=list(BY_NAME))


def test_names_of_pairs_are_unique() -> None:
    """Every pair is really run: none hides behind another's name."""
    assert len(BY_NAME) == len(PAIRS)


@each_pair
def test_the_verdict_is_the_maintainers(pair: Pair, compared: Callable[[Pair], Comparison]) -> None:
    """Bump and victims are as they should be: nothing missed, no false alarm."""
    found = compared(pair)
    victims = "I" * found.breaks_implementers + "C" * found.breaks_callers
    assert (found.bump, victims) == (pair.bump, pair.breaks), found.changes


@each_pair
def test_a_rule_names_every_break(pair: Pair, compared: Callable[[Pair], Comparison]) -> None:
    """No witness is left without a rule of its own, and MAJOR never comes without a witness."""
    for change in compared(pair).changes:
        assert change.rule_id != "CALL-01", change
        assert (change.bump == "MAJOR") == bool(change.witnesses)
        assert change.rule.title


@each_pair
def test_a_version_against_itself_is_empty(
    pair: Pair, versions: Callable[[Pair], tuple[str, str]]
) -> None:
    """Reflexive: whatever a version holds, it does not differ from itself."""
    for source in versions(pair):
        found = compare(source, source)
        assert (found.bump, found.changes) == (None, ())


@each_pair
def test_roles_are_symmetric(pair: Pair, versions: Callable[[Pair], tuple[str, str]]) -> None:
    """Who implements in one direction calls in the other.

    Optional members and keys are given by the newer side only, so pairs with them are not
    symmetric, nor are those where a class's constructor fills in what is new.
    """
    old, new = versions(pair)
    one, other = compare(old, new), compare(new, old)
    edition_pair = (load(old), load(new))
    optional = any(e.optional_names() for e in edition_pair)
    records = any(
        d.kind in ("class", "record", "typed-dict")
        for e in edition_pair
        for d in e.definitions.values()
    )
    generic = any(e.shape.type_parameters for e in edition_pair)
    checkable = edition_pair[0].runtime_checkable != edition_pair[1].runtime_checkable
    if optional or records or generic or checkable:
        pytest.skip("the rules are not symmetric here")
    assert one.breaks_implementers == other.breaks_callers
    assert one.breaks_callers == other.breaks_implementers


@each_pair
def test_a_snapshot_says_the_same(pair: Pair, versions: Callable[[Pair], tuple[str, str]]) -> None:
    """Round trip: an edition written and read again is equal, and judged the same."""
    for source in versions(pair):
        edition = load(source)
        again = edition_from_json(edition.to_json())
        assert again == edition
        assert compare(edition, again).bump is None


@each_pair
def test_text_and_import_say_the_same(
    pair: Pair, versions: Callable[[Pair], tuple[str, str]], live: Callable[[str], type]
) -> None:
    """What is read from text equals what is read from the imported class."""
    newer = ("Unpack", "Self", "Never", "NotRequired")
    if sys.version_info < (3, 11) and any(
        word in pair.source(new) for new in (False, True) for word in newer
    ):
        pytest.skip("typing has no such name on this interpreter")
    for source in versions(pair):
        text, imported = load(source), load(live(source))
        assert compare(text, imported).bump is None
        # An object shows itself by its repr, whatever the source leaves to position.
        assert text == imported or "Limit(" in pair.old


def test_loose_hints_keep_hints_out_of_the_verdict(
    versions: Callable[[Pair], tuple[str, str]],
) -> None:
    """Without strict hints what only a type checker rejects is reported, and counts as PATCH."""
    found = compare(*versions(BY_NAME["result widened"]), strict_hints=False)
    assert (found.bump, found.breaks_callers) == ("PATCH", False)
    assert found.changes[0].level == "type checker"
