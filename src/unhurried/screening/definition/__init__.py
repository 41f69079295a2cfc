"""Who is listed, and why: the one relational definition, in readable steps (ID-1 to ID-8).

Every step is an Ibis expression over named tables; `steps.STEPS` puts them in order. The DuckDB
SQL in `screening/compiled` is compiled from here by `tools/compile_screening.py`; Spark gets the
same steps. Only whole numbers are compared, added or divided (and divisions are floored), so that
every engine, thread order and year gives the same answer, cell by cell.
"""
