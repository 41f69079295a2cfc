"""Identification: finding people in a practice's records and a GP's triage of the list."""
