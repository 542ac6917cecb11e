"""verify_extensions: every incompatibility at once, before the first request."""

import pickle
from unittest.mock import MagicMock, create_autospec

import pytest

from luminescent_cluster.extensions import (
    AuditLogger,
    ExtensionRegistry,
    IncompatibleExtensionError,
    TenantProvider,
    verify_extensions,
)


class Tenants:
    def get_tenant_id(self, request_context):
        return None

    def get_tenant_filter(self, tenant_id):
        return {"tenant_id": tenant_id}

    def validate_tenant_access(self, tenant_id, user_id, resource):
        return False


class Trail:
    def log_event(self, event_type, actor, resource, action, outcome, details=None):
        pass

    def log_security_event(self, event_type, severity, message, details=None):
        pass


def problems_of(**extensions):
    """Give what verify_extensions says of a registry with these extensions."""
    with pytest.raises(IncompatibleExtensionError) as caught:
        verify_extensions(ExtensionRegistry(**extensions))
    return caught.value


@pytest.mark.parametrize(
    "extensions",
    [
        {},
        {"tenant_provider": Tenants(), "audit_logger": Trail()},
        {"tenant_provider": MagicMock(), "usage_tracker": MagicMock(), "audit_logger": MagicMock()},
        {"tenant_provider": create_autospec(TenantProvider, instance=True)},
        {"audit_logger": MagicMock(spec=AuditLogger)},
    ],
    ids=["oss", "real", "mocks", "autospec", "spec"],
)
def test_what_fits_passes_quietly(extensions):
    """OSS mode, extensions that fit, and mocks of every kind pass."""
    assert verify_extensions(ExtensionRegistry(**extensions)) is None


def test_every_problem_of_every_extension_is_named_at_once():
    """One error lists all of them, with slot, class, call and remedy."""

    class Renamed(Tenants):
        def get_tenant_filter(self, tenant):
            return {}

    class Half:
        def log_event(self, event_type, actor):
            pass

    error = problems_of(tenant_provider=Renamed(), audit_logger=Half())
    text = str(error)
    assert {problem.slot for problem in error.problems} == {"tenant_provider", "audit_logger"}
    assert "get_tenant_filter" in text
    assert "log_security_event" in text
    assert "fix: " in text
    assert f"{len(error.problems)} incompatibilities" in text


def test_a_falsy_extension_is_refused():
    """Core's guard would skip it in silence, so start-up says so."""

    class Empty(Tenants):
        def __len__(self):
            return 0

    assert "bool(extension) is False" in str(problems_of(tenant_provider=Empty()))


def test_a_coroutine_method_is_refused():
    """A coroutine is always true: an async access check would allow everybody."""

    class Async(Tenants):
        async def validate_tenant_access(self, tenant_id, user_id, resource):
            return False

    assert "validate_tenant_access" in str(problems_of(tenant_provider=Async()))


def test_a_class_in_place_of_an_instance_is_refused():
    """Forgetting the parentheses is said in so many words."""
    assert "not an instance" in str(problems_of(tenant_provider=Tenants))


def test_what_else_is_wrong_with_a_class_is_said_too():
    """Whoever adds the parentheses finds no second error behind the first."""

    class Short(Tenants):
        def get_tenant_filter(self):
            return {}

    text = str(problems_of(tenant_provider=Short))
    assert "not an instance" in text
    assert "get_tenant_filter" in text


def test_a_class_that_needs_no_instance_passes():
    """A class whose methods all belong to it may be registered as it is."""

    class Settings:
        @classmethod
        def get_tenant_id(cls, request_context):
            return None

        @staticmethod
        def get_tenant_filter(tenant_id):
            return {}

        @staticmethod
        def validate_tenant_access(tenant_id, user_id, resource):
            return False

    verify_extensions(ExtensionRegistry(tenant_provider=Settings))


def test_every_requirement_that_does_not_hold_is_named():
    """One string that cannot be read hides no other."""
    declared = ("TenantProvider>>1", "Usage Tracker", "AuditLogger>=2", "TenantProvider>=1")
    extension = type("Declaring", (Tenants,), {"__protocols__": declared})()
    text = str(problems_of(tenant_provider=extension))
    assert [word for word in declared if f"'{word}'" in text] == list(declared[:2])
    assert "AuditLogger>=2, and 1.0.0 is running" in text


def test_an_extension_whose_truth_raises_is_refused():
    """Core's guard asks for the truth of an extension in every request."""

    class Untold(Tenants):
        def __bool__(self):
            raise RuntimeError("not loaded")

    text = str(problems_of(tenant_provider=Untold()))
    assert "bool(extension) raises RuntimeError: not loaded" in text
    assert "on every request" in text


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (("TenantProvider>=2",), "1.0.0 is running"),
        (("Nonsense>=1",), "core does not define"),
        (("not a requirement !!",), "is no requirement"),
        ("TenantProvider>=1.0,<2", "not a tuple of strings"),
        ((1,), "not a string"),
        (("TenantProvider[extra]>=1",), "no extras"),
    ],
)
def test_a_requirement_that_does_not_hold_is_refused(declared, words):
    """What an extension declares must parse, name a protocol and admit what runs."""
    extension = type("Declaring", (Tenants,), {"__protocols__": declared})()
    assert words in str(problems_of(tenant_provider=extension))


@pytest.mark.parametrize(
    "declared", [("TenantProvider>=1.0,<2",), ["TenantProvider", "AuditLogger"]]
)
def test_a_requirement_that_holds_passes(declared):
    """A range that admits the running version is fine."""
    extension = type("Declaring", (Tenants,), {"__protocols__": declared})()
    verify_extensions(ExtensionRegistry(tenant_provider=extension))


def test_no_method_is_called():
    """Start-up looks at signatures only."""

    class Untouchable(Tenants):
        def get_tenant_id(self, request_context):
            raise AssertionError("called")

    verify_extensions(ExtensionRegistry(tenant_provider=Untouchable()))


def test_the_error_survives_pickling():
    """It may cross a process border with its problems."""
    error = problems_of(tenant_provider=object())
    copy = pickle.loads(pickle.dumps(error))
    assert copy.problems == error.problems
    assert str(copy) == str(error)


def test_the_process_wide_registry_is_the_default():
    """Without an argument it looks at what is registered."""
    with (
        ExtensionRegistry.override(audit_logger=object()),
        pytest.raises(IncompatibleExtensionError),
    ):
        verify_extensions()


class Bewitched:
    """Raises whatever is asked of it, its class included."""

    def __getattribute__(self, name):
        raise RuntimeError(f"no {name}")


def test_an_object_that_raises_at_every_look_is_reported_and_does_not_escape():
    """The start-up check names it like any other."""
    registry = ExtensionRegistry(tenant_provider=Bewitched())
    with pytest.raises(IncompatibleExtensionError, match="RuntimeError"):
        verify_extensions(registry)
