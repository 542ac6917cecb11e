"""Parts of the tenant provider's suite: identity, filters, access, and what they share."""
