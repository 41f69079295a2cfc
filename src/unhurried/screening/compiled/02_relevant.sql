-- relevant: The same issues with the number of their (medicine, directions) pair, as a store has them.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t2"."person" AS "person",
  "t2"."day" AS "day",
  "t1"."pair" AS "pair",
  "t2"."quantity_thousandths" AS "quantity_thousandths",
  "t2"."days_supply" AS "days_supply"
FROM "found" AS "t2"
INNER JOIN "pairs" AS "t1"
  ON (
    "t2"."medicine" = "t1"."medicine"
  )
  AND (
    "t2"."directions" = "t1"."directions"
  )
