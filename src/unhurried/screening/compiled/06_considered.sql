-- considered: Everyone with an opioid or substitution issue, and the outline of their opioid issues.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "step"."person" AS "person",
  CAST("step"."issues" AS BIGINT) AS "issues",
  "step"."last_stop" AS "last_stop",
  "step"."substitution_day" AS "substitution_day"
FROM (
  SELECT
    "t0"."person" AS "person",
    SUM(CAST("t0"."kind" = 1 AS INT)) AS "issues",
    MAX("t0"."stop") FILTER(WHERE
      "t0"."kind" = 1) AS "last_stop",
    MAX("t0"."day") FILTER(WHERE
      "t0"."kind" = 2) AS "substitution_day"
  FROM "supply" AS "t0"
  WHERE
    "t0"."kind" <= 2
  GROUP BY
    "t0"."person"
) AS "step"
