-- trends: The average dose prescribed in the last window and in the one before, and how they compare.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t17"."person" AS "person",
  CASE
    WHEN NOT (
      (
        "t17"."unknown" = 0
      )
      AND (
        (
          LEAST(
            -(
              "t17"."bare_1" + GREATEST(
                0,
                -(
                  GREATEST("t17"."ended", $as_of - $trend_window_days)
                ) + LEAST($as_of, $as_of)
              )
            ) + $trend_window_days,
            -(
              "t17"."bare_2" + GREATEST(
                0,
                -(
                  GREATEST("t17"."ended", $as_of - (
                    $trend_window_days * 2
                  ))
                ) + LEAST($as_of, $as_of - $trend_window_days)
              )
            ) + $trend_window_days
          ) * 100
        ) >= (
          $trend_window_days * $trend_covered_percent
        )
      )
    )
    THEN 0
    WHEN (
      (
        "t17"."total_1" * (
          -(
            "t17"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        )
      ) * 100
    ) > (
      (
        "t17"."total_2" * (
          -(
            "t17"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days
        )
      ) * (
        $trend_change_percent + 100
      )
    )
    THEN 2
    WHEN (
      (
        "t17"."total_1" * (
          -(
            "t17"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        )
      ) * 100
    ) < (
      (
        "t17"."total_2" * (
          -(
            "t17"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days
        )
      ) * (
        100 - $trend_change_percent
      )
    )
    THEN 3
    ELSE 1
  END AS "trend",
  CASE
    WHEN (
      "t17"."unknown" = 0
    )
    AND (
      (
        LEAST(
          -(
            "t17"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days,
          -(
            "t17"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        ) * 100
      ) >= (
        $trend_window_days * $trend_covered_percent
      )
    )
    THEN CAST(FLOOR(
      (
        "t17"."total_2"
      ) / (
        GREATEST(
          1,
          -(
            "t17"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        )
      )
    ) AS BIGINT)
    ELSE CAST(NULL AS BIGINT)
  END AS "dose_before",
  CASE
    WHEN (
      "t17"."unknown" = 0
    )
    AND (
      (
        LEAST(
          -(
            "t17"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days,
          -(
            "t17"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        ) * 100
      ) >= (
        $trend_window_days * $trend_covered_percent
      )
    )
    THEN CAST(FLOOR(
      (
        "t17"."total_1"
      ) / (
        GREATEST(
          1,
          -(
            "t17"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t17"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days
        )
      )
    ) AS BIGINT)
    ELSE CAST(NULL AS BIGINT)
  END AS "dose_after"
FROM (
  SELECT
    "t15"."person" AS "person",
    SUM(
      CASE WHEN "t15"."dose" = 0 THEN "t15"."most" ELSE 0 END * GREATEST(
        0,
        -(
          GREATEST("t15"."day", $as_of - $trend_window_days)
        ) + LEAST("t15"."until", $as_of)
      )
    ) AS "total_1",
    SUM(
      CASE WHEN "t15"."dose" = 0 THEN "t15"."most" ELSE 0 END * GREATEST(
        0,
        -(
          GREATEST("t15"."day", $as_of - (
            $trend_window_days * 2
          ))
        ) + LEAST("t15"."until", $as_of - $trend_window_days)
      )
    ) AS "total_2",
    SUM(
      GREATEST(
        0,
        -(
          GREATEST("t15"."bare_since", $as_of - $trend_window_days)
        ) + LEAST("t15"."day", $as_of)
      )
    ) AS "bare_1",
    SUM(
      GREATEST(
        0,
        -(
          GREATEST("t15"."bare_since", $as_of - (
            $trend_window_days * 2
          ))
        ) + LEAST("t15"."day", $as_of - $trend_window_days)
      )
    ) AS "bare_2",
    MAX("t15"."until") AS "ended",
    SUM(
      CAST((
        "t15"."dose" <> 0
      )
      AND (
        (
          "t15"."until" > (
            $as_of - (
              $trend_window_days * 2
            )
          )
        )
        AND (
          "t15"."day" < $as_of
        )
      ) AS INT)
    ) AS "unknown"
  FROM (
    SELECT
      "t13"."person" AS "person",
      "t13"."day" AS "day",
      "t13"."dose" AS "dose",
      "t13"."most" AS "most",
      CASE
        WHEN "t13"."again" <= (
          "t13"."stop" + $newest_round_days
        )
        THEN "t13"."again"
        WHEN COALESCE("t13"."newer", $as_of) <= (
          "t13"."stop" + $current_within_days
        )
        THEN COALESCE("t13"."newer", $as_of)
        ELSE "t13"."stop"
      END AS "until",
      COALESCE(
        MAX(
          CASE
            WHEN "t13"."again" <= (
              "t13"."stop" + $newest_round_days
            )
            THEN "t13"."again"
            WHEN COALESCE("t13"."newer", $as_of) <= (
              "t13"."stop" + $current_within_days
            )
            THEN COALESCE("t13"."newer", $as_of)
            ELSE "t13"."stop"
          END
        ) OVER (
          PARTITION BY "t13"."person"
          ORDER BY "t13"."day" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
        ),
        $as_of - (
          $trend_window_days * 2
        )
      ) AS "bare_since"
    FROM (
      SELECT
        "t11"."person" AS "person",
        "t11"."day" AS "day",
        "t11"."stop" AS "stop",
        "t0"."dose" AS "dose",
        COALESCE("t0"."ome_max", 0) AS "most",
        MIN("t11"."day") OVER (
          PARTITION BY "t11"."person", "t0"."medicine"
          ORDER BY "t11"."day" ASC
          RANGE BETWEEN 1 following AND UNBOUNDED FOLLOWING
        ) AS "again",
        MIN("t11"."day") OVER (
          PARTITION BY "t11"."person", "t0"."line"
          ORDER BY "t11"."day" ASC
          RANGE BETWEEN $newest_round_days + 1 following AND UNBOUNDED FOLLOWING
        ) AS "newer"
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
    ) AS "t13"
  ) AS "t15"
  GROUP BY
    "t15"."person"
) AS "t17"
