"""Audit: who did what to whose record: append-only, chained, verifiable."""
