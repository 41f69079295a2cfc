-- doses: The sum of the parts for each person, and how far it is known.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t0"."person" AS "person",
  CASE
    WHEN (
      COALESCE("t5"."unknown", 0) > 0
    ) OR (
      COALESCE("t5"."parts", 0) = 0
    )
    THEN 2
    WHEN COALESCE("t5"."unconverted", 0) > 0
    THEN 1
    ELSE 0
  END AS "dose",
  CAST(COALESCE("t5"."parts", 0) AS BIGINT) AS "parts",
  CAST(COALESCE("t5"."unknown", 0) AS BIGINT) AS "unknown",
  CAST(COALESCE("t5"."unconverted", 0) AS BIGINT) AS "unconverted",
  CAST(COALESCE("t5"."superseded", 0) AS BIGINT) AS "superseded",
  CAST(COALESCE("t5"."paracetamol_mg", 0) AS BIGINT) AS "paracetamol_mg",
  CAST(CASE
    WHEN COALESCE("t5"."converted", 0) > 0
    THEN COALESCE("t5"."least", 0)
    ELSE CAST(NULL AS BIGINT)
  END AS BIGINT) AS "ome_min",
  CAST(CASE
    WHEN (
      COALESCE("t5"."converted", 0) > 0
    )
    AND (
      CASE
        WHEN (
          COALESCE("t5"."unknown", 0) > 0
        ) OR (
          COALESCE("t5"."parts", 0) = 0
        )
        THEN 2
        WHEN COALESCE("t5"."unconverted", 0) > 0
        THEN 1
        ELSE 0
      END <> 2
    )
    THEN COALESCE("t5"."most", 0)
    ELSE CAST(NULL AS BIGINT)
  END AS BIGINT) AS "ome_max",
  CAST(CASE
    WHEN COALESCE("t5"."in_hand", 0) > 0
    THEN $as_of
    ELSE LEAST("t0"."end", $as_of)
  END AS INT) AS "ome_as_at"
FROM "shown" AS "t0"
LEFT OUTER JOIN (
  SELECT
    "t1"."person" AS "person",
    SUM(CAST("t1"."kind" = 1 AS INT)) AS "parts",
    SUM(CAST((
      "t1"."kind" = 1
    ) AND (
      "t1"."dose" = 2
    ) AS INT)) AS "unknown",
    SUM(CAST((
      "t1"."kind" = 1
    ) AND (
      "t1"."dose" = 1
    ) AS INT)) AS "unconverted",
    SUM(CAST((
      "t1"."kind" = 1
    ) AND "t1"."superseded" AS INT)) AS "superseded",
    SUM(CAST((
      "t1"."kind" = 1
    ) AND "t1"."in_hand" AS INT)) AS "in_hand",
    SUM(CAST((
      "t1"."kind" = 1
    ) AND (
      "t1"."dose" = 0
    ) AS INT)) AS "converted",
    SUM("t1"."ome_min") FILTER(WHERE
      (
        "t1"."kind" = 1
      )
      AND (
        "t1"."dose" = 0
      )
      AND (
        NOT (
          "t1"."superseded"
        )
      )) AS "least",
    SUM("t1"."ome_max") FILTER(WHERE
      (
        "t1"."kind" = 1
      ) AND (
        "t1"."dose" = 0
      )) AS "most",
    SUM("t1"."paracetamol_mg") FILTER(WHERE
      NOT (
        "t1"."superseded"
      )) AS "paracetamol_mg"
  FROM "parts" AS "t1"
  GROUP BY
    "t1"."person"
) AS "t5"
  ON "t0"."person" = "t5"."person"
