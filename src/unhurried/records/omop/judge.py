"""Each row of an OMOP table judged in SQL: the first fault found, or none (ID-1).

Every table becomes `judged_<table>`: the row number, `fault` (a code, or NULL), `reason`, `raw`,
and the values as the canonical tables want them.
"""

from __future__ import annotations

from datetime import date

import duckdb

from unhurried.records.dates import EARLIEST_ISSUE, OLDEST_AGE
from unhurried.records.nhs_number import sql_valid_digits
from unhurried.records.omop.entries import ENTRIES, judged
from unhurried.records.omop.tables import COLUMNS
from unhurried.records.quantities import LARGEST_QUANTITY, LONGEST_SUPPLY

MACROS = """
CREATE OR REPLACE TEMP MACRO omop_id(x) AS
    nullif(regexp_replace(trim(x), '^([0-9]+)\\.0+$', '\\1'), '');
CREATE OR REPLACE TEMP MACRO omop_whole(x) AS TRY_CAST(omop_id(x) AS INTEGER);
CREATE OR REPLACE TEMP MACRO omop_date(x) AS
    CASE WHEN regexp_full_match(trim(x), '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?')
         THEN TRY_CAST(left(trim(x), 10) AS DATE)
         WHEN regexp_full_match(trim(x), '[0-9]{8}')
         THEN TRY_CAST(try_strptime(trim(x), '%Y%m%d') AS DATE) END;
CREATE OR REPLACE TEMP MACRO omop_day(d) AS date_diff('day', DATE '1970-01-01', d)::INTEGER;
CREATE OR REPLACE TEMP MACRO omop_vocabulary_name(x) AS lower(replace(trim(x), ' ', ''));
"""

MENTIONED = """
CREATE OR REPLACE TEMP TABLE omop_mentioned AS
SELECT DISTINCT omop_id(each) AS concept_id FROM (
    SELECT unnest([drug_concept_id, drug_source_concept_id]) AS each FROM omop_drug_exposure
    UNION ALL SELECT unnest([condition_concept_id, condition_source_concept_id])
    FROM omop_condition_occurrence)
WHERE omop_id(each) IS NOT NULL AND omop_id(each) <> '0'
"""

# Month and day are often left out: the last possible day stands for them, so that nobody is called
# an adult who may not be; where that leaves it open whether they are one, birth is not known.
PERSON = """
CREATE OR REPLACE TEMP TABLE judged_person AS
WITH parts AS (
    SELECT record, bad, {raw} AS raw, omop_id(person_id) AS person_id,
        omop_whole(year_of_birth) AS y, omop_whole(month_of_birth) AS m,
        omop_whole(day_of_birth) AS d, omop_date(birth_datetime) AS born_at,
        nullif(trim(year_of_birth), '') IS NOT NULL AND omop_whole(year_of_birth) IS NULL
            OR nullif(trim(month_of_birth), '') IS NOT NULL AND omop_whole(month_of_birth) IS NULL
            OR nullif(trim(day_of_birth), '') IS NOT NULL AND omop_whole(day_of_birth) IS NULL
            AS odd,
        CASE omop_id(gender_concept_id) WHEN '8532' THEN 'female' WHEN '8507' THEN 'male'
            WHEN '8521' THEN 'other' ELSE CASE lower(trim(gender_source_value))
                WHEN 'f' THEN 'female' WHEN 'female' THEN 'female' WHEN 'm' THEN 'male'
                WHEN 'male' THEN 'male' ELSE 'not known' END END AS sex,
        omop_id(care_site_id) AS care_site_id, {nhs_number} AS nhs_number
    FROM omop_person),
births AS (
    SELECT *, CASE WHEN y BETWEEN 1 AND 9999 THEN try_strptime(
                printf('%04d-%02d-%02d', y, COALESCE(m, 1), COALESCE(d, 1)), '%Y-%m-%d')::DATE
            WHEN y IS NULL THEN born_at END AS first_day,
        CASE WHEN y NOT BETWEEN 1 AND 9999 OR d IS NOT NULL THEN NULL
            WHEN m IS NULL THEN try_strptime(printf('%04d-12-31', y), '%Y-%m-%d')::DATE
            ELSE last_day(try_strptime(printf('%04d-%02d-01', y, m), '%Y-%m-%d')::DATE)
            END AS filled
    FROM parts),
ages AS (
    SELECT *, COALESCE(filled, first_day) AS last_possible,
        date_diff('year', first_day, DATE '{today}')
            - (strftime(DATE '{today}', '%m%d') < strftime(first_day, '%m%d'))::INTEGER >= 18
            AS adult_at_most,
        date_diff('year', COALESCE(filled, first_day), DATE '{today}')
            - (strftime(DATE '{today}', '%m%d')
               < strftime(COALESCE(filled, first_day), '%m%d'))::INTEGER >= 18 AS adult_at_least
    FROM births)
SELECT record, raw, person_id, nhs_number, sex, care_site_id,
    CASE WHEN adult_at_most = adult_at_least AND first_day <> DATE '1900-01-01'
         THEN omop_day(last_possible) END AS born,
    filled IS NOT NULL AND y IS NOT NULL AS partial_birth,
    CASE WHEN bad IS NOT NULL THEN 'shape' WHEN person_id IS NULL THEN 'no_person'
        WHEN odd OR y IS NOT NULL AND first_day IS NULL THEN 'birth_date'
        WHEN first_day > DATE '{today}' THEN 'birth_date'
        WHEN first_day < DATE '{oldest}' AND first_day <> DATE '1900-01-01' THEN 'birth_date'
        END AS fault,
    CASE WHEN bad IS NOT NULL THEN bad WHEN person_id IS NULL THEN 'It has no person_id.'
        WHEN odd OR first_day IS NULL THEN 'The date of birth is not a date that exists.'
        WHEN first_day > DATE '{today}' THEN 'The date of birth is in the future.'
        ELSE 'The date of birth is too long ago to be right.' END AS reason
FROM ages
"""

