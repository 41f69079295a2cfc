"""How a store takes in an extract: everything is translated into the store's own numbers.

People are recognised by person id, medicines by product and code. An issue the store already has
(the same person, day, medicine, directions, quantity and days) is not taken twice, however often
and in whatever order extracts arrive; two such issues within one extract stay two.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from unhurried.records.dates import epoch_day
from unhurried.screening.as_of import end_of
from unhurried.screening.codelists import listed_codes
from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.engines.tables import fill
from unhurried.screening.interpret import read_medicines

EMPTY = {
    "medicines": "medicine INTEGER, product VARCHAR, code VARCHAR",
    "pairs": "pair INTEGER, medicine INTEGER, directions VARCHAR",
    "people": "person BIGINT, person_id VARCHAR, nhs_number VARCHAR, born INTEGER, sex VARCHAR,"
    " practice VARCHAR, died INTEGER, registered_from INTEGER, registered_to INTEGER,"
    " stated_age INTEGER",
    "diagnoses": "person BIGINT, code VARCHAR, day INTEGER",
    "practices": "practice VARCHAR, name VARCHAR",
    "issues": "person BIGINT, day INTEGER, pair INTEGER, quantity_thousandths BIGINT,"
    " days_supply INTEGER",
}
ROWS_TOGETHER = 20_480  # of people, unpacked together where one of them is looked up
ISSUE = "person, day, pair, quantity_thousandths, days_supply"

TRANSLATE = """
CREATE OR REPLACE TEMP TABLE medicine_of AS
SELECT m.medicine AS theirs, m.product, m.code,
    COALESCE(k.medicine, (SELECT COALESCE(MAX(medicine), -1) FROM kept_medicines)
        + row_number() OVER (PARTITION BY k.medicine IS NULL ORDER BY m.product, m.code)
    )::INTEGER AS medicine
FROM medicines m SEMI JOIN looked_for USING (medicine)
LEFT JOIN kept_medicines k ON k.product = m.product AND k.code = m.code;

CREATE OR REPLACE TEMP TABLE person_of AS
SELECT p.person AS theirs, p.person_id,
    COALESCE(k.person, (SELECT COALESCE(MAX(person), -1) FROM kept_people)
        + row_number() OVER (PARTITION BY k.person IS NULL ORDER BY p.person_id)) AS person
FROM people p LEFT JOIN kept_people k USING (person_id);

CREATE OR REPLACE TEMP TABLE taken AS
SELECT w.person, i.day, m.medicine, COALESCE(i.directions, '') AS directions,
    i.quantity_thousandths, i.days_supply
FROM issues i JOIN medicine_of m ON m.theirs = i.medicine JOIN person_of w ON w.theirs = i.person;

CREATE OR REPLACE TEMP TABLE pair_of AS
SELECT t.medicine, t.directions,
    COALESCE(k.pair, (SELECT COALESCE(MAX(pair), -1) FROM kept_pairs)
        + row_number() OVER (PARTITION BY k.pair IS NULL ORDER BY t.medicine, t.directions)
    )::INTEGER AS pair
FROM (SELECT DISTINCT medicine, directions FROM taken) t
LEFT JOIN kept_pairs k USING (medicine, directions);
"""

# With nothing kept there is nothing to compare with.
FIRST = f"SELECT {ISSUE} FROM taken JOIN pair_of USING (medicine, directions)"
LATER = f"""
SELECT {ISSUE} FROM (
    SELECT {ISSUE}, row_number() OVER (PARTITION BY {ISSUE}) AS nth
    FROM taken JOIN pair_of USING (medicine, directions)) t
WHERE NOT EXISTS (
    SELECT 1 FROM (
        SELECT {ISSUE}, row_number() OVER (PARTITION BY {ISSUE}) AS nth
        FROM kept_issues SEMI JOIN person_of USING (person)) k
    WHERE k.person = t.person AND k.day = t.day AND k.pair = t.pair AND k.nth = t.nth
        AND k.quantity_thousandths IS NOT DISTINCT FROM t.quantity_thousandths
        AND k.days_supply IS NOT DISTINCT FROM t.days_supply)
