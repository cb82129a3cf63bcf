from django.db import migrations

SQLITE = [
    f"""CREATE TRIGGER reports_event_no_{verb.lower()} BEFORE {verb} ON reports_event
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
# REPLACE takes the old row away without asking the trigger of deletion.
SQLITE.append(
    """CREATE TRIGGER reports_event_no_replace BEFORE INSERT ON reports_event
    WHEN EXISTS (SELECT 1 FROM reports_event WHERE id = NEW.id
                 OR (report_id = NEW.report_id AND seq = NEW.seq))
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"""
)
POSTGRESQL = [
    """CREATE FUNCTION reports_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER reports_event_no_change BEFORE UPDATE OR DELETE ON reports_event
    FOR EACH ROW EXECUTE FUNCTION reports_event_refuse()""",
    """CREATE TRIGGER reports_event_no_truncate BEFORE TRUNCATE ON reports_event
    FOR EACH STATEMENT EXECUTE FUNCTION reports_event_refuse()""",
]
UNDO = {
    "sqlite": [
        "DROP TRIGGER reports_event_no_update",
        "DROP TRIGGER reports_event_no_delete",
        "DROP TRIGGER reports_event_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER reports_event_no_truncate ON reports_event",
        "DROP TRIGGER reports_event_no_change ON reports_event",
        "DROP FUNCTION reports_event_refuse()",
    ],
}


def protect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE if vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unprotect(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Events can be written and read, never changed: the database itself refuses."""

    dependencies = [("reports", "0004_workflow")]

    operations = [migrations.RunPython(protect, unprotect)]
