"""Unhurried: run and evaluate a primary-care pain and opioid review service."""

__version__ = "0.1.0"
