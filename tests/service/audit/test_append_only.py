"""The trail cannot be changed by the program, whatever it tries."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from unhurried.service.audit import triggers
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import saw

BY = system_actor("test")
COPY = "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE seq = {seq}"
ON_SQLITE = {
    "replace": "REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = {seq}",
    "upsert": COPY + " AND true ON CONFLICT (seq) DO UPDATE SET note = 'x'",
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE audit_entry",
    "truncate cascade": "TRUNCATE audit_entry CASCADE",
    "upsert": COPY + " ON CONFLICT (seq) DO UPDATE SET note = 'x'",
}
EVERYWHERE = {
    "update": "UPDATE audit_entry SET note = 'x' WHERE seq = {seq}",
    "update the key": "UPDATE audit_entry SET seq = seq + 100",
    "delete": "DELETE FROM audit_entry WHERE seq = {seq}",
    "delete all": "DELETE FROM audit_entry",
}


def attempts() -> dict[str, str]:
    more = ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE
    return EVERYWHERE | more


@pytest.fixture
def rows(db: None) -> list[Entry]:
    for number in range(3):
        saw("identity", by=BY, patient_id=number)
    return list(Entry.objects.all())


def test_no_statement_changes_or_removes_a_row(rows: list[Entry]) -> None:
    for name, statement in attempts().items():
        with (
            pytest.raises(DatabaseError, match=r"never changed|follow"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(seq=rows[1].seq))
        assert Entry.objects.filter(note="").count() == 3, name
    assert list(Entry.objects.values_list("hash", flat=True)) == [row.hash for row in rows]


def test_replace_is_refused_on_a_connection_without_our_settings(rows: list[Entry]) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            with pytest.raises(DatabaseError, match=r"never changed|follow"):
                cursor.execute(ON_SQLITE["replace"].format(seq=rows[1].seq))
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


def test_the_models_own_ways_are_refused_too(rows: list[Entry]) -> None:
    def save(entry: Model) -> None:
        entry.save()

    ways: list[Any] = [
        lambda: save(rows[0]),
        rows[0].delete,
        lambda: Entry.objects.update(note="x"),
        lambda: Entry.objects.filter(seq=rows[0].seq).delete(),
        lambda: Entry.objects.bulk_update([rows[0]], ["note"]),
    ]
    for way in ways:
        with pytest.raises(DatabaseError), transaction.atomic():
            way()
    assert Entry.objects.count() == 3


def test_a_row_that_does_not_follow_the_last_is_refused(rows: list[Entry]) -> None:
    stray = rows[0]
    stray.pk = None
    stray._state.adding = True
    with pytest.raises(DatabaseError, match="must follow"), transaction.atomic():
        stray.save(force_insert=True)


def test_the_check_names_missing_triggers_and_migrating_makes_them_again(db: None) -> None:
    def found() -> list[str]:
        errors = run_checks(databases=["default"], tags=["database"])
        return [str(each.msg) for each in errors if each.id == "audit.E001"]

    assert not found()
    triggers.remove(connection)
    (sentence,) = found()
    assert all(name in sentence for name in triggers.NAMES[connection.vendor])
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert not found()


@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_transactions_can_write_to_the_trail() -> None:
    saw("identity", by=BY)
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_and_the_next_one_finds_it_empty_and_guarded() -> None:
    assert Entry.objects.count() == 0
    assert not triggers.missing(connection)
