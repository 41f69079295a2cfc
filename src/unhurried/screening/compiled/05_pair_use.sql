-- pair_use: How many counted issues stand on each pair (for the summary).
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."pair" AS "pair",
  COUNT(*) AS "issues"
FROM "supply" AS "t0"
GROUP BY
  "t0"."pair"
