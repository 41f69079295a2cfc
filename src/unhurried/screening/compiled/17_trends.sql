-- trends: Oral morphine equivalent times days, in each of the four windows before the as-of date.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t10"."person" AS "person",
  CASE
    WHEN (
      "t10"."unknown" > 0
    ) OR (
      "t10"."days" < $trend_shortest_episode_days
    )
    THEN 0
    WHEN (
      "t10"."window_1" * 100
    ) > (
      "t10"."window_2" * (
        $trend_change_percent + 100
      )
    )
    THEN 2
    WHEN (
      "t10"."window_1" * 100
    ) < (
      "t10"."window_2" * (
        100 - $trend_change_percent
      )
    )
    THEN 3
    ELSE 1
  END AS "trend",
  CAST("t10"."window_4" AS BIGINT) AS "window_4",
  CAST("t10"."window_3" AS BIGINT) AS "window_3",
  CAST("t10"."window_2" AS BIGINT) AS "window_2",
  CAST("t10"."window_1" AS BIGINT) AS "window_1"
FROM (
  SELECT
    "t0"."person" AS "person",
    "t1"."days" AS "days",
    SUM(
      CASE WHEN "t2"."dose" = 0 THEN COALESCE("t2"."ome_max", 0) ELSE 0 END * GREATEST(
        0,
        LEAST("t0"."stop", $as_of - (
          $trend_window_days * 3
        )) - GREATEST("t0"."day", $as_of - (
          $trend_window_days * 4
        ))
      )
    ) AS "window_4",
    SUM(
      CASE WHEN "t2"."dose" = 0 THEN COALESCE("t2"."ome_max", 0) ELSE 0 END * GREATEST(
        0,
        LEAST("t0"."stop", $as_of - (
          $trend_window_days * 2
        )) - GREATEST("t0"."day", $as_of - (
          $trend_window_days * 3
        ))
      )
    ) AS "window_3",
    SUM(
      CASE WHEN "t2"."dose" = 0 THEN COALESCE("t2"."ome_max", 0) ELSE 0 END * GREATEST(
        0,
        LEAST("t0"."stop", $as_of - (
          $trend_window_days * 1
        )) - GREATEST("t0"."day", $as_of - (
          $trend_window_days * 2
        ))
      )
    ) AS "window_2",
    SUM(
      CASE WHEN "t2"."dose" = 0 THEN COALESCE("t2"."ome_max", 0) ELSE 0 END * GREATEST(
        0,
        LEAST("t0"."stop", $as_of) - GREATEST("t0"."day", $as_of - (
          $trend_window_days * 1
        ))
      )
    ) AS "window_1",
    SUM(
      CAST((
        "t2"."dose" <> 0
      )
      AND (
        "t0"."stop" > (
          $as_of - (
            $trend_window_days * 2
          )
        )
      ) AS INT)
    ) AS "unknown"
  FROM "supply" AS "t0"
  INNER JOIN "shown" AS "t1"
    ON "t0"."person" = "t1"."person"
  INNER JOIN "pairs" AS "t2"
    ON "t0"."pair" = "t2"."pair"
  WHERE
    (
      "t0"."kind" = 1
    )
    AND (
      "t0"."stop" > (
        $as_of - (
          $trend_window_days * 4
        )
      )
    )
    AND (
      "t0"."day" < $as_of
    )
  GROUP BY
    "t0"."person",
    "t1"."days"
) AS "t10"
