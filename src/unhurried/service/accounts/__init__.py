"""Accounts: people who work here, their organisations, roles and what each role may see."""
