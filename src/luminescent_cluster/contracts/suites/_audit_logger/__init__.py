"""Parts of the audit logger's suite: recording, forging, alerts, outages, durability, tampering."""
