"""The people who do the work (SUP-1, FUN-1, TRN-1, CON-2, FUN-4): supervision, time and its money,
learning, how much each carries, and handing everybody over when a worker or a provider leaves.

Reads from sessions, shared care and patients; nothing below it knows of it.
"""
