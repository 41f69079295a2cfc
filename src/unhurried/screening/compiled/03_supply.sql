-- supply: Each issue up to the as-of date with its run-out day (`stop`, the first day without).
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t0"."day" AS "day",
  "t1"."kind" AS "kind",
  "t0"."pair" AS "pair",
  CAST("t0"."day" + GREATEST(
    1,
    LEAST(
      CASE
        WHEN "t1"."as_required"
        THEN GREATEST(
          COALESCE(
            CASE
              WHEN "t0"."days_supply" > 0
              THEN CAST("t0"."days_supply" AS BIGINT)
              ELSE CAST(NULL AS BIGINT)
            END,
            CASE
              WHEN (
                "t0"."quantity_thousandths" > 0
              )
              AND (
                "t1"."units_per_day_thousandths" > 0
              )
              THEN CAST(FLOOR(
                (
                  (
                    "t0"."quantity_thousandths" * 2
                  ) + "t1"."units_per_day_thousandths"
                ) / (
                  "t1"."units_per_day_thousandths" * 2
                )
              ) AS BIGINT)
              ELSE CAST(NULL AS BIGINT)
            END,
            $assumed_supply_days
          ),
          $assumed_supply_days
        )
        ELSE COALESCE(
          CASE
            WHEN "t0"."days_supply" > 0
            THEN CAST("t0"."days_supply" AS BIGINT)
            ELSE CAST(NULL AS BIGINT)
          END,
          CASE
            WHEN (
              "t0"."quantity_thousandths" > 0
            )
            AND (
              "t1"."units_per_day_thousandths" > 0
            )
            THEN CAST(FLOOR(
              (
                (
                  "t0"."quantity_thousandths" * 2
                ) + "t1"."units_per_day_thousandths"
              ) / (
                "t1"."units_per_day_thousandths" * 2
              )
            ) AS BIGINT)
            ELSE CAST(NULL AS BIGINT)
          END,
          $assumed_supply_days
        )
      END,
      $longest_supply_days
    )
  ) AS INT) AS "stop"
FROM "relevant" AS "t0"
INNER JOIN "pairs" AS "t1"
  ON "t0"."pair" = "t1"."pair"
WHERE
  (
    (
      "t1"."kind" <= 2
    ) OR (
      "t0"."day" >= $recent_from
    )
  )
  AND (
    "t0"."day" <= $as_of
  )
