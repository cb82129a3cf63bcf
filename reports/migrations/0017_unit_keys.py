from django.db import migrations

from reports.text.names import fold, unit_sort_key


def recompute(apps, schema_editor):
    """Units stored before look-alike letters and dashes were folded are found and sorted like the others."""
    Unit = apps.get_model("reports", "Unit")
    for unit in Unit.objects.only("kind", "name", "folded", "sort_key").iterator():
        keys = fold(f"{unit.kind} {unit.name}"), unit_sort_key(unit.name)
        if keys != (unit.folded, unit.sort_key):
            Unit.objects.filter(pk=unit.pk).update(folded=keys[0], sort_key=keys[1])


class Migration(migrations.Migration):
    dependencies = [("reports", "0016_release_document")]
    operations = [migrations.RunPython(recompute, migrations.RunPython.noop)]
