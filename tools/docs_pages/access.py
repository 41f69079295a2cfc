"""The page on access: which role may do what with which kind of record, from the one table."""

from __future__ import annotations

from pathlib import Path

from docs_pages.common import MADE, rows, table

DOES = {"r": "read", "c": "add", "u": "change", "s": "sign or decide", "x": "answer for"}
REACHES = {
    "own": "their own only",
    "relationship": "people they work with",
    "organisation": "people in their organisation's care",
    "metadata": "counts, states and dates only; opens nobody's record",
    "break_glass": "one record for an hour, with a typed reason",
}
# Words a reader would not guess from the name of the object.
CALLED = {
    "candidate": "somebody the records suggest for the service",
    "extract": "a practice's records, handed in to be looked through",
    "yield": "counts of who was found, asked and joined",
    "outbox": "letters and messages on their way",
    "case": "a person's timeline",
    "who_looked": "who has looked at one's record",
    "audit": "the audit trail",
    "break_glass": "opening a record outside one's relationship",
    "restriction": "who may not see a person's record, on their wish",
    "practice_move": "that a person moved to another practice",
    "second_step": "a lost second step of signing in, taken away",
    "own_account": "one's own account",
    "own_access": "whether the person has an account",
    "carer_access": "whether a carer has an account",
    "members": "people who work here, and their roles",
    "safe_contact": "how it is safe to reach a person",
    "identity": "who a person is and where they live",
    "diary": "project workers' hours",
}


def page(root: Path) -> str:
    """The reference page on access."""
    data = root / "src/unhurried/service/accounts"
    roles, cells = rows(data / "roles.csv"), rows(data / "access_matrix.csv")
    parts = [
        MADE,
        "# Who may do what",
        "Made from `accounts/access_matrix.csv` and `accounts/roles.csv`: the service itself asks these tables before"
        " every page, and the tests go through every page with every role. What is not listed is refused, with the same"
        ' answer as for something that does not exist ("not found"), so that nobody learns from a refusal.',
        "## How to read it\n\n"
        "A role is held in one organisation for a time; it ends with the next click. What a role may do reaches as far"
        " as the last column says:\n",
        table(("reach", "whose records"), REACHES.items()),
        "“People they work with” is the project worker a person has, whoever stands in for them today, and for 30 days"
        " after the ending, to read only, the one who worked with them. “In their organisation's care” is the practice"
        " where a person is registered now, and the provider of an open episode while it has an agreement with that"
        " practice. A carer sees what the person shares with them, thing by thing, until the day agreed.",
        "Two things go before all of this. A person can ask that a named member of staff does not see their record;"
        " that holds from the next click. And in an emergency a role that may can open one record for an hour, to read,"
        " never restricted notes: they type the reason first, the person sees that it was opened, and a privacy officer"
        " reviews it.",
        "## The roles\n",
        table(
            ("role", "held at", "signs in with two steps"),
            [
                (each["name"], each["organisation_kind"] or "any", each["two_factors"])
                for each in roles
            ],
        ),
        "## By role",
        *(_of_role(each, cells) for each in roles),
        "## By kind of record\n",
        table(
            ("what", "who may read", "who may change, add, sign or decide"),
            [
                _of_object(name, roles, cells)
                for name in dict.fromkeys(row["object"] for row in cells)
            ],
        ),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _of_role(role: dict[str, str], cells: list[dict[str, str]]) -> str:
    mine = [row for row in cells if row["role"] == role["code"]]
    body = [
        (_called(row["object"]), _does(row["actions"]), REACHES[row["scope"]], row["note"])
        for row in mine
    ]
    return f"### {role['name']}\n\n" + table(("what", "may", "whose", "note"), body)


def _of_object(
    name: str, roles: list[dict[str, str]], cells: list[dict[str, str]]
) -> tuple[str, str, str]:
    named = {each["code"]: each["name"] for each in roles}
    rows_of = [row for row in cells if row["object"] == name]
    read = [_with_reach(named, row) for row in rows_of if "r" in row["actions"]]
    write = [_with_reach(named, row) for row in rows_of if set(row["actions"]) - {"r"}]
    return _called(name), "; ".join(read) or "nobody", "; ".join(write) or "nobody"


def _with_reach(named: dict[str, str], row: dict[str, str]) -> str:
    return f"{named[row['role']]} ({row['scope'].replace('_', '-')})"


def _called(name: str) -> str:
    plain = name.replace("_", " ")
    return f"{plain}: {CALLED[name]}" if name in CALLED else plain


def _does(actions: str) -> str:
    return ", ".join(words for letter, words in DOES.items() if letter in actions)
