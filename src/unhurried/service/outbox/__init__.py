"""Outbox: everything that leaves the service, exactly once."""
