"""OMOP `observation` and `procedure_occurrence`: the few coded entries looked for (ID-2, ID-3).

Only rows with a SNOMED CT code of `unhurried.records.listed` become diagnoses. The other rows, most
of them, are let go while the table is brought in: they were read, told us nothing, and count as
used.
"""

from __future__ import annotations

from functools import cache

import duckdb

from unhurried.records.listed import listed, negations

# The tables, and how the names of their columns begin.
ENTRIES = {"observation": "observation", "procedure_occurrence": "procedure"}
BETWEEN = "\x1f"

# `turn` is the order in which codes speak where one row holds several.
WANTED = f"""
CREATE TEMP TABLE omop_listed_codes AS
SELECT unnest(string_split($1, '{BETWEEN}')) AS code, unnest(string_split($2, '{BETWEEN}')) AS term,
    unnest(range($3::INTEGER)) AS turn
"""
NEGATIVE = f"""
CREATE TEMP TABLE omop_negations AS
SELECT unnest(string_split($1, '{BETWEEN}')) AS vocabulary,
    unnest(string_split($2, '{BETWEEN}')) AS code
"""
# Which of the concepts that were brought in are of those codes and values.
LISTED = """
CREATE TEMP TABLE omop_listed AS
SELECT c.concept_id, ANY_VALUE(l.code) AS code,
    COALESCE(nullif(trim(ANY_VALUE(c.concept_name)), ''), ANY_VALUE(l.term)) AS term,
    MIN(l.turn) AS turn
FROM omop_concept c JOIN omop_listed_codes l ON omop_id(c.concept_code) = l.code
WHERE c.vocabulary_id = 'SNOMED' GROUP BY c.concept_id;
CREATE TEMP TABLE omop_negative AS
SELECT c.concept_id FROM omop_concept c JOIN omop_negations n
    ON c.vocabulary_id = n.vocabulary AND omop_id(c.concept_code) = n.code
UNION SELECT code FROM omop_negations WHERE vocabulary = 'OMOP';
"""
WORTH_KEEPING = """
omop_id({event}_concept_id) IN (SELECT concept_id FROM omop_listed)
OR omop_id({event}_source_concept_id) IN (SELECT concept_id FROM omop_listed)
OR omop_id({event}_source_value) IN (SELECT code FROM omop_listed_codes)
"""
NEGATED = """
COALESCE(omop_id(value_as_concept_id) IN (SELECT concept_id FROM omop_negative), FALSE)
OR COALESCE(rtrim(lower(trim(value_as_string)), '.')
    IN (SELECT code FROM omop_negations WHERE vocabulary = 'word'), FALSE)
"""
# Doubled braces are filled in by `judge`, with what all tables share.
JUDGED = """
CREATE TEMP TABLE judged_{table} AS
WITH parts AS (
    SELECT x.*, {{raw}} AS raw, omop_id(x.person_id) AS person, {negated} AS negated,
        nullif(trim({event}_date), '') AS given, omop_date({event}_date) AS started,
        CASE least(b.turn, s.turn, a.turn) WHEN b.turn THEN b.code WHEN s.turn THEN s.code
            ELSE a.code END AS code,
        CASE least(b.turn, s.turn, a.turn) WHEN b.turn THEN b.term WHEN s.turn THEN s.term
            ELSE a.term END AS term
    FROM omop_{table} x
    LEFT JOIN omop_listed a ON omop_id({event}_concept_id) = a.concept_id
    LEFT JOIN omop_listed b ON omop_id({event}_source_concept_id) = b.concept_id
    LEFT JOIN omop_listed_codes s ON omop_id({event}_source_value) = s.code)
SELECT record, raw, person AS person_id, code, term, omop_day(started) AS day,
    CASE WHEN bad IS NOT NULL THEN 'shape' WHEN negated THEN 'negated'
        WHEN p.person_id IS NULL THEN 'no_person'
        WHEN given IS NOT NULL AND (started IS NULL OR started > DATE '{{today}}'
            OR started < DATE '{{oldest}}') THEN 'problem_date' END AS fault,
    CASE WHEN bad IS NOT NULL THEN bad
        WHEN negated THEN 'This entry says that it is not so (its value is “no”).'
        WHEN person IS NULL THEN 'It has no person_id.' WHEN p.person_id IS NULL THEN {{stranger}}
        WHEN started IS NULL THEN 'The date is not a date that exists.'
        WHEN started > DATE '{{today}}' THEN 'The date is in the future.'
        ELSE 'The date is too long ago to be right.' END AS reason
FROM parts LEFT JOIN omop_people p ON parts.person = p.person_id
"""


def say_what_is_wanted(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of codes and values that screening looks for."""
    codes, terms, count = _wanted()
    connection.execute(WANTED, [codes, terms, count])
    connection.execute(NEGATIVE, list(_negations()))


def note_concepts(connection: duckdb.DuckDBPyConnection) -> None:
    """Note which concepts are of those codes and values, once the concepts are brought in."""
    connection.execute(LISTED)


def worth_keeping(table: str) -> str:
    """SQL that is true for a row with a code looked for."""
    return WORTH_KEEPING.format(event=ENTRIES[table])


def judged(table: str) -> str:
    """SQL that judges the rows kept, for `judge` to fill in the rest."""
    negated = NEGATED if table == "observation" else "FALSE"
    return JUDGED.format(table=table, event=ENTRIES[table], negated=negated)


@cache
def _wanted() -> tuple[str, str, int]:
    terms = listed()
    return BETWEEN.join(terms), BETWEEN.join(terms.values()), len(terms)


@cache
def _negations() -> tuple[str, str]:
    pairs = [
        (system, code)
        for system in ("SNOMED", "LOINC", "OMOP", "word")
        for code in sorted(negations(system))
    ]
    vocabularies, codes = zip(*pairs, strict=True)
    return BETWEEN.join(vocabularies), BETWEEN.join(codes)
