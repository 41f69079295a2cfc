"""The phrases of the direction writer: templates by shape, and what fills their slots."""

NUMBER_WORDS = {
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    12: "twelve",
}

UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    "tablet": (("tablet", "tablets"), ("tab", "tabs"), ("tablet(s)", "tablet(s)")),
    "capsule": (("capsule", "capsules"), ("cap", "caps"), ("capsule(s)", "capsule(s)")),
    "ml": (("ml", "ml"), ("ml", "mls"), ("mL", "mL")),
    "patch": (("patch", "patches"),),
}

DOSE_JOINS = ("-", " - ", " to ", " or ")

# Times a day as Latin prescribers abbreviate it.
SHORT: dict[int, tuple[str, ...]] = {
    1: ("od", "o.d."),
    2: ("bd", "b.d.", "bid"),
    3: ("tds", "t.d.s.", "tid"),
    4: ("qds", "q.d.s.", "qid"),
}
ONCE = (
    "daily",
    "once a day",
    "once daily",
    "each day",
    "every day",
    "every night",
    "every morning",
    "at night",
    "nocte",
    "mane",
    "in the morning",
    "at bedtime",
    "every 24 hours",
)
TIMES = ("{n} times a day", "{n} times daily", "{n} times per day", "{n} times each day")
HOURLY = ("every {n} hours", "every {n} hrs", "{n} hourly", "{n}-hourly")
HOUR_RANGES = ((4, 6), (6, 8), (8, 12))

# Times a day, and the words.
RARE_INTERVALS: tuple[tuple[str, str], ...] = (
    ("1/2", "on alternate days"),
    ("1/2", "every other day"),
    ("1/2", "every 2 days"),
    ("1/2", "every 48 hours"),
    ("1/3", "every 3 days"),
    ("1/7", "once a week"),
    ("1/7", "weekly"),
    ("1/7", "once weekly"),
    ("1/7", "every week"),
    ("2/7", "twice a week"),
)
PATCH_INTERVALS: tuple[tuple[str, str], ...] = (
    ("1/3", "every 72 hours"),
    ("1/3", "every 72hrs"),
    ("1/3", "every three days"),
    ("1/3", "every 3 days"),
    ("1/3", "every third day"),
    ("1/4", "every 96 hours"),
    ("1/4", "every 4 days"),
    ("1/7", "every 7 days"),
    ("1/7", "every seven days"),
    ("1/7", "once a week"),
    ("1/7", "weekly"),
    ("1/7", "every week"),
    ("2/7", "twice a week"),
    ("2/7", "twice weekly"),
)

PRN = (
    "prn",
    "p.r.n.",
    "when required",
    "as required",
    "if required",
    "when needed",
    "as needed",
    "if needed",
    "if necessary",
    "when necessary",
    "only when required",
)
LIMITS = (
    "max {n} in 24 hours",
    "max {n} in 24hrs",
    "max {n}/24h",
    "max. {n} in 24 hours",
    "max {n} a day",
    "max {n} per day",
    "max {n} daily",
    "maximum {n} in 24 hours",
    "maximum of {n} in 24 hours",
    "maximum of {n} per day",
    "no more than {n} in 24 hours",
    "not more than {n} in 24 hours",
    "up to a maximum of {n} in 24 hours",
    "up to a maximum of {n} a day",
    "do not exceed {n} in 24 hours",
)

MORNING = ("in the morning", "mane", "each morning", "every morning", "at breakfast")
NOON = ("at lunchtime", "at midday", "at noon", "at lunch")
AFTERNOON = ("at teatime", "in the afternoon")
EVENING = ("at night", "nocte", "at bedtime", "every night", "in the evening")

ORNAMENTS = (
    "",
    "",
    "",
    "",
    " with food",
    " with or after food",
    " after food",
    " for pain",
    " for pain relief",
    " - for pain",
    " with water",
    " as directed",
)

TEMPLATES: dict[str, tuple[str, ...]] = {
    # a dose and how often
    "regular": (
        "{d} {f}",
        "take {d} {f}",
        "{d} to be taken {f}",
        "{d}, {f}",
        "{d} - {f}",
        "take {d} orally {f}",
        "take {d} by mouth {f}",
        "swallow {d} {f}",
        "please take {d} {f}",
        "{d} regularly {f}",
        "{d} by mouth {f}",
        "{d} should be taken {f}",
        "to take {d} {f}",
    ),
    # run together: 2qds
    "short": ("{n}{s}", "{n} {s}", "take {n} {s}", "{n}, {s}", "{n} {s} regularly"),
    # as required, with a frequency
    "prn": (
        "{d} {f} {p}",
        "take {d} {f} {p}",
        "{d} to be taken {f} {p}",
        "{d} {p} {f}",
        "take {d} {p} {f}",
        "{d} {f}, {p}",
        "take {d} {f} for pain {p}",
        "take {d} {p} for pain {f}",
        "{d} {f} ({p})",
        "{d} by mouth {f} {p}",
        "{p}, take {d} {f}",
    ),
    "short_prn": ("{n}{s} {p}", "{n} {s} {p}", "take {n} {s} {p}", "{n} {s} ({p})"),
    # with a stated maximum
    "capped": (
        "{d} {f} {m}",
        "take {d} {f} {m}",
        "{d} {f}, {m}",
        "take {d} {f}. {m}",
        "take {d} {f} ({m})",
        "{d} to be taken {f} - {m}",
    ),
    "capped_prn": (
        "{d} {f} {p} {m}",
        "take {d} {f} {p} {m}",
        "{d} {f} {p}, {m}",
        "take {d} {p} {f} {m}",
        "take {d} {f} {p}. {m}",
        "{d} {f} {p} ({m})",
    ),
    # no frequency, only a maximum
    "prn_with_maximum": (
        "{d} {p} {m}",
        "take {d} {p} {m}",
        "{d} {p}, {m}",
        "take {d} {p}. {m}",
        "{d} to be taken {p} ({m})",
    ),
    "up_to": (
        "{d} up to {f}",
        "take {d} up to {f}",
        "{d} to be taken up to {f}",
        "{d} {p} up to {f}",
        "take {d} up to {f} {p}",
    ),
    # doses at times of day
    "clock": (
        "{a} {am} and {b} {pm}",
        "take {a} {am} and {b} {pm}",
        "{a} {am}, {b} {pm}",
        "{a} {am} {b} {pm}",
        "{a} to be taken {am} and {b} {pm}",
        "take {a} {am} and take {b} {pm}",
        "{a} {am}, {b} {noon} and {c} {pm}",
        "take {a} {am}, {b} {noon}, {c} {pm}",
        "{a} {am}, {b} {tea} and {c} {pm}",
    ),
    # less often than daily
    "rare": ("{d} {f}", "take {d} {f}", "{d} to be taken {f}"),
    "patch": (
        "apply {d} {f}",
        "{d} to be applied {f}",
        "{d} {f}",
        "apply {d} to the skin {f}",
        "apply {d} and change {f}",
        "use {d} {f}",
        "apply {d}, change {f}",
        "apply {n} {f}",
        "{n} to be applied {f}",
        "{d} applied {f}",
    ),
}
