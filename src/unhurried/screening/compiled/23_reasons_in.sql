-- reasons_in: Why each candidate is listed, and what to know about them.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t1"."person" AS "person",
  "t0"."code" AS "code",
  CASE
    WHEN "t0"."code" = 'meets_definition'
    THEN "t1"."days"
    WHEN "t0"."code" = 'higher_dose'
    THEN CASE
      WHEN "t1"."ome_known" >= $higher_from
      THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
      ELSE "t12"."threshold"
    END
    WHEN "t0"."code" = 'higher_dose_if_needed'
    THEN CASE
      WHEN "t1"."ome_known" >= $higher_from
      THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
      ELSE "t12"."threshold"
    END
    WHEN "t0"."code" = 'dose_noted'
    THEN CASE
      WHEN "t1"."ome_known" >= $higher_from
      THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
      ELSE "t12"."threshold"
    END
    WHEN "t0"."code" = 'dose_noted_if_needed'
    THEN CASE
      WHEN "t1"."ome_known" >= $higher_from
      THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
      ELSE "t12"."threshold"
    END
    WHEN "t0"."code" = 'with_benzodiazepine'
    THEN "t1"."benzodiazepine"
    WHEN "t0"."code" = 'with_z_drug'
    THEN "t1"."z_drug"
    WHEN "t0"."code" = 'with_gabapentinoid'
    THEN "t1"."gabapentinoid"
    WHEN "t0"."code" = 'rising'
    THEN "t1"."dose_before"
    WHEN "t0"."code" = 'early_requests'
    THEN "t1"."early"
    WHEN "t0"."code" = 'dose_not_known'
    THEN "t1"."unknown"
    WHEN "t0"."code" = 'dose_not_converted'
    THEN "t1"."unconverted"
    WHEN "t0"."code" = 'no_current_product'
    THEN CAST("t1"."end" AS BIGINT)
    WHEN "t0"."code" = 'falling'
    THEN "t1"."dose_before"
    WHEN "t0"."code" = 'older_supply_running'
    THEN "t1"."superseded"
    WHEN "t0"."code" = 'paracetamol_high'
    THEN "t1"."paracetamol_mg"
    WHEN "t0"."code" = 'substitution_too'
    THEN CAST("t1"."substitution_day" AS BIGINT)
    WHEN "t0"."code" = 'cancer_recent'
    THEN CAST("t1"."cancer_day" AS BIGINT)
    WHEN "t0"."code" = 'cancer_earlier'
    THEN CAST("t1"."cancer_day" AS BIGINT)
    WHEN "t0"."code" = 'end_of_life_noted'
    THEN CAST("t1"."palliative_day" AS BIGINT)
    WHEN "t0"."code" = 'age_stated'
    THEN CAST("t1"."stated_age" AS BIGINT)
    ELSE CAST(NULL AS BIGINT)
  END AS "first",
  CASE
    WHEN "t0"."code" = 'meets_definition'
    THEN CAST("t1"."start" AS BIGINT)
    WHEN "t0"."code" = 'higher_dose'
    THEN "t1"."ome_min"
    WHEN "t0"."code" = 'higher_dose_if_needed'
    THEN "t1"."ome_min"
    WHEN "t0"."code" = 'dose_noted'
    THEN "t1"."ome_min"
    WHEN "t0"."code" = 'dose_noted_if_needed'
    THEN "t1"."ome_min"
    WHEN "t0"."code" = 'rising'
    THEN "t1"."dose_after"
    WHEN "t0"."code" = 'early_requests'
    THEN CAST("t1"."last_early_day" AS BIGINT)
    WHEN "t0"."code" = 'falling'
    THEN "t1"."dose_after"
    ELSE CAST(NULL AS BIGINT)
  END AS "second",
  CASE
    WHEN "t0"."code" = 'meets_definition'
    THEN "t1"."issues"
    WHEN "t0"."code" = 'higher_dose'
    THEN "t1"."ome_max"
    WHEN "t0"."code" = 'higher_dose_if_needed'
    THEN "t1"."ome_max"
    WHEN "t0"."code" = 'dose_noted'
    THEN "t1"."ome_max"
    WHEN "t0"."code" = 'dose_noted_if_needed'
    THEN "t1"."ome_max"
    ELSE CAST(NULL AS BIGINT)
  END AS "third"
