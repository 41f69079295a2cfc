-- listed_people: The words of the people shown: only for them are they fetched.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t0"."person_id" AS "person_id",
  "t0"."born" AS "born",
  "t0"."stated_age" AS "stated_age",
  COALESCE("t0"."sex", 'not known') AS "sex",
  COALESCE("t0"."practice", '') AS "practice"
FROM "people" AS "t0"
SEMI JOIN "shown" AS "t2"
  ON "t0"."person" = "t2"."person"
