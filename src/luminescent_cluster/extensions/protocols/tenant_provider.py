"""TenantProvider: who is asking, what they may see, what they may touch."""

from typing import Optional, Protocol

__all__ = ["TENANT_PROVIDER_VERSION", "TenantProvider"]

TENANT_PROVIDER_VERSION = "1.0.0"


class TenantProvider(Protocol):
    """Multi-tenancy for the cloud tier.

    Core asks for the tenant of every request and narrows each query by that tenant's filter.
    A class satisfies the protocol by having these methods; there is nothing to inherit.
    """

    def get_tenant_id(self, request_context: dict) -> Optional[str]:  # type: ignore[type-arg]  # noqa: UP045 - the guide's exact signature
        """Name the tenant that a request belongs to.

        Args:
            request_context: what the transport knows of the request, such as its headers.

        Returns:
            The tenant's id, or None where the request carries no tenant.
        """
        ...

    def get_tenant_filter(self, tenant_id: str) -> dict:  # type: ignore[type-arg]
        """Give the query filter that keeps a tenant to its own rows.

        Args:
            tenant_id: the tenant whose rows may be read.

        Returns:
            A mapping in the Pixeltable-compatible filter grammar, for instance
            ``{"tenant_id": {"$eq": "acme"}}``.
        """
        ...

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        """Decide whether a user may touch a resource inside a tenant.

        Args:
            tenant_id: the tenant that owns the resource.
            user_id: the user who asks.
            resource: the resource's name.

        Returns:
            True when access is granted; anything unknown is denied.
        """
        ...
