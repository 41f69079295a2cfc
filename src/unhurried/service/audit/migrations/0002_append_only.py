"""An index for "who looked", and the triggers that keep the trail append-only."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from unhurried.service.audit import triggers


def install(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.install(schema_editor.connection)


def remove(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AlterField("entry", "patient_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "entry", models.Index(fields=["patient_id", "seq"], name="audit_by_patient")
        ),
        migrations.RunPython(install, remove),
    ]
