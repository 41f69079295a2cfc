-- alongside: Sedating medicines supplied now: for each sort the latest issue (day and ingredient).
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  MAX((
    CAST("t0"."day" AS BIGINT) * 10000
  ) + "t2"."ingredient") FILTER(WHERE
    "t0"."kind" = 3) AS "benzodiazepine",
  MAX((
    CAST("t0"."day" AS BIGINT) * 10000
  ) + "t2"."ingredient") FILTER(WHERE
    "t0"."kind" = 4) AS "z_drug",
  MAX((
    CAST("t0"."day" AS BIGINT) * 10000
  ) + "t2"."ingredient") FILTER(WHERE
    "t0"."kind" = 5) AS "gabapentinoid"
FROM "supply" AS "t0"
SEMI JOIN "shown" AS "t3"
  ON "t0"."person" = "t3"."person"
INNER JOIN "pairs" AS "t2"
  ON "t0"."pair" = "t2"."pair"
WHERE
  (
    "t0"."kind" >= 3
  )
  AND (
    "t0"."kind" <= 5
  )
  AND (
    (
      "t0"."stop" + $current_within_days
    ) >= $as_of
  )
GROUP BY
  "t0"."person"