# A dm+d name is the medicine as issued in the UK; a standard (RxNorm) concept may be an
# approximation of it, so dm+d speaks first wherever it stands. Beside a dm+d code, which says what
# the medicine is, its name is the one written in the record, as it is in the other formats.
DRUGS = """
CREATE OR REPLACE TEMP TABLE judged_drug_exposure AS
WITH parts AS (
    SELECT x.*, {raw} AS raw, omop_date(drug_exposure_start_date) AS started,
        TRY_CAST(nullif(trim(quantity), '') AS DECIMAL(18, 3)) AS amount,
        TRY_CAST(nullif(trim(quantity), '') AS DOUBLE) AS written,
        TRY_CAST(nullif(trim(days_supply), '') AS DOUBLE) AS days, t.use, t.reason AS type_reason,
        CASE WHEN regexp_matches(drug_source_value, '[A-Za-z]{{3,}}')
             AND NOT regexp_full_match(trim(drug_source_value), '[0-9a-fA-F-]{{32,36}}')
             THEN trim(drug_source_value) END AS words,
        a.concept_name AS a_name, b.concept_name AS b_name,
        CASE WHEN omop_vocabulary_name(a.vocabulary_id) IN ('dm+d', 'dmd') THEN 'dmd'
             WHEN a.vocabulary_id = 'RxNorm' THEN 'rxnorm' END AS a_kind,
        CASE WHEN omop_vocabulary_name(b.vocabulary_id) IN ('dm+d', 'dmd') THEN 'dmd'
             WHEN b.vocabulary_id = 'RxNorm' THEN 'rxnorm' END AS b_kind,
        omop_id(a.concept_code) AS a_code, omop_id(b.concept_code) AS b_code
    FROM omop_drug_exposure x
    LEFT JOIN omop_concept a ON omop_id(x.drug_concept_id) = a.concept_id
    LEFT JOIN omop_concept b ON omop_id(x.drug_source_concept_id) = b.concept_id
    LEFT JOIN omop_drug_types t ON omop_id(x.drug_type_concept_id) = t.concept_id::VARCHAR),
named AS (
    SELECT *, CASE WHEN 'dmd' IN (a_kind, b_kind) AND words IS NOT NULL THEN words
                   WHEN a_kind IS DISTINCT FROM 'dmd' AND b_kind = 'dmd' THEN b_name
                   ELSE COALESCE(a_name, b_name, words) END AS product,
        CASE WHEN a_kind = 'dmd' THEN 'dmd:' || a_code WHEN b_kind = 'dmd' THEN 'dmd:' || b_code
             WHEN a_kind = 'rxnorm' THEN 'rxnorm:' || a_code
             WHEN a_name IS NULL AND b_kind = 'rxnorm' THEN 'rxnorm:' || b_code ELSE '' END AS code,
        omop_id(person_id) AS person FROM parts)
SELECT record, raw, person AS person_id, COALESCE(omop_id(drug_exposure_id), '') AS issue_id,
    omop_day(started) AS day, trim(product) AS product, code, COALESCE(trim(sig), '') AS directions,
    CASE WHEN written > 0 AND written <= {most} AND amount = written
         THEN (amount * 1000)::BIGINT END AS quantity_thousandths,
    CASE WHEN days BETWEEN 1 AND {longest} AND days = floor(days) THEN days::INTEGER END
        AS days_supply,
    use, omop_id(drug_concept_id) AS concept, COALESCE(omop_whole(refills), 0) > 0 AS refills,
    CASE WHEN bad IS NOT NULL THEN 'shape'
        WHEN person IS NULL OR p.person_id IS NULL THEN 'no_person'
        WHEN started IS NULL OR started > DATE '{today}' OR started < DATE '{earliest}'
        THEN 'issue_date'
        WHEN nullif(trim(product), '') IS NULL THEN 'no_medicine'
        WHEN use = 'none' THEN 'not_an_issue'
        WHEN written < 0 THEN 'quantity'
        WHEN contains(product || COALESCE(sig, ''), chr(0)) THEN 'text' END AS fault,
    CASE WHEN bad IS NOT NULL THEN bad
        WHEN person IS NULL THEN 'It has no person_id.'
        WHEN p.person_id IS NULL THEN {stranger}
        WHEN started IS NULL THEN 'The start date is missing or is not a date that exists.'
        WHEN started > DATE '{today}' THEN 'The start date is in the future.'
        WHEN started < DATE '{earliest}' THEN 'The start date is too long ago to be right.'
        WHEN nullif(trim(product), '') IS NULL
        THEN 'The medicine has no name: its concept is not in the concept table and its source'
             || ' value is not words.'
        WHEN use = 'none' THEN type_reason
        WHEN written < 0 THEN 'The quantity is negative.'
        ELSE 'The medicine or its directions contain a NUL character.' END AS reason
FROM named LEFT JOIN omop_people p
    ON named.person = p.person_id
"""

