from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0005_episode_over_reason"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="cover", name="cover_ends_after_it_starts"),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="cover_ends_after_it_starts"
            ),
        ),
    ]
