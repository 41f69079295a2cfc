-- regimens: What was prescribed from which day, near enough to the trend's windows to bear on them.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t11"."person" AS "person",
  "t11"."pair" AS "pair",
  "t11"."day" AS "day",
  "t11"."stop" AS "stop",
  "t0"."medicine" AS "medicine",
  "t0"."line" AS "line",
  "t0"."dose" AS "dose",
  COALESCE("t0"."ome_max", 0) AS "most"
FROM (
  SELECT
    "t1"."person" AS "person",
    "t1"."pair" AS "pair",
    "t1"."day" AS "day",
    MAX("t1"."stop") AS "stop"
  FROM "supply" AS "t1"
  SEMI JOIN "shown" AS "t2"
    ON (
      "t1"."person" = "t2"."person"
    )
    AND (
      "t2"."days" >= $trend_shortest_episode_days
    )
  WHERE
    (
      "t1"."kind" = 1
    )
    AND (
      (
        "t1"."stop" + $current_within_days
      ) > (
        $as_of - (
          $trend_window_days * 2
        )
      )
    )
  GROUP BY
    "t1"."person",
    "t1"."pair",
    "t1"."day"
) AS "t11"
INNER JOIN "pairs" AS "t0"
  ON "t11"."pair" = "t0"."pair"
