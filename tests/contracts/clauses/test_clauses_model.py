"""Clauses and the catalogue: ids of fixed width, used once, with text, reason and fix."""

import pytest

from luminescent_cluster.contracts.clauses import Catalogue, Clause, Level, UnknownClauseError


def declare(catalogue, id="TRU-01", text="It is true.", **changes):
    """Declare one clause into a catalogue."""

    def check(case):
        pass

    check.__doc__ = text
    catalogue.must(id, **{"reason": "because", "fix": "do it", **changes})(check)
    return catalogue[id]


@pytest.mark.parametrize(
    "id", ["TRU-1", "tru-01", "TRU-001", "TRUE-01", "TP-FILTER-01", "", "TP_FLT-01"]
)
def test_an_id_of_another_width_is_refused(id):
    """`-k TP-1` would also select `TP-10`."""
    with pytest.raises(ValueError, match="clause id"):
        declare(Catalogue(), id)


@pytest.mark.parametrize("field", ["reason", "fix"])
def test_a_clause_without_reason_or_fix_is_refused(field):
    """Every failure names cause and remedy, so every clause must."""
    with pytest.raises(ValueError, match=field):
        declare(Catalogue(), **{field: " "})


def test_a_clause_without_text_is_refused():
    """The docstring is the clause."""
    with pytest.raises(ValueError, match="no text"):
        declare(Catalogue(), text=None)


def test_an_id_is_used_once():
    """Ids are never reused, neither in one catalogue nor across merged ones."""
    one, other = Catalogue(), Catalogue()
    declare(one)
    declare(other)
    with pytest.raises(ValueError, match="twice"):
        declare(one)
    with pytest.raises(ValueError, match="twice"):
        one | other


def test_the_first_paragraph_is_the_text():
    """What follows the blank line is detail."""
    clause = declare(Catalogue(), text="One\n    sentence.\n\nMore.\n")
    assert (clause.text, clause.details, clause.level) == ("One sentence", "More.", Level.MUST)


def test_an_unknown_id_offers_near_ones():
    """A typing slip is met with the id that was meant."""
    catalogue = Catalogue()
    declare(catalogue, "TP-FLT-02")
    with pytest.raises(UnknownClauseError, match="did you mean TP-FLT-02"):
        catalogue["TP-FLT-03"]
    assert "TP-FLT-03" not in catalogue
    assert catalogue.get("TP-FLT-03") is None


def test_the_digest_changes_with_the_rules_and_with_nothing_else():
    """Same digest, same law: texts count, the order of declaration does not."""
    first, second, third = Catalogue(), Catalogue(), Catalogue()
    declare(first, "AAA-01"), declare(first, "BBB-01")
    declare(second, "BBB-01"), declare(second, "AAA-01")
    declare(third, "AAA-01", "Another."), declare(third, "BBB-01")
    assert first.digest == second.digest != third.digest


def test_applying_to_leaves_out_what_cannot_be_said():
    """A clause may concern some protocols only."""
    catalogue = Catalogue()
    declare(catalogue, "AAA-01", applies=lambda protocol: protocol is int)
    declare(catalogue, "BBB-01")
    assert list(catalogue.applying_to(str)) == ["BBB-01"]
    assert list(catalogue.applying_to(int)) == ["AAA-01", "BBB-01"]


def test_a_clause_compares_by_what_it_says():
    """Two declarations of the same words are equal, whatever function checks them."""
    words = {"text": "t", "reason": "r", "fix": "f", "since": "1.0.0", "probes": ()}
    one = Clause("AAA-01", Level.MUST, check=lambda case: None, **words)
    other = Clause("AAA-01", Level.MUST, check=lambda case: None, **words)
    assert one == other
    assert one.family == "AAA"
