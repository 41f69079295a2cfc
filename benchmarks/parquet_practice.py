"""Make canonical Parquet of a synthetic region fast, in DuckDB SQL: for benchmarks, not for demos.

Five years, about 101 issues a person, about 7 % of them for medicines the screening looks for and
4 % opioids, in the order of practice and date, several thousand distinct directions.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import duckdb

LAST_DAY = 20_760  # 3 November 2026
PRACTICE_SIZE = 8_000

OPIOIDS = (
    "Morphine 10mg modified-release tablets", "Morphine 30mg modified-release tablets",
    "Morphine 60mg modified-release capsules", "Zomorph 10mg modified-release capsules",
    "Zomorph 30mg modified-release capsules", "MST Continus 15mg tablets",
    "MST Continus 30mg tablets", "Morphine sulfate 10mg/5ml oral solution",
    "Oramorph 10mg/5ml oral solution", "Sevredol 10mg tablets", "Sevredol 20mg tablets",
    "Oxycodone 5mg capsules", "Oxycodone 10mg modified-release tablets",
    "Oxycodone 20mg modified-release tablets", "Longtec 10mg modified-release tablets",
    "Tramadol 50mg capsules", "Tramadol 100mg modified-release tablets",
    "Tramadol 37.5mg / Paracetamol 325mg tablets", "Codeine 15mg tablets", "Codeine 30mg tablets",
    "Codeine 60mg tablets", "Co-codamol 8mg/500mg tablets", "Co-codamol 15mg/500mg tablets",
    "Co-codamol 30mg/500mg tablets", "Co-codamol 30mg/500mg capsules",
    "Co-dydramol 10mg/500mg tablets", "Dihydrocodeine 30mg tablets",
    "Dihydrocodeine 60mg modified-release tablets", "Tapentadol 50mg modified-release tablets",
    "Methadone 5mg tablets",
)  # fmt: skip
PATCHES = (
    "Fentanyl 12micrograms/hour transdermal patches",
    "Fentanyl 25micrograms/hour transdermal patches",
    "Fentanyl 50micrograms/hour transdermal patches",
    "Butec 5micrograms/hour transdermal patches", "Butec 10micrograms/hour transdermal patches",
    "Buprenorphine 20micrograms/hour seven day transdermal patches",
)  # fmt: skip
BESIDE = (
    "Diazepam 2mg tablets", "Diazepam 5mg tablets", "Lorazepam 1mg tablets",
    "Temazepam 10mg tablets", "Clonazepam 500microgram tablets", "Zopiclone 3.75mg tablets",
    "Zopiclone 7.5mg tablets", "Zolpidem 10mg tablets", "Gabapentin 100mg capsules",
    "Gabapentin 300mg capsules", "Gabapentin 600mg tablets", "Pregabalin 25mg capsules",
    "Pregabalin 75mg capsules", "Pregabalin 150mg capsules", "Paracetamol 500mg tablets",
    "Paracetamol 500mg capsules",
)  # fmt: skip
FILLERS = 1_948  # other medicines, so that 2,000 are told apart


def directions() -> list[str]:
    """About four thousand directions for tablets, as many hands would type them."""
    starts = ("", "Take ", "TAKE ", "take ", "To be taken: ", "Swallow ")
    amounts = ("1", "2", "one", "ONE", "two", "1-2", "one or two", "1 tablet", "2 tablets",
               "one tablet", "Two tablets")  # fmt: skip
    times = ("once a day", "twice a day", "three times a day", "four times a day", "bd", "tds",
             "qds", "at night", "every 4 hours", "every 12 hours", "in the morning")  # fmt: skip
    endings = (
        "",
        " as required",
        " for pain",
        " with food",
        " when needed",
        " prn max 8 in 24 hours",
    )
    made = [
        f"{start}{amount} {time}{ending}"
        for start, amount, time, ending in itertools.product(starts, amounts, times, endings)
    ]
    return [*made[:4_000], "As directed", "as directed by the hospital", "MDU", "", "see letter"]


PATCH_DIRECTIONS = (
    "Apply one patch every 72 hours", "Apply one patch every 7 days", "one every 3 days",
    "Change every seven days", "Apply ONE every 72 hours", "apply as directed",
)  # fmt: skip


def make(folder: Path, people: int) -> None:
    """Write issues, medicines, people, diagnoses and practices as Parquet into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "10GB"}) as work:
        work.execute("SET enable_progress_bar = false")
        work.execute("SET temp_directory = ?", [str(folder / "spill")])
        _words(work)
        work.execute(PEOPLE.format(people=people, size=PRACTICE_SIZE, last=LAST_DAY))
        for name in ("medicines", "people", "diagnoses", "practices"):
            _write(work, f"FROM {name}", folder / f"{name}.parquet")
        issues = ISSUES.format(last=LAST_DAY, size=PRACTICE_SIZE, tablets=len(directions()))
        _write(work, issues, folder / "issues.parquet")


