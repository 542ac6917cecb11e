"""@optional and with_defaults: MINOR versions without inheritance."""

from typing import Any, Protocol
from unittest.mock import MagicMock

import pytest

from luminescent_cluster.contracts.compat.live import edition_of
from luminescent_cluster.extensions import (
    IncompatibleExtensionError,
    TenantProvider,
    optional,
    with_defaults,
)
from luminescent_cluster.extensions._calls import check_calls
from luminescent_cluster.extensions.optional import optional_members


class Greeter(Protocol):
    def greet(self, name: str) -> str: ...

    @optional(since="1.1.0")
    def greet_all(self, names: list[str]) -> list[str]:
        """Greets each one."""
        return [self.greet(name) for name in names]


class Old:
    def greet(self, name):
        return f"hello {name}"


class New(Old):
    def greet_all(self, names):
        return ["all"]


def test_a_missing_method_is_served_by_the_default_with_the_extension_as_self():
    """The default calls what the extension has."""
    assert with_defaults(Old(), Greeter).greet_all(["a", "b"]) == ["hello a", "hello b"]


def test_an_extension_that_lacks_nothing_is_given_back_itself():
    """No proxy where none is needed, also for protocols without optional methods and for None."""
    new, old = New(), Old()
    assert with_defaults(new, Greeter) is new
    assert with_defaults(old, TenantProvider) is old
    assert with_defaults(None, Greeter) is None
    mock = MagicMock()
    assert with_defaults(mock, Greeter) is mock


def test_the_proxy_is_transparent():
    """Attributes, truth, equality, isinstance, special methods and repr are the extension's."""

    class Callable(Old):
        def __init__(self):
            self.count = 0

        def __call__(self):
            return "called"

        def __len__(self):
            return 0

    extension = Callable()
    proxy = with_defaults(extension, Greeter)
    proxy.count += 1
    assert extension.count == 1
    assert isinstance(proxy, Callable)
    assert proxy == extension
    assert not proxy
    assert len(proxy) == 0
    assert proxy() == "called"
    assert "greet_all" in dir(proxy)
    assert "with defaults for greet_all" in repr(proxy)
    with pytest.raises(AttributeError, match="nonsense"):
        proxy.nonsense  # noqa: B018 - the access is the test


def test_an_optional_special_method_is_served_to_the_interpreter():
    """``len()`` and ``in`` look on the class, where the default must be, too."""

    class Sized(Protocol):
        @optional(since="1.1.0")
        def __len__(self) -> int:
            return len(self.names())

        def names(self) -> list[str]: ...

    class Names:
        def names(self) -> list[str]:
            return ["ada", "bob"]

    assert len(with_defaults(Names(), Sized)) == 2


def test_a_collision_is_refused():
    """Something unrelated under the optional name would be called by mistake."""

    class Colliding(Old):
        greet_all = "a text"

    with pytest.raises(IncompatibleExtensionError, match="greet_all collides"):
        with_defaults(Colliding(), Greeter)


def test_a_collision_of_one_instance_is_refused_after_its_class_was_accepted():
    """What is remembered of a class does not excuse an instance that differs."""

    class Varying(Old):
        def greet_all(self, names):
            return []

    with_defaults(Varying(), Greeter)
    odd = Varying()
    odd.greet_all = "a text"
    with pytest.raises(IncompatibleExtensionError, match="greet_all collides"):
        with_defaults(odd, Greeter)


@pytest.mark.parametrize("since", ["1", "1.1", "one", "", 1, None])
def test_since_is_a_full_version(since):
    """A mark that names no version is refused where it is written."""
    with pytest.raises(ValueError, match=r"MAJOR\.MINOR\.PATCH"):
        optional(since=since)


def test_optional_above_property_is_refused():
    """The mark belongs on the function; the message says where."""
    with pytest.raises(TypeError, match="below @property"):
        optional(since="1.1.0")(property(lambda self: 1))


def test_a_later_base_can_make_a_method_required():
    """Overriding without the mark ends the default."""

    class Strict(Greeter, Protocol):
        def greet_all(self, names: list[str]) -> list[str]: ...

    old = Old()
    assert with_defaults(old, Strict) is old


class Unmarked(Protocol):
    """Never uses the marker."""

    limit: int = 3

    def greet(self, name: str) -> str:
        """Stub."""
        ...

    def greet_all(self, names: list[str]) -> list[str]:
        return [self.greet(name) for name in names[: self.limit]]

    @staticmethod
    def shout(text: str) -> str:
        return text.upper()


class Mixed(Protocol):
    def greet(self, name: str) -> str: ...

    @staticmethod
    @optional(since="1.1.0")
    def whisper(text: str) -> str:
        return text.lower()

    def greet_all(self, names: list[str]) -> list[str]:
        return [self.greet(name) for name in names]


def test_a_protocol_without_the_marker_serves_every_body_that_does_something():
    """What `compare` calls optional is served, and the start-up check lets it be missing."""
    served = with_defaults(Old(), Unmarked)
    assert served.greet_all(["a", "b", "c", "d"]) == ["hello a", "hello b", "hello c"]
    assert (served.shout("a"), served.limit) == ("A", 3)
    assert check_calls(Old(), Unmarked) == ()
    assert [r.member for r in check_calls(object(), Unmarked)] == ["greet"]


def test_a_protocol_with_the_marker_serves_only_what_is_marked():
    """One mark says that the others are required, bodies or not."""
    served = with_defaults(Old(), Mixed)
    assert served.whisper("A") == "a"
    assert not hasattr(served, "greet_all")
    assert [r.member for r in check_calls(Old(), Mixed)] == ["greet_all"]


class Odd(Protocol):
    """Bodies that look like stubs in compiled form, and stubs that do not."""

    def nothing(self, name: str) -> None:
        return None

    async def waits(self, job: Any) -> None:
        await job

    def checks(self, value: int) -> None:
        assert value

    def stub(self) -> None:
        """Stub, and a long text that says what it should return.

        More of it.
        """

    def raises(self) -> None:
        raise NotImplementedError("stub")

    def passes(self) -> None:
        pass


def test_what_looks_like_a_stub_when_compiled_is_looked_up_in_the_source():
    """`return None` is a default, a docstring is not."""
    assert set(optional_members(Odd)) == {"nothing", "waits", "checks"}
    assert set(optional_members(Odd)) == edition_of(Odd).optional_names()
