-- conditions: What the coded problems of each person say up to the as-of date.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "step"."person" AS "person",
  "step"."palliative_day" AS "palliative_day",
  "step"."palliative_ended" AS "palliative_ended",
  CAST("step"."palliative_undated" AS BIGINT) AS "palliative_undated",
  "step"."cancer_day" AS "cancer_day",
  CAST("step"."cancer_undated" AS BIGINT) AS "cancer_undated"
FROM (
  SELECT
    "t2"."person" AS "person",
    MAX("t2"."day") FILTER(WHERE
      (
        "t3"."listed" = 1
      ) AND (
        "t2"."day" >= $end_of_life_since
      )) AS "palliative_day",
    MAX("t2"."day") FILTER(WHERE
      "t3"."listed" = 2) AS "palliative_ended",
    SUM(CAST((
      "t3"."listed" = 1
    ) AND (
      "t2"."day" IS NULL
    ) AS INT)) AS "palliative_undated",
    MAX("t2"."day") FILTER(WHERE
      "t3"."listed" = 3) AS "cancer_day",
    SUM(CAST((
      "t3"."listed" = 3
    ) AND (
      "t2"."day" IS NULL
    ) AS INT)) AS "cancer_undated"
  FROM "diagnoses" AS "t2"
  INNER JOIN "codes" AS "t3"
    ON "t2"."code" = "t3"."code"
  WHERE
    (
      "t2"."day" IS NULL
    ) OR (
      "t2"."day" <= $as_of
    )
  GROUP BY
    "t2"."person"
) AS "step"
