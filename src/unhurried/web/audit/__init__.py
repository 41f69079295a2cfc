"""Pages on the audit trail: who has looked at a record.

They stand above the apps because the trail, which every app writes to, knows none of them.
"""
