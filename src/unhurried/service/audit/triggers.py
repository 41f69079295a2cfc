"""Triggers that keep the trail append-only: no row changed, removed, replaced or slipped in.

They stop accidents and the program itself. Whoever owns the database can remove them; the chain
and the checkpoints kept elsewhere are for that. SQLite rebuilds a table when a later migration
alters it and drops its triggers, so they are made again after each migrate.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from unhurried.service.audit.chain import FIRST

TABLE = "audit_entry"
NAMES = {
    "sqlite": ("audit_no_update", "audit_no_delete", "audit_no_replace", "audit_in_order"),
    "postgresql": ("audit_no_change", "audit_no_truncate", "audit_in_order"),
}
REFUSAL = "rows of the audit trail are never changed or removed"
ORDER = "a row of the audit trail must follow the last one"

_SQLITE = f"""
CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON {TABLE}
  BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END;
CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON {TABLE}
  BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END;
CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON {TABLE}
  WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE seq = NEW.seq OR once_key = NEW.once_key)
  BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END;
CREATE TRIGGER IF NOT EXISTS audit_in_order BEFORE INSERT ON {TABLE}
  WHEN NEW.previous_hash <> COALESCE(
    (SELECT hash FROM {TABLE} ORDER BY seq DESC LIMIT 1), '{FIRST}')
  BEGIN SELECT RAISE(ABORT, '{ORDER}'); END;
"""

_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
  $body$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END
  $body$;
CREATE OR REPLACE FUNCTION audit_follows() RETURNS trigger LANGUAGE plpgsql AS
  $body$ BEGIN
    IF NEW.previous_hash IS DISTINCT FROM COALESCE(
      (SELECT hash FROM {TABLE} ORDER BY seq DESC LIMIT 1), '{FIRST}') THEN
      RAISE EXCEPTION '{ORDER}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END $body$;
CREATE OR REPLACE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_in_order BEFORE INSERT ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION audit_follows();
ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER audit_no_change;
ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER audit_no_truncate;
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers, where they are missing."""
    text = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(text)
            return
        for statement in text.replace("END;", "END;;").split(";;"):
            if statement.strip():
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for tests that empty the tables after themselves, and for nothing else."""
    with connection.cursor() as cursor:
        for name in NAMES[connection.vendor]:
            on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that are not there, or not switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) "
                "AND tgenabled <> 'D' AND NOT tgisinternal",
                [TABLE],
            )
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
            )
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in there]


def after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Make the triggers again when migrations have run (`post_migrate`)."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)
