-- later: How many of the issues looked for are dated after the as-of date (they are not counted).
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  COUNT(*) AS "issues"
FROM "relevant" AS "t0"
WHERE
  "t0"."day" > $as_of