# A code that screening looks for goes before the others, wherever in the row it stands.
CONDITIONS = """
CREATE OR REPLACE TEMP TABLE judged_condition_occurrence AS
WITH parts AS (
    SELECT x.*, {raw} AS raw, omop_id(x.person_id) AS person,
        nullif(trim(condition_start_date), '') AS given, omop_date(condition_start_date) AS started,
        omop_id(condition_source_value) AS source_value,
        CASE WHEN lb.code IS NOT NULL THEN lb.code WHEN ls.code IS NOT NULL THEN ls.code
             WHEN la.code IS NOT NULL THEN la.code
             WHEN b.vocabulary_id = 'SNOMED' THEN omop_id(b.concept_code)
             WHEN regexp_full_match(omop_id(condition_source_value), '[0-9]{{6,18}}')
             THEN omop_id(condition_source_value)
             WHEN a.vocabulary_id = 'SNOMED' THEN omop_id(a.concept_code)
             ELSE COALESCE(omop_id(condition_source_value), '') END AS code,
        COALESCE(b.concept_name, a.concept_name, '') AS term
    FROM omop_condition_occurrence x
    LEFT JOIN omop_concept a ON omop_id(x.condition_concept_id) = a.concept_id
    LEFT JOIN omop_concept b ON omop_id(x.condition_source_concept_id) = b.concept_id
    LEFT JOIN omop_listed la ON a.concept_id = la.concept_id
    LEFT JOIN omop_listed lb ON b.concept_id = lb.concept_id
    LEFT JOIN omop_listed_codes ls ON omop_id(condition_source_value) = ls.code)
SELECT record, raw, person AS person_id, code, term, omop_day(started) AS day,
    CASE WHEN bad IS NOT NULL THEN 'shape'
        WHEN person IS NULL OR p.person_id IS NULL THEN 'no_person'
        WHEN given IS NOT NULL AND (started IS NULL OR started > DATE '{today}'
                                    OR started < DATE '{oldest}') THEN 'problem_date'
        WHEN code = '' AND term = '' THEN 'no_code' END AS fault,
    CASE WHEN bad IS NOT NULL THEN bad
        WHEN person IS NULL THEN 'It has no person_id.'
        WHEN p.person_id IS NULL THEN {stranger}
        WHEN started IS NULL AND given IS NOT NULL
        THEN 'The start date is not a date that exists.'
        WHEN started > DATE '{today}' THEN 'The start date is in the future.'
        WHEN started < DATE '{oldest}' THEN 'The start date is too long ago to be right.'
        ELSE 'It has neither a code nor words.' END AS reason
FROM parts LEFT JOIN omop_people p
    ON parts.person = p.person_id
"""

