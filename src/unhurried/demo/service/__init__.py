"""A fictional service, lived through week by week with the operations real users use.

`story.tell` is the way in. Nothing here writes a table: everything that stands in the demo went
through the same rules, transactions and audit trail as in a real service.
"""
