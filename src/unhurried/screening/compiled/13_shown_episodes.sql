-- shown_episodes: The dated episodes of the people shown.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t2"."person" AS "person",
  "t2"."number" AS "number",
  "t2"."start" AS "start",
  "t2"."end" AS "end",
  "t2"."issues" AS "issues",
  "t2"."current" AS "current"
FROM "episodes" AS "t2"
SEMI JOIN "shown" AS "t3"
  ON "t2"."person" = "t3"."person"