"""

# An extract that says nothing of a person's registration leaves what an earlier one said.
SAID = "(p.practice IS NOT NULL OR p.registered_from IS NOT NULL OR p.born IS NOT NULL)"
TABLES = {
    "medicines": "SELECT * FROM kept_medicines UNION SELECT medicine, product, code"
    " FROM medicine_of ORDER BY medicine",
    "pairs": "SELECT * FROM kept_pairs UNION SELECT pair, medicine, directions"
    " FROM pair_of ORDER BY pair",
    "people": f"""
        SELECT w.person, w.person_id, COALESCE(p.nhs_number, k.nhs_number) AS nhs_number,
            COALESCE(p.born, k.born) AS born,
            COALESCE(NULLIF(p.sex, 'not known'), k.sex, 'not known') AS sex,
            CASE WHEN {SAID} THEN p.practice ELSE k.practice END AS practice,
            COALESCE(p.died, k.died) AS died,
            CASE WHEN {SAID} THEN p.registered_from ELSE k.registered_from END AS registered_from,
            CASE WHEN {SAID} THEN p.registered_to ELSE k.registered_to END AS registered_to,
            COALESCE(p.stated_age, k.stated_age) AS stated_age
        FROM person_of w JOIN people p ON p.person = w.theirs
        LEFT JOIN kept_people k ON k.person = w.person
        UNION ALL SELECT * FROM kept_people ANTI JOIN person_of USING (person)
        ORDER BY person_id""",
    "diagnoses": "SELECT person, code, day FROM kept_diagnoses UNION"
    " SELECT w.person, d.code, d.day FROM diagnoses d JOIN person_of w ON w.theirs = d.person"
    " SEMI JOIN codes c ON c.code = d.code ORDER BY person, code, day",
    "practices": "SELECT * FROM kept_practices ANTI JOIN practices USING (practice)"
    " UNION SELECT practice, name FROM practices ORDER BY practice",
}


def listed_files(paths: list[Path]) -> str:
    """Parquet files as DuckDB reads them."""
    quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{quoted}])"


def take_in(
    source: duckdb.DuckDBPyConnection,
    kept: Mapping[str, list[Path]],
    new: Mapping[str, Path],
) -> tuple[int, int | None]:
    """Write the store's next files from an extract and the files it has; nothing is overwritten.

    Returns how many issues were new, and the day the extract ends (stray dates aside).
    """
    work = source.cursor()
    work.execute("SET enable_progress_bar = false")
    for name, columns in EMPTY.items():
        if kept.get(name):
            work.execute(
                f"CREATE OR REPLACE TEMP VIEW kept_{name} AS FROM {listed_files(kept[name])}"
            )
        else:
            work.execute(f"CREATE OR REPLACE TEMP TABLE kept_{name} ({columns})")
    rows = work.execute("SELECT medicine, product, code FROM medicines").fetchall()
    looked_for = [(number,) for number in read_medicines(rows).by_number]
    fill(work, "looked_for", {"medicine": "int32"}, looked_for)
    fill(work, "codes", INPUTS["codes"], listed_codes())
    work.execute(TRANSLATE)
    issues = LATER if kept.get("issues") else FIRST
    _write(work, f"{issues} ORDER BY person, day", new["issues"])
    for name, query in TABLES.items():
        _write(work, query, new[name], ROWS_TOGETHER)
    count = work.execute(f"SELECT COUNT(*) FROM {listed_files([new['issues']])}").fetchall()
    end = end_of(work)
    work.close()
    return int(count[0][0]), epoch_day(end.day) if end else None


def merge(paths: list[Path], into: Path) -> None:
    """Write several files of issues as one, sorted by person."""
    with duckdb.connect() as work:
        work.execute("SET enable_progress_bar = false")
        _write(work, f"SELECT * FROM {listed_files(paths)} ORDER BY person, day", into)


def _write(
    work: duckdb.DuckDBPyConnection, query: str, path: Path, together: int | None = None
) -> None:
    quoted = str(path).replace("'", "''")
    groups = f", ROW_GROUP_SIZE {together}" if together else ""
    work.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd{groups})")
