-- trends: The average dose prescribed in the last window and in the one before, and how they compare.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t9"."person" AS "person",
  CASE
    WHEN NOT (
      (
        "t9"."unknown" = 0
      )
      AND (
        (
          LEAST(
            -(
              "t9"."bare_1" + GREATEST(
                0,
                -(
                  GREATEST("t9"."ended", $as_of - $trend_window_days)
                ) + LEAST($as_of, $as_of)
              )
            ) + $trend_window_days,
            -(
              "t9"."bare_2" + GREATEST(
                0,
                -(
                  GREATEST("t9"."ended", $as_of - (
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
        "t9"."total_1" * (
          -(
            "t9"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        )
      ) * 100
    ) > (
      (
        "t9"."total_2" * (
          -(
            "t9"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - $trend_window_days)
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
        "t9"."total_1" * (
          -(
            "t9"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - (
                  $trend_window_days * 2
                ))
              ) + LEAST($as_of, $as_of - $trend_window_days)
            )
          ) + $trend_window_days
        )
      ) * 100
    ) < (
      (
        "t9"."total_2" * (
          -(
            "t9"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - $trend_window_days)
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
      "t9"."unknown" = 0
    )
    AND (
      (
        LEAST(
          -(
            "t9"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days,
          -(
            "t9"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - (
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
        "t9"."total_2"
      ) / (
        GREATEST(
          1,
          -(
            "t9"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - (
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
      "t9"."unknown" = 0
    )
    AND (
      (
        LEAST(
          -(
            "t9"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - $trend_window_days)
              ) + LEAST($as_of, $as_of)
            )
          ) + $trend_window_days,
          -(
            "t9"."bare_2" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - (
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
        "t9"."total_1"
      ) / (
        GREATEST(
          1,
          -(
            "t9"."bare_1" + GREATEST(
              0,
              -(
                GREATEST("t9"."ended", $as_of - $trend_window_days)
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
    "t7"."person" AS "person",
    SUM(
      CASE WHEN "t7"."dose" = 0 THEN "t7"."most" ELSE 0 END * GREATEST(
        0,
        -(
          GREATEST("t7"."day", $as_of - $trend_window_days)
        ) + LEAST("t7"."until", $as_of)
      )
    ) AS "total_1",
    SUM(
      CASE WHEN "t7"."dose" = 0 THEN "t7"."most" ELSE 0 END * GREATEST(
        0,
        -(
          GREATEST("t7"."day", $as_of - (
            $trend_window_days * 2
          ))
        ) + LEAST("t7"."until", $as_of - $trend_window_days)
      )
    ) AS "total_2",
    SUM(
      GREATEST(
        0,
        -(
          GREATEST("t7"."bare_since", $as_of - $trend_window_days)
        ) + LEAST("t7"."day", $as_of)
      )
    ) AS "bare_1",
    SUM(
      GREATEST(
        0,
        -(
          GREATEST("t7"."bare_since", $as_of - (
            $trend_window_days * 2
          ))
        ) + LEAST("t7"."day", $as_of - $trend_window_days)
      )
    ) AS "bare_2",
    MAX("t7"."until") AS "ended",
    SUM(
      CAST((
        "t7"."dose" <> 0
      )
      AND (
        (
          "t7"."until" > (
            $as_of - (
              $trend_window_days * 2
            )
          )
        )
        AND (
          "t7"."day" < $as_of
        )
      ) AS INT)
    ) AS "unknown"
  FROM (
    SELECT
      "t5"."person" AS "person",
      "t5"."day" AS "day",
      "t5"."dose" AS "dose",
      "t5"."most" AS "most",
      CASE
        WHEN "t5"."again" <= (
          "t5"."stop" + $newest_round_days
        )
        THEN "t5"."again"
        WHEN "t5"."newer" <= (
          "t5"."stop" + $current_within_days
        )
        THEN "t5"."newer"
        ELSE "t5"."stop"
      END AS "until",
      COALESCE(
        MAX(
          CASE
            WHEN "t5"."again" <= (
              "t5"."stop" + $newest_round_days
            )
            THEN "t5"."again"
            WHEN "t5"."newer" <= (
              "t5"."stop" + $current_within_days
            )
            THEN "t5"."newer"
            ELSE "t5"."stop"
          END
        ) OVER (
          PARTITION BY "t5"."person"
          ORDER BY "t5"."day" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
        ),
        $as_of - (
          $trend_window_days * 2
        )
      ) AS "bare_since"
    FROM (
      SELECT
        "t1"."person" AS "person",
        "t1"."day" AS "day",
        MAX("t1"."stop") AS "stop",
        MAX("t1"."dose") AS "dose",
        MAX("t1"."most") AS "most",
        MIN("t0"."day") FILTER(WHERE
          "t0"."medicine" = "t1"."medicine") AS "again",
        COALESCE(
          MIN("t0"."day") FILTER(WHERE
            "t0"."day" > (
              "t1"."day" + $newest_round_days
            )),
          $as_of
        ) AS "newer"
      FROM "regimens" AS "t1"
      LEFT OUTER JOIN "regimens" AS "t0"
        ON (
          "t1"."person" = "t0"."person"
        )
        AND (
          "t1"."line" = "t0"."line"
        )
        AND (
          "t0"."day" > "t1"."day"
        )
      GROUP BY
        "t1"."person",
        "t1"."pair",
        "t1"."day"
    ) AS "t5"
  ) AS "t7"
  GROUP BY
    "t7"."person"
) AS "t9"
