-- reasons_in: Why each candidate is listed, and what to know about them.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t1"."code" AS "code",
  CASE
    WHEN "t1"."code" = 'meets_definition'
    THEN "t0"."days"
    WHEN "t1"."code" = 'higher_dose'
    THEN "t12"."threshold"
    WHEN "t1"."code" = 'dose_noted'
    THEN "t12"."threshold"
    WHEN "t1"."code" = 'with_benzodiazepine'
    THEN "t0"."benzodiazepine"
    WHEN "t1"."code" = 'with_z_drug'
    THEN "t0"."z_drug"
    WHEN "t1"."code" = 'with_gabapentinoid'
    THEN "t0"."gabapentinoid"
    WHEN "t1"."code" = 'rising'
    THEN "t0"."dose_before"
    WHEN "t1"."code" = 'early_requests'
    THEN "t0"."early"
    WHEN "t1"."code" = 'dose_not_known'
    THEN "t0"."unknown"
    WHEN "t1"."code" = 'dose_not_converted'
    THEN "t0"."unconverted"
    WHEN "t1"."code" = 'no_current_product'
    THEN CAST("t0"."end" AS BIGINT)
    WHEN "t1"."code" = 'falling'
    THEN "t0"."dose_before"
    WHEN "t1"."code" = 'older_supply_running'
    THEN "t0"."superseded"
    WHEN "t1"."code" = 'paracetamol_high'
    THEN "t0"."paracetamol_mg"
    WHEN "t1"."code" = 'substitution_too'
    THEN CAST("t0"."substitution_day" AS BIGINT)
    WHEN "t1"."code" = 'cancer_recent'
    THEN CAST("t0"."cancer_day" AS BIGINT)
    WHEN "t1"."code" = 'cancer_earlier'
    THEN CAST("t0"."cancer_day" AS BIGINT)
    WHEN "t1"."code" = 'end_of_life_noted'
    THEN CAST("t0"."palliative_day" AS BIGINT)
    WHEN "t1"."code" = 'age_stated'
    THEN CAST("t0"."stated_age" AS BIGINT)
    ELSE CAST(NULL AS BIGINT)
  END AS "first",
  CASE
    WHEN "t1"."code" = 'meets_definition'
    THEN CAST("t0"."start" AS BIGINT)
    WHEN "t1"."code" = 'higher_dose'
    THEN "t0"."ome_min"
    WHEN "t1"."code" = 'dose_noted'
    THEN "t0"."ome_min"
    WHEN "t1"."code" = 'rising'
    THEN "t0"."dose_after"
    WHEN "t1"."code" = 'early_requests'
    THEN CAST("t0"."last_early_day" AS BIGINT)
    WHEN "t1"."code" = 'falling'
    THEN "t0"."dose_after"
    ELSE CAST(NULL AS BIGINT)
  END AS "second",
  CASE
    WHEN "t1"."code" = 'meets_definition'
    THEN "t0"."issues"
    WHEN "t1"."code" = 'higher_dose'
    THEN "t0"."ome_max"
    WHEN "t1"."code" = 'dose_noted'
    THEN "t0"."ome_max"
    ELSE CAST(NULL AS BIGINT)
  END AS "third"
FROM "facts" AS "t0"
LEFT OUTER JOIN (
  SELECT
    "t0"."person" AS "person",
    MAX("t3"."ome") AS "threshold"
  FROM "facts" AS "t0"
  INNER JOIN "thresholds" AS "t3"
    ON "t0"."ome_known" >= "t3"."ome"
  WHERE
    "t0"."candidate"
  GROUP BY
    "t0"."person"
) AS "t12"
  ON "t0"."person" = "t12"."person"
JOIN "rules" AS "t1"
  ON "t1"."code" IN (
    'meets_definition',
    'higher_dose',
    'dose_noted',
    'with_benzodiazepine',
    'with_z_drug',
    'with_gabapentinoid',
    'rising',
    'early_requests',
    'dose_not_known',
    'dose_not_converted',
    'no_current_product',
    'falling',
    'older_supply_running',
    'paracetamol_high',
    'substitution_too',
    'cancer_recent',
    'cancer_earlier',
    'cancer_undated',
    'end_of_life_noted',
    'end_of_life_undated',
    'age_stated',
    'age_not_known'
  )
WHERE
  CASE
    WHEN "t1"."code" = 'meets_definition'
    THEN "t0"."candidate"
    WHEN "t1"."code" = 'higher_dose'
    THEN "t0"."ome_known" >= $higher_from
    WHEN "t1"."code" = 'dose_noted'
    THEN (
      "t0"."ome_known" >= $lowest_threshold
    )
    AND (
      "t0"."ome_known" < $higher_from
    )
    WHEN "t1"."code" = 'with_benzodiazepine'
    THEN NOT (
      "t0"."benzodiazepine" IS NULL
    )
    WHEN "t1"."code" = 'with_z_drug'
    THEN NOT (
      "t0"."z_drug" IS NULL
    )
    WHEN "t1"."code" = 'with_gabapentinoid'
    THEN NOT (
      "t0"."gabapentinoid" IS NULL
    )
    WHEN "t1"."code" = 'rising'
    THEN "t0"."trend" = 2
    WHEN "t1"."code" = 'early_requests'
    THEN "t0"."early" >= $early_at_least
    WHEN "t1"."code" = 'dose_not_known'
    THEN "t0"."unknown" > 0
    WHEN "t1"."code" = 'dose_not_converted'
    THEN "t0"."unconverted" > 0
    WHEN "t1"."code" = 'no_current_product'
    THEN "t0"."parts" = 0
    WHEN "t1"."code" = 'falling'
    THEN "t0"."trend" = 3
    WHEN "t1"."code" = 'older_supply_running'
    THEN "t0"."superseded" > 0
    WHEN "t1"."code" = 'paracetamol_high'
    THEN "t0"."paracetamol_mg" > $paracetamol_more_than_mg
    WHEN "t1"."code" = 'substitution_too'
    THEN NOT (
      "t0"."substitution_day" IS NULL
    )
    WHEN "t1"."code" = 'cancer_recent'
    THEN "t0"."cancer_day" >= $cancer_recent_from
    WHEN "t1"."code" = 'cancer_earlier'
    THEN "t0"."cancer_day" < $cancer_recent_from
    WHEN "t1"."code" = 'cancer_undated'
    THEN (
      "t0"."cancer_day" IS NULL
    ) AND (
      "t0"."cancer_undated" > 0
    )
    WHEN "t1"."code" = 'end_of_life_noted'
    THEN "t0"."end_of_life"
    WHEN "t1"."code" = 'end_of_life_undated'
    THEN (
      "t0"."palliative_day" IS NULL
    ) AND (
      "t0"."palliative_undated" > 0
    )
    WHEN "t1"."code" = 'age_stated'
    THEN (
      "t0"."born" IS NULL
    ) AND (
      NOT (
        "t0"."stated_age" IS NULL
      )
    )
    WHEN "t1"."code" = 'age_not_known'
    THEN (
      "t0"."born" IS NULL
    ) AND (
      "t0"."stated_age" IS NULL
    )
    ELSE FALSE
  END
  AND "t0"."candidate"
