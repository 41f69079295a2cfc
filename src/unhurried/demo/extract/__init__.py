"""Writes a fictional practice's extract, with the truth it was drawn from (ID-1, ID-8).

The same people as CSV exports, FHIR R4 NDJSON and OMOP CDM tables. Independent of the code it is
there to test: it imports nothing of `records`, `screening` or the reading of doses.
"""

from unhurried.demo.extract.write import FORMATS, ExtractSummary, write_extract

__all__ = ["FORMATS", "ExtractSummary", "write_extract"]
