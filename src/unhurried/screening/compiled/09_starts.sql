-- starts: The issues that begin an episode, with how many came before and when those ran out.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t7"."person" AS "person",
  "t7"."day" AS "day",
  "t7"."earlier" AS "earlier",
  "t7"."earlier_stop" AS "earlier_stop"
FROM (
  SELECT
    "t0"."person" AS "person",
    "t0"."day" AS "day",
    MAX("t0"."stop") OVER (
      PARTITION BY "t0"."person"
      ORDER BY "t0"."day" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
    ) AS "earlier_stop",
    ROW_NUMBER() OVER (
      PARTITION BY "t0"."person"
      ORDER BY "t0"."day" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "earlier"
  FROM "supply" AS "t0"
  SEMI JOIN "eligible" AS "t1"
    ON (
      "t0"."person" = "t1"."person"
    ) AND "t1"."open"
  WHERE
    "t0"."kind" = 1
) AS "t7"
WHERE
  (
    "t7"."earlier_stop" IS NULL
  )
  OR (
    "t7"."day" > (
      "t7"."earlier_stop" + $gap_days
    )
  )