def _words(work: duckdb.DuckDBPyConnection) -> None:
    fillers = (f"{chr(65 + n % 26)}edicine {n} tablets" for n in range(FILLERS))
    names = [*OPIOIDS, *PATCHES, *BESIDE, *fillers]
    # As in records that were read, a medicine's number follows the order of the names, so those
    # looked for are spread over all numbers.
    work.execute(
        "CREATE TABLE named AS SELECT drawn, product,"
        " (row_number() OVER (ORDER BY product) - 1)::INTEGER AS medicine FROM (SELECT"
        " (generate_subscripts($n, 1) - 1)::INTEGER AS drawn, unnest($n) AS product)",
        {"n": names},
    )
    work.execute("CREATE TABLE medicines AS SELECT medicine, product, '' AS code FROM named")
    work.execute(
        "CREATE TABLE texts AS SELECT (generate_subscripts($t, 1) - 1)::INTEGER AS number,"
        " unnest($t) AS text",
        {"t": [*directions(), *PATCH_DIRECTIONS]},
    )


def _write(work: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    work.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


PEOPLE = """
CREATE TABLE people AS
SELECT i::BIGINT AS person, format('P{{:08d}}', i) AS person_id, NULL::VARCHAR AS nhs_number,
    ({last} - 365 * 5 - (hash(i, 1) % 30000)::INTEGER)::INTEGER AS born,
    ['female', 'male', 'female', 'male', 'not known'][1 + (hash(i, 2) % 5)::INTEGER] AS sex,
    format('A{{:05d}}', i // {size}) AS practice,
    CASE WHEN hash(i, 3) % 100 = 0 THEN ({last} - (hash(i, 4) % 1800)::INTEGER)::INTEGER
        END AS died,
    ({last} - 3000)::INTEGER AS registered_from,
    CASE WHEN hash(i, 5) % 50 = 0 THEN ({last} - (hash(i, 6) % 900)::INTEGER)::INTEGER
        END AS registered_to,
    NULL::INTEGER AS stated_age
FROM range({people}) t(i);
CREATE TABLE practices AS SELECT DISTINCT practice, 'Practice ' || practice AS name FROM people;
CREATE TABLE diagnoses AS
SELECT person, CASE WHEN hash(person, k, 7) % 60 = 0 THEN '103735009'
    WHEN hash(person, k, 7) % 25 = 1 THEN '100721000119109'
    ELSE (100000000 + hash(person, k, 8) % 5000)::VARCHAR END AS code, '' AS term,
    ({last} - (hash(person, k, 9) % 3000)::INTEGER)::INTEGER AS day
FROM people, range(4) r(k) WHERE hash(person, k, 10) % 2 = 0;
"""

# Users: 6 % take an opioid for years (a fifth of them two), 25 % take one now and then.
ISSUES = """
WITH steady AS (
    SELECT person, r AS regimen, (hash(person, 20 + r) % 36)::INTEGER AS medicine,
        (4 + hash(person, 30 + r) % 58)::INTEGER AS months, (hash(person, 40) % 10) = 0 AS stopped
    FROM people, range(2) t(r)
    WHERE hash(person, 11) % 1000 < 60 AND (r = 0 OR hash(person, 12) % 5 = 0)),
rows AS (
    SELECT person, ({last} - 28 * k - (hash(person, k, regimen, 13) % 12)::INTEGER
            - CASE WHEN stopped THEN 200 ELSE 0 END)::INTEGER AS day, medicine,
        hash(person, regimen, k // 9, 14) AS chosen, hash(person, k, regimen, 15) AS other
    FROM steady, range(60) t(k) WHERE k < months
    UNION ALL
    SELECT person, ({last} - (hash(person, k, 16) % 1825)::INTEGER)::INTEGER,
        (hash(person, k, 17) % 36)::INTEGER, hash(person, k, 18), hash(person, k, 19)
    FROM people, range(6) t(k) WHERE hash(person, 21) % 4 = 0 AND hash(person, k, 22) % 5 < 4
    UNION ALL
    SELECT person, ({last} - 30 * k - (hash(person, k, 23) % 9)::INTEGER)::INTEGER,
        (36 + hash(person, 24) % 16)::INTEGER, hash(person, 25), hash(person, k, 26)
    FROM people, range(60) t(k) WHERE hash(person, 27) % 100 < 10 AND k < 5 + hash(person, 28) % 50
    UNION ALL
    SELECT person, ({last} - (hash(person, k, 29) % 1825)::INTEGER)::INTEGER,
        (52 + hash(person, k // 12, 30) % 1948)::INTEGER, hash(person, k // 12, 31),
        hash(person, k, 32)
    FROM people, range(94) t(k)),
numbered AS (
    SELECT person, day, medicine AS drawn, other, CASE WHEN medicine BETWEEN 30 AND 35
        THEN {tablets} + (chosen % 6)::INTEGER
        ELSE ((medicine * 97 + (chosen % 1000) * (chosen % 1000) * 120 // 1000000) % {tablets}
            )::INTEGER END AS number
    FROM rows)
SELECT person, row_number() OVER () AS issue, day, medicine, directions,
    CASE WHEN other % 40 = 0 THEN NULL
        ELSE [28000, 56000, 84000, 100000, 112000, 168000, 10000, 27500][1 + (other % 8)::INTEGER]
        END::BIGINT AS quantity_thousandths,
    CASE WHEN other % 10 < 3 THEN [28, 30, 56][1 + (other % 3)::INTEGER] END::INTEGER AS days_supply
FROM (SELECT n.*, t.text AS directions, m.medicine
      FROM numbered n JOIN texts t USING (number) JOIN named m USING (drawn)
      ORDER BY n.person // {size}, n.day)
"""
