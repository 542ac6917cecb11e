"""The plugin's fixtures: a clean registry, and fakes in place of mocks."""

import pytest

from luminescent_cluster.extensions import ExtensionRegistry, verify_extensions


def test_the_registry_is_fresh(extension_registry):
    """It is the process-wide one, in OSS mode."""
    assert extension_registry is ExtensionRegistry.get()
    assert extension_registry.get_status()["mode"] == "oss"


@pytest.mark.parametrize("kind", ["fake", "sqlite"])
def test_the_fakes_can_be_registered(extension_registry, request, kind):
    """Each kind has all three, and start-up accepts them."""
    for slot in ("tenant_provider", "usage_tracker", "audit_logger"):
        setattr(extension_registry, slot, request.getfixturevalue(f"{kind}_{slot}"))
    verify_extensions()
    extension_registry.usage_tracker.track("query", 7, {"tenant_id": "acme"})
    extension_registry.usage_tracker.flush()
    assert extension_registry.usage_tracker.get_usage_summary("acme")["total_tokens"] == 7
    extension_registry.audit_logger.log_event("a", "b", "c", "d", "e")
    assert len(extension_registry.audit_logger.recorded()) == 1