FROM "facts" AS "t1"
LEFT OUTER JOIN (
  SELECT
    "t1"."person" AS "person",
    MAX("t3"."ome") AS "threshold"
  FROM "facts" AS "t1"
  INNER JOIN "thresholds" AS "t3"
    ON "t1"."ome_known" >= "t3"."ome"
  WHERE
    "t1"."candidate"
  GROUP BY
    "t1"."person"
) AS "t12"
  ON "t1"."person" = "t12"."person"
JOIN "rules" AS "t0"
  ON "t0"."code" IN (
    'meets_definition',
    'higher_dose',
    'higher_dose_if_needed',
    'dose_noted',
    'dose_noted_if_needed',
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
    WHEN "t0"."code" = 'meets_definition'
    THEN "t1"."candidate"
    WHEN "t0"."code" = 'higher_dose'
    THEN (
      "t1"."ome_known" >= $higher_from
    )
    AND (
      "t1"."ome_min" >= CASE
        WHEN "t1"."ome_known" >= $higher_from
        THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
        ELSE "t12"."threshold"
      END
    )
    WHEN "t0"."code" = 'higher_dose_if_needed'
    THEN (
      "t1"."ome_known" >= $higher_from
    )
    AND (
      "t1"."ome_min" < CASE
        WHEN "t1"."ome_known" >= $higher_from
        THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
        ELSE "t12"."threshold"
      END
    )
    WHEN "t0"."code" = 'dose_noted'
    THEN (
      "t1"."ome_known" >= $lowest_threshold
    )
    AND (
      "t1"."ome_known" < $higher_from
    )
    AND (
      "t1"."ome_min" >= CASE
        WHEN "t1"."ome_known" >= $higher_from
        THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
        ELSE "t12"."threshold"
      END
    )
    WHEN "t0"."code" = 'dose_noted_if_needed'
    THEN (
      "t1"."ome_known" >= $lowest_threshold
    )
    AND (
      "t1"."ome_known" < $higher_from
    )
    AND (
      "t1"."ome_min" < CASE
        WHEN "t1"."ome_known" >= $higher_from
        THEN GREATEST(COALESCE("t12"."threshold", $higher_from), $higher_from)
        ELSE "t12"."threshold"
      END
    )
    WHEN "t0"."code" = 'with_benzodiazepine'
    THEN NOT (
      "t1"."benzodiazepine" IS NULL
    )
    WHEN "t0"."code" = 'with_z_drug'
    THEN NOT (
      "t1"."z_drug" IS NULL
    )
    WHEN "t0"."code" = 'with_gabapentinoid'
    THEN NOT (
      "t1"."gabapentinoid" IS NULL
    )
    WHEN "t0"."code" = 'rising'
    THEN "t1"."trend" = 2
    WHEN "t0"."code" = 'early_requests'
    THEN "t1"."early" >= $early_at_least
    WHEN "t0"."code" = 'dose_not_known'
    THEN "t1"."unknown" > 0
    WHEN "t0"."code" = 'dose_not_converted'
    THEN "t1"."unconverted" > 0
    WHEN "t0"."code" = 'no_current_product'
    THEN "t1"."parts" = 0
    WHEN "t0"."code" = 'falling'
    THEN "t1"."trend" = 3
    WHEN "t0"."code" = 'older_supply_running'
    THEN "t1"."superseded" > 0
    WHEN "t0"."code" = 'paracetamol_high'
    THEN "t1"."paracetamol_mg" > $paracetamol_more_than_mg
    WHEN "t0"."code" = 'substitution_too'
    THEN NOT (
      "t1"."substitution_day" IS NULL
    )
    WHEN "t0"."code" = 'cancer_recent'
    THEN "t1"."cancer_day" >= $cancer_recent_from
    WHEN "t0"."code" = 'cancer_earlier'
    THEN "t1"."cancer_day" < $cancer_recent_from
    WHEN "t0"."code" = 'cancer_undated'
    THEN (
      "t1"."cancer_day" IS NULL
    ) AND (
      "t1"."cancer_undated" > 0
    )
    WHEN "t0"."code" = 'end_of_life_noted'
    THEN "t1"."end_of_life"
    WHEN "t0"."code" = 'end_of_life_undated'
    THEN "t1"."palliative_undated" > 0
    WHEN "t0"."code" = 'age_stated'
    THEN (
      "t1"."born" IS NULL
    ) AND (
      NOT (
        "t1"."stated_age" IS NULL
      )
    )
    WHEN "t0"."code" = 'age_not_known'
    THEN (
      "t1"."born" IS NULL
    ) AND (
      "t1"."stated_age" IS NULL
    )
    ELSE FALSE
  END
  AND "t1"."candidate"
