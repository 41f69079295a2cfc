-- shown: Candidates, and those nearing the criteria: from here on only they are looked at.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  "t0"."start" AS "start",
  "t0"."end" AS "end",
  "t0"."issues" AS "issues",
  "t0"."days" AS "days",
  "t0"."long_enough" AS "long_enough",
  "t0"."issues_enough" AS "issues_enough",
  "t0"."nearing" AS "nearing",
  "t0"."candidate" AS "candidate",
  "t0"."approaching" AS "approaching"
FROM "exposed" AS "t0"
WHERE
  "t0"."candidate" OR "t0"."approaching"
