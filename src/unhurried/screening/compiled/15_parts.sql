-- parts: The products that count now: in the least and the most, or (`superseded`) only in the most.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t0"."kind" AS "kind",
  "t0"."pair" AS "pair",
  "t0"."medicine" AS "medicine",
  "t0"."day" AS "day",
  "t0"."stop" AS "stop",
  "t1"."dose" AS "dose",
  "t1"."ome_min" AS "ome_min",
  "t1"."ome_max" AS "ome_max",
  "t1"."paracetamol_mg" AS "paracetamol_mg",
  NOT (
    (
      "t0"."day" >= (
        "t0"."line_day" - $newest_round_days
      )
    )
    AND (
      (
        "t0"."stop" + $current_within_days
      ) >= $as_of
    )
  ) AS "superseded",
  "t0"."stop" > $as_of AS "in_hand"
FROM "latest" AS "t0"
INNER JOIN "pairs" AS "t1"
  ON "t0"."pair" = "t1"."pair"
WHERE
  (
    (
      "t0"."day" >= (
        "t0"."line_day" - $newest_round_days
      )
    )
    AND (
      (
        "t0"."stop" + $current_within_days
      ) >= $as_of
    )
  )
  OR (
    (
      "t0"."kind" = 1
    ) AND (
      "t0"."stop" > $as_of
    )
  )
