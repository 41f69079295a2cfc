"""Which column of an extract holds what: shown, corrected, and turned into a column map (ID-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import KINDS, ColumnMap, FileKind, KindMap, Order
from unhurried.records.csv.columns import guess, in_words, missing_roles, roles
from unhurried.records.csv.read import recognise
from unhurried.records.preview import FilePreview, preview
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import storing
from unhurried.service.identification.finding import column_map_from
from unhurried.service.identification.tables import role_words

KIND_WORDS: dict[FileKind, str] = {
    "patients": "People: one row for each person",
    "issues": "Prescriptions: one row for each issue",
    "problems": "Problems: one row for each coded problem",
}
SAMPLES = 3
LONGEST_SAMPLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One thing a file can hold: where it was found, and what stands there."""

    field: str
    words: str
    heading: str
    samples: tuple[str, ...]
    needed: bool

    @property
    def shown(self) -> bool:
        """Worth looking at first: found, or needed."""
        return bool(self.heading) or self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The files of one kind with the same headings."""

    number: int
    kind: FileKind | None
    names: tuple[str, ...]
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    not_used: tuple[str, ...]
    recognised: bool
    editable: bool
    order_to_tell: bool
    order: str

    @property
    def title(self) -> str:
        """What its rows are."""
        return KIND_WORDS[self.kind] if self.kind else "Not recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What would be read, for the person who confirms or corrects it."""

    groups: tuple[Group, ...]
    warnings: tuple[str, ...]


def look(extract: UUID, toml: str, typed: Mapping[str, str] | None = None) -> Look:
    """Look at an extract with the map confirmed before, or with what was just chosen."""
    source = storing.records_of(extract)
    try:
        told = column_map_from(toml, storing.folder_of(extract))
        seen = preview(source, told)
        if told is not None and any(each.kind and each.problem for each in seen.files):
            seen = preview(source)  # last month's map does not fit: start from the headings
    except UnusableInput as error:
        return Look(groups=(), warnings=(for_the_page(str(error)),))
    groups = _groups(seen.files, typed or {})
    return Look(groups=groups, warnings=tuple(for_the_page(each) for each in seen.problems))


def _groups(files: tuple[FilePreview, ...], typed: Mapping[str, str]) -> tuple[Group, ...]:
    """The files, those of one kind and with the same headings together."""
    together: dict[tuple[FileKind | None, tuple[str, ...]], list[FilePreview]] = {}
    for each in files:
        if each.headings:
            together.setdefault((each.kind, each.headings), []).append(each)
    chosen = [
        (_kind(typed, number, key[0]), key[1], same)
        for number, (key, same) in enumerate(together.items())
    ]
    kinds = [kind for kind, _, _ in chosen]
    groups = [
        _group(number, kind, same, typed, editable=kind is None or kinds.count(kind) == 1)
        for number, (kind, _, same) in enumerate(chosen)
    ]
    order = {kind: place for place, kind in enumerate(("patients", "issues", "problems"))}
    return tuple(sorted(groups, key=lambda each: order.get(each.kind or "", 9)))


def _kind(typed: Mapping[str, str], number: int, found: FileKind | None) -> FileKind | None:
    name = typed.get(f"kind-{number}", "")
    return next((kind for kind in KINDS if kind == name), None) if found is None else found


def _group(
    number: int,
    kind: FileKind | None,
    same: list[FilePreview],
    typed: Mapping[str, str],
    *,
    editable: bool,
) -> Group:
    first = same[0]
    recognised = first.kind is not None
    columns = dict(first.columns if recognised or kind is None else guess(first.headings, kind)[0])
    if kind is not None and editable:
        for role in roles(kind):
            name = f"{kind}.{role}"
            if typed.get(name, columns.get(role, "")) in ("", *first.headings):
                columns[role] = typed.get(name, columns.get(role, ""))
    columns = {role: heading for role, heading in columns.items() if heading}
    return Group(
        number=number,
        kind=kind,
        names=tuple(each.name for each in same),
        headings=first.headings,
        columns=_columns(kind, columns, first),
        not_used=tuple(name for name in first.headings if name not in columns.values()),
        recognised=recognised,
        editable=editable,
        order_to_tell=any(each.date_order_to_tell for each in same),
        order=typed.get(f"{kind}.date_order", ""),
    )


def _columns(
    kind: FileKind | None, columns: Mapping[str, str], file: FilePreview
) -> tuple[Column, ...]:
    if kind is None:
        return ()
    missing = missing_roles(kind, columns)
    rows = [
        Column(
            field=f"{kind}.{role}",
            words=role_words().get(role, role.replace("_", " ")),
            heading=columns.get(role, ""),
            samples=_samples(file, role, columns.get(role, "")),
            needed=role in missing,
        )
        for role in roles(kind)
    ]
    return tuple(sorted(rows, key=lambda each: (not each.needed, not each.heading)))


def _samples(file: FilePreview, role: str, heading: str) -> tuple[str, ...]:
    """A few values, of columns that were recognised; other columns are never shown."""
    if not heading or file.columns.get(role) != heading:
        return ()
    values = dict.fromkeys(row.get(role, "").strip() for row in file.rows)
    return tuple(value[:LONGEST_SAMPLE] for value in values if value)[:SAMPLES]


def confirmed(extract: UUID, toml: str, typed: Mapping[str, str]) -> str:
    """The column map as chosen, as TOML. Raises Refused when the records cannot be read so."""
    seen = look(extract, toml, typed)
    if not seen.groups:
        raise Refused(seen.warnings[0] if seen.warnings else "There are no files to read.")
    kinds: dict[FileKind, KindMap] = {}
    for group in seen.groups:
        if group.kind is not None and not group.editable and not group.recognised:
            raise Refused(
                f"{group.names[0]} cannot be read beside files of the same kind with other"
                " headings: leave it out, or give it the same headings."
            )
        if group.kind is None or not group.editable:
            continue
        for column in group.columns:
            if column.needed:
                what = in_words(column.field.split(".", 1)[1])
                raise Refused(f"Choose the column of {group.names[0]} that holds {what}.")
        columns = {c.field.split(".", 1)[1]: c.heading for c in group.columns if c.heading}
        _check_once(columns)
        kinds[group.kind] = KindMap(columns, _order(group.order))
    chosen = ColumnMap(kinds)
    try:
        recognise(storing.records_of(extract), chosen)
    except UnusableInput as error:
        raise Refused(for_the_page(str(error))) from error
    return chosen.to_toml()


def _order(text: str) -> Order | None:
    return "day-first" if text == "day-first" else "month-first" if text == "month-first" else None


def _check_once(columns: Mapping[str, str]) -> None:
    for heading in set(columns.values()):
        users = [role_words().get(r, r) for r, h in columns.items() if h == heading]
        exclusive = {"issue_date", "product", "directions", "quantity", "date_of_birth"}
        if len(users) > 1 and exclusive & {r for r, h in columns.items() if h == heading}:
            raise Refused(
                f"The column “{heading[:60]}” was chosen for {' and for '.join(users)}: choose it"
                " once."
            )


def for_the_page(sentence: str) -> str:
    """The readers speak to the command line; on the page columns are chosen, not saved."""
    return (
        sentence.replace("save a column map that names the right one", "choose the right one")
        .replace("save a column map, or leave it", "say what its rows are, or leave it out")
        .replace(
            "save a column map that names the patient, date and medicine columns",
            "say below what its rows are",
        )
        .replace("as the column map says", "as was confirmed before")
    )
