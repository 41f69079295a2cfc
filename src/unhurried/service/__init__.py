"""The running service: Django apps in the order a person meets them.

Foundations, each knowing only those before it: `audit` (who did what), `jobs` (work in the
background), `outbox` (what leaves the service), `accounts` (who may), `patients` (the person and
their record). The steps of the service stand on these.
"""
