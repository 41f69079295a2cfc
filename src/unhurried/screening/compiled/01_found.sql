-- found: Issues of the medicines looked for, as written: of opioids all, of others the recent ones.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t2"."person" AS "person",
  "t2"."day" AS "day",
  "t2"."medicine" AS "medicine",
  "t2"."quantity_thousandths" AS "quantity_thousandths",
  "t2"."days_supply" AS "days_supply",
  COALESCE("t2"."directions", '') AS "directions"
FROM "issues" AS "t2"
INNER JOIN "looked_for" AS "t3"
  ON "t2"."medicine" = "t3"."medicine"
WHERE
  "t3"."whole_history" OR (
    "t2"."day" >= $recent_from
  )
