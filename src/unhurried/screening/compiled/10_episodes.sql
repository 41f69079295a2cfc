-- episodes: Every episode of everyone open: it ends where the next one's past ran out.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t5"."person" AS "person",
  "t5"."number" AS "number",
  "t5"."day" AS "start",
  COALESCE("t5"."next_stop", "t1"."last_stop") AS "end",
  COALESCE("t5"."next_earlier", "t1"."issues") - "t5"."earlier" AS "issues",
  "t5"."next_earlier" IS NULL AS "current"
FROM (
  SELECT
    "t0"."person" AS "person",
    "t0"."day" AS "day",
    "t0"."earlier" AS "earlier",
    (
      ROW_NUMBER() OVER (
        PARTITION BY "t0"."person"
        ORDER BY "t0"."day" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) - 1
    ) + 1 AS "number",
    LEAD("t0"."earlier") OVER (
      PARTITION BY "t0"."person"
      ORDER BY "t0"."day" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "next_earlier",
    LEAD("t0"."earlier_stop") OVER (
      PARTITION BY "t0"."person"
      ORDER BY "t0"."day" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "next_stop"
  FROM "starts" AS "t0"
) AS "t5"
INNER JOIN "considered" AS "t1"
  ON "t5"."person" = "t1"."person"
