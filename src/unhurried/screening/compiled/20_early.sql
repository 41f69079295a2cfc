-- early: Days on which an ingredient (in one release) was issued well before it had run out.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t10"."person" AS "person",
  COUNT(*) AS "early",
  MAX("t10"."day") AS "last_early_day"
FROM (
  SELECT
    "t9"."person" AS "person",
    "t9"."day" AS "day",
    MAX("t9"."stop") OVER (
      PARTITION BY "t9"."person", "t9"."request_line"
      ORDER BY "t9"."day" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
    ) AS "earlier_stop"
  FROM (
    SELECT
      "t0"."person" AS "person",
      "t2"."request_line" AS "request_line",
      "t0"."day" AS "day",
      MAX("t0"."stop") AS "stop"
    FROM "supply" AS "t0"
    SEMI JOIN "shown" AS "t3"
      ON "t0"."person" = "t3"."person"
    INNER JOIN "pairs" AS "t2"
      ON "t0"."pair" = "t2"."pair"
    WHERE
      (
        "t0"."kind" = 1
      ) AND (
        "t0"."day" >= $early_look_back_from
      )
    GROUP BY
      "t0"."person",
      "t2"."request_line",
      "t0"."day"
  ) AS "t9"
) AS "t10"
WHERE
  (
    "t10"."day" >= $early_from
  )
  AND (
    "t10"."day" < (
      "t10"."earlier_stop" - $early_more_than_days
    )
  )
GROUP BY
  "t10"."person"
