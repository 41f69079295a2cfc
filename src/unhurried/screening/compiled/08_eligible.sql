-- eligible: Everyone considered, with each condition answered; `open` when none leaves them out.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t3"."person" AS "person",
  "t3"."issues" AS "issues",
  "t3"."last_stop" AS "last_stop",
  "t3"."substitution_day" AS "substitution_day",
  "t2"."born" AS "born",
  "t2"."stated_age" AS "stated_age",
  "t2"."died" AS "died",
  "t2"."registered_from" AS "registered_from",
  "t2"."registered_to" AS "registered_to",
  "t4"."palliative_day" AS "palliative_day",
  "t4"."palliative_ended" AS "palliative_ended",
  "t4"."palliative_undated" AS "palliative_undated",
  "t4"."cancer_day" AS "cancer_day",
  "t4"."cancer_undated" AS "cancer_undated",
  CASE
    WHEN "t2"."born" IS NULL
    THEN (
      "t2"."stated_age" IS NULL
    ) OR (
      "t2"."stated_age" >= $adult_age
    )
    ELSE "t2"."born" <= $adult_born_by
  END AS "adult",
  (
    "t2"."died" IS NULL
  ) OR (
    "t2"."died" > $as_of
  ) AS "alive",
  (
    (
      "t2"."registered_from" IS NULL
    ) OR (
      "t2"."registered_from" <= $as_of
    )
  )
  AND (
    (
      "t2"."registered_to" IS NULL
    ) OR (
      "t2"."registered_to" > $as_of
    )
  ) AS "registered",
  (
    NOT (
      "t4"."palliative_day" IS NULL
    )
  )
  AND (
    NOT (
      (
        NOT (
          "t4"."palliative_ended" IS NULL
        )
      )
      AND (
        "t4"."palliative_ended" > "t4"."palliative_day"
      )
    )
  ) AS "end_of_life",
  "t3"."issues" > 0 AS "on_opioid",
  (
    "t3"."issues" > 0
  )
  AND (
    (
      "t3"."last_stop" + $current_within_days
    ) >= $as_of
  ) AS "on_now",
  (
    NOT (
      "t4"."palliative_day" IS NULL
    )
  )
  AND (
    NOT (
      (
        NOT (
          "t4"."palliative_ended" IS NULL
        )
      )
      AND (
        "t4"."palliative_ended" > "t4"."palliative_day"
      )
    )
  )
  AND (
    $end_of_life_leave_out = 1
  ) AS "left_out",
  CASE
    WHEN "t2"."born" IS NULL
    THEN (
      "t2"."stated_age" IS NULL
    ) OR (
      "t2"."stated_age" >= $adult_age
    )
    ELSE "t2"."born" <= $adult_born_by
  END
  AND (
    (
      "t2"."died" IS NULL
    ) OR (
      "t2"."died" > $as_of
    )
  )
  AND (
    (
      "t2"."registered_from" IS NULL
    ) OR (
      "t2"."registered_from" <= $as_of
    )
  )
  AND (
    (
      "t2"."registered_to" IS NULL
    ) OR (
      "t2"."registered_to" > $as_of
    )
  )
  AND (
    NOT (
      (
        NOT (
          "t4"."palliative_day" IS NULL
        )
      )
      AND (
        NOT (
          (
            NOT (
              "t4"."palliative_ended" IS NULL
            )
          )
          AND (
            "t4"."palliative_ended" > "t4"."palliative_day"
          )
        )
      )
      AND (
        $end_of_life_leave_out = 1
      )
    )
  )
  AND (
    "t3"."issues" > 0
  )
  AND (
    (
      "t3"."last_stop" + $current_within_days
    ) >= $as_of
  ) AS "open"
FROM "considered" AS "t3"
LEFT OUTER JOIN "people" AS "t2"
  ON "t3"."person" = "t2"."person"
LEFT OUTER JOIN "conditions" AS "t4"
  ON "t3"."person" = "t4"."person"