DEATHS = """
CREATE OR REPLACE TEMP TABLE judged_death AS
SELECT record, {raw} AS raw, omop_id(x.person_id) AS person_id,
    CASE WHEN omop_date(death_date) <= DATE '{today}' THEN omop_day(omop_date(death_date)) END
        AS died,
    CASE WHEN bad IS NOT NULL THEN 'shape' WHEN p.person_id IS NULL THEN 'no_person'
        WHEN nullif(trim(death_date), '') IS NOT NULL
            AND (omop_date(death_date) IS NULL OR omop_date(death_date) > DATE '{today}')
        THEN 'death_date' END AS fault,
    CASE WHEN bad IS NOT NULL THEN bad WHEN p.person_id IS NULL THEN {stranger}
        ELSE 'The date of death is not a date that can be right; the person still counts as having'
             || ' died.' END AS reason
FROM omop_death x LEFT JOIN omop_people p
    ON omop_id(x.person_id) = p.person_id
"""

PERIODS = """
CREATE OR REPLACE TEMP TABLE judged_observation_period AS
WITH parts AS (
    SELECT record, bad, {raw} AS raw, omop_id(x.person_id) AS person, p.person_id,
        omop_date(observation_period_start_date) AS began,
        omop_date(observation_period_end_date) AS ended
    FROM omop_observation_period x
    LEFT JOIN omop_people p
        ON omop_id(x.person_id) = p.person_id)
SELECT record, raw, person_id, omop_day(began) AS began, omop_day(ended) AS ended,
    CASE WHEN bad IS NOT NULL THEN 'shape' WHEN person_id IS NULL THEN 'no_person'
        WHEN began IS NULL OR ended IS NULL OR ended < began THEN 'period' END AS fault,
    CASE WHEN bad IS NOT NULL THEN bad WHEN person_id IS NULL THEN {stranger}
        ELSE 'The start and end are not two dates in that order.' END AS reason
FROM parts
"""

# A birthday that cannot be right makes the row a reject, but the person is still there.
PEOPLE = """
CREATE OR REPLACE TEMP VIEW omop_people AS
SELECT person_id FROM judged_person WHERE fault IS NULL OR fault = 'birth_date'
"""

QUERIES = {
    "person": PERSON,
    "drug_exposure": DRUGS,
    "condition_occurrence": CONDITIONS,
    "death": DEATHS,
    "observation_period": PERIODS,
    **{table: judged(table) for table in ENTRIES},
}
# A person left out of the person table is a sign of damage, so what to do is said.
STRANGER = (
    "'The person it belongs to is not in the person table, or their row there has no usable"
    " person_id: export the person table again with everyone in it.'"
)


def judge(connection: duckdb.DuckDBPyConnection, table: str, today: date) -> None:
    """Make judged_<table> from omop_<table>; the person table goes first."""
    names = COLUMNS[table].replace("|", " ").split()
    # The judged table is called x wherever another one beside it has a person_id too.
    own = "" if table == "person" else "x."
    cells = ", ".join(f"nullif({own}{name}, '')" for name in names)
    values = {
        "raw": f"concat_ws(', ', {cells})",
        "today": today.isoformat(),
        "oldest": date(max(1, today.year - OLDEST_AGE), 1, 1).isoformat(),
        "earliest": EARLIEST_ISSUE.isoformat(),
        "most": LARGEST_QUANTITY,
        "longest": LONGEST_SUPPLY,
        "stranger": STRANGER,
        "nhs_number": sql_valid_digits("person_source_value"),
    }
    connection.execute(QUERIES[table].format(**values))
    if table == "person":
        connection.execute(PEOPLE)
