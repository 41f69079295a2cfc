-- candidates: One ranked row for each candidate.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  (
    ROW_NUMBER() OVER (
      ORDER BY "t15"."position" ASC, COALESCE("t0"."ome_max", "t0"."ome_min", -1) DESC, "t0"."days" DESC, "t2"."person_id" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1
  ) + 1 AS "rank",
  "t11"."tier" AS "tier",
  "t0"."person" AS "person",
  "t2"."person_id" AS "person_id",
  "t0"."born" AS "born",
  "t0"."stated_age" AS "stated_age",
  "t2"."sex" AS "sex",
  "t2"."practice" AS "practice",
  "t0"."start" AS "start",
  "t0"."end" AS "end",
  "t0"."days" AS "days",
  "t0"."issues" AS "issues",
  "t0"."ome_min" AS "ome_min",
  "t0"."ome_max" AS "ome_max",
  "t0"."dose" AS "dose",
  "t0"."ome_as_at" AS "ome_as_at",
  "t0"."trend" AS "trend",
  "t0"."dose_before" AS "dose_before",
  "t0"."dose_after" AS "dose_after",
  "t0"."early" AS "early",
  "t0"."paracetamol_mg" AS "paracetamol_mg"
FROM "facts" AS "t0"
INNER JOIN (
  SELECT
    "t4"."person" AS "person",
    MIN("t1"."position") AS "position"
  FROM "reasons_in" AS "t4"
  INNER JOIN "rules" AS "t1"
    ON (
      "t4"."code" = "t1"."code"
    ) AND (
      NOT (
        "t1"."position" IS NULL
      )
    )
  GROUP BY
    "t4"."person"
) AS "t15"
  ON "t0"."person" = "t15"."person"
INNER JOIN (
  SELECT DISTINCT
    "t1"."position" AS "position",
    "t1"."tier" AS "tier"
  FROM "rules" AS "t1"
  WHERE
    NOT (
      "t1"."position" IS NULL
    )
) AS "t11"
  ON "t15"."position" = "t11"."position"
INNER JOIN "listed_people" AS "t2"
  ON "t0"."person" = "t2"."person"
WHERE
  "t0"."candidate"
