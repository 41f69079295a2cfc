-- reasons: Every reason of everyone considered: nobody is without one.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t19"."person" AS "person",
  "t19"."code" AS "code",
  "t19"."first" AS "first",
  "t19"."second" AS "second",
  "t19"."third" AS "third"
FROM (
  SELECT
    "t1"."person" AS "person",
    "t3"."code" AS "code",
    CASE
      WHEN "t3"."code" = 'substitution_only'
      THEN CAST("t1"."substitution_day" AS BIGINT)
      WHEN "t3"."code" = 'not_adult'
      THEN CAST("t1"."born" AS BIGINT)
      WHEN "t3"."code" = 'died'
      THEN CAST("t1"."died" AS BIGINT)
      WHEN "t3"."code" = 'not_registered'
      THEN CAST("t1"."registered_from" AS BIGINT)
      WHEN "t3"."code" = 'end_of_life'
      THEN CAST("t1"."palliative_day" AS BIGINT)
      WHEN "t3"."code" = 'not_now'
      THEN CAST("t1"."last_stop" AS BIGINT)
      ELSE CAST(NULL AS BIGINT)
    END AS "first",
    CASE
      WHEN "t3"."code" = 'not_registered'
      THEN CAST("t1"."registered_to" AS BIGINT)
      ELSE CAST(NULL AS BIGINT)
    END AS "second",
    CAST(NULL AS BIGINT) AS "third"
  FROM "eligible" AS "t1"
  JOIN "rules" AS "t3"
    ON "t3"."code" IN (
      'substitution_only',
      'not_adult',
      'died',
      'not_registered',
      'end_of_life',
      'not_now'
    )
  WHERE
    CASE
      WHEN "t3"."code" = 'substitution_only'
      THEN NOT (
        "t1"."on_opioid"
      )
      WHEN "t3"."code" = 'not_adult'
      THEN NOT (
        "t1"."adult"
      )
      WHEN "t3"."code" = 'died'
      THEN NOT (
        "t1"."alive"
      )
      WHEN "t3"."code" = 'not_registered'
      THEN NOT (
        "t1"."registered"
      )
      WHEN "t3"."code" = 'end_of_life'
      THEN "t1"."left_out"
      WHEN "t3"."code" = 'not_now'
      THEN "t1"."on_opioid" AND (
        NOT (
          "t1"."on_now"
        )
      )
      ELSE FALSE
    END
    AND (
      NOT (
        "t1"."open"
      )
    )
  UNION ALL
  SELECT
    "t2"."person" AS "person",
    "t3"."code" AS "code",
    CASE
      WHEN "t3"."code" = 'episode_short'
      THEN "t2"."days"
      WHEN "t3"."code" = 'few_issues'
      THEN "t2"."issues"
      ELSE CAST(NULL AS BIGINT)
    END AS "first",
    CASE
      WHEN "t3"."code" = 'episode_short'
      THEN CAST("t2"."start" AS BIGINT)
      WHEN "t3"."code" = 'few_issues'
      THEN CAST("t2"."start" AS BIGINT)
      ELSE CAST(NULL AS BIGINT)
    END AS "second",
    CAST(NULL AS BIGINT) AS "third"
  FROM "exposed" AS "t2"
  JOIN "rules" AS "t3"
    ON "t3"."code" IN ('episode_short', 'few_issues')
  WHERE
    CASE
      WHEN "t3"."code" = 'episode_short'
      THEN NOT (
        "t2"."long_enough"
      )
      WHEN "t3"."code" = 'few_issues'
      THEN NOT (
        "t2"."issues_enough"
      )
      ELSE FALSE
    END
    AND (
      NOT (
        "t2"."candidate"
      )
    )
) AS "t19"
UNION ALL
SELECT
  "t14"."person" AS "person",
  "t14"."code" AS "code",
  "t14"."first" AS "first",
  "t14"."second" AS "second",
  "t14"."third" AS "third"
FROM (
  SELECT
    "t0"."person" AS "person",
    "t0"."code" AS "code",
    "t0"."first" AS "first",
    "t0"."second" AS "second",
    "t0"."third" AS "third"
  FROM "reasons_in" AS "t0"
  UNION ALL
  SELECT
    "t4"."person" AS "person",
    'no_further_reason' AS "code",
    CAST(NULL AS BIGINT) AS "first",
    CAST(NULL AS BIGINT) AS "second",
    CAST(NULL AS BIGINT) AS "third"
  FROM (
    SELECT
      "t0"."person" AS "person",
      COUNT(*) AS "rows"
    FROM "reasons_in" AS "t0"
    GROUP BY
      "t0"."person"
  ) AS "t4"
  WHERE
    "t4"."rows" = 1
) AS "t14"
