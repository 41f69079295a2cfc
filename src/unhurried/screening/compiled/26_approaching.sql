-- approaching: People nearing the criteria: a list of its own, unranked (ID-8).
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t1"."person_id" AS "person_id",
  "t0"."born" AS "born",
  "t0"."stated_age" AS "stated_age",
  "t1"."sex" AS "sex",
  "t1"."practice" AS "practice",
  "t0"."start" AS "start",
  "t0"."end" AS "end",
  "t0"."days" AS "days",
  "t0"."issues" AS "issues",
  "t0"."ome_min" AS "ome_min",
  "t0"."ome_max" AS "ome_max",
  "t0"."dose" AS "dose",
  "t0"."ome_as_at" AS "ome_as_at"
FROM "facts" AS "t0"
INNER JOIN "listed_people" AS "t1"
  ON "t0"."person" = "t1"."person"
WHERE
  "t0"."approaching"
