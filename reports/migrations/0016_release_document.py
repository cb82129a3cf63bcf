from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0015_official_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='document',
            field=models.BinaryField(default=b''),
        ),
    ]
