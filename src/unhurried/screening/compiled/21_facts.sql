-- facts: One row for each person shown, with everything the reasons speak of.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t0"."start" AS "start",
  "t0"."end" AS "end",
  "t0"."days" AS "days",
  "t0"."issues" AS "issues",
  "t0"."candidate" AS "candidate",
  "t0"."approaching" AS "approaching",
  "t5"."born" AS "born",
  "t5"."stated_age" AS "stated_age",
  "t5"."end_of_life" AS "end_of_life",
  "t5"."substitution_day" AS "substitution_day",
  "t5"."palliative_day" AS "palliative_day",
  "t5"."palliative_undated" AS "palliative_undated",
  "t5"."cancer_day" AS "cancer_day",
  "t5"."cancer_undated" AS "cancer_undated",
  "t6"."dose" AS "dose",
  "t6"."parts" AS "parts",
  "t6"."unknown" AS "unknown",
  "t6"."unconverted" AS "unconverted",
  "t6"."superseded" AS "superseded",
  "t6"."paracetamol_mg" AS "paracetamol_mg",
  "t6"."ome_min" AS "ome_min",
  "t6"."ome_max" AS "ome_max",
  "t6"."ome_as_at" AS "ome_as_at",
  COALESCE("t7"."trend", 0) AS "trend",
  "t7"."dose_before" AS "dose_before",
  "t7"."dose_after" AS "dose_after",
  "t8"."benzodiazepine" AS "benzodiazepine",
  "t8"."z_drug" AS "z_drug",
  "t8"."gabapentinoid" AS "gabapentinoid",
  COALESCE("t9"."early", 0) AS "early",
  "t9"."last_early_day" AS "last_early_day",
  COALESCE("t6"."ome_max", "t6"."ome_min", 0) AS "ome_known"
FROM "shown" AS "t0"
LEFT OUTER JOIN "eligible" AS "t5"
  ON "t0"."person" = "t5"."person"
LEFT OUTER JOIN "doses" AS "t6"
  ON "t0"."person" = "t6"."person"
LEFT OUTER JOIN "trends" AS "t7"
  ON "t0"."person" = "t7"."person"
LEFT OUTER JOIN "alongside" AS "t8"
  ON "t0"."person" = "t8"."person"
LEFT OUTER JOIN "early" AS "t9"
  ON "t0"."person" = "t9"."person"
