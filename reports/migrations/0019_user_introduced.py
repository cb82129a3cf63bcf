from django.db import migrations, models


def was_here(apps, schema_editor):
    """Whoever has logged in before this field came is at no first visit."""
    users = apps.get_model("reports", "User").objects.exclude(last_login=None)
    users.update(introduced_at=models.F("last_login"))


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0018_signed_copy_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='introduced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='đã xem phần giới thiệu lúc'),
        ),
        migrations.RunPython(was_here, migrations.RunPython.noop),
    ]
