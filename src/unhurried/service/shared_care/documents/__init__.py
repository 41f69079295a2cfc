"""The forms in which a summary goes: text to copy, paper, a FHIR document, a message back.

Each is made from `Facts` alone, so that all of them say the same, and what is not in them cannot
get out. Nothing here reads the database.
"""
