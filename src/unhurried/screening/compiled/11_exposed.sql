-- exposed: The current episode of everyone open, measured against the criteria.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t0"."start" AS "start",
  "t0"."end" AS "end",
  "t0"."issues" AS "issues",
  LEAST("t0"."end", $as_of) - "t0"."start" AS "days",
  (
    LEAST("t0"."end", $as_of) - "t0"."start"
  ) > $longer_than_days AS "long_enough",
  "t0"."issues" >= $issues_at_least AS "issues_enough",
  (
    (
      (
        LEAST("t0"."end", $as_of) - "t0"."start"
      ) >= $approaching_from_days
    )
    AND (
      (
        LEAST("t0"."end", $as_of) - "t0"."start"
      ) <= $longer_than_days
    )
  )
  OR (
    (
      "t0"."issues" >= $approaching_issues_at_least
    )
    AND (
      (
        LEAST("t0"."end", $as_of) - "t0"."start"
      ) > $approaching_from_days
    )
  ) AS "nearing",
  (
    (
      LEAST("t0"."end", $as_of) - "t0"."start"
    ) > $longer_than_days
  )
  AND (
    "t0"."issues" >= $issues_at_least
  ) AS "candidate",
  (
    (
      (
        (
          LEAST("t0"."end", $as_of) - "t0"."start"
        ) >= $approaching_from_days
      )
      AND (
        (
          LEAST("t0"."end", $as_of) - "t0"."start"
        ) <= $longer_than_days
      )
    )
    OR (
      (
        "t0"."issues" >= $approaching_issues_at_least
      )
      AND (
        (
          LEAST("t0"."end", $as_of) - "t0"."start"
        ) > $approaching_from_days
      )
    )
  )
  AND (
    NOT (
      (
        (
          LEAST("t0"."end", $as_of) - "t0"."start"
        ) > $longer_than_days
      )
      AND (
        "t0"."issues" >= $issues_at_least
      )
    )
  ) AS "approaching"
FROM "episodes" AS "t0"
WHERE
  "t0"."current"
