"""OMOP CDM 5.3/5.4 in: CSV or Parquet tables become canonical tables, rejects and an account."""
