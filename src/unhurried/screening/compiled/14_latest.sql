-- latest: The latest issue of each medicine: opioids in the current episode, and paracetamol.
-- Compiled from unhurried.screening.definition by tools/compile_screening.py: change it there.
SELECT
  "t15"."person" AS "person",
  "t15"."kind" AS "kind",
  "t15"."pair" AS "pair",
  "t15"."medicine" AS "medicine",
  "t15"."line" AS "line",
  "t15"."day" AS "day",
  "t15"."stop" AS "stop",
  "t15"."line_day" AS "line_day"
FROM (
  SELECT
    "t11"."person" AS "person",
    "t11"."kind" AS "kind",
    "t11"."pair" AS "pair",
    CAST(FLOOR((
      "t11"."key"
    ) / (
      10000
    )) AS BIGINT) AS "day",
    CAST(FLOOR((
      "t11"."key"
    ) / (
      10000
    )) AS BIGINT) + (
      "t11"."key" - (
        CAST(FLOOR((
          "t11"."key"
        ) / (
          10000
        )) AS BIGINT) * 10000
      )
    ) AS "stop",
    "t0"."medicine" AS "medicine",
    "t0"."line" AS "line",
    MAX(CAST(FLOOR((
      "t11"."key"
    ) / (
      10000
    )) AS BIGINT)) OVER (
      PARTITION BY "t11"."person", "t0"."medicine"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "medicine_day",
    MAX(CAST(FLOOR((
      "t11"."key"
    ) / (
      10000
    )) AS BIGINT)) OVER (
      PARTITION BY "t11"."person", "t0"."line"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "line_day"
  FROM (
    SELECT
      "t1"."person" AS "person",
      "t1"."kind" AS "kind",
      "t1"."pair" AS "pair",
      MAX((
        CAST("t1"."day" AS BIGINT) * 10000
      ) + (
        "t1"."stop" - "t1"."day"
      )) AS "key"
    FROM "supply" AS "t1"
    INNER JOIN "shown" AS "t2"
      ON "t1"."person" = "t2"."person"
    WHERE
      (
        (
          "t1"."kind" = 6
        ) OR (
          "t1"."day" >= "t2"."start"
        )
      )
      AND (
        (
          (
            "t1"."kind" = 1
          ) OR (
            "t1"."kind" = 6
          )
        )
        AND (
          "t1"."day" >= $recent_from
        )
      )
    GROUP BY
      "t1"."person",
      "t1"."kind",
      "t1"."pair"
  ) AS "t11"
  INNER JOIN "pairs" AS "t0"
    ON "t11"."pair" = "t0"."pair"
) AS "t15"
WHERE
  "t15"."day" = "t15"."medicine_day"
