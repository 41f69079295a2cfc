"""The page of everything that leaves the service.

It stands above the apps because the outbox, which many apps post to, knows nobody's roles.
"""
