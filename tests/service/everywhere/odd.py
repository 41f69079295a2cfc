"""What is sent instead of what was asked for (reliability, section 5)."""

from __future__ import annotations

SCRIPT = "<script>alert(1)</script>"
# Text that a person can have meant: kept exactly, or refused in words.
TEXTS = {
    "300 characters": "n" * 300,
    "direction turned round": "a\u202egnp.exe",
    "a joiner inside": "می\u200cخواهم \U0001f469\u200d\U0001f9bd",
    "combining letters": "Zoe\u0308 Sia\u0302n",
    "marks heaped up": "Z" + "\u0351\u036b\u0343\u0302" * 12 + "algo",
    "a formula": "=cmd|' /C calc'!A0",
    "SQL, a condition": "' OR 1=1--",
    "SQL, a statement": "Robert'); DROP TABLE patients_patient;--",
    "wildcards": "%_\\%s%(x)s",
    "a template": "{{1337*7331}}{% x %}${7*7}#{7*7}",
    "a script": SCRIPT,
    "out of an attribute": '"><script>alert(1)</script>',
    "out of a textarea": "</textarea></title><script>alert(1)</script>",
    "an address that runs": "javascript:alert(1)",
    "lines": "one\r\ntwo\rthree\u2028four",
    "a forged header": "x\r\nSet-Cookie: a=b",
    "None": "None",
    "null": "null",
    "an escape": "\x1b[31mred",
    "a bell and a delete": "\x07\x7f",
    "100 KB": "long " * 20_000,
    "only blanks": " \u00a0\u3000",
    "invisible": "\u200b\u2060\ufeff",
    "outside the plane": "\U0010fffd\U000e0041",
}
# What stands where a number, a day, a choice or a version is wanted.
VALUES = {
    "an exponent": "1e3",
    "minus one": "-1",
    "a huge number": str(10**30),
    "two to the 63": str(2**63),
    "not a number": "NaN",
    "infinity": "inf",
    "no leap year": "29/02/2023",
    "31 April": "31/04/2026",
    "31 April, by year": "2026-04-31",
    "year nought": "01/01/0000",
    "the last year": "31/12/9999",
    "the last year, by year": "9999-12-31",
    "a spreadsheet's day": "45123",
    "Arabic-Indic digits": "٤٥٠٥٥٧٧١٠٤",
    "full-width digits": "４５０５５７７１０４",
    "a raised two": "²",
    "zeros": "0000000000",
    "a uuid of nobody": "00000000-0000-4000-8000-000000000000",
    "a uuid in braces": "{00000000-0000-4000-8000-000000000000}",
    "nothing": "",
    "a list": "[1]",
    "true": "true",
}
# What no form can mean: not text at all, or more than a form.
REFUSED_AT_THE_DOOR = {
    "NUL": b"%00",
    "broken UTF-8": b"%C3%28",
    "half a surrogate pair": b"%ED%A0%80",
    "an overlong slash": b"%C0%AF",
}
