"""Text of values: one line, pasteable, never raising."""

import pytest

from luminescent_cluster.contracts.engine.show import show, show_call, show_error


class Hostile:
    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value", ["acme", {"a": [1, None]}, b"\x00", ("\ud800",), "a\nb", "\u202eevil", 1.5, None]
)
def test_a_short_value_can_be_pasted(value):
    """What is shown evaluates to the value."""
    text = show(value)
    assert eval(text) == value
    assert text.isprintable()


def test_a_raising_repr_is_said():
    """The type is shown, and what its repr raised."""
    assert show(Hostile()) == "<Hostile whose repr() raises RuntimeError>"


def test_a_long_value_is_shortened():
    """Also a nested one; a text of one letter stays pasteable."""
    assert len(show(list(range(10_000)))) < 400
    assert show("x" * 100_000) == "'x' * 100000"
    assert len(show("ab" * 100_000)) < 400


def test_a_call_is_shown_as_the_author_would_write_it():
    """Positional and keyword arguments."""
    assert show_call("track", ("query",), {"tokens": 1}) == "track('query', tokens=1)"


def test_an_error_is_shown_in_one_line():
    """Type and message; control characters escaped."""
    assert show_error(ValueError("a\nb\x1b[31m")) == "ValueError: a\\nb\\x1b[31m"
    assert show_error(KeyError()) == "KeyError"
